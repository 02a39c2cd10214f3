#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Countries and networks of the other side: told with the database's date, evidence where they are new or not
expected, the same verdict again from a capsule without the database; and without, with a damaged, missing or
old one all is as it was, and that is said once.

Usage: test_places.py HINOMI GOLDEN ASN_DATABASE
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HINOMI, GOLDEN, TOOL = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
sys.path.insert(0, str(GOLDEN.parent / "model" / "campaigns"))
from scene import Scene  # noqa: E402: it stands beside what draws campaigns

CHECK = GOLDEN / "check_schema.py"
BEACON = next((GOLDEN / "beacon").glob("capture.*"))
TABLE = """198.51.100.0\t198.51.100.255\t64500\tNL\tExample Hosting B.V.
203.0.113.0\t203.0.113.127\t64502\tJP\t日本\x1b[31mネット
203.0.113.128\t203.0.113.255\t64503\tUS\tPlain Telecom
"""
DAY = 86400
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def run(*words):
    return subprocess.run([HINOMI, *map(str, words)], capture_output=True, text=True, timeout=120)


def read(*words):
    """(lines, what was said on standard error)"""
    done = run("read", "--quiet", "--json", *words)
    return done.stdout.splitlines(), done.stderr.splitlines()


def cases_of(lines):
    return [line for line in map(json.loads, lines) if line["schema"] == "hinomi.case/1"]


def findings_of(lines):
    return [finding for case in cases_of(lines) for finding in case["findings"]]


def database(folder, name="places.mmdb", table=TABLE, date="2026-11-01"):
    (folder / "table.tsv").write_text(table, encoding="utf-8")
    subprocess.run([sys.executable, TOOL, folder / "table.tsv", "-o", folder / name, "--date", date], check=True,
                   capture_output=True)
    return folder / name


def told(folder):
    db = database(folder)
    use = ("--set", f"places.databases={db}")
    lines, said = read(*use, BEACON)
    places = [finding.get("place") for finding in findings_of(lines)]
    expect("the case says where", places == [{
        "country": "NL", "en": "Netherlands", "ja": "オランダ", "country_database": "2026-11-01", "asn": 64500,
        "organisation": "Example Hosting B.V.", "network_database": "2026-11-01"}] and not said, (places, said))
    hold = subprocess.run([sys.executable, CHECK], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          timeout=120)
    expect("the lines fit their schemas", hold.returncode in (0, 77), hold.stdout)
    for option in ((), ("--explain",)):
        text = run("read", "--quiet", *option, *use, BEACON).stdout
        expect(f"in words {' '.join(option)}", "Netherlands, AS64500 Example Hosting B.V. (database of 2026-11-01)" in text and
               "オランダ、AS64500 Example Hosting B.V.（2026-11-01時点のデータベース）" in text, text)
    for workers in "0", "3":
        again, _ = read(*use, "--workers", workers, BEACON)
        expect(f"the same with {workers} workers", again[:-1] == lines[:-1])
    return db


def capsules(folder, db):
    kept = folder / "capsules"
    kept.mkdir()
    run("read", "--quiet", "--set", f"places.databases={db}", "--set", "places.expected=JP", "--capsules", kept, BEACON)
    files = sorted(kept.iterdir())
    done = run("replay", *files)
    expect("a capsule leads to the same verdict without the database", files and done.returncode == 0 and
           all(": the same: " in line for line in done.stdout.splitlines()), done.stdout + done.stderr)
    done = run("replay", "--set", f"places.databases={db}", *files)
    expect("and with it", done.returncode == 0, done.stdout + done.stderr)
    other = database(folder, "other.mmdb", TABLE.replace("\tNL\t", "\tDE\t"), "2026-11-02")
    done = run("replay", "--set", f"places.databases={other}", *files)
    expect("another database is another verdict, and it is named", done.returncode == 1 and
           "data places.1: was Hinomi-ASN-Country 2026-11-01" in done.stdout, done.stdout)


def unexpected(db):
    use = ("--set", f"places.databases={db}")
    plain, _ = read(*use, BEACON)
    warned, _ = read(*use, "--set", "places.expected=JP US", BEACON)
    fine, _ = read(*use, "--set", "places.expected=jp,nl", BEACON)

    def code(lines):
        return [reason["code"] for finding in findings_of(lines) for reason in finding["reasons"]]

    expect("a country that nobody expects weighs", "country_unexpected" in code(warned) and
           findings_of(warned)[0]["confidence"] > findings_of(plain)[0]["confidence"], code(warned))
    expect("one that is expected does not", "country_unexpected" not in code(fine) and
           findings_of(fine)[0]["confidence"] == findings_of(plain)[0]["confidence"], code(fine))
    expect("nor do a capture's first minutes", not [c for c in code(plain) if c.startswith(("country", "network"))])


def without(folder, db):
    before, _ = read(BEACON)
    whole = db.read_bytes()
    expect("without a database no place is told", not [f for f in findings_of(before) if "place" in f])
    broken = {
        "half.mmdb": (whole[:len(whole) // 2], "only a part of one"),
        "other.mmdb": (b"not a database\n" * 99, "is no MaxMind DB"),
        "empty.mmdb": (b"", "is no MaxMind DB"),
        "twisted.mmdb": (whole.replace(b"node_count", b"node_kount"), "damaged in what it says of itself"),
    }
    for name, (content, says) in broken.items():
        (folder / name).write_bytes(content)
        lines, said = read("--set", f"places.databases={folder / name}", BEACON)
        expect(f"{name} is said once, and all is as without", len(said) == 1 and says in said[0] and name in said[0] and
               "fetch it anew" in said[0] and lines[:-1] == before[:-1], said)
    lines, said = read("--set", f"places.databases={folder}/none.mmdb", BEACON)
    expect("a missing one too", len(said) == 1 and "No such file" in said[0] and lines[:-1] == before[:-1], said)
    old = database(folder, "old.mmdb", date="2025-01-01")
    lines, said = read("--set", f"places.databases={old}", BEACON)
    expect("an old one too", len(said) == 1 and "places.oldest" in said[0] and lines[:-1] == before[:-1], said)
    lines, said = read("--set", f"places.databases={old}", "--set", "places.oldest=1000d", BEACON)
    expect("unless that is wanted; then its age is told", not said and
           findings_of(lines)[0]["place"]["country_database"] == "2025-01-01", said)
    lines, said = read("--set", f"places.databases={folder}/none.mmdb, {db}", BEACON)
    expect("what one lacks the next one tells", len(said) == 1 and findings_of(lines)[0]["place"]["asn"] == 64500, said)


def settings(folder, db):
    done = run("check-config", "--set", f"places.databases={db}", "--set", "places.expected=jp us")
    expect("check-config", done.returncode == 0 and "expected: 'JP US'" in done.stdout, done.stderr)
    (folder / "config.yaml").write_text(done.stdout, encoding="utf-8")
    again = run("check-config", "--config", folder / "config.yaml")
    expect("which it takes itself", again.returncode == 0 and again.stdout == done.stdout, again.stderr)
    done = run("check-config", "--set", f"places.databases={folder}/none.mmdb")
    expect("tells what is wrong with a database, which is no fault", done.returncode == 0 and
           len(done.stderr.splitlines()) == 1 and "none.mmdb" in done.stderr, done.stderr)
    done = run("check-config", "--set", "places.expected=JPN")
    expect("refuses what is no code", done.returncode == 2 and "ISO codes" in done.stderr, done.stderr)


def office(folder, name, first_abroad):
    """Three weeks at home, then a line by a protocol of nobody's to a server abroad; before, too, where it is known."""
    s = Scene(7)
    s.start = s.now = 1_793_000_000
    for day in range(21):
        s.now = s.start + day * DAY
        for server in ["203.0.113.10"] * 4 + (["203.0.113.200"] if day >= first_abroad else []):
            stream = s.tcp(server, 443).open()
            stream.up(b"\x16\x03\x01" + s.noise(80)).down(s.noise(2000))
            stream.close()
            s.wait(60, 300)
    s.now = s.start + 21 * DAY
    stream = s.tcp("203.0.113.200", 4447).open()
    for _ in range(60):
        stream.down(s.noise(12)).up(s.noise(272)).down(s.noise(12))
        s.wait(20, 40)
    stream.close()
    s.write(folder / name)
    return folder / name


def news(folder, db):
    use = ("--set", f"places.databases={db}", "--set", "judge.learning=14d", "--set", "judge.confidence=0.05")
    new, known = office(folder, "new.pcap", 99), office(folder, "known.pcap", 0)

    def line_of(capture, *options):
        found = [f for f in findings_of(read(*options, capture)[0]) if f["object"].get("port") == 4447]
        return found[0]["confidence"] if found else 0, {r["code"] for f in found for r in f["reasons"]}

    plain, _ = line_of(new, *use[2:])
    sure, codes = line_of(new, *use)
    expect("a country and network that are new after three weeks weigh", sure > plain > 0 and
           {"country_new_in_office", "network_new"} <= codes, (plain, sure, codes))
    sure, codes = line_of(known, *use)
    plain, _ = line_of(known, *use[2:])
    expect("what has been there from the first day does not", sure == plain and
           not [code for code in codes if code.startswith(("country", "network"))], (plain, sure, codes))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        db = told(folder)
        capsules(folder, db)
        unexpected(db)
        without(folder, db)
        settings(folder, db)
        news(folder, db)
    return 1 if failures else 0


sys.exit(main())
