#!/usr/bin/env python3
"""The sensor's unit under a systemd of its own: started, reloaded, crashed, stopped, and what the kernel says of its rights.

usage: test_systemd.py HINOMI

A second systemd runs as process 1 of namespaces of its own, over a copy of the root that forgets, with /sys and /proc/sys
read-only and a /dev of its own, and starts nothing but the unit. It is killed at the end, and everything with it.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYSTEMD = "/lib/systemd/systemd"
SECONDS = 40
BOOT = r"""
set -e
mount --make-rprivate /
mount -t tmpfs none "$WORK"
mkdir "$WORK/upper" "$WORK/work" "$WORK/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$WORK/upper,workdir=$WORK/work" "$WORK/root"
cd "$WORK/root"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -o remount,ro,bind sys
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
rm -rf etc/systemd/system
mkdir -p etc/systemd/system/hinomi-sensor.service.d etc/hinomi usr/lib/sysusers.d
install -m 755 "$PROGRAM" usr/bin/hinomi
printf 'capture:\n  interfaces: lo\n' > etc/hinomi/hinomi.yaml
cp "$UNITS/hinomi-sensor.service" etc/systemd/system/
cp "$UNITS/hinomi.sysusers" usr/lib/sysusers.d/hinomi.conf
systemd-sysusers --root="$WORK/root" hinomi.conf
printf '[Unit]\nDefaultDependencies=no\n[Service]\nStandardOutput=append:/run/log.sensor\nStandardError=append:/run/log.sensor\n' \
  > etc/systemd/system/hinomi-sensor.service.d/alone.conf
printf '[Unit]\nDefaultDependencies=no\nWants=hinomi-sensor.service\n' > etc/systemd/system/alone.target
ip link set lo up
mkdir -p mnt
pivot_root . mnt
umount -l /mnt
exec env -i container=test PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=alone.target --show-status=0 --log-target=null
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def cgroup_folder():
    """A group of its own, so that the second systemd's groups stand beneath it."""
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if kind == "cgroup2":
            folder = pathlib.Path(where) / f"hinomi-guard-{os.getpid()}"
            try:
                folder.mkdir()
            except OSError:
                skip(f"no group can be made in {where}")
            return folder
    skip("no cgroup2 is mounted")


class Machine:
    """The second systemd."""

    def __init__(self, program, work):
        self.group = cgroup_folder()
        command = ["unshare", "--mount", "--pid", "--cgroup", "--ipc", "--uts", "--net", "--fork", "--kill-child",
                   "bash", "-c", BOOT]
        environment = {**os.environ, "WORK": work, "PROGRAM": program, "UNITS": str(ROOT / "firmware/systemd")}
        self.output = open(pathlib.Path(work).with_suffix(".out"), "w+")
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.output,
                                        stderr=self.output, preexec_fn=self.enter_group)

    def enter_group(self):
        (self.group / "cgroup.procs").write_text("0")

    def first(self):
        """Process 1 inside, as it is numbered outside; None before it is there."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = children.read_text().split() if children.exists() else []
        if not found or pathlib.Path(f"/proc/{found[0]}/comm").read_text().strip() != "systemd":
            return None
        return found[0]

    def control(self, *words):
        done = subprocess.run(["nsenter", "-t", self.first(), "-m", "-p", "-n", "systemctl", *words, "hinomi-sensor"],
                              capture_output=True, text=True, timeout=SECONDS)
        return done.stdout.strip() or done.stderr.strip()

    def value(self, name):
        return self.control("show", "--value", f"--property={name}")

    def await_active(self, but_not=None):
        """The main process outside, once it is ready and another than `but_not`."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                self.output.seek(0)
                skip(f"no second systemd here: {self.output.read()[-300:]}")
            if self.first() and self.control("is-active") == "active":
                pid = self.outside(self.value("MainPID"))
                if pid and pid != but_not:
                    return pid
            time.sleep(0.2)
        sys.exit(f"the unit did not become active: {self.control('status') if self.first() else ''}\n{self.log()}")

    def outside(self, inside):
        """The same process by its number out here; None when it is gone meanwhile, group and all."""
        try:
            for pid in (self.group / "system.slice/hinomi-sensor.service/cgroup.procs").read_text().split():
                numbers = re.search(r"^NSpid:\s*(.*)$", status(pid), re.M).group(1).split()
                if numbers[-1] == inside:
                    return pid
        except (OSError, AttributeError):  # also ENODEV, of a group that goes while it is read
            pass
        return None

    def log(self):
        path = pathlib.Path(f"/proc/{self.first()}/root/run/log.sensor")
        return path.read_text() if path.exists() else ""

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(SECONDS)
        self.output.close()
        os.unlink(self.output.name)
        for _ in range(50):
            folders = sorted(self.group.glob("**/"), key=lambda p: -len(p.parts))
            try:
                for folder in folders:
                    folder.rmdir()
                return
            except OSError:
                time.sleep(0.1)


def status(pid):
    return pathlib.Path(f"/proc/{pid}/status").read_text()


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, not {wanted!r}")


def check_rights(pid):
    text = status(pid)
    for name, wanted in {"CapInh": "0" * 16, "CapPrm": "0000000000002000", "CapEff": "0000000000002000",
                         "CapBnd": "0000000000002000", "CapAmb": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"}.items():
        expect(name, re.search(rf"^{name}:\s*(.*)$", text, re.M).group(1), wanted)
    if "0" in re.search(r"^Uid:\s*(.*)$", text, re.M).group(1).split():
        sys.exit("it runs as root")


def check_wrong_configuration(machine):
    """It says what is wrong once, and does not fill the journal with it every second."""
    pathlib.Path(f"/proc/{machine.first()}/root/etc/hinomi/hinomi.yaml").write_text("capture:\n  buffer: much\n")
    machine.control("start")
    time.sleep(3)
    expect("with a wrong configuration", (machine.value("ActiveState"), machine.value("ExecMainStatus")), ("failed", "2"))
    expect("how often that is said", machine.log().count("capture.buffer"), 1)


def run(machine):
    pid = machine.await_active()
    check_rights(pid)
    expect("a reload", machine.control("reload"), "")
    expect("after a reload", machine.await_active(), pid)
    os.kill(int(pid), signal.SIGSEGV)
    second = machine.await_active(but_not=pid)
    check_rights(second)
    expect("restarts", machine.value("NRestarts"), "1")
    machine.control("stop")
    expect("after a stop", (machine.value("ActiveState"), machine.value("Result")), ("inactive", "success"))
    log = machine.log()
    print(log, end="")
    for line in ("CAP_NET_RAW alone (bounded) (locked), no new privileges", "captures on lo", "the sensor did not run for",
                 "stopped as asked"):
        if line not in log:
            sys.exit(f"the log does not say '{line}'")
    if "failed" in log:
        sys.exit("something failed")
    check_wrong_configuration(machine)


def main():
    if os.geteuid() != 0:
        skip("needs root")
    if not os.path.exists(SYSTEMD) or shutil.which("nsenter") is None or shutil.which("ip") is None:
        skip("needs Debian's packages systemd, util-linux and iproute2")
    with tempfile.TemporaryDirectory(prefix="hinomi-guard-") as folder:
        work = os.path.join(folder, "root")
        os.mkdir(work)
        machine = Machine(os.path.abspath(sys.argv[1]), work)
        try:
            run(machine)
        finally:
            machine.end()


main()
