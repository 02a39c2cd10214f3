# SPDX-License-Identifier: Apache-2.0
"""
The far end of connections that stay open: answers each message with as many bytes as it asks for.
usage: ADDRESS PORT [CERT KEY]
"""
import random
import socketserver
import ssl
import struct
import sys


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(120)
        while True:
            message = self.request.recv(16384)
            if len(message) < 2:
                return
            self.request.sendall(random.randbytes(struct.unpack("!H", message[:2])[0]))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server((sys.argv[1], int(sys.argv[2])), Session)
if len(sys.argv) > 4:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
server.serve_forever()
