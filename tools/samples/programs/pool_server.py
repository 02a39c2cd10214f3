# SPDX-License-Identifier: Apache-2.0
"""Speaks like a mining pool (stratum, JSON by lines), and gives no real work. usage: ADDRESS PORT"""
import json
import socketserver
import sys

JOB = {"blob": "0707" + "ab" * 74, "job_id": "1", "target": "b88d0600", "height": 1}


class Miner(socketserver.StreamRequestHandler):
    def say(self, what):
        self.wfile.write(json.dumps(what).encode() + b"\n")

    def handle(self):
        self.request.settimeout(120)
        for line in self.rfile:
            asked = json.loads(line)
            if asked["method"] == "login":
                self.say({"id": asked["id"], "jsonrpc": "2.0", "error": None,
                          "result": {"id": "sample", "job": JOB, "status": "OK"}})
            else:
                self.say({"id": asked["id"], "jsonrpc": "2.0", "error": None,
                          "result": {"status": "OK"}})
                self.say({"jsonrpc": "2.0", "method": "job", "params": JOB})


class Pool(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Pool((sys.argv[1], int(sys.argv[2])), Miner).serve_forever()
