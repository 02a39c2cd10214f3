#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
On what each named host of the corpus hangs: how sure, and how much evidence may be missing.

Usage: certainty.py HINOMI CORPUS/index.tsv

A line for each hostile capture, the least certain first: the highest confidence of a case that names
its host, the stories in it, and the evidence of the surest; with judge.confidence lowered also what
is held back of those that are not named.
"""
import concurrent.futures
import csv
import json
import pathlib
import subprocess
import sys

LEAST = "0.05"


def findings(hinomi, path, host, options):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", *options, path],
                          capture_output=True, timeout=600)
    for line in done.stdout.splitlines():
        case = json.loads(line)
        if case["schema"] == "hinomi.case/1" and host in case["device"]["ip"]:
            for finding in case["findings"]:
                yield finding


def words_of(finding):
    evidence = " ".join(f'{e["code"]}x{e["times"]:g}' for e in finding.get("evidence", []))
    return f'{finding["kind"]} {finding["confidence"]:.2f} ({evidence})'


def line_of(hinomi, folder, row):
    host, path = row["host_to_flag"].strip(), folder / row["path"]
    found = list(findings(hinomi, path, host, ()))
    is_named = bool(found)
    if not found:
        found = list(findings(hinomi, path, host, ("--set", f"judge.confidence={LEAST}")))
    found.sort(key=lambda finding: -finding["confidence"])
    sure = found[0]["confidence"] if found else 0
    return is_named, sure, row["path"], [words_of(finding) for finding in found]


def main():
    hinomi, index = sys.argv[1], pathlib.Path(sys.argv[2])
    rows = [row for row in csv.DictReader(index.open(), delimiter="\t")
            if row["label"] in ("malicious", "mixed")]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        lines = list(pool.map(lambda row: line_of(hinomi, index.parent, row), rows))
    for is_named, sure, path, words in sorted(lines):
        print("named" if is_named else "missed", f"{sure:.2f}", path, "; ".join(words), sep="\t")


main()
