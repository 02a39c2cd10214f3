# SPDX-License-Identifier: Apache-2.0
"""
What people and their devices do in an ordinary office. What waits or repeats is for a thread of
its own (Office.spawn), and ends when the scenario does.
"""
import domain
import services
import sites
from network import GATEWAY, HOSTS

READING_SITES = ["www.daily-news.example", "shop.paperclip.example", "maps.cityplan.example",
                 "wiki.handbook.example.org", "docs.officesuite.example"]
PLAIN_SITE = "http://weather.regional.example/"
CDN = "https://assets.cdn.example.net/"
# smbclient leaves with 1 after a "put" that went well.
SMBCLIENT_DONE = (0, 1)
EVERYONE = ("nas", "printer", "anna", "ben", "cleo", "dana")


def arrive(office, hosts=EVERYONE, gap_seconds=4):
    """The devices come up one after another, as on a morning."""
    for host in hosts:
        office.join(host)
        office.rest(office.dice("arrive" + host).uniform(0, gap_seconds))


def browse(office, host, mean_pause_seconds):
    dice = office.dice("browse " + host)
    while not office.rest(min(2 + dice.expovariate(1 / mean_pause_seconds), 420)):
        if dice.random() < 0.15:
            office.fetch(host, PLAIN_SITE, PLAIN_SITE + "logo.svg")
            continue
        site = f"https://{dice.choice(READING_SITES)}/"
        parts = dice.sample(sorted(sites.PAGE), dice.randrange(1, 4))
        urls = [site] + [site + part for part in parts]
        if dice.random() < 0.4:
            urls += [CDN + "app.js", CDN + "photo.jpg"]
        office.fetch(host, *urls)


def check_mail(office, host, every_seconds):
    dice = office.dice("mail " + host)
    office.rest(dice.uniform(5, 40))
    while not office.stopping.is_set():
        office.once(host, "mail_check", sites.IMAP, office.folder / "tls/ca.pem")
        office.rest(every_seconds + dice.uniform(-1, 1))


def of_size(path, kilobytes):
    """A file of that size, in which nothing stands."""
    with open(path, "wb") as file:
        file.truncate(kilobytes << 10)
    return str(path)


def put_file(office, host, name, kilobytes, url):
    """Stores a file by HTTP or HTTPS."""
    office.run(host, "curl", "-sS", "-q", "--http1.1", "-m", "60", "--cacert",
               str(office.folder / "tls/ca.pem"), "-o", "/dev/null", "-T",
               of_size(office.folder / name, kilobytes), url, seconds=60)


def poll(office, host, url, every_seconds, jitter_seconds=2):
    """What a program does that looks for something by the clock."""
    dice = office.dice(f"poll {host} {url}")
    office.rest(dice.uniform(1, min(60, every_seconds)))
    while not office.stopping.is_set():
        office.fetch(host, url)
        office.rest(every_seconds + dice.uniform(-jitter_seconds, jitter_seconds))


def chat(office, host, seconds):
    seed = office.dice("chat " + host).randrange(1000)
    office.program(host, "chat_client", sites.CHAT, office.folder / "tls/ca.pem", seed, seconds)


def copy_files(office, host, mean_pause_seconds):
    dice = office.dice("files " + host)
    while not office.rest(dice.uniform(0.5, 1.5) * mean_pause_seconds):
        local = office.folder / f"copy-{host}"
        office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%",
                   "-c", f"get plan.ods {local}; put {local} plan-{host}.ods",
                   "//192.168.10.20/public", expect=SMBCLIENT_DONE)


def print_pages(office, host, mean_pause_seconds):
    dice = office.dice("print " + host)
    while not office.rest(dice.uniform(0.5, 1.5) * mean_pause_seconds):
        office.fetch(host, "http://192.168.10.30:631/ipp/status")
        office.once(host, "print_job", "192.168.10.30", dice.randrange(6000, 18000))


def call(office, host, at_second, seconds):
    office.until(at_second)
    if not office.stopping.is_set():
        office.fetch(host, "https://docs.officesuite.example/")
        office.once(host, "call", sites.CALL, seconds, seconds=seconds + 20)


def chatter(office, seconds):
    """Announcements to everybody; each goes on until `seconds` have passed."""
    for host, kind, name, every in (
            ("printer", "mdns-tell", "HP LaserJet._ipp._tcp.local", 60),
            ("cleo", "mdns-ask", "_companion-link._tcp.local", 30),
            ("dana", "mdns-ask", "_googlecast._tcp.local", 20),
            ("nas", "ssdp-notify", "urn:schemas-upnp-org:device:Basic:1", 45),
            ("anna", "ssdp-search", "urn:dial-multiscreen-org:service:dial:1", 60),
            ("ben", "nbns-ask", "WORKGROUP", 40),
            ("anna", "llmnr-ask", "wpad", 50),
            ("ben", "llmnr-ask", "printsrv", 12)):
        office.program(host, "announce", kind, name, every, max(1, int(seconds / every)))
        office.rest(office.dice(host + kind).uniform(0.2, 3))


def keep_time(office, hosts):
    for host in hosts:
        services.start_time_client(office, host)


def ordinary(office, seconds, browsing_pause=45):
    """All of an office that is cheap enough for a short capture."""
    left = seconds - 30
    keep_time(office, ("anna", "ben", "cleo"))
    office.spawn(chatter, left)
    for host in ("anna", "ben", "cleo", "dana"):
        office.spawn(browse, host, browsing_pause)
    office.spawn(check_mail, "ben", 300)
    for host in ("anna", "cleo"):
        chat(office, host, left)
    office.spawn(poll, "dana", "http://connectivity.phoneos.example/generate_204", 180, 20)


def look_for_printer(office, host, at_second):
    """A driver that tries the few addresses it remembers; most have nobody behind them."""
    office.until(at_second)
    for last in (28, 29, 30, 31, 33, 35):
        if office.stopping.is_set():
            return
        office.run(host, "curl", "-s", "-m", "4", "-o", "/dev/null",
                   f"http://192.168.10.{last}:631/ipp/status", expect=(0, 7, 28))


def old_software(office, host, name, address):
    """Book-keeping of long ago: calls itself a browser, asks for news, fetches its update."""
    office.program("internet", "gate", address, 80)
    office.until(25)
    for _ in range(4):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
                   "-o", "/dev/null", f"http://{name}/news.asp?version=8")
        office.rest(office.dice("ledger").uniform(8, 15))
    office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "LedgerUpdate/8.1", "-o", "/dev/null",
               f"http://{name}/update81.exe")


def watch_sites(office, host, names):
    """Whether the customers' sites are up: the same page of each."""
    office.until(30)
    for name in names:
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "SiteWatch/2.0", "-o", "/dev/null",
                   f"http://{name}/check")
        office.rest(1)


def far_nas(office, host, name, address):
    """The branch office's NAS, whose certificate is its own."""
    files = office.own_certificate("nas", f"/CN={name}")
    office.program("internet", "gate", address, 8443, *files)
    office.until(40)
    for _ in range(3):
        office.run(host, "curl", "-sS", "-q", "-k", "-m", "9", "-A", "FileSync/4.0", "-o", "/dev/null",
                   f"https://{name}:8443/")
        office.rest(9)


def ask_leases(office, host, at_second, every_seconds):
    """A device that is moved about asks anew each time; it keeps what it had."""
    office.until(at_second)
    while not office.stopping.is_set():
        office.run(host, "udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", "/bin/true",
                   "-x", f"hostname:{HOSTS[host].dhcp_name}", expect=(0, 1))
        office.rest(every_seconds)


def share_leases(office, host, own, at_second):
    office.until(at_second)
    services.start_leases(office, host, own, GATEWAY, 180, 199)


def ssh_to(office, host, target):
    """Whose key is not known there is sent away: the traffic is that of a short session."""
    office.run(host, "ssh", "-F", "/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5",
               "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
               "-l", "admin", target, "id", expect=(255,))


def back_up(office, host, targets, at_seconds):
    for second in at_seconds:
        office.until(second)
        for target in targets:
            ssh_to(office, host, target)
            office.rest(1)


def look_into(office, host, target, at_second):
    office.until(at_second)
    ssh_to(office, host, target)


def monitor(office, host, targets, at_second, every_seconds):
    """Whether each machine is there: its door is opened and closed."""
    office.until(at_second)
    while not office.stopping.is_set():
        for target in targets:
            office.run(host, "curl", "-s", "-q", "-m", "1", "-o", "/dev/null", f"telnet://{target}:22",
                       expect=(0, 7, 28))
        office.rest(every_seconds)


def check_links(office, host, addresses, port, at_second):
    """Whether the links of a catalogue still lead somewhere; a few do not."""
    office.until(at_second)
    for address in addresses:
        office.run(host, "curl", "-s", "-q", "-m", "3", "-A", "LinkCheck/3.1", "-o", "/dev/null", "-I",
                   f"http://{address}:{port}/", expect=(0, 7, 28))
        office.rest(0.3)


def use_domain(office, host, controller, at_second):
    """What a member does on a morning: logs in, looks up its services, asks after the others."""
    office.until(at_second)
    office.once(host, "machine_login", controller, domain.CONTROLLER_PORT, host.upper(), 1)
    domain.log_in(office, host, host)
    domain.ask_tickets(office, host, domain.SERVICES)
    office.once(host, "calls", controller, domain.CONTROLLER_PORT, "drsuapi", 0, 12, 1)


def bring_updates(office, host, targets, controller, at_second):
    """An administrator at the desk: who has accounts, an update for each machine, a look at its log."""
    update = office.folder / "update.msi"
    update.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000))
    own = ["-s", str(office.folder / "smb.conf"), "-N", "-U%"]
    office.until(at_second)
    domain.log_in(office, host, host)
    domain.ask_tickets(office, host, domain.SERVICES[:4])
    office.run(host, "rpcclient", *own, "-c", "enumdomusers", controller)
    for target in targets:
        office.run(host, "smbclient", *own, "-c", f"put {update} update.msi; get plan.ods /dev/null",
                   f"//{HOSTS[target].dhcp_name}/C$", expect=SMBCLIENT_DONE)
        office.rest(8)
