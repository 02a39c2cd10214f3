# SPDX-License-Identifier: Apache-2.0
"""One host copies a program onto another's administrators' share, and starts a service of it there."""
import intruders
import people

SECONDS = 60
CAPTURE = "capture.pcap"


def play(office):
    people.arrive(office, ("nas", "anna", "ben"), gap_seconds=1)
    office.spawn(people.browse, "ben", 15)
    office.spawn(intruders.start_service, "anna", "192.168.10.20", 25)
    office.until(SECONDS)
