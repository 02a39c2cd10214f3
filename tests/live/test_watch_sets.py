#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
A million indicators replaced under a guarded sensor while packets pass, some of the new files damaged: no packet is
lost, memory has no room for a second copy, and what was refused is a case of health.

Usage: test_watch_sets.py HINOMI [NAME...]
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import probe
from probe import FAR, PATIENCE, SETTLE, expect
import sensor
from sensor import Sensor, plain
from test_watch_hard import arrived
from test_watch_life import metrics_of, status_of

sys.path.insert(0, str(sensor.TESTS / "command"))

import schemas  # noqa: E402

ENTRIES = 1_000_000
FRAMES_PER_SECOND, SECONDS = 10_000, 7
EVERY_SECONDS = 0.02
GROWTH_KIB = 4096
# Of the replacements in turn: whether the file is whole.
FILES = (True, True, False, True, False, True)
LOST = ("hinomi_shed_total", 'hinomi_interface_dropped_kernel_total{interface="cap0"}',
        'hinomi_interface_dropped_card_total{interface="cap0"}')


class Memory(threading.Thread):
    """The most that a process held of some kinds of memory, in KiB, looked at fifty times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.is_over = pid, {"VmRSS": 0, "RssAnon": 0}, threading.Event()
        self.start()

    def run(self):
        while not self.is_over.wait(EVERY_SECONDS):
            status = status_of(self.pid)
            for kind in self.most:
                self.most[kind] = max(self.most[kind], int(status[kind].split()[0]))

    def end(self):
        self.is_over.set()
        self.join(PATIENCE)
        return self.most


def hinomi(*words):
    subprocess.run([probe.PROBE, "intel", *map(str, words)], check=True, capture_output=True, timeout=PATIENCE * 2)


def build(net):
    """The set as it was signed, and its maker's public key, where the sensor may read them."""
    draw = random.Random(1)
    feed, folder = net.folder / "feed.txt", net.folder / "sets"
    feed.write_text("".join(f"n{draw.getrandbits(56):014x}.example\n" for _ in range(ENTRIES)))
    folder.mkdir()
    os.chmod(net.folder, 0o755)
    hinomi("key", folder / "office")
    hinomi("key", net.folder / "next")
    hinomi("build", "-o", net.folder / "whole.intel", "--key", folder / "office.key", feed)
    return net.folder / "whole.intel", folder


def put(whole, folder, is_whole):
    """Another file in the old one's place, as `hinomi intel install` does it; a damaged one it would not take."""
    new = folder / "incoming"
    shutil.copy(whole, new)
    if not is_whole:
        with new.open("r+b") as file:
            file.seek(whole.stat().st_size // 2)
            old = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([old[0] ^ 1]))
    new.rename(folder / "current.intel")


def happens(watch, event, times):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and watch.log().count(event) < times:
        time.sleep(0.05)
    expect(f"{event} {times}", watch.log().count(event) == times, watch.log())


def replace_all(watch, whole, folder):
    counts = {True: 0, False: 0}
    for is_whole in FILES:
        put(whole, folder, is_whole)
        counts[is_whole] += 1
        watch.signal(signal.SIGHUP)
        happens(watch, "event=reloaded" if is_whole else "event=reload_failed", counts[is_whole])
        if not is_whole:  # which is said within a second or two, and only once for as long as it is so
            happens(watch, "code=list_refused", 1)


def mapped(watch):
    """How many sets it has in its memory, those included that lie on the disk no more."""
    return pathlib.Path(f"/proc/{watch.pid()}/maps").read_text().count(".intel")


def kept_health(watch):
    """What `hinomi health` tells of refused lists, held against its schema."""
    done = subprocess.run([watch.hinomi, "health", "--json", "--state", watch.state], check=True, capture_output=True,
                          text=True, timeout=PATIENCE)
    lines = schemas.Schemas().hold([json.loads(line) for line in done.stdout.splitlines()])
    return [line for line in lines if line["code"] == "list_refused"]


def pass_traffic(net, watch, path, capture, meanwhile):
    """What was sent, what of it was counted, what was lost, and the most memory that the sensor held."""
    before, came = metrics_of(path), arrived(net)
    program = pathlib.Path(probe.PROBE).parents[1] / "tests" / "bench_send"
    memory = Memory(watch.pid())
    sender = net.popen(FAR, program, "far0", capture, FRAMES_PER_SECOND, SECONDS, stdout=subprocess.PIPE, text=True)
    meanwhile()
    sent = int(sender.communicate(timeout=SECONDS + PATIENCE)[0].split()[1])
    time.sleep(SETTLE + 1)
    most, after = memory.end(), metrics_of(path)
    counted = after["hinomi_frames_total"] - before["hinomi_frames_total"]
    lost = sum(after[name] - before[name] for name in LOST)
    print(f"     {sent} sent, {counted} counted, {lost} lost; at most {most['VmRSS']} KiB, {most['RssAnon']} anonymous")
    expect("all that was sent came", arrived(net) - came == sent, (sent, arrived(net) - came))
    return sent, counted, lost, most


def test_replaced_under_traffic(net):
    net.open()
    whole, folder = build(net)
    put(whole, folder, True)
    path, capture = net.folder / "metrics", plain(net, "office-hour")
    watch = Sensor(net, "--set", f"sensor.metrics={path}", "--set", f"intel.folder={folder}",
                   "--set", f"intel.key={net.folder / 'next.pub'} {folder / 'office.pub'}")
    time.sleep(SETTLE)
    figures = metrics_of(path)
    expect("its entries are counted", figures["hinomi_indicators"] == ENTRIES, figures)
    expect("and their age", figures["hinomi_indicators_age_seconds"] < 3600 and
           figures["hinomi_indicators_refused"] == 0, figures)
    _, _, lost_without, most_without = pass_traffic(net, watch, path, capture, lambda: None)
    sent, counted, lost, most = pass_traffic(net, watch, path, capture, lambda: replace_all(watch, whole, folder))
    if lost_without > 0:  # this machine is too busy, also when nothing is replaced
        print(f"     without a reload {lost_without} were lost as well: not held against it")
    else:
        expect("no packet is lost", lost == 0 and counted == sent, (sent, counted, lost))
    for kind, kib in most.items():
        expect(f"{kind} grows by {kib - most_without[kind]} KiB", kib - most_without[kind] <= GROWTH_KIB,
               (most_without, most))
    expect("one set is mapped", mapped(watch) == 1, mapped(watch))
    expect("the last one is used", metrics_of(path)["hinomi_indicators_refused"] == 0, watch.log())
    expect("stops", watch.stop() == 0, watch.log())
    told = kept_health(watch)
    expect("it is kept, with words and what to do", [(case["state"], case["severity"]) for case in told] ==
           [("open", "warning")] and "intel.key" in told[0]["setting"]["ja"], told)


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "curl")
    sensor.main([test_replaced_under_traffic])
