# SPDX-License-Identifier: Apache-2.0
"""Harmless and like brought-tools: remote support, a VPN home, Tor for reading, a fleet tool, encrypted lookups."""
import far_services
import people
import tor_network
from office import AGENTS

SECONDS = 120
CAPTURE = "capture.pcap.zst"
# Of what tor sends, what is cut is encrypted.
SNAPLEN = 640
SUPPORT = "relay-51ab0c77.net.anydesk.com"
CODE, READING = "ssh.codehost.example", "www.ordinary-site.example"
WHERE, FIRM, WIKI = "checkip.dyndns.com", "www.tkzkgshd.co.jp", "192.168.10.20"
FAR = [f"203.0.113.{last}" for last in range(241, 245)]
SITES = {READING: ("198.51.100.222", ""), WHERE: ("198.51.100.224", "")}
ADDRESSES = FAR + tor_network.RELAYS
DNS = [f"host-record={SUPPORT},{FAR[0]},300", f"host-record={CODE},{FAR[1]},300",
       f"host-record=vpn.home.example,{FAR[2]},300", f"host-record=dns.provider.example,{FAR[3]},300",
       f"host-record={FIRM},198.51.100.222,300", "local=/com/", "local=/jp/"]
NEEDS = {"openvpn": "openvpn", "kdig": "knot-dnsutils", "tor": "tor", "tor-gencert": "tor"}
STATUS_PAGES = ("", "status", "info.html", "general/status.html", "hp/device/info", "PRESENTATION",
                "web/guest/en/status", "wcd/system.xml", "start.htm", "ews/index.html",
                "DevMgmt/ProductStatusDyn.xml", "cgi-bin/dynamic/printer.html")


def open_far(office):
    tor_network.start(office)
    far_services.open_support(office, FAR[0])
    far_services.open_far_ssh(office, FAR[1], 443)
    far_services.open_vpn(office, FAR[2], "vpn.home.example")
    far_services.open_lookups(office, FAR[3], ["www.daily-news.example,198.51.100.10"])
    for host in ("nas", "printer"):
        far_services.start_pages(office, host, 80)


def ask(office, host, url, agent):
    office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", agent, "-o", "/dev/null", url)


def be_helped(office, host):
    """The vendor's man looks at the screen, as he was asked to."""
    office.until(30)
    far_services.support(office, host, SUPPORT, 30)


def work_from_here(office, host):
    """A look at the firm's site, the maker's tool that looks after printers, and files at home."""
    office.until(32)
    office.fetch(host, f"http://{FIRM}/")
    for device in ("printer", "nas"):
        address = "192.168.10.30" if device == "printer" else WIKI
        for page in STATUS_PAGES:
            ask(office, host, f"http://{address}/{page}", "FleetStatus/5.2")
    far_services.use_vpn(office, host, "vpn.home.example", "vpn.home.example", 8)


def develop(office, host):
    """Code over the port that every firewall lets through, then reading by Tor."""
    office.until(30)
    far_services.hold_ssh(office, host, CODE, 443, 10)
    office.until(50)
    client = tor_network.join(office, host)
    office.until(80)
    tor_network.fetch(office, host, f"https://{READING}/logo.svg")
    client.terminate()


def search(office, host):
    """The telephone's private DNS, and what somebody who learns databases looks for in the wiki."""
    office.until(35)
    for _ in range(3):
        far_services.look_up_hidden(office, host, FAR[3], "www.daily-news.example")
        office.rest(4)
    for words in ("union+select+example", "monthly+report", "holiday+list"):
        ask(office, host, f"http://{WIKI}/index.html?search={words}", AGENTS[host])
        office.rest(5)


def tell_own_address(office, host):
    """The file server keeps the office's name pointing at its address."""
    for _ in range(2):
        office.until(office.now() + 30)
        ask(office, host, f"http://{WHERE}/", "ddclient/3.10.0")


def play(office):
    open_far(office)
    people.arrive(office, gap_seconds=1)
    people.keep_time(office, ("anna", "ben"))
    for work, host in ((be_helped, "anna"), (work_from_here, "ben"), (develop, "cleo"),
                       (search, "dana"), (tell_own_address, "nas")):
        office.spawn(work, host)
    office.until(SECONDS)
