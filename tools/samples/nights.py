# SPDX-License-Identifier: Apache-2.0
"""
Lets nights pass in a capture that was made in minutes: for what shows on several days alone.

Only for files tcpdump has just written here: pcap, little-endian, microseconds.
"""
import struct

DAY = 86400
FILE_HEADER, RECORD_HEADER = 24, 16


def pass_nights(path, after_seconds):
    """Packets behind each of `after_seconds`, from the first one, are a day later."""
    data = bytearray(path.read_bytes())
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "another kind of file"
    at, first = FILE_HEADER, None
    while at < len(data):
        second, _, length = struct.unpack_from("<3I", data, at)
        first = second if first is None else first
        nights = sum(second - first >= after for after in after_seconds)
        struct.pack_into("<I", data, at, second + nights * DAY)
        at += RECORD_HEADER + length
    path.write_bytes(data)
