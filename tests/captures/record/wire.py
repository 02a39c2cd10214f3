# SPDX-License-Identifier: Apache-2.0
"""
Two machines on one wire, each a network namespace, and tcpdump on the server's end of it.

pc-1.office.example (192.0.2.10, 2001:db8::10) and srv.office.example (192.0.2.1, 2001:db8::1) have
a folder, users and host names of their own: nothing of the machine's is changed and nothing leaves
it. Namespaces, processes and their end are those of tools/samples/network.py.
"""
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools/samples"))

from network import Network, end, ip  # noqa: E402

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
SERVER, CLIENT = "192.0.2.1", "192.0.2.10"
SERVER_V6, CLIENT_V6 = "2001:db8::1", "2001:db8::10"
MACS = {"srv": "00:00:5e:00:53:01", "pc-1": "00:00:5e:00:53:10"}
SIZE_MAX = 60 * 1024
# In this little world alone; not a secret of anybody's.
PASSWORD = "example-only"

RECORDINGS = {}


class Recording:
    def __init__(self, name, play, programs, protocols, options):
        self.name = name
        self.play = play
        self.programs = programs
        self.protocols = protocols
        self.options = options


def recording(name, programs, protocols, **options):
    """
    Marks play(wire) as the maker of NAME.pcap. `programs` are Debian packages. Options: `v6` and
    `v4` say which addresses the wire has, `only` is a filter of tcpdump's.
    """
    def mark(play):
        RECORDINGS[name] = Recording(name, play, programs.split(), protocols, options)
        return play
    return mark


class Wire(Network):
    def open(self, v4=True, v6=False, only=""):
        for name in ("srv", "pc-1"):
            self._add_namespace(name)
            self._give_etc(name)
            if not v6:
                self.tool(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                          "net.ipv6.conf.default.disable_ipv6=1")
        ip("link", "add", "wire0", "address", MACS["srv"], "netns", self.prefix + "srv", "type",
           "veth", "peer", "name", "wire0", "address", MACS["pc-1"], "netns", self.prefix + "pc-1")
        for name, four, six in (("srv", SERVER, SERVER_V6), ("pc-1", CLIENT, CLIENT_V6)):
            self._offloads_off(name, "wire0")
            self.link(name, "set", "wire0", "up")
            if v4:
                self.address(name, four + "/24", "wire0")
            if v6:
                self.address(name, six + "/64", "wire0", "nodad")
        if v6:
            time.sleep(2)  # link-local addresses are usable, their discovery is not recorded
        self.only = only

    def _give_etc(self, name):
        etc = pathlib.Path("/etc/netns") / (self.prefix + name)
        (etc / "resolv.conf").write_text(f"nameserver {SERVER}\noptions timeout:1 attempts:1\n")
        names = ("srv.office.example srv www.office.example mail.office.example "
                 "office.example kdc.office.example files.office.example")
        (etc / "hosts").write_text(f"127.0.0.1 localhost\n{SERVER} {names}\n"
                                   f"{SERVER_V6} six.office.example\n"
                                   f"{CLIENT} pc-1.office.example pc-1\n")
        (etc / "motd").write_text("Welcome.\n")
        self._give_user(etc)

    def _give_user(self, etc):
        """A user anna whom only the programs in this namespace see."""
        hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], check=True,
                                capture_output=True, text=True).stdout.strip()
        home = self.folder / "anna"
        home.mkdir(exist_ok=True)
        os.chown(home, 4000, 4000)
        for file, line in (("passwd", f"anna:x:4000:4000::{home}:/bin/sh"), ("group", "anna:x:4000:"),
                           ("shadow", f"anna:{hashed}:19000:0:99999:7:::")):
            machine = pathlib.Path("/etc") / file
            kept = [row for row in machine.read_text().splitlines() if not row.startswith("anna:")]
            (etc / file).write_text("\n".join([*kept, line]) + "\n")
            (etc / file).chmod(machine.stat().st_mode & 0o777)

    def file(self, name, content):
        """A file of the run's folder; its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def server(self, *argv, wait=1.0):
        process = self.start("srv", *map(str, argv))
        time.sleep(wait)
        return process

    def client(self, *argv, **options):
        return self.run("pc-1", *map(str, argv), **options)

    def record(self):
        raw = self.folder / "raw"
        filters = [self.only] if self.only else []
        self.tcpdump = self.start("srv", "tcpdump", "-Z", "root", "-n", "-U", "--immediate-mode",
                                  "-i", "wire0", "-w", str(raw), *filters)
        for _ in range(50):
            if raw.exists() and raw.stat().st_size >= 24:
                return
            time.sleep(0.1)
        self.complaints.append("tcpdump did not begin")

    def keep(self, path):
        time.sleep(0.5)
        end(self.tcpdump, signal.SIGINT, 10)
        data = (self.folder / "raw").read_bytes()
        if not 24 < len(data) <= SIZE_MAX:
            self.complaints.append(f"{len(data)} bytes")
        if not self.complaints:
            path.write_bytes(data)
        return len(data)
