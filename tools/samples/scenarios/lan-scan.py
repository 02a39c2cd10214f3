# SPDX-License-Identifier: Apache-2.0
"""One host looks who is on the network, and tries a few ports of each, while the others work."""
import intruders
import people

SECONDS = 110
CAPTURE = "capture.pcap.gz"


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=25)
    office.spawn(intruders.scan_lan, "anna", 50)
    office.until(SECONDS)
