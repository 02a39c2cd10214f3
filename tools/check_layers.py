#!/usr/bin/env python3
"""Fails when a file includes what tools/layers.txt does not allow its folder."""
import fnmatch
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.M)


def read_layers():
    layers = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            folder, _, allowed = line.partition(":")
            layers[folder] = allowed.split()
            for below in layers[folder]:
                if "<" not in below and "*" not in below and below not in layers:
                    sys.exit(f"{folder}: {below} is not listed above it")
    return layers


def guarded_libraries(layers):
    return tuple(a.rstrip(">") for allowed in layers.values() for a in allowed if a.startswith("<"))


def offences(path, allowed, guarded):
    folder = path.parent.relative_to(ROOT).as_posix()
    for own, system in INCLUDE.findall(path.read_text()):
        if own:
            target = pathlib.PurePosixPath(own).parent.as_posix()
            if target != folder and not any(fnmatch.fnmatch(target, a) for a in allowed):
                yield f'"{own}"'
        elif system.startswith(guarded) and not any(system.startswith(a.rstrip(">")) for a in allowed):
            yield system


def main():
    layers, bad = read_layers(), 0
    guarded = guarded_libraries(layers)
    for path in sorted([*ROOT.glob("dissectors/**/*.[ch]"), *ROOT.glob("sensor/**/*.[ch]"),
                        *ROOT.glob("tools/desk/*.[ch]")]):
        folder = path.parent.relative_to(ROOT).as_posix()
        if folder not in layers:
            print(f"{folder}: not in tools/layers.txt")
            bad += 1
            continue
        for include in offences(path, layers[folder], guarded):
            print(f"{path.relative_to(ROOT)}: must not include {include}")
            bad += 1
    return 1 if bad else 0


sys.exit(main())
