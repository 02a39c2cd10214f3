# SPDX-License-Identifier: Apache-2.0
"""Habits besides the web: mail, files, copies, calls, terminals, watching, things."""
import day_sites
import services
import sites
from habits import ANY, GATEWAY, NAS, PRINTER, daemon, datagrams, line, run

OUT_SSH = day_sites.OTHER["ssh.hosting.example"][0]
SSH = ["-i", "{folder}/client_key", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
       "-o", "BatchMode=yes"]
PLUGINS = "/usr/lib/nagios/plugins/"


def mail_read(rec, host):
    rec.office.once(host, "mail_check", sites.IMAP, rec.office.folder / "tls/ca.pem")


def mail_send(kilobytes, greeting):
    def work(rec, host):
        rec.office.once(host, "mail_send", "smtp.mailco.example", 587, greeting, "anna@office.example",
                        "friend@garden.example", "Estimate", kilobytes, "Please see the file.",
                        rec.office.folder / "tls/ca.pem")
    return work


def mail_plain(rec, host):
    rec.office.once(host, "mail_send", "smtp.mailco.example", 587, "scanner", "scan@office.example",
                    "anna@office.example", "Scan from 2F", 150, "A scanned page.")


def ftp_site(rec, host):
    for page in ("index.html", "news.html"):
        rec.office.once(host, "ftp_store", "ftp.webspace.example", page, 4, "look")


def smb(*commands):
    def work(rec, host):
        local = rec.office.folder / f"copy-{host}"
        rec.office.run(host, "smbclient", "-s", str(rec.office.folder / "smb.conf"), "-N", "-U%", "-c",
                       "; ".join(commands).format(local=local, noise=rec.office.folder / "noise"),
                       f"//{NAS}/public", expect=ANY)
    return work


def rtp(rec, host):
    rec.office.run(host, "ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "sine=r=48000:d=4",
                   "-c:a", "libopus", "-b:a", "32k", "-f", "rtp",
                   f"rtp://{sites.SERVICES[sites.CALL][0]}:8801?localrtpport=50030", seconds=30, expect=ANY)


def call(rec, host):
    client = rec.office.program(host, "call", sites.CALL, 8)
    rec.office.rest(2)
    rec.mark("round")
    rec.office.rest(4)
    rec.mark("rest")
    client.wait(20)


def camera_inside(rec, host):
    """A camera's film to the recorder: RTSP, inside the office."""
    recorder = rec.office.start("nas", "ffmpeg", "-v", "error", "-rtsp_flags", "listen", "-i",
                                f"rtsp://{NAS}:8554/cam", "-f", "null", "-")
    rec.office.rest(1.0)
    camera = rec.office.start(host, "ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i",
                              "testsrc=s=320x180:r=8:d=10", "-c:v", "libx264", "-g", "16", "-b:v", "100k",
                              "-f", "rtsp", "-rtsp_transport", "tcp", f"rtsp://{NAS}:8554/cam")
    rec.office.rest(4.0)
    rec.mark("round")
    rec.office.rest(4.0)
    rec.mark("rest")
    camera.wait(30)
    recorder.terminate()


def webdav(rec, host):
    address = "https://sftp.edi-partner.example/"
    rec.office.run(host, "rclone", "copy", str(rec.office.folder / "noise"), ":webdav:", "--webdav-url",
                   address, "--no-check-certificate", "--config", "/dev/null", "--ignore-times", seconds=40)


def restic(rec, host):
    base = f"rest:http://{day_sites.OTHER['db.cloud-db.example'][0]}:8000/"
    secret = ["env", "RESTIC_PASSWORD=sample-only", "HOME=/root", "restic", "--no-cache", "-q", "-r", base]
    rec.office.run(host, *secret, "init", expect=ANY)
    rec.office.run(host, *secret, "backup", str(rec.office.folder / "noise"), seconds=60, expect=ANY)


def apt(rec, host):
    folder = rec.office.folder / "apt"
    for part in ("lists/partial", "archives/partial", "etc/apt.conf.d", "etc/preferences.d"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "etc/sources.list").write_text("deb [trusted=yes] http://deb.mirror.example/debian ./\n")
    (folder / "status").write_text("")
    own = ["-o", f"Dir::Etc={folder}/etc", "-o", f"Dir::State::lists={folder}/lists", "-o",
           f"Dir::Cache={folder}", "-o", f"Dir::State::status={folder}/status",
           "-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=0"]
    rec.office.run(host, "apt-get", *own, "update", seconds=40, expect=ANY)
    rec.office.run(host, "sh", "-c", 'cd "$0" && shift && apt-get "$@" download sample', str(folder), "-", *own,
                   seconds=40, expect=ANY)


def git(rec, host):
    to = rec.office.folder / f"git-{host}"
    known = ["env", f"GIT_SSL_CAINFO={rec.office.folder}/tls/ca.pem", "git"]
    if not to.exists():
        rec.office.run(host, *known, "clone", "-q", "https://git.codeplace.example/plan.git", str(to))
    rec.office.run(host, *known, "-C", str(to), "fetch", "-q")


def openvpn(rec, host):
    path = rec.office.folder / "vpn-client.conf"
    path.write_text(f"dev tun\nproto udp\nclient\nremote vpn.head-office.example 1194\nnobind\n"
                    f"ca {rec.office.folder}/tls/ca.pem\ncert {rec.office.folder}/tls/laptop.pem\n"
                    f"key {rec.office.folder}/tls/laptop.key\n"
                    f"keepalive 3 20\nroute-nopull\nverb 1\n")
    daemon("openvpn", "--config", str(path), before=6, round_seconds=12)(rec, host)


def chrony(rec, host):
    services.start_time_client(rec.office, host)
    rec.office.rest(9)
    rec.office.processes[-1].terminate()
    rec.office.processes[-1].wait(5)


def watch_round(rec, host):
    """What a Nagios does every few minutes."""
    for words in (["check_ping", "-H", NAS, "-w", "100,20%", "-c", "500,60%", "-p", "2"],
                  ["check_ping", "-H", GATEWAY, "-w", "100,20%", "-c", "500,60%", "-p", "2"],
                  ["check_http", "-H", PRINTER, "-p", "631"], ["check_tcp", "-H", PRINTER, "-p", "9100"],
                  ["check_tcp", "-H", NAS, "-p", "445"], ["check_ssh", NAS], ["check_tcp", "-H", NAS, "-p", "6379"],
                  ["check_tcp", "-H", NAS, "-p", "1883"], ["check_http", "-H", NAS, "-p", "5000"],
                  ["check_tcp", "-H", NAS, "-p", "8081"], ["check_tcp", "-H", GATEWAY, "-p", "443"],
                  ["check_http", "-H", "www.customer-two.example"], ["check_ntp_time", "-H", "ntp.nict.jp"]):
        rec.office.run(host, PLUGINS + words[0], *words[1:], expect=ANY)


def ssh_mistakes(rec, host):
    """Somebody whose key is not the right one, three times, and then it is."""
    for _ in range(3):
        rec.office.run(host, "ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o",
                       "UserKnownHostsFile=/dev/null", f"anna@{NAS}", "true", expect=(*ANY, 255))
    run("ssh", *SSH, f"root@{OUT_SSH}", "uptime")(rec, host)


MACHINE_PARTS = {
    "mail-read": mail_read, "mail-send": mail_send(40, "[192.168.10.101]"), "mail-large": mail_send(350, "[192.168.10.101]"),
    "scan-to-mail": mail_plain, "ftp-site": ftp_site,
    "smb-work": smb("ls", "get plan.ods {local}", "put {local} plan-2.ods"),
    "smb-save": smb("put {noise} movie.bin", "ls"), "smb-list": smb("ls"),
    "rsync-inside": run("rsync", "-a", "-e", "ssh " + " ".join(SSH), "{folder}/noise", f"root@{PRINTER}:/dev/shm/hinomi-day-copy"),
    "rsync-outside": run("rsync", "-a", "-e", "ssh " + " ".join(SSH), "{folder}/noise", f"root@{OUT_SSH}:/dev/shm/hinomi-day-copy"),
    "ssh-work": run("ssh", *SSH, f"root@{OUT_SSH}", "ls -la /usr/share | head -200; sleep 1; uptime; sleep 2; df"),
    "ssh-inside": run("ssh", *SSH, f"root@{PRINTER}", "uptime; sleep 1; head -c 3000 /etc/services"),
    "sftp-edi": run("sh", "-c", "echo put {folder}/noise /dev/shm/hinomi-day-edi | sftp -b - " + " ".join(SSH) + f" root@{OUT_SSH}"),
    "ssh-mistakes": ssh_mistakes, "rtp": rtp, "call": call, "camera-inside": camera_inside,
    "webdav": webdav, "restic": restic, "apt": apt, "git": git,
    "pip": run("pip", "--disable-pip-version-check", "download", "-q", "--no-cache-dir", "--no-deps", "-d", "/dev/shm/hinomi-day-pip", "--cert",
               "{folder}/tls/ca.pem", "-i", "https://pypi.mirror.example/simple/", "tool"),
    "aria": run("aria2c", "-q", "--allow-overwrite=true", "-x", "4", "-s", "4", "-k", "1M", "-d", "/dev/shm", "--ca-certificate={folder}/tls/ca.pem",
                "https://files.chatroom.example/big.zip"),
    "wget-mirror": run("wget", "-q", "-p", "-P", "/dev/shm/hinomi-day-wget", "--ca-certificate={folder}/tls/ca.pem", "https://www.customer-two.example/"),
    "openvpn": openvpn, "chrony": chrony, "watch-round": watch_round,
    "ping-nas": run("ping", "-q", "-c", "2", "-i", "0.3", NAS),
    "ping-out": run("ping", "-q", "-c", "3", "-i", "0.3", day_sites.WEB["www.google.com"][0]),
    "ping-sizes": run("sh", "-c", f"for s in 56 1000 1472; do ping -q -c 4 -i 0.3 -s $s {OUT_SSH}; done"),
    "fping-devices": run("fping", "-q", "-r", "1", GATEWAY, NAS, PRINTER, *[f"192.168.10.{n}" for n in (101, 102, 103, 104, 105, 107)]),
    "traceroute": run("tracepath", "-n", "-m", "6", day_sites.WEB["www.google.com"][0], seconds=15),
    "iperf": run("iperf3", "-c", OUT_SSH, "-n", "600K"),
    "print-page": lambda rec, host: rec.office.once(host, "print_job", PRINTER, 14000),
    "print-status": run("curl", "-s", "-m", "5", "-o", "/dev/null", f"http://{PRINTER}:631/ipp/status"),
    "ipp": run("ipptool", "-q", "-T", "4", f"ipp://{PRINTER}:631/ipp/print", "get-printer-attributes.test"),
    "snmp-printer": run("snmpget", "-v2c", "-c", "public", "-t", "1", "-r", "0", PRINTER, "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.25.3.2.1.5.1"),
    "snmp-walk": run("snmpwalk", "-v2c", "-c", "public", PRINTER, "1.3.6.1.2.1.1"),
    "nas-page": run("curl", "-s", "-m", "5", "-o", "/dev/null", f"http://{NAS}:5000/", "-o", "/dev/null", f"http://{NAS}:5000/webapi/entry"),
    "redis": run("redis-cli", "-h", NAS, "set", "stock", "41"),
    "hub": run("mosquitto_pub", "-h", NAS, "-t", "office/door", "-m", "open"),
    "syslog": run("logger", "-n", NAS, "-d", "-P", "514", "-t", "router", "link up"),
    "turn": run("turnutils_uclient", "-u", "user", "-w", "sample", "-n", "8", "-m", "1", "-y", "-c", day_sites.PEER, seconds=20),
    "nbns-lookup": run("nmblookup", "-B", "192.168.10.255", "FILESERVER"),
    "old-printer-search": run("sh", "-c", "for n in 28 29 31 33 35; do curl -s -m 1 -o /dev/null http://192.168.10.$n:631/; done"),
    "smart-plug": daemon("mosquitto_sub", "-h", "mqtt.smart-plug.example", "-p", "8883", "--cafile", "{folder}/tls/ca.pem", "-k", "5", "-t", "plug/1"),
    "thermo-mqtt": daemon("mosquitto_sub", "-h", "mqtt.thermo-home.example", "-p", "8883", "--cafile", "{folder}/tls/ca.pem", "-k", "5", "-t", "t/2"),
    "im-push": line("push.im-app.example", 5223, 34, 40), "phone-push": line("mtalk.google.com", 5228, 28, 28),
    "im-443": line("imap.mailco.example", 443, 45, 60), "agri-box": line("sensor.agri-box.example", 443, 120, 24),
    "rmm-relay": line("relay.helpdesk-vendor.example", 443, 52, 52),
    "appliance-tls": line(day_sites.BARE, 8443, 60, 60, trust="any"),
    "accounting": line("acct.ledger-soft.example", 8610, 90, 900, trust=None), "license-port": line("db.cloud-db.example", 27000, 40, 40, trust=None),
    "time-terminal": line(day_sites.BARE, 4370, 24, 16, trust=None), "card-line": line("time.appliance.example", 5015, 64, 200, trust=None),
    "camera-p2p": datagrams(day_sites.BARE, 32100, 40), "mesh-vpn": datagrams(day_sites.PEER, 9993, 90),
    "sip": lambda rec, host: rec.office.once(host, "sip_phone", day_sites.OTHER["voice.phoneline.example"][0], 1, 0.1),
}
