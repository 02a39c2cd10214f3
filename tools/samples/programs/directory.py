# SPDX-License-Identifier: Apache-2.0
"""
Says hello to a directory (LDAP, RFC 4511: an anonymous bind), or answers such a hello.

usage: ADDRESS PORT [serve]
"""
import socket
import socketserver
import sys

BIND = bytes.fromhex("300c020101600702010304008000")
BOUND = bytes.fromhex("300c02010161070a010004000400")


class Directory(socketserver.BaseRequestHandler):
    def handle(self):
        if self.request.recv(1024):
            self.request.sendall(BOUND)
            self.request.recv(1024)


where = (sys.argv[1], int(sys.argv[2]))
if sys.argv[3:] == ["serve"]:
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer(where, Directory).serve_forever()
with socket.create_connection(where, timeout=10) as sock:
    sock.sendall(BIND)
    sock.recv(1024)
