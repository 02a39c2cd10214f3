# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a file server of many names, a loudspeaker with lamps, DHCPv6 of the router."""
import pathlib

import people
from network import HOSTS, LAN_V6

SECONDS = 80
CAPTURE = "capture.pcap.gz"
DNS = [f"dhcp-option=option6:dns-server,[{LAN_V6}1]"]
NAMES = ("photos", "music", "backup", "camera")


def start_avahi(office, host):
    """A host of several names; what it announces and answers is its own."""
    etc = pathlib.Path("/etc/netns") / (office.prefix + host) / "avahi"
    etc.mkdir()
    etc.joinpath("hosts").write_text("".join(f"{HOSTS[host].address} {name}.local\n"
                                             for name in NAMES))
    config = office.folder / "avahi.conf"
    config.write_text("[server]\nhost-name=nas\nallow-interfaces=eth0\nenable-dbus=no\n"
                      "[publish]\npublish-hinfo=no\n[reflector]\n[rlimits]\n")
    etc.joinpath("avahi-daemon.conf").write_text(config.read_text())
    # A folder of its own for what avahi writes, so that it meets no other.
    office.start(host, "unshare", "--mount", "sh", "-c",
                 "mount -t tmpfs none /run && mkdir -p /run/avahi-daemon && exec avahi-daemon "
                 f"--no-drop-root --no-chroot --no-rlimits -f {config}")


def asks_names(office, host):
    office.until(25)
    for name in ("nas", *NAMES):
        office.program(host, "announce", "mdns-ask-host", f"{name}.local", 5, 3)
        office.rest(3)


def asks_settings(office, host):
    lease = office.folder / f"lease6-{host}"
    while not office.rest(12):
        office.run(host, "timeout", "-s", "INT", "4", "dhclient", "-6", "-S", "-1", "-d", "-v", "-sf",
                   "/bin/true", "-lf", str(lease), "-pf", f"{lease}.pid", "eth0",
                   expect=(0, 1, 2, 124, 130))


def looks_for_router(office, host):
    while not office.rest(4):
        office.run(host, "ip", "-6", "neigh", "flush", "dev", "eth0", expect=(0, 1))
        office.run(host, "ping", "-6", "-c", "1", "-W", "1", LAN_V6 + "1", expect=(0, 1))


def play(office):
    people.arrive(office, ("nas", "anna", "ben", "cleo"), gap_seconds=1)
    start_avahi(office, "nas")
    office.program("cleo", "deceive6", 55, "lamps")
    office.spawn(asks_names, "anna")
    office.spawn(asks_settings, "anna")
    office.spawn(asks_settings, "ben")
    office.spawn(looks_for_router, "ben")
    office.until(SECONDS)
