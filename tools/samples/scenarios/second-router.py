# SPDX-License-Identifier: Apache-2.0
"""One host answers who asks for an address, beside the office's router, and says that it is the way out."""
import intruders
import people
from network import HOSTS

SECONDS = 70
CAPTURE = "capture.pcap.gz"


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    office.spawn(people.browse, "anna", 12)
    office.spawn(intruders.give_leases, "cleo", HOSTS["cleo"].address, 25)
    office.spawn(people.ask_leases, "ben", 35, 10)
    office.until(SECONDS)
