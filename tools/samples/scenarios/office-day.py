# SPDX-License-Identifier: Apache-2.0
"""What an office of a whole day does, each thing once: parts for tools/samples/day/compose.py."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "day"))

import day_sites  # noqa: E402
import habits  # noqa: E402
import machines  # noqa: E402
import reduce_parts  # noqa: E402
import servers  # noqa: E402
from recorder import Recorder  # noqa: E402

SECONDS = 900
CAPTURE = "parts.pcap"
# Besides what every scenario needs. Program: Debian package.
NEEDS = {"mosquitto": "mosquitto", "mosquitto_pub": "mosquitto-clients", "ffmpeg": "ffmpeg", "rsync": "rsync", "snmpd": "snmpd",
         "snmpget": "snmp", "openvpn": "openvpn", "rclone": "rclone", "restic": "restic", "git": "git",
         "chromium": "chromium", "fping": "fping", "ipptool": "cups-ipp-utils", "iperf3": "iperf3",
         "redis-server": "redis-server", "aria2c": "aria2", "turnserver": "coturn", "kdig": "knot-dnsutils",
         "tracepath": "iputils-tracepath", "pip": "python3-pip", "nmblookup": "samba-common-bin"}
SITES = day_sites.SITES
DNS = day_sites.DNS
ADDRESSES = day_sites.ADDRESSES
HOSTS_NEEDED = ("nas", "printer", "anna", "dana", "ben")

PHONES = {"phone-204", "phone-captive", "phone-cloud", "phone-photos", "phone-push-check", "phone-push"}
CHATTER = (("mdns-ask", "_companion-link._tcp.local"), ("mdns-ask", "_ipp._tcp.local"),
           ("mdns-ask", "_googlecast._tcp.local"), ("mdns-tell", "DEVICE-NAME._smb._tcp.local"),
           ("ssdp-search", "urn:dial-multiscreen-org:service:dial:1"),
           ("ssdp-notify", "urn:schemas-upnp-org:device:Basic:1"), ("nbns-ask", "WORKGROUP"),
           ("nbns-ask", "DEVICE-NAME"), ("llmnr-ask", "wpad"), ("llmnr-ask", "printsrv"),
           ("llmnr-ask", "DEVICE-NAME"))


def notes(folder):
    return folder / "notes.json"


def announce(rec, host, kind, name):
    rec.office.once(host, "announce", kind, name, 0.1, 1)


def play(office):
    servers.start(office)
    recorder = Recorder(office)
    for host in HOSTS_NEEDED:
        recorder.part("join-" + host, host, lambda rec, name: rec.office.join(name))
    office.rest(4)
    everything = {**habits.WEB_PARTS, **habits.NAMES_PARTS, **machines.MACHINE_PARTS,
                  "hls": habits.hls, "radio": habits.radio,
                  "chromium": habits.chromium("https://www.portal-news.example/",
                                              "https://crm.cloudsales.example/")}
    for name, work in everything.items():
        recorder.part(name, "dana" if name in PHONES else "anna", work)
    for kind, name in CHATTER:
        recorder.part(f"{kind} {name}", "ben", announce, kind, name)
    recorder.write(notes(office.folder))


def pack(raw, wanted):
    reduce_parts.reduce(raw, notes(raw.parent), wanted)
