#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether `hinomi doctor` says of benign captures of others what is known to be so, and no more.

Usage: check_doctor.py HINOMI CORPUS

What is known stands in doctor_findings.tsv. Exit 77: the corpus is not here.
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys

KNOWN = pathlib.Path(__file__).resolve().parent / "doctor_findings.tsv"
HEADINGS = ("#", "capture\t")


def findings_of(hinomi, capture):
    done = subprocess.run([hinomi, "doctor", "--json", "--quiet", capture], capture_output=True, timeout=300,
                          check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return capture.name, {line["code"] for line in lines[:-1]}, lines[-1]["verdict"]


def main():
    hinomi, benign = sys.argv[1], pathlib.Path(sys.argv[2], "benign")
    captures = sorted(benign.glob("*.pcap*"))
    if not captures:
        print(f"skipped: no {benign} beside the project")
        return 77
    rows = [line.split("\t") for line in KNOWN.read_text(encoding="utf-8").splitlines()
            if not line.startswith(HEADINGS)]
    known = {name: set(codes.split()) for name, codes, _ in rows}
    wrong, verdicts = 0, {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, codes, verdict in pool.map(lambda capture: findings_of(hinomi, capture), captures):
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
            if codes != known.pop(name, set()):
                wrong += 1
                print(f"{name}: {sorted(codes)}")
    print(f"{len(captures)} captures: {verdicts}; {wrong} with findings other than those known")
    # A capture that is not there any more is told, for its line is of no use.
    for name in known:
        print(f"{name} is not in the corpus")
    return 1 if wrong or known else 0


sys.exit(main())
