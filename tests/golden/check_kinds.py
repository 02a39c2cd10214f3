#!/usr/bin/env python3
"""Each kind of signal fires in a golden capture, and stays silent on what looks like it in another.

Usage: check_kinds.py [GOLDEN [SIGNAL_H]]

Reads the verdict.txt of each capture, which run_golden.py holds against what the sensor says:
 * a kind fires where a case names it, or where it is held_back beside a case;
 * it has a twin where it is silent, or, if a case names it elsewhere, where it is held_back and there
   is no case.
A kind without is listed below, with the reason; one that is listed and has no need to be is a fault.
"""
import pathlib
import re
import sys

from verdict import verdict

# One a line, so that several people can take theirs away.
NEVER_FIRES = {
    "listed_before": "of no capture: a list is taken up later (tests/live/test_watch_life.py)",
}
WITHOUT_TWIN = {
    "listed_before": "of no capture: a list is taken up later (tests/live/test_watch_life.py)",
    "old_system": "BEN-DESKTOP of its own capture is the twin",
}


def kinds_of(signal_h):
    listed = re.search(r"enum signal_kind {(.*?)SIGNAL_KINDS", signal_h.read_text(), re.DOTALL).group(1)
    return [name.lower() for name in re.findall(r"SIGNAL_(\w+)", listed)]


def verdicts(golden):
    """Of each capture: kinds in cases, held back, silent."""
    for folder in sorted({capture.parent for capture in golden.glob("*/capture.*")}):
        found = verdict(folder)
        told = {kind for line in found.cases for kind in line.split()[1].split(",")}
        yield folder.name, told, found.held_back, found.silent


def faults(kinds, found):
    told = set().union(*(told for _, told, _, _ in found))
    fires = told.union(*(held for _, cases, held, _ in found if cases))
    twins = set().union(*(silent | (set() if cases else held & told) for _, cases, held, silent in found))
    for name, *sets in found:
        yield from (f"{name}: no kind of signal: {kind}" for kind in set().union(*sets) - set(kinds))
    for kind in kinds:
        for has, without, what in ((kind in fires, NEVER_FIRES, "fires in no capture"),
                                   (kind in twins, WITHOUT_TWIN, "has no harmless twin")):
            if not has and kind not in without:
                yield f"{kind} {what}"
            elif has and kind in without:
                yield f"{kind} is listed in vain: that it {what} ({without[kind]}) is no longer so"
    yield from (f"{kind} is listed, and is no kind" for kind in {*NEVER_FIRES, *WITHOUT_TWIN} - set(kinds))


def main():
    here = pathlib.Path(__file__).resolve()
    golden = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent
    signal_h = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else here.parents[2] / "sensor/detect/signal.h"
    kinds, found = kinds_of(signal_h), list(verdicts(golden))
    bad = sorted(faults(kinds, found))
    print(*bad, sep="\n")
    print(f"{len(kinds)} kinds in {len(found)} captures: {len(NEVER_FIRES)} never fire, "
          f"{len(WITHOUT_TWIN)} without a twin")
    sys.exit(1 if bad or len(kinds) < 50 or not found else 0)


main()
