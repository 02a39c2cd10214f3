#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people decide about a running sensor: taken up by a reload, counted through restarts, shown, and written
down by `hinomi feedback`."""
import json
import os
import signal
import subprocess
import time

import probe
from probe import expect
import sensor
from sensor import Sensor, plain, replay
from test_watch_life import metrics_of

DAY = 86400
ANNA = "d4:be:d9:4c:11:a1"


def day(offset):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + offset * DAY))


def entry(name, since=-1, expires=30, scope=f"device: {ANNA}"):
    return f"- {{ id: {name}, {scope}, owner: Sato, reason: agreed, since: {day(since)}, expires: {day(expires)} }}\n"


def asked(watch, *words):
    done = subprocess.run([watch.hinomi, *words, "--state", watch.state], check=False, capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout + done.stderr


def uses(watch, decisions):
    code, said = asked(watch, "suppressions", "--json", "--set", f"judge.decisions={decisions}")
    assert code == 0, said
    return {line["id"]: line for line in map(json.loads, said.splitlines())}


def wait_until(what, holds, watch):
    until = time.monotonic() + probe.PATIENCE
    while time.monotonic() < until and not holds():
        time.sleep(0.2)
    expect(what, holds(), watch.log())


def test_suppressions(net):
    """A case, then the office says that it is wanted; then nothing, counted, and no less after a restart."""
    net.open()
    folder = net.folder / "etc"
    folder.mkdir()
    os.chmod(net.folder, 0o755)
    decisions, metrics = folder / "decisions.yaml", net.folder / "metrics"
    decisions.write_text("# nothing yet\n")
    options = ("--json", "--set", f"judge.decisions={decisions}", "--set", f"sensor.metrics={metrics}", "--set",
               "store.interval=1m")
    capture = plain(net, "lan-scan")
    watch = Sensor(net, *options)
    decisions.write_text("suppressions:\n" + entry("scanner") + entry("old", -60, -30))
    watch.signal(signal.SIGHUP)
    expect("reloaded", watch.awaits("event=reloaded"), watch.log())
    replay(net, capture, "--multiplier", "20")
    in_force = 'hinomi_suppression_in_force{id="%s"}'
    held = 'hinomi_suppression_held_total{id="scanner"}'
    wait_until("it is counted", lambda: metrics_of(metrics).get(held, 0) > 0, watch)
    figures = metrics_of(metrics)
    expect("and shown", figures[in_force % "scanner"] == 1 and figures[in_force % "old"] == 0 and
           figures["hinomi_suppressions_expired"] == 1, figures)
    expect("what has expired is said", watch.awaits("suppression=old"), watch.log())
    expect("and once", watch.log().count("event=suppression_expired") == 1, watch.log())
    expect("no case", not watch.cases(), watch.cases())
    count = figures[held]
    decisions.write_text("suppressions:\n" + entry("scanner", expires=500))
    watch.signal(signal.SIGHUP)
    expect("a bad file is refused", watch.awaits("event=reload_failed") and "lasts longer than a year" in watch.log(),
           watch.log())
    decisions.write_text("suppressions:\n" + entry("scanner") + entry("old", -60, -30))
    expect("stops", watch.stop() == 0, watch.log())
    shown = uses(watch, decisions)
    expect("the count is in the store", shown["scanner"]["held"] == count and shown["scanner"]["state"] == "in_force" and
           shown["old"]["state"] == "expired", shown)

    decisions.write_text(decisions.read_text() + "feedback:\n- { rule: BCN-1, true: 1, false: 50 }\n")
    code, said = asked(watch, "health", "--set", f"judge.decisions={decisions}")
    expect("health says what to look at again", code == 0 and "Suppression old of Sato expired on" in said and
           "Rule BCN-1 was right in 1 of 51" in said and "「old」" in said and "scanner" not in said, said)

    again = Sensor(net, *options)
    replay(net, capture, "--multiplier", "20")
    wait_until("it goes on after a restart", lambda: metrics_of(metrics).get(held, 0) >= count, again)
    expect("no case either", not again.cases(), again.cases())
    expect("stops again", again.stop() == 0, again.log())
    expect("the count did not begin anew", uses(again, decisions)["scanner"]["held"] >= count, uses(again, decisions))


def test_feedback(net):
    """A false alert is judged; the next one weighs less. What the office expects is not told again."""
    net.open()
    os.chmod(net.folder, 0o755)
    decisions = net.folder / "decisions.yaml"
    capture = plain(net, "lan-scan")
    watch = Sensor(net, "--json", state="first")
    replay(net, capture, "--multiplier", "20")
    expect("a case", watch.awaits('"hinomi.case/1"', where=watch.out), watch.log())
    expect("stops", watch.stop() == 0, watch.log())
    before = watch.cases()[-1]
    words = ("--set", f"judge.decisions={decisions}", "--by", "Sato", "--why", "it's the office's own scanner")
    code, said = asked(watch, "feedback", *words, "ffffffff", "policy")
    expect("no such case", code == 1 and "no such case" in said and not decisions.exists(), said)
    code, said = asked(watch, "feedback", *words, before["id"][:8], "false-positive")
    expect("a verdict is written down", code == 0 and before["id"] in decisions.read_text(), said)
    once = decisions.read_text()
    code, said = asked(watch, "feedback", *words, before["id"], "false-positive")
    expect("another one goes behind it", code == 0 and decisions.read_text().startswith(once), said)

    options = ("--json", "--set", f"judge.decisions={decisions}")
    second = Sensor(net, *options, state="second")
    replay(net, capture, "--multiplier", "20")
    expect("the same again", second.awaits('"hinomi.case/1"', where=second.out), second.log())
    after = second.cases()[-1]
    expect("weighs less", after["findings"][0]["confidence"] < before["findings"][0]["confidence"] and
           "verdicts" in [reason["code"] for reason in after["findings"][0]["reasons"]], after)
    expect("stops too", second.stop() == 0, second.log())

    code, said = asked(second, "feedback", *words, after["id"], "benign-expected")
    expect("what the office expects", code == 0 and "1 suppressions" in said, said)
    third = Sensor(net, *options, state="third")
    replay(net, capture, "--multiplier", "20")
    time.sleep(5)
    expect("is not told again", not third.cases(), third.cases())
    expect("stops at last", third.stop() == 0, third.log())
    shown = uses(third, decisions)
    expect("it was held back by that", [use["held"] > 0 for use in shown.values()] == [True], shown)


if __name__ == "__main__":
    sensor.main([test_suppressions, test_feedback])
