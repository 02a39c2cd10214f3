# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: a domain at work, and its administrator, who brings updates to the machines."""
import domain
import people
import services
from network import HOSTS

SECONDS = 110
CAPTURE = "capture.pcap.zst"
NEEDS = {"krb5kdc": "krb5-kdc", "kadmin.local": "krb5-kdc", "kinit": "krb5-user", "kvno": "krb5-user",
         "rpcclient": "smbclient"}


def play(office):
    for host in ("anna", "cleo", "printer"):
        services.start_files(office, host, f"smb-{host}.conf")
    people.arrive(office, gap_seconds=1)
    domain.start_controller(office, "nas", HOSTS["nas"].address, ("anna", "ben", "cleo"))
    office.spawn(people.browse, "dana", 25)
    office.spawn(people.copy_files, "cleo", 30)
    office.spawn(people.use_domain, "anna", HOSTS["nas"].address, 25)
    office.spawn(people.bring_updates, "ben", ("anna", "cleo"), HOSTS["nas"].address, 40)
    # With the same way out: each server has a part of the addresses, so that one may fail.
    office.spawn(people.share_leases, "nas", HOSTS["nas"].address, 45)
    office.spawn(people.ask_leases, "dana", 55, 20)
    office.until(SECONDS)
