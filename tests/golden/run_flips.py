#!/usr/bin/env python3
"""Turns each condition of each finding round, by the option that sets it: the story must vanish or weaken.

Usage: run_flips.py HINOMI FOLDER…   (folders of tests/golden)

A condition that can be turned round without consequence would be one that the verdict does not rest
on: exit 1 when there is one. Where the same story is then told for other reasons, it is said.
"""
import json
import pathlib
import subprocess
import sys

from beside import beside


def read(hinomi, folder, *settings):
    capture = next(folder.glob("capture.*")).name
    sets = [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run([hinomi, "read", "--json", "--quiet", "--workers", "0", *beside(folder), *sets,
                           capture], capture_output=True, text=True, cwd=folder, timeout=120)
    if done.returncode == 2:
        return None
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(case["device"]["name"], finding["kind"], finding["object"]["value"]): finding
            for case in lines if case["schema"] == "hinomi.case/1" for finding in case["findings"]}


def units(hinomi):
    """How each option writes its value: "10m", "64K", "0.5", "16"."""
    done = subprocess.run([hinomi, "check-config"], capture_output=True, text=True, check=True)
    found, module = {}, ""
    for line in done.stdout.splitlines():
        text = line.split("#")[0].rstrip()
        if text.endswith(":") and not text.startswith(" "):
            module = text[:-1]
        elif ":" in text:
            name, value = text.strip().split(":", 1)
            found[f"{module}.{name}"] = value.strip()
    return found


def turned(reason, written):
    """The threshold just beyond what was measured, as the option writes it."""
    is_at_least = "at_least" in reason
    value = reason["value"]
    if reason["code"].endswith("_ended") and written[-1:] in "hd":  # days, not seconds
        return f"{int(value) + 1}d"
    if written[-1:] in "smhd" and written[:1].isdigit():
        step = max(1, int(value * 1000) // 100)
        return f"{int(value * 1000) + (step if is_at_least else -step)}ms"
    if "." in written:
        return f"{value * (1.01 if is_at_least else 0.99) + (0.001 if is_at_least else -0.001):.4f}"
    return str(int(value) + 1 if is_at_least else max(0, int(value) - 1))


def is_told_later(now, reason):
    """It took more of what is measured until it was told."""
    again = next((other for other in now["reasons"] if other["code"] == reason["code"]), None)
    if not again:
        return False
    return again["value"] > reason["value"] if "at_least" in reason else again["value"] < reason["value"]


def is_weaker(now, before):
    return now is None or now["confidence"] < before["confidence"] or now["signals"] < before["signals"] \
        or now["count"] < before["count"] or now["priority"] > before["priority"]


def stands_on(finding, reason):
    return any(other.get("option") == reason["option"] and other["code"] == reason["code"]
               for other in finding["reasons"])


def main():
    hinomi = pathlib.Path(sys.argv[1]).resolve()
    written = units(hinomi)
    turned_round = beyond = bad = 0
    for folder in map(pathlib.Path, sys.argv[2:]):
        before = read(hinomi, folder)
        for key, finding in before.items():
            for reason in finding["reasons"]:
                if "option" not in reason:
                    continue
                setting = f'{reason["option"]}={turned(reason, written[reason["option"]])}'
                now = read(hinomi, folder, setting)
                if now is None:  # beyond the option's limits
                    beyond += 1
                    continue
                turned_round += 1
                after = now.get(key)
                if is_weaker(after, finding) or is_told_later(after, reason):
                    continue
                if not stands_on(after, reason):
                    print(f"{folder.name}: {key}: told for other reasons than {reason['code']}")
                else:
                    print(f"{folder.name}: {key}: {reason['code']} does not matter: {setting}")
                    bad += 1
    print(f"{turned_round} conditions turned round, {beyond} only beyond their option's limits")
    sys.exit(1 if bad or turned_round == 0 else 0)


if __name__ == "__main__":
    main()
