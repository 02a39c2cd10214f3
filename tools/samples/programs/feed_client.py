# SPDX-License-Identifier: Apache-2.0
"""Reads what a server pushes over TLS, with a sign of life now and then. usage: NAME CA PORT ALIVE_SECONDS SECONDS"""
import socket
import ssl
import sys
import threading
import time

name, authority, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
pause, seconds = float(sys.argv[4]), float(sys.argv[5])
context = ssl.create_default_context(cafile=authority)
end = time.monotonic() + seconds


def listen(feed):
    while feed.recv(4096):
        pass


with socket.create_connection((name, port), timeout=20) as plain:
    plain.settimeout(None)
    with context.wrap_socket(plain, server_hostname=name) as feed:
        threading.Thread(target=listen, args=(feed,), daemon=True).start()
        while time.monotonic() < end:
            feed.sendall(b"\x89\x00")
            time.sleep(pause)
