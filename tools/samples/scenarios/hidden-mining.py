# SPDX-License-Identifier: Apache-2.0
"""One host mines over TLS for half an hour, beside an office that hardly works."""
import people

SECONDS = 2160
CAPTURE = "capture.pcap.zst"
POOL = "xmr-asia2.minepool.example"
PORT = 14433
ADDRESS = "203.0.113.217"
SITES = {POOL: (ADDRESS, "")}


def play(office):
    people.arrive(office)
    people.keep_time(office, ("anna", "ben"))
    office.spawn(people.browse, "anna", 300)
    people.chat(office, "cleo", SECONDS - 60)
    files = office.own_certificate("pool", f"/CN={POOL}")
    office.program("internet", "pool_tls", ADDRESS, PORT, *files, 25)
    office.until(45)
    office.program("ben", "miner_tls", POOL, PORT, 18, SECONDS - 80)
    office.until(SECONDS)
