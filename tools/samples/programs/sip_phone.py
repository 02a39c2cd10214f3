# SPDX-License-Identifier: Apache-2.0
"""A desk phone: REGISTER (RFC 3261) every so often. usage: ADDRESS TIMES PAUSE | ADDRESS serve"""
import socket
import sys
import time

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[2] == "serve":
    sock.bind((sys.argv[1], 5060))
    while True:
        request, phone = sock.recvfrom(4096)
        head = [line for line in request.decode().split("\r\n")
                if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        sock.sendto("\r\n".join(["SIP/2.0 200 OK", *head, "Content-Length: 0", "", ""]).encode(),
                    phone)
sock.bind(("", 5060))
sock.settimeout(3)
for number in range(int(sys.argv[2])):
    sock.sendto("\r\n".join([
        "REGISTER sip:phoneline.example SIP/2.0",
        f"Via: SIP/2.0/UDP 192.168.10.101:5060;branch=z9hG4bK{number}a7",
        "From: <sip:201@phoneline.example>;tag=77a", "To: <sip:201@phoneline.example>",
        "Call-ID: 5511@phone", f"CSeq: {number + 1} REGISTER", "Contact: <sip:201@192.168.10.101>",
        "Max-Forwards: 70", "Expires: 120", "User-Agent: DeskPhone 4.2", "Content-Length: 0",
        "", ""]).encode(), (sys.argv[1], 5060))
    sock.recv(4096)
    time.sleep(float(sys.argv[3]))
