#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What routers and false ones announce: an office by hand, whose host talks to a listed server.

Usage: test_announced.py HINOMI

Whatever a false router announces, the contact is one with the internet; and a change of the office's
prefix makes neither new devices nor strangers.
"""
import ipaddress
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

ROUTER, HOST, OTHER, ROGUE = (bytes((2, 0, 0, 0, 0, last)) for last in (1, 0x10, 0x11, 0x66))
ALL = bytes.fromhex("333300000001")
OFFICE, NEXT, ELSEWHERE = "2001:db8:1:1::", "2001:db8:77:1::", "2001:db8:bad:7::"
SERVER, LISTED_PORT = ELSEWHERE + "53", 4444
TCP, ICMPV6 = 6, 58
SYN, ACK, PSH = 2, 16, 8
UNKNOWN_SERVER = "2001:db8:bad:8::53"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


class Wire:
    """Frames, a tenth of a second apart."""

    def __init__(self):
        self.frames, self.time, self.port = [], 1_700_000_000.0, 40000

    def send(self, source_mac, target_mac, source, target, protocol, payload, hops=64):
        source, target = (ipaddress.ip_address(a) for a in (source, target))
        if source.version == 4:
            head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), len(self.frames), 0, hops, protocol, 0)
            kind = b"\x08\x00"
        else:
            head, kind = struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops), b"\x86\xdd"
        self.frames.append((self.time, target_mac + source_mac + kind + head + source.packed + target.packed + payload))
        self.time += 0.1

    def control(self, mac, source, target, body):
        self.send(mac, ALL, source, target, ICMPV6, body, hops=255)

    def advertise(self, mac, *prefixes):
        body = bytes((134, 0, 0, 0, 64, 0)) + struct.pack("!HII", 1800, 0, 0)
        for prefix in map(ipaddress.ip_network, prefixes):
            body += struct.pack("!BBBBIII", 3, 4, prefix.prefixlen, 0xC0, 7200, 3600, 0) + prefix.network_address.packed
        self.control(mac, f"fe80::{mac[-1]:x}", "ff02::1", body)

    def neighbour(self, mac, address):
        """Tells that it has `address`, to all."""
        packed = ipaddress.ip_address(address).packed
        self.control(mac, address, "ff02::1", bytes((136, 0, 0, 0, 0x20, 0, 0, 0)) + packed + bytes((2, 1)) + mac)

    def talk(self, mac, source, target, port, gateway=ROUTER):
        """A conversation through the router, answered with data."""
        self.port += 1
        for is_up, flags, sequence, acknowledged, words in (
                (True, SYN, 100, 0, b""), (False, SYN | ACK, 500, 101, b""), (True, ACK, 101, 501, b""),
                (True, ACK | PSH, 101, 501, b"\x99hello"), (False, ACK | PSH, 501, 107, b"\x98welcome")):
            ends = (self.port, port) if is_up else (port, self.port)
            segment = struct.pack("!HHIIBBHHH", *ends, sequence, acknowledged, 0x50, flags, 64000, 0, 0) + words
            if is_up:
                self.send(mac, gateway, source, target, TCP, segment)
            else:
                self.send(gateway, mac, target, source, TCP, segment)

    def write(self, path):
        with path.open("wb") as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for time, data in self.frames:
                out.write(struct.pack("<IIII", int(time), int(time % 1 * 1e6), len(data), len(data)) + data)


def office():
    """Two hosts behind a router, with IPv4 and IPv6; one has talked to the server, at another port."""
    wire = Wire()
    for _ in range(2):
        wire.talk(HOST, "192.168.1.16", "198.51.100.1", 443)
        wire.talk(OTHER, "192.168.1.17", "203.0.113.200", 443)
        wire.talk(HOST, "192.168.1.16", "192.0.2.1", 443)
    wire.advertise(ROUTER, OFFICE + "/64")
    wire.neighbour(HOST, OFFICE + "10")
    wire.neighbour(OTHER, OFFICE + "11")
    wire.talk(HOST, OFFICE + "10", SERVER, 443)
    return wire


def judge(hinomi, folder, wire, server=SERVER):
    capture, intel = folder / "capture.pcap", folder / "intel.txt"
    wire.write(capture)
    intel.write_text(f"[{server}]:{LISTED_PORT}\n")
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--intel", intel, capture], check=True,
                          capture_output=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if line["schema"] == "hinomi.case/1"], lines[-1]


def is_told(cases):
    """The contact with the listed server, as one with the internet. Other talk may be told besides."""
    found = [(case["device"]["mac"], finding["direction"]) for case in cases for finding in case["findings"]
             if finding["kind"] == "listed_contact" and finding["object"]["port"] == LISTED_PORT]
    return found == [("02:00:00:00:00:10", "outbound")]


def test_false_routers(hinomi, folder):
    many = [f"2001:db8:f{i:02x}:1::/64" for i in range(64)]
    for name, prefixes in (("nothing", ()), ("the global unicast space", ("2000::/3",)), ("everything", ("::/0",)),
                           ("the server's /48", ("2001:db8:bad::/48",)), ("its network", (ELSEWHERE + "/64",)),
                           ("64 networks and its own", (*many, ELSEWHERE + "/64"))):
        for liar, of_whom in ((ROGUE, "a host"), (ROUTER, "a host in the router's name")):
            wire = office()
            for prefix in prefixes:
                wire.advertise(liar, prefix)
            if prefixes:  # who obeys, and who answers for the server
                wire.neighbour(HOST, ELSEWHERE + "10")
                wire.neighbour(OTHER, ELSEWHERE + "11")
                wire.neighbour(ROGUE, SERVER)
            wire.talk(HOST, OFFICE + "10", SERVER, LISTED_PORT)
            cases, summary = judge(hinomi, folder, wire)
            expect(f"{of_whom} announces {name}", is_told(cases), (cases, summary))


def test_what_is_left(hinomi, folder):
    """In the router's name a network that nobody has talked to: the contact counts as one inside."""
    for liar, want in ((ROGUE, True), (ROUTER, False)):
        wire = office()
        wire.advertise(liar, "2001:db8:bad:8::/64")
        wire.neighbour(HOST, "2001:db8:bad:8::10")
        wire.talk(HOST, OFFICE + "10", UNKNOWN_SERVER, LISTED_PORT)
        cases, summary = judge(hinomi, folder, wire, UNKNOWN_SERVER)
        expect(f"an unknown network: told {want}", is_told(cases) == want, (cases, summary))


def test_change(hinomi, folder):
    before = judge(hinomi, folder, office())[1]["devices"]
    for use in (NEXT, OFFICE):  # what begins anew, and what goes on with the old one
        wire = office()
        wire.advertise(ROUTER, NEXT + "/64")
        wire.neighbour(HOST, NEXT + "10")
        wire.neighbour(OTHER, NEXT + "11")
        wire.talk(OTHER, NEXT + "11", "2001:db8:5::1", 443)
        wire.talk(HOST, use + "10", SERVER, LISTED_PORT)
        cases, summary = judge(hinomi, folder, wire)
        expect(f"from {use}: told of the host", is_told(cases), cases)
        expect(f"from {use}: no new device", summary["devices"] == before == 3, (before, summary))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for test in (test_false_routers, test_what_is_left, test_change):
            test(sys.argv[1], pathlib.Path(folder))
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
