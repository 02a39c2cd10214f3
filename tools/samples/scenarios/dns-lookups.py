# SPDX-License-Identifier: Apache-2.0
"""Harmless and like a tunnel: a mail filter's and a virus scanner's many distinct lookups."""
import people

SECONDS = 160
CAPTURE = "capture.pcap"
BLOCKLISTS = ("zen.mailshield.example", "bl.spamwatch.example.org", "dnsbl.reputation.test")
SIGNATURES = "sig.antivirus.example"
SENDERS = ("baker-lee.example", "gardenclub.example.org", "northquay.example.net",
           "school12.test", "tax-office.example.com", "ferry-lines.example",
           "printhouse.test", "dentist-rao.example")
EDGES = ("d2k9x0m3q7zvt1.cloudcache.example", "r4---sn-4g5ednse.mediafront.test",
         "e28578.dsca.edgekeyring.example", "prod-eu-west-3-static-assets.bucketstore.example",
         "scontent-ams2-1.xx.photowall.test", "a1961-b2.g2.akaroute.example",
         "lb-140-82-121-4-fra.repohost.example", "browser-intake-eu-7f3a.metricsink.test",
         "clients-config.platform-services.gridapps.example", "v10.events.data.deskvendor.test",
         "img-prod-cms-rt-eu.newsdesk-media.example", "fonts-gstat-cdn-07.typehouse.test")
LISTED_SENDER = "9.113.0.203"
DNS = [
    f"host-record={LISTED_SENDER}.{BLOCKLISTS[0]},127.0.0.2",
    f"address=/{SIGNATURES}/127.0.0.3",
    *(f"mx-host={name},mx.{name},10" for name in SENDERS),
    *(f"host-record=mx.{name},192.0.2.{50 + number}" for number, name in enumerate(SENDERS)),
    *(f'txt-record={name},"v=spf1 mx -all"' for name in SENDERS),
    *(f"host-record={name},198.51.100.{150 + number}" for number, name in enumerate(EDGES)),
]


def questions(dice):
    """In an order as mail comes in and files are opened; each is asked once."""
    for number in range(26):
        client = f"{dice.randrange(1, 255)}.113.0.203" if number != 7 else LISTED_SENDER
        sender = SENDERS[number % len(SENDERS)]
        yield from ((f"{client}.{zone}", "A") for zone in BLOCKLISTS)
        if number < len(SENDERS):
            yield from ((sender, "MX"), (sender, "TXT"), (f"mx.{sender}", "A"))
        yield f"{dice.getrandbits(32):08x}.{SIGNATURES}", "A"
        if number < len(EDGES):
            yield EDGES[number], "A"


def ask(office, host):
    office.until(30)
    dice = office.dice("lookups")
    for name, record_type in questions(dice):
        office.run(host, "dig", "+tries=1", "+time=3", "+noall", name, record_type)
        if office.rest(dice.expovariate(1.6)):
            return


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=40)
    office.spawn(ask, "nas")
    office.until(SECONDS)
