"""test_manual.py BUILD SOURCE: the committed manual pages and completions are what the programs say of themselves, they are
well-formed, and bash offers what it should."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

build, source = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
firmware = source / "firmware"
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


def offered(program, *words):
    """What bash offers for the last of these words."""
    script = f"""
        source {firmware}/completion/{program}
        COMP_WORDS=({' '.join(f"'{word}'" for word in words)}) COMP_CWORD={len(words) - 1} COMPREPLY=()
        _{program.replace('-', '_')}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return set(subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True).stdout.split())


def as_committed():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, firmware / "man/make_pages", build, "-o", folder], check=True)
        for made in sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file()):
            name = made.relative_to(folder)
            committed = firmware / name
            expect(f"{name} is what the program says (else: firmware/man/make_pages BUILD)",
                   committed.exists() and committed.read_text() == made.read_text())


def well_formed():
    for page in sorted((firmware / "man").glob("*.[158]")):
        tool = ["groff", "-man", "-ww", "-z", "-Tutf8", "-k"]
        if not shutil.which("groff"):
            print("no groff here: pages not checked")
            return
        said = subprocess.run([*tool, page], capture_output=True, text=True, check=False).stderr
        expect(f"{page.name} has no fault of form", not said, said)
        expect(f"{page.name} is not empty", len(page.read_text().splitlines()) > 12)


def options_are_everywhere():
    """Each option that a help text begins a line with stands on the page and is offered."""
    for name, program in (("hinomi", build / "sensor/hinomi"), ("hinomi-courier", build / "sensor/hinomi-courier")):
        page = (firmware / f"man/{name}.1").read_text().replace("\\-", "-")
        general = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
        commands = set(re.findall(rf"^  {name} ([a-z][a-z-]*)", general, re.M))
        expect(f"{name}: commands are offered", commands <= offered(name, name, ""), commands - offered(name, name, ""))
        for command in sorted(commands):
            result = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=False)
            flags = set(re.findall(r"^  (--[a-z-]+)", result.stdout + result.stderr, re.M))
            expect(f"{name} {command}: {len(flags)} options stand on the page", all(flag in page for flag in flags))
            missing = flags - offered(name, name, command, "-")
            expect(f"{name} {command}: they are offered", not missing, missing)


def values():
    expect("a language", offered("hinomi", "hinomi", "read", "--lang", "e") == {"en"})
    expect("an interface", "lo" in offered("hinomi", "hinomi", "watch", "-i", ""))
    expect("a beginning", offered("hinomi", "hinomi", "rea") == {"read"})
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "office.pcap").touch()
        expect("a capture", offered("hinomi", "hinomi", "read", f"{folder}/off") == {f"{folder}/office.pcap"})


as_committed()
well_formed()
options_are_everywhere()
values()
sys.exit(1 if failures else 0)
