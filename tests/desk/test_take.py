#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the desk makes of parcels: stored, told twice, beyond a gap, changed, forked, of a revoked key.

Usage: test_take.py HINOMI-DESK
"""
import json
import sys

import desk_under_test
from desk_under_test import NOTHING, Desk, Sensor, expect, sha256


def case(priority=2, **more):
    return {"schema": "hinomi.case/1", "action": "create", "state": "new", "priority": priority, **more}


def stored_and_again(desk):
    s = desk.enrol()
    expect("heads are told of what is not held", s.head() == (0, NOTHING))
    one, two = s.parcel(body=case()), s.parcel(key="c-2", body=case(1))
    expect("new ones are stored", s.words(one, two) == ["stored", "stored"])
    expect("the head is their end", s.head() == s.ends["routine"], s.head())
    expect("the same again is a duplicate", s.words(two, one) == ["duplicate", "duplicate"])
    three = s.parcel(key="c-3")
    expect("twice in one batch: once", s.words(three, three) == ["stored", "duplicate"])
    expect("plain text is taken too", s.send(s.parcel(key="c-4"), packed=False)[1]["replies"][0]["status"] == "stored")
    expect("held is what was sent", [p["sequence"] for p in s.stream()] == [1, 2, 3, 4])
    expect("as it was sent", s.stream()[:2] == [one, two])
    more = s.parcel(key="c-5")
    more["later_member"] = {"a": 1}
    expect("a member of a later version is no fault", s.words(more) == ["stored"] and s.stream()[-1] == more)


def gaps(desk):
    s = desk.enrol("office-gaps")
    p = [s.parcel(key=f"c-{i}") for i in range(6)]
    expect("beyond a gap it is stored", s.words(p[0], p[3], p[5]) == ["stored"] * 3)
    expect("the head stays", s.head()[0] == 1)
    state = desk.page("/v1/desk/sensors")[2]["sensors"]
    mine = next(one for one in state if one["sensor"] == s.name)
    expect("the hole is counted", mine["missing"] == 3 and "holes" in mine["troubles"], mine)
    expect("filled in part", s.words(p[1]) == ["stored"] and s.head()[0] == 2)
    expect("filled, the head goes on to the next gap", s.words(p[2]) == ["stored"] and s.head()[0] == 4)
    expect("and to the end", s.words(p[4]) == ["stored"] and s.head() == s.ends["routine"])


def forks(desk):
    s = desk.enrol("office-forks")
    p = [s.parcel(key=f"c-{i}") for i in range(5)]
    s.words(p[0], p[1], p[3])
    chain = sha256(s.signed_text(p[0]))
    fork = s.parcel(key="other", sequence=2, previous=chain)
    expect("another under the same number", s.words(fork) == ["rejected forked"])
    fork = s.parcel(key="other", sequence=4, previous=p[3]["previous"])
    expect("also beyond the gap", s.words(fork) == ["rejected forked"])
    fork = s.parcel(key="other", sequence=3, previous="ab" * 32)
    expect("one that does not follow the head", s.words(fork) == ["rejected forked"])
    fork = s.parcel(key="other", sequence=3, previous=sha256(s.signed_text(p[1])))
    expect("one that what is held behind does not follow", s.words(fork) == ["rejected forked"])
    fork = s.parcel(key="other", sequence=5, previous="ab" * 32)
    expect("one that does not follow what is held beyond the gap", s.words(fork) == ["rejected forked"])
    expect("the genuine one still fills it", s.words(p[2], p[4]) == ["stored", "stored"])
    fresh = desk.enrol("office-fresh")
    expect("the first follows nothing", fresh.words(fresh.parcel(previous="ab" * 32)) == ["rejected forked"])
    notes = desk.page("/v1/desk/notes")[2]["notes"]
    expect("forks are noted for people", sum(n["what"] == "forked" for n in notes) == 6, notes)


def changed(desk):
    s = desk.enrol("office-changed")
    good = s.parcel(body=case(2, word="ab"))
    for name in ("sequence", "revision", "key", "made", "previous", "stream", "kind", "digest", "signature"):
        bad = dict(good)
        value = bad[name]
        if isinstance(value, int):
            bad[name] = value + 1
        elif name == "stream":
            bad[name] = "urgent"
        elif name == "kind":
            bad[name] = "health"
        elif name == "made":
            bad[name] = value.replace("2026", "2025")
        else:
            bad[name] = ("0" if value[0] != "0" else "1") + value[1:]
        expect(f"changed {name}", s.words(bad) == ["rejected bad_signature"], s.words(bad))
    expect("a changed body", s.words({**good, "body": good["body"].replace("ab", "ac")}) == ["rejected body_changed"])
    expect("a signer nobody knows waits", s.words({**good, "signer": "00" * 8}) == ["later unknown_signer"])
    expect("nothing of it was stored", s.stream() == [] and s.head() == (0, NOTHING))
    for text in ("[1]", "{", '"a"', '{"a":1,"a":2}', "nothing", '{"schema":"hinomi.health/1"}', "{}"):
        b = desk.enrol("office-bodies")
        bad, good_one = b.parcel(key="bad", body=text), b.parcel()
        expect(f"a body that is none: {text}", b.words(bad, good_one) == ["rejected bad_body", "stored"])
        expect("leaves no gap", b.head() == b.ends["routine"] and b.stream() == [bad, good_one])
        expect("and counts for nothing",
               [c["id"] for c in desk.page(f"/v1/desk/cases?sensor={b.name}")[2]["cases"]] == ["c-1"])
        expect("the same word again", b.words(bad) == ["rejected bad_body"])
    expect("one bad does no harm to others",
           s.words({**good, "revision": 9}, good) == ["rejected bad_signature", "stored"])
    other = desk.enrol("office-other")
    stolen = dict(good, sensor=other.name)
    expect("another's parcel under one's own name", other.words(stolen) == ["later unknown_signer"])


def cases(desk):
    s = desk.enrol("office-cases")
    listed = lambda: {c["id"]: c for c in desk.page(f"/v1/desk/cases?sensor={s.name}")[2]["cases"]}
    s.words(s.parcel(key="k", revision=1, body=case(3)), s.parcel(key="k", revision=3, body=case(1, n=3)),
            s.parcel(key="k", revision=2, body=case(2)))
    expect("the higher revision counts", listed()["k"]["revision"] == 3 and listed()["k"]["priority"] == 1, listed())
    first = listed()["k"]
    expect("the same revision under another number is in the stream, the case as it was",
           s.words(s.parcel(key="k", revision=3, body=case(3, n="other"))) == ["stored"] and listed()["k"] == first)
    expect("one case", len(listed()) == 1 and len(s.stream()) == 4)
    got = desk.page("/v1/desk/cases/k")[2]
    expect("with its body", json.loads(got["body"])["n"] == 3, got)
    expect("an update of one that is not known makes it",
           s.words(s.parcel(key="u", revision=7, body=case(2, action="update"))) == ["stored"] and "u" in listed())
    s.words(s.parcel(key="k", revision=4, body=case(1, action="close", state="withdrawn")))
    expect("the sensor takes it back", listed()["k"]["open"] is False)
    status, _, _ = desk.page("/v1/desk/cases/none")
    expect("no such case", status == 404)
    twin = desk.enrol("office-twin")
    twin.words(twin.parcel(key="k", revision=9, body=case(1, n="twin")))
    expect("another sensor's case of the same id is another", listed()["k"]["revision"] == 4)


def not_understood(desk):
    s = desk.enrol("office-batches")
    send = lambda text: desk.ask("POST", "/v1/parcels", text, s.headers())[0]
    for text in ("", "{", "[]", '{"schema":"hinomi.batch/1"}', '{"schema":"hinomi.batch/2","sensor":"a","parcels":[]}'):
        expect(f"no batch: {text!r}", send(text) == 422, send(text))
    good = s.parcel()
    expect("a batch of nothing", s.send()[0] == 422)
    expect("a parcel of no known kind", s.send({**good, "kind": "gossip"})[0] == 422)
    expect("a number that is none", s.send({**good, "sequence": 0})[0] == 422)
    expect("257 parcels", s.send(*[good] * 257)[0] == 413)
    expect("the batch of another sensor", desk.enrol("x").send(good, sensor=s.name)[0] == 403)
    expect("without a token", desk.ask("POST", "/v1/parcels", "{}")[0] == 401)
    expect("with a wrong one", desk.ask("POST", "/v1/parcels", "{}", {"Authorization": "Bearer x"})[0] == 401)
    expect("then the good one", s.words(good) == ["stored"])


def revoked(desk):
    s = desk.enrol("office-revoked")
    first = s.parcel()
    s.words(first)
    done = desk.page("/v1/desk/revoke", {"signer": s.signer()})[2]
    expect("a key is revoked", done == {"revoked": 1}, done)
    expect("what follows is refused", s.words(s.parcel(key="b")) == ["rejected revoked_key"])
    expect("what is held stays", s.words(first) == ["duplicate"] and len(s.stream()) == 1)
    keys = desk.page(f"/v1/desk/keys?sensor={s.name}")[2]["keys"]
    expect("the key says so", len(keys) == 1 and "revoked" in keys[0] and keys[0]["public_key"] == s.public, keys)
    t = desk.enrol("office-stolen")
    desk.page("/v1/desk/revoke", {"sensor": t.name})
    expect("a revoked sensor is not let in", t.send(t.parcel())[0] == 403)
    for body in ({}, {"sensor": "a", "signer": "b"}):
        expect("one thing is named", desk.page("/v1/desk/revoke", body)[0] == 422)


def after_a_stop(desk):
    s = desk.enrol("office-stop")
    p = [s.parcel(key=f"c-{i}") for i in range(3)]
    s.words(p[0], p[2])
    expect("it ends in order", desk.process.poll() is None)
    desk.process.terminate()
    expect("by SIGTERM", desk.process.wait(20) == 0)
    desk.process.stdout.close()
    desk.start()
    expect("all is as it was", s.words(*p) == ["duplicate", "stored", "duplicate"] and s.head() == s.ends["routine"])


def main():
    with Desk(sys.argv[1]) as desk:
        for part in (stored_and_again, gaps, forks, changed, cases, not_understood, revoked, after_a_stop):
            part(desk)
    return 1 if desk_under_test.failures else 0


sys.exit(main())
