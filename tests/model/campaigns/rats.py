"""Remote control tools over a protocol of their own, or TLS with a certificate of their own."""
from family import family
from speech import FIREFOX, GO, OLD, certificate, get, http, post, record, tls, windows

RENTED = ("duckdns.org", "ddns.net", "hopto.org", "no-ip.org", "zapto.org", "myftp.biz", "ngrok.io", "portmap.host")
FOREVER = 2900000


def place(s, rented=0.6):
    """Most are called by a rented name, some by an own one, some by address."""
    chance = s.random.random()
    if chance < rented:
        return s.lookup(f"{s.word()}.{s.random.choice(RENTED)}")
    return s.lookup(s.name()) if chance < 0.85 else s.address()


def session(s, server, port, opening, pulse, minutes=(3, 12), pause=(8, 30), ends=True):
    """A greeting, then a pulse again and again: lists of (is from client, bytes)."""
    stream = s.tcp(server, port).open()
    for is_up, data in opening:
        stream.say(is_up, data)
        s.wait(0.05, 1)
    until = s.now + 60 * s.random.uniform(*minutes)
    while s.now < until:
        s.wait(*pause)
        for is_up, data in pulse():
            stream.say(is_up, data)
    if ends:
        stream.close()


@family("njrat")
def njrat(s):
    windows(s)
    server, port = place(s), s.random.choice((5552, 1177, s.random.randint(1024, 60000)))
    mark = s.random.choice(("|'|'|", "@!#&^%$", "Y262SUCZ4UJJ"))
    hello = f"ll{mark}SGFjS2Vk{mark}{s.pc}{mark}{s.user}{mark}20-08-19{mark}{mark}Win 7 Professional SP1 x64{mark}No{mark}0.7d{mark}..{mark}".encode()
    for _ in range(s.random.randint(0, 3)):
        s.tcp(server, port).refused()
        s.wait(3, 8)
    session(s, server, port, ((True, str(len(hello)).encode() + b"\0" + hello),), lambda: ((False, b"0\0"), (True, b"0\0")))


@family("gh0st")
def gh0st(s):
    windows(s)
    magic = s.random.choice((b"Gh0st", s.token(5).encode(), b"HTTPS", s.noise(5)))
    order = s.random.choice(("little", "little", "big"))

    def packed(size, unpacked):
        return magic + (len(magic) + 10 + size).to_bytes(4, order) + unpacked.to_bytes(4, "little") + b"x\x9c" + s.noise(size)
    session(s, place(s, 0.3), s.random.choice((443, 80, 8080, s.random.randint(1000, 60000))), ((True, packed(150, 752)), (False, packed(9, 1))),
            lambda: ((True, packed(9, 1)),), pause=(25, 65))


@family("nanocore")
def nanocore(s):
    windows(s)
    session(s, place(s), s.random.choice((54984, s.random.randint(1500, 60000))), ((True, b"\x20\0\0\0" + s.noise(32)), (False, b"\x20\0\0\0" + s.noise(32)), (True, b"\xc8\0\0\0" + s.noise(200)), (False, b"\x40\0\0\0" + s.noise(64))),
            lambda: ((False, b"\x08\0\0\0" + s.noise(8)), (True, b"\x08\0\0\0" + s.noise(8))), pause=(4, 10))


@family("netwire")
def netwire(s):
    windows(s)
    session(s, place(s), s.random.randint(1500, 9000), ((True, b"\x41\0\0\0\x99" + s.noise(64)), (False, b"\x41\0\0\0\x9b" + s.noise(64)), (True, b"\xd4\0\0\0\x97" + s.noise(211))),
            lambda: ((True, b"\1\0\0\0\x98"),) if s.random.random() < 0.5 else ((False, b"\1\0\0\0\x98"), (True, b"\1\0\0\0\x98")), pause=(10, 11))


@family("warzone")
def warzone(s):
    windows(s)
    session(s, place(s), s.random.randint(1500, 9000), ((False, s.noise(12)), (True, s.noise(272)), (False, s.noise(12))), lambda: ((False, s.noise(12)), (True, s.noise(12))), pause=(20, 40))


@family("remcos_raw")
def remcos_raw(s):
    windows(s)
    server, port = place(s), s.random.choice((2404, s.random.randint(1500, 60000)))
    session(s, server, port, ((True, s.noise(480)),), lambda: ((False, s.noise(60)), (True, s.noise(120))), pause=(28, 32))


@family("remcos_tls")
def remcos_tls(s):
    windows(s)
    server, port = place(s), s.random.choice((2404, s.random.randint(1500, 60000)))
    tls(s, server, port, None, (), ((600, 60),) + ((90, 60),) * s.random.randint(5, 20), v13=True, pause=(25, 35))
    http(s, s.lookup("geoplugin.net"), 80, "geoplugin.net", (get("/json.gp", None, "Cache-Control: no-cache"), dict(kind="application/json", body=b'{"geoplugin_request":"1.2.3.4"}')))


@family("asyncrat")
def asyncrat(s):
    windows(s)
    own = certificate(s, (("CN", s.random.choice(("AsyncRAT Server", "DcRat", s.word().title() + " Server"))),), age_days=200, valid_days=FOREVER)
    old = s.random.random() < 0.5
    tls(s, place(s), s.random.choice((6606, 7707, 8808, 4449, s.random.randint(1500, 60000))), None, (own,), ((400, 60),) + ((60, 60),) * s.random.randint(5, 30), ciphers=OLD, version=b"\3\1" if old else b"\3\3", pause=(8, 20))


@family("quasar")
def quasar(s):
    windows(s)
    http(s, s.lookup("ip-api.com"), 80, "ip-api.com", (get("/json/", "Mozilla/5.0 (Windows NT 6.3; rv:48.0) Gecko/20100101 Firefox/48.0"), dict(kind="application/json", body=b'{"query":"1.2.3.4"}')))
    own = certificate(s, (("CN", s.random.choice(("Quasar Server CA", s.word().title()))),), valid_days=FOREVER)
    tls(s, place(s), s.random.choice((4782, s.random.randint(1500, 60000))), None, (own,), ((700, 90),) + ((50, 50),) * s.random.randint(5, 20), pause=(15, 26))


@family("xworm")
def xworm(s):
    windows(s)
    session(s, place(s), s.random.choice((7000, s.random.randint(1500, 60000))), ((True, b"208\0" + s.noise(208)), (False, b"48\0" + s.noise(48))), lambda: ((True, b"48\0" + s.noise(48)), (False, b"32\0" + s.noise(32))), pause=(10, 15))


@family("poisonivy")
def poisonivy(s):
    windows(s)
    session(s, place(s, 0.4), s.random.choice((3460, 443, 80, s.random.randint(1500, 60000))), ((True, s.noise(256)), (False, s.noise(256)), (False, b"\xd0\x15\0\0" + s.noise(5584)), (True, s.noise(48))), lambda: ((False, s.noise(48)), (True, s.noise(48))), pause=(20, 120))


@family("darkcomet")
def darkcomet(s):
    windows(s)
    hexes = lambda size: s.token(size, "0123456789ABCDEF").encode()
    session(s, place(s), s.random.choice((1604, s.random.randint(1500, 60000))), ((False, hexes(12)), (True, hexes(12)), (False, hexes(12)), (True, hexes(300))), lambda: ((False, hexes(22)), (True, hexes(24))), pause=(18, 22))


@family("strrat")
def strrat(s):
    windows(s)
    line = f"ping|STRRAT|{s.token(8).upper()}|{s.user}|{s.pc}|Microsoft Windows 10|1.5|JP:JPN|Not Installed|".encode()
    session(s, place(s), s.random.randint(1500, 9000), ((True, line + b"\r\n\r\n"),), lambda: ((True, line + b"0\r\n\r\n"),), pause=(5, 6))


@family("loda_text")
def loda(s):
    windows(s)
    line = f"x{s.token(6)}x||{s.user}||{s.pc}||WIN_10||X64||Admin||{s.address()}||beta||".encode()
    session(s, place(s), s.random.randint(1500, 60000), ((True, line), (False, b"x||x")), lambda: ((False, b"ping"), (True, b"pong")), pause=(30, 60))


@family("systembc")
def systembc(s):
    windows(s)
    server = place(s, 0.1)
    session(s, server, s.random.randint(4000, 4300), ((True, s.noise(100)), (False, s.noise(30))), lambda: ((False, s.noise(10, 400)), (True, s.noise(10, 4000))), pause=(10, 70))


@family("danabot_raw443")
def danabot(s):
    windows(s)
    for server in [s.address() for _ in range(s.random.randint(2, 5))]:
        if s.random.random() < 0.4:
            s.tcp(server, 443).silent()
            continue
        for _ in range(s.random.randint(1, 3)):
            stream = s.tcp(server, 443).open()
            stream.up(s.noise(24)).up(s.noise(283)).down(s.noise(24)).down(s.noise(200, 90000))
            stream.close()
            s.wait(5, 40)


@family("ramnit_raw443")
def ramnit(s):
    windows(s)
    for _ in range(s.random.randint(5, 20)):
        s.lookup(s.token(s.random.randint(9, 18), "abcdefghijklmnopqrstuvwxy") + ".com", fails=True)
        s.wait(0.2, 4)
    server = s.lookup(s.token(14, "abcdefghijklmnopqrstuvwxy") + ".com")
    for _ in range(s.random.randint(1, 4)):
        stream = s.tcp(server, 443).open()
        stream.up(b"\0\xff\x4b\0\0\0").up(b"\xe2\0\x20\0\0\0" + s.noise(69)).down(b"\0\xff\x0b\0\0\0").down(s.noise(11, 4000))
        stream.close()
        s.wait(20, 120)


@family("flawedammyy")
def flawedammyy(s):
    windows(s)
    session(s, place(s, 0), s.random.choice((443, 80)), ((False, b"\0" * 1), (True, b"\x39" + f"id={s.random.randint(10**7, 10**8)}&os=7 SP1&priv=Admin&cred={s.pc}\\{s.user}&pcname={s.pc}&avname=&build_time=1".encode()), (False, b"\x2d\0\0\0")), lambda: ((False, b"\x05\0"), (True, b"\x05\0")), pause=(20, 40))


@family("tofsee")
def tofsee(s):
    windows(s)
    server = s.address()
    session(s, server, s.random.choice((443, 400, 430, 416)), ((False, s.noise(200)), (True, s.noise(171)), (False, s.noise(900))), lambda: ((True, s.noise(50)),), minutes=(1, 3))
    for _ in range(s.random.randint(3, 20)):
        server = s.lookup(f"mx.{s.name(sub=0)}")
        s.tcp(server, 25).silent() if s.random.random() < 0.6 else s.tcp(server, 25).refused()


@family("irc_bot")
def irc_bot(s):
    windows(s)
    nick = f"[{s.random.choice(('DEU', 'USA', 'JPN'))}|XP|{s.random.randint(10**5, 10**6)}]"
    room = f"#{s.word()}"
    session(s, place(s, 0.2), s.random.choice((6667, 1863, 65520, 8080, s.random.randint(1500, 9000))), ((True, f"NICK {nick}\r\nUSER {s.token(6)} 0 0 :{nick}\r\n".encode()), (False, f":irc.x 001 {nick} :Welcome\r\n:irc.x 376 {nick} :End of /MOTD command.\r\n".encode()), (True, f"JOIN {room} {s.token(4)}\r\n".encode()), (False, f":irc.x 332 {nick} {room} :.advscan asn445 100 5 0 -r -s\r\n".encode())),
            lambda: ((False, b"PING :irc.x\r\n"), (True, b"PONG :irc.x\r\n")), pause=(60, 120))


@family("mirai_like")
def mirai(s):
    server, port = s.address(), s.random.choice((23, 48101, s.random.randint(1500, 60000)))
    with s.aside():
        session(s, server, port, ((True, b"\0\0\0\1"), (True, b"\4mips")), lambda: ((True, b"\0\0"), (False, b"\0\0")), minutes=(5, 12), pause=(60, 60.1))
    for _ in range(s.random.randint(200, 600)):
        s.tcp(s.address(), s.random.choice((23, 23, 23, 2323))).send(True, 2)
        s.wait(0.02, 0.4)


@family("bashlite")
def bashlite(s):
    session(s, s.address(), s.random.choice((23, 666, 6667, s.random.randint(1500, 60000))), ((True, f"BUILD MIPSEL:{s.word()}\n".encode()), (False, b"!* SCANNER ON\n")), lambda: ((False, b"PING\n"), (True, b"PONG!\n")), minutes=(5, 15), pause=(55, 65))


@family("iot_dead_c2")
def iot_dead_c2(s):
    server, port = s.address(), s.random.choice((6667, 23, s.random.randint(1500, 60000)))
    for _ in range(s.random.randint(30, 120)):
        stream = s.tcp(server, port)
        stream.refused(1) if s.random.random() < 0.5 else stream.silent()
        s.wait(5, 8)


@family("zeroaccess")
def zeroaccess(s):
    windows(s)
    http(s, s.lookup("j.maxmind.com"), 80, "j.maxmind.com", (get("/app/geoip.js", None), dict(kind="text/javascript", body=b"function geoip_country_code() { return 'JP'; }")))
    port = s.random.choice((16464, 16465, 16470, 16471))
    for _ in range(s.random.randint(150, 500)):
        s.udp(s.address(), port, s.noise(16), s.noise(840, 860) if s.random.random() < 0.15 else None, sport=2500)
        s.wait(0.3, 1.2)


@family("miner_stratum")
def miner(s):
    windows(s)
    server, port = place(s, 0), s.random.choice((3333, 14444, 5555, 80, 443, 45700))
    login = f'{{"id":1,"jsonrpc":"2.0","method":"login","params":{{"login":"4{s.base64(94)}","pass":"x","agent":"XMRig/6.1{s.random.randint(0, 9)}.0","algo":["cn/1","rx/0"]}}}}\n'.encode()
    job = lambda: f'{{"jsonrpc":"2.0","method":"job","params":{{"blob":"{s.token(152, "0123456789abcdef")}","job_id":"{s.token(12)}","target":"b88d0600"}}}}\n'.encode()
    session(s, server, port, ((True, login), (False, b'{"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"1","status":"OK","job":{}}}\n')), lambda: ((False, job()),), pause=(10, 90))
