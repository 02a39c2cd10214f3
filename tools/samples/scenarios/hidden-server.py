# SPDX-License-Identifier: Apache-2.0
"""A program hides its server behind Tor (real tor), then searches the office."""
import intruders
import people
import tor_network

SECONDS = 120
CAPTURE = "capture.pcap.zst"
# Of what tor sends, what is cut is encrypted.
SNAPLEN = 640
SERVER = "www.ordinary-site.example"
SITES = {SERVER: ("198.51.100.222", "")}
ADDRESSES = tor_network.RELAYS
NEEDS = {"tor": "tor", "tor-gencert": "tor"}


def play(office):
    tor_network.start(office)
    people.arrive(office, ("nas", "anna", "ben"), 1)
    office.until(20)
    office.fetch("ben", "https://www.daily-news.example/", people.PLAIN_SITE)
    office.fetch("anna", "https://shop.paperclip.example/logo.svg")
    office.until(50)
    tor_network.join(office, "anna")
    office.until(85)
    tor_network.fetch(office, "anna", f"https://{SERVER}/logo.svg")
    intruders.scan_lan(office, "anna", 92)
    office.until(SECONDS)
