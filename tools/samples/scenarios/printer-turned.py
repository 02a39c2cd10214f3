# SPDX-License-Identifier: Apache-2.0
"""The printer, in somebody's hands, looks into three machines by SSH."""
import people
import services
from network import HOSTS

SECONDS = 80
CAPTURE = "capture.pcap.gz"


def looks_into(office, host):
    office.until(45)
    for target in ("nas", "anna", "ben"):
        # Nobody is let in.
        people.ssh_to(office, host, HOSTS[target].address)
        if office.rest(4):
            return


def play(office):
    people.arrive(office, ("nas", "printer", "anna", "ben", "cleo"), gap_seconds=1)
    for host in ("anna", "ben"):
        services.open_ssh(office, host)
    office.spawn(people.browse, "cleo", 20)
    office.spawn(people.print_pages, "ben", 15)
    office.spawn(looks_into, "printer")
    office.until(SECONDS)
