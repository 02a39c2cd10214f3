# SPDX-License-Identifier: Apache-2.0
"""
Takes out of a pcapng file what it tells of the machine that captured it: processor and system.

Only for files dumpcap has just written here: little-endian, options as in the pcapng draft.
"""
import struct

SECTION_HEADER, INTERFACE = 0x0A0D0D0A, 1
# Block type: (bytes of its body before the options, the options that tell of the machine).
TELLTALE = {SECTION_HEADER: (16, {2, 3}), INTERFACE: (8, {12})}


def forget_machine(path):
    data = path.read_bytes()
    kept, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<2I", data, at)
        body = data[at + 8:at + length - 4]
        if kind in TELLTALE:
            fixed, dropped = TELLTALE[kind]
            body = body[:fixed] + without(body[fixed:], dropped)
        size = struct.pack("<I", len(body) + 12)
        kept += [struct.pack("<I", kind), size, body, size]
        at += length
    path.write_bytes(b"".join(kept))


def without(options, dropped):
    kept, at = [], 0
    while at < len(options):
        code, length = struct.unpack_from("<2H", options, at)
        padded = 4 + (length + 3) // 4 * 4
        if code not in dropped:
            kept.append(options[at:at + padded])
        at += padded
    return b"".join(kept)
