#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The desk is killed amid writes, again and again: what it said to have is there, and what a sensor that sends
until it is told so sends is held whole, in order, once.

Usage: test_kill.py HINOMI-DESK [ROUNDS]
"""
import http.client
import random
import sys
import threading
import time

import desk_under_test
from desk_under_test import Desk, expect

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 50


class Office(threading.Thread):
    """Makes parcels and sends them until they are acknowledged, like a courier."""

    def __init__(self, desk, end):
        super().__init__()
        self.sensor, self.end = desk.enrol(f"office-{id(self)}"), end
        self.made, self.waiting, self.said = [], [], set()
        self.chance = random.Random(len(self.sensor.name))

    def send(self, batch):
        try:
            status, reply = self.sensor.send(*batch)
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
            return
        if status == 200:
            held = {(r["stream"], r["sequence"]) for r in reply["replies"] if r["status"] in ("stored", "duplicate")}
            self.said |= held
            self.waiting = [p for p in self.waiting if (p["stream"], p["sequence"]) not in held]

    def run(self):
        while not self.end.is_set() or self.waiting:
            if len(self.waiting) < 40 and not self.end.is_set():
                stream = self.chance.choice(("urgent", "routine", "pulse"))
                fresh = [self.sensor.parcel(stream, key=f"c-{len(self.made)}-{n}") for n in range(5)]
                self.made += fresh
                self.waiting += fresh
            self.send(self.chance.sample(self.waiting, min(len(self.waiting), 10)))


def main():
    with Desk(sys.argv[1]) as desk:
        end = threading.Event()
        offices = [Office(desk, end) for _ in range(3)]
        for office in offices:
            office.start()
        chance = random.Random(1)
        lost = 0
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.02, 0.3))
            desk.kill()
            said = [set(office.said) for office in offices]
            desk.start()
            for office, before in zip(offices, said):
                held = {(p["stream"], p["sequence"]) for p in office.sensor.stream()}
                lost += len(before - held)
        end.set()
        for office in offices:
            office.join(120)
        expect(f"killed {ROUNDS} times: nothing that was said to be stored is lost", lost == 0, lost)
        for office in offices:
            s, order = office.sensor, lambda p: (p["stream"], p["sequence"])
            expect(f"held = sent: {len(office.made)} parcels", not office.is_alive() and
                   sorted(s.stream(), key=order) == sorted(office.made, key=order))
            expect("heads are at the ends", all(s.head(name) == s.ends[name] for name in s.ends))
    return 1 if desk_under_test.failures else 0


sys.exit(main())
