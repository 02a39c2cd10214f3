#!/usr/bin/env python3
"""A mirror port that sends each packet twice changes no verdict and no flow.

Usage: test_mirror.py HINOMI GOLDEN

Every frame of a golden capture is written twice: the copy comes 200 microseconds later, with
another VLAN tag, other MAC addresses and a TTL one lower, as a switch that mirrors two VLANs and
routes between them would send it. What is read must be the same but for the count of copies.
"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

COPY_AFTER = 0.0002  # seconds
ETHERNET_ADDRESSES, TAG = 12, struct.pack(">HH", 0x8100, 20)
IPV4, TTL_AT = b"\x08\x00", 8
TCP, UDP, GRE, PROTOCOL_AT, ID_AT = 6, 17, 47, 9, 4
SENSOR, SWITCH = bytes((192, 168, 10, 250)), bytes((192, 168, 10, 251))


def frames(data):
    """Of a pcap file with microseconds or nanoseconds, little-endian."""
    fraction = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: 1_000_000_000}[struct.unpack_from("<I", data)[0]]
    at = 24
    while at + 16 <= len(data):
        seconds, parts, captured, length = struct.unpack_from("<IIII", data, at)
        yield seconds + parts / fraction, data[at + 16:at + 16 + captured], length
        at += 16 + captured


def is_told_apart(frame):
    """An IPv4 packet that says which it is: TCP, or with an IP id."""
    ip = frame[14:]
    return frame[12:14] == IPV4 and (ip[PROTOCOL_AT] == TCP or ip[ID_AT:ID_AT + 2] != b"\0\0")


def copy_of(frame):
    ip = bytearray(frame[14:])
    ip[TTL_AT] -= 1
    macs = bytes(reversed(frame[:ETHERNET_ADDRESSES]))
    return macs + TAG + IPV4 + bytes(ip)


def write(path, packets):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for time, frame, length in sorted(packets, key=lambda packet: packet[0]):
            nanoseconds = round(time * 1_000_000_000)
            out.write(struct.pack("<IIII", *divmod(nanoseconds, 1_000_000_000), len(frame), length) + frame)


def read(hinomi, path, *more):
    """With two keys of the flow table: which copies are known must not depend on it."""
    command = [hinomi, "read", "--json", "--flows", "--quiet", path, *more, "--hash-key"]
    once, again = [subprocess.run([*command, key * 32], check=True, capture_output=True, timeout=120).stdout
                   for key in ("0", "7")]
    assert once == again
    return [json.loads(line) for line in once.splitlines()]


def flows_of(lines):
    told = [line for line in lines if line.get("event_type") == "flow"]
    return [(line["community_id"], line["flow"], line["hinomi"], line.get("tls")) for line in told]


def ipv4_to_sensor(protocol, payload):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0)
    return bytes(12) + IPV4 + head + SWITCH + SENSOR + payload


def datagram(port, payload):
    return ipv4_to_sensor(UDP, struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload)


MIRRORS = {
    "vxlan": lambda frame: datagram(4789, struct.pack(">II", 0x08000000, 7 << 8) + frame),
    "tzsp": lambda frame: datagram(37008, bytes((1, 0, 0, 1, 1)) + frame),
    "erspan": lambda frame: ipv4_to_sensor(GRE, struct.pack(">HHIII", 0x1000, 0x88BE, 1, 0x10000001, 0) + frame),
}


def own_chatter(time):
    """The sensor's own lookup and its answer."""
    ask = struct.pack(">HHHH", 40001, 53, 8 + 4, 0) + b"asks"
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(ask), 2, 0, 64, UDP, 0)
    for source, destination in ((SENSOR, SWITCH), (SWITCH, SENSOR)):
        frame = bytes(12) + IPV4 + head + source + destination + ask
        yield time, frame, len(frame)


def check_tunnelled(hinomi, golden, folder):
    """A mirror sent to the sensor in a tunnel is judged as the plain one; what the sensor says is not."""
    own = "network.own={}.{}.{}.{}/32".format(*SENSOR)
    for name in ("port-scan", "listed"):
        extra = ("--intel", str(golden / name / "intel.txt")) if name == "listed" else ()
        once = list(frames((golden / name / "capture.pcap").read_bytes()))
        plain = pathlib.Path(folder, "plain.pcap")
        write(plain, once)
        want = read(hinomi, plain, *extra)
        for kind, wrap in MIRRORS.items():
            packets = [(time, wrap(frame), len(wrap(frame)) + length - len(frame)) for time, frame, length in once]
            chatter = [packet for time, *_ in once[::10] for packet in own_chatter(time)]
            sent = pathlib.Path(folder, f"{kind}.pcap")
            write(sent, packets + chatter)
            got = read(hinomi, sent, "--set", own, *extra)
            print(f"{name} {kind}: {got[-1]['own_traffic']} own packets, {got[-1]['cases']} cases")
            assert got[-1]["own_traffic"] == len(chatter)
            assert got[-1]["tunnels"][kind] == len(packets)
            assert got[-1]["cases"] == want[-1]["cases"] > 0
            assert sorted(map(json.dumps, flows_of(got))) == sorted(map(json.dumps, flows_of(want)))


def main():
    hinomi, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="hinomi-test-") as folder:
        for name in ("port-scan", "listed"):
            once = [p for p in frames((golden / name / "capture.pcap").read_bytes()) if is_told_apart(p[1])]
            copies = [(time + COPY_AFTER, copy_of(frame), length + len(TAG)) for time, frame, length in once]
            single, double = pathlib.Path(folder, "single.pcap"), pathlib.Path(folder, "double.pcap")
            write(single, once)
            write(double, once + copies)
            want, got = read(hinomi, single), read(hinomi, double)
            dropped = got[-1].get("duplicates", 0)
            print(f"{name}: {len(once)} packets, {dropped} copies dropped, {len(flows_of(got))} flows")
            assert flows_of(want) == flows_of(got)
            assert dropped == len(copies) and "duplicates" not in want[-1]
            assert got[-1]["cases"] == want[-1]["cases"]
        check_tunnelled(hinomi, golden, folder)


if __name__ == "__main__":
    main()
