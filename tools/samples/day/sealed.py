# SPDX-License-Identifier: Apache-2.0
"""
What TLS has encrypted (records of type 23, RFC 8446 section 5.1): nobody can read it, so a
recording need not keep it, and any bytes do in its place.
"""
import struct

from frames import TCP

APPLICATION_DATA, HANDSHAKE, HEADER = 23, 22, 5


class Stream:
    """One direction of a connection. In order and whole, as a veth pair carries it."""

    def __init__(self):
        self.is_tls, self.left, self.kind = None, 0, 0

    def sealed(self, payload):
        """The stretches of this segment that are encrypted content."""
        if self.is_tls is None and payload:
            self.is_tls = len(payload) > HEADER and payload[0] == HANDSHAKE and payload[1] == 3
        at = 0
        while self.is_tls and at < len(payload):
            if self.left == 0:
                if len(payload) - at < HEADER:
                    self.is_tls = False  # a header in two segments: what follows is kept as it is
                    return
                self.kind = payload[at]
                self.left = struct.unpack_from("!H", payload, at + 3)[0]
                at += HEADER
            here = min(self.left, len(payload) - at)
            if self.kind == APPLICATION_DATA and here:
                yield at, here
            self.left -= here
            at += here


def replace(frames, content):
    """Puts content(length) in the place of what is encrypted in these frames of one part."""
    streams = {}
    for frame in frames:
        if frame.protocol != TCP or not frame.payload:
            continue
        begin = frame.size - frame.payload
        stream = streams.setdefault((frame.flow, frame.addresses()[0]), Stream())
        if len(frame.data) < frame.size:
            stream.is_tls = False  # cut: bulk from here on
            continue
        data = bytearray(frame.data)
        for at, length in stream.sealed(frame.data[begin:]):
            data[begin + at:begin + at + length] = content(length)
        frame.data = bytes(data)
