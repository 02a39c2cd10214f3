"""test_packages.py FOLDER [SUITE...]: the packages of firmware/build_packages in a clean Debian root: what is in them, installing, upgrading,
removing, purging. Root and a mirror are needed; roots are made anew and removed."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

folder = pathlib.Path(sys.argv[1]).resolve()
suites = sys.argv[2:] or ["bookworm", "trixie"]
SAMPLE = pathlib.Path(__file__).parents[1] / "golden/sample/capture.pcapng"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def run(*words, check=True):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if check and result.returncode:
        raise RuntimeError(f"{' '.join(str(word) for word in words)}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def package(name, suite, arch):
    mark = {"bookworm": "deb12", "trixie": "deb13"}[suite]
    found = [path for path in folder.glob(f"{name}_*_{arch}.deb") if mark in path.name]
    if len(found) != 1:
        raise RuntimeError(f"{name} for {suite} {arch}: {len(found)} packages in {folder}")
    return found[0]


def contents(suite, arch):
    rows = {row.split()[5]: row.split() for row in run("dpkg-deb", "-c", package("hinomi", suite, arch)).splitlines()}
    expect(f"{suite} {arch}: all is root's", all(row[1] == "root/root" for row in rows.values()))
    for path, mode in {"./usr/bin/hinomi": "-rwxr-xr-x", "./usr/bin/hinomi-courier": "-rwxr-xr-x", "./etc/hinomi/hinomi.yaml": "-rw-r--r--",
                       "./usr/lib/sysusers.d/hinomi.conf": "-rw-r--r--", "./usr/share/man/man1/hinomi.1.gz": "-rw-r--r--",
                       "./usr/share/man/man1/hinomi-courier.1.gz": "-rw-r--r--", "./usr/share/man/man5/hinomi.yaml.5.gz": "-rw-r--r--",
                       "./usr/share/bash-completion/completions/hinomi": "-rw-r--r--"}.items():
        expect(f"{suite} {arch}: {path}", path in rows and rows[path][0] == mode, rows.get(path))
    units = [path for path in rows if re.search(r"lib/systemd/system/hinomi-(sensor|courier)\.service$", path)]
    expect(f"{suite} {arch}: both units", len(units) == 2, units)
    depends = run("dpkg-deb", "-f", package("hinomi", suite, arch), "Depends")
    expect(f"{suite} {arch}: libraries are dependencies", all(name in depends for name in ("libc6", "libndpi", "libpcap", "libsqlite3", "libcurl")), depends)


class Root:
    """A clean root of one distribution, in which nothing is started."""

    def __init__(self, suite, place):
        self.place = pathlib.Path(place) / suite
        run("mmdebstrap", "--variant=apt", "--include=systemd", suite, self.place)
        (self.place / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (self.place / "usr/sbin/policy-rc.d").chmod(0o755)
        shutil.copy("/etc/resolv.conf", self.place / "etc/resolv.conf")

    def do(self, *words, check=True):
        return run("chroot", self.place, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive",
                   "LC_ALL=C.UTF-8", *words, check=check)

    def files(self):
        """What is there, but for what apt and dpkg keep of themselves and for the users, which stay."""
        skip = re.compile(r"^/(var/(lib/(dpkg|apt|systemd)|cache|log)|proc|sys|dev|tmp|run|etc/(passwd|group|shadow|gshadow)-?$|etc/\.pwd\.lock)")
        found = run("find", self.place, "-xdev", "-printf", "/%P\n").splitlines()
        return {name for name in found if not skip.match(name)}

    def install(self, *packages):
        for path in packages:
            shutil.copy(path, self.place / "tmp")
        return self.do("apt-get", "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", *(f"/tmp/{path.name}" for path in packages))


def older(path, target):
    """The same package with a lower version."""
    work = target / "older"
    run("dpkg-deb", "-R", path, work)
    control = work / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 0.0.9-1", control.read_text(), flags=re.M))
    made = target / "hinomi_0.0.9-1_amd64.deb"
    run("dpkg-deb", "--root-owner-group", "-b", work, made)
    return made


def life(suite, place):
    root = Root(suite, place)
    ours = package("hinomi", suite, "amd64")
    root.do("apt-get", "update", "-qq")
    # What hinomi needs stays when it goes: first that alone.
    names = re.findall(r"(?:^|, )([a-z0-9.+-]+)", run("dpkg-deb", "-f", ours, "Depends"))
    root.do("apt-get", "install", "-y", "--no-install-recommends", *(name for name in names if name != "systemd"))
    before = root.files()
    root.install(older(ours, pathlib.Path(place)))
    expect(f"{suite}: the users are made", "hinomi-courier" in root.do("getent", "passwd"))
    expect(f"{suite}: nothing is started at a start by itself", "hinomi" not in "".join(path.name for path in (root.place / "etc/systemd/system").rglob("*")))
    config = root.place / "etc/hinomi/hinomi.yaml"
    config.write_text("capture:\n  interfaces: eth1\n")
    state = root.place / "var/lib/hinomi"
    state.mkdir(exist_ok=True)
    (state / "cases.db").write_text("kept")
    root.install(ours)
    expect(f"{suite}: the upgrade is there", "0.0.9" not in root.do("dpkg-query", "-W", "hinomi"))
    expect(f"{suite}: an upgrade keeps options and state", "eth1" in config.read_text() and (state / "cases.db").exists())
    expect(f"{suite}: the program runs", root.do("hinomi", "--version").startswith("hinomi"))
    shutil.copy(SAMPLE, root.place / "tmp/capture.pcapng")
    expect(f"{suite}: it reads a capture", '"hinomi.case/1"' in root.do("hinomi", "read", "--json", "--quiet", "/tmp/capture.pcapng"))
    expect(f"{suite}: options are read", "interfaces: 'eth1'" in root.do("hinomi", "check-config", "--config", "/etc/hinomi/hinomi.yaml"))
    root.do("apt-get", "remove", "-y", "hinomi")
    expect(f"{suite}: removing takes the programs", not (root.place / "usr/bin/hinomi").exists())
    expect(f"{suite}: and keeps options and state", config.exists() and (state / "cases.db").exists())
    root.install(ours)
    expect(f"{suite}: installed again with them", "eth1" in config.read_text())
    root.do("apt-get", "purge", "-y", "hinomi")
    left = root.files() - before
    expect(f"{suite}: purging leaves nothing", not left, sorted(left)[:10])
    root.install(ours)
    shutil.rmtree(root.place / "etc/hinomi")
    shutil.rmtree(state, ignore_errors=True)
    root.do("apt-get", "purge", "-y", "hinomi")
    expect(f"{suite}: purging what somebody removed already", "hinomi" not in root.do("dpkg-query", "-W", "-f", "${Package} ", check=False).split())


for name in suites:
    for architecture in ("amd64", "arm64"):
        contents(name, architecture)
    with tempfile.TemporaryDirectory() as where:
        life(name, where)
sys.exit(1 if failures else 0)
