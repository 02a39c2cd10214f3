"""Scenes of run_board.py: updates that are refused, taken and taken back, and the plug pulled again and again."""

import contextlib
import functools
import hashlib
import http.server
import re
import ssl
import threading
import time

import board as boards
import slots
from board_bench import GOLDEN, expect

SAMPLE = GOLDEN / "sample/capture.pcapng"


def version_of(board):
    return board.ssh(". /etc/os-release; echo $IMAGE_VERSION").strip()


def make_bundles(bench):
    folder = bench.folder / "bundles"
    folder.mkdir(exist_ok=True)
    foreign_key, foreign_cert = slots.authority(folder, "foreign")
    good = slots.alter(bench.slot, folder / "good.slot", folder / "work", "9.1.0")
    bad = slots.alter(bench.slot, folder / "bad.slot", folder / "work", "9.2.0", slots.no_sensor)
    dark = slots.alter(bench.slot, folder / "dark.slot", folder / "work", "9.2.1", slots.no_system)
    newest = slots.alter(bench.slot, folder / "newest.slot", folder / "work", "9.3.0")
    made = {
        "good": slots.bundle(good, folder / "good.raucb", "9.1.0", bench.key, bench.cert),
        "dark": slots.bundle(dark, folder / "dark.raucb", "9.2.1", bench.key, bench.cert),
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


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """What was fetched is no line of the test."""


@contextlib.contextmanager
def update_server(folder):
    """A web server for updates, of `folder`, with a certificate of its own; gives its port."""
    handler = functools.partial(Files, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.pem", folder / "tls.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def begin_board(bench, name, wishes="", files=None, **options):
    board = bench.board(name, **options)
    for file, data in (files or {}).items():
        board.card_write(file, data)
    board.card_write("hinomi.txt", f"language = en\nssh_key = {board.public_key()}\n{wishes}")
    board.start()
    board.wait_for("systemctl is-active hinomi-mark-good.service", "^active", 400, "the start is confirmed")
    return board


def update(bench):
    """Refused: foreign, older, another box's, damaged. Taken: a good one. Taken back: one whose sensor does not run."""
    made = make_bundles(bench)
    folder = bench.folder / "bundles"
    bench.certificate(folder)
    size, digest = made["good"].stat().st_size, hashlib.sha256(made["good"].read_bytes()).hexdigest()
    (folder / "latest").write_text(f"9.1.0 good.raucb {size} {digest}\n")
    wishes = f"updates = https://{boards.DESK_ADDRESS}:8443\nauthority = web.pem\n"
    with update_server(folder) as port, begin_board(bench, "update", wishes, {"web.pem": (folder / "tls.pem").read_bytes()}, desk_port=port) as board:
        for name, why in (("foreign", "not signed"), ("older", "not newer"), ("other", "another kind"), ("flipped", "could not be written")):
            board.copy_in(made[name], "/data/update/try")
            said = board.ssh("hinomi-update install /data/update/try --now 2>&1; rm -f /data/update/try", timeout=600)
            expect(f"refused: {name}", why in said, said)
            expect(f"after {name} the running slot is first", board.ssh("fw_printenv -n BOOT_ORDER").split()[0] == "A")
        said = board.ssh("systemctl start hinomi-update.service; journalctl -b -o cat -u hinomi-update.service", timeout=900)
        expect("fetched, and planned for the night", "starts tonight" in said, said)
        expect("in the small hours", re.search(r" 0[2-4]:\d\d:00 .*hinomi-restart", board.ssh("systemctl list-timers --no-pager --all")), board.ssh("systemctl list-timers --no-pager --all"))
        board.ssh("systemctl start --no-block hinomi-restart.service", check=False)
        board.wait_for(". /etc/os-release; echo $IMAGE_VERSION", "9.1.0", 500, "the new version starts")
        board.wait_for("hinomi-update status", "confirmed", 400)
        expect("the new version runs from slot B", "rauc.slot=B" in board.ssh("cat /proc/cmdline"))
        expect("its tries are forgotten", board.ssh("fw_printenv -n BOOT_B_LEFT").strip() == "9")
        for name, version in (("dark", "9.2.1"), ("bad", "9.2.0")):
            fall_back(board, name, version, made[name])
        stick = slots.stick(bench.folder / "stick.img", {"old.raucb": made["older"], "new.raucb": made["newest"], "other.raucb": made["foreign"]})
        board.plug_in(stick)
        board.wait_for(". /etc/os-release; echo $IMAGE_VERSION", "9.3.0", 900, "the stick's version starts")
        board.wait_for("hinomi-update status", "9.3.0, confirmed", 400)
        expect("the newest version of a USB stick runs", version_of(board) == "9.3.0")
        expect("nothing failed meanwhile", board.ssh("systemctl --failed --plain --no-legend").strip() == "", board.ssh("systemctl --failed --plain --no-legend"))


def fall_back(board, name, version, bundle):
    """A version that does not come up is tried three times; then the one before runs, and knows it."""
    before = board.serial().count("slot B, tries left")
    tries = board.serial().count("slot A, tries left")
    board.copy_in(bundle, "/data/update/try")
    board.ssh("hinomi-update install /data/update/try --now; rm -f /data/update/try", timeout=900, check=False)
    board.wait_serial("slot B, tries left", 1500, times=before + 1)
    expect(f"{name}: tried three times", board.serial().count("slot A, tries left") == tries + 3, board.serial()[-2000:])
    board.wait_for("hinomi-update status", f"{version}, fell-back", 400, "back to the version before")
    expect(f"{name}: the version before runs again", version_of(board) == "9.1.0")
    board.wait_for("systemctl is-active hinomi-mark-good.service", "^active", 400)
    board.copy_in(bundle, "/data/update/try")
    said = board.ssh("hinomi-update install /data/update/try 2>&1; rm -f /data/update/try", timeout=600)
    expect(f"{name}: what fell back is not tried again", "did not come up" in said, said)


def offer(bench, board, number):
    """The next version, ready on the board to be installed; gives its name."""
    version = f"9.{number}.0"
    slot = slots.alter(bench.slot, bench.folder / "next.slot", bench.folder / "work", version)
    board.copy_in(slots.bundle(slot, bench.folder / "next.raucb", version, bench.key, bench.cert), "/data/update/bundle")
    return version


def cuts(bench, count=20):
    """The plug is pulled `count` times: at work, while an update is written, and while it starts for the first time. It starts each time,
    and what it keeps is whole; each update that was cut is there in the end, and the next one begins."""
    met = []
    with begin_board(bench, "cuts") as board:
        versions = 1
        version = offer(bench, board, versions)
        for number, wait in enumerate(boards.cut_times(9, count, 30), 1):
            moment = ("at work", "writing", "starting")[number % 3]
            reach(board, moment)
            # Writing takes ten seconds.
            wait = wait / 4 if moment == "writing" else wait
            time.sleep(wait)
            board.cut()
            board.start()
            step = starts_whole(board, f"cut {number} ({moment}, {wait:.1f} s)")
            if not step:
                return
            met.append((moment, step))
            if version_of(board) == version:
                board.wait_for("hinomi-update status", "confirmed", 600)
                versions += 1
                version = offer(bench, board, versions)
        check = board.ssh("e2fsck -fn /dev/disk/by-partuuid/686e6d69-04 2>&1 | tail -n 3; dmesg | grep -i -E 'ext4-fs error' | head", check=False)
        expect("the file system complains of nothing", "EXT4-fs error" not in check, check)
        expect("updates were cut while they were written, and while they started", ("writing", "interrupted") in met and
               {step for moment, step in met if moment == "starting"} & {"trying", "confirmed"}, met)
        seen("updates that were cut and run in the end", versions - 1)
        broken_storage(board)


def broken_storage(board):
    """A card whose state partition is gone: the office is watched nevertheless, from memory, and health says so."""
    board.off()
    with open(board.disk, "r+b") as disk:
        disk.seek(boards.STATE_OFFSET)
        disk.write(bytes(boards.DISK_SIZE - boards.STATE_OFFSET))
    board.start()
    board.wait_for("cat /run/hinomi-appliance/state", "sensor=active", 500, "the sensor runs")
    state = board.wait_for("cat /run/hinomi-appliance/state", "reason=The memory card is broken", 200)
    board.mirror_capture(SAMPLE, speed=60)
    cases = board.wait_for("hinomi cases --json | wc -l", "[1-9]", 200)
    expect("without a state partition it watches from memory, and says so", "storage=broken" in state and int(cases) > 0, (state, cases))


def reach(board, moment):
    """The moment after which the plug is pulled."""
    if moment == "at work":
        board.mirror_capture(SAMPLE, speed=60, limit=1500)
        return
    starts = board.serial().count("tries left")
    board.ssh("systemctl reset-failed install 2>/dev/null; systemd-run --unit=install hinomi-update install /data/update/bundle --now", check=False)
    if moment == "writing":
        board.wait_for("hinomi-update status", "installing", 400, "the update is being written")
    else:
        board.wait_serial("tries left", 900, times=starts + 1)


def starts_whole(board, name):
    """After a cut: the sensor runs, the store can be read, the state partition is there. Gives the step of the last update, or nothing."""
    try:
        board.wait_for("systemctl is-active hinomi-sensor.service", "^active", 500, "the sensor runs")
    except boards.BoardError as error:
        expect(f"{name}: starts again", False, str(error))
        return None
    whole = board.ssh("hinomi cases --json >/dev/null && hinomi health --all >/dev/null && echo whole", check=False)
    storage = board.ssh("cat /run/hinomi-appliance/storage 2>/dev/null", check=False)
    step = board.ssh("sed -n s/^step=//p /data/update/state 2>/dev/null", check=False).strip() or "no update"
    expect(f"{name}: starts, {version_of(board)}, {step}; store whole", "whole" in whole and not storage, (whole, storage))
    return step
