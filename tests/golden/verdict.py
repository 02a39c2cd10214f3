"""Reads a verdict.txt, written by a person: run_golden.py says what stands in it."""
import dataclasses


@dataclasses.dataclass
class Verdict:
    cases: list
    held_back: set
    silent: set


def verdict(folder):
    found = Verdict([], set(), set())
    for line in (folder / "verdict.txt").read_text().splitlines():
        before, _, kinds = line.partition(": ")
        if before == "held_back":
            found.held_back.update(kinds.split(","))
        elif before == "silent":
            found.silent.update(kinds.split(","))
        elif line and line[0] != "#":
            found.cases.append(line)
    return found
