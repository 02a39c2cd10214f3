#!/usr/bin/env python3
"""Kills a program that writes cases.db at random moments: what it said was written is there.

Usage: run_kill.py CHILD [SECONDS]
"""
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

CHILD = sys.argv[1]
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 20
LEAST_KILLS = 100
PATIENCE = 30
# Rows that later ones took the place of: so many may stay, and as many as there are keys.
OUTDATED = 4096
# Of the child's store.contacts.
CONTACT_BYTES = 1 << 20


def live(folder, life, pause):
    """The lines that a life said until it was killed, whole lines only."""
    child = subprocess.Popen([CHILD, folder, str(life)], stdout=subprocess.PIPE)
    try:
        head = []
        # Without buffering ahead: the rest is read when it is dead.
        while not head or not head[-1].startswith(b"ready"):
            line = child.stdout.readline()
            if not line:
                break
            head.append(line)
        # A pipe that is full would hold the child back.
        os.set_blocking(child.stdout.fileno(), False)
        until = time.monotonic() + pause
        body = b""
        while time.monotonic() < until:
            body += child.stdout.read() or b""
            time.sleep(0.002)
    finally:
        child.send_signal(signal.SIGKILL)
        status = child.wait(PATIENCE)
    os.set_blocking(child.stdout.fileno(), True)
    body += child.stdout.read() or b""
    child.stdout.close()
    assert status == -signal.SIGKILL, f"life {life} ended by itself with {status}: {head[-3:]}"
    return [line.decode().split() for line in head + body.splitlines(keepends=True) if line.endswith(b"\n")]


def check(lines, acknowledged):
    """What a life found against what those before it were told."""
    found = {line[1]: int(line[2]) for line in lines if line[0] == "found"}
    for case, revision in acknowledged.items():
        assert found.get(case, 0) >= revision, f"{case}: {revision} was acknowledged, found {found.get(case)}"
    notes = [line for line in lines if line[0] == "note"]
    assert not notes, f"not clean: {notes}"
    ready = [line for line in lines if line[0] == "ready"]
    assert len(ready) == 1 and ready[0][2:] == ["0", "0", "0"], f"rows damaged, forgotten or refused: {ready}"
    for line in lines:
        if line[0] == "ack":
            revision = int(line[2])
            assert revision > acknowledged.get(line[1], 0), f"{line}: not after {acknowledged.get(line[1])}"
            acknowledged[line[1]] = revision
    return int(ready[0][1])


def is_whole(folder):
    """As another program sees it, the log included."""
    connection = sqlite3.connect(pathlib.Path(folder, "cases.db"))
    answer = connection.execute("PRAGMA quick_check").fetchall()
    keys = connection.execute("SELECT count(*), count(DISTINCT key) FROM kept").fetchone()
    odd, blocks = connection.execute("SELECT coalesce(sum(size != length(bytes)), 0), coalesce(sum(size), 0) "
                                     "FROM contacts").fetchone()
    connection.close()
    assert odd == 0 and blocks <= CONTACT_BYTES, f"{odd} blocks of contacts are odd, {blocks} bytes in all"
    assert answer == [("ok",)], answer
    assert keys[0] <= 2 * keys[1] + OUTDATED, f"outdated rows are not swept out: {keys}"


def main():
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    acknowledged, kills, rows = {}, 0, 0
    with tempfile.TemporaryDirectory(prefix="hinomi-kill-") as folder:
        until = time.monotonic() + SECONDS
        try:
            while time.monotonic() < until or kills < LEAST_KILLS:
                # From before it has begun to well into its work.
                pause = chance.choice((0, 0.005, 0.02, 0.08)) * chance.random() * 2
                lines = live(folder, kills, pause)
                rows = check(lines, acknowledged)
                kills += 1
                if kills % 16 == 0:
                    is_whole(folder)
            is_whole(folder)
        except AssertionError as failure:
            print(f"FAIL after {kills} kills, seed {seed}: {failure}")
            return 1
    total = sum(acknowledged.values())
    print(f"{kills} kills, last revisions acknowledged {acknowledged}, {rows} kept rows")
    if not total or not rows:
        print("FAIL: nothing was ever written")
        return 1
    return 0


sys.exit(main())
