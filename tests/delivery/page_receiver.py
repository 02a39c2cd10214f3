#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A receiver written from sensor/delivery/CONTRACT.md alone: what it holds and what it answers. page_desk.py puts it
behind HTTP.

With a folder what is held stands in parcels.jsonl there, synced before a reply says "stored", and is taken up again.
"""
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import re
import secrets
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "courier"))
from ed25519 import SigningKey, VerifyKey  # noqa: E402
from nacl.exceptions import BadSignatureError  # noqa: E402

STREAMS = ("urgent", "routine", "pulse", "evidence")
KINDS = ("case", "health", "heartbeat", "canary", "capsule", "answer", "set_aside")
ORDERS = ("verdict", "suppression", "capsule", "indicators", "prevalence", "rotate_key", "policy")
NAME = re.compile(r"[A-Za-z0-9._:-]{1,63}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
HEX = {"previous": 64, "digest": 64, "signer": 16, "signature": 128}
BATCH_BYTES, BODY_BYTES, BATCH_PARCELS, ORDERS_AT_ONCE = 4 << 20, 1 << 20, 256, 64
OF_THE_BODY = ("too_large", "unknown_kind", "bad_body")
START = {"sequence": 0, "chain": "0" * 64}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Refused(Exception):
    """An HTTP status, and a code."""

    def __init__(self, status, code, detail=""):
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


class Manners:
    """What a test wants to be done wrong."""

    def __init__(self):
        self.down = False            # connections are closed unread
        self.slow = 0.0              # seconds before each answer
        self.hang = False            # accepts, and never answers
        self.status = 0              # this instead of an answer
        self.retry_after = ""        # header beside it
        self.garbage = False         # 200, and no JSON
        self.half = False            # replies for the first half of a batch only
        self.others = False          # replies for parcels that nobody sent
        self.lost_replies = False    # stores, and closes the connection
        self.reject_every = 0        # each nth parcel is rejected with bad_body
        self.later_every = 0         # each nth parcel is told to come again
        self.most = 0                # more parcels at once are answered 413

    def set(self, values):
        for name, value in values.items():
            if not hasattr(self, name):
                raise Refused(400, "no_such_manner", name)
            setattr(self, name, value)


def key_id(public):
    return hashlib.sha256(public).hexdigest()[:16]


def is_signed(public, signature, *lines):
    text = "".join(f"{line}\n" for line in lines).encode()
    try:
        VerifyKey(public).verify(text, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def no_twice(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def load(text):
    return json.loads(text, object_pairs_hook=no_twice)


def utf8(text):
    """None when it holds half of a surrogate pair, which JSON can say and UTF-8 cannot."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def is_count(value, least=1):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 1 << 63


def is_time(text):
    try:
        return bool(TIME.fullmatch(text)) and bool(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ"))
    except (TypeError, ValueError):
        return False


def wrong_member(parcel):
    """The member that is missing or wrong; None when the form is right."""
    if not isinstance(parcel, dict) or parcel.get("schema") != "hinomi.parcel/1":
        return "schema"
    for name in ("sensor", "key"):
        if not isinstance(parcel.get(name), str) or not NAME.fullmatch(parcel[name]):
            return name
    if parcel.get("stream") not in STREAMS:
        return "stream"
    if not isinstance(parcel.get("kind"), str) or not re.fullmatch(r"[a-z_]{1,31}", parcel["kind"]):
        return "kind"
    for name in ("sequence", "revision"):
        if not is_count(parcel.get(name)):
            return name
    for name, digits in HEX.items():
        if not isinstance(parcel.get(name), str) or not re.fullmatch(r"[0-9a-f]{%d}" % digits, parcel[name]):
            return name
    if not is_time(parcel.get("made")):
        return "made"
    if not isinstance(parcel.get("body"), str) or not utf8(parcel["body"]):
        return "body"
    return None


def signed_lines(parcel):
    return ("hinomi.parcel/1", *(parcel[name] for name in (
        "sensor", "stream", "sequence", "kind", "key", "revision", "made", "previous", "digest")))


def fits(sensor, parcel):
    """Neither the one held before it nor the one behind it says otherwise."""
    stream, sequence = parcel["stream"], parcel["sequence"]
    before = START["chain"] if sequence == 1 else sensor.held[stream].get(sequence - 1)
    behind = sensor.previous[stream].get(sequence + 1)
    return before in (None, parcel["previous"]) and behind in (None, chain_of(parcel))


def chain_of(parcel):
    return hashlib.sha256("".join(f"{line}\n" for line in signed_lines(parcel)).encode()).hexdigest()


class Sensor:
    def __init__(self):
        self.keys = {}      # by signer: 32 bytes
        self.revoked = set()
        self.held = {name: {} for name in STREAMS}   # sequence: chain
        self.previous = {name: {} for name in STREAMS}
        self.heads = {name: dict(START) for name in STREAMS}
        self.refused = {}    # (stream, sequence): code of a body that is not held
        self.received = []   # parcels in the order received
        self.latest = {}     # (kind, key): parcel of the highest revision
        self.orders = []
        self.token = None


class Receiver:
    def __init__(self, folder=None):
        self.lock = threading.RLock()
        self.sensors = {}
        self.codes = {}      # by code_id: secret, office, and what was answered
        self.files = {}
        self.desk = SigningKey.generate()
        self.manners = Manners()
        self.seen = 0        # parcels, for each-nth manners
        self.batches = 0
        self.needs_token = False
        self.file = None
        if folder:
            self.open(pathlib.Path(folder))

    def open(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "parcels.jsonl"
        if path.exists():
            whole = path.read_bytes().rpartition(b"\n")
            path.write_bytes(whole[0] + whole[1])  # a line cut off by a power cut was never acknowledged
            for line in whole[0].splitlines():
                parcel = load(line)
                self.hold(self.sensor(parcel["sensor"]), parcel)
        self.file = path.open("ab")

    def sensor(self, name):
        return self.sensors.setdefault(name, Sensor())

    def add_key(self, sensor, public):
        self.sensor(sensor).keys[key_id(public)] = public

    def follow(self, sensor, parcel):
        """Its place in the chain is held, whatever becomes of its body."""
        stream, sequence = parcel["stream"], parcel["sequence"]
        sensor.held[stream][sequence] = chain_of(parcel)
        sensor.previous[stream][sequence] = parcel["previous"]
        head = sensor.heads[stream]
        while head["sequence"] + 1 in sensor.held[stream]:
            after = head["sequence"] + 1
            head = sensor.heads[stream] = {"sequence": after, "chain": sensor.held[stream][after]}

    def hold(self, sensor, parcel):
        sensor.received.append(parcel)
        about = parcel["kind"], parcel["key"]
        if about not in sensor.latest or sensor.latest[about]["revision"] < parcel["revision"]:
            sensor.latest[about] = parcel
        self.follow(sensor, parcel)

    def forget(self, name, count=1 << 62):
        """Loses the last `count` parcels, as a desk whose backup was put back."""
        with self.lock:
            old = self.sensor(name)
            new = self.sensors[name] = Sensor()
            new.keys, new.revoked, new.orders, new.token = old.keys, old.revoked, old.orders, old.token
            for parcel in old.received[:max(0, len(old.received) - count)]:
                self.hold(new, parcel)

    def judge(self, sensor, parcel):
        """Status, code, detail."""
        public = sensor.keys.get(parcel["signer"])
        place = parcel["stream"], parcel["sequence"]
        if public is None:
            return "later", "unknown_signer", ""
        if not is_signed(public, parcel["signature"], *signed_lines(parcel)):
            return "rejected", "bad_signature", ""
        if hashlib.sha256(parcel["body"].encode()).hexdigest() != parcel["digest"]:
            return "rejected", "body_changed", ""
        held = sensor.held[place[0]].get(place[1])
        if held == chain_of(parcel):
            return ("rejected", sensor.refused[place], "") if place in sensor.refused else ("duplicate", "", "")
        if parcel["signer"] in sensor.revoked:
            return "rejected", "revoked_key", ""
        if held is not None or not fits(sensor, parcel):
            return "rejected", "forked", ""
        return self.judge_body(parcel)

    def judge_body(self, parcel):
        if len(parcel["body"].encode()) > BODY_BYTES:
            return "rejected", "too_large", ""
        if parcel["kind"] not in KINDS:
            return "rejected", "unknown_kind", ""
        try:
            body = load(parcel["body"])
        except ValueError as why:
            return "rejected", "bad_body", str(why)[:100]
        if not isinstance(body, dict) or body.get("schema") != f"hinomi.{parcel['kind']}/1":
            return "rejected", "bad_body", f"body is no hinomi.{parcel['kind']}/1"
        if self.manners.reject_every and self.seen % self.manners.reject_every == 0:
            return "rejected", "bad_body", "so that a test sees it"
        if self.manners.later_every and self.seen % self.manners.later_every == 0:
            return "later", "busy", ""
        return "stored", "", ""

    def take_one(self, sensor, parcel):
        self.seen += 1
        reply = {"stream": parcel["stream"], "sequence": parcel["sequence"]}
        status, code, detail = self.judge(sensor, parcel)
        if code in OF_THE_BODY:
            sensor.refused[parcel["stream"], parcel["sequence"]] = code
            self.follow(sensor, parcel)
        if status == "stored":
            self.hold(sensor, parcel)
            if self.file:
                self.file.write(json.dumps(parcel, ensure_ascii=False).encode() + b"\n")
        reply["status"] = status
        if code:
            reply["code"] = code
        if detail:
            reply["detail"] = detail
        return reply

    def take(self, text, token=None):
        """A batch's text; the text of the replies. Refused when it is no batch."""
        try:
            batch = load(text)
        except ValueError as why:
            raise Refused(400, "no_json", str(why)) from why
        if not isinstance(batch, dict) or batch.get("schema") != "hinomi.batch/1":
            raise Refused(400, "no_batch")
        name, parcels = batch.get("sensor"), batch.get("parcels")
        if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(parcels, list) or not parcels:
            raise Refused(400, "no_batch")
        if len(parcels) > (self.manners.most or BATCH_PARCELS):
            raise Refused(413, "too_many")
        for parcel in parcels:
            wrong = wrong_member(parcel) or ("sensor" if parcel["sensor"] != name else None)
            if wrong:
                raise Refused(422, "no_parcel", f"member {wrong}")
        with self.lock:
            sensor = self.sensor(name)
            if self.needs_token and (not token or token != sensor.token):
                raise Refused(401, "no_token")
            self.batches += 1
            replies = [self.take_one(sensor, parcel) for parcel in parcels]
            if self.file:
                self.file.flush()
                os.fsync(self.file.fileno())
            return json.dumps(self.misreply({"schema": "hinomi.replies/1", "replies": replies, "heads": sensor.heads,
                                             "orders": bool(sensor.orders)}))

    def misreply(self, answer):
        if self.manners.half:
            answer["replies"] = answer["replies"][:len(answer["replies"]) // 2]
        if self.manners.others:
            for reply in answer["replies"]:
                reply["sequence"] += 1000000
        return answer

    def orders(self, name, after):
        with self.lock:
            waiting = [order for order in self.sensor(name).orders if order["number"] > after]
        return {"schema": "hinomi.orders/1", "orders": waiting[:ORDERS_AT_ONCE]}

    def order(self, name, kind, body, number=None):
        """Signs an order and lets it wait."""
        with self.lock:
            sensor = self.sensor(name)
            number = number or len(sensor.orders) + 1
            body = json.dumps(body, separators=(",", ":"))
            digest = hashlib.sha256(body.encode()).hexdigest()
            made = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            text = "".join(f"{line}\n" for line in ("hinomi.order/1", name, number, kind, made, digest))
            sensor.orders.append({
                "schema": "hinomi.order/1", "sensor": name, "number": number, "kind": kind, "made": made,
                "digest": digest, "signer": key_id(bytes(self.desk.verify_key)),
                "signature": self.desk.sign(text.encode()).signature.hex(), "body": body})
            return sensor.orders[-1]

    def make_code(self, office, seconds=14 * 86400):
        code = "".join(secrets.choice(LETTERS) for _ in range(20))
        self.codes[code[:5]] = {"secret": code.encode(), "office": office, "until": time.time() + seconds}
        return "-".join(code[i:i + 5] for i in range(0, 20, 5))

    def enrol(self, ask):
        known = self.codes.get(str(ask.get("code_id")))
        members = [ask.get(name) for name in ("code_id", "public_key", "host", "version", "proof")]
        if ask.get("schema") != "hinomi.enrol/1" or not all(isinstance(member, str) for member in members):
            raise Refused(400, "no_enrolment")
        if not known or not hmac.compare_digest(proof(known["secret"], "hinomi.enrol/1", *members[:4]), members[4]):
            raise Refused(403, "unknown_code")
        if "answer" in known:
            if known["public_key"] != ask["public_key"]:
                raise Refused(403, "used_code")
            return known["answer"]
        if time.time() > known["until"]:
            raise Refused(403, "expired_code")
        if not re.fullmatch(r"[0-9a-f]{64}", ask["public_key"]):
            raise Refused(400, "no_enrolment", "public_key")
        name, token = "s-" + secrets.token_hex(8), secrets.token_hex(16)
        desk_key, policy = bytes(self.desk.verify_key).hex(), '{"options":{}}'
        self.add_key(name, bytes.fromhex(ask["public_key"]))
        self.sensor(name).token = token
        known["public_key"] = ask["public_key"]
        known["answer"] = {
            "schema": "hinomi.enrolled/1", "sensor": name, "office": known["office"], "token": token,
            "desk_key": desk_key, "authority": "", "policy": policy,
            "proof": proof(known["secret"], "hinomi.enrolled/1", ask["public_key"], name, known["office"], token,
                           desk_key, hashlib.sha256(b"").hexdigest(), hashlib.sha256(policy.encode()).hexdigest())}
        return known["answer"]

    def take_key(self, ask):
        sensor = self.sensors.get(str(ask.get("sensor")))
        members = [ask.get(name) for name in ("public_key", "made", "signer", "signature", "proof")]
        if ask.get("schema") != "hinomi.key/1" or not sensor or not all(isinstance(m, str) for m in members):
            raise Refused(400, "no_key")
        public_key, made, signer, signature, new_proof = members
        if not re.fullmatch(r"[0-9a-f]{64}", public_key) or not is_time(made):
            raise Refused(400, "no_key")
        if signer in sensor.revoked or signer not in sensor.keys:
            raise Refused(403, "unknown_signer")
        lines = "hinomi.key/1", ask["sensor"], public_key, made
        new = bytes.fromhex(public_key)
        if not is_signed(sensor.keys[signer], signature, *lines) or not is_signed(new, new_proof, *lines):
            raise Refused(403, "bad_signature")
        status = "duplicate" if key_id(new) in sensor.keys else "stored"
        self.add_key(ask["sensor"], new)
        return {"schema": "hinomi.key_taken/1", "status": status}


def proof(secret, *lines):
    return hmac.new(secret, "".join(f"{line}\n" for line in lines).encode(), hashlib.sha256).hexdigest()
