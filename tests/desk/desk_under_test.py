# SPDX-License-Identifier: Apache-2.0
"""A desk to test, and sensors that speak to it as the wire says, written apart from the C code."""
import base64
import gzip
import hashlib
import hmac
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile

try:
    import nacl.signing
except ImportError:
    print("skipped: needs PyNaCl (python3-nacl)")
    sys.exit(77)

STREAMS = ("urgent", "routine", "pulse", "evidence")
NOTHING = "0" * 64
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Desk:
    """The program, in a folder of its own, on ports that the kernel chose."""

    def __init__(self, program, folder=None, *options):
        self.program, self.options = program, options
        self.own = None if folder else tempfile.TemporaryDirectory()
        self.folder = folder or self.own.name
        self.context = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, "--folder", self.folder, "--listen", "127.0.0.1:0", "--page",
                                         "127.0.0.1:0", *self.options], stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().replace(",", "").split()
        if len(words) != 5:
            raise RuntimeError("the desk does not start")
        self.port, self.page_port = int(words[2]), int(words[4])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        if self.own:
            self.own.cleanup()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()

    def ask(self, method, path, body=None, headers=(), page=False, timeout=30):
        """Status, headers, and what came: JSON where it is."""
        port = self.page_port if page else self.port
        link = (http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=self.context)
                if self.context and not page else http.client.HTTPConnection("127.0.0.1", port, timeout=timeout))
        try:
            link.request(method, path, body, dict(headers))
            reply = link.getresponse()
            raw = reply.read()
        finally:
            link.close()
        if reply.headers.get("Content-Type", "") == "application/json" and raw:
            return reply.status, reply.headers, json.loads(raw)
        return reply.status, reply.headers, raw

    def page(self, path, body=None, **headers):
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            return self.ask("POST", path, json.dumps(body), headers, page=True)
        return self.ask("GET", path, None, headers, page=True)

    def code(self, office="office-a"):
        return self.page("/v1/desk/codes", {"office": office})[2]["code"]

    def enrol(self, office="office-a", **change):
        sensor = Sensor(self)
        status, reply = sensor.enrol(self.code(office), **change)
        if status != 200:
            raise RuntimeError(reply)
        return sensor


def prove(code, *lines):
    secret = code.replace("-", "").encode()
    return hmac.new(secret, "".join(line + "\n" for line in lines).encode(), hashlib.sha256).hexdigest()


class Sensor:
    """An office's courier: its key, its streams."""

    def __init__(self, desk, seed=None):
        self.desk = desk
        self.key = nacl.signing.SigningKey(seed or os.urandom(32))
        self.name, self.token = None, None
        self.ends = {stream: (0, NOTHING) for stream in STREAMS}

    @property
    def public(self):
        return bytes(self.key.verify_key).hex()

    def signer(self):
        return hashlib.sha256(bytes(self.key.verify_key)).hexdigest()[:16]

    def enrol(self, code, **change):
        lines = {"code_id": code[:5], "public_key": self.public, "host": "box", "version": "0.1.0"}
        body = {"schema": "hinomi.enrol/1", **lines, "proof": prove(code, "hinomi.enrol/1", *lines.values()), **change}
        status, _, reply = self.desk.ask("POST", "/v1/enrol", json.dumps(body))
        if status == 200:
            self.name, self.token, self.desk_key = reply["sensor"], reply["token"], reply["desk_key"]
            told = [self.public, reply["sensor"], reply["office"], reply["token"], reply["desk_key"],
                    sha256(reply["authority"]), sha256(reply["policy"])]
            expect("the desk proves that it knows the code",
                   reply["proof"] == prove(code, "hinomi.enrolled/1", *told), reply)
        return status, reply

    def parcel(self, stream="routine", kind="case", key="c-1", revision=1, body=None, **change):
        """The next of a stream; `change` before it is signed."""
        sequence, previous = self.ends[stream]
        text = body if isinstance(body, str) else json.dumps(body or {"schema": f"hinomi.{kind}/1"})
        parcel = {"schema": "hinomi.parcel/1", "sensor": self.name, "stream": stream, "sequence": sequence + 1,
                  "kind": kind, "key": key, "revision": revision, "made": "2026-11-22T10:00:00.000001Z",
                  "previous": previous, "digest": sha256(text), "signer": self.signer(), "body": text, **change}
        signed = self.signed_text(parcel)
        parcel["signature"] = self.key.sign(signed.encode()).signature.hex()
        if not change:
            self.ends[stream] = (sequence + 1, sha256(signed))
        return parcel

    @staticmethod
    def signed_text(parcel):
        names = ("sensor", "stream", "sequence", "kind", "key", "revision", "made", "previous", "digest")
        return "hinomi.parcel/1\n" + "".join(f"{parcel[name]}\n" for name in names)

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **more}

    def send(self, *parcels, packed=True, sensor=None, **headers):
        body = json.dumps({"schema": "hinomi.batch/1", "sensor": sensor or self.name, "parcels": parcels}).encode()
        if packed:
            body, headers = gzip.compress(body), {"Content-Encoding": "gzip", **headers}
        status, _, reply = self.desk.ask("POST", "/v1/parcels", body, self.headers(**headers))
        return status, reply

    def words(self, *parcels):
        """What is said of each: "stored", "rejected forked"."""
        status, reply = self.send(*parcels)
        if status != 200:
            return [f"http {status}"]
        return [" ".join(filter(None, (r["status"], r.get("code")))) for r in reply["replies"]]

    def head(self, stream="routine"):
        """As the desk says it."""
        head = self.probe()["heads"][stream]
        return head["sequence"], head["chain"]

    def probe(self):
        """The desk's replies to what it does not take: no batch is empty."""
        return self.send(self.parcel(signer="00" * 8))[1]

    def stream(self):
        raw = self.desk.page(f"/v1/desk/stream?sensor={self.name}")[2]
        return [json.loads(line) for line in raw.splitlines()]


def basic(password):
    return "Basic " + base64.b64encode(f"ranger:{password}".encode()).decode()


def tls_context(authority, certificate=None, key=None):
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False
    if certificate:
        context.load_cert_chain(certificate, key)
    return context
