# SPDX-License-Identifier: Apache-2.0
"""
The names and addresses of the internet in the box, its certificates and its web pages.

Names are reserved ones (RFC 2606, RFC 6761) and addresses are documentation ones (RFC 5737,
RFC 3849), so a capture names nobody.
"""
import random
import subprocess

# name: (IPv4, IPv6 or nothing). Sites that are reached by web unless said otherwise.
SITES = {
    "www.daily-news.example": ("198.51.100.10", "2001:db8:51::10"),
    "assets.cdn.example.net": ("198.51.100.20", "2001:db8:51::20"),
    "shop.paperclip.example": ("198.51.100.30", ""),
    "updates.osvendor.example": ("198.51.100.60", ""),
    "telemetry.osvendor.example": ("198.51.100.61", ""),
    "connectivity.phoneos.example": ("198.51.100.70", ""),
    "maps.cityplan.example": ("203.0.113.15", "2001:db8:113::15"),
    "wiki.handbook.example.org": ("203.0.113.25", ""),
    "docs.officesuite.example": ("203.0.113.35", "2001:db8:113::35"),
    "weather.regional.example": ("192.0.2.40", ""),
}

IMAP = "imap.mailhost.example"
CHAT = "chat.teamtalk.example"
TIME = "ntp.timeservice.example"
CALL = "meet.videocall.example"

SERVICES = {
    IMAP: ("192.0.2.25", ""),
    CHAT: ("203.0.113.50", ""),
    TIME: ("192.0.2.123", ""),
    CALL: ("203.0.113.80", ""),
}

# What a page of any site is made of: a file and its size in bytes.
PAGE = {"index.html": 3900, "style.css": 1700, "app.js": 4600, "logo.svg": 900, "photo.jpg": 5200}
UPDATE_ANSWER = "current " + "0" * 120


def addresses(names):
    return sorted({address for pair in names.values() for address in pair if address})


def make_authority(folder):
    (folder / "tls").mkdir()
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/O=Office Sample Authority/CN=Sample Root",
            "-keyout", folder / "tls/ca.key", "-out", folder / "tls/ca.pem")


def make_certificate(folder, name):
    tls = folder / "tls"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=" + name, "-keyout", tls / f"{name}.key", "-out", tls / f"{name}.csr")
    (tls / f"{name}.ext").write_text(f"subjectAltName=DNS:{name}\n")
    openssl("x509", "-req", "-in", tls / f"{name}.csr", "-CA", tls / "ca.pem",
            "-CAkey", tls / "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", tls / f"{name}.ext", "-out", tls / f"{name}.pem")


def make_pages(folder):
    noise = random.Random(1)
    pages = folder / "pages"
    pages.mkdir()
    for name, size in PAGE.items():
        body = noise.randbytes(size)
        # Pages and scripts are text; only pictures may be anything.
        (pages / name).write_bytes(body if name.endswith("jpg") else body.hex().encode()[:size])


def write_nginx(folder, names):
    blocks = "\n".join(server_block(folder, name, pair) for name, pair in names.items())
    path = folder / "nginx.conf"
    path.write_text(f"""
user root;
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server_tokens off;
    types {{ text/html html; text/css css; text/javascript js; image/jpeg jpg; }}
{blocks}
}}
""")
    return path


def server_block(folder, name, pair):
    # By address, not on all: other programs of the same internet have port 443 of their own.
    hosts = [f"[{address}]" if ":" in address else address for address in pair if address]
    listen = "\n        ".join(f"listen {h}:80; listen {h}:443 ssl http2;" for h in hosts)
    return f"""
    server {{
        {listen}
        server_name {name};
        ssl_certificate {folder}/tls/{name}.pem;
        ssl_certificate_key {folder}/tls/{name}.key;
        root {folder}/pages;
        location /check {{ return 200 "{UPDATE_ANSWER}"; }}
        location /generate_204 {{ return 204; }}
        location /taken/ {{ client_max_body_size 256m; dav_methods PUT; create_full_put_path on; }}
        location /api/ {{ client_max_body_size 64m; return 200 '{{"ok": true}}'; }}
    }}"""


def openssl(*words):
    run_quietly("openssl", *words)


def run_quietly(*words):
    subprocess.run(list(map(str, words)), check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
