# SPDX-License-Identifier: Apache-2.0
"""Just enough of FTP for people who log in and leave a file. usage: USER PASSWORD"""
import socket
import socketserver
import sys
import time

MAX_COMMANDS = 40
REFUSAL_SECONDS = 0.4


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        self.user, self.listener, self.is_in = "", None, False
        self.say("220 files ready")
        for _ in range(MAX_COMMANDS):
            line = self.rfile.readline(600).decode(errors="replace").strip()
            if not line or not self.answer(*(line.partition(" ")[::2])):
                return

    def answer(self, command, words):
        command = command.upper()
        if command == "USER":
            self.user = words
            self.say("331 password, please")
        elif command == "PASS":
            self.is_in = (self.user, words) == tuple(sys.argv[1:3])
            if not self.is_in:
                time.sleep(REFUSAL_SECONDS)
            self.say("230 welcome" if self.is_in else "530 login incorrect")
        elif command == "QUIT":
            self.say("221 goodbye")
            return False
        elif not self.is_in:
            self.say("530 log in first")
        elif command == "PWD":
            self.say('257 "/"')
        elif command == "EPSV":
            self.listener = socket.create_server(("0.0.0.0", 0))
            self.say(f"229 here (|||{self.listener.getsockname()[1]}|)")
        elif command == "STOR" and self.listener:
            self.take_file()
        else:
            self.say("200 fine")
        return True

    def take_file(self):
        self.say("150 send it")
        with self.listener, self.listener.accept()[0] as data:
            while data.recv(65536):
                pass
        self.listener = None
        self.say("226 taken")

    def say(self, line):
        self.wfile.write((line + "\r\n").encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("0.0.0.0", 21), Session).serve_forever()
