# SPDX-License-Identifier: Apache-2.0
"""One host makes itself the name server by IPv6, and answers for everybody by multicast DNS."""
import people
from network import HOSTS, LAN_V6

SECONDS = 80
CAPTURE = "capture.pcap.gz"
ROUTER = LAN_V6 + "1"


def asks_names(office, host):
    office.until(30)
    for name in ("wpad.local", "filesrv.local", "printsrv.local"):
        office.program(host, "announce", "mdns-ask-host", name, 5, 3)
        office.rest(4)


def asks_settings(office, host):
    """As PCs do when an advertisement says so."""
    lease = office.folder / f"lease6-{host}"
    while not office.rest(12):
        office.run(host, "timeout", "-s", "INT", "4", "dhclient", "-6", "-S", "-1", "-d", "-v", "-sf",
                   "/bin/true", "-lf", str(lease), "-pf", f"{lease}.pid", "eth0",
                   expect=(0, 1, 2, 124, 130))


def looks_for_router(office, host):
    while not office.rest(4):
        office.run(host, "ip", "-6", "neigh", "flush", "dev", "eth0", expect=(0, 1))
        office.run(host, "ping", "-6", "-c", "1", "-W", "1", ROUTER, expect=(0, 1))


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.spawn(asks_names, "anna")
    office.spawn(asks_settings, "anna")
    office.spawn(asks_settings, "ben")
    office.spawn(looks_for_router, "ben")
    office.until(20)
    office.program("cleo", "deceive6", 55, HOSTS["cleo"].address, ROUTER)
    office.until(SECONDS)
