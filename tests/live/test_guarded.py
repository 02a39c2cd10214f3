#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The live capture after all rights are given up (sensor/guard): interfaces are still opened again.

Usage: test_guarded.py PROBE [NAME...]
"""
import shutil
import subprocess
import time

import probe
from probe import SENSOR, SETTLE, Probe, expect, numbers, send

CAP_NET_RAW = 1 << 13


def status_of(net):
    """/proc/PID/status of the probe."""
    for pid in subprocess.run(["ip", "netns", "pids", net.prefix + SENSOR], check=True, capture_output=True,
                              text=True).stdout.split():
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
        if fields["Name"] == "live_probe":
            return fields
    return {}


def test_sealed(net):
    """Down, deleted, created later: all of it under the filter."""
    net.open()
    copy, state = net.folder / "live_probe", net.folder / "state"
    shutil.copy(probe.PROBE, copy)
    copy.chmod(0o755)
    live = Probe(net, "--guarded", state, "cap0", "cap1", program=copy)
    expect("it is up", live.await_("up", 0), live.told)
    status = status_of(net)
    expect("it holds one right, and a filter", (status.get("Seccomp"), status.get("NoNewPrivs"))
           == ("2", "1") and int(status["CapEff"], 16) == int(status["CapPrm"], 16) == CAP_NET_RAW
           and status["Uid"].split()[0] != "0", status)
    send(net, "far0", 0, 100)
    time.sleep(SETTLE)
    net.bring(0, "down")
    expect("down", live.await_("down", 0), live.told)
    net.bring(0, "up")
    expect("up again", live.await_("back", 0), live.told)
    net.link(SENSOR, "del", "cap0")
    expect("deleted", live.await_("gone", 0), live.told)
    time.sleep(SETTLE)
    net.add_wire(0)
    net.bring(0, "up")
    expect("opened again", live.await_("back", 0), live.told)
    net.add_wire(1)
    net.bring(1, "up")
    expect("created later", live.await_("back", 1), live.told)
    send(net, "far0", 100, 100)
    send(net, "far1", 200, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("all frames", numbers(live.frames) == list(range(300)), len(live.frames))
    expect("it ended well", live.code == 0 and not live.complaint, (live.code, live.complaint))


if __name__ == "__main__":
    probe.main([test_sealed])
