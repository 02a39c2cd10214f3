"""test_units.py SOURCE: every unit of the firmware is well-formed, and as closed as systemd can count: at most 1.8 of 10."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(sys.argv[1]).resolve()
folders = [source / "firmware/systemd", source / "firmware/appliance/systemd"]
MOST = 1.8
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


def exposure(unit):
    said = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, check=False)
    match = re.search(r"exposure level for \S+: ([0-9.]+)", said.stdout)
    if not match:
        raise RuntimeError(said.stderr)
    return float(match[1])


def verify(units):
    """With the programs where the units expect them."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        system = root / "usr/lib/systemd/system"
        system.mkdir(parents=True)
        for unit in units:
            shutil.copy(unit, system)
            for program in re.findall(r"^Exec\w+=-?(/\S+)", unit.read_text(), re.M):
                target = root / program.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch(mode=0o755)
        names = [unit.name.replace("@.", "@x.") for unit in units]
        said = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no", *names],
                              capture_output=True, text=True, check=False)
        # What Debian's own packages bring is not in that folder.
        lines = [line for line in said.stderr.splitlines() if "hinomi" in line and "not found" not in line and "No such file" not in line]
        expect("systemd finds no fault in the units", not lines, lines)


def lists(units):
    """What the image starts is there, and whatever may be started is started by something."""
    words = (source / "firmware/appliance/enabled.txt").read_text()
    enabled = {word for line in words.splitlines() if not line.startswith("#") for word in line.split()}
    ours = {word for word in enabled if word.startswith("hinomi-")}
    expect("every unit that the image starts is there", ours <= {unit.name for unit in units}, ours - {unit.name for unit in units})
    for unit in units:
        if "[Install]" in unit.read_text() and unit.parent.parent.name == "appliance":
            expect(f"{unit.name} is started by the image", unit.name in enabled)


def fails_closed():
    """Without its firewall the box stays off the network; a start that fails begins anew instead of waiting for a password."""
    system = source / "firmware/appliance/systemd"
    words = (system / "systemd-networkd.service.d/hinomi.conf").read_text()
    expect("the network requires the firewall", "Requires=hinomi-firewall.service" in words and "After=hinomi-firewall.service" in words, words)
    for name in ("emergency", "rescue"):
        words = (system / f"{name}.service.d/hinomi.conf").read_text()
        expect(f"{name}: starts again", re.search(r"^ExecStart=$", words, re.M) and "reboot" in words and "sulogin" not in words, words)
    masked = (source / "firmware/appliance/masked.txt").read_text().split()
    expect("no login at screen and serial line", {"getty@.service", "serial-getty@.service"} <= set(masked), masked)


if not shutil.which("systemd-analyze"):
    print("skipped: systemd-analyze is not here")
    sys.exit(77)
found = sorted(unit for folder in folders for unit in folder.glob("*.service"))
verify(found)
fails_closed()
lists(found + sorted((source / "firmware/appliance/systemd").glob("*.timer")))
for one in found:
    figure = exposure(one)
    expect(f"{one.name}: exposure {figure}, at most {MOST}", figure <= MOST, figure)
sys.exit(1 if failures else 0)
