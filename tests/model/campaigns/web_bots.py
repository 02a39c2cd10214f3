"""Bots and bankers that report over plain HTTP, as analyses published between 2012 and 2023 describe them."""
from family import family
from speech import BROWSING, CHROME, FIREFOX, FORM, IE7, IE8, IE11, get, http, post, program, windows


def every(s, times, least, most, ask):
    for _ in range(times):
        ask()
        s.wait(least, most)


@family("emotet_form")
def emotet_form(s):
    windows(s)
    site = s.name()
    http(s, s.lookup(site), 80, site, (get(f"/wp-content/{s.token(8)}/"), dict(
        kind="application/octet-stream", body=program(s, 90000), extra=f'Content-Disposition: attachment; filename="{s.token(9)}.exe"')))
    s.wait(20, 60)
    for _ in range(s.random.randint(2, 4)):
        server, port = s.address(), s.random.choice((80, 8080, 443, 7080, 20))
        path = "/".join(s.word() for _ in range(s.random.randint(1, 4)))
        for _ in range(s.random.randint(1, 3)):
            http(s, server, port, server, (post(f"/{path}/", s.token(9).encode() + b"=" + s.base64(430).encode(), IE7,
                 f"Referer: http://{server}/{path}/\r\nDNT: 1"), dict(body=s.noise(132, 2000))))
            s.wait(20, 120)


@family("emotet_multipart")
def emotet_multipart(s):
    windows(s)
    for _ in range(s.random.randint(2, 5)):
        server, port = s.address(), s.random.choice((80, 8080, 443, 7080))
        path = "/".join(s.token(s.random.randint(4, 14)) for _ in range(s.random.randint(2, 5)))
        mark = "-" * 20 + s.token(14)
        body = f'--{mark}\r\nContent-Disposition: form-data; name="{s.token(8)}"; filename="{s.token(9)}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        http(s, server, port, server, (post(f"/{path}/", body.encode() + s.noise(4400) + f"\r\n--{mark}--".encode(), IE7,
             f"DNT: 0\r\nReferer: {server}/{path}/", f"multipart/form-data; boundary={mark}"), dict(body=s.noise(132, 3000))))
        s.wait(15, 120)


@family("emotet_cookie")
def emotet_cookie(s):
    server = s.address()
    windows(s)
    every(s, s.random.randint(2, 5), 60, 200, lambda: http(s, server, 8080, server, (
        get("/", IE7, f"Cookie: {s.random.randint(100, 60000)}={s.base64(360)}="), dict(body=s.noise(132, 4000)))))


@family("zeus_gate")
def zeus_gate(s):
    windows(s)
    name = s.name()
    server, agent = s.lookup(name), s.random.choice((IE8, IE7))
    http(s, server, 80, name, (get(f"/{s.word()}/{s.token(4)}.bin", agent, "Accept: */*"),
                               dict(kind="application/octet-stream", body=s.noise(20000, 60000))))
    every(s, s.random.randint(2, 6), 60, 180, lambda: http(s, server, 80, name, (
        post(f"/{s.word()}/gate.php", s.noise(200, 900), agent, "Accept: */*", None), dict(body=s.noise(40, 300)))))


@family("andromeda")
def andromeda(s):
    windows(s)
    name = s.name()
    server = s.lookup(name, server="8.8.4.4")
    every(s, s.random.randint(1, 4), 60, 300, lambda: http(s, server, 80, name, (
        post(f"/{s.word()}/image.php", s.base64(84).encode(), "Mozilla/4.0"), dict(body=s.noise(30, 200)))))


@family("pony")
def pony(s):
    windows(s)
    name = s.name()
    for _ in range(s.random.randint(1, 3)):
        stream = s.tcp(s.lookup(name), 80).open()
        body = s.noise(250, 900)
        stream.up((f"POST /{s.word()}/gate.php HTTP/1.0\r\nHost: {name}\r\nAccept: */*\r\n"
                   f"Accept-Encoding: identity, *;q=0\r\nAccept-Language: en-US\r\nContent-Length: {len(body)}\r\n"
                   "Content-Type: application/octet-stream\r\nConnection: close\r\nContent-Encoding: binary\r\n"
                   "User-Agent: Mozilla/4.0 (compatible; MSIE 5.0; Windows 98)\r\n\r\n").encode() + body)
        stream.down(b"HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Length: 16\r\nConnection: close\r\n"
                    b"Content-Type: text/html\r\n\r\nSTATUS-IMPORT-OK")
        stream.close(False)
        s.wait(5, 60)


@family("hancitor_like")
def hancitor_like(s):
    windows(s)
    http(s, s.lookup("api.ipify.org"), 80, "api.ipify.org", (get("/", IE11, "Accept: */*"), dict(kind="text/plain", body=s.address().encode())))
    name = s.name()
    server, machine = s.lookup(name), s.random.getrandbits(63)
    every(s, s.random.randint(3, 6), 110, 130, lambda: http(s, server, 80, name, (
        post("/8/forum.php", f"GUID={machine}&BUILD={s.token(6)}&INFO={s.pc} @ {s.pc}\\{s.user}&EXT=&IP={s.address()}&TYPE=1&WIN=10.0(x64)".encode(),
             IE11, "Accept: */*"), dict(body=s.base64(s.random.choice((4, 80))).encode()))))


@family("ursnif_images")
def ursnif_images(s):
    windows(s)
    for name in (s.name(), s.name())[:s.random.randint(1, 2)]:
        server = s.lookup(name)
        for end in s.random.choice(((".avi", ".avi", ".avi"), (".gif", ".jpeg", ".bmp"))):
            path = "/".join(s.token(s.random.randint(8, 40), "abcdefghijkABCDEFGH0123456789_") for _ in range(6)) + "_2F/" + s.token(9)
            http(s, server, 80, name, (get(f"/images/{path}{end}", s.random.choice((IE8, IE11)), BROWSING),
                                       dict(body=s.base64(s.random.randint(2000, 200000)).encode())))
            s.wait(1, 5)
        s.wait(60, 200)
    name, server = s.name(), s.address()
    http(s, server, 80, server, (get(f"/{s.word()}32.rar", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 10.0; Win64; x64)", "Accept: */*\r\nCache-Control: no-cache"),
                                 dict(kind="application/x-rar-compressed", body=s.noise(180000))))


@family("ursnif_dll")
def ursnif_dll(s):
    """The later form: a library by plain HTTP, and reports by wininet to bare addresses and rented tops."""
    windows(s)
    server, name = s.address(), s.name(("at", "website", "ru", "top"))
    agent = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 10.0; Win64; x64)"
    for _ in range(s.random.randint(3, 6)):
        path = "/".join(s.token(s.random.randint(10, 50), "abcdefghijkABCDEFGH0123456789_") for _ in range(5))
        http(s, server, 80, server, (get(f"/uploaded/{path}.pct", agent, "Cache-Control: no-cache"), dict(body=s.noise(40, 400))))
        s.wait(30, 120)
    server = s.lookup(name)
    mark = s.token(24)
    http(s, server, 80, name, (post(f"/uploaded/{s.token(60)}.dib", s.noise(3000), agent, "Cache-Control: no-cache", f"multipart/form-data; boundary={mark}"), dict(body=b"")))


@family("zloader_http")
def zloader_http(s):
    windows(s)
    for _ in range(s.random.randint(1, 3)):
        name = s.name()
        server = s.lookup(name)
        every(s, s.random.randint(1, 3), 30, 90, lambda: http(s, server, 80, name, (
            post("/web/post.php", s.noise(180, 900), CHROME, "Accept: */*\r\nCache-Control: no-cache"), dict(body=s.noise(50, 2000)))))


@family("smokeloader")
def smokeloader(s):
    windows(s)
    for _ in range(s.random.randint(1, 4)):
        name = s.name()
        server = s.lookup(name)
        for _ in range(s.random.randint(1, 4)):
            http(s, server, 80, name, (post("/", s.noise(100, 380), IE11, f"Accept: */*\r\nReferer: http://{s.word()}.{s.random.choice(('com', 'org', 'net'))}/"),
                                       dict(status=404, body=s.noise(7, 40000))))
            s.wait(1, 60)


@family("amadey")
def amadey(s):
    windows(s)
    server, path = s.address(), s.token(8)
    every(s, s.random.randint(3, 12), 30, 61, lambda: http(s, server, 80, server, (
        post(f"/{path}/index.php", f"id={s.random.getrandbits(40)}&vs=3.8{s.random.randint(0, 9)}&sd={s.token(6)}&os=1&bi=1&ar=1&pc={s.pc}&un={s.user}&dm=&av=13&lv=0&og=1".encode()),
        dict(body=b"<c><d>"))))
    http(s, server, 80, server, (get(f"/{path}/Plugins/cred64.dll"), dict(kind="application/octet-stream", body=program(s, 90000))))


@family("gozi_kronos_post")
def kronos(s):
    windows(s)
    name = s.name()
    server = s.lookup(name)
    every(s, s.random.randint(2, 7), 50, 120, lambda: http(s, server, 80, name, (
        post(f"/{s.word()}/connect.php?a=1", s.noise(74, 150), None, "Cache-Control: no-cache", None), dict(body=s.noise(20, 90)))))


@family("upatre_dyre")
def upatre(s):
    windows(s)
    http(s, s.lookup("icanhazip.com"), 80, "icanhazip.com", (get("/", "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/535.1", "Accept: text/*, application/*"), dict(kind="text/plain", body=b"1.2.3.4")))
    server, port = s.address(), s.random.randint(12000, 19000)
    for kind in ("0/61-SP1/0/", "41/5/1/"):
        http(s, server, port, server, (get(f"/{s.word()}21/{s.pc}/{kind}", "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/535.1", "Accept: text/*, application/*"), dict(body=b"")))
        s.wait(1, 4)
    site = s.name()
    http(s, s.lookup(site), 80, site, (get(f"/images/{s.word()}.pdf", "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/535.1", "Accept: text/*, application/*"),
                                       dict(kind="application/pdf", body=s.noise(100000))))


@family("cryptowall")
def cryptowall(s):
    windows(s)
    key = s.token(10)
    for _ in range(s.random.randint(4, 12)):
        name = s.name()
        http(s, s.lookup(name), 80, name, (post(f"/wp-content/themes/{s.word()}/{s.token(6)}.php?{s.token(1)}={key}", f"{s.token(1)}={s.token(100, '0123456789abcdef')}".encode(),
             IE8, "Accept: */*\r\nCache-Control: no-cache"), dict(status=s.random.choice((404, 200)), body=s.noise(20, 400))))
        s.wait(1, 10)


@family("locky")
def locky(s):
    windows(s)
    site = s.name()
    http(s, s.lookup(site), 80, site, (get(f"/{s.token(7)}", IE7, "Accept: */*\r\nAccept-Encoding: gzip, deflate"), dict(kind="text/plain", body=s.noise(150000))))
    s.wait(5, 30)
    for _ in range(s.random.randint(1, 2)):
        server = s.address()
        for _ in range(s.random.randint(2, 4)):
            http(s, server, 80, server, (post(s.random.choice(("/checkupdate", "/information.cgi", "/upd.php", "/imageload.cgi")),
                 f"{s.token(5)}={s.base64(300)}".encode(), IE7, "Accept: */*\r\nAccept-Language: en-us\r\n"
                 f"Referer: http://{server}/\r\nx-requested-with: XMLHttpRequest\r\nAccept-Encoding: gzip, deflate\r\nCache-Control: no-cache"), dict(body=s.noise(300, 12000))))
            s.wait(1, 20)


@family("gandcrab")
def gandcrab(s):
    windows(s)
    http(s, s.lookup("ipv4bot.whatismyipaddress.com"), 80, "ipv4bot.whatismyipaddress.com", (get("/", "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36", ""), dict(kind="text/plain", body=b"1.2.3.4")))
    name = s.name(("bit", "coin", "ru"))
    server = s.address()
    for _ in range(3):
        http(s, server, 80, name, (post(f"/{s.word()}?{s.word()}={s.word()}", f"data={s.base64(900)}".encode(), "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36", ""), dict(body=s.base64(40).encode())))
        s.wait(5, 30)


@family("kovter")
def kovter(s):
    windows(s)
    for _ in range(s.random.randint(15, 60)):
        server, port = s.address(), s.random.choice((80, 80, 80, 443, 8080))
        if s.random.random() < 0.6:
            s.tcp(server, port).silent() if s.random.random() < 0.2 else s.tcp(server, port).refused(2)
        else:
            http(s, server, port, server, (post("/", s.base64(300).encode(), "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:25.0) Gecko/20100101 Firefox/25.0"),
                                           dict(status=s.random.choice((200, 404)), body=s.noise(10, 300))))
        s.wait(0.5, 3)


@family("kelihos")
def kelihos(s):
    windows(s)
    for _ in range(s.random.randint(8, 30)):
        server = s.address()
        if s.random.random() < 0.5:
            s.tcp(server, 80).silent()
            continue
        http(s, server, 80, server, (dict(method="GET", uri=f"/{s.word()}.htm", agent=s.random.choice((IE8, CHROME, FIREFOX)), body=s.noise(150, 400)),
                                     dict(body=s.noise(1000, 20000), kind="")))
        s.wait(5, 30)


@family("phorpiex")
def phorpiex(s):
    windows(s)
    server, agent = s.address(), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.150 Safari/537.36"
    for number in range(1, s.random.randint(4, 8)):
        http(s, server, 80, server, (get(f"/{s.random.choice(('twizt/', ''))}{number}", agent), dict(kind="application/octet-stream", body=s.noise(5000, 90000))))
        s.wait(1, 30)


@family("sality")
def sality(s):
    windows(s)
    for _ in range(s.random.randint(1, 3)):
        name = s.name()
        http(s, s.lookup(name), 80, name, (get(f"/images/{s.random.choice(('logo', 'logof', 'xs'))}.gif?{s.token(6, '0123456789abcdef')}={s.random.randint(10**6, 10**8)}",
             "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.8.0.7) KUKU v5.06exp =11223344556"), dict(kind="image/gif", body=s.noise(9000))))
        s.wait(1, 20)
    for _ in range(s.random.randint(30, 120)):
        s.udp(s.address(), s.random.randint(1100, 9999), s.noise(20, 60), s.noise(20, 300) if s.random.random() < 0.1 else None)
        s.wait(0.2, 4)


@family("necurs_db")
def necurs(s):
    windows(s)
    for _ in range(s.random.randint(2, 6)):
        s.lookup(s.token(s.random.randint(8, 16), "abcdefghijklmnopqrstuvwxy") + "." + s.random.choice(("com", "pw", "mu", "bit")), fails=True)
    server = s.address()
    every(s, s.random.randint(2, 5), 10, 60, lambda: http(s, server, 80, server, (
        post("/forum/db.php", s.noise(200, 500), "Mozilla/5.0 (Windows NT 6.1; Win64; x64; Trident/7.0; rv:11.0) like Gecko", "Cache-Control: no-cache", "application/octet-stream"), dict(body=s.noise(120, 900)))))


@family("pushdo")
def pushdo(s):
    windows(s)
    for _ in range(s.random.randint(8, 25)):
        name = s.name()
        http(s, s.lookup(name), 80, name, (post("/", s.noise(300, 500), IE8, "Accept: */*\r\nAccept-Language: en-us", "application/octet-stream"),
                                           dict(status=s.random.choice((404, 200, 302)), body=s.noise(100, 2000))))
        s.wait(0.3, 3)


@family("vawtrak")
def vawtrak(s):
    windows(s)
    name = s.name()
    server = s.lookup(name)
    every(s, s.random.randint(3, 8), 20, 150, lambda: http(s, server, 80, name, (
        post(f"/collection/00000{s.token(3, '0123456789')}/00/{s.token(8, '0123456789ABCDEF')}", s.noise(100, 600), IE8, "Accept: */*\r\nCache-Control: no-cache", "application/octet-stream"),
        dict(kind="application/octet-stream", body=s.noise(20, 3000)))))


@family("asprox")
def asprox(s):
    windows(s)
    server = s.address()
    every(s, s.random.randint(2, 6), 30, 120, lambda: http(s, server, s.random.choice((443, 8080)), server, (
        post(f"/{s.token(42, '0123456789ABCDEF')}", s.noise(280, 320), "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:16.0) Gecko/20100101 Firefox/16.0", "Accept: */*"), dict(body=s.noise(50, 900)))))


@family("tinba")
def tinba(s):
    windows(s)
    name = s.token(12, "bcdefghijklmnopqrstuvwxy") + "." + s.random.choice(("com", "net", "ru", "pw", "in"))
    server = s.lookup(name)
    every(s, s.random.randint(2, 8), 20, 60, lambda: http(s, server, 80, name, (
        post(f"/{s.token(8)}/", s.noise(157), None, "", None), dict(body=s.noise(20, 5000)))))


@family("darkgate")
def darkgate(s):
    windows(s)
    name, port = s.name(), s.random.choice((80, 8080, 2351, 443))
    server = s.lookup(name)
    http(s, server, port, name, (get("/", "curl/7.83.1", "Accept: */*"), dict(kind="application/octet-stream", body=program(s, 300000))))
    every(s, s.random.randint(4, 12), 5, 30, lambda: http(s, server, port, name, (
        post("/", f"id={s.token(32)}&data={s.base64(200)}&act=1000".encode(), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/115.0.0.0 Safari/537.36"), dict(body=s.base64(20).encode()))))


@family("latrodectus_like_http")
def latrodectus(s):
    windows(s)
    name = s.name()
    server = s.lookup(name)
    every(s, s.random.randint(2, 5), 60, 300, lambda: http(s, server, 80, name, (
        post("/live/", s.base64(280).encode(), "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; Tob 1.1)"), dict(body=s.base64(120).encode()))))


@family("panda_or_generic_json")
def json_bot(s):
    windows(s)
    name = s.name()
    server = s.lookup(name)
    every(s, s.random.randint(4, 10), 10, 70, lambda: http(s, server, 80, name, (
        post(f"/api/{s.token(4)}", f'{{"id":"{s.token(16)}","host":"{s.pc}"}}'.encode(), None, "Accept: application/json", "application/json"), dict(kind="application/json", body=b'{"task":null}'))))


@family("ctu_clickfraud")
def clickfraud(s):
    """Bots of 2012–2015 that fetch tasks by GET, and click: a browser by name alone."""
    windows(s)
    name = s.name()
    server = s.lookup(name)
    for _ in range(s.random.randint(3, 8)):
        http(s, server, 80, name, (get(f"/{s.token(6)}.php?id={s.token(32, '0123456789abcdef')}&v=7&aff={s.random.randint(1, 999)}", IE8, "Accept: */*"), dict(body=s.base64(200).encode())))
        ad = s.name()
        http(s, s.lookup(ad), 80, ad, (get(f"/click?c={s.token(12)}", IE8, f"Accept: */*\r\nReferer: http://{s.name()}/"), dict(body=s.noise(200, 5000))))
        s.wait(2, 40)
