# SPDX-License-Identifier: Apache-2.0
"""
Lets time pass in a capture that was made in minutes: for what shows in days or hours alone.

Only for files tcpdump has just written here: pcap, little-endian, microseconds.
"""
import struct

DAY = 86400
FILE_HEADER, RECORD_HEADER = 24, 16
# No frame on a wire is that large, but a segment that a network card is handed is.
BULK_LEAST = 2000
ETHERNET, IPV4, IPV6 = 14, 20, 40
TCP_WORDS = 12


def pass_nights(path, after_seconds):
    """Packets behind each of `after_seconds`, from the first one, are a day later."""
    data = read(path)
    first = struct.unpack_from("<I", data, FILE_HEADER)[0]
    pass_time(path, [(first + after, DAY) for after in after_seconds])


def pass_time(path, passed):
    """Packets behind each moment of `passed`, a pair (time, seconds), are so many seconds later."""
    data = read(path)
    for at in records(data):
        second, microsecond = struct.unpack_from("<2I", data, at)
        later = sum(seconds for when, seconds in passed if second + microsecond / 1e6 >= when)
        struct.pack_into("<I", data, at, second + later)
    path.write_bytes(data)


def stretch_silence(path, longer_than, times):
    """Whenever the wire is silent for more than `longer_than` seconds, that silence is `times` as long."""
    data = read(path)
    before, added = None, 0
    for at in records(data):
        second, micro = struct.unpack_from("<2I", data, at)
        now = second * 1000000 + micro
        if before is not None and now - before > longer_than * 1000000:
            added += (now - before) * (times - 1)
        struct.pack_into("<2I", data, at, *divmod(now + added, 1000000))
        before = now
    path.write_bytes(data)


def cut_bulk(path):
    """Of the segments of bulk transfers the headers stay."""
    data = read(path)
    kept = data[:FILE_HEADER]
    for at in records(data):
        length, wire_length = struct.unpack_from("<2I", data, at + 8)
        header = data[at:at + RECORD_HEADER]
        if wire_length > BULK_LEAST:
            length = headers_of(data, at + RECORD_HEADER)
            struct.pack_into("<I", header, 8, length)
        kept += header + data[at + RECORD_HEADER:at + RECORD_HEADER + length]
    path.write_bytes(kept)


def headers_of(data, at):
    """How many bytes of the TCP segment there are headers."""
    is_ipv4 = data[at + 12:at + 14] == b"\x08\x00"
    tcp = ETHERNET + (IPV4 if is_ipv4 else IPV6)
    return tcp + (data[at + tcp + TCP_WORDS] >> 4) * 4


def read(path):
    data = bytearray(path.read_bytes())
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "another kind of file"
    return data


def records(data):
    """Where each packet's record begins."""
    at = FILE_HEADER
    while at < len(data):
        yield at
        at += RECORD_HEADER + struct.unpack_from("<I", data, at + 8)[0]


def stretch_silence(path, longer_than, times):
    """Whenever the wire is silent for more than `longer_than` seconds, that silence is `times` as long."""
    data = read(path)
    before, added = None, 0
    for at in records(data):
        second, micro = struct.unpack_from("<2I", data, at)
        now = second * 1000000 + micro
        if before is not None and now - before > longer_than * 1000000:
            added += (now - before) * (times - 1)
        struct.pack_into("<2I", data, at, *divmod(now + added, 1000000))
        before = now
    path.write_bytes(data)
