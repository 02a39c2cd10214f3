# SPDX-License-Identifier: Apache-2.0
"""Holds one TLS connection open with a message every 30 to 60 s. usage: NAME CA SEED SECONDS"""
import random
import socket
import ssl
import sys
import time

name, authority, seed, seconds = sys.argv[1:5]
dice = random.Random(int(seed))
context = ssl.create_default_context(cafile=authority)
end = time.monotonic() + float(seconds)
with socket.create_connection((name, 443), timeout=20) as plain:
    with context.wrap_socket(plain, server_hostname=name) as chat:
        while time.monotonic() < end:
            # Mostly a keep-alive, now and then something typed.
            chat.sendall(bytes(6 if dice.random() < 0.8 else dice.randrange(30, 300)))
            if not chat.recv(4096):
                sys.exit("the server left")
            time.sleep(dice.uniform(30, 60))
