# SPDX-License-Identifier: Apache-2.0
"""Harmless and like guessing: a scanner's old password, somebody's many keys, many good logins."""
import people

SECONDS = 240
CAPTURE = "capture.pcap.zst"
NAS = "192.168.10.20"
CURL_LOGIN_DENIED = 67
SSH_REFUSED = 255
KEYS = 5


def scan_with_old_password(office):
    """The printer's scans go nowhere since the password was changed; it tries again and again."""
    (office.folder / "scan.pdf").write_bytes(bytes(8000))
    office.until(30)
    while office.now() < SECONDS - 15:
        office.run("printer", "curl", "-sS", "-q", "-m", "10", "-T",
                   str(office.folder / "scan.pdf"), "-u", "scan:old", f"ftp://{NAS}/scan.pdf",
                   expect=(CURL_LOGIN_DENIED,))
        if office.rest(15):
            return


def leave_files(office):
    """A program of Anna's that logs in for each of many files."""
    office.until(50)
    for number in range(20):
        office.run("anna", "curl", "-sS", "-q", "-m", "10", "-T",
                   str(office.folder / "scan.pdf"), "-u", "scan:sample-only",
                   f"ftp://{NAS}/file{number}.pdf")
        if office.rest(3):
            return


def offer_keys(office):
    """Ben's agent offers all its keys, and none is known there."""
    keys = []
    for number in range(KEYS):
        key = office.folder / f"key{number}"
        office.run("ben", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
        keys += ["-i", str(key)]
    office.until(60)
    for _ in range(2):
        office.run("ben", "ssh", *keys, "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes",
                   "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                   f"ben@{NAS}", "true", expect=(SSH_REFUSED,))
        if office.rest(20):
            return


def play(office):
    office.program("nas", "ftp_server", "scan", "sample-only")
    people.arrive(office)
    office.spawn(people.chatter, SECONDS - 20)
    office.spawn(people.browse, "dana", 60)
    office.spawn(scan_with_old_password)
    office.spawn(leave_files)
    office.spawn(offer_keys)
    office.until(SECONDS)
