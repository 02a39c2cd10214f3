#!/usr/bin/env python3
"""Reads one golden capture with every number of workers, several hash keys and batch sizes.

Usage: run_golden.py [--update] HINOMI FOLDER

All runs must print the same bytes; they must equal FOLDER/expected.jsonl; and the cases must be
those that FOLDER/verdict.txt names: one line for each, "MAC kind,kind…", or no line for none. Of what
is in no case it may say more: "held_back: kind,kind…" was said by a detector and told to nobody,
"silent: kind,kind…" was not even said. The output must fit the schemas (check_schema.py).

What belongs to a capture is beside it: intel.txt (--intel), hinomi.yaml (--config).
--update rewrites expected.jsonl (a person then reads the difference), never verdict.txt.
"""
import difflib
import json
import pathlib
import re
import subprocess
import sys

from beside import beside
from verdict import verdict

# Pairs, not the whole product: each number of workers, key and batch size meets another one.
RUNS = [("0", "0" * 32, "32"), ("1", "0123456789abcdef" * 2, "1"), ("2", "f" * 32, "32"),
        ("3", "5" * 32, "1")]


def read(hinomi, folder, workers, key, batch):
    capture = next(folder.glob("capture.*"))
    command = [hinomi, "read", "--json", "--explain", "--flows", "--quiet", "--workers", workers, "--hash-key", key,
               "--set", f"flow.batch={batch}", *beside(folder)]
    done = subprocess.run([*command, capture.name], capture_output=True, cwd=folder, timeout=300)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"workers {workers}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def cases(output):
    lines = [json.loads(line) for line in output.splitlines()]
    for case in (line for line in lines if line.get("schema") == "hinomi.case/1"):
        kinds = sorted({finding["kind"] for finding in case["findings"]})
        yield f'{case["device"].get("mac", case["device"]["ip"][0])} {",".join(kinds)}'


def expected_of(output):
    """Without flows, and without what --explain adds: verdict.txt says it."""
    kept = "".join(line for line in output.splitlines(True) if '"event_type":"flow"' not in line)
    return re.sub(r'"kinds":{[^}]*},', "", kept)


def check_kinds(output, want):
    said = json.loads(output.splitlines()[-1])["kinds"]
    told = {kind for line in want.cases for kind in line.split()[1].split(",")}
    for kind in want.held_back:
        if kind in told or kind not in said:
            sys.exit(f"{kind} is not held back: cases {told}, signals {said}")
    for kind in want.silent:
        if kind in said:
            sys.exit(f"{kind} is said: {said}")


def main():
    update = sys.argv[1:2] == ["--update"]
    hinomi, folder = pathlib.Path(sys.argv[1 + update]).resolve(), pathlib.Path(sys.argv[2 + update])
    outputs = [read(hinomi, folder, *run) for run in RUNS]
    for run, output in zip(RUNS, outputs):
        if output != outputs[0]:
            sys.exit(f"workers, key and batch {run}: another output than {RUNS[0]}")

    want = verdict(folder)
    if sorted(cases(outputs[0])) != sorted(want.cases):
        sys.exit(f"cases {list(cases(outputs[0]))}, verdict.txt wants {want.cases}")
    check_kinds(outputs[0], want)

    expected, got = folder / "expected.jsonl", expected_of(outputs[0])
    check = subprocess.run([sys.executable, pathlib.Path(__file__).with_name("check_schema.py")],
                           input=outputs[0].encode(), stdout=subprocess.PIPE)
    if check.returncode not in (0, 77):
        sys.exit(check.stdout.decode())
    if update:
        expected.write_text(got)
    elif expected.read_text() != got:
        sys.stdout.writelines(difflib.unified_diff(
            expected.read_text().splitlines(True), got.splitlines(True), "expected.jsonl", "now"))
        sys.exit(1)


main()
