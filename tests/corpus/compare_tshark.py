#!/usr/bin/env python3
"""Holds what Hinomi reads of each flow against what tshark reads of it.

Usage: compare_tshark.py [options] HINOMI CAPTURE|FOLDER…

Of each capture `tshark` and `HINOMI read --facts` are run once. For each flow (the two endpoints of
the innermost IP layer, whichever sent) and each row of FIELDS the *set* of values of one is held
against that of the other; a flow counts for a field when either side has a value. tshark runs as it
comes: one pass, its own reassembly settings, no look-ups.

Left out on tshark's side: what an ICMP error quotes, for it is another flow's message, and the
values by which it says "none" (NONE). Fields that this tshark lacks (4.0 has no JA4) are dropped
with a note; captures that it cannot read are listed as skipped.

A difference is *explained* where tshark agrees when it is asked again in another way (told what a
port speaks, to put segments in order, without the keys in the capture), or where what it saw around
the value says why (tshark_reasons.py). --known names a table of others that were looked into
(capture, field, why); a row that no difference bears out is an error. --require counts neither as a
disagreement; the figures are printed with and without.

Exit 1: a field named by --require agrees for less than 99.5 % of its flows, or HINOMI failed.
Exit 77: no captures, or no tshark.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

import tshark_reasons
from tshark_fields import FIELDS, NONE, address

AGREE_AT_LEAST = 0.995
TIME_LIMIT = 600
BETWEEN_FIELDS, BETWEEN_VALUES = "\x1f", "\x1e"

IN_EACH_FRAME = ("frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport",
                 "tcp.dstport", "udp.srcport", "udp.dstport")
WHOLE_CAPTURE = ("capture",)


class Frame:
    """One line of tshark's: all values of each field, and which flow it belongs to."""

    def __init__(self, columns, line):
        self.columns = dict(zip(columns, line.split(BETWEEN_FIELDS)))
        self.protocols = self.columns["frame.protocols"].split(":")
        self.transport = next((p for p in reversed(self.protocols) if p in ("tcp", "udp")), "")

    def values(self, *fields):
        return [value for field in fields
                for value in self.columns.get(field, "").split(BETWEEN_VALUES)
                if value not in NONE]

    def is_quoted(self):
        layers = [p for p in self.protocols if p in ("ip", "ipv6", "icmp", "icmpv6")]
        return any(p.startswith("icmp") for p in layers[:-1])

    def flow(self):
        network = next((p for p in reversed(self.protocols) if p in ("ip", "ipv6")), None)
        if network is None:
            return WHOLE_CAPTURE
        ends = []
        for side in ("src", "dst"):
            ports = self.values(f"{self.transport}.{side}port") if self.transport else []
            ends.append((self.values(f"{network}.{side}")[-1:], ports[-1:]))
        return flow_of(*[(a[0] if a else "::", int(p[0]) if p else 0) for a, p in ends],
                       self.transport)


def flow_of(one, other, transport):
    ends = sorted((address(ip), port) for ip, port in (one, other))
    return (transport, *ends)


def fields_of_tshark():
    out = subprocess.run(["tshark", "-G", "fields"], capture_output=True, check=True).stdout
    return {row.split("\t")[2] for row in out.decode(errors="replace").split("\n")
            if row.startswith("F\t")}


def tshark_command(capture, columns, asked, options):
    command = ["tshark", "-n", "-r", str(capture), *options, "-T", "fields", "-E", "occurrence=a",
               "-E", f"separator={BETWEEN_FIELDS}", "-E", f"aggregator={BETWEEN_VALUES}",
               "-Y", " || ".join(asked)]
    for column in columns:
        command += ["-e", column]
    return command


def theirs_of(capture, known, options=(), layers=None):
    """{(field, flow): values}; None when tshark cannot read the capture. `layers` is filled with the
    protocols of the frames that have them, by the same keys."""
    asked = sorted({field for row in FIELDS for field in row.theirs.fields} & known)
    columns = [*IN_EACH_FRAME, *asked]
    done = subprocess.run(tshark_command(capture, columns, asked, options), capture_output=True,
                          timeout=TIME_LIMIT, check=False)
    if done.returncode != 0 and not done.stdout:
        return None
    found, flows = collections.defaultdict(set), collections.defaultdict(dict)
    for line in done.stdout.decode(errors="replace").split("\n"):
        if line.count(BETWEEN_FIELDS) == len(columns) - 1:
            frame = Frame(columns, line)
            if not frame.is_quoted():
                flow = frame.flow()
                for row in FIELDS:
                    values = row.theirs(frame, flows[flow])
                    gather(found, row, flow, values)
                    if values and layers is not None:
                        layers[row.name, flow].update(frame.protocols)
    return found


def gather(found, row, flow, values):
    key = row.name, flow if row.scope == "flow" else WHOLE_CAPTURE
    for value in values:
        normal = row.normal(value)
        wanted = normal if isinstance(normal, list) else [normal]
        found[key].update(v for v in wanted if v not in NONE)


def members(value, path):
    """The strings and numbers at `path`, through lists."""
    if isinstance(value, list):
        return [found for one in value for found in members(one, path)]
    if path:
        return members(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
    return [] if value is None else [value]


def flow_of_fact(fact):
    if "client" not in fact:
        return WHOLE_CAPTURE
    return flow_of((fact["client"], fact.get("client_port", 0)),
                   (fact["server"], fact.get("server_port", 0)),
                   fact.get("protocol", "").lower())


def kind_of(place):
    return place.split(":")[0].split("[")[0]


def facts_by_kind():
    """{kind: [(row, members a fact must have, path)]}"""
    kinds = collections.defaultdict(list)
    for row in FIELDS:
        for place in row.ours:
            fact, path = place.split(":")
            needs = dict(need.split("=") for need in fact.rstrip("]").split("[")[1:])
            kinds[kind_of(place)].append((row, needs, path.split(".")))
    return kinds


def ours_of(hinomi, capture):
    """{(field, flow): values}, the kinds of facts told and {flow: server's port}; None and the
    complaint when HINOMI failed."""
    done = subprocess.run([hinomi, "read", "--facts", "--quiet", str(capture)],
                          capture_output=True, timeout=TIME_LIMIT, check=False)
    if done.returncode not in (0, 1):
        return None, done.stderr.decode(errors="replace").strip(), {}
    found, wanted, told, ports = collections.defaultdict(set), facts_by_kind(), set(), {}
    for line in done.stdout.decode(errors="replace").split("\n"):
        fact = json.loads(line) if line.startswith('{"fact"') else {"fact": None}
        told.add(fact["fact"])
        if fact.get("server_port"):
            ports[flow_of_fact(fact)] = fact["server_port"]
        for row, needs, path in wanted.get(fact["fact"], ()):
            if needs.items() <= fact.items():
                said = [row.unescape(str(value)) for value in members(fact, path)]
                gather(found, row, flow_of_fact(fact), said)
    return found, told, ports


Difference = collections.namedtuple("Difference", "field capture flow ours theirs why")


def agrees(row, ours, theirs):
    return ours <= theirs if row.rule == "within" else ours == theirs


def compare(hinomi, capture, known):
    """(verdict, tally {field: [agreeing, flows]}, differences, kinds of facts or the complaint)"""
    layers = collections.defaultdict(set)
    theirs = theirs_of(capture, known, layers=layers)
    if theirs is None:
        return "skipped", {}, [], set()
    ours, told, ports = ours_of(hinomi, capture)
    if ours is None:
        return "failed", {}, [], told
    tally, differences = collections.defaultdict(lambda: [0, 0]), []
    rules = {row.name: row for row in rows_known(known)}
    for field, flow in sorted(key for key in {*ours, *theirs} if key[0] in rules):
        we, they = ours.get((field, flow), set()), theirs.get((field, flow), set())
        if we or (they and rules[field].rule == "same"):
            right = agrees(rules[field], we, they)
            tally[field][0] += right
            tally[field][1] += 1
            if not right:
                differences.append(Difference(field, capture.name, flow, we, they, None))
    why = tshark_reasons.explain(capture, rules, agrees, differences, ports, layers,
                                 lambda path, options: theirs_of(path, known, options))
    return "compared", tally, [d._replace(why=why.get((d.field, d.flow))) for d in differences], told


def rows_known(known):
    return [row for row in FIELDS if set(row.theirs.fields) & known]


def captures_of(paths):
    found = []
    for path in paths:
        found += sorted(p for p in path.rglob("*") if ".pcap" in p.name) if path.is_dir() else [path]
    return found


def flow_text(flow):
    if flow == WHOLE_CAPTURE:
        return "(no flow)"
    transport, one, other = flow
    return f"{transport or 'ip'} {one[0]}:{one[1]} {other[0]}:{other[1]}"


def print_differences(differences, wanted, limit):
    shown = collections.Counter()
    for d in differences:
        shown[d.field] += 1
        if (not wanted or d.field in wanted) and shown[d.field] <= limit:
            only_ours, only_theirs = sorted(d.ours - d.theirs), sorted(d.theirs - d.ours)
            print(f"{d.field}: {d.capture}: {flow_text(d.flow)}\n"
                  f"    ours alone {only_ours}, tshark alone {only_theirs}, "
                  f"both {len(d.ours & d.theirs)}; {d.why or 'not explained'}")


def share(right, flows):
    return f"{100 * right / flows:7.2f}" if flows else "      –"


def print_table(tally, rows, told, excused):
    print(f"{'field':22} {'agree':>7} {'flows':>7} {'%':>7} {'explained':>9} {'%':>7}")
    for row in rows:
        right, flows = tally[row.name]
        known = any(kind_of(place) in told for place in row.ours)
        print(f"{row.name:22} {right:7} {flows:7} {share(right, flows)} {excused[row.name]:9} "
              f"{share(right + excused[row.name], flows)}  "
              f"{'measured' if row.measured else '':8} {'' if known else 'no such fact told'}".rstrip())


def print_reasons(differences):
    """How many differences each reason explains, of the fields that are measured and of the others."""
    measured = {row.name for row in FIELDS if row.measured}
    counts = collections.Counter((d.why or "not explained", d.field in measured) for d in differences)
    print(f"{'measured':>8} {'others':>7}  why")
    for why in sorted({why for why, _ in counts}):
        print(f"{counts[why, True]:8} {counts[why, False]:7}  {why}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("hinomi")
    parser.add_argument("captures", nargs="*", type=pathlib.Path)
    parser.add_argument("--differences", nargs="*", metavar="FIELD",
                        help="print each flow that differs; of these fields alone if any is named")
    parser.add_argument("--limit", type=int, default=sys.maxsize, help="so many for each field")
    parser.add_argument("--require", nargs="*", default=[], metavar="FIELD",
                        help="'measured' stands for all of those")
    parser.add_argument("--known", type=pathlib.Path, metavar="TABLE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if "measured" in options.require:
        options.require += [row.name for row in FIELDS if row.measured]
        options.require = [one for one in options.require if one != "measured"]
    unknown = {*options.require, *(options.differences or [])} - {row.name for row in FIELDS}
    if unknown:
        parser.error(f"no such field: {' '.join(sorted(unknown))}")
    return options


def known_differences(table):
    """{(capture, field): why}"""
    rows = table.read_text(encoding="utf-8").splitlines()[1:] if table else []
    return {tuple(row.split("\t")[:2]): row.split("\t")[2] for row in rows}


def below(tally, required, excused):
    return [one for one in required
            if tally[one][1] and tally[one][0] + excused[one] < AGREE_AT_LEAST * tally[one][1]]


def run_all(options, captures, known):
    """The sums over all captures, and the captures that were not compared."""
    tally, differences, told = collections.defaultdict(lambda: [0, 0]), [], set()
    left_out = {"skipped": [], "failed": []}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = pool.map(lambda c: compare(options.hinomi, c, known), captures)
        for capture, (verdict, counted, differing, said) in zip(captures, work):
            for field, (right, flows) in counted.items():
                tally[field][0] += right
                tally[field][1] += flows
            differences += differing
            if verdict == "compared":
                told |= said
            else:
                left_out[verdict].append(f"{capture.name} {said or ''}".rstrip(" set()"))
    return tally, sorted(differences, key=lambda d: d[:3]), told, left_out


def main():
    options = parse()
    captures = captures_of(options.captures)
    if not captures or not shutil.which("tshark"):
        print("skipped: no captures here" if not captures else "skipped: no tshark here")
        sys.exit(77)
    known = fields_of_tshark()
    tally, differences, told, left_out = run_all(options, captures, known)
    table = known_differences(options.known)
    unborne = set(table) - {(d.capture, d.field) for d in differences if not d.why}
    differences = [d._replace(why=d.why or table.get((d.capture, d.field))) for d in differences]
    excused = collections.Counter(d.field for d in differences if d.why)
    if options.differences is not None:
        print_differences(differences, options.differences, options.limit)
    print_table(tally, rows_known(known), told, excused)
    print_reasons(differences)
    lacking = sorted({f for row in FIELDS for f in row.theirs.fields} - known)
    if lacking:
        print(f"this tshark lacks: {' '.join(lacking)}")
    for capture in left_out["skipped"]:
        print(f"skipped, tshark cannot read it: {capture}")
    for capture in left_out["failed"]:
        print(f"FAILED: {capture}")
    gone = [(capture, field) for capture, field in sorted(unborne)
            if capture in {path.name for path in captures}]
    for capture, field in gone:
        print(f"FAILED: {options.known.name} excuses {field} of {capture}, which agrees or is explained")
    low = below(tally, options.require, excused)
    for field in low:
        print(f"FAILED: {field} agrees for less than {100 * AGREE_AT_LEAST} % of its flows")
    print(f"{len(captures)} captures, {len(left_out['skipped'])} skipped, "
          f"{len(differences)} differences")
    sys.exit(1 if low or gone or left_out["failed"] else 0)


if __name__ == "__main__":
    main()
