# SPDX-License-Identifier: Apache-2.0
"""One host exchanges a few bytes with a bare address, port 4444, every 12 s, give or take 5 %."""
import intruders
import people

SECONDS = 530
CAPTURE = "capture.pcap.zst"
HOME = "203.0.113.213"
ADDRESSES = [HOME]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=120)
    office.spawn(intruders.beacon_raw, "cleo", HOME, 4444, 12, 0.05, 480)
    office.until(SECONDS)
