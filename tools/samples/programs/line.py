# SPDX-License-Identifier: Apache-2.0
"""
A program that stays connected and speaks by the clock, as push services, terminals and sensors do.
usage: NAME PORT PAUSE_SECONDS MESSAGES UP_BYTES DOWN_BYTES [CA|any]

The first message is larger, as a greeting is. With CA it speaks TLS; "any" checks no certificate.
"""
import random
import socket
import ssl
import struct
import sys
import time

name, port, pause, messages, up, down = sys.argv[1:7]
connection = socket.create_connection((name, int(port)), timeout=20)
if len(sys.argv) > 7:
    context = ssl.create_default_context()
    if sys.argv[7] == "any":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    else:
        context.load_verify_locations(sys.argv[7])
    connection = context.wrap_socket(connection, server_hostname=name)
for number in range(int(messages)):
    size = int(up) if number else int(up) + 150
    connection.sendall(struct.pack("!H", int(down)) + random.randbytes(max(0, size - 2)))
    connection.recv(16384)
    time.sleep(float(pause))
connection.close()
