#!/usr/bin/env python3
"""Reads each golden capture with --capsules and replays what comes of it.

Usage: run_capsules.py HINOMI FOLDER...

With 0 and 3 workers the capsules are the same bytes. Each comes to the same verdict; the chain of a
run holds, and not without one of its links; one changed byte is found wherever it is; a changed
option, another version of a rule and other data are named.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from beside import beside

FLIPS = 300
SEAL = 8 + 32
CHANGED = "scan.ports=200"


def run(hinomi, *arguments, cwd=None):
    return subprocess.run([hinomi, *map(str, arguments)], capture_output=True, text=True, cwd=cwd,
                          timeout=300)


def need(holds, *what):
    if not holds:
        sys.exit(" ".join(map(str, what)))


def make(hinomi, folder, into, workers):
    capture = next(folder.glob("capture.*")).name
    done = run(hinomi, "read", "--quiet", "--json", "--workers", workers, "--capsules", into,
               *beside(folder), capture, cwd=folder)
    need(done.returncode == 0, folder.name, done.stderr)
    made = {path.name: path.read_bytes() for path in sorted(into.iterdir())}
    told = json.loads(done.stdout.splitlines()[-1]).get("capsules", {})
    need(told == ({"made": len(made)} if made else {}), folder.name, told)
    return made


def parts(capsule):
    """The parts of a capsule by their names: sensor/judge/capsule.h."""
    at, found = len(b"hinomi capsule\n"), {}
    while at < len(capsule):
        length = int.from_bytes(capsule[at + 4:at + 8], "big")
        found[capsule[at:at + 4].decode()] = capsule[at + 8:at + 8 + length]
        at += 8 + length
    return found


def count_packets(name, capsule):
    """The slice is a capture of few, short, masked packets."""
    slice_, at, count = parts(capsule)["PCAP"], 24, 0
    need(not slice_ or slice_[:4] == (0xa1b23c4d).to_bytes(4, sys.byteorder), name, "no pcap")
    while at < len(slice_):
        length = int.from_bytes(slice_[at + 8:at + 12], sys.byteorder)
        need(0 < length <= 256, name, "packet of", length)
        at += 16 + length
        count += 1
    need(count <= 200 and at == max(len(slice_), 24), name, count, "packets")
    need(not any(word in slice_ for word in (b"HTTP/1", b"GET /", b"POST /", b"PASS ")), name, "is not masked")
    return count


def replay_all(hinomi, name, into, capsules):
    paths = [into / capsule for capsule in capsules]
    if not paths:
        return
    done = run(hinomi, "replay", "--chain", *paths)
    need(done.returncode == 0 and done.stdout.count(": the same: ") == len(paths), name,
         done.stdout)
    if len(paths) > 2:
        done = run(hinomi, "replay", "--chain", paths[0], *paths[2:])
        need(done.returncode == 1 and "the chain is broken" in done.stdout, name, done.stdout)


def check_flips(hinomi, folder, capsule):
    paths = []
    for number in range(FLIPS):
        at = number * (len(capsule) - 1) // (FLIPS - 1)
        changed = bytearray(capsule)
        changed[at] ^= 1 << number % 8
        paths.append(folder / f"flip-{number}")
        paths[-1].write_bytes(changed)
    done = run(hinomi, "replay", *paths)
    lines = done.stdout.splitlines()
    found = [line for line in lines if "has been changed" in line or "no capsule" in line]
    need(done.returncode == 1 and len(found) == len(lines) == FLIPS, "flips", done.stdout[:2000])


def sealed(capsule):
    return capsule[:-32] + hashlib.sha256(capsule[:-SEAL]).digest()


def check_named(hinomi, folder, capsule, before, after, *want):
    need(capsule.count(before) == 1 and len(before) == len(after), before, "stands there once")
    path = folder / "changed"
    path.write_bytes(sealed(capsule.replace(before, after)))
    done = run(hinomi, "replay", path)
    need(all(word in done.stdout for word in want), want, done.stdout)


def check_causes(hinomi, folder, capsule):
    check_named(hinomi, folder, capsule, b"SCN-1 scan_arp=1\n", b"SCN-1 scan_arp=9\n",
                "rule SCN-1 scan_arp: was 9, is 1")
    at = capsule.index(b"\nknown_services=") + 1
    line = capsule[at:capsule.index(b"\n", at) + 1]
    check_named(hinomi, folder, capsule, line, line[:-3] + b"??\n", "data known_services: was ")
    path = folder / "capsule"
    path.write_bytes(capsule)
    done = run(hinomi, "replay", "--set", CHANGED, path)
    need(done.returncode == 1 and "option scan.ports: was 20, is 200" in done.stdout, done.stdout)
    done = run(hinomi, "replay", "--set", "flow.batch=1", path)
    need(done.returncode == 0 and "option" not in done.stdout, done.stdout)


def check_bounds(hinomi, folder, into, count):
    """What a day has no room for is counted; how many were."""
    done = run(hinomi, "read", "--quiet", "--json", "--capsules", into, "--set", "capsule.daily=1",
               *beside(folder), next(folder.glob("capture.*")).name, cwd=folder)
    told = json.loads(done.stdout.splitlines()[-1])["capsules"]
    beyond = told.get("beyond_daily", 0)
    need(0 < told["made"] == count - beyond, folder.name, told)
    return beyond


def check_decisions(hinomi, folder, paths):
    """What people decide since is named, where the verdict is another by it."""
    decisions = folder / "decisions.yaml"
    decisions.write_text("devices:\n  - { device: BEN-DESKTOP, importance: high }\n")
    done = run(hinomi, "replay", "--set", f"judge.decisions={decisions}", *paths)
    need(done.returncode == 1 and "data decisions: was none, is " in done.stdout, done.stdout)


def check_list(hinomi, folder, paths):
    """A verdict by a list comes again without it, and not by another one, which is named."""
    other = folder / "other.txt"
    other.write_text("nobody.example\n")
    done = run(hinomi, "replay", *paths)
    need(done.returncode == 0, done.stdout)
    done = run(hinomi, "replay", "--intel", other, *paths)
    need(done.returncode == 1 and "data indicators: was " in done.stdout, done.stdout)


def main():
    hinomi = pathlib.Path(sys.argv[1]).resolve()
    flipped = bounded = made = packets = 0
    for folder in map(pathlib.Path, sys.argv[2:]):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            capsules = make(hinomi, folder, scratch / "0", 0)
            need(capsules == make(hinomi, folder, scratch / "3", 3), folder.name,
                 "other capsules with 3 workers than with none")
            replay_all(hinomi, folder.name, scratch / "0", capsules)
            made += len(capsules)
            packets += sum(count_packets(folder.name, capsule) for capsule in capsules.values())
            if folder.name == "port-scan":
                first = next(iter(capsules.values()))
                check_flips(hinomi, scratch, first)
                check_causes(hinomi, scratch, first)
                check_decisions(hinomi, scratch, [scratch / "0" / name for name in capsules])
                flipped += 1
            if len(capsules) > 1:
                bounded += check_bounds(hinomi, folder, scratch / "few", len(capsules))
            if folder.name == "listed":
                check_list(hinomi, scratch, [scratch / "0" / name for name in capsules])
                flipped += 1
    need(flipped == 2 and bounded > 0 and made > 20 and packets > made, "captures are missing")
    print(made, "capsules,", packets, "packets")


main()
