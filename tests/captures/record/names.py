# SPDX-License-Identifier: Apache-2.0
"""How names are asked for: DNS in its transports, mDNS, SSDP, NetBIOS."""
import pathlib

from wire import SERVER, SERVER_V6, recording


def dnsmasq(wire, *lines):
    conf = wire.file("dnsmasq.conf", "\n".join([
        "interface=wire0", "bind-interfaces", "except-interface=lo", "no-resolv", "no-hosts", "user=root",
        "keep-in-foreground", f"pid-file={wire.folder}/dnsmasq.pid", "local=/example/",
        "local=/in-addr.arpa/", "local=/ip6.arpa/",
        "host-record=www.office.example,192.0.2.80,2001:db8::80,300",
        "host-record=mail.office.example,192.0.2.25,300",
        "cname=web.office.example,www.office.example",
        "ptr-record=80.2.0.192.in-addr.arpa,www.office.example",
        "mx-host=office.example,mail.office.example,10",
        "srv-host=_ldap._tcp.office.example,srv.office.example,389",
        "txt-record=office.example,v=spf1 -all", "caa-record=office.example,0,issue,ca.example",
        # 1 . alpn="h2,h3" ipv4hint=192.0.2.80; 0 www.office.example
        "dns-rr=www.office.example,65,000100000100060268320268330004000 4c0000250".replace(" ", ""),
        "dns-rr=office.example,65,0000037777770 66f6666696365076578616d706c6500".replace(" ", ""),
        "dns-rr=_dns.office.example,64,000103646f74066f6666696365076578616d706c6500000100040"
        "3646f74000300020355",
        *[f"txt-record=long.office.example,{'example ' * 20}{n}" for n in range(12)], *lines, ""]))
    wire.server("dnsmasq", f"--conf-file={conf}")


def kdig(wire, *words):
    wire.client("kdig", "+timeout=2", "+retry=0", f"@{SERVER}", *words)


@recording("dns-types", "dnsmasq-base knot-dnsutils bind9-dnsutils",
           "DNS over UDP: A, AAAA, CNAME, PTR, MX, SRV, TXT, CAA, HTTPS, SVCB, NXDOMAIN, "
           "odd labels, EDNS with its options")
def dns_types(wire):
    dnsmasq(wire)
    for name, kind in (("www", "A"), ("www", "AAAA"), ("web", "A"), ("www", "HTTPS"), ("_dns", "SVCB"),
                       ("missing", "A"), ("_ldap._tcp", "SRV"), ("a\\.b c\\001", "A")):
        kdig(wire, f"{name}.office.example", kind)
    # kdig makes names lower case.
    wire.client("dig", f"@{SERVER}", "WwW.Office.EXAMPLE", "A")
    for kind in ("MX", "TXT", "CAA", "HTTPS", "ANY"):
        kdig(wire, "office.example", kind)
    kdig(wire, ".", "NS")
    kdig(wire, "-x", "192.0.2.80")
    kdig(wire, "+edns", "+dnssec", "+nsid", "+cookie", "+padding=128", "+subnet=192.0.2.0/24",
         "www.office.example", "A")
    kdig(wire, "+noedns", "www.office.example", "A")
    kdig(wire, "+class=CH", "version.bind", "TXT")


@recording("dns-tcp", "dnsmasq-base knot-dnsutils",
           "DNS over TCP: truncated first, several questions a connection, IPv6",
           v6=True)
def dns_tcp(wire):
    dnsmasq(wire)
    kdig(wire, "+noedns", "long.office.example", "TXT")
    kdig(wire, "+tcp", "+keepopen", "www.office.example", "A", "www.office.example", "AAAA",
         "office.example", "MX")
    wire.client("kdig", "+tcp", f"@{SERVER_V6}", "mail.office.example", "A")


@recording("mdns", "avahi-daemon bind9-dnsutils",
           "mDNS over IPv4 and IPv6: probes, announcements, a service, goodbyes, a question by unicast", v6=True)
def mdns(wire):
    avahi(wire, "srv", "printer", """<service-group><name>Example Printer</name><service>
<type>_ipp._tcp</type><port>631</port><txt-record>ty=Example 2000</txt-record></service></service-group>""")
    wire.rest(4)
    avahi(wire, "pc-1", "pc-1", "")
    wire.rest(4)
    for name, kind in (("_ipp._tcp.local", "PTR"), ("printer.local", "A")):
        wire.client("dig", "+time=1", "+tries=1", "-p", "5353", "@224.0.0.251", name, kind, expect=(0, 9))
    for process in wire.processes[1:]:
        process.terminate()
    wire.rest(3)


def avahi(wire, where, host, service):
    etc = pathlib.Path("/etc/netns") / (wire.prefix + where)
    (etc / "avahi/services").mkdir(parents=True)
    if service:
        (etc / "avahi/services/one.service").write_text(f"<?xml version=\"1.0\"?>\n{service}\n")
    conf = wire.file(f"avahi-{where}.conf", f"""[server]
host-name={host}
use-ipv4=yes
use-ipv6=yes
enable-dbus=no
allow-interfaces=wire0
[publish]
publish-hinfo=no
publish-workstation=no
[rlimits]
""")
    # Each sees a /run of its own, for the one process file that it wants.
    wire.start(where, "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir -p "
               f"/run/avahi-daemon && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {conf}")


@recording("ssdp", "miniupnpc", "SSDP: searches for a gateway")
def ssdp(wire):
    wire.client("timeout", "8", "upnpc", "-m", "wire0", "-s", expect=(0, 1, 124))


@recording("nbns", "samba smbclient samba-common-bin",
           "NBNS: registration, questions for a name, a group, node status, and the browser's datagrams")
def nbns(wire):
    state = wire.folder / "samba"
    state.mkdir()
    conf = wire.file("smb.conf", f"""[global]
workgroup = OFFICE
netbios name = SRV
server string = example
interfaces = wire0
bind interfaces only = yes
log file = {state}/log
private dir = {state}
lock directory = {state}
state directory = {state}
cache directory = {state}
pid directory = {state}
ncalrpc dir = {state}
""")
    wire.server("nmbd", "--foreground", "--no-process-group", "-s", conf, wait=12)
    client = wire.file("client.conf", "[global]\nworkgroup = OFFICE\nnetbios name = PC-1\n")
    for words in (("SRV",), ("-A", SERVER), ("OFFICE#1b",), ("NOBODY",)):
        wire.client("nmblookup", "-s", client, "-B", "192.0.2.255", *words, expect=(0, 1))


@recording("llmnr", "llmnrd", "LLMNR: names that somebody has, over IPv4 and IPv6, and one that nobody has",
           v6=True)
def llmnr(wire):
    wire.server("llmnrd", "-6", "-H", "printer-1", "-i", "wire0")
    for words in (("-T", "A", "printer-1"), ("-T", "AAAA", "-6", "printer-1"), ("wpad",)):
        wire.client("llmnr-query", "-I", "wire0", *words, expect=(0, 1))
