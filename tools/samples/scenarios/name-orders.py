# SPDX-License-Identifier: Apache-2.0
"""One program gets its orders through the names that it looks up, by the clock; another asks a resolver of its own."""
import people

SECONDS = 210
CAPTURE = "capture.pcap.zst"
ZONE = "cold-harbour.example"
OWN_RESOLVER = "203.0.113.55"
ADDRESSES = [OWN_RESOLVER]
# The resolver itself answers for the zone: no order, nowhere to go.
DNS = [f"address=/{ZONE}/0.0.0.0"]
DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
OWN_NAMES = [f"{word}.ads-exchange.example" for word in ("north", "south", "east", "west")]


def ask_for_orders(office, host):
    dice = office.dice("orders")
    office.until(30)
    while not office.rest(8 * dice.uniform(0.85, 1.15)):
        told = "".join(dice.choice(DIGITS) for _ in range(18))
        office.run(host, "dig", "+tries=1", "+time=3", "+noall", f"{told}.{ZONE}", "A")


def open_own_resolver(office):
    path = office.folder / "own.conf"
    path.write_text("\n".join([
        f"listen-address={OWN_RESOLVER}", "bind-interfaces", "no-resolv", "no-hosts", "user=root",
        "keep-in-foreground", f"pid-file={office.folder}/own.pid",
        *(f"host-record={name},203.0.113.56" for name in OWN_NAMES), ""]))
    office.start("internet", "dnsmasq", f"--conf-file={path}")


def ask_elsewhere(office, host):
    dice = office.dice("elsewhere")
    office.until(40)
    for number in range(20):
        office.run(host, "dig", "+tcp", "+tries=1", "+time=3", "+noall", f"@{OWN_RESOLVER}",
                   OWN_NAMES[number % len(OWN_NAMES)], "A")
        if office.rest(dice.uniform(1, 12)):
            return


def play(office):
    open_own_resolver(office)
    people.arrive(office, gap_seconds=1)
    people.keep_time(office, ("anna", "ben", "cleo"))
    for host in ("anna", "ben"):
        office.spawn(people.browse, host, 60)
    office.spawn(ask_for_orders, "cleo")
    office.spawn(ask_elsewhere, "ben")
    office.until(SECONDS)
