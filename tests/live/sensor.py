# SPDX-License-Identifier: Apache-2.0
"""`hinomi watch` on the sensor's end of some wires, and captures replayed on the other."""
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time

import probe
from probe import FAR, PATIENCE, SENSOR, Tcpdump, expect  # noqa: F401

TESTS = probe.HERE.parent
GOLDEN = TESTS / "golden"
USER = pwd.getpwnam("nobody")


class Sensor:
    """Ready when it is made: it said so to the socket that a service manager would give it."""

    def __init__(self, net, *arguments, interfaces=("cap0",), state="state", ready=True, side=SENSOR):
        self.net, self.hinomi = net, probe.PROBE
        self.state = net.folder / state
        self.state.mkdir(exist_ok=True)
        if self.state.stat().st_uid != USER.pw_uid:  # else it may be on a disk that takes no writes
            os.chown(self.state, USER.pw_uid, USER.pw_gid)
        self.out, self.err = (net.folder / f"{word}-{len(net.processes)}" for word in ("out", "err"))
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = net.folder / f"notify-{len(net.processes)}"
        self.manager.bind(str(path))
        path.chmod(0o777)
        self.manager.settimeout(PATIENCE)
        self.said = []
        named = [word for name in interfaces for word in ("-i", name)]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = net.popen(side, self.hinomi, "watch", *named, "--state", self.state,
                                     "--user", USER.pw_name, *arguments, stdout=out, stderr=err,
                                     env={**os.environ, "NOTIFY_SOCKET": str(path)})
        if ready:
            expect("ready", self.hears("READY=1"), self.log())

    def hears(self, word, patience=PATIENCE):
        """Whether the service manager is told `word`; what it is told before is kept."""
        until = time.monotonic() + patience
        while time.monotonic() < until and self.process.poll() is None:
            self.manager.settimeout(0.5)
            try:
                self.said.append(self.manager.recv(4096).decode())
            except TimeoutError:
                continue
            if word in self.said[-1].split("\n"):
                return True
        return False

    def log(self):
        return self.err.read_text(errors="replace")

    def awaits(self, words, patience=PATIENCE, where=None):
        """Whether the log, or another file, comes to hold `words`."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if words in (where or self.err).read_text(errors="replace"):
                return True
            time.sleep(0.1)
        return False

    def cases(self):
        """What was told of cases so far, when --json was given."""
        lines = [json.loads(line) for line in self.out.read_text().splitlines()]
        return [line for line in lines if line["schema"] == "hinomi.case/1"]

    def signal(self, number):
        os.kill(self.pid(), number)

    def pid(self):
        """Of the sensor itself: `ip netns exec` becomes the program."""
        return self.process.pid

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.process.wait(PATIENCE)


def replay(net, capture, *options, interface="far0"):
    """Sends a capture's frames at the sensor: once, bounded in time."""
    net.run(FAR, "tcpreplay", "--quiet", "-i", interface, *options, str(capture), seconds=probe.SECONDS_MAX)


def read(hinomi, *arguments):
    """With capsules, which a live sensor always makes, and counts."""
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([hinomi, "read", "--quiet", "--capsules", folder, *map(str, arguments)], check=True,
                              capture_output=True).stdout


def golden(name):
    (capture,) = (GOLDEN / name).glob("capture.pcap*")
    return capture


def plain(net, name):
    """A golden capture as tcpreplay reads it: unpacked, one link type."""
    source, target = golden(name), net.folder / f"{name}.pcap"
    if source.suffix in (".gz", ".zst"):
        tool = {".gz": "gzip", ".zst": "zstd"}[source.suffix]
        with target.open("wb") as out:
            subprocess.run([tool, "-dc", str(source)], stdout=out, check=True)
        return target
    return source


def main(tests, **options):
    probe.NEEDS = (*probe.NEEDS, "tcpreplay")
    sys.stdout.reconfigure(line_buffering=True)
    probe.main(tests, **options)
