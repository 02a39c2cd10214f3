# SPDX-License-Identifier: Apache-2.0
"""A PC's shares are open to the internet: a stranger logs in; the PC tries passwords, then spams."""
import people
import services

SECONDS = 200
CAPTURE = "capture.pcap.zst"
NEEDS = {"smbpasswd": "samba-common-bin"}
STRANGER = "203.0.113.66"
CUSTOMERS = 24
ADDRESSES = [STRANGER, *(f"203.0.113.{100 + number}" for number in range(CUSTOMERS))]
DNS = [line for number in range(CUSTOMERS)
       for line in (f"mx-host=customer{number}.example,mx.customer{number}.example,10",
                    f"host-record=mx.customer{number}.example,203.0.113.{100 + number}")]
ACCOUNTS = ("anna", "ben", "cleo", "dana", "scan", "office", "boss", "guest1", "test")
SMB_REFUSED = 1


def let_in(office, host, target, at_second):
    """Somebody outside has the password, and fetches a file."""
    office.tool("internet", "ip", "route", "replace", "192.168.10.0/24", "via", "198.18.0.1",
                "src", STRANGER)
    office.until(at_second)
    office.run("internet", "smbclient", "-s", str(office.folder / "smb.conf"), "-U",
               "backup%Summer2019", "-c", f"ls; get letters.ods {office.folder}/letters",
               f"//{target}/work")


def try_accounts(office, host, target, at_second):
    """One usual password for everybody the intruder read of."""
    dice = office.dice("spray")
    office.until(at_second)
    for account in ACCOUNTS:
        office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-U",
                   f"{account}%Spring2026!", "-c", "ls", f"//{target}/work", expect=(SMB_REFUSED,))
        if office.rest(dice.uniform(1, 4)):
            return


def send_letters(office, host, at_second):
    """The same letter to each customer's own mail server."""
    letter = office.folder / "letter.txt"
    letter.write_text("From: office@office.example\nSubject: Invoice\n\nPlease see the link.\n")
    dice = office.dice("letters")
    office.until(at_second)
    for number in range(CUSTOMERS):
        office.run(host, "dig", "+short", "+tries=1", "MX", f"customer{number}.example")
        office.run(host, "curl", "-sS", "-q", "-m", "10", "--mail-from", "office@office.example",
                   "--mail-rcpt", f"info@customer{number}.example", "-T", str(letter),
                   f"smtp://mx.customer{number}.example:25/BEN-DESKTOP")
        if office.rest(dice.uniform(0.3, 2)):
            return


def play(office):
    services.start_python(office, "internet", "mail_server", "0.0.0.0", 25,
                          *services.certificate(office.folder, "imap.mailhost.example"))
    services.open_shares(office, "ben", ["backup"], "Summer2019")
    services.open_shares(office, "anna", ["games"], "of nobody")
    people.arrive(office, gap_seconds=1)
    office.spawn(people.chatter, SECONDS - 30)
    office.spawn(people.browse, "cleo", 45)
    office.spawn(let_in, "internet", "192.168.10.102", 45)
    office.spawn(try_accounts, "ben", "192.168.10.101", 75)
    office.spawn(send_letters, "ben", 130)
    office.until(SECONDS)
