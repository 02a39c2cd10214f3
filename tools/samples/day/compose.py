#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Composes an office's day from recorded parts: usage: compose.py PARTS OUT [--seed N] [--hours H]
[--people N]. OUT ends in .pcap or .pcap.zst.

Each part is what a real program once did (habits.py, machines.py); who does it, when, how often,
from which ports and addresses is drawn here. What real programs do in rounds for hours was
recorded with a few rounds, closer together, and is slowed down to its real pace.
"""
import argparse
import pathlib
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parent.parent)]

import schedule  # noqa: E402
from frames import write_frames  # noqa: E402
from player import Player, load_parts, seeded  # noqa: E402

# 2026-03-03 07:30 in Tokyo, a Tuesday.
MORNING = 1772490600.0


def compose(parts, seed, hours, people):
    dice = seeded(seed)
    player = Player(parts, dice)
    schedule.Day(player, dice, MORNING, hours * 3600, people).fill()
    end = MORNING + hours * 3600
    player.out.sort(key=lambda frame: frame[0])
    return [frame for frame in player.out if frame[0] < end]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--people", type=int, default=12)
    options = parser.parse_args()
    frames = compose(load_parts(options.parts), options.seed, options.hours, options.people)
    plain = options.out.with_suffix("") if options.out.suffix == ".zst" else options.out
    with plain.open("wb") as out:
        write_frames(out, frames)
    if plain != options.out:
        subprocess.run(["zstd", "-q", "-12", "--long=27", "-T2", "--rm", "-f", str(plain)], check=True)
    print(f"{options.out}: {len(frames)} packets, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
