# SPDX-License-Identifier: Apache-2.0
"""
A mining pool over TLS: answers each share, and sends a new job whenever a block was found somewhere.

usage: ADDRESS PORT CERT KEY JOB_SECONDS
"""
import json
import random
import socketserver
import ssl
import sys
import threading
import time

JOB = {"blob": "0707" + "ab" * 74, "job_id": "1", "target": "b88d0600", "height": 1}
pause = float(sys.argv[5])


class Miner(socketserver.StreamRequestHandler):
    def say(self, what):
        with self.lock:
            self.wfile.write(json.dumps(what).encode() + b"\n")

    def find_blocks(self):
        dice = random.Random(1)
        try:
            while True:
                time.sleep(min(5 + dice.expovariate(1 / pause), 4 * pause))
                self.say({"jsonrpc": "2.0", "method": "job", "params": JOB})
        except OSError:
            return

    def handle(self):
        self.lock = threading.Lock()
        threading.Thread(target=self.find_blocks, daemon=True).start()
        for line in self.rfile:
            asked = json.loads(line)
            status = {"id": "sample", "job": JOB, "status": "OK"} if asked["method"] == "login" else {"status": "OK"}
            self.say({"id": asked["id"], "jsonrpc": "2.0", "error": None, "result": status})


class Pool(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
pool = Pool((sys.argv[1], int(sys.argv[2])), Miner)
pool.socket = context.wrap_socket(pool.socket, server_side=True)
pool.serve_forever()
