#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What our code seals, a receiver written from CONTRACT.md alone takes; and refuses it with any character changed.

Usage: test_page.py MAKE_PARCELS
"""
import gzip
import hashlib
import http.client
import json
import pathlib
import sys
import tempfile

import make_examples as made
import page_desk
import page_receiver as page
from page_receiver import SigningKey

DELIVERY = pathlib.Path(__file__).resolve().parents[2] / "sensor/delivery"
PUBLIC = bytes(SigningKey(made.OLD_SEED).verify_key)


def example(name):
    return (DELIVERY / f"examples/{name}.json").read_text(encoding="utf-8").strip()


def receiver(folder=None):
    held = page.Receiver(folder)
    held.add_key(made.SENSOR, PUBLIC)
    return held


def batch(*parcels):
    return ('{"schema":"hinomi.batch/1","sensor":"%s","parcels":[%s]}' % (made.SENSOR, ",".join(parcels))).encode()


def asked(server, method, path, body=None, headers=None):
    line = http.client.HTTPConnection(*server.server_address, timeout=20)
    try:
        line.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        line.close()


def the_page_shows_real_bytes():
    """The worked example of CONTRACT.md is the canary among the examples."""
    text = (DELIVERY / "CONTRACT.md").read_text(encoding="utf-8")
    parcel = json.loads(example("parcel-canary"))
    signed = "".join(f"{line}\n" for line in page.signed_lines(parcel))
    for what in (made.OLD_SEED.hex(), PUBLIC.hex(), parcel["signer"], parcel["body"], parcel["digest"], signed,
                 parcel["signature"], page.chain_of(parcel), made.CODE, json.loads(example("enrol"))["proof"],
                 json.loads(example("enrolled"))["proof"], example("key")):
        assert what in text, f"CONTRACT.md does not show {what}"
    for path in DELIVERY.glob("*.schema.json"):
        assert path.name in text, f"CONTRACT.md does not name {path.name}"


def what_is_sealed_is_taken():
    held = receiver()
    server = page_desk.serve(held)
    packed = gzip.compress(example("batch").encode())
    status, told = asked(server, "POST", "/v1/parcels", packed, {"Content-Encoding": "gzip"})
    assert status == 200 and {reply["status"] for reply in told["replies"]} == {"stored"}, told
    heartbeat = json.loads(example("body-heartbeat"))
    heads = {**heartbeat["streams"], "pulse": told["heads"]["pulse"]}
    assert told["heads"] == heads and heads["pulse"]["sequence"] == 3, told
    status, told = asked(server, "POST", "/v1/parcels", example("batch"))
    assert {reply["status"] for reply in told["replies"]} == {"duplicate"}, told
    server.shutdown()


def every_change_is_refused():
    changes = 0
    for name in ("parcel-canary", "parcel-answer-refused"):
        line = example(name)
        for at, was in enumerate(line):
            for other in "0f1Z\" ":
                if other == was:
                    continue
                held = receiver()
                try:
                    told = json.loads(held.take(batch(line[:at] + other + line[at + 1:])))
                    kept = [reply["status"] for reply in told["replies"]]
                except page.Refused:
                    kept = []
                assert "stored" not in kept and not held.sensor(made.SENSOR).received, f"{name}: {at} as {other!r}"
                changes += 1
    return changes


def gaps_are_filled(make):
    lines = [("urgent", "canary", f"k{i}", 1, {"schema": "hinomi.canary/1"}) for i in range(8)]
    parcels = made.parcels(make, lines)
    held = receiver()
    told = json.loads(held.take(batch(parcels[0], *parcels[3:])))
    assert {r["status"] for r in told["replies"]} == {"stored"} and told["heads"]["urgent"]["sequence"] == 1, told
    told = json.loads(held.take(batch(*parcels[1:3])))
    assert told["heads"]["urgent"] == {"sequence": 8, "chain": page.chain_of(json.loads(parcels[7]))}, told
    held.forget(made.SENSOR, 2)
    told = json.loads(held.take(batch(parcels[0])))
    assert told["heads"]["urgent"]["sequence"] < 8, told
    lines[4] = ("urgent", "canary", "other", 1, {"schema": "hinomi.canary/1"})
    told = json.loads(held.take(batch(made.parcels(make, lines)[4])))
    assert told["replies"][0]["code"] == "forked", told


def what_does_not_fit_is_forked(make):
    lines = [("urgent", "canary", f"k{i}", 1, {"schema": "hinomi.canary/1"}) for i in range(4)]
    parcels = made.parcels(make, lines)
    lines[1] = ("urgent", "canary", "other", 1, {"schema": "hinomi.canary/1"})
    others = made.parcels(make, lines)
    held = receiver()
    told = json.loads(held.take(batch(parcels[0], parcels[1], others[2], parcels[2])))
    assert [reply.get("code") for reply in told["replies"]] == [None, None, "forked", None], told
    held = receiver()
    told = json.loads(held.take(batch(parcels[2], others[1], parcels[1], parcels[0])))
    assert [reply.get("code") for reply in told["replies"]] == [None, "forked", None, None], told
    assert told["heads"]["urgent"]["sequence"] == 3, told


def a_refused_body_leaves_no_gap(make):
    lines = [("urgent", "canary", "k0", 1, {"schema": "hinomi.canary/1"}),
             ("urgent", "canary", "k1", 1, {"schema": "hinomi.heartbeat/1"}),
             ("urgent", "canary", "k2", 1, {"schema": "hinomi.canary/1"})]
    held = receiver()
    parcels = made.parcels(make, lines)
    for _ in range(2):
        told = json.loads(held.take(batch(*parcels)))
        assert told["replies"][1]["code"] == "bad_body" and told["heads"]["urgent"]["sequence"] == 3, told
    assert len(held.sensor(made.SENSOR).received) == 2


def keys_are_known_rotated_and_revoked():
    held = page.Receiver()
    parcel = example("parcel-canary")
    told = json.loads(held.take(batch(parcel)))
    assert told["replies"][0] == {"stream": "pulse", "sequence": 1, "status": "later", "code": "unknown_signer"}, told
    held.add_key(made.SENSOR, PUBLIC)
    assert json.loads(held.take(batch(parcel)))["replies"][0]["status"] == "stored"
    ask = json.loads(example("key"))
    assert held.take_key(ask)["status"] == "stored" and held.take_key(ask)["status"] == "duplicate"
    for member in ("public_key", "made", "signer", "signature", "proof", "sensor"):
        wrong = dict(ask, **{member: ask[member][:-1] + ("0" if ask[member][-1] != "0" else "1")})
        try:
            held.take_key(wrong)
        except page.Refused:
            continue
        raise AssertionError(f"a key with another {member} is taken")
    held.sensor(made.SENSOR).revoked.add(page.key_id(PUBLIC))
    assert json.loads(held.take(batch(parcel)))["replies"][0]["status"] == "duplicate"
    told = json.loads(held.take(batch(example("parcel-canary-lost"))))
    assert told["replies"][0]["code"] == "revoked_key", told


def enrolment_binds_both_sides():
    held = page.Receiver()
    ask = json.loads(example("enrol"))
    held.codes[made.CODE[:5]] = {"secret": made.CODE.replace("-", "").encode(), "office": "o", "until": 1e12}
    given = held.enrol(ask)
    assert held.enrol(ask) == given
    lines = (given[name] for name in ("sensor", "office", "token", "desk_key"))
    digests = (hashlib.sha256(given[name].encode()).hexdigest() for name in ("authority", "policy"))
    assert given["proof"] == page.proof(made.CODE.replace("-", "").encode(), "hinomi.enrolled/1", ask["public_key"],
                                        *lines, *digests)
    for member in ("public_key", "host", "version", "proof", "code_id"):
        try:
            held.enrol(dict(ask, **{member: "0" + ask[member][1:] + "0"}))
        except page.Refused as why:
            assert (why.status, why.code) == (403, "unknown_code"), why
            continue
        raise AssertionError(f"another {member} is taken in")


def orders_are_signed():
    held = page.Receiver()
    for order in (json.loads(example("order")), held.order(made.SENSOR, "capsule", {"case": "x"})):
        desk = held.desk if order["kind"] == "capsule" else SigningKey(made.DESK_SEED)
        lines = ("hinomi.order/1", *(order[name] for name in ("sensor", "number", "kind", "made", "digest")))
        assert page.is_signed(bytes(desk.verify_key), order["signature"], *lines)
        assert hashlib.sha256(order["body"].encode()).hexdigest() == order["digest"]
    assert [order["number"] for order in held.orders(made.SENSOR, 0)["orders"]] == [1]
    assert not held.orders(made.SENSOR, 1)["orders"]


def limits_hold():
    server = page_desk.serve(receiver())
    parcel = example("parcel-canary")
    wrong = [(b"{", {}, 400), (b"[]", {}, 400), (batch(), {}, 400), (batch(*[parcel] * 257), {}, 413),
             (gzip.compress(b" " * (5 << 20)), {"Content-Encoding": "gzip"}, 413), (b"{}", {"Content-Encoding": "gzip"}, 400),
             (batch(parcel.replace(made.SENSOR, "s-other")), {}, 422),
             (batch(parcel.replace('"pulse"', '"fast"')), {}, 422)]
    for body, headers, want in wrong:
        status, _ = asked(server, "POST", "/v1/parcels", body, headers)
        assert status == want, (body[:80], status, want)
    assert asked(server, "GET", "/v1/nothing")[0] == 404
    server.shutdown()


def what_was_stored_outlives_the_receiver():
    with tempfile.TemporaryDirectory() as folder:
        receiver(folder).take(example("batch").encode())
        with open(f"{folder}/parcels.jsonl", "ab") as cut:
            cut.write(b'{"schema":"hinomi.par')
        again = receiver(folder)
        assert len(again.sensor(made.SENSOR).received) == 9
        told = json.loads(again.take(example("batch").encode()))
        assert {reply["status"] for reply in told["replies"]} == {"duplicate"}, told


def manners_are_bad_when_asked():
    held = receiver()
    server = page_desk.serve(held)

    def manner(**values):
        assert asked(server, "POST", "/v1/test/manners", json.dumps(values))[0] == 200

    manner(status=503, retry_after="7")
    assert asked_raw(server, example("batch")) == (503, b"<html>hello</html>", "7")
    manner(status=0, garbage=True, retry_after="")
    assert asked_raw(server, example("batch"))[:2] == (200, b"<html>hello</html>")
    assert not held.sensor(made.SENSOR).received
    manner(garbage=False, down=True)
    try:
        asked_raw(server, example("batch"))
        raise AssertionError("it is not down")
    except (http.client.HTTPException, ConnectionError):
        pass
    manner(down=False, reject_every=3, half=True)
    told = json.loads(asked_raw(server, example("batch"))[1])
    assert [reply["status"] for reply in told["replies"]] == ["stored", "stored", "rejected", "stored"], told
    server.shutdown()


def asked_raw(server, body):
    line = http.client.HTTPConnection(*server.server_address, timeout=20)
    try:
        line.request("POST", "/v1/parcels", body.encode())
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers.get("Retry-After")
    finally:
        line.close()


def main():
    the_page_shows_real_bytes()
    what_is_sealed_is_taken()
    changes = every_change_is_refused()
    for check in (gaps_are_filled, what_does_not_fit_is_forked, a_refused_body_leaves_no_gap):
        check(sys.argv[1])
    for check in (keys_are_known_rotated_and_revoked, enrolment_binds_both_sides, orders_are_signed, limits_hold,
                  what_was_stored_outlives_the_receiver, manners_are_bad_when_asked):
        check()
    print(f"{changes} changes of one character refused")


if __name__ == "__main__":
    main()
