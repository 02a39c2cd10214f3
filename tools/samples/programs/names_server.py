# SPDX-License-Identifier: Apache-2.0
"""
A name server that answers as its owner likes: each answer of EACH addresses lasts TTL seconds.

usage: ADDRESS TTL NAME=fresh:EACH           ever other machines of ever other networks
                   NAME=pool:COUNT:EACH      the same COUNT in turns
                   NAME=turn:FIRST:THEN:N    N answers of the address FIRST, then THEN
                   NAME=both:ADDRESS:ADDRESS both at once
"""
import itertools
import socket
import struct
import sys

TYPE_A = 1


def machine(number):
    """Of the range that nobody is given (RFC 1112 4), a network each."""
    return f"{240 + number % 8}.{number % 251}.0.9"


def answers(words):
    kind, *rest = words
    if kind == "turn":
        return itertools.chain([[rest[0]]] * int(rest[2]), itertools.repeat([rest[1]]))
    if kind == "both":
        return itertools.repeat(rest)
    each = int(rest[-1])
    numbers = itertools.count() if kind == "fresh" else itertools.cycle(range(int(rest[0])))
    return ([machine(next(numbers)) for _ in range(each)] for _ in itertools.count())


def name_of(question):
    labels, at = [], 0
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode("ascii", "replace"))
        at += 1 + question[at]
    return ".".join(labels).lower(), struct.unpack_from("!H", question, at + 1)[0], at + 5


def main():
    address, ttl = sys.argv[1], int(sys.argv[2])
    rules = {name: answers(rule.split(":")) for name, rule in
             (word.split("=") for word in sys.argv[3:])}
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 53))
    while True:
        message, who = sock.recvfrom(512)
        name, kind, end = name_of(message[12:])
        told = next(rules[name]) if name in rules and kind == TYPE_A else []
        records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", TYPE_A, 1, ttl, 4) +
                           socket.inet_aton(a) for a in told)
        sock.sendto(message[:2] + struct.pack("!5H", 0x8580 if name in rules else 0x8583, 1,
                                              len(told), 0, 0) + message[12:12 + end] + records, who)


main()
