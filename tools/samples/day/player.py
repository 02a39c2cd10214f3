# SPDX-License-Identifier: Apache-2.0
"""
Tells a recorded part again: by another device, at another time, from fresh ports, with other
numbers; or goes on with its rounds for hours.
"""
import json
import random
import struct
import subprocess

from frames import ARP, ICMP6, IPV4, IPV6, TCP, UDP, read_frames, set_checksums
from network import HOSTS

import sealed

EPHEMERAL = 32768
FIRST_PORT, PORTS = 49152, 16000


def mac_bytes(text):
    return bytes.fromhex(text.replace(":", ""))


def eui64(mac):
    return bytes([mac[0] ^ 2, mac[1], mac[2], 0xFF, 0xFE, mac[3], mac[4], mac[5]])


SITE = bytes.fromhex("20010db800100000")
LINK = bytes.fromhex("fe80000000000000")


class Device:
    """`name` has eleven characters, as the recorded one has: what a name is said in keeps its size."""

    def __init__(self, name, mac, last_octet, dice):
        assert len(name) == 11 and 100 <= last_octet <= 199
        self.name, self.mac = name, mac_bytes(mac)
        self.text = f"192.168.10.{last_octet}".encode()
        self.address = bytes([192, 168, 10, last_octet])
        self.temporary = dice.randbytes(8)
        self.next_port = dice.randrange(PORTS)

    def port(self):
        self.next_port = (self.next_port + 1) % PORTS
        return FIRST_PORT + self.next_port


class Part:
    def __init__(self, line, frames):
        self.name, self.marks, self.frames = line["name"], line["marks"], frames
        host = HOSTS[line["host"]]
        self.mac, self.address, self.text = mac_bytes(host.mac), None, host.address.encode()
        self.address = bytes(map(int, host.address.split(".")))
        self.host_name = host.dhcp_name.encode()
        self.sent = self._sent_in_rounds() if "round" in self.marks else {}

    def _sent_in_rounds(self):
        """Bytes that each side of each TCP flow sends in the repeated stretch."""
        last = {}
        for frame in self.frames:
            if frame.protocol != TCP or not frame.payload:
                continue
            side = (frame.flow, frame.addresses()[0])
            end = struct.unpack_from("!I", frame.data, frame.layer4 + 4)[0] + frame.payload
            before, after = last.get(side, (end - frame.payload, end - frame.payload))
            if frame.at < self.marks["round"]:
                before = end
            if frame.at < self.marks["rest"]:
                after = end
            last[side] = (before, max(after, before))
        return {side: after - before for side, (before, after) in last.items()}


def load_parts(capture):
    data = subprocess.run(["zstd", "-q", "-d", "-c", "--long=27", str(capture)], check=True,
                          stdout=subprocess.PIPE).stdout
    frames, parts = read_frames(data), {}
    index = capture.with_suffix("").with_suffix(".json")
    noise = random.Random("sealed")
    for line in json.loads(index.read_text()):
        own = [next(frames) for _ in range(line["frames"])]
        sealed.replace(own, noise.randbytes)
        parts[line["name"]] = Part(line, own)
    return parts


class Player:
    def __init__(self, parts, dice):
        self.parts, self.dice, self.out = parts, dice, []

    def play(self, name, device, at):
        part = self.parts[name]
        self._tell(part, part.frames, device, at, lambda offset: offset, Numbers(self.dice), 0)

    def keep(self, name, device, at, until, slower, jitter=0.05):
        """Begins at `at`; its rounds, `slower` times as slow as recorded, go on till `until`."""
        part, numbers = self.parts[name], Numbers(self.dice)
        begin, rest = part.marks["round"], part.marks["rest"]
        opening = [f for f in part.frames if f.at < begin]
        rounds = [f for f in part.frames if begin <= f.at < rest]
        self._tell(part, opening, device, at, lambda offset: offset, numbers, 0)
        now, count = at + begin, 0
        while now < until:
            pace = slower * self.dice.uniform(1 - jitter, 1 + jitter)
            start = now
            self._tell(part, rounds, device, 0, lambda o: start + (o - begin) * pace, numbers, count)
            now += (rest - begin) * pace
            count += 1
        self._tell(part, [f for f in part.frames if f.at >= rest], device, now - rest,
                   lambda offset: offset, numbers, count - 1)

    def _tell(self, part, frames, device, at, when, numbers, repeated):
        for frame in frames:
            self.out.append((at + when(frame.at), self._rewritten(part, frame, device, numbers, repeated),
                             frame.size))

    def _rewritten(self, part, frame, device, numbers, repeated):
        data = bytearray(frame.data)
        for at in (0, 6):
            if data[at:at + 6] == part.mac:
                data[at:at + 6] = device.mac
        if frame.kind == ARP:
            return bytes(data).replace(part.mac, device.mac).replace(part.address, device.address)
        if frame.kind not in (IPV4, IPV6):
            return bytes(data)
        if frame.kind == IPV6:
            data = self._in_ipv6(part, frame, device, data)
        else:
            for at in (26, 30):
                if data[at:at + 4] == part.address:
                    data[at:at + 4] = device.address
            numbers.fresh_id(data)
        if frame.protocol in (TCP, UDP) and frame.layer4 and len(data) >= frame.layer4 + 8:
            numbers.fresh_ports(frame, device, data)
            if frame.protocol == TCP:
                numbers.fresh_sequence(part, frame, data, repeated)
            else:
                data = self._in_datagram(part, frame, device, numbers, data)
            if part.text in data:
                data = bytearray(bytes(data).replace(part.text, device.text))
        set_checksums(data, frame.kind, frame.layer4, frame.protocol, frame.size)
        return bytes(data)

    @staticmethod
    def _in_ipv6(part, frame, device, data):
        own = eui64(part.mac)
        text = bytes(data).replace(SITE + own, SITE + device.temporary)
        text = text.replace(LINK + own, LINK + eui64(device.mac))
        if frame.protocol == ICMP6:
            # Whom a neighbour asks: the group of an address' last three bytes.
            for old, new in ((own, device.temporary),):
                text = text.replace(b"\x01\xff" + old[5:], b"\x01\xff" + new[5:])
                text = text.replace(b"\x33\x33\xff" + old[5:], b"\x33\x33\xff" + new[5:])
            text = text.replace(part.mac, device.mac)
        return bytearray(text)

    @staticmethod
    def _in_datagram(part, frame, device, numbers, data):
        at = frame.layer4
        ports = struct.unpack_from("!2H", frame.data, at)
        if 53 in ports and len(data) >= at + 10:
            data[at + 8:at + 10] = bytes(a ^ b for a, b in zip(data[at + 8:at + 10], numbers.salt))
        text = bytes(data)
        if 67 in ports or 68 in ports:
            text = text.replace(part.mac, device.mac).replace(part.address, device.address)
            text = text.replace(part.host_name, device.name.encode())
        for port in (137, 138, 5353, 5355):
            if port in ports:
                text = text.replace(b"DEVICE-NAME", device.name.encode())
                text = text.replace(netbios("DEVICE-NAME"), netbios(device.name))
        return bytearray(text)


def netbios(name):
    return "".join(chr(65 + (b >> 4)) + chr(65 + (b & 15)) for b in name.upper().encode()).encode()


class Numbers:
    """What one telling of a part has of its own: ports, ids, sequence numbers."""

    def __init__(self, dice):
        self.dice, self.ports, self.bases = dice, {}, {}
        self.salt = dice.randbytes(2)
        self.identity = dice.randrange(65536)

    def fresh_id(self, data):
        self.identity = (self.identity + 1) % 65536
        if data[18:20] != b"\0\0":
            struct.pack_into("!H", data, 18, self.identity)

    def fresh_ports(self, frame, device, data):
        ports = list(struct.unpack_from("!2H", data, frame.layer4))
        mine = 0 if data[6:12] == device.mac else 1
        if ports[mine] >= EPHEMERAL:
            key = (frame.protocol, ports[mine])
            if key not in self.ports:
                self.ports[key] = device.port()
            ports[mine] = self.ports[key]
            struct.pack_into("!2H", data, frame.layer4, *ports)

    def fresh_sequence(self, part, frame, data, repeated):
        source, target = frame.addresses()
        for side, where in ((source, 4), (target, 8)):
            if where == 8 and not data[frame.layer4 + 13] & 0x10:
                continue
            key = (frame.flow, side)
            if key not in self.bases:
                self.bases[key] = self.dice.randrange(2**32)
            value = struct.unpack_from("!I", data, frame.layer4 + where)[0]
            value += self.bases[key] + repeated * part.sent.get(key, 0)
            struct.pack_into("!I", data, frame.layer4 + where, value % 2**32)


def seeded(seed):
    return random.Random(f"office-day/{seed}")
