# SPDX-License-Identifier: Apache-2.0
"""The far end of a call: sends one RTP packet of its own for each it gets. usage: ADDRESS"""
import random
import socket
import struct
import sys

noise = random.Random(7)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 8801))
number = 0
while True:
    packet, caller = sock.recvfrom(2048)
    number = (number + 1) % 65536
    header = struct.pack("!2BHII", 0x80, 111, number, number * 5760 % 2**32, 0x0B0B0B0B)
    sock.sendto(header + noise.randbytes(len(packet) - len(header)), caller)
