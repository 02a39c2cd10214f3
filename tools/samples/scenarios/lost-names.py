# SPDX-License-Identifier: Apache-2.0
"""Three hosts in other hands: one invents names, one asks for names of another root, one mines."""
import string

import people

SECONDS = 110
CAPTURE = "capture.pcap.zst"
OTHER_RESOLVER, POOL = "203.0.113.53", "203.0.113.60"
POOL_PORT = 3333
ADDRESSES = [OTHER_RESOLVER, POOL]
# Nobody's names, and none of these questions leaves the machine.
DNS = ["local=/com/", "local=/net/"]
OTHER_NAMES = ("market.bit", "letters.bit", "weather.bit")


def invent(office, host):
    """As a program that lost its server: a new name every other second."""
    dice = office.dice("invent")
    office.until(30)
    for number in range(26):
        name = "".join(dice.choice(string.ascii_lowercase) for _ in range(13))
        office.run(host, "dig", "+tries=1", "+time=3", "+noall", f"{name}.{'com' if number % 3 else 'net'}", "A")
        if office.rest(dice.uniform(1, 3)):
            return


def start_other_resolver(office):
    path = office.folder / "other-root.conf"
    path.write_text("\n".join([
        f"listen-address={OTHER_RESOLVER}", "bind-interfaces", "no-resolv", "no-hosts", "user=root",
        "keep-in-foreground", f"pid-file={office.folder}/other-root.pid", "local=/bit/",
        f"host-record={OTHER_NAMES[0]},203.0.113.99", ""]))
    office.start("internet", "dnsmasq", f"--conf-file={path}")


def ask_elsewhere(office, host):
    start_other_resolver(office)
    office.until(32)
    for number in range(18):
        office.run(host, "dig", "+tries=1", "+time=3", "+noall", f"@{OTHER_RESOLVER}",
                   OTHER_NAMES[number % len(OTHER_NAMES)], "A")
        if office.rest(3.5):
            return


def mine(office, host):
    office.program("internet", "pool_server", POOL, POOL_PORT)
    office.until(35)
    office.once(host, "miner", POOL, POOL_PORT, 6, 9, seconds=70)


def play(office):
    people.arrive(office)
    office.spawn(invent, "anna")
    office.spawn(ask_elsewhere, "ben")
    office.spawn(mine, "cleo")
    office.until(SECONDS)
