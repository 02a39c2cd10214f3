# SPDX-License-Identifier: Apache-2.0
"""Odd and harmless: old business software, an updater, a watcher of web sites, a NAS elsewhere."""
import people

SECONDS = 120
CAPTURE = "capture.pcap.zst"
VENDOR = "203.0.113.51"
FAR_NAS = "203.0.113.52"
ADDRESSES = [VENDOR, FAR_NAS]
WATCHED = [f"www.{word}.example" for word in ("bakery", "florist", "lawyers", "joinery", "pottery")]
SITES = {name: (f"198.51.100.{230 + i}", "") for i, name in enumerate(WATCHED)}
DNS = [f"address=/dl.ledger.example/{VENDOR}", f"address=/nas.branch.example/{FAR_NAS}"]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=60)
    office.spawn(people.old_software, "anna", "dl.ledger.example", VENDOR)
    office.spawn(people.watch_sites, "anna", WATCHED)
    office.spawn(people.far_nas, "anna", "nas.branch.example", FAR_NAS)
    office.until(SECONDS)
