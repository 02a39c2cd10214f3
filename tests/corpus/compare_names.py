#!/usr/bin/env python3
"""Holds the name of each flow against what nDPI alone would have given it (floor_names.c).

Usage: compare_names.py HINOMI FLOOR_NAMES CAPTURE|FOLDER…

Ours must be the same, or better. Better is, and nothing else:
  - the floor does not know, or guesses by port or address, and we name by what was said;
  - the floor has the carrier or the application alone, and ours has both ("DNS.Google");
  - the floor has QUIC and the address's owner, because this nDPI does not join a hello that its client
    cut into several frames or Initials, and ours is by the name in the hello;
  - the floor has another name for what one of our own dissectors has read (OWN: DNS, mDNS …);
Accepted besides, and counted apart:
  - a flow that is not in the flow log, where the summary says that so many were only counted;
  - both say STUN, and differ in whose: nDPI takes that from other flows it saw, and four lanes
    with a module each see others than one module does;
  - one packet longer than a lane is shown (malcolm_telnet.pcap has 65,521 bytes) and so only guessed.
Every difference is printed, the worse ones first. Exit 1: one is worse. Exit 77: no captures.
"""
import collections
import concurrent.futures
import datetime
import json
import pathlib
import subprocess
import sys

OWN = {"DNS", "MDNS", "LLMNR", "DHCP", "NetBIOS", "TLS"}
TOO_LONG = {"malcolm_telnet.pcap": "Telnet"}
MICROSECOND = datetime.timedelta(microseconds=1)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(text):
    return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // MICROSECOND


def ours_of(hinomi, capture):
    """Labels by flow, and how many flows were only counted."""
    out = subprocess.run([hinomi, "read", "--json", "--flows", "--quiet", "--workers", "0", capture],
                         capture_output=True, timeout=600).stdout
    labels, counted = {}, 0
    for line in map(json.loads, out.splitlines()):
        if line.get("event_type") == "flow":
            key = f'{line["community_id"]} {microseconds(line["flow"]["start"])}'
            labels[key] = line["hinomi"]["protocol"], line["hinomi"]["protocol_guessed"]
        elif line["schema"] == "hinomi.summary/1":
            counted = line.get("attempts_counted", 0)
    return labels, counted


def floor_of(floor, capture):
    out = subprocess.run([floor, capture], capture_output=True, timeout=600, check=True).stdout
    for line in out.decode().splitlines():
        key, name, how = line.split("\t")
        yield key, (name, how == "guess")


def is_better(floor, ours):
    (floor_name, floor_guessed), (name, guessed) = floor, ours
    if name == "Unknown":
        return False
    if floor_name == "Unknown" or (floor_guessed and not guessed):
        return True
    if not guessed and (name.startswith(floor_name + ".") or name.endswith("." + floor_name)):
        return True
    if floor_name == "QUIC.Google" and name.startswith("QUIC."):
        return True
    return name.split(".")[0] in OWN and floor_name.split(".")[0] not in OWN and not guessed


def is_accepted(floor, ours, capture):
    both_stun = floor[0].startswith("STUN.") and ours[0].startswith("STUN.")
    return both_stun or TOO_LONG.get(capture) == floor[0]


def judge(floor, ours, capture):
    if is_better(floor, ours):
        return "better"
    return "accepted" if is_accepted(floor, ours, capture) else "WORSE"


def compare(hinomi, floor, capture):
    (ours, counted), want = ours_of(hinomi, capture), dict(floor_of(floor, capture))
    found = collections.Counter()
    missing = [key for key in want if key not in ours]
    if len(missing) <= counted:
        found["accepted", ("any", False), ("only counted", False), capture.name] = len(missing)
    for key, label in want.items():
        mine = ours.get(key, ("(no flow)", False))
        if mine[0] != label[0] and (key in ours or len(missing) > counted):
            found[judge(label, mine, capture.name), label, mine, capture.name] += 1
    return len(want), +found  # without zeros


def main():
    hinomi, floor = sys.argv[1:3]
    captures = []
    for path in map(pathlib.Path, sys.argv[3:]):
        captures += sorted(p for p in path.rglob("*.pcap*") if p.is_file()) if path.is_dir() else [path]
    if not captures or not all(path.exists() for path in captures):
        print("skipped: no captures here")
        sys.exit(77)
    flows, differences = 0, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for count, found in pool.map(lambda c: compare(hinomi, floor, c), captures):
            flows += count
            differences += found
    for (verdict, want, mine, name), count in sorted(differences.items(), key=lambda d: (d[0][0], -d[1])):
        how = ["", " (guess)"]
        print(f'{verdict}: {count} × floor {want[0]}{how[want[1]]}, '
              f'ours {mine[0]}{how[mine[1]]}  {name}')
    sums = collections.Counter()
    for (verdict, *_), count in differences.items():
        sums[verdict] += count
    print(f'{len(captures)} captures, {flows} flows: {sums["better"]} better, '
          f'{sums["accepted"]} accepted, {sums["WORSE"]} worse')
    sys.exit(sums["WORSE"] > 0)


main()
