# SPDX-License-Identifier: Apache-2.0
"""One host tries a thousand ports of the file server, while the others work."""
import intruders
import people

SECONDS = 90
CAPTURE = "capture.pcap"


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=25)
    office.spawn(intruders.scan_ports, "ben", "192.168.10.20", 50)
    office.until(SECONDS)
