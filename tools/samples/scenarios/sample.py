# SPDX-License-Identifier: Apache-2.0
"""An office in which three devices are taken over: a beacon, a DNS tunnel, then a scan."""
import intruders
import people

SECONDS = 680
CAPTURE = "capture.pcapng"
HOME = "c1-relay.harbour-mist.example"
SITES = {HOME: ("198.51.100.214", "")}
ZONE = "d.still-water.example"
ADDRESSES = [intruders.TUNNEL_SERVER]
DNS = [intruders.tunnel_dns(ZONE)]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=90)
    office.spawn(people.copy_files, "cleo", 200)
    office.spawn(people.print_pages, "anna", 250)
    office.spawn(intruders.beacon, "ben", HOME, 20, 0.2, 40, SECONDS - 70)
    office.spawn(intruders.tunnel, "anna", ZONE, "NULL", 300, 12000)
    office.spawn(intruders.scan_lan, "cleo", 560)
    office.until(SECONDS)
