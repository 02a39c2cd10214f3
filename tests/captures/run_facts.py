#!/usr/bin/env python3
"""Reads captures of real programs with `--facts`, and counts what is told.

Usage: run_facts.py HINOMI [CAPTURE…]
       run_facts.py --update HINOMI

Of each capture (all in this folder when none is named): all numbers of workers and two hash keys
tell the same; each line fits the schemas (tests/golden/check_schema.py); and of each fact, and each
kind of tunnel, there are as many as expected.tsv says. --update reads all captures and rewrites
expected.tsv; a person then reads the difference.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import sys

from facts import CAPTURES, name_of, read

sys.path.insert(0, str(CAPTURES.parent / "golden"))
import check_schema  # noqa: E402

EXPECTED = CAPTURES / "expected.tsv"
COLUMNS = "capture\tfact\tcount"
RUNS = [("0", "0" * 32), ("1", "f" * 32), ("2", "0" * 32), ("3", "f" * 32)]


def counts(lines):
    """{fact: how many}, and of tunnels how many headers were taken off."""
    found = collections.Counter(filter(None, map(name_of, lines)))
    for kind, count in json.loads(lines[-1]).get("tunnels", {}).items():
        found[f"summary.tunnels.{kind}"] = count
    return found


def read_with(hinomi, capture, run):
    workers, key = run
    return read(hinomi, "--workers", workers, "--hash-key", key, capture)


def expected():
    """{capture: {fact: count}}"""
    found = collections.defaultdict(dict)
    for row in EXPECTED.read_text(encoding="utf-8").splitlines()[1:]:
        capture, fact, count = row.split("\t")
        found[capture][fact] = int(count)
    return found


def count_faults(found, wanted):
    for fact in sorted({*found, *wanted}):
        if found.get(fact, 0) != wanted.get(fact, 0):
            yield f"{fact}: {found.get(fact, 0)}, expected.tsv has {wanted.get(fact, 0)}"


def faults(hinomi, capture, wanted):
    """Of its counts and its runs; and all that the first run said."""
    lines = read_with(hinomi, capture, RUNS[0])
    found = [f"workers and key {run}: another output than {RUNS[0]}"
             for run in RUNS[1:] if read_with(hinomi, capture, run) != lines]
    return [*found, *count_faults(counts(lines), wanted)], "\n".join(lines)


def update(hinomi):
    captures = sorted(CAPTURES.glob("*.pcap"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tallies = list(pool.map(lambda c: counts(read_with(hinomi, c, RUNS[0])), captures))
    rows = [f"{capture.name}\t{fact}\t{tally[fact]}"
            for capture, tally in zip(captures, tallies) for fact in sorted(tally)]
    EXPECTED.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")


def main():
    if sys.argv[1:2] == ["--update"]:
        update(pathlib.Path(sys.argv[2]).resolve())
        return
    hinomi, wanted, bad = pathlib.Path(sys.argv[1]).resolve(), expected(), 0
    captures = [pathlib.Path(one).resolve() for one in sys.argv[2:]] or sorted(CAPTURES.glob("*.pcap"))
    try:
        validators = check_schema.validators()
    except ImportError:
        validators = None
        print("not held against the schemas: python3-jsonschema is missing")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = pool.map(lambda c: faults(hinomi, c, wanted.pop(c.name, {})), captures)
        for capture, (found, text) in zip(captures, work):
            for fault in [*found, *(check_schema.check(text, validators) if validators else [])]:
                print(f"{capture.name}: {fault}")
                bad += 1
    if len(sys.argv) == 2 and wanted:
        print(f"expected.tsv speaks of captures that are not here: {' '.join(sorted(wanted))}")
        bad += 1
    sys.exit(bool(bad))


main()
