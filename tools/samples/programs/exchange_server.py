# SPDX-License-Identifier: Apache-2.0
"""Takes whatever a client sends and answers with some bytes. usage: ADDRESS PORT ANSWER_BYTES"""
import random
import socketserver
import sys

ANSWER_BYTES = int(sys.argv[3])


class Exchange(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(30)
        while self.request.recv(4096):
            pass
        self.request.sendall(random.randbytes(ANSWER_BYTES))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Exchange).serve_forever()
