"""test_update_fetch.py: updates from a web server that may do anything. HTTPS on loopback, no box."""

import hashlib
import http.server
import os
import pathlib
import re
import ssl
import sys
import tempfile
import threading
import time

import update_box
from update_box import Box, Bundles, Keys, call, expect


class Server:
    """Serves `files`; `manner(handler, data, start)` answers for the bundle instead, when given."""

    def __init__(self, cert, key):
        self.files, self.asked, self.manner, self.ranges = {}, [], None, True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.http.handle_error = lambda *_: None
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.http.server_address[1]}/hinomi"

    def answer(self, handler):
        span = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        start = int(span[1]) if span else 0
        self.asked.append((handler.path.rsplit("/", 1)[1], start))
        data = self.files.get(handler.path)
        if data is None:
            handler.send_error(404)
        elif self.manner and not handler.path.endswith("latest"):
            self.manner(handler, data, start)
        else:
            self.send(handler, data, start)

    def send(self, handler, data, start, stop=None):
        if start >= len(data):
            handler.send_error(416)
            return
        whole = start == 0 or not self.ranges
        part = data if whole else data[start:]
        handler.send_response(200 if whole else 206)
        if not whole:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(part)))
        handler.end_headers()
        handler.wfile.write(part[:stop])

    def offer(self, bundle, version, **lies):
        data = pathlib.Path(bundle).read_bytes()
        said = {"version": version, "file": f"hinomi-{version}.raucb", "size": len(data), "digest": hashlib.sha256(data).hexdigest(), **lies}
        self.files = {f"/hinomi/hinomi-{version}.raucb": data, "/hinomi/latest": " ".join(map(str, said.values())).encode() + b"\n"}
        return data

    def announce(self, line):
        self.files["/hinomi/latest"] = line.encode() if isinstance(line, str) else line

    def fetched(self):
        asked, self.asked = self.asked, []
        return asked


def endless(handler, *_):
    """Says no length, and does not stop."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"\0" * 65536)


def stalled(handler, data, _):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[:1000])
    time.sleep(20)


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keys = Keys(self.folder / "keys")
        self.bundles = Bundles(self.folder / "bundles", self.keys)
        self.good = self.bundles.make("good", "2.0")
        key, cert = self.folder / "tls.key", self.folder / "tls.pem"
        call("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "5", "-subj", "/CN=updates", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", key, "-out", cert)
        self.tls = cert
        self.server = Server(cert, key)
        self.count = 0

    def box(self, url=None, **options):
        self.count += 1
        box = Box(self.folder / f"box-{self.count}", self.keys.authority[1], **options)
        (box.root / "etc/hinomi/update").write_text((url or self.server.url) + "\n")
        (box.root / "etc/hinomi/authority.pem").write_bytes(self.tls.read_bytes())
        self.server.manner, self.server.ranges = None, True
        self.server.fetched()
        return box


def fetch(bench):
    server = bench.server
    for url, code in (("off", 0), ("", 0), ("http://127.0.0.1:1/", 1), ("file:///etc", 1)):
        box = bench.box(url or " ")
        (box.root / "etc/hinomi/update").write_text(url + "\n" if url else "")
        (box.folder / "part-of-before").write_bytes(b"x")
        got, said = box.update("fetch")
        expect("what had been fetched goes when updates are switched off", (box.left_over() == []) == (url in ("off", "")), box.left_over())
        expect(f"updates = {url or 'nothing'}: asks nobody", got == code and not server.fetched() and not box.logged(), said)
    box = bench.box()
    server.offer(bench.good, "2.0")
    code, said = box.update("fetch")
    expect("fetched and written, to be started at night", code == 0 and box.trial() == "B 2.0" and "systemd-run" in box.logged()[1], said)
    expect("the file is removed", box.left_over() == [], box.left_over())
    server.fetched()
    box.update("fetch")
    expect("what waits for its start is not fetched again", [name for name, _ in server.fetched()] == ["latest"])
    box = bench.box()
    (box.root / "etc/hinomi/authority.pem").unlink()
    code, said = box.update("fetch")
    expect("a server that nobody vouches for: refused", code == 1 and not server.fetched(), said)
    for version in ("1.0", "0.9"):
        box = bench.box()
        server.offer(bench.good, version)
        code, said = box.update("fetch")
        expect(f"{version} is offered: not fetched", code == 0 and [name for name, _ in server.fetched()] == ["latest"], said)
    box = bench.box()
    (box.folder / "failed").write_text("2.0\n")
    server.offer(bench.good, "2.0")
    code, said = box.update("fetch")
    expect("what fell back is not fetched", code == 0 and [name for name, _ in server.fetched()] == ["latest"], said)


def liars(bench):
    server, digest = bench.server, "a" * 64
    for name, line in {
        "nothing": "", "one word": "2.0\n", "another folder": f"2.0 ../x.raucb 5000 {digest}\n", "an option": f"2.0 -o.raucb 5000 {digest}\n",
        "a page": "<html>\n", "bytes": os.urandom(3000), "no size": f"2.0 x.raucb many {digest}\n", "too large": f"2.0 x.raucb 9000000000 {digest}\n",
        "a fifth word": f"2.0 x.raucb 5000 {digest} x\n", "a version with a command": f"2.0;reboot x.raucb 5000 {digest}\n",
        "without end": b"2.0 " * 100_000,
    }.items():
        box = bench.box()
        server.announce(line)
        code, said = box.update("fetch")
        expect(f"latest holds {name}: refused", code == 1 and not box.logged() and box.left_over() == [] and len(server.fetched()) <= 4, said)
    data = server.offer(bench.good, "2.0")
    cases = {
        "another content": {"digest": digest},
        "a longer file than announced": {"size": len(data) - 5000},
        "a shorter file than announced": {"size": len(data) + 5000},
    }
    for name, lies in cases.items():
        box = bench.box()
        server.offer(bench.good, "2.0", **lies)
        code, said = box.update("fetch")
        size = sum(path.stat().st_size for path in box.folder.glob("part-*"))
        expect(f"{name}: not installed", code == 1 and not box.logged() and size <= lies.get("size", 0), (said, size))
    box = bench.box()
    server.offer(bench.good, "2.0", file="elsewhere.raucb")
    expect("not there: not installed", box.update("fetch")[0] == 1 and not box.logged())
    box = bench.box()
    server.offer(bench.bundles.make("foreign", "2.0", bench.keys.foreign), "2.0")
    code, said = box.update("fetch")
    expect("a foreign signature: refused and noted", code == 1 and box.state()["step"] == "refused" and not box.logged() and box.left_over() == [], said)
    server.fetched()
    code, said = box.update("fetch")
    expect("and not fetched every day", code == 0 and [name for name, _ in server.fetched()] == ["latest"], said)
    server.offer(bench.bundles.make("again", "2.0"), "2.0")
    expect("the same version rightly signed is", box.update("fetch")[0] == 0 and box.trial() == "B 2.0")
    box = bench.box()
    server.offer(bench.bundles.make("old", "0.5"), "2.0")
    code, said = box.update("fetch")
    expect("an old bundle under a new name: refused", code == 1 and "not newer" in said and not box.logged(), said)
    server.fetched()
    code, said = box.update("fetch")
    expect("and not fetched every day, either", code == 0 and [name for name, _ in server.fetched()] == ["latest"], said)


def sent_elsewhere(bench):
    """Redirections lead to another https address, and to nothing else."""
    server = bench.server
    data = server.offer(bench.good, "2.0")

    class Plain(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Plain) as plain:
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        for name, target, is_taken in (("https", f"{server.url}/moved.raucb", True), ("http", f"http://127.0.0.1:{plain.server_address[1]}/x", False),
                                       ("itself", f"{server.url}/hinomi-2.0.raucb", False)):
            box = bench.box()
            server.files["/hinomi/moved.raucb"] = data

            def redirect(handler, content, start, target=target):
                if handler.path.endswith("moved.raucb"):
                    server.send(handler, content, start)
                    return
                handler.send_response(302)
                handler.send_header("Location", target)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            server.manner = redirect
            code, said = box.update("fetch")
            expect(f"sent on to {name}: {'taken' if is_taken else 'refused'}", (code == 0) == is_taken and (box.trial() == "B 2.0") == is_taken, said)
        plain.shutdown()


def lines_that_break(bench):
    server, box = bench.server, bench.box()
    data = server.offer(bench.good, "2.0")

    def cut(handler, content, start):
        server.send(handler, content, start, stop=len(content) // 10)

    server.manner = cut
    code, said = box.update("fetch", timeout=200)
    parts = [path.stat().st_size for path in box.folder.glob("part-*")]
    expect("a line that breaks: what came is kept", code == 1 and len(parts) == 1 and 0 < parts[0] < len(data) and not box.logged(), (said, parts))
    server.manner = None
    tries = [start for file, start in server.fetched() if file != "latest"]
    code, said = box.update("fetch")
    expect("five tries were made, each from where the one before stopped", len(tries) == 5 and tries == sorted(set(tries)), tries)
    expect("the next time goes on from there", code == 0 and server.fetched()[1][1] == parts[0] and box.trial() == "B 2.0", said)
    for name, ranges, already in (("a server without ranges: from the beginning", False, 5000), ("all of it is there: not fetched", True, len(data))):
        box = bench.box()
        server.ranges = ranges
        (box.folder / f"part-{hashlib.sha256(data).hexdigest()}").write_bytes(data[:already])
        (box.folder / "part-of-another").write_bytes(b"x")
        code, said = box.update("fetch")
        expect(name, code == 0 and box.trial() == "B 2.0" and box.left_over() == [], said)
        expect("asked as often as needed", len([1 for file, _ in server.fetched() if file != "latest"]) == (2 if already == 5000 else 0))
    box = bench.box()
    (box.folder / f"part-{hashlib.sha256(data).hexdigest()}").write_bytes(b"\0" * 5000)
    code, said = box.update("fetch")
    expect("a part that was damaged: found out, begun anew the next time", code == 1 and box.left_over() == [] and
           box.update("fetch")[0] == 0, said)
    box = bench.box()
    server.manner = endless
    begin = time.monotonic()
    code, said = box.update("fetch")
    size = sum(path.stat().st_size for path in box.folder.glob("part-*"))
    expect("a server that does not stop is stopped", code == 1 and size <= len(data) + 512 and time.monotonic() - begin < 60, (said, size))
    box = bench.box()
    server.manner = stalled
    code, said = box.update("fetch", HINOMI_UPDATE_PATIENCE="1", timeout=100)
    expect("a server that falls silent is left", code == 1 and "too slow" in said, said)
    box = bench.box(stand_ins={"df": "echo Avail; echo 16800000"})
    server.manner = None
    code, said = box.update("fetch")
    expect("no room: told before anything is fetched", code == 1 and "no room" in said and [name for name, _ in server.fetched()] == ["latest"], said)


if update_box.missing_tools():
    print("skipped: not there:", ", ".join(update_box.missing_tools()))
    sys.exit(77)
with tempfile.TemporaryDirectory(prefix="hinomi-update-") as place:
    here = Bench(place)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for group in (fetch, liars, sent_elsewhere, lines_that_break):
        print(f"== {group.__name__}")
        group(here)
sys.exit(1 if update_box.failures else 0)
