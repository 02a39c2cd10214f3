#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Orders: signed by the desk, fetched by number, answered by a parcel; files beside them.

Usage: test_orders.py HINOMI-DESK
"""
import hashlib
import json
import os
import pathlib
import sys

import desk_under_test
from desk_under_test import Desk, expect, sha256
import nacl.exceptions
import nacl.signing


def is_signed(order, key):
    text = "hinomi.order/1\n" + "".join(f"{order[n]}\n" for n in ("sensor", "number", "kind", "made", "digest"))
    try:
        nacl.signing.VerifyKey(bytes.fromhex(key)).verify(text.encode(), bytes.fromhex(order["signature"]))
    except nacl.exceptions.BadSignatureError:
        return False
    return (order["digest"] == sha256(order["body"]) and
            order["signer"] == hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16])


def given(desk, s):
    fetch = lambda after=0, **more: desk.ask("GET", f"/v1/orders?sensor={s.name}&after={after}", None, s.headers(**more))
    give = lambda **change: desk.page("/v1/desk/orders", {"sensor": s.name, "kind": "capsule",
                                                         "body": '{"case":"c-1"}', **change})
    expect("none yet", fetch()[2] == {"schema": "hinomi.orders/1", "orders": []} and s.probe()["orders"] is False)
    expect("the first", give()[2] == {"number": 1})
    expect("a batch's replies say that one waits", s.probe()["orders"] is True)
    order = fetch()[2]["orders"][0]
    expect("signed by the key of enrolment", is_signed(order, s.desk_key) and order["kind"] == "capsule", order)
    for number in range(2, 71):
        give(body=json.dumps({"n": number}), kind="policy")
    expect("64 at once", [o["number"] for o in fetch()[2]["orders"]] == list(range(1, 65)))
    expect("the rest after those", [o["number"] for o in fetch(64)[2]["orders"]] == list(range(65, 71)))
    expect("all are signed", all(is_signed(o, s.desk_key) for o in fetch(5)[2]["orders"]))
    for change in ({"kind": "reboot"}, {"body": "[]"}, {"body": ""}, {"sensor": "s-none"}, {"body": " " * 70000 + "{}"}):
        expect("no order: " + str(change)[:40], give(**change)[0] == 422)
    answers = [s.parcel(kind="answer", key=str(n), body={"schema": "hinomi.answer/1", "order": n, "kind": "policy",
                                                         "status": "done", "code": "", "detail": ""})
               for n in range(1, 71)]
    s.words(*answers)
    expect("all are answered", s.probe()["orders"] is False)


def only_ones_own(desk, s):
    other = desk.enrol("office-b")
    expect("another's orders", desk.ask("GET", f"/v1/orders?sensor={s.name}&after=0", None, other.headers())[0] == 403)
    expect("nobody's", desk.ask("GET", f"/v1/orders?sensor={s.name}")[0] == 401)
    body = {"schema": "hinomi.answer/1", "order": 1, "status": "refused"}
    desk.page("/v1/desk/orders", {"sensor": s.name, "kind": "rotate_key", "body": "{}"})
    other.words(other.parcel(kind="answer", key="71", body={**body, "order": 71}))
    expect("another's answer is not taken for one's own", s.probe()["orders"] is True)


def verdict(desk, s):
    s.words(s.parcel(key="c-9", body={"schema": "hinomi.case/1", "priority": 1}))
    is_open = lambda: next(c for c in desk.page(f"/v1/desk/cases?sensor={s.name}")[2]["cases"] if c["id"] == "c-9")["open"]
    expect("a case is open", is_open())
    desk.page("/v1/desk/orders", {"sensor": s.name, "kind": "verdict", "body": '{"case":"c-9","verdict":"false"}'})
    expect("until a ranger decides", not is_open())
    s.words(s.parcel(key="c-9", revision=2, body={"schema": "hinomi.case/1", "priority": 1}))
    expect("also when it grows", not is_open())


def files(desk, s):
    folder = pathlib.Path(desk.folder, "files")
    folder.mkdir()
    (folder / "set-1.bin").write_bytes(bytes(range(256)) * 4096)
    os.symlink("/etc/passwd", folder / "link")
    (folder / "deeper").mkdir()
    get = lambda name, headers=None: desk.ask("GET", "/v1/files/" + name, None, headers or s.headers())
    status, _, raw = get("set-1.bin")
    expect("a file as it is", status == 200 and raw == bytes(range(256)) * 4096)
    for name in ("none", "", "link", "deeper", "../desk.db", "..%2fdesk.db", ".hidden", "a" * 300):
        expect(f"no file: {name[:20]!r}", get(name)[0] == 404, get(name)[0])
    expect("only for sensors", get("set-1.bin", {"X": "y"})[0] == 401)


def main():
    with Desk(sys.argv[1]) as desk:
        s = desk.enrol()
        for part in (given, only_ones_own, verdict, files):
            part(desk, s)
    return 1 if desk_under_test.failures else 0


sys.exit(main())
