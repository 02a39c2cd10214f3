# SPDX-License-Identifier: Apache-2.0
"""Speaks like a miner over TLS, and computes nothing. usage: NAME PORT SHARE_SECONDS SECONDS"""
import json
import random
import socket
import ssl
import sys
import threading
import time

name, port, pause, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
LOGIN = {"id": 1, "jsonrpc": "2.0", "method": "login",
         "params": {"login": "4" + "8" * 94, "pass": "x", "agent": "sample-miner/1.0", "algo": ["rx/0"]}}
# As miners do: whose certificate it is does not matter to them.
context = ssl._create_unverified_context()
dice = random.Random(2)
end = time.monotonic() + seconds


def listen(pool):
    while pool.recv(4096):
        pass


with socket.create_connection((name, port), timeout=20) as plain:
    plain.settimeout(None)
    with context.wrap_socket(plain, server_hostname=name) as pool:
        pool.sendall(json.dumps(LOGIN).encode() + b"\n")
        threading.Thread(target=listen, args=(pool,), daemon=True).start()
        number = 1
        while time.monotonic() < end:
            time.sleep(1 + dice.expovariate(1 / pause))
            number += 1
            submit = {"id": number, "jsonrpc": "2.0", "method": "submit",
                      "params": {"id": "sample", "job_id": "1", "nonce": f"{number:08x}", "result": "cd" * 32}}
            pool.sendall(json.dumps(submit).encode() + b"\n")
