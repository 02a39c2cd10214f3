# SPDX-License-Identifier: Apache-2.0
"""One host fetches a program as a picture, and posts to a server that hides behind decoys."""
import intruders
import people

SECONDS = 120
CAPTURE = "capture.pcap.zst"
HOME = "203.0.113.213"
ADDRESSES = [HOME]
DECOYS = [f"www.{word}.example" for word in ("bakery", "florist", "lawyers", "joinery", "pottery")]
SITES = {name: (f"198.51.100.{230 + i}", "") for i, name in enumerate(DECOYS)}


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=60)
    office.spawn(intruders.odd_web, "cleo", HOME, DECOYS)
    office.until(SECONDS)
