#!/usr/bin/env python3
"""`hinomi read` as a person meets it: one clear line for what is wrong, and the right exit code.

Usage: test_read.py HINOMI GOLDEN
"""
import gzip
import json
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile

DONE, FAILED, USAGE = 0, 1, 2


def run(*arguments, stdin=None):
    return subprocess.run([HINOMI, *arguments], capture_output=True, input=stdin, timeout=120)


def run_into(stdout, *arguments):
    """With a standard output that fails: a path, or None for one that is closed."""
    if stdout is None:
        return subprocess.run([HINOMI, *arguments], stderr=subprocess.PIPE, timeout=120,
                              preexec_fn=lambda: os.close(1))
    with open(stdout, "wb") as file:
        return subprocess.run([HINOMI, *arguments], stdout=file, stderr=subprocess.PIPE, timeout=120)


def check(name, done, code, error="", lines=1):
    """The exit code, `error` in standard error, and exactly `lines` lines of it."""
    told = done.stderr.decode()
    if done.returncode != code or error not in told or told.count("\n") != lines:
        print(f"FAIL {name}: exit {done.returncode} (want {code}), said: {told!r}")
        return 1
    print(f"ok   {name}")
    return 0


def summary(done):
    return json.loads(done.stdout.decode().splitlines()[-1])


def frames(capture):
    """(frame count, offset behind each frame) of a microsecond little-endian pcap."""
    at, ends = 24, []
    while at < len(capture):
        at += 16 + struct.unpack_from("<I", capture, at + 8)[0]
        ends.append(at)
    return ends


def test_files(folder, capture):
    ends = frames(capture)
    whole = folder / "whole.pcap"
    whole.write_bytes(capture)
    bad = check("a whole file", run("read", "--json", str(whole)), DONE, lines=0)

    (folder / "empty").write_bytes(b"")
    (folder / "text.pcap").write_text("this is not a capture\n")
    (folder / "cut.pcap").write_bytes(capture[:ends[9] + 7])
    (folder / "cut.pcap.gz").write_bytes(gzip.compress(capture)[:2000])
    (folder / "header.pcap").write_bytes(capture[:24])
    bad += check("an empty file", run("read", str(folder / "empty")), FAILED, "empty: empty file")
    bad += check("a foreign file", run("read", str(folder / "text.pcap")), FAILED, "not a capture file")
    bad += check("a missing file", run("read", str(folder / "none")), FAILED, "No such file")
    bad += check("a directory", run("read", str(folder)), FAILED, "directory")
    bad += check("a cut gzip", run("read", str(folder / "cut.pcap.gz")), FAILED, "truncated at packet")
    bad += check("a header alone", run("read", str(folder / "header.pcap")), DONE, lines=0)

    cut = run("read", "--json", str(folder / "cut.pcap"))
    bad += check("a cut file", cut, FAILED, "cut.pcap: truncated at packet 11")
    if summary(cut)["frames"] != 10:
        print("FAIL what was whole before the cut is judged")
        bad += 1

    both = run("read", "--json", str(folder / "empty"), str(whole))
    bad += check("one bad file does not keep the other", both, FAILED, "empty file")
    if summary(both)["frames"] != len(ends):
        print("FAIL the good file is judged beside the bad one")
        bad += 1

    piped = run("read", "--json", "-", stdin=gzip.compress(capture))
    bad += check("standard input, packed", piped, DONE, lines=0)
    if piped.stdout != run("read", "--json", str(whole)).stdout:
        print("FAIL the same packets give the same bytes from a pipe")
        bad += 1
    return bad


def test_output(whole):
    bad = 0
    for arguments in (["--help"], ["--version"], ["check-config"], ["check-config", "--help"],
                      ["read", "--help"], ["read", "--json", whole]):
        for stdout in "/dev/full", None:
            bad += check(f"{' '.join(arguments[:2])} into {stdout or 'nothing'}",
                         run_into(stdout, *arguments), FAILED, "writing the result: ")
    return bad


def test_few_descriptors(whole, frame_count):
    """Files that cannot be opened for want of descriptors are failures of those files alone."""
    done = subprocess.run(
        [HINOMI, "read", "--json", *[whole] * 60], capture_output=True, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)))
    failed = done.stderr.count(b"Too many open files")
    bad = check("few descriptors", done, FAILED, "Too many open files", lines=failed)
    if bad == 0 and (failed == 60 or summary(done)["frames"] != (60 - failed) * frame_count):
        print(f"FAIL the other {60 - failed} files are judged")
        bad += 1
    return bad


def test_names(folder):
    bad = check("a name that plays with the terminal",
                run("read", str(folder / "a\x1b[31mb\nc\x7fd\u009be")), FAILED, "/a\ufffd[31mb\ufffdc\ufffdd\ufffde: No such")
    bad += check("a Japanese name", run("read", str(folder / "記録 é.pcap")), FAILED, "/記録 é.pcap: No such")
    bad += check("such a list", run("read", "--intel", "/none\r", "x"), USAGE, "hinomi: /none\ufffd: No such")
    bad += check("such a configuration", run("read", "--config", "/none\r", "x"), USAGE,
                 "hinomi: /none\ufffd: No such")
    return bad


def test_list(folder, whole):
    file = folder / "bad\nlist.txt"
    file.write_text("com\nevil.example\n0.0.0.0/0\n")
    done = run("read", "--json", "--intel", str(file), whole)
    bad = check("lines of a list that are left out", done, DONE, "bad\ufffdlist.txt: 2 rows left out\n", lines=3)
    if not all(line.startswith(f"hinomi: {folder}/bad\ufffdlist.txt") for line in done.stderr.decode().splitlines()):
        print(f"FAIL each line says who speaks: {done.stderr.decode()!r}")
        bad += 1
    return bad


def test_usage(folder):
    bad = check("no command", run(), USAGE, "Usage", lines=run().stderr.count(b"\n"))
    bad += check("an unknown command", run("reed"), USAGE, "no command 'reed'")
    bad += check("no file", run("read"), USAGE, "no capture file")
    bad += check("too many workers", run("read", "--workers", "4", "x"), USAGE, "--workers is 0 to 3")
    bad += check("a language we do not speak", run("read", "--lang", "de", "x"), USAGE, "--lang")
    bad += check("an unknown option", run("read", "--set", "beacon.pear=1", "x"), USAGE, "no such option")
    bad += check("a value out of limits", run("read", "--set", "scan.hosts=1", "x"), USAGE, "scan.hosts")
    bad += check("a list that is not there", run("read", "--intel", str(folder / "none"), "x"), USAGE,
                 "No such file")
    bad += check("a configuration that is not there", run("check-config", "--config", "/none"), USAGE,
                 "No such file")
    bad += check("too many files", run("read", *["x"] * 257), USAGE, "hinomi: at most 256 files at a time\n")
    bad += check("as many files as go", run("read", *["/none"] * 256), FAILED, "No such file", lines=256)
    bad += check("too many options", run("read", *["--set", "scan.hosts=12"] * 65, "x"), USAGE,
                 "at most 64 times --set")
    bad += check("a file without --config", run("check-config", "hinomi.yaml"), USAGE, "'hinomi.yaml'")
    bad += check("help", run("read", "--help"), DONE, lines=0)
    return bad


def test_config(folder):
    printed = run("check-config", "--set", "scan.hosts=12")
    file = folder / "hinomi.yaml"
    file.write_bytes(printed.stdout)
    again = run("check-config", "--config", str(file))
    if printed.returncode != DONE or again.stdout != printed.stdout or b"hosts: 12" not in again.stdout:
        print(f"FAIL the printed configuration reads back: {again.stderr.decode()}")
        return 1
    print("ok   the printed configuration reads back")

    before = run("check-config", "--set", "scan.hosts=13", "--config", str(file), "--set", "scan.ports=21",
                 "--set", "scan.ports=22")
    if before.returncode != DONE or b"hosts: 13" not in before.stdout or b"ports: 22" not in before.stdout:
        print(f"FAIL --set goes over --config wherever it stands, the last one wins: {before.stderr.decode()}")
        return 1
    print("ok   --set goes over --config wherever it stands, the last one wins")

    file.write_bytes(b"scan:\n  hosts: 1\n  portz: 3\nflow: [1]\n")
    last = f"{file}: line 4, column 7: lists and aliases have no meaning here\nhinomi: scan.hosts: 'x' is"
    bad = 0
    for command, *rest in (["check-config"], ["read", "x"], ["watch"], ["doctor"], ["cases"]):
        bad += check(f"{command} tells every fault", run(command, *rest, "--config", str(file), "--set", "scan.hosts=x"),
                     USAGE, last, lines=4)
    file.write_bytes(b"scan:\n  hosts: 1\n")
    return bad + check("the file is held to the limits all the same",
                 run("read", "--set", "scan.hosts=13", "--config", str(file), "x"), USAGE, "scan.hosts")


def main():
    capture = (pathlib.Path(sys.argv[2]) / "beacon" / "capture.pcap").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        whole = str(folder / "whole.pcap")
        bad = test_files(folder, capture) + test_usage(folder) + test_config(folder)
        bad += test_output(whole) + test_names(folder) + test_list(folder, whole)
        bad += test_few_descriptors(whole, len(frames(capture)))
    sys.exit(1 if bad else 0)


HINOMI = sys.argv[1]
main()
