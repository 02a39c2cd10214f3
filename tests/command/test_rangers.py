#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the rangers sent (courier.folder): settings of the enrolment go below the office's own, decisions stand
beside the office's own, and what is wrong with theirs costs the office nothing.

Usage: test_rangers.py HINOMI
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HINOMI = pathlib.Path(sys.argv[1]).resolve()
ENTRY = ("- {{ id: {id}, device: NAS, rule: EXF-1, destination: backup.example.jp, owner: Sato, reason: agreed, "
         "since: 2026-11-01, expires: 2027-02-01 }}\n")
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def run(*arguments):
    return subprocess.run([HINOMI, *arguments], capture_output=True, text=True, timeout=60)


def settings(folder):
    main = folder / "hinomi.yaml"
    main.write_text(f"courier:\n  folder: {folder}\njudge:\n  doubts: 700\n")

    def value(name, *options):
        done = run("check-config", "--config", main, *options)
        found = [line.split(":", 1)[1].strip() for line in done.stdout.splitlines()
                 if line.strip().startswith(f"{name}:")]
        return done, found[0] if found else None

    expect("without an enrolment nothing is missed", value("identity")[1] == "''", value("identity")[1])
    (folder / "enrolled.yaml").write_text("sensor:\n  identity: office-7\njudge:\n  doubts: 900\n  cases: 300\n")
    expect("an enrolment says who the sensor is", value("identity")[1] == "'office-7'", value("identity")[1])
    expect("the office's own file goes over it", value("doubts")[1] == "700", value("doubts")[1])
    expect("--set goes over both", value("cases", "--set", "judge.cases=400")[1] == "400")
    expect("what only the enrolment sets counts", value("cases")[1] == "300", value("cases")[1])
    (folder / "enrolled.yaml").write_text("sensor:\n  identity: [1\n")
    done, _ = value("identity")
    expect("a fault of it is told with its file", done.returncode == 2 and "enrolled.yaml" in done.stderr, done.stderr)
    (folder / "enrolled.yaml").unlink()


def ids(folder, *options):
    done = run("suppressions", "--json", "--set", f"courier.folder={folder}", "--set", f"store.folder={folder}",
               *options)
    return [json.loads(line)["id"] for line in done.stdout.splitlines()], done.stderr


def decisions(folder):
    own, theirs = folder / "own.yaml", folder / "rangers.yaml"
    own.write_text("suppressions:\n" + ENTRY.format(id="own-1"))
    with_own = ("--set", f"judge.decisions={own}")
    theirs.write_text("suppressions:\n" + ENTRY.format(id="ranger-1"))
    expect("the rangers' decisions count alone", ids(folder)[0] == ["ranger-1"], ids(folder))
    expect("and beside the office's own", ids(folder, *with_own)[0] == ["own-1", "ranger-1"], ids(folder, *with_own))
    theirs.write_text("suppressions:\n" + ENTRY.format(id="ranger-1").replace("EXF-1", "QQQ-9"))
    expect("a rule of a newer sensor costs nothing", ids(folder, *with_own)[0] == ["own-1", "ranger-1"], ids(folder, *with_own))
    own.write_text("suppressions:\n" + ENTRY.format(id="own-1").replace("EXF-1", "QQQ-9"))
    expect("in the office's own file it is a fault", ids(folder, *with_own)[0] == [] and "QQQ-9" in ids(folder, *with_own)[1])
    own.write_text("suppressions:\n" + ENTRY.format(id="own-1"))
    for what, text in (("a broken file of theirs", "suppressions: [\n"),
                       ("one with the office's id", "suppressions:\n" + ENTRY.format(id="own-1"))):
        theirs.write_text(text)
        found, said = ids(folder, *with_own)
        expect(f"{what} is left out, and told", found == ["own-1"] and "rangers.yaml" in said and "left out" in said,
               (found, said))


with tempfile.TemporaryDirectory() as scratch:
    settings(pathlib.Path(scratch))
    decisions(pathlib.Path(scratch))
print(f"{failures} failed")
sys.exit(1 if failures else 0)
