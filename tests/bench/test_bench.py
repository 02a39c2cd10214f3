#!/usr/bin/env python3
"""The benchmark's own parts: captures are the same each time, and the floor and Hinomi see the same in them.

Usage: test_bench.py BUILD GOLDEN
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# Kind, what stands behind OUT, and how many flows there must be (None: real captures, idle times differ).
KINDS = [("mice", ["500"], 500), ("syn_flood", ["500"], 500), ("alive_tcp", ["200", "300"], 200),
         ("alive_http", ["200"], 200), ("alive_udp", ["200"], 200),
         ("elephants", ["2000", "{golden}/office-hour/capture.pcap"], 8),
         ("office_mix", ["500", "2:{golden}/sample/capture.pcapng", "1:{golden}/lan-scan/capture.pcap.gz"], None)]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def floor(build, mode, path):
    """(packets, flows) that a floor saw."""
    words = run(build / "tests/bench_floor", mode, path).split()
    return int(words[0]), int(words[2])


def check(build, golden, folder, kind, arguments, flows):
    paths = [folder / f"{kind}{i}.pcap" for i in range(2)]
    for path in paths:
        run(build / "tests/bench_generate", kind, path, *(text.format(golden=golden) for text in arguments))
    summary = json.loads(run(build / "sensor/hinomi", "read", "--quiet", "--json", paths[0]).splitlines()[-1])
    packets, _ = floor(build, "null", paths[0])
    seen = {floor(build, mode, paths[0])[1] for mode in ("flow", "ndpi")}
    problems = []
    if paths[0].read_bytes() != paths[1].read_bytes():
        problems.append("not the same twice")
    if packets == 0 or summary["frames"] != packets:
        problems.append(f"Hinomi saw {summary['frames']} frames, libpcap {packets}")
    if flows is not None and (seen != {flows} or summary["flows"] != flows):
        problems.append(f"Hinomi saw {summary['flows']} flows, the floor {seen}, and it has {flows}")
    print(f"{'FAIL' if problems else 'ok  '} {kind}: {packets} packets {'; '.join(problems)}")
    return not problems


def main():
    build, golden = map(pathlib.Path, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="hinomi-bench-") as folder:
        good = [check(build, golden, pathlib.Path(folder), *row) for row in KINDS]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
