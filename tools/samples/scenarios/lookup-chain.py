# SPDX-License-Identifier: Apache-2.0
"""The file server asks one host's directory, and fetches a Java class from it: a lookup was smuggled in."""
import intruders
import people

SECONDS = 45
CAPTURE = "capture.pcap"


def play(office):
    people.arrive(office, ("nas", "anna", "ben"), gap_seconds=1)
    office.spawn(people.browse, "ben", 15)
    office.spawn(intruders.lookup_chain, "nas", "anna", "192.168.10.101", 20)
    office.until(SECONDS)
