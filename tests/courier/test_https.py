#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The HTTPS output against a desk that is up, down, slow, lying, or someone else: what it takes for
acknowledged, what it says, and that nothing is believed that was not agreed.

Usage: test_https.py HTTPS_PROBE
"""
import calendar
import concurrent.futures
import contextlib
import email.utils
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # old TLS, which must fail
sys.dont_write_bytecode = True
from fake_desk import Certificates, Desk, Proxy, replies, stores  # noqa: E402

TESTS = []
WAITING = []  # these wait for limits of time, all together


def test(function):
    TESTS.append(function)
    return function


def waits(function):
    WAITING.append(function)
    return function


class Line:
    """The probe, its files, and the certificates of both sides."""

    def __init__(self, probe, folder):
        self.probe = probe
        self.folder = pathlib.Path(folder)
        self.authority = Certificates(folder)
        self.stranger = Certificates(folder, "stranger")
        self.certificate = self.authority.sign("desk")
        self.client = self.authority.sign("sensor", usage="clientAuth")
        self.token = self.folder / "token"
        self.token.write_text("first-token\n")
        self.lock = threading.Lock()
        self.count = 0

    def config(self, url, **options):
        options = {"url": url, "authority": self.authority.file, "secret": self.token} | options
        text = "https:\n" + "".join(f"  {name}: '{value}'\n" for name, value in options.items())
        with self.lock:
            self.count += 1
            path = self.folder / f"config-{self.count}.yaml"
        path.write_text(text)
        return path

    def start(self, url, count=3, times=1, size=100, **options):
        return subprocess.Popen([self.probe, self.config(url, **options), str(count), str(times), str(size)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def send(self, url, *, wait=90, **words):
        """What each send gave, as dicts."""
        with self.start(url, **words) as probe:
            try:
                out, errors = probe.communicate(timeout=wait)
            finally:
                probe.kill()
        assert errors == "", errors
        return [read_line(line) for line in out.splitlines()]

    def desk(self, answer=stores, **words):
        return Desk(answer, certificate=words.pop("certificate", self.certificate), **words)


def read_line(line):
    head, said = line.split("said=", 1) if "said=" in line else ("", line)
    return dict(word.split("=", 1) for word in head.split()) | {"said": said}


@test
def up(line):
    with line.desk() as desk:
        sent = line.send(desk.url, count=256, times=3)
    assert [s["answer"] for s in sent] == ["answered"] * 3, sent
    assert all(s["stored"] == "256" and s["head"] == "256" and s["said"] == "" for s in sent), sent
    assert len(desk.connections) == 1, "the connection is kept"
    request = desk.requests[0]
    assert (request.method, request.path) == ("POST", "/v1/parcels")
    assert request.headers["Authorization"] == "Bearer first-token"
    assert request.headers["Content-Encoding"] == "gzip"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json["schema"] == "hinomi.batch/1" and request.json["sensor"] == "office-1"
    assert len(request.json["parcels"]) == 256
    assert len(request.raw) < 256 * 1000


@test
def orders_wait(line):
    with line.desk(lambda r: (200, {}, replies(r, orders=True))) as desk:
        assert line.send(desk.url)[0]["orders"] == "1"


@test
def token_that_changes_is_taken_up(line):
    def answer(request):
        line.token.write_text("another-token")
        return stores(request)

    with line.desk(answer) as desk:
        line.send(desk.url, times=2)
    line.token.write_text("first-token\n")
    assert [r.headers["Authorization"] for r in desk.requests] == ["Bearer first-token", "Bearer another-token"]


@test
def too_many_bytes_for_a_batch(line):
    """4 MiB is the limit: what is more stays for the next batch."""
    with line.desk() as desk:
        sent = line.send(desk.url, count=8, size=1000 * 1000)
    assert sent[0]["answer"] == "answered" and sent[0]["stored"] == "4", sent


@test
def down(line):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    sent = line.send(f"https://127.0.0.1:{port}/")
    assert sent[0]["answer"] == "failed" and "takes no connection" in sent[0]["said"], sent
    sent = line.send("https://desk.invalid/")
    assert sent[0]["answer"] == "failed" and "is not found" in sent[0]["said"], sent


@test
def slow_but_there(line):
    def answer(request):
        time.sleep(2)
        return stores(request)

    with line.desk(answer) as desk:
        assert line.send(desk.url)[0]["answer"] == "answered"


@test
def ends_soon_when_asked(line):
    """A desk that accepts and never answers does not hold up the courier's end."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        probe = line.start(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        peer, _ = silent.accept()
        probe.send_signal(signal.SIGTERM)
        before = time.monotonic()
        out, _ = probe.communicate(timeout=30)
        assert time.monotonic() - before < 5, "it took longer than any wait that is allowed"
        assert "answer=failed" in out, out
        peer.close()


@waits
def half_open(line):
    """TLS stands, then nothing: ended by the stall limit, at the latest by the one for all."""
    release = threading.Event()

    def answer(_):
        release.wait(80)

    with line.desk(answer) as desk:
        sent = line.send(desk.url)
        release.set()
    assert sent[0]["answer"] == "failed" and "did not answer in time" in sent[0]["said"], sent
    assert 15000 < int(sent[0]["ms"]) < 65000, sent


@waits
def never_shakes_hands(line):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        sent = line.send(f"https://127.0.0.1:{silent.getsockname()[1]}/")
    assert sent[0]["answer"] == "failed" and "does not answer" in sent[0]["said"], sent
    assert 8000 < int(sent[0]["ms"]) < 30000, sent


LIES = {
    "no JSON": b"<html>Please log in</html>",
    "nothing": b"",
    "JSON of another kind": {"ok": True},
    "replies that are no list": {"schema": "hinomi.replies/1", "replies": "all stored"},
    "a status that is none": {"schema": "hinomi.replies/1",
                              "replies": [{"stream": "routine", "sequence": 1, "status": "fine"}]},
    "half of a text": b'{"schema":"hinomi.replies/1","replies":[{"stream":"routine","seq',
    "half of it good": {"schema": "hinomi.replies/1",
                        "replies": [{"stream": "routine", "sequence": 1, "status": "stored"}, {"stream": "x"}]},
    "more replies than a batch has": {"schema": "hinomi.replies/1",
                                      "replies": [{"stream": "routine", "sequence": 1, "status": "stored"}] * 257},
}


@waits
def a_line_too_slow_for_a_batch(line):
    """What cannot go out in its time goes in smaller pieces, and in larger ones again once it can."""
    with line.desk() as desk:
        desk.deaf = 1
        sent = line.send(desk.url, count=6, times=4, size=600 * 1000)
        desk.heard.set()
    assert [s["answer"] for s in sent] == ["failed"] + ["answered"] * 3, sent
    assert [s["stored"] for s in sent[1:]] == ["3", "6", "6"], sent


@test
def garbage_acknowledges_nothing(line):
    for name, lie in LIES.items():
        with line.desk(lambda _, lie=lie: (200, {}, lie)) as desk:
            sent = line.send(desk.url)
        assert sent[0]["answer"] == "failed" and sent[0]["stored"] == "0", (name, sent)
        assert "not as agreed" in sent[0]["said"], (name, sent)


@test
def endless_answer(line):
    with line.desk(lambda _: (200, {}, b" " * (3 << 20))) as desk:
        sent = line.send(desk.url)
    assert sent[0]["answer"] == "failed" and "more than was agreed" in sent[0]["said"], sent
    with line.desk(lambda r: (200, {f"X-{i}": "y" * 8000 for i in range(20)}, replies(r))) as desk:
        sent = line.send(desk.url)
    assert sent[0]["answer"] == "failed", sent


@test
def half_replies(line):
    with line.desk(lambda r: (200, {}, replies(r, count=2))) as desk:
        sent = line.send(desk.url, count=5)
    assert sent[0]["answer"] == "answered" and sent[0]["stored"] == "2", sent


@test
def cut_amid_the_answer(line):
    def answer(request):
        return 200, {"Content-Length": "5000"}, b'{"schema":"hinomi.replies/1"'

    with line.desk(answer) as desk:
        sent = line.send(desk.url)
    assert sent[0]["answer"] == "failed" and sent[0]["stored"] == "0", sent
    assert "amid its answer" in sent[0]["said"] or "lost" in sent[0]["said"], sent


@test
def hung_up(line):
    with line.desk(lambda _: None) as desk:
        sent = line.send(desk.url)
    assert sent[0]["answer"] == "failed", sent


@test
def connection_lost_between_two_sends(line):
    """A kept connection that the other side let go is no failure: a new one is made."""
    def answer(request):
        given = stores(request)
        return given[0], {"Connection": "close"}, given[2]

    with line.desk(answer) as desk:
        sent = line.send(desk.url, times=3)
    assert [s["answer"] for s in sent] == ["answered"] * 3, sent
    assert len(desk.connections) == 3


@test
def statuses(line):
    wanted = {400: "too_large", 422: "too_large", 413: "too_large", 401: "denied", 403: "denied", 408: "failed",
              429: "failed", 500: "failed", 502: "failed", 503: "failed", 504: "failed", 404: "failed", 204: "failed",
              201: "failed", 301: "failed", 307: "failed", 418: "failed", 599: "failed"}
    status = 0

    def answer(request):
        return status, {"Location": "/elsewhere"}, replies(request) if status != 204 else b""

    with line.desk(answer) as desk:
        for status, want in wanted.items():
            sent = line.send(desk.url)
            assert sent[0]["answer"] == want and sent[0]["stored"] == "0", (status, sent)
            assert sent[0]["code"] == (f"http_{status}" if want == "too_large" else ""), (status, sent)
            assert str(status) in sent[0]["said"], (status, sent)
        assert all(r.path == "/v1/parcels" for r in desk.requests), "redirects are not followed"
        assert len(desk.requests) == len(wanted)


@test
def retry_after(line):
    later = email.utils.formatdate(time.time() + 300, usegmt=True)
    past = email.utils.formatdate(calendar.timegm((2020, 1, 1, 0, 0, 0)), usegmt=True)
    for said, least, most in (("120", 120, 120), ("99999999", 3600, 3600), (later, 200, 300), (past, 0, 0),
                              ("soon", 0, 0), ("-5", 0, 0)):
        for status in (429, 503, 401):
            with line.desk(lambda _, s=status, v=said: (s, {"Retry-After": v}, b"")) as desk:
                sent = line.send(desk.url)
            assert least <= int(sent[0]["retry"]) <= most, (status, said, sent)


@test
def certificate_expired(line):
    expired = line.authority.sign("old", days="-1")
    with line.desk(certificate=expired) as desk:
        sent = line.send(desk.url)
        assert sent[0]["answer"] == "failed" and "has expired" in sent[0]["said"], sent
        assert not desk.requests


@test
def certificate_of_others(line):
    with line.desk(certificate=line.stranger.sign("impostor")) as desk:
        sent = line.send(desk.url)
        assert "is not signed by https.authority" in sent[0]["said"], sent
        sent = line.send(desk.url, authority="")
        assert "is not signed by any authority of the system" in sent[0]["said"], sent
        assert not desk.requests
    with line.desk(certificate=line.authority.sign("other", "DNS:other.example")) as desk:
        sent = line.send(desk.url)
        assert sent[0]["answer"] == "failed" and "is not believed" in sent[0]["said"], sent
        assert not desk.requests


@test
def old_tls_is_refused(line):
    with line.desk() as desk:
        desk.server.context.minimum_version = 769  # TLS 1.0
        desk.server.context.maximum_version = 770
        desk.server.context.set_ciphers("ALL:@SECLEVEL=0")
        sent = line.send(desk.url)
        assert sent[0]["answer"] == "failed", sent
        assert not desk.requests


@test
def client_certificate(line):
    with line.desk(client_authority=line.authority.file) as desk:
        sent = line.send(desk.url, times=5)
        assert all(s["answer"] == "failed" and "certificate of ours" in s["said"] for s in sent), sent
        assert not desk.requests
        certificate, key = line.client
        sent = line.send(desk.url, certificate=certificate, key=key, secret="")
        assert sent[0]["answer"] == "answered", sent
        assert desk.requests[0].headers["Authorization"] is None


@test
def proxy(line):
    way = Proxy()
    with line.desk() as desk:
        sent = line.send(desk.url, proxy=way.url, times=2)
    way.stop()
    assert [s["answer"] for s in sent] == ["answered"] * 2, sent
    assert [a[:2] for a in way.asked] == [("CONNECT", f"127.0.0.1:{desk.port}")], way.asked
    assert "first-token" not in way.asked[0][2], "the token is for the desk alone"
    for status, words in ((407, "wants a user"), (502, "lets nobody through")):
        way = Proxy(status)
        sent = line.send("https://desk.invalid/", proxy=way.url)
        way.stop()
        assert sent[0]["answer"] == "failed" and words in sent[0]["said"], sent


@test
def ipv6(line):
    try:
        with line.desk(host="::1") as desk:
            sent = line.send(desk.url)
    except OSError as error:
        print(f"  skipped: no IPv6 loopback here ({error})")
        return
    assert sent[0]["answer"] == "answered", sent


@test
def wrong_options(line):
    with line.desk() as desk:
        for options, words in (({"url": "ftp://desk.example/"}, "must begin with https://"),
                               ({"url": "http://desk.example/"}, "tests on this machine"),
                               ({"url": "https://user:pass@desk.example/"}, "must not hold a user"),
                               ({"url": "desk.example"}, "is no address"),
                               ({"url": "https://desk.example/#x"}, "'#'"),
                               ({"authority": "/nowhere.pem"}, "https.authority"),
                               ({"secret": "/nowhere"}, "https.secret"),
                               ({"certificate": "/nowhere.crt"}, "https.certificate")):
            sent = line.send(options.pop("url", desk.url), **options)
            assert len(sent) == 1 and words in sent[0]["said"], (words, sent)
        assert not desk.requests


@test
def plain_on_this_machine(line):
    with Desk(stores) as desk:
        assert line.send(desk.url)[0]["answer"] == "answered"


def main():
    chosen = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        line = Line(sys.argv[1], folder)

        def run(one):
            if chosen and one.__name__ not in chosen:
                return
            before = time.monotonic()
            one(line)
            print(f"{one.__name__}: good, {time.monotonic() - before:.1f} s", flush=True)

        for one in TESTS:
            run(one)
        with concurrent.futures.ThreadPoolExecutor() as together:
            for done in [together.submit(run, one) for one in WAITING]:
                done.result()


main()
