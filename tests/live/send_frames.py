# SPDX-License-Identifier: Apache-2.0
"""
Sends COUNT numbered frames on INTERFACE, RATE a second at most, and ends.

Usage: send_frames.py INTERFACE FIRST COUNT RATE [vlan|qinq|long|anyhow]

With "anyhow" it goes on where the wire takes a frame not.
"""
import contextlib
import socket
import struct
import sys
import time

# For experiments on one's own wire: IEEE 802, local.
ETHERTYPE = 0x88B5
TAGS = {"": b"", "long": b"", "anyhow": b"", "vlan": struct.pack("!HH", 0x8100, 7),
        "qinq": struct.pack("!HHHH", 0x88A8, 100, 0x8100, 7)}
LEN = 100
LONG = 14 + 65535  # as long as an IP packet, such as offload puts together
COUNT_MAX = 100_000


def frame(number, tagged=""):
    head = bytes.fromhex("020000000002 020000000001") + TAGS[tagged]
    return (head + struct.pack("!HI", ETHERTYPE, number)).ljust(LONG if tagged == "long" else LEN, b"\0")


def main():
    interface, first, count, rate = sys.argv[1], *map(int, sys.argv[2:5])
    tagged = sys.argv[5] if len(sys.argv) > 5 else ""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((interface, 0))
    begun = time.monotonic()
    for i in range(min(count, COUNT_MAX)):
        ahead = begun + i / rate - time.monotonic()
        if ahead > 0.002:
            time.sleep(ahead)
        with contextlib.suppress(OSError) if tagged == "anyhow" else contextlib.nullcontext():
            wire.send(frame(first + i, tagged))


if __name__ == "__main__":
    main()
