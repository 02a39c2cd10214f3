# SPDX-License-Identifier: Apache-2.0
"""A small domain: who is who (Kerberos, by MIT's krb5kdc) and whose machine is whose, at one address."""
import services

REALM = "OFFICE.EXAMPLE"
WORD = "sample-only"
# Accounts of services: what holds a ticket of theirs can be tried against guessed passwords.
SERVICES = ("HTTP/intranet", "MSSQLSvc/ledger", "HTTP/wiki", "FTP/scans", "MSSQLSvc/stock",
            "HTTP/calendar", "IMAP/post")
CONTROLLER_PORT = 49664


def start_controller(net, host, address, users, service_cipher="aes256-cts"):
    """Keys of services: of `service_cipher`, as accounts of long ago still have "arcfour-hmac" alone."""
    folder = net.folder / "kdc"
    folder.mkdir()
    config = folder / "krb5.conf"
    config.write_text(f"""[libdefaults]
default_realm = {REALM}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
allow_rc4 = true
default_ccache_name = FILE:{folder}/tickets
[realms]
{REALM} = {{
 kdc = {address}
}}
[domain_realm]
. = {REALM}
""")
    (folder / "kdc.conf").write_text(f"""[kdcdefaults]
kdc_listen = {address}:88
kdc_tcp_listen = {address}:88
[realms]
{REALM} = {{
 database_name = {folder}/principal
 key_stash_file = {folder}/stash
 acl_file = {folder}/acl
}}
""")
    _tool(net, host, "kdb5_util", "create", "-s", "-P", WORD)
    commands = [f"addprinc -pw {WORD} {user}" for user in users]
    commands += [f"addprinc -randkey -e {service_cipher}:normal {service}" for service in SERVICES]
    for command in commands:
        _tool(net, host, "kadmin.local", "-q", command)
    net.start(host, "env", *_where(net), "krb5kdc", "-n")
    services.start_python(net, host, "calls_server", address, CONTROLLER_PORT)


def log_in(net, host, user):
    net.run(host, "sh", "-c", f"echo {WORD} | env {' '.join(_where(net))} kinit {user}")


def ask_tickets(net, host, wanted, *cipher):
    """`cipher`: "-e", its name, else the best that both know."""
    net.run(host, "env", *_where(net), "kvno", *cipher, *wanted)


def _where(net):
    folder = net.folder / "kdc"
    return f"KRB5_CONFIG={folder}/krb5.conf", f"KRB5_KDC_PROFILE={folder}/kdc.conf"


def _tool(net, host, *words):
    net.run(host, "env", *_where(net), *words)
