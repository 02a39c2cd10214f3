# SPDX-License-Identifier: Apache-2.0
"""What a scene is made of: a fault run's folders and programs, moved step by step."""
import json
import os
import sqlite3
import subprocess
import time

from run_faults import Run, await_port, kill


class Skipped(Exception):
    pass


def claim(what, is_so, shown=""):
    if not is_so:
        raise AssertionError(f"{what}: {shown}")


def wait_for(what, is_so, seconds=60):
    until = time.monotonic() + seconds
    while not is_so():
        claim(f"{what}, within {seconds} s", time.monotonic() < until)
        time.sleep(0.02)


class Scene(Run):
    """What a scene does step by step, on top of a fault run's folders and programs."""

    environment = None
    desk_words = ()
    is_sorted = False

    def say(self, what):
        self.said = what

    def begin(self):
        self.start_desk()
        self.enrol()
        self.start_courier()

    def start_courier(self):
        self.courier = self.start(self.o.courier, "run", "--config", self.config, stdout=self.log,
                                  env={**os.environ, **(self.environment or {})})

    def start_desk(self):
        self.desk = self.start(self.o.desk, "--folder", self.desk_folder, "--listen", f"127.0.0.1:{self.port}",
                               "--page", f"127.0.0.1:{self.page}", *self.desk_words, stdout=self.log)
        await_port(self.page, self.desk)

    def restart_courier(self):
        kill(self.courier)
        self.start_courier()

    def stop_desk(self):
        self.desk.terminate()
        self.desk.wait()

    def write(self, cases, pause=0):
        """All cases up to that number are on the sensor's disk."""
        subprocess.run([self.o.writer, self.state, self.o.template, str(cases), "1", str(pause)], check=True,
                       stdout=subprocess.DEVNULL, stderr=self.log, timeout=120)

    def query(self, path, sql, *words):
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, words).fetchall()
        finally:
            db.close()

    def at_desk(self, sql, *words):
        return self.query(f"{self.desk_folder}/desk.db", sql, *words)

    def in_outbox(self, sql, *words):
        return self.query(f"{self.courier_folder}/courier.db", sql, *words)

    def case_count(self):
        return self.at_desk("SELECT count(DISTINCT key) FROM parcels WHERE kind=0 AND refused IS NULL")[0][0]

    def all_held(self, cases, seconds=60):
        wait_for(f"all {cases} cases are held", lambda: self.case_count() == cases, seconds)

    def log_says(self, text):
        self.log.flush()
        return text in (self.folder / "log").read_text(errors="replace")

    def stream(self):
        """In order where a scene says so: what a desk lost comes behind later ones."""
        lines = super().stream().splitlines()
        if self.is_sorted:
            lines.sort(key=lambda line: (json.loads(line)["stream"], json.loads(line)["sequence"]))
        return "".join(line + "\n" for line in lines)

    def check(self, strangers=()):
        """Received = produced, nothing under two numbers, whole streams."""
        produced = {key: revision for key, revision in self.produced().items() if key not in strangers}
        held, doubled = self.held()
        held = {key: revision for key, revision in held.items() if key not in strangers}
        claim("all that was produced is held, and nothing else", held == produced, f"{len(held)} of {len(produced)}")
        claim("nothing came under two numbers", not doubled, doubled[:3])
        code, said = self.verify()
        claim("the streams are whole", code == 0, said[-600:])
