"""run_raspi3b.py --firmware DIR: the boot chain of a Raspberry Pi 3 in QEMU, with the card's own U-Boot, device tree and script.

DIR as for run_board.py. The emulated board has no network port that Linux drives, and its watchdog resets it when it is armed: that
driver alone is left out here (a further word in boot.scr), and U-Boot's messages and the kernel's are wanted on the serial line.
"""

import argparse
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from board import CARD_OFFSET, SLOT_OFFSETS, SLOW, STATE_OFFSET, run  # noqa: E402
from board_bench import expect, failed, seen  # noqa: E402
from update_box import environment_block  # noqa: E402

CARD_SIZE = 1 << 30  # QEMU takes powers of two
PATIENCE = 900
SCRIPT_HEADER = 72  # of mkimage: 64 bytes, the script's length, an end of that list


class Pi:
    def __init__(self, image, folder):
        self.folder = pathlib.Path(folder)
        self.card = self.folder / "card.img"
        run("cp", "--sparse=always", image, self.card)
        os.truncate(self.card, CARD_SIZE)
        for name in ("u-boot.bin", "bcm2837-rpi-3-b.dtb", "boot.scr"):
            self.mcopy(f"::{name}", self.folder / name)
        self.change_script()

    def mcopy(self, source, target):
        run("mcopy", "-o", "-i", f"{self.card}@@{CARD_OFFSET}", source, target)

    def change_script(self):
        text = (self.folder / "boot.scr").read_bytes()[SCRIPT_HEADER:]
        changed = text.replace(b" quiet ", b" module_blacklist=bcm2835_wdt ")
        assert changed != text, "boot.scr has no 'quiet'"
        (self.folder / "boot.cmd").write_bytes(changed)
        run("mkimage", "-A", "arm64", "-O", "linux", "-T", "script", "-C", "none", "-d", self.folder / "boot.cmd", self.folder / "boot.scr")
        self.mcopy(self.folder / "boot.scr", "::boot.scr")

    def write(self, at, data):
        with open(self.card, "r+b") as card:
            card.seek(at)
            card.write(data)

    def read(self, at, length):
        with open(self.card, "rb") as card:
            card.seek(at)
            return card.read(length)

    def variables(self):
        block = self.read(0x80000, 0x200)
        assert struct.unpack("<I", block[:4])[0] == zlib.crc32(block[4:]), "the boot variables are damaged"
        return dict(pair.split("=", 1) for pair in block[4:].decode().strip("\0").split("\0"))

    def state_file(self, path):
        """A file of the state partition, as it is on the card; nothing if there is none."""
        part = self.folder / "state.img"
        with open(part, "wb") as out:
            out.write(self.read(STATE_OFFSET, CARD_SIZE - STATE_OFFSET))
        subprocess.run(["e2fsck", "-fy", part], capture_output=True, check=False)
        return subprocess.run(["debugfs", "-R", f"cat {path}", part], capture_output=True, check=False).stdout

    def boots(self, is_there):
        """Power until `is_there(what the serial line has shown)`, or for as long as patience lasts; gives what it has shown."""
        log = self.folder / "serial.log"
        log.unlink(missing_ok=True)
        command = ["qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=multi", "-display", "none", "-monitor", "none",
                   "-kernel", str(self.folder / "u-boot.bin"), "-dtb", str(self.folder / "bcm2837-rpi-3-b.dtb"),
                   "-drive", f"if=sd,format=raw,file={self.card}", "-serial", "null", "-serial", f"file:{log}"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begin, text = time.monotonic(), ""
        try:
            while time.monotonic() - begin < PATIENCE * SLOW and process.poll() is None and not is_there(text):
                time.sleep(5)
                text = log.read_bytes().decode(errors="replace") if log.exists() else ""
            seen("seconds until then (emulated)", round(time.monotonic() - begin))
            return text
        finally:
            process.kill()
            process.wait()


def first_start(image, folder):
    """Card's U-Boot, script, variables, boot image; initramfs, card driver, squashfs; systemd, and the appliance's first services."""
    pi = Pi(image, folder)
    (pi.folder / "hinomi.txt").write_text("language = en\nname = pi-three\n")
    pi.mcopy(pi.folder / "hinomi.txt", "::hinomi.txt")
    # What is read from the card is written to the state partition: by then disk, mounts and users are all there.
    text = pi.boots(lambda _: b"name=pi-three" in pi.state_file("settings/wishes"))
    expect("hinomi.txt was read, and what it says lies on the state partition", b"name=pi-three" in pi.state_file("settings/wishes"), text[-2000:])
    for what, words in (("U-Boot chose slot A", "hinomi: slot A, tries left: A 8, B 9"), ("the kernel runs on a Raspberry Pi 3", "Machine model: Raspberry Pi 3"),
                        ("the card is seen", "mmcblk0: "), ("systemd runs from the slot", "systemd[1]: Detected architecture arm64")):
        expect(what, words in text, text[-2000:])
    expect("no start was given up", "starting again" not in text and "Kernel panic" not in text, text[-2000:])
    expect("the try was counted, or the start was confirmed", pi.variables()["BOOT_A_LEFT"] in ("8", "9"), pi.variables())


def damaged_slot(image, slot, folder):
    """A boot image with one byte changed is not started: when its tries are used up (here the last), U-Boot takes the other slot."""
    pi = Pi(image, folder)
    pi.write(0x80000, environment_block(BOOT_ORDER="A B", BOOT_A_LEFT=1, BOOT_B_LEFT=9))
    data = pathlib.Path(slot).read_bytes()
    pi.write(SLOT_OFFSETS["B"], data)
    spot = len(data) - (8 << 20)
    pi.write(SLOT_OFFSETS["A"] + spot, bytes([data[spot] ^ 1]))
    text = pi.boots(lambda text: "systemd[1]: Detected architecture" in text)
    expect("the damaged slot is refused", "hinomi: slot A does not start" in text, text[-2000:])
    expect("then the other one is started", "hinomi: slot B, tries left" in text and "rauc.slot=B" in text, text[-2000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firmware", required=True)
    given = pathlib.Path(parser.parse_args().firmware)
    missing = [name for name in ("qemu-system-aarch64", "mcopy", "mkimage", "debugfs", "e2fsck") if not shutil.which(name)]
    if missing:
        print("skipped: not there:", ", ".join(missing))
        sys.exit(77)
    image, slot = next(given.glob("hinomi-*.img")), next(given.glob("hinomi-*.slot"))
    for scene, words in ((first_start, (image,)), (damaged_slot, (image, slot))):
        with tempfile.TemporaryDirectory(prefix="hinomi-pi-") as folder:
            print(f"== {scene.__name__}", flush=True)
            scene(*words, folder)
    sys.exit(failed())


main()
