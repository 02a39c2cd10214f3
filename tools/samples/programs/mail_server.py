# SPDX-License-Identifier: Apache-2.0
"""Just enough of a provider's SMTP submission, STARTTLS offered. usage: ADDRESS PORT CERT KEY"""
import socketserver
import ssl
import sys

MAX_COMMANDS = 50
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CONTEXT.load_cert_chain(sys.argv[3], sys.argv[4])


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        self.say("220 mail.provider.example ESMTP ready")
        for _ in range(MAX_COMMANDS):
            words = self.rfile.readline(2000).decode(errors="replace").split()
            if not words or not self.answer(words[0].upper(), words):
                return

    def answer(self, verb, words):
        if verb in ("EHLO", "HELO"):
            self.say("250-mail.provider.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN")
        elif verb == "STARTTLS":
            self.say("220 go ahead")
            self.request = CONTEXT.wrap_socket(self.request, server_side=True)
            self.setup()
        elif verb == "AUTH":
            self.log_in(words)
        elif verb == "DATA":
            self.say("354 end with a dot")
            while self.rfile.readline(2000) not in (b".\r\n", b""):
                pass
            self.say("250 queued")
        else:
            self.say("221 bye" if verb == "QUIT" else "250 OK")
        return verb != "QUIT"

    def log_in(self, words):
        if words[1:2] == ["LOGIN"]:
            questions = ["UGFzc3dvcmQ6"] if len(words) > 2 else ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"]
            for question in questions:
                self.say("334 " + question)
                self.rfile.readline(2000)
        self.say("235 welcome")

    def say(self, line):
        self.wfile.write((line + "\r\n").encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Session).serve_forever()
