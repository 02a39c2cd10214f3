# SPDX-License-Identifier: Apache-2.0
"""Sixteen hours: one program reports at times drawn at random, another keeps a line open to a stranger."""
import people

SECONDS = 270
CAPTURE = "capture.pcap.zst"
# Of TLS, what is cut is encrypted.
SNAPLEN = 640
# A silence of a quarter of a second is one of a minute.
STRETCH = (0.15, 240)
WHERE = "api.ipify.org"
HOME, LINE = "office-sync-82.duckdns.org", "203.0.113.218"
SITES = {WHERE: ("198.51.100.221", ""), HOME: ("203.0.113.217", "")}
ADDRESSES = [LINE]


def report(office, host):
    """Every two to twenty-four minutes, of the longer time."""
    dice = office.dice("report")
    while not office.rest(dice.uniform(0.6, 6)):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Mozilla/4.0", "-d", "s=" + "4" * 60,
                   "--cacert", str(office.folder / "tls/ca.pem"), "-o", "/dev/null",
                   f"https://{HOME}/check")


def stay(office, host):
    office.once(host, "where_am_i", WHERE)
    office.program(host, "line", LINE, 8977, 0.27, 480, 40, 24)


def play(office):
    people.arrive(office, ("nas", "anna", "cleo"), 0.5)
    people.keep_time(office, ("anna", "cleo"))
    office.program("internet", "line_server", LINE, 8977)
    office.until(15)
    office.fetch("cleo", "https://www.daily-news.example/", people.PLAIN_SITE)
    office.spawn(report, "anna")
    office.spawn(stay, "cleo")
    office.until(SECONDS)
