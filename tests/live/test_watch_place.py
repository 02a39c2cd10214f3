#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where the sensor stands: on a gateway that translates addresses, and on a mirror port.

With KEEP=FOLDER the captures of both sides of the gateway are kept: tests/command/gateway/ has such.
"""
import json
import os
import shutil
import sys
import time

import probe
from probe import FAR, SENSOR, Tcpdump, expect
import sensor
from sensor import Sensor, read

INTERNET = "internet"
LAN, WAN = "cap0", "wan0"
HOST, OTHER, INSIDE, OUTSIDE = "192.168.10.5", "192.168.10.6", "192.168.10.1", "198.18.0.1"
REMOTE, REMOTE_V6, HOST_V6 = "203.0.113.7", "2001:db8:ffff::2", "2001:db8:10::5"
FORWARDED, PROBED = 8080, 40
OFFICE, LAN_TWO, HOST_TWO, HOST_TWO_V6 = "office", "lan2", "192.168.20.5", "fd00:20::5"
LISTED, LISTED_SILENT, LISTED_PORT = "203.0.113.66", "203.0.113.67", 4444
SETTLED = 1.5
IN_TIME = 5  # seconds from the first answer to the case
QUIET = 4  # until no card tells its groups any more: the captures do not begin at one instant

RULES = f"""
table ip office {{
  chain before {{ type nat hook prerouting priority dstnat;
    iifname "{WAN}" tcp dport {FORWARDED} dnat to {HOST}:80; }}
  chain behind {{ type nat hook postrouting priority srcnat; oifname "{WAN}" masquerade random; }}
  chain in {{ type filter hook input priority filter; iifname "{WAN}" tcp dport 1-1000 drop; }}
}}
"""
HAIRPIN = f"""
table ip hairpin {{
  chain before {{ type nat hook prerouting priority dstnat - 1;
    ip daddr {OUTSIDE} iifname != "{WAN}" tcp dport {FORWARDED} dnat to {HOST}:80; }}
  chain behind {{ type nat hook postrouting priority srcnat - 1;
    iifname "{LAN}" oifname "{LAN}" masquerade; }}
}}
"""
ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5000))
while True:
    data, peer = s.recvfrom(2000)
    s.sendto(data, peer)
"""
# Five questions, two of them the same, and one to a port where nobody is.
ASK = """
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 40001))
s.settimeout(5)
for words in (b"one", b"two", b"two", b"x" * 1200, b"four"):
    s.sendto(words, (sys.argv[2], 5000))
    assert s.recv(2000) == words
s.sendto(b"nobody", (sys.argv[2], 5001))
"""
PROBE = """
import socket, sys
for port in range(1, int(sys.argv[2]) + 1):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((sys.argv[1], port))
    s.close()
"""
# Servers that answer each word, or none; and who never stops speaking to one, so that its flow does not end.
HOLD = """
import socket, sys, threading
def talk(c, answers):
    while c.recv(100):
        if answers:
            c.sendall(b"\\x98ok")
def serve(address, answers):
    s = socket.create_server((address, int(sys.argv[3])))
    while True:
        threading.Thread(target=talk, args=(s.accept()[0], answers), daemon=True).start()
threading.Thread(target=serve, args=(sys.argv[1], True), daemon=True).start()
serve(sys.argv[2], False)
"""
CALL = """
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while True:
    s.sendall(b"\\x99a word")
    time.sleep(0.2)
"""
# The rest of the office, by whose doings the judge sees that time passes.
WORK = """
import socket, sys, time
while True:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"work", (sys.argv[1], 5000))
    time.sleep(0.5)
"""
SERVE = """
import http.server, socket, sys
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "50000")
        self.end_headers()
        self.wfile.write(bytes(50000))
Server(("::", 80), Page).serve_forever()
"""


def build(net):
    """The gateway is the sensor's namespace; office hosts are in "far", all behind one card."""
    net.open()
    net._add_namespace(INTERNET)
    probe.subprocess.run(["ip", "link", "add", WAN, "netns", net.prefix + SENSOR, "type", "veth",
                          "peer", "name", "far", "netns", net.prefix + INTERNET], check=True)
    for name, interface in ((FAR, "far0"), (SENSOR, LAN), (SENSOR, WAN), (INTERNET, "far")):
        net.tool(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0",
                 "net.ipv6.conf.default.disable_ipv6=0", "net.ipv6.conf.all.accept_dad=0",
                 f"net.ipv6.conf.{interface}.accept_dad=0", "net.ipv6.conf.all.router_solicitations=0",
                 f"net.ipv6.conf.{interface}.router_solicitations=0", f"net.ipv6.conf.{interface}.disable_ipv6=0")
        net.link(name, "set", interface, "up")
    net.tool(SENSOR, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    for name, address, interface in (
            (FAR, HOST + "/24", "far0"), (FAR, OTHER + "/24", "far0"), (FAR, HOST_V6 + "/64", "far0"),
            (SENSOR, INSIDE + "/24", LAN), (SENSOR, "2001:db8:10::1/64", LAN),
            (SENSOR, OUTSIDE + "/30", WAN), (SENSOR, "2001:db8:ffff::1/64", WAN),
            (INTERNET, "198.18.0.2/30", "far"), (INTERNET, REMOTE_V6 + "/64", "far"),
            (INTERNET, REMOTE + "/32", "lo")):
        net.address(name, address, interface, *(["nodad"] if ":" in address else []))
    for name, family, target, via in (
            (FAR, "-4", "default", INSIDE), (FAR, "-6", "default", "2001:db8:10::1"),
            (SENSOR, "-4", "default", "198.18.0.2"), (INTERNET, "-6", "2001:db8:10::/64", "2001:db8:ffff::1")):
        probe.subprocess.run(["ip", family, "-n", net.prefix + name, "route", "add", target, "via", via],
                             check=True)
    rules = net.folder / "rules.nft"
    rules.write_text(RULES)
    net.tool(SENSOR, "nft", "-f", str(rules))
    for name in (FAR, INTERNET):
        net.start(name, sys.executable, "-c", SERVE)
    net.start(INTERNET, sys.executable, "-c", ECHO, REMOTE)
    time.sleep(QUIET)


def python(net, name, program, *arguments):
    net.run(name, sys.executable, "-c", program, *map(str, arguments))


def fetch(net, name, url, *options):
    net.run(name, "curl", "--silent", "--show-error", "--globoff", "--max-time", "10", "--output", "/dev/null",
            *options, url)


def use(net):
    """All that passes a gateway. Two hosts call from one port, so that one of them gets another."""
    for address in (HOST, OTHER):
        fetch(net, FAR, f"http://{REMOTE}/", "--interface", address, "--local-port", "40000")
        python(net, FAR, ASK, address, REMOTE)
        net.run(FAR, "ping", "-q", "-c", "3", "-i", "0.2", "-I", address, REMOTE)
    fetch(net, FAR, f"http://[{REMOTE_V6}]/")
    net.run(FAR, "ping", "-q", "-c", "2", "-i", "0.2", REMOTE_V6)
    fetch(net, INTERNET, f"http://{OUTSIDE}:{FORWARDED}/")
    fetch(net, INTERNET, f"http://[{HOST_V6}]/")
    fetch(net, SENSOR, f"http://{REMOTE}/")
    python(net, INTERNET, PROBE, OUTSIDE, PROBED)


def flows_of(out):
    """Told apart by what they say, but for the number that they have in this reading."""
    flows = []
    for line in map(json.loads, out.splitlines()):
        if line.get("event_type") == "flow":
            line.pop("flow_id", None)
            flows.append(line)
    return flows


def told(out):
    """Where the kernel does not stamp a packet, two captures give it times some nanoseconds apart."""
    lines = [json.loads(line) for line in out.splitlines()]
    for name in ("first", "last", "capture_seconds"):
        lines[-1].pop(name)
    return lines


def test_gateway(net):
    """Inside alone, both sides from files, both sides live: the office's flows are the same."""
    build(net)
    inside, outside = Tcpdump(net, SENSOR, LAN), Tcpdump(net, SENSOR, WAN)
    watch = Sensor(net, "--outside", WAN, "--report", "--json", interfaces=(LAN,))
    use(net)
    time.sleep(SETTLED)
    expect("stopped as asked", watch.stop() == 0, watch.log())
    inside.frames(), outside.frames()
    if os.environ.get("KEEP"):
        shutil.copy(inside.path, os.path.join(os.environ["KEEP"], "inside.pcap"))
        shutil.copy(outside.path, os.path.join(os.environ["KEEP"], "outside.pcap"))
    alone = read(watch.hinomi, "--json", "--flows", inside.path)
    both = read(watch.hinomi, "--json", "--flows", inside.path, "--outside", outside.path)
    again = read(watch.hinomi, "--json", "--flows", "--workers", "3", "--hash-key", "7" * 32,
                 "--outside", outside.path, inside.path)
    want, got = flows_of(alone), flows_of(both)
    rest = [flow for flow in got if flow not in want]
    own = [flow for flow in rest if flow.get("src_ip") == OUTSIDE]
    probes = [flow for flow in rest if flow.get("dest_ip") == OUTSIDE]
    summary = json.loads(both.splitlines()[-1])
    expect("office hosts were heard", len(want) >= 11, len(want))
    expect("each flow inside is told as without the outside", all(flow in got for flow in want),
           [flow for flow in want if flow not in got])
    expect("none twice", len(got) == len(want) + len(rest) and len(own) == 1 and
           len(probes) == PROBED and len(rest) == len(own) + len(probes),
           (len(want), len(got), len(own), len(probes), [f for f in rest if f not in own and f not in probes]))
    expect("twins are counted", summary["nat_twins"] > 100, summary)
    expect("no case", summary["cases"] == 0, summary)
    expect("with any key and threads", both == again)
    live, files = told(watch.out.read_bytes()), told(read(watch.hinomi, "--json", inside.path,
                                                         "--outside", outside.path))
    expect("live as in files", live == files, (live, files))


def test_own(net):
    """A mirror port on which the sensor has an address: what it says there itself is left out."""
    net.open()
    net.address(SENSOR, INSIDE + "/24", LAN)
    net.address(FAR, HOST + "/24", "far0")
    net.start(SENSOR, sys.executable, "-c", SERVE)
    time.sleep(SETTLED)
    dump = Tcpdump(net, SENSOR, LAN, "-Q", "in")  # as the sensor does on a mirror port
    watch = Sensor(net, "--mirror", "--report", "--json")
    fetch(net, FAR, f"http://{INSIDE}/")
    sensor.replay(net, sensor.plain(net, "port-scan"), "--multiplier", "10")
    time.sleep(SETTLED)
    expect("stopped as asked", watch.stop() == 0, watch.log())
    frames = dump.frames()
    live = watch.out.read_bytes()
    summary = json.loads(live.splitlines()[-1])
    expect("own packets are counted", summary["own_traffic"] >= 10, (summary, len(frames)))
    expect("the rest is judged", summary["cases"] > 0 and
           summary["packets"] > summary["own_traffic"] + 100, summary)
    expect("as when they are named", live == read(watch.hinomi, "--json", "--set",
                                                  f"network.own={INSIDE}/32", dump.path), live[-2000:])
    expect("and not without", live != read(watch.hinomi, "--json", dump.path))


def test_own_later(net):
    """Addresses that come and go while the sensor runs: DHCP after boot, a new prefix of IPv6."""
    later, later_v6, other = "192.168.10.77", "2001:db8:77::1", "192.168.10.78"
    net.open()
    for name, interface in ((FAR, "far0"), (SENSOR, LAN)):
        net.tool(name, "sysctl", "-qw", f"net.ipv6.conf.{interface}.accept_dad=0",
                 f"net.ipv6.conf.{interface}.router_solicitations=0", f"net.ipv6.conf.{interface}.disable_ipv6=0")
    net.address(FAR, HOST + "/24", "far0")
    net.address(FAR, "2001:db8:77::2/64", "far0", "nodad")
    net.start(SENSOR, sys.executable, "-c", SERVE)
    time.sleep(QUIET)
    watch = Sensor(net, "--mirror", "--report", "--json")
    for words in ((later + "/24",), (later_v6 + "/64", "nodad")):
        net.address(SENSOR, words[0], LAN, *words[1:])
    expect("it is said", watch.awaits("addresses have changed", 10), watch.log())
    time.sleep(SETTLED)
    fetch(net, FAR, f"http://{later}/")
    fetch(net, FAR, f"http://[{later_v6}]/")
    net.tool(SENSOR, "ip", "address", "del", later + "/24", "dev", LAN)
    net.address(FAR, later + "/24", "far0")
    time.sleep(2 * SETTLED)  # another host has it now: it is judged
    net.start(FAR, "ping", "-q", "-c", "2", "-I", later, other)
    time.sleep(2 * SETTLED)
    expect("stopped as asked", watch.stop() == 0, watch.log())
    summary = json.loads(watch.out.read_bytes().splitlines()[-1])
    expect("own packets are counted", summary["own_traffic"] >= 20, summary)
    expect("nothing of the sensor is judged", summary["flows"] < 10, summary)
    expect("the host that has its address is", summary["devices"] == 1 and
           summary["packets"] > summary["own_traffic"], summary)


def build_two(net):
    """Another inside network behind the gateway, and a port of its outside address that leads back inside."""
    build(net)
    net._add_namespace(OFFICE)
    probe.subprocess.run(["ip", "link", "add", LAN_TWO, "netns", net.prefix + SENSOR, "type", "veth",
                          "peer", "name", "two", "netns", net.prefix + OFFICE], check=True)
    for name, interface in ((SENSOR, LAN_TWO), (OFFICE, "two")):
        net.tool(name, "sysctl", "-qw", f"net.ipv6.conf.{interface}.accept_dad=0",
                 f"net.ipv6.conf.{interface}.router_solicitations=0", f"net.ipv6.conf.{interface}.disable_ipv6=0")
        net.link(name, "set", interface, "up")
    for name, address, interface in ((SENSOR, "192.168.20.1/24", LAN_TWO), (SENSOR, "fd00:20::1/64", LAN_TWO),
                                     (OFFICE, HOST_TWO + "/24", "two"), (OFFICE, HOST_TWO_V6 + "/64", "two"),
                                     (SENSOR, "fd00:10::1/64", LAN), (FAR, "fd00:10::5/64", "far0")):
        net.address(name, address, interface, *(["nodad"] if ":" in address else []))
    for family, via in (("-4", "192.168.20.1"), ("-6", "fd00:20::1")):
        probe.subprocess.run(["ip", family, "-n", net.prefix + OFFICE, "route", "add", "default", "via", via],
                             check=True)
    probe.subprocess.run(["ip", "-6", "-n", net.prefix + FAR, "route", "add", "fd00:20::/64", "via", "fd00:10::1"],
                         check=True)
    rules = net.folder / "hairpin.nft"
    rules.write_text(HAIRPIN)
    net.tool(SENSOR, "nft", "-f", str(rules))
    net.start(OFFICE, sys.executable, "-c", SERVE)
    net.start(OFFICE, sys.executable, "-c", ECHO, HOST_TWO)
    net.start(OFFICE, sys.executable, "-c", ECHO, HOST_TWO_V6)
    time.sleep(QUIET)


def packets_of(flows, port, client, server):
    """(packets up, down) of each flow to that port between the two."""
    return [(flow["flow"]["pkts_toserver"], flow["flow"]["pkts_toclient"]) for flow in flows
            if flow.get("dest_port") == port and (flow["src_ip"], flow["dest_ip"]) == (client, server)]


def test_inside_twice(net):
    """Between two inside networks, and by the gateway's outside address back inside: each flow counts once."""
    build_two(net)
    dumps = [Tcpdump(net, SENSOR, interface) for interface in (LAN, LAN_TWO, WAN)]
    watch = Sensor(net, "--outside", WAN, "--report", "--json", interfaces=(LAN, LAN_TWO))
    for address, target in ((HOST, HOST_TWO), ("fd00:10::5", HOST_TWO_V6)):
        python(net, FAR, ASK, address, target)
        net.run(FAR, "ping", "-q", "-c", "3", "-i", "0.2", "-I", address, target)
        fetch(net, FAR, f"http://[{target}]/" if ":" in target else f"http://{target}/")
    fetch(net, FAR, f"http://{OUTSIDE}:{FORWARDED}/", "--interface", OTHER)
    fetch(net, OFFICE, f"http://{OUTSIDE}:{FORWARDED}/")
    time.sleep(SETTLED)
    expect("stopped as asked", watch.stop() == 0, watch.log())
    for dump in dumps:
        dump.frames()
    inside, both = ([str(dump.path) for dump in some] for some in (dumps[:1], dumps[:2]))
    out = read(watch.hinomi, "--json", "--flows", *both, "--outside", dumps[2].path)
    flows, summary = flows_of(out), json.loads(out.splitlines()[-1])
    alone = flows_of(read(watch.hinomi, "--json", "--flows", *inside))
    for name, one, other in (("IPv4", HOST, HOST_TWO), ("IPv6", "fd00:10::5", HOST_TWO_V6)):
        expect(f"datagrams of {name} count once", packets_of(flows, 5000, one, other) == [(5, 5)],
               packets_of(flows, 5000, one, other))
        for port in (80, 5001):
            got, want = (packets_of(some, port, one, other) for some in (flows, alone))
            expect(f"port {port} of {name} as on the first wire", len(got) == 1 and got == want, (got, want))
        pings = [(flow["flow"]["pkts_toserver"], flow["flow"]["pkts_toclient"]) for flow in flows
                 if flow["proto"].endswith("ICMP") and (flow["src_ip"], flow["dest_ip"]) == (one, other)]
        expect(f"pings of {name}", pings == [(3, 3)], pings)
    forwarded = [flow for flow in flows if flow.get("dest_port") in (FORWARDED, 80) and
                 OUTSIDE in (flow["dest_ip"], flow["src_ip"]) or
                 (flow.get("dest_port"), flow["dest_ip"]) == (80, HOST)]
    expect("by the outside address: the callers' flows alone",
           sorted(flow["src_ip"] for flow in forwarded) == [OTHER, HOST_TWO] and
           all(flow["dest_port"] == FORWARDED and flow["flow"]["pkts_toclient"] > 0 for flow in forwarded), forwarded)
    expect("they are counted", summary["routed_twins"] > 50, summary)
    live, files = told(watch.out.read_bytes()), told(read(watch.hinomi, "--json", *both, "--outside",
                                                         dumps[2].path))
    expect("live as in files", live == files, (live, files))


def told_in_time(watch, since, server):
    """When the device's case came to name the server, in seconds; None when it did not in twice the time."""
    while time.monotonic() < since + 2 * IN_TIME:
        for case in watch.cases():
            if any(finding["object"]["value"] == server for finding in case["findings"]):
                return time.monotonic() - since
        time.sleep(0.05)
    return None


def test_listed(net):
    """A contact with a listed address is told of while it lives, whether the server speaks or only listens."""
    build(net)
    net.address(INTERNET, LISTED + "/32", "lo")
    net.address(INTERNET, LISTED_SILENT + "/32", "lo")
    net.start(INTERNET, sys.executable, "-c", HOLD, LISTED, LISTED_SILENT, str(LISTED_PORT))
    intel = net.folder / "intel.txt"
    intel.write_text(f"{LISTED}\n{LISTED_SILENT}\n")
    watch = Sensor(net, "--outside", WAN, "--json", "--intel", intel, interfaces=(LAN,))
    net.start(FAR, sys.executable, "-c", WORK, REMOTE)
    time.sleep(SETTLED)
    for server in (LISTED, LISTED_SILENT):
        since = time.monotonic()
        net.start(FAR, sys.executable, "-c", CALL, server, str(LISTED_PORT))
        took = told_in_time(watch, since, server)
        expect(f"told while it lives: {server}", took is not None and took <= IN_TIME, (took, watch.log()))
    time.sleep(SETTLED)
    expect("stopped as asked", watch.stop() == 0, watch.log())
    last = watch.cases()[-1]
    listed = [finding for finding in last["findings"] if finding["kind"] == "listed_contact"]
    expect("each is counted once", sum(finding["signals"] for finding in listed) == 2 and
           sorted(finding["outcome"] for finding in listed) == ["answered", "data_moved"], last)


def test_unknown_outside(net):
    net.open()
    watch = Sensor(net, "--set", "capture.outside=eth7", ready=False)
    expect("refuses", watch.process.wait(probe.PATIENCE) == 2 and "eth7" in watch.log(), watch.log())


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "nft", "curl", "ping")
    sensor.main([test_gateway, test_inside_twice, test_own, test_own_later, test_listed, test_unknown_outside])
