# SPDX-License-Identifier: Apache-2.0
"""HTTP/1 in the shapes it has, and what stands between client and server."""

from wire import CLIENT, PASSWORD, PROGRAMS, SERVER, recording

SITE = "http://www.office.example"


def nginx(wire):
    folder = wire.folder
    page = "".join(f"<p>line {n} of an example page</p>\n" for n in range(80))
    wire.file("www/index.html", page)
    wire.file("www/tool.exe", b"MZ\x90\x00" + bytes(56) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\0\0"
              + bytes(3000))
    wire.file("www/program", b"\x7fELF\x02\x01\x01" + bytes(3000))
    wire.file("www/script.ps1", "Write-Output example\n")
    for path in [folder / "www", *(folder / "www").iterdir()]:
        path.chmod(0o755)
    (folder / "www/dav").mkdir()
    (folder / "www/dav").chmod(0o777)
    conf = wire.file("nginx.conf", f"""daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
types {{ text/html html; text/plain ps1; }}
default_type application/octet-stream;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
access_log off;
server {{
listen {SERVER}:80;
listen {SERVER}:8080;
root {folder}/www;
location /old {{ return 301 /index.html; }}
location /accept {{ return 204; }}
location /dav {{ dav_methods PUT DELETE; client_max_body_size 1m; }}
location /squeezed {{ alias {folder}/www/index.html; gzip on; gzip_types *; gzip_min_length 1; }}
location /private {{ auth_basic "example"; auth_basic_user_file {folder}/users; }}
}} }}
""")
    wire.file("users", "anna:{PLAIN}" + PASSWORD + "\n")
    wire.server("nginx", "-e", f"{folder}/start.log", "-c", conf)


def curl(wire, *words, **options):
    wire.client("curl", "-s", "-o", "/dev/null", *words, **options)


@recording("http1-keep-alive", "nginx-light curl",
           "HTTP/1.1 several requests a connection, HEAD, redirect, 404, range, "
           "chunked and gzip answers, HTTP/1.0")
def http1_keep_alive(wire):
    nginx(wire)
    curl(wire, f"{SITE}/", f"{SITE}/?q=a%20b&c=%E3%81%82", f"{SITE}/missing", f"{SITE}/script.ps1")
    curl(wire, "-I", f"{SITE}/program")
    curl(wire, "-L", f"{SITE}/old")
    curl(wire, "-r", "10-20", f"{SITE}/")
    curl(wire, "--compressed", "-A", "Example-Agent/1.0 (test)", f"{SITE}/squeezed")
    curl(wire, "-0", "-H", "Host: other.office.example:8080", f"{SITE}:8080/")
    curl(wire, "-u", f"anna:{PASSWORD}", f"{SITE}/private/", expect=(0, 22))


@recording("http1-upload", "nginx-light curl",
           "HTTP/1.1 POST of a form and of parts, PUT, chunked PUT, 100 Continue")
def http1_upload(wire):
    nginx(wire)
    body = wire.file("report.csv", "name,value\n" + "example,1\n" * 150)
    curl(wire, "-d", "user=anna&note=example", f"{SITE}/accept")
    curl(wire, "-F", f"file=@{body}", f"{SITE}/accept")
    curl(wire, "-T", body, f"{SITE}/dav/report.csv")
    curl(wire, "-H", "Transfer-Encoding: chunked", "-T", body, f"{SITE}/dav/chunked.csv")
    curl(wire, "-H", "Expect: 100-continue", "-d", f"@{body}", f"{SITE}/accept")


@recording("http1-executable", "nginx-light curl wget",
           "HTTP/1.1 downloads of a PE and an ELF head, and of a script")
def http1_executable(wire):
    nginx(wire)
    curl(wire, f"{SITE}/tool.exe")
    curl(wire, f"http://{SERVER}:8080/program")
    wire.client("wget", "-q", "-O", "/dev/null", f"{SITE}/script.ps1")


@recording("http-proxy", "tinyproxy curl nginx-light",
           "HTTP proxy: CONNECT with TLS inside, an absolute URI, a refused port")
def http_proxy(wire):
    import tls
    nginx(wire)
    chain, key, _ = tls.authority(wire)
    tls.s_server(wire, 443, chain, key)
    conf = wire.file("tinyproxy.conf", f"Port 8888\nListen {SERVER}\nTimeout 20\nAllow {CLIENT}\n"
                     f"ConnectPort 443\nLogLevel Error\n")
    wire.server("tinyproxy", "-d", "-c", conf)
    proxy = f"http://{SERVER}:8888"
    curl(wire, "-x", proxy, f"{SITE}/index.html")
    curl(wire, "-k", "-x", proxy, "https://www.office.example/")
    curl(wire, "-k", "-x", proxy, "https://www.office.example:444/", expect=(56,))


@recording("socks5", "microsocks curl nginx-light",
           "SOCKS 5: by name, by address, with a password, with a wrong one, refused")
def socks5(wire):
    nginx(wire)
    wire.server("microsocks", "-i", SERVER, "-p", "1080")
    wire.server("microsocks", "-i", SERVER, "-p", "1081", "-u", "anna", "-P", PASSWORD)
    curl(wire, "--socks5-hostname", f"{SERVER}:1080", f"{SITE}/script.ps1")
    curl(wire, "--socks5", f"{SERVER}:1080", f"{SITE}/script.ps1")
    curl(wire, "--socks5-hostname", f"{SERVER}:1080", f"{SITE}:81/", expect=(97,))
    curl(wire, "--proxy", f"socks5h://anna:{PASSWORD}@{SERVER}:1081", f"{SITE}/script.ps1")
    curl(wire, "--proxy", f"socks5h://anna:wrong@{SERVER}:1081", f"{SITE}/", expect=(97,))


@recording("socks4", "openssh-server openssh-client curl nginx-light", "SOCKS 4 and 4a (ssh -D)")
def socks4(wire):
    import remote
    nginx(wire)
    key = remote.sshd(wire, "127.0.0.1")
    wire.server("ssh", "-i", key, *remote.SSH_OPTIONS, "-N", "-D", f"{SERVER}:1080", "anna@127.0.0.1")
    curl(wire, "--socks4", f"{SERVER}:1080", f"{SITE}/script.ps1")
    curl(wire, "--socks4a", f"{SERVER}:1080", f"{SITE}/script.ps1")


@recording("ntlm-http", "curl", "NTLM over HTTP: negotiate, challenge, authenticate")
def ntlm_http(wire):
    wire.server("python3", PROGRAMS / "ntlm_server.py", SERVER, "80")
    curl(wire, "--ntlm", "-u", f"OFFICE\\anna:{PASSWORD}", f"{SITE}/private/list")


@recording("winrm", "python3-winrm", "WinRM: SOAP over HTTP on port 5985 with NTLM")
def winrm(wire):
    wire.server("python3", PROGRAMS / "ntlm_server.py", SERVER, "5985")
    script = wire.file("ask.py", f"""import winrm
try:
    winrm.Session('srv.office.example', auth=('OFFICE\\\\anna', {PASSWORD!r}), transport='ntlm',
                  message_encryption='never').run_cmd('hostname')
except Exception as error:
    print(type(error).__name__)
""")
    # NTLM needs MD4, which OpenSSL 3 keeps apart.
    legacy = wire.file("openssl.conf", "openssl_conf = o\n[o]\nproviders = p\n[p]\nlegacy = on\n"
                       "default = on\n[on]\nactivate = 1\n")
    wire.client("env", f"OPENSSL_CONF={legacy}", "/usr/bin/python3", script)
