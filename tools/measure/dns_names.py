#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What devices ask name servers for, as distributions: the ground of the thresholds of dns_data,
failing_names and machine_names.

Usage: dns_names.py HINOMI FOLDER [data|failing]   (captures below FOLDER; a label is the first
part of the path)

data: each device and registered domain with names that carry long labels: distinct names, of them
those with data, longest label, share of questions for TXT, NULL, CNAME, MX, KEY and private types,
whether a number in the names counts up.
failing: each device with names that do not exist: distinct registered domains, their machine-made
cost (see name_model.py), distinct top labels unknown to the root.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"
CARRIERS = {"TXT", "NULL", "CNAME", "MX", "KEY", "TYPE65399"}
OWN = {"local", "localdomain", "lan", "internal", "home"}


def read_suffixes():
    lines = pathlib.Path(SUFFIXES).read_text().splitlines()
    return {line.strip().lstrip("*.!") for line in lines if line and not line.startswith("//")}


def registered(name, suffixes):
    labels = name.split(".")
    if labels[-1] in OWN:
        labels = labels[:-2]
    for i in range(len(labels)):
        if ".".join(labels[i + 1:]) in suffixes:
            return ".".join(labels[i:])
    return ".".join(labels[-2:])


def questions(hinomi, capture):
    done = subprocess.run([hinomi, "read", "--facts", "--json", "--quiet", "--workers", "0", capture],
                          capture_output=True)
    for line in done.stdout.splitlines():
        if b'"fact":"dns"' in line:
            fact = json.loads(line)
            for name, kind in zip(fact.get("questions", []), fact.get("question_types", [])):
                yield fact, name, kind


def is_data(label):
    return len(label) >= 16 and bool(re.search("[0-9]", label)) or len(label) >= 40


def counts_up(names):
    """Whether labels of digits at one place rise by one from name to name."""
    rises = 0
    for before, after in zip(names, names[1:]):
        pairs = zip(before.split("."), after.split("."))
        rises += any(a.isdigit() and b.isdigit() and int(b) == int(a) + 1 for a, b in pairs)
    return rises


def data(hinomi, captures, suffixes):
    print("capture device domain names data longest carrier_share rises".replace(" ", "\t"))
    for capture in captures:
        zones = collections.defaultdict(list)
        for fact, name, kind in questions(hinomi, capture):
            if not fact["response"]:
                zones[fact["client"], registered(name, suffixes)].append((name, kind))
        for (device, domain), asked in sorted(zones.items()):
            names = list(dict.fromkeys(name for name, _ in asked))
            below = [name[:-len(domain) - 1].split(".") for name in names if name != domain]
            carried = sum(any(is_data(label) for label in labels) for labels in below)
            longest = max((len(label) for labels in below for label in labels), default=0)
            share = sum(kind in CARRIERS for _, kind in asked) / len(asked)
            if carried:
                print(capture.parent.name + "/" + capture.name, device, domain[-60:], len(names), carried,
                      longest, f"{share:.2f}", counts_up(names), sep="\t")


def failing(hinomi, captures, suffixes):
    print("capture device domains unknown_tops examples".replace(" ", "\t"))
    for capture in captures:
        missing = collections.defaultdict(dict)
        for fact, name, _ in questions(hinomi, capture):
            if fact["response"] and fact.get("rcode") == 3 and "." in name and not name.endswith(".arpa"):
                missing[fact["client"]][registered(name, suffixes)] = name
        for device, domains in sorted(missing.items()):
            tops = {domain.rsplit(".", 1)[1] for domain in domains if "." in domain} - suffixes
            print(capture.parent.name + "/" + capture.name, device, len(domains), len(tops),
                  " ".join(sorted(domains)[:6]), sep="\t")


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    captures = sorted(path for path in folder.rglob("*.pcap*") if path.is_file())
    measure = {"data": data, "failing": failing}[sys.argv[3] if len(sys.argv) > 3 else "data"]
    measure(hinomi, captures, read_suffixes())


if __name__ == "__main__":
    main()
