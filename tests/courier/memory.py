# SPDX-License-Identifier: Apache-2.0
"""What a courier remembers, for tests to look at: its courier.db, or the files of fake_outbox.c."""
import contextlib
import json
import sqlite3

STREAMS = ("urgent", "routine", "pulse", "evidence")
KINDS = ("case", "health", "heartbeat", "canary", "capsule", "answer", "set_aside")


class Memory:
    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "courier.db"

    def ask(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.file)) as db, db:
            return db.execute(sql, values).fetchall()

    def note(self, name):
        if self.file.exists():
            rows = self.ask("SELECT value FROM notes WHERE name=?", name)
            return rows[0][0] if rows else ""
        path = self.folder / f"note.{name}"
        return path.read_text() if path.exists() else ""

    def set_note(self, name, value):
        if self.file.exists():
            self.ask("INSERT OR REPLACE INTO notes(name, value) VALUES(?,?)", name, value)
        else:
            (self.folder / f"note.{name}").write_text(value)

    def key(self):
        """The public key in use, as hex."""
        if self.file.exists():
            return self.ask("SELECT public FROM keys WHERE in_use=1")[0][0].hex()
        return (self.folder / "keys").read_bytes()[8:40].hex()

    def put(self):
        """What was put, as (stream, kind, key, revision, body)."""
        if self.file.exists():
            rows = self.ask("SELECT id, kind, key, revision, body FROM parcels ORDER BY id")
            return [(STREAMS[i >> 56], KINDS[kind], key, str(revision), json.loads(body))
                    for i, kind, key, revision, body in rows]
        path = self.folder / "put"
        rows = [line.split(" ", 4) for line in path.read_text().splitlines()] if path.exists() else []
        return [(*row[:4], json.loads(row[4])) for row in rows]
