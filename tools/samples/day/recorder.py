# SPDX-License-Identifier: Apache-2.0
"""
Notes which packets of a capture belong to which activity: one after another, each by one host.

An activity that goes on for hours in a real office is recorded with a few of its rounds, between
the marks "round" and "rest"; compose.py repeats them.
"""
import json
import time

# A host's last packets may come after its program has ended.
SETTLE_SECONDS = 0.12


class Recorder:
    def __init__(self, office):
        self.office = office
        self.parts = []
        self.marks = {}

    def part(self, name, host, work, *words):
        if self.office.stopping.is_set():
            return
        self.office.tool(host, "ip", "neigh", "flush", "dev", "eth0")
        self.marks = {}
        begin, complaints = time.time(), len(self.office.complaints)
        work(self, host, *words)
        self.office.rest(SETTLE_SECONDS)
        for complaint in self.office.complaints[complaints:]:
            print(f"{name}: {complaint}")
        self.parts.append({"name": name, "host": host, "begin": begin, "end": time.time(),
                           "marks": self.marks})

    def mark(self, name):
        self.marks[name] = time.time()

    def write(self, path):
        path.write_text(json.dumps(self.parts, indent=0))
