# SPDX-License-Identifier: Apache-2.0
"""An ordinary office hour: nothing in it is an attack, much of it is as regular as one."""
import people

SECONDS = 3600
CAPTURE = "capture.pcap"
# Enough for a whole ClientHello, and an hour stays small.
SNAPLEN = 640


def play(office):
    people.arrive(office, gap_seconds=25)
    people.ordinary(office, SECONDS - 120, browsing_pause=130)
    for host in ("anna", "ben"):
        office.spawn(people.poll, host, "https://updates.osvendor.example/check", 900, 20)
    office.spawn(people.poll, "cleo", "https://telemetry.osvendor.example/check", 420, 60)
    office.spawn(people.copy_files, "anna", 1100)
    office.spawn(people.print_pages, "ben", 1300)
    office.spawn(people.look_for_printer, "cleo", 1500)
    office.spawn(people.call, "cleo", 2000, 120)
    office.until(SECONDS)
