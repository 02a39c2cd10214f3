# SPDX-License-Identifier: Apache-2.0
"""Harmless and like lost names: probes of a browser, typing errors, a mail filter, a spare resolver."""
import string

import people

SECONDS = 110
CAPTURE = "capture.pcap.zst"
SPARE = "203.0.113.54"
ADDRESSES = [SPARE]
DNS = ["local=/com/", "local=/net/", "local=/org/", "local=/jp/",
       "address=/photos.example.net/198.51.100.20", "host-record=www.bank.example,198.51.100.21"]
MISTYPED = ("www.yamadakensetus.co.jp", "sakuragarden.com", "www.gardenclubb.org", "printerservce.net")
LETTERS = string.ascii_lowercase


def drawn(dice, letters, count):
    return "".join(dice.choice(letters) for _ in range(count))


def dig(office, host, *words):
    office.run(host, "dig", "+tries=1", "+time=3", "+noall", *words)


def start_spare_resolver(office):
    path = office.folder / "spare.conf"
    path.write_text("\n".join([
        f"listen-address={SPARE}", "bind-interfaces", "no-resolv", "no-hosts", "user=root",
        "keep-in-foreground", f"pid-file={office.folder}/spare.pid",
        "host-record=www.bank.example,198.51.100.21", ""]))
    office.start("internet", "dnsmasq", f"--conf-file={path}")


def browse(office, host):
    """A browser's three probes, twice, as they are and in the office's domain; then typing errors."""
    dice = office.dice("probes")
    office.until(30)
    for _ in range(2):
        for _ in range(3):
            name = drawn(dice, LETTERS, dice.randrange(7, 16))
            dig(office, host, f"{name}.", "A")
            dig(office, host, f"{name}.office.example", "A")
        office.rest(15)
    for name in ("wpad.office.example", *MISTYPED):
        dig(office, host, name, "A")
        office.rest(dice.uniform(1, 5))


def filter_mail(office, host):
    """Keys of senders, fingerprints of letters: each in a name that looks drawn."""
    dice = office.dice("letters")
    office.until(28)
    for number in range(14):
        dig(office, host, f"{drawn(dice, LETTERS + '234567', 32)}._domainkey.mailhouse.example.com", "TXT")
        dig(office, host, f"{dice.getrandbits(160):040x}.fingerprints.example.org", "A")
        dig(office, host, f"_dmarc.sender{number}.example.com", "TXT")
        if office.rest(dice.uniform(1, 4)):
            return


def two_resolvers(office, host):
    """The same names of the office's resolver, then of a spare one outside."""
    start_spare_resolver(office)
    office.until(30)
    for _ in range(12):
        dig(office, host, "www.bank.example", "A")
        dig(office, host, f"@{SPARE}", "www.bank.example", "A")
        if office.rest(4):
            return


def watch_photos(office, host):
    """Pictures of a content network, each at a name of its own."""
    dice = office.dice("photos")
    office.until(30)
    for _ in range(20):
        dig(office, host, f"{drawn(dice, LETTERS + string.digits, 20)}.photos.example.net", "A")
        if office.rest(dice.uniform(1, 4)):
            return


def play(office):
    people.arrive(office)
    office.spawn(browse, "anna")
    office.spawn(two_resolvers, "ben")
    office.spawn(watch_photos, "cleo")
    office.spawn(filter_mail, "nas")
    office.until(SECONDS)
