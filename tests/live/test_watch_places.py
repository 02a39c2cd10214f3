#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Databases of places under a guarded sensor: opened before it is sealed, exchanged by a reload, cut short while they
are mapped; a case says where the other side is, and the sensor lives through all of it."""
import os
import signal
import subprocess
import sys
import time

from probe import PATIENCE, expect
import sensor
from sensor import Sensor, plain, replay

TOOL = sensor.TESTS.parent / "tools" / "asn_database"


def build(path, country):
    """By renaming, as the tool does it."""
    table = path.with_suffix(".tsv")
    table.write_text(f"198.51.100.0\t198.51.100.255\t64500\t{country}\tExample Hosting\n", encoding="utf-8")
    subprocess.run([sys.executable, TOOL, table, "-o", path, "--date", "2026-11-01"], check=True, capture_output=True,
                   timeout=60)


def countries_of(watch):
    return {finding.get("place", {}).get("country") for case in watch.cases() for finding in case["findings"]}


def reloaded(watch, times):
    """Whether the reload that was asked for is taken up: the `times`th."""
    watch.signal(signal.SIGHUP)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and watch.log().count("event=reloaded") < times:
        time.sleep(0.1)
    return watch.log().count("event=reloaded") == times


def test_life(net):
    """One database after the other, a missing one, one that is cut short."""
    net.open()
    folder = net.folder / "geo"
    folder.mkdir()
    os.chmod(net.folder, 0o755)
    database = folder / "places.mmdb"
    capture = plain(net, "listed")
    intel = folder / "intel.txt"
    intel.write_text((sensor.GOLDEN / "listed" / "intel.txt").read_text())
    options = ("--json", "--set", f"places.databases={database}", "--set", "places.oldest=3650d", "--intel", intel)
    build(database, "NL")
    watch = Sensor(net, *options, state="first")
    replay(net, capture, "--multiplier", "20")
    expect("a case says where", watch.awaits('"place":{"country":"NL"', where=watch.out) and
           "DE" not in countries_of(watch), watch.log())
    build(database, "DE")
    expect("another database is taken up", reloaded(watch, 1) and "place_database" not in watch.log(), watch.log())
    os.truncate(database, 0)
    replay(net, capture, "--multiplier", "20")
    expect("one that is cut short is told", watch.awaits("event=place_database") and
           "was cut short while it was in use" in watch.log(), watch.log())
    build(database, "DE")
    expect("a whole one is taken up anew", reloaded(watch, 2), watch.log())
    database.unlink()
    expect("a missing one is told", reloaded(watch, 3) and "No such file" in watch.log(), watch.log())
    replay(net, capture, "--multiplier", "20")
    expect("it lives", watch.stop() == 0, watch.log())
    expect("each was told once", watch.log().count("was cut short") == 1 and watch.log().count("No such file") == 1,
           watch.log())


if __name__ == "__main__":
    sensor.main([test_life])
