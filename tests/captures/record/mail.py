# SPDX-License-Identifier: Apache-2.0
"""SMTP, IMAP and POP3."""
import tls
from wire import PASSWORD, SERVER, recording


def dovecot(wire):
    folder = wire.folder
    chain, key, _ = tls.authority(wire)
    users = wire.file("users", "anna:{PLAIN}" + PASSWORD + f":4000:4000::{folder}/anna::\n")
    (folder / "users").chmod(0o644)
    conf = wire.file("dovecot.conf", f"""base_dir = {folder}/dovecot
state_dir = {folder}/dovecot-state
log_path = {folder}/dovecot.log
protocols = imap pop3
listen = {SERVER}
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5
mail_location = maildir:{folder}/anna/mail
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1000
passdb {{
  driver = passwd-file
  args = {users}
}}
userdb {{
  driver = passwd-file
  args = {users}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service pop3-login {{
  chroot =
}}
""")
    wire.server("dovecot", "-F", "-c", conf, wait=3)


def curl(wire, *words, password=PASSWORD, **options):
    wire.client("curl", "-s", "-k", "-o", "/dev/null", "-u", f"anna:{password}", *words, **options)


def talk(wire, port, *lines):
    """As a person types it: what curl would not say."""
    said = "; ".join(f"printf '{line}\\r\\n'; sleep 1" for line in lines)
    wire.client("sh", "-c", f"(sleep 1; {said}; sleep 3) | socat -t 5 - TCP:{SERVER}:{port}", expect=(0, 1))


@recording("imap", "dovecot-imapd curl socat",
           "IMAP: LOGIN and CRAM-MD5 right and wrong, STARTTLS, IMAPS")
def imap(wire):
    dovecot(wire)
    url = "imap://mail.office.example/"
    for password in ("not-it", PASSWORD):
        talk(wire, 143, "a1 CAPABILITY", f"a2 LOGIN anna {password}", "a3 LOGOUT")
    curl(wire, "--login-options", "AUTH=LOGIN", url, password="not-it", expect=(67,))
    curl(wire, "--login-options", "AUTH=CRAM-MD5", url)
    curl(wire, "--ssl-reqd", url)
    curl(wire, "imaps://mail.office.example/")


@recording("pop3", "dovecot-pop3d curl socat",
           "POP3: USER/PASS right and wrong, APOP offered, AUTH, STLS, POP3S")
def pop3(wire):
    dovecot(wire)
    url = "pop3://mail.office.example/"
    curl(wire, "--login-options", "AUTH=+APOP", url, expect=(0, 67))
    curl(wire, "--login-options", "AUTH=LOGIN", url, password="not-it", expect=(67,))
    curl(wire, "--login-options", "AUTH=PLAIN", url)
    talk(wire, 110, "USER anna", f"PASS {PASSWORD}", "QUIT")
    curl(wire, "--ssl-reqd", url)


@recording("smtp", "python3-aiosmtpd swaks curl openssl",
           "SMTP: EHLO, mail, AUTH right and wrong, STARTTLS")
def smtp(wire):
    chain, key, _ = tls.authority(wire)
    program = wire.file("smtp.py", f"""import ssl, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return '250 taken'
def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == {PASSWORD.encode()!r}, handled=False)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain({chain!r}, {key!r})
for port in (25, 587):
    Controller(Sink(), hostname={SERVER!r}, port=port, ident='example',
               server_hostname='mail.office.example', authenticator=login,
               auth_require_tls=False, tls_context=context if port == 587 else None).start()
time.sleep(60)
""")
    wire.server("/usr/bin/python3", program, wait=2)
    mail = ("swaks", "--ehlo", "pc-1.office.example", "--from", "anna@office.example", "--to",
            "ben@office.example", "--server", SERVER, "--hide-all")
    wire.client(*mail, "--port", "25")
    wire.client(*mail, "--port", "25", "--auth", "LOGIN", "--auth-user", "anna", "--auth-password",
                PASSWORD)
    report = wire.file("mail", "Subject: example\r\n\r\nAn example.\r\n")
    send = ("-T", report, "--mail-from", "anna@office.example", "--mail-rcpt", "ben@office.example")
    curl(wire, *send, "--login-options", "AUTH=PLAIN", f"smtp://{SERVER}/pc-1.office.example",
         password="not-it", expect=(67,))
    curl(wire, *send, "--ssl-reqd", f"smtp://{SERVER}:587/pc-1.office.example")
