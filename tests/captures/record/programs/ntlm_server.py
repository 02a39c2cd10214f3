#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
An HTTP server that asks for NTLM ([MS-NLMP], RFC 4559) and takes any answer. It stands for a
Windows host that Debian has no server for.

Usage: ntlm_server.py ADDRESS PORT
"""
import base64
import http.server
import struct
import sys

SIGNATURE = b"NTLMSSP\0"
# Unicode, NTLM, target is a domain, extended session security, target info, version, 128 bits.
FLAGS = 0x00000001 | 0x00000200 | 0x00010000 | 0x00080000 | 0x00800000 | 0x02000000 | 0x20000000
HEAD_SIZE = 56
NAMES = ((2, "OFFICE"), (1, "SRV"), (4, "office.example"), (3, "srv.office.example"))


def challenge():
    target = "OFFICE".encode("utf-16-le")
    info = b"".join(struct.pack("<HH", kind, 2 * len(text)) + text.encode("utf-16-le")
                    for kind, text in NAMES) + struct.pack("<HH", 0, 0)
    head = SIGNATURE + struct.pack("<I", 2)
    head += struct.pack("<HHI", len(target), len(target), HEAD_SIZE)
    head += struct.pack("<I", FLAGS) + bytes.fromhex("0123456789abcdef") + bytes(8)
    head += struct.pack("<HHI", len(info), len(info), HEAD_SIZE + len(target))
    head += struct.pack("<BBHBBBB", 10, 0, 17763, 0, 0, 0, 15)
    return head + target + info


class Asks(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Example-HTTPAPI/2.0"
    sys_version = ""

    def answer(self, status, header="", body=b""):
        self.send_response(status)
        if header:
            self.send_header("WWW-Authenticate", header)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        message = base64.b64decode(token) if scheme in ("NTLM", "Negotiate") else b""
        if not message.startswith(SIGNATURE):
            self.answer(401, "Negotiate\r\nWWW-Authenticate: NTLM")
        elif message[8] == 1:
            self.answer(401, f"{scheme} {base64.b64encode(challenge()).decode()}")
        else:
            self.answer(200, body=b"example\n")

    do_POST = do_GET

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Asks).serve_forever()
