#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
SYNs without payload whose headers are longer than what may wait in a batch: they must not be copied
into it. They come when the batch holds any number of others, up to its last place.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

CLIENT = bytes.fromhex("20010db8000000000000000000000001")
SERVER = bytes.fromhex("20010db8000000000000000000000002")
ETHERNET = bytes.fromhex("02000000000102000000000286dd")
TCP, DESTINATION_OPTIONS, SYN, ACK = 6, 60, 2, 16
EXTENSIONS, EXTENSION_UNITS = 8, 255


def tcp(port, flags):
    return struct.pack(">HHIIBBHHH", port, 443, 1, 1, 5 << 4, flags, 65535, port, 0)


def ipv6(next_header, payload):
    return (ETHERNET + struct.pack(">IHBB", 6 << 28, len(payload), next_header, 64) + CLIENT + SERVER
            + payload)


def long_syn(port):
    filler = b"\x01\xff" + bytes((EXTENSION_UNITS + 1) * 8 - 4)
    headers = b"".join(bytes([DESTINATION_OPTIONS if i < EXTENSIONS - 1 else TCP, EXTENSION_UNITS]) + filler
                       for i in range(EXTENSIONS))
    return ipv6(DESTINATION_OPTIONS, headers + tcp(port, SYN))


def frames(others):
    """As many short packets before each long one as `others` says, again and again."""
    for turn in range(20):
        for i in range(others):
            yield ipv6(TCP, tcp(2000 + turn * others + i, ACK))
        yield long_syn(1000 + turn)


def main():
    hinomi, failures = sys.argv[1], 0
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder, "syns.pcap")
        for batch, others in ((1, 0), (32, 0), (32, 31), (64, 63), (64, 40)):
            packets = list(frames(others))
            with capture.open("wb") as out:
                out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
                for i, frame in enumerate(packets):
                    out.write(struct.pack("<IIII", 1700000000, i, len(frame), len(frame)) + frame)
            done = subprocess.run([hinomi, "read", "--quiet", "--json", "--workers", "0", "--set",
                                   f"flow.batch={batch}", capture], capture_output=True, check=False)
            good = done.returncode == 0 and f'"packets":{len(packets)}'.encode() in done.stdout
            failures += not good
            print(f"{'ok  ' if good else 'FAIL'} batch of {batch}, {others} before each:", done.returncode,
                  done.stderr[-2000:].decode(errors="replace"))
    return 1 if failures else 0


sys.exit(main())
