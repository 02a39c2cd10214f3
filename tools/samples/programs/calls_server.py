# SPDX-License-Identifier: Apache-2.0
"""
Answers calls of Windows' kind (DCE/RPC over TCP, C706 chapter 12): agrees to every bind, and to every
request with an empty response. What the calls mean it does not know.

usage: ADDRESS PORT
"""
import socketserver
import struct
import sys

BIND, BIND_ACK, REQUEST, RESPONSE = 11, 12, 0, 2
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b10486002000000")


def packet(kind, call, body):
    return struct.pack("<4B4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, call) + body


class Calls(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(16)) == 16:
            kind, length, call = head[2], *struct.unpack("<H2xI", head[8:16])
            self.rfile.read(length - 16)
            if kind == BIND:
                body = struct.pack("<HHIH2xB3xHH", 4280, 4280, 1, 0, 1, 0, 0) + NDR
                self.wfile.write(packet(BIND_ACK, call, body))
            elif kind == REQUEST:
                self.wfile.write(packet(RESPONSE, call, struct.pack("<IHBx", 4, 0, 0) + bytes(4)))


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer((sys.argv[1], int(sys.argv[2])), Calls).serve_forever()
