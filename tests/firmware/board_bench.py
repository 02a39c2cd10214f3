"""What the scenes of run_board.py share: what is printed, the image, its keys, a desk, waiting."""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "desk"))

import board as boards  # noqa: E402
import slots  # noqa: E402

GOLDEN = HERE.parent / "golden"
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

    def desk(self, heartbeat="20s"):
        from desk_under_test import Desk, tls_context
        folder = self.folder / "desk"
        folder.mkdir(exist_ok=True)
        self.certificate(folder)
        shutil.copy(folder / "tls.pem", folder / "authority.pem")
        (folder / "policy.json").write_text(json.dumps({"courier.canary": "0s", "courier.heartbeat": heartbeat}))
        desk = Desk(self.desk_program, str(folder), "--certificate", str(folder / "tls.pem"), "--key", str(folder / "tls.key"))
        desk.context = tls_context(str(folder / "tls.pem"))
        return desk

    @staticmethod
    def certificate(folder):
        """Of a server that the board sees at the desk's address: tls.key and tls.pem."""
        slots.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=desk",
                  "-addext", f"subjectAltName=IP:{boards.DESK_ADDRESS},IP:127.0.0.1", "-keyout", folder / "tls.key", "-out", folder / "tls.pem")

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


def failed():
    """Exit code: 1 if anything was not as expected."""
    return 1 if failures else 0
