"""For tests of the appliance's scripts: a box that is a folder. The first argument of the test is the source folder."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

appliance = pathlib.Path(sys.argv[1]).resolve() / "firmware/appliance"
lib = appliance / "lib"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


class Box:
    """A root folder with a card and two network ports."""

    def __init__(self, folder, ports=("eth0", "eth1")):
        self.root = pathlib.Path(folder) / "box"
        self.card = pathlib.Path(folder) / "card"
        self.card.mkdir(parents=True)
        for name in ("etc", "data/update", "run"):
            (self.root / name).mkdir(parents=True)
        for number, name in enumerate(ports):
            self.port(name, f"02:00:00:00:00:0{number + 1}", number * 1000)
        self.programs = pathlib.Path(folder) / "programs"
        self.programs.mkdir()

    def port(self, name, address, packets=0):
        port = self.root / "sys/class/net" / name
        (port / "device").mkdir(parents=True)
        (port / "statistics").mkdir()
        (port / "type").write_text("1\n")
        (port / "address").write_text(f"{address}\n")
        (port / "statistics/rx_packets").write_text(f"{packets}\n")
        (port / "carrier").write_text("1\n")
        (port / "ifindex").write_text(f"{len(list(port.parent.iterdir()))}\n")

    def program(self, name, text):
        """What stands in for a program of the box. Each call is noted in the folder's `calls`."""
        path = self.programs / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.programs}/calls\n{text}\n')
        path.chmod(0o755)

    def services(self, *names):
        """A systemctl that starts these services as their units say, but for users and rights, and knows no others."""
        cases = ""
        for name in names:
            unit = (appliance / "systemd" / re.sub(r"@\w+", "@", name)).read_text().replace("%i", name.partition("@")[2].partition(".")[0])
            command = re.search(r"^ExecStart=(.*)$", unit, re.M)[1]
            command = command.replace("/usr/lib/hinomi/", f"sh {lib}/").replace("/usr/bin/", "").replace("/etc/hinomi", f"{self.root}/data/settings")
            output = re.search(r"^StandardOutput=truncate:(.*)$", unit, re.M)
            environment = re.search(r"^EnvironmentFile=(.*)$", unit, re.M)
            credential = re.search(r"^LoadCredential=(\w+):(.*)$", unit, re.M)
            steps = [f". {self.root}{environment[1]}"] if environment else []
            if credential:
                steps += ["CREDENTIALS_DIRECTORY=$(mktemp -d); export CREDENTIALS_DIRECTORY",
                          f"cp {self.root}{credential[2]} $CREDENTIALS_DIRECTORY/{credential[1]}", "trap 'rm -rf $CREDENTIALS_DIRECTORY' EXIT"]
            steps.append(command + (f" >{self.root}{output[1]} 2>&1" if output else ""))
            cases += f"{name}) ({'; '.join(steps)}) || result=1 ;;\n"
        self.program("systemctl", f"""[ "$1" = start ] || exit 0
result=0
shift
for unit; do case $unit in
{cases}*) exit 5 ;;
esac; done
exit $result""")

    def calls(self):
        path = self.programs / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def environment(self, **more):
        return {**os.environ, "HINOMI_ROOT": str(self.root), "HINOMI_LIB": str(lib), "HINOMI_CARD_FOLDER": str(self.card),
                "LC_ALL": "C", "PATH": f"{self.programs}:{os.environ['PATH']}", **more}

    def run(self, script, *words, code=0, **more):
        result = subprocess.run(["sh", str(lib / script), *words], env=self.environment(**more), capture_output=True, text=True, timeout=120, check=False)
        if result.returncode != code or "not found" in result.stderr:
            raise RuntimeError(f"{script}: {result.returncode}: {result.stderr}")
        return result.stdout

    def write(self, path, content):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def pairs(self, path):
        return dict(line.split("=", 1) for line in (self.read(path) or "").splitlines())

    def setup(self, text):
        (self.card / "hinomi.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.run("setup")

    def read(self, path):
        path = self.root / path
        return path.read_text() if path.exists() else None

    def wishes(self):
        return self.pairs("data/settings/wishes")

    def complaints(self):
        return [tuple(line.split("\t")[:2]) for line in (self.read("data/settings/complaints") or "").splitlines()]


class Watching:
    """A script of the box that does not end by itself, for as long as a test needs it."""

    def __init__(self, box, script, **more):
        self.process = subprocess.Popen(["sh", str(lib / script)], env=box.environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)

    @staticmethod
    def until(ask, seconds=60):
        end = time.monotonic() + seconds
        while not ask() and time.monotonic() < end:
            time.sleep(0.1)
        return ask()


def done():
    sys.exit(1 if failures else 0)


def box_with(text, files=None, **more):
    folder = tempfile.TemporaryDirectory()
    box = Box(folder.name, **more)
    for name, content in (files or {}).items():
        (box.card / name).write_text(content)
    box.folder = folder
    box.setup(text)
    return box
