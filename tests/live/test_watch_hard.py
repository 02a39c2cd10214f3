#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The sensor under hardship: disks that are full, broken or gone, interfaces that flap, floods, halts.

Usage: test_watch_hard.py HINOMI [NAME...]
"""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

import probe
from probe import FAR, PATIENCE, SENSOR, SETTLE, expect, send
from sensor import Sensor, plain, replay
from test_watch_life import metrics_of, rows, status_of
import sensor

FLAPS = 10
FLAP_SECONDS = 0.2
FLAP_RATE = 500
FLOOD_FLOWS = 60_000
FLOOD_SECONDS = 5
GROWTH_KIB = 2048
# New flows, for a minute where WATCH_HARD_SECONDS says 60; by its third part everything that has a bound is full.
MINUTE_RATE, MINUTE_SECONDS = 100_000, int(os.environ.get("WATCH_HARD_SECONDS", "18"))
FILL_SECONDS = MINUTE_SECONDS // 3
MINUTE_GROWTH_KIB = 16 * 1024
RESIDENT_MOST_KIB = 200 * 1024
# Where more is lost, what was in it cannot be asked for: a debug build, or other load on the machine.
LOST_LITTLE = 0.01
# Replayed in a flood, twenty times as fast as they were: the words of the case that each must become.
AMID = (("port-scan", ('"scan_ports"', '"8c:16:45:7b:22:b2"')), ("lan-scan", ('"scan_arp"',)),
        ("listed", ("listed-bad",)))
STOPPED_SECONDS = 2
STOPPED_RATE = 200
# How long a store that failed waits at most before it tries again, after failing for a few seconds.
RETRY_SECONDS = 30
DEVICES = 150
CLIENT, CLIENT_MAC = bytes([192, 168, 10, 103]), bytes.fromhex("a483e73033c3")
LISTED = b"listed-bad"
PCAP_HEAD, FRAME_HEAD = 24, 16


@contextlib.contextmanager
def mounted(net, *words):
    """A disk where the state folder is; gone again however the test ends."""
    folder = net.folder / "state"
    folder.mkdir()
    subprocess.run(["mount", *map(str, words), str(folder)], check=True)
    try:
        yield folder
    finally:
        for process in net.processes:
            probe.end(process)
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def frames_of(path):
    data, at = path.read_bytes(), PCAP_HEAD
    while at < len(data):
        end = at + FRAME_HEAD + int.from_bytes(data[at + 8:at + 12], "little")
        yield data[at:end]
        at = end


def listed_by_many(net, first=0, count=DEVICES):
    """Questions for a listed name, by `count` devices one after the other: a case for each."""
    source = plain(net, "listed")
    questions = [frame for frame in frames_of(source) if CLIENT in frame and LISTED in frame]
    path = net.folder / f"listed-{first}.pcap"
    with path.open("wb") as out:
        out.write(source.read_bytes()[:PCAP_HEAD])
        for i in range(first, first + count):
            for frame in questions:
                out.write(frame.replace(CLIENT, bytes([192, 168, 10 + i // 200, 20 + i % 200]))
                          .replace(CLIENT_MAC, bytes([2, 0, 0, 0, 1, i % 256])))
    return path


def watch_listed(net, *arguments):
    intel = net.folder / "intel.txt"
    intel.write_text("cdn.listed-bad.example\n")
    return Sensor(net, "--json", "--intel", intel, "--set", "store.log=1M", *arguments)


def told_ids(watch):
    return {case["id"] for case in watch.cases()}


def awaits_cases(watch, count):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and len(told_ids(watch)) < count:
        time.sleep(0.2)
    return len(told_ids(watch)) >= count


def kept_ids(watch):
    return {row[0] for row in rows(watch, "select id from cases")}


def awaits_kept(watch):
    """Every case that was told comes to the disk, without a restart."""
    until = time.monotonic() + RETRY_SECONDS
    while time.monotonic() < until and kept_ids(watch) != told_ids(watch):
        time.sleep(0.2)
    return kept_ids(watch) == told_ids(watch)


def test_disk_full(net):
    """The disk is full for a while: the sensor goes on, says so, and writes what waited."""
    net.open()
    with mounted(net, "-t", "tmpfs", "-o", "size=12M", "tmpfs") as folder:
        watch = watch_listed(net)
        filler = folder / "filler"
        with filler.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            while True:
                out.write(bytes(4096))
        replay(net, listed_by_many(net), "--pps", "3000")
        expect("it says that the disk is full", watch.awaits("no room for"), watch.log())
        expect("and that is a case of health", watch.awaits("code=store_full"), watch.log())
        expect("cases are told all the same", awaits_cases(watch, DEVICES), len(told_ids(watch)))
        waiting = told_ids(watch) - kept_ids(watch)
        expect("some of them wait for room", waiting, watch.log())
        filler.unlink()
        expect("they are written when there is room", awaits_kept(watch), watch.log())
        replay(net, listed_by_many(net, DEVICES, 1), "--pps", "100")
        expect("goes on with the next", awaits_cases(watch, DEVICES + 1), len(told_ids(watch)))
        expect("stops with nothing left", watch.stop() == 0, watch.log())
        expect("every case is on the disk", kept_ids(watch) == told_ids(watch),
               (len(kept_ids(watch)), len(told_ids(watch))))
        expect("so is that of health", rows(watch, "select code from health") == [("store_full",)],
               rows(watch, "select code, json from health"))


def broken_disk(folder):
    """The file in /sys that breaks the disk of `folder`; None where the kernel has none."""
    source = subprocess.run(["findmnt", "-no", "SOURCE", str(folder)], capture_output=True, text=True,
                            check=False).stdout.strip()
    trigger = pathlib.Path("/sys/fs/ext4") / pathlib.Path(source).name / "trigger_fs_error"
    return trigger if source and trigger.exists() else None


def test_disk_breaks(net):
    """An SD card that fails: ext4 takes no more writes."""
    net.open()
    image = net.folder / "card"
    with image.open("wb") as out:
        out.truncate(48 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", str(image)], check=False)
    try:
        disk = mounted(net, "-o", "loop,errors=remount-ro", image) if made.returncode == 0 else None
        folder = disk.__enter__() if disk else None
    except subprocess.CalledProcessError:
        folder = None
    if not folder:
        print("skipped: this machine mounts no disk from a file")
        return
    try:
        breaks = broken_disk(folder)
        if not breaks:
            print("skipped: this kernel's ext4 cannot be made to fail")
            return
        watch = watch_listed(net)
        breaks.write_text("test")
        replay(net, listed_by_many(net, count=3), "--pps", "100")
        expect("cases are told", awaits_cases(watch, 3), watch.log())
        expect("it says that nothing can be written", watch.awaits("takes no writes"), watch.log())
        expect("and that is a case of health", watch.awaits("code=store_read_only"), watch.log())
        expect("the sensor goes on", watch.process.poll() is None, watch.log())
        expect("stops, and says that something is lost", watch.stop() == 1 and
               "not all that was known could be written" in watch.log(), watch.log())
        again = watch_listed(net)
        expect("starts on a disk that cannot be written", again.process.poll() is None, again.log())
        expect("and stops", again.stop() in (0, 1), again.log())
    finally:
        disk.__exit__(None, None, None)


def test_state_goes(net):
    """The state folder is removed under the sensor; another sensor on the same folder is refused."""
    net.open()
    watch = watch_listed(net)
    second = Sensor(net, ready=False)
    code = second.process.wait(PATIENCE)
    expect("a second sensor is refused by one line", code == 1 and second.log().count("\n") == 1
           and "cases.db" not in second.log().split(":")[0], (code, second.log()))
    for path in watch.state.iterdir():
        path.unlink()
    watch.state.rmdir()
    replay(net, listed_by_many(net, count=3), "--pps", "100")
    expect("cases are told", awaits_cases(watch, 3), watch.log())
    expect("it says that its store is gone", watch.awaits("was removed while the sensor ran"), watch.log())
    expect("and that is a case of health", watch.awaits("code=store_read_only"), watch.log())
    expect("the sensor goes on", watch.process.poll() is None, watch.log())
    code = watch.stop()
    expect("stops, and says that something is lost", code == 1, (code, watch.log()))
    expect("starts anew", watch_listed(net).stop() == 0)


def arrived(net):
    """Frames that the kernel counts as come in on the sensor's interface."""
    told = subprocess.run(["ip", "netns", "exec", net.prefix + SENSOR, "cat",
                           "/sys/class/net/cap0/statistics/rx_packets"], check=True, capture_output=True, text=True)
    return int(told.stdout)


def accounted(figures):
    return (figures['hinomi_interface_received_total{interface="cap0"}'],
            figures['hinomi_interface_dropped_kernel_total{interface="cap0"}'])


def expect_all_accounted(net, path):
    """Behind a flood the last packets, and the word on them, take their time."""
    until = time.monotonic() + PATIENCE
    while True:
        figures, came = metrics_of(path), arrived(net)
        received, dropped = accounted(figures)
        if received + dropped == came or time.monotonic() > until:
            break
        time.sleep(0.5)
    expect(f"{received} received, {dropped} dropped: all that came", received + dropped == came, came)
    return figures, dropped


def test_flaps(net):
    """Down and up, ten times, under traffic: the gaps are known, and no frame is missing outside of them."""
    net.open()
    path = net.folder / "metrics"
    watch = Sensor(net, "--set", f"sensor.metrics={path}")
    sender = net.start(FAR, "python3", probe.HERE / "send_frames.py", "far0", "0", "100000", str(FLAP_RATE), "anyhow")
    time.sleep(1)
    for _ in range(FLAPS):
        net.bring(0, "down")
        time.sleep(FLAP_SECONDS)
        net.bring(0, "up")
        time.sleep(FLAP_SECONDS)
    expect("the sender goes on", sender.poll() is None)
    time.sleep(1)
    probe.end(sender)
    time.sleep(SETTLE + 1)
    figures, came = metrics_of(path), arrived(net)
    received, dropped = accounted(figures)
    expect("stops", watch.stop() == 0, watch.log())
    gaps = rows(watch, "select began, ended from gaps where reason = 'interface'")
    expect("gaps are kept", 1 <= len(gaps) <= FLAPS, gaps)
    expect("as many as it counts", figures['hinomi_interface_gaps_total{interface="cap0"}'] == len(gaps),
           (figures, gaps))
    expect("one after the other", all(b <= e for b, e in gaps) and
           all(e <= b for (_, e), (b, _) in zip(gaps, gaps[1:])), gaps)
    blind = sum(e - b for b, e in gaps) / 1e9
    expect("frames came", came > FLAP_RATE, came)
    expect(f"of {came} frames {came - received - dropped} are not accounted for, in gaps of {blind:.1f} s",
           0 <= came - received - dropped <= blind * FLAP_RATE * 1.5, (received, dropped))


def flood_capture(net):
    """Flows that were never seen before: questions, connections, SYNs."""
    path = net.folder / "flood.pcap"
    maker = pathlib.Path(probe.PROBE).parents[1] / "tests" / "bench_generate"
    subprocess.run([maker, "mice", path, str(FLOOD_FLOWS)], check=True, stderr=subprocess.DEVNULL)
    return path


def flood(net, capture, seconds, *speed):
    return net.start(FAR, "tcpreplay", "--quiet", "-i", "far0", "--preload-pcap", "--loop", "1000",
                     "--unique-ip", "--duration", str(seconds), *(speed or ("--topspeed",)), str(capture))


def resident_kib(watch):
    return int(status_of(watch.pid())["VmRSS"].split()[0])


SMALL = ("--set", "flow.budget=2M", "--set", "capture.buffer=4M")


def test_flood(net):
    """New flows as fast as they can be sent: memory stays, and a scan amid them is still a case."""
    net.open()
    path, capture = net.folder / "metrics", flood_capture(net)
    watch = Sensor(net, "--json", "--set", f"sensor.metrics={path}", *SMALL)
    first = flood(net, capture, FLOOD_SECONDS)
    first.wait(PATIENCE)
    time.sleep(SETTLE)
    figures, before = metrics_of(path), resident_kib(watch)
    expect("the flow table was full", figures["hinomi_flows_evicted_total"] > 0, figures)
    second = flood(net, capture, FLOOD_SECONDS)
    second.wait(PATIENCE)
    time.sleep(SETTLE)
    after = resident_kib(watch)
    expect(f"resident {before} KiB, then {after} KiB", after - before <= GROWTH_KIB, (before, after))
    figures, dropped = expect_all_accounted(net, path)
    expect("what was dropped is said", dropped == 0 or "event=dropped" in watch.log(), watch.log())
    gentle = flood(net, capture, PATIENCE, "--pps", "2000")
    replay(net, plain(net, "lan-scan"), "--multiplier", "20")
    expect("a scan is a case", watch.awaits('"scan_arp"', where=watch.out), watch.log())
    probe.end(gentle)
    expect("the judge lives", watch.hears("WATCHDOG=1"), watch.log())
    expect("stops", watch.stop() == 0, watch.log())


def bench_send(net, kind, rate, seconds):
    """New flows at a rate, past what tcpreplay can."""
    program = pathlib.Path(probe.PROBE).parents[1] / "tests" / "bench_send"
    return net.popen(FAR, program, "far0", kind, rate, seconds, stdout=subprocess.PIPE, text=True)


def told_amid(net, watch, name, words):
    """Seconds from the last packet of a replayed capture to its case; None when there is none."""
    replay(net, plain(net, name), "--multiplier", "20")
    last = time.monotonic()
    while time.monotonic() < last + PATIENCE:
        if any(all(word in line for word in words) for line in watch.out.read_text().splitlines()):
            return time.monotonic() - last
        time.sleep(0.1)
    return None


def minute(net, kind):
    net.open()
    path = net.folder / "metrics"
    watch = watch_listed(net, "--set", f"sensor.metrics={path}")
    sender = bench_send(net, kind, MINUTE_RATE, MINUTE_SECONDS)
    time.sleep(FILL_SECONDS)
    before = resident_kib(watch)
    delays = {name: told_amid(net, watch, name, words) for name, words in AMID}
    print(f"     {sender.communicate(timeout=MINUTE_SECONDS + PATIENCE)[0].strip()}")
    after = resident_kib(watch)
    time.sleep(SETTLE)
    figures, dropped = expect_all_accounted(net, path)
    expect("what was dropped is said", dropped == 0 or "event=dropped" in watch.log(), watch.log())
    expect("the flow table was full", figures["hinomi_flows_evicted_total"] > 0, figures)
    expect(f"resident {before} KiB, then {after} KiB", after - before <= MINUTE_GROWTH_KIB and
           after <= RESIDENT_MOST_KIB, (before, after))
    for name, delay in delays.items():
        if dropped <= LOST_LITTLE * (arrived(net) - dropped):
            expect(f"{name} is a case", delay is not None, watch.log())
        print(f"     {name}: {'no case' if delay is None else f'{delay:.1f} s after its last packet'}")
    expect("the judge lives", watch.hears("WATCHDOG=1"), watch.log())
    expect("stops", watch.stop() == 0, watch.log())


def test_minute_of_syns(net):
    """From 60,000 addresses of the office: forged, or as many devices that scan."""
    minute(net, "syns")


def test_minute_of_datagrams(net):
    minute(net, "datagrams")


def test_minute_of_connections(net):
    """Each is opened and says one thing that nobody knows: all of them are looked into."""
    minute(net, "connections")


def test_killed_in_flood(net):
    net.open()
    capture = flood_capture(net)
    sender = flood(net, capture, PATIENCE)
    for _ in range(3):
        watch = Sensor(net, *SMALL)
        time.sleep(1)
        watch.kill()
        (whole,) = rows(watch, "pragma integrity_check")
        expect("the store is whole", whole == ("ok",), whole)
    last = Sensor(net, *SMALL)
    expect("the gap is known", last.awaits("it ended by itself"), last.log())
    probe.end(sender)
    expect("stops", last.stop() == 0, last.log())


def test_halted(net):
    """Halted for two seconds, as a machine that swaps: the kernel's ring holds what comes."""
    net.open()
    path = net.folder / "metrics"
    watch = Sensor(net, "--set", f"sensor.metrics={path}")
    sender = net.start(FAR, "python3", probe.HERE / "send_frames.py", "far0", "0",
                       str(STOPPED_RATE * (STOPPED_SECONDS + 2)), str(STOPPED_RATE))
    time.sleep(1)
    watch.signal(signal.SIGSTOP)
    time.sleep(STOPPED_SECONDS)
    watch.signal(signal.SIGCONT)
    expect("all is sent", sender.wait(PATIENCE) == 0)
    time.sleep(SETTLE + 1)
    figures = metrics_of(path)
    expect("nothing was lost", accounted(figures) == (net.sent(FAR, "far0"), 0) and
           figures["hinomi_frames_total"] == STOPPED_RATE * (STOPPED_SECONDS + 2), figures)
    expect("stops", watch.stop() == 0, watch.log())
    expect("no gap", not rows(watch, "select * from gaps"), rows(watch, "select * from gaps"))


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "curl")
    sensor.main([test_disk_full, test_disk_breaks, test_state_goes, test_flaps, test_flood,
                 test_minute_of_syns, test_minute_of_datagrams, test_minute_of_connections, test_killed_in_flood,
                 test_halted])
