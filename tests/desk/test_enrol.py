#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enrolment: who has the code is let in, once; what a stranger or a man in the middle changes is refused.

Usage: test_enrol.py HINOMI-DESK
"""
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

import desk_under_test
from desk_under_test import Desk, Sensor, expect, prove

CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$")


def good(desk):
    code = desk.code("みどり商店")
    expect("the form of a code", CODE.match(code), code)
    s = Sensor(desk)
    status, reply = s.enrol(code)
    expect("let in", status == 200 and reply["office"] == "みどり商店", reply)
    expect("what the folder holds comes along", json.loads(reply["policy"]) == {"options": {}} and
           reply["authority"] == "")
    expect("its parcels are taken", s.words(s.parcel()) == ["stored"])
    again = Sensor(desk)
    again.key = s.key
    expect("a reply that was lost is given again", again.enrol(code) == (200, reply))
    thief = Sensor(desk)
    status, answer = thief.enrol(code)
    expect("another key: the code is used", status == 403 and answer["code"] == "used_code", answer)
    second = desk.enrol("みどり商店")
    expect("a second enrolment has a name of its own", second.name != s.name and second.token != s.token)
    expect("one key of the desk", second.desk_key == s.desk_key)
    return s


def refused(desk):
    code = desk.code()
    flip = lambda text: text[:-1] + ("1" if text[-1] != "1" else "2")
    wrong = {"a wrong proof": {"proof": "00" * 32}, "a short proof": {"proof": "00"}, "no proof": {"proof": ""},
             "another host": {"host": "other"}, "another version": {"version": "9"},
             "another key": {"public_key": "11" * 32}, "another code": {"code_id": "ZZZZZ"}}
    for what, change in wrong.items():
        status, answer = Sensor(desk).enrol(code, **change)
        expect(f"{what} is refused", status == 403 and answer["code"] == "unknown_code", answer)
    status, answer = Sensor(desk).enrol(flip(code))
    expect("a wrong digit is refused", status == 403 and answer["code"] == "unknown_code", answer)
    for change in ({"public_key": "xy"}, {"public_key": "AB" * 32}, {"host": ""}, {"host": "a\nb"}, {"host": "a" * 300},
                   {"version": ""}, {"schema": "hinomi.enrol/2"}):
        expect(f"no enrolment: {change}", Sensor(desk).enrol(code, **change)[0] == 422)
    for text in ("", "[]", "{", '{"schema":7}'):
        expect(f"no JSON for it: {text!r}", desk.ask("POST", "/v1/enrol", text)[0] == 422)
    expect("the code is still good", Sensor(desk).enrol(code)[0] == 200)


def expired(desk):
    code = desk.code()
    with sqlite3.connect(pathlib.Path(desk.folder, "desk.db")) as db:
        db.execute("UPDATE codes SET expires=1 WHERE id=?", (code[:5],))
    status, answer = Sensor(desk).enrol(code)
    expect("an old code", status == 403 and answer["code"] == "expired_code", answer)


def by_command(desk):
    done = subprocess.run([desk.program, "code", "--folder", desk.folder, "--office", "by-hand"], capture_output=True,
                          text=True, timeout=30)
    expect("a code from the command line", done.returncode == 0 and CODE.match(done.stdout.strip()), done)
    status, reply = Sensor(desk).enrol(done.stdout.strip())
    expect("while the desk runs", status == 200 and reply["office"] == "by-hand", reply)
    for office in ("", "a" * 64, "a\nb", b"\xff\xfe", "a\u202eb"):
        done = subprocess.run([desk.program, "code", "--folder", desk.folder, "--office", office], capture_output=True,
                              text=True, timeout=30)
        expect(f"no office: {office[:5]!r}", done.returncode == 1 and "office:" in done.stderr, done)


def rotated(desk):
    s = desk.enrol("office-keys")
    s.words(s.parcel())

    def rotation(**change):
        fresh = Sensor(desk)
        made = "2026-11-22T12:00:00.000000Z"
        text = f"hinomi.key/1\n{s.name}\n{fresh.public}\n{made}\n".encode()
        return fresh, {"schema": "hinomi.key/1", "sensor": s.name, "public_key": fresh.public, "made": made,
                       "signer": s.signer(), "signature": s.key.sign(text).signature.hex(),
                       "proof": fresh.key.sign(text).signature.hex(), **change}

    send = lambda body: desk.ask("POST", "/v1/keys", json.dumps(body), s.headers())
    for name, value in (("signature", "00" * 64), ("proof", "00" * 64), ("signer", "00" * 8),
                        ("made", "2026-11-22T12:00:01.000000Z"), ("public_key", "11" * 32)):
        expect(f"a rotation with another {name}", send(rotation(**{name: value})[1])[0] == 403)
    expect("of another sensor", send(rotation(sensor=desk.enrol().name)[1])[0] == 403)
    expect("of no form", send({"schema": "hinomi.key/1"})[0] == 422)
    fresh, body = rotation()
    old = s.parcel(key="by-the-old")
    status, _, reply = send(body)
    expect("a rotation", status == 200 and reply == {"schema": "hinomi.key_taken/1", "status": "stored"}, reply)
    expect("told again", send(body)[2]["status"] == "duplicate")
    expect("what the old key signed before still comes in", s.words(old) == ["stored"])
    old_signer, s.key = s.signer(), fresh.key
    expect("and what the new one signs", s.words(s.parcel(key="by-the-new")) == ["stored"])
    desk.page("/v1/desk/revoke", {"signer": old_signer})
    expect("the old one may go", s.words(s.parcel(key="later")) == ["stored"])
    expect("and does not come back by its own word", send({**body, "signer": old_signer})[0] == 403)


def kept(desk, s):
    raw = b"".join(path.read_bytes() for path in pathlib.Path(desk.folder).iterdir() if path.is_file())
    expect("no token is in the desk's files", s.token.encode() not in raw and bytes.fromhex(s.token) not in raw)
    mode = pathlib.Path(desk.folder, "desk.db").stat().st_mode & 0o777
    expect("which only the desk reads", mode == 0o600, oct(mode))


def main():
    with Desk(sys.argv[1]) as desk:
        s = good(desk)
        for part in (refused, expired, by_command, rotated):
            part(desk)
        kept(desk, s)
    return 1 if desk_under_test.failures else 0


sys.exit(main())
