# SPDX-License-Identifier: Apache-2.0
"""Answers each message of a long-lived TLS connection with its own. usage: ADDRESS CERT KEY"""
import socketserver
import ssl
import sys

MAX_MESSAGES = 1000


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        for _ in range(MAX_MESSAGES):
            message = self.request.recv(4096)
            if not message:
                return
            self.request.sendall(b"\x8a" + bytes(min(len(message), 60)))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
server = Server((sys.argv[1], 443), Session)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
