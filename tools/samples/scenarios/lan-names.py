# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a file server answers for its name, and hosts look for the gateway."""
import people
from network import GATEWAY

SECONDS = 75
CAPTURE = "capture.pcap"


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.program("nas", "deceive", 55, "192.168.10.20")
    for host in ("anna", "ben"):
        office.program(host, "announce", "llmnr-ask", "nas", 8, 6)
    while office.now() < SECONDS - 15:
        for host in ("ben", "cleo"):
            office.run(host, "arping", "-c", "2", "-w", "3", "-I", "eth0", GATEWAY, expect=(0, 1))
        office.rest(4)
    office.until(SECONDS)
