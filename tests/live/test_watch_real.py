#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
An office of real programs, watched at the gateway and at a mirror port at the same time.

People use DHCP, DNS, web, files and shells; intruders use nmap, iodine and what they brought along.
Each finding must be in cases.db soon after the packet at which it is there in tcpdump's capture of
the same interfaces, and nobody else may have a case. The office is that of tools/samples, with a
switch that learns and copies what comes in by any port to the mirror port.

Usage: test_watch_real.py HINOMI UNTIL_CASE; with KEEP=FOLDER the captures are kept.
"""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import probe
from probe import PATIENCE, Tcpdump, expect
import sensor
from sensor import Sensor

import network
import people
from office import Office

PROMISED_SECONDS = 5
SWITCH, GATEWAY, INTERNET = "switch", "gateway", "internet"
MIRROR, LAN, WAN = "mirror", "lan0", "wan0"
# The three who do harm besides, each by the address that the gateway will lease.
for number, name in ((111, "sandy"), (112, "omar"), (113, "tess")):
    network.HOSTS[name] = network.Host(name, f"d4:be:d9:00:00:{number:02x}", number, f"{name.upper()}-PC", "MSFT 5.0")
RESTING = [f"192.168.10.{last}" for last in range(40, 60)]  # of the NAS; nothing listens on most ports
HOME, HOME_PORT, PERIOD, CHECK_INS = "203.0.113.213", 4444, 6, 8
SCANNED, TUNNEL_SERVER, ZONE = "198.51.100.200", "203.0.113.77", "t.quiet-lake.example"
LISTED_NAME, LISTED_ADDRESS, UNNAMED = "cdn.listed-bad.example", "203.0.113.166", "unnamed.invalid"
SITES = {LISTED_NAME: ("198.51.100.222", ""), UNNAMED: (LISTED_ADDRESS, "")}
# The detector's own minute would be most of this test.
OPTIONS = ("--set", f"beacon.watched={(CHECK_INS - 4) * PERIOD}s")

# Whose, what kind, of what; whether it passes the gateway; words that the case has while this leads.
FINDINGS = (
    ("SANDY-PC", "scan_ports", "192.168.10.20", False, "different ports of 192.168.10.20"),
    ("SANDY-PC", "scan_ports", "192.168.10.1", True, ""),
    ("SANDY-PC", "scan_ports", SCANNED, True, ""),
    ("OMAR-PC", "scan_arp", "arp", True, "different addresses in the office network"),
    ("OMAR-PC", "scan_inside", "3389/tcp", False, ""),
    ("TESS-PC", "dns_tunnel", ZONE.partition(".")[2], True, "quiet-lake.example"),
    ("Danas-Phone", "beacon", HOME, True, HOME),
    ("Cleos-MacBook", "listed_contact", LISTED_ADDRESS, True, f"with {LISTED_ADDRESS}, which is on the warning list"),
    ("Cleos-MacBook", "listed_lookup", LISTED_NAME, True, ""),
    ("Cleos-MacBook", "listed_contact", LISTED_NAME, True, ""),
)
RULES = f"""
table ip office {{
  chain behind {{ type nat hook postrouting priority srcnat; oifname "{WAN}" masquerade; }}
}}
"""
BEACON = """
import os, socket, sys, time
begun = time.monotonic()
for i in range(int(sys.argv[4])):
    time.sleep(max(0, begun + i * float(sys.argv[3]) - time.monotonic()))
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as home:
        home.sendall(os.urandom(48))
        home.shutdown(socket.SHUT_WR)
        while home.recv(4096):
            pass
"""


class Site(Office):
    """The switch learns, and copies each frame as it comes in to the mirror port."""

    def __init__(self):
        super().__init__(f"live{os.getpid()}-", "watch-real")

    def _join_bridge(self, port):
        if port == "p-mirror":
            self.link(SWITCH, "set", port, "up")
            return
        self.link(SWITCH, "set", port, "master", "br0")
        self.link(SWITCH, "set", port, "up")
        self.tool(SWITCH, "tc", "qdisc", "add", "dev", port, "clsact")
        self.tool(SWITCH, "tc", "filter", "add", "dev", port, "ingress", "u32", "match", "u32", "0", "0",
                  "action", "mirred", "egress", "mirror", "dev", "p-mirror")

    def prepare(self):
        self.open(SITES, [f"server=/{ZONE}/{TUNNEL_SERVER}"], [HOME, SCANNED, TUNNEL_SERVER])
        rules = self.folder / "rules.nft"
        rules.write_text(RULES)
        self.tool(GATEWAY, "nft", "-f", str(rules))
        for address in RESTING:
            self.address("nas", address + "/24", "eth0")
        # Says of each port that it is shut: else nmap waits.
        self.tool(INTERNET, "sysctl", "-qw", "net.ipv4.icmp_ratelimit=0")
        self.start(INTERNET, "iodined", "-f", "-c", "-P", "test", "-l", TUNNEL_SERVER, "10.99.0.1/27", ZONE)
        self.program(INTERNET, "exchange_server", HOME, HOME_PORT, 32)


class Place:
    """A sensor where it stands, tcpdump beside it, and when each finding came into cases.db."""

    def __init__(self, net, name, side, interfaces, *arguments):
        self.net, self.name, self.seen, self.words = net, name, {}, {}
        self.dumps = [Tcpdump(net, side, interface, *(["-Q", "in"] if side == SWITCH else []))
                      for interface in interfaces]
        self.sensor = Sensor(net, *OPTIONS, "--intel", net.folder / "intel.txt", "--json", *arguments,
                             interfaces=interfaces[:1], state=f"state-{name}", side=side)
        self.is_over = threading.Event()
        self.looks = threading.Thread(target=self._look, daemon=True)
        self.looks.start()

    def _look(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.sensor.state}/cases.db?mode=ro", uri=True)) as db:
            while not self.is_over.wait(0.1):
                for (row,) in db.execute("select json from cases").fetchall():
                    self._note(json.loads(row), time.time())

    def _note(self, case, now):
        device = case["device"]["name"]
        self.words.setdefault(device, set()).add(case["text"]["en"]["what"])
        for finding in case["findings"]:
            key = device, finding["kind"], finding["object"]["value"]
            self.seen.setdefault(key, (now, finding["id"]))

    def stop(self):
        self.is_over.set()
        self.looks.join(PATIENCE)
        expect(f"{self.name}: stopped as asked", self.sensor.stop() == 0, self.sensor.log())
        for dump in self.dumps:
            dump.frames()
            if os.environ.get("KEEP"):
                shutil.copy(dump.path, os.environ["KEEP"])

    def promised(self):
        """By the finding's id, the time of the packet at which it is there in the capture."""
        said = subprocess.run([UNTIL_CASE, *OPTIONS, "--intel", self.net.folder / "intel.txt",
                               *(dump.path for dump in self.dumps)], check=True, capture_output=True, text=True)
        return {words[1]: int(words[0]) / 1e9 for words in map(str.split, said.stdout.splitlines())}


def arrive(net):
    """All at once; each has its lease when this returns."""
    joining = [threading.Thread(target=net.join, args=(host,)) for host in network.HOSTS]
    for thread in joining:
        thread.start()
    for thread in joining:
        thread.join()


def work(net, host):
    """Pages, files and a shell, again and again until the scenario is over."""
    dice = net.dice(host)
    while not net.rest(dice.uniform(1, 4)):
        site = f"https://{dice.choice(people.READING_SITES)}/"
        net.fetch(host, site, site + "app.js")
        net.fetch(host, people.PLAIN_SITE)
        net.run(host, "ssh", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={os.devnull}",
                "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "nobody@192.168.10.20", "true", expect=(0, 255))
        net.once(host, "print_job", "192.168.10.30", dice.randrange(2000, 8000))


def scan(net):
    """Half open, then slow."""
    net.run("sandy", "nmap", "-n", "-Pn", "-sS", "--top-ports", "100", "192.168.10.20", seconds=60)
    net.run("sandy", "nmap", "-n", "-Pn", "-sS", "-T2", "-p", "1-30", "192.168.10.1", seconds=60)


def scan_datagrams(net):
    """What nobody answers is known to be in vain after flow.embryonic, or flow.unanswered when it was tried again."""
    net.run("sandy", "nmap", "-n", "-Pn", "-sU", "--top-ports", "100", "--max-retries", "1", SCANNED, seconds=60)


def sweep(net):
    net.run("omar", "nmap", "-n", "-sn", "192.168.10.0/24", seconds=60)
    net.run("omar", "nmap", "-n", "-sT", "-p", "3389", "192.168.10.40-59", seconds=60)


def tunnel(net):
    # -r: never past the resolver, straight to the server.
    net.start("tess", "iodine", "-f", "-r", "-P", "test", "-T", "NULL", network.GATEWAY, ZONE)
    net.rest(8)
    net.run("tess", "ping", "-q", "-c", "5", "-i", "0.5", "10.99.0.1", seconds=30)


def call_home(net):
    net.run("dana", sys.executable, "-c", BEACON, HOME, str(HOME_PORT), str(PERIOD), str(CHECK_INS), seconds=90)


def visit_listed(net):
    net.fetch("cleo", f"http://{LISTED_ADDRESS}/check")
    net.rest(3)
    net.fetch("cleo", f"http://{LISTED_NAME}/app.js")


def judge(place, wanted):
    promised = place.promised()
    for device, kind, what, _, words in wanted:
        title = f"{place.name}: {device}: {kind} {what}"
        now, finding = place.seen.get((device, kind, what), (0, ""))
        expect(f"{title}: is told", finding, sorted(place.seen))
        expect(f"{title}: is in the capture too", finding in promised, sorted(promised))
        late = now - promised.get(finding, now)
        expect(f"{title}: {late:.1f} s after the rule was met", finding and late <= PROMISED_SECONDS)
        expect(f"{title}: in words", any(said.startswith(device) and words in said
                                         for said in place.words.get(device, ())), place.words.get(device))
    # More than one detector may see the same; nobody else, and nothing else of these.
    known = {(device, what) for device, _, what, *_ in wanted}
    expect(f"{place.name}: nothing else", {(device, what) for device, _, what in place.seen} <= known, place.seen)


def test_office(net):
    net.prepare()
    (net.folder / "intel.txt").write_text(f"{LISTED_NAME}\n{LISTED_ADDRESS}\n")
    mirror = Place(net, "mirror", SWITCH, [MIRROR], "--mirror")
    gateway = Place(net, "gateway", GATEWAY, [LAN, WAN], "--outside", WAN)
    arrive(net)
    for host in ("anna", "ben", "cleo", "dana"):
        net.spawn(work, host)
    net.rest(6)
    expect("work alone is no case", not mirror.seen and not gateway.seen, (mirror.seen, gateway.seen))
    intruders = [threading.Thread(target=harm, args=(net,))
                 for harm in (call_home, scan_datagrams, scan, sweep, tunnel, visit_listed)]
    for thread in intruders:
        thread.start()
    for thread in intruders:
        thread.join()
    time.sleep(PROMISED_SECONDS)
    net.hush()
    mirror.stop()
    gateway.stop()
    judge(mirror, FINDINGS)
    judge(gateway, [finding for finding in FINDINGS if finding[3]])


if __name__ == "__main__":
    UNTIL_CASE = os.path.abspath(sys.argv.pop(2))
    probe.NEEDS = (*probe.NEEDS, "tc", "nft", "ethtool", "dnsmasq", "udhcpc", "nginx", "openssl", "sshd", "ssh-keygen",
                   "ssh", "curl", "wget", "nmap", "iodine", "iodined", "ping")
    sensor.main([test_office], build=Site)
