# SPDX-License-Identifier: Apache-2.0
"""
Calls a service of Windows' kind: binds to INTERFACE, then calls each operation once.

usage: ADDRESS PORT INTERFACE OPERATION…
"""
import socket
import struct
import sys
import time
import uuid

INTERFACES = {
    "svcctl": ("367abb81-9844-35f1-ad32-98f038001003", 2),
    "netlogon": ("12345678-1234-abcd-ef00-01234567cffb", 1),
    "lsarpc": ("12345778-1234-abcd-ef00-0123456789ab", 0),
    "drsuapi": ("e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4),
}
BIND, REQUEST = 11, 0
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b10486002000000")


def packet(kind, call, body):
    return struct.pack("<4B4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, call) + body


def bind(name):
    number, version = INTERFACES[name]
    return (struct.pack("<HHIB3xHBx", 4280, 4280, 0, 1, 0, 1) + uuid.UUID(number).bytes_le +
            struct.pack("<HH", version, 0) + NDR)


with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10) as sock:
    sock.sendall(packet(BIND, 1, bind(sys.argv[3])))
    sock.recv(4096)
    for call, operation in enumerate(map(int, sys.argv[4:]), 2):
        arguments = bytes(range(40))
        sock.sendall(packet(REQUEST, call,
                            struct.pack("<IHH", len(arguments), 0, operation) + arguments))
        sock.recv(4096)
        time.sleep(0.3)
