# SPDX-License-Identifier: Apache-2.0
"""Somebody at one desk goes through a Windows domain: accounts, tickets, machines, passwords."""
import domain
import intruders
import people
import services
from network import HOSTS

SECONDS = 130
CAPTURE = "capture.pcap.zst"
NEEDS = {"krb5kdc": "krb5-kdc", "kadmin.local": "krb5-kdc", "kinit": "krb5-user", "kvno": "krb5-user",
         "rpcclient": "smbclient"}


def play(office):
    for host in ("anna", "ben", "dana"):
        services.start_files(office, host, f"smb-{host}.conf")
    # Bought long ago, for scans; nobody has looked at it since.
    services.start_files(office, "printer", "smb-printer.conf", "server min protocol = NT1",
                         "server max protocol = NT1", "client min protocol = NT1")
    people.arrive(office, gap_seconds=1)
    domain.start_controller(office, "nas", HOSTS["nas"].address, ("anna", "ben", "cleo"),
                            "arcfour-hmac")
    (office.folder / "share-nas/Windows/NTDS").mkdir(parents=True)
    (office.folder / "share-nas/Windows/NTDS/ntds.dit").write_bytes(b"\xef\xcd\xab\x89" * 3000)
    office.spawn(people.browse, "anna", 25)
    office.spawn(people.copy_files, "ben", 30)
    office.spawn(intruders.go_through_domain, "cleo", HOSTS["nas"].address, 30)
    office.until(SECONDS)
