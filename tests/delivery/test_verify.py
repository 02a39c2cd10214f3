#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hinomi verify` over streams that were dropped from, swapped, edited and doubled at random places: exactly those
items are named.

Usage: test_verify.py MAKE_PARCELS HINOMI
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import page_receiver as page
from page_receiver import SigningKey

SEED = bytes(range(32))
KEY = bytes(SigningKey(SEED).verify_key).hex()
OTHER_KEY = bytes(SigningKey(bytes(32)).verify_key).hex()
MADE = "2026-11-22T01:00:00.000000Z"
ROUNDS, PARCELS = 80, 60
EDITS = {"unreadable", "unknown_key", "edited", "body_edited"}


def make(program, sensor, lines, seed=SEED):
    """`lines` of stream, kind, key, revision, body."""
    told = "".join("\t".join((stream, kind, key, str(revision), MADE, json.dumps(body))) + "\n"
                   for stream, kind, key, revision, body in lines)
    return subprocess.run([program, seed.hex(), sensor], input=told, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def stream(program, sensor, rng, count, seed=SEED):
    """Parcels of all streams, mixed, and a heartbeat at the end that says where they end."""
    lines = [(rng.choice(page.STREAMS), "canary", f"k{i}", 1 + i % 3,
              {"schema": "hinomi.canary/1", "token": f"{i:012x}", "asked": MADE, "seen": None}) for i in range(count)]
    ends = {}
    for line in make(program, sensor, lines, seed):
        parcel = json.loads(line)
        ends[parcel["stream"]] = {"sequence": parcel["sequence"], "chain": page.chain_of(parcel)}
    lines.append(("pulse", "heartbeat", "heartbeat", 1,
                  {"schema": "hinomi.heartbeat/1", "made": MADE, "streams": ends}))
    return make(program, sensor, lines, seed)


class Verify:
    def __init__(self, program):
        self.program = program

    def __call__(self, lines, *words, keys=KEY):
        done = subprocess.run([self.program, "verify", "--json", "--key", keys, *words, "-"],
                              input="".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"),
                              capture_output=True, timeout=120, check=False)
        assert done.returncode in (0, 1), done.stderr
        told = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert told[-1]["schema"] == "hinomi.verified/1", told[-1]
        assert told[-1]["whole"] == (len(told) == 1) == (done.returncode == 0), told
        return told[:-1], told[-1]


def edited(line, rng):
    """One character is another one, anywhere; or in the body, or in what is signed."""
    parcel = json.loads(line)
    how = rng.randrange(3)
    if how == 0:
        at = rng.randrange(len(line))
        return line[:at] + rng.choice("0123456789abcdefXYZ\",:}{ ".replace(line[at], "")) + line[at + 1:]
    if how == 1:
        parcel["body"] = parcel["body"].replace("2026", "2025")
    else:
        parcel["revision"] += 1
    return json.dumps(parcel, separators=(",", ":"))


def claim(line):
    """The parcel that a line claims to be; None when it is none."""
    try:
        parcel = page.load(line)
    except ValueError:
        return None
    return None if page.wrong_member(parcel) or parcel["kind"] not in page.KINDS else parcel


def mangled(lines, rng):
    """What was done to a stream: its lines as [text, was edited]."""
    items = [[line, False] for line in lines]
    heartbeat = items.pop()
    for _ in range(rng.randrange(4)):
        del items[rng.randrange(len(items))]
    for _ in range(rng.randrange(4)):
        i, j = rng.randrange(len(items)), rng.randrange(len(items))
        items[i], items[j] = items[j], items[i]
    for _ in range(rng.randrange(4)):
        items.insert(rng.randrange(len(items)), list(rng.choice(items)))
    for _ in range(rng.randrange(4)):
        item = rng.choice(items)
        if sum(other[0] == item[0] for other in items) == 1 and not item[1]:
            item[:] = edited(item[0], rng), True
    return [*items, heartbeat]


def expected(lines, items):
    """By the rules alone: lines edited, reordered, replayed, and parcels missing."""
    seen, latest, covered = set(), {}, set()
    names = {"edited": set(), "reordered": set(), "replayed": set()}
    for number, (text, was_edited) in enumerate(items, 1):
        parcel = claim(text)
        place = parcel and (parcel["sensor"], parcel["stream"], parcel["sequence"])
        if place:
            covered.add(place)
        if was_edited:
            names["edited"].add(number)
        if not parcel or not is_signed(parcel):
            continue
        if place in seen:
            names["replayed"].add(number)
            continue
        seen.add(place)
        if place[2] < latest.get(place[:2], 0):
            names["reordered"].add(number)
        latest[place[:2]] = max(place[2], latest.get(place[:2], 0))
    all_of_it = {(p["sensor"], p["stream"], p["sequence"]) for p in map(json.loads, lines)}
    return names, all_of_it - covered


def is_signed(parcel):
    return (parcel["signer"] == page.key_id(bytes.fromhex(KEY)) and
            page.is_signed(bytes.fromhex(KEY), parcel["signature"], *page.signed_lines(parcel)))


def check_round(verify, program, seed):
    rng = random.Random(seed)
    lines = stream(program, "s-a", rng, PARCELS)
    items = mangled(lines, rng)
    names, missing = expected(lines, items)
    told, _ = verify([text for text, _ in items])
    got = {name: {f["line"] for f in told if f["fault"] == name} for name in ("reordered", "replayed")}
    got["edited"] = {f["line"] for f in told if f["fault"] in EDITS}
    assert got == names, f"seed {seed}: {got} is not {names}"
    gaps = {(f["sensor"], f["stream"], n) for f in told if f["fault"] in ("missing", "cut")
            for n in range(f["first"], f["last"] + 1)}
    assert gaps == missing, f"seed {seed}: {gaps} is not {missing}"
    rest = [f for f in told if f["fault"] not in EDITS | {"reordered", "replayed", "missing", "cut"}]
    assert not rest, f"seed {seed}: {rest}"


def whole_streams_are_whole(verify, program):
    rng = random.Random(1)
    one, other = stream(program, "s-a", rng, 40), stream(program, "s-b", rng, 40)
    mixed = [line for pair in zip(one, other) for line in pair]
    told, totals = verify(mixed)
    assert not told and totals["parcels"] == 82 and totals["sensors"] == 2, totals
    told, totals = verify([])
    assert not told and totals["parcels"] == 0


def a_cut_tail_is_told_by_the_heartbeat(verify, program):
    lines = stream(program, "s-a", random.Random(2), 40)
    urgent = [line for line in lines if json.loads(line)["stream"] == "urgent"]
    told, _ = verify([line for line in lines if line not in urgent[-3:]])
    last = json.loads(urgent[-1])["sequence"]
    assert [(f["fault"], f["stream"], f["first"], f["last"]) for f in told] == [("cut", "urgent", last - 2, last)], told
    told, _ = verify([line for line in lines if line not in urgent])
    assert [(f["fault"], f["first"], f["last"]) for f in told] == [("cut", 1, last)], told


def two_under_one_number_are_forked(verify, program):
    """The key's holder rewrites history: each parcel genuine, and not the same."""
    lines = [("urgent", "canary", f"k{i}", 1, {"schema": "hinomi.canary/1", "n": i}) for i in range(6)]
    one = make(program, "s-a", lines)
    lines[2] = ("urgent", "canary", "other", 1, {"schema": "hinomi.canary/1"})
    other = make(program, "s-a", lines)
    told, _ = verify([*one, other[2]])
    assert [(f["fault"], f["line"], f["first"], f["key"]) for f in told] == [("forked", 7, 3, "other")], told
    told, _ = verify([*one[:2], other[2], *one[3:]])
    assert [(f["fault"], f["first"]) for f in told] == [("broken", 4)], told
    told, _ = verify([*one[:2], *one[3:], other[2]])
    assert [(f["fault"], f["first"]) for f in told] == [("reordered", 3), ("broken", 3)], told


def keys_are_of_their_sensors(verify, program):
    rng = random.Random(3)
    lines = stream(program, "s-a", rng, 10)
    told, totals = verify(lines, keys=OTHER_KEY)
    assert totals["unknown_key"] == 11 and totals["parcels"] == 0, totals
    told, totals = verify(lines, keys=f"{OTHER_KEY},s-a={KEY}")
    assert not told, told
    told, totals = verify(lines, keys=f"s-b={KEY}")
    assert totals["unknown_key"] == 11, totals
    rotated = [*lines, *stream(program, "s-b", rng, 10, bytes(32))]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "keys"
        path.write_text(f"# keys\n\ns-a={KEY}\n{OTHER_KEY}  # the new one\n", encoding="ascii")
        assert not verify(rotated, keys=str(path))[0]


def what_is_no_parcel_is_named_by_its_line(verify, program):
    lines = stream(program, "s-a", random.Random(4), 4)
    junk = ["", "{}", "[]", "\udcff\udcfe", "x" * (4 << 20) + "x", "{" * 100000, lines[0][:50], f"[{lines[0]}]"]
    told, totals = verify([*junk, *lines])
    assert [f["line"] for f in told] == list(range(1, len(junk) + 1)), told
    assert {f["fault"] for f in told} == {"unreadable"} and totals["parcels"] == 5, totals


def wrong_usage_is_told(hinomi):
    for words in ([], ["-"], ["--key", KEY], ["--key", "nothing", "-"], ["--key", KEY.upper(), "-"],
                  ["--key", KEY, "a", "b"], ["--wrong"]):
        done = subprocess.run([hinomi, "verify", *words], input="", capture_output=True, text=True, check=False)
        assert done.returncode == 2 and done.stderr and not done.stdout, (words, done)
    done = subprocess.run([hinomi, "verify", "--key", KEY, "/nowhere/at-all"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 1 and "No such file" in done.stderr, done


def main():
    program, hinomi = sys.argv[1:]
    verify = Verify(hinomi)
    for seed in range(ROUNDS):
        check_round(verify, program, seed)
    for check in (whole_streams_are_whole, a_cut_tail_is_told_by_the_heartbeat, two_under_one_number_are_forked,
                  keys_are_of_their_sensors, what_is_no_parcel_is_named_by_its_line):
        check(verify, program)
    wrong_usage_is_told(hinomi)
    print(f"{ROUNDS} mangled streams of {PARCELS + 1} parcels, named to the item")


if __name__ == "__main__":
    main()
