"""A box in a folder, for tests of hinomi-update: root folder, slots, keys made here, and commands that stand for the machine's."""

import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import zlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
APPLIANCE = SOURCE / "firmware/appliance"
BUNDLE = SOURCE / "firmware/image/bundle"
NEEDED = ("rauc", "openssl", "mksquashfs", "unsquashfs", "curl", "flock", "dpkg", "blkid")
SLOT_BYTES = 24 << 20
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def find(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def missing_tools(*more):
    return [name for name in (*NEEDED, *more) if not find(name)]


def call(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **options)


class Keys:
    """An authority, who may sign below it, and who may not."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.authority = self.root("Updates")
        self.signer = self.below("signer", self.authority)
        self.between = self.below("between", self.authority, "basicConstraints=CA:TRUE")
        self.deep = self.below("deep", self.between)
        self.expired = self.below("expired", self.authority, days=("20200101000000Z", "20200301000000Z"))
        self.foreign = self.root("Updates", "foreign")

    def root(self, subject, name=None):
        key, cert = self.folder / f"{name or subject}.key", self.folder / f"{name or subject}.pem"
        call("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={subject}", "-keyout", key, "-out", cert)
        return key, cert

    def below(self, name, above, extension="basicConstraints=CA:FALSE", days=None):
        key, cert, request = (self.folder / f"{name}.{end}" for end in ("key", "pem", "csr"))
        call("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        settings = self.folder / f"{name}.cnf"
        (self.folder / f"{name}.index").touch()
        settings.write_text(f"[ca]\ndefault_ca=c\n[c]\ndatabase={self.folder}/{name}.index\nnew_certs_dir={self.folder}\nrand_serial=yes\n"
                            f"default_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\n{extension}\n")
        validity = ("-startdate", days[0], "-enddate", days[1]) if days else ("-days", "20")
        call("openssl", "ca", "-batch", "-notext", "-config", settings, "-in", request, "-out", cert, "-cert", above[1], "-keyfile", above[0], *validity)
        return key, cert


class Bundles:
    def __init__(self, folder, keys):
        self.folder, self.keys = pathlib.Path(folder), keys
        self.folder.mkdir(parents=True)
        self.slot = self.folder / "slot.img"
        self.slot.write_bytes(os.urandom(400_000))

    def make(self, name, version, key=None, slot=None, **options):
        key, cert = key or self.keys.signer
        words = [word for option, value in options.items() for word in (f"--{option}", value)]
        out = self.folder / f"{name}.raucb"
        call(BUNDLE, slot or self.slot, "--version", version, "--key", key, "--cert", cert, *words, "-o", out,
             env={**os.environ, "HINOMI_SQUASHFS_LEVEL": "1"})
        return out

    def plain(self, name, version, slot=None, key=None, compatible="hinomi-pi-arm64"):
        """RAUC's older format: its hash is checked once, before the slot is written."""
        content = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(slot or self.slot, content / "system.img")
        (content / "manifest.raucm").write_text(f"[update]\ncompatible={compatible}\nversion={version}\n[image.rootfs]\nfilename=system.img\n")
        key, cert = key or self.keys.signer
        out = self.folder / f"{name}.raucb"
        call("rauc", "bundle", f"--key={key}", f"--cert={cert}", content, out)
        shutil.rmtree(content)
        return out


def environment_block(**variables):
    words = b"".join(f"{name}={value}".encode() + b"\0" for name, value in variables.items())
    data = words.ljust(508, b"\0")
    return struct.pack("<I", zlib.crc32(data)) + data


class Box:
    """Runs slot A, version 1.0. `stand_ins`: shell text by name of the command that it stands for."""

    def __init__(self, folder, keyring, formats="verity", stand_ins=None):
        self.root = pathlib.Path(folder)
        self.bin, self.log = self.root / "stand-ins", self.root / "log"
        for name in ("etc/hinomi", "proc", "data/update", "run", "stand-ins"):
            (self.root / name).mkdir(parents=True)
        self.folder = self.root / "data/update"
        self.runs("A", "1.0")
        self.slots = {"A": self.root / "slot-A", "B": self.root / "slot-B"}
        for name, slot in self.slots.items():
            slot.write_bytes(name.encode() * SLOT_BYTES)
        self.card = self.root / "card"
        self.card.write_bytes(b"\0" * (1 << 20))
        self.set_boot(BOOT_ORDER="A B", BOOT_A_LEFT=9, BOOT_B_LEFT=9)
        self.configure(keyring, formats)
        for name, text in {**self.machine(), **(stand_ins or {})}.items():
            (self.bin / name).write_text(f"#!/bin/sh\nLOG={self.log}\n{text}\n")
            (self.bin / name).chmod(0o755)

    def machine(self):
        """A machine whose RAUC can read bundles, and only notes that it is to install one."""
        rauc = shutil.which("rauc")
        return {
            "systemctl": 'echo "systemctl $*" >>$LOG; [ "$1" != is-active ]',
            "systemd-run": 'echo "systemd-run $*" >>$LOG',
            "busctl": "exit 1",
            "sleep": "exit 0",
            "rauc": f'[ "$1" = install ] || exec {rauc} "$@"\necho "rauc $*" >>$LOG; [ ! -e {self.root}/cannot-install ]',
        }

    def configure(self, keyring, formats):
        """The box's own configuration of RAUC, with the places of this folder."""
        text = (APPLIANCE / "rauc/system.conf").read_text()
        for there, here in (("/etc/rauc/keyring.pem", keyring), ("/data/", f"{self.root}/data/"), ("/run/rauc", f"{self.root}/run/rauc"),
                            ("bundle-formats=verity", f"bundle-formats={formats}"),
                            ("/dev/disk/by-partuuid/686e6d69-02", self.slots["A"]), ("/dev/disk/by-partuuid/686e6d69-03", self.slots["B"])):
            assert there in text, there
            text = text.replace(there, str(here))
        self.conf = self.root / "etc/system.conf"
        self.conf.write_text(text)

    def set_boot(self, **variables):
        with open(self.card, "r+b") as card:
            card.seek(0x80000)
            card.write(environment_block(**variables))

    def boot(self):
        """The variables, if their block is whole."""
        block = self.card.read_bytes()[0x80000:0x80200]
        assert struct.unpack("<I", block[:4])[0] == zlib.crc32(block[4:]), "the block of the boot variables is damaged"
        return dict(pair.split("=", 1) for pair in block[4:].decode().strip("\0").split("\0"))

    def runs(self, slot, version, on_trial=False):
        """Started from that slot."""
        (self.root / "run/hinomi-appliance/confirmed").unlink(missing_ok=True)
        (self.root / "proc/cmdline").write_text(f"console=tty0 rauc.slot={slot} {'hinomi.trial ' if on_trial else ''}quiet\n")
        (self.root / "etc/os-release").write_text(f"IMAGE_ID=hinomi\nIMAGE_VERSION={version}\n")

    def environment(self, **more):
        return {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}:/usr/sbin:/sbin", "HINOMI_ROOT": str(self.root),
                "HINOMI_LIB": str(APPLIANCE / "lib"), "HINOMI_RAUC_CONF": str(self.conf), "LC_ALL": "C.UTF-8", **more}

    def update(self, *words, timeout=120, **more):
        result = subprocess.run(["sh", APPLIANCE / "bin/hinomi-update", *map(str, words)], env=self.environment(**more), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
        return result.returncode, result.stdout

    def state(self):
        path = self.folder / "state"
        return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}

    def trial(self):
        path = self.folder / "trial"
        return path.read_text().strip() if path.exists() else None

    def logged(self):
        """What the machine was asked for since the last time."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.write_text("")
        return [line for line in lines if "is-active" not in line]

    def left_over(self):
        return sorted(path.name for path in self.folder.iterdir() if path.name not in ("state", "trial", "failed", "refused", "rauc.status"))
