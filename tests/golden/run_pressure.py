#!/usr/bin/env python3
"""Reads a capture together with a crowd of flows that the smallest flow table cannot hold.

Usage: run_pressure.py HINOMI CAPTURE

The crowd is made here: datagrams between the office and the world from the capture's start on,
some of them answered. Which flows make room must follow from the packets alone: all runs, of different
workers, hash keys and batch sizes, must print the same bytes.
"""
import datetime
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

RUNS = [("0", "0" * 32, "32"), ("0", "f" * 32, "1"), ("1", "0123456789abcdef" * 2, "32"),
        ("2", "5" * 32, "1"), ("3", "f" * 32, "64")]
PACKETS = 24000
CROWD_SECONDS = 50
EVICTED_LEAST = 1000


def read(hinomi, captures, *options):
    done = subprocess.run([hinomi, "read", "--json", "--flows", "--quiet", *options, *captures],
                          capture_output=True, timeout=300)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{options}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def summary(output):
    return json.loads(output.splitlines()[-1])


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def datagram(source, source_port, destination, destination_port, payload):
    udp = struct.pack(">HHHH", source_port, destination_port, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, source, destination)
    return bytes.fromhex("020000000001020000000002" "0800") + ip + udp


def packets(dice):
    live = []
    for _ in range(PACKETS):
        if live and dice.random() < 0.4:
            office, port, world = dice.choice(live[-20000:])
            if dice.random() < 0.5:
                yield datagram(world, 8801, office, port, dice.randbytes(dice.randrange(200)))
                continue
        else:
            office = bytes([192, 168, 7, dice.randrange(1, 250)])
            port, world = dice.randrange(1024, 65536), bytes([203, 0, 113, dice.randrange(256)])
            live.append((office, port, world))
        yield datagram(office, port, world, 8801, dice.randbytes(dice.randrange(200)))


def write_crowd(path, first):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number, packet in enumerate(packets(random.Random(1))):
            time = first + CROWD_SECONDS * number / PACKETS
            out.write(struct.pack("<IIII", int(time), int(time % 1 * 1e6), len(packet), len(packet)))
            out.write(packet)


def main():
    hinomi, capture = (pathlib.Path(arg).resolve() for arg in sys.argv[1:])
    alone = summary(read(hinomi, [capture]))
    with tempfile.TemporaryDirectory() as folder:
        crowd = pathlib.Path(folder) / "crowd.pcap"
        write_crowd(crowd, seconds(alone["first"]))
        outputs = [read(hinomi, [capture, crowd], "--set", "flow.budget=1M", "--workers", workers,
                        "--hash-key", key, "--set", f"flow.batch={batch}")
                   for workers, key, batch in RUNS]
    for run, output in zip(RUNS, outputs):
        if output != outputs[0]:
            sys.exit(f"workers, key and batch {run}: another output than {RUNS[0]}")
    evicted = summary(outputs[0])["flows_evicted"]
    print(f"{summary(outputs[0])['flows']} flows, {evicted} of them evicted, {len(RUNS)} runs alike")
    if evicted < EVICTED_LEAST:
        sys.exit("the table was not under pressure")


main()
