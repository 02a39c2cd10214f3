#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Single faults of the way from an office to its rangers, with the real programs: a desk put back to an older copy,
items that nobody can take, a full disk, a clock that jumps, 72 hours without a line, tokens and certificates that
do not hold for a while; and how fast things are when all is well. Each scene ends with all that was produced held
once, in whole streams.

Usage: run_scenes.py HINOMI COURIER DESK WRITE_CASES TEMPLATE [SCENE]...
"""
import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from run_faults import kill
from scene import Scene, Skipped, claim, wait_for

HERE = pathlib.Path(__file__).parent
YEAR = 365 * 86400
LATENCY_MOST = 5.0
HOURS_CUT, BEATS_OF_A_DAY = 72, 288


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def desk_put_back(s):
    """The desk loses what it had stored: its folder is an older copy's."""
    s.begin()
    s.write(60)
    s.all_held(60)
    s.stop_desk()
    shutil.copytree(s.desk_folder, s.folder / "copy")
    s.start_desk()
    s.write(120)
    s.all_held(120, 90)
    kill(s.desk)
    shutil.rmtree(s.desk_folder)
    shutil.copytree(s.folder / "copy", s.desk_folder)
    s.start_desk()
    claim("the copy holds less", s.case_count() == 60, s.case_count())
    s.restart_courier()
    s.write(130)
    s.all_held(130, 90)
    claim("it was said", s.log_says("holds less than it had acknowledged"))
    s.is_sorted = True
    s.check()
    s.say("60 of 120 cases lost at the desk, sent again when its heads showed it")


def add_row(s, key, text):
    with sqlite3.connect(f"{s.state}/cases.db", timeout=10) as db:
        db.execute("INSERT INTO cases SELECT ?1, 1, opened, changed, 2, 0, ?2, record FROM cases LIMIT 1", (key, text))


def poison(s):
    """Rows that are no case; one that only the desk refuses."""
    large = json.loads(pathlib.Path(s.o.template).read_text().splitlines()[0])
    large["cause"] = "x" * (2 << 20)
    bad = {"not-json": "{\"schema\":", "too-large": json.dumps(large), "no-utf8": b"{\"schema\":\"hinomi.case/1\",\"id\":\"\xff\"}",
           "of-no-kind": "{\"schema\":\"hinomi.other/1\",\"id\":\"of-no-kind\",\"rev\":1}"}
    s.begin()
    s.write(20)
    for key, text in bad.items():
        add_row(s, key, text)
    s.write(60)
    s.all_held(60)
    wait_for("what the desk refused is told to it", lambda: s.at_desk("SELECT body FROM set_aside"))
    told = [json.loads(row[0]) for row in s.at_desk("SELECT body FROM set_aside")]
    claim("one was set aside, with its reason", [t["code"] for t in told] == ["bad_body"], told)
    for key in ("not-json", "too-large", "no-utf8"):
        claim(f"{key} is left out, and it is said", s.log_says(f"case {key} cannot be delivered"))
    for stream, head, highest in s.at_desk("SELECT stream, sequence, highest FROM streams"):
        claim("a refused body leaves no gap", head == highest, (stream, head, highest))
    claim("nothing is sent again for it", not s.log_says("holds less"))
    s.check(strangers=bad)
    s.say(f"set aside: {told[0]['code']}; left out: 3; 60 others held")


def disk_full(s):
    """The disk of courier.folder is full for a while."""
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", s.courier_folder],
                                           capture_output=True).returncode:
        raise Skipped("mounting a small disk needs root")
    try:
        s.begin()
        s.line.mode = "refuse"
        s.write(1500)
        wait_for("the disk is full", lambda: s.log_says("courier.db cannot be written") or s.log_says("courier.db is full"))
        s.restart_courier()
        time.sleep(1)
        subprocess.run(["mount", "-o", "remount,size=128m", s.courier_folder], check=True)
        s.line.mode = "up"
        s.restart_courier()
        s.all_held(1500, 90)
        s.check()
        s.say("1,500 cases past a disk of 4 MB, killed while it was full")
    finally:
        kill(s.courier)
        subprocess.run(["umount", s.courier_folder], check=True)


def odd_clock(s):
    """The courier gets a clock that can be put wrong and made fast."""
    library = s.folder / "odd_clock.so"
    if not shutil.which("cc"):
        raise Skipped("needs a C compiler")
    subprocess.run(["cc", "-std=gnu17", "-shared", "-fPIC", "-O1", "-o", library, HERE / "odd_clock.c", "-ldl"], check=True)
    s.clock = s.folder / "clock"
    s.clock.write_bytes(struct.pack("qq", 0, 1))
    s.environment = {"LD_PRELOAD": str(library), "HINOMI_CLOCK": str(s.clock), "ASAN_OPTIONS": "verify_asan_link_order=0"}


def set_clock(s, off, speed):
    with s.clock.open("r+b") as file:
        file.write(struct.pack("qq", off, speed))


def clock_jumps(s):
    """The wall clock of the courier goes a year ahead and two back, with cases on the way."""
    odd_clock(s)
    s.begin()
    written = 0
    for off in (0, YEAR, -YEAR, 0):
        set_clock(s, off, 1)
        written += 40
        s.write(written)
        s.all_held(written)
    made = [json.loads(row[0])["made"][:4] for row in s.at_desk("SELECT raw FROM parcels WHERE kind=0 ORDER BY number")]
    claim("the clock did jump", len(set(made)) == 3, set(made))
    claim("nothing waits", not s.in_outbox("SELECT 1 FROM heads h JOIN places p ON p.stream=h.stream WHERE p.sequence<h.sequence"))
    s.check()
    s.say(f"made in the years {sorted(set(made))}, in order and acknowledged")


def urgent_amid_backlog(s):
    """A case of priority 1 while 5,000 others go out over a slow line."""
    s.begin()
    s.line.mode = "refuse"
    s.write(5000)
    wait_for("the backlog is in the outbox", lambda: s.in_outbox("SELECT coalesce(sum(sequence), 0) FROM heads WHERE stream<2")[0][0] >= 5000)
    s.line.mode = "slow"
    s.restart_courier()
    wait_for("the urgent ones of the backlog are held", lambda: s.at_desk("SELECT 1 FROM streams WHERE stream=0 AND sequence=500"), 60)
    wait_for("the rest is on its way", lambda: s.at_desk("SELECT 1 FROM streams WHERE stream=1 AND sequence>=64"), 60)
    s.write(5001)
    began = time.monotonic()
    wait_for("the new one is held", lambda: s.at_desk("SELECT 1 FROM streams WHERE stream=0 AND sequence=501"))
    took = time.monotonic() - began
    before = s.at_desk("SELECT sequence FROM streams WHERE stream=1")[0][0]
    claim("it did not wait for the rest", before < 4000, before)
    s.line.mode = "up"
    s.restart_courier()
    s.all_held(5001, 90)
    s.check()
    s.say(f"held {took:.1f} s after it was on the disk; {before} of 4,500 others were")


def latency(s):
    """From cases.db to the desk's disk, the line being up."""
    s.begin()
    s.write(1)
    s.all_held(1)
    put, held = {}, {}
    writer = s.start(s.o.writer, s.state, s.o.template, 201, 1, 25000, stdout=subprocess.PIPE, text=True)
    s.writer = writer

    def read():
        for line in writer.stdout:
            if line.startswith("put "):
                put[line.split()[1]] = time.monotonic()

    reader = threading.Thread(target=read)
    reader.start()
    number, until = 0, time.monotonic() + 60
    while len(held) < 201 and time.monotonic() < until:
        for row, key in s.at_desk("SELECT number, key FROM parcels WHERE number>? AND kind=0 ORDER BY number", number):
            number = row
            held.setdefault(key, time.monotonic())
        time.sleep(0.02)
    reader.join()
    writer.wait()
    claim("200 were put one by one", len(put) == 200, len(put))
    claim("all are held", len(held) == 201, len(held))
    times = [max(0, held[key] - when) for key, when in put.items()]
    p50, p95, most = percentile(times, 0.5), percentile(times, 0.95), max(times)
    claim("95 of 100 within 5 s", p95 <= LATENCY_MOST, p95)
    s.check()
    s.say(f"p50 {p50:.2f} s, p95 {p95:.2f} s, longest {most:.2f} s")


def line_cut(s):
    """72 hours without a line, by a clock that goes 20,000 times as fast; the courier beats each five minutes."""
    odd_clock(s)
    s.config.write_text(s.config.read_text().replace("heartbeat: 10s", "heartbeat: 5m"))
    s.begin()
    s.write(20)
    s.all_held(20)
    beats = lambda: s.in_outbox("SELECT sequence FROM heads WHERE stream=2")[0][0]
    before, wanted = beats(), HOURS_CUT * BEATS_OF_A_DAY // 24
    s.line.mode = "refuse"
    set_clock(s, 0, 20000)
    s.write(520)
    wait_for("the heartbeats of 72 hours", lambda: beats() - before >= wanted, 120)
    set_clock(s, 0, 1)
    gathered = beats() - before
    s.line.mode = "up"
    s.restart_courier()
    s.all_held(520, 90)
    wait_for("the heartbeats are held", lambda: s.at_desk("SELECT 1 FROM streams WHERE stream=2 AND sequence>=?", before + gathered))
    s.check()
    s.say(f"{gathered} heartbeats and 500 cases gathered, all held once")


def token_revoked(s):
    """The desk denies the token for a while."""
    token = s.courier_folder / "token"
    s.begin()
    s.write(20)
    s.all_held(20)
    good = token.read_bytes()
    token.write_bytes(b"wrong" * 8 + b"\n")
    s.restart_courier()
    s.write(60)
    time.sleep(3)
    claim("nothing came in", s.case_count() == 20, s.case_count())
    claim("nothing was set aside", not s.in_outbox("SELECT 1 FROM aside"))
    token.write_bytes(good)
    s.all_held(60, 40)
    s.check()
    s.say("40 cases waited, without a restart of the courier")


def openssl(s, *words):
    subprocess.run(["openssl", *words], cwd=s.folder, check=True, capture_output=True, timeout=60)


def sign(s, name, days):
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not (s.folder / "ca.pem").exists():
        openssl(s, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=rangers")
    openssl(s, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=desk")
    (s.folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(s, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days,
            "-extfile", "ext", "-out", f"{name}.pem")
    s.desk_words = ("--certificate", s.folder / f"{name}.pem", "--key", s.folder / f"{name}.key")


def certificate_expired(s):
    """The desk's certificate runs out, and is renewed."""
    if not shutil.which("openssl"):
        raise Skipped("needs openssl")
    s.url = s.url.replace("http:", "https:")
    s.config.write_text(s.config.read_text().replace("http:", "https:") + f"  authority: {s.folder}/ca.pem\n")
    sign(s, "good", "2")
    shutil.copy(s.folder / "ca.pem", s.desk_folder / "authority.pem")
    s.begin()
    s.write(20)
    s.all_held(20)
    s.stop_desk()
    sign(s, "old", "-1")
    s.start_desk()
    s.restart_courier()
    s.write(60)
    wait_for("it is said", lambda: s.log_says("has expired"))
    claim("nothing came in", s.case_count() == 20, s.case_count())
    s.stop_desk()
    sign(s, "new", "2")
    s.start_desk()
    s.all_held(60, 40)
    s.check()
    s.say("40 cases waited for the new certificate, without a restart of the courier")


SCENES = (desk_put_back, poison, disk_full, clock_jumps, urgent_amid_backlog, latency, line_cut, token_revoked, certificate_expired)


def play(scene, options):
    """One line of what came of it; True when it failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="scenes-") as name:
        s = Scene(options, pathlib.Path(name))
        is_bad = False
        try:
            scene(s)
            print(f"ok   {scene.__name__}: {s.said} ({time.monotonic() - began:.0f} s)", flush=True)
        except Skipped as why:
            print(f"skipped {scene.__name__}: {why}", flush=True)
        except Exception as why:
            is_bad = True
            s.log.flush()
            print(f"FAIL {scene.__name__}: {why!r}\n{(s.folder / 'log').read_text(errors='replace')[-2500:]}", flush=True)
        finally:
            s.end()
    return is_bad


def main():
    parser = argparse.ArgumentParser()
    for name in ("hinomi", "courier", "desk", "writer", "template"):
        parser.add_argument(name, type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(scene.__name__ for scene in SCENES))
    options = parser.parse_args()
    options.seed = 1
    chosen = [scene for scene in SCENES if not options.scenes or scene.__name__ in options.scenes]
    return 1 if sum([play(scene, options) for scene in chosen]) else 0


if __name__ == "__main__":
    sys.exit(main())
