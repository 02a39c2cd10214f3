# SPDX-License-Identifier: Apache-2.0
"""
Pushes news over TLS as they come, and answers each sign of life. usage: ADDRESS PORT CERT KEY NEWS_SECONDS
"""
import random
import socketserver
import ssl
import sys
import threading
import time

pause = float(sys.argv[5])


class Reader(socketserver.BaseRequestHandler):
    def push(self):
        dice = random.Random(3)
        try:
            while True:
                time.sleep(dice.expovariate(1 / pause))
                self.request.sendall(b"\x82" + bytes(dice.randrange(80, 3000)))
        except OSError:
            return

    def handle(self):
        threading.Thread(target=self.push, daemon=True).start()
        while True:
            sign = self.request.recv(4096)
            if not sign:
                return
            self.request.sendall(b"\x8a" + sign[:1])


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
server = Server((sys.argv[1], int(sys.argv[2])), Reader)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
