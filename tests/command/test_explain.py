#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people are told of the golden captures' cases: nobody blamed without evidence, no empty subject, no
jargon where an owner reads, and an explanation that is whole.

Usage: test_explain.py HINOMI GOLDEN
"""
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "golden"))
from beside import beside  # noqa: E402

# What the evidence does not carry, or what destroys it.
CLAIMS = ["infected", "infection", "hacked", "compromised", "switch off", "turn off", "shut down", "reboot",
          "感染してい", "感染しました", "電源を切", "再起動", "初期化"]
# Words of the trade that an owner would have to look up.
JARGON = ["beacon", "C2", "command and control", "exfiltrat", "lateral", "payload", "NXDOMAIN", "DGA", "entropy",
          "JA4", "SNI", "TTL", "brute", "ビーコン", "ペイロード", "エントロピー", "ラテラル"]
PARTS = ["What was seen:", "How urgent, how sure:", "It would be harmless if",
         "What the sensor could not know:", "Do first:", "確認されたこと：", "まず行うこと："]


def run(hinomi, folder, *words):
    done = subprocess.run([hinomi, "read", "--quiet", "--workers", "0", *words], capture_output=True, text=True,
                          cwd=folder, timeout=120)
    return done.stdout


def is_in(word, text):
    """Of our alphabet where a word begins: "little" holds no TTL."""
    return re.search((r"(?<![A-Za-z])" if word.isascii() else "") + re.escape(word), text, re.IGNORECASE)


def sentences(words):
    yield from (words["title"], words["what"], words["harmless_if"], words["not_known"])
    yield from words["do_first"]


def faults_of(case):
    name = case["device"]["name"]
    for language, words in case["text"].items():
        if name not in words["what"]:
            yield f"{language}: the device is not named: {words['what']}"
        if not 1 <= len(words["do_first"]) <= 3:
            yield f"{language}: {len(words['do_first'])} first steps"
        for text in sentences(words):
            known = text.replace(name, "").replace(case["findings"][0]["object"]["value"], "")
            yield from (f"{language}: claims '{word}': {text}" for word in CLAIMS if word in known)
            yield from (f"{language}: jargon '{word}': {text}" for word in JARGON if is_in(word, known))
            if re.search(r"^\s*(は|が|has|is|was)\b", text) or "  " in text:
                yield f"{language}: an empty subject: {text}"
    for finding in case["findings"]:
        if not any("at_least" in r or "at_most" in r or "times" in r for r in finding["reasons"]):
            yield f"{finding['kind']}: neither condition nor evidence"


def main():
    hinomi, golden = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    bad = cases = 0
    for capture in sorted(golden.glob("*/capture.*")):
        words = [*beside(capture.parent), capture.name]
        found = [json.loads(line) for line in run(hinomi, capture.parent, "--json", *words).splitlines()]
        found = [line for line in found if line["schema"] == "hinomi.case/1"]
        faults = [fault for case in found for fault in faults_of(case)]
        explained = run(hinomi, capture.parent, "--explain", *words) if found else ""
        faults += [f"the explanation lacks '{part}'" for part in PARTS if found and part not in explained]
        for case in found:
            faults += [f"not explained: {reason['en']}" for finding in case["findings"]
                       for reason in finding["reasons"] if reason["en"] not in explained]
        cases += len(found)
        bad += len(faults)
        for fault in faults:
            print(f"{capture.parent.name}: {fault}")
    print(f"{cases} cases")
    sys.exit(1 if bad or cases == 0 else 0)


if __name__ == "__main__":
    main()
