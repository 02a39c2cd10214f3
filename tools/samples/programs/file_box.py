# SPDX-License-Identifier: Apache-2.0
"""Just enough of FTP to list, store and fetch nothing in particular. usage: ADDRESS PORT"""
import socket
import socketserver
import sys

MAX_COMMANDS = 100
ANSWERS = {"USER": "331 password please", "PASS": "230 logged in", "TYPE": "200 binary",
           "CWD": "250 changed", "PWD": '257 "/" is current', "QUIT": "221 bye"}
LISTING = b"-rw-r--r-- 1 web web 3900 Mar 02 08:00 index.html\r\n"


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        self.data = None
        self.say("220 FTP server ready")
        for _ in range(MAX_COMMANDS):
            words = self.rfile.readline(2000).decode(errors="replace").split()
            if not words:
                return
            self.answer(words[0].upper())
            if words[0].upper() == "QUIT":
                return

    def answer(self, verb):
        if verb in ("PASV", "EPSV"):
            self.data = socket.create_server((sys.argv[1], 0))
            self.data.settimeout(15)
            port = self.data.getsockname()[1]
            ends = sys.argv[1].replace(".", ",")
            self.say(f"227 Entering Passive Mode ({ends},{port >> 8},{port & 255})"
                     if verb == "PASV" else f"229 Entering Extended Passive Mode (|||{port}|)")
        elif verb in ("STOR", "LIST") and self.data:
            self.say("150 here it goes")
            self.transfer(verb)
            self.say("226 done")
        else:
            self.say(ANSWERS.get(verb, "502 not here"))

    def transfer(self, verb):
        connection, _ = self.data.accept()
        with connection:
            if verb == "LIST":
                connection.sendall(LISTING)
            while verb == "STOR" and connection.recv(65536):
                pass
        self.data.close()

    def say(self, line):
        self.wfile.write((line + "\r\n").encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Session).serve_forever()
