#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sensor's user and the courier's, as on an appliance: root enrols; the sensor reads what rangers set and nothing
that is the courier's secret; the courier reads cases.db by its group, and delivers it.

Both users stand in copies of passwd and group that only this test's mount namespace sees.

Usage: test_users.py HINOMI COURIER DESK WRITE_CASES TEMPLATE
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

SENSOR_ID, COURIER_ID = 60901, 60902
if os.geteuid() != 0:
    print("skipped: needs root, for users of its own")
    sys.exit(77)
if os.environ.get("IN_OWN_MOUNTS") != "1":
    done = subprocess.run(["unshare", "--mount", sys.executable, "-B", *sys.argv], env={**os.environ, "IN_OWN_MOUNTS": "1"})
    sys.exit(done.returncode)

HINOMI, COURIER, DESK, WRITE_CASES, TEMPLATE = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:6])
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def add_users(folder):
    for name, lines in (("passwd", f"hinomi:x:{SENSOR_ID}:{SENSOR_ID}::/:/usr/sbin/nologin\n"
                                   f"hinomi-courier:x:{COURIER_ID}:{COURIER_ID}::/:/usr/sbin/nologin\n"),
                        ("group", f"hinomi:x:{SENSOR_ID}:hinomi-courier\nhinomi-courier:x:{COURIER_ID}:\n")):
        kept = [line for line in pathlib.Path("/etc", name).read_text().splitlines() if not line.startswith("hinomi")]
        copy = folder / name
        copy.write_text("\n".join(kept) + "\n" + lines)
        copy.chmod(0o644)
        subprocess.run(["mount", "--bind", copy, f"/etc/{name}"], check=True)


def run(*arguments, user=None):
    who = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"] if user else []
    return subprocess.run([*who, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def work(folder, port, page):
    config, state, own = folder / "hinomi.yaml", folder / "state", folder / "courier"
    config.write_text(f"courier: {{ folder: {own}, canary: 0s }}\nstore: {{ folder: {state} }}\n")
    state.mkdir()
    os.chown(state, SENSOR_ID, SENSOR_ID)
    state.chmod(0o750)
    code = run(DESK, "code", "--folder", folder / "desk", "--office", "Office 7").stdout.split()[-1]
    done = run(COURIER, "enrol", "--config", config, "--url", f"http://127.0.0.1:{port}/", "--code", code)
    expect("root enrols", done.returncode == 0, done.stderr)
    owners = {path.name: (path.stat().st_uid, path.stat().st_gid, path.stat().st_mode & 0o777) for path in own.iterdir()}
    expect("what is kept is the courier's, in the sensor's group",
           all(owner[:2] == (COURIER_ID, SENSOR_ID) for owner in owners.values()), owners)
    expect("secrets are its own", owners["token"][2] == owners["courier.db"][2] == 0o600, owners)
    done = run(HINOMI, "check-config", "--config", config, user=SENSOR_ID)
    expect("the sensor reads what rangers set", "identity: 'Office 7'" in done.stdout, done.stderr)
    done = run("cat", own / "token", user=SENSOR_ID)
    expect("and not the token", done.returncode != 0, done.stdout)
    done = run(WRITE_CASES, state, TEMPLATE, 5, 1, 0, user=SENSOR_ID)
    expect("the sensor's store is written", done.stdout.endswith("all\n"), done.stderr)
    done = run(COURIER, "once", "--config", config, "--seconds", "30")
    with urllib.request.urlopen(f"http://127.0.0.1:{page}/v1/desk/cases", timeout=10) as answer:
        held = json.load(answer)["cases"]
    expect("the courier reads it and delivers", done.returncode == 0 and len(held) == 5, (done.stderr, held))
    expect("and writes nothing there", all(path.stat().st_uid == SENSOR_ID for path in state.iterdir()),
           [(path.name, path.stat().st_uid) for path in state.iterdir()])


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    folder.chmod(0o755)
    # The tree may lie where nobody else may go.
    HINOMI, WRITE_CASES, TEMPLATE = (shutil.copy(path, folder) for path in (HINOMI, WRITE_CASES, TEMPLATE))
    os.chmod(TEMPLATE, 0o644)
    add_users(folder)
    (folder / "desk").mkdir()
    port, page = free_port(), free_port()
    desk = subprocess.Popen([DESK, "--folder", folder / "desk", "--listen", f"127.0.0.1:{port}", "--page", f"127.0.0.1:{page}"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", page), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        work(folder, port, page)
    finally:
        desk.kill()
        desk.wait()
        for name in ("passwd", "group"):
            subprocess.run(["umount", f"/etc/{name}"], check=False)
print(f"{failures} failed")
sys.exit(1 if failures else 0)
