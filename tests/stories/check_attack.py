#!/usr/bin/env python3
"""Holds the ATT&CK ids of the stories to the list beside this file.

usage: check_attack.py STORIES.C

Each story names techniques that exist, and a tactic that at least one of them serves; a weakness
(exposure) serves none. The ids in golden verdicts come from the same table.
"""
import pathlib
import re
import sys

LIST = pathlib.Path(__file__).with_name("attack_techniques.tsv")
STORY = re.compile(r'\[SIGNAL_(\w+)\]\s*=\s*\{\s*"(\w+)",\s*"[\w-]+",\s*"([^"]*)",\s*TACTIC_(\w+)')


def techniques():
    rows = [line.split("\t") for line in LIST.read_text().splitlines() if not line.startswith("#")]
    return {row[0]: set(row[2].split()) for row in rows}


def faults(story, ids, tactic, known):
    unknown = [i for i in ids if i not in known]
    if not ids or unknown:
        yield f"{story}: {' '.join(unknown) or 'no technique'} is not in {LIST.name}"
    served = set().union(*(known.get(i, set()) for i in ids))
    if tactic != "exposure" and tactic not in served:
        yield f"{story}: none of {' '.join(ids)} serves {tactic}, only {', '.join(sorted(served))}"


def main():
    source = pathlib.Path(sys.argv[1]).read_text()
    stories = STORY.findall(source)
    if len(stories) != len(re.findall(r"\[SIGNAL_\w+\]\s*=", source)):
        sys.exit("stories.c has rows that this check cannot read: mend STORY here")
    known = techniques()
    found = [fault for signal, _, ids, tactic in stories
             for fault in faults(signal.lower(), ids.split(), tactic.lower().replace("_", "-"), known)]
    print("\n".join(found) or f"{len(stories)} stories name techniques and tactics that exist")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
