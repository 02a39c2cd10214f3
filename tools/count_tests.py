#!/usr/bin/env python3
"""Prints "passed failed skipped" of one ctest run's JUnit file."""
import sys
import xml.etree.ElementTree

suite = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
total, failed, skipped = (int(suite.get(name, "0")) for name in ("tests", "failures", "skipped"))
disabled = int(suite.get("disabled", "0"))
print(total - failed - skipped - disabled, failed, skipped + disabled)
