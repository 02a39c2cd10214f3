#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What passes a gateway is seen on both sides of it and counts once, as it is inside.

Usage: test_outside.py HINOMI GOLDEN

gateway/ holds both sides of a real one (nftables: masquerade to random ports, a forwarded port;
IPv6 is routed), recorded by tests/live/test_watch_place.py. Of golden captures the outside is made
here: addresses and ports translated, segment sizes clamped, in PPPoE, in DS-Lite.
"""
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

from test_mirror import frames, write

HERE = pathlib.Path(__file__).resolve().parent
GATEWAY = HERE / "gateway"
OUTSIDE = bytes((198, 18, 0, 1))
AFTER = 0.0001  # seconds on the way through the gateway
ETHERNET, IPV4, IPV6, IPV4_IN_IPV6 = 14, b"\x08\x00", b"\x86\xdd", 4
SESSION = b"\x88\x64"
TTL_AT, PROTOCOL_AT, SOURCE_AT, DESTINATION_AT = 8, 9, 12, 16
ICMP, TCP, UDP = 1, 6, 17
MSS_AT = 22  # of a SYN whose first option it is


def read(hinomi, *arguments):
    done = subprocess.run([hinomi, "read", "--json", "--flows", "--quiet", *map(str, arguments)], check=True,
                          capture_output=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def flows_of(lines):
    """Without the number that a flow has in one reading."""
    told = [line for line in lines if line.get("event_type") == "flow"]
    for flow in told:
        flow.pop("flow_id", None)
    return told


def cases_of(lines):
    """Without how much was captured, and the flows' numbers."""
    cases = [line for line in lines if line["schema"] == "hinomi.case/1"]
    for case in cases:
        case.pop("view", None)
        for finding in case.get("findings", []):
            for flow in finding.get("flows", []):
                flow.pop("flow_id", None)
    return cases


def is_private(address):
    return address[0] == 10 or address[:2] == bytes((192, 168)) or (address[0] == 172 and 16 <= address[1] < 32)


def sides(ip):
    """Whether an IPv4 packet goes out, or comes in, through the gateway; None for one that stays."""
    source, destination = ip[SOURCE_AT:SOURCE_AT + 4], ip[DESTINATION_AT:DESTINATION_AT + 4]
    if destination[0] >= 224 or source[0] in (0, 127) or is_private(source) == is_private(destination):
        return None
    return "out" if is_private(source) else "in"


def translated(ip, way):
    """As NAT sends it on: another address, port or echo id, and the size of segments clamped."""
    out = bytearray(ip)
    address_at = SOURCE_AT if way == "out" else DESTINATION_AT
    inner = bytes(out[address_at:address_at + 4])
    out[address_at:address_at + 4] = OUTSIDE
    out[TTL_AT] += -1 if way == "out" else 1
    header = (out[0] & 15) * 4
    port_at = header + (0 if way == "out" else 2)
    if out[PROTOCOL_AT] == ICMP:
        port_at = header + 4
    if struct.unpack_from(">H", out, 6)[0] & 0x1fff == 0 and len(out) >= port_at + 2:
        port = struct.unpack_from(">H", out, port_at)[0]
        struct.pack_into(">H", out, port_at, (port * 3 + inner[3] * 257 + 12345) & 0xffff)
    if out[PROTOCOL_AT] == TCP and len(out) >= header + 24 and out[header + 13] & 2 and out[header + 20] == 2:
        struct.pack_into(">H", out, header + MSS_AT, 1414)
    return bytes(out)


def in_ethernet(ip):
    return bytes(12) + IPV4 + ip


def in_pppoe(ip):
    return bytes(12) + SESSION + struct.pack(">BBHHH", 0x11, 0, 7, len(ip) + 2, 0x21) + ip


def in_ds_lite(ip):
    ends = bytes.fromhex("20010db8ffff00000000000000000001" "20010db8ffff00000000000000000002")
    return bytes(12) + IPV6 + struct.pack(">IHBB", 6 << 28, len(ip), IPV4_IN_IPV6, 64) + ends + ip


def routed(ip, way):
    out = bytearray(ip)
    out[TTL_AT] += -1 if way == "out" else 1
    return bytes(out)


def outside_of(packets, change, wrap):
    """The other side's capture: what goes out is there later, what comes in earlier."""
    for time, frame, length in packets:
        ip = frame[ETHERNET:]
        way = sides(ip) if frame[12:ETHERNET] == IPV4 else None
        if way:
            ip = ip[:struct.unpack_from(">H", ip, 2)[0]]
            sent = wrap(change(ip, way))
            yield time + (AFTER if way == "out" else -AFTER), sent, len(sent) + max(0, length - len(frame))


def check_real(hinomi):
    inside, outside = GATEWAY / "inside.pcap.gz", GATEWAY / "outside.pcap.gz"
    want, got = flows_of(read(hinomi, inside)), read(hinomi, inside, "--outside", outside)
    again = read(hinomi, "--outside", outside, "--hash-key", "7" * 32, "--workers", "3", inside)
    assert got == again
    summary, got = got[-1], flows_of(got)
    rest = [flow for flow in got if flow not in want]
    own = [flow for flow in rest if flow["src_ip"] == "198.18.0.1"]
    print(f"gateway: {len(want)} flows inside, {len(got)} of both sides, {summary['nat_twins']} twins")
    assert all(flow in got for flow in want) and len(got) == len(want) + len(rest)
    assert len(own) == 1 and own[0]["flow"]["bytes_toclient"] > 50000
    assert all(flow["dest_ip"] == "198.18.0.1" and flow["flow"]["pkts_toclient"] == 0
               for flow in rest if flow not in own)
    assert summary["nat_twins"] > 100 and summary["cases"] == 0 and summary["outside_wire"] > 0
    doubled = flows_of(read(hinomi, inside, outside))
    assert len(doubled) > len(got) + 5, "the captures show nothing twice"


def check_golden(hinomi, golden, folder):
    ways = {"nat": (translated, in_ethernet), "pppoe": (translated, in_pppoe), "ds-lite": (routed, in_ds_lite)}
    # In the sample two machines are asked by one port number each: the more flows, the better.
    for name, how in (("beacon", "nat"), ("beacon", "pppoe"), ("office-hour", "nat"), ("listed", "ds-lite"),
                      ("benign-updates", "pppoe")):
        capture = next((golden / name).glob("capture.pcap"))
        outside = folder / f"{name}-{how}.pcap"
        sent = list(outside_of(frames(capture.read_bytes()), *ways[how]))
        write(outside, sent)
        extra = ("--intel", golden / name / "intel.txt") if name == "listed" else ()
        want, got = read(hinomi, capture, *extra), read(hinomi, capture, "--outside", outside, *extra)
        twins = got[-1].get("nat_twins", 0)
        print(f"{name} {how}: {len(sent)} packets outside, {twins} twins, {len(flows_of(got))} flows")
        assert len(sent) > 100 and twins == len(sent), (twins, len(sent), got[-1])
        assert flows_of(want) == flows_of(got)
        assert cases_of(want) == cases_of(got)


def check_usage(hinomi):
    done = subprocess.run([hinomi, "read", "--quiet", "--json", "--outside", GATEWAY / "outside.pcap.gz"],
                          check=True, capture_output=True)
    assert "nat_twins" not in json.loads(done.stdout.splitlines()[-1]), done.stdout
    many = [word for _ in range(257) for word in ("--outside", "x")]
    done = subprocess.run([hinomi, "read", *many], check=False, capture_output=True)
    assert done.returncode == 2 and b"at most 256 files" in done.stderr


def main():
    hinomi, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    check_real(hinomi)
    check_usage(hinomi)
    with tempfile.TemporaryDirectory(prefix="hinomi-test-") as folder:
        check_golden(hinomi, golden, pathlib.Path(folder))


if __name__ == "__main__":
    main()
