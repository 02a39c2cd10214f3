#!/usr/bin/env python3
"""Runs tests that ctest listed elsewhere (ctest --show-only=json-v1), where there is no ctest.

Usage: run_listed.py FILE PAGE_BYTES

Says first how large a page is, and fails when it is not PAGE_BYTES. A test's own time limit is multiplied, for the machine is
emulated; what an emulator stands before in the list is left away. A live test that fails is tried once more: it compares times, and
such a machine may stand still for seconds when the one it is emulated on is busy. The last line is "hinomi-tests: end, all well", or what is not.
"""
import json
import os
import subprocess
import sys
import time

SLOWNESS = 6
SECONDS_MAX = 600
LAST_LINES = 40


def command_of(test):
    """Without the emulator that the building machine would start it with."""
    words = test["command"]
    at = next((i for i, word in enumerate(words) if "qemu-aarch64" in word), None)
    return words if at is None else words[at + 3:]


def properties_of(test):
    return {each["name"]: each["value"] for each in test.get("properties", [])}


def run(test):
    """What became of it, and what it said."""
    properties = properties_of(test)
    environment = dict(os.environ, **dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", [])))
    limit = min(properties.get("TIMEOUT", SECONDS_MAX) * SLOWNESS, SECONDS_MAX)
    try:
        done = subprocess.run(command_of(test), env=environment, cwd="/tmp", timeout=limit, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as slow:
        return "FAILED", f"{(slow.stdout or b'').decode(errors='replace')}\nnot done after {limit} s"
    except OSError as error:
        return "FAILED", str(error)
    if done.returncode == 0:
        return "passed", done.stdout
    if done.returncode == properties.get("SKIP_RETURN_CODE"):
        return "skipped", done.stdout
    return "FAILED", f"{done.stdout}\nexit code {done.returncode}"


def gist(said):
    """What failed, and how it ended."""
    lines = said.rstrip().splitlines()
    return [line for line in lines[:-LAST_LINES] if "FAIL" in line] + lines[-LAST_LINES:]


def main():
    with open(sys.argv[1], encoding="utf-8") as listed:
        tests = json.load(listed)["tests"]
    count = {"passed": 0, "FAILED": 0, "skipped": 0}
    page = os.sysconf("SC_PAGE_SIZE")
    is_well = page == int(sys.argv[2])
    print(f"\nhinomi-tests: begin, Linux {os.uname().release}, pages of {page} bytes, {len(tests)} tests", flush=True)
    for test in tests:
        begun = time.monotonic()
        how, said = run(test)
        if how == "FAILED" and "live" in properties_of(test).get("LABELS", []):
            print(f"once more: {test['name']}", *gist(said), sep="\n    ", flush=True)
            how, said = run(test)
        count[how] += 1
        print(f"{how:7} {test['name']} {time.monotonic() - begun:.1f} s", flush=True)
        for line in {"passed": [], "skipped": said.rstrip().splitlines()[-1:], "FAILED": gist(said)}[how]:
            print(f"    {line}", flush=True)
    is_well = is_well and count["FAILED"] == 0 and count["passed"] > 0
    print(f"{count['passed']} passed, {count['FAILED']} failed, {count['skipped']} skipped")
    print(f"hinomi-tests: end, {'all well' if is_well else 'not well'}", flush=True)


main()
