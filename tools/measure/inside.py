#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What the thresholds of remote_execution, directory_theft, logon_bypass, exploit, lateral_fanout,
name_poisoning, lan_integrity and of pings in scan rest on: how often captures show what.

usage: inside.py HINOMI CORPUS    (a folder with index.tsv: path, label)

For each label and measure one line: in how many captures it is 0, 1, 2 … (the greatest of a capture).
"""
import collections
import csv
import json
import pathlib
import subprocess
import sys

STARTS = {("svcctl", 12), ("svcctl", 24), ("svcctl", 19), ("svcctl", 31), ("atsvc", 0),
          ("ITaskSchedulerService", 1), ("ITaskSchedulerService", 12), ("IWbemServices", 24),
          ("IWbemServices", 25), ("IDispatch", 6)}
SECRETS = {("drsuapi", 3), ("winreg", 20), ("winreg", 31)}
DOORS = {22, 135, 445, 3389, 5985, 5986}
WINDOW_SECONDS = 600


def facts(hinomi, capture):
    with subprocess.Popen([hinomi, "read", "--facts", "--quiet", capture], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as reading:
        for line in reading.stdout:
            yield json.loads(line)


def seconds(fact):
    clock = fact["time"][11:26].rstrip("Z").split(":")
    return int(fact["time"][8:10]) * 86400 + int(clock[0]) * 3600 + int(clock[1]) * 60 + float(clock[2])


def is_inside(address):
    return address.startswith(("10.", "192.168.")) or (
        address.startswith("172.") and 16 <= int(address.split(".")[1]) < 32)


def measure(hinomi, capture):
    """Of one capture: the greatest number of each measure."""
    most = collections.Counter()
    names, peers, held, pings = (collections.defaultdict(set) for _ in range(4))
    turns, failed = collections.Counter(), collections.Counter()
    for fact in facts(hinomi, capture):
        kind = fact.get("fact", "")
        call = (fact.get("interface"), fact.get("opnum"))
        window = (int(seconds(fact) / WINDOW_SECONDS),) if "time" in fact else ()
        if kind == "dcerpc.request":
            most["calls that start programs"] += call in STARTS
            most["calls for secrets"] += call in SECRETS
            most[f"repeated calls of {call[0]}"] = max(most[f"repeated calls of {call[0]}"],
                                                       fact.get("attempts", 0))
        elif kind == "http.request" and fact.get("winrm"):
            most["messages of a shell"] += 1
        elif kind == "smb.file" and fact.get("administrative"):
            most["files of administrators' shares"] += 1
        elif kind == "smb.transaction":
            most["mismatched transactions"] += fact.get("mismatched", False)
            most["setups by transaction"] += fact.get("function") == "0x0000000e"
        elif kind == "rdp.client":
            most["kept channels asked for"] += "MS_T120" in fact.get("channels", [])
        elif kind == "llmnr" and fact.get("response") and fact.get("addresses"):
            names[(fact["client"], *window)].update(fact["questions"])
        elif kind == "neighbour" and fact.get("sender"):
            if held.get(fact["sender"]) not in (None, fact["mac"]):
                turns[fact["sender"]] += 1
            held[fact["sender"]] = fact["mac"]
        elif kind == "flow.ended" and is_inside(fact["server"]) and is_inside(fact["client"]):
            who = (fact["client"], *window)
            if fact["protocol"] == "icmp" and fact["client_port"] == 8:
                pings[who].add(fact["server"])
                failed[who] += not fact["answered"]
            elif fact["server_port"] in DOORS and fact["answered"]:
                peers[who].add(fact["server"])
    for name, found in (("names answered for", names), ("peers at administrators' doors", peers),
                        ("machines pinged", pings)):
        most[name] = max(map(len, found.values()), default=0)
    most["turns of an address"] = max(turns.values(), default=0)
    who = max(pings, key=lambda one: len(pings[one]), default=None)
    most["tenths of pings in vain"] = round(10 * failed[who] / len(pings[who])) if who else 0
    return most


def main():
    hinomi, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    found = collections.defaultdict(collections.Counter)
    with (corpus / "index.tsv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    measured = [(row["label"], measure(hinomi, corpus / row["path"])) for row in rows]
    every = sorted({name for _, most in measured for name in most})
    for label, most in measured:
        for name in every:
            found[(name, label)][most[name]] += 1
    for (name, label), counts in sorted(found.items()):
        print(f"{name:34} {label:10}", " ".join(f"{value}:{count}" for value, count
                                                 in sorted(counts.items())))


if __name__ == "__main__":
    main()
