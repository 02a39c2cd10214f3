#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
How often and how long devices call outside: the ground of strobe, hidden_mining, and of the rare
kinds of TLS clients in odd_tls.

Usage: calls.py HINOMI FOLDER [strobe|lines|kinds]   (captures below FOLDER; a label is the first part
of the path)

strobe: TCP connections of a device to one name (or address) and port that gives something: the most
within an hour, how alike they are in bytes sent, how evenly they come.
lines: connections of TLS, or of nobody knows what, that last ten minutes: bytes a second, how often
each side speaks after a silence, how much the server says then.
kinds: TLS clients by JA4: how many kinds each device has that it uses for one destination alone, of
how many; and of devices with several kinds, how often a destination meets another kind than before.
"""
import collections
import ipaddress
import json
import pathlib
import statistics
import subprocess
import sys
from datetime import datetime

SUFFIXES = (".pcap", ".pcapng", ".cap", ".gz", ".zst")
HOUR = 3600
MANY = 40
LONG = 600


def facts(hinomi, capture):
    done = subprocess.run([hinomi, "read", "--facts", "--quiet", "--workers", "0", capture],
                          capture_output=True, timeout=600, check=False)
    for line in done.stdout.splitlines():
        if b'"fact":"flow.ended"' in line or b'"fact":"tls.client_hello"' in line:
            yield json.loads(line)


def is_outside(address):
    return ipaddress.ip_address(address).is_global


def goes_out(line):
    return is_outside(line["server"]) and not is_outside(line["client"])


def seconds(text):
    return datetime.fromisoformat(text[:26].rstrip("Z")).timestamp()


def most_within_an_hour(times):
    most, low = 0, 0
    for high, time in enumerate(times):
        while time - times[low] > HOUR:
            low += 1
        most = max(most, high - low + 1)
    return most


def strobe(captures):
    for label, name, lines in captures:
        places = collections.defaultdict(list)
        for line in lines:
            if (line["fact"] == "flow.ended" and line["protocol"] == "tcp" and not line.get("midstream")
                    and goes_out(line)):
                places[line["client"], line.get("name", line["server"]), line["server_port"]].append(line)
        for (_, place, port), flows in places.items():
            given = sum("s" in flow.get("shape", {}).get("sides", "") for flow in flows) / len(flows)
            if len(flows) < MANY or given < 0.5:
                continue
            times = sorted(seconds(flow["last"]) for flow in flows)
            sizes = [flow["bytes_up"] for flow in flows]
            usual = statistics.median(sizes)
            alike = sum(abs(size - usual) <= max(64, usual * 0.1) for size in sizes) / len(sizes)
            paces = [b - a for a, b in zip(times, times[1:])]
            middle = statistics.median(paces)
            spread = statistics.median(abs(pace - middle) for pace in paces) / max(middle, 0.001)
            print(label, name, place, port, most_within_an_hour(times), f"{alike:.2f}", f"{middle:.2f}",
                  f"{spread:.2f}", f"{times[-1] - times[0]:.0f}", sep="\t")


def lines_kept_open(captures):
    for label, name, lines in captures:
        for line in lines:
            if line["fact"] != "flow.ended" or line["protocol"] != "tcp" or not goes_out(line):
                continue
            shape = line.get("shape", {})
            # A fact tells when it ended alone; of what lives its first minute stands in --flows.
            lasted = seconds(line["last"]) - line.get("began", 0)
            opened = shape.get("server_opened", 0)
            if "began" not in line or lasted < LONG or not line.get("app", "").startswith(("TLS", "Unknown", "Mining")):
                continue
            print(label, name, line.get("name", line["server"]), line["server_port"], line["app"],
                  f"{lasted:.0f}", f"{line['bytes_up'] / lasted:.1f}", f"{line['bytes_down'] / lasted:.1f}",
                  opened, shape.get("client_opened", 0), shape.get("bytes_opened", 0) // max(1, opened), sep="\t")


def kinds(captures):
    totals = collections.defaultdict(collections.Counter)
    for label, _, lines in captures:
        by_kind = collections.defaultdict(set)
        by_place = collections.defaultdict(set)
        hellos = collections.Counter()
        for line in lines:
            if line["fact"] != "tls.client_hello" or "ja4" not in line or not goes_out(line):
                continue
            place = line.get("sni", line["server"])
            by_kind[line["client"], line["ja4"]].add(place)
            by_place[line["client"], place].add(line["ja4"])
            hellos[line["client"]] += 1
        for (device, _), places in by_kind.items():
            if hellos[device] >= 20:
                totals[label]["kinds"] += 1
                totals[label]["kinds for one place"] += len(places) == 1
        for (device, _), used in by_place.items():
            if hellos[device] >= 20:
                totals[label]["places"] += 1
                totals[label]["places that met several kinds"] += len(used) > 1
    for label, counts in sorted(totals.items()):
        print(label, dict(counts))


def with_beginnings(hinomi, path):
    """Each flow's first packet, which its last fact does not tell."""
    done = subprocess.run([hinomi, "read", "--flows", "--json", "--quiet", "--workers", "0", path],
                          capture_output=True, timeout=600, check=False)
    began = {}
    for line in done.stdout.splitlines():
        if b'"event_type":"flow"' in line:
            flow = json.loads(line)
            began[flow["flow_id"]] = seconds(flow["flow"]["start"])
    for line in facts(hinomi, path):
        if line.get("flow") in began:
            line["began"] = began[line["flow"]]
        yield line


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    what = (sys.argv[3:] or ["strobe"])[0]
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    read = with_beginnings if what == "lines" else facts
    captures = ((path.relative_to(folder).parts[0], path.name, list(read(hinomi, path))) for path in paths)
    {"strobe": strobe, "lines": lines_kept_open, "kinds": kinds}[what](captures)


if __name__ == "__main__":
    main()
