# SPDX-License-Identifier: Apache-2.0
"""Who does what and when: the agenda of one office's day, drawn with dice."""
from player import Device

BROWSING = ["news", "search", "shop", "rail", "parcel-plain", "crm", "sheets", "google", "office-mail-web",
            "video-page", "login", "payroll", "bank", "tax", "slack"]
# Looked for by the clock: part, seconds, jitter in seconds.
PC_POLLS = [("trust-list", 7200, 900), ("telemetry-known", 900, 300), ("telemetry-vendor", 1260, 240),
            ("editor-stats", 600, 5), ("teams-poll", 300, 20), ("browser-update", 5 * 3600, 600),
            ("firefox-settings", 6 * 3600, 600), ("dropbox", 240, 10), ("drive-check", 120, 4),
            ("filebox-notify", 90, 2), ("vault-check", 1800, 3), ("chatroom-poll", 60, 3),
            ("av-cloud", 420, 200), ("av-definitions", 4 * 3600, 300), ("rmm-poll", 300, 1),
            ("license", 600, 1), ("cad-update-check", 3 * 3600, 60), ("ime-dictionary", 8 * 3600, 600),
            ("weather-plain", 900, 2), ("rates-plain", 60, 1), ("feeds", 1800, 10), ("mail-read", 300, 2),
            ("calendar", 900, 5), ("crm-poll", 30, 1), ("ntp-known", 3600, 60), ("ntp-jp", 1024, 8),
            ("smb-list", 1200, 300), ("print-status", 1500, 400), ("snmp-printer", 300, 4),
            ("doh-known", 700, 500), ("doh-other", 900, 600), ("ocsp", 5400, 3000), ("git", 600, 5),
            ("health-one", 60, 0.3), ("health-two", 60, 0.3), ("health-three", 300, 1), ("webhook", 1800, 900),
            ("ping-nas", 60, 0.2), ("ping-out", 300, 1), ("dns-reputation", 2400, 1500),
            ("dns-windows-search", 5400, 2500), ("nbns-lookup", 3600, 1200), ("telegram-bot", 3600, 4),
            ("redis", 45, 1), ("hub", 120, 2), ("nas-page", 900, 300), ("ncsi", 3 * 3600, 2000)]
COMMON_POLLS = {"trust-list", "telemetry-known", "ocsp", "ncsi", "ntp-known", "mail-read", "av-cloud",
                "av-definitions", "dns-windows-search", "smb-list", "browser-update"}
# Now and then, by somebody: part, most times a day in the whole office.
ODD_JOBS = [("mail-send", 40), ("mail-large", 6), ("ftp-site", 3), ("smb-work", 50), ("smb-save", 5),
            ("print-page", 25), ("ipp", 10), ("sheets-save", 60), ("drive-upload", 12), ("filebox-sync", 14),
            ("chatroom-file", 12), ("crash-report", 2), ("cad-update", 1), ("software-download", 2),
            ("big-download", 4), ("apt", 3), ("pip", 4), ("aria", 2), ("wget-mirror", 2), ("ssh-work", 6),
            ("ssh-inside", 4), ("ssh-mistakes", 1), ("sftp-edi", 2), ("webdav", 3), ("restic", 2),
            ("rsync-outside", 1), ("rsync-inside", 4), ("dns-typos", 8), ("dns-probes", 12), ("dns-reverse", 4),
            ("dns-old-intranet", 6), ("dns-mail-policy", 2), ("dns-outside-known", 6), ("kdig-dot", 4),
            ("traceroute", 2), ("iperf", 1), ("ping-sizes", 1), ("turn", 6), ("rtp", 8), ("radio", 6),
            ("chromium", 6), ("old-printer-search", 2), ("fping-devices", 3), ("snmp-walk", 2),
            ("appliance-self-signed", 5), ("address-lookup", 2), ("fax", 3)]
THINGS = [("CAMERA-ENTR", [("camera-cloud", 900, 500), ("ntp-bare", 3600, 20), ("camera-still", 300, 2)],
           [("camera-p2p", 20, 20), ("camera-inside", 1, 0)]),
          ("CAMERA-YARD", [("camera-cloud", 1500, 900), ("ntp-bare", 1800, 5)], [("camera-p2p", 15, 3)]),
          ("THERMO-2F-A", [("thermo", 300, 2), ("ntp-jp", 7200, 30)], [("thermo-mqtt", 12, 0.02)]),
          ("SMARTPLUG-1", [], [("smart-plug", 12, 0.02)]), ("SMARTPLUG-2", [], [("smart-plug", 12, 0.02)]),
          ("SOLAR-METER", [("solar-plain", 300, 1)], []), ("MEETING-TV1", [("tv-plain", 1800, 60)], []),
          ("CARD-TERM-1", [("card-terminal", 1500, 1400)], [("card-line", 27, 0.02)]),
          ("TIME-CLOCK1", [("time-clock", 2700, 2600)], [("time-terminal", 20, 0.02)]),
          ("DESK-PHONE1", [("sip", 60, 0.5), ("ntp-bare", 3600, 10)], []),
          ("DESK-PHONE2", [("sip", 60, 0.5)], []),
          ("AGRI-BOX-01", [], [("agri-box", 136, 0.01)]),
          ("HUB-GATEWAY", [("hub", 30, 0.5)], [("appliance-tls", 27, 0.05)]),
          ("FACTORY-PRN", [("printer-supplies", 3600, 30), ("printer-meter", 4 * 3600, 60),
                           ("scan-to-mail", 5000, 4000), ("ntp-bare", 7200, 30)], []),
          ("STORAGE-BOX", [("nas-ddns-https", 3600, 30), ("address-lookup", 600, 3),
                           ("nas-firmware", 8 * 3600, 60), ("router-firmware", 12 * 3600, 100)], []),
          ("WATCH-BOX-1", [("watch-round", 300, 3), ("fping-devices", 300, 1), ("health-one", 60, 0.2),
                           ("health-two", 60, 0.2), ("snmp-walk", 300, 2), ("dns-blocklists", 1200, 600)], [])]
LONG_LINES = [("im-push", 27, 0.05), ("im-443", 20, 0.1), ("rmm-relay", 14, 0.02), ("accounting", 18, 0.3),
              ("license-port", 27, 0.02), ("mesh-vpn", 20, 0.1), ("openvpn", 3.3, 0.05)]
CHATTER = [("mdns-ask _companion-link._tcp.local", 900), ("mdns-ask _ipp._tcp.local", 1800),
           ("mdns-ask _googlecast._tcp.local", 300), ("mdns-tell DEVICE-NAME._smb._tcp.local", 3600),
           ("ssdp-search urn:dial-multiscreen-org:service:dial:1", 600),
           ("ssdp-notify urn:schemas-upnp-org:device:Basic:1", 900), ("nbns-ask WORKGROUP", 720),
           ("llmnr-ask wpad", 1500), ("llmnr-ask printsrv", 700)]


class Day:
    def __init__(self, player, dice, begin, seconds, people):
        self.player, self.dice = player, dice
        self.begin, self.end, self.people = begin, begin + seconds, people
        # Not those of the hosts that recorded the parts.
        self.octets = list(range(105, 200))
        dice.shuffle(self.octets)
        self.computers = []

    def device(self, name, private=False):
        head = 0x02 | (self.dice.randrange(64) << 2) if private else self.dice.randrange(64) << 2
        mac = bytes([head]) + self.dice.randbytes(5)
        return Device(name[:11].ljust(11, "0"), mac.hex(), self.octets.pop(), self.dice)

    def at(self, share_from=0.0, share_to=1.0):
        span = self.end - self.begin
        return self.begin + span * self.dice.uniform(share_from, share_to)

    def has(self, name):
        return name in self.player.parts

    def poll(self, name, device, start, end, every, jitter):
        now = start + self.dice.uniform(1, min(every, 120))
        while self.has(name) and now < end:
            self.player.play(name, device, now)
            # What hangs on people comes by chance; what hangs on a clock hardly varies.
            wait = self.dice.uniform(-jitter, jitter) + every if jitter < every / 2 \
                else self.dice.expovariate(1 / every)
            now += max(0.5, wait)

    def keep(self, name, device, start, end, slower, jitter):
        if self.has(name):
            self.player.keep(name, device, start + self.dice.uniform(5, 200), end, slower, jitter)

    def join(self, device, name, at):
        if self.has(name):
            self.player.play(name, device, at)

    def fill(self):
        for number in range(self.people):
            self.computer(f"DESK-PC-{number:02}X" if number % 4 else f"LAPTOP-{number:02}XY")
        for number in range(max(3, self.people // 2)):
            self.phone(f"PHONE-{number:02}AAA")
        for number in range(max(2, self.people // 4)):
            self.guest(f"GUEST-{number:02}PQR")
        for name, polls, lines in THINGS:
            self.thing(name, polls, lines)
        for name, most in ODD_JOBS:
            for _ in range(self.dice.randint((most + 1) // 2, most)):
                if self.has(name):
                    self.player.play(name, self.dice.choice(self.computers), self.at(0.1, 0.95))
        self.backups()

    def computer(self, name):
        device = self.device(name)
        start, end = self.at(0.02, 0.18), self.at(0.85, 1.0)
        self.computers.append(device)
        self.join(device, "join-anna", start - 8)
        self.browse(device, start, end, self.dice.uniform(240, 900))
        own = self.dice.sample(PC_POLLS, 14) + [p for p in PC_POLLS if p[0] in COMMON_POLLS]
        for poll in {p[0]: p for p in own}.values():
            self.poll(poll[0], device, start, end, *poll[1:])
        for line in self.dice.sample(LONG_LINES, 2):
            self.keep(line[0], device, start, end, *line[1:])
        for kind, every in self.dice.sample(CHATTER, 3):
            self.poll(kind, device, start, end, every, every / 8)
        self.poll("nbns-ask DEVICE-NAME", device, start, end, 5000, 1000)
        if self.dice.random() < 0.6:
            call = self.at(0.2, 0.8)
            self.keep("call", device, call, call + self.dice.uniform(300, 900), 2, 0.02)
        if self.dice.random() < 0.4:
            film = self.at(0.3, 0.7)
            self.keep("hls", device, film, film + self.dice.uniform(200, 900), 3, 0.1)

    def browse(self, device, start, end, pause):
        now, loved = start + 60, self.dice.sample(BROWSING, 8)
        while now < end:
            name = self.dice.choice(loved)
            if self.has(name):
                self.player.play(name, device, now)
            now += self.dice.expovariate(1 / pause) if self.dice.random() < 0.7 else self.dice.uniform(3, 25)

    def phone(self, name):
        device = self.device(name, private=self.dice.random() < 0.7)
        start, end = self.at(0.03, 0.2), self.at(0.8, 1.0)
        self.join(device, "join-dana", start - 8)
        for poll in (("phone-204", 1800, 900), ("phone-cloud", 2400, 1200), ("phone-push-check", 600, 200),
                     ("phone-captive", 3600, 1800), ("ntp-known", 7200, 3000)):
            self.poll(poll[0], device, start, end, *poll[1:])
        self.keep("phone-push", device, start, end, self.dice.choice([110, 250]), 0.02)
        self.poll("mdns-ask _googlecast._tcp.local", device, start, end, 400, 100)
        for _ in range(self.dice.randint(0, 3)):
            if self.has("phone-photos"):
                self.player.play("phone-photos", device, self.at(0.25, 0.8))

    def guest(self, name):
        device = self.device(name, private=True)
        start = self.at(0.2, 0.7)
        end = min(self.end, start + self.dice.uniform(1800, 7200))
        self.join(device, "join-dana", start - 8)
        self.browse(device, start, end, 200)
        self.poll("phone-204", device, start, end, 600, 200)
        self.poll("phone-captive", device, start, end, 900, 100)
        self.keep("openvpn", device, start, end, 3.3, 0.05)
        self.poll("health-three", device, start, end, 45, 1)

    def thing(self, name, polls, lines):
        device = self.device(name)
        self.join(device, "join-anna", self.begin + self.dice.uniform(0, 60))
        start = self.begin + self.dice.uniform(10, 200)
        for poll in polls:
            self.poll(poll[0], device, start, self.end, *poll[1:])
        for line, slower, jitter in lines:
            if line == "camera-inside":
                begin = self.at(0.2, 0.8)
                self.keep(line, device, begin, begin + 600, 1, 0.0)
            else:
                self.keep(line, device, start, self.end, slower, jitter)

    def backups(self):
        """At noon, and when the last one leaves: hundreds of megabytes, some in many pieces."""
        for share, device, pieces in ((0.45, self.computers[0], 30), (0.9, self.computers[-1], 60)):
            now = self.begin + (self.end - self.begin) * share
            for _ in range(pieces):
                if self.has("vault-backup"):
                    self.player.play("vault-backup", device, now)
                now += self.dice.uniform(2, 9)
