#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples beside the contract (sensor/delivery/examples): made anew, they are the same bytes.

Usage: make_examples.py [--update] MAKE_PARCELS

Parcels and the batch are sealed by our own code; orders, enrolment and keys by the formulas of CONTRACT.md.
"""
import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "courier"))
from ed25519 import SigningKey  # noqa: E402

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "sensor/delivery/examples"
SENSOR = "s-3f9ab2c4d5e6f708"
OLD_SEED, NEW_SEED, DESK_SEED = (hashlib.sha256(b"hinomi example " + word).digest() for word in (b"1", b"2", b"desk"))
CODE = "7KQ4M-2XW9E-RT6HC-5DV0N"
MADE = "2026-11-22T01:00:00.000000Z"

FLOW = {"community_id": "1:Q2Xb4pKfN5BoFBxM7JwAkn7ilFU=", "flow_id": 1274, "start": "2026-11-22T00:53:48.772500Z",
        "src_ip": "192.168.10.101", "src_port": 45388, "dest_ip": "203.0.113.9", "dest_port": 443, "ip_protocol": 6,
        "end": "2026-11-22T00:54:57.286403Z", "bytes_toserver": 41594, "bytes_toclient": 57668,
        "pkts_toserver": 204, "pkts_toclient": 194}


def words(device, ja_device):
    return {
        "en": {"title": "Regular contact with an unknown server",
               "what": f"{device} contacted cdn.bad-site.example every minute, 31 times so far.",
               "do_first": ["Ask the user of this device whether new software was installed shortly before this began."],
               "harmless_if": "it is a program that the office uses.",
               "not_known": ""},
        "ja": {"title": "見知らぬサーバーへの規則的な通信",
               "what": f"{ja_device}がcdn.bad-site.exampleに、1分おきに31回通信しました。",
               "do_first": ["この機器の利用者に、この通信が始まる直前に新しいソフトを入れたかどうか確認してください。"],
               "harmless_if": "事業所で使っているソフトの場合。",
               "not_known": ""}}


def case():
    """Has every member that a case can have."""
    return {
        "schema": "hinomi.case/1", "id": "b5263ce5-4a31-8b87-8f89-2f0a7104ea4e", "rev": 2, "action": "create",
        "state": "new", "priority": 1, "impact": 4, "confidence": 0.85, "digest": True,
        "standing": [{"code": "important", "en": "The office calls this device important.",
                      "ja": "事業所が重要とした機器です。"}],
        "cause": "unknown", "opened": "2026-11-22T00:53:48.782181Z", "first": "2026-11-22T00:53:48.772500Z",
        "last": "2026-11-22T00:54:57.286403Z", "signals": 2,
        "device": {"name": "ANNA-LAPTOP", "label": "Reception", "place": "2F", "owner": "Sato", "kind": "office",
                   "mac": "d4:be:d9:4c:11:a1", "mac_random": False, "former_macs": ["d4:be:d9:4c:11:a2"],
                   "ip": ["192.168.10.101", "fe80::d6be:d9ff:fe4c:11a1"],
                   "names": [{"name": "ANNA-LAPTOP", "from": "dhcp"}], "vendor_class": "MSFT 5.0",
                   "is_router": False, "first_seen": "2026-11-22T00:48:51.622438Z",
                   "last_seen": "2026-11-22T00:59:55.420546Z"},
        "text": words("Reception", "Reception"),
        "findings": [{
            "id": "2f419a2a-9e80-8244-9b60-6cfd4d761584", "rule": "BCN-1", "kind": "beacon", "attack": ["T1071.001"],
            "tactic": "command-and-control", "direction": "outbound", "outcome": "data_moved", "priority": 1,
            "impact": 4, "confidence": 0.85, "first": "2026-11-22T00:53:48.773153Z",
            "last": "2026-11-22T00:54:37.922876Z", "count": 31, "signals": 2,
            "object": {"kind": "host", "value": "cdn.bad-site.example", "name_from": "sni", "ip": "203.0.113.9",
                       "port": 443, "ip_protocol": 6, "application": "TLS"},
            "place": {"country": "NL", "en": "Netherlands", "ja": "オランダ", "country_database": "2026-11-01",
                      "asn": 64496, "organisation": "Example Hosting", "network_database": "2026-11-01"},
            "detail": "bad-site.example", "suppressed_by": "known-cdn",
            "reasons": [
                {"code": "check_ins", "value": 31, "at_least": 8, "margin": 23, "option": "beacon.count",
                 "en": "check-ins: 31 (at least 8)", "ja": "定期的な通信：31回（8回以上）"},
                {"code": "interval_spread", "value": 0.035, "at_most": 0.15, "margin": 0.115,
                 "en": "spread of the intervals: 4 % (at most 15 %)", "ja": "間隔のばらつき：4%（15%以下）"},
                {"code": "plain_upload", "value": 1, "times": 3.5, "en": "uploads in clear text",
                 "ja": "暗号化されていない送信"}],
            "considered": [{"code": "common_in_office", "result": "set_aside", "value": 1, "holds_from": 3,
                            "en": "Only this device uses it.", "ja": "この機器だけが利用しています。"}],
            "flows": [FLOW]}],
        "view": {"first": "2026-11-22T00:48:51.000000Z", "last": "2026-11-22T00:59:59.000000Z", "packets": 10234,
                 "refused": 3, "devices": 12, "dns_seen": True, "history": True}}


def health():
    return {
        "schema": "hinomi.health/1", "timestamp": "2026-11-22T00:58:00.000000Z",
        "id": "0c8ad5b1-65a3-8f0a-9d44-0f6f1f0b7c11", "state": "closed", "first": "2026-11-22T00:40:00.000000Z",
        "last": "2026-11-22T00:58:00.000000Z", "code": "gap", "severity": "warning", "interface": "eth1",
        "from": "2026-11-22T00:40:00.000000Z", "until": "2026-11-22T00:47:00.000000Z",
        "sentence": {"en": "The sensor did not run for 7 minutes.", "ja": "センサーが7分間停止していました。"},
        "setting": {"en": "Find out why it stopped.", "ja": "停止した原因を確認してください。"},
        "figures": [{"code": "seconds", "value": 420, "at_least": 60},
                    {"code": "dropped_share", "value": 0.015, "at_most": 0.05}],
        "opened": "2026-11-22T00:40:00.000000Z", "closed": "2026-11-22T00:58:00.000000Z"}


def heartbeat(heads):
    return {
        "schema": "hinomi.heartbeat/1", "made": MADE, "uptime_s": 86400,
        "versions": {"sensor": "0.1.0", "courier": "0.1.0"}, "sensor_alive": True,
        "coverage": {"packets": 5120034, "dropped": 12, "shed": 0, "one_sided_share": 0.012, "table_fill": 0.031,
                     "flows": 2048},
        "feeds": {"oldest_days": 2}, "clock": {"synchronised": True, "offset_s": -0.004},
        "queue": {"urgent": 0, "routine": 1, "pulse": 0, "evidence": 0}, "set_aside": 0, "written_bytes": 1048576,
        "disk_free_bytes": 21474836480,
        "health": [{"code": "gap", "severity": "warning", "since": "2026-11-22T00:40:00.000000Z"}],
        "streams": heads}


CANARY = {"schema": "hinomi.canary/1", "token": "9f2c51d0ab34", "asked": "2026-11-22T00:59:00.000000Z",
          "seen": "2026-11-22T00:59:03.120000Z", "seconds": 3.12}
CANARY_LOST = {"schema": "hinomi.canary/1", "token": "9f2c51d0ab35", "asked": "2026-11-22T00:59:00.000000Z",
               "seen": None, "seconds": None}
CAPSULE = {"schema": "hinomi.capsule/1", "case": "b5263ce5-4a31-8b87-8f89-2f0a7104ea4e", "revision": 2,
           "base64": base64.b64encode(b"hinomi capsule, as its file is").decode()}
ANSWER = {"schema": "hinomi.answer/1", "order": 1, "kind": "verdict", "status": "done", "code": "", "detail": ""}
ANSWER_REFUSED = {"schema": "hinomi.answer/1", "order": 2, "kind": "policy", "status": "refused",
                  "code": "not_supported", "detail": "policy is set by the office"}
SET_ASIDE = {"schema": "hinomi.set_aside/1", "stream": "routine", "sequence": 1, "digest": "5a" * 32,
             "output": "https", "code": "http_413", "detail": "the desk takes no batch of 1 parcel"}


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parcels(make, lines, *words_):
    """`lines` of stream, kind, key, revision, body."""
    told = "".join("\t".join((stream, kind, key, str(revision), MADE, text(body))) + "\n"
                   for stream, kind, key, revision, body in lines)
    return subprocess.run([make, OLD_SEED.hex(), SENSOR, *words_], input=told, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def chain(parcel):
    signed = "".join(f"{line}\n" for line in (
        "hinomi.parcel/1", parcel["sensor"], parcel["stream"], parcel["sequence"], parcel["kind"], parcel["key"],
        parcel["revision"], parcel["made"], parcel["previous"], parcel["digest"]))
    return hashlib.sha256(signed.encode()).hexdigest()


def sealed(make):
    told = case()
    lines = [("urgent", "case", told["id"], 2, told),
             ("routine", "health", health()["id"], 2, health()),
             ("routine", "answer", "1", 1, ANSWER),
             ("routine", "answer", "2", 1, ANSWER_REFUSED),
             ("routine", "set_aside", "routine-1", 1, SET_ASIDE),
             ("pulse", "canary", CANARY["token"], 1, CANARY),
             ("pulse", "canary", CANARY_LOST["token"], 1, CANARY_LOST),
             ("evidence", "capsule", told["id"], 2, CAPSULE)]
    ends = {}
    for line in parcels(make, lines):
        parcel = json.loads(line)
        ends[parcel["stream"]] = {"sequence": parcel["sequence"], "chain": chain(parcel)}
    order = ("urgent", "routine", "pulse", "evidence")
    lines.append(("pulse", "heartbeat", "heartbeat", 1, heartbeat({name: ends[name] for name in order})))
    return lines


def key_id(public):
    return hashlib.sha256(public).hexdigest()[:16]


def sign(seed, *lines):
    return SigningKey(seed).sign("".join(f"{line}\n" for line in lines).encode()).signature.hex()


def order(number, kind, body):
    desk = SigningKey(DESK_SEED)
    body, digest = text(body), hashlib.sha256(text(body).encode()).hexdigest()
    return {"schema": "hinomi.order/1", "sensor": SENSOR, "number": number, "kind": kind, "made": MADE,
            "digest": digest, "signer": key_id(bytes(desk.verify_key)),
            "signature": sign(DESK_SEED, "hinomi.order/1", SENSOR, number, kind, MADE, digest), "body": body}


def enrolment():
    secret = CODE.replace("-", "").encode()
    public = bytes(SigningKey(OLD_SEED).verify_key).hex()
    desk_key = bytes(SigningKey(DESK_SEED).verify_key).hex()
    policy = text({"options": {"judge.budget_day": "5"}})

    def proof(*lines):
        return hmac.new(secret, "".join(f"{line}\n" for line in lines).encode(), hashlib.sha256).hexdigest()

    ask = {"schema": "hinomi.enrol/1", "code_id": CODE[:5], "public_key": public, "host": "sensor-7",
           "version": "0.1.0"}
    ask["proof"] = proof("hinomi.enrol/1", CODE[:5], public, "sensor-7", "0.1.0")
    given = {"schema": "hinomi.enrolled/1", "sensor": SENSOR, "office": "office-117", "token": "t-" + "4c" * 16,
             "desk_key": desk_key, "authority": "", "policy": policy}
    given["proof"] = proof("hinomi.enrolled/1", public, SENSOR, "office-117", given["token"], desk_key,
                           hashlib.sha256(b"").hexdigest(), hashlib.sha256(policy.encode()).hexdigest())
    return ask, given


def new_key():
    old, new = SigningKey(OLD_SEED), SigningKey(NEW_SEED)
    public = bytes(new.verify_key).hex()
    signed = ("hinomi.key/1", SENSOR, public, MADE)
    return {"schema": "hinomi.key/1", "sensor": SENSOR, "public_key": public, "made": MADE,
            "signer": key_id(bytes(old.verify_key)), "signature": sign(OLD_SEED, *signed),
            "proof": sign(NEW_SEED, *signed)}


def examples(make):
    """By the name of its file: a JSON text."""
    lines = sealed(make)
    made = {}
    names = ["case", "health", "answer", "answer-refused", "set_aside", "canary", "canary-lost", "capsule", "heartbeat"]
    for name, line, parcel in zip(names, lines, parcels(make, lines)):
        made[f"body-{name}"] = text(line[4])
        made[f"parcel-{name}"] = parcel
        assert json.loads(parcel)["body"] == text(line[4]), f"{name}: the privacy table takes from the example"
    made["batch"] = parcels(make, lines, "--batch")[0]
    first = json.loads(made["parcel-case"])
    second = json.loads(made["parcel-health"])
    made["replies"] = text({
        "schema": "hinomi.replies/1",
        "replies": [{"stream": "urgent", "sequence": 1, "status": "stored"},
                    {"stream": "routine", "sequence": 1, "status": "duplicate"},
                    {"stream": "routine", "sequence": 2, "status": "rejected", "code": "bad_body",
                     "detail": "body is no hinomi.answer/1"},
                    {"stream": "pulse", "sequence": 1, "status": "later", "code": "busy"}],
        "heads": {"urgent": {"sequence": 1, "chain": chain(first)}, "routine": {"sequence": 1, "chain": chain(second)},
                  "pulse": {"sequence": 0, "chain": "0" * 64}},
        "orders": True})
    orders = [order(1, "verdict", {"case": case()["id"], "verdict": "false-positive", "owner": "desk-1",
                                   "reason": "the office's own backup"}),
              order(2, "capsule", {"case": case()["id"]}),
              order(3, "indicators", {"file": "v1/files/indicators-12.set", "sha256": "b7" * 32, "size": 1048576}),
              order(4, "rotate_key", {})]
    made["order"] = text(orders[0])
    made["orders"] = text({"schema": "hinomi.orders/1", "orders": orders})
    made["enrol"], made["enrolled"] = map(text, enrolment())
    made["key"] = text(new_key())
    made["key_taken"] = text({"schema": "hinomi.key_taken/1", "status": "stored"})
    made["ask"] = text({"schema": "hinomi.ask/1", "after": 4})
    made["refusal"] = text({"code": "used_code", "detail": "ask for a new code"})
    return made


def main():
    update = "--update" in sys.argv
    bad = 0
    for name, made in examples(sys.argv[-1]).items():
        path = EXAMPLES / f"{name}.json"
        if update:
            path.write_text(made + "\n", encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != made + "\n":
            print(f"{path.name}: not what is made now; --update writes it anew, then read the difference")
            bad += 1
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
