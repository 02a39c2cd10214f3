#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The other side for tests: page_receiver.py over HTTP, as sensor/delivery/CONTRACT.md says, with bad manners when asked.

As a program it listens on loopback until it is ended, after one line "listening on 127.0.0.1:PORT":

    page_desk.py [--port N] [--folder F] [--certificate PEM --key PEM [--client-authority PEM]] [--key-of S=HEX]

As a module: serve(receiver) gives a server on a thread of its own. Beside the contract, for tests:

    GET  /v1/desk/stream?sensor=S  /v1/desk/sensors
    POST /v1/desk/codes  /v1/desk/orders  /v1/desk/revoke
    POST /v1/test/manners  {"status":503,"retry_after":"7"}, any of Manners; {"forget":N} loses the last N parcels
"""
import argparse
import http.server
import json
import ssl
import threading
import time
import urllib.parse
import zlib

from page_receiver import BATCH_BYTES, Receiver, Refused, load


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *_):
        pass

    @property
    def receiver(self):
        return self.server.receiver

    def answer(self, status, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, words in headers:
            self.send_header(name, words)
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > BATCH_BYTES:
            self.close_connection = True
            raise Refused(413, "too_large")
        data = self.rfile.read(length)
        if self.headers.get("Content-Encoding", "identity") == "gzip":
            unpack = zlib.decompressobj(wbits=31)
            try:
                data = unpack.decompress(data, BATCH_BYTES + 1)
            except zlib.error as why:
                raise Refused(400, "no_gzip") from why
            if unpack.unconsumed_tail or len(data) > BATCH_BYTES:
                raise Refused(413, "too_large")
            if not unpack.eof:
                raise Refused(400, "no_gzip", "cut off")
        return data

    def token(self):
        word, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if word.lower() == "bearer" else None

    def asked(self):
        try:
            asked = load(self.body())
        except ValueError as why:
            raise Refused(400, "no_json") from why
        if not isinstance(asked, dict):
            raise Refused(400, "no_json")
        return asked

    def misbehaves(self):
        manners = self.receiver.manners
        if self.path.startswith(("/v1/test/", "/v1/desk/")):
            return False
        if manners.down:
            self.close_connection = True
            return True
        time.sleep(manners.slow)
        if manners.hang:
            while manners.hang:
                time.sleep(0.05)
            self.close_connection = True
            return True
        if manners.status or manners.garbage:
            self.body() if self.command == "POST" else None
            headers = [("Retry-After", manners.retry_after)] if manners.retry_after else []
            self.answer(manners.status or 200, b"<html>hello</html>", headers)
            return True
        return False

    def handle_one(self, paths):
        url = urllib.parse.urlsplit(self.path)
        asked = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        try:
            if self.misbehaves():
                return
            for path, act in paths.items():
                if url.path == path or (path.endswith("/") and url.path.startswith(path)):
                    act(url.path[len(path):], asked)
                    return
            raise Refused(404, "no_such_path")
        except Refused as why:
            self.answer(why.status, {"code": why.code, "detail": why.detail})
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_POST(self):
        self.handle_one({
            "/v1/parcels": self.post_parcels,
            "/v1/enrol": lambda *_: self.answer(200, self.receiver.enrol(self.asked())),
            "/v1/keys": lambda *_: self.answer(200, self.receiver.take_key(self.asked())),
            "/v1/desk/codes": lambda *_: self.answer(200, {"code": self.receiver.make_code(self.asked()["office"])}),
            "/v1/desk/orders": self.post_order,
            "/v1/desk/revoke": self.post_revoke,
            "/v1/test/manners": self.post_manners,
        })

    def do_GET(self):
        self.handle_one({
            "/v1/orders": self.get_orders,
            "/v1/files/": self.get_file,
            "/v1/desk/stream": self.get_stream,
            "/v1/desk/sensors": self.get_sensors,
        })

    def post_parcels(self, *_):
        replies = self.receiver.take(self.body(), self.token())
        if self.receiver.manners.lost_replies:
            self.close_connection = True
            return
        self.answer(200, replies.encode())

    def post_order(self, *_):
        asked = self.asked()
        self.answer(200, self.receiver.order(asked["sensor"], asked["kind"], asked["body"]))

    def post_revoke(self, *_):
        asked = self.asked()
        for name, sensor in self.receiver.sensors.items():
            for signer in list(sensor.keys):
                if asked.get("sensor") == name or asked.get("signer") == signer:
                    sensor.revoked.add(signer)
        self.answer(200, {})

    def post_manners(self, *_):
        asked = self.asked()
        if "forget" in asked:
            for name in list(self.receiver.sensors):
                self.receiver.forget(name, asked["forget"])
            del asked["forget"]
        self.receiver.manners.set(asked)
        self.answer(200, {})

    def get_orders(self, _, asked):
        if not asked.get("after", "0").isdecimal():
            raise Refused(400, "no_number")
        self.answer(200, self.receiver.orders(asked.get("sensor", ""), int(asked.get("after", "0"))))

    def get_file(self, name, _):
        if name not in self.receiver.files:
            raise Refused(404, "no_such_file")
        self.answer(200, self.receiver.files[name])

    def get_stream(self, _, asked):
        with self.receiver.lock:
            received = list(self.receiver.sensor(asked.get("sensor", "")).received)
        self.answer(200, "".join(json.dumps(p, ensure_ascii=False) + "\n" for p in received).encode())

    def get_sensors(self, *_):
        with self.receiver.lock:
            self.answer(200, {"sensors": {name: {"heads": s.heads, "held": len(s.received)}
                                          for name, s in self.receiver.sensors.items()}})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    receiver = None

    def handle_error(self, request, client_address):
        pass  # a client that goes away in between is what tests do


def serve(receiver, port=0, certificate=None, key=None, client_authority=None):
    """Listens on loopback in a thread; .server_address, .shutdown()."""
    server = Server(("127.0.0.1", port), Handler)
    server.receiver = receiver
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if client_authority:
            context.load_verify_locations(client_authority)
            context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--client-authority")
    parser.add_argument("--key-of", action="append", default=[], metavar="SENSOR=HEX")
    given = parser.parse_args()
    receiver = Receiver(given.folder)
    for pair in given.key_of:
        sensor, _, public = pair.partition("=")
        receiver.add_key(sensor, bytes.fromhex(public))
    server = serve(receiver, given.port, given.certificate, given.key, given.client_authority)
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
