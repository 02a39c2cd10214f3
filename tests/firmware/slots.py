"""Slot images and bundles that a test needs beside the one that was built: the same system with another version, or with something broken."""

import os
import pathlib
import shutil
import struct
import subprocess

MIB = 1 << 20
BUNDLE = pathlib.Path(__file__).parents[2] / "firmware/image/bundle"


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **options)


def split(slot):
    """The squashfs of a slot image and the boot image behind it."""
    data = pathlib.Path(slot).read_bytes()
    length = struct.unpack_from("<Q", data, 40)[0]
    return data[:length], data[-(-length // MIB) * MIB:]


def alter(slot, target, folder, version, change=None):
    """`slot` with another version, and with what `change(tree)` does to its files. Root."""
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    squashfs, boot = split(slot)
    (folder / "root.squashfs").write_bytes(squashfs)
    run("unsquashfs", "-q", "-n", "-d", folder / "tree", folder / "root.squashfs")
    tree = folder / "tree"
    release = tree / "usr/lib/os-release"
    lines = [line for line in release.read_text().splitlines() if not line.startswith("IMAGE_VERSION=")]
    release.write_text("\n".join(lines + [f"IMAGE_VERSION={version}", ""]))
    if change:
        change(tree)
    run("mksquashfs", tree, folder / "new.squashfs", "-comp", "zstd", "-Xcompression-level", "3", "-noappend", "-quiet", "-no-progress", "-b", "256K")
    with open(target, "wb") as out:
        out.write((folder / "new.squashfs").read_bytes())
        out.truncate(-(-out.tell() // MIB) * MIB)
        out.seek(0, os.SEEK_END)
        out.write(boot)
    shutil.rmtree(folder)
    return target


def no_sensor(tree):
    """Starts, but its sensor does not run; it waits a minute for it in place of five, so that the test ends."""
    (tree / "usr/bin/hinomi").write_text("#!/bin/sh\nexit 1\n")
    shorter = tree / "usr/lib/systemd/system/hinomi-health.service.d/shorter.conf"
    shorter.parent.mkdir(exist_ok=True)
    shorter.write_text("[Service]\nEnvironment=HINOMI_HEALTH_PATIENCE=60\n")


def no_system(tree):
    """Does not come as far as its first service."""
    (tree / "usr/lib/systemd/systemd").unlink()


def stick(path, files):
    """A USB stick as shops sell them: a partition with FAT."""
    path.unlink(missing_ok=True)
    with open(path, "wb") as out:
        out.truncate(512 * MIB)
    run("sfdisk", "-q", path, input=b"start=2048, type=c\n")
    run("mformat", "-i", f"{path}@@1M", "-F", "-T", str((512 - 1) * 2048), "-v", "STICK", "::")
    for name, file in files.items():
        run("mcopy", "-i", f"{path}@@1M", file, f"::{name}")
    return path


def authority(folder, name):
    """A throw-away authority: key and certificate."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", key, "-out", cert)
    return key, cert


def bundle(slot, target, version, key, cert, compatible="hinomi-pi-arm64"):
    run(BUNDLE, slot, "--version", version, "--key", key, "--cert", cert, "--compatible", compatible, "-o", target,
        env={**os.environ, "HINOMI_SQUASHFS_LEVEL": "1"})
    return target
