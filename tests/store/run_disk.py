#!/usr/bin/env python3
"""A disk that is full, that is read-only at the start, that fails under the store: it is survived and said.

Mounts file systems of its own in a mount namespace of its own, so it needs root.

Usage: run_disk.py CHILD
"""
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CHILD = sys.argv[1]
PATIENCE = 60
MANY_CASES = 2048
SKIPPED = 77

failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


class Life:
    """The child, and what it says as it says it."""

    running = []

    def __init__(self, folder, *arguments):
        self.child = subprocess.Popen([CHILD, folder, *map(str, arguments)], stdout=subprocess.PIPE)
        Life.running.append(self.child)
        os.set_blocking(self.child.stdout.fileno(), False)
        self.rest = b""
        self.found, self.acknowledged, self.notes, self.is_ready = {}, {}, [], False

    def take(self):
        select.select([self.child.stdout], [], [], 0.05)
        self.rest += self.child.stdout.read() or b""
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            word, *others = line.decode().split(" ")
            if word == "found":
                self.found[others[0]] = int(others[1])
            elif word == "ack":
                self.acknowledged[others[0]] = int(others[1])
            elif word == "note":
                self.notes.append(" ".join(others))
            elif word == "ready":
                self.is_ready = True

    def until(self, condition):
        """Whether it comes to that while the child lives."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.child.poll() is None:
            self.take()
            if condition():
                return True
        return False

    def has_note(self, *words):
        return any(all(word in note for word in words) for note in self.notes)

    def last(self):
        return max(self.acknowledged.values(), default=0)

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait(PATIENCE)
        self.take()
        self.child.stdout.close()


def mount(*arguments):
    return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


def fill(path):
    filler = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(filler, b"x" * 4096)
    except OSError:
        os.close(filler)


def expect_all_there(what, folder, acknowledged):
    life = Life(folder, 99)
    life.until(lambda: life.is_ready)
    life.kill()
    lost = {case: revision for case, revision in acknowledged.items() if life.found.get(case, 0) < revision}
    expect(what, life.is_ready and acknowledged and not lost, (life.notes, life.found, lost))


def full(base):
    folder = pathlib.Path(base, "full")
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=48m", "none", folder):
        print("skipped: no tmpfs can be mounted")
        return
    life = Life(folder, 1, MANY_CASES)
    life.until(lambda: life.last() > 100)
    fill(folder / "filler")
    expect("a full disk is said", life.until(lambda: life.has_note("no room for", "the disk is full")), life.notes)
    time.sleep(2)
    life.take()
    expect("the sensor goes on", life.child.poll() is None)
    before = life.last()
    (folder / "filler").unlink()
    expect("it is written again", life.until(lambda: life.has_note("is written again")), life.notes)
    expect("cases go on", life.until(lambda: life.last() > before + 50), (before, life.last()))
    life.kill()
    expect_all_there("all that was acknowledged is there", folder, life.acknowledged)


def read_only(base):
    folder = pathlib.Path(base, "read_only")
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=48m", "none", folder):
        print("skipped: no tmpfs can be mounted")
        return
    first = Life(folder, 1)
    first.until(lambda: first.last() > 20)
    first.kill()
    expect("the disk is read-only now", mount("-o", "remount,ro", folder))
    life = Life(folder, 2)
    expect("a read-only disk is said", life.until(lambda: life.has_note("the disk is read-only")), life.notes)
    expect("what it holds is read", life.until(lambda: life.is_ready)
           and all(life.found.get(case, 0) >= r for case, r in first.acknowledged.items()), life.found)
    time.sleep(0.5)
    life.take()
    expect("the sensor goes on, nothing is acknowledged", life.child.poll() is None and not life.acknowledged)
    life.kill()
    mount("-o", "remount,rw", folder)
    expect_all_there("nothing was lost", folder, first.acknowledged)


def failing(base):
    folder, image = pathlib.Path(base, "failing"), pathlib.Path(base, "image")
    folder.mkdir()
    with open(image, "wb") as out:
        out.truncate(48 << 20)
    if not shutil.which("mkfs.ext4") or subprocess.run(["mkfs.ext4", "-q", "-F", image]).returncode != 0 or not mount(
            "-o", "loop,errors=remount-ro", image, folder):
        print("skipped: no loop device with ext4 can be mounted")
        return
    device = subprocess.run(["findmnt", "-no", "SOURCE", folder], capture_output=True, text=True).stdout.strip()
    trigger = pathlib.Path("/sys/fs/ext4", pathlib.Path(device).name, "trigger_fs_error")
    if not trigger.exists():
        print("skipped: this kernel's ext4 cannot be made to fail")
        return
    life = Life(folder, 1)
    life.until(lambda: life.last() > 20)
    # ext4 says of a sync under way that it is done when an error has made it read-only: what counts is from before.
    life.child.send_signal(signal.SIGSTOP)
    time.sleep(0.3)
    life.take()
    before = dict(life.acknowledged)
    trigger.write_text("1")
    life.child.send_signal(signal.SIGCONT)
    expect("a failing disk is said", life.until(
        lambda: life.has_note("cannot be written") or life.has_note("is read-only")), life.notes)
    time.sleep(1)
    life.take()
    expect("the sensor goes on", life.child.poll() is None)
    life.kill()
    subprocess.run(["umount", folder])
    subprocess.run(["e2fsck", "-fy", image], capture_output=True)
    if mount("-o", "loop", image, folder):
        expect_all_there("what was acknowledged before is there", folder, before)


def main():
    if os.geteuid() != 0:
        print("skipped: mounting needs root")
        return SKIPPED
    if "HINOMI_OWN_MOUNTS" not in os.environ:
        if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            print("skipped: this machine gives no mounts of one's own")
            return SKIPPED
        os.environ["HINOMI_OWN_MOUNTS"] = "yes"
        done = subprocess.run(["unshare", "-m", sys.executable, *sys.argv], timeout=10 * PATIENCE)
        return done.returncode
    with tempfile.TemporaryDirectory(prefix="hinomi-disk-") as base:
        for scene in (full, read_only, failing):
            try:
                scene(base)
            finally:
                for child in Life.running:
                    child.kill()
                    child.wait(PATIENCE)
                subprocess.run(["umount", pathlib.Path(base, scene.__name__)], capture_output=True)
    return 1 if failures else 0


sys.exit(main())
