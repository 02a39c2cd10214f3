#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A host that claims outside addresses for the office hides nothing by it.

Usage: test_claims.py HINOMI GOLDEN

Before and during a golden capture an office host answers by ARP for the address that a case is about,
and gives out its network by DHCP: the case must be told as without.
"""
import json
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile

from test_mirror import frames, write

LIAR = bytes.fromhex("021122334455")
EVERYBODY = b"\xff" * 6
ZEROS = bytes(4)


def arp_claim(address):
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + LIAR + address + EVERYBODY + address
    return EVERYBODY + LIAR + b"\x08\x06" + body


def checksum_less_udp(source, destination, ports, payload):
    udp = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 9, 0, 64, 17, 0) + source + destination + udp


def dhcp_claim(address):
    server = address[:3] + b"\x01"
    options = (b"\x63\x82\x53\x63" b"\x35\x01\x05" b"\x36\x04" + server + b"\x01\x04\xff\xff\xff\x00"
               b"\x03\x04" + server + b"\x33\x04\x00\x00\x0e\x10\xff")
    message = struct.pack(">BBBBIHH", 2, 1, 6, 0, 77, 0, 0) + ZEROS + address[:3] + b"\x63" + server + ZEROS
    message += LIAR + bytes(10 + 64 + 128) + options
    return EVERYBODY + LIAR + b"\x08\x00" + checksum_less_udp(server, b"\xff" * 4, (67, 68), message)


def cases_of(hinomi, path, *more):
    done = subprocess.run([hinomi, "read", "--json", "--quiet", *more, path], check=True, capture_output=True,
                          timeout=120)
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    return [case for case in cases if case["schema"] == "hinomi.case/1"]


def facts_of(hinomi, path, name):
    done = subprocess.run([hinomi, "read", "--facts", "--quiet", path], check=True, capture_output=True, timeout=120)
    return [line for line in map(json.loads, done.stdout.splitlines()) if line.get("fact") == name]


def gist(case):
    told = ("rule", "direction", "priority", "confidence", "count", "object")
    return case["priority"], [[finding[name] for name in told] for finding in case["findings"]]


def outside_ends(case):
    return {flow["dest_ip"] for finding in case["findings"] for flow in finding["flows"]
            if not flow["dest_ip"].startswith(("192.168.", "10."))}


def main():
    hinomi, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="hinomi-test-") as folder:
        for name in ("beacon", "listed"):
            more = ("--intel", str(golden / name / "intel.txt")) if name == "listed" else ()
            once = list(frames((golden / name / "capture.pcap").read_bytes()))
            plain, claimed = pathlib.Path(folder, "plain.pcap"), pathlib.Path(folder, "claimed.pcap")
            write(plain, once)
            want = cases_of(hinomi, plain, *more)
            ends = sorted(set().union(*map(outside_ends, want)))
            claims = [claim(socket.inet_aton(end)) for end in ends for claim in (arp_claim, dhcp_claim)]
            write(claimed, [(time - 0.001, claim, len(claim)) for time, *_ in once[::50] for claim in claims] + once)
            got = cases_of(hinomi, claimed, *more)
            print(f"{name}: {len(want)} cases about {', '.join(ends)}, {len(got)} with claims")
            assert ends and facts_of(hinomi, claimed, "prefix"), "nothing was claimed"
            assert list(map(gist, got)) == list(map(gist, want))


if __name__ == "__main__":
    main()
