# SPDX-License-Identifier: Apache-2.0
"""Harmless and like the long weeks: a daily copy to the cloud, holidays, the same devices again."""
import fortnights
import people

SECONDS = 240
CAPTURE = "capture.pcap.zst"
SEGMENTS = True
CLOUD = "upload.box.com"
PRINTERS = "upload.printing-house.example"
SITES = {CLOUD: ("203.0.113.141", ""), PRINTERS: ("203.0.113.143", "")}
# The only real name: the office is its customer.
DNS = [f"local=/{CLOUD}/"]
SHIFTS, HOLIDAYS = 31, 19
COPY_KILOBYTES, MONTH_MEGABYTES, BROCHURE_MEGABYTES = 1800, 105, 52
# Cleo's docking station; the next of the addresses that Dana's phone makes up.
OTHER_MACS = {"cleo": "00:e0:4c:68:01:c3", "dana": "da:7f:10:22:9b:04"}


def copy(office, kilobytes=COPY_KILOBYTES):
    people.put_file(office, "anna", "copy", kilobytes, f"https://{CLOUD}/taken/copy")


def usual(office, shift):
    if shift == HOLIDAYS:
        for host in ("ben", "dana"):
            office.leave(host)
    here = ("anna", "ben", "cleo", "dana") if shift < HOLIDAYS else ("anna", "cleo")
    fortnights.read_news(office, here)
    copy(office)


def last_day(office, quarter):
    fortnights.read_news(office, ("anna", "ben", "cleo", "dana"))
    if quarter == 1:
        people.put_file(office, "ben", "brochure", BROCHURE_MEGABYTES << 10,
                        f"https://{PRINTERS}/taken/brochure")
    if quarter == 2:
        copy(office, MONTH_MEGABYTES << 10)


def play(office):
    people.arrive(office, gap_seconds=1)
    fortnights.quarters(office, lambda quarter: fortnights.read_news(
        office, ("anna", "ben", "cleo", "dana")))
    fortnights.shifts(office, SHIFTS, lambda shift: usual(office, shift))
    office.leave("cleo")
    for host, mac in OTHER_MACS.items():
        office.link(host, "set", "eth0", "address", mac)
    people.arrive(office, ("ben", "cleo", "dana"), gap_seconds=1)
    fortnights.quarters(office, lambda quarter: last_day(office, quarter))
    fortnights.be_there(office)
    fortnights.read_news(office, ("anna", "cleo", "dana"))
    office.rest(3)
