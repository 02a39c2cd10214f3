"""test_update.py: what hinomi-update takes and refuses, and what it knows after a restart or a power cut. With real bundles, without a box."""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import update_box
from update_box import Box, Bundles, Keys, call, expect


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keys = Keys(self.folder / "keys")
        self.bundles = Bundles(self.folder / "bundles", self.keys)
        self.good = self.bundles.make("good", "2.0")
        self.count = 0

    def box(self, **options):
        self.count += 1
        return Box(self.folder / f"box-{self.count}", self.keys.authority[1], **options)


def checks(bench):
    """Words of `check` for bundles as they are made; `install` of what it refuses never reaches RAUC."""
    keys, make = bench.keys, bench.bundles.make
    box = bench.box()
    taken = {
        "newer": make("newer", "1.0.1"),
        "ten after nine": make("ten", "1.10"),
        "signed below a certificate in between": make("deep", "2.1", keys.deep, intermediate=keys.between[1]),
    }
    for name, bundle in taken.items():
        code, said = box.update("check", bundle)
        expect(f"would be taken: {name}", code == 0 and "would be installed" in said and "signed by CN = " in said, said)
    refused = {
        "the same version": (make("same", "1.0"), "not newer"),
        "an older version": (make("older", "0.9.9"), "not newer"),
        "a candidate of the running version": (make("candidate", "1.0~rc1"), "not newer"),
        "another kind of box": (make("other", "2.0", compatible="toaster"), "another kind"),
        "a foreign authority of the same name": (make("foreign", "2.0", keys.foreign), "not signed"),
        "a certificate in between that is not sent": (make("gap", "2.0", keys.deep), "not signed"),
        "a certificate that had expired": (make("expired", "2.0", keys.expired), "not signed"),
        "RAUC's plain format": (bench.bundles.plain("plain", "2.0"), "not signed"),
        "no bundle": (keys.authority[1], "not signed"),
        "no file": (bench.folder / "nothing", "not signed"),
        "a folder": (bench.folder, "not signed"),
    }
    for name, (bundle, why) in refused.items():
        code, said = box.update("check", bundle)
        expect(f"refused: {name}", code == 1 and why in said, said)
        code, said = box.update("install", bundle, "--now")
        expect(f"not installed: {name}", code == 1 and why in said and not box.logged() and box.trial() is None, said)
    expect("nothing is left behind", box.left_over() == [], box.left_over())


def as_written(bench):
    """The commands of UPDATES.md: their keys sign what a box with their authority takes."""
    text = (update_box.SOURCE / "firmware/UPDATES.md").read_text()
    lines = [line for line in text.split("```")[1].splitlines() if line.startswith(("openssl", "firmware/image/bundle"))]
    folder = bench.folder / "as-written"
    (folder / "build/firmware").mkdir(parents=True)
    shutil.copy(bench.bundles.slot, folder / "build/firmware/hinomi-V.slot")
    said = ""
    for line in lines:
        line = line.replace("-keyout authority.key", "-keyout authority.key -passout pass:word").replace("-CAkey authority.key", "-CAkey authority.key -passin pass:word")
        line = line.replace("firmware/image/bundle", str(update_box.BUNDLE)).replace("--version V", "--version 2.0").replace("-o hinomi-V", "-o hinomi-2.0")
        said = call("sh", "-c", line, cwd=folder).stdout
    box = Box(folder / "box", folder / "authority.pem")
    bundle = folder / "hinomi-2.0.raucb"
    code, told = box.update("check", bundle)
    expect("keys as UPDATES.md makes them: taken", len(lines) == 4 and code == 0, told)
    digest = call("sha256sum", bundle).stdout.split()[0]
    expect("the line for `latest` is printed", said == f"2.0 hinomi-2.0.raucb {bundle.stat().st_size} {digest}\n", said)
    key, cert = bench.keys.signer
    for name, words in (("no words", []), ("no such slot", ["nothing", "--version", "2", "--key", key, "--cert", cert, "-o", "x.raucb"]),
                        ("no version", [bundle, "--key", key, "--cert", cert, "-o", folder / "x.raucb"]),
                        ("a version that no box takes", [bundle, "--version", "two words", "--key", key, "--cert", cert, "-o", folder / "x.raucb"]),
                        ("a name that no box fetches", [bundle, "--version", "2", "--key", key, "--cert", cert, "-o", folder / "x.bin"])):
        code = subprocess.run([update_box.BUNDLE, *words], capture_output=True, check=False).returncode
        expect(f"bundle with {name}: wrong usage", code == 2, code)


def damage(bench):
    """Cut short anywhere, a byte changed anywhere from the signed words on: refused, or at least never read as something else."""
    box, whole = bench.box(), bench.good.read_bytes()
    bundle = bench.folder / "damaged.raucb"
    accepted = []
    for length in (0, 1, 7, 8, 4095, 4096, len(whole) // 2, len(whole) - 4096, len(whole) - 9, len(whole) - 8, len(whole) - 1):
        bundle.write_bytes(whole[:length])
        if box.update("check", bundle)[0] != 1:
            accepted.append(length)
    expect("cut short: refused", not accepted, accepted)
    # The last eight bytes are the length of the signature before them; what it signs is the manifest, and by a hash the rest.
    signature = int.from_bytes(whole[-8:], "big")
    dice, different = random.Random(11), []
    for place in sorted(dice.sample(range(len(whole) - 8 - signature, len(whole)), 60)):
        changed = bytearray(whole)
        changed[place] ^= 1 << dice.randrange(8)
        bundle.write_bytes(changed)
        code, said = box.update("check", bundle)
        if code == 0 and "version 2.0 for hinomi-pi-arm64, signed by CN = signer" not in said:
            different.append((place, said))
    expect("60 bytes of the signed part changed: never read as something else", not different, different)
    changed = whole.replace(b"version=2.0", b"version=9.9")
    bundle.write_bytes(changed)
    expect("another version written into it: refused", changed != whole and box.update("check", bundle)[0] == 1)
    bundle.write_bytes(whole + whole[-8 - signature:])
    code, said = box.update("check", bundle)
    expect("something hung on: not read as something else", code == 1 or "version 2.0 " in said, said)


def clock(bench):
    """A box without a clock: what counts is the time of signing. A clock years off, either way, changes nothing."""
    library = bench.folder / "clock.so"
    code = "#include <stdlib.h>\n#include <time.h>\ntime_t time(time_t *out)\n{\n\ttime_t now = atol(getenv(\"NOW\"));\n\tif (out)\n\t\t*out = now;\n\treturn now;\n}\n"
    (bench.folder / "clock.c").write_text(code)
    call("cc", "-shared", "-fPIC", "-o", library, bench.folder / "clock.c")
    text = f'export NOW={(1 << 31) - 1} LD_PRELOAD={library}; exec {shutil.which("rauc")} "$@"'
    strict = bench.box(stand_ins={"rauc": text})
    strict.conf.write_text(strict.conf.read_text().replace("use-bundle-signing-time=true", ""))
    expect("(and a box that held it against its clock would refuse)", strict.update("check", bench.good)[0] == 1)
    for year, now in ((1970, 1000), (2001, 1 << 30), (2037, (1 << 31) - 1)):
        rauc = f'export NOW={now} LD_PRELOAD={library}; exec {shutil.which("rauc")} "$@"'
        code, said = bench.box(stand_ins={"rauc": rauc}).update("check", bench.good)
        expect(f"with a clock in {year} it is taken", code == 0, said)


def steps(bench):
    """One update from file to confirmed; then one that does not come up."""
    box = bench.box()
    code, said = box.update("install", bench.good)
    asked = box.logged()
    expect("installed, to be started at night", code == 0 and asked[0] == f"rauc install {bench.good}" and len(asked) == 2 and
           asked[1].endswith(" hinomi-update start") and "--on-calendar=*-*-* 0" in asked[1] and asked[1][asked[1].index("*-* 0") + 5] in "234", (said, asked))
    expect("noted: staged", box.state()["step"] == "staged" and box.trial() == "B 2.0", box.state())
    newer = bench.bundles.make("newer-still", "3.0")
    code, said = box.update("install", newer)
    expect("what is written is tried first", code == 1 and "waits for its start" in said and not [line for line in box.logged() if "rauc" in line], said)
    box.update("confirmed")
    expect("the running version is confirmed only now: what was written meanwhile is not", box.trial() == "B 2.0" and box.state()["step"] == "staged", box.state())
    box.runs("B", "2.0", on_trial=True)
    box.update("booted")
    expect("after the restart: on trial", box.state()["step"] == "trying" and "on trial" in box.update("status")[1], box.state())
    code, said = box.update("install", newer)
    expect("while on trial nothing is written", code == 1 and "on trial" in said and not box.logged(), said)
    trial = box.folder / "trial"
    noted = trial.read_text()
    trial.unlink()
    code, said = box.update("install", newer)
    expect("nor when the note of it is lost", code == 1 and "on trial" in said and not box.logged(), said)
    trial.write_text(noted)
    box.update("confirmed")
    expect("confirmed", box.state()["step"] == "confirmed" and box.trial() is None and "trial" not in box.update("status")[1], box.state())
    expect("the next start says nothing new", box.update("booted")[0] == 0 and box.state()["step"] == "confirmed")
    code, said = box.update("install", newer, "--now")
    expect("--now starts it at once, from slot B to slot A", code == 0 and box.logged()[1:] == ["systemctl --no-block reboot"] and
           box.trial() == "A 3.0", said)
    box.update("booted")
    expect("the boot loader came back: fell back", box.state()["step"] == "fell-back" and box.trial() is None, box.state())
    code, said = box.update("install", newer)
    expect("what fell back is not tried again", code == 1 and "did not come up" in said and not box.logged(), said)
    code, said = box.update("install", bench.bundles.make("mended", "3.0.1"))
    expect("a mended one is", code == 0, said)
    box.runs("A", "3.0.1", on_trial=True)
    box.update("booted")
    box.update("confirmed")
    box.runs("B", "2.0")
    box.update("booted")
    expect("a confirmed one that could not be started any more: noted, and not held against it", box.state()["step"] == "fell-back" and
           box.state()["version"] == "3.0.1" and "3.0.1" not in (box.folder / "failed").read_text().split(), box.state())


def at_night(bench):
    """What waits is started only where its trial can be passed."""
    box = bench.box()
    code, said = box.update("start")
    expect("nothing waits: nothing is started", code == 0 and "no version" in said and box.logged() == [], said)
    box.update("install", bench.good)
    box.logged()
    for how, address, is_started in (("lease", "", False), ("lease", "192.168.1.7", True), ("traffic", "", True)):
        (box.root / "run/hinomi-appliance/state").write_text(f"how={how}\naddress={address}\n")
        code, said = box.update("start")
        expect(f"office network {address or how}: {'started' if is_started else 'another night'}", code == 0 and
               (box.logged() == ["systemctl reboot"]) == is_started, said)


def troubles(bench):
    box = bench.box()
    (box.root / "cannot-install").touch()
    code, said = box.update("install", bench.good)
    expect("RAUC could not write it: noted, not tried", code == 1 and box.state()["step"] == "failed" and box.trial() is None, said)
    (box.root / "cannot-install").unlink()
    box.logged()
    (box.root / "run/hinomi-appliance/storage").write_text("the storage of this sensor is broken\n")
    code, said = box.update("install", bench.good)
    expect("no update without a state partition", code == 1 and "broken" in said and not box.logged(), said)
    (box.root / "run/hinomi-appliance/storage").unlink()
    with open(box.root / "run/hinomi-appliance/update.lock", "w", encoding="ascii") as lock:
        holder = subprocess.Popen(["flock", "-F", box.root / "run/hinomi-appliance/update.lock", "sleep", "30"], stdin=lock)
        while subprocess.run(["flock", "-n", lock.name, "true"], check=False).returncode == 0:
            pass
        code, said = box.update("install", bench.good)
        expect("two at a time: the second is told", code == 1 and "under way" in said and not box.logged(), said)
        holder.kill()
        holder.wait()
    busy = bench.box(stand_ins={"busctl": "echo 's \"installing\"'"})
    code, said = busy.update("install", bench.good)
    expect("RAUC still at work for one who was killed: told", code == 1 and "still writing" in said and busy.trial() is None, said)
    unplanned = bench.box(stand_ins={"systemd-run": "exit 1"})
    code, said = unplanned.update("install", bench.good)
    expect("no restart could be planned: told, and kept for the next start", code == 1 and unplanned.trial() == "B 2.0", said)
    unknown = bench.box()
    (unknown.root / "proc/cmdline").write_text("quiet\n")
    code, said = unknown.update("install", bench.good)
    expect("not started from a slot: nothing is written", code == 1 and "which slot" in said and not unknown.logged(), said)
    units = [path for path in (update_box.APPLIANCE / "systemd").glob("*.service") if "hinomi-update" in path.read_text()]
    expect("the units that run it let it read the kernel's command line", len(units) >= 4 and
           not [path.name for path in units if "ProcSubset=pid" in path.read_text()], units)
    for words in ((), ("install",), ("install", "x", "--force"), ("check",), ("usb",), ("sideways",)):
        expect(f"wrong usage: {' '.join(words) or 'nothing'}", box.update(*words)[0] == 2)


if update_box.missing_tools("cc"):
    print("skipped: not there:", ", ".join(update_box.missing_tools("cc")))
    sys.exit(77)
with tempfile.TemporaryDirectory(prefix="hinomi-update-") as place:
    here = Bench(place)
    for part in (checks, as_written, damage, clock, steps, at_night, troubles):
        print(f"== {part.__name__}")
        part(here)
sys.exit(1 if update_box.failures else 0)
