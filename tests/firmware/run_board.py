"""run_board.py SCENE... --firmware DIR --desk PROGRAM: the image in an emulated arm64 board, as an office would use it.

DIR is what `firmware/build_image --development --no-compress -o DIR` made. Scenes: office, update, cuts, quiet; without one, all. Root is
needed to alter an image. The board hears loopback only; each scene ends by itself. What is printed is what was seen.
"""

import argparse
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import board as boards  # noqa: E402
import scenes_office  # noqa: E402
import scenes_update  # noqa: E402
from board_bench import Bench, expect, failed, seen  # noqa: E402

SCENES = {"office": scenes_office.office, "update": scenes_update.update, "cuts": scenes_update.cuts, "quiet": scenes_office.quiet}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    parser.add_argument("--firmware", required=True)
    parser.add_argument("--desk", required=True)
    given = parser.parse_args()
    missing = boards.tools_missing()
    if missing:
        print("skipped: not there:", ", ".join(missing))
        sys.exit(77)
    for name in given.scenes or SCENES:
        bench = Bench(given.firmware, given.desk)
        begin = time.monotonic()
        print(f"== {name}", flush=True)
        try:
            SCENES[name](bench)
        except (boards.BoardError, AssertionError, OSError, subprocess.SubprocessError) as error:
            expect(name, False, str(error))
        finally:
            seen(f"{name}, seconds", round(time.monotonic() - begin))
            bench.close()
    sys.exit(failed())


main()
