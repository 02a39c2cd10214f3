#!/usr/bin/env python3
"""Measures Hinomi beside the floor and beside other programs, on captures that it makes itself.

  cmake --preset release && cmake --build --preset release
  tests/bench/run_bench.py --quick

What is measured, and how:
  instructions  for each packet, by callgrind, all threads, less those of an empty capture. Repeatable to
                less than 1 %, whatever else the machine does.
  CPU           user and system seconds of the whole process, start-up too; contenders in turn, several
                rounds; the median, and the median of Hinomi's share of each within one round.
  memory        the most that was resident (ru_maxrss), from the same runs.
  flows         bytes for each flow that is alive (slope of the peak between two sizes), and the cost of a
                packet with few or many flows alive, less that of opening them (without the flow log).
  start         time to read one packet, from exec to exit; two workers against none.

The floor is bench_floor: a bare libpcap loop; with a flow table; with nDPI on each flow's first payloads.
Others (ndpiReader, suricata, softflowd, argus) are measured where they are installed. Hinomi runs with all
detectors, flow log to a file, no workers. The office mix is made of ../shared/corpus where that is there, else
of tests/golden: figures of the two do not compare, and the table says which it was.

Needs valgrind (without it the instructions are left out). Captures go to a temporary folder and are removed.
  --quick  about 300,000 packets each: 0.6 GB of disk, 1 GB of memory
  --full   1 to 2.6 million each, 1 million flows alive: 4 GB of disk, 4 GB of memory (ndpiReader's); instructions
           still on slices
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile

import contenders
import report
from captures import Generator
from measuring import VALGRIND, Meter, median, say

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECTIONS = ["instructions", "cpu", "flows", "start"]
HOT_BYTES = 160  # that the flow table is given for each flow which must stay alive

# Packets (mice: flows) of the slices that callgrind sees, and of the whole captures.
SLICE = {"mix_tails": 100_000, "mix_times": 1, "elephants": 200_000, "mice": 115_000, "syn_flood": 300_000}
WHOLE = {"mix_tails": 400_000, "mix_times": 4, "elephants": 1_060_000, "mice": 1_000_000,
         "syn_flood": 2_000_000}
# Flows alive at once: (for the slope of memory), (for the cost by callgrind), (for the cost by CPU time).
ALIVE = {"quick": ((30_000, 300_000), (1_000, 30_000, 300_000), ()),
         "full": ((100_000, 1_000_000), (1_000, 30_000, 300_000), (1_000, 30_000, 300_000, 1_000_000))}
TOUCHES = {"callgrind": 100_000, "cpu": 2_000_000}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="slices (this is the default)")
    size.add_argument("--full", action="store_true", help="whole captures for CPU and memory")
    parser.add_argument("--only", choices=SECTIONS, action="append", help="may be given several times")
    parser.add_argument("--no-peers", action="store_true", help="Hinomi and the floor alone")
    parser.add_argument("--rounds", type=int, default=0, help="of CPU measurements (3; with --full 5)")
    parser.add_argument("--seconds", type=int, default=600, help="that one run may take (600)")
    parser.add_argument("--jobs", type=int, default=2, help="callgrind runs at a time (2)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release",
                        help="where Hinomi and its benchmarks were built (build/release)")
    arguments = parser.parse_args()
    arguments.only = arguments.only or SECTIONS
    arguments.rounds = arguments.rounds or (5 if arguments.full else 3)
    return arguments


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, pathlib.Path(folder)
        self.build = arguments.build.resolve()
        self.size = "full" if arguments.full else "quick"
        self.generator = Generator(folder, self.build, ROOT)
        self.meter = Meter(folder, self.build, arguments.seconds)
        self.generator.empty()
        self.all, self.missing = contenders.everyone(self.build, folder)
        if arguments.no_peers:
            ours = 1 + next(i for i, who in enumerate(self.all) if who.is_ours)
            self.all, self.missing = self.all[:ours], []
        self.report = report.Report(self.generator.has_corpus())

    def traffic(self, sizes, prefix):
        make = self.generator
        say(f"making captures ({prefix})")
        return [make.office_mix(f"{prefix}_office_mix", sizes["mix_tails"], times=sizes["mix_times"]),
                make.elephants(f"{prefix}_elephants", sizes["elephants"]),
                make.make(f"{prefix}_mice", "mice", sizes["mice"]),
                make.make(f"{prefix}_syn_flood", "syn_flood", sizes["syn_flood"])]

    def in_parallel(self, jobs):
        """{key: value} of {key: call}, as many at a time as callgrind may run."""
        with concurrent.futures.ThreadPoolExecutor(self.arguments.jobs) as pool:
            futures = {pool.submit(call): key for key, call in jobs.items()}
            found = {}
            for done in concurrent.futures.as_completed(futures):
                key = futures[done]
                found[key] = done.result()
                say(f"  {len(found)}/{len(jobs)} {' '.join(map(str, key))}: {report.number(found[key])}")
            return found

    def instructions(self, captures):
        say("instructions")
        per_packet = {}
        # Start-ups first: they are shared by the runs that follow.
        starts = self.in_parallel({(who.name, "start"): lambda who=who: self.meter.instructions(
            who.command(self.meter.empty), who.name.replace(" ", "_")) for who in self.all})
        for who in self.all:
            for capture in captures:
                label = f"{who.name}_{capture.name}".replace(" ", "_")
                self.meter.start_up[label] = starts[who.name, "start"]
                per_packet[who.name, capture.name] = (
                    lambda who=who, label=label, capture=capture: self.meter.instructions_per_packet(
                        who.command, label, capture))
        self.report.add_instructions(self.all, captures, self.in_parallel(per_packet), starts)

    def cpu(self, captures):
        for capture in captures:
            rounds = []
            for turn in range(self.arguments.rounds):
                say(f"CPU and memory: {capture.name}, round {turn + 1} of {self.arguments.rounds}")
                rounds.append({who.name: self.meter.usage(who.command(capture.path)) for who in self.all})
            self.report.add_usage(self.all, capture, rounds)

    def alive(self, name, flows, packets=0, kind="alive_tcp"):
        return self.generator.make(name, kind, flows, *([packets] if packets else []))

    def roomy(self, flows, logs=True):
        """Hinomi with a table that holds `flows`: no less than it has by default."""
        budget = f"flow.budget={max(16, flows * HOT_BYTES >> 20)}M"
        return contenders.hinomi(self.build, 0, "--set", budget, logs=logs)

    def memory_of_flows(self, kind):
        few, many = ALIVE[self.size][0]
        peaks = {}
        for flows in (few, many):
            capture = self.alive("alive", flows, kind=kind)
            for who in self.all:
                say(f"memory: {flows} flows alive ({kind}), {who.name}")
                command = self.roomy(flows) if who.is_ours else who.command
                peaks[who.name, flows] = self.meter.usage(command(capture.path))
                if who.is_ours:
                    self.report.note_evictions(kind, flows, self.meter.last_output_line())
            capture.path.unlink()
        self.report.add_memory_of_flows(self.all, kind, few, many, peaks)

    def cost_by_instructions(self):
        costs, sizes = {}, ALIVE[self.size][1]
        command = self.roomy(max(sizes), logs=False)
        for flows in sizes:
            captures = [self.alive("opened", flows), self.alive("touched", flows, TOUCHES["callgrind"])]
            found = self.in_parallel({(capture.name, flows): (
                lambda capture=capture: self.meter.instructions(command(capture.path), capture.name))
                for capture in captures})
            costs[flows] = self.slope([found["opened", flows], found["touched", flows]],
                                      TOUCHES["callgrind"])
        self.report.add_flatness("instructions", costs)

    def cost_by_time(self):
        """Beside the flow floor: flows drawn evenly miss every cache, whoever looks them up."""
        sizes, costs = ALIVE[self.size][2], {"Hinomi": {}, "flow floor": {}}
        for flows in sizes:
            captures = [self.alive("opened", flows), self.alive("touched", flows, TOUCHES["cpu"])]
            commands = {"Hinomi": self.roomy(max(sizes), logs=False),
                        "flow floor": next(who.command for who in self.all if who.name == "flow floor")}
            turns = {name: [] for name in commands}
            for turn in range(self.arguments.rounds):
                say(f"CPU: {flows} flows alive, round {turn + 1} of {self.arguments.rounds}")
                for name, command in commands.items():
                    cpu = [self.meter.usage(command(capture.path)).cpu for capture in captures]
                    turns[name].append(self.slope(cpu, TOUCHES["cpu"]) * 1e9)
            for name, found in turns.items():
                costs[name][flows] = median(found)
        for name in costs if sizes else []:
            self.report.add_flatness("CPU ns", costs[name], name)

    @staticmethod
    def slope(pair, packets):
        return None if None in pair else (pair[1] - pair[0]) / packets

    def start(self, mix):
        one = self.alive("one", 1, kind="alive_udp")
        starts = [self.meter.usage(contenders.hinomi(self.build)(one.path))
                  for _ in range(5 * self.arguments.rounds)]
        workers = {}
        for turn in range(self.arguments.rounds):
            for count in (0, 1, 2):
                say(f"workers: {count}, round {turn + 1} of {self.arguments.rounds}")
                usage = self.meter.usage(contenders.hinomi(self.build, count)(mix.path))
                workers.setdefault(count, []).append(usage)
        self.report.add_start(starts, workers)

    def run(self):
        only = self.arguments.only
        slices = self.traffic(SLICE, "slice")
        if "instructions" in only and shutil.which(VALGRIND):
            self.instructions(slices)
        whole = slices
        if self.arguments.full and ("cpu" in only or "start" in only):
            for capture in slices:
                capture.path.unlink()
            whole = self.traffic(WHOLE, "whole")
        if "cpu" in only:
            self.cpu(whole)
        if "start" in only:
            self.start(whole[0])
        for capture in whole:
            capture.path.unlink(missing_ok=True)
        if "flows" in only:
            for kind in ("alive_tcp", "alive_udp"):
                self.memory_of_flows(kind)
            if shutil.which(VALGRIND):
                self.cost_by_instructions()
            self.cost_by_time()


def main():
    arguments = read_arguments()
    needed = [arguments.build / "sensor/hinomi", *(arguments.build / "tests" / f"bench_{name}"
                                                   for name in ("generate", "floor", "measure"))]
    for path in needed:
        if not path.exists():
            sys.exit(f"error: {path} is missing: cmake --preset release && cmake --build --preset release")
    with tempfile.TemporaryDirectory(prefix="hinomi-bench-") as folder:
        bench = Bench(arguments, folder)
        try:
            bench.run()
        except KeyboardInterrupt:
            say("interrupted: what was measured so far")
        print(bench.report.text(bench.missing, has_valgrind=shutil.which(VALGRIND) is not None,
                                load=os.getloadavg()[0]))


if __name__ == "__main__":
    main()
