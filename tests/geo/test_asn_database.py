#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/asn_database: what libmaxminddb reads of its files is what the tables say, for 10,000 addresses at random and
at each end of each range; the same tables and date give the same bytes; what is wrong with a table has its line.

Usage: test_asn_database.py PLACE_PROBE ASN_DATABASE
"""
import bisect
import ipaddress
import pathlib
import random
import subprocess
import sys
import tempfile

PROBE, TOOL = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
NAMES = ["Example Hosting B.V.", "日本ネット", "Plain Telecom, \"Inc.\"", "x" * 60, "A", "Über & Söhne"]
COUNTRIES = ["JP", "US", "NL", "DE", "BR"]
ASKED = 10000
failures = 0


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}", flush=True)


def draw_ranges(rng, version, count):
    """Sorted, apart from one another: some prefixes, some ends anywhere, some side by side."""
    bits, least = (32, 1 << 24) if version == 4 else (128, 0x2001 << 112)
    at, out = least, []
    for _ in range(count):
        at += rng.choice([0, 0, 1, rng.getrandbits(10), rng.getrandbits(bits - 14)])
        size = rng.choice([1, 1 << rng.randrange(0, bits // 4), 1 + rng.getrandbits(bits - 14)])
        if at + size >= 1 << bits:
            break
        out.append((at, at + size - 1))
        at += size
    return out


def text_of(number, version):
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))


def said_of(ranges, number):
    at = bisect.bisect_right(ranges, (number, float("inf"))) - 1
    return ranges[at] if at >= 0 and number <= ranges[at][1] else None


def run_tool(*words):
    return subprocess.run([sys.executable, TOOL, *words], capture_output=True, text=True, timeout=120)


def ask(database, addresses):
    done = subprocess.run([PROBE, database], input="".join(f"{a}\n" for a in addresses), capture_output=True,
                          text=True, timeout=120)
    return {line.split("\t")[0]: tuple(line.split("\t")[1:]) for line in done.stdout.splitlines()}


def write_tsv(path, ranges, said):
    with open(path, "w", encoding="utf-8") as out:
        for version in (4, 6):
            for first, last in ranges[version]:
                asn, country, name = said[first]
                out.write(f"{text_of(first, version)}\t{text_of(last, version)}\t{asn}\t{country}\t{name}\n")


def csv_field(text):
    return '"' + text.replace('"', '""') + '"'


def questions(rng, *tables):
    out = {4: set(), 6: set()}
    for ranges in tables:
        for version in (4, 6):
            for first, last in ranges[version]:
                out[version].update({first - 1, first, last, last + 1, (first + last) // 2})
    edges = sum(map(len, out.values()))
    for _ in range(ASKED):
        version = rng.choice([4, 6])
        out[version].add(rng.randrange(1 << 24, 1 << 32) if version == 4 else rng.randrange(0x2001 << 112, 0x2002 << 112))
    return [(version, number) for version in out for number in sorted(out[version]) if number < 1 << (32 if version == 4 else 128)], edges


def one_table(rng, folder):
    ranges = {version: draw_ranges(rng, version, 400) for version in (4, 6)}
    said = {}
    for version in (4, 6):
        for first, _ in ranges[version]:
            said[first] = (0, "None", "Not routed") if rng.random() < 0.1 else \
                (rng.randrange(1, 1 << 32), rng.choice(COUNTRIES), rng.choice(NAMES))
    table, database, again = folder / "a.tsv", folder / "a.mmdb", folder / "b.mmdb"
    write_tsv(table, ranges, said)
    for out in (database, again):
        done = run_tool(table, "-o", out, "--date", "2026-11-01")
        expect("a table becomes a database", done.returncode == 0, done.stderr)
    expect("the same table, the same bytes", database.read_bytes() == again.read_bytes())
    asked, edges = questions(rng, ranges)
    got = ask(database, [text_of(number, version) for version, number in asked])
    wrong = []
    for version, number in asked:
        found = said_of(ranges[version], number)
        asn, country, name = said[found[0]] if found else (0, "None", "")
        want = ("0", "", "") if asn == 0 else (str(asn), country, name)
        if got.get(text_of(number, version)) != want:
            wrong.append((text_of(number, version), want, got.get(text_of(number, version))))
    expect(f"{len(asked)} addresses, {edges} of them at the ends of ranges, as the table says", not wrong, wrong[:3])


def two_tables(rng, folder):
    networks = {version: draw_ranges(rng, version, 200) for version in (4, 6)}
    countries = {version: draw_ranges(rng, version, 200) for version in (4, 6)}
    asn_of, country_of = {}, {}
    with open(folder / "n.csv", "w", encoding="utf-8") as out:
        for version in (4, 6):
            for first, last in networks[version]:
                asn_of[first] = rng.randrange(1, 70000), rng.choice(NAMES)
                out.write(f"{text_of(first, version)},{text_of(last, version)},{asn_of[first][0]},"
                          f"{csv_field(asn_of[first][1])}\n")
    with open(folder / "c.csv", "w", encoding="utf-8") as out:
        for version in (4, 6):
            for first, last in countries[version]:
                country_of[first] = rng.choice(COUNTRIES)
                out.write(f"{text_of(first, version)},{text_of(last, version)},{country_of[first]}\n")
    done = run_tool(folder / "n.csv", folder / "c.csv", "-o", folder / "both.mmdb")
    expect("two tables become one database", done.returncode == 0, done.stderr)
    asked, _ = questions(rng, networks, countries)
    got = ask(folder / "both.mmdb", [text_of(number, version) for version, number in asked])
    wrong = []
    for version, number in asked:
        network, country = said_of(networks[version], number), said_of(countries[version], number)
        asn, name = asn_of[network[0]] if network else (0, "")
        want = str(asn), country_of[country[0]] if country else "", name
        if got.get(text_of(number, version)) != want:
            wrong.append((text_of(number, version), want, got.get(text_of(number, version))))
    expect(f"{len(asked)} addresses as both tables say", not wrong, wrong[:3])


def faults(folder):
    rows = {
        "1.2.3.0\t1.2.3.255\tASx\tUS\tA\n": ":1: 'ASx' is no ASN",
        "1.2.3.0\t1.2.2.255\t1\tUS\tA\n": ":1: 1.2.3.0 to 1.2.2.255 is no range",
        "1.2.3.0\t2001:db8::\t1\tUS\tA\n": "is no range",
        "1.2.3.0\t1.2.3.9\t1\tUS\tA\n1.2.3.5\t1.2.3.20\t1\tUS\tA\n": "two ranges hold 1.2.3.5",
        "nothing\n": ":1: less than three columns",
        "1.2.3.0\t1.2.3.9\t1\tUSA\tA\n": ":1: 'USA' is no ISO code",
        "1.2.3.x\t1.2.3.9\t1\tUS\tA\n": ":1: '1.2.3.x' is no address",
        "::\t::ffff\t1\tUS\tA\n": "the addresses of IPv4 stand there",
    }
    for row, says in rows.items():
        (folder / "bad.tsv").write_text(row, encoding="utf-8")
        done = run_tool(folder / "bad.tsv", "-o", folder / "bad.mmdb")
        expect(f"refused: {says}", done.returncode == 1 and says in done.stderr and
               len(done.stderr.splitlines()) == 1 and not (folder / "bad.mmdb").exists(), done.stderr)
    done = run_tool(folder / "none.tsv", "-o", folder / "bad.mmdb")
    expect("a missing table is told", done.returncode == 1 and "none.tsv" in done.stderr, done.stderr)


def main():
    rng = random.Random(20261122)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        one_table(rng, folder)
        two_tables(rng, folder)
        faults(folder)
    return 1 if failures else 0


sys.exit(main())
