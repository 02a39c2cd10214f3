# SPDX-License-Identifier: Apache-2.0
"""Starts what an office leans on: DHCP, DNS, web, mail, chat, time, calls, files, printing."""
import pathlib
import shutil
import subprocess

import sites
from network import HOSTS, LAN_PREFIX, LAN_V6

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"


def start_all(net, extra_sites, dns_lines):
    """`extra_sites` are web sites as in sites.SITES; `dns_lines` go to the gateway's resolver."""
    web = {**sites.SITES, **extra_sites}
    folder = net.folder
    sites.make_authority(folder)
    for name in (*web, sites.IMAP, sites.CHAT):
        sites.make_certificate(folder, name)
    sites.make_pages(folder)
    start_gateway(net, {**web, **sites.SERVICES}, dns_lines)
    net.start("internet", "nginx", "-e", str(folder / "nginx-start.log"), "-c",
              str(sites.write_nginx(folder, web)))
    start_python(net, "internet", "imap_server", *certificate(folder, sites.IMAP))
    start_python(net, "internet", "chat_server", sites.SERVICES[sites.CHAT][0],
                 *certificate(folder, sites.CHAT))
    start_python(net, "internet", "call_server", sites.SERVICES[sites.CALL][0])
    start_time_server(net)
    start_nas(net)
    start_python(net, "printer", "printer")


def start_python(net, where, program, *words):
    return net.start(where, "python3", str(PROGRAMS / f"{program}.py"), *map(str, words))


def certificate(folder, name):
    return folder / f"tls/{name}.pem", folder / f"tls/{name}.key"


def start_gateway(net, names, dns_lines):
    reserved = [f"dhcp-host={h.mac},{h.address},{h.dhcp_name}" for h in HOSTS.values()]
    records = [f"host-record={name},{v4}{',' + v6 if v6 else ''},300"
               for name, (v4, v6) in names.items()]
    path = net.folder / "dnsmasq.conf"
    path.write_text("\n".join([
        "interface=lan0", "bind-interfaces", "except-interface=lo", "no-resolv", "no-hosts",
        "user=root", "keep-in-foreground", f"pid-file={net.folder}/dnsmasq.pid",
        f"dhcp-leasefile={net.folder}/leases", "dhcp-authoritative", "domain=office.example",
        "dhcp-range=192.168.10.100,192.168.10.199,255.255.255.0,40m",
        f"dhcp-range={LAN_V6},ra-stateless", "enable-ra",
        # Nothing is asked of a resolver outside: what is not known here does not exist.
        *(f"local=/{zone}/" for zone in ("example", "test", "invalid", "example.com",
                                         "example.net", "example.org", "in-addr.arpa",
                                         "ip6.arpa")),
        *reserved, *records, *dns_lines, ""]))
    net.start("gateway", "dnsmasq", f"--conf-file={path}")


def start_time_server(net):
    path = net.folder / "chrony-server.conf"
    path.write_text(f"local stratum 2\nallow all\nbindaddress {sites.SERVICES[sites.TIME][0]}\n"
                    f"cmdport 0\nbindcmdaddress {net.folder}/chrony-server.sock\n"
                    f"pidfile {net.folder}/chrony-server.pid\n")
    # -x: never touches the machine's clock.
    net.start("internet", "chronyd", "-x", "-d", "-4", "-u", "root", "-f", str(path))


def start_time_client(net, host):
    path = net.folder / f"chrony-{host}.conf"
    path.write_text(f"server {sites.TIME} minpoll 6 maxpoll 6 iburst\ncmdport 0\n"
                    f"bindcmdaddress {net.folder}/chrony-{host}.sock\n"
                    f"pidfile {net.folder}/chrony-{host}.pid\n")
    net.start(host, "chronyd", "-x", "-d", "-4", "-u", "root", "-f", str(path))


def start_nas(net):
    start_files(net, "nas", "smb.conf")
    start_ssh(net)


def start_files(net, host, config, *lines):
    """A file server with the shares C$ and public; `lines` go into smbd's own section."""
    state = net.folder / f"samba-{host}"
    share = net.folder / f"share-{host}"
    state.mkdir()
    share.mkdir()
    share.chmod(0o777)
    (share / "plan.ods").write_bytes(bytes(24000))
    path = net.folder / config
    more = "\n".join(lines)
    path.write_text(f"""[global]
workgroup = OFFICE
netbios name = {host.upper()}
disable netbios = yes
smb ports = 445
map to guest = Bad User
load printers = no
printing = bsd
printcap name = /dev/null
log file = {state}/log
private dir = {state}
lock directory = {state}
state directory = {state}
cache directory = {state}
pid directory = {state}
ncalrpc dir = {state}
{more}
[C$]
path = {share}
guest ok = yes
read only = no
[public]
path = {share}
guest ok = yes
read only = no
""")
    net.start(host, "smbd", "--foreground", "--no-process-group", "-s", str(path))
    return share


def open_shares(net, host, users, password):
    """Shares of a PC for these users (of Debian's own, such as "backup"); nobody else gets in."""
    state = net.folder / f"shares-{host}"
    (state / "work").mkdir(parents=True)
    (state / "work").chmod(0o777)
    (state / "work/letters.ods").write_bytes(bytes(30000))
    path = state / "smb.conf"
    path.write_text(f"""[global]
workgroup = OFFICE
netbios name = {host.upper()}
disable netbios = yes
smb ports = 445
map to guest = Never
load printers = no
printing = bsd
printcap name = /dev/null
passdb backend = tdbsam:{state}/passdb.tdb
log file = {state}/log
private dir = {state}
lock directory = {state}
state directory = {state}
cache directory = {state}
pid directory = {state}
ncalrpc dir = {state}
[work]
path = {state}/work
read only = no
""")
    for user in users:
        subprocess.run(["smbpasswd", "-c", str(path), "-a", "-s", user], check=True,
                       input=f"{password}\n{password}\n".encode(), capture_output=True)
    net.start(host, "smbd", "--foreground", "--no-process-group", "-s", str(path))
    return path


def start_ssh(net):
    key = net.folder / "ssh_key"
    sites.run_quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    path = net.folder / "sshd.conf"
    # Of the machine's own keys none is asked: who is let in at all is a scenario's to say.
    path.write_text(f"HostKey {key}\nUsePAM no\nPasswordAuthentication no\nStrictModes no\n"
                    f"AuthorizedKeysFile {net.folder}/let_in.pub\n")
    open_ssh(net, "nas")


def let_in_by_ssh(net):
    """The key with which root gets in everywhere."""
    key = net.folder / "let_in"
    sites.run_quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    return key


def open_ssh(net, host):
    # sshd starts itself anew for each session and so needs its full path.
    net.start(host, shutil.which("sshd"), "-D", "-o", "PidFile=none", "-f",
              str(net.folder / "sshd.conf"))


def start_leases(net, host, own, router, first, last):
    """A second server of addresses, besides the gateway's; it hands out those of its own range."""
    path = net.folder / f"leases-{host}.conf"
    path.write_text("\n".join([
        "interface=eth0", "bind-interfaces", "except-interface=lo", "port=0", "no-hosts", "no-ping",
        "user=root", "keep-in-foreground", f"pid-file={net.folder}/leases-{host}.pid",
        f"dhcp-leasefile={net.folder}/leases-{host}", "dhcp-authoritative",
        f"dhcp-range={LAN_PREFIX}{first},{LAN_PREFIX}{last},255.255.255.0,40m",
        f"dhcp-option=option:router,{router}", f"dhcp-option=option:dns-server,{router}", ""]))
    net.start(host, "dnsmasq", f"--conf-file={path}", f"--listen-address={own}")
