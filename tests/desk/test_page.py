#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rangers' page: who is silent stands on top in words, hostile names stay names, who may look.

Usage: test_page.py HINOMI-DESK
"""
import html.parser
import json
import pathlib
import sqlite3
import sys
import tempfile

import desk_under_test
from desk_under_test import Desk, basic, expect

MINUTE = 60 * 10**9
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"


class Tags(html.parser.HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


def change(desk, sql, *values):
    with sqlite3.connect(pathlib.Path(desk.folder, "desk.db")) as db:
        db.execute(sql, values)


def page(desk, path="/", **headers):
    status, _, raw = desk.page(path, **headers)
    return status, raw.decode() if isinstance(raw, bytes) else raw


def words(say):
    return {"title": say, "what": say, "do_first": [say, "second step"], "harmless_if": say, "not_known": say}


def hostile(desk):
    s = desk.enrol(HOSTILE[:60])
    body = {"schema": "hinomi.case/1", "priority": 1, "device": {"name": HOSTILE},
            "text": {"en": words("EN " + HOSTILE), "ja": words("JA " + HOSTILE)},
            "findings": [{"rule": HOSTILE, "kind": HOSTILE, "object": {"value": HOSTILE},
                          "reasons": [{"en": "because " + HOSTILE, "ja": "理由"}],
                          "considered": [{"en": "not " + HOSTILE, "ja": "否"}]}]}
    s.words(s.parcel("urgent", body=body), s.parcel(key="odd", body={"schema": "hinomi.case/1", "priority": "high", "text": 7, "device": []}))
    for path in ("/", "/?lang=ja", f"/case?sensor={s.name}&id=c-1", f"/case?sensor={s.name}&id=c-1&lang=ja"):
        status, text = page(desk, path)
        seen = Tags(text)
        expect(f"{path}: names stay names", status == 200 and not seen.tags & {"script", "img"} and
               "onerror" not in seen.attributes and HOSTILE in seen.text, text[:2000])
    seen = Tags(page(desk, f"/case?sensor={s.name}&id=c-1")[1]).text
    expect("a case says what, why, the steps and what it is not", all(
        say in seen for say in ("EN ", "because ", "not ", "second step", "Do first", "Harmless if", "Not known")), seen)
    expect("in Japanese too", "理由" in page(desk, f"/case?sensor={s.name}&id=c-1&lang=ja")[1])
    expect("an odd body is no reason to fail", page(desk, f"/case?sensor={s.name}&id=odd")[0] == 200)
    expect("no such case", page(desk, "/case?sensor=a&id=b")[0] == 404)
    listed = json.loads(json.dumps(desk.page("/v1/desk/sensors")[2]))
    expect("JSON holds it too", listed["sensors"][0]["office"] == HOSTILE[:60], listed)


def troubles(desk):
    def state(s):
        return next(one for one in desk.page("/v1/desk/sensors")[2]["sensors"] if one["sensor"] == s.name)

    def beat(s, revision, **more):
        s.words(s.parcel("pulse", "heartbeat", "heartbeat", revision, body={"schema": "hinomi.heartbeat/1", **more}))

    s = desk.enrol("quiet-office")
    beat(s, 1, sensor_alive=True, coverage={"packets": 123456, "dropped": 7}, feeds={"oldest_days": 2.5})
    expect("all is well", state(s)["troubles"] == [] and state(s)["packets"] == 123456, state(s))
    text = page(desk)[1]
    expect("coverage is shown", all(one in text for one in ("123456", ">7<", "2.5", "quiet-office")), text)
    change(desk, "UPDATE sensors SET heard=heard-? WHERE name=?", 14 * MINUTE, s.name)
    expect("14 minutes are no silence", state(s)["troubles"] == [])
    change(desk, "UPDATE sensors SET heard=heard-? WHERE name=?", 2 * MINUTE, s.name)
    expect("16 are", state(s)["troubles"] == ["silent"], state(s))
    text = page(desk)[1]
    expect("and stand on top in words", "quiet-office</b>" in text and
           text.index("silent: nothing has come") < text.index("Open cases") < text.index("<table>"), text)
    expect("in Japanese", "沈黙" in page(desk, "/?lang=ja")[1] and
           "沈黙" in page(desk, "/", **{"Accept-Language": "ja,en;q=0.5"})[1])
    old = s.parcel()
    s.words(old)
    expect("a parcel ends it", state(s)["troubles"] == [])
    change(desk, "UPDATE sensors SET heard=heard-? WHERE name=?", 20 * MINUTE, s.name)
    forged = dict(old, signature="00" * 64)
    s.words(forged)
    expect("what is not authentic does not", state(s)["troubles"] == ["silent"])
    beat(s, 2, sensor_alive=False)
    expect("a sensor that does not run", state(s)["troubles"] == ["sensor_dead"])
    beat(s, 3, sensor_alive=True)
    canary = lambda key, seen: s.words(s.parcel("pulse", "canary", key, body={"schema": "hinomi.canary/1", "seen": seen}))
    canary("aa", "2026-11-22T10:00:00Z")
    expect("a canary that was seen", state(s)["troubles"] == [])
    canary("bb", None)
    expect("one that was not", state(s)["troubles"] == ["canary_lost"])
    canary("cc", "2026-11-22T10:00:00Z")
    change(desk, "UPDATE canaries SET received=received-?", 49 * 60 * MINUTE)
    expect("one that is overdue", state(s)["troubles"] == ["canary_lost"])
    canary("dd", "2026-11-22T10:00:00Z")
    beat(s, 4, sensor_alive=True, streams={"urgent": {"sequence": 3}}, queue={"urgent": 3})
    expect("what waits at the sensor is not lost", state(s)["troubles"] == [] and state(s)["missing"] == 3)
    beat(s, 5, sensor_alive=True, streams={"urgent": {"sequence": 3}}, queue={"urgent": 0})
    expect("a tail that was cut off shows", state(s)["troubles"] == ["holes"] and state(s)["missing"] == 3, state(s))
    s.words(s.parcel("routine", "health", "h-1", 1, body={"schema": "hinomi.health/1", "state": "open"}))
    expect("a fault of the sensor's own", "unhealthy" in state(s)["troubles"] and state(s)["health"] == 1)
    s.words(s.parcel("routine", "health", "h-1", 2, body={"schema": "hinomi.health/1", "state": "closed"}))
    expect("until it is over", "unhealthy" not in state(s)["troubles"])
    s.words(s.parcel("routine", "set_aside", "urgent-2", body={"schema": "hinomi.set_aside/1"}))
    expect("what was set aside too", "set_aside" in state(s)["troubles"])
    desk.page("/v1/desk/revoke", {"sensor": s.name})
    expect("a revoked one is no news", f"{s.name}):" not in page(desk)[1])


def who_may_look(desk):
    expect("the page of another name is refused", page(desk, Host="evil.example")[0] == 403)
    expect("names of loopback are not", page(desk, Host="localhost:1")[0] == 200)
    status = desk.ask("POST", "/v1/desk/revoke", '{"sensor":"a"}', {"Content-Type": "text/plain"}, page=True)[0]
    expect("a form of another site does nothing", status == 415)
    expect("other methods", desk.ask("DELETE", "/", page=True)[0] == 405)
    expect("no such path", page(desk, "/v1/desk/none")[0] == 404)
    _, headers, _ = desk.page("/")
    expect("no script may run", "default-src 'none'" in headers["Content-Security-Policy"] and
           headers["X-Content-Type-Options"] == "nosniff")


def with_token(program):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "token")
        file.write_text("s3cret\n")
        with Desk(program, None, "--page-token", str(file)) as desk:
            for value in (None, "Bearer s3cre", "Bearer s3crets", "Bearer ", "Basic !", basic("x"), "s3cret"):
                got = page(desk, **({"Authorization": value} if value else {}))[0]
                expect(f"without the token: {value}", got == 401, got)
            for value in ("Bearer s3cret", basic("s3cret")):
                expect(f"with it: {value}", page(desk, Authorization=value)[0] == 200)
            expect("posts need it", desk.page("/v1/desk/codes", {"office": "a"})[0] == 401)


def main():
    with Desk(sys.argv[1]) as desk:
        expect("nobody yet", "All sensors report" in page(desk)[1])
        hostile(desk)
        troubles(desk)
        who_may_look(desk)
    with_token(sys.argv[1])
    return 1 if desk_under_test.failures else 0


sys.exit(main())
