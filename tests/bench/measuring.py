"""How a program is measured: instructions by callgrind, CPU seconds and peak memory by the kernel."""
import dataclasses
import pathlib
import re
import statistics
import subprocess
import sys

VALGRIND = "valgrind"
LAST_BYTES = 8192


@dataclasses.dataclass
class Usage:
    cpu: float
    wall: float
    peak_kib: int
    finished: bool


class Meter:
    """Runs commands in `folder`, each for at most `seconds`. Output goes to a file there, as a log would."""

    def __init__(self, folder, build, seconds):
        self.folder, self.seconds = pathlib.Path(folder), seconds
        self.launcher = build / "tests" / "bench_measure"
        self.empty = self.folder / "empty.pcap"
        self.start_up = {}

    def usage(self, command, seconds=None):
        """CPU, wall and peak memory; `finished` is false when it failed or took too long."""
        result = self.folder / "usage"
        seconds = int(seconds or self.seconds)
        with open(self.folder / "output", "wb") as output:
            subprocess.run([self.launcher, str(seconds), result, *command], stdout=output,
                           stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True)
        code, user, system, wall, peak = result.read_text().split()
        return Usage(float(user) + float(system), float(wall), int(peak), int(code) == 0)

    def last_output_line(self):
        """Of what usage() ran last; empty when it printed nothing."""
        with open(self.folder / "output", "rb") as output:
            output.seek(max(0, output.seek(0, 2) - LAST_BYTES))
            return (output.read().splitlines() or [b""])[-1].decode(errors="replace")

    def instructions(self, command, name):
        """All threads' instructions, or None when it failed or took too long. May run in parallel: `name`
        keeps what it writes apart."""
        log = self.folder / f"callgrind.{name}"
        with open(self.folder / f"output.{name}", "wb") as output:
            try:
                done = subprocess.run(
                    [VALGRIND, "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}",
                     *command], stdout=output, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                    timeout=self.seconds, check=False)
            except subprocess.TimeoutExpired:
                return None
        found = re.search(r"Collected : (\d+)", log.read_text())
        return int(found[1]) if done.returncode == 0 and found else None

    def instructions_per_packet(self, command, name, capture):
        """Less the start-up, which is that of a capture without packets. `command` takes a path."""
        if name not in self.start_up:
            self.start_up[name] = self.instructions(command(self.empty), name)
        whole = self.instructions(command(capture.path), name)
        if whole is None or self.start_up[name] is None:
            return None
        return (whole - self.start_up[name]) / capture.packets


def median(values):
    return statistics.median(values) if values else None


def say(text):
    print(text, file=sys.stderr, flush=True)
