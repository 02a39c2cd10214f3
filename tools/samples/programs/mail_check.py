# SPDX-License-Identifier: Apache-2.0
"""Looks for new mail once, as a mail client does every few minutes. usage: NAME CA"""
import imaplib
import ssl
import sys

name, authority = sys.argv[1:3]
context = ssl.create_default_context(cafile=authority)
with imaplib.IMAP4_SSL(name, 993, ssl_context=context, timeout=15) as mail:
    mail.login("ben", "sample-only")
    mail.select("INBOX", readonly=True)
    mail.search(None, "UNSEEN")
