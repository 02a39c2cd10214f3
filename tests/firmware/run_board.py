"""run_board.py SCENE... --firmware DIR --desk PROGRAM: the image in an emulated arm64 board, as an office would use it.

DIR is what `firmware/build_image --development --no-compress -o DIR` made. Scenes: office, update, cuts; without one, all. Root is
needed to alter an image. The board hears loopback only; each scene ends by itself. What is printed is what was seen.
"""

import argparse
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "desk"))

import board as boards  # noqa: E402
import slots  # noqa: E402

SAMPLE = HERE.parent / "golden/sample/capture.pcapng"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def seen(what, value):
    print(f"seen {what}: {value}", flush=True)


class Bench:
    """What the scenes share: the image, the keys, the desk's program."""

    def __init__(self, firmware, desk):
        self.firmware = pathlib.Path(firmware)
        self.image = next(self.firmware.glob("hinomi-*.img"))
        self.slot = next(self.firmware.glob("hinomi-*.slot"))
        self.version = re.fullmatch(r"hinomi-(.*)\.img", self.image.name)[1]
        self.desk_program = desk
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hinomi-board-"))
        self.key, self.cert = self.firmware / "keys/key.pem", self.firmware / "keys/cert.pem"

    def board(self, name, **options):
        return boards.Board(self.image, self.folder / name, **options)

    def desk(self):
        from desk_under_test import Desk, tls_context
        folder = self.folder / "desk"
        folder.mkdir(exist_ok=True)
        slots.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=desk",
                  "-addext", f"subjectAltName=IP:{boards.DESK_ADDRESS},IP:127.0.0.1", "-keyout", folder / "tls.key", "-out", folder / "tls.pem")
        shutil.copy(folder / "tls.pem", folder / "authority.pem")
        (folder / "policy.json").write_text(json.dumps({"courier.canary": "0s", "courier.heartbeat": "20s"}))
        desk = Desk(self.desk_program, str(folder), "--certificate", str(folder / "tls.pem"), "--key", str(folder / "tls.key"))
        desk.context = tls_context(str(folder / "tls.pem"))
        return desk

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until(what, ask, timeout, board=None):
    end = time.monotonic() + timeout * boards.SLOW
    while time.monotonic() < end:
        value = ask()
        if value:
            return value
        if board and board.process.poll() is not None:
            break
        time.sleep(2)
    raise boards.BoardError(f"not within {timeout} s: {what}\n{board.tail() if board else ''}")


def desk_cases(desk):
    return desk.page("/v1/desk/cases")[2].get("cases", [])


def is_dhcp(frame):
    """A question for an address: IPv4, UDP, from port 68 to 67."""
    return frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[34:38] == b"\x00\x44\x00\x43"


def hardened(board):
    """What a person who breaks in would find, and what the mirror port must never do."""
    listening = board.ssh("ss -Hltnu | grep -v -E '127\\.0\\.0\\.|\\[::1\\]|%lo|:68 |:546 '")
    expect("SSH alone listens", all(":22 " in line for line in listening.splitlines()), listening)
    expect("nobody has a password", board.ssh("cut -d: -f2 /etc/shadow | sort -u").strip() == "*", board.ssh("cut -d: -f1,2 /etc/shadow"))
    expect("no login at screen or serial line", "getty" not in board.ssh("ps -eo args"))
    link = board.ssh("ip -o link show eth1; ip -o address show eth1")
    expect("the mirror has no address, no ARP, is promiscuous", "NOARP" in link and "PROMISC" in link and "inet" not in link, link)
    offloads = board.ssh("ethtool -k eth1 | grep -E '^(generic-receive|tcp-segmentation|generic-segmentation|large-receive)'")
    expect("the mirror joins no packets", "on" not in [line.split()[1] for line in offloads.splitlines()], offloads)
    expect("input is closed", "policy drop" in board.ssh("nft list chain inet hinomi input"))
    status = board.ssh("cat /proc/$(systemctl show -P MainPID hinomi-sensor)/status")
    caps = re.search(r"CapEff:\s*(\w+)", status)[1], re.search(r"CapBnd:\s*(\w+)", status)[1]
    expect("the sensor may open raw sockets and nothing else", caps == ("0000000000002000",) * 2 and "Seccomp:\t2" in status, caps)
    expect("the root file system is read only below", "squashfs ro" in board.ssh("grep squashfs /proc/mounts || mount -t squashfs; cat /proc/mounts | grep -o 'squashfs ro' || unshare -m true; grep -c . /proc/self/mountinfo >/dev/null; grep 'lowerdir=/slot' /proc/mounts | sed 's/.*/squashfs ro/'"))
    state = board.ssh("findmnt -no OPTIONS /data")
    expect("nothing on the state partition can be run", all(word in state for word in ("noexec", "nosuid", "nodev")), state)
    expect("the hardware watchdog is armed", board.ssh("systemctl show -P RuntimeWatchdogUSec").strip() == "14s" and
           "active" in board.ssh("cat /sys/class/watchdog/watchdog0/state"))
    expect("nothing failed", board.ssh("systemctl --failed --plain --no-legend").strip() == "", board.ssh("systemctl --failed --plain --no-legend"))
    exposure = board.ssh("for unit in hinomi-sensor hinomi-courier; do systemd-analyze security $unit.service | tail -n 1; done")
    figures = [float(figure) for figure in re.findall(r": ([0-9.]+) ", exposure)]
    expect("exposure of sensor and courier at most 1.8", len(figures) == 2 and max(figures) <= 1.8, exposure)


def figures(board):
    memory = dict(re.findall(r"(\w+):\s+(\d+) kB", board.ssh("cat /proc/meminfo")))
    seen("memory used, MiB", (int(memory["MemTotal"]) - int(memory["MemAvailable"])) // 1024)
    for unit in ("hinomi-sensor", "hinomi-courier"):
        resident = re.search(r"VmRSS:\s+(\d+)", board.ssh(f"cat /proc/$(systemctl show -P MainPID {unit})/status"))
        seen(f"resident memory of {unit}, MiB", int(resident[1]) // 1024 if resident else "-")
    seen("start", board.ssh("systemd-analyze | head -n 1").strip())
    first = board.ssh("journalctl -b -o short-monotonic -u hinomi-sensor | grep 'captures on' | head -n 1")
    seen("the sensor captures, seconds after the kernel began", first.split("]")[0].strip("[ "))


def office(bench):
    """A card, a text file, two cables in the wrong sockets: the first case at the desk, the slip on the card, the plug pulled and put back."""
    desk = bench.desk()
    with desk, bench.board("office", desk_port=desk.port, mirror_first=False) as board:
        code = desk.code("Sample office")
        board.card_write("desk.pem", (bench.folder / "desk/tls.pem").read_bytes())
        # As Notepad and a Japanese keyboard would write it.
        board.card_write("hinomi.txt", "\ufeff# 見本\r\n"
                         f"ｃｏｄｅ　＝　{code.lower()}\r\nurl = https://{boards.DESK_ADDRESS}:8443/\r\nauthority = desk.pem\r\n"
                         f"language = ja\r\nmirro = eth1\r\nssh_key = {board.public_key()}\r\n")
        begin = time.monotonic()
        board.start()
        board.wait_for("cat /run/hinomi-appliance/state", "courier=ok", 400, "the sensor is enrolled")
        seen("from power to enrolled, seconds (emulated)", round(time.monotonic() - begin))
        sent = board.mirror_capture(SAMPLE, speed=10)
        cases = wait_until("two cases at the desk", lambda: len(desk_cases(desk)) >= 2 and desk_cases(desk), 240, board)
        seen("cases at the desk", ", ".join(f"P{case['priority']}" for case in cases))
        got = board.ssh("curl -s --unix-socket /run/hinomi/metrics http://x/metrics")
        packets = int(re.search(r"^hinomi_frames_total (\d+)", got, re.M)[1])
        expect("every frame was taken", packets == sent, (packets, sent))
        strange = [frame.hex() for frame in board.mirror_heard() if not is_dhcp(frame)]
        expect("until it knew which port is the mirror it asked there for an address, and said nothing else", strange == [], strange[:3])
        hardened(board)
        figures(board)
        wait_until("the slip", lambda: board.ssh("test -f /run/hinomi-appliance/slip && echo yes", check=False), 300, board)
        kept = board.ssh("hinomi cases --json | wc -l").strip()
        board.off()
        slip = board.card_read("hinomi-result.txt") or ""
        seen("the slip", slip.replace("\r\n", " | ")[:400])
        expect("the slip is Japanese first, and names the wrong line", slip.startswith(("未完了", "合格")) and "6行目" in slip, slip)
        text = board.card_read("hinomi.txt") or ""
        expect("the code is gone from the card", code.lower() not in text.lower() and "(used)" in text, text)
        # Again, without a desk: what was found is still there, roles and enrolment too.
        board.start()
        board.wait_for("cat /run/hinomi-appliance/state", "sensor=active", 300)
        expect("cases outlive a restart", board.ssh("hinomi cases --json | wc -l").strip() == kept)
        expect("the mirror port says nothing, ever", board.mirror_heard() == [])
        expect("the roles are remembered", "how=memory" in board.ssh("cat /run/hinomi-appliance/roles"))
        board.off()
        # Without its key nobody gets in.
        board.card_write("hinomi.txt", "language = en\r\n")
        board.start()
        board.wait_serial("Starting kernel", 120)
        time.sleep(100 * boards.SLOW)
        expect("SSH is closed unless asked for", board.ssh("echo in", check=False, timeout=60) == "")


def version_of(board):
    return board.ssh(". /etc/os-release; echo $IMAGE_VERSION").strip()


def make_bundles(bench):
    folder = bench.folder / "bundles"
    folder.mkdir(exist_ok=True)
    foreign_key, foreign_cert = slots.authority(folder, "foreign")
    good = slots.alter(bench.slot, folder / "good.slot", folder / "work", "9.1.0")
    bad = slots.alter(bench.slot, folder / "bad.slot", folder / "work", "9.2.0", slots.no_sensor)
    newest = slots.alter(bench.slot, folder / "newest.slot", folder / "work", "9.3.0")
    made = {
        "good": slots.bundle(good, folder / "good.raucb", "9.1.0", bench.key, bench.cert),
        "bad": slots.bundle(bad, folder / "bad.raucb", "9.2.0", bench.key, bench.cert),
        "newest": slots.bundle(newest, folder / "newest.raucb", "9.3.0", bench.key, bench.cert),
        "foreign": slots.bundle(good, folder / "foreign.raucb", "9.4.0", foreign_key, foreign_cert),
        "older": slots.bundle(bench.slot, folder / "older.raucb", "0.0.1", bench.key, bench.cert),
        "other": slots.bundle(good, folder / "other.raucb", "9.5.0", bench.key, bench.cert, compatible="toaster"),
    }
    flipped = bytearray(made["newest"].read_bytes())
    flipped[len(flipped) // 2] ^= 1
    made["flipped"] = folder / "flipped.raucb"
    made["flipped"].write_bytes(flipped)
    return made


def begin_board(bench, name):
    board = bench.board(name)
    board.card_write("hinomi.txt", f"language = en\nssh_key = {board.public_key()}\n")
    board.start()
    board.wait_for("systemctl is-active hinomi-mark-good.service", "^active", 400, "the start is confirmed")
    return board


def update(bench):
    """Refused: foreign, older, another box's, damaged. Taken: a good one. Taken back: one whose sensor does not run."""
    made = make_bundles(bench)
    with begin_board(bench, "update") as board:
        for name, why in (("foreign", "not signed"), ("older", "not newer"), ("other", "another kind"), ("flipped", "could not be written")):
            board.copy_in(made[name], "/data/update/try")
            said = board.ssh("hinomi-update install /data/update/try --now 2>&1; rm -f /data/update/try", timeout=600)
            expect(f"refused: {name}", why in said, said)
            expect(f"after {name} the running slot is first", board.ssh("fw_printenv -n BOOT_ORDER").split()[0] == "A")
        board.copy_in(made["good"], "/data/update/try")
        board.ssh("hinomi-update install /data/update/try --now; rm -f /data/update/try", timeout=900, check=False)
        board.wait_for(". /etc/os-release; echo $IMAGE_VERSION", "9.1.0", 500, "the new version starts")
        board.wait_for("hinomi-update status", "confirmed", 400)
        expect("the new version runs from slot B", "rauc.slot=B" in board.ssh("cat /proc/cmdline"))
        expect("its tries are forgotten", board.ssh("fw_printenv -n BOOT_B_LEFT").strip() == "3")
        board.copy_in(made["bad"], "/data/update/try")
        board.ssh("hinomi-update install /data/update/try --now; rm -f /data/update/try", timeout=900, check=False)
        board.wait_serial("slot A, tries left", 400)
        # Three tries of up to five minutes each, then the one before.
        board.wait_serial("slot B, tries left", 2400, times=board.serial().count("slot B, tries left") + 1)
        board.wait_for("hinomi-update status", "fell-back", 400, "back to the version before")
        expect("the version before runs again", version_of(board) == "9.1.0")
        board.copy_in(made["bad"], "/data/update/try")
        said = board.ssh("hinomi-update install /data/update/try 2>&1; rm -f /data/update/try", timeout=600)
        expect("what fell back is not tried again", "did not come up" in said, said)


def cuts(bench, count=20):
    """The plug is pulled `count` times, at work and in the middle of updates: it starts each time, and what it keeps is whole."""
    made = make_bundles(bench)
    with begin_board(bench, "cuts") as board:
        board.copy_in(made["newest"], "/data/update/bundle")
        for number, wait in enumerate(boards.cut_times(9, count, 30), 1):
            is_update = number % 2 == 0
            if is_update:
                board.ssh("systemd-run --unit=install hinomi-update install /data/update/bundle --now", check=False)
            else:
                board.mirror_capture(SAMPLE, speed=60, limit=1500)
            time.sleep(wait)
            board.cut()
            board.start()
            try:
                board.wait_for("systemctl is-active hinomi-sensor.service", "^active", 500, "the sensor runs")
            except boards.BoardError as error:
                expect(f"cut {number}: starts again", False, str(error))
                return
            whole = board.ssh("hinomi cases --json >/dev/null && hinomi health --all >/dev/null && echo whole", check=False)
            storage = board.ssh("cat /run/hinomi-appliance/storage 2>/dev/null", check=False)
            expect(f"cut {number} ({'update' if is_update else 'at work'}, {wait:.1f} s): starts, {version_of(board)}, store whole",
                   "whole" in whole and not storage, (whole, storage))
            if version_of(board) != bench.version:
                board.wait_for("hinomi-update status", "confirmed", 600)
                board.ssh("rm -f /data/update/bundle")
                made["newest"] = made["good"]
        check = board.ssh("e2fsck -fn /dev/disk/by-partuuid/686e6d69-04 2>&1 | tail -n 3; dmesg | grep -i -E 'ext4-fs error' | head", check=False)
        expect("the file system complains of nothing", "EXT4-fs error" not in check, check)


SCENES = {"office": office, "update": update, "cuts": cuts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    parser.add_argument("--firmware", required=True)
    parser.add_argument("--desk", required=True)
    given = parser.parse_args()
    missing = boards.tools_missing()
    if missing:
        print("skipped: not there:", ", ".join(missing))
        sys.exit(77)
    for name in given.scenes or SCENES:
        bench = Bench(given.firmware, given.desk)
        begin = time.monotonic()
        print(f"== {name}", flush=True)
        try:
            SCENES[name](bench)
        except (boards.BoardError, AssertionError) as error:
            expect(name, False, str(error))
        finally:
            seen(f"{name}, seconds", round(time.monotonic() - begin))
            bench.close()
    sys.exit(1 if failures else 0)


main()
