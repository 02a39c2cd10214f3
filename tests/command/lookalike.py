# SPDX-License-Identifier: Apache-2.0
"""
What looks like a wrong wire and is none: a capture of the whole office, changed to another office or
another hour. Frames as in miswire.py.
"""
import struct

import miswire
from miswire import IPV4, UDP

PRINTER, PHONE, NAS = bytes.fromhex("3cd92b5566e5"), bytes.fromhex("5a3b7c9144d4"), bytes.fromhex("0011328e77f6")
CLOSES = 1200  # seconds into the hour
WEB_SERVER, RESOLVER = bytes([203, 0, 113, 25]), bytes([1, 1, 1, 1])


def quiet_guests(frames):
    """A trunk; in the guests' VLAN there is a phone now and then, and its router."""
    guests = miswire.keep(frames, lambda frame: miswire.source(frame) == PHONE and miswire.is_group(frame))
    return miswire.change(frames, lambda frame: miswire.tagged(frame, 10)) + \
        miswire.change(guests, lambda frame: miswire.tagged(frame, 20))


def at_night(frames):
    """Nobody is there: the printer, the NAS and the router among themselves."""
    asleep = [bytes.fromhex(mac) for mac in ("d4bed94c11a1", "8c16457b22b2", "a483e73033c3", "5a3b7c9144d4")]
    return miswire.keep(frames, lambda frame: miswire.source(frame) not in asleep and
                        miswire.destination(frame) not in asleep)


def with_doh(frames):
    """No name lookup in the clear; one web server is a public resolver."""
    def moved(frame):
        return frame.replace(WEB_SERVER, RESOLVER, 2) if miswire.ethertype(frame) == IPV4 else frame

    return miswire.change(miswire.without_dns(frames), moved)


def datagram(number, ends, source, target, port):
    payload = b"<134>all is well"
    udp = struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number, 0, 64, UDP, 0)
    return ends + struct.pack(">H", IPV4) + head + source + target + udp


def with_syslog(frames):
    """Datagrams that go one way by nature, as many again as there are frames."""
    ends, start = miswire.GATEWAY + PRINTER, frames[0][0]
    lan = [bytes([192, 168, 10, last]) for last in (30, 20)]
    return frames + [(start + i / 10, datagram(1 + i % 65535, ends, *lan, 514)) for i in range(len(frames))]


def with_wifi_multicast(frames):
    """An access point that repeats what its phones send to all."""
    loud = miswire.keep(frames, lambda frame: miswire.is_group(frame) and miswire.ports(frame) & {5353, 1900})
    return frames + [(time + again / 50, frame) for time, frame in loud for again in range(1, 9)]


def with_group_copies(frames):
    """The sensor's port is in the office's VLAN: it gets each broadcast of itself, and mirrored."""
    return frames + [(time + miswire.COPY_AFTER, frame) for time, frame in frames if miswire.is_group(frame)]


def six_alone(frames):
    return miswire.keep(frames, lambda frame: miswire.ethertype(frame) == miswire.IPV6)


def question(sender, asker, asked):
    """Who has that address? By ARP, of all."""
    head = struct.pack(">HHHBBH", miswire.ARP, 1, IPV4, 6, 4, 1)
    return b"\xff" * 6 + sender + head + sender + asker + bytes(6) + asked


def closed(frames):
    """All go home. What is left on has nothing to say but to all, and looks for those who are gone."""
    start, end = frames[0][0], frames[-1][0]
    office = bytes([192, 168, 10])
    left_on = [(miswire.GATEWAY, 1), (PRINTER, 30), (NAS, 20)]
    night = [(start + CLOSES + 15 * i, question(mac, office + bytes([own]), office + bytes([101 + i % 4])))
             for i in range(int(end - start - CLOSES) // 15) for mac, own in left_on]
    return [(time, frame) for time, frame in frames if time < start + CLOSES] + night


def switched_off(frames):
    """All go home one after the other, and nothing at all is left on; somebody comes back at the end."""
    start, end = frames[0][0], frames[-1][0]
    last = [bytes.fromhex("a483e73033c3"), PRINTER]

    def is_there(time, frame):
        is_last = time < start + 2 * CLOSES and time % 60 < 6
        ends = {miswire.source(frame), miswire.destination(frame)}
        return time < start + CLOSES or time > end - 10 or is_last and ends & set(last)

    return [(time, frame) for time, frame in frames if is_there(time, frame)]


ALL = [closed, switched_off, quiet_guests, at_night, with_doh, with_syslog, with_wifi_multicast, with_group_copies,
       six_alone]
