# SPDX-License-Identifier: Apache-2.0
"""A program on one host mails what it gathered to its master's box, then stores a file by FTP."""
import intruders
import people

SECONDS = 75
CAPTURE = "capture.pcap.zst"
SITES = {intruders.MAIL_BOX: ("203.0.113.90", ""), intruders.FILE_BOX: ("203.0.113.91", "")}


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=90)
    office.spawn(intruders.hand_over, "cleo", 35)
    office.until(SECONDS)
