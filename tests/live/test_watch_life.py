#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sensor as a service: ready, watched, reloaded, asked for figures, stopped, killed, started again."""
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

import probe
from probe import PATIENCE, expect, send
import sensor
from sensor import Sensor, plain, replay

CAP_NET_RAW = 1 << 13
LARGE = 20 << 20  # bytes: a cases.db that no start waits for
PAGE = 4096
# Of the signals that have handlers, as a mask of /proc/PID/status.
HANDLED = sum(1 << (number - 1) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM))


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def test_service(net):
    """The service manager hears of it, and what it may do is next to nothing."""
    net.open()
    watch = Sensor(net)
    expect("the watchdog is fed", watch.hears("WATCHDOG=1"))
    for task in pathlib.Path(f"/proc/{watch.pid()}/task").iterdir():
        status = status_of(task.name)
        expect(f"thread {task.name}: one capability", int(status["CapEff"], 16) == CAP_NET_RAW
               and int(status["CapPrm"], 16) == CAP_NET_RAW and status["CapBnd"].strip("0") in ("", "2"), status)
        expect(f"thread {task.name}: no new privileges, sealed, another user",
               status["NoNewPrivs"] == "1" and status["Seccomp"] == "2" and
               status["Uid"].split()[0] != "0", status)
        blocked = int(status["SigBlk"], 16) & HANDLED
        expect(f"thread {task.name}: handlers run in the main thread alone",
               blocked == (0 if int(task.name) == watch.pid() else HANDLED), status)
    expect("says what it is", "Landlock" in watch.log() and "system calls" in watch.log(), watch.log())
    expect("stops as asked", watch.stop() == 0, watch.log())
    expect("and says so", any("STOPPING=1" in said for said in watch.said) or watch.hears("STOPPING=1") or
           "event=stopped" in watch.log(), watch.said)


def metrics_of(path):
    told = subprocess.run(["curl", "--silent", "--max-time", "5", "--unix-socket", path,
                           "http://localhost/metrics"], check=True, capture_output=True, text=True)
    lines = [line for line in told.stdout.splitlines() if not line.startswith("#")]
    return {name: int(value) if value.isdigit() else float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics(net):
    net.open()
    path = net.folder / "metrics"
    watch = Sensor(net, "--set", f"sensor.metrics={path}")
    send(net, "far0", 0, 1000)
    time.sleep(2.5)
    figures = metrics_of(path)
    expect("frames are counted", figures["hinomi_frames_total"] == 1000, figures)
    expect("and what is not read of them", sum(
        value for name, value in figures.items() if name.startswith("hinomi_refused_total")) == 1000, figures)
    expect("no capsule is due", figures["hinomi_capsules_total"] == 0 and sum(
        value for name, value in figures.items() if name.startswith("hinomi_capsules_left_out_total")) == 0, figures)
    expect("the interface is up", figures['hinomi_interface_up{interface="cap0"}'] == 1, figures)
    expect("no packet was lost", figures['hinomi_interface_dropped_kernel_total{interface="cap0"}'] == 0, figures)
    net.bring(0, "down")
    expect("the journal says so", watch.awaits("event=interface_down"), watch.log())
    time.sleep(1.5)
    figures = metrics_of(path)
    expect("and down", figures['hinomi_interface_up{interface="cap0"}'] == 0, figures)
    expect("stops", watch.stop() == 0, watch.log())


def test_reload(net):
    """SIGHUP: what was not known to be bad is, in the middle of the capture."""
    net.open()
    intel, config = net.folder / "intel.txt", net.folder / "hinomi.yaml"
    intel.write_text("# nothing yet\n")
    config.write_text("scan:\n  hosts: 10\n")
    capture = plain(net, "listed")
    watch = Sensor(net, "--json", "--intel", intel, "--config", config)
    replay(net, capture, "--pps", "1000")
    time.sleep(1)
    expect("nothing is bad", not watch.cases(), watch.cases())
    intel.write_text("cdn.listed-bad.example\n203.0.113.166\n")
    config.write_text("scan:\n  hosts: 11\nflow:\n  budget: 9M\n")
    watch.signal(signal.SIGHUP)
    expect("reloaded", watch.awaits("event=reloaded"), watch.log())
    expect("what waits for a restart is named", "options_for_restart=flow.budget" in watch.log(), watch.log())
    replay(net, capture, "--pps", "1000")
    expect("now there is a case", watch.awaits("listed", where=watch.out), watch.log())
    # As editors do: another file in its place.
    fresh = net.folder / "hinomi.yaml.new"
    fresh.write_text("scan:\n  hosts: many\n  hours: 3\n")
    fresh.rename(config)
    watch.signal(signal.SIGHUP)
    expect("a bad file is refused", watch.awaits("event=reload_failed") and "line 2, column 10: scan.hosts" in watch.log()
           and "line 3, column 3: scan.hours: no such option" in watch.log()
           and watch.log().count("event=config_fault") == 2, watch.log())
    expect("and the sensor goes on", watch.process.poll() is None, watch.log())
    expect("stops", watch.stop() == 0, watch.log())


def earlier(watch):
    """The cases of contacts from before the list."""
    return {case["id"] for case in watch.cases() for finding in case["findings"] if finding["kind"] == "listed_before"}


def contacts(watch, *item):
    done = subprocess.run([watch.hinomi, "devices", "--contacts", "--json", "--state", watch.state, *item], check=False,
                          capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else done.stderr


def test_remembered(net):
    """A list that comes after the contacts names them, once, also where the sensor was killed meanwhile."""
    net.open()
    intel = net.folder / "intel.txt"
    intel.write_text("# nothing yet\n")
    capture = plain(net, "listed")
    first = Sensor(net, "--json", "--intel", intel)
    replay(net, capture, "--pps", "1000")
    expect("stops", first.stop() == 0, first.log())
    expect("nothing is bad", not earlier(first), first.cases())
    asked = contacts(first, "listed-bad.example")
    expect("it is remembered who was there", len(asked) == 1 and asked[0]["name"] == "cdn.listed-bad.example" and
           asked[0]["device_name"] == "Cleos-MacBook" and asked[0]["flows"] == 2 and asked[0]["answered"] and
           asked[0]["bytes_down"] > 1000, asked)
    expect("by address too", [row.get("port") for row in contacts(first, "203.0.113.166")] == [80], contacts(first))
    second = Sensor(net, "--json", "--intel", intel)
    replay(net, capture, "--pps", "1000", "--limit", "20")
    intel.write_text("cdn.listed-bad.example\n203.0.113.166\n")
    second.signal(signal.SIGHUP)
    expect("the list is held against it", second.awaits("event=earlier_contacts"), second.log())
    expect("both are named", "2 are named by them now" in second.log(), second.log())
    expect("a case tells of it", second.awaits("listed_before", where=second.out), second.log())
    told = [finding for case in second.cases()[-1:] for finding in case["findings"]
            if finding["kind"] == "listed_before"]
    expect("by name and by address", {finding["object"]["value"] for finding in told} ==
           {"cdn.listed-bad.example", "203.0.113.166"}, told)
    second.kill()
    third = Sensor(net, "--json", "--intel", intel)
    replay(net, capture, "--pps", "1000", "--limit", "20")
    expect("held against it again", third.awaits("event=earlier_contacts"), third.log())
    third.stop()
    fourth = Sensor(net, "--json", "--intel", intel)
    replay(net, capture, "--pps", "1000", "--limit", "20")
    expect("and once more", fourth.awaits("event=earlier_contacts"), fourth.log())
    fourth.stop()
    expect("told once", not earlier(fourth) and len(earlier(second) | earlier(third)) == 1,
           (earlier(second), earlier(third), earlier(fourth)))


def test_promptness(net):
    """A scan is a case seconds after its last packet, while nothing more comes: refused is soon over."""
    net.open()
    for name in ("lan-scan", "port-scan"):
        watch = Sensor(net, "--json", state=name)
        replay(net, plain(net, name), "--multiplier", "20")
        told = time.monotonic()
        found = watch.awaits('"hinomi.case/1"', patience=8, where=watch.out)
        expect(f"{name}: told {time.monotonic() - told:.1f} s after the last packet", found, watch.log())
        expect("stops", watch.stop() == 0, watch.log())


def rows(watch, what):
    with sqlite3.connect(f"file:{watch.state}/cases.db?mode=ro", uri=True) as db:
        return db.execute(what).fetchall()


def asked(watch, user, what):
    """As a person of that user and group asks; the program is where everybody may run it."""
    program = shutil.copy(watch.hinomi, watch.net.folder / "hinomi")
    done = subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", program, what,
                           "--state", watch.state, "--lang", "en"], check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_asked(net):
    """Who may read it is told what there is; who may not, what to do."""
    net.open()
    watch = Sensor(net)
    watch.state.chmod(0o750)
    own, stranger = sensor.USER.pw_uid, sensor.USER.pw_uid - 1
    for what, words in (("cases", "No case."), ("devices", "every store.interval"), ("health", "Nothing is wrong")):
        code, said = asked(watch, own, what)
        expect(f"{what}: says that there is none", code == 0 and words in said and said.count("\n") == 1, said)
        code, said = asked(watch, stranger, what)
        expect(f"{what}: who may not read it", code == 1 and "use sudo" in said and said.count("\n") == 1, said)
    replay(net, plain(net, "lan-scan"), "--multiplier", "20")
    expect("a case", watch.awaits("addresses in the office", where=watch.out), watch.log())
    expect("stops", watch.stop() == 0, watch.log())
    for what, words in (("cases", "ANNA-LAPTOP"), ("devices", "ANNA-LAPTOP")):
        expect(f"{what}: after it", words in asked(watch, own, what)[1], asked(watch, own, what))


def test_restart(net):
    """A scan, a stop, and the same again: no second case, and the gap is known."""
    net.open()
    capture = plain(net, "lan-scan")
    first = Sensor(net, "--json")
    replay(net, capture, "--multiplier", "20")
    expect("a case", first.awaits('"hinomi.case/1"', where=first.out), first.log())
    expect("stops", first.stop() == 0, first.log())
    before = rows(first, "select id, revision, opened from cases order by id")
    second = Sensor(net, "--json")
    expect("goes on with what was known", "event=restored" in second.log(), second.log())
    expect("the gap is known", "event=gap" in second.log() and "it was stopped" in second.log(), second.log())
    replay(net, capture, "--multiplier", "20")
    time.sleep(2)
    expect("stops again", second.stop() == 0, second.log())
    after = rows(second, "select id, revision, opened from cases order by id")
    expect("the same cases", [row[0] for row in before] == [row[0] for row in after], (before, after))
    expect("none of them younger", all(b[1:] <= a[1:] for b, a in zip(before, after)), (before, after))


def test_evidence(net):
    """Capsules stand beside the cases, in one chain through a restart, and come to the same verdicts."""
    net.open()
    for name, words in (("lan-scan", "addresses in the office"), ("port-scan", "BEN-DESKTOP")):
        watch = Sensor(net)
        replay(net, plain(net, name), "--multiplier", "20")
        expect(f"{name}: a case", watch.awaits(words, where=watch.out), watch.log())
        expect(f"{name}: stops", watch.stop() == 0, watch.log())
    folder = net.folder / "capsules"
    done = subprocess.run([watch.hinomi, "cases", "--state", watch.state, "--capsules", folder], check=False,
                          capture_output=True, text=True)
    paths = sorted(folder.iterdir())
    expect("capsules are there", done.returncode == 0 and len(paths) >= 2, (done.stderr, paths))
    expect("numbered on", [int(path.name[:6]) for path in paths] == list(range(1, len(paths) + 1)), paths)
    done = subprocess.run([watch.hinomi, "replay", "--chain", *paths], check=False, capture_output=True, text=True)
    expect("come to the same verdicts", done.returncode == 0 and done.stdout.count(": the same: ") == len(paths),
           done.stdout)


def test_killed(net):
    """kill -9 again and again amid traffic: every case that was told is there, and the store is whole."""
    net.open()
    capture = plain(net, "port-scan")
    told = set()
    for attempt in range(8):
        watch = Sensor(net, "--json", "--set", f"scan.ports={20 + attempt}")
        replay(net, capture, "--multiplier", "30")
        if attempt == 0:
            expect("a case", watch.awaits('"hinomi.case/1"', where=watch.out), watch.log())
        time.sleep(0.2 * attempt)
        watch.kill()
        told |= {case["id"] for case in watch.cases()}
        (whole,) = rows(watch, "pragma integrity_check")
        expect("the store is whole", whole == ("ok",), whole)
    kept = {row[0] for row in rows(watch, "select id from cases")}
    expect("no case was lost", told <= kept and told, (told, kept))
    last = Sensor(net)
    expect("the gap is known", last.awaits("it ended by itself"), last.log())
    expect("stops", last.stop() == 0, last.log())


def break_page(data):
    """One of the capsule's pages, which no start reads: nothing but zeros behind the number of the next."""
    pages = data.read_bytes()
    at = next(at for at in range(len(pages) - PAGE, 0, -PAGE)
              if any(pages[at:at + 4]) and not any(pages[at + 4:at + PAGE]))
    with data.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * PAGE)


def test_damaged(net):
    """A large cases.db that is broken: checked while the sensor runs, moved aside, its cases taken over."""
    net.open()
    capture = plain(net, "port-scan")
    first = Sensor(net, "--json")
    replay(net, capture, "--multiplier", "30")
    expect("a case", first.awaits('"hinomi.case/1"', where=first.out), first.log())
    expect("stops", first.stop() == 0, first.log())
    before = rows(first, "select id from cases order by id")
    data = first.state / "cases.db"
    with sqlite3.connect(data) as db:
        db.execute("insert into capsules(number, case_id, revision, size, bytes) values(0, 'c', 1, ?1, zeroblob(?1))", (LARGE,))
    db.close()
    break_page(data)
    second = Sensor(net, "--json")
    expect("the damage is found", second.awaits("the next start moves it aside"), second.log())
    expect("the sensor ends by itself", second.process.wait(PATIENCE) == 1, second.log())
    third = Sensor(net, "--json")
    expect("moved aside", "moved to cases.db.damaged-" in third.log(), third.log())
    expect("cases are taken over", f"{len(before)} cases were taken over" in third.log(), third.log())
    expect("and gone on with", f"goes on with {len(before)} cases" in third.log(), third.log())
    expect("stops again", third.stop() == 0, third.log())
    expect("the same cases", rows(third, "select id from cases order by id") == before, before)


def test_refused(net):
    """One line that says what to do."""
    net.open()
    missing = net.folder / "nowhere" / "state"
    cases = [(["--state", str(missing)], "nowhere"), (["--set", "capture.buffer=1"], "capture.buffer"),
             (["--user", "nobody-of-that-name"], "nobody-of-that-name"), (["-i", "any"], "any"),
             (["--set", "sensor.metrics=/nowhere/metrics"], "/nowhere/metrics")]
    for arguments, words in cases:
        watch = Sensor(net, *arguments, ready=False)
        code = watch.process.wait(PATIENCE)
        expect(f"{arguments[-1]}: refused", code in (1, 2) and words in watch.log()
               and watch.log().count("\n") <= 2, (code, watch.log()))


if __name__ == "__main__":
    sensor.main([test_service, test_metrics, test_reload, test_remembered, test_promptness, test_asked, test_restart, test_evidence, test_killed,
                 test_damaged, test_refused])
