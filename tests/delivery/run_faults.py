#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cases on their way from an office to its rangers while everything fails: the line (refuses, hangs, is cut, lies, is
slow), the desk (killed, started again), the courier and the sensor's store (killed). At the end the desk holds
exactly what cases.db holds, its streams are whole, and nothing came twice under two numbers.

Usage: run_faults.py HINOMI COURIER DESK WRITE_CASES TEMPLATE [--cases N] [--revisions N] [--kills N] [--seed N]

TEMPLATE: a file whose first line is a case. The default is a run of a minute or so; the long one is
`--cases 10000 --kills 500`.
"""
import argparse
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from faulty_line import MODES, FaultyLine

PATIENCE = 180  # seconds for what is left, once all is well again


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def await_port(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody listens on port {port}")


def kill(process):
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


class Run:
    def __init__(self, options, folder):
        self.o, self.folder = options, folder
        self.random = random.Random(options.seed)
        self.state, self.courier_folder, self.desk_folder = (folder / name for name in ("state", "courier", "desk"))
        for path in (self.state, self.courier_folder, self.desk_folder):
            path.mkdir()
        self.port, self.page = free_port(), free_port()
        self.line = FaultyLine(self.port, options.seed)
        self.url = f"http://127.0.0.1:{self.line.port}/"
        self.config = folder / "hinomi.yaml"
        self.config.write_text(f"store:\n  folder: {self.state}\ncourier:\n  folder: {self.courier_folder}\n  user: ''\n"
                               f"  heartbeat: 10s\n  canary: 0s\n  size: 1G\nhttps:\n  url: {self.url}\n"
                               f"  secret: {self.courier_folder}/token\n")
        self.log = (folder / "log").open("w")
        self.kills = dict.fromkeys(("desk", "courier", "writer"), 0)
        self.faults = dict.fromkeys(MODES, 0)

    def start(self, *arguments, **more):
        return subprocess.Popen([str(a) for a in arguments], stderr=self.log, **more)

    def start_desk(self):
        self.desk = self.start(self.o.desk, "--folder", self.desk_folder, "--listen", f"127.0.0.1:{self.port}",
                               "--page", f"127.0.0.1:{self.page}", stdout=self.log)
        await_port(self.page, self.desk)

    def start_courier(self):
        self.courier = self.start(self.o.courier, "run", "--config", self.config, stdout=self.log)

    def start_writer(self):
        self.writer = self.start(self.o.writer, self.state, self.o.template, self.o.cases, self.o.revisions,
                                 self.o.pause, stdout=subprocess.DEVNULL)

    def enrol(self):
        code = subprocess.run([self.o.desk, "code", "--folder", self.desk_folder, "--office", "Office 7"],
                              capture_output=True, text=True, check=True).stdout.split()[-1]
        done = subprocess.run([self.o.courier, "enrol", "--config", self.config, "--url", self.url, "--code", code],
                              capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"enrolment: {done.stderr}")

    def one_fault(self):
        """Something breaks, for a moment."""
        what = self.random.choice(("line", "line", "courier", "courier", "writer", "writer", "desk"))
        if what == "line":
            mode = self.random.choice(MODES[1:])
            self.faults[mode] += 1
            self.line.mode = mode
            time.sleep(self.random.uniform(0, 0.3))
            self.line.mode = "up"
        elif what == "desk" and self.kills["desk"] < self.o.kills // 5:
            kill(self.desk)
            self.kills["desk"] += 1
            time.sleep(self.random.uniform(0, 0.2))
            self.start_desk()
        elif what == "courier":
            kill(self.courier)
            self.kills["courier"] += 1
            self.start_courier()
        elif what == "writer" and self.writer.poll() is None:
            kill(self.writer)
            self.kills["writer"] += 1
            self.start_writer()

    def produced(self):
        with sqlite3.connect(f"file:{self.state}/cases.db?mode=ro", uri=True, timeout=10) as db:
            return dict(db.execute("SELECT id, revision FROM cases"))

    def sensor(self):
        return json.loads(self.ask("/v1/desk/sensors"))["sensors"][0]["sensor"]

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page}{path}", timeout=60) as answer:
            return answer.read().decode()

    def stream(self):
        return self.ask(f"/v1/desk/stream?sensor={self.sensor()}")

    def held(self):
        """The latest revision of each case that the desk holds, and how often each (case, revision) came."""
        latest, seen = {}, {}
        for line in self.stream().splitlines():
            parcel = json.loads(line)
            if parcel["kind"] != "case":
                continue
            key, revision = parcel["key"], parcel["revision"]
            latest[key] = max(latest.get(key, 0), revision)
            seen.setdefault((key, revision), set()).add((parcel["stream"], parcel["sequence"]))
        return latest, [key for key, places in seen.items() if len(places) > 1]

    def settle(self):
        self.line.mode = "up"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for process, start in ((self.desk, self.start_desk), (self.courier, self.start_courier)):
                if process.poll() is not None:
                    start()
            if self.held()[0] == self.produced():
                return True
            time.sleep(1)
        return False

    def work(self):
        self.start_desk()
        self.enrol()
        self.start_writer()
        self.start_courier()
        while self.writer.poll() is None or min(self.kills["courier"], self.kills["writer"]) < self.o.kills:
            self.one_fault()
            time.sleep(self.random.uniform(0, 0.15))
            if self.writer.poll() is not None and self.kills["courier"] >= self.o.kills:
                break
            if self.writer.poll() not in (None, 0, -signal.SIGKILL):
                raise RuntimeError(f"the writer ended with {self.writer.returncode}")
        return self.settle()

    def verify(self):
        keys = json.loads(self.ask(f"/v1/desk/keys?sensor={self.sensor()}"))["keys"]
        stream = self.folder / "stream.jsonl"
        stream.write_text(self.stream())
        done = subprocess.run([self.o.hinomi, "verify", stream, "--key", ",".join(k["public_key"] for k in keys)],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def end(self):
        for name in ("writer", "courier", "desk"):
            if getattr(self, name, None):
                kill(getattr(self, name))
        self.line.close()
        self.log.close()


def main():
    parser = argparse.ArgumentParser()
    for name in ("hinomi", "courier", "desk", "writer", "template"):
        parser.add_argument(name, type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--revisions", type=int, default=3)
    parser.add_argument("--kills", type=int, default=15, help="of the courier, and of the writer, at least")
    parser.add_argument("--pause", type=int, default=3000, help="microseconds between two revisions")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        run = Run(options, pathlib.Path(name))
        try:
            is_settled = run.work()
            produced, (held, doubled) = run.produced(), run.held()
            code, said = run.verify()
            checks = (("all that was produced is held, and nothing else", is_settled and held == produced,
                       f"{len(held)} of {len(produced)} cases, {sum(held.get(k) != v for k, v in produced.items())} differ"),
                      ("nothing came under two numbers", not doubled, doubled[:3]),
                      ("the streams are whole", code == 0, said[-600:]))
            for what, is_so, shown in checks:
                bad += not is_so
                print(f"ok   {what}" if is_so else f"FAIL {what}: {shown}")
            print(f"{len(produced)} cases; killed: {run.kills}; the line's faults: {run.faults}; {said.strip().splitlines()[-1:]}")
        except Exception:
            run.log.flush()
            sys.stderr.write((run.folder / "log").read_text()[-3000:])
            raise
        finally:
            run.end()
        if bad:
            sys.stderr.write((run.folder / "log").read_text()[-3000:])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
