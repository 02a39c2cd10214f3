"""What programs say: HTTP, TLS with certificates of any shape, mail, FTP, and a Windows PC's own business."""
import datetime
import struct

IE11 = "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"
IE8 = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; SLCC2; .NET CLR 2.0.50727; .NET CLR 3.5.30729)"
IE7 = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; WOW64; Trident/7.0; SLCC2; .NET CLR 2.0.50727)"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/103.0.5060.66 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Firefox/102.0"
BROWSING = "Accept: text/html,application/xhtml+xml,*/*\r\nAccept-Language: en-US\r\nAccept-Encoding: gzip, deflate"
FORM = "application/x-www-form-urlencoded"


def program(scene, size):
    """Begins as Windows programs do; the rest is noise."""
    head = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8" + bytes(43) + b"\x80\0\0\0"
    stub = b"\x0e\x1f\xba\x0e\0\xb4\x09\xcd!\xb8\x01L\xcd!This program cannot be run in DOS mode.\r\r\n$" + bytes(7)
    return head + stub.ljust(64, b"\0") + b"PE\0\0L\1\4\0" + scene.noise(size)


def request(method, uri, host, agent=None, extra="", body=b"", kind=None, order="ua"):
    lines = [f"{method} {uri} HTTP/1.1"]
    if extra:
        lines += extra.split("\r\n")
    if kind:
        lines.append(f"Content-Type: {kind}")
    if agent:
        lines.append(f"User-Agent: {agent}")
    lines.append(f"Host: {host}")
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: Keep-Alive")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def response(status=200, kind="text/html; charset=UTF-8", body=b"", server="nginx", extra=""):
    words = {200: "OK", 404: "Not Found", 302: "Found", 403: "Forbidden", 502: "Bad Gateway"}
    head = [f"HTTP/1.1 {status} {words[status]}", f"Server: {server}", "Date: Mon, 01 Jan 2018 10:00:00 GMT"]
    if kind:
        head.append(f"Content-Type: {kind}")
    head += [extra] if extra else []
    head += [f"Content-Length: {len(body)}", "Connection: keep-alive"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def http(scene, server, port, host, *turns):
    """One connection; each turn is (request arguments, response arguments)."""
    stream = scene.tcp(server, port).open()
    shown = host if port in (80, 443) else f"{host}:{port}"
    for asks, answers in turns:
        stream.up(request(host=shown, **asks))
        scene.wait(0.05, 0.4)
        if answers is not None:
            stream.down(response(**answers))
    stream.close(scene.random.random() < 0.5)


def get(uri, agent=None, extra="", **more):
    return dict(method="GET", uri=uri, agent=agent, extra=extra, **more)


def post(uri, body, agent=None, extra="", kind=FORM, **more):
    return dict(method="POST", uri=uri, agent=agent, extra=extra, body=body, kind=kind, **more)


# Certificates, as far as their shape goes: DER without a true signature.
def der(tag, data):
    length = bytes((len(data),)) if len(data) < 128 else (
        b"\x81" + bytes((len(data),)) if len(data) < 256 else b"\x82" + struct.pack("!H", len(data)))
    return bytes((tag,)) + length + data


OIDS = {"C": b"\x55\x04\x06", "ST": b"\x55\x04\x08", "L": b"\x55\x04\x07", "O": b"\x55\x04\x0a",
        "OU": b"\x55\x04\x0b", "CN": b"\x55\x04\x03"}


def der_name(parts):
    return der(0x30, b"".join(der(0x31, der(0x30, der(6, OIDS[key]) + der(0x0C, value.encode())))
                              for key, value in parts))


def der_time(seconds):
    when = datetime.datetime.utcfromtimestamp(seconds)
    if when.year < 2050:
        return der(0x17, when.strftime("%y%m%d%H%M%SZ").encode())
    return der(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())


def certificate(scene, subject, issuer=None, age_days=30, valid_days=365, names=()):
    algorithm = der(0x30, der(6, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b") + b"\5\0")
    begins = scene.now - age_days * 86400
    ends = min(begins + valid_days * 86400, 253402300799)
    key = der(0x30, der(0x30, der(6, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01") + b"\5\0") +
              der(3, b"\0" + der(0x30, der(2, b"\0\x91" + scene.noise(255)) + der(2, b"\1\0\1"))))
    more = b""
    if names:
        alternatives = der(0x30, b"".join(der(0x82, name.encode()) for name in names))
        more = der(0xA3, der(0x30, der(0x30, der(6, b"\x55\x1d\x11") + der(4, alternatives))))
    inner = der(0x30, der(0xA0, der(2, b"\2")) + der(2, b"\1" + scene.noise(8)) + algorithm +
                der_name(issuer or subject) + der(0x30, der_time(begins) + der_time(ends)) +
                der_name(subject) + key + more)
    return der(0x30, inner + algorithm + der(3, b"\0" + scene.noise(256)))


def record(kind, data, version=b"\3\3"):
    return bytes((kind,)) + version + struct.pack("!H", len(data)) + data


def handshake(kind, data):
    return bytes((kind,)) + struct.pack("!I", len(data))[1:] + data


SCHANNEL = bytes.fromhex("c02cc02bc030c02f009f009ec024c023c028c027c00ac009c014c013009d009c003d003c0035002f000a")
GO = bytes.fromhex("c02fc030c02bc02ccca8cca9c013c009c014c00a009c009d002f0035c012000a130113021303")
OLD = bytes.fromhex("002f00350005000ac013c014c009c00a003200380013 0004".replace(" ", ""))


def client_hello(scene, sni, ciphers=SCHANNEL, version=b"\3\3", v13=False):
    extensions = b""
    if sni:
        host = sni.encode()
        extensions += struct.pack("!HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    extensions += b"\0\5\0\5\1\0\0\0\0" + b"\0\x0a\0\x08\0\x06\0\x1d\0\x17\0\x18" + b"\0\x0b\0\2\1\0"
    if version != b"\3\1":
        extensions += b"\0\x0d\0\x0e\0\x0c\4\1\5\1\2\1\4\3\5\3\2\3"
    extensions += b"\0\x17\0\0\xff\1\0\1\0"
    if v13:
        extensions += b"\0\x2b\0\3\2\3\4" + b"\0\x33\0\x26\0\x24\0\x1d\0\x20" + scene.noise(32)
    body = version + scene.noise(32) + (b"\x20" + scene.noise(32) if v13 else b"\0")
    body += struct.pack("!H", len(ciphers)) + ciphers + b"\1\0" + struct.pack("!H", len(extensions)) + extensions
    return record(22, handshake(1, body), b"\3\1")


def server_hello(scene, chain, version=b"\3\3", v13=False):
    if v13:
        extensions = b"\0\x2b\0\2\3\4" + b"\0\x33\0\x24\0\x1d\0\x20" + scene.noise(32)
        body = b"\3\3" + scene.noise(32) + b"\x20" + scene.noise(32) + b"\x13\1\0"
        body += struct.pack("!H", len(extensions)) + extensions
        return record(22, handshake(2, body)) + record(20, b"\1") + record(23, scene.noise(900, 1400))
    cipher = b"\xc0\x2f" if version == b"\3\3" else b"\0\x2f"
    hello = handshake(2, version + scene.noise(32) + b"\x20" + scene.noise(32) + cipher + b"\0" + b"\0\5\xff\1\0\1\0")
    listed = b"".join(struct.pack("!I", len(one))[1:] + one for one in chain)
    certificates = handshake(11, struct.pack("!I", len(listed))[1:] + listed)
    exchange = handshake(12, b"\3\0\x1d\x20" + scene.noise(32) + b"\4\1\1\0" + scene.noise(256))
    return record(22, hello + certificates + (exchange if version == b"\3\3" else b"") + handshake(14, b""), version)


def tls(scene, server, port, sni, chain=(), turns=((300, 500),), ciphers=SCHANNEL, version=b"\3\3", v13=False,
        pause=None, close=True):
    """One connection of encrypted turns: (bytes up, bytes down), with `pause` between them."""
    stream = scene.tcp(server, port).open()
    stream.up(client_hello(scene, sni, ciphers, version, v13))
    stream.down(server_hello(scene, chain, version, v13))
    if v13:
        stream.up(record(20, b"\1") + record(23, scene.noise(53)))
    else:
        stream.up(record(22, handshake(16, b"\x20" + scene.noise(32)), version) + record(20, b"\1", version) +
                  record(22, scene.noise(40), version))
        stream.down(record(20, b"\1", version) + record(22, scene.noise(40), version))
    for index, (up, down) in enumerate(turns):
        if index > 0 and pause:
            scene.wait(*pause)
        for is_up, size in ((True, up), (False, down)):
            for at in range(0, size, 16000):
                stream.say(is_up, record(23, scene.noise(min(16000, size - at)), version))
    if close:
        stream.close()


def trusted(scene, name):
    """A chain as a public authority issues it."""
    return (certificate(scene, (("CN", name),), (("C", "US"), ("O", "Let's Encrypt"), ("CN", "R3")), 20, 90, (name,)),
            certificate(scene, (("C", "US"), ("O", "Let's Encrypt"), ("CN", "R3")),
                        (("O", "Internet Security Research Group"), ("CN", "ISRG Root X1")), 600, 1800))


def windows(scene):
    """What a PC does by itself after its start."""
    if scene.random.random() < 0.8:
        server = scene.lookup("www.msftncsi.com")
        http(scene, server, 80, "www.msftncsi.com",
             (get("/ncsi.txt", "Microsoft NCSI"), dict(kind="text/plain", body=b"Microsoft NCSI")))
    if scene.random.random() < 0.6:
        scene.udp(scene.lookup("time.windows.com"), 123, b"\xdb\0\x11\xe9" + bytes(36) + scene.noise(8),
                  b"\x1c\3\0\xe9" + scene.noise(44), 123)
    if scene.random.random() < 0.6:
        server = scene.lookup("ctldl.windowsupdate.com")
        http(scene, server, 80, "ctldl.windowsupdate.com",
             (get("/msdownload/update/v3/static/trustedr/en/authrootstl.cab", "Microsoft-CryptoAPI/10.0",
                  "Accept: */*"), dict(kind="application/vnd.ms-cab-compressed", body=b"MSCF" + scene.noise(6000))))
    if scene.random.random() < 0.6:
        name = scene.random.choice(("settings-win.data.microsoft.com", "v10.vortex-win.data.microsoft.com"))
        tls(scene, scene.lookup(name), 443, name, trusted(scene, name), ((700, 3000),))
    if scene.random.random() < 0.5:
        name = scene.name(("com", "co.jp", "jp"), 0.9)
        tls(scene, scene.lookup(name), 443, name, (), ((600, 40000), (500, 20000)), v13=True)
    scene.wait(2, 40)
