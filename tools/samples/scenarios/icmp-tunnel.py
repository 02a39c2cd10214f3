# SPDX-License-Identifier: Apache-2.0
"""One host's data leaves in pings to a bare address (ptunnel)."""
import intruders
import people

SECONDS = 150
CAPTURE = "capture.pcap.zst"
HOME = "203.0.113.167"
ADDRESSES = [HOME]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=120)
    office.spawn(intruders.tunnel_pings, "cleo", HOME, 20, 10)
    office.until(SECONDS)
