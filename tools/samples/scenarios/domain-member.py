# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a member of a domain calls its controller; a program goes to a share for all."""
import people

SECONDS = 60
CAPTURE = "capture.pcap"
PROGRAM = (b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(20) +
           b"an installer that does nothing" * 40)


def logs_in(office, host, server):
    office.program("nas", "calls_server", server, 49664)
    office.until(25)
    for interface, *operations in (("netlogon", 4, 26, 21, 29), ("lsarpc", 76, 44),
                                   ("drsuapi", 0, 12, 1), ("svcctl", 15, 16, 6)):
        office.once(host, "calls", server, 49664, interface, *operations)
    program = office.folder / "setup.exe"
    program.write_bytes(PROGRAM)
    office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%",
               "-c", f"put {program} setup.exe", f"//{server}/public", expect=(0, 1))


def play(office):
    people.arrive(office, ("nas", "anna", "ben"), gap_seconds=1)
    office.spawn(people.browse, "ben", 15)
    office.spawn(logs_in, "anna", "192.168.10.20")
    office.until(SECONDS)
