#!/usr/bin/env python3
"""Reads the captures of ../shared/corpus and holds what the product promises of them.

Usage: run_corpus.py HINOMI CORPUS [SET…]   (set `core` unless named)

No benign capture may give a case; of the malicious ones of set `core` at least NAMED_AT_LEAST must
give a case that names the host. Never more than RSS_MAX memory. Exit 77: the corpus is not here.
"""
import concurrent.futures
import csv
import json
import pathlib
import resource
import subprocess
import sys

NAMED_AT_LEAST = 9
RSS_MAX = 200 * 1024 * 1024


def judge(hinomi, corpus, row):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", corpus / row["path"]],
                          capture_output=True, timeout=300)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    cases = [line for line in lines if line["schema"] == "hinomi.case/1"]
    hosts = {ip for case in cases for ip in case["device"]["ip"]}
    return row, done.returncode, done.stderr.decode(), hosts


def main():
    hinomi, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    sets = sys.argv[3:] or ["core"]
    if not (corpus / "index.tsv").exists():
        print(f"skipped: no {corpus.name} beside the project")
        sys.exit(77)
    rows = [row for row in csv.DictReader((corpus / "index.tsv").open(), delimiter="\t")
            if row["set"].strip() in sets]
    bad, named, hostile = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for row, code, errors, hosts in pool.map(lambda row: judge(hinomi, corpus, row), rows):
            if code not in (0, 1) or (code == 1 and errors.count("\n") != 1):
                print(f'{row["path"]}: exit {code}: {errors}')
                bad += 1
            if row["label"] == "benign" and hosts:
                print(f'{row["path"]}: a case on a benign capture: {hosts}')
                bad += 1
            elif row["label"] in ("malicious", "mixed"):
                hostile += 1
                named += row["host_to_flag"].strip() in hosts
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"{len(rows)} captures, {named} of {hostile} hosts named, peak memory {peak >> 20} MiB")
    if "core" in sets and named < NAMED_AT_LEAST:
        print(f"fewer than {NAMED_AT_LEAST} hosts named")
        bad += 1
    # Sanitizers multiply memory: the promise is about the product as it ships.
    if peak > RSS_MAX and "asan" not in hinomi and "tsan" not in hinomi:
        print("more memory than promised")
        bad += 1
    sys.exit(1 if bad else 0)


main()
