"""An emulated arm64 board that is started from an image: U-Boot, two network ports, a card.

Frames reach the mirror port as UDP datagrams on loopback, one each, and whatever the machine sends there comes back
the same way; the management port is QEMU's own network, closed but for SSH from here and one address of the desk.
Everything ends with the Board (`with Board(…) as board`). Timeouts are generous: emulation is slow, and these tests measure
nothing by seconds.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

CARD_OFFSET = 4 << 20
SLOT_OFFSETS = {"A": 68 << 20, "B": 324 << 20}
STATE_OFFSET = 580 << 20
DISK_SIZE = 1 << 30
UBOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
SLOW = float(os.environ.get("HINOMI_EMULATOR_PATIENCE", "1"))
DESK_ADDRESS = "10.0.2.100"


class BoardError(Exception):
    """The machine did not do what was waited for; the message ends with what its console said last."""


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **options)


class Board:
    def __init__(self, image, folder, memory=1024, desk_port=None, mirror_first=False, ports=2):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.disk = self.folder / "card.img"
        self.console = self.folder / "console.log"
        self.memory = memory
        self.desk_port = desk_port
        self.mirror_first = mirror_first
        self.ports = ports
        self.process = None
        self.extra = []
        self.ssh_port = free_port()
        self.key = self.folder / "ssh_key"
        self.starts = 0
        self.sent = 0
        self._qmp = None
        self.mirror = None
        run("cp", "--sparse=always", image, self.disk)
        os.truncate(self.disk, DISK_SIZE)
        if not self.key.exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()

    # The card, as a person's computer sees it. Only while the machine is off.

    def card_write(self, name, text):
        path = self.folder / "card-file"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        run("mcopy", "-o", "-i", f"{self.disk}@@{CARD_OFFSET}", path, f"::{name}")

    def card_read(self, name):
        path = self.folder / "card-file"
        path.unlink(missing_ok=True)
        result = subprocess.run(["mcopy", "-o", "-i", f"{self.disk}@@{CARD_OFFSET}", f"::{name}", path], capture_output=True, check=False)
        return path.read_bytes().decode("utf-8-sig") if result.returncode == 0 else None

    def slot_bytes(self, slot, length):
        """What stands in a slot; while the machine is off."""
        with open(self.disk, "rb") as disk:
            disk.seek(SLOT_OFFSETS[slot])
            return disk.read(length)

    def public_key(self):
        return (self.folder / "ssh_key.pub").read_text().strip()

    # Power.

    def start(self):
        assert self.process is None
        self.starts += 1
        qmp_path = self.folder / "qmp"
        qmp_path.unlink(missing_ok=True)
        management = f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
        if self.desk_port:
            management += f",guestfwd=tcp:{DESK_ADDRESS}:8443-cmd:socat - TCP:127.0.0.1:{self.desk_port}"
        if self.mirror is None:
            self.mirror = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.mirror.bind(("127.0.0.1", 0))
            self.mirror.settimeout(0.1)
            self.mirror_port = free_port(socket.SOCK_DGRAM)
        to_host = self.mirror.getsockname()[1]
        mirror = f"socket,id=mon,udp=127.0.0.1:{to_host},localaddr=127.0.0.1:{self.mirror_port}"
        nics = [("net", management, "52:54:00:12:34:01"), ("mon", mirror, "52:54:00:12:34:02")][:self.ports]
        if self.mirror_first:
            nics.reverse()
        command = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", str(self.memory),
                   "-accel", "tcg,thread=multi,tb-size=512", "-bios", UBOOT, "-display", "none", "-monitor", "none",
                   "-serial", f"file:{self.folder / 'serial.log'}", "-qmp", f"unix:{qmp_path},server=on,wait=off",
                   "-drive", f"file={self.disk},format=raw,if=none,id=card,cache=writethrough",
                   "-device", "virtio-blk-pci,drive=card",
                   "-device", "i6300esb", "-action", "watchdog=reset", "-device", "qemu-xhci"]
        for name, backend, mac in nics:
            command += ["-netdev", backend, "-device", f"virtio-net-pci,netdev={name},mac={mac},romfile="]
        command += self.extra
        (self.folder / "serial.log").unlink(missing_ok=True)
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(self.folder / "qemu.log", "wb"))
        return self

    def cut(self):
        """The plug is pulled."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None
        self._qmp = None
        with open(self.console, "ab") as log:
            log.write(f"\n--- start {self.starts} ended ---\n".encode() + self.serial().encode())

    def off(self, timeout=180):
        """Switched off as the button of a screen would."""
        self.ssh("systemctl poweroff", check=False)
        try:
            self.process.wait(timeout * SLOW)
        except subprocess.TimeoutExpired as error:
            raise BoardError(f"the machine does not switch off\n{self.tail()}") from error
        self.cut()

    def serial(self):
        path = self.folder / "serial.log"
        return path.read_bytes().decode(errors="replace") if path.exists() else ""

    def tail(self, lines=25):
        return "\n".join(self.serial().splitlines()[-lines:])

    def wait_serial(self, pattern, timeout=240, times=1):
        end = time.monotonic() + timeout * SLOW
        while time.monotonic() < end:
            if len(re.findall(pattern, self.serial())) >= times:
                return
            if self.process.poll() is not None:
                raise BoardError(f"the emulator ended: {(self.folder / 'qemu.log').read_text()}\n{self.tail()}")
            time.sleep(0.5)
        raise BoardError(f"not on the console within {timeout * SLOW:.0f} s: {pattern}\n{self.tail()}")

    # Inside.

    def ssh(self, command, check=True, timeout=120, stdin=None):
        result = subprocess.run(
            ["ssh", "-i", str(self.key), "-p", str(self.ssh_port), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             "-o", "LogLevel=ERROR", "-o", f"ConnectTimeout={int(20 * SLOW)}", "-o", "BatchMode=yes", "root@127.0.0.1", command],
            capture_output=True, text=True, check=False, timeout=timeout * SLOW, input=stdin)
        if check and result.returncode:
            raise BoardError(f"{command}: exit {result.returncode}: {result.stderr}{result.stdout}")
        return result.stdout

    def wait_for(self, command, pattern=".", timeout=300, what=None):
        """Until the output of a command inside matches; the last output is given back."""
        end, output = time.monotonic() + timeout * SLOW, ""
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BoardError(f"the emulator ended\n{self.tail()}")
            try:
                output = self.ssh(command, check=False)
            except subprocess.TimeoutExpired:
                output = ""
            if re.search(pattern, output):
                return output
            time.sleep(2)
        raise BoardError(f"not seen within {timeout * SLOW:.0f} s: {what or command}: {pattern}\nlast: {output}\n{self.tail()}")

    def copy_in(self, path, target):
        with open(path, "rb") as source:
            subprocess.run(
                ["ssh", "-i", str(self.key), "-p", str(self.ssh_port), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                 "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "root@127.0.0.1", f"cat > {target} && sync {target}"], stdin=source, check=True, timeout=900 * SLOW)

    def qmp(self, name, **arguments):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(20)
            door.connect(str(self.folder / "qmp"))
            stream = door.makefile("rw")
            stream.readline()
            for request in ({"execute": "qmp_capabilities"}, {"execute": name, "arguments": arguments}):
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                while "event" in (reply := json.loads(stream.readline())):
                    pass
        return reply

    def plug_in(self, stick):
        """A USB stick, while it runs."""
        for name, words in (("blockdev-add", {"driver": "raw", "node-name": "stick", "file": {"driver": "file", "filename": str(stick)}}),
                            ("device_add", {"driver": "usb-storage", "drive": "stick", "id": "stick"})):
            reply = self.qmp(name, **words)
            if "error" in reply:
                raise BoardError(f"{name}: {reply['error']}")

    # The mirror port.

    def mirror_capture(self, path, speed=10, limit=None):
        """The frames of a capture file (Ethernet) onto the mirror port, at so many times their own speed; gives their number."""
        frames = read_frames(path)[:limit]
        begin, first = time.monotonic(), frames[0][0]
        for when, frame in frames:
            ahead = (when - first) / speed - (time.monotonic() - begin)
            if ahead > 0.002:
                time.sleep(ahead)
            self.mirror.sendto(frame, ("127.0.0.1", self.mirror_port))
        self.sent += len(frames)
        return len(frames)

    def mirror_heard(self):
        """What the machine has sent on its mirror port since it was asked last: frames."""
        heard = []
        while True:
            try:
                heard.append(self.mirror.recv(65536))
            except socket.timeout:
                return heard


def read_frames(path):
    """(seconds, frame) of each packet of a capture file."""
    data = run("editcap", "-F", "pcap", path, "-").stdout
    frames, at = [], 24
    while at + 16 <= len(data):
        seconds, micros, kept, _ = struct.unpack_from("<IIII", data, at)
        frames.append((seconds + micros / 1e6, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return frames


def cut_times(seed, count, longest):
    """When the plug is pulled: the same times for the same seed."""
    rng = random.Random(seed)
    return [rng.uniform(0.5, longest) for _ in range(count)]


def tools_missing():
    wanted = ("qemu-system-aarch64", "mcopy", "ssh", "ssh-keygen", "editcap", "socat", "rauc", "mksquashfs", "unsquashfs")
    return [name for name in wanted if not shutil.which(name)] + ([] if os.path.exists(UBOOT) else [UBOOT])
