# SPDX-License-Identifier: Apache-2.0
"""
A box with a telnet login (RFC 854) and a shell that knows no command, or who logs in to one.

usage: ADDRESS PORT WORD                   serves, for root with that password
       ADDRESS PORT WORD FROM COMMAND…     tries a few passwords, the last is WORD; then commands
"""
import socket
import socketserver
import sys
import time

TRIES = ("admin", "12345", "xc3511")
PROMPT = b"# "


class Box(socketserver.StreamRequestHandler):
    timeout = 60

    def ask(self, what):
        self.wfile.write(what)
        return self.rfile.readline(200).strip().decode(errors="replace")

    def handle(self):
        while True:
            user, word = self.ask(b"box login: "), self.ask(b"Password: ")
            if (user, word) == ("root", sys.argv[3]):
                break
            if not user:
                return
            self.wfile.write(b"\r\nLogin incorrect\r\n")
        command = self.ask(b"\r\nBusyBox built-in shell (ash)\r\n" + PROMPT)
        while command:
            name = command.split()[0].rsplit("/")[-1]
            command = self.ask(f"{name}: applet not found\r\n".encode() + PROMPT)


def read_until(sock, ending):
    said = b""
    while not said.endswith(ending):
        more = sock.recv(4096)
        if not more:
            raise EOFError(said)
        said += more


def log_in(address, port, word, own, commands):
    with socket.create_connection((address, port), timeout=10, source_address=(own, 0)) as sock:
        for attempt in (*TRIES, word):
            read_until(sock, b"login: ")
            sock.sendall(b"root\r\n")
            read_until(sock, b"Password: ")
            sock.sendall(attempt.encode() + b"\r\n")
            time.sleep(0.2)
        for command in commands:
            read_until(sock, PROMPT)
            sock.sendall(command.encode() + b"\r\n")
        read_until(sock, PROMPT)


if sys.argv[4:]:
    log_in(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:])
else:
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer((sys.argv[1], int(sys.argv[2])), Box).serve_forever()
