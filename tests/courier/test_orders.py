#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Orders of the rangers: each is taken once, in order, answered; what is not signed by the desk, for
another sensor, changed, or out of order is not taken.

Usage: test_orders.py DESK_PROBE
"""
import base64
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from ed25519 import SigningKey  # noqa: E402
from fake_desk import Desk  # noqa: E402
from memory import Memory  # noqa: E402

TESTS = []
SENSOR = "s-0001"
CASE = "4b74a792-0000-8000-8000-000000000001"


def test(function):
    TESTS.append(function)
    return function


class Rangers:
    """A desk with orders and files."""

    def __init__(self):
        self.key = SigningKey.generate()
        self.orders = []
        self.files = {}
        self.asked = []
        self.most = 64
        self.status = 200

    def order(self, kind, body, number=None, sensor=SENSOR, key=None, **changed):
        key = key or self.key
        public = key.verify_key.encode()
        body = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        order = {"schema": "hinomi.order/1", "sensor": sensor, "number": number or len(self.orders) + 1, "kind": kind,
                 "made": "2026-11-22T10:00:00.000000Z", "digest": hashlib.sha256(body.encode()).hexdigest(),
                 "signer": hashlib.sha256(public).hexdigest()[:16], "body": body}
        signed = "".join(f"{order[name]}\n" for name in ("schema", "sensor", "number", "kind", "made", "digest"))
        order["signature"] = key.sign(signed.encode()).signature.hex()
        self.orders.append(order | changed)
        return self.orders[-1]

    def answer(self, request):
        self.asked.append(request.path)
        if self.status != 200:
            return self.status, {}, b""
        if request.path.startswith("/v1/orders?"):
            words = dict(word.split("=") for word in request.path.split("?")[1].split("&"))
            assert words["sensor"] == SENSOR
            orders = [o for o in self.orders if o["number"] > int(words["after"])][:self.most]
            return 200, {}, {"schema": "hinomi.orders/1", "orders": orders}
        name = request.path.removeprefix("/v1/files/")
        return (200, {}, self.files[name]) if name in self.files else (404, {}, b"")


class Office:
    def __init__(self, probe, folder):
        self.probe = probe
        self.place = pathlib.Path(folder)
        self.count = 0

    def begin(self, rangers, **options):
        self.count += 1
        self.folder = self.place / f"courier-{self.count}"
        self.folder.mkdir()
        self.store = self.place / f"store-{self.count}"
        self.options = options
        self.memory = Memory(self.folder)
        with Desk(rangers.answer) as desk:  # makes the memory
            assert "enrol it" in self.fetch(desk)[2]
        for name, text in (("sensor", SENSOR), ("desk_key", rangers.key.verify_key.encode().hex()),
                           ("orders.done", "0")):
            self.memory.set_note(name, text)
        rangers.asked.clear()

    def fetch(self, desk):
        """(done, err, said)"""
        config = self.place / "config.yaml"
        lines = "".join(f"  {name}: {value}\n" for name, value in self.options.items())
        config.write_text(f"https:\n  url: '{desk.url}'\ncourier:\n  folder: '{self.folder}'\n{lines}"
                          f"store:\n  folder: '{self.store}'\n")
        done = subprocess.run([self.probe, "orders", str(config)], capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode == 0 and done.stderr == "", done
        head, said = done.stdout.rstrip("\n").split("said=", 1)
        words = dict(word.split("=", 1) for word in head.split())
        return int(words.get("done", -1)), words["err"], said

    def put(self):
        return self.memory.put()

    def is_full(self, full):
        """Only the memory of files can be told so."""
        path = self.folder / "full"
        if full:
            path.touch()
        else:
            path.unlink()
        return not self.memory.file.exists()

    def answers(self):
        return [(body["order"], body["kind"], body["status"], body["code"])
                for stream, kind, key, revision, body in self.put() if kind == "answer"
                if stream == "routine" and key == str(body["order"]) and revision == "1"]

    def decisions(self):
        return (self.folder / "rangers.yaml").read_text()


def verdict(case=CASE, **more):
    return {"case": case, "verdict": "false-positive", "rules": ["BCN-1", "DNS-1"], "owner": "Tanaka",
            "reason": "時計の同期: \"NTP\" 😀", "when": "2026-11-22"} | more


def suppression(name="nightly", **more):
    return {"id": name, "device": "NAS-2F", "rule": "EXF-1", "destination": "backup.example.jp", "port": 443,
            "owner": "Tanaka", "reason": "nightly backup", "since": "2026-11-01", "expires": "2027-10-01"} | more


@test
def each_is_taken_once_and_in_order(office):
    rangers = Rangers()
    office.begin(rangers)
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (0, "ok", "")
        for number in range(150):
            rangers.order("verdict", verdict(f"4b74a792-0000-8000-8000-{number:012}"))
        rangers.orders.reverse()
        rangers.most = 200
        assert office.fetch(desk)[1] == "malformed", "more than 64 at once"
        rangers.orders.reverse()
        rangers.most = 64
        rangers.asked.clear()
        done = office.fetch(desk)
        assert done == (150, "ok", ""), done
        assert len(rangers.asked) == 4
        assert office.fetch(desk) == (150, "ok", "")
    assert office.answers() == [(n, "verdict", "done", "done") for n in range(1, 151)]


@test
def decisions_are_what_a_sensor_reads(office):
    rangers = Rangers()
    office.begin(rangers)
    rangers.order("verdict", verdict())
    rangers.order("suppression", suppression())
    rangers.order("suppression", suppression("other", rule="beacon"))
    rangers.order("verdict", verdict(verdict="incident-serious"))
    rangers.order("suppression", suppression(reason="changed since"))
    rangers.order("suppression", {"id": "other", "revoked": True})
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (6, "ok", "")
    text = office.decisions()
    assert text.count(CASE) == 1 and "incident-serious" in text and "false-positive" not in text, text
    assert text.count('"id": "nightly"') == 1 and "changed since" in text and '"other"' not in text, text
    assert "BCN-1 DNS-1" in text and "時計の同期" in text and "😀" in text, text
    assert (office.folder / "rangers.yaml").stat().st_mode & 0o777 == 0o640


@test
def decisions_that_no_sensor_could_read_are_refused(office):
    rangers = Rangers()
    office.begin(rangers)
    rangers.order("verdict", verdict())
    bad = [verdict(verdict="fine"), verdict(case="x"), verdict(rules="no rule"), verdict(owner=""),
           suppression(expires="2099-01-01"), suppression("bad id!"), {"id": "all", "owner": "x", "reason": "y",
           "since": "2026-11-01", "expires": "2027-01-01"}, suppression(reason="a\u202eb"), "[]", "no JSON",
           suppression(reason="x" * 5000), verdict(reason="line\nfeed: {")]
    for body in bad:
        rangers.order("verdict" if isinstance(body, dict) and "case" in body else "suppression", body)
    rangers.order("verdict", verdict(reason="after all of them"))
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (len(bad) + 2, "ok", "")
    answers = office.answers()
    refused = [a for a in answers if a[2] == "refused"]
    assert [a[0] for a in refused] == list(range(2, len(bad) + 2)), answers
    assert {a[3] for a in refused} == {"bad_body", "too_large"}
    assert "after all of them" in office.decisions() and office.decisions().count("- {") == 1


@test
def what_is_not_the_desks_is_not_taken(office):
    rangers = Rangers()
    stranger = SigningKey.generate()
    office.begin(rangers)
    with Desk(rangers.answer) as desk:
        for change, words in ((dict(key=stranger), "not signed by the desk"),
                              (dict(sensor="s-0002"), "another sensor"),
                              (dict(body='{"case":"x"}'), "changed"),
                              (dict(kind="policy"), "not signed"),
                              (dict(made="2026-11-22T10:00:00.000001Z"), "not signed"),
                              (dict(digest="00" * 32), "not signed"),
                              (dict(signature="00" * 64), "not signed"),
                              (dict(signer="00" * 8), "not signed")):
            rangers.orders.clear()
            rangers.order("verdict", verdict())
            if "key" in change or "sensor" in change:
                rangers.orders.clear()
                rangers.order("verdict", verdict(), **change)
            else:
                rangers.orders[0] |= change
            rangers.order("verdict", verdict())
            done, err, said = office.fetch(desk)
            assert (done, err) == (0, "malformed") and words in said, (change, said)
        replayed = rangers.order("verdict", verdict(), number=2)
        rangers.orders = [replayed | {"number": 1}]
        assert office.fetch(desk)[:2] == (0, "malformed"), "an old order under another number"
        rangers.orders = [replayed]
        done, err, said = office.fetch(desk)
        assert (done, err) == (0, "missing") and "left out order 1" in said, said
    assert not office.put() and not (office.folder / "rangers.yaml").exists()


@test
def garbage_takes_nothing(office):
    rangers = Rangers()
    office.begin(rangers)
    good = rangers.order("verdict", verdict())
    for lie in (b"", b"<html>", {"schema": "hinomi.orders/2", "orders": []}, {"schema": "hinomi.orders/1"},
                {"schema": "hinomi.orders/1", "orders": [good, {}]},
                {"schema": "hinomi.orders/1", "orders": [good | {"number": 0}]},
                {"schema": "hinomi.orders/1", "orders": [good | {"number": "1"}]},
                {"schema": "hinomi.orders/1", "orders": [good | {"kind": "x\ny"}]},
                {"schema": "hinomi.orders/1", "orders": [good | {"signature": "zz" * 64}]}):
        with Desk(lambda _, l=lie: (200, {}, l)) as desk:
            assert office.fetch(desk)[:2] == (0, "malformed"), lie
    rangers.status = 503
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk)[:2] == (0, "io")
    assert not office.put()


@test
def unknown_kinds_and_policies_are_refused_and_passed(office):
    rangers = Rangers()
    office.begin(rangers)
    rangers.order("dance", {"how": "well"})
    rangers.order("policy", {"options": {}})
    rangers.order("verdict", verdict())
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (3, "ok", "")
    assert office.answers() == [(1, "dance", "refused", "unknown_kind"), (2, "policy", "refused", "not_supported"),
                                (3, "verdict", "done", "done")]


@test
def a_full_memory_waits(office):
    rangers = Rangers()
    office.begin(rangers)
    rangers.order("verdict", verdict())
    if not office.is_full(True):
        return
    with Desk(rangers.answer) as desk:
        done, err, said = office.fetch(desk)
        assert (done, err) == (0, "io") and "cannot be answered yet" in said, said
        office.is_full(False)
        assert office.fetch(desk) == (1, "ok", "")
    assert len(office.answers()) == 1 and office.decisions().count("- {") == 1


@test
def two_desk_keys_are_known_while_one_follows_the_other(office):
    rangers = Rangers()
    office.begin(rangers)
    other = SigningKey.generate()
    office.memory.set_note("desk_key", f"{office.memory.note('desk_key')} {other.verify_key.encode().hex()}")
    rangers.order("verdict", verdict())
    rangers.order("verdict", verdict(), key=other)
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (2, "ok", "")


@test
def files_come_by_digest(office):
    rangers = Rangers()
    office.begin(rangers)
    data = bytes(range(256)) * 10000
    rangers.files = {"set-7.intel": data, "other": data[:-1], "longer": data + b"x"}
    right = {"file": "set-7.intel", "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    rangers.order("indicators", right)
    rangers.order("prevalence", right | {"file": "other"})
    rangers.order("prevalence", right | {"file": "nothing"})
    for wrong in ({"file": "../token"}, {"file": ".hidden"}, {"file": "a/b"}, {"file": 7}, {"sha256": "00"},
                  {"size": 0}, {"size": 1 << 40}):
        rangers.order("prevalence", right | wrong)
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (10, "ok", "")
        answers = office.answers()
        assert answers[:3] == [(1, "indicators", "done", "done"), (2, "prevalence", "refused", "other_file"),
                               (3, "prevalence", "refused", "no_file")], answers
        assert all(a[2:] == ("refused", "bad_body") for a in answers[3:]), answers
        rangers.order("prevalence", right | {"file": "longer"})
        done, err, said = office.fetch(desk)
        assert (done, err) == (10, "io") and "more than was agreed" in said, said
        rangers.files["longer"] = data
        assert office.fetch(desk) == (11, "ok", "")
    incoming = office.folder / "incoming"
    assert sorted(p.name for p in incoming.iterdir()) == ["indicators.intel", "prevalence.intel"]
    assert (incoming / "indicators.intel").read_bytes() == data
    assert not any("token" in path for path in rangers.asked)


def make_store(folder, capsules):
    """A cases.db as the sensor's store makes it, as far as capsules go."""
    folder.mkdir()
    db = sqlite3.connect(folder / "cases.db")
    db.executescript("PRAGMA application_id=0x48694e6f; PRAGMA user_version=2;"
                     "CREATE TABLE capsules(number INTEGER PRIMARY KEY, case_id TEXT, revision INTEGER, size INTEGER,"
                     " bytes BLOB, UNIQUE(case_id, revision));")
    for case, revision, data in capsules:
        db.execute("INSERT INTO capsules(case_id, revision, size, bytes) VALUES(?,?,?,?)",
                   (case, revision, len(data), data))
    db.commit()
    db.close()


@test
def the_latest_capsule_of_a_case_goes_out(office):
    rangers = Rangers()
    office.begin(rangers)
    large = "4b74a792-0000-8000-8000-000000000002"
    make_store(office.store, [(CASE, 1, b"first"), (CASE, 3, bytes(range(256)) * 3), (CASE, 2, b"second"),
                              ("other", 9, b"another's"), (large, 1, b"x" * (800 << 10))])
    for case in (CASE, large, "nobody", CASE):
        rangers.order("capsule", {"case": case})
    for length in range(4):
        case = f"{length}"
        rangers.order("capsule", {"case": case})
        with sqlite3.connect(office.store / "cases.db") as db:
            db.execute("INSERT INTO capsules(case_id, revision, size, bytes) VALUES(?,?,?,?)",
                       (case, 1, length, b"\xff\xfe\xfd"[:length]))
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (8, "ok", "")
    assert [a[3] for a in office.answers()] == ["done", "too_large", "no_capsule", *["done"] * 5], office.answers()
    sent = [row for row in office.put() if row[1] == "capsule"]
    assert all(row[0] == "evidence" for row in sent)
    assert sent[0][2:4] == (CASE, "3") and sent[0][4] == {
        "schema": "hinomi.capsule/1", "case": CASE, "revision": 3,
        "base64": base64.b64encode(bytes(range(256)) * 3).decode()}
    for row in sent[2:]:
        assert base64.b64decode(row[4]["base64"], validate=True) == b"\xff\xfe\xfd"[:int(row[2])], row


@test
def a_capsule_goes_out_when_the_office_allows(office):
    rangers = Rangers()
    office.begin(rangers, capsules="never")
    rangers.order("capsule", {"case": CASE})
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (1, "ok", "")
    assert office.answers() == [(1, "capsule", "refused", "not_allowed")]
    office.begin(rangers)
    rangers.orders.clear()
    for body in ({"case": CASE}, {"case": "4b74a792-none"}, {}):
        rangers.order("capsule", body)
    with Desk(rangers.answer) as desk:
        assert office.fetch(desk) == (3, "ok", "")
    assert [a[3] for a in office.answers()] == ["no_store", "no_store", "bad_body"]


@test
def a_key_is_turned_once_for_an_order(office):
    rangers = Rangers()
    office.begin(rangers)
    offered = []

    def answer(request):
        if request.path == "/v1/keys":
            offered.append(request.json["public_key"])
            return (200, {}, {"schema": "hinomi.key_taken/1", "status": "stored"}) if len(offered) > 1 else (503, {}, b"")
        return rangers.answer(request)

    rangers.order("rotate_key", {"reason": "yearly"})
    with Desk(answer) as desk:
        assert office.fetch(desk)[:2] == (0, "io")
        if office.is_full(True):
            assert office.fetch(desk)[:2] == (0, "io")
        office.is_full(False)
        assert office.fetch(desk) == (1, "ok", "")
    assert len(offered) == 2 and len(set(offered)) == 1, offered
    assert office.answers() == [(1, "rotate_key", "done", "done")]


@test
def without_enrolment_none_are_taken(office):
    rangers = Rangers()
    office.begin(rangers)
    office.memory.set_note("desk_key", "")
    with Desk(rangers.answer) as desk:
        assert "enrol it" in office.fetch(desk)[2]
        assert not rangers.asked


def main():
    chosen = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        office = Office(sys.argv[1], folder)
        for one in TESTS:
            if not chosen or one.__name__ in chosen:
                one(office)
                print(f"{one.__name__}: good", flush=True)


main()
