# SPDX-License-Identifier: Apache-2.0
"""Harmless and alike: the printer stores scans with the file server, and a PC logs in by SSH."""
import people
import services
from network import HOSTS

SECONDS = 80
CAPTURE = "capture.pcap.gz"


def stores_scans(office, host):
    scan = office.folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4 sample " * 300)
    office.until(20)
    while not office.rest(9):
        office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%",
                   "-c", f"put {scan} scan-{int(office.now())}.pdf",
                   f"//{HOSTS['nas'].address}/public", expect=people.SMBCLIENT_DONE)


def logs_in(office, host):
    office.until(30)
    for target in ("nas", "ben", "cleo"):
        people.ssh_to(office, host, HOSTS[target].address)
        if office.rest(6):
            return


def play(office):
    people.arrive(office, ("nas", "printer", "anna", "ben", "cleo"), gap_seconds=1)
    for host in ("ben", "cleo"):
        services.open_ssh(office, host)
    office.spawn(people.browse, "cleo", 20)
    office.spawn(people.print_pages, "ben", 15)
    office.spawn(stores_scans, "printer")
    office.spawn(logs_in, "anna")
    office.until(SECONDS)
