#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What hosts say of their systems, as distributions: the ground of old_system.

Usage: systems.py HINOMI FOLDER   (captures below FOLDER; a label is the first part of the path)

For each label: how many hosts tell it by NTLM, by SMB 1, by a part of the system (CryptoAPI, BITS,
Delivery Optimization, Dalvik) or by any other User-Agent, and of how many days they were heard.
Then each host that tells two versions of Windows: programs that make theirs up, and routers.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

COMPONENTS = ("Microsoft-CryptoAPI/", "Microsoft BITS/", "Microsoft-Delivery-Optimization/", "Dalvik/")


def told(fact):
    if fact["fact"].startswith("ntlm.") and fact.get("version"):
        return "ntlm", fact["version"]
    if fact["fact"] == "smb.session" and fact.get("os"):
        return "smb", fact["os"]
    agent = fact.get("user_agent", "") if fact["fact"] == "http.request" else ""
    version = re.search(r"Windows NT [\d.]+|Mac OS X \d+[_.]\d+|Android [\d.]+|CryptoAPI/[\d.]+|BITS/[\d.]+", agent)
    if not version:
        return None
    return ("component" if agent.startswith(COMPONENTS) else "agent"), version.group()


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    ways, days, hosts = collections.Counter(), collections.defaultdict(set), collections.defaultdict(set)
    for path in sorted(p for p in folder.rglob("*.pcap*") if p.is_file()):
        label = path.relative_to(folder).parts[0]
        done = subprocess.run([hinomi, "read", "--facts", "--quiet", "--workers", "0", path], capture_output=True)
        for line in done.stdout.splitlines():
            if not re.search(rb'"fact":"(ntlm\.|smb\.session|http\.request)', line[:40]):
                continue
            fact = json.loads(line)
            system = told(fact)
            if not system:
                continue
            host = (label, path.name, fact["client"] if fact["from"] == "client" else fact["server"])
            hosts[host].add(system)
            days[host].add(fact["time"][:10])
    for (label, _, _), systems in hosts.items():
        for way in {way for way, _ in systems}:
            ways[label, way] += 1
    for (label, way), count in sorted(ways.items()):
        print(label, way, count, "hosts", sep="\t")
    for (label, count), number in sorted(collections.Counter((h[0], len(d)) for h, d in days.items()).items()):
        print(label, f"{count} days", number, "hosts", sep="\t")
    for host, systems in sorted(hosts.items()):
        windows = {v for _, v in systems if "Mac" not in v and "Android" not in v}
        if len(windows) > 1:
            print(*host, sorted(windows), sep="\t")


main()
