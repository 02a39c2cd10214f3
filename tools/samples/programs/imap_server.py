# SPDX-License-Identifier: Apache-2.0
"""Just enough of IMAP over TLS for a mail client that looks for new mail. usage: CERT KEY"""
import socketserver
import ssl
import sys

MAX_COMMANDS = 50


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        self.say("* OK [CAPABILITY IMAP4rev1] ready")
        for _ in range(MAX_COMMANDS):
            words = self.rfile.readline(2000).decode(errors="replace").split()
            if len(words) < 2:
                return
            tag, command = words[0], words[1].upper()
            if command == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            elif command in ("SELECT", "EXAMINE"):
                self.say("* 42 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] valid")
            elif command == "SEARCH":
                self.say("* SEARCH 40 41 42")
            elif command == "LOGOUT":
                self.say("* BYE")
            self.say(f"{tag} OK {command} done")
            if command == "LOGOUT":
                return

    def say(self, line):
        self.wfile.write((line + "\r\n").encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = Server(("0.0.0.0", 993), Session)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
