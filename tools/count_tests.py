#!/usr/bin/env python3
"""Prints "passed failed skipped" of one ctest run's JUnit file; with a second argument, what failed and how it ended goes to that file."""
import sys
import xml.etree.ElementTree

LAST_LINES = 30  # of a failed test's output: enough for its own words, few enough for the end of a log

suite = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
total, failed, skipped = (int(suite.get(name, "0")) for name in ("tests", "failures", "skipped"))
disabled = int(suite.get("disabled", "0"))
print(total - failed - skipped - disabled, failed, skipped + disabled)
if len(sys.argv) > 2:
    with open(sys.argv[2], "a", encoding="utf-8") as report:
        for case in suite.iter("testcase"):
            if case.find("failure") is not None:
                report.write(f"FAILED: {case.get('name')}, of {sys.argv[1]}\n")
                said = (case.findtext("system-out") or "").splitlines()
                report.writelines(f"    {line}\n" for line in said[-LAST_LINES:])
