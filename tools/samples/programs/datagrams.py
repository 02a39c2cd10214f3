# SPDX-License-Identifier: Apache-2.0
"""
Datagrams by the clock, each answered: a camera's way home, a game, a sensor.
usage: ADDRESS PORT TIMES PAUSE_SECONDS BYTES | ADDRESS PORT serve
"""
import random
import socket
import sys
import time

where = (sys.argv[1], int(sys.argv[2]))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[3] == "serve":
    sock.bind(where)
    while True:
        data, peer = sock.recvfrom(4096)
        sock.sendto(data[:4] + random.randbytes(12), peer)
sock.settimeout(2)
for number in range(int(sys.argv[3])):
    sock.sendto(bytes([0xF1, 0xE0, 0, number]) + random.randbytes(int(sys.argv[5])), where)
    sock.recv(4096)
    time.sleep(float(sys.argv[4]))
