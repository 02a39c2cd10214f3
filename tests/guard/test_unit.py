#!/usr/bin/env python3
"""The systemd unit: what systemd thinks of it, and that it leaves the sensor every call that sensor/guard does."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNIT = ROOT / "firmware/systemd/hinomi-sensor.service"
COURIER = ROOT / "firmware/systemd/hinomi-courier.service"
USERS = ROOT / "firmware/systemd/hinomi.sysusers"
CALLS = ROOT / "sensor/guard/allowed_calls.c"
EXPOSURE_MOST = 1.5
COURIER_EXPOSURE_MOST = 1.8
# What guard_become() and guard_seal() call before the list is in force.
GIVING_UP = {"capset", "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "prctl", "prlimit64", "seccomp"}


def settings(name):
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.M)


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def expand(words):
    """The calls of a list of calls and @groups."""
    calls = set()
    for word in words:
        if not word.startswith("@"):
            calls.add(word)
            continue
        text = analyze("syscall-filter", word)[1]
        inner = [line.strip() for line in text.splitlines() if line.startswith("    ") and "#" not in line]
        calls |= expand(inner)
    return calls


def allowed_by_unit():
    """systemd.exec(5): the first line says what is allowed, those with ~ take away, later ones add."""
    calls = set()
    for line in settings("SystemCallFilter"):
        if line.startswith("~"):
            calls -= expand(line[1:].split())
        else:
            calls |= expand(line.split())
    # What systemd allows beside any list.
    return calls | expand(["@default"])


def left_by_guard():
    text = CALLS.read_text()
    calls = set(re.findall(r"\b(?:ALWAYS|WHEN|WHEN_BOTH)\((\w+)", text)) - {"name"}
    calls |= set(re.findall(r"SCMP_SYS\((\w+)\)", text)) - {"name"}
    if re.search(r"\bOPTION\(SOL", text):
        calls.add("setsockopt")
    if re.search(r"\bSOCKET\(AF_PACKET", text):
        calls.add("socket")
    return calls


class Unit(unittest.TestCase):
    def test_exposure(self):
        code, text = analyze("security", "--offline=true", f"--threshold={int(EXPOSURE_MOST * 10)}", str(UNIT))
        found = re.search(r"exposure level for .*: ([0-9.]+)", text)
        self.assertIsNotNone(found, text)
        self.assertLessEqual(float(found.group(1)), EXPOSURE_MOST, text)
        self.assertEqual(code, 0, text)

    def test_verify(self):
        """With the program at a path that is there: systemd looks for it."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / UNIT.name
            copy.write_text(UNIT.read_text().replace("/usr/bin/hinomi ", "/bin/true "))
            code, text = analyze("verify", "--man=no", str(copy))
        ours = [line for line in text.splitlines() if UNIT.name in line]
        self.assertEqual((code, ours), (0, []), text)

    def test_calls(self):
        guard = left_by_guard()
        self.assertGreater(len(guard), 90)
        missing = (guard | GIVING_UP) - allowed_by_unit()
        # Newer than systemd's own list, where libraries go on without.
        self.assertEqual(missing - {"futex_waitv"}, set())

    def test_calls_taken_away(self):
        unit = allowed_by_unit()
        for call in ("setuid", "setresuid", "chown", "bpf", "mount", "kexec_load", "ptrace", "init_module", "clock_settime"):
            self.assertNotIn(call, unit)

    def test_life(self):
        """What keeps a daemon alive that nobody looks after."""
        for name, value in {"Type": "notify", "WatchdogSec": "30", "Restart": "always",
                            "RestartPreventExitStatus": "2", "StartLimitIntervalSec": "0",
                            "User": "hinomi", "StateDirectory": "hinomi", "RuntimeDirectory": "hinomi",
                            "AmbientCapabilities": "CAP_NET_RAW", "CapabilityBoundingSet": "CAP_NET_RAW"}.items():
            self.assertEqual(settings(name), [value])

    def test_user(self):
        if shutil.which("systemd-sysusers") is None:
            self.skipTest("no systemd-sysusers here")
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "etc").mkdir()
            done = subprocess.run(["systemd-sysusers", f"--root={folder}", str(USERS)], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            passwd = (pathlib.Path(folder) / "etc/passwd").read_text()
            group = (pathlib.Path(folder) / "etc/group").read_text()
        self.assertRegex(passwd, r"(?m)^hinomi:!?[x*]?:\d+:\d+:Hinomi sensor:/var/lib/hinomi:/usr/sbin/nologin$")
        self.assertRegex(passwd, r"(?m)^hinomi-courier:!?[x*]?:\d+:\d+:Hinomi courier:")
        self.assertRegex(group, r"(?m)^hinomi:[^:]*:\d+:hinomi-courier$")


class Courier(unittest.TestCase):
    def test_exposure(self):
        code, text = analyze("security", "--offline=true", f"--threshold={int(COURIER_EXPOSURE_MOST * 10)}", str(COURIER))
        found = re.search(r"exposure level for .*: ([0-9.]+)", text)
        self.assertIsNotNone(found, text)
        self.assertLessEqual(float(found.group(1)), COURIER_EXPOSURE_MOST, text)
        self.assertEqual(code, 0, text)

    def test_verify(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / COURIER.name
            copy.write_text(COURIER.read_text().replace("/usr/bin/hinomi-courier ", "/bin/true "))
            code, text = analyze("verify", "--man=no", str(copy))
        ours = [line for line in text.splitlines() if COURIER.name in line]
        self.assertEqual((code, ours), (0, []), text)

    def test_life(self):
        """It may go online, and reads what the sensor's group may; it has no right beside that."""
        text = COURIER.read_text()
        for line in ("Type=notify", "Restart=always", "RestartPreventExitStatus=2", "User=hinomi-courier",
                     "Group=hinomi", "StateDirectory=hinomi-courier", "CapabilityBoundingSet=",
                     "AmbientCapabilities=", "NoNewPrivileges=yes"):
            self.assertRegex(text, rf"(?m)^{line}$")


if shutil.which("systemd-analyze") is None:
    print("skipped: needs Debian's package systemd")
    sys.exit(77)
unittest.main()
