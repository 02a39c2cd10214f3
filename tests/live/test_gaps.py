#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Interfaces that go down, away, and come back, and those that cannot be captured.

Usage: test_gaps.py PROBE [NAME...]
"""
import os
import shutil
import subprocess
import time

import probe
from probe import FAR, SENSOR, SETTLE, Probe, expect, numbers, send

UNPRIVILEGED = 65534
# Half a second of a ring's end, five of back-off that no bell made short, and slow machines.
REST = 2


def seconds_used(live):
    """Processor time of the probe so far."""
    children = subprocess.run(["ip", "netns", "pids", live.net.prefix + SENSOR], check=True,
                              capture_output=True, text=True).stdout.split()
    pid = next(p for p in children if os.readlink(f"/proc/{p}/exe") == os.path.realpath(probe.PROBE))
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def expect_rest(what, live):
    before = seconds_used(live)
    time.sleep(REST)
    used = seconds_used(live) - before
    expect(f"it rests while {what}", used < REST / 4, used)


def expect_gap(what, gap, out, back):
    expect(f"{what}: it is told", gap and gap["event"] == out and gap["reason"].startswith("cap0: ")
           and "\n" not in gap["reason"], gap)
    expect(f"{what}: and its end, with how long it was blind", back and gap and back["from"] < back["to"]
           and back["from"] <= gap["to"] <= back["to"] and back["to"] - back["from"] < 60 * 10**9, (gap, back))


def test_down(net):
    """ip link set down, and up again."""
    net.open()
    live = Probe(net, "cap0")
    live.await_("up")
    send(net, "far0", 0, 100)
    time.sleep(SETTLE)
    expect("somebody is at the other end", live.stats()["interfaces"][0]["carrier"])
    net.link(FAR, "set", "far0", "down")
    time.sleep(SETTLE)
    state = live.stats()["interfaces"][0]
    expect("a cable without anybody at its other end is no gap", (state["state"], state["carrier"], state["gaps"])
           == ("up", False, 0), state)
    net.link(FAR, "set", "far0", "up")
    net.bring(0, "down")
    down = live.await_("down")
    expect_rest("it is down", live)
    expect("its state", live.stats()["interfaces"][0]["state"] == "down")
    net.bring(0, "up")
    expect_gap("down", down, "down", live.await_("back"))
    send(net, "far0", 100, 100)
    for _ in range(3):  # quicker than anybody looks
        net.bring(0, "down")
        net.bring(0, "up")
    time.sleep(SETTLE)
    send(net, "far0", 200, 100)
    time.sleep(SETTLE)
    counts = live.stop()["interfaces"][0]
    seen = numbers(live.frames)
    expect("frames of before and after", seen[:100] == list(range(100)) and seen[-100:] == list(range(200, 300))
           and seen == sorted(set(seen)), seen)
    expect("gaps are counted", counts["gaps"] >= 1 and counts["state"] == "up", counts)


def test_deleted(net):
    """Deleted with frames still in the ring, and made anew."""
    net.open()
    live = Probe(net, "cap0")
    live.await_("up")
    for i in range(2):
        send(net, "far0", 1000 * i, 300, rate=100_000)
        if i == 1:
            time.sleep(SETTLE)  # a new interface of that name is not kept waiting for the ring's end
        net.link(SENSOR, "del", "cap0")
        gone = live.await_("gone")
        if i == 0:
            expect_rest("it is gone", live)
        net.add_wire(0)
        net.bring(0, "up")
        expect_gap("deleted", gone, "gone", live.await_("back"))
    send(net, "far0", 5000, 300)
    time.sleep(SETTLE)
    counts = live.stop()["interfaces"][0]
    expect("the last frames before, too, and all after", numbers(live.frames)
           == [*range(300), *range(1000, 1300), *range(5000, 5300)], len(live.frames))
    expect("two gaps", counts["gaps"] == 2 and counts["state"] == "up", counts)


def test_renamed(net):
    """The name is what is configured: another interface may take it."""
    net.open(2)
    live = Probe(net, "cap0")
    live.await_("up")
    send(net, "far0", 0, 100)
    net.link(SENSOR, "set", "cap0", "down")
    net.link(SENSOR, "set", "cap0", "name", "other")
    net.link(SENSOR, "set", "other", "up")
    gone = live.await_("gone")
    time.sleep(SETTLE)
    send(net, "far0", 1000, 100)
    expect_rest("it has another name", live)
    net.link(SENSOR, "set", "cap1", "down")
    net.link(SENSOR, "set", "cap1", "name", "cap0")
    net.link(SENSOR, "set", "cap0", "up")
    expect_gap("renamed", gone, "gone", live.await_("back"))
    send(net, "far1", 2000, 100)
    send(net, "far0", 3000, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("frames of the interface that bears the name", numbers(live.frames)
           == [*range(100), *range(2000, 2100)], numbers(live.frames))


def test_renamed_while_up(net):
    """Kernels since 6.2 give a name to an interface that is up: nothing goes down."""
    net.open(2)
    renaming = subprocess.run(["ip", "-n", net.prefix + SENSOR, "link", "set", "cap1", "name", "try0"],
                              capture_output=True, check=False)
    if renaming.returncode != 0:
        print("skipped: this kernel renames no interface that is up")
        return
    live = Probe(net, "cap0")
    live.await_("up")
    net.link(SENSOR, "set", "cap0", "name", "other")
    gone = live.await_("gone")
    time.sleep(SETTLE)
    send(net, "far0", 0, 100)
    net.link(SENSOR, "set", "other", "name", "cap0")
    expect_gap("renamed", gone, "gone", live.await_("back"))
    send(net, "far0", 100, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("nothing of another name", numbers(live.frames) == list(range(100, 200)), numbers(live.frames))


def test_created_later(net):
    """Missing at the start beside one that is there, then there and down, then up."""
    net.open()
    live = Probe(net, "cap0", "cap1")
    live.await_("up", 0)
    gone = live.await_("gone", 1)
    expect("it says what it waits for", gone and "no such interface" in gone["reason"], gone)
    send(net, "far0", 0, 100)
    time.sleep(SETTLE)
    expect("the other is captured meanwhile", live.stats()["taken"] >= 100)
    net.add_wire(1)
    down = live.await_("down", 1)
    expect("there, but down", down and "ip link set dev cap1 up" in down["reason"], down)
    net.bring(1, "up")
    back = live.await_("back", 1)
    expect("then up", back and back["from"] < back["to"], back)
    send(net, "far1", 1000, 100)
    send(net, "far0", 100, 100)
    net.link(SENSOR, "del", "cap1")
    live.await_("gone", 1)
    send(net, "far0", 200, 100)
    time.sleep(SETTLE)
    live.stop()
    for i, want in ((0, range(300)), (1, range(1000, 1100))):
        seen = [f.number() for f in live.frames if f.interface == i and f.number() is not None]
        expect(f"all of interface {i}", seen == list(want), seen)


def as_user(*capabilities):
    kept = ",".join(f"+{name}" for name in capabilities)
    return ["setpriv", "--reuid", str(UNPRIVILEGED), "--regid", str(UNPRIVILEGED), "--clear-groups",
            "--no-new-privs", "--bounding-set", f"-all{',' if kept else ''}{kept}",
            "--inh-caps", f"-all{',' if kept else ''}{kept}",
            "--ambient-caps", f"-all{',' if kept else ''}{kept}"]


def test_rights(net):
    """CAP_NET_RAW alone is enough, also for opening again; without it one line says so."""
    net.open()
    copy = net.folder / "live_probe"  # where anybody may execute it
    shutil.copy(probe.PROBE, copy)
    copy.chmod(0o755)
    for name in "cap0", "none0":
        live = Probe(net, name, user=as_user(), program=copy)
        live.process.wait(probe.PATIENCE)
        told = live.process.stderr.read()
        expect(f"without the right to capture: {name}", live.process.returncode == 1
               and told.count("\n") == 1 and "no permission to capture" in told
               and "cap_net_raw" in told, (live.process.returncode, told))
    live = Probe(net, "cap0", user=as_user("net_raw"), program=copy)
    expect("with that right alone", live.await_("up"), live.told)
    net.link(SENSOR, "del", "cap0")
    live.await_("gone")
    net.add_wire(0)
    net.bring(0, "up")
    expect("opened again", live.await_("back"), live.told)
    send(net, "far0", 0, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("and captured", numbers(live.frames) == list(range(100)), live.complaint)


def test_refused(net):
    """What cannot be captured is said in one line."""
    net.open()
    lo_twice = ["cap0", "cap0"]
    cases = [(["any"], "any: loses the numbers of VLANs"), (lo_twice, "cap0: named twice"),
             ([], "no interface to capture on")]
    made = subprocess.run(["ip", "-n", net.prefix + SENSOR, "link", "add", "nl0", "type", "nlmon"],
                          capture_output=True, check=False)
    if made.returncode == 0:
        net.link(SENSOR, "set", "nl0", "up")
        cases.append((["nl0"], "nl0: cannot be captured: its link type 253 (NETLINK) is not read"))
    else:
        print("skipped: this kernel has no nlmon")
    for names, words in cases:
        live = Probe(net, *names)
        live.process.wait(probe.PATIENCE)
        told = live.process.stderr.read()
        expect(f"refused: {' '.join(names) or 'nothing'}", live.process.returncode == 1
               and told.count("\n") == 1 and words in told, (live.process.returncode, told))


if __name__ == "__main__":
    probe.main([test_down, test_deleted, test_renamed, test_renamed_while_up, test_created_later, test_rights,
                test_refused])
