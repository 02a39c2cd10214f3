#!/usr/bin/env python3
"""Runs concurrency proofs that stand beside this file: run_proofs.py relacy_ring.cpp merge.pml

Each proof runs as it is, where it must hold, and once for each mutant, where it must fail in the
way that is named here: a mutant that passes means that the proof proves nothing. Exits with 77,
which ctest takes for a skip, when a checker (Debian: relacy-dev, spin) is not installed.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
SECONDS = 50

HOLDS = ""
RACE = "DATA RACE"
ASSERTION = "USER ASSERT FAILED"
DEADLOCK = "invalid end state"
DISORDER = "assertion violated"

PROOFS = {
    "relacy_ring.cpp": [
        (["-DMUTANT=0"], "as it is", HOLDS),
        (["-DMUTANT=1"], "publish relaxed", RACE),
        (["-DMUTANT=2"], "peek without acquire", RACE),
        (["-DMUTANT=3"], "consume relaxed", RACE),
        (["-DMUTANT=4"], "reserve without acquire", RACE),
    ],
    "relacy_seqlock.cpp": [
        (["-DMUTANT=0"], "as it is", HOLDS),
        (["-DMUTANT=1"], "no writer fence", ASSERTION),
        (["-DMUTANT=2"], "no reader fence", ASSERTION),
        (["-DMUTANT=3"], "release store for the writer fence", ASSERTION),
        (["-DMUTANT=4"], "end store relaxed", ASSERTION),
        (["-DMUTANT=5"], "begin load relaxed", ASSERTION),
    ],
    "merge.pml": [
        ([], "as it is", HOLDS),
        (["-DNO_DRAIN"], "waits for the lane that is behind", DEADLOCK),
        (["-DNO_WATERMARK"], "judges what it has", DISORDER),
    ],
    "handover.pml": [
        ([], "two workers", HOLDS),
        (["-DWORKERS=1"], "one worker", HOLDS),
        (["-DNO_WAIT"], "takes a slot that another lane has", DISORDER),
        (["-DNO_LEFT"], "stops while a record waits for the other lane", DISORDER),
        (["-DCLOSED_LAST"], "asks last whether all is closed", DISORDER),
        (["-DEND_LATE"], "tells a flow's end after the next flow", DEADLOCK),
    ],
}


def run(command, folder):
    return subprocess.run(command, cwd=folder, timeout=SECONDS, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def build(command, folder):
    done = run(command, folder)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stdout}")


def run_relacy(source, defines, folder):
    build([os.environ.get("CXX", "c++"), "-std=c++17", "-O0", "-w", *defines,
           "-o", "proof", str(HERE / source)], folder)
    done = run(["./proof"], folder)
    return done.returncode == 0 and "iterations:" in done.stdout, done.stdout


def run_spin(source, defines, folder):
    build(["spin", *defines, "-a", str(HERE / source)], folder)
    build([os.environ.get("CC", "cc"), "-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"], folder)
    done = run(["./pan", "-m100000"], folder)
    is_whole = "errors: 0" in done.stdout and "not completed" not in done.stdout
    return is_whole and "max search depth" not in done.stdout, done.stdout


def relacy_is_installed():
    probe = subprocess.run([os.environ.get("CXX", "c++"), "-E", "-x", "c++", "-"], text=True,
                           input="#include <relacy/relacy.hpp>\n", stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    return probe.returncode == 0


def spin_is_installed():
    return shutil.which("spin") is not None


CHECKERS = {
    ".cpp": ("relacy", relacy_is_installed, run_relacy),
    ".pml": ("spin", spin_is_installed, run_spin),
}


def is_as_expected(source, variant, prove):
    defines, description, failure = variant
    with tempfile.TemporaryDirectory() as folder:
        holds, output = prove(source, defines, folder)
    good = holds if failure == HOLDS else not holds and failure in output
    found = "holds" if holds else f"fails ({failure})" if good else "fails"
    print(f"{'ok ' if good else 'BAD'} {source}, {description}: {found}", flush=True)
    if not good:
        print(output)
    return good


def main():
    sources = sys.argv[1:]
    if not sources or any(source not in PROOFS for source in sources):
        sys.exit(f"{__doc__}\nThe proofs: {' '.join(PROOFS)}")
    all_good = True
    for source in sources:
        checker, is_installed, prove = CHECKERS[pathlib.Path(source).suffix]
        if not is_installed():
            print(f"skipped: {checker} is not installed")
            return SKIPPED
        for variant in PROOFS[source]:
            all_good &= is_as_expected(source, variant, prove)
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
