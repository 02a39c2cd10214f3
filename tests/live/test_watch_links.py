#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What befalls the wires of a sensor, itself and who reads it: what is a case of health, and what is not.

Usage: test_watch_links.py HINOMI [NAME...]
"""
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time

import probe
from probe import FAR, PATIENCE, SENSOR, expect, send
import sensor
from sensor import Sensor
from test_watch_hard import DEVICES, listed_by_many
from test_watch_life import metrics_of, rows

BRIEF, LINK_PATIENCE = 4, 15
HALTS, FRAMES = 3, 20_000
SMALL_RING = ("--set", "capture.buffer=1M")


def health(watch):
    return {code for (code,) in rows(watch, "select code from health")} - {"clock_unsynchronised"}


def test_cable(net):
    """A cable that is out for some seconds is none; one that stays out is a case, while the interface is up."""
    net.open()
    path = net.folder / "metrics"
    watch = Sensor(net, "--set", f"sensor.metrics={path}")
    net.link(FAR, "set", "far0", "down")
    time.sleep(BRIEF)
    figures = metrics_of(path)
    expect("figures say so", (figures['hinomi_interface_up{interface="cap0"}'],
                              figures['hinomi_interface_carrier{interface="cap0"}']) == (1, 0), figures)
    net.link(FAR, "set", "far0", "up")
    time.sleep(2)
    net.link(FAR, "set", "far0", "down")
    expect("a cable that is out", watch.awaits("code=interface_down", LINK_PATIENCE + PATIENCE), watch.log())
    expect("is told once", watch.log().count("code=interface_down") == 1, watch.log())
    expect("stops", watch.stop() == 0, watch.log())
    expect("one case", health(watch) == {"interface_down"}, health(watch))
    said = subprocess.run([watch.hinomi, "health", "--state", watch.state], check=False, capture_output=True,
                          text=True).stdout
    for words in ("interface_down ", "The network interface cap0 has no link", "To change: Check the cable",
                  "変更点：LANケーブル"):
        expect(f"in words: {words}", words in said, said)


def test_brief_stop(net):
    """An update stops the sensor for a second: the gap is noted. A sensor that died is a case."""
    net.open()
    first = Sensor(net)
    expect("stops", first.stop() == 0, first.log())
    second = Sensor(net)
    expect("the gap is known", second.awaits("event=gap"), second.log())
    time.sleep(BRIEF)
    expect("stops again", second.stop() == 0, second.log())
    expect("it is in the store", len(rows(second, "select * from gaps")) == 1, rows(second, "select * from gaps"))
    expect("and no case of health", "gap" not in health(second), health(second))
    Sensor(net).kill()
    last = Sensor(net)
    expect("one that died is a case", last.awaits("code=gap"), last.log())
    expect("stops", last.stop() == 0, last.log())


def test_losses(net):
    """Losses second by second are said once a minute, and none is left out."""
    net.open()
    path = net.folder / "metrics"
    watch = Sensor(net, "--set", f"sensor.metrics={path}", *SMALL_RING)
    for _ in range(HALTS):
        os.kill(watch.pid(), signal.SIGSTOP)
        send(net, "far0", 0, FRAMES, rate=100_000)
        watch.signal(signal.SIGCONT)
        time.sleep(2)
    lost = metrics_of(path)['hinomi_interface_dropped_kernel_total{interface="cap0"}']
    said = watch.log().count("event=dropped")
    expect(f"{lost} packets are lost", lost > 0)
    expect("said once", said == 1, watch.log())
    expect("stops", watch.stop() == 0, watch.log())
    expect("the rest is said at the end", watch.log().count("event=dropped") == 2, watch.log())
    told = sum(int(line.split(" packets were lost")[0].rsplit(" ", 1)[1]) for line in watch.log().splitlines()
               if "event=dropped" in line)
    expect("all of them", told == lost, (told, lost))
    expect("two gaps", len(rows(watch, "select * from gaps where reason = 'drops'")) == 2,
           rows(watch, "select * from gaps"))


def test_reader(net):
    """Whoever reads the cases stops reading: the sensor goes on, and stops when asked."""
    net.open()
    intel = net.folder / "intel.txt"
    intel.write_text("cdn.listed-bad.example\n")
    state = net.folder / "state"
    state.mkdir()
    os.chown(state, sensor.USER.pw_uid, sensor.USER.pw_gid)
    err = net.folder / "err"
    with err.open("wb") as log:
        process = net.popen(SENSOR, probe.PROBE, "watch", "-i", "cap0", "--state", state, "--user",
                            sensor.USER.pw_name, "--json", "--intel", intel, stdout=subprocess.PIPE, stderr=log)
    for _ in range(PATIENCE * 10):
        if b"event=interface_up" in err.read_bytes():
            break
        time.sleep(0.1)
    sensor.replay(net, listed_by_many(net), "--pps", "3000")
    time.sleep(BRIEF)
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    expect("stops", process.returncode == 0, process.returncode)
    expect("what was not read is said", b"event=output_lost" in err.read_bytes(), err.read_bytes())
    read = process.stdout.read().splitlines() if process.returncode == 0 else []
    expect(f"{len(read)} lines were told, each whole but the last",
           read and all(json.loads(line) for line in read[:-1]))
    with contextlib.closing(sqlite3.connect(f"file:{state}/cases.db?mode=ro", uri=True)) as db:
        (count,) = db.execute("select count(*) from cases").fetchone()
    expect("all cases are kept", count == DEVICES, count)


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "curl")
    sensor.main([test_cable, test_brief_stop, test_losses, test_reader])
