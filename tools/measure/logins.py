#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
How often logins are refused, as a distribution: the ground of the thresholds of logins.

Usage: logins.py HINOMI FOLDER   (captures below FOLDER; a label is the first part of the path)

One line for each client, server and port with a refused login: label, refused, let in, accounts,
median seconds between refusals, share of connections that began within a second of the refusal
before, capture. Then for each label the number of such pairs by refused logins.
"""
import collections
import json
import pathlib
import statistics
import subprocess
import sys
from datetime import datetime

REFUSED_STATUS = {"STATUS_LOGON_FAILURE", "STATUS_WRONG_PASSWORD", "STATUS_NO_SUCH_USER",
                  "STATUS_ACCOUNT_LOCKED_OUT", "STATUS_ACCOUNT_DISABLED"}
REFUSED_ERROR = {6, 18, 24}
REFUSED_BIND = 49
STEPS = (1, 5, 10, 20, 60, 100)


def outcome(fact):
    """True is let in, False refused, None is no login."""
    if fact.get("from") != "server":
        return None
    if "outcome" in fact and fact["fact"].endswith(".login"):
        return fact["outcome"] == "accepted"
    if fact["fact"] == "smb.session":
        status = fact.get("nt_status")
        return True if status == "STATUS_SUCCESS" else False if status in REFUSED_STATUS else None
    if fact["fact"] == "kerberos":
        return True if fact.get("message") == "AS-REP" else \
            False if fact.get("error") in REFUSED_ERROR else None
    if fact["fact"] == "ldap.result" and fact.get("operation") == "bind":
        return True if fact["result"] == 0 else False if fact["result"] == REFUSED_BIND else None
    return None


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Pair:
    def __init__(self):
        self.refused, self.accepted, self.accounts, self.followed = [], 0, set(), 0

    def add(self, fact, is_accepted, begun):
        if is_accepted:
            self.accepted += 1
            return
        if self.refused and begun <= self.refused[-1] + 1:
            self.followed += 1
        self.refused.append(seconds(fact["time"]))
        self.accounts.add(fact.get("user") or fact.get("client_name") or "")


def pairs_of(hinomi, capture):
    done = subprocess.run([hinomi, "read", "--facts", "--json", "--quiet", "--workers", "0",
                           capture], capture_output=True)
    pairs, begun = collections.defaultdict(Pair), {}
    for line in done.stdout.splitlines():
        fact = json.loads(line)
        if "flow" not in fact:
            continue
        begun.setdefault(fact["flow"], seconds(fact["time"]))
        is_accepted = outcome(fact)
        if is_accepted is not None:
            key = fact["client"], fact["server"], fact["server_port"]
            pairs[key].add(fact, is_accepted, begun[fact["flow"]])
    return pairs


def main():
    hinomi, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    counts = collections.defaultdict(collections.Counter)
    for capture in sorted(folder.glob("**/*.pcap*")):
        label = capture.relative_to(folder).parts[0]
        for key, pair in pairs_of(hinomi, capture).items():
            if not pair.refused:
                continue
            gaps = [b - a for a, b in zip(pair.refused, pair.refused[1:])]
            print(label, len(pair.refused), pair.accepted, len(pair.accounts),
                  f"{statistics.median(gaps) if gaps else 0:.2f}",
                  f"{pair.followed / max(1, len(gaps)):.2f}", capture.name, *key, sep="\t")
            counts[label][max(s for s in STEPS if s <= len(pair.refused))] += 1
    for label, steps in counts.items():
        print(label, *(f"{step}+: {steps[step]}" for step in STEPS), sep="\t")


main()
