# SPDX-License-Identifier: Apache-2.0
"""One packet inside another: tunnels whose inside can be read, and VPNs whose inside cannot."""
import pathlib

import tls
from wire import (CLIENT, CLIENT_V6, MACS, PASSWORD, PROGRAMS, SERVER, SERVER_V6, recording)

# Addresses of the two ends inside the tunnel.
INNER = {"srv": "198.51.100.1", "pc-1": "198.51.100.10"}
INNER_V6 = {"srv": "2001:db8:51::1", "pc-1": "2001:db8:51::10"}
OUTER = {"srv": (SERVER, CLIENT), "pc-1": (CLIENT, SERVER)}
OUTER_V6 = {"srv": (SERVER_V6, CLIENT_V6), "pc-1": (CLIENT_V6, SERVER_V6)}
OTHER = {"srv": "pc-1", "pc-1": "srv"}
MTU = "1300"


def talk(wire, address=INNER["srv"]):
    """What is to be seen inside: echoes, a TLS name, an HTTP request."""
    cert, key = tls.self_signed(wire)
    pages = wire.file("www/index.html", "<p>example</p>\n")
    wire.server("openssl", "s_server", "-accept", "443", "-cert", cert, "-key", key, "-quiet",
                "-tls1_2", wait=0.2)
    wire.server("busybox", "httpd", "-f", "-p", "80", "-h", pathlib.Path(pages).parent)
    host = f"[{address}]" if ":" in address else address
    wire.client("ping", "-q", "-c", "2", "-i", "0.3", address)
    wire.client("curl", "-s", "-o", "/dev/null", "-H", "Host: inside.office.example", f"http://{host}/")
    wire.client("openssl", "s_client", "-connect", f"{host}:443", "-servername", "inside.office.example")


def open_switch(wire, name, kind, options):
    """Open vSwitch in user space with one tunnel port; its folder is the run's."""
    folder = wire.folder / f"ovs-{name}"
    folder.mkdir()
    env = ("env", f"OVS_RUNDIR={folder}", f"OVS_DBDIR={folder}", f"OVS_LOGDIR={folder}",
           f"OVS_SYSCONFDIR={folder}")
    wire.run(name, *env, "ovsdb-tool", "create", f"{folder}/conf.db",
             "/usr/share/openvswitch/vswitch.ovsschema")
    wire.start(name, *env, "ovsdb-server", f"{folder}/conf.db", f"--remote=punix:{folder}/db.sock",
               f"--unixctl={folder}/db.ctl")
    wire.rest(1)
    vsctl = (*env, "ovs-vsctl", f"--db=unix:{folder}/db.sock")
    wire.run(name, *vsctl, "--no-wait", "init")
    wire.start(name, *env, "ovs-vswitchd", f"unix:{folder}/db.sock", f"--unixctl={folder}/switch.ctl")
    wire.rest(1)
    ours, theirs = OUTER[name]
    wire.run(name, "ip", "address", "flush", "dev", "wire0")
    wire.run(name, *vsctl, "add-br", "br-out", "--", "set", "bridge", "br-out", "datapath_type=netdev",
             f"other-config:hwaddr={MACS[name]}", "--", "add-port", "br-out", "wire0")
    wire.run(name, *vsctl, "add-br", "br-in", "--", "set", "bridge", "br-in", "datapath_type=netdev", "--",
             "add-port", "br-in", "t0", "--", "set", "interface", "t0", f"type={kind}",
             f"options:remote_ip={theirs}", f"options:local_ip={ours}", *options)
    for bridge, address in (("br-out", ours), ("br-in", INNER[name])):
        wire.link(name, "set", bridge, "up", "mtu", MTU if bridge == "br-in" else "1500")
        wire.address(name, f"{address}/24", bridge)


def by_open_switch(wire, kind, *options):
    for name in ("srv", "pc-1"):
        open_switch(wire, name, kind, options)
    wire.client("ping", "-q", "-c", "3", "-i", "0.3", SERVER, expect=(0, 1))  # who has the outer address
    talk(wire)


for KIND, SAYS, OPTIONS in (
        ("gre", "GRE with a key, Ethernet inside", ["options:key=4711"]),
        ("vxlan", "VXLAN", ["options:key=4711"]),
        ("geneve", "Geneve", ["options:key=4711"]),
        ("erspan1", "ERSPAN II (version 1)", 
         ["options:key=47", "options:erspan_ver=1", "options:erspan_idx=3"]),
        ("erspan2", "ERSPAN III (version 2)", 
         ["options:key=47", "options:erspan_ver=2", "options:erspan_dir=1", "options:erspan_hwid=4"])):
    # The kernel sees each packet too and answers that it has no such port or protocol.
    recording(f"tunnel-{KIND}", "openvswitch-switch busybox curl", f"{SAYS}; ICMP, HTTP and TLS inside",
              only="not icmp[icmptype] == icmp-unreach")(
        lambda wire, kind=KIND, options=OPTIONS: by_open_switch(wire, kind.rstrip("12"), *options))


def by_program(wire, kind, outer=None, inner=None):
    outer, inner = outer or OUTER, inner or INNER
    for name in ("srv", "pc-1"):
        wire.start(name, "python3", str(PROGRAMS / "tunnel.py"), kind, "tun0", *outer[name], "wire0",
                   MACS[OTHER[name]])
    wire.rest(1)
    for name in ("srv", "pc-1"):
        wire.link(name, "set", "tun0", "up", "mtu", MTU)
        wire.address(name, inner[name] + ("/64" if ":" in inner[name] else "/24"), "tun0",
                     *(["nodad"] if ":" in inner[name] else []))
    talk(wire, inner["srv"])


for KIND, SAYS, WORDS, WIRE in (
        ("6in4", "6in4", {"inner": INNER_V6}, {"v6": True}),
        ("ipip", "IPv4 in IPv4", {}, {}),
        ("ip4in6", "IPv4 in IPv6", {"outer": OUTER_V6}, {"v6": True}),
        ("gre-ip", "GRE with a key, IPv4 inside", {}, {}),
        ("mpls", "MPLS with two labels", {}, {}),
        ("tzsp", "TZSP, Ethernet inside", {}, {})):
    recording(f"tunnel-{KIND}", "python3 busybox curl", f"{SAYS}; ICMP, HTTP and TLS inside", **WIRE)(
        lambda wire, kind=KIND, words=WORDS: by_program(wire, kind.removesuffix("-ip"), **words))


@recording("wireguard", "wireguard-go wireguard-tools",
           "WireGuard: handshake, data, cookie-less keep-alives")
def wireguard(wire):
    keys = {}
    for name in ("srv", "pc-1"):
        private = wire.run(name, "wg", "genkey").strip()
        (wire.folder / f"{name}.wg").write_text(private)
        keys[name] = wire.run(name, "sh", "-c", f"wg pubkey < {wire.folder}/{name}.wg").strip()
    for name in ("srv", "pc-1"):
        # A /run of its own, where the program keeps its socket.
        wire.start(name, "unshare", "--mount", "sh", "-c", f"""mount -t tmpfs tmpfs /run
wireguard-go -f wg0 &
sleep 1
wg set wg0 listen-port 51820 private-key {wire.folder}/{name}.wg peer {keys[OTHER[name]]} \
endpoint {OUTER[name][1]}:51820 allowed-ips 198.51.100.0/24 persistent-keepalive 2
ip address add {INNER[name]}/24 dev wg0
ip link set wg0 up
wait""")
    wire.rest(3)
    talk(wire)


def openvpn(wire, *words):
    chain, key, root = tls.authority(wire)
    shared = f"{wire.folder}/shared.key"
    wire.run("srv", "openvpn", "--genkey", "tls-auth", shared)
    both = ("openvpn", "--dev", "tun0", "--dev-type", "tun", "--ca", root, "--cert", chain, "--key", key,
            "--verb", "1", "--persist-tun", "--data-ciphers", "AES-256-GCM")
    proto, *rest = words
    wire.server(*both, "--tls-server", "--dh", "none", "--local", SERVER, "--proto",
                "tcp-server" if proto == "tcp" else "udp", "--ifconfig", *INNER.values(),
                *[word.format(shared=shared, way=0) for word in rest])
    wire.start("pc-1", *both, "--tls-client", "--remote", SERVER, "--proto",
               "tcp-client" if proto == "tcp" else "udp", "--ifconfig", *reversed(INNER.values()), "--nobind",
               *[word.format(shared=shared, way=1) for word in rest])
    wire.rest(6)
    wire.client("ping", "-q", "-c", "3", "-i", "0.3", INNER["srv"])


@recording("openvpn-udp", "openvpn", "OpenVPN over UDP, TLS, plain control channel")
def openvpn_udp(wire):
    openvpn(wire, "udp")


@recording("openvpn-tls-auth", "openvpn", "OpenVPN over UDP with tls-auth")
def openvpn_tls_auth(wire):
    openvpn(wire, "udp", "--tls-auth", "{shared}", "{way}")


@recording("openvpn-tls-crypt", "openvpn", "OpenVPN over UDP with tls-crypt")
def openvpn_tls_crypt(wire):
    openvpn(wire, "udp", "--tls-crypt", "{shared}")


@recording("openvpn-tcp", "openvpn", "OpenVPN over TCP")
def openvpn_tcp(wire):
    openvpn(wire, "tcp")


def charon(wire, name, ours, theirs, conn):
    etc = pathlib.Path("/etc/netns") / (wire.prefix + name)
    (etc / "ipsec.conf").write_text(f"""config setup
conn one
  left={ours}
  right={theirs}
  authby=secret
  leftid=@{name}.office.example
  rightid=@{OTHER[name]}.office.example
  dpdaction=none
  keyingtries=1
{conn}""")
    (etc / "ipsec.secrets").write_text(f': PSK "{PASSWORD}"\n')
    wire.start(name, "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && exec "
               "/usr/lib/ipsec/starter --nofork --daemon charon")


def ike(wire, conn):
    charon(wire, "srv", SERVER, CLIENT, conn + "  auto=add\n")
    wire.rest(3)
    charon(wire, "pc-1", CLIENT, SERVER, conn + "  auto=start\n")
    wire.rest(6)


@recording("ikev2", "strongswan-charon strongswan-starter",
           "IKEv2: SA_INIT and AUTH with a shared key, ESP where the kernel has it")
def ikev2(wire):
    ike(wire, "  keyexchange=ikev2\n")


@recording("ikev1", "strongswan-charon strongswan-starter", "IKEv1 main mode")
def ikev1(wire):
    ike(wire, "  keyexchange=ikev1\n  ike=aes128-sha256-modp2048!\n")


@recording("l2tp", "xl2tpd", "L2TPv2: control connection and a session's call")
def l2tp(wire):
    folder = wire.folder
    sections = {
        "srv": "[lns default]\nip range = 198.51.100.2-198.51.100.9\n"
               f"local ip = {INNER['srv']}\nname = srv\n",
        "pc-1": f"[lac office]\nlns = {SERVER}\nautodial = yes\n"}
    for name, section in sections.items():
        conf = wire.file(f"{name}.l2tp", f"[global]\nport = 1701\n{section}require authentication = no\n")
        wire.start(name, "xl2tpd", "-D", "-c", conf, "-p", f"{folder}/{name}.pid", "-C",
                   f"{folder}/{name}.control")
        wire.rest(2)
    wire.rest(5)
