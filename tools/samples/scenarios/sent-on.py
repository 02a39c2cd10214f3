# SPDX-License-Identifier: Apache-2.0
"""Harmless and like theft: drawings fetched and put into the office's cloud, files passed on."""
import people
import services

SECONDS = 150
CAPTURE = "capture.pcap.zst"
SEGMENTS = True
CLOUD, PASS_ON = "upload.box.com", "gigafile.nu"
PARTNER, DRIVERS = "portal.metalworks.example", "ftp.printermaker.example"
PROVIDER = "smtp.provider.example"
SITES = {CLOUD: ("203.0.113.141", ""), PASS_ON: ("203.0.113.142", ""),
         PARTNER: ("203.0.113.94", ""), DRIVERS: ("203.0.113.95", ""),
         PROVIDER: ("203.0.113.92", "")}
# The real names: the one that the office is a customer of, and the one where anybody passes on files.
DNS = [f"local=/{CLOUD}/", f"local=/{PASS_ON}/"]
NAS = "192.168.10.20"
SHARED_MEGABYTES, CLOUD_MEGABYTES = 72, 54


def work_on_drawings(office, host, at_second):
    """Ben fetches the drawings, works, and puts them where the office keeps a second copy."""
    people.of_size(office.folder / "share/drawings.zip", SHARED_MEGABYTES << 10)
    office.until(at_second)
    office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%", "-c",
               "get drawings.zip /dev/null", f"//{NAS}/public", expect=(0, 1))
    office.rest(20)
    people.put_file(office, host, "drawings.zip", CLOUD_MEGABYTES << 10,
                    f"https://{CLOUD}/taken/drawings.zip")


def deal_with_partner(office, host, at_second):
    office.until(at_second)
    office.fetch(host, f"https://{PARTNER}/", f"https://{PARTNER}/app.js")
    people.put_file(office, host, "order.pdf", 300, f"https://{PARTNER}/taken/order.pdf")


def pass_on(office, host, at_second):
    """Photographs that are too large for a mail."""
    office.until(at_second)
    office.fetch(host, f"https://{PASS_ON}/", f"https://{PASS_ON}/style.css")
    people.put_file(office, host, "photos.zip", 900, f"https://{PASS_ON}/taken/photos.zip")


def log_in_openly(office, at_second):
    """Passwords that stay in the house, or are none, or go encrypted."""
    scan = people.of_size(office.folder / "scan.pdf", 12)
    office.until(at_second)
    office.run("printer", "curl", "-sS", "-q", "-m", "10", "-T", scan, "-u", "scan:sample-only",
               f"ftp://{NAS}/scan.pdf")
    office.run("anna", "curl", "-sS", "-q", "-m", "10", "-o", "/dev/null", f"ftp://{DRIVERS}/")
    office.once("anna", "mail_send", PROVIDER, 587, "[192.168.10.101]", "anna@office.example",
                "friend@garden.example", "Minutes", 8, "The minutes: see the attachment.",
                office.folder / "tls/ca.pem")


def play(office):
    services.start_python(office, "internet", "file_box", SITES[DRIVERS][0], 21)
    services.start_python(office, "internet", "mail_server", SITES[PROVIDER][0], 587,
                          *services.certificate(office.folder, PROVIDER))
    office.program("nas", "ftp_server", "scan", "sample-only")
    people.arrive(office, gap_seconds=1)
    office.spawn(people.chatter, SECONDS - 30)
    office.spawn(people.browse, "dana", 45)
    office.spawn(work_on_drawings, "ben", 45)
    office.spawn(deal_with_partner, "anna", 60)
    office.spawn(pass_on, "cleo", 75)
    office.spawn(log_in_openly, 90)
    office.until(SECONDS)
