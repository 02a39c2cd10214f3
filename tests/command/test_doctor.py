#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
`hinomi doctor` over captures: each wrong wire gives its sentence and nothing else, the right one
gives none, and neither does what only looks wrong.

Usage: test_doctor.py HINOMI GOLDEN
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import lookalike
import miswire
import schemas

DONE, FAILED, USAGE = 0, 1, 2

# What the wire does to a capture of the whole office, and what is to be said of it.
WRONG = [
    (miswire.plain_port, "only_broadcast", "ordinary switch port"),
    (miswire.to_router_alone, "one_direction", "what the devices send"),
    (miswire.from_router_alone, "one_direction", "answers to the devices"),
    (miswire.behind_nat, "after_nat", "internet's side of a router"),
    (miswire.on_pppoe, "pppoe_side", "PPPoE"),
    (miswire.on_ds_lite, "carrier_tunnel", "IPv4 travels inside IPv6"),
    (miswire.twice, "duplicates", "arrive twice"),
    (miswire.half_a_vlan, "missing_vlan", "Of VLAN 20 only broadcasts"),
    (miswire.without_dns, "no_dns", "no name lookup (DNS)"),
    (miswire.joined, "offloads", "longer than a cable carries"),
]

# Golden captures of much data, of which the network cards' own segments were recorded.
SEGMENTS = {"carried-off", "sent-on", "long-weeks", "calm-weeks"}

# Of these perhaps too little is seen to say that it is right.
SILENT = [lookalike.at_night, lookalike.six_alone]
RIGHT = [miswire.tags_from_router, *(change for change in lookalike.ALL if change not in SILENT)]


class Doctor:
    def __init__(self, hinomi, folder):
        self.hinomi = hinomi
        self.path = pathlib.Path(folder, "capture.pcap")
        self.schemas = schemas.Schemas()

    def run(self, *arguments):
        return subprocess.run([self.hinomi, "doctor", "--quiet", *map(str, arguments)],
                              capture_output=True, text=True, timeout=120, check=False)

    def judge(self, path):
        """The findings, the last line, and what an English reader is told."""
        done = self.run("--json", path)
        lines = self.schemas.hold([json.loads(line) for line in done.stdout.splitlines()])
        findings, verdict = lines[:-1], lines[-1]
        assert verdict["findings"] == len(findings)
        assert done.returncode == (DONE if verdict["verdict"] == "right" else FAILED), done
        for finding in findings:
            for figure in finding["figures"]:
                assert figure["value"] >= figure.get("at_least", figure["value"]), finding
                assert figure["value"] <= figure.get("at_most", figure["value"]), finding
        return findings, verdict, self.run("--lang", "en", path).stdout

    def judge_frames(self, frames):
        miswire.write(self.path, frames)
        return self.judge(self.path)


def above_notes(findings):
    return [finding["code"] for finding in findings if finding["severity"] != "note"]


def wrong_wires(doctor, frames):
    for wire, code, words in WRONG:
        findings, verdict, said = doctor.judge_frames(wire(frames))
        print(f"{wire.__name__}: {[finding['code'] for finding in findings]}")
        assert [finding["code"] for finding in findings] == [code], wire.__name__
        assert verdict["verdict"] == "wrong" and words in said, said
        assert said.startswith("Something is wrong:\n  1. ") and said.count("To change: ") == 1, said
    findings, verdict, said = doctor.judge_frames([])
    assert [finding["code"] for finding in findings] == ["no_packets"], findings
    assert verdict["verdict"] == "wrong"


def right_wires(doctor, golden, frames):
    for capture in sorted(golden.glob("*/capture.*")):
        findings, verdict, said = doctor.judge(capture)
        if capture.parent.name in SEGMENTS:
            assert [finding["code"] for finding in findings] == ["offloads"], (capture, findings)
            continue
        assert findings == [] and verdict["verdict"] == "right", (capture, findings)
        assert said.startswith("Wired right.\n"), said
    for change in RIGHT:
        findings, verdict, _ = doctor.judge_frames(change(frames))
        print(f"{change.__name__}: {verdict['verdict']} {[finding['code'] for finding in findings]}")
        assert above_notes(findings) == [] and verdict["verdict"] == "right", change.__name__
    for change in SILENT:
        findings, verdict, _ = doctor.judge_frames(change(frames))
        print(f"{change.__name__}: {verdict['verdict']} {[finding['code'] for finding in findings]}")
        assert above_notes(findings) == [], change.__name__
    assert doctor.judge_frames(lookalike.with_doh(frames))[1]["encrypted_dns_seen"]
    notes = doctor.judge_frames(miswire.tags_from_router(frames))[0]
    assert [finding["code"] for finding in notes] == ["tags_one_way"]


def each_minute(doctor, frames):
    """A minute is what a person waits. No wrong word about the office, and of wrong wires nothing false."""
    said = {}
    for minute in miswire.minutes(frames)[::6]:
        assert doctor.judge_frames(minute)[0] == []
        for wire, code, _ in WRONG:
            found = [finding["code"] for finding in doctor.judge_frames(wire(minute))[0]]
            assert found in ([], [code], ["no_packets"]), (wire.__name__, found)
            said[wire.__name__] = said.get(wire.__name__, 0) + (found == [code])
            if wire in (miswire.behind_nat, miswire.on_pppoe, miswire.on_ds_lite, miswire.plain_port):
                assert doctor.judge_frames(wire(minute))[1]["verdict"] != "right", wire.__name__
    print(f"named within a minute: {said}")


def wrong_usage(doctor, golden):
    for arguments, words in (
            ([], "no interface and no capture file given"),
            (["--seconds", "4", "x"], "--seconds is 5 to 3600, not 4"),
            (["--seconds", "1e3", "x"], "--seconds is 5 to 3600, not 1e3"),
            (["--lang", "fr", "x"], "--lang is en, ja or both, not fr"),
            (["-i", "lo", "x"], "either interfaces or files, not both"),
            (["-i", "a-name-that-is-too-long"], "no interface can have the name"),
            (["--set", "flow.nothing=1", "x"], "flow.nothing")):
        done = doctor.run(*arguments)
        assert (done.returncode, done.stdout) == (USAGE, "") and words in done.stderr, (arguments, done)
        assert done.stderr.count("\n") == 1, done.stderr
    done = doctor.run("no-such-file")
    assert done.returncode == FAILED and "No such file" in done.stderr, done
    cut = pathlib.Path(doctor.path.parent, "cut.pcap")
    cut.write_bytes((golden / "listed/capture.pcap").read_bytes()[:-10])
    done = doctor.run("--lang", "ja", cut)
    assert done.returncode == FAILED and "truncated" in done.stderr, done
    assert done.stdout.startswith("正しく接続されています。"), done.stdout


def schema_knows_all():
    """Each code and figure has its word in the schema, and the schema no other."""
    schema = schemas.schema("hinomi.health/1")
    source = (schemas.SENSOR / "health/health_finding.c").read_text(encoding="utf-8")
    words = {kind: set(re.findall(rf'\[HEALTH_{kind}[A-Z0-9_]*\] = "([a-z0-9_]+)"', source))
             for kind in ("FIGURE_", "(?!FIGURE_)")}
    assert words["FIGURE_"] == set(schema["properties"]["figures"]["items"]["properties"]["code"]["enum"])
    assert words["(?!FIGURE_)"] == set(schema["properties"]["code"]["enum"])


def main():
    hinomi, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    frames = miswire.read(golden / "office-hour/capture.pcap")
    with tempfile.TemporaryDirectory(prefix="hinomi-test-") as folder:
        doctor = Doctor(hinomi, folder)
        schema_knows_all()
        wrong_wires(doctor, frames)
        right_wires(doctor, golden, frames)
        each_minute(doctor, frames)
        wrong_usage(doctor, golden)


main()
