#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The live sensor beside `tcpdump -w` on one interface: at which rate each begins to lose packets.

Usage: run_live.py [--build BUILD] [--seconds N] [--rates N,N…] [--ring KIB] [--send KIND] [--share PERCENT]
                   [--no-rates] [--no-instructions]

The office mix of run_bench.py, or small frames of a KIND that bench_send knows, is sent by that over a wire between
two network namespaces, at growing rates, to tcpdump alone, to the sensor alone, and to both. Both have a ring of
32 MiB; tcpdump writes to a file in memory. Where the sender is the first who can no more, --share gives each of the
two so much of a processor and no more (by a cgroup's quota, over 20 ms); --ring takes from both what hides how they
keep up.
A rate is lost when each of three tries loses: other load on the machine takes packets from whoever runs. CPU is user
and system time of the whole process for each packet, the least of the rates without a loss; who sends, and the
kernel's half of the wire, are not in it, but share the processors: compare the columns, not with other machines.

Then the instructions for a packet, live against `hinomi read` of the same capture: by callgrind, start-up
subtracted. Needs root and, for these, tcpreplay and valgrind. Three minutes at most for the rates, two for the
instructions.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import contenders
from captures import Generator
from measuring import VALGRIND, Meter, say

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/live"))
sys.path.insert(0, str(ROOT / "tests/support"))

import probe  # noqa: E402
from sensor import Sensor  # noqa: E402
from test_watch_hard import bench_send  # noqa: E402
from test_watch_life import metrics_of  # noqa: E402
from veth import FAR, NEEDS, SENSOR, Veth, end  # noqa: E402

TAILS = {"rates": 100_000, "instructions": 5_000}
RATES = (20_000, 40_000, 80_000, 120_000, 160_000, 240_000, 320_000, 480_000)
# Of bench_send's kinds: rates here are of frames.
FRAMES_OF = {"connections": 4}
TRIES = 3
# Of packets: the kernel counts what a program cannot read in its last moment.
LOST = 0.0001
SECONDS = 2
SETTLE = 1.2
PATIENCE = 60
DEADLINE = 180
# Of a rate that is asked for: a sender that reaches less has no more.
ENOUGH = 0.9
RING_KIB = 32 * 1024  # capture.buffer
MTU = 65000
# Instructions: slow enough for a program that runs fifty times slower.
SLOW_RATE = 1000


def cpu_seconds(pid):
    """Of all its threads, to the nanosecond: short turns fall between the ticks by which others count."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


class Quota:
    """A control group whose processes get a share of one processor."""
    PERIOD_US = 20_000

    def __init__(self, percent):
        old = pathlib.Path("/sys/fs/cgroup/cpu")
        self.folder = (old if old.is_dir() else old.parent) / f"hinomi-bench-{os.getpid()}"
        self.folder.mkdir()
        quota = percent * self.PERIOD_US // 100
        limits = ({"cpu.cfs_period_us": self.PERIOD_US, "cpu.cfs_quota_us": quota} if old.is_dir() else
                  {"cpu.max": f"{quota} {self.PERIOD_US}"})
        for name, value in limits.items():
            (self.folder / name).write_text(str(value))

    def hold(self, pid):
        (self.folder / "cgroup.procs").write_text(str(pid))

    def close(self):
        self.folder.rmdir()


class Tcpdump:
    name = "tcpdump -w"

    def __init__(self, net):
        self.path = pathlib.Path(net.memory) / "dump.pcap"
        self.process = net.popen(SENSOR, "tcpdump", "-Z", "root", "-n", "-B", net.ring_kib, "-i", "cap0", "-w",
                                 self.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.path.exists():
            time.sleep(0.05)
        time.sleep(0.3)

    def pid(self):
        return self.process.pid

    def finish(self):
        """(CPU seconds, received, dropped)"""
        used = cpu_seconds(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=PATIENCE)
        self.path.unlink()
        captured, dropped = (int(re.search(rf"(\d+) packets? {words}", said)[1])
                             for words in ("captured", "dropped by kernel"))
        return used, captured, dropped


class Hinomi:
    name = "hinomi watch"

    def __init__(self, net):
        self.metrics = net.folder / "metrics"
        self.metrics.unlink(missing_ok=True)
        self.sensor = Sensor(net, "--set", f"sensor.metrics={self.metrics}", "--set",
                             f"capture.buffer={net.ring_kib}K", "--json", ready=False)
        if not self.sensor.hears("READY=1", PATIENCE):
            sys.exit(f"error: the sensor does not start: {self.sensor.log()}")
        self.before = cpu_seconds(self.sensor.pid())

    def pid(self):
        return self.sensor.pid()

    def finish(self):
        time.sleep(1)  # the figures are a second old
        figures = metrics_of(self.metrics)
        used = cpu_seconds(self.sensor.pid()) - self.before
        self.shed = figures["hinomi_shed_total"]
        self.sensor.stop()
        return (used, figures['hinomi_interface_received_total{interface="cap0"}'],
                figures['hinomi_interface_dropped_kernel_total{interface="cap0"}'])


class Run:
    """One rate, some seconds long, to one or two programs."""

    def __init__(self, net, sent, rate, seconds, kinds):
        programs = [kind(net) for kind in kinds]
        if net.quota:
            for program in programs:
                net.quota.hold(program.pid())
        told = bench_send(net, sent.what, rate / sent.per_flow, seconds).communicate(timeout=PATIENCE)[0]
        count, took = re.search(r"sent (\d+) in ([\d.]+) s", told).groups()
        self.rate = int(count) / float(took)
        time.sleep(SETTLE)
        self.share, self.cost, self.shed = {}, {}, 0
        for program in programs:
            used, received, dropped = program.finish()
            self.share[program.name] = dropped / max(1, received + dropped)
            self.cost[program.name] = 1e6 * used / max(1, received)
            self.shed += getattr(program, "shed", 0)


class Ladder:
    """What happened to some programs at each rate, until all of them lose."""

    def __init__(self, title, kinds):
        self.title, self.kinds = title, kinds
        self.lossless = {kind.name: 0 for kind in kinds}
        self.loses_at, self.lost, self.cost = {}, {}, {}
        self.shed = 0

    def climb(self, net, sent, arguments, until):
        for rate in arguments.rates:
            least = {}
            for _ in range(TRIES):
                if time.monotonic() > until:
                    return
                run = Run(net, sent, rate, arguments.seconds, self.kinds)
                say(f"{self.title}: {run.rate:,.0f}/s: " + ", ".join(
                    f"{name} loses {share:.3%}" for name, share in run.share.items()))
                for name, share in run.share.items():
                    least[name] = min(share, least.get(name, 1))
                    if share <= LOST:
                        self.cost[name] = min(run.cost[name], self.cost.get(name, run.cost[name]))
                        self.lossless[name] = max(self.lossless[name], run.rate)
                if max(least.values()) <= LOST:
                    self.shed = max(self.shed, run.shed)
                    break
            for name, share in least.items():
                if share > LOST and name not in self.loses_at:
                    self.loses_at[name], self.lost[name] = run.rate, share
            if len(self.loses_at) == len(self.kinds) or run.rate < ENOUGH * rate:
                return  # the sender is at its end, if not the others

    def lines(self):
        for kind in self.kinds:
            name = kind.name
            loses = (f"{self.loses_at[name]:>12,.0f} ({self.lost[name]:.2%})" if name in self.loses_at
                     else "none that was tried")
            cost = f"{self.cost[name]:6.2f}" if name in self.cost else "     -"
            yield f"{self.title:8} {name:14} {self.lossless[name]:>14,.0f} {loses:>22} {cost:>8}"


class Sent:
    """What is sent: a kind of bench_send's, or the office mix."""

    def __init__(self, kind, generator):
        self.what, self.per_flow = kind, FRAMES_OF.get(kind, 1)
        if not kind:
            capture = generator.office_mix("live_mix", TAILS["rates"])
            say(f"{capture.packets} packets of the office mix")
            self.what = capture.path


def measure_rates(net, arguments, generator):
    sent = Sent(arguments.send, generator)
    until = time.monotonic() + DEADLINE
    ladders = [Ladder("together", [Tcpdump, Hinomi]), Ladder("alone", [Tcpdump]), Ladder("alone", [Hinomi])]
    for i, ladder in enumerate(ladders):
        left = until - time.monotonic()
        ladder.climb(net, sent, arguments, time.monotonic() + left / (len(ladders) - i))
    print(f"{'run':8} {'program':14} {'no loss up to/s':>14} {'loses at/s':>22} {'us/packet':>8}")
    for ladder in ladders:
        print("\n".join(ladder.lines()))
    print(f"copies for lanes shed where nothing was lost: at most {max(ladder.shed for ladder in ladders)}")


def live_instructions(net, arguments, capture, is_idle):
    """Of the whole process, with `capture` sent to it or, when `is_idle`, as long without."""
    name = "idle" if is_idle else "busy"
    log = net.folder / f"callgrind.{name}"
    state = net.folder / f"state-{name}"
    state.mkdir()
    told = (net.folder / f"told.{name}").open("wb")
    process = net.popen(SENSOR, VALGRIND, "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}",
                        arguments.build / "sensor/hinomi", "watch", "--unguarded", "--user", "", "-i", "cap0",
                        "--state", state, stdout=told, stderr=told)
    said = net.folder / f"told.{name}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and "captures on" not in said.read_text():
        time.sleep(0.2)
    if is_idle:
        time.sleep(capture.packets / SLOW_RATE)
    else:
        net.run(FAR, "tcpreplay", "--quiet", "-i", "far0", "--preload-pcap", "--pps", str(SLOW_RATE),
                str(capture.path), seconds=PATIENCE)
    time.sleep(3)
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    found = re.search(r"Collected : (\d+)", log.read_text())
    return int(found[1]) if found else None


def measure_instructions(net, arguments, generator):
    capture = generator.office_mix("slow_mix", TAILS["instructions"], use_corpus=False, copies=1)
    say(f"instructions: {capture.packets} packets")
    meter = Meter(generator.folder, arguments.build, PATIENCE)
    generator.empty()
    for workers in (0, 2):
        value = meter.instructions_per_packet(contenders.hinomi(arguments.build, workers, logs=False),
                                              f"read{workers}", capture)
        print(f"hinomi read, {workers} workers: "
              f"{'failed' if value is None else f'{value:,.0f} instructions a packet'}")
    idle, busy = (live_instructions(net, arguments, capture, is_idle) for is_idle in (True, False))
    if idle and busy:
        print(f"hinomi watch: {(busy - idle) / capture.packets:,.0f} instructions a packet, "
              f"at {SLOW_RATE} packets a second")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"of one run ({SECONDS})")
    parser.add_argument("--rates", type=lambda text: [int(word) for word in text.split(",")], default=RATES)
    parser.add_argument("--ring", type=int, default=RING_KIB, help=f"of both, in KiB ({RING_KIB})")
    parser.add_argument("--send", metavar="KIND", help="small frames of bench_send's, not the office mix")
    parser.add_argument("--share", type=int, metavar="PERCENT", help="of one processor, for each of both")
    parser.add_argument("--no-rates", action="store_true", help="instructions alone")
    parser.add_argument("--no-instructions", action="store_true", help="rates alone")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    return arguments


def main():
    arguments = read_arguments()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [name for name in (*NEEDS, "tcpreplay", "curl", VALGRIND) if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"error: needs root{' and ' if missing else ''}{' '.join(missing)}")
    probe.PROBE = str(arguments.build / "sensor/hinomi")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    net = Veth("bench")
    net.ring_kib = arguments.ring
    net.quota = Quota(arguments.share) if arguments.share else None
    try:
        with tempfile.TemporaryDirectory(prefix="hinomi-bench-", dir=memory) as folder:
            net.memory = folder
            net.open()
            for side, name in ((SENSOR, "cap0"), (FAR, "far0")):
                net.link(side, "set", name, "mtu", str(MTU))
            generator = Generator(folder, arguments.build, ROOT)
            if not arguments.no_rates:
                measure_rates(net, arguments, generator)
            if not arguments.no_instructions:
                measure_instructions(net, arguments, generator)
    finally:
        for process in net.processes:
            end(process)
        net.close()
        if net.quota:
            net.quota.close()


if __name__ == "__main__":
    main()
