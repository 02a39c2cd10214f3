# SPDX-License-Identifier: Apache-2.0
"""
Sorts a recording's frames into its parts, and writes down small what tells something: bulk is cut
to its headers; encrypted content, checksums and TCP's timestamps are left out (zeroes), because
player.py sets the first two anew and nothing reads the third.
"""
import json
import subprocess

import sealed
from frames import IPV4, TCP, read_frames, write_frames
from network import HOSTS

# From there on a flow is bulk: headers are enough. Large packets count for more.
WHOLE, LARGE_BYTES, LARGE, SMALL = 240, 700, 48, 4
# Beyond this many packets of one part nothing new is said.
PART_PACKETS = 9000


def reduce(raw, index, wanted):
    parts = json.loads(index.read_text())
    frames, owner, seen, kept = list(read_frames(raw.read_bytes())), {}, {}, []
    by_part = [[] for _ in parts]
    number = 0
    for frame in frames:
        while number + 1 < len(parts) and frame.at >= parts[number + 1]["begin"]:
            number += 1
        # A connection may end after its program has: it stays where it began.
        mine = owner.setdefault(frame.flow, number) if frame.flow and frame.protocol == TCP else number
        mac = bytes.fromhex(HOSTS[parts[mine]["host"]].mac.replace(":", ""))
        if frame.at < parts[0]["begin"] or mac not in (frame.data[:6], frame.data[6:12]):
            continue
        if frame.payload:
            weight = LARGE if frame.payload > LARGE_BYTES else SMALL
            seen[frame.flow] = seen.get(frame.flow, 0) + weight
            if seen[frame.flow] > WHOLE:
                frame.data = frame.data[:frame.layer4 + (32 if frame.protocol == TCP else 20)]
        by_part[mine].append(frame)
    lines = []
    for part, own in zip(parts, by_part):
        own = own[:PART_PACKETS]
        sealed.replace(own, bytes)
        for frame in own:
            forget_numbers(frame)
        begin = own[0].at if own else part["begin"]
        marks = {name: round(at - begin, 3) for name, at in part["marks"].items()}
        lines.append({"name": part["name"], "host": part["host"], "frames": len(own), "marks": marks})
        # A tenth of a millisecond is enough of a real network's unrest.
        kept += [(round(frame.at - begin, 4), frame.data, frame.size) for frame in own]
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with wanted.open("wb") as out:
        write_frames(out, kept)
    subprocess.run(["zstd", "-q", "-19", "--long=27", "--rm", "-f", str(wanted)], check=True)
    wanted.with_suffix(".json").write_text(
        "[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n")


def forget_numbers(frame):
    data = bytearray(frame.data)
    at = frame.layer4
    if frame.kind == IPV4 and at:
        data[24:26] = b"\0\0"
        data[18:20] = b"\0\1"
    if frame.protocol == TCP and len(data) >= at + 32:
        data[at + 16:at + 18] = b"\0\0"
        # NOP, NOP, timestamps: as Linux writes them when a connection is open.
        if data[at + 20:at + 24] == b"\x01\x01\x08\x0a":
            data[at + 24:at + 32] = bytes(8)
    frame.data = bytes(data)
