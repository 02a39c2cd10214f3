#!/usr/bin/env python3
"""Says of each capture of ../shared/corpus what `hinomi read` concludes, as one table.

Usage: verdicts.py HINOMI CORPUS [WORD…]   (only captures whose path or class holds a WORD)

One line each: label, NAMED (a case names the host of the index), FALSE (a case on a benign capture)
or -, the path, the host, then each case as DEVICE:PRIORITY:KINDS and what was held back. The last
line counts hosts named, benign captures with a case, and cases for each malicious capture.
"""
import concurrent.futures
import csv
import json
import pathlib
import subprocess
import sys


def judge(hinomi, corpus, row):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", corpus / row["path"]],
                          capture_output=True, timeout=600)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    cases = [line for line in lines if line["schema"] == "hinomi.case/1"]
    return row, cases, lines[-1] if lines else {}


def told(case):
    device = (case["device"]["ip"] or [case["device"].get("mac", "?")])[0]
    kinds = "+".join(finding["kind"] for finding in case["findings"])
    return f'{device}:P{case["priority"]}:{kinds}'


def held_back(summary):
    held = summary.get("held_back", {})
    return " ".join(f"{reason}={count}" for reason, count in held.items() if count)


def main():
    hinomi, corpus, words = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    if not (corpus / "index.tsv").exists():
        print(f"skipped: no {corpus.name} beside the project")
        sys.exit(77)
    rows = [row for row in csv.DictReader((corpus / "index.tsv").open(), delimiter="\t")
            if not words or any(word in row["path"] + row["class"] for word in words)]
    count = {"named": 0, "hostile": 0, "false": 0, "benign": 0, "cases": 0}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for row, cases, summary in pool.map(lambda row: judge(hinomi, corpus, row), rows):
            hosts = {ip for case in cases for ip in case["device"]["ip"]}
            is_hostile = row["label"] in ("malicious", "mixed")
            mark = "-"
            if is_hostile:
                count["hostile"] += 1
                count["cases"] += len(cases)
                if row["host_to_flag"].strip() in hosts:
                    count["named"] += 1
                    mark = "NAMED"
            elif row["label"] == "benign":
                count["benign"] += 1
                count["false"] += bool(cases)
                mark = "FALSE" if cases else "-"
            print(row["label"], mark, row["path"], row["host_to_flag"] or "-",
                  " ".join(told(case) for case in cases) or "no_case", held_back(summary), sep="\t")
    print(f'{count["named"]} of {count["hostile"]} hosts named, '
          f'{count["false"]} of {count["benign"]} benign captures with a case, '
          f'{count["cases"] / max(1, count["hostile"]):.2f} cases for each malicious capture')


if __name__ == "__main__":
    main()
