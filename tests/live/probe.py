# SPDX-License-Identifier: Apache-2.0
"""live_probe on the sensor's end of some wires, and who sends on the other."""
import contextlib
import json
import os
import pathlib
import queue
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from veth import FAR, NEEDS, SENSOR, Veth, end, makes_namespaces  # noqa: E402
from send_frames import ETHERTYPE, TAGS, frame  # noqa: E402,F401

SKIPPED = 77
PATIENCE = 30
SECONDS_MAX = 240
# Until a frame is handed over: two ticks of 100 ms, half a second for the merge, and slow machines.
SETTLE = 1.5
failures = 0


def expect(what, is_so, shown=""):
    global failures
    if not is_so:
        failures += 1
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


class Frame:
    def __init__(self, interface, time_ns, wire_len, link_type, data):
        self.interface, self.time = int(interface), int(time_ns)
        self.wire_len, self.link_type, self.data = int(wire_len), int(link_type), data

    def number(self):
        """Of send_frames.py; None for a frame of somebody else."""
        for tags in TAGS.values():
            at = 12 + len(tags)
            if self.data[12:at] == tags and self.data[at:at + 2] == struct.pack("!H", ETHERTYPE):
                return struct.unpack("!I", self.data[at + 2:at + 6])[0]
        return None


def ours(frames):
    return [frame for frame in frames if frame.number() is not None]


def numbers(frames):
    return [frame.number() for frame in ours(frames)]


class Probe:
    def __init__(self, net, *arguments, user=(), program=None):
        self.net, self.told, self.lines = net, [], queue.Queue()
        self.path = net.folder / f"frames-{len(net.processes)}"
        self.path.touch()
        self.path.chmod(0o666)
        self.process = net.popen(SENSOR, *user, program or PROBE, "--frames", self.path, *arguments,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def await_(self, kind, interface=None, patience=PATIENCE):
        """The next event of that kind; those before it are passed over."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                event = self.lines.get(timeout=0.2)
                if event is None:
                    return None
                self.told.append(event)
                if event["event"] == kind and interface in (None, event.get("interface")):
                    return event
        return None

    def order(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def stats(self):
        self.order("stats")
        return self.await_("stats")

    def stop(self):
        """Its last words; the frames are in `frames`, what went wrong in `code` and `complaint`."""
        self.process.stdin.close()
        stats = self.await_("stats")
        self.code = self.process.wait(PATIENCE)
        self.complaint = self.process.stderr.read()
        self.frames = []
        for line in self.path.read_text().splitlines():
            *fields, data = line.split(" ")
            self.frames.append(Frame(*fields, bytes.fromhex(data)))
        return stats


def send(net, interface, first, count, rate=2000, tagged="", side=FAR):
    net.run(side, sys.executable, str(HERE / "send_frames.py"), interface, str(first), str(count),
            str(rate), *([tagged] if tagged else []), seconds=SECONDS_MAX)


class Tcpdump:
    """A capture by tcpdump, in nanoseconds."""

    def __init__(self, net, side, interface, *options):
        self.path = net.folder / f"{side}-{interface}-{len(net.processes)}.pcap"
        self.process = net.start(side, "tcpdump", "-Z", "root", "-n", "-U", "-B", "32768", "-i", interface,
                                 "--time-stamp-precision=nano", *options, "-w", str(self.path))
        for _ in range(PATIENCE * 10):
            if self.path.exists() and self.path.stat().st_size >= 24:
                break
            time.sleep(0.1)

    def frames(self, interface=0):
        end(self.process, signal.SIGINT, PATIENCE)
        data, at, found = self.path.read_bytes(), 24, []
        magic, *_, link_type = struct.unpack("<IHHiIII", data[:24])
        assert magic == 0xA1B23C4D
        while at + 16 <= len(data):
            seconds, fraction, captured, wire_len = struct.unpack("<IIII", data[at:at + 16])
            found.append(Frame(interface, seconds * 10**9 + fraction, wire_len, link_type,
                               data[at + 16:at + 16 + captured]))
            at += 16 + captured
        return found


def same(one, other):
    def plain(frames):
        return [(f.interface, f.time, f.wire_len, f.link_type, f.data) for f in frames]
    return plain(one) == plain(other)


def raise_out_of_time(*_):
    raise TimeoutError("stopped by its time limit or by a signal")


def main(tests, build=lambda: Veth("live")):
    """tests: functions of what `build` makes, by name. Arguments: PROBE [NAME...]."""
    global PROBE
    PROBE = os.path.abspath(sys.argv[1])
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [program for program in NEEDS if not shutil.which(program)]
    if os.geteuid() != 0 or missing:
        print("skipped: network namespaces need root" if not missing else
              f"skipped: missing {' '.join(missing)}")
        sys.exit(SKIPPED)
    if not makes_namespaces():
        print("skipped: this machine makes no network namespaces")
        sys.exit(SKIPPED)
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_out_of_time)
    for test in tests:
        if sys.argv[2:] and test.__name__.removeprefix("test_") not in sys.argv[2:]:
            continue
        print(f"-- {test.__name__}", flush=True)
        net = build()
        signal.alarm(SECONDS_MAX)
        try:
            test(net)
        finally:
            signal.alarm(0)
            net.close()
        expect("its programs ran", not net.complaints, net.complaints)
    sys.exit(1 if failures else 0)
