# SPDX-License-Identifier: Apache-2.0
"""Harmless and like an open door: the office's own mail and web server, a vendor, many logins."""
import people
import services

SECONDS = 200
CAPTURE = "capture.pcap.zst"
NEEDS = {"smbpasswd": "samba-common-bin"}
OUTSIDE = "203.0.113.66"
CUSTOMERS = 24
ADDRESSES = [OUTSIDE, *(f"203.0.113.{100 + number}" for number in range(CUSTOMERS))]
DNS = [line for number in range(CUSTOMERS)
       for line in (f"mx-host=customer{number}.example,mx.customer{number}.example,10",
                    f"host-record=mx.customer{number}.example,203.0.113.{100 + number}")]
# Of Debian's own: the file server asks its system for them.
STAFF = ("games", "man", "lp", "mail", "news", "proxy", "backup", "list", "irc", "www-data")
MAIL_SERVER, SHARES = "192.168.10.20", "192.168.10.102"
SMB_REFUSED = 1


def letter_of(office):
    letter = office.folder / "letter.txt"
    letter.write_text("From: office@office.example\nSubject: Order 4711\n\nThank you.\n")
    return str(letter)


def mail_comes_in(office):
    """Customers write, and read the office's web page."""
    letter = letter_of(office)
    office.until(40)
    for number in range(5):
        office.run("internet", "curl", "-sS", "-q", "-m", "10", "--mail-from",
                   f"info@customer{number}.example", "--mail-rcpt", "office@office.example", "-T",
                   letter, f"smtp://{MAIL_SERVER}:25/mx.customer{number}.example")
        office.run("internet", "curl", "-sS", "-q", "-m", "10", "-o", "/dev/null",
                   f"http://{MAIL_SERVER}/")
        if office.rest(5):
            return


def mail_goes_out(office):
    """The newsletter, from the office's mail server to each customer's."""
    letter = letter_of(office)
    dice = office.dice("letters")
    office.until(75)
    for number in range(CUSTOMERS):
        office.run("nas", "dig", "+short", "+tries=1", "MX", f"customer{number}.example")
        office.run("nas", "curl", "-sS", "-q", "-m", "10", "--mail-from", "office@office.example",
                   "--mail-rcpt", f"info@customer{number}.example", "-T", letter,
                   f"smtp://mx.customer{number}.example:25/mail.office.example")
        if office.rest(dice.uniform(0.3, 2)):
            return


def everybody_logs_in(office):
    """Anna's machine is the one that all share: each logs in to the files, two mistype once."""
    dice = office.dice("staff")
    office.until(60)
    for user in STAFF:
        if user in ("lp", "news"):
            office.run("anna", "smbclient", "-s", str(office.folder / "smb.conf"), "-U",
                       f"{user}%rihgt one", "-c", "ls", f"//{SHARES}/work", expect=(SMB_REFUSED,))
        office.run("anna", "smbclient", "-s", str(office.folder / "smb.conf"), "-U",
                   f"{user}%right one", "-c", "ls", f"//{SHARES}/work")
        if office.rest(dice.uniform(2, 6)):
            return


def strangers_knock(office):
    """As on any line to the internet: a few passwords, none of them right."""
    office.until(50)
    for user in ("admin", "user", "guest"):
        office.run("internet", "smbclient", "-s", str(office.folder / "smb.conf"), "-U",
                   f"{user}%1234", "-c", "ls", f"//{SHARES}/work", expect=(SMB_REFUSED,))
        if office.rest(15):
            return


def vendor_looks_after(office):
    """The vendor's remote support: SSH from outside, by a key."""
    key = services.let_in_by_ssh(office)
    office.until(100)
    office.run("internet", "ssh", "-F", "/dev/null", "-i", str(key), "-o", "BatchMode=yes",
               "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
               "-o", "LogLevel=ERROR", f"root@{MAIL_SERVER}", "echo looked after")


def play(office):
    office.tool("internet", "ip", "route", "replace", "192.168.10.0/24", "via", "198.18.0.1",
                "src", OUTSIDE)
    certificate = services.certificate(office.folder, "imap.mailhost.example")
    for place in ("internet", "nas"):
        services.start_python(office, place, "mail_server", "0.0.0.0", 25, *certificate)
    office.start("nas", "python3", "-m", "http.server", "--directory",
                 str(office.folder / "pages"), "80")
    services.open_shares(office, "ben", STAFF, "right one")
    people.arrive(office, gap_seconds=1)
    office.spawn(people.chatter, SECONDS - 30)
    office.spawn(people.browse, "cleo", 45)
    for work in (mail_comes_in, mail_goes_out, everybody_logs_in, strangers_knock,
                 vendor_looks_after):
        office.spawn(work)
    office.until(SECONDS)
