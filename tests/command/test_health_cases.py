#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Health in a sensor that runs: a wire that goes wrong is a case within ten minutes, and no other; a
wire that is put right closes it. An office's hour that is wired right has no case at all, and
neither has one that only looks wrong.

Usage: test_health_cases.py PROBE GOLDEN
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import lookalike
import miswire
import schemas

TEN_MINUTES = 600
BROKEN, REPAIRED = 1200, 2400  # seconds into the hour
WINDOW = 180
SCHEMAS = schemas.Schemas()
WIRES = {
    miswire.plain_port: "only_broadcast",
    miswire.to_router_alone: "one_direction",
    miswire.from_router_alone: "one_direction",
    miswire.behind_nat: "after_nat",
    miswire.on_pppoe: "pppoe_side",
    miswire.on_ds_lite: "carrier_tunnel",
    miswire.twice: "duplicates",
    miswire.half_a_vlan: "missing_vlan",
    miswire.without_dns: "no_dns",
    miswire.tags_from_router: "tags_one_way",
}


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def cases_of(probe, path, frames):
    miswire.write(path, frames)
    done = subprocess.run([probe, path], check=True, capture_output=True, text=True, timeout=120)
    return SCHEMAS.hold([json.loads(line) for line in done.stdout.splitlines()])


def broken_for_a_while(frames, wire):
    """Twenty minutes of the hour come down a wrong wire."""
    start = frames[0][0]
    parts = [[], [], []]
    for time, frame in frames:
        parts[(time >= start + BROKEN) + (time >= start + REPAIRED)].append((time, frame))
    return parts[0] + wire(parts[1]) + parts[2]


def check(probe, path, frames, wire, code):
    cases = cases_of(probe, path, broken_for_a_while(frames, wire))
    start = frames[0][0]
    told = [(case["code"], case["state"], round(seconds(case["timestamp"]) - start)) for case in cases]
    print(wire.__name__, told)
    if code == "no_dns":  # only as many web servers are called in a longer time
        assert {one[0] for one in told} <= {code}, told
        return
    assert [one[:2] for one in told] == [(code, "open"), (code, "closed")], told
    assert BROKEN < told[0][2] <= BROKEN + TEN_MINUTES, told
    # The last window in which it held may end after the repair.
    assert REPAIRED < told[1][2] <= REPAIRED + TEN_MINUTES + 2 * WINDOW, told
    assert cases[0]["id"] == cases[1]["id"] and cases[0]["first"] <= cases[0]["last"], cases


def main():
    probe, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    frames = miswire.read(golden / "office-hour/capture.pcap")
    with tempfile.TemporaryDirectory(prefix="hinomi-test-") as folder:
        path = pathlib.Path(folder, "capture.pcap")
        assert cases_of(probe, path, frames) == []
        for change in lookalike.ALL:
            told = [case["code"] for case in cases_of(probe, path, change(frames))]
            print(change.__name__, told)
            assert told == [], change.__name__
        for wire, code in WIRES.items():
            check(probe, path, frames, wire, code)


main()
