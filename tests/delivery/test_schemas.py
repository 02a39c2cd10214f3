#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example of the contract fits its schema; what is changed in it so that it must not fit, does not. The privacy
table lists what the schemas of bodies list: a member that is added to one of them alone is found here."""
import copy
import json
import pathlib
import re
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3-jsonschema is missing")
    sys.exit(77)

SENSOR = pathlib.Path(__file__).resolve().parents[2] / "sensor"
DELIVERY = SENSOR / "delivery"

# A member's path, and what it must not be; DROP takes it away.
DROP = object()
BAD = {
    "parcel-case": [("schema", "hinomi.parcel/2"), ("sensor", ""), ("sensor", "a b"), ("sensor", "x" * 64),
                    ("stream", "slow"), ("sequence", 0), ("sequence", 1.5), ("sequence", "1"), ("kind", "mail"),
                    ("revision", 0), ("made", "2026-11-22T01:00:00Z"), ("made", "2026-13-22T01:00:00.000000Z"),
                    ("previous", "0" * 63), ("digest", "G" * 64), ("digest", "A" * 64), ("signer", "0" * 15),
                    ("signature", "0" * 127), ("body", ""), ("body", {}), ("body", DROP), ("key", DROP), ("new", 1)],
    "batch": [("schema", "hinomi.parcel/1"), ("parcels", []), ("parcels", {}), ("parcels.0", 1), ("parcels.0.body", 1),
              ("sensor", DROP)],
    "replies": [("replies.0.status", "kept"), ("replies.0.sequence", 0), ("replies.0.stream", "x"), ("heads", DROP),
                ("heads.urgent.chain", "0"), ("heads.urgent.sequence", -1), ("heads.other", {}),
                ("replies.2.code", DROP), ("orders", 1)],
    "order": [("number", 0), ("kind", "erase"), ("signature", ""), ("signer", DROP), ("body", {})],
    "orders": [("orders", DROP), ("orders.0", {}), ("orders.0.number", "1")],
    "ask": [("after", -1), ("after", DROP)],
    "enrol": [("code_id", "7KQ4"), ("code_id", "7KQ4U"), ("public_key", "00"), ("proof", DROP), ("host", "a\nb")],
    "enrolled": [("sensor", ""), ("office", "a\nb"), ("token", "short"), ("desk_key", DROP), ("policy", {})],
    "key": [("proof", DROP), ("signer", "0"), ("made", "yesterday")],
    "key_taken": [("status", "ok")],
    "refusal": [("code", DROP), ("code", "Used code")],
    "body-answer": [("order", 0), ("status", "maybe"), ("code", DROP)],
    "body-set_aside": [("stream", "x"), ("sequence", 0), ("digest", "0"), ("code", "")],
    "body-heartbeat": [("streams", DROP), ("streams.urgent.chain", DROP), ("coverage.table_fill", 2),
                       ("queue.urgent", -1), ("health.0.severity", "bad"), ("sensor_alive", "yes"), ("made", DROP),
                       ("payload", "x")],
    "body-canary": [("token", "9F2C51D0AB34"), ("seen", DROP), ("seen", ""), ("seconds", -1)],
    "body-capsule": [("base64", "a-b"), ("case", "1"), ("revision", 0)],
    "body-health": [("state", "gone"), ("id", DROP), ("sentence.ja", DROP), ("until", DROP), ("payload", "x")],
    "body-case": [("id", "1"), ("rev", 0), ("findings", []), ("payload", "x"), ("device.user", "x")],
}


def schema_of(name):
    if name.startswith("body-"):
        kind = name.removeprefix("body-").split("-")[0]
        return SENSOR / "case/case.schema.json" if kind == "case" else DELIVERY / f"{kind}.schema.json"
    return DELIVERY / f"{name.split('-')[0]}.schema.json"


def bundled(schema, others):
    """One schema with those that it names in it: old versions of jsonschema join no URNs with fragments."""
    defs = dict(schema.get("$defs", {}))

    def inlined(value):
        if isinstance(value, list):
            return [inlined(one) for one in value]
        if not isinstance(value, dict):
            return value
        named = others.get(value.get("$ref"))
        if not named:
            return {name: inlined(member) for name, member in value.items()}
        for name, definition in named.get("$defs", {}).items():
            assert defs.setdefault(name, definition) == definition, f"{name} is said in two ways"
        return {name: inlined(member) for name, member in named.items() if not name.startswith("$")}

    whole = inlined({name: member for name, member in schema.items() if name != "$defs"})
    return {**whole, "$defs": defs}


def validators():
    paths = [*DELIVERY.glob("*.schema.json"), SENSOR / "case/case.schema.json", SENSOR / "health/health.schema.json"]
    schemas = {path: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    by_id = {schema["$id"]: schema for schema in schemas.values()}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    return {path: Draft202012Validator(bundled(schema, by_id)) for path, schema in schemas.items()}


def changed(example, path, value):
    example = copy.deepcopy(example)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at = example
    for step in way:
        at = at[step]
    if value is DROP:
        del at[last]
    else:
        at[last] = value
    return example


def faults():
    held = validators()
    tried = set()
    for path in sorted((DELIVERY / "examples").glob("*.json")):
        example = json.loads(path.read_text(encoding="utf-8"))
        validator = held[schema_of(path.stem)]
        tried.add(schema_of(path.stem))
        yield from (f"{path.name}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(example))
        for member, value in BAD.get(path.stem, []):
            if validator.is_valid(changed(example, member, value)):
                yield f"{path.name}: fits its schema with {member} {'left out' if value is DROP else repr(value)}"
    yield from (f"{path.name}: no example" for path in DELIVERY.glob("*.schema.json") if path not in tried)
    yield from (f"{name}: no such example" for name in BAD if not (DELIVERY / f"examples/{name}.json").exists())
    # What the courier adds to a finding of health is all that the sensor's own schema lacks.
    body = json.loads((DELIVERY / "examples/body-health.json").read_text(encoding="utf-8"))
    own = {name: value for name, value in body.items() if name not in ("opened", "closed")}
    yield from (f"body-health: {error.message}" for error in held[SENSOR / "health/health.schema.json"].iter_errors(own))


def values_of(schema, root, path=""):
    """Paths of all values that a schema allows, as the privacy table writes them."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "properties" in schema:
        return {value for name, member in schema["properties"].items()
                for value in values_of(member, root, f"{path}.{name}".lstrip("."))}
    return values_of(schema["items"], root, f"{path}[]") if "items" in schema else {path}


def table_faults():
    rows = {}
    text = (DELIVERY / "privacy_rows.c").read_text(encoding="utf-8")
    for path, kind in re.findall(r'\{ "([^"]+)", reasons\[\w+\], PARCEL_(\w+),', text):
        rows.setdefault(kind.lower(), set()).add(path)
    assert len(rows) == 7, f"the table is not read: {sorted(rows)}"
    for kind, paths in rows.items():
        schema = json.loads(schema_of(f"body-{kind}").read_text(encoding="utf-8"))
        allowed = values_of(schema, schema)
        yield from (f"{kind}: {path} stands in the schema and not in the table" for path in sorted(allowed - paths))
        yield from (f"{kind}: {path} stands in the table and not in the schema" for path in sorted(paths - allowed))


def main():
    found = [*faults(), *table_faults()]
    print("\n".join(found) or f"{sum(map(len, BAD.values()))} changes refused")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
