# SPDX-License-Identifier: Apache-2.0
"""A box is logged in to by telnet from outside, and soon tries the telnet of everybody else."""
import intruders
import people
from network import HOSTS, WORKSHOP_PREFIX

SECONDS = 110
CAPTURE = "capture.pcap.gz"
ADDRESSES = ["203.0.113.66", "203.0.113.140", "203.0.113.171"]


def play(office):
    office.build_workshop((17, 20, 21))
    people.arrive(office, ("nas", "anna", "ben"), gap_seconds=1)
    office.program("workshop", "telnet_box", WORKSHOP_PREFIX + "20", 23, "another")
    office.program("internet", "telnet_box", "203.0.113.140", 23, "another")
    office.spawn(people.browse, "anna", 20)
    office.spawn(people.copy_files, "ben", 25)
    office.spawn(intruders.pass_on, "nas", HOSTS["nas"].address, 25)
    office.until(SECONDS)
