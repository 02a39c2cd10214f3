# SPDX-License-Identifier: Apache-2.0
"""What a scenario is written in: the network with its services, and people who use them."""
import random
import shutil
import subprocess
import threading
import time

import services
import sites
from network import HOSTS, Network

LEASE_SECONDS = 40
AGENTS = {
    "anna": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Sample/1.0",
    "ben": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Sample/1.0",
    "cleo": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Sample/1.0",
    "dana": "Mozilla/5.0 (Linux; Android 14; Phone) Sample/1.0",
}


class Office(Network):
    """Its dice are seeded by name, so two runs of a scenario make the same choices."""

    def __init__(self, prefix, scenario, keeps_segments=False):
        super().__init__(prefix, keeps_segments)
        self.scenario = scenario
        self.threads = []
        self.passed = []
        self.started = 0.0

    def open(self, extra_sites, dns_lines, extra_addresses):
        known = {**sites.SITES, **sites.SERVICES, **extra_sites}
        self.build(sites.addresses(known) + list(extra_addresses))
        services.start_all(self, extra_sites, dns_lines)
        # The servers need a moment before the first host asks.
        time.sleep(2)
        self.started = time.monotonic()

    def dice(self, name):
        return random.Random(f"{self.scenario}/{name}")

    def spawn(self, work, *words):
        thread = threading.Thread(target=self._guarded, args=(work, words), daemon=True)
        thread.start()
        self.threads.append(thread)

    def _guarded(self, work, words):
        try:
            work(self, *words)
        except Exception as error:  # a thread's end would otherwise pass unseen
            self.complaints.append(f"{work.__name__}{words}: {error!r}")

    def now(self):
        """Seconds since the scenario began."""
        return time.monotonic() - self.started

    def until(self, second):
        """Sleeps to that second of the scenario."""
        self.rest(max(0.0, second - self.now()))

    def pass_time(self, seconds):
        """What comes now will stand in the capture as so much later; nothing may be under way."""
        self.rest(0.3)
        self.passed.append((time.time(), seconds))
        self.rest(0.1)

    def hush(self):
        """Ends the people, not the services: what they began they may finish."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(40)

    def join(self, host):
        """Switches the host on, and returns when it has its lease."""
        device = HOSTS[host]
        lease_file = self.folder / f"lease-{host}"
        self.link(host, "set", "eth0", "up")
        vendor = ["-V", device.vendor_class] if device.vendor_class else []
        self.start(host, "env", f"LEASE_FILE={lease_file}", "udhcpc", "-f", "-i", "eth0",
                   "-s", str(services.PROGRAMS / "lease.sh"), "-x",
                   f"hostname:{device.dhcp_name}", *vendor)
        for _ in range(LEASE_SECONDS * 5):
            if lease_file.exists():
                return
            time.sleep(0.2)
        raise RuntimeError(f"{host} got no lease in {LEASE_SECONDS} s")

    def leave(self, host):
        """Switches the host off, or takes it away; join() brings it back."""
        self.tool(host, "ip", "address", "flush", "dev", "eth0", "scope", "global")
        self.link(host, "set", "eth0", "down")
        (self.folder / f"lease-{host}").unlink()

    def fetch(self, host, *urls):
        """One visit: every URL in turn over as few connections as the client needs."""
        authority = str(self.folder / "tls/ca.pem")
        if host == "dana":
            self.run(host, "wget", "-q", "--no-hsts", "-T", "15", "-t", "1", "-U", AGENTS[host],
                     "--header=Accept-Language: ja", "--header=Accept-Encoding: gzip",
                     f"--ca-certificate={authority}", "-O", "/dev/null", *urls)
            return
        targets = [word for url in urls for word in ("-o", "/dev/null", url)]
        self.run(host, "curl", "-sS", "-q", "-m", "20", "-A", AGENTS.get(host, "Sample/1.0"),
                 "-H", "Accept-Language: ja", "--compressed",
                 "--cacert", authority, *targets)

    def own_certificate(self, name, subject):
        """One that nobody vouches for, and its key."""
        files = [str(self.folder / f"{name}.{part}") for part in ("pem", "key")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
                        "-subj", subject, "-out", files[0], "-keyout", files[1]],
                       check=True, capture_output=True)
        return files

    def program(self, host, name, *words):
        return services.start_python(self, host, name, *words)

    def once(self, host, name, *words, seconds=30):
        self.run(host, "python3", str(services.PROGRAMS / f"{name}.py"), *map(str, words),
                 seconds=seconds)


def missing_programs(wanted):
    return [program for program in wanted if not shutil.which(program)]
