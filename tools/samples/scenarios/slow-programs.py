# SPDX-License-Identifier: Apache-2.0
"""Sixteen hours of harmless programs: one reports at times drawn at random, another keeps a line open for prices."""
import people

SECONDS = 270
CAPTURE = "capture.pcap.zst"
# Of TLS, what is cut is encrypted.
SNAPLEN = 640
# A silence of a quarter of a second is one of a minute.
STRETCH = (0.15, 240)
PRICES = "stream.prices.example"
WHERE = "api.ipify.org"
SITES = {WHERE: ("198.51.100.221", "")}
ADDRESSES = ["203.0.113.173"]
DNS = [f"host-record={PRICES},203.0.113.173,300"]


def report(office, host):
    """What a system tells its maker, every two to twenty-four minutes of the longer time."""
    dice = office.dice("report")
    while not office.rest(dice.uniform(0.6, 6)):
        office.run(host, "curl", "-sS", "-q", "-m", "9", "-A", "Telemetry/10.0", "-d", "s=" + "4" * 60,
                   "--cacert", str(office.folder / "tls/ca.pem"), "-o", "/dev/null",
                   "https://telemetry.osvendor.example/api/")


def play(office):
    people.arrive(office, ("nas", "anna", "cleo"), 0.5)
    people.keep_time(office, ("anna", "cleo"))
    office.program("internet", "line_server", "203.0.113.173", 8443)
    office.until(15)
    office.fetch("cleo", "https://www.daily-news.example/", people.PLAIN_SITE, f"http://{WHERE}/")
    office.spawn(report, "anna")
    office.program("cleo", "line", PRICES, 8443, 0.27, 480, 40, 24)
    office.until(SECONDS)
