# SPDX-License-Identifier: Apache-2.0
"""Harmless and like a scan: a driver tries six addresses, another asks for a NAS that is off."""
import people

SECONDS = 130
CAPTURE = "capture.pcap"
NAS_THAT_IS_OFF = "192.168.10.21"


def ask_for_dead_nas(office, host):
    office.until(45)
    for _ in range(30):
        # Nobody answers, which arping calls a failure.
        office.run(host, "arping", "-q", "-c", "1", "-w", "1", "-I", "eth0", NAS_THAT_IS_OFF,
                   expect=(1,))
        if office.rest(1):
            return


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=30)
    office.program("cleo", "announce", "mdns-ask", "_ipp._tcp.local", 5, 15)
    office.program("cleo", "announce", "mdns-ask", "_pdl-datastream._tcp.local", 8, 10)
    office.spawn(people.look_for_printer, "cleo", 40)
    office.spawn(ask_for_dead_nas, "ben")
    office.until(SECONDS)
