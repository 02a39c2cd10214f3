"""One office PC on the wire: packets written by hand with TCP as it should be, on a clock of our own.

A scene is bounded (PACKETS_MAX) and drawn from its seed alone: names, addresses, ports, times. Servers
are addresses outside that answer in the same file; nothing is ever sent to a network.
"""
import contextlib
import random
import struct

PACKETS_MAX = 40000
SEGMENT = 1460
SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16
TOPS = ("com", "net", "org", "info", "ru", "top", "xyz", "co.uk", "com.br", "de", "club", "online", "eu", "pl")
SYLLABLES = ("ka mo ri ta ne so lu vi pe do ra mi sun bel tor van dex pro cal gen lis mar ton fer gra "
             "plen wor hil stan ber cro dan fil har jen kel lan mel nor").split()


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def quad(address):
    return bytes(int(part) for part in address.split("."))


class Scene:
    def __init__(self, seed):
        self.random = random.Random(seed)
        r = self.random
        net = r.choice((f"192.168.{r.randint(0, 254)}", f"10.{r.randint(0, 254)}.{r.randint(0, 254)}",
                        f"172.{r.randint(16, 31)}.{r.randint(0, 254)}"))
        self.host = f"{net}.{r.randint(20, 220)}"
        self.gateway = f"{net}.{r.choice((1, 2, 254))}"
        self.mac = bytes((0, 8, 2)) + r.randbytes(3)
        self.router = bytes((0, 0x1C, 0x58)) + r.randbytes(3)
        self.start = self.now = r.randint(1_430_000_000, 1_720_000_000) + r.random()
        self.port = r.randint(49152, 50200)
        self.pc = f"{r.choice(('DESKTOP', 'LAPTOP', 'WIN', 'OFFICE'))}-{self.token(7).upper()}"
        self.user = self.word()
        self.packets = []

    # What is drawn.
    def word(self, least=2, most=3):
        return "".join(self.random.choice(SYLLABLES) for _ in range(self.random.randint(least, most)))

    def name(self, tops=TOPS, sub=0.2):
        own = self.word() + self.random.choice(("", "", "-" + self.word(), str(self.random.randint(1, 99))))
        prefix = self.random.choice(("www.", "cdn.", "mail.")) if self.random.random() < sub else ""
        return f"{prefix}{own}.{self.random.choice(tops)}"

    def token(self, length, letters="abcdefghijklmnopqrstuvwxyz0123456789"):
        return "".join(self.random.choice(letters) for _ in range(length))

    def base64(self, length):
        return self.token(length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    def noise(self, least, most=None):
        return self.random.randbytes(self.random.randint(least, most or least))

    def address(self):
        r = self.random
        while True:
            first = r.randint(2, 220)
            if first not in (10, 127, 169, 172, 192, 198, 203, 100):
                return f"{first}.{r.randint(1, 254)}.{r.randint(1, 254)}.{r.randint(1, 254)}"

    def wait(self, least, most=None):
        self.now += self.random.uniform(least, most) if most is not None else least

    @property
    def age(self):
        return self.now - self.start

    @contextlib.contextmanager
    def aside(self):
        """What happens inside goes on beside what comes after."""
        now = self.now
        yield
        self.now = now

    # What is sent.
    def frame(self, source, target, protocol, payload, ttl=None):
        if len(self.packets) >= PACKETS_MAX:
            return
        outward = source == self.host
        ttl = ttl or (128 if outward else 52)
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.random.randint(1, 65535), 0x4000, ttl,
                           protocol, 0, quad(source), quad(target))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        ethernet = (self.router + self.mac if outward else self.mac + self.router) + b"\x08\x00"
        self.packets.append((self.now, ethernet + head + payload))

    def datagram(self, source, sport, target, dport, data):
        head = struct.pack("!HHHH", sport, dport, 8 + len(data), 0)
        pseudo = quad(source) + quad(target) + struct.pack("!BBH", 0, 17, 8 + len(data))
        head = head[:6] + struct.pack("!H", checksum(pseudo + head + data) or 0xFFFF)
        self.frame(source, target, 17, head + data)

    def udp(self, server, port, data, answer=None, sport=None):
        sport = sport or self.next_port()
        self.datagram(self.host, sport, server, port, data)
        if answer is not None:
            self.wait(0.02, 0.12)
            self.datagram(server, port, self.host, sport, answer)

    def next_port(self):
        self.port = self.port + 1 if self.port < 65000 else 49152
        return self.port

    def lookup(self, name, address=None, fails=False, server=None):
        """Asks for the name; its address, drawn when none is given."""
        address = address or self.address()
        question = b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
        number = self.random.randint(0, 65535)
        answer = b"" if fails else b"\xc0\x0c\0\1\0\1" + struct.pack("!IH", self.random.choice((60, 300, 3600)), 4)
        flags = 0x8183 if fails else 0x8180
        reply = struct.pack("!HHHHHH", number, flags, 1, 0 if fails else 1, 0, 0) + question
        self.udp(server or self.gateway, 53, struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question,
                 reply + answer + (b"" if fails else quad(address)))
        self.wait(0.01, 0.05)
        return address

    def tcp(self, server, port, ttl=None):
        return Stream(self, server, port)

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
            for when, data in sorted(self.packets, key=lambda packet: packet[0]):
                out.write(struct.pack("<IIII", int(when), int(when % 1 * 1e6), len(data), len(data)) + data)


class Stream:
    """A connection of the PC's, from its first packet on."""

    def __init__(self, scene, server, port, answers=True):
        self.scene, self.server, self.port = scene, server, port
        self.sport = scene.next_port()
        self.delay = scene.random.uniform(0.02, 0.15)
        self.next = {True: scene.random.getrandbits(32), False: scene.random.getrandbits(32)}

    def send(self, from_client, flags, data=b""):
        s = self.scene
        source, sport, target, dport = ((s.host, self.sport, self.server, self.port) if from_client else
                                        (self.server, self.port, s.host, self.sport))
        options = b"\x02\x04\x05\xb4\x01\x03\x03\x08\x01\x01\x04\x02" if flags & SYN else b""
        ack = self.next[not from_client] if flags & ACK else 0
        head = struct.pack("!HHIIBBHHH", sport, dport, self.next[from_client], ack,
                           (20 + len(options)) << 2, flags, 64240, 0, 0) + options
        pseudo = quad(source) + quad(target) + struct.pack("!BBH", 0, 6, len(head) + len(data))
        head = head[:16] + struct.pack("!H", checksum(pseudo + head + data)) + head[18:]
        s.frame(source, target, 6, head + data)
        self.next[from_client] = (self.next[from_client] + len(data) + bool(flags & (SYN | FIN))) & 0xFFFFFFFF

    def open(self):
        self.send(True, SYN)
        self.scene.wait(self.delay)
        self.send(False, SYN | ACK)
        self.scene.wait(0.0005)
        self.send(True, ACK)
        return self

    def refused(self, tries=3):
        for _ in range(tries):
            self.send(True, SYN)
            self.next[True] -= 1
            self.scene.wait(self.delay)
            self.send(False, RST | ACK)
            self.scene.wait(0.5)

    def silent(self):
        for pause in (3, 6, 12):
            self.send(True, SYN)
            self.next[True] -= 1
            self.scene.wait(pause)

    def say(self, from_client, data):
        for at in range(0, len(data), SEGMENT):
            last = at + SEGMENT >= len(data)
            self.send(from_client, ACK | (PSH if last else 0), data[at:at + SEGMENT])
            self.scene.wait(0.0004)
            if last or at // SEGMENT % 8 == 7:
                self.send(not from_client, ACK)
        self.scene.wait(self.delay / 2)
        return self

    def up(self, data):
        return self.say(True, data)

    def down(self, data):
        return self.say(False, data)

    def close(self, by_client=True):
        self.send(by_client, FIN | ACK)
        self.scene.wait(self.delay / 2)
        self.send(not by_client, FIN | ACK)
        self.scene.wait(0.001)
        self.send(by_client, ACK)

    def reset(self, by_client=True):
        self.send(by_client, RST | ACK)
