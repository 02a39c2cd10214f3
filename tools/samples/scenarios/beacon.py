# SPDX-License-Identifier: Apache-2.0
"""One host calls an HTTPS server every 20 s, give or take 20 %, while the office works."""
import intruders
import people

SECONDS = 780
CAPTURE = "capture.pcap"
HOME = "q7x2k9-sync.nordwind.example"
SITES = {HOME: ("198.51.100.201", "")}


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=80)
    office.spawn(intruders.beacon, "ben", HOME, 20, 0.2, 35, 720)
    office.until(SECONDS)
