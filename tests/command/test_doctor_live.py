#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
`hinomi doctor -i` on the end of a wire between network namespaces, down which an office's frames
are sent as a mirror would send them, right and wrong.

Usage: test_doctor_live.py HINOMI GOLDEN
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import miswire

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from veth import FAR, NEEDS, SENSOR, Veth, makes_namespaces  # noqa: E402

SKIPPED = 77
SECONDS, PATIENCE = 8, 60
FRAMES_A_SECOND = 250
# Whether the machine's clock is right is not the test's doing.
OF_THE_MACHINE = {"clock_unsynchronised"}

SEND = """
import socket, struct, sys, time
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((sys.argv[2], 0))
data, at, start, number = open(sys.argv[1], "rb").read(), 24, time.monotonic(), 0
while at + 16 <= len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    time.sleep(max(0, start + number / float(sys.argv[3]) - time.monotonic()))
    wire.send(data[at + 16:at + 16 + length])
    at, number = at + 16 + length, number + 1
"""


def start(net, hinomi, *arguments):
    return net.popen(SENSOR, hinomi, "doctor", "--json", "--quiet", "--seconds", SECONDS, *arguments,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    out, complaint = process.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in out.splitlines()]
    found = {(line["code"], line.get("interface")) for line in lines[:-1] if line["code"] not in OF_THE_MACHINE}
    is_alone = len(lines) > 1 and len(found) == 0  # the machine's clock is all there is
    return found, lines[-1]["verdict"] if lines and not is_alone else "right", complaint, process.returncode


def watch(net, hinomi, frames, *arguments):
    """What is found while `frames` come down the first wire."""
    capture = net.folder / "sent.pcap"
    miswire.write(capture, frames)
    process = start(net, hinomi, *arguments)
    time.sleep(1)
    net.run(FAR, sys.executable, "-c", SEND, str(capture), "far0", str(FRAMES_A_SECOND), seconds=PATIENCE)
    return finish(process)


def check(net, hinomi, frames):
    net.open(wires=2)
    for i in range(2):
        net._offloads_off(SENSOR, f"cap{i}")
    sent_before = net.sent(SENSOR, "cap0")

    found, verdict, complaint, _ = watch(net, hinomi, frames, "-i", "cap0")
    assert (found, verdict, complaint) == (set(), "right", ""), (found, verdict, complaint)

    found, verdict, _, code = watch(net, hinomi, miswire.to_router_alone(frames), "-i", "cap0")
    assert found == {("one_direction", None)} and (verdict, code) == ("wrong", 1), found

    net.bring(1, "down")
    net.tool(SENSOR, "ethtool", "-K", "cap0", "gro", "on")
    found, *_ = watch(net, hinomi, frames, "-i", "cap0", "-i", "cap1", "-i", "cap9")
    assert found == {("offloads", "cap0"), ("interface_down", "cap1"), ("interface_missing", "cap9")}, found
    net.tool(SENSOR, "ethtool", "-K", "cap0", "gro", "off")

    found, *_ = finish(start(net, hinomi, "-i", "cap0"))
    assert found == {("no_packets", "cap0")}, found
    assert net.sent(SENSOR, "cap0") == sent_before, "the doctor sent a frame"

    process = start(net, hinomi, "-i", "cap0")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE)
    assert json.loads(out.splitlines()[-1])["seconds"] < SECONDS, out

    refused = net.popen(SENSOR, "setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", hinomi,
                        "doctor", "-i", "cap0", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, complaint = refused.communicate(timeout=PATIENCE)
    assert refused.returncode == 1 and out == "" and complaint.count("\n") == 1, (out, complaint)
    print(complaint.strip())


def main():
    hinomi, golden = sys.argv[1], pathlib.Path(sys.argv[2])
    missing = [tool for tool in (*NEEDS, "ethtool", "setpriv") if not shutil.which(tool)]
    if os.geteuid() != 0 or missing:
        print("skipped: " + ("network namespaces need root" if not missing else "missing " + " ".join(missing)))
        return SKIPPED
    if not makes_namespaces():
        print("skipped: this machine makes no network namespaces")
        return SKIPPED
    net = Veth("health-doctor-")
    try:
        check(net, hinomi, miswire.read(golden / "listed/capture.pcap"))
        assert not net.complaints, net.complaints
    finally:
        net.close()
    return 0


sys.exit(main())
