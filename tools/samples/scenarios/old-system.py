# SPDX-License-Identifier: Apache-2.0
"""Two hosts look for withdrawn certificates on four days: one as Windows 7 does, one as 11."""
import people

SECONDS = 100
CAPTURE = "capture.pcap.gz"
# After each of these seconds a night passes: the packets behind it are a day later.
NIGHTS = (32, 54, 76)
SYSTEMS = {"anna": "Microsoft-CryptoAPI/6.1", "ben": "Microsoft-CryptoAPI/10.0"}


def look_up(office, host, agent):
    # The stacks of both systems begin with this TTL.
    office.run(host, "sysctl", "-qw", "net.ipv4.ip_default_ttl=128")
    while not office.rest(office.dice(host).uniform(6, 8)):
        office.run(host, "curl", "-s", "-o", "/dev/null", "-A", agent, people.PLAIN_SITE)


def play(office):
    people.arrive(office, ("nas", "anna", "ben"), 1)
    for host, agent in SYSTEMS.items():
        office.spawn(look_up, host, agent)
    office.until(SECONDS)
