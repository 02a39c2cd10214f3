# SPDX-License-Identifier: Apache-2.0
"""
A sensor's interfaces in a network namespace, each the end of a wire whose other end is in another.

Nothing on them speaks by itself: no IPv6, no addresses. Namespaces, processes and their end are
those of tools/samples/network.py.
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/samples"))

from network import Network, end, ip  # noqa: E402,F401

SENSOR, FAR = "sensor", "far"
NEEDS = ("ip", "unshare", "hostname", "sysctl", "tcpdump")


def makes_namespaces():
    """Whether a program can be run in a namespace of its own here: in some containers and chroots none can."""
    name = f"probe{os.getpid()}"
    try:
        return all(subprocess.run(["ip", "netns", *words], capture_output=True, check=False).returncode == 0
                   for words in (["add", name], ["exec", name, "true"]))
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


class Veth(Network):
    """Wires cap0, cap1, …: `near` in the namespace "sensor", far0, far1, … in "far"."""

    def __init__(self, name):
        super().__init__(f"{name}{os.getpid()}-")

    def open(self, wires=1):
        for name in (SENSOR, FAR):
            self._add_namespace(name)
            self.tool(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                      "net.ipv6.conf.default.disable_ipv6=1")
        for i in range(wires):
            self.add_wire(i)
            self.bring(i, "up")

    def add_wire(self, i):
        ip("link", "add", f"cap{i}", "netns", self.prefix + SENSOR, "type", "veth",
           "peer", "name", f"far{i}", "netns", self.prefix + FAR)
        self.link(FAR, "set", f"far{i}", "up")

    def bring(self, i, state):
        self.link(SENSOR, "set", f"cap{i}", state)

    def sent(self, name, interface):
        """Frames that the kernel counts as sent on an interface."""
        told = subprocess.run(["ip", "netns", "exec", self.prefix + name, "cat",
                               f"/sys/class/net/{interface}/statistics/tx_packets"], check=True,
                              capture_output=True, text=True)
        return int(told.stdout)
