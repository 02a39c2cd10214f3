# SPDX-License-Identifier: Apache-2.0
"""Harmless and like name-orders: a name by the clock, letters' fingerprints, a spare resolver, a VPN inside."""
import far_services
import people

SECONDS = 210
CAPTURE = "capture.pcap.zst"
SPARE = "203.0.113.54"
CHAT = "gate.messenger.example"
SCANNER = "fingerprints.example.org"
ADDRESSES = [SPARE]
DNS = [f"host-record={CHAT},198.51.100.71,5", f"address=/{SCANNER}/127.0.0.2",
       "host-record=www.bank.example,198.51.100.21", "host-record=files.bank.example,198.51.100.22"]
NEEDS = {"openvpn": "openvpn", "kdig": "knot-dnsutils"}
NAMES = ("www.bank.example", "files.bank.example")


def dig(office, host, *words):
    office.run(host, "dig", "+tries=1", "+time=3", "+noall", *words)


def keep_in_touch(office, host):
    """A messenger whose server's name lasts for five seconds."""
    office.until(30)
    while not office.rest(8):
        dig(office, host, CHAT, "A")


def scan_letters(office, host):
    """What a virus scanner asks: one name for each letter, whenever one comes."""
    dice = office.dice("letters")
    office.until(25)
    while not office.rest(min(3 + dice.expovariate(1 / 7), 40)):
        dig(office, host, f"{dice.getrandbits(96):024x}.{SCANNER}", "A")


def open_spare_resolver(office):
    path = office.folder / "spare.conf"
    path.write_text("\n".join([
        f"listen-address={SPARE}", "bind-interfaces", "no-resolv", "no-hosts", "user=root",
        "keep-in-foreground", f"pid-file={office.folder}/spare.pid", *DNS[2:], ""]))
    office.start("internet", "dnsmasq", f"--conf-file={path}")


def two_resolvers(office, host):
    """The same names of the office's resolver, then of the provider's spare one by TCP."""
    dice = office.dice("two")
    office.until(30)
    for number in range(20):
        name = NAMES[number % len(NAMES)]
        dig(office, host, name, "A")
        dig(office, host, "+tcp", f"@{SPARE}", name, "A")
        if office.rest(dice.uniform(1, 12)):
            return


def use_what_is_inside(office, host):
    """The router answers lookups over TLS; the file server is the office's own VPN server."""
    office.until(30)
    for _ in range(3):
        far_services.look_up_hidden(office, host, "192.168.10.1", "www.daily-news.example")
        office.rest(4)
    far_services.use_vpn(office, host, "192.168.10.20", "vpn.office.example", 8)


def play(office):
    open_spare_resolver(office)
    far_services.encrypt_lookups(office, "192.168.10.1", "gateway")
    people.arrive(office, gap_seconds=1)
    far_services.open_vpn(office, "192.168.10.20", "vpn.office.example", "nas")
    people.keep_time(office, ("anna", "ben", "cleo"))
    for host in ("anna", "ben"):
        office.spawn(people.browse, host, 60)
    office.spawn(keep_in_touch, "cleo")
    office.spawn(scan_letters, "nas")
    office.spawn(two_resolvers, "ben")
    office.spawn(use_what_is_inside, "dana")
    office.until(SECONDS)
