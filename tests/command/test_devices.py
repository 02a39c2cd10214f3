#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the office calls a device, by `hinomi devices label`, is what cases call it.

Usage: test_devices.py HINOMI GOLDEN

The golden capture has a case about ANNA-LAPTOP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HINOMI, GOLDEN = sys.argv[1], pathlib.Path(sys.argv[2])
failed = 0


def expect(what, holds, seen=""):
    global failed
    if not holds:
        failed += 1
        print(f"FAILED: {what}: {seen}")


def run(*arguments):
    done = subprocess.run([HINOMI, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def label(state, *arguments):
    return run("devices", "label", "--state", state, *arguments)


def names_of_cases(labels):
    capture = next(GOLDEN.glob("capture.*"))
    code, out, err = run("read", "--json", "--quiet", "--set", f"devices.labels={labels}", capture)
    lines = [json.loads(line) for line in out.splitlines()]
    return code, [line["device"] for line in lines if line["schema"] == "hinomi.case/1"], err


with tempfile.TemporaryDirectory() as folder:
    state = pathlib.Path(folder)
    table = state / "devices.tsv"
    table.write_text("# our devices\nprinter\tPrinter\n", encoding="utf-8")
    code, out, err = label(state, "--place", "2階", "--owner", "佐藤", "--kind", "office", "ANNA-LAPTOP", "会計のパソコン")
    expect("it is written down", code == 0 and "SIGHUP" in out, out + err)
    expect("what people wrote stays", table.read_text(encoding="utf-8") ==
           "# our devices\nprinter\tPrinter\nanna-laptop\t会計のパソコン\t2階\t佐藤\toffice\n",
           table.read_text(encoding="utf-8"))
    code, devices, err = names_of_cases(table)
    expect("the case calls it so", code == 0 and devices and devices[0]["name"] == "会計のパソコン(2階)" and
           devices[0]["kind"] == "office" and devices[0]["owner"] == "佐藤", devices)
    expect("and keeps its own name", devices and devices[0]["names"][0]["name"] == "ANNA-LAPTOP", devices)
    code, out, err = label(state, "--remove", "Anna-Laptop")
    expect("it is removed", code == 0 and "anna" not in table.read_text(encoding="utf-8"), out + err)
    code, devices, err = names_of_cases(table)
    expect("the case calls it by its name", devices and devices[0]["name"] == "ANNA-LAPTOP", devices)
    for what, arguments in (("no label", ["anna"]), ("another kind", ["--kind", "printer", "anna", "x"]),
                            ("too long", ["anna", "x" * 64]), ("no name", ["two words", "x"]),
                            ("an unknown number", ["12", "x"])):
        code, out, err = label(state, *arguments)
        expect(f"{what}: refused in one line", code == 2 and err.count("\n") == 1, err)
    table.write_bytes(b"anna-laptop\t\x89\xef\x8c\x76\n")
    code, devices, err = names_of_cases(table)
    expect("a table of another encoding: said, and read on", code == 0 and "line 1" in err and
           devices and devices[0]["name"] == "ANNA-LAPTOP", err)
sys.exit(failed > 0)
