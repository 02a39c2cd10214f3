#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Which doubts stand closest to opening a case, in captures where nothing is wrong.

Usage: margins.py HINOMI CAPTURE…   or   margins.py HINOMI CORPUS/index.tsv

Reads each capture with judge.confidence lowered, so that what is otherwise held back is told, and
prints a line for each kind and sureness: how many captures, how sure, with which reasons, where.
"""
import concurrent.futures
import csv
import json
import pathlib
import subprocess
import sys

LEAST = "0.1"


def doubts(hinomi, path):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", "--set",
                           f"judge.confidence={LEAST}", path], capture_output=True, timeout=600)
    found = []
    for line in done.stdout.splitlines():
        case = json.loads(line)
        if case["schema"] != "hinomi.case/1":
            continue
        for finding in case["findings"]:
            reasons = " ".join(f'{e["code"]}x{e["times"]:g}' for e in finding.get("evidence", []))
            where = finding.get("object", {})
            found.append((finding["confidence"], finding["kind"], case["priority"], str(path.name),
                          json.dumps(where)[:90], reasons))
    return found


def paths_of(words):
    for word in words:
        path = pathlib.Path(word)
        if path.name == "index.tsv":
            for row in csv.DictReader(path.open(), delimiter="\t"):
                if row["label"] == "benign":
                    yield path.parent / row["path"]
        else:
            yield path


def main():
    hinomi, found = sys.argv[1], []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for some in pool.map(lambda path: doubts(hinomi, path), paths_of(sys.argv[2:])):
            found += some
    for line in sorted(found, reverse=True):
        print(f"{line[0]:.2f}", *line[1:], sep="\t")


main()
