#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
One end of a tunnel between two machines, for the kinds that need a kernel module which is not
everywhere: packets of a TUN or TAP device go out inside the outer header, and back.

Usage: tunnel.py KIND DEVICE OUR_ADDRESS THEIR_ADDRESS [INTERFACE THEIR_MAC]

KIND: 6in4 and ipip (RFC 4213, 2003), ip4in6 (RFC 2473), gre (RFC 2784, with key), mpls (RFC 3032, two
labels), tzsp (UDP port 37008). INTERFACE and THEIR_MAC are asked for by mpls alone.
"""
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 1, 2, 0x1000
PACKET_MAX = 65536
ETHERTYPE_MPLS = 0x8847
TZSP_PORT = 37008
# Version 1, a received packet, Ethernet, no tags but the end.
TZSP_HEAD = bytes((1, 0, 0, 1, 1))
GRE_HEAD = struct.pack(">HHI", 0x2000, 0x0800, 4711)
# Labels 100 and 200; the second is the bottom of the stack.
MPLS_HEAD = struct.pack(">II", 100 << 12 | 64, 200 << 12 | 1 << 8 | 64)
ETHERNET_SIZE = 14

# kind: (family, protocol number, head inside the outer IP header)
RAW = {"6in4": (socket.AF_INET, 41, b""), "ipip": (socket.AF_INET, 4, b""),
       "ip4in6": (socket.AF_INET6, 4, b""), "gre": (socket.AF_INET, 47, GRE_HEAD)}


def open_device(name, kind):
    device = os.open("/dev/net/tun", os.O_RDWR)
    flags = (IFF_TAP if kind == "tzsp" else IFF_TUN) | IFF_NO_PI
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), flags))
    return device


def outer_raw(kind, ours, theirs):
    family, protocol, head = RAW[kind]
    wire = socket.socket(family, socket.SOCK_RAW, protocol)
    wire.bind((ours, 0))

    def take():
        packet = wire.recv(PACKET_MAX)
        outer = (packet[0] & 15) * 4 if family == socket.AF_INET else 0
        return packet[outer + len(head):]
    return wire, lambda inner: wire.sendto(head + inner, (theirs, 0)), take


def outer_mpls(interface, mac):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE_MPLS))
    wire.bind((interface, ETHERTYPE_MPLS))
    head = bytes.fromhex(mac.replace(":", "")) + wire.getsockname()[4]
    head += struct.pack(">H", ETHERTYPE_MPLS) + MPLS_HEAD

    def take():
        frame, sender = wire.recvfrom(PACKET_MAX)
        return b"" if sender[2] == socket.PACKET_OUTGOING else frame[ETHERNET_SIZE + len(MPLS_HEAD):]
    return wire, lambda inner: wire.send(head + inner), take


def outer_tzsp(ours, theirs):
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind((ours, TZSP_PORT))
    return (wire, lambda inner: wire.sendto(TZSP_HEAD + inner, (theirs, TZSP_PORT)),
            lambda: wire.recv(PACKET_MAX)[len(TZSP_HEAD):])


def main():
    kind, name, ours, theirs = sys.argv[1:5]
    device = open_device(name, kind)
    if kind == "mpls":
        wire, send, take = outer_mpls(*sys.argv[5:7])
    elif kind == "tzsp":
        wire, send, take = outer_tzsp(ours, theirs)
    else:
        wire, send, take = outer_raw(kind, ours, theirs)
    while True:
        ready, _, _ = select.select([device, wire], [], [])
        if device in ready:
            send(os.read(device, PACKET_MAX))
        if wire in ready:
            inner = take()
            try:
                os.write(device, inner)
            except OSError:  # our device is not up yet, or it was no packet
                pass


main()
