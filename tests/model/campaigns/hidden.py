"""Loaders and bankers behind TLS, penetration tools, exploit kits."""
from family import family
from rats import place, session
from speech import (BROWSING, CHROME, FIREFOX, FORM, GO, IE7, IE8, IE11, OLD, certificate, get, http, post, program, request,
                    response, tls, trusted, windows)


def drawn_subject(s):
    """Words from a generator in every field, as several bankers' servers have."""
    word = lambda: s.token(s.random.randint(5, 11), "aeioubcdfghjklmnprstvwxz")
    parts = [("C", s.token(2).upper() if s.random.random() < 0.5 else s.random.choice(("KE", "GB", "ES", "PT")))]
    parts += [("ST", word().title())] if s.random.random() < 0.4 else []
    parts += [("L", word().title()), ("O", f"{word().title()} {s.random.choice(('Inc.', 'SICAV', 'LLC.', 'Gmbh', 'Aps'))}")]
    parts += [("OU", f"{word().title()} {word()}")] if s.random.random() < 0.5 else []
    return tuple(parts + [("CN", f"{word()}.{s.random.choice(('com', 'org', 'info', 'net', 'biz', 'pr', 'name'))}")])


def visits(s, server, port, sni, chain, times, pause, **more):
    for _ in range(times):
        tls(s, server, port, sni, chain, ((s.random.randint(200, 900), s.random.randint(200, 3000)),), **more)
        s.wait(*pause)


@family("qakbot_tls")
def qakbot(s):
    windows(s)
    site = s.name()
    http(s, s.lookup(site), 80, site, (get(f"/4{s.random.randint(4000, 4999)}.{s.random.randint(10**6, 10**7)}.dat", IE7, "Accept: */*\r\nAccept-Encoding: gzip, deflate"), dict(kind="application/octet-stream", body=program(s, 200000))))
    s.wait(30, 90)
    own = certificate(s, drawn_subject(s), drawn_subject(s), 60, 365)
    server, port = s.address(), s.random.choice((443, 443, 995, 2222, 993, 2078, 465))
    visits(s, server, port, None, (own,), s.random.randint(2, 6), (30, 120))


@family("dridex_tls")
def dridex(s):
    windows(s)
    for _ in range(s.random.randint(1, 4)):
        visits(s, s.address(), s.random.choice((443, 4443, 3389, 5900, 8172, 691, 6601, 1443, 3886)), None, (certificate(s, drawn_subject(s), None, 20, 200),), s.random.randint(1, 3), (10, 120))


@family("trickbot_tls")
def trickbot(s):
    windows(s)
    name = s.random.choice(("icanhazip.com", "wtfismyip.com", "ident.me"))
    http(s, s.lookup(name), 80, name, (get("/raw", "curl/7.71.1"), dict(kind="text/plain", body=b"1.2.3.4")))
    subject = s.random.choice(((("C", "AU"), ("ST", "Some-State"), ("O", "Internet Widgits Pty Ltd")), (("C", "US"), ("ST", "IL"), ("L", "Chicago"), ("O", "Internet"), ("CN", "rwwq"))))
    for _ in range(s.random.randint(1, 3)):
        visits(s, s.address(), s.random.choice((443, 447, 449)), None, (certificate(s, subject, None, 20, 365),), 2, (20, 90))
    server = s.address()
    gtag = f"/{s.word()[:3]}{s.random.randint(1, 200)}/{s.pc}_W617601.{s.token(32, '0123456789ABCDEF')}"
    for act in ("81", "83", "90"):
        mark = s.token(16)
        http(s, server, s.random.choice((8082, 80, 443)), server, (post(f"{gtag}/{act}/", f'--{mark}\r\nContent-Disposition: form-data; name="data"\r\n\r\n'.encode() + s.base64(900).encode(), "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; WOW64)", "Accept: */*", f"multipart/form-data; boundary={mark}"), dict(kind="text/plain", body=b"/1/")))


@family("trickbot_png")
def trickbot_png(s):
    windows(s)
    server = s.address()
    for name in ("mini", "lastimg", "scrimg"):
        http(s, server, 80, server, (get(f"/images/{name}.png", s.random.choice(("WinHTTP loader/1.0", None, "curl/7.74.0"))), dict(kind="image/png", body=program(s, 150000))))
        s.wait(5, 60)


@family("icedid")
def icedid(s):
    windows(s)
    name = s.name()
    http(s, s.lookup(name), 80, name, (get("/", None, f"Cookie: __gads={s.random.randint(10**9, 10**10)}:1:{s.random.randint(1000, 99999)}:133; _gat=10.0.19042.64; _ga=1.591594.1635208534.76; _u={s.token(20, '0123456789ABCDEF')}:{s.token(12, '0123456789ABCDEF')}; __io=21_3990468985_3832573211_2062024380; _gid={s.token(12, '0123456789ABCDEF')}"),
                                       dict(kind="application/gzip", body=b"\x1f\x8b\x08" + s.noise(500000))))
    s.wait(20, 90)
    own = certificate(s, (("CN", "localhost"), ("C", "AU"), ("ST", "Some-State"), ("O", "Internet Widgits Pty Ltd")), None, 10, 365)
    for name in (s.name(("top", "com", "space")), s.name(("top", "com", "space"))):
        visits(s, s.lookup(name), 443, name, (own,), s.random.randint(1, 2), (60, 300))


@family("emotet_tls")
def emotet_tls(s):
    windows(s)
    own = certificate(s, (("C", "GB"), ("ST", "London"), ("L", "London"), ("O", "Global Security"), ("OU", "IT Department"), ("CN", "example.com")), None, 100, 365)
    for _ in range(s.random.randint(1, 4)):
        visits(s, s.address(), s.random.choice((443, 8080, 7080, 80)), None, (own,), s.random.randint(1, 2), (5, 60))


@family("bumblebee")
def bumblebee(s):
    windows(s)
    own = certificate(s, (("C", "AU"), ("ST", "Some-State"), ("O", "Internet Widgits Pty Ltd")), None, 10, 365)
    visits(s, s.address(), 443, None, (own,), s.random.randint(3, 8), (25, 240))


@family("pikabot")
def pikabot(s):
    windows(s)
    for _ in range(s.random.randint(1, 4)):
        visits(s, s.address(), s.random.choice((2078, 2225, 13721, 5938, 1194, 443, 2967)), None, (certificate(s, drawn_subject(s), None, 5, 365),), s.random.randint(1, 3), (10, 120))


@family("gootkit_tls")
def gootkit(s):
    windows(s)
    name = s.name()
    own = certificate(s, (("C", "US"), ("ST", "Washington"), ("L", "Redmond"), ("O", "My Company Ltd"), ("CN", "localhost")), None, 10, 3650)
    visits(s, s.lookup(name), s.random.choice((443, 80, 8443)), name, (own,), s.random.randint(2, 8), (10, 60))


@family("dyre_tls")
def dyre(s):
    windows(s)
    own = certificate(s, (("C", "US"), ("O", "Internet Widgits Pty Ltd")), None, 20, 730)
    for _ in range(s.random.randint(2, 4)):
        visits(s, s.address(), s.random.choice((443, 4443, 10443, 1443)), None, (own,), s.random.randint(1, 3), (10, 60), ciphers=OLD, version=b"\3\1")
    s.udp(s.lookup("stun.l.google.com"), 3478, b"\0\1\0\0\x21\x12\xa4\x42" + s.noise(12), b"\1\1\0\x0c\x21\x12\xa4\x42" + s.noise(24))


@family("bazar_tls")
def bazar(s):
    windows(s)
    own = certificate(s, (("C", "NN"), ("ST", "NNN"), ("L", "NN"), ("O", "NN"), ("CN", "forgame.bazar")), (("CN", "amadeamadey.bazar"),), 10, 365)
    visits(s, s.address(), 443, s.random.choice((None, "forgame.bazar")), (own,), s.random.randint(2, 5), (60, 240))


@family("banker_trusted_tls")
def banker_trusted(s):
    """A name of last week with a free certificate: little to go by but its rhythm."""
    windows(s)
    name = s.name(("top", "xyz", "com", "shop"))
    visits(s, s.lookup(name), 443, name, trusted(s, name), s.random.randint(10, 24), (28, 34))


@family("cobalt_http")
def cobalt_http(s):
    windows(s)
    by_name = s.random.random() < 0.5
    name = s.name()
    server = s.lookup(name) if by_name else s.address()
    host, port = name if by_name else server, s.random.choice((80, 80, 8080, 443))
    agent = s.random.choice(("Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0; BOIE9;ENUS)", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)", IE11))
    uri, period, jitter = s.random.choice(("/ca", "/dpixel", "/__utm.gif", "/ptj", "/visit.js", "/load")), s.random.choice((5, 10, 60, 45)), s.random.choice((0, 0, 0.37))
    http(s, server, port, host, (get(f"/{s.token(4)}", agent), dict(kind="application/octet-stream", body=s.noise(200000))))
    for _ in range(s.random.randint(6, 30)):
        http(s, server, port, host, (get(uri, agent, f"Accept: */*\r\nCookie: {s.base64(171)}=\r\nCache-Control: no-cache"), dict(kind="application/octet-stream", body=b"" if s.random.random() < 0.9 else s.noise(48, 5000))))
        if s.random.random() < 0.1:
            http(s, server, port, host, (post(f"/submit.php?id={s.random.randint(1000, 99999)}", s.noise(60, 3000), agent, "Accept: */*", "application/octet-stream"), dict(body=b"")))
        s.wait(period * (1 - jitter), period)


@family("cobalt_jquery")
def cobalt_jquery(s):
    """A profile that looks like a browser in every header."""
    windows(s)
    name = s.name()
    server = s.lookup(name)
    for _ in range(s.random.randint(8, 24)):
        http(s, server, 80, name, (get("/jquery-3.3.1.min.js", IE11, f"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nReferer: http://code.jquery.com/\r\nAccept-Encoding: gzip, deflate\r\nCookie: __cfduid={s.base64(171)}"), dict(kind="application/javascript; charset=utf-8", body=b"/*! jQuery v3.3.1 */" + s.base64(5500).encode())))
        s.wait(38, 45)


@family("cobalt_https")
def cobalt_https(s):
    windows(s)
    own = certificate(s, (("C", ""), ("ST", ""), ("L", ""), ("O", ""), ("OU", ""), ("CN", "")) if s.random.random() < 0.5 else (("C", "Earth"), ("ST", "Cyberspace"), ("L", "Somewhere"), ("O", "cobaltstrike"), ("OU", "AdvancedPenTesting"), ("CN", "Major Cobalt Strike")), None, 100, 3650)
    visits(s, s.address(), s.random.choice((443, 8443, 4444)), None, (own,), s.random.randint(6, 20), (25, 60))


@family("meterpreter_tcp")
def meterpreter_tcp(s):
    windows(s)
    session(s, s.address(), s.random.choice((4444, 443, 8080, 80, s.random.randint(1500, 60000))), ((False, b"\x46\xa1\2\0"), (False, b"MZ" + s.noise(170000)), (True, s.noise(120)), (False, s.noise(120))), lambda: ((False, s.noise(60, 140)), (True, s.noise(100, 3000))), minutes=(2, 8), pause=(3, 60))


@family("meterpreter_http")
def meterpreter_http(s):
    windows(s)
    server, port = s.address(), s.random.choice((80, 8080, 8081, 443))
    http(s, server, port, server, (get(f"/{s.token(30)}", IE11, "Cache-Control: no-cache"), dict(kind="application/octet-stream", body=b"MZ" + s.noise(170000))))
    path = s.token(90)
    for _ in range(s.random.randint(10, 60)):
        http(s, server, port, server, (get(f"/{path}/", IE11, "Cache-Control: no-cache"), dict(kind="application/octet-stream", body=b"" if s.random.random() < 0.8 else s.noise(100, 900))))
        s.wait(0.5, 10)


@family("meterpreter_https")
def meterpreter_https(s):
    windows(s)
    own = certificate(s, (("C", "US"), ("ST", "WA"), ("O", f"{s.word().title()}-{s.word().title()}"), ("OU", s.word()), ("CN", s.name())), None, 300, 3000)
    visits(s, s.address(), s.random.choice((443, 8443, 4443)), None, (own,), s.random.randint(10, 40), (1, 10))


@family("empire")
def empire(s):
    windows(s)
    server, port = s.address(), s.random.choice((80, 8080, 8081, 443))
    for _ in range(s.random.randint(15, 60)):
        http(s, server, port, server, (get(s.random.choice(("/admin/get.php", "/news.php", "/login/process.php")), IE11, f"Cookie: session={s.base64(27)}="), dict(server="Microsoft-IIS/7.5", body=b"<html><body><h1>It works!</h1></body></html>")))
        s.wait(4.5, 5.5)


@family("mythic_http")
def mythic(s):
    windows(s)
    name = s.name()
    server = s.lookup(name) if s.random.random() < 0.5 else s.address()
    for _ in range(s.random.randint(10, 40)):
        http(s, server, 80, name, (post("/data", s.base64(420).encode(), IE11, "", None), dict(body=s.base64(300).encode())))
        s.wait(8, 12)


@family("sliver_http")
def sliver_http(s):
    windows(s)
    name = s.name()
    server = s.lookup(name) if s.random.random() < 0.5 else s.address()
    for _ in range(s.random.randint(6, 20)):
        http(s, server, 80, name, (get(f"/{s.word()}/{s.word()}.{s.random.choice(('woff', 'js', 'html', 'php'))}?{s.token(1)}={s.token(9)}", CHROME, f"Accept-Encoding: gzip\r\nCookie: PHPSESSID={s.token(32)}"), dict(status=s.random.choice((200, 404)), body=s.noise(40, 400))))
        s.wait(30, 90)


@family("sliver_mtls")
def sliver_mtls(s):
    windows(s)
    tls(s, s.address(), s.random.choice((8888, 31337, 443, s.random.randint(1500, 60000))), None, (), ((900, 90),) + ((90, 90),) * s.random.randint(3, 10), ciphers=GO, v13=True, pause=(30, 60))


@family("python_or_curl_bot")
def tool_bot(s):
    server, port = s.address(), s.random.choice((80, 8000, 8888, 5000, 8080))
    agent = s.random.choice(("python-requests/2.25.1", "Go-http-client/1.1", "curl/7.68.0"))
    for _ in range(s.random.randint(6, 20)):
        http(s, server, port, server, (post(f"/{s.word()}", s.base64(200).encode(), agent, "Accept-Encoding: gzip"), dict(body=s.base64(100).encode())))
        s.wait(10, 60)


@family("netsupport")
def netsupport(s):
    windows(s)
    http(s, s.lookup("geo.netsupportsoftware.com"), 80, "geo.netsupportsoftware.com", (get("/location/loca.asp"), dict(body=b"16.4,-2.1")))
    server = s.address()
    stream = s.tcp(server, s.random.choice((443, 443, 1203, 3085))).open()
    for _ in range(s.random.randint(3, 9)):
        body = f"CMD=POLL\nINFO=1\nACK=1\n{s.base64(100)}".encode()
        stream.up(f"POST http://{server}/fakeurl.htm HTTP/1.1\r\nUser-Agent: NetSupport Manager/1.3\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length:    {len(body)}\r\nHost: {server}\r\nConnection: Keep-Alive\r\n\r\n".encode() + body)
        stream.down(b"HTTP/1.1 200 OK\r\nServer: NetSupport Gateway/1.6 (Windows NT)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60\r\nConnection: Keep-Alive\r\n\r\n" + s.base64(60).encode())
        s.wait(58, 62)


@family("plugx_http")
def plugx(s):
    windows(s)
    name = s.name()
    server, port = s.lookup(name), s.random.choice((80, 443, 8080, 53))
    for _ in range(s.random.randint(3, 10)):
        http(s, server, port, name, (post(f"/update?wd={s.token(8, '0123456789abcdef')}", b"", "Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 6.1; SLCC2; .NET CLR 2.0.50727)", "Accept: */*\r\nX-Session: 0\r\nX-Status: 0\r\nX-Size: 61456\r\nX-Sn: 1"), dict(body=s.noise(16, 60))))
        s.wait(5, 60)


@family("kit_landing")
def kit(s):
    """Angler, RIG, Magnitude, Neutrino: a page that a page calls, a Flash file, a scrambled program."""
    windows(s)
    site, gate = s.name(), s.name()
    http(s, s.lookup(site), 80, site, (get("/", IE8, BROWSING), dict(body=b"<html>" + s.base64(20000).encode())))
    server = s.lookup(gate) if s.random.random() < 0.6 else s.address()
    host = gate if s.random.random() < 0.6 else server
    long = lambda: f"/?{s.token(6)}={s.base64(80)}&{s.token(7)}={s.base64(120)}"
    http(s, server, 80, host, (get(long(), IE8, f"Referer: http://{site}/\r\n{BROWSING}"), dict(body=b"<html><script>" + s.base64(90000).encode())),
         (get(long(), IE8, f"Referer: http://{host}/\r\nx-flash-version: 18,0,0,203\r\n{BROWSING}"), dict(kind="application/x-shockwave-flash", body=b"CWS\x0d" + s.noise(40000))))
    s.wait(1, 8)
    http(s, server, 80, host, (get(long(), s.random.choice((IE8, None, "Mozilla/5.0"))), dict(kind=s.random.choice(("application/x-msdownload", "application/octet-stream")), body=s.noise(200000))))


@family("js_loader")
def js_loader(s):
    """Nemucod and its kind: a script with the system's own HTTP, a program behind a harmless name."""
    windows(s)
    for _ in range(s.random.randint(1, 3)):
        name = s.name()
        http(s, s.lookup(name), 80, name, (get(f"/{s.word()}/?{s.token(5)}={s.token(40)}", IE7, "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en-US"), dict(kind=s.random.choice(("image/gif", "text/html", "application/octet-stream", "application/x-msdownload")), body=program(s, 120000))))
        s.wait(2, 20)


@family("office_stage")
def office_stage(s):
    """A document's template or script, then a program, from a bare address."""
    windows(s)
    server = s.address()
    agent = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET4.0C; .NET4.0E; ms-office; MSOffice 16)"
    http(s, server, 80, server, (get(f"/{s.random.randint(10, 999)}/{s.word()}.doc", agent, "Accept: */*\r\nAccept-Encoding: gzip, deflate"), dict(kind="application/msword", body=b"{\\rtf1" + s.base64(9000).encode())))
    s.wait(3, 10)
    http(s, server, 80, server, (get(f"/{s.random.randint(10, 999)}/{s.word()}.exe", IE7, "Accept: */*\r\nAccept-Encoding: gzip, deflate"), dict(kind="application/x-msdownload", body=program(s, 120000))))


@family("powershell_stage")
def powershell_stage(s):
    windows(s)
    name = s.name()
    by_name = s.random.random() < 0.5
    server = s.lookup(name) if by_name else s.address()
    host = name if by_name else server
    agent = s.random.choice((None, "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.1007"))
    http(s, server, 80, host, (get(f"/{s.word()}.ps1", agent), dict(kind="text/plain", body=b"$a='" + s.base64(9000).encode())))
    s.wait(1, 5)
    http(s, server, 80, host, (get(f"/{s.word()}.{s.random.choice(('exe', 'jpg', 'txt'))}", agent), dict(kind=s.random.choice(("application/x-msdownload", "image/jpeg", "text/plain")), body=program(s, 100000))))


@family("fake_update_zip")
def fake_update(s):
    """A browser fetches an archive, wscript reports by HTTP: SocGholish and GootLoader where they speak in clear."""
    windows(s)
    name = s.name()
    http(s, s.lookup(name), 80, name, (post("/pixel.gif", s.base64(300).encode(), "Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)" if s.random.random() < 0.5 else IE7, "Accept: */*\r\nAccept-Language: en-us\r\nUpgrade-Insecure-Requests: 1\r\nAccept-Encoding: gzip, deflate"), dict(body=s.base64(20000).encode())),
         (post("/pixel.png", s.base64(2000).encode(), IE7, "Accept: */*\r\nAccept-Language: en-us\r\nAccept-Encoding: gzip, deflate"), dict(body=s.base64(200).encode())))


@family("wsh_rat")
def wsh_rat(s):
    windows(s)
    server, port = place(s), s.random.randint(1000, 9999)
    agent = f"WSHRAT|{s.token(8).upper()}|{s.pc}|{s.user}|Microsoft Windows 10 Pro|plus|Windows Defender .|false - 2020-1-1|JavaScript"
    for _ in range(s.random.randint(5, 30)):
        http(s, server, port, server, (post("/is-ready", b"", agent, "Accept: */*\r\nAccept-Language: en-US\r\nAccept-Encoding: gzip, deflate"), dict(body=b"")))
        s.wait(5, 6)


@family("dcrat_http")
def dcrat(s):
    windows(s)
    name = s.name(("ru", "pw", "site"))
    server = s.lookup(name)
    path = f"/{s.word()}{s.word()}{s.word()}.php"
    for _ in range(s.random.randint(3, 10)):
        http(s, server, 80, name, (get(f"{path}?{s.token(20)}={s.token(20)}&{s.token(32, '0123456789abcdef')}={s.base64(90)}", FIREFOX, "Accept: */*\r\nContent-Type: text/javascript"), dict(body=s.base64(400).encode())))
        s.wait(3, 40)
    http(s, server, 80, name, (post(f"{path}?{s.token(20)}={s.token(20)}", s.noise(30000), FIREFOX, "Accept: */*", "multipart/form-data; boundary=x"), dict(body=b"")))


@family("grandoreiro_like")
def latin_banker(s):
    windows(s)
    name = s.name(("com", "com.br"))
    server, port = s.lookup(name), s.random.choice((80, 8080, s.random.randint(1500, 60000)))
    http(s, server, port, name, (post(f"/{s.word()}.php", f"op=1&maq={s.pc}&os=10&av=Windows Defender".encode(), "Mozilla/3.0 (compatible; Indy Library)", "Accept: text/html, */*\r\nAccept-Encoding: identity"), dict(body=b"ok")))
    session(s, s.address(), s.random.randint(1500, 60000), ((True, f"<|ON-LINE|>{s.pc}<|>Windows 10<|>".encode()), (False, b"<|OK|>")), lambda: ((False, b"<|PING|>"), (True, b"<|PONG|>")), minutes=(2, 6), pause=(5, 10))
