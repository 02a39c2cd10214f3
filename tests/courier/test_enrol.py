#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Enrolment and new keys against a desk made here: what is kept, and that a wrong code, a changed
field, another's answer or a used code give nothing.

Usage: test_enrol.py DESK_PROBE
"""
import hashlib
import hmac
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from fake_desk import Certificates, Desk  # noqa: E402
from memory import Memory  # noqa: E402
from ed25519 import SigningKey, VerifyKey  # noqa: E402

CODE = "7K3ZW-0H1JM-4NPQR-9TVXY"
SECRET = CODE.replace("-", "")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def prove(secret, *lines):
    return hmac.new(secret.encode(), "".join(f"{line}\n" for line in lines).encode(), hashlib.sha256).hexdigest()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Rangers:
    """Answers /v1/enrol as the contract says; `change` alters the answer on its way."""

    def __init__(self, authority="", policy='{"options":{}}', secret=SECRET):
        self.secret = secret
        self.key = SigningKey.generate()
        self.change = lambda answer: answer
        self.given = {}
        self.fields = {"sensor": "s-0001", "office": "office-17", "token": "token-abc",
                       "desk_key": self.key.verify_key.encode().hex(), "authority": authority, "policy": policy}

    def answer(self, request):
        ask = request.json
        proof = prove(self.secret, "hinomi.enrol/1", ask["code_id"], ask["public_key"], ask["host"], ask["version"])
        if ask["code_id"] != self.secret[:5] or ask.get("proof") != proof:
            return 403, {}, {"code": "unknown_code"}
        if self.given.setdefault(ask["code_id"], ask["public_key"]) != ask["public_key"]:
            return 403, {}, {"code": "used_code"}
        f = self.fields
        answer = {"schema": "hinomi.enrolled/1", **f}
        answer["proof"] = prove(self.secret, "hinomi.enrolled/1", ask["public_key"], f["sensor"], f["office"],
                                f["token"], f["desk_key"], digest(f["authority"]), digest(f["policy"]))
        return 200, {}, self.change(answer)


class Office:
    def __init__(self, probe, folder):
        self.probe = probe
        self.place = pathlib.Path(folder)
        self.certificates = Certificates(folder)
        self.certificate = self.certificates.sign("desk")
        self.count = 0
        self.new_sensor()

    def new_sensor(self):
        self.count += 1
        self.folder = self.place / f"courier-{self.count}"
        self.folder.mkdir()

    def run(self, *words, want=0, text=None):
        done = subprocess.run([self.probe, *map(str, words), "--folder", self.folder], capture_output=True, text=True,
                              timeout=60, input=text, check=False)
        assert done.returncode == want, (words, done)
        return done

    def enrol(self, url, code=CODE, *words, want=0, text=None):
        return self.run("enrol", "--url", url, "--code", code, *words, want=want, text=text)

    def desk(self, answer):
        return Desk(answer, certificate=self.certificate)

    def note(self, name):
        return Memory(self.folder).note(name)

    def is_untouched(self):
        return not self.note("desk_key") and not any((self.folder / name).exists()
                                                   for name in ("token", "authority.pem", "enrolled.yaml"))


@test
def all_is_kept(office):
    office.new_sensor()
    rangers = Rangers(office.certificates.file.read_text(), '{"options":{"beacon.check_ins":"12","scan.hosts":"33"}}')
    with office.desk(rangers.answer) as desk:
        done = office.enrol(desk.url)
    assert "Enrolled as s-0001, office office-17" in done.stdout, done
    assert (office.note("sensor"), office.note("office")) == ("s-0001", "office-17")
    assert office.note("desk_key") == rangers.fields["desk_key"] and office.note("orders.done") == "0"
    token = office.folder / "token"
    assert token.read_text() == "token-abc" and token.stat().st_mode & 0o777 == 0o600
    assert (office.folder / "authority.pem").read_text() == office.certificates.file.read_text()
    assert (office.folder / "authority.pem").stat().st_mode & 0o777 == 0o600
    yaml = (office.folder / "enrolled.yaml").read_text()
    for line in ("beacon:\n  check_ins: 12\n", "scan:\n  hosts: 33\n", "sensor:\n  identity: ",
                 f"  url: '{desk.url}'\n", f"  secret: '{token}'\n"):
        assert line in yaml, (line, yaml)
    assert CODE not in str(desk.requests[0].raw) and SECRET not in str(desk.requests[0].raw)
    assert desk.requests[0].json["code_id"] == SECRET[:5]


@test
def a_lost_answer_is_given_again(office):
    office.new_sensor()
    rangers = Rangers()
    lost = [True]

    def answer(request):
        given = rangers.answer(request)
        return None if lost.pop() else given

    with office.desk(answer) as desk:
        assert "without an answer" in office.enrol(desk.url, want=1).stderr
        assert office.is_untouched()
        lost.append(False)
        office.enrol(desk.url)
    assert office.note("sensor") == "s-0001"


@test
def code_is_read_as_people_type_it(office):
    for typed in ("7k3zw0h1jm4npqr9tvxy", " 7K3ZW OHIJM-4npqr-9tvxy ", "7K3ZW-oHlJM-4NPQR-9TVXY"):
        office.new_sensor()
        with office.desk(Rangers().answer) as desk:
            office.enrol(desk.url, "-", text=typed + "\n")
        assert office.note("sensor") == "s-0001", typed
    for typed in ("", "7K3ZW", CODE + "0", CODE.replace("7", "U"), CODE.replace("7", "é")):
        office.new_sensor()
        with office.desk(Rangers().answer) as desk:
            assert "this is no code" in office.enrol(desk.url, typed, want=1).stderr
            assert not desk.requests


@test
def a_wrong_code_gives_nothing(office):
    """Wrong in its open part, and wrong behind that; and a desk that takes any code proves nothing."""
    office.new_sensor()
    with office.desk(Rangers().answer) as desk:
        for wrong in ("8" + CODE[1:], CODE[:-1] + "Z"):
            assert "no such code" in office.enrol(desk.url, wrong, want=1).stderr
    assert office.is_untouched()
    rangers = Rangers()

    def believes_anyone(request):
        rangers.secret = SECRET
        answer = {"schema": "hinomi.enrolled/1", **rangers.fields, "proof": "ab" * 32}
        return 200, {}, answer

    with office.desk(believes_anyone) as desk:
        assert "does not prove" in office.enrol(desk.url, want=1).stderr
    assert office.is_untouched()


@test
def a_man_in_the_middle_can_change_no_field(office):
    rangers = Rangers(office.certificates.file.read_text())
    changed = {"sensor": "s-0002", "office": "office-18", "token": "token-abd", "desk_key": "11" * 32,
               "authority": "", "policy": '{"options":{"scan.hosts":"9999"}}', "proof": "00" * 32}
    office.new_sensor()
    with office.desk(rangers.answer) as desk:
        for name, value in changed.items():
            rangers.change = lambda answer, n=name, v=value: answer | {n: v}
            assert "does not prove" in office.enrol(desk.url, want=1).stderr, name
            assert office.is_untouched(), name
        for name in [*changed, "schema"]:
            rangers.change = lambda answer, n=name: {k: v for k, v in answer.items() if k != n}
            office.enrol(desk.url, want=1)
            rangers.change = lambda answer, n=name: answer | {n: 7}
            office.enrol(desk.url, want=1)
            assert office.is_untouched(), name
        rangers.change = lambda answer: answer | {"new member": "is of a later version"}
        office.enrol(desk.url)


@test
def what_the_sensor_says_is_bound_too(office):
    """Who puts his own key into the request does not know the code."""
    rangers = Rangers()
    office.new_sensor()

    def answer(request):
        request.json["public_key"] = "22" * 32
        return rangers.answer(request)

    with office.desk(answer) as desk:
        assert "no such code" in office.enrol(desk.url, want=1).stderr
    assert not rangers.given


@test
def another_key_with_the_same_code_is_refused(office):
    rangers = Rangers()
    kept = {}
    with office.desk(rangers.answer) as desk:
        office.new_sensor()
        office.enrol(desk.url)
        kept = desk.requests[0].json
        office.new_sensor()
        assert "has been used by another sensor" in office.enrol(desk.url, want=1).stderr
        assert office.is_untouched()
    recorded = {}

    def remember(answer):
        recorded.update(answer)
        return answer

    rangers.change = remember
    with office.desk(rangers.answer) as desk:  # an answer recorded for one sensor, given to another
        office.folder = office.place / f"courier-{office.count - 1}"
        office.enrol(desk.url)
    office.new_sensor()
    with office.desk(lambda _: (200, {}, recorded)) as desk:
        assert "does not prove" in office.enrol(desk.url, want=1).stderr
    assert office.is_untouched() and kept["public_key"]


@test
def refusals_and_bad_lines_are_said(office):
    office.new_sensor()
    for answer, words in (((403, {}, {"code": "expired_code"}), "too old"), ((500, {}, b""), "status 500"),
                          ((200, {}, b"<html>"), "no hinomi.enrolled/1"), ((403, {}, b"<html>"), "403"),
                          ((301, {"Location": "https://x/"}, b""), "redirects are not followed")):
        with office.desk(lambda _, a=answer: a) as desk:
            assert words in office.enrol(desk.url, want=1).stderr, words
    assert office.is_untouched()


@test
def a_given_authority_is_held_to(office):
    stranger = Certificates(office.place, "stranger")
    office.new_sensor()
    with office.desk(Rangers().answer) as desk:
        assert "not signed by https.authority" in office.enrol(desk.url, CODE, "--authority", stranger.file,
                                                               want=1).stderr
        assert not desk.requests
        office.enrol(desk.url, CODE, "--authority", office.certificates.file)
    assert f"authority: '{office.certificates.file}'" in (office.folder / "enrolled.yaml").read_text()


@test
def paths_are_whole_wherever_one_stands(office):
    office.new_sensor()
    with office.desk(Rangers(office.certificates.file.read_text()).answer) as desk:
        subprocess.run([pathlib.Path(office.probe).resolve(), "enrol", "--url", desk.url, "--code", CODE, "--folder",
                        office.folder.name], cwd=office.place, check=True, capture_output=True, timeout=60)
    yaml = (office.folder / "enrolled.yaml").read_text()
    for name in ("token", "authority.pem"):
        assert f"'{office.folder.resolve() / name}'" in yaml, yaml


@test
def a_policy_sets_only_what_is_the_rangers_to_set(office):
    office.new_sensor()
    policy = ('{"options":{"courier.capsules":"urgent","webhook.url":"https://evil.example/","scan.hosts":"44",'
              '"capsule.payload":"whole","store.folder":"/tmp","scan.ports":"-1","no.such":"1","scan.window":7}}')
    with office.desk(Rangers(policy=policy).answer) as desk:
        done = office.enrol(desk.url)
    yaml = (office.folder / "enrolled.yaml").read_text()
    assert "hosts: 44" in yaml and "evil" not in yaml and "payload" not in yaml and "capsules" not in yaml, yaml
    assert "ports" not in yaml and "window" not in yaml and "no:" not in yaml and "store" not in yaml
    for name in ("courier.capsules", "webhook.url", "capsule.payload", "store.folder", "scan.ports", "no.such",
                 "scan.window"):
        assert name in done.stderr, (name, done.stderr)


@test
def by_a_file_on_the_boot_partition(office):
    office.new_sensor()
    note = office.place / "hinomi-enrol.txt"
    with office.desk(Rangers().answer) as desk:
        note.write_bytes(b"\xef\xbb\xbf# from your rangers\r\n\r\n code =  " + CODE.encode() + b" \r\nurl = "
                         + desk.url.encode() + b"\r\n")
        office.run("enrol", "--file", note)
        text = note.read_bytes()
        assert CODE.encode() not in text and b"code =  " + b"-" * len(CODE) + b" \r\n" in text, text
        assert "was used" in office.run("enrol", "--file", note).stdout
        assert len(desk.requests) == 1
    assert office.note("sensor") == "s-0001"
    for text, words in (("url = https://x/\n", "'code ="), (f"code = {CODE}\n", "'url ="), ("code\n", "line 1"),
                        (f"code = {CODE}\n\nurl = https://x/\ncolour = red\n", "line 4"),
                        ("\n# x\ncode = ABC\n", "line 3"), ("x" * 5000, "no short text"), ("a\0b", "no short text")):
        note.write_text(text)
        done = office.run("enrol", "--file", note, want=1)
        assert words in done.stderr, (words, done)
    assert "No such file" in office.run("enrol", "--file", office.place / "nothing", want=1).stderr


@test
def wrong_usage(office):
    office.run("enrol", want=2)
    office.run("enrol", "--url", "https://x/", want=2)
    office.run("enrol", "--url", "https://x/", "--code", CODE, "more", want=2)
    office.run("enrol", "--file", "x", "--code", CODE, want=2)
    office.run("rotate-key", "--no-such", want=2)
    assert "Usage" in office.run("enrol", "--help").stdout
    assert "must begin with https://" in office.enrol("http://desk.example/", want=1).stderr


@test
def keys_are_changed_by_the_old_ones_word(office):
    rangers = Rangers(office.certificates.file.read_text())
    held = []
    way = ["lost", "refuse", "garbage", "good"]

    def answer(request):
        if request.path == "/v1/enrol":
            held.append(request.json["public_key"])
            return rangers.answer(request)
        ask = request.json
        assert request.headers["Authorization"] == "Bearer token-abc"
        signed = f"hinomi.key/1\n{ask['sensor']}\n{ask['public_key']}\n{ask['made']}\n".encode()
        old, new = (VerifyKey(bytes.fromhex(k)) for k in (held[0], ask["public_key"]))
        old.verify(signed, bytes.fromhex(ask["signature"]))
        new.verify(signed, bytes.fromhex(ask["proof"]))
        assert ask["signer"] == hashlib.sha256(bytes.fromhex(held[0])).hexdigest()[:16]
        assert ask["schema"] == "hinomi.key/1" and ask["sensor"] == "s-0001"
        held.append(ask["public_key"])
        return {"lost": None, "refuse": (403, {}, b""), "garbage": (200, {}, {"status": "stored"}),
                "good": (200, {}, {"schema": "hinomi.key_taken/1", "status": "duplicate"})}[way.pop(0)]

    office.new_sensor()
    with office.desk(answer) as desk:
        office.enrol(desk.url)
        for words in ("without an answer", "403", "stays in use"):
            assert words in office.run("rotate-key", want=1).stderr, words
        assert Memory(office.folder).key() == held[0], "the old key signs on"
        office.run("rotate-key")
    assert len(set(held)) == 2, "the same new key is offered until it is taken"
    assert Memory(office.folder).key() == held[1]


def main():
    chosen = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        office = Office(sys.argv[1], folder)
        for one in TESTS:
            if not chosen or one.__name__ in chosen:
                one(office)
                print(f"{one.__name__}: good", flush=True)


main()
