#!/usr/bin/env python3
"""Reads one golden capture with every number of workers, several hash keys and batch sizes.

Usage: run_golden.py [--update] HINOMI FOLDER

All runs must print the same bytes; they must equal FOLDER/expected.jsonl; and the cases must be
those that FOLDER/verdict.txt names: one line for each, "MAC kind,kind…", or no line for none. The
output must fit the schemas (check_schema.py).
--update rewrites expected.jsonl (a person then reads the difference), never verdict.txt.
"""
import difflib
import json
import pathlib
import subprocess
import sys

# Pairs, not the whole product: each number of workers, key and batch size meets another one.
RUNS = [("0", "0" * 32, "32"), ("1", "0123456789abcdef" * 2, "1"), ("2", "f" * 32, "32"),
        ("3", "5" * 32, "1")]


def read(hinomi, folder, workers, key, batch):
    capture = next(folder.glob("capture.*"))
    command = [hinomi, "read", "--json", "--flows", "--quiet", "--workers", workers, "--hash-key", key,
               "--set", f"flow.batch={batch}"]
    if (folder / "intel.txt").exists():
        command += ["--intel", "intel.txt"]
    done = subprocess.run([*command, capture.name], capture_output=True, cwd=folder, timeout=300)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"workers {workers}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def cases(output):
    lines = [json.loads(line) for line in output.splitlines()]
    for case in (line for line in lines if line.get("schema") == "hinomi.case/1"):
        kinds = sorted({finding["kind"] for finding in case["findings"]})
        yield f'{case["device"].get("mac", case["device"]["ip"][0])} {",".join(kinds)}'


def without_flows(output):
    return "".join(line for line in output.splitlines(True) if '"event_type":"flow"' not in line)


def main():
    update = sys.argv[1:2] == ["--update"]
    hinomi, folder = pathlib.Path(sys.argv[1 + update]).resolve(), pathlib.Path(sys.argv[2 + update])
    outputs = [read(hinomi, folder, *run) for run in RUNS]
    for run, output in zip(RUNS, outputs):
        if output != outputs[0]:
            sys.exit(f"workers, key and batch {run}: another output than {RUNS[0]}")

    want = [l for l in (folder / "verdict.txt").read_text().splitlines() if l and l[0] != "#"]
    if sorted(cases(outputs[0])) != sorted(want):
        sys.exit(f"cases {list(cases(outputs[0]))}, verdict.txt wants {want}")

    expected, got = folder / "expected.jsonl", without_flows(outputs[0])
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
