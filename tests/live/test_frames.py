#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Live frames: all of them, with tcpdump's times, in one order, and nothing sent.

Usage: test_frames.py PROBE [NAME...]
"""
import time

import probe
from probe import FAR, SENSOR, SETTLE, Probe, Tcpdump, expect, numbers, ours, same, send

LINK_ETHERNET, LINK_RAW = 1, 101


def test_same_as_tcpdump(net):
    """Both directions, plain and tagged: the same bytes and nanoseconds as tcpdump's file."""
    net.open()
    dump = Tcpdump(net, SENSOR, "cap0")
    live = Probe(net, "cap0")
    up = live.await_("up")
    expect("it is up", up and up["name"] == "cap0" and up["reason"] == "", live.told)
    send(net, "far0", 0, 4000)
    send(net, "cap0", 4000, 500, side=SENSOR)
    send(net, "far0", 4500, 250, tagged="vlan")
    send(net, "far0", 4750, 250, tagged="qinq")
    time.sleep(SETTLE)
    stats = live.stop()
    frames, recorded = ours(live.frames), ours(dump.frames())
    expect("each frame once, in order", numbers(frames) == list(range(5000)), len(frames))
    expect("as tcpdump has it, to the nanosecond", same(frames, recorded), (len(frames), len(recorded)))
    expect("tags are kept", [frame.data for frame in frames[4500:]]
           == [probe.frame(number, "vlan" if number < 4750 else "qinq") for number in range(4500, 5000)])
    expect("their link type", {frame.link_type for frame in frames} == {LINK_ETHERNET})
    counts = stats["interfaces"][0]
    expect("all are counted, none was lost", counts["received"] == stats["taken"] == len(live.frames)
           and counts["kernel"] == counts["card"] == counts["late"] == counts["gaps"] == 0, stats)
    expect("it ended well", live.code == 0 and not live.complaint, live.complaint)


def test_long(net):
    """Frames as long as offload makes them are not cut."""
    net.open()
    for side, name in ((SENSOR, "cap0"), (FAR, "far0")):
        net.link(side, "set", name, "mtu", "65535")
    live = Probe(net, "cap0")
    live.await_("up")
    send(net, "far0", 0, 50, tagged="long")
    time.sleep(SETTLE)
    live.stop()
    expect("all of them, whole", [frame.data for frame in ours(live.frames)]
           == [probe.frame(number, "long") for number in range(50)], [len(f.data) for f in live.frames])


def test_mirror(net):
    """At a mirror port what the sensor's machine sends itself is not the office's."""
    net.open()
    live = Probe(net, "--mirror", "cap0")
    live.await_("up")
    send(net, "cap0", 0, 100, side=SENSOR)
    send(net, "far0", 1000, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("what came in alone", numbers(live.frames) == list(range(1000, 1100)), numbers(live.frames))


def test_nothing_is_sent(net):
    """Idle, busy, and while an interface comes and goes."""
    net.open()
    dump = Tcpdump(net, FAR, "far0", "-Q", "in")
    live = Probe(net, "cap0")
    live.await_("up")
    time.sleep(2)
    send(net, "far0", 0, 5000)
    net.bring(0, "down")
    live.await_("down")
    net.bring(0, "up")
    live.await_("back")
    send(net, "far0", 5000, 100)
    time.sleep(SETTLE)
    live.stop()
    expect("it was busy", len(numbers(live.frames)) > 5000, len(live.frames))
    expect("no frame came from it", [f.data.hex() for f in dump.frames()] == [])
    expect("nor does the kernel count one", net.sent(SENSOR, "cap0") == 0, net.sent(SENSOR, "cap0"))


def test_merged(net):
    """Two interfaces in one order of time, which is that of their two files merged."""
    net.open(2)
    dumps = [Tcpdump(net, SENSOR, f"cap{i}") for i in range(2)]
    live = Probe(net, "cap0", "cap1")
    live.await_("up", 0)
    live.await_("up", 1)
    both = [net.popen(FAR, probe.sys.executable, probe.HERE / "send_frames.py", f"far{i}", i * 5000, 3000,
                      1500) for i in range(2)]
    for sender in both:
        expect("a sender ended", sender.wait(probe.PATIENCE) == 0)
    send(net, "far1", 8000, 5, rate=100)  # the other one is quiet
    time.sleep(SETTLE)
    quiet = live.stats()
    expect("a quiet one does not hold the other up for ever", quiet["taken"] >= 6005, quiet)
    stats = live.stop()
    frames = ours(live.frames)
    recorded = ours(dumps[0].frames(0)) + ours(dumps[1].frames(1))
    recorded.sort(key=lambda frame: (frame.time, frame.interface))
    expect("all of both", sorted(numbers(frames)) == [*range(3000), *range(5000, 8005)], len(frames))
    expect("in the order of time, with tcpdump's times", same(frames, recorded), len(recorded))
    turns = sum(a.interface != b.interface for a, b in zip(frames, frames[1:]))
    expect("in turns", turns > 100, turns)
    expect("none was late", all(i["late"] == i["kernel"] == 0 for i in stats["interfaces"]), stats)


def test_quiet(net):
    """An interface whose ring is known to be empty holds the other up for a tenth of a second only."""
    net.open(2)
    live = Probe(net, "cap0", "cap1")
    live.await_("up", 0)
    live.await_("up", 1)
    for i in range(2):
        send(net, f"far{i}", 1000 * i, 60, rate=30)
        time.sleep(SETTLE)
    stats = live.stop()
    expect("all of both", numbers(live.frames) == [*range(60), *range(1000, 1060)], len(live.frames))
    # Without that knowledge no frame would be handed out before half a second.
    expect("no longer", stats["held_least"] < 400 * 10**6, stats)


def test_stall(net):
    """A reader that is away for two seconds at 200 packets a second misses nothing."""
    net.open()
    live = Probe(net, "cap0")
    live.await_("up")
    live.order("stall 2000")
    send(net, "far0", 0, 600, rate=200)
    time.sleep(SETTLE)
    stats = live.stop()
    expect("nothing is missed", numbers(live.frames) == list(range(600)), len(live.frames))
    expect("nothing was dropped", stats["interfaces"][0]["kernel"] == 0, stats)


def test_drops(net):
    """What does not fit into the ring is counted: received and dropped are all that was sent."""
    net.open()
    live = Probe(net, "--buffer", 1 << 20, "cap0")
    live.await_("up")
    live.order("stall 3000")
    time.sleep(0.5)
    send(net, "far0", 0, 30000, rate=20000)
    dropped = live.await_("dropped")
    time.sleep(SETTLE)
    stats = live.stop()["interfaces"][0]
    expect("it is told", dropped and dropped["kernel"] > 0 and dropped["from"] < dropped["to"], live.told)
    expect("the ring stood full", stats["freezes"] > 0, stats)
    expect("nothing is missing in the counts", stats["received"] + stats["kernel"]
           - (len(live.frames) - len(ours(live.frames))) == 30000, stats)
    expect("what was told adds up", sum(e["kernel"] for e in live.told if e["event"] == "dropped")
           == stats["kernel"], stats)


def test_idle(net):
    """Without a packet it still comes back, with a time that moves on; a wake comes at once."""
    net.open()
    live = Probe(net, "cap0")
    live.await_("up")
    time.sleep(1)
    before = live.stats()
    time.sleep(3)
    after = live.stats()
    expect("ten times a second, or nearly", after["idle"] - before["idle"] >= 10, (before, after))
    expect("time goes on", 10**9 < after["now"] - before["now"] < 10**10, (before, after))
    for _ in range(20):
        live.order("wake")
        time.sleep(0.05)
    woken = live.stats()["woken"] - after["woken"]
    expect("woken each time, or nearly", woken >= 10, woken)
    send(net, "far0", 0, 10, rate=10)
    time.sleep(SETTLE)
    stats = live.stop()
    expect("no frame came of a time it had said is past", stats["kept_promise"]
           and stats["interfaces"][0]["late"] == 0, stats)
    expect("after idling all frames come", numbers(live.frames) == list(range(10)))


def test_tun(net):
    """An interface without a link layer: raw IP."""
    net.open()
    net.tool(SENSOR, "ip", "tuntap", "add", "mode", "tun", "cap9")
    net.link(SENSOR, "set", "cap9", "up")
    live = Probe(net, "cap9")
    live.await_("up")
    net.run(SENSOR, probe.sys.executable, "-c", TUN_WRITER, "cap9")
    time.sleep(SETTLE)
    live.stop()
    expect("raw IP", [(f.link_type, f.data[:1]) for f in live.frames] == [(LINK_RAW, b"\x45")] * 3,
           [(f.link_type, f.data.hex()) for f in live.frames])


TUN_WRITER = """
import fcntl, os, struct, sys
tun = os.open("/dev/net/tun", os.O_RDWR)
IFF_TUN, IFF_NO_PI, TUNSETIFF = 1, 0x1000, 0x400454CA
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", sys.argv[1].encode(), IFF_TUN | IFF_NO_PI))
for i in range(3):
    os.write(tun, bytes([0x45, 0, 0, 20, 0, i, 0, 0, 64, 255, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]))
"""


if __name__ == "__main__":
    probe.main([test_same_as_tcpdump, test_long, test_mirror, test_nothing_is_sent, test_merged, test_quiet, test_stall,
                test_drops, test_idle, test_tun])
