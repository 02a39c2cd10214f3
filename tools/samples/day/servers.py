# SPDX-License-Identifier: Apache-2.0
"""What the whole day's internet serves besides web pages."""
import os
import pathlib
import shutil
import subprocess

import day_sites
import services
import sites
from network import GATEWAY

PROGRAM_KB, NOISE_KB = 180, 300


def start(office):
    folder = office.folder
    for name in day_sites.OTHER:
        sites.make_certificate(folder, name)
    make_files(folder)
    for name, port in (("push.im-app.example", 5223), ("mtalk.google.com", 5228),
                       ("relay.helpdesk-vendor.example", 443), ("sensor.agri-box.example", 443),
                       ("imap.mailco.example", 443)):
        office.program("internet", "line_server", day_sites.OTHER[name][0], port,
                       *services.certificate(folder, name))
    own = office.own_certificate("self", "/CN=appliance/O=Maker")
    office.program("internet", "line_server", day_sites.BARE, 8443, *own)
    for address, port in ((day_sites.OTHER["acct.ledger-soft.example"][0], 8610),
                          (day_sites.BARE, 4370), (day_sites.OTHER["db.cloud-db.example"][0], 27000),
                          (day_sites.OTHER["time.appliance.example"][0], 5015)):
        office.program("internet", "line_server", address, port)
    office.program("internet", "sip_phone", day_sites.OTHER["voice.phoneline.example"][0], "serve")
    for address, port in ((day_sites.BARE, 32100), (day_sites.PEER, 9993)):
        office.program("internet", "datagrams", address, port, "serve")
    office.program("internet", "mail_server", day_sites.OTHER["smtp.mailco.example"][0], 587,
                   *services.certificate(folder, "smtp.mailco.example"))
    office.program("internet", "file_box", day_sites.OTHER["ftp.webspace.example"][0], 21)
    start_time(office)
    start_mosquitto(office)
    start_ssh(office)
    start_vpn(office)
    start_inside(office)


def make_files(folder):
    pages = folder / "pages"
    noise = os.urandom(NOISE_KB * 1024)
    program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8" + bytes(43) + b"\x80\0\0\0"
    program = program.ljust(0x80, b"\0") + b"PE\0\0d\x86\x06\0" + noise[:PROGRAM_KB * 1024]
    (pages / "setup.exe").write_bytes(program)
    (pages / "defs.bin").write_bytes(noise[:90000])
    (pages / "update.cab").write_bytes(b"MSCF\0\0\0\0" + noise[:60000])
    (pages / "seg.ts").write_bytes(b"G@\0\x10" + noise[:150000])
    (pages / "big.zip").write_bytes(b"PK\x03\x04" + noise)
    (pages / "api.json").write_text('{"status": "ok", "items": [1, 2, 3]}')
    (folder / "noise").write_bytes(noise)
    simple = pages / "simple/tool"
    simple.mkdir(parents=True)
    make_wheel(simple)
    make_repository(folder, pages)
    make_debs(folder, pages)


def make_wheel(simple):
    import zipfile
    name = "tool-1.0-py3-none-any.whl"
    with zipfile.ZipFile(simple / name, "w") as wheel:
        wheel.writestr("tool.py", "x = 1\n")
        wheel.writestr("tool-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n")
        wheel.writestr("tool-1.0.dist-info/WHEEL",
                       "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tool-1.0.dist-info/RECORD", "")
    (simple / "index.html").write_text(f'<html><body><a href="{name}">{name}</a></body></html>')


def make_repository(folder, pages):
    work = folder / "work"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
             "env": {**os.environ, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@office.example",
                     "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@office.example"}}
    subprocess.run(["git", "init", "-q", str(work)], **quiet)
    (work / "plan.txt").write_text("plan\n" * 500)
    subprocess.run(["git", "-C", str(work), "add", "."], **quiet)
    subprocess.run(["git", "-C", str(work), "commit", "-q", "-m", "Plan"], **quiet)
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(pages / "plan.git")], **quiet)
    subprocess.run(["git", "-C", str(pages / "plan.git"), "update-server-info"], **quiet)


def make_debs(folder, pages):
    deb = pages / "debian"
    tree = folder / "deb"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/share/sample").mkdir(parents=True)
    (tree / "usr/share/sample/data").write_bytes(os.urandom(50000))
    (tree / "DEBIAN/control").write_text("Package: sample\nVersion: 1.0\nArchitecture: all\n"
                                         "Maintainer: it <it@office.example>\nDescription: x\n")
    deb.mkdir()
    subprocess.run(["dpkg-deb", "--build", str(tree), str(deb / "sample.deb")], check=True,
                   stdout=subprocess.DEVNULL)
    index = subprocess.run(["dpkg-deb", "-I", str(deb / "sample.deb"), "control"], check=True,
                           capture_output=True, text=True).stdout
    size = (deb / "sample.deb").stat().st_size
    digest = subprocess.run(["sha256sum", str(deb / "sample.deb")], check=True,
                            capture_output=True, text=True).stdout.split()[0]
    (deb / "Packages").write_text(f"{index.strip()}\nFilename: ./sample.deb\nSize: {size}\n"
                                  f"SHA256: {digest}\n\n")


def start_time(office):
    for number, address in enumerate([day_sites.BARE_TIME,
                                      *(day_sites.OTHER[name][0] for name in
                                        ("ntp.nict.jp", "time.windows.com"))]):
        path = office.folder / f"chrony-{number}.conf"
        path.write_text(f"local stratum 2\nallow all\nbindaddress {address}\ncmdport 0\n"
                        f"bindcmdaddress {office.folder}/chrony-s{number}.sock\n"
                        f"pidfile {office.folder}/chrony-s{number}.pid\n")
        office.start("internet", "chronyd", "-x", "-d", "-4", "-u", "root", "-f", str(path))


def start_mosquitto(office):
    tls, lines = office.folder / "tls", ["allow_anonymous true", "user root"]
    for name in ("mqtt.smart-plug.example", "mqtt.thermo-home.example"):
        lines += [f"listener 8883 {day_sites.OTHER[name][0]}", f"certfile {tls}/{name}.pem",
                  f"keyfile {tls}/{name}.key"]
    (office.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    office.start("internet", "mosquitto", "-c", str(office.folder / "mosquitto.conf"))
    (office.folder / "hub.conf").write_text("allow_anonymous true\nuser root\nlistener 1883\n")
    office.start("nas", "mosquitto", "-c", str(office.folder / "hub.conf"))


def start_ssh(office):
    folder = office.folder
    sites.run_quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "client_key")
    (folder / "keys").write_bytes((folder / "client_key.pub").read_bytes())
    path = folder / "sshd-out.conf"
    path.write_text(f"HostKey {folder}/ssh_key\nPidFile {folder}/sshd-out.pid\nUsePAM no\n"
                    f"StrictModes no\nAuthorizedKeysFile {folder}/keys\nPermitRootLogin yes\n"
                    f"PasswordAuthentication no\nSubsystem sftp internal-sftp\n")
    for where in ("internet", "printer"):
        # The printer's namespace stands for a small Linux box that the office looks after.
        office.start(where, shutil.which("sshd"), "-D", "-f", str(path))


def start_vpn(office):
    folder = office.folder
    sites.run_quietly("openvpn", "--genkey", "secret", folder / "vpn.key")
    name = "vpn.head-office.example"
    (folder / "vpn-server.conf").write_text(
        f"dev tun\nproto udp\nport 1194\nlocal {day_sites.OTHER[name][0]}\nmode server\n"
        f"tls-server\nifconfig 10.77.0.1 10.77.0.2\nca {folder}/tls/ca.pem\n"
        f"cert {folder}/tls/{name}.pem\nkey {folder}/tls/{name}.key\ndh none\n"
        f"keepalive 3 20\nduplicate-cn\n")
    sites.make_certificate(folder, "laptop")
    office.start("internet", "openvpn", "--config", str(folder / "vpn-server.conf"))


def start_inside(office):
    (office.folder / "snmpd.conf").write_text("rocommunity public\nsyslocation 2F\n")
    office.start("printer", "snmpd", "-f", "-Lo", "-C", "-c", str(office.folder / "snmpd.conf"),
                 "udp:161")
    office.start("nas", "redis-server", "--port", "6379", "--save", "", "--protected-mode", "no")
    office.start("nas", "nginx", "-e", str(office.folder / "nas-start.log"), "-c",
                 str(inside_web(office.folder)))
    (office.folder / "dav").mkdir()
    office.start("internet", "rclone", "serve", "webdav", str(office.folder / "dav"), "--addr",
                 f"{day_sites.OTHER['sftp.edi-partner.example'][0]}:443", "--cert",
                 str(office.folder / "tls/sftp.edi-partner.example.pem"), "--key",
                 str(office.folder / "tls/sftp.edi-partner.example.key"))
    (office.folder / "rest").mkdir()
    office.start("internet", "rclone", "serve", "restic", str(office.folder / "rest"), "--addr",
                 f"{day_sites.OTHER['db.cloud-db.example'][0]}:8000")
    office.start("internet", "iperf3", "-s", "-B", day_sites.OTHER["ssh.hosting.example"][0])
    office.start("internet", "turnserver", "-n", "-a", "-u", "user:sample", "-r", "office.example",
                 "--no-tls", "--no-dtls", "--allow-loopback-peers", "--no-cli",
                 "-L", day_sites.PEER, "--pidfile", str(office.folder / "turn.pid"),
                 "-l", str(office.folder / "turn.log"))


def inside_web(folder):
    path = folder / "nas-nginx.conf"
    path.write_text(f"""
user root;
worker_processes 1;
daemon off;
pid {folder}/nas-nginx.pid;
error_log {folder}/nas-error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nas-body;
    proxy_temp_path {folder}/nas-proxy;
    fastcgi_temp_path {folder}/nas-fastcgi;
    uwsgi_temp_path {folder}/nas-uwsgi;
    scgi_temp_path {folder}/nas-scgi;
    server {{ listen 5000; root {folder}/pages; location /webapi {{ return 200 "ok"; }} }}
}}
""")
    return path
