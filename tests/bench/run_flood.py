#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The live sensor in floods of flows that were never seen before, each a minute long.

Usage: run_flood.py [--build BUILD] [--rate FLOWS] [--seconds N] [--kinds KIND,KIND…] [-- ARGUMENT...]

bench_send puts each kind of flood on a wire between two network namespaces. In its midst a port scan, a scan of
the network and a look-up of a listed name are replayed, slowly: each must become a case. Told are what was sent and
what became of it (received, lost in the sensor's ring, lost on the wire; copies for lanes shed), memory once a
second, CPU, seconds from a replay's last packet to its case, and what health said. ARGUMENTs go to `hinomi watch`.
Needs root and tcpreplay. Traffic stays in namespaces of its own.
"""
import argparse
import os
import pathlib
import re
import shutil
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/live"))
sys.path.insert(0, str(ROOT / "tests/support"))

import probe  # noqa: E402
from sensor import Sensor  # noqa: E402
from test_watch_hard import AMID, bench_send, told_amid  # noqa: E402
from test_watch_life import metrics_of, status_of  # noqa: E402
from veth import FAR, NEEDS, SENSOR, Veth, end  # noqa: E402

KINDS = ("syns_to_one", "syns", "datagrams", "connections")
RATE, SECONDS, SECONDS_MOST = 100_000, 60, 120
WARM_SECONDS = 5
SETTLE = 3


class Memory(threading.Thread):
    """VmRSS and RssAnon of a process, once a second, in MiB."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.samples, self.is_over = pid, [], False
        self.start()

    def run(self):
        while not self.is_over:
            status = status_of(self.pid)
            self.samples.append([int(status[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")])
            time.sleep(1)

    def said(self):
        if not self.samples:
            return "none"
        at = [self.samples[min(len(self.samples) - 1, i)] for i in (2, 10, 20, 30, 40, 50, len(self.samples) - 1)]
        return "  ".join(f"{rss:.1f}/{anon:.1f}" for rss, anon in at)


def cpu_seconds(pid):
    """Of each thread, to the nanosecond: short turns fall between the ticks by which others count."""
    return {task.name: int((task / "schedstat").read_text().split()[0]) / 1e9
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir()}


def interface_counts(net):
    told = net.popen(SENSOR, "sh", "-c", "cd /sys/class/net/cap0/statistics && cat rx_packets rx_dropped "
                     "rx_missed_errors", stdout=-1, text=True).communicate()[0].split()
    return [int(word) for word in told]


def amid(net, watch, name, words):
    delay = told_amid(net, watch, name, words)
    return f"{name} MISSED" if delay is None else f"{name} {delay:.1f} s"


class Flood:
    """One kind of flood, and what became of it."""

    def __init__(self, net, arguments, kind):
        self.kind, self.seconds = kind, arguments.seconds
        self.metrics = net.folder / "metrics"
        intel = net.folder / "intel.txt"
        intel.write_text("cdn.listed-bad.example\n203.0.113.166\n")
        self.watch = Sensor(net, "--json", "--intel", intel, "--set", f"sensor.metrics={self.metrics}", *arguments.rest)
        self.memory, cpu = Memory(self.watch.pid()), cpu_seconds(self.watch.pid())
        sent, came = net.sent(FAR, "far0"), interface_counts(net)
        self.run(net, arguments)
        self.cpu = [used - cpu.get(thread, 0) for thread, used in cpu_seconds(self.watch.pid()).items()]
        time.sleep(SETTLE)
        self.figures = metrics_of(self.metrics)
        self.memory.is_over = True
        self.sent = net.sent(FAR, "far0") - sent
        self.came, self.wire, self.missed = (now - then for now, then in zip(interface_counts(net), came))
        self.code = self.watch.stop()

    def run(self, net, arguments):
        sender = bench_send(net, self.kind, arguments.rate, self.seconds)
        time.sleep(WARM_SECONDS)
        self.delays = [amid(net, self.watch, *what) for what in AMID]
        self.was_amid = sender.poll() is None
        self.said = sender.communicate(timeout=SECONDS_MOST + 10)[0].strip()

    def print_packets(self):
        received, kernel, card = (self.figures[f'hinomi_interface_{word}_total{{interface="cap0"}}']
                                  for word in ("received", "dropped_kernel", "dropped_card"))
        names = ("frames_total", "shed_total", "duplicates_total", "flows", "flows_total", "flows_evicted_total",
                 "facts_total", "devices", "cases")
        print(f"== {self.kind}: {self.said}; {self.sent} frames on the wire, {self.sent / self.seconds:,.0f}/s")
        print(f"   came {self.came}, lost on the wire {self.wire}+{self.missed}; received {received}, lost in the "
              f"ring {kernel} ({kernel / max(1, self.came):.2%}), card {card}; "
              f"unaccounted {self.sent - received - kernel - self.wire}")
        print("   " + ", ".join(f"{name} {self.figures[f'hinomi_{name}']}" for name in names))

    def print_rest(self):
        log = self.watch.log()
        usual = "event=(dropped|interface_up|started|stopped|health|guarded)"
        print(f"   MiB RSS/anon at 2, 10, 20, 30, 40, 50 s, end: {self.memory.said()}")
        print(f"   CPU {sum(self.cpu) / self.seconds:.2f} of a core: of its threads "
              f"{', '.join(f'{used / self.seconds:.2f}' for used in self.cpu)}")
        print(f"   cases: {', '.join(self.delays)}{'' if self.was_amid else ' (the flood was over before)'}")
        print(f"   stops with {self.code}; {log.count('event=dropped')} lines of drops; health: "
              f"{' '.join(re.findall(r'code=(.*?) ', log)) or 'nothing'}")
        others = [line for line in log.splitlines() if not re.search(usual, line)]
        print("\n".join(f"   | {line[:200]}" for line in others[:12]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=KINDS)
    parser.add_argument("rest", nargs="*")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    arguments.seconds = min(arguments.seconds, SECONDS_MOST)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [name for name in (*NEEDS, "tcpreplay", "curl") if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"error: needs root{' and ' if missing else ''}{' '.join(missing)}")
    probe.PROBE = str(arguments.build / "sensor/hinomi")
    for kind in arguments.kinds:
        net = Veth("flood")
        try:
            net.open()
            flood = Flood(net, arguments, kind)
            flood.print_packets()
            flood.print_rest()
        finally:
            for process in net.processes:
                end(process)
            net.close()


if __name__ == "__main__":
    main()
