#!/usr/bin/env python3
"""Holds JSON lines of `hinomi read --json` against their schemas and against one another.

    check_schema.py < LINES
    check_schema.py -- hinomi read --json --flows --quiet CAPTURE
    check_schema.py -- hinomi read --facts --quiet CAPTURE

One run's lines: its flows and facts if it was asked for them, its cases, then its summary. Says each fault on a line of its own. Exit codes:
0 all hold, 1 one does not, 2 the command could not be run, 77 python3-jsonschema is missing.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys

SKIPPED = 77
ROUNDING = 0.0011  # two values of three decimals, subtracted
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "sensor"
FLOW, ATTEMPTS = "hinomi.flow/1", "hinomi.attempts/1"
CASE, SUMMARY = "hinomi.case/1", "hinomi.summary/1"
FACT = "hinomi.fact/1"
FILES = {
    FLOW: "app/flow.schema.json",
    ATTEMPTS: "app/attempts.schema.json",
    FACT: "app/fact.schema.json",
    CASE: "case/case.schema.json",
    SUMMARY: "case/summary.schema.json",
}
# Flows and attempts come as they end, among one another and among the facts.
ORDER = [{FLOW, ATTEMPTS, FACT}, {CASE}, {SUMMARY}]
# EVE's word for how a flow ended, and ours.
REASONS = {
    "idle": "timeout",
    "reused": "tcp_reuse",
    "evicted": "forced",
    "epoch": "forced",
    "capture_end": "shutdown",
}
FINDINGS_MAX = 8
FLOW_MEMBERS = ("client", "client_port", "server", "server_port", "protocol", "community_id")


def validators():
    import jsonschema

    found = {}
    for name, file in FILES.items():
        schema = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        found[name] = jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.FormatChecker())
    return found


def seconds(time):
    parsed = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ")
    return (parsed - datetime.datetime(1970, 1, 1)).total_seconds()


def reason_faults(reason):
    value = reason["value"]
    if "at_least" in reason:
        margin = value - reason["at_least"]
    elif "at_most" in reason:
        margin = reason["at_most"] - value
    else:
        return
    if margin < -ROUNDING:
        yield f"reason {reason['code']} does not hold: {value}"
    if abs(margin - reason["margin"]) > ROUNDING:
        yield f"reason {reason['code']} has the margin {reason['margin']}, not {margin:.3f}"


def flow_faults(flow):
    if "end" not in flow:
        return
    if flow["start"] > flow["end"]:
        yield f"flow {flow['flow_id']} ends before it starts"
    for way in ("toserver", "toclient"):
        if (flow[f"pkts_{way}"] == 0) != (flow[f"bytes_{way}"] == 0):
            yield f"flow {flow['flow_id']} has bytes without packets {way}, or the reverse"


def flow_line_faults(line):
    flow = dict(line["flow"], flow_id=line["flow_id"])
    yield from flow_faults(flow)
    if flow["pkts_toserver"] + flow["pkts_toclient"] == 0:
        yield "has no packets"
    if flow["age"] != int(seconds(flow["end"]) - seconds(flow["start"]) + ROUNDING / 1000):
        yield f"age is {flow['age']}, not from start to end"
    if flow["reason"] != REASONS[line["hinomi"]["end"]]:
        yield f"reason is {flow['reason']}, end {line['hinomi']['end']}"
    if flow["state"] == "closed" and "tcp" not in line:
        yield "is closed, but no TCP"


def attempts_line_faults(line):
    if line["start"] > line["end"]:
        yield f"attempts of {line['host']} end before they start"
    if line["timestamp"] < line["end"]:
        yield f"attempts of {line['host']} were told before they ended"


def flows_faults(flows, attempts, summary):
    """Of all flow lines together; none at all is a run without --flows."""
    if not flows and not attempts:
        return
    counted = sum(line["count"] for line in attempts)
    if counted != summary.get("attempts_counted", 0):
        yield f"{summary.get('attempts_counted', 0)} flows were only counted, {counted} told of"
    if len(flows) + counted != summary["flows"]:
        yield f"{summary['flows']} flows were opened, {len(flows)} + {counted} told of"
    if len({flow["flow_id"] for flow in flows}) != len(flows):
        yield "two flows have one flow_id"
    evicted = sum(flow["hinomi"]["end"] == "evicted" for flow in flows)
    if not evicted <= summary["flows_evicted"] <= evicted + counted:
        yield f"{summary['flows_evicted']} flows were evicted, {evicted} say so"


def floods_faults(summary):
    counts = [flood["count"] for flood in summary.get("floods", [])]
    if counts != sorted(counts, reverse=True):
        yield "floods are not in order"
    if sum(counts) > summary.get("attempts_counted", 0):
        yield "floods hold more than was counted"
    if summary.get("attempts_counted", 0) > summary["flows"]:
        yield "more flows were counted than opened"
    if any(flood["first"] > flood["last"] for flood in summary.get("floods", [])):
        yield "a flood ends before it starts"


def finding_faults(finding, case):
    if finding["first"] > finding["last"]:
        yield "first is after last"
    if finding["first"] < case["first"] or finding["last"] > case["last"]:
        yield "lies outside its case's time"
    codes = [reason["code"] for reason in finding["reasons"]]
    if len(set(codes)) != len(codes):
        yield "gives a reason twice"
    flows = [flow["flow_id"] for flow in finding["flows"]]
    if len(set(flows)) != len(flows):
        yield "shows a flow twice"
    target = finding["object"]
    if target["kind"] == "address" and target["value"] != target.get("ip"):
        yield "is about another address than it says"
    for reason in finding["reasons"]:
        yield from reason_faults(reason)
    for flow in finding["flows"]:
        yield from flow_faults(flow)


# Kinds that rest on the same messages: about one object they are no surer than the surest of them.
STORIES = pathlib.Path(__file__).resolve().parents[2] / "sensor/detect/stories.c"
BASIS = {kind.lower(): basis.lower() for kind, basis in
         re.findall(r"\{ SIGNAL_(\w+), SIGNAL_(\w+) \}", STORIES.read_text())}


def repeats(finding, other):
    return finding["kind"] == other["kind"] or (
        BASIS.get(finding["kind"], finding["kind"]) == BASIS.get(other["kind"], other["kind"]) and
        finding["object"]["value"] == other["object"]["value"])


def doubt_left(findings):
    doubt = 1.0
    for i, finding in enumerate(findings):
        surer = (other for k, other in enumerate(findings) if k != i and
                 (-other["confidence"], k) < (-finding["confidence"], i))
        if not any(repeats(finding, other) for other in surer):
            doubt *= 1 - finding["confidence"]
    return doubt


def device_faults(device):
    if device["first_seen"] > device["last_seen"]:
        yield "device: first_seen is after last_seen"
    if "mac" in device and device["mac_random"] != bool(int(device["mac"][:2], 16) & 2):
        yield "device: mac_random is not what its MAC says"
    addresses = sorted(device["ip"], key=lambda ip: ":" in ip)  # IPv4 is said first
    known = [entry["name"] for entry in device["names"]] or addresses[:1]
    if known and device["name"] != known[0]:
        yield f"device: is called {device['name']}, not {known[0]}"


def case_faults(case):
    findings = case["findings"]
    view = case["view"]
    if not case["first"] <= case["opened"] <= case["last"]:
        yield "first, opened and last are not in order"
    if not view["first"] <= case["first"] or not case["last"] <= view["last"]:
        yield "lies outside what was seen"
    folded = sum(finding["signals"] for finding in findings)
    if folded > case["signals"] or (folded < case["signals"] and len(findings) < FINDINGS_MAX):
        yield f"holds {case['signals']} signals, its findings {folded}"
    lead = min(findings, key=lambda f: (f["priority"], -f["impact"], -f["confidence"]))
    if (case["priority"], case["impact"]) != (lead["priority"], lead["impact"]):
        yield "priority and impact are not those of its leading finding"
    if abs(case["confidence"] - (1 - doubt_left(findings))) > 2 * ROUNDING:
        yield f"confidence is {case['confidence']}, not {1 - doubt_left(findings):.3f}"
    if len({finding["id"] for finding in findings}) != len(findings):
        yield "has two findings of one id"
    yield from device_faults(case["device"])
    for finding in findings:
        for fault in finding_faults(finding, case):
            yield f"finding {finding['kind']} {finding['object']['value']}: {fault}"


def summary_faults(summary, cases):
    held = sum(summary["held_back"].values())
    if summary["signals"] != summary["in_cases"] + held:
        yield f"{summary['signals']} signals are not {summary['in_cases']} in cases + {held} held"
    if sum(summary.get("kinds", {}).values()) != (summary["signals"] if "kinds" in summary else 0):
        yield "kinds are not all signals"
    if summary["in_cases"] != sum(case["signals"] for case in cases):
        yield "in_cases is not what the cases hold"
    if summary["cases"] != len(cases):
        yield f"speaks of {summary['cases']} cases after {len(cases)}"
    refused = sum(n for why, n in summary["refused"].items() if why != "malformed_message")
    if summary["frames"] != summary["packets"] + refused:
        yield f"{summary['frames']} frames are not {summary['packets']} + {refused} refused"
    if summary["flows_evicted"] > summary["flows"]:
        yield "more flows were evicted than opened"
    if summary.get("duplicates", 0) > summary["packets"]:
        yield "more packets were dropped than read"
    yield from floods_faults(summary)
    length = seconds(summary["last"]) - seconds(summary["first"])
    if abs(length - summary["capture_seconds"]) > ROUNDING:
        yield f"capture_seconds is {summary['capture_seconds']}, not {length:.3f}"
    for case in cases:
        for name in ("first", "last", "packets", "devices"):
            if case["view"][name] != summary[name]:
                yield f"case {case['id']} was told of other {name} in its view"


def facts_faults(facts):
    """All facts of one flow must agree on its ends."""
    ends = {}
    for fact in facts:
        if "flow" in fact:
            its = tuple(fact[name] for name in FLOW_MEMBERS)
            if ends.setdefault(fact["flow"], its) != its:
                yield f"flow {fact['flow']} is {its}, and {ends[fact['flow']]}"


def run_faults(records, order):
    cases, summaries = records[CASE], records[SUMMARY]
    ranks = [next(rank for rank, names in enumerate(ORDER) if name in names) for name in order]
    if ranks != sorted(ranks) or len(summaries) != 1:
        yield "the lines are not flows and facts, then cases, then one summary"
    if sum(case.get("digest", False) for case in cases) != (summaries or [{}])[-1].get("digest_cases", 0):
        yield "the summary does not count the digest"
    ids = [case["id"] for case in cases]
    for same in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"two cases have the id {same}"
    urgency = [((case.get("digest", False), case["priority"]), -case["impact"] * case["confidence"]) for case in cases]
    for earlier, later in zip(urgency, urgency[1:]):
        if earlier[0] > later[0] or (earlier[0] == later[0] and earlier[1] > later[1] + 0.01):
            yield "cases are not in order of urgency"
    yield from facts_faults(records[FACT])
    for summary in summaries:
        yield from summary_faults(summary, cases)
        yield from flows_faults(records[FLOW], records[ATTEMPTS], summary)


def schema_of(record):
    """Facts do not say it: they are known by their `fact`."""
    return FACT if "fact" in record else record.get("schema")


def line_faults(line, found):
    """The faults of one line, and its record when there are none of form."""
    try:
        record = json.loads(line)
    except ValueError as error:
        return [f"is no JSON: {error}"], None
    name = schema_of(record) if isinstance(record, dict) else None
    if name not in found:
        return [f"has an unknown schema: {name}"], None
    faults = []
    for error in found[name].iter_errors(record):
        at = "/".join(str(step) for step in error.absolute_path)
        faults.append(f"{at or 'the line'}: {error.message}")
    if faults:
        return faults, None
    if name == FLOW:
        faults.extend(flow_line_faults(record))
    elif name == ATTEMPTS:
        faults.extend(attempts_line_faults(record))
    elif name == CASE:
        faults.extend(case_faults(record))
    return faults, record


def check(text, found):
    records, faults = {name: [] for name in FILES}, []
    order = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        wrong, record = line_faults(line, found)
        faults.extend(f"line {number}: {fault}" for fault in wrong)
        if record is not None:
            records[schema_of(record)].append(record)
            order.append(schema_of(record))
    if len(order) == len(lines):
        faults.extend(run_faults(records, order))
    return faults


def main(arguments):
    try:
        found = validators()
    except ImportError:
        print("skipped: python3-jsonschema is missing")
        return SKIPPED
    if arguments[:1] == ["--"]:
        try:
            run = subprocess.run(arguments[1:], stdout=subprocess.PIPE, check=False)
        except OSError as error:
            print(f"{arguments[1:2]}: {error}")
            return 2
        raw = run.stdout
    elif arguments:
        print(__doc__)
        return 2
    else:
        raw = sys.stdin.buffer.read()
    try:
        faults = check(raw.decode("utf-8"), found)
    except UnicodeDecodeError as error:
        faults = [f"the output is no UTF-8: {error}"]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
