# SPDX-License-Identifier: Apache-2.0
"""Sends a document to a printer's port 9100 and waits for its answer. usage: ADDRESS BYTES"""
import socket
import sys

with socket.create_connection((sys.argv[1], 9100), timeout=10) as job:
    job.sendall(b"\x1b%-12345X@PJL\r\n" + b"(text) show\r\n" * (int(sys.argv[2]) // 13))
    job.shutdown(socket.SHUT_WR)
    while job.recv(4096):
        pass
