#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Composes ordinary office days and reads them: at most one case a day, none of it urgent.

Usage: run_office_day.py HINOMI [--seeds 1,2] [--people 12] [--hours 10] [--memory MIB] [--keep FOLDER]

A day is told anew from parts.pcap.zst (tools/samples/day, why.md). With --memory the process may
hold that many MiB resident at most: its detection state, and all else of it besides.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COMPOSE = HERE.parent.parent / "tools/samples/day/compose.py"

MOST_CASES, LEAST_URGENT = 1, 3


def read(hinomi, capture):
    """The cases, the summary, and the most that was resident, in KiB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([hinomi, "read", "--json", "--quiet", "--workers", "0", capture],
                                   stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"exit {process.returncode}")
        out.seek(0)
        lines = [json.loads(line) for line in out]
    return [line for line in lines if line["schema"] == "hinomi.case/1"], lines[-1], usage.ru_maxrss


def told(case):
    findings = " ".join(f'{f["kind"]}={f["confidence"]:.2f}:{f.get("object", {}).get("value")}'
                        for f in case["findings"])
    return f'P{case["priority"]} {case["device"].get("name", "?")} {findings}'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hinomi", type=pathlib.Path)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--memory", type=float)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--parts", type=pathlib.Path, default=HERE / "parts.pcap.zst")
    options = parser.parse_args()
    if not shutil.which("zstd"):
        print("skipped: no zstd to unpack the recorded parts")
        sys.exit(77)
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in map(int, options.seeds.split(",")):
            capture = (options.keep or pathlib.Path(folder)) / f"day-{seed}.pcap"
            # In a process of its own: a child's first resident set is its parent's.
            subprocess.run([sys.executable, COMPOSE, options.parts, capture, "--seed", str(seed), "--hours",
                            str(options.hours), "--people", str(options.people)], check=True,
                           stdout=subprocess.DEVNULL)
            cases, summary, resident = read(options.hinomi.resolve(), capture)
            print(f'day {seed}: {summary["packets"]} packets, {summary["flows"]} flows, '
                  f'{summary["devices"]} devices, {summary["signals"]} signals, {len(cases)} cases, '
                  f'{resident / 1024:.1f} MiB resident')
            for case in cases:
                print("   ", told(case))
            if len(cases) > MOST_CASES or any(case["priority"] < LEAST_URGENT for case in cases):
                faults.append(f"day {seed}: an ordinary day has {len(cases)} cases")
            if options.memory and resident > options.memory * 1024:
                faults.append(f"day {seed}: {resident / 1024:.1f} MiB resident")
            if summary["devices"] < 20 or summary["capture_seconds"] < 8 * 3600:
                faults.append(f"day {seed}: too small to say anything")
    sys.exit("; ".join(faults) or 0)


main()
