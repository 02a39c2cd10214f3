# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a balancer's twelve machines, a name that is inside or both from the start."""
import people

SECONDS = 100
CAPTURE = "capture.pcap.gz"
NAME_SERVER = "203.0.113.120"
PAGE_SERVER = "203.0.113.130"
BALANCED = "api.cloud-desk.example"
DIRECT = "192-168-10-20.direct.files-at-home.example"
PORTAL = "portal.both-sides.example"
MOVED = "www.moved-once.example"
ADDRESSES = [NAME_SERVER, PAGE_SERVER] + [f"{240 + n % 8}.{n}.0.9" for n in range(12)]
DNS = [f"server=/{zone}/{NAME_SERVER}" for zone in
       ("cloud-desk.example", "files-at-home.example", "both-sides.example", "moved-once.example")]


def works(office, host):
    office.until(20)
    while not office.rest(4):
        office.run(host, "curl", "-sS", "-q", "-4", "-m", "10", "-o", "/dev/null",
                   f"http://{BALANCED}:8080/")


def opens_files(office, host):
    office.until(30)
    for _ in range(10):
        for name in (DIRECT, PORTAL):
            office.run(host, "curl", "-sS", "-q", "-4", "-m", "10", "-o", "/dev/null",
                       f"http://{name}:8081/")
        # The entry is corrected in between; nobody goes there afterwards.
        office.run(host, "dig", "+tries=1", "+time=3", "+noall", MOVED)
        if office.rest(3):
            return


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.program("internet", "names_server", NAME_SERVER, 2, f"{BALANCED}=pool:12:8",
                   f"{DIRECT}=both:192.168.10.20", f"{PORTAL}=both:192.168.10.20:{PAGE_SERVER}",
                   f"{MOVED}=turn:{PAGE_SERVER}:192.168.10.20:3")
    folder = office.folder / "pages"
    for where, port in (("internet", 8080), ("internet", 8081), ("nas", 8081)):
        office.start(where, "python3", "-m", "http.server", "--directory", str(folder), str(port))
    office.spawn(people.browse, "cleo", 15)
    office.spawn(works, "anna")
    office.spawn(opens_files, "ben")
    office.until(SECONDS)
