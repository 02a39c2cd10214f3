# SPDX-License-Identifier: Apache-2.0
"""Two hosts call one bare address in one rhythm, a third one another each second, a fourth many names of one."""
import intruders
import people

SECONDS = 440
CAPTURE = "capture.pcap.zst"
HOME = "203.0.113.214"
LOOP = "203.0.113.215"
NAMES = [f"{word}.relay-cache.example" for word in ("amber", "birch", "cedar", "delta")]
SITES = {name: ("203.0.113.216", "") for name in NAMES}
ADDRESSES = [HOME, LOOP]


def call(office, host, seconds):
    dice = office.dice("call " + host)
    end = office.now() + seconds
    while office.now() < end and not office.rest(15 * dice.uniform(0.8, 1.2)):
        office.once(host, "exchange", HOME, 4460, 48)


def take_turns(office, host):
    dice = office.dice("turns " + host)
    for number in range(18):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/4.0", "--cacert",
                   str(office.folder / "tls/ca.pem"), "-d", "k=" + "7" * 90, "-o", "/dev/null",
                   f"https://{NAMES[number % len(NAMES)]}/check")
        if office.rest(18 * dice.uniform(0.8, 1.2)):
            return


def play(office):
    people.arrive(office)
    people.keep_time(office, ("anna", "ben"))
    office.spawn(people.browse, "dana", 300)
    office.program("internet", "exchange_server", HOME, 4460, 32)
    for host in ("anna", "ben"):
        office.spawn(call, host, 300)
    office.spawn(intruders.beacon_raw, "cleo", LOOP, 8085, 0.6, 0.1, 390)
    office.spawn(take_turns, "dana")
    office.until(SECONDS)
