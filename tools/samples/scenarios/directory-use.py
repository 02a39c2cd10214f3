# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a host asks a directory, and a program loads its parts from another host."""
import people

SECONDS = 45
CAPTURE = "capture.pcap"


def works(office, host):
    folder = office.folder / "parts"
    folder.mkdir()
    (folder / "part.jar").write_bytes(b"PK\x03\x04\x0a\0\0\0\0\0" + bytes(500))
    (folder / "list.json").write_text('{"parts": ["part.jar"]}')
    office.program("nas", "directory", "192.168.10.20", 389, "serve")
    office.start("anna", "python3", "-m", "http.server", "--bind", "192.168.10.101", "--directory",
                 str(folder), "8000")
    office.until(20)
    office.once(host, "directory", "192.168.10.20", 389)
    for part in ("list.json", "part.jar"):
        office.run(host, "curl", "-sS", "-q", "-A", "Java/17.0.2", "-o", "/dev/null",
                   f"http://192.168.10.101:8000/{part}")


def play(office):
    people.arrive(office, ("nas", "anna", "ben"), gap_seconds=1)
    office.spawn(works, "ben")
    office.until(SECONDS)
