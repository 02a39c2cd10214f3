# SPDX-License-Identifier: Apache-2.0
"""A call: small RTP packets at an even pace, what comes back is dropped. usage: NAME SECONDS"""
import random
import socket
import struct
import sys
import time

PACE_SECONDS = 0.12
noise = random.Random(8)
where = (socket.gethostbyname(sys.argv[1]), 8801)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 50021))
sock.setblocking(False)
for number in range(int(float(sys.argv[2]) / PACE_SECONDS)):
    header = struct.pack("!2BHII", 0x80, 111, number, number * 5760, 0x0A0A0A0A)
    sock.sendto(header + noise.randbytes(noise.randrange(70, 130)), where)
    time.sleep(PACE_SECONDS)
    try:
        sock.recv(2048)
    except BlockingIOError:
        pass
