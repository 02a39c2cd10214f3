#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The live proof: a lookup of the courier's own must come back through mirror, lanes, judge and store to the desk.

usage: test_watch_canary.py HINOMI HINOMI_COURIER HINOMI_DESK

A switch whose mirror port leads to the sensor, the sensor's own address on the same switch, a resolver there, and
the rangers' desk. Then the mirror is unplugged, and then the sensor is killed.
"""
import json
import os
import sqlite3
import subprocess
import sys
import time

import probe
from probe import SENSOR, expect
import sensor
from sensor import Sensor

SWITCH, RESOLVER, RANGERS = "switch", "resolver", "rangers"
# What the namespaces' resolv.conf names is the resolver.
ADDRESSES = {SENSOR: "192.168.10.2", RESOLVER: "192.168.10.1", RANGERS: "192.168.10.9"}
NAME, PORT, PAGE = "desk.canary.test", 8443, "127.0.0.1:8081"
EVERY = 10  # seconds between canaries, and between heartbeats
IN_TIME = 2 * EVERY + 8
COURIER, DESK = (os.path.abspath(path) for path in sys.argv[2:4])
LOST = "canary_lost"


class Site(probe.Veth):
    """Each port's frames go to the mirror port as they come in: so each is there once."""

    def build_site(self):
        for name in (SWITCH, *ADDRESSES):
            self._add_namespace(name)
            self.tool(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
        self.link(SWITCH, "add", "br0", "type", "bridge", "mcast_snooping", "0")
        self.link(SWITCH, "set", "br0", "up")
        probe.subprocess.run(["ip", "link", "add", "mirror", "netns", self.prefix + SWITCH, "type", "veth", "peer",
                              "name", "cap0", "netns", self.prefix + SENSOR], check=True)
        self.link(SWITCH, "set", "mirror", "up")
        self.link(SENSOR, "set", "cap0", "up")
        for i, (name, address) in enumerate(ADDRESSES.items()):
            self._plug(name, "lan0", f"02:00:00:00:0a:{i + 1:02x}")
            self.link(name, "set", "lan0", "up")
            self.address(name, address + "/24", "lan0")

    def _join_bridge(self, port):
        self.link(SWITCH, "set", port, "master", "br0")
        self.link(SWITCH, "set", port, "up")
        self.tool(SWITCH, "tc", "qdisc", "add", "dev", port, "clsact")
        self.tool(SWITCH, "tc", "filter", "add", "dev", port, "ingress", "u32", "match", "u32", "0", "0",
                  "action", "mirred", "egress", "mirror", "dev", "mirror")

    def ask(self, name, *words):
        """What a program in that namespace says."""
        return subprocess.run(["ip", "netns", "exec", self.prefix + name, *map(str, words)], capture_output=True,
                              text=True, timeout=probe.PATIENCE, check=True).stdout


class Rig:
    def __init__(self, net):
        self.net = net
        net.build_site()
        for name in ("courier", "desk"):
            (net.folder / name).mkdir()
        self.config = net.folder / "hinomi.yaml"
        self.lookups = net.folder / "lookups"
        self._certificate()
        net.start(RESOLVER, "dnsmasq", "--keep-in-foreground", "--no-daemon", "--no-resolv", "--no-hosts", "--no-ping",
                  "--log-queries", f"--log-facility={self.lookups}", "--user=root", "--pid-file=",
                  f"--address=/{NAME}/{ADDRESSES[RANGERS]}")
        net.start(RANGERS, DESK, "--folder", net.folder / "desk", "--listen", f"{ADDRESSES[RANGERS]}:{PORT}", "--page",
                  PAGE, "--certificate", net.folder / "desk.pem", "--key", net.folder / "desk.key")
        self.config.write_text(
            f"store: {{ folder: {net.folder}/state }}\nsensor: {{ metrics: {net.folder}/metrics }}\n"
            f"courier: {{ folder: {net.folder}/courier, user: root, canary: {EVERY}s, heartbeat: {EVERY}s }}\n"
            f"https: {{ authority: {net.folder}/desk.pem }}\n")

    def _certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                        "-keyout", self.net.folder / "desk.key", "-out", self.net.folder / "desk.pem"], check=True,
                       capture_output=True)

    def enrol(self):
        self.until(lambda: self.page("/v1/desk/sensors"), probe.PATIENCE)
        code = self.net.ask(RANGERS, DESK, "code", "--folder", self.net.folder / "desk", "--office", "an office")
        self.net.ask(SENSOR, COURIER, "enrol", "--config", self.config, "--url", f"https://{NAME}:{PORT}/", "--code",
                     code.split()[-1])
        self.name = self.state()["sensor"]

    def page(self, path):
        try:
            return self.net.ask(RANGERS, "curl", "--silent", "--fail", f"http://{PAGE}{path}")
        except subprocess.CalledProcessError:
            return ""

    def state(self):
        return json.loads(self.page("/v1/desk/sensors"))["sensors"][0]

    def bodies(self, kind):
        """Of all parcels of that kind that came, in their order; heartbeats by their number."""
        lines = self.page(f"/v1/desk/stream?sensor={self.name}").splitlines()
        return [(parcel["revision"], json.loads(parcel["body"])) for parcel in map(json.loads, lines)
                if parcel["kind"] == kind]

    def canaries(self, is_seen):
        return [body for _, body in self.bodies("canary") if (body["seen"] is not None) == is_seen]

    @staticmethod
    def until(question, seconds):
        """The first answer that is something; what was said last when none is."""
        end = time.monotonic() + seconds
        while not (answer := question()) and time.monotonic() < end:
            time.sleep(0.3)
        return answer

    def status(self):
        return self.net.ask(SENSOR, COURIER, "status", "--config", self.config)


def kept_canaries(rig):
    """Tokens in cases.db, and whether they are over."""
    link = sqlite3.connect(f"file:{rig.net.folder}/state/cases.db?mode=ro", uri=True)
    try:
        return dict(link.execute("SELECT substr(id, 8), closed IS NOT NULL FROM health WHERE code='canary'"))
    finally:
        link.close()


def kept_trouble(rig):
    return "".join(rig.net.ask(SENSOR, probe.PROBE, command, "--state", rig.net.folder / "state", *more)
                   for command, more in (("health", ["--all"]), ("cases", [])))


def seen(rig, watch):
    found = rig.until(lambda: rig.canaries(True), EVERY + IN_TIME)
    expect("the sensor's own lookup arrives at the desk as seen", found and found[0]["seconds"] < EVERY,
           (found, rig.canaries(False), watch.log(), rig.lookups.read_text()))
    if not found:
        return
    kept = kept_canaries(rig)
    expect("it stands in cases.db and is over", all(kept.get(canary["token"]) == 1 for canary in found), (found, kept))
    expect("the desk has nothing to say of it", LOST not in rig.state()["troubles"], rig.state())
    expect("it is no trouble", "canary" not in kept_trouble(rig), kept_trouble(rig))
    expect("the courier's status says so", "saw the lookup" in rig.status(), rig.status())
    figures = rig.net.ask(SENSOR, "curl", "--silent", "--unix-socket", rig.net.folder / "metrics",
                          "http://localhost/metrics")
    left_out = [line for line in figures.splitlines() if line.startswith("hinomi_own_traffic_total ")]
    expect("its other traffic is left out", left_out and int(left_out[0].split()[1]) >= 10, figures)


def measured(rig):
    body = rig.until(lambda: [body for _, body in rig.bodies("heartbeat") if body["coverage"].get("packets", 0) > 0],
                     IN_TIME)
    expect("a heartbeat has figures of the sensor's", body and body[-1]["sensor_alive"] and
           {"packets", "dropped", "shed", "flows", "table_fill"} <= set(body[-1]["coverage"]) and
           "sensor" in body[-1]["versions"], body or rig.bodies("heartbeat"))


def unplugged(rig, watch):
    rig.net.link(SWITCH, "set", "mirror", "down")
    found = rig.until(lambda: rig.canaries(False), IN_TIME)
    expect("with the mirror unplugged it is not seen", found and found[0]["seconds"] is None, (found, watch.log()))
    if not found:
        return
    expect("though it was asked for", f"{found[0]['token']}.hinomi-canary.{NAME}" in rig.lookups.read_text(),
           (found, rig.lookups.read_text()))
    expect("the desk says so", LOST in rig.state()["troubles"] and "test lookup" in rig.page("/"), rig.state())
    expect("and the courier's status", "did not see the lookup" in rig.status(), rig.status())


def killed(rig, watch):
    beats = rig.bodies("heartbeat")
    expect("it was alive", beats[-1][1]["sensor_alive"], beats[-1])
    watch.kill()
    dead = rig.until(lambda: [number for number, body in rig.bodies("heartbeat") if not body["sensor_alive"]], IN_TIME)
    expect("the second heartbeat after its end at the latest says so", dead and dead[0] <= beats[-1][0] + 2,
           (beats[-1], dead))
    expect("so does the desk", "sensor_dead" in rig.state()["troubles"], rig.state())


def test_canary(net):
    rig = Rig(net)
    rig.enrol()
    watch = Sensor(net, "--mirror", "--config", rig.config)
    with (net.folder / "courier.log").open("wb") as log:
        net.popen(SENSOR, COURIER, "run", "--config", rig.config, stderr=log)
    seen(rig, watch)
    measured(rig)
    unplugged(rig, watch)
    killed(rig, watch)


if __name__ == "__main__":
    probe.NEEDS = (*probe.NEEDS, "tc", "ethtool", "dnsmasq", "openssl", "curl")
    sys.argv[2:] = []
    sensor.main([test_canary], build=lambda: Site("canary"))
