# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: backup, monitoring and a check of links, each on its round."""
import people
import services
from network import HOSTS, WORKSHOP_PREFIX

SECONDS = 130
CAPTURE = "capture.pcap.gz"
LINKS = [f"203.0.113.{n}" for n in range(130, 206)]
ADDRESSES = LINKS[:72]
MACHINES = range(11, 25)


def play(office):
    office.build_workshop(MACHINES)
    people.arrive(office, gap_seconds=1)
    for host in ("anna", "ben", "cleo", "printer", "workshop"):
        services.open_ssh(office, host)
    office.start("internet", "python3", "-m", "http.server", "8080")
    office.spawn(people.browse, "dana", 25)
    office.spawn(people.back_up, "nas", [HOSTS[name].address for name in ("anna", "ben", "cleo", "printer")] +
                 [WORKSHOP_PREFIX + "11"], (20, 95))
    office.spawn(people.look_into, "cleo", HOSTS["nas"].address, 60)
    # Two of them are switched off.
    office.spawn(people.monitor, "ben", [f"{WORKSHOP_PREFIX}{n}" for n in (*MACHINES, 30, 31)], 22, 40)
    office.spawn(people.check_links, "anna", LINKS, 8080, 30)
    office.until(SECONDS)
