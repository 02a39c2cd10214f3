# SPDX-License-Identifier: Apache-2.0
"""More than two weeks: a PC sends a little each day, then much; one comes back; strangers join."""
import fortnights
import people

SECONDS = 240
CAPTURE = "capture.pcap.zst"
SEGMENTS = True
DRIP, HOARD = "files4711.ddns.net", "store0815.hopto.org"
DROP = "203.0.113.231"
SITES = {DRIP: ("203.0.113.230", ""), HOARD: ("203.0.113.232", ""),
         "drop.storage.example": (DROP, "")}
# The only real names: of those that anybody gets in a minute.
DNS = [f"local=/{name}/" for name in (DRIP, HOARD)]
SHIFTS, BEN_LEAVES = 31, 19
DRIP_KILOBYTES, GREED_MEGABYTES, BEN_MEGABYTES = 1800, 105, 52


def usual(office, shift):
    if shift == BEN_LEAVES:
        office.leave("ben")
    fortnights.read_news(office, ("anna", "ben") if shift < BEN_LEAVES else ("anna",))
    people.put_file(office, "anna", "part", DRIP_KILOBYTES, f"https://{DRIP}/taken/part")


def last_day(office, quarter):
    fortnights.read_news(office, ("anna", "ben", "cleo", "dana"))
    if quarter == 1:
        people.put_file(office, "ben", "all.7z", BEN_MEGABYTES << 10,
                        f"http://{DROP}/taken/all.7z")
    if quarter == 2:
        people.put_file(office, "anna", "the.rest", GREED_MEGABYTES << 10,
                        f"https://{HOARD}/taken/the.rest")


def play(office):
    people.arrive(office, ("nas", "printer", "anna", "ben"), gap_seconds=1)
    fortnights.quarters(office, lambda quarter: fortnights.read_news(office, ("anna", "ben")))
    fortnights.shifts(office, SHIFTS, lambda shift: usual(office, shift))
    people.arrive(office, ("ben", "cleo", "dana"), gap_seconds=1)
    fortnights.quarters(office, lambda quarter: last_day(office, quarter))
    fortnights.be_there(office)
    fortnights.read_news(office, ("anna", "cleo", "dana"))
    office.rest(3)
