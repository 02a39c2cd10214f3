# SPDX-License-Identifier: Apache-2.0
"""A program's server hides behind ever other machines; a page's own name turns to the file server."""
import people

SECONDS = 100
CAPTURE = "capture.pcap.gz"
NAME_SERVER = "203.0.113.120"
PAGE_SERVER = "203.0.113.130"
FLUX = "update.drifting-sand.example"
PAGE = "prizes.swing-door.example"
ADDRESSES = [NAME_SERVER, PAGE_SERVER] + [f"{240 + n % 8}.{n}.0.9" for n in range(60)]
DNS = [f"server=/drifting-sand.example/{NAME_SERVER}", f"server=/swing-door.example/{NAME_SERVER}"]


def calls_home(office, host):
    office.until(20)
    while not office.rest(5):
        office.run(host, "curl", "-sS", "-q", "-4", "-m", "10", "-o", "/dev/null",
                   f"http://{FLUX}:8080/")


def reads_page(office, host):
    office.until(30)
    for _ in range(12):
        office.run(host, "curl", "-sS", "-q", "-4", "-m", "10", "-o", "/dev/null",
                   f"http://{PAGE}:8081/")
        if office.rest(3):
            return


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.program("internet", "names_server", NAME_SERVER, 2, f"{FLUX}=fresh:4",
                   f"{PAGE}=turn:{PAGE_SERVER}:192.168.10.20:3")
    folder = office.folder / "pages"
    for where, port in (("internet", 8080), ("internet", 8081), ("nas", 8081)):
        office.start(where, "python3", "-m", "http.server", "--directory", str(folder), str(port))
    office.spawn(people.browse, "cleo", 15)
    office.spawn(calls_home, "anna")
    office.spawn(reads_page, "ben")
    office.until(SECONDS)
