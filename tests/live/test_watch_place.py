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
SETTLED = 1.5
QUIET = 4  # until no card tells its groups any more: the captures do not begin at one instant

RULES = f"""
table ip office {{
  chain before {{ type nat hook prerouting priority dstnat;
    iifname "{WAN}" tcp dport {FORWARDED} dnat to {HOST}:80; }}
  chain behind {{ type nat hook postrouting priority srcnat; oifname "{WAN}" masquerade random; }}
  chain in {{ type filter hook input priority filter; iifname "{WAN}" tcp dport 1-1000 drop; }}
}}
"""
ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5000))
while True:
    data, peer = s.recvfrom(2000)
    s.sendto(data, peer)
"""
# Five questions, two of them the same, and one to a port where nobody is.
ASK = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
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


def test_unknown_outside(net):
    net.open()
    watch = Sensor(net, "--set", "capture.outside=eth7", ready=False)
    expect("refuses", watch.process.wait(probe.PATIENCE) == 2 and "eth7" in watch.log(), watch.log())


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "nft", "curl", "ping")
    sensor.main([test_gateway, test_own, test_unknown_outside])
