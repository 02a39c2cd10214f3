# SPDX-License-Identifier: Apache-2.0
"""Sends bytes without a meaning over TCP, waits for the answer. usage: ADDRESS PORT BYTES"""
import random
import socket
import sys

address, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.create_connection((address, port), timeout=10) as exchange:
    exchange.settimeout(60)
    exchange.sendall(random.randbytes(size))
    exchange.shutdown(socket.SHUT_WR)
    while exchange.recv(4096):
        pass
