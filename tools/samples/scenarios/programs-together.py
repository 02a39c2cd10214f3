# SPDX-License-Identifier: Apache-2.0
"""The same program on two hosts, a monitor that asks each second, a page that is served by many names."""
import people

SECONDS = 440
CAPTURE = "capture.pcap.zst"
LEDGER = "ledger.accounting.example"
STATUS = "status.hosting.example"
NAMES = [f"shard{number}.pictures.example" for number in range(1, 5)]
SITES = {LEDGER: ("203.0.113.172", ""), STATUS: ("203.0.113.174", ""),
         **{name: ("203.0.113.175", "") for name in NAMES}}


def ledger(office, host):
    dice = office.dice("ledger " + host)
    while not office.rest(15 + dice.uniform(-0.5, 0.5)):
        office.once(host, "exchange", LEDGER, 8610, 48)


def monitor(office, host, seconds):
    end = office.now() + seconds
    while office.now() < end and not office.rest(0.9):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "SiteWatch/2.0", "-I", "-o", "/dev/null",
                   f"http://{STATUS}/")


def slides(office, host):
    dice = office.dice("slides " + host)
    number = 0
    while number < 16 and not office.rest(18 * dice.uniform(0.8, 1.2)):
        office.fetch(host, f"https://{NAMES[number % len(NAMES)]}/logo.svg")
        number += 1


def play(office):
    people.arrive(office)
    people.keep_time(office, ("anna", "ben"))
    office.program("internet", "exchange_server", SITES[LEDGER][0], 8610, 32)
    for host in ("anna", "ben"):
        office.spawn(ledger, host)
    office.spawn(monitor, "cleo", 330)
    office.spawn(slides, "dana")
    office.until(SECONDS)
