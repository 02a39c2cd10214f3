#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people have decided, on golden captures: what is suppressed is counted exactly, P1 is never hidden, what
has expired does nothing, verdicts weigh, the alert budget holds; and each fault of the file has its line.

Usage: test_decisions.py HINOMI GOLDEN
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HINOMI, GOLDEN = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
CHECK = GOLDEN / "check_schema.py"
CLEO, ANNA = "a4:83:e7:30:33:c3", "d4:be:d9:4c:11:a1"
BY = "owner: Sato, reason: agreed with the office"
NOW = f"{BY}, since: 2026-11-01, expires: 2027-01-01"
PAST = f"{BY}, since: 2025-11-01, expires: 2026-11-01"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def capture(name):
    return next((GOLDEN / name).glob("capture.*"))


class Run:
    """One reading as JSON: its cases by MAC, and its summary."""

    def __init__(self, names, decisions="", *options, folder):
        file = folder / "decisions.yaml"
        file.write_text(decisions, encoding="utf-8")
        self.arguments = ["--quiet", "--workers", "0", "--set", f"judge.decisions={file}", *options,
                          *map(capture, names)]
        done = subprocess.run([HINOMI, "read", "--json", *self.arguments], capture_output=True, text=True, timeout=120)
        self.lines = done.stdout
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.cases = {line["device"]["mac"]: line for line in lines if line["schema"] == "hinomi.case/1"}
        self.summary = lines[-1]
        held = self.summary["held_back"]
        expect("the account is exact", done.returncode == 0 and not done.stderr and self.summary["signals"] ==
               self.summary["in_cases"] + sum(held.values()), (done.stderr, self.summary))
        expect("and so are the suppressions", held.get("suppressed", 0) ==
               sum(entry["held"] for entry in self.summary.get("suppressions", [])), self.summary)
        hold = subprocess.run([sys.executable, CHECK], input=self.lines, capture_output=True, text=True, timeout=120)
        expect("the lines fit their schemas", hold.returncode in (0, 77), hold.stdout)

    def text(self, *options):
        return subprocess.run([HINOMI, "read", "--lang", "en", *options, *self.arguments], capture_output=True,
                              text=True, timeout=120).stdout


def suppressions(folder):
    plain = Run(["sample"], folder=folder)
    run = Run(["sample"], f"suppressions:\n- {{ id: scanner, device: {CLEO}, rule: SCN-1, {NOW} }}\n"
              f"- {{ id: other, destination: elsewhere.example, {NOW} }}\n", folder=folder)
    expect("what is suppressed opens no case", CLEO in plain.cases and CLEO not in run.cases, run.cases.keys())
    expect("and nothing else is", set(plain.cases) - {CLEO} == set(run.cases), run.cases.keys())
    expect("as many signals as before", plain.summary["signals"] == run.summary["signals"], run.summary)
    one, other = run.summary["suppressions"]
    expect("counted for its entry", one["held"] > 0 and one["state"] == "in_force" and "last" in one and
           other["held"] == 0 and "last" not in other, run.summary)
    expect("people are told", "Suppression scanner (Sato): until 2027-01-01; " in run.text(), run.text())

    run = Run(["sample"], f"suppressions:\n- {{ id: tunnel, destination: still-water.example, {NOW} }}\n", folder=folder)
    covered = [f for f in run.cases[ANNA]["findings"] if f["rule"] == "DNS-1"]
    expect("P1 is shown all the same", run.cases[ANNA]["priority"] == 1 and
           all(f.get("suppressed_by") == "tunnel" for f in covered) and covered, covered)
    expect("and says which explanation did not do", any(
        c["code"] == "suppressed" and c["result"] == "set_aside" for f in covered for c in f["considered"]), covered)
    expect("counted as shown", run.summary["suppressions"][0]["shown"] > 0, run.summary)
    words = 'Suppressed by "tunnel", shown because it is P1.'
    expect("in words", words in run.text() and words in run.text("--explain"), run.text())

    run = Run(["sample"], f"suppressions:\n- {{ id: scanner, device: {CLEO}, {PAST} }}\n", folder=folder)
    expect("what has expired does nothing", run.cases == plain.cases, run.cases.keys())
    expect("and is said", run.summary["suppressions"][0]["state"] == "expired" and
           "EXPIRED 2026-11-01, does nothing any more" in run.text(), run.text())


def verdicts(folder):
    plain = Run(["lan-scan"], folder=folder)
    few = Run(["lan-scan"], "feedback:\n- { rule: SCN-1, true: 0, false: 2 }\n", folder=folder)
    before, after = plain.cases[ANNA]["findings"][0], few.cases[ANNA]["findings"][0]
    reason = [r for r in after["reasons"] if r["code"] == "verdicts"]
    expect("verdicts weigh", after["confidence"] < before["confidence"] and reason and reason[0]["times"] < 1 and
           reason[0]["value"] == 0, after["reasons"])
    expect("and are explained", "cases of this rule that the help desk found right so far: 0 %" in few.text("--explain"),
           few.text("--explain"))
    many = Run(["lan-scan"], "feedback:\n- { rule: SCN-1, true: 0, false: 30 }\n", folder=folder)
    expect("a rule that is never right is counted only", not many.cases and
           many.summary["held_back"].get("report_only", 0) > 0 and many.summary["rules_set_aside"] == ["SCN-1"],
           many.summary)
    expect("and that is said", "Rule SCN-1 is set aside: right in 0 of 30 judged cases" in many.text(), many.text())
    worst = Run(["password-guessing"], "feedback:\n- { rule: BRU-1, true: 0, false: 90 }\n"
                "- { rule: BRU-3, true: 0, false: 90 }\n", folder=folder)
    expect("but never P1", [c["priority"] for c in worst.cases.values()] == [1], worst.cases)


def budget(folder):
    names = ["lan-scan", "port-scan", "lan-deceit"]
    plain = Run(names, folder=folder)
    tight = Run(names, "", "--set", "judge.budget_day=1", "--set", "judge.budget_week=1", folder=folder)
    digest = [case for case in tight.cases.values() if case.get("digest")]
    expect("as many cases as before", set(plain.cases) == set(tight.cases) and len(plain.cases) == 3, plain.cases.keys())
    expect("one is told, the rest is the digest", len(digest) == 2 and tight.summary["digest_cases"] == 2, tight.summary)
    order = [case.get("digest", False) for case in tight.cases.values()]
    expect("which comes last", order == sorted(order), order)
    expect("in words", tight.text().count("In the digest: more cases came") == 2, tight.text())
    expect("nothing is digest without need", not any(case.get("digest") for case in plain.cases.values()), plain.lines)
    for workers in ("1", "3"):
        again = Run(names, "", "--set", "judge.budget_day=1", "--set", "judge.budget_week=1", "--workers", workers,
                    folder=folder)
        expect(f"the same with {workers} workers", again.lines == tight.lines)


def importance(folder):
    plain = Run(["lan-scan"], folder=folder)
    for word, code, step in (("high", "important", 1), ("low", "unimportant", -1)):
        run = Run(["lan-scan"], f"devices:\n- {{ device: anna-laptop, importance: {word} }}\n", folder=folder)
        expect(f"importance {word} moves the impact", run.cases[ANNA]["impact"] == plain.cases[ANNA]["impact"] + step and
               [s["code"] for s in run.cases[ANNA]["standing"]] == [code], run.cases[ANNA].get("standing"))
        expect("not the priority", run.cases[ANNA]["priority"] == plain.cases[ANNA]["priority"])


def faults(folder):
    file = folder / "bad.yaml"
    file.write_text("suppressions:\n- { id: a, port: 99999, owner: b, since: 2026-01-01, expires: never }\nmore: 1\n",
                    encoding="utf-8")
    want = ["line 2, column 18: port: '99999' is no port", "line 2, column 63: expires: 'never' is no day",
            "line 2, column 3: 'reason' is missing", "line 3, column 1: expected suppressions"]
    for command in (["check-config"], ["read", capture("lan-scan")], ["suppressions"],
                    ["feedback", "--by", "a", "--why", "b", "4b74", "policy"]):
        done = subprocess.run([HINOMI, *command, "--set", f"judge.decisions={file}"], capture_output=True, text=True,
                              timeout=60)
        lines = done.stderr.splitlines()
        expect(f"{command[0]}: every fault is told", done.returncode == 2 and len(lines) == len(want) and all(
            line.startswith(f"hinomi: {file}: {words}") for line, words in zip(lines, want)), done.stderr)
    usages = ((["1", "infected"], "no verdict: infected"), (["1"], "a case and a verdict"),
              (["--by", "a", "1", "policy"], "--why takes"), (["--why", "a", "1", "policy"], "--by takes"),
              (["--by", "a\nb", "--why", "c", "1", "policy"], "--by takes"),
              (["--by", "a", "--why", "b", "1", "policy"], "set judge.decisions"))
    for words, problem in usages:
        done = subprocess.run([HINOMI, "feedback", *words], capture_output=True, text=True, timeout=60)
        expect(f"feedback {' '.join(words)!r}: refused", done.returncode == 2 and problem in done.stderr and
               done.stderr.count("\n") == 1, done.stderr)


def main():
    for test in (suppressions, verdicts, budget, importance, faults):
        with tempfile.TemporaryDirectory() as folder:
            test(pathlib.Path(folder))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
