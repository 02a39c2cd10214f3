# SPDX-License-Identifier: Apache-2.0
"""
Frames of a recorded part, taken apart as far as they must be to be told again by another device.

Only Ethernet with IPv4, IPv6 without extension headers, ARP: what the samples' switch carries.
"""
import struct

ETHER, ARP, IPV4, IPV6 = 14, 0x0806, 0x0800, 0x86DD
TCP, UDP, ICMP6 = 6, 17, 58
FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)


class Frame:
    """`at` in seconds; `size` as on the wire, of which `data` may be the beginning."""

    __slots__ = ("at", "data", "size", "kind", "layer4", "protocol", "client_first", "flow", "payload")

    def __init__(self, at, data, size):
        self.at, self.data, self.size = at, data, size
        self.kind = struct.unpack_from("!H", data, 12)[0]
        self.layer4, self.protocol, self.flow, self.payload = 0, 0, None, 0
        if self.kind == IPV4 and len(data) >= 34:
            self.protocol = data[23]
            fragment = struct.unpack_from("!H", data, 20)[0] & 0x1FFF
            self.layer4 = 0 if fragment else ETHER + (data[14] & 15) * 4
            self._place(data[26:30], data[30:34], struct.unpack_from("!H", data, 16)[0] + ETHER)
        elif self.kind == IPV6 and len(data) >= 54:
            self.protocol, self.layer4 = data[20], 54
            self._place(data[22:38], data[38:54], struct.unpack_from("!H", data, 18)[0] + 54)

    def _place(self, source, target, end):
        if self.protocol not in (TCP, UDP) or not self.layer4 or len(self.data) < self.layer4 + 8:
            self.flow = tuple(sorted((source, target))) + (self.protocol,)
            return
        ports = struct.unpack_from("!2H", self.data, self.layer4)
        self.flow = tuple(sorted(((source, ports[0]), (target, ports[1])))) + (self.protocol,)
        header = (self.data[self.layer4 + 12] >> 4) * 4 if self.protocol == TCP else 8
        self.payload = max(0, end - self.layer4 - header)

    def addresses(self):
        return (self.data[26:30], self.data[30:34]) if self.kind == IPV4 else \
               (self.data[22:38], self.data[38:54])


def read_frames(data):
    """All of a pcap file as tcpdump writes it here: little-endian, microseconds."""
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "another kind of file"
    at = 24
    while at < len(data):
        second, micro, kept, size = struct.unpack_from("<4I", data, at)
        yield Frame(second + micro / 1e6, data[at + 16:at + 16 + kept], size)
        at += 16 + kept


def write_frames(out, frames):
    """`frames` are (seconds, bytes, size on the wire), in order of time."""
    out.write(FILE_HEADER)
    for at, data, size in frames:
        second = int(at)
        out.write(struct.pack("<4I", second, int((at - second) * 1e6), len(data), size))
        out.write(data)


def ones_sum(data):
    """The Internet checksum's sum (RFC 1071), as one division."""
    if len(data) % 2:
        data = bytes(data) + b"\0"
    return int.from_bytes(data, "big") % 0xFFFF


def set_checksums(data, kind, layer4, protocol, size):
    """Of a changed frame. One that was cut keeps what it has: nobody could check it."""
    if kind == IPV4:
        data[24:26] = b"\0\0"
        struct.pack_into("!H", data, 24, 0xFFFF - ones_sum(data[14:ETHER + (data[14] & 15) * 4]))
        pseudo, end = data[26:34], ETHER + struct.unpack_from("!H", data, 16)[0]
    else:
        pseudo, end = data[22:54], 54 + struct.unpack_from("!H", data, 18)[0]
    where = {TCP: 16, UDP: 6, ICMP6: 2}.get(protocol)
    if where is None or not layer4 or len(data) < end or end > size:
        return
    body = data[layer4:end]
    body[where:where + 2] = b"\0\0"
    total = (ones_sum(pseudo) + protocol + len(body) + ones_sum(body)) % 0xFFFF
    struct.pack_into("!H", data, layer4 + where, 0xFFFF - total or 0xFFFF)
