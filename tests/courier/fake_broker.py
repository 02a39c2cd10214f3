# SPDX-License-Identifier: Apache-2.0
"""An MQTT 3.1.1 broker with the rangers' desk behind it, in one: `manner` says how they behave.

`answer(broker, batch)` gives the messages for the replies' topic, as objects or bytes, or None to hang up.
"""
import contextlib
import json
import socket
import threading

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14
FAILED = 0x80


def read_exactly(link, count):
    data = b""
    while len(data) < count:
        more = link.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_packet(link):
    kind = read_exactly(link, 1)[0]
    length = shift = 0
    while True:
        byte = read_exactly(link, 1)[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return kind >> 4, read_exactly(link, length)


def packet(kind, body, flags=0):
    length, head = len(body), bytes([kind << 4 | flags])
    while True:
        length, byte = length >> 7, length & 0x7F
        head += bytes([byte | (0x80 if length else 0)])
        if not length:
            return head + body


def text(value):
    return len(value).to_bytes(2, "big") + value.encode()


def stores(_, batch, status="stored", shift=0, stream=None):
    return [{"schema": "hinomi.replies/1",
             "replies": [{"stream": stream or p["stream"], "sequence": p["sequence"] + shift, "status": status}
                         for p in batch["parcels"]], "heads": {}, "orders": False}]


class Broker:
    def __init__(self, answer=stores, refuses=0, grants=1, is_silent=False, longest=None):
        self.answer, self.refuses, self.grants = answer, refuses, grants
        self.is_silent, self.longest = is_silent, longest
        self.batches, self.connects, self.subscribed = [], [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"mqtt://127.0.0.1:{self.listener.getsockname()[1]}"
        self.links = []
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for link in self.links:
            link.close()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                self.links.append(link)
                if not self.is_silent:
                    threading.Thread(target=self.talk, args=(link,), daemon=True).start()

    def talk(self, link):
        with contextlib.suppress(OSError, EOFError), link:
            while self.take(link, *read_packet(link)):
                pass
            link.shutdown(socket.SHUT_RDWR)

    def take(self, link, kind, body):
        """False: the connection ends."""
        if kind == CONNECT:
            self.connects.append(body)
            link.sendall(packet(CONNACK, bytes([0, self.refuses])))
            return not self.refuses
        if kind == SUBSCRIBE:
            length = int.from_bytes(body[2:4], "big")
            self.subscribed.append((body[4:4 + length].decode(), body[4 + length]))
            link.sendall(packet(SUBACK, body[:2] + bytes([self.grants])))
        elif kind == PUBLISH:
            return self.publish(link, body)
        elif kind == PINGREQ:
            link.sendall(packet(PINGRESP, b""))
        return kind != DISCONNECT

    def publish(self, link, body):
        if self.longest and len(body) > self.longest:
            return False
        length = int.from_bytes(body[:2], "big")
        topic, number, payload = body[2:2 + length].decode(), body[2 + length:4 + length], body[4 + length:]
        link.sendall(packet(PUBACK, number))
        if not topic.endswith("/parcels"):
            return True
        batch = json.loads(payload)
        self.batches.append((topic, batch))
        said = self.answer(self, batch)
        for one in said or ():
            data = one if isinstance(one, bytes) else json.dumps(one).encode()
            link.sendall(packet(PUBLISH, text(topic.replace("/parcels", "/replies")) + b"\0\1" + data, flags=2))
        return said is not None
