# SPDX-License-Identifier: Apache-2.0
"""Starts what an office leans on: DHCP, DNS, web, mail, chat, time, calls, files, printing."""
import pathlib
import shutil

import sites
from network import HOSTS, LAN_V6

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
    state = net.folder / "samba"
    share = net.folder / "share"
    state.mkdir()
    share.mkdir()
    share.chmod(0o777)
    (share / "plan.ods").write_bytes(bytes(24000))
    path = net.folder / "smb.conf"
    path.write_text(f"""[global]
workgroup = OFFICE
netbios name = NAS
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
[C$]
path = {share}
guest ok = yes
read only = no
[public]
path = {share}
guest ok = yes
read only = no
""")
    net.start("nas", "smbd", "--foreground", "--no-process-group", "-s", str(path))
    start_ssh(net)


def start_ssh(net):
    key = net.folder / "ssh_key"
    sites.run_quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    path = net.folder / "sshd.conf"
    path.write_text(f"HostKey {key}\nUsePAM no\n"
                    f"PasswordAuthentication no\n")
    open_ssh(net, "nas")


def open_ssh(net, host):
    # sshd starts itself anew for each session and so needs its full path.
    net.start(host, shutil.which("sshd"), "-D", "-o", "PidFile=none", "-f",
              str(net.folder / "sshd.conf"))
