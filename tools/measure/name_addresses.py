#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
How many addresses names come down to, as distributions: the ground of the thresholds of fast_flux
and rebinding.

Usage: name_addresses.py HINOMI FOLDER [LEAST]   (captures below FOLDER; a label is the first part
of the path; names with at least LEAST addresses, 8, are shown one by one)

Of each capture and name: distinct addresses, networks that hold them (/16, of IPv6 /32), answers
that brought new ones, whether another name stands between (CNAME), whether one resolver first told
an outside address alone and later an inside one alone.
"""
import collections
import ipaddress
import json
import pathlib
import subprocess
import sys


class Name:
    def __init__(self):
        self.addresses = set()
        self.rounds = 0
        self.is_alias = False
        self.outside_by = set()
        self.turns = 0


def network(address):
    bits = 16 if address.version == 4 else 32
    return ipaddress.ip_network((address, bits), strict=False)


def is_inside(address):
    return address.is_private and address not in ipaddress.ip_network("198.18.0.0/15") or \
        address.is_unspecified or address.is_loopback


def read(hinomi, capture):
    names = collections.defaultdict(Name)
    done = subprocess.run([hinomi, "read", "--facts", "--json", "--quiet", "--workers", "0", capture],
                          capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if not line.startswith('{"fact":"dns"'):
            continue
        fact = json.loads(line)
        told = [ipaddress.ip_address(a) for a in fact.get("addresses", [])]
        if not fact["response"] or not told or not fact.get("questions"):
            continue
        name = names[fact["questions"][0]]
        new = set(told) - name.addresses
        name.rounds += bool(new)
        name.addresses |= new
        name.is_alias |= any(" CNAME " in answer for answer in fact.get("answers", []))
        if all(map(is_inside, told)):
            name.turns += fact["server"] in name.outside_by
        elif not any(map(is_inside, told)):
            name.outside_by.add(fact["server"])
    return names


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    least = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    counts = collections.defaultdict(list)
    captures = sorted(p for p in folder.rglob("*.pcap*") if p.is_file())
    for capture in captures:
        label = capture.relative_to(folder).parts[0]
        for text, name in read(hinomi, capture).items():
            nets = len({network(a) for a in name.addresses})
            counts[label].append((len(name.addresses), nets, name.rounds))
            if len(name.addresses) >= least or name.turns:
                print(f"{label}\t{capture.name}\t{text}\taddresses {len(name.addresses)}\tnetworks "
                      f"{nets}\trounds {name.rounds}\talias {name.is_alias:d}\tturns {name.turns}")
    for label, rows in sorted(counts.items()):
        for title, column in (("addresses", 0), ("networks", 1), ("rounds", 2)):
            values = sorted(row[column] for row in rows)
            shares = "  ".join(f"{q}: {values[min(len(values) - 1, int(q * len(values)))]}"
                               for q in (0.5, 0.9, 0.99, 0.999, 1.0))
            print(f"{label}\t{len(values)} names\t{title}\t{shares}")


main()
