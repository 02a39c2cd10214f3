"""test_update_stick.py: updates from sticks, as an office may plug them in. Images of FAT, no box."""

import pathlib
import sys
import tempfile

import update_box
from update_box import Box, Bundles, Keys, call, expect


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keys = Keys(self.folder / "keys")
        self.bundles = Bundles(self.folder / "bundles", self.keys)
        self.count = 0

    def box(self, **options):
        self.count += 1
        return Box(self.folder / f"box-{self.count}", self.keys.authority[1], **options)


def stick_image(path, files):
    path.unlink(missing_ok=True)
    call(update_box.find("mkfs.vfat"), "-C", path, str(16 << 10))
    call("mmd", "-i", path, "::folder")
    for name, file in files.items():
        call("mcopy", "-i", path, file, f"::{name}")
    return path


def stick(bench):
    """FAT sticks. Mounting stands for itself: `mount` copies what is in the image."""
    make, image = bench.bundles.make, bench.folder / "stick.img"
    stand_ins = {
        "blkid": f'exec {update_box.find("blkid")} -p -s TYPE -o value {image}',
        "blockdev": 'echo "blockdev $*" >>$LOG',
        "mount": f'echo "mount $*" >>$LOG; for last; do :; done; rm -rf $last; mkdir $last; mcopy -s -n -i {image} "::*" $last',
        "umount": 'echo "umount $*" >>$LOG; rm -rf "$1"; mkdir "$1"',
    }
    two, three = make("two", "2.0"), make("three", "3.0")
    foreign = make("foreign-stick", "9.0", bench.keys.foreign)
    box = bench.box(stand_ins=stand_ins)
    stick_image(image, {"A.raucb": two, "hinomi-3.0.raucb": three, "z.raucb": foreign, "picture.jpg": two, "folder/hinomi-8.raucb": make("deep", "8.0")})
    before = image.read_bytes()
    code, said = box.update("usb", "/dev/sdz1")
    log = box.logged()
    expect("the newest that is rightly signed, at once", code == 0 and box.trial() == "B 3.0" and log[-1] == "systemctl --no-block reboot", (said, log))
    expect("read only", log[0] == "blockdev --setro /dev/sdz1" and "-o ro,nosuid,nodev,noexec /dev/sdz1" in log[1] and image.read_bytes() == before, log)
    expect("let go before RAUC begins; nothing left", log[2].startswith("umount") and log[3].startswith("rauc") and box.left_over() == [], log)
    box.runs("B", "3.0")
    box.update("booted")
    box.update("confirmed")
    code, said = box.update("usb", "/dev/sdz1")
    log = box.logged()
    expect("left in after the restart: nothing to do", code == 0 and box.state()["step"] == "confirmed" and not any("rauc" in line for line in log), said)
    expect("and let go", log[-1].startswith("umount"), log)
    box.folder.joinpath("failed").write_text("9.1\n")
    stick_image(image, {"fell-back.raucb": make("fell-back", "9.1"), "other.raucb": make("other", "9.2", compatible="toaster"), "good.raucb": make("good", "4.0")})
    code, said = box.update("usb", "/dev/sdz1")
    expect("the newest of those that would be taken", code == 0 and box.trial() == "A 4.0" and "9.1 was tried before" in said and "another kind" in said, said)
    box.logged()
    stand_ins_again = box.bin / "cp"
    stand_ins_again.write_text("#!/bin/sh\nexit 9\n")
    stand_ins_again.chmod(0o755)
    stick_image(image, {"five.raucb": make("five", "5.0")})
    code, said = box.update("usb", "/dev/sdz1")
    expect("while a version waits for its start nothing is copied", code == 1 and "waits for its start" in said, said)
    for name, files in (("foreign only", {"z.raucb": foreign}), ("nothing", {}), ("a file that is none", {"x.raucb": bench.keys.authority[1]})):
        stick_image(image, files)
        box = bench.box(stand_ins=stand_ins)
        code, said = box.update("usb", "/dev/sdz1")
        expect(f"a stick with {name}: left alone", code == 0 and box.trial() is None and not any("rauc" in line for line in box.logged()), said)
    stick_image(image, {"two.raucb": two})
    box = bench.box(stand_ins={**stand_ins, "cp": "echo half >$2; exit 1"})
    code, said = box.update("usb", "/dev/sdz1")
    expect("pulled out while it is read: told, nothing left", code == 1 and box.trial() is None and box.left_over() == [], said)
    image.write_bytes(b"\0" * 100_000)
    code, said = bench.box(stand_ins=stand_ins).update("usb", "/dev/sdz1")
    expect("a stick without a file system: told", code == 1 and "FAT, exFAT or ext4" in said, said)
    expect("not a device", bench.box().update("usb", str(image))[0] == 1)


if update_box.missing_tools("mcopy", "mkfs.vfat"):
    print("skipped: not there:", ", ".join(update_box.missing_tools("mcopy", "mkfs.vfat")))
    sys.exit(77)
with tempfile.TemporaryDirectory(prefix="hinomi-update-") as place:
    stick(Bench(place))
sys.exit(1 if update_box.failures else 0)
