# SPDX-License-Identifier: Apache-2.0
"""Regular and harmless: two hosts ask one update server every 60 s, chat and keep the time."""
import people

SECONDS = 780
CAPTURE = "capture.pcap"


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=120)
    for host in ("anna", "ben"):
        office.spawn(people.poll, host, "https://updates.osvendor.example/check", 60, 1)
    office.until(SECONDS)
