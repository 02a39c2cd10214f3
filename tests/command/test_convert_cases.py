#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tools/convert_cases makes of every golden case: the form that each system wants, and that
nothing of the office stands in what is shared.

Usage: test_convert_cases.py CONVERT_CASES GOLDEN
"""
import ipaddress
import json
import pathlib
import re
import subprocess
import sys

CONVERT, GOLDEN = sys.argv[1], pathlib.Path(sys.argv[2])
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
STIX_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
STIX_NEEDS = {
    "indicator": {"created", "modified", "pattern", "pattern_type", "valid_from"},
    "sighting": {"created", "modified", "sighting_of_ref"},
    "observed-data": {"created", "modified", "first_observed", "last_observed", "number_observed", "object_refs"},
    "domain-name": {"value"}, "ipv4-addr": {"value"}, "ipv6-addr": {"value"},
    "marking-definition": {"created", "definition_type", "definition"},
}
# Every text member of an export: none is free text.
STIX_TEXTS = {"type", "spec_version", "id", "created", "modified", "pattern", "pattern_type", "valid_from", "first_seen", "last_seen",
              "first_observed", "last_observed", "sighting_of_ref", "value", "definition_type", "name", "tlp"}
ECS_TYPES = {"@timestamp": str, "message": str, "ecs.version": str, "event.sequence": int, "event.severity": int, "source.port": int,
             "source.bytes": int, "destination.packets": int, "host.ip": list, "host.mac": list, "network.iana_number": str,
             "threat.technique.id": list, "related.ip": list}
ECS_ROOTS = {"@timestamp", "ecs", "message", "event", "rule", "threat", "source", "destination", "network", "host", "observer", "related",
             "hinomi"}


def golden_cases():
    lines = [line for path in sorted(GOLDEN.glob("*/expected.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    cases = [json.loads(line) for line in lines if '"hinomi.case/1"' in line]
    assert len(cases) >= 40, "the golden cases are missing"
    return cases


CASES = golden_cases()


def run(*arguments, cases=CASES):
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    return subprocess.run([sys.executable, CONVERT, *arguments], input=text, capture_output=True, text=True, timeout=60)


def convert(*arguments, cases=CASES):
    done = run(*arguments, cases=cases)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def stix(*arguments, cases=CASES):
    bundle, = convert("stix", "--agreed", *arguments, cases=cases)
    return bundle


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def changed(case, **members):
    return {**json.loads(json.dumps(case)), **members}


def beacon_case():
    """A case with something to share: one beacon to a host outside."""
    case = changed(next(case for case in CASES if case["findings"][0]["kind"] == "beacon"))
    case["findings"] = [{**case["findings"][0], "priority": 2, "object": {"kind": "host", "value": "c2.example.net", "ip": "198.51.100.9"}}]
    assert len(stix(cases=[case])["objects"]) == 5
    return case


# ---- OCSF and ECS ----

def test_ocsf():
    found = convert("ocsf")
    assert len(found) == len(CASES)
    for event, case in zip(found, CASES):
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"] and event["class_uid"] == 2004
        assert event["category_uid"] == 2 and event["activity_id"] == (1 if case["rev"] == 1 else 2)
        for member in ("time", "start_time", "end_time"):
            assert isinstance(event[member], int) and event[member] > 10**12
        assert event["start_time"] <= event["end_time"] and event["severity_id"] == {1: 5, 2: 4, 3: 3}[case["priority"]]
        assert event["metadata"]["version"] and event["metadata"]["product"]["vendor_name"] == "Hinomi"
        assert event["finding_info"]["uid"] == case["id"] and event["finding_info"]["analytic"]["type_id"] == 1
        assert 0 <= event["confidence_score"] <= 100 and event["impact_id"] == case["impact"]
        assert event["device"]["type_id"] == 0 and event["remediation"]["desc"]
        for attack in event["finding_info"].get("attacks", []):
            assert {"tactic", "technique", "sub_technique"} & set(attack)
            assert re.fullmatch(r"T\d{4}", attack.get("technique", {"uid": "T0000"})["uid"])
        for evidence in event.get("evidences", []):
            assert {"src_endpoint", "dst_endpoint"} & set(evidence) and evidence["connection_info"]["direction_id"] in (0, 1, 2, 3)
            for end in (evidence.get("src_endpoint"), evidence.get("dst_endpoint")):
                assert end is None or {"ip", "hostname"} & set(end), "an endpoint needs one of them"


def test_ocsf_life():
    case = beacon_case()
    lives = [changed(case, rev=1, action="create"), changed(case, rev=2, action="create"), changed(case, rev=2, action="update"), changed(case, rev=3, action="close", state="withdrawn")]
    assert [event["activity_id"] for event in convert("ocsf", cases=lives)] == [1, 2, 2, 3]
    assert [event["status"] for event in convert("ocsf", cases=lives)] == ["New"] * 3 + ["withdrawn"]
    digest = convert("ocsf", cases=[changed(case, digest=True)])[0]
    assert digest["is_alert"] is False


def test_ecs():
    found = convert("ecs")
    assert len(found) == len(CASES)
    for event, case in zip(found, CASES):
        assert set(event) <= ECS_ROOTS, set(event) - ECS_ROOTS
        assert event["event"]["kind"] == "alert" and event["event"]["category"] == ["intrusion_detection"]
        assert event["event"]["id"] == f'{case["id"]}-{case["rev"]}' and event["hinomi"]["case"]["priority"] == case["priority"]
        assert event["network"]["direction"] in ("inbound", "outbound", "internal", "unknown")
        for path, kind in ECS_TYPES.items():
            value = event
            for key in path.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            assert value is None or isinstance(value, kind), path
        for mac in event["host"].get("mac", []):
            assert re.fullmatch(r"[0-9A-F]{2}(-[0-9A-F]{2}){5}", mac), "ECS writes MACs so"
        for end in ("source", "destination"):
            if "ip" in event.get(end, {}):
                ipaddress.ip_address(event[end]["ip"])
        for id_ in event.get("threat", {}).get("technique", {}).get("id", []):
            assert re.fullmatch(r"T\d{4}", id_)


# ---- STIX ----

def test_stix_form():
    bundle = stix()
    assert re.fullmatch(f"bundle--{UUID}", bundle["id"]) and bundle["type"] == "bundle"
    objects = {one["id"]: one for one in bundle["objects"]}
    assert len(objects) == len(bundle["objects"]) > 40
    for one in bundle["objects"]:
        assert re.fullmatch(f'{one["type"]}--{UUID}', one["id"]) and one["spec_version"] == "2.1"
        assert STIX_NEEDS[one["type"]] <= set(one), one
        for path, value in leaves(one):
            key = path.rpartition(".")[2]
            assert not isinstance(value, str) or key in STIX_TEXTS or key.endswith("_refs") or key == "indicator_types", path
            if key in ("created", "modified", "valid_from", "first_seen", "last_seen", "first_observed", "last_observed"):
                assert STIX_TIME.fullmatch(value), value
            if path.endswith(("_ref", "_refs")):
                assert value in objects, "a bundle stands by itself"
        assert one["type"] == "marking-definition" or one["object_marking_refs"] == [bundle["objects"][0]["id"]]
    for one in objects.values():
        if one["type"] == "sighting":
            assert objects[one["sighting_of_ref"]]["type"] == "indicator" and 1 <= one["count"] <= 999999999
            assert one["first_seen"] <= one["last_seen"] <= one["modified"] and one["created"] <= one["modified"]
            assert 0 <= one["confidence"] <= 100 and one["first_seen"][14:] == "00:00.000Z" == one["last_seen"][14:]


def test_stix_ids():
    """Those of what is observed are the specification's, which everybody computes alike."""
    case = beacon_case()
    for kind, value, want in (("address", "198.51.100.3", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"),
                              ("address", "2001:db8::1", "ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26"),
                              ("host", "Example.COM", "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7")):
        other = changed(case, findings=[{**case["findings"][0], "object": {"kind": kind, "value": value}}])
        other["device"]["ip"] = ["192.168.10.103"]
        assert want in [one["id"] for one in stix(cases=[other])["objects"]], value
    assert stix() == stix()


def test_stix_revisions():
    case = beacon_case()
    before = {one["id"]: one for one in stix(cases=[changed(case, rev=5)])["objects"]}
    after = {one["id"]: one for one in stix(cases=[changed(case, rev=6), changed(case, rev=5)])["objects"]}
    assert set(before) == set(after)
    for id_, one in after.items():
        if one["type"] in ("sighting", "observed-data"):
            assert one["modified"] > before[id_]["modified"] and one["created"] == before[id_]["created"]
            assert "revoked" not in one
    taken = stix(cases=[changed(case, rev=7, action="close", state="withdrawn", signals=0), changed(case, rev=6)])["objects"]
    assert {one["id"] for one in taken} == set(before)
    assert [one["type"] for one in taken if one.get("revoked")] == ["observed-data", "sighting"], "what others may have got is taken back"


def forbidden(case):
    """All that names the office: taken from the case without what the tool thinks of it."""
    device = case["device"]
    words = {device["name"], *device["ip"], *device.get("former_macs", [])}
    words |= {device[key] for key in ("mac", "label", "place", "owner", "vendor_class") if key in device}
    words |= {name["name"] for name in device["names"]}
    for finding in case["findings"]:
        for flow in finding["flows"]:
            words.add(flow["src_ip"] if finding["direction"] == "outbound" else flow["dest_ip"])
            words.add(flow["community_id"])
        words |= {reason["en"] for reason in finding["reasons"]}
        if finding["object"]["value"] not in finding.get("detail", finding["object"]["value"]):
            words.add(finding["detail"])
    words |= {text for language in case["text"].values() for _, text in leaves(language)}
    return {word.lower() for word in words if len(word) > 1} | {case["id"]} | {finding["id"] for finding in case["findings"]}


def check_private(case, bundle):
    text = json.dumps(bundle, ensure_ascii=False).lower()
    labels = {label for one in bundle["objects"] for label in one.get("value", "").split(".")}
    for word in forbidden(case):
        # Two letters stand in every text.
        assert word not in (text if len(word) > 3 else labels), f"{word!r} of {case['id']} is told"
    for address in re.findall(r"\d+\.\d+\.\d+\.\d+", text):
        assert not ipaddress.ip_address(address).is_private or address.startswith(("203.0.113.", "198.51.100.", "192.0.2.")), address
    assert not re.search(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}", text), "a MAC"


def test_stix_names_no_office():
    told = 0
    for case in CASES:
        bundle = stix(cases=[case])
        check_private(case, bundle)
        told += len(bundle["objects"]) > 1
    assert told >= 15, "most of them have something to share"
    whole = stix()
    for case in CASES:
        check_private(case, whole)


def test_stix_hostile():
    """Where the other side's name itself tells of the office, or the object is the office's own."""
    case = beacon_case()
    finding = case["findings"][0]
    objects = [
        {"kind": "host", "value": case["device"]["name"].lower() + ".c2.example.net"}, {"kind": "host", "value": "nas.office.local"},
        {"kind": "host", "value": "printer"}, {"kind": "host", "value": "www.office.example.jp"}, {"kind": "host", "value": "x' OR y.example"},
        {"kind": "address", "value": "192.168.10.20"}, {"kind": "address", "value": "fe80::1"}, {"kind": "address", "value": "::ffff:10.1.1.1"},
        {"kind": "address", "value": "2001:db8:10:ff::9"}, {"kind": "address", "value": "192.0.2.77"}, {"kind": "port", "value": "445/tcp"},
        {"kind": "network", "value": "arp"},
    ]
    case["device"]["label"] = "PC"
    objects.append({"kind": "host", "value": "pc.c2.example.net"})
    own = ["--own", "office.example.jp", "--inside", "192.0.2.77"]
    for thing in objects:
        hostile = changed(case, findings=[{**finding, "object": thing}])
        hostile["device"]["ip"] = ["192.168.10.103", "2001:db8:10:0:a683:e7ff:fe30:33c3"]
        bundle = stix(*own, cases=[hostile])
        assert len(bundle["objects"]) == 1, (thing, bundle)
    for members in ({"kind": "partner_contact"}, {"kind": "upload_service"}, {"priority": 3}, {"direction": "lateral"}):
        assert len(stix(cases=[changed(case, findings=[{**finding, **members}])])["objects"]) == 1, members
    zone = changed(case, findings=[{**finding, "kind": "dns_tunnel", "object": {"kind": "zone", "value": "c2.example", "ip": "192.0.2.1"}}])
    assert [one["value"] for one in stix(cases=[zone])["objects"] if "value" in one] == ["c2.example"], "not the resolver"


def test_stix_marking():
    for word, name in (("clear", "TLP:WHITE"), ("green", "TLP:GREEN"), ("amber", "TLP:AMBER"), ("red", "TLP:RED")):
        assert stix("--tlp", word)["objects"][0]["name"] == name
    assert stix()["objects"][0]["name"] == "TLP:AMBER"


# ---- the command ----

def test_command():
    done = run("stix")
    assert done.returncode == 2 and "agreement" in done.stderr and not done.stdout
    done = subprocess.run([sys.executable, CONVERT, "ocsf"], input='{"schema":"hinomi.summary/1"}\n\n[1]\n', capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, "what is no case is passed over"
    done = subprocess.run([sys.executable, CONVERT, "ecs"], input="{\n", capture_output=True, text=True)
    assert done.returncode == 1 and "line 1: no JSON" in done.stderr
    done = subprocess.run([sys.executable, CONVERT, "ecs", "/none"], capture_output=True, text=True)
    assert done.returncode == 1 and "/none" in done.stderr and done.stderr.count("\n") == 1


def main():
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            test()
            print(f"ok   {name}")


if __name__ == "__main__":
    main()
