#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sensor and tcpdump on the same wire: live verdicts are those of the file, byte for byte."""
import time

import sensor
from probe import SENSOR, Tcpdump, expect
from sensor import Sensor, plain, read, replay

SETTLED = 1.5


def same_verdict(net, capture, speed, *arguments):
    net.open()
    for side, name in ((SENSOR, "cap0"), (sensor.FAR, "far0")):
        net.link(side, "set", name, "mtu", "9000")
    dump = Tcpdump(net, SENSOR, "cap0")
    watch = Sensor(net, "--report", "--json", *arguments)
    replay(net, capture, *speed)
    time.sleep(SETTLED)
    code = watch.stop()
    frames = dump.frames()
    live, offline = watch.out.read_bytes(), read(watch.hinomi, "--json", *arguments, dump.path)
    expect("stopped as asked", code == 0, watch.log())
    expect("frames were captured", len(frames) > 100, len(frames))
    expect("the same verdict", live == offline, (live[-2000:], offline[-2000:]))
    return live


def test_scan(net):
    """A scan of the office, at its own pace: a case, live as in the file."""
    live = same_verdict(net, plain(net, "lan-scan"), ["--multiplier", "10"])
    expect("a case", b'"hinomi.case/1"' in live, live[-500:])


def test_tunnel(net):
    live = same_verdict(net, plain(net, "dns-tunnel"), ["--multiplier", "20"])
    expect("a case", b'"hinomi.case/1"' in live, live[-500:])


def test_office(net):
    """An hour of an office within seconds: many protocols, reordered by nobody, no case needed."""
    same_verdict(net, plain(net, "office-hour"), ["--pps", "2000"])


def test_listed(net):
    live = same_verdict(net, plain(net, "listed"), ["--pps", "400"], "--intel",
                        str(sensor.GOLDEN / "listed" / "intel.txt"))
    expect("a case", b'"hinomi.case/1"' in live, live[-500:])


if __name__ == "__main__":
    sensor.main([test_scan, test_tunnel, test_office, test_listed])
