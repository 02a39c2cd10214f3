# SPDX-License-Identifier: Apache-2.0
"""
What a wrongly wired sensor would have seen of an office: a capture of the whole office, changed as
the wrong wire changes it. Deterministic. Frames are (seconds, bytes), Ethernet, as tcpdump wrote
them; checksums are left as they were, for nobody here reads them.
"""
import struct

ETHERNET_LEN, IPV4_LEN, IPV6_LEN = 14, 20, 40
IPV4, IPV6, ARP, TAG, PPPOE = 0x0800, 0x86DD, 0x0806, 0x8100, 0x8864
TCP, UDP = 6, 17
GATEWAY = bytes.fromhex("3ca62f102001")  # tools/samples/network.py
ROUTER_WAN, LINE = bytes.fromhex("3ca62f1020ff"), bytes.fromhex("00005e005301")
OFFICE = bytes([192, 168, 10])
WAN = bytes([203, 0, 113, 250])
DNS_PORTS = {53, 853}
COPY_AFTER = 0.0002
OTHERS_AFTER = 1.5  # the same people in another VLAN: no copies


def read(path):
    """Of a pcap file with microseconds or nanoseconds, little-endian."""
    data = path.read_bytes()
    fraction = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: 1_000_000_000}[struct.unpack_from("<I", data)[0]]
    frames, at = [], 24
    while at + 16 <= len(data):
        seconds, parts, captured, _ = struct.unpack_from("<IIII", data, at)
        frames.append((seconds + parts / fraction, data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return frames


def write(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for time, frame in sorted(frames, key=lambda frame: frame[0]):
            nanoseconds = round(time * 1_000_000_000)
            out.write(struct.pack("<IIII", *divmod(nanoseconds, 1_000_000_000), len(frame), len(frame)))
            out.write(frame)


def minutes(frames):
    """The frames of each minute apart."""
    first = frames[0][0]
    found = {}
    for time, frame in frames:
        found.setdefault(int((time - first) // 60), []).append((time, frame))
    return list(found.values())


def destination(frame):
    return frame[:6]


def source(frame):
    return frame[6:12]


def is_group(frame):
    return frame[0] & 1 == 1


def ethertype(frame):
    return struct.unpack_from(">H", frame, 12)[0]


def ports(frame):
    """Of IPv4 and IPv6 without options and extension headers; none for others."""
    kind = ethertype(frame)
    if kind == IPV4 and frame[ETHERNET_LEN] == 0x45 and frame[ETHERNET_LEN + 9] in (TCP, UDP):
        return set(struct.unpack_from(">HH", frame, ETHERNET_LEN + IPV4_LEN))
    if kind == IPV6 and frame[ETHERNET_LEN + 6] in (TCP, UDP):
        return set(struct.unpack_from(">HH", frame, ETHERNET_LEN + IPV6_LEN))
    return set()


def addresses(frame):
    """Source and destination of IPv4; none for others."""
    if ethertype(frame) != IPV4:
        return None
    return frame[ETHERNET_LEN + 12:ETHERNET_LEN + 16], frame[ETHERNET_LEN + 16:ETHERNET_LEN + 20]


def keep(frames, wanted):
    return [(time, frame) for time, frame in frames if wanted(frame)]


def change(frames, how):
    return [(time, how(frame)) for time, frame in frames]


def tagged(frame, vlan):
    return frame[:12] + struct.pack(">HH", TAG, vlan) + frame[12:]


def plain_port(frames):
    """A port of a switch that mirrors nothing."""
    return keep(frames, is_group)


def to_router_alone(frames):
    """A mirror of what the router's port transmits: what devices send."""
    return keep(frames, lambda frame: destination(frame) == GATEWAY or
                (is_group(frame) and source(frame) != GATEWAY))


def from_router_alone(frames):
    """A mirror of what the router's port receives: what devices are answered."""
    return keep(frames, lambda frame: source(frame) == GATEWAY)


def routed(frames, with_nat):
    """The IPv4 between the office and others as it goes out of the router: (time, is_out, packet)."""
    for time, frame in frames:
        ends = addresses(frame)
        if ends is None or is_group(frame):
            continue
        inside = [end[:3] == OFFICE for end in ends]
        if inside[0] == inside[1]:
            continue
        packet = bytearray(frame[ETHERNET_LEN:])
        if inside[0]:
            packet[8] -= 1
        else:
            packet[8] = min(255, packet[8] + 1)
        if with_nat:
            at = 12 if inside[0] else 16
            packet[at:at + 4] = WAN
        yield time, inside[0], bytes(packet)


def on_the_line(is_out, kind, payload):
    return ((LINE + ROUTER_WAN) if is_out else (ROUTER_WAN + LINE)) + struct.pack(">H", kind) + payload


def behind_nat(frames):
    """Between the router and the modem, IPv4 as it is."""
    return [(time, on_the_line(is_out, IPV4, packet)) for time, is_out, packet in routed(frames, True)]


def on_pppoe(frames):
    """The same of a line with PPPoE."""
    def session(packet):
        return struct.pack(">BBHHH", 0x11, 0, 7, len(packet) + 2, 0x0021) + packet

    return [(time, on_the_line(is_out, PPPOE, session(packet)))
            for time, is_out, packet in routed(frames, True)]


def on_ds_lite(frames):
    """The same of a line with IPv4 in IPv6; DS-Lite leaves the office's addresses in it."""
    b4, aftr = bytes.fromhex("20010db8000a" + "00" * 9 + "01"), bytes.fromhex("20010db8ffff" + "00" * 9 + "02")

    def inside(is_out, packet):
        ends = b4 + aftr if is_out else aftr + b4
        return struct.pack(">IHBB", 0x60000000, len(packet), 4, 64) + ends + packet

    return [(time, on_the_line(is_out, IPV6, inside(is_out, packet)))
            for time, is_out, packet in routed(frames, False)]


def twice(frames):
    """Several ports are mirrored in both directions: a copy of each frame, tagged on its way out."""
    return frames + [(time + COPY_AFTER, tagged(frame, 20)) for time, frame in frames]


def half_a_vlan(frames):
    """A trunk: VLAN 10 as it should be, of VLAN 20 only what goes to all of its ports."""
    def moved(frame):
        return frame[:6] + frame[6:11] + bytes([frame[11] ^ 0x55]) + frame[12:]

    other = keep(frames, is_group)
    return change(frames, lambda frame: tagged(frame, 10)) + \
        [(time + OTHERS_AFTER, tagged(moved(frame), 20)) for time, frame in other]


def tags_from_router(frames):
    """The switch tags what comes from the router and nothing else."""
    return change(frames, lambda frame: tagged(frame, 10) if source(frame) == GATEWAY else frame)


def without_dns(frames):
    """The way to the office's resolver is not mirrored."""
    return keep(frames, lambda frame: not ports(frame) & DNS_PORTS)


def joined(frames):
    """The card puts a long download together: segments of one flow that follow one another."""
    found, latest = [], {}
    for time, frame in frames:
        flow = frame[26:38] if ethertype(frame) == IPV4 else None
        at = latest.get(flow)
        grown = join(found[at][1], frame) if at is not None else None
        if grown:
            found[at] = (found[at][0], grown)
        else:
            latest[flow] = len(found)
            found.append((time, frame))
    return found


def join(before, frame):
    """One frame of both, or None where they are not data of the same sender in the same flow."""
    head = ETHERNET_LEN + IPV4_LEN
    for one in (before, frame):
        if ethertype(one) != IPV4 or one[ETHERNET_LEN] != 0x45 or one[ETHERNET_LEN + 9] != TCP:
            return None
    header = (before[head + 12] >> 4) * 4
    payload = frame[head + header:]
    if before[26:head + 4] != frame[26:head + 4] or len(before) == head + header or not payload:
        return None
    length = len(before) - ETHERNET_LEN + len(payload)
    return before[:16] + struct.pack(">H", length) + before[18:] + payload if length < 65000 else None
