# SPDX-License-Identifier: Apache-2.0
"""An intruder's evening on one computer: tools and ways out that he brings, the file server's pages searched."""
import far_services
import people

SECONDS = 170
CAPTURE = "capture.pcap.zst"
# Nobody's name, of the sort that programs draw; it is not asked for outside the machine.
HOME = "kx7qzt4wbvpd.com"
SUPPORT = "relay-9f31c2d4.net.anydesk.com"
SHELL, TUNNEL, RESOLVER = "203.0.113.231", "203.0.113.232", "203.0.113.233"
ADDRESSES = ["203.0.113.234", "203.0.113.235", SHELL, TUNNEL, RESOLVER]
DNS = [f"host-record={HOME},203.0.113.234,300", f"host-record={SUPPORT},203.0.113.235,300",
       "local=/com/"]
NEEDS = {"openvpn": "openvpn", "kdig": "knot-dnsutils"}


def open_far(office):
    office.program("internet", "gate", "203.0.113.234", 80)
    far_services.open_support(office, "203.0.113.235")
    far_services.open_vpn(office, TUNNEL, "tunnel.example")
    far_services.open_lookups(office, RESOLVER, ["orders.far-harbour.example,203.0.113.234"])
    far_services.open_far_ssh(office, SHELL, 443)
    far_services.start_pages(office, "nas", 80)


def evening(office, host):
    for _ in range(3):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
                   "-o", "/dev/null", f"http://{HOME}/next")
        office.rest(7)
    far_services.look_up_hidden(office, host, RESOLVER, "orders.far-harbour.example")
    far_services.support(office, host, SUPPORT, 40)
    far_services.hold_ssh(office, host, SHELL, 443, 12)
    far_services.use_vpn(office, host, TUNNEL, "tunnel.example", 8)
    office.run(host, "nmap", "-n", "-Pn", "-p", "80", "--script", "http-enum,http-passwd",
               "--script-args", "http-enum.category=cms", "192.168.10.20", seconds=90)


def play(office):
    open_far(office)
    people.arrive(office, gap_seconds=1)
    people.keep_time(office, ("anna", "ben"))
    for host in ("anna", "cleo"):
        office.spawn(people.browse, host, 60)
    office.until(35)
    office.fetch("ben", "https://www.daily-news.example/", people.PLAIN_SITE)
    office.spawn(evening, "ben")
    office.until(SECONDS)
