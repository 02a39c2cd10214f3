# SPDX-License-Identifier: Apache-2.0
"""One host answers for everybody's names, and says that it is the gateway and another host."""
import intruders
import people
from network import GATEWAY, GATEWAY_MAC, HOSTS

SECONDS = 75
CAPTURE = "capture.pcap"


def asks(office, host):
    office.until(30)
    for name in ("wpad", "filesrv", "printsrv", "intranet"):
        office.program(host, "announce", "llmnr-ask", name, 5, 3)
        office.rest(4)


def keeps_asking(office, host):
    """Whoever looks for the gateway anew is answered by two."""
    while not office.rest(4):
        office.run(host, "arping", "-c", "2", "-w", "3", "-I", "eth0", GATEWAY, expect=(0, 1))


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.spawn(asks, "anna")
    office.spawn(keeps_asking, "ben")
    office.spawn(intruders.deceive, "cleo", HOSTS["cleo"].address,
                 [f"{GATEWAY}={HOSTS['ben'].mac}", f"{HOSTS['ben'].address}={GATEWAY_MAC}"],
                 20, 45)
    office.until(SECONDS)
