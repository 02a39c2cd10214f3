#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
How connections that nobody knows look: the ground of the weights and thresholds of raw_channel,
reverse_shell and reconnect.

Usage: raw_channels.py HINOMI FOLDER [channels|turns|tries|openings]   (captures below FOLDER; a label is the
first part of the path)

channels: TCP to outside addresses, seen from its beginning, in which the client says something that
neither our dissectors nor nDPI know: how many servers (of a capture) there are for each label, and
which share of them has each piece of evidence.
turns: of such connections those in which the server opens: how often, how small, how much is
answered.
tries: TCP to one outside server and port that gives nothing: how often, how evenly.
openings: what a device says alone, by port and the sizes of its first two packets, to servers that say
nothing: to how many servers it says the same.
"""
import collections
import ipaddress
import json
import pathlib
import statistics
import subprocess
import sys

SUFFIXES = (".pcap", ".pcapng", ".cap", ".gz", ".zst")
CARRIERS = {"AmazonAWS", "Azure", "GoogleCloud", "Cloudflare", "Alibaba"}
ANY_PORT_IS_OPEN = {25, 53, 80, 443}


def facts(hinomi, capture):
    done = subprocess.run([hinomi, "read", "--facts", "--quiet", "--workers", "0", capture],
                          capture_output=True, timeout=600, check=False)
    for line in done.stdout.splitlines():
        if b'"fact":"flow.ended"' in line or b'"fact":"dns"' in line:
            yield json.loads(line)


def is_outside(address):
    return ipaddress.ip_address(address).is_global


def is_unknown(flow):
    app = flow.get("app", "")
    of_company = "." in app and app.split(".")[1] not in CARRIERS
    return "name" not in flow and (app in ("", "Unknown") or (flow.get("app_guessed") and not of_company))


def is_raw(flow):
    return (flow["protocol"] == "tcp" and is_unknown(flow) and not flow.get("midstream")
            and flow["answered"] and "c" in flow.get("shape", {}).get("sides", "")
            and is_outside(flow["server"]) and not is_outside(flow["client"]))


def seconds(text):
    return int(text[11:13]) * 3600 + int(text[14:16]) * 60 + float(text[17:26])


def evidence(flows, resolved):
    """Of all flows of one device to one server and port."""
    shapes = [flow["shape"] for flow in flows]
    port, server = flows[0]["server_port"], flows[0]["server"]
    yield "all", True
    yield "no name, DNS seen", bool(resolved) and server not in resolved
    yield "a port of another", port in ANY_PORT_IS_OPEN
    yield "port 443", port == 443
    yield "server first", any(shape["sides"][0] == "s" for shape in shapes)
    yield "clear text", any(shape["text_up"] >= 95 for shape in shapes)
    yield "tells its system", any("system" in shape.get("shell_up", ()) for shape in shapes)
    yield "4 connections", len(flows) >= 4
    yield "4 small turns of the server", any(shape.get("server_small", 0) >= 4 for shape in shapes)


def channels(captures):
    seen = collections.defaultdict(collections.Counter)
    for label, _, lines in captures:
        resolved = {address for line in lines for address in line.get("addresses", ())}
        places = collections.defaultdict(list)
        for line in lines:
            if line["fact"] == "flow.ended" and is_raw(line):
                places[line["client"], line["server"], line["server_port"]].append(line)
        for flows in places.values():
            seen[label].update(name for name, holds in evidence(flows, resolved) if holds)
    for label, counts in sorted(seen.items()):
        for name, count in counts.most_common():
            print(f'{label}\t{name}\t{count}\t{count / counts["all"]:.2f}')


def turns(captures):
    for label, name, lines in captures:
        for line in lines:
            shape = line.get("shape", {})
            if line["fact"] == "flow.ended" and is_unknown(line) and shape.get("server_opened", 0) > 1:
                opened = shape["server_opened"]
                print(label, name, line["protocol"], line["server_port"], opened,
                      f'{opened / (opened + shape["client_opened"]):.2f}',
                      f'{shape["server_small"] / opened:.2f}',
                      f'{shape["bytes_answered"] / max(1, shape["bytes_opened"]):.1f}', sep="\t")


def tries(captures):
    for label, name, lines in captures:
        places = collections.defaultdict(list)
        for line in lines:
            if (line["fact"] == "flow.ended" and line["protocol"] == "tcp" and not line.get("midstream")
                    and is_outside(line["server"]) and not is_outside(line["client"])):
                places[line["client"], line["server"], line["server_port"]].append(line)
        for (_, _, port), flows in places.items():
            given = sum("s" in flow.get("shape", {}).get("sides", "") for flow in flows)
            starts = sorted(seconds(flow["last"]) for flow in flows)
            paces = [b - a for a, b in zip(starts, starts[1:])]
            if len(flows) < 4 or given > len(flows) / 10:
                continue
            middle = statistics.median(paces)
            spread = statistics.median(abs(pace - middle) for pace in paces) / max(middle, 0.001)
            print(label, name, port, len(flows), f"{middle:.1f}", f"{spread:.2f}",
                  f"{starts[-1] - starts[0]:.0f}", sep="\t")


def openings(captures):
    for label, name, lines in captures:
        heard = collections.defaultdict(set)
        for line in lines:
            shape = line.get("shape", {})
            if line["fact"] == "flow.ended" and is_raw(line) and shape["sides"] == "c" * len(shape["sides"]) \
                    and len(shape["sizes"]) >= 2:
                heard[line["client"], line["server_port"], *shape["sizes"][:2]].add(line["server"])
        for (_, port, *sizes), servers in heard.items():
            print(label, name, port, sizes, len(servers), sep="\t")


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    captures = ((path.relative_to(folder).parts[0], path.name, list(facts(hinomi, path)))
                for path in paths)
    {"channels": channels, "turns": turns, "tries": tries,
     "openings": openings}[(sys.argv[3:] or ["channels"])[0]](captures)


if __name__ == "__main__":
    main()
