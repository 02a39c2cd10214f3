# SPDX-License-Identifier: Apache-2.0
"""Encrypted lines that stay open for half an hour: chats, prices, news, a thing that reports."""
import people
import services

SECONDS = 2160
CAPTURE = "capture.pcap.zst"
PRICES = "stream.prices.example"
NEWS = "push.headlines.example"
SITES = {PRICES: ("203.0.113.218", ""), NEWS: ("203.0.113.219", "")}


def feed(office, host, name, port, news_seconds, alive_seconds):
    address = SITES[name][0]
    office.program("internet", "feed_server", address, port, *services.certificate(office.folder, name),
                   news_seconds)
    office.rest(2)
    office.program(host, "feed_client", name, office.folder / "tls/ca.pem", port, alive_seconds,
                   SECONDS - 80)


def play(office):
    people.arrive(office)
    people.keep_time(office, ("anna", "ben"))
    for host in ("cleo", "dana"):
        people.chat(office, host, SECONDS - 60)
    office.until(40)
    office.spawn(feed, "ben", PRICES, 8443, 12, 25)
    office.spawn(feed, "anna", NEWS, 9999, 150, 55)
    office.until(SECONDS)
