# SPDX-License-Identifier: Apache-2.0
"""A web server of somebody's own. usage: ADDRESS PORT [CERTIFICATE KEY]

POST is answered with a page that is no text, /*.jpg with what is no picture, /*.exe with the
beginning of a program, anything else with a short text. With a certificate it speaks TLS 1.2.
"""
import http.server
import random
import ssl
import sys

PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0\x40".ljust(0x3c, b"\0") + \
    b"\x40\0\0\0PE\0\0".ljust(40000, b"\0")


class Gate(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.answer("text/html", random.randbytes(300))

    def do_GET(self):
        if self.path.endswith(".jpg"):
            self.answer("image/jpeg", PROGRAM)
        elif self.path.endswith(".exe"):
            self.answer("application/octet-stream", PROGRAM)
        else:
            self.answer("text/plain", b"OK\n")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Gate)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
