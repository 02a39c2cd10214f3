#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
`hinomi devices --contacts`: whom the office was in contact with, for people and as lines that hold to their schema.

Usage: test_contacts.py HINOMI PROBE
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import schemas

HINOMI, PROBE = sys.argv[1:3]
SCHEMAS = schemas.Schemas()
ITEMS = ["cdn.example", "only.looked.up.example", "203.0.113.7", "2001:db8::7"]


def contacts(state, *words):
    done = subprocess.run([HINOMI, "devices", "--contacts", "--state", state, *words], capture_output=True, text=True,
                          check=True, timeout=60)
    assert done.stderr == "", done
    return done.stdout


def rows(state, *words):
    return SCHEMAS.hold([json.loads(line) for line in contacts(state, "--json", *words).splitlines()])


def item(row):
    return row.get("name") or row["address"]


def test_all(state):
    told = {item(row): row for row in rows(state)}
    assert sorted(told) == sorted(ITEMS), told
    by_name = told["cdn.example"]
    assert by_name["device"] == 7 and by_name["device_name"] == "ANNA-LAPTOP" and by_name["answered"], by_name
    assert by_name["lookups"] == 6 and by_name["flows"] == 0, "two rows of one item are one"
    assert by_name["first"] == "2026-09-21T14:13:20.000000Z" and by_name["last"] == "2026-09-21T15:13:20.000000Z"
    assert not told["only.looked.up.example"]["answered"], told
    by_address = told["203.0.113.7"]
    assert by_address["port"] == 443 and by_address["was_listed"] and by_address["bytes_down"] == 10**10, by_address
    assert told["2001:db8::7"]["device_name"] == "" and told["2001:db8::7"]["port"] == 0, "a device that is forgotten"


def test_one(state):
    assert [item(row) for row in rows(state, "EXAMPLE")] == ["cdn.example", "only.looked.up.example"]
    assert [item(row) for row in rows(state, "203.0.113.7")] == ["203.0.113.7"]
    assert rows(state, "elsewhere.example") == []
    assert "No device was in contact" in contacts(state, "elsewhere.example")


def test_for_people(state):
    told = contacts(state)
    assert "7 ANNA-LAPTOP\n" in told and "8 (not known any more)\n" in told, told
    assert "looked up alone, 6 times" in told and "(listed at that time)" in told, told
    assert "203.0.113.7:443" in told and "[2001:db8::7]:0" in told, told


def test_the_schema_refuses(state):
    """What is no such line, or the schema would hold whatever is told."""
    good = rows(state)[0]
    validator = SCHEMAS.validators.get("hinomi.contact/1")
    if not validator:
        return
    for change in ({"port": 1}, {"first": "2026-09-21"}, {"flows": -1}, {"answered": 1}, {"more": 1}, {"name": ""}):
        assert not validator.is_valid({**good, **change}), change
    for member in ("device", "name", "bytes_up"):
        assert not validator.is_valid({key: good[key] for key in good if key != member}), member


def main():
    with tempfile.TemporaryDirectory(prefix="hinomi-contacts-") as folder:
        state = pathlib.Path(folder)
        subprocess.run([PROBE, state], check=True, timeout=60)
        for test in (test_all, test_one, test_for_people, test_the_schema_refuses):
            test(state)
    print("contacts: all as they should be")


main()
