# SPDX-License-Identifier: Apache-2.0
"""One host fetches from a name and from an address that are on a list of indicators."""
import people

SECONDS = 100
CAPTURE = "capture.pcap"
LISTED_NAME = "cdn.listed-bad.example"
LISTED_ADDRESS = "203.0.113.166"
# The second is reached by its address alone; its name is never asked for.
SITES = {LISTED_NAME: ("198.51.100.222", ""), "unnamed.invalid": (LISTED_ADDRESS, "")}


def visit(office, host):
    office.until(40)
    office.fetch(host, f"http://{LISTED_NAME}/", f"http://{LISTED_NAME}/app.js")
    office.rest(9)
    office.fetch(host, f"https://{LISTED_NAME}/photo.jpg")
    office.rest(13)
    office.fetch(host, f"http://{LISTED_ADDRESS}/check")


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=25)
    office.spawn(visit, "cleo")
    office.until(SECONDS)
