# SPDX-License-Identifier: Apache-2.0
"""One host sends a file out in DNS questions (iodine), through the office's own resolver."""
import intruders
import people

SECONDS = 140
CAPTURE = "capture.pcap"
ZONE = "t.quiet-lake.example"
ADDRESSES = [intruders.TUNNEL_SERVER]
DNS = [intruders.tunnel_dns(ZONE)]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=30)
    office.spawn(intruders.tunnel, "anna", ZONE, "TXT", 33, 14000)
    office.until(SECONDS)
