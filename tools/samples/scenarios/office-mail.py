# SPDX-License-Identifier: Apache-2.0
"""Harmless and like theft: mail by STARTTLS, a NAS that mails its report, a web site's upkeep."""
import people
import services

SECONDS = 85
CAPTURE = "capture.pcap.zst"
PROVIDER = "smtp.provider.example"
WEB_HOST = "ftp.webspace.example"
SITES = {PROVIDER: ("203.0.113.92", ""), WEB_HOST: ("203.0.113.93", "")}


def write_mail(office, host, at_second):
    authority = office.folder / "tls/ca.pem"
    office.until(at_second)
    office.once(host, "mail_send", PROVIDER, 587, "[192.168.10.101]", "anna@office.example",
                "friend@garden.example", "Minutes", 8, "The minutes: see the attachment.",
                authority)


def report(office, host, at_second):
    office.until(at_second)
    office.once(host, "mail_send", PROVIDER, 587, "nas", "it@office.example",
                "it@office.example", "[nas] Backup is done", 2, "Task: backup\nResult: done\n")


def keep_web_site(office, host, at_second):
    office.until(at_second)
    for page in ("index.html", "news_2026-03-02.html"):
        office.once(host, "ftp_store", WEB_HOST, page, 4, "look")


def play(office):
    services.start_python(office, "internet", "mail_server", SITES[PROVIDER][0], 587,
                          *services.certificate(office.folder, PROVIDER))
    services.start_python(office, "internet", "file_box", SITES[WEB_HOST][0], 21)
    people.arrive(office)
    people.ordinary(office, SECONDS - 20, browsing_pause=90)
    office.spawn(write_mail, "anna", 40)
    office.spawn(report, "nas", 62)
    office.spawn(keep_web_site, "cleo", 50)
    office.until(SECONDS)
