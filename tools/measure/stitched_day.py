#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Makes one office's day of many benign captures: each is told again by one of a few devices.

Usage: stitched_day.py CORPUS OUT.pcap [SEED] [DEVICES] [HOURS]

What single captures cannot show is what a device of an office does on one day, all together:
doubts of different kinds, which support each other. Only the MAC and address of each capture's
busiest host inside are changed, and the times; nothing else. Captures that are not Ethernet or
have nobody inside are left out. Needs editcap.
"""
import collections
import csv
import ipaddress
import pathlib
import random
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "samples/day"))

from frames import ETHER, IPV4, UDP, TCP, read_frames, set_checksums, write_frames  # noqa: E402

MOST_PACKETS = 60000
# Certificates and systems of old captures had not run out then.
MORNING = 1393891200.0


def plain(path):
    done = subprocess.run(["editcap", "-F", "pcap", str(path), "-"], capture_output=True)
    data = done.stdout
    if len(data) < 40 or data[:4] != b"\xd4\xc3\xb2\xa1" or data[20] != 1:
        return []
    try:
        return list(read_frames(data))[:MOST_PACKETS]
    except (struct.error, IndexError):  # a frame shorter than a header
        return []


def is_inside(address):
    return len(address) == 4 and ipaddress.ip_address(address).is_private and address[0] != 127


def busiest(frames):
    count = collections.Counter()
    for frame in frames:
        if frame.kind == IPV4 and frame.layer4:
            source, target = frame.addresses()
            for address, mac, other in ((source, frame.data[6:12], target), (target, frame.data[:6], source)):
                if is_inside(address) and not mac[0] & 1:
                    count[(address, mac)] += 3 if not is_inside(other) and other[0] < 224 else 1
    return count.most_common(1)[0][0] if count else None


def retold(frames, device, begin):
    found = busiest(frames)
    if not found:
        return
    address, mac = found
    first = frames[0].at
    for frame in frames:
        data = bytearray(frame.data)
        for at in (0, 6):
            if data[at:at + 6] == mac:
                data[at:at + 6] = device[1]
        changed = False
        for at in (26, 30) if frame.kind == IPV4 and len(data) >= 34 else ():
            if data[at:at + 4] == address:
                data[at:at + 4], changed = device[0], True
        if changed and frame.layer4:
            set_checksums(data, frame.kind, frame.layer4, frame.protocol, frame.size)
        if frame.kind == 0x0806:
            data = bytearray(bytes(data).replace(mac, device[1]).replace(address, device[0]))
        yield begin + frame.at - first, bytes(data), frame.size


def main():
    corpus, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    seed, devices, hours = (int(word) for word in (sys.argv[3:] + ["1", "24", "9"][len(sys.argv) - 3:])[:3])
    dice = random.Random(seed)
    people = [(bytes([10, 44, 7, 20 + n]), bytes([0x3C, 0x10]) + dice.randbytes(4)) for n in range(devices)]
    rows = [row for row in csv.DictReader((corpus / "index.tsv").open(), delimiter="\t")
            if row["label"] == "benign"]
    dice.shuffle(rows)
    told, turn = [], 0
    for row in rows:
        frames = plain(corpus / row["path"])
        if not frames:
            continue
        length = min(frames[-1].at - frames[0].at, hours * 3600)
        begin = MORNING + dice.uniform(0, max(1, hours * 3600 - length))
        own = list(retold(frames, people[turn % devices], begin))
        if own:
            print(f"{ipaddress.ip_address(people[turn % devices][0])} {row['path']} {begin - MORNING:.0f}")
            told += own
            turn += 1
    told.sort(key=lambda frame: frame[0])
    told = [frame for frame in told if frame[0] < MORNING + hours * 3600]
    with out.open("wb") as file:
        write_frames(file, told)


main()
