# SPDX-License-Identifier: Apache-2.0
"""
A little office made of network namespaces: a switch, its hosts, a gateway and an "internet".

Every namespace of a run bears the run's own prefix, so two runs never meet, and nothing is
connected to the machine's own network: a frame cannot leave. close() ends every process by its
id and removes the namespaces; it may be called at any time and twice.
"""
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading

LAN_PREFIX = "192.168.10."
GATEWAY = "192.168.10.1"
GATEWAY_MAC = "3c:a6:2f:10:20:01"
WORKSHOP_PREFIX = "192.168.20."
LAN_V6 = "2001:db8:10::"


class Host:
    """An office device; `address` is what the gateway's DHCP will lease to it."""

    def __init__(self, name, mac, last_octet, dhcp_name, vendor_class):
        self.name = name
        self.mac = mac
        self.address = LAN_PREFIX + str(last_octet)
        self.dhcp_name = dhcp_name
        self.vendor_class = vendor_class


HOSTS = {
    host.name: host
    for host in (
        Host("anna", "d4:be:d9:4c:11:a1", 101, "ANNA-LAPTOP", "MSFT 5.0"),
        Host("ben", "8c:16:45:7b:22:b2", 102, "BEN-DESKTOP", "MSFT 5.0"),
        Host("cleo", "a4:83:e7:30:33:c3", 103, "Cleos-MacBook", ""),
        Host("dana", "5a:3b:7c:91:44:d4", 104, "Danas-Phone", "android-dhcp-14"),
        Host("printer", "3c:d9:2b:55:66:e5", 30, "HPLJ-2OG", "Hewlett-Packard JetDirect"),
        Host("nas", "00:11:32:8e:77:f6", 20, "nas", "synology"),
    )
}


class Network:
    """The namespaces and every process in them. Threads may call run() and start() at once."""

    def __init__(self, prefix, keeps_segments=False):
        self.prefix = prefix
        # What is captured beside the machines' own memory, as on the host of virtual ones, shows
        # whole segments of up to 64 kB: much data in few packets.
        self.keeps_segments = keeps_segments
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
        self.folder.chmod(0o755)
        self.namespaces = []
        self.processes = []
        self.complaints = []
        self.stopping = threading.Event()

    def build(self, server_addresses):
        for name in ("switch", "gateway", "internet", *HOSTS):
            self._add_namespace(name)
        self._build_switch()
        self._plug("gateway", "lan0", GATEWAY_MAC)
        for host in HOSTS.values():
            self._plug(host.name, "eth0", host.mac)
        self._build_gateway()
        self._build_internet(server_addresses)

    def _add_namespace(self, name):
        full = self.prefix + name
        ip("netns", "add", full)
        self.namespaces.append(full)
        etc = pathlib.Path("/etc/netns") / full
        etc.mkdir(parents=True)
        # `ip netns exec` shows these to the programs in place of the machine's own.
        (etc / "resolv.conf").write_text(f"nameserver {GATEWAY}\n")
        (etc / "hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {name}\n")
        (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        ip("-n", full, "link", "set", "lo", "up")

    def _build_switch(self):
        self.tool("switch", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                  "net.ipv6.conf.default.disable_ipv6=1")
        # Snooping would keep multicast from the mirror port.
        self.link("switch", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        self.link("switch", "set", "br0", "up")
        # A port that is only listened to; both ends stay in the switch.
        self.link("switch", "add", "mirror", "type", "veth", "peer", "name", "p-mirror")
        self.link("switch", "set", "mirror", "up", "promisc", "on")
        self._join_bridge("p-mirror")

    def _join_bridge(self, port):
        self.link("switch", "set", port, "master", "br0")
        # Without learning each frame goes to every port, so the mirror sees it exactly once.
        self.link("switch", "set", port, "type", "bridge_slave", "learning", "off")
        self.link("switch", "set", port, "up")

    def _plug(self, name, interface, mac):
        port = "p-" + name
        ip("link", "add", interface, "address", mac, "netns", self.prefix + name, "type", "veth",
           "peer", "name", port, "netns", self.prefix + "switch")
        # Offloads would show the capture segments no wire could carry, and unfilled checksums.
        self._offloads_off(name, interface)
        self._offloads_off("switch", port)
        self._join_bridge(port)
        if name == "gateway":
            self.link(name, "set", interface, "up")

    def _offloads_off(self, name, interface):
        if self.keeps_segments:
            self._make_segments(name, interface)
            return
        self.tool(name, "ethtool", "-K", interface, "tx", "off", "rx", "off", "tso", "off",
                  "gso", "off", "gro", "off")

    def _make_segments(self, name, interface):
        # Whoever must wait for the line has full segments by the time it is free.
        self.tool(name, "tc", "qdisc", "add", "dev", interface, "root", "tbf", "rate", "200mbit",
                  "burst", "256k", "latency", "500ms")
        self.tool(name, "sysctl", "-qw", "net.ipv4.tcp_timestamps=0")

    def _build_gateway(self):
        self.tool("gateway", "sysctl", "-qw", "net.ipv4.ip_forward=1",
                  "net.ipv6.conf.all.forwarding=1")
        self.address("gateway", GATEWAY + "/24", "lan0")
        self.address("gateway", LAN_V6 + "1/64", "lan0")
        ip("link", "add", "wan0", "netns", self.prefix + "gateway", "type", "veth",
           "peer", "name", "wan0", "netns", self.prefix + "internet")
        for side, last in (("gateway", "1"), ("internet", "2")):
            self._offloads_off(side, "wan0")
            self.link(side, "set", "wan0", "up")
            self.address(side, f"198.18.0.{last}/30", "wan0")
            self.address(side, f"2001:db8:ffff::{last}/64", "wan0", "nodad")
        ip("-n", self.prefix + "gateway", "route", "add", "default", "via", "198.18.0.2")
        ip("-n", self.prefix + "gateway", "-6", "route", "add", "default", "via",
           "2001:db8:ffff::2")

    def build_workshop(self, last_octets):
        """A second network of the office behind the same gateway, with a machine at each address."""
        self._add_namespace("workshop")
        ip("link", "add", "lan1", "netns", self.prefix + "gateway", "type", "veth",
           "peer", "name", "eth0", "netns", self.prefix + "workshop")
        for name, interface in (("gateway", "lan1"), ("workshop", "eth0")):
            self._offloads_off(name, interface)
            self.link(name, "set", interface, "up")
        self.address("gateway", WORKSHOP_PREFIX + "1/24", "lan1")
        for last in last_octets:
            self.address("workshop", f"{WORKSHOP_PREFIX}{last}/24", "eth0")
        ip("-n", self.prefix + "workshop", "route", "add", "default", "via", WORKSHOP_PREFIX + "1")

    def _build_internet(self, server_addresses):
        for address in server_addresses:
            self.address("internet", address + ("/128" if ":" in address else "/32"), "lo")
        ip("-n", self.prefix + "internet", "route", "add", "192.168.10.0/24", "via", "198.18.0.1")
        ip("-n", self.prefix + "internet", "-6", "route", "add", LAN_V6 + "/64", "via",
           "2001:db8:ffff::1")

    def link(self, name, *words):
        ip("-n", self.prefix + name, "link", *words)

    def address(self, name, address, interface, *words):
        ip("-n", self.prefix + name, "address", "add", address, "dev", interface, *words)

    def tool(self, name, *argv):
        subprocess.run(["ip", "netns", "exec", self.prefix + name, *argv], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _inside(self, name, argv):
        # A host name of its own, for some programs tell theirs or ask for it.
        return ["ip", "netns", "exec", self.prefix + name, "unshare", "--uts", "sh", "-c",
                'hostname "$0"; exec "$@"', name, *argv]

    def start(self, name, *argv):
        """A program that runs until close(); what it says goes to a file of the run's folder."""
        log = self.folder / f"{name}-{pathlib.Path(argv[0]).name}-{len(self.processes)}.log"
        with open(log, "wb") as said:
            process = subprocess.Popen(self._inside(name, argv),
                                       stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                       start_new_session=True)
        self.processes.append(process)
        return process

    def popen(self, name, *argv, **options):
        """Like start(), with pipes of the caller's."""
        process = subprocess.Popen(self._inside(name, [str(a) for a in argv]), start_new_session=True,
                                   **options)
        self.processes.append(process)
        return process

    def run(self, name, *argv, seconds=30, expect=(0,)):
        """A program that ends by itself. A failure is remembered, so a capture with one shows."""
        try:
            done = subprocess.run(self._inside(name, argv), stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=seconds,
                                  start_new_session=True, check=False)
        except subprocess.TimeoutExpired:
            self.complaints.append(f"{name}: {' '.join(argv)}: not done in {seconds} s")
            return ""
        if done.returncode not in expect:
            words = done.stderr.decode(errors="replace").strip()[-300:]
            self.complaints.append(f"{name}: {' '.join(argv)}: exit {done.returncode}: {words}")
        return done.stdout.decode(errors="replace")

    def rest(self, seconds):
        """Sleeps; true when the scenario is over and the caller must end."""
        return self.stopping.wait(seconds)

    def close(self):
        self.stopping.set()
        for process in reversed(self.processes):
            end(process)
        for full in self.namespaces:
            left = subprocess.run(["ip", "netns", "pids", full], capture_output=True, text=True,
                                  check=False).stdout.split()
            if left:
                subprocess.run(["kill", "-9", *left], check=False)
            subprocess.run(["ip", "netns", "del", full], check=False)
            shutil.rmtree(pathlib.Path("/etc/netns") / full, ignore_errors=True)
        self.namespaces.clear()
        self.processes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def end(process, how=signal.SIGTERM, patience=5):
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
