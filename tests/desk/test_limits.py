#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is too large, too slow or no HTTP at all costs the desk little, and others nothing.

Usage: test_limits.py HINOMI-DESK
"""
import gzip
import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import zlib

import desk_under_test
from desk_under_test import Desk, expect

MIB = 1 << 20


def memory(desk):
    """MiB of the desk's own."""
    for line in pathlib.Path(f"/proc/{desk.process.pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0


def raw(desk, data, timeout=0.3):
    with socket.create_connection(("127.0.0.1", desk.port), timeout=timeout) as link:
        try:
            link.sendall(data)
            link.shutdown(socket.SHUT_WR)
            return link.recv(65536)
        except OSError:
            return b""


def sizes(desk, s):
    post = lambda body, **more: desk.ask("POST", "/v1/parcels", body, s.headers(**more))[0]
    whole = json.dumps({"schema": "hinomi.batch/1", "sensor": s.name, "parcels": [s.parcel(signer="00" * 8)]}).encode()
    fill = whole + b" " * (4 * MIB - len(whole))
    expect("4 MiB are taken", post(fill) == 200)
    expect("packed too", post(gzip.compress(fill), **{"Content-Encoding": "gzip"}) == 200)
    expect("a byte more is not", post(gzip.compress(fill + b" "), **{"Content-Encoding": "gzip"}) == 413)
    try:
        status = post(fill + b" " * 2048)
    except OSError:
        status = 413  # refused by its length: the rest was not even read
    expect("nor unpacked", status == 413, status)
    big = s.parcel(body={"schema": "hinomi.case/1", "text": "x" * (1 << 20)}, made="2026-11-22T11:00:00.000000Z")
    expect("a body above 1 MiB", s.send(big)[0] == 422)
    big = s.parcel(body={"schema": "hinomi.case/1", "text": "x" * ((1 << 20) - 100)})
    expect("one just below", s.words(big) == ["stored"])
    expect("as it was sent", s.stream()[-1] == big)
    expect("a long enrolment", desk.ask("POST", "/v1/enrol", b" " * 20000)[0] == 413)


def bombs(desk, s):
    post = lambda body, packing="gzip": desk.ask("POST", "/v1/parcels", body,
                                                 s.headers(**{"Content-Encoding": packing}))[0]
    before = memory(desk)
    bomb = gzip.compress(bytes(1 << 30), 9)
    expect("1 GiB of zeros in 1 MiB", len(bomb) < 2 * MIB and post(bomb) == 413)
    for _ in range(20):
        post(bomb)
    if b"__asan_init" not in pathlib.Path(desk.program).read_bytes():  # which keeps what was freed
        expect("costs what a batch may cost", memory(desk) < before + 40, (before, memory(desk)))
    expect("cut gzip", post(gzip.compress(b"{}" * 1000)[:-9]) == 400)
    expect("gzip with something behind", post(gzip.compress(b"{}") + b"x") == 400)
    expect("no gzip at all", post(b"\x1f\x8b garbage") == 400)
    expect("nothing", post(b"") == 400)
    expect("bare deflate", post(zlib.compress(b"{}")) == 400)
    expect("a packing nobody knows", post(b"{}", "br") == 415)


def half_open(desk, s):
    links = [socket.create_connection(("127.0.0.1", desk.port), timeout=10) for _ in range(300)]
    head = f"POST /v1/parcels HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {s.token}\r\nContent-Length: 4000000\r\n\r\n"
    for i, link in enumerate(links):
        link.sendall([b"", b"POST /v1/par", head.encode(), head.encode() + b"{" * 50000][i % 4])
    expect("300 that say half of it keep nobody out", s.words(s.parcel(key="meanwhile")) == ["stored"])
    for link in links:
        link.close()
    expect("and go away", s.words(s.parcel(key="after")) == ["stored"])
    link = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
    link.putrequest("POST", "/v1/parcels")
    for name, value in s.headers(**{"Transfer-Encoding": "chunked"}).items():
        link.putheader(name, value)
    link.endheaders()
    sent = 0
    try:
        while sent < 64 * MIB:
            link.send(b"10000\r\n" + b" " * 65536 + b"\r\n")
            sent += 65536
    except OSError:
        pass
    expect("a body without an end is cut off", sent < 64 * MIB, sent)
    link.close()


def garbage(desk, s):
    chance = random.Random(8)
    for data in (b"", b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100000,
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20000, b"\x16\x03\x01\x02\x00" + os.urandom(512)):
        raw(desk, data)
    for _ in range(200):
        raw(desk, chance.randbytes(chance.randrange(2000)))
    other = desk.enrol("office-garbled")
    good = json.dumps({"schema": "hinomi.batch/1", "sensor": other.name,
                       "parcels": [other.parcel(body={"schema": "hinomi.case/1", "n": i}) for i in range(3)]})
    seen = set()
    for _ in range(500):
        text = bytearray(good.encode())
        for _ in range(chance.randrange(1, 4)):
            text[chance.randrange(len(text))] = chance.randrange(256)
        status, _, reply = desk.ask("POST", "/v1/parcels", bytes(text), other.headers())
        seen.add(status)
        if status == 200:
            seen.update(r["status"] for r in reply["replies"])
    expect("changed batches are refused, one by one or whole", {200, 422, "rejected"} <= seen <=
           {200, 403, 413, 422, "rejected", "later", "duplicate", "stored"}, seen)
    expect("what of them was stored is genuine", set(map(json.dumps, other.stream())) <=
           set(map(json.dumps, json.loads(good)["parcels"])))
    before = len(s.stream())
    expect("the desk goes on", s.words(s.parcel(key="last")) == ["stored"] and len(s.stream()) == before + 1)


def usage(program):
    run = lambda *a: subprocess.run([program, *a], capture_output=True, text=True, timeout=20)
    done = run("--help")
    expect("--help", done.returncode == 0 and "--listen" in done.stdout)
    listen = ["--folder", "/nonexistent/desk", "--listen", "127.0.0.1:0", "--page", "127.0.0.1:0"]
    for what, arguments, code, says in (
            ("nothing", [], 2, "--folder"), ("an unknown option", ["--x"], 2, "--help"),
            ("no folder can be made", listen, 1, "/nonexistent/desk"),
            ("a page beyond loopback", [*listen[:5], "0.0.0.0:0"], 2, "--page-token"),
            ("a key alone", [*listen, "--key", "k"], 2, "--certificate"),
            ("a code for nobody", ["code", "--folder", "/tmp"], 2, "--office")):
        done = run(*arguments)
        expect(f"usage: {what}", done.returncode == code and says in done.stderr, done)


def beyond_loopback(program, folder):
    for listen, says in (("0.0.0.0:0", "TLS"), ("[::]:0", "TLS"), ("here:1", "an address"), ("127.0.0.1", "an address"),
                         ("127.0.0.1:99999", "an address")):
        done = subprocess.run([program, "--folder", folder, "--listen", listen, "--page", "127.0.0.1:0"],
                              capture_output=True, text=True, timeout=20)
        expect(f"no listening at {listen}", done.returncode == 1 and says in done.stderr, done)


def gifts(program, folder):
    for name, raw, says in (("policy.json", b"[1]", "policy.json"), ("policy.json", b'{"a":"\xff"}', "policy.json"),
                            ("authority.pem", b"\xff\xfe", "authority.pem"), ("policy.json", b"a\0b", "policy.json")):
        file = pathlib.Path(folder, name)
        file.write_bytes(raw)
        done = subprocess.run([program, "--folder", folder, "--listen", "127.0.0.1:0", "--page", "127.0.0.1:0"],
                              capture_output=True, text=True, timeout=20)
        expect(f"{name}: {raw!r}", done.returncode == 1 and says in done.stderr, done)
        file.unlink()


def main():
    usage(sys.argv[1])
    with Desk(sys.argv[1]) as desk:
        s = desk.enrol()
        for part in (sizes, bombs, half_open, garbage):
            part(desk, s)
        beyond_loopback(sys.argv[1], desk.folder)
        gifts(sys.argv[1], desk.folder)
    return 1 if desk_under_test.failures else 0


sys.exit(main())
