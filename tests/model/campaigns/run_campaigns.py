#!/usr/bin/env python3
"""Plays campaigns as published analyses describe them, each drawn anew, and asks which are named.

Usage: run_campaigns.py HINOMI [--seeds N] [--first N] [--least SHARE] [--keep FOLDER] [FAMILY…]

One line a family: how many of its draws opened a case P1 to P3 on the right device, the kinds that did,
and of those missed what was held back. Exit code 1 where the share named of all draws is below --least.
No capture of anybody's is used, and nothing is sent to a network: packets are written to a file.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

import hidden  # noqa: F401  (each fills the table of families)
import rats  # noqa: F401
import stealers  # noqa: F401
import web_bots  # noqa: F401
from family import FAMILIES
from scene import Scene


def judge(hinomi, capture, options):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", *options, capture],
                          capture_output=True, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if line["schema"] == "hinomi.case/1"]


def draw(hinomi, folder, name, seed):
    scene = Scene(f"{name} {seed}")
    FAMILIES[name](scene)
    capture = pathlib.Path(folder) / f"{name}-{seed}.pcap"
    scene.write(capture)
    cases = judge(hinomi, capture, ())
    named = [case for case in cases if scene.host in case["device"]["ip"] and case["priority"] <= 3]
    kinds = {finding["kind"] for case in named for finding in case["findings"]}
    doubts = []
    if not named:
        for case in judge(hinomi, capture, ("--set", "judge.confidence=0.02")):
            doubts += [f'{finding["kind"]} {finding["confidence"]:.2f}' for finding in case["findings"]]
    return bool(named), kinds, doubts


def main():
    words = argparse.ArgumentParser()
    words.add_argument("hinomi")
    words.add_argument("--seeds", type=int, default=4)
    words.add_argument("--first", type=int, default=0)
    words.add_argument("--least", type=float, default=0)
    words.add_argument("--keep")
    words.add_argument("family", nargs="*")
    asked = words.parse_intermixed_args()
    names = asked.family or list(FAMILIES)
    named_all = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        if asked.keep:
            folder = asked.keep
        for name in names:
            seeds = range(asked.first, asked.first + asked.seeds)
            draws = list(pool.map(lambda seed: draw(asked.hinomi, folder, name, seed), seeds))
            named = sum(is_named for is_named, _, _ in draws)
            kinds = collections.Counter(kind for _, found, _ in draws for kind in found)
            missed = [f"[{', '.join(doubts) or 'silent'}]" for is_named, _, doubts in draws if not is_named]
            named_all += named
            print(f"{name}\t{named} of {asked.seeds}\t{' '.join(kinds)}\t{' '.join(missed)}", flush=True)
    total = len(names) * asked.seeds
    print(f"{named_all} of {total} draws named, {named_all / total:.3f}")
    sys.exit(1 if named_all < asked.least * total else 0)


if __name__ == "__main__":
    main()
