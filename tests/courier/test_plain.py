#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The outputs for people without rangers, each alone: EVE in a file, syslog over TLS, a web hook.

Usage: test_plain.py PLAIN_PROBE GOLDEN
"""
import contextlib
import ctypes
import http.server
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

PROBE, GOLDEN = sys.argv[1], pathlib.Path(sys.argv[2])
WAIT = 30
HEAD = re.compile(rb"<(\d+)>1 (\S+Z) (\S+) hinomi - (case|health) \[meta sequenceId=\"(\d+)\"\] ")
FAULT = {"schema": "hinomi.health/1", "timestamp": "2026-11-22T10:00:00.000000Z", "id": "5cf94984-babb-8762-8274-c76021693f42",
         "state": "open", "first": "2026-11-22T10:00:00.000000Z", "last": "2026-11-22T10:00:00.000000Z", "code": "no_packets",
         "severity": "fault", "sentence": {"en": "No packets arrive.", "ja": "パケットが届いていません。"},
         "setting": {"en": "Check the mirror port.", "ja": "ミラーポートを確認してください。"}, "figures": []}


def cases():
    lines = []
    for path in sorted(GOLDEN.glob("*/expected.jsonl")):
        lines += [line for line in path.read_text(encoding="utf-8").splitlines() if '"hinomi.case/1"' in line]
    assert len(lines) >= 40, "the golden cases are missing"
    return lines


CASES = cases()


def case(**changes):
    return json.dumps({**json.loads(CASES[0]), **changes}, ensure_ascii=False)


class Probe:
    """One output that stays open over several sends."""

    def __init__(self, kind, *options):
        self.process = subprocess.Popen([PROBE, kind, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, *bodies):
        self.process.stdin.write("".join(body + "\n" for body in bodies).encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode()
        assert answer, "the probe ended"
        words, self.retry, self.said = answer.rstrip("\n").split(" | ", 2)
        answer, *self.replies = words.split()
        return answer

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read().decode()
        assert self.process.wait(timeout=WAIT) in (0, 2), f"exit {self.process.returncode}"
        self.process.stdout.close()
        return rest


@contextlib.contextmanager
def probe(kind, *options):
    one = Probe(kind, *options)
    try:
        yield one
        one.end()
    finally:
        one.process.kill()
        one.process.wait()


def refused(kind, *options):
    """What is said of an output that cannot be opened."""
    one = Probe(kind, *options)
    said = one.end()
    assert one.process.returncode == 2 and said.startswith("open "), said
    return said


# ---- eve: a file ----

def eve_lines(*paths):
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def test_eve_lines(folder):
    file = folder / "eve.json"
    with probe("eve", f"eve.file={file}") as eve:
        assert eve.send(*CASES, json.dumps(FAULT)) == "answered" and set(eve.replies) == {"stored"}, eve.said
        assert eve.send("{}", CASES[0]) == "answered" and eve.replies == ["rejectedbad_body", "stored"]
    lines = eve_lines(file)
    assert len(lines) == len(CASES) + 2
    assert len({line["alert"]["signature_id"] for line in lines if "alert" in line}) > 20
    for line, told in zip(lines, CASES):
        check_eve(line, json.loads(told))
    health = lines[len(CASES)]
    assert health["event_type"] == "hinomi_health" and health["hinomi"]["code"] == "no_packets"
    assert oct(file.stat().st_mode & 0o777) == "0o640"


def leading(told):
    return min(told["findings"], key=lambda f: (f["priority"], -f["impact"], -f["confidence"]))


def check_eve(line, told):
    lead = leading(told)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000", line["timestamp"])
    assert line["event_type"] == "alert" and line["alert"]["action"] == "allowed"
    assert line["alert"]["severity"] == told["priority"] and line["alert"]["signature"] == told["text"]["en"]["title"]
    assert line["hinomi"]["case"] == told["id"] and line["hinomi"]["rev"] == told["rev"]
    assert line["hinomi"]["rule"] == lead["rule"] and line["hinomi"]["text"]["ja"]["what"] == told["text"]["ja"]["what"]
    if lead["flows"]:
        flow = lead["flows"][-1]
        assert line["community_id"] == flow["community_id"] and line["flow_id"] == flow["flow_id"]
        assert line["src_ip"] == flow["src_ip"] and line["dest_ip"] == flow["dest_ip"]
        assert ("src_port" in line) == (flow["ip_protocol"] not in (1, 58))


def test_eve_rotation(folder):
    file = folder / "turned.json"
    with probe("eve", f"eve.file={file}", "eve.bytes=64K", "eve.files=3") as eve:
        for _ in range(4):
            assert eve.send(*CASES) == "answered"
    kept = sorted(folder.glob("turned.json*"))
    assert [path.name for path in kept] == ["turned.json", "turned.json.1", "turned.json.2"]
    assert all(path.stat().st_size <= 65536 for path in kept)
    lines = eve_lines(kept[2], kept[1], kept[0])
    ids = [json.loads(told)["id"] for told in CASES] * 4
    assert [line["hinomi"]["case"] for line in lines] == ids[len(ids) - len(lines):], "the latest, in order, none missing"


def test_eve_only_one_file(folder):
    file = folder / "one.json"
    with probe("eve", f"eve.file={file}", "eve.bytes=64K", "eve.files=1") as eve:
        assert eve.send(*CASES) == "answered"
    assert [path.name for path in folder.glob("one.json*")] == ["one.json"]
    assert 0 < file.stat().st_size <= 65536


def test_eve_half_line(folder):
    """A power cut left half a line; somebody else's text is ended, never taken away."""
    file = folder / "cut.json"
    with probe("eve", f"eve.file={file}") as eve:
        eve.send(CASES[0])
        whole = file.read_bytes()
        eve.send(CASES[1])
    both = file.read_bytes()
    for cut in (len(whole) + 1, len(both) - 1, 1):
        file.write_bytes(both[:cut])
        with probe("eve", f"eve.file={file}") as eve:
            eve.send(CASES[1])
        assert file.read_bytes() == (both if cut > 1 else both[len(whole):]), cut
    file.write_bytes(b"not ours")
    with probe("eve", f"eve.file={file}") as eve:
        eve.send(CASES[0])
    assert file.read_bytes() == b"not ours\n" + whole


def test_eve_moved(folder):
    """logrotate: moved away, removed, or emptied in place."""
    file = folder / "moved.json"
    with probe("eve", f"eve.file={file}") as eve:
        eve.send(CASES[0])
        whole = file.read_bytes()
        file.rename(folder / "moved.json.old")
        eve.send(CASES[0])
        assert file.read_bytes() == whole and (folder / "moved.json.old").read_bytes() == whole
        file.unlink()
        eve.send(CASES[0])
        assert file.read_bytes() == whole
        os.truncate(file, 0)
        eve.send(CASES[0])
        assert file.read_bytes() == whole


def test_eve_full(folder):
    """The disk is full: nothing counts as stored, no half line stays, and it goes on when there is room."""
    if os.geteuid() != 0:
        print("skipped: a full disk needs root, to mount one")
        return
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        print(f"skipped: a full disk needs a tmpfs: {mounted.stderr.decode().strip()}")
        return
    try:
        file = disk / "eve.json"
        with probe("eve", f"eve.file={file}") as eve:
            assert eve.send(CASES[0]) == "answered"
            before = file.read_bytes()
            (disk / "ballast").write_bytes(b"x" * 65536)
            assert eve.send(*CASES) == "failed" and not eve.replies, eve.said
            assert "make room" in eve.said and file.read_bytes() == before
            (disk / "ballast").unlink()
            assert eve.send(*CASES[:20]) == "answered" and len(eve_lines(file)) == 21
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_eve_refused(folder):
    assert "No such file or directory" in refused("eve", f"eve.file={folder}/none/eve.json")
    assert "eve.file" in refused("eve", f"eve.file={folder}")


# ---- certificates ----

def certificate(folder, name, authority=None):
    """A key and a certificate; by itself or by an authority."""
    key, request, out = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.pem"
    run = lambda *a: subprocess.run(["openssl", *a], check=True, capture_output=True)
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key), "-subj", f"/CN={name}"]
    if authority is None:
        run(*new, "-x509", "-days", "2", "-out", str(out), "-addext", "basicConstraints=critical,CA:TRUE")
    else:
        (folder / "san").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        run(*new, "-out", str(request))
        run("x509", "-req", "-in", str(request), "-CA", str(folder / f"{authority}.pem"), "-CAkey",
            str(folder / f"{authority}.key"), "-CAcreateserial", "-days", "2", "-out", str(out), "-extfile", str(folder / "san"))
    return out, key


# ---- syslog: a collector ----

class Collector:
    """Takes RFC 5425 frames. `then` is done with a connection when it has so many bytes."""

    def __init__(self, folder=None, client_authority=None):
        self.context = None
        if folder:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(folder / "collector.pem", folder / "collector.key")
            if client_authority:
                self.context.verify_mode = ssl.CERT_REQUIRED
                self.context.load_verify_locations(client_authority)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got, self.open, self.changed = [], [], threading.Condition()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(plain,), daemon=True).start()

    def read(self, plain):
        received = bytearray()
        try:
            line = self.context.wrap_socket(plain, server_side=True) if self.context else plain
            with self.changed:
                self.got.append(received)
                self.open.append(line)
                self.changed.notify_all()
            while chunk := line.recv(65536):
                with self.changed:
                    received += chunk
                    self.changed.notify_all()
        except OSError:
            pass

    def messages(self, connection, count):
        """The first `count` of that connection."""
        with self.changed:
            assert self.changed.wait_for(
                lambda: len(self.got) > connection and len(frames(bytes(self.got[connection]))) >= count, WAIT), \
                f"{[len(frames(bytes(g))) for g in self.got]} of {count}"
            return frames(bytes(self.got[connection]))

    def reset(self, connection):
        """As when the collector is killed with something unread: connect() to nowhere resets at once."""
        nowhere = socket.AF_UNSPEC.to_bytes(2, sys.byteorder) + bytes(14)
        assert ctypes.CDLL(None).connect(self.open[connection].fileno(), nowhere, len(nowhere)) == 0

    def finish(self, connection):
        """In order, with all read."""
        self.open[connection].shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def frames(data):
    out = []
    while (space := data.find(b" ")) > 0 and len(data) >= space + 1 + int(data[:space]):
        end = space + 1 + int(data[:space])
        out.append(data[space + 1:end])
        data = data[end:]
    return out


def cef_fields(text):
    """The header's eight parts and the extension, unescaped as a reader of CEF does it."""
    parts = re.split(r"(?<!\\)\|", text, maxsplit=7)
    pairs = re.findall(r"(?:^| )(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)", parts[7])
    unescaped = {key: re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value) for key, value in pairs}
    return parts[:7], unescaped


def check_cef(message, told):
    head = HEAD.match(message)
    assert head, message[:200]
    assert int(head[1]) == 16 * 8 + {1: 2, 2: 4, 3: 5}[told["priority"]]
    text = message[head.end():]
    assert text.startswith(b"\xef\xbb\xbf") == (not text.isascii())
    header, fields = cef_fields(text.decode("utf-8-sig"))
    assert header[:3] == ["CEF:0", "Hinomi", "hinomi"] and header[4] == leading(told)["rule"]
    assert fields["externalId"] == told["id"] and fields["cn1"] == str(told["rev"]) and fields["dvchost"] == "sensor-1"
    assert told["text"]["en"]["what"].startswith(fields["msg"][:500]) and len(message) <= 8192
    assert fields["cs6"].split("\n") == told["text"]["en"]["do_first"]
    for key, value in fields.items():
        if key in ("src", "dst"):
            socket.inet_aton(value)
        elif key in ("c6a2", "c6a3"):
            socket.inet_pton(socket.AF_INET6, value)


def test_syslog_tls(folder):
    collector = Collector(folder, folder / "authority.pem")
    options = [f"syslog.url=tls://localhost:{collector.port}", f"syslog.authority={folder}/authority.pem"]
    own = [f"syslog.certificate={folder}/sensor.pem", f"syslog.key={folder}/sensor.key"]
    with probe("syslog", *options, *own) as syslog:
        assert syslog.send(*CASES) == "answered" and syslog.replies == ["stored"] * len(CASES), syslog.said
        assert syslog.send("{}", json.dumps(FAULT)) == "answered" and syslog.replies == ["rejectedbad_body", "stored"]
        messages = collector.messages(0, len(CASES) + 1)
    for message, told in zip(messages, CASES):
        check_cef(message, json.loads(told))
    assert [int(HEAD.match(message)[5]) for message in messages] == list(range(1, len(CASES) + 2))
    assert HEAD.match(messages[-1])[4] == b"health" and b"|health:no_packets|No packets arrive.|7|" in messages[-1]
    with probe("syslog", *options) as syslog:
        assert syslog.send(CASES[0]) == "failed", "no certificate of our own"
        assert "certificate" in syslog.said or "SSL" in syslog.said, syslog.said
    collector.close()


def test_syslog_stranger(folder):
    """Another's certificate, another's name, no TLS at all: nothing is told."""
    collector = Collector(folder)
    url = f"syslog.url=tls://localhost:{collector.port}"
    with probe("syslog", url, f"syslog.authority={folder}/other.pem") as syslog:
        assert syslog.send(CASES[0]) == "failed" and not syslog.replies, syslog.said
    with probe("syslog", f"syslog.url=tls://127.0.0.2:{collector.port}", f"syslog.authority={folder}/authority.pem") as syslog:
        assert syslog.send(CASES[0]) == "failed"
    assert not any(collector.got)
    collector.close()
    said = refused("syslog", "syslog.url=tcp://192.0.2.1:514")
    assert "tls://HOST:6514" in said
    assert "syslog.authority" in refused_send("syslog", url, f"syslog.authority={folder}/none.pem")


def refused_send(kind, *options):
    with probe(kind, *options) as output:
        assert output.send(CASES[0]) == "failed"
        return output.said


def test_syslog_broken(folder):
    """Killed with the last batch perhaps unread: that comes again first. Closed in order: it does not."""
    collector = Collector()
    with probe("syslog", f"syslog.url=tcp://127.0.0.1:{collector.port}", "syslog.form=eve") as syslog:
        assert syslog.send(CASES[0], CASES[1]) == "answered"
        first = collector.messages(0, 2)
        collector.reset(0)
        assert syslog.send(CASES[2]) == "answered", syslog.said
        again = collector.messages(1, 3)
        assert again[:2] == first
        collector.finish(1)
        assert syslog.send(CASES[3]) == "answered"
        assert len(collector.messages(2, 1)) == 1
        text = again[2][HEAD.match(again[2]).end():]
        assert text.startswith(b"\xef\xbb\xbf")
        check_eve(json.loads(text.decode("utf-8-sig")), json.loads(CASES[2]))
        collector.close()
        collector.finish(2)
        assert syslog.send(CASES[4]) == "failed" and not syslog.replies


def test_syslog_escapes(_):
    """What a name from the network must not do to a line."""
    collector = Collector()
    evil = 'a|b=c\\d cs1=x'
    told = json.loads(CASES[0])
    told["device"]["name"] = evil
    told["text"]["en"]["title"] = "A | title \\ of = signs"
    told["text"]["en"]["what"] = "first\nsecond dst=1.2.3.4"
    with probe("syslog", f"syslog.url=tcp://127.0.0.1:{collector.port}") as syslog:
        assert syslog.send(json.dumps(told)) == "answered"
        message = collector.messages(0, 1)[0]
    assert b"\n" not in message and b"|A \\| title \\\\ of = signs|" in message
    _, fields = cef_fields(message[HEAD.match(message).end():].decode("utf-8-sig"))
    assert fields["shost"] == evil and fields["msg"] == told["text"]["en"]["what"]
    collector.close()


# ---- webhook ----

class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), json.loads(body)))
        status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def hook(folder=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.answers = [], []
    scheme = "http"
    if folder:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "collector.pem", folder / "collector.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.url = f"webhook.url={scheme}://localhost:{server.server_address[1]}/hook?x=1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def own_folder(folder, name):
    (folder / name).mkdir()
    return f"courier.folder={folder}/{name}"


def test_webhook_told_once(folder):
    """At first, when it becomes more urgent, when it is taken back: not each revision, not the digest, not after a restart."""
    home = own_folder(folder, "once")
    with hook() as server:
        with probe("webhook", server.url, home) as webhook:
            sends = [dict(priority=3), dict(priority=2, digest=True), dict(priority=2, rev=8), dict(priority=2, rev=9),
                     dict(priority=1, rev=10), dict(priority=2, rev=11), dict(priority=1, rev=12)]
            for changes in sends:
                assert webhook.send(case(**changes)) == "answered" and webhook.replies == ["stored"], webhook.said
        with probe("webhook", server.url, home) as webhook:
            assert webhook.send(case(priority=1, rev=13), case(priority=2, rev=14)) == "answered"
            assert webhook.send(case(priority=1, rev=15, action="close", state="withdrawn")) == "answered"
            assert webhook.send(case(priority=1, rev=16, action="close", state="withdrawn"), case(priority=1, rev=17)) == "answered"
            assert webhook.send(case(id="5cf94984-babb-8762-8274-c76021690000", action="close", state="withdrawn")) == "answered"
            other = json.loads(CASES[1])
            assert webhook.send(json.dumps({**other, "priority": 2})) == "answered"
        texts = [body["text"] for _, body in server.got]
    assert [text.split("]")[0] for text in texts] == ["[Priority 2", "[Priority 1", "[Taken back", "[Priority 2"], texts
    assert json.loads(CASES[0])["id"] in texts[0] and "turned out to be ordinary" in texts[2] and other["id"] in texts[3]
    told = (folder / "once" / "webhook.told").read_text()
    (folder / "once" / "webhook.told").write_bytes(told.encode()[:-3] + b"\xff\n\0garbage\n" + b"x" * 300)
    with hook() as server, probe("webhook", server.url, home) as webhook:
        assert webhook.send(case(priority=1, rev=15)) == "answered"
        assert not server.got, "a damaged file is read as far as it goes"


def test_webhook_words(folder):
    told = json.loads(CASES[0])
    told["priority"] = 1
    told["device"].update(name="<!channel> @here", label="受付のPC", place="1F")
    told["text"]["ja"]["what"] = "c2.example.netと通信しました。 <http://evil|click>"
    told["findings"] = [{**leading(told), "object": {"kind": "host", "value": "c2.example.net"}}]
    with hook() as server, probe("webhook", server.url, own_folder(folder, "ja"), "webhook.language=ja") as webhook:
        assert webhook.send(json.dumps(told)) == "answered"
        assert webhook.send(json.dumps(FAULT)) == "answered"
        assert webhook.send(json.dumps({**FAULT, "last": "2026-11-22T11:00:00.000000Z"})) == "answered"
        assert webhook.send(json.dumps({**FAULT, "state": "closed"})) == "answered"
        assert webhook.send(json.dumps({**FAULT, "id": "x", "severity": "warning"})) == "answered"
        texts = [body["text"] for _, body in server.got]
    assert len(texts) == 3 and texts[1].startswith("【監視できていません】パケット") and texts[2].startswith("【解消】"), texts
    lines = texts[0].split("\n")
    assert lines[0] == "【優先度1】" + told["text"]["ja"]["title"] and lines[1].startswith("機器：受付のPC（")
    assert "<" not in texts[0] and "@" not in texts[0] and "c2.example.net" not in texts[0] and "c2[.]example[.]net" in texts[0]
    assert all(f"{i + 1}. {step}" in lines for i, step in enumerate(told["text"]["ja"]["do_first"]))


def test_webhook_answers(folder):
    with hook(folder) as server:
        (folder / "token").write_text("s3cret\n")
        options = [server.url, own_folder(folder, "answers"), f"webhook.authority={folder}/authority.pem",
                   f"webhook.secret={folder}/token", "webhook.form=case", "webhook.priority=3"]
        ids = [f"5cf94984-babb-8762-8274-c7602169{i:04x}" for i in range(12)]
        with probe("webhook", *options) as webhook:
            server.answers = [(200, {}), (500, {}), (429, {"Retry-After": "77"}), (403, {}), (404, {}), (302, {"Location": "/"}), (400, {})]
            three = [case(id=one) for one in ids[:3]]
            assert webhook.send(*three) == "answered" and webhook.replies == ["stored"], "the rest comes again"
            assert webhook.send(*three[1:]) == "failed" and webhook.retry == "77", webhook.said
            assert webhook.send(*three[1:]) == "denied"
            assert webhook.send(*three[1:]) == "failed" and "404" in webhook.said
            assert webhook.send(*three[1:]) == "failed", "redirects are not followed"
            assert webhook.send(*three[1:]) == "answered" and webhook.replies == ["rejectedhttp_400", "stored"]
        assert len(server.got) == 8
        headers, body = server.got[-1]
        assert headers["Authorization"] == "Bearer s3cret" and headers["Content-Type"] == "application/json"
        assert body == json.loads(three[2]), "the case as it is"
        with probe("webhook", *[o for o in options if "authority" not in o]) as webhook:
            assert webhook.send(case(id=ids[5])) == "failed" and len(server.got) == 8, "nobody vouches for it"
    with probe("webhook", *options) as webhook:
        assert webhook.send(case(id=ids[6])) == "failed", "nobody listens"


def test_webhook_refused(folder):
    assert "https://" in refused("webhook", "webhook.url=http://192.0.2.1/x", own_folder(folder, "refused"))
    assert "courier.folder" in refused("webhook", "webhook.url=https://192.0.2.1/x", f"courier.folder={folder}/none")
    (folder / "two").write_text("two\nlines\n")
    for secret in ("two", "none-such"):
        said = refused("webhook", "webhook.url=https://192.0.2.1/x", f"courier.folder={folder}/refused", f"webhook.secret={folder}/{secret}")
        assert "webhook.secret" in said and "no token" in said


def main():
    bad = 0
    with tempfile.TemporaryDirectory(prefix="plain-") as name:
        folder = pathlib.Path(name)
        certificate(folder, "authority")
        certificate(folder, "other")
        certificate(folder, "collector", "authority")
        certificate(folder, "sensor", "authority")
        for test_name, test in sorted(globals().items()):
            if not test_name.startswith("test_"):
                continue
            try:
                test(folder)
                print(f"ok   {test_name}")
            except Exception as problem:  # pylint: disable=broad-except
                import traceback
                traceback.print_exc(file=sys.stdout)
                print(f"FAIL {test_name}: {problem!r}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
