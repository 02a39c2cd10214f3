#!/usr/bin/env python3
"""Holds `hinomi read` to budgets.tsv: instructions for each packet, and peak memory.

Usage: check_budgets.py BUILD [--update]     (BUILD: build/release)

Small captures are generated, read under callgrind and without it, and compared with the table; what was measured
stands beside what is allowed. --update writes the table anew: what was measured and MARGINS. Exit 77, which ctest
takes for a skip: valgrind is not installed.
"""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

import contenders
from captures import Generator
from measuring import VALGRIND, Meter

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "budgets.tsv"
SKIPPED = 77
SECONDS = 300
# What --update adds: other versions of libraries; and pages, of which runs differ by one MiB.
MARGINS = {"instructions": (1.03, 0), "memory": (1.03, 2)}
MIB = 1024
# The table is of Debian 12: another compiler, libc and libpcap may need so much more. In Debian 13 the suffix
# list is newer than libpsl's own, so libpsl is asked for each name (suffix_rules.h): 1.35 times for mice.
TABLE_COMPILER, OTHER_COMPILERS = "12", 1.45


def read_table():
    """The lines of the table, and of those which are no comment the fields."""
    lines = TABLE.read_text().splitlines()
    return [(line, None if line.startswith("#") else line.split("\t")) for line in lines]


def make(generator, capture, size):
    name = f"{capture}_{size}"
    if capture == "office_mix":
        return generator.office_mix(name, size, use_corpus=False, copies=1)
    if capture == "elephants":
        return generator.elephants(name, size)
    return generator.make(name, capture, size)


def measure(meter, command, what, capture):
    """None when the run failed or took too long: over any budget."""
    if what == "instructions":
        value = meter.instructions_per_packet(command, capture.name, capture)
        return None if value is None else round(value)
    usage = meter.usage(command(capture.path))
    return round(usage.peak_kib / MIB, 1) if usage.finished else None


def measure_all(build, rows):
    with tempfile.TemporaryDirectory(prefix="hinomi-budget-") as folder:
        generator = Generator(folder, build, HERE.parents[1])
        meter = Meter(folder, build, SECONDS)
        command = contenders.hinomi(build)
        start_up = meter.instructions(command(generator.empty()), "start")
        captures = [make(generator, capture, int(size)) for _, capture, size, _ in rows]
        for capture in captures:
            meter.start_up[capture.name] = start_up
        # Memory one after the other: its runs share the file that the launcher writes.
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = {i: pool.submit(measure, meter, command, "instructions", captures[i])
                     for i, row in enumerate(rows) if row[0] == "instructions"}
            values = [None if i in found else measure(meter, command, row[0], captures[i])
                      for i, row in enumerate(rows)]
            return [found[i].result() if i in found else value for i, value in enumerate(values)]


def slack():
    """1 where the table's compiler made the build."""
    version = subprocess.run(["gcc", "-dumpversion"], capture_output=True, text=True, check=False).stdout
    return 1 if version.split(".")[0].strip() == TABLE_COMPILER else OTHER_COMPILERS


def update(lines, values):
    fresh, values = [], iter(values)
    for line, fields in lines:
        if fields:
            value = next(values)
            if value is None:
                sys.exit(f"not updated: {line} failed")
            factor, more = MARGINS[fields[0]]
            fields[3] = f"{value * factor + more:.0f}"
        fresh.append("\t".join(fields) if fields else line)
    TABLE.write_text("\n".join(fresh) + "\n")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    if not shutil.which(VALGRIND):
        print("skipped: valgrind is not installed")
        sys.exit(SKIPPED)
    lines = read_table()
    rows = [fields for _, fields in lines if fields]
    values = measure_all(pathlib.Path(arguments[0]).resolve(), rows)
    bad, more = 0, slack()
    for (what, capture, size, allowed), value in zip(rows, values):
        allowed = round(float(allowed) * more)
        over = value is None or value > allowed
        bad += over
        print(f"{'OVER' if over else 'ok  '} {what:12} {capture:10} {size:>7}: "
              f"measured {'nothing' if value is None else value}, allowed {allowed}")
    if "--update" in sys.argv:
        update(lines, values)
        return
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
