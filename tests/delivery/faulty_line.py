# SPDX-License-Identifier: Apache-2.0
"""A line between courier and desk that can be made bad: one port of loopback, passed on to another."""
import random
import socket
import threading
import time

MODES = ("up", "refuse", "hang", "cut", "garbage", "slow")
GARBAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n<html>please log in</html>"


class FaultyLine:
    """Modes: up; refuse (hangs up at once); hang (accepts, says nothing); cut (hangs up amid what is sent or answered);
    garbage (a captive portal that says 200 to everything); slow (some KB a second)."""

    def __init__(self, to_port, seed=1):
        self.to_port, self.mode, self.is_over = to_port, "up", False
        self.random = random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.is_over = True
        self.listener.close()

    def accept(self):
        while not self.is_over:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        mode = self.mode
        try:
            if mode == "hang":
                while not self.is_over and self.mode == "hang":
                    time.sleep(0.1)
            elif mode == "garbage":
                client.settimeout(1)
                client.recv(1 << 16)
                client.sendall(GARBAGE)
            elif mode != "refuse":
                self.pass_on(client, mode)
        except OSError:
            pass
        finally:
            client.close()

    def pass_on(self, client, mode):
        left = [self.random.randrange(1, 20000) if mode == "cut" else None]
        with socket.create_connection(("127.0.0.1", self.to_port), timeout=10) as desk:
            back = threading.Thread(target=self.copy, args=(desk, client, mode, left), daemon=True)
            back.start()
            self.copy(client, desk, mode, left)
            back.join(15)

    def copy(self, source, target, mode, left):
        """Until one side ends, the line changes, or `left` bytes have passed."""
        source.settimeout(0.2)
        try:
            while not self.is_over and (self.mode == mode or mode == "up"):
                try:
                    data = source.recv(2048 if mode == "slow" else 65536)
                except socket.timeout:
                    if self.mode not in (mode, "up"):
                        break
                    continue
                if not data:
                    break
                if mode == "slow":
                    time.sleep(len(data) / 65536)
                if left[0] is not None:
                    left[0] -= len(data)
                    if left[0] <= 0:
                        break
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
