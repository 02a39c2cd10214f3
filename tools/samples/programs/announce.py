# SPDX-License-Identifier: Apache-2.0
"""
The chatter every office network has: says one thing to everybody, again and again.

usage: KIND NAME INTERVAL_SECONDS COUNT, where KIND is one of those in `kinds` below and NAME is
what is asked for or told of.
"""
import random
import socket
import struct
import sys
import time

CLASS_IN, TYPE_A, TYPE_PTR, TYPE_NB = 1, 1, 12, 32


def dns_name(name):
    labels = name.encode().split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(name, kind, flags=0, number=0):
    return (struct.pack("!6H", number, flags, 1, 0, 0, 0) + dns_name(name) +
            struct.pack("!2H", kind, CLASS_IN))


def mdns_ask(name):
    return question(name, TYPE_PTR)


def mdns_ask_host(name):
    return question(name, TYPE_A)


def mdns_tell(name):
    service = name.partition(".")[2]
    target = dns_name(name)
    return (struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + dns_name(service) +
            struct.pack("!2HIH", TYPE_PTR, CLASS_IN, 4500, len(target)) + target)


def llmnr_ask(name):
    return question(name, TYPE_A, number=random.getrandbits(16))


def nbns_ask(name):
    # RFC 1001 section 14.1: the padded name as one letter a half-byte; type 0x00, broadcast.
    padded = name.upper().ljust(15).encode() + b"\0"
    letters = "".join(chr(65 + (b >> 4)) + chr(65 + (b & 15)) for b in padded)
    return question(letters, TYPE_NB, 0x0110, random.getrandbits(16))


def ssdp_search(name):
    return (f'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n'
            f"MX: 2\r\nST: {name}\r\n\r\n").encode()


def ssdp_notify(name):
    return (f"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
            f"LOCATION: http://192.168.10.20:5000/description.xml\r\nNT: {name}\r\n"
            f"NTS: ssdp:alive\r\nSERVER: Linux UPnP/1.0\r\n"
            f"USN: uuid:2fac1234-31f8-11b4-a222-08002b34c003::{name}\r\n\r\n").encode()


# kind: (packet, where to, source port or 0 for any, time to live)
kinds = {
    "mdns-ask": (mdns_ask, ("224.0.0.251", 5353), 5353, 255),
    "mdns-ask-host": (mdns_ask_host, ("224.0.0.251", 5353), 5353, 255),
    "mdns-tell": (mdns_tell, ("224.0.0.251", 5353), 5353, 255),
    "llmnr-ask": (llmnr_ask, ("224.0.0.252", 5355), 0, 1),
    "nbns-ask": (nbns_ask, ("192.168.10.255", 137), 137, 64),
    "ssdp-search": (ssdp_search, ("239.255.255.250", 1900), 0, 4),
    "ssdp-notify": (ssdp_notify, ("239.255.255.250", 1900), 0, 4),
}

packet, where, source_port, hops = kinds[sys.argv[1]]
name, interval, count = sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)
sock.bind(("", source_port))
for _ in range(count):
    sock.sendto(packet(name), where)
    time.sleep(interval)
