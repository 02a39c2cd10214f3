# SPDX-License-Identifier: Apache-2.0
"""One host tries passwords at the file server until one fits, while the others work."""
import intruders
import people

SECONDS = 70
CAPTURE = "capture.pcap.zst"


def play(office):
    office.program("nas", "ftp_server", "scan", "sample-only")
    people.arrive(office)
    office.spawn(people.chatter, SECONDS - 20)
    office.spawn(people.browse, "dana", 20)
    office.spawn(intruders.guess_passwords, "ben", "192.168.10.20", "scan", "sample-only", 35)
    office.until(SECONDS)
