# SPDX-License-Identifier: Apache-2.0
"""What the devices of an office do in a day, each thing once, by the programs that do it."""
import base64
import os
import random

import day_sites
from network import GATEWAY

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Mobile/15E148"
ANY = tuple(range(0, 100))
NAS, PRINTER = "192.168.10.20", "192.168.10.30"
CRYPTO = "Microsoft-CryptoAPI/10.0"


def curl(rec, host, *words, seconds=30):
    rec.office.run(host, "curl", "-sS", "-q", "-m", "25", "--cacert",
                   str(rec.office.folder / "tls/ca.pem"), "--output-dir", "/dev/shm",
                   "-o", "hinomi-day", *words, seconds=seconds)


def get(agent, *urls):
    def work(rec, host):
        words = [part for url in urls for part in ("-o", "hinomi-day", url)]
        curl(rec, host, "-A", agent, "-H", "Accept-Language: ja", "--compressed", *words[2:])
    return work


def post(agent, url, size, kind="application/json", *more):
    def work(rec, host):
        path = rec.office.folder / f"post-{size}"
        if not path.exists():
            noise = random.Random(size)
            text = "".join(noise.choice("0123456789abcdef") for _ in range(size))
            path.write_text(('{"v":"' + text + '"}')[:max(size, 10)])
        curl(rec, host, "-A", agent, "-H", f"Content-Type: {kind}", "--data-binary", f"@{path}",
             *more, url)
    return work


def run(*argv, seconds=40):
    def work(rec, host):
        words = [word.format(folder=rec.office.folder, nas=NAS, printer=PRINTER, gateway=GATEWAY,
                             **{k: v for k, v in PLACES.items()}) for word in argv]
        rec.office.run(host, *words, seconds=seconds, expect=ANY)
    return work


PLACES = {name.split(".")[0].replace("-", "_") + "_at": pair[0]
          for name, pair in {**day_sites.WEB, **day_sites.OTHER}.items()}


def line(name, port, up, down, rounds=5, pause=2.2, trust="ca"):
    """A connection that stays open. Its rounds are those that the composer repeats."""
    def work(rec, host):
        words = [name, port, pause, rounds + 3, up, down]
        if trust:
            words.append("any" if trust == "any" else rec.office.folder / "tls/ca.pem")
        client = rec.office.program(host, "line", *words)
        rec.office.rest(pause * 1.5 + 0.4)
        rec.mark("round")
        rec.office.rest(pause * rounds)
        rec.mark("rest")
        client.wait(30)
    return work


def daemon(*argv, before=3.0, round_seconds=10.0):
    """A program that would run all day: started, watched for some rounds, ended."""
    def work(rec, host):
        words = [word.format(folder=rec.office.folder) for word in argv]
        process = rec.office.start(host, *words)
        rec.office.rest(before)
        rec.mark("round")
        rec.office.rest(round_seconds)
        rec.mark("rest")
        process.terminate()
        process.wait(10)
    return work


def datagrams(address, port, size, rounds=5, pause=1.3):
    def work(rec, host):
        client = rec.office.program(host, "datagrams", address, port, rounds + 2, pause, size)
        rec.office.rest(pause * 0.8)
        rec.mark("round")
        rec.office.rest(pause * rounds)
        rec.mark("rest")
        client.wait(20)
    return work


def site(name, *parts):
    return [f"https://{name}/{part}" for part in ("", *parts)]


WEB_PARTS = {
    "ncsi": get("Microsoft NCSI", "http://www.msftconnecttest.com/index.html"),
    "trust-list": get(CRYPTO, "http://ctldl.windowsupdate.com/update.cab"),
    "ocsp": post(CRYPTO, "http://ocsp.digicert.com/api/ocsp", 83, "application/ocsp-request"),
    "telemetry-known": post("OneSettings", "https://v10.events.data.microsoft.com/api/1", 4200),
    "telemetry-vendor": post("Telemetry/3", "https://telemetry.osvendor2.example/api/v2", 2600),
    "editor-stats": post("editor/9.1", "https://stats.editorial-app.example/api/ping", 420),
    "crash-report": post("crashpad", "https://crash.reports-app.example/api/upload", 240000,
                         "application/octet-stream", "--http1.1"),
    "office-mail-web": get(EDGE, *site("outlook.office365.com", "app.js", "photo.jpg")),
    "teams-poll": get("Teams/1.6", "https://teams.microsoft.com/check"),
    "login": get(EDGE, *site("login.microsoftonline.com", "app.js")),
    "google": get(EDGE, *site("www.google.com"), "https://www.gstatic.com/style.css"),
    "browser-update": post("Google Update/1.3", "https://update.googleapis.com/api/service", 900),
    "firefox-settings": get("Mozilla/5.0 Firefox/121.0",
                            "https://firefox.settings.services.mozilla.com/check"),
    "slack": get(EDGE, *site("slack.com", "app.js"), "https://edgeapi.slack.com/check"),
    "dropbox": get("Dropbox/190", "https://client.dropbox.com/check"),
    "news": get(EDGE, *site("www.portal-news.example", "style.css", "app.js"),
                "https://img.portal-news.example/photo.jpg", "https://static.cdn-a.example/app.js",
                "https://ads.broker-one.example/check", "https://pixel.tracker-two.example/check",
                "https://fonts.types.example/style.css"),
    "search": get(EDGE, *site("search.finder.example", "app.js", "logo.svg")),
    "bank": get(EDGE, *site("bank.business-bank.example", "app.js", "style.css")),
    "tax": get(EDGE, *site("tax.e-filing.example", "app.js")),
    "rail": get(EDGE, *site("rail.timetable.example", "photo.jpg")),
    "parcel-plain": get(EDGE, "http://parcel.carrier.example/", "http://parcel.carrier.example/logo.svg"),
    "shop": get(EDGE, *site("shop.office-goods.example", "photo.jpg", "app.js"),
                "https://static.cdn-b.example/photo.jpg"),
    "crm": get(EDGE, *site("crm.cloudsales.example", "app.js"),
               "https://api.cloudsales.example/api/list"),
    "crm-poll": get(EDGE, "https://api.cloudsales.example/api/list"),
    "sheets": get(EDGE, *site("sheets.officecloud.example", "app.js", "style.css")),
    "sheets-save": post(EDGE, "https://sheets.officecloud.example/api/save", 9000),
    "drive-check": get("DriveSync/4", "https://drive.officecloud.example/check"),
    "drive-upload": post("DriveSync/4", "https://drive.officecloud.example/api/put", 1200000,
                         "application/octet-stream", "--http1.1"),
    "filebox-notify": get("FileBox/11.2", "https://notify.filebox.example/check"),
    "filebox-sync": post("FileBox/11.2", "https://sync.filebox.example/api/block", 600000,
                         "application/octet-stream", "--http1.1"),
    "vault-check": get("VaultLine-Agent/6", "https://backup.vaultline.example/check"),
    "vault-backup": post("VaultLine-Agent/6", "https://backup.vaultline.example/api/chunk", 1800000,
                         "application/octet-stream", "--http1.1"),
    "webhook": post("automation", "https://hooks.automation.example/api/hook", 700),
    "chatroom-poll": get("ChatRoom/2", "https://api.chatroom.example/check"),
    "chatroom-file": post("ChatRoom/2", "https://files.chatroom.example/api/put", 420000,
                          "image/jpeg", "--http1.1"),
    "phone-push-check": get(PHONE, "https://gw.phonecloud.example/check"),
    "phone-204": get("Dalvik/2.1.0 (Linux; U; Android 14)",
                     "http://captive.phonecloud.example/generate_204"),
    "phone-captive": get("CaptiveNetworkSupport-443 wispr", "http://captive.apple.com/index.html"),
    "phone-cloud": post("cloudd/962", "https://gateway.icloud.com/api/sync", 3200),
    "phone-photos": post("PhotoSync/5", "https://push.phonecloud.example/api/photo", 700000,
                         "image/jpeg", "--http1.1"),
    "av-definitions": get("ShieldUpdate/7.2", "http://av-update.shield.example/defs.bin"),
    "av-cloud": post("ShieldAgent/7.2", "https://av-cloud.shield.example/api/verdict", 310),
    "rmm-poll": post("HelpDesk-Agent/12.0", "https://rmm.helpdesk-vendor.example/api/checkin", 640),
    "license": post("CadTool", "http://license.cad-tool.example/api/seat", 130,
                    "application/x-www-form-urlencoded"),
    "cad-update-check": get("CadUpdater/3.1", "http://update.cad-tool.example/check"),
    "cad-update": get("CadUpdater/3.1", "http://update.cad-tool.example/setup.exe"),
    "printer-supplies": post("PrintMaker-FW/2.11", "http://supplies.printmaker.example/api/level", 900,
                             "text/xml"),
    "printer-meter": post("PrintMaker-FW/2.11", "https://meter.printmaker.example/api/count", 1500,
                          "text/xml"),
    "router-firmware": get("RouterOS-like/6", "http://fw.routermaker.example/check"),
    "router-ddns": get("inadyn/2.9", "http://www.duckdns.org/check"),
    "nas-ddns-https": get("curl/7.88.1", "https://officenas.duckdns.org/check"),
    "address-lookup": get("curl/7.88.1", "https://api.ipify.org/check"),
    "camera-cloud": post("CamOS/4", "https://upload.cameramaker.example/api/clip", 400000, "video/mp4",
                         "--http1.1"),
    "camera-still": post("CamOS/4", "http://cloud.cameramaker.example/api/still", 22000, "image/jpeg"),
    "thermo": post("thermo/2.0", "https://api.thermo-home.example/api/t", 180),
    "solar-plain": post("ESP8266HTTPClient", "http://meter.solar-roof.example/api/w", 96,
                        "application/x-www-form-urlencoded"),
    "tv-plain": get("PanelTV/5.1 (Tizen)", "http://tv.panelmaker.example/check"),
    "card-terminal": post("PayTerm", "https://pay.card-terminal.example/api/auth", 1100),
    "time-clock": post("TimeCard/1.0", "http://clock.timecard.example/api/stamp", 64,
                       "application/x-www-form-urlencoded"),
    "payroll": get(EDGE, *site("api.payroll.example", "app.js")),
    "fax": post("NetFax/2", "https://fax.netfax.example/api/page", 52000, "image/tiff", "--http1.1"),
    "ime-dictionary": get("KanaInput/30", "https://dict.kana-input.example/defs.bin"),
    "weather-plain": get("WeatherWidget/1.1", "http://weather.widget.example/api.json"),
    "rates-plain": get("Excel/16 (WebQuery)", "http://rates.currency.example/api.json"),
    "feeds": get("FeedReader/3", "http://feeds.blogroll.example/index.html"),
    "health-one": get("curl/7.88.1", "https://status.customer-one.example/check"),
    "health-two": get("UptimeCheck/1", "http://www.customer-two.example/check"),
    "health-three": get("python-requests/2.31", "https://shop.customer-three.example/check"),
    "doh-known": get(EDGE, "https://dns.google/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB"),
    "doh-other": get(EDGE, "https://doh.resolver-x.example/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB"),
    "calendar": run("curl", "-sS", "-q", "-k", "-X", "PROPFIND", "-u", "anna:sample-only", "-H", "Depth: 1",
                    "-A", "Thunderbird/115", "-o", "/dev/null", "https://cal.groupware.example/api/cal"),
    "video-page": get(EDGE, *site("video.streamhub.example", "app.js", "photo.jpg")),
    "telegram-bot": post("python-requests/2.31", "https://api.telegram.org/api/bot/sendMessage", 220),
    "big-download": get(EDGE, *["https://files.chatroom.example/big.zip"]),
    "software-download": get(EDGE, *["https://shop.office-goods.example/setup.exe"]),
    "nas-firmware": get("NasOS/7", "http://fw.routermaker.example/defs.bin"),
    "appliance-self-signed": run("curl", "-sS", "-q", "-k", "-m", "9", "-A", "FileSync/4.0", "-o",
                                 "/dev/null", "https://officenas.duckdns.org/check"),
    "kdig-dot": run("kdig", "+tls", "+timeout=2", "+retry=0", "@" + day_sites.WEB["dns.google"][0],
                    "www.portal-news.example"),
}


def hls(rec, host):
    """A player: a piece of the film every so often, over one connection."""
    url = "https://seg1.streamhub.example/seg.ts"
    words = ["-o", "hinomi-day", url] * 5
    client = rec.office.start(host, "curl", "-sS", "-q", "--rate", "30/m", "-A", EDGE, "--cacert",
                              str(rec.office.folder / "tls/ca.pem"), "--output-dir", "/dev/shm", *words)
    rec.office.rest(3.0)
    rec.mark("round")
    rec.office.rest(6.0)
    rec.mark("rest")
    client.wait(30)


def radio(rec, host):
    """Music: one long answer at the pace at which it is heard."""
    curl(rec, host, "-A", "TunesPlayer/8", "--limit-rate", "60k", "--http1.1",
         "https://music.tunes.example/seg.ts")


def chromium(*urls):
    def work(rec, host):
        home = rec.office.folder / f"chromium-{host}"
        for url in urls:
            rec.office.run(host, "timeout", "-k", "2", "14", "env", f"HOME={home}", "chromium", "--headless=new",
                           "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors",
                           f"--user-data-dir={home}", "--virtual-time-budget=5000", "--dump-dom", url,
                           seconds=25, expect=(*ANY, 124, 133, 134, 137, -6, -5))
    return work


def ntp_once(server):
    return run("chronyd", "-Q", "-t", "6", "-u", "root", "-f", "/dev/null",
               f"server {server} iburst maxsamples 1", "cmdport 0")


def digs(*lines):
    def work(rec, host):
        for words in lines:
            rec.office.run(host, "dig", "+tries=1", "+time=1", *words.split(), expect=ANY)
    return work


def hash_name(seed):
    return base64.b32encode(random.Random(seed).randbytes(16)).decode().lower().rstrip("=")


NAMES_PARTS = {
    "dns-windows-search": digs("wpad.office.example", "_ldap._tcp.dc._msdcs.office.example SRV",
                               "_kerberos._tcp.dc._msdcs.office.example SRV", "isatap.office.example"),
    "dns-reverse": digs(*[f"-x 192.168.10.{n}" for n in (1, 20, 30, 101, 102, 103)],
                        *[f"-x 198.51.100.{n}" for n in range(100, 112)]),
    "dns-reputation": digs(*[f"{hash_name(n)}.rep.shield.example TXT" for n in range(12)]),
    "dns-blocklists": digs(*[f"{n}.100.51.198.{zone} A" for n in (7, 9, 31, 77)
                             for zone in ("bl.spamlist.example", "dnsbl.senders.example")]),
    "dns-mail-policy": digs("office.example MX", "office.example TXT", "_dmarc.office.example TXT",
                            "mail._domainkey.office.example TXT"),
    "dns-typos": digs("wwww.portal-news.example", "www.portal-new.example", "intranet",
                      "intranet.office.example", "fileserver.office.example", "printsrv.office.example"),
    "dns-probes": digs("xkqvbtrwopz", "hjqmzlrtvbn", "wqpfkdjsnvb"),
    "dns-outside-known": digs(f"@{day_sites.WEB['dns.google'][0]} www.portal-news.example"),
    "dns-old-intranet": digs("sv01.old-office.example", "sv02.old-office.example",
                             "fs.old-office.example"),
    "ntp-known": ntp_once("time.windows.com"),
    "ntp-jp": ntp_once("ntp.nict.jp"),
    "ntp-bare": ntp_once(day_sites.BARE_TIME),
}
