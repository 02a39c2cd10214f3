"""test_update_slots.py: RAUC itself writes slots (files) and boot variables (a block of a file), and the power goes at every step.

Root: RAUC mounts what it installs. It runs in namespaces of its own, with the rights that its unit leaves it. Where the kernel has no
device mapper, RAUC's plain format stands for the verity format; all but the reading of the bundle is the same."""

import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import update_box
from update_box import APPLIANCE, Box, Bundles, Keys, call, expect

VERITY = pathlib.Path("/dev/mapper/control").exists()
RIGHTS = re.search(r"^CapabilityBoundingSet=(.*)$", (APPLIANCE / "systemd/rauc.service.d/hinomi.conf").read_text(), re.M)[1]
SETPRIV = "setpriv --no-new-privs --bounding-set -all," + ",".join("+" + name.removeprefix("CAP_").lower() for name in RIGHTS.split())


def cut_point(program):
    """Each call is counted; at the one that CUT names ("before 3", "after 3") the machine stands still until the power goes."""
    return f"""
		call() {{ {program} "$@"; }}
		number=$(($(cat $ROOT/calls 2>/dev/null || echo 0) + 1))
		echo $number >$ROOT/calls
		stop() {{ touch $ROOT/reached; until [ -e $ROOT/go-on ]; do sleep 0.05; done; }}
		[ "$CUT" != "before $number" ] || stop
		call "$@"
		result=$?
		[ "$CUT" != "after $number" ] || stop
		exit $result"""


class Machine(Box):
    def __init__(self, folder, keyring):
        super().__init__(folder, keyring, "verity" if VERITY else "verity plain")
        for name in ("rauc", "busctl", "sleep"):
            (self.bin / name).unlink()
        (self.root / "fw_env.config").write_text(f"{self.card} 0x80000 0x200\n")
        for name, program in (("fw_setenv", f'{update_box.find("fw_setenv")} -c {self.root}/fw_env.config'), ("mv", "/bin/mv"), ("rm", "/bin/rm")):
            self.stand_in(name, cut_point(program))
        self.stand_in("fw_printenv", f'exec {update_box.find("fw_printenv")} -c {self.root}/fw_env.config "$@"')
        self.power_slot = "A"

    def stand_in(self, name, text):
        (self.bin / name).write_text(f"#!/bin/sh\nROOT={self.root}\n{text}\n")
        (self.bin / name).chmod(0o755)

    def live(self, script, cut="", wait=None, plug=True):
        """Runs `script` beside RAUC's service, in namespaces that end with it. With `cut` or `wait` the power goes there: (None, said).
        Without `plug` the machine only stands still until a file go-on is there."""
        for name in ("reached", "calls", "begun", "go-on"):
            (self.root / name).unlink(missing_ok=True)
        service = f"{SETPRIV} rauc --conf={self.conf} --override-boot-slot={self.power_slot} service"
        text = f"""
			export HINOMI_BUS=$DBUS_SESSION_BUS_ADDRESS DBUS_STARTER_BUS_TYPE=session
			{service} >{self.root}/service 2>&1 &
			tries=0
			until busctl --address=$HINOMI_BUS status de.pengutronix.rauc >/dev/null 2>&1; do
				[ $tries != 400 ] || {{ cat {self.root}/service && exit 99; }}
				sleep 0.05
				tries=$((tries + 1))
			done
			touch {self.root}/begun
			{script}"""
        process = subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "dbus-run-session", "--", "sh", "-c", text],
                                   env=self.environment(CUT=cut), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, start_new_session=True)
        try:
            if plug and (cut or wait is not None):
                return self.pull_the_plug(process, wait)
            said = process.communicate(timeout=120)[0]
            assert process.returncode != 99, f"RAUC's service does not start: {said}"
            return process.returncode, said
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def pull_the_plug(self, process, wait):
        flag = self.root / ("reached" if wait is None else "begun")
        end = time.monotonic() + 60
        while not flag.exists():
            if process.poll() is not None:
                return process.returncode, process.communicate()[0]
            assert time.monotonic() < end, "the point was not reached"
            time.sleep(0.002)
        time.sleep(wait or 0)
        process.kill()
        return None, process.communicate()[0]

    def install(self, bundle, **when):
        return self.live(f"sh {APPLIANCE}/bin/hinomi-update install {bundle} --now", **when)

    def power_on(self, versions):
        """What the boot loader does: the first in the order with a try left, which is counted. Then the new start looks around."""
        boot = self.boot()
        chosen = next((name for name in boot["BOOT_ORDER"].split() if int(boot[f"BOOT_{name}_LEFT"])), None)
        assert chosen, boot
        tries = int(boot[f"BOOT_{chosen}_LEFT"])
        boot[f"BOOT_{chosen}_LEFT"] = tries - 1
        self.set_boot(**boot)
        self.power_slot = chosen
        self.runs(chosen, versions[chosen], on_trial=tries <= 3)
        shutil.rmtree(self.root / "run")
        (self.root / "run").mkdir()
        code, said = self.update("booted")
        assert code == 0, said
        return chosen

    def confirm(self, **when):
        """The two commands of hinomi-mark-good.service."""
        lines = re.findall(r"^ExecStart=/usr/bin/(.*)$", (APPLIANCE / "systemd/hinomi-mark-good.service").read_text(), re.M)
        programs = [line.replace("hinomi-update", f"sh {APPLIANCE}/bin/hinomi-update", 1) for line in lines]
        return self.live(" && ".join(programs), **when)

    def digest(self, slot, length=None):
        with open(self.slots[slot], "rb") as file:
            return hashlib.sha256(file.read(length)).hexdigest()


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keys = Keys(self.folder / "keys")
        self.bundles = Bundles(self.folder / "bundles", self.keys)
        self.image = self.folder / "image"
        self.image.write_bytes(os.urandom(16 << 20))
        self.size, self.digest = 16 << 20, hashlib.sha256(self.image.read_bytes()).hexdigest()
        self.good = self.bundle("good", "2.0", self.image)
        self.count = 0

    def bundle(self, name, version, image, **options):
        return (self.bundles.make if VERITY else self.bundles.plain)(name, version, slot=image, **options)

    def machine(self):
        self.count += 1
        return Machine(self.folder / f"machine-{self.count}", self.keys.authority[1])


def whole_way(bench):
    box = bench.machine()
    before = box.digest("A")
    code, said = box.install(bench.good)
    expect("installed", code == 0 and box.trial() == "B 2.0" and box.digest("B", bench.size) == bench.digest, (said, (box.root / "service").read_text()[-500:]))
    expect("the running slot is as it was", box.digest("A") == before)
    expect("the new slot is first, with three tries", box.boot()["BOOT_ORDER"] == "B A" and box.boot()["BOOT_B_LEFT"] == "3", box.boot())
    chosen = box.power_on({"A": "1.0", "B": "2.0"})
    expect("the new slot starts, on trial", chosen == "B" and box.state()["step"] == "trying" and box.boot()["BOOT_B_LEFT"] == "2" and
           "on trial" in box.update("status")[1])
    code, said = box.confirm()
    expect("confirmed: its tries are given back", code == 0 and box.boot()["BOOT_B_LEFT"] == "9" and box.state()["step"] == "confirmed" and
           "on trial" not in box.update("status")[1], said)
    third = bench.folder / "third.img"
    third.write_bytes(os.urandom(1 << 20))
    code, said = box.install(bench.bundle("third", "3.0", third))
    expect("the next one goes to the other slot", code == 0 and box.boot()["BOOT_ORDER"] == "A B" and box.digest("B", bench.size) == bench.digest, said)
    for number in range(3):
        expect(f"try {number + 1} is slot A", box.power_on({"A": "3.0", "B": "2.0"}) == "A")
    chosen = box.power_on({"A": "3.0", "B": "2.0"})
    expect("after three tries the one before starts, and knows why", chosen == "B" and box.state()["step"] == "fell-back" and
           (box.folder / "failed").read_text() == "3.0\n", box.state())


def refused(bench):
    """RAUC's service refuses by itself, whoever calls it, before it touches a slot."""
    box = bench.machine()
    before, order = box.digest("B"), box.boot()
    changed = bench.folder / "changed.raucb"
    data = bytearray(bench.good.read_bytes())
    signature = int.from_bytes(data[-8:], "big")
    data[-8 - signature // 2] ^= 1
    changed.write_bytes(data)
    make = bench.bundle
    for name, bundle, why in (("a foreign signature", make("foreign", "9.0", bench.image, key=bench.keys.foreign), "self-signed certificate"),
                              ("an expired certificate", make("expired", "9.0", bench.image, key=bench.keys.expired), "certificate has expired"),
                              ("another kind of box", make("other", "9.0", bench.image, compatible="toaster"), "toaster"),
                              ("a changed signature", changed, "ignature")):
        code, said = box.live(f"rauc install {bundle}")
        expect(f"RAUC refuses {name}, and touches nothing", code == 1 and why in said and box.digest("B") == before and box.boot() == order, said)
    payload = bytearray(bench.good.read_bytes())
    payload[len(payload) // 2] ^= 1
    changed.write_bytes(payload)
    code, said = box.install(changed)
    # The verity format finds it while it writes, the plain format before.
    expect("a payload changed after signing: the running one stays first", code == 1 and box.boot()["BOOT_ORDER"].split()[0] == "A" and
           ("could not be written" if VERITY else "not signed") in said, said)
    expect("and is started again", box.power_on({"A": "1.0", "B": "?"}) == "A" and box.trial() is None)


def cuts(bench):
    """The power goes before and after each step that changes anything, and at random moments between."""
    reference = bench.machine()
    begin = time.monotonic()
    reference.install(bench.good)
    took = time.monotonic() - begin
    steps = int((reference.root / "calls").read_text())
    expect("the steps are all seen: two notes, boot variables, two notes", steps >= 6, steps)
    dice = random.Random(9)
    points = [{"cut": f"{when} {number}"} for number in range(1, steps + 1) for when in ("before", "after")]
    points += [{"wait": dice.uniform(0, took)} for _ in range(10)]
    met = set()
    for point in points:
        box = bench.machine()
        before = box.digest("A")
        box.install(bench.good, **point)
        name = point.get("cut") or f"{point['wait']:.3f} s"
        whole = box.digest("B", bench.size) == bench.digest
        chosen = box.power_on({"A": "1.0", "B": "2.0"})
        step, trial = box.state().get("step"), box.trial()
        met.add((chosen, step))
        is_sound = (whole and trial == "B 2.0" and step == "trying") if chosen == "B" else (trial is None and step in (None, "interrupted"))
        expect(f"cut {name}: starts {chosen}, {step}", is_sound and box.digest("A") == before and not (box.folder / "failed").exists(), (trial, step, whole))
        code, said = box.confirm()
        expect("  confirmed", code == 0 and box.boot()[f"BOOT_{chosen}_LEFT"] == "9" and box.trial() is None, said)
        if chosen == "A":
            code, said = box.install(bench.good)
            expect("  and installed again", code == 0 and box.trial() == "B 2.0" and box.digest("B", bench.size) == bench.digest, said)
        shutil.rmtree(box.root)
    expect("each of both slots was met", {chosen for chosen, _ in met} == {"A", "B"}, met)


def killed(bench):
    """Not the machine, hinomi-update alone is killed, while RAUC writes: the next one waits for RAUC, and then writes anew."""
    box = bench.machine()
    install = f"sh {APPLIANCE}/bin/hinomi-update install {bench.good} --now"
    code, said = box.live(f"""
        {install} >/dev/null 2>&1 & first=$!
        until [ -e {box.root}/reached ]; do sleep 0.05; done
        client=$(pgrep -P $first rauc)
        kill -KILL $first $client; wait $first
        flock -w 10 {box.root}/run/hinomi-appliance/update.lock true
        {install}; echo second=$?
        touch {box.root}/go-on
        until {install} >{box.root}/third 2>&1 || ! grep -q 'still writing' {box.root}/third; do sleep 0.2; done
        cat {box.root}/third""", cut="before 3", plug=False)
    expect("RAUC is still at work: the second is told", "still writing" in said and "second=1" in said, said)
    expect("then it is written anew", code == 0 and "starting version 2.0" in said and box.trial() == "B 2.0" and
           box.digest("B", bench.size) == bench.digest, said)


def first_start(bench):
    """The new version's first start is cut while it finds out what it is, and while it is confirmed."""
    versions = {"A": "1.0", "B": "2.0"}
    for number in (1, 2, 3):
        for when in ("before", "after"):
            box = bench.machine()
            box.install(bench.good)
            box.power_on(versions)
            code, said = box.confirm(cut=f"{when} {number}")
            assert code is None, f"step {number} of boot variable, note, end of trial was not reached: {said}"
            chosen = box.power_on(versions)
            expect(f"cut {when} step {number} of the confirmation: starts B", chosen == "B" and not (box.folder / "failed").exists(), box.state())
            code, said = box.confirm()
            expect("  and is confirmed", code == 0 and box.boot()["BOOT_B_LEFT"] == "9" and box.trial() is None and box.state()["step"] == "confirmed", said)
            shutil.rmtree(box.root)


def is_possible():
    missing = update_box.missing_tools("unshare", "dbus-run-session", "busctl", "fw_setenv", "setpriv", "pgrep")
    if missing or os.geteuid() or not pathlib.Path("/dev/loop-control").exists():
        print("skipped: needs root, loop devices", *missing)
        return False
    return subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode == 0


if not is_possible():
    sys.exit(77)
os.environ["PATH"] += ":/usr/sbin:/sbin"
print(f"bundles: {'verity' if VERITY else 'plain (no device mapper here)'}")
with tempfile.TemporaryDirectory(prefix="hinomi-update-") as place:
    here = Bench(place)
    for group in (whole_way, refused, killed, first_start, cuts):
        print(f"== {group.__name__}", flush=True)
        group(here)
sys.exit(1 if update_box.failures else 0)
