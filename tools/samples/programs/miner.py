# SPDX-License-Identifier: Apache-2.0
"""Speaks like a miner, and computes nothing. usage: ADDRESS PORT SHARES PAUSE_SECONDS"""
import json
import socket
import sys
import time

address, port, shares, pause = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
LOGIN = {"id": 1, "jsonrpc": "2.0", "method": "login",
         "params": {"login": "4" + "8" * 94, "pass": "x", "agent": "sample-miner/1.0", "algo": ["rx/0"]}}

with socket.create_connection((address, port), timeout=20) as pool:
    lines = pool.makefile()
    pool.sendall(json.dumps(LOGIN).encode() + b"\n")
    lines.readline()
    for number in range(shares):
        time.sleep(pause)
        submit = {"id": number + 2, "jsonrpc": "2.0", "method": "submit",
                  "params": {"id": "sample", "job_id": "1", "nonce": f"{number:08x}", "result": "cd" * 32}}
        pool.sendall(json.dumps(submit).encode() + b"\n")
        lines.readline()
        lines.readline()
