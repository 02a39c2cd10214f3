#!/usr/bin/env python3
"""Holds JA4 as `HINOMI read --facts` tells it against a table of expected ones.

Usage: check_ja4.py HINOMI FOLDER

FOLDER has expected.tsv (pcap, src, sport, dst, dport, hello, ja4, sni: `hello` counts those of one
flow) and the captures in pcap/. Each row must be told of its flow, in the order of its hellos.

Exit 1: a row is missing or differs. Exit 77: no such folder.
"""
import collections
import csv
import ipaddress
import json
import pathlib
import subprocess
import sys


def hellos_of(hinomi, capture):
    """The hellos of each flow, by what sent them: a list of (JA4, SNI)."""
    out = subprocess.run([hinomi, "read", "--facts", "--quiet", capture], capture_output=True,
                         timeout=600, check=True).stdout
    hellos = collections.defaultdict(list)
    for fact in map(json.loads, out.splitlines()):
        if fact.get("fact") != "tls.client_hello":
            continue
        client = fact["client"], fact["client_port"]
        server = fact["server"], fact["server_port"]
        ends = client + server if fact["from"] == "client" else server + client
        hellos[ends].append((fact.get("ja4", ""), fact.get("sni", "")))
    return hellos


def address(text):
    return str(ipaddress.ip_address(text))


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (folder / "expected.tsv").is_file():
        print("skipped: no table here")
        sys.exit(77)
    with open(folder / "expected.tsv", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    found = {name: hellos_of(hinomi, folder / "pcap" / name) for name in {row["pcap"] for row in rows}}
    wrong = 0
    for row in rows:
        ends = address(row["src"]), int(row["sport"]), address(row["dst"]), int(row["dport"])
        hellos = found[row["pcap"]].get(ends, [])
        number = int(row["hello"])
        got = hellos[number - 1] if number <= len(hellos) else ("none", "")
        if got[0] != row["ja4"] or got[1] != row["sni"].lower():
            wrong += 1
            print(f'{row["pcap"]} {ends} hello {number}: {row["ja4"]} {row["sni"]}, got {" ".join(got)}')
    print(f"{len(rows)} rows, {wrong} wrong")
    sys.exit(wrong > 0)


main()
