# SPDX-License-Identifier: Apache-2.0
"""File servers and directories, and how one logs in there: SMB, FTP, Kerberos, LDAP."""
import pathlib
import time

import tls
from wire import PASSWORD, SERVER, recording

REALM = "OFFICE.EXAMPLE"
BASE = "dc=office,dc=example"


def samba(wire, *lines):
    folder = wire.folder
    share = folder / "share"
    share.mkdir()
    share.chmod(0o777)
    (share / "plan.txt").write_text("an example\n" * 20)
    state = folder / "samba"
    state.mkdir()
    conf = wire.file("smb.conf", "\n".join([
        "[global]", "workgroup = OFFICE", "netbios name = SRV", "disable netbios = yes",
        "smb ports = 445", "load printers = no", "printing = bsd", "printcap name = /dev/null",
        "map to guest = never", f"log file = {state}/log", f"private dir = {state}",
        f"lock directory = {state}", f"state directory = {state}", f"cache directory = {state}",
        f"pid directory = {state}", f"ncalrpc dir = {state}", *lines,
        "[plans]", f"path = {share}", "read only = no", ""]))
    wire.run("srv", "sh", "-c", f"printf '%s\\n%s\\n' {PASSWORD} {PASSWORD} | "
             f"smbpasswd -c {conf} -s -a anna")
    wire.server("smbd", "--foreground", "--no-process-group", "-s", conf, wait=2)
    return conf


def smbclient(wire, *words, **options):
    empty = wire.file("client.conf", "[global]\nworkgroup = OFFICE\nclient min protocol = CORE\n"
                      "client lanman auth = yes\nclient ntlmv2 auth = yes\n")
    wire.client("smbclient", "-s", empty, *words, **options)


def login(password=PASSWORD):
    return ("-U", f"OFFICE/anna%{password}")


@recording("smb3", "samba smbclient samba-common-bin",
           "SMB 3.1.1 and 2.1: wrong password, share, no such share, files, named pipe (srvsvc, lsarpc)")
def smb3(wire):
    samba(wire)
    share = "//srv.office.example/plans"
    smbclient(wire, share, *login("not-it"), "-c", "ls", expect=(1,))
    smbclient(wire, share, *login(), "-c", f"get plan.txt {wire.folder}/got; put {wire.folder}/got new.txt; "
              "mkdir more; del new.txt")
    smbclient(wire, "//srv.office.example/none", *login(), "-c", "ls", expect=(1,))
    smbclient(wire, share, "-m", "SMB2_10", *login(), "-c", "ls")
    wire.client("rpcclient", "-s", f"{wire.folder}/client.conf", *login(), "-c", "lsaquery",
                "srv.office.example")


@recording("smb3-encrypted", "samba smbclient samba-common-bin",
           "SMB 3.1.1, everything behind the login encrypted")
def smb3_encrypted(wire):
    samba(wire, "smb encrypt = required")
    smbclient(wire, "//srv.office.example/plans", *login(), "-c", "ls")


@recording("smb2-multi", "samba smbclient samba-common-bin",
           "SMB 1 negotiation that ends in SMB 2 (2.???), SMB 2.0.2")
def smb2_multi(wire):
    samba(wire, "server min protocol = NT1")
    smbclient(wire, "//srv.office.example/plans", "--option=client min protocol = NT1", *login(), "-c", "ls")
    smbclient(wire, "//srv.office.example/plans", "-m", "SMB2_02", *login(), "-c", "ls")


@recording("smb1", "samba smbclient samba-common-bin",
           "SMB 1 (NT LM 0.12): wrong password, share, file, named pipe, LANMAN1")
def smb1(wire):
    samba(wire, "server min protocol = LANMAN1", "server max protocol = NT1", "ntlm auth = yes",
          "lanman auth = yes")
    share = "//srv.office.example/plans"
    smbclient(wire, share, "-m", "NT1", *login("not-it"), "-c", "ls", expect=(1,))
    smbclient(wire, share, "-m", "NT1", *login(), "-c", f"get plan.txt {wire.folder}/got")
    smbclient(wire, share, "-m", "LANMAN1", *login(), "-c", "ls", expect=(0, 1))
    wire.client("rpcclient", "-s", f"{wire.folder}/client.conf", "-m", "NT1", *login(), "-c", "lsaquery",
                "srv.office.example", expect=(0, 1))


@recording("smb-netbios", "samba smbclient samba-common-bin",
           "SMB behind a NetBIOS session request (port 139), calls that the server refuses with a fault; "
           "CLDAP ping of a domain's member")
def smb_netbios(wire):
    samba(wire, "disable netbios = no", "smb ports = 139")
    named = ("-p", "139", "-n", "PC-1")
    smbclient(wire, "//srv/plans", *named, "-I", SERVER, *login(), "-c", "ls")
    wire.client("rpcclient", "-s", f"{wire.folder}/client.conf", *named, "-I", SERVER, *login(), "-c",
                "lsaquery; wkssvc_messagebuffersend hello", "srv", expect=(0, 1))
    member = wire.file("member.conf", f"[global]\nworkgroup = OFFICE\nrealm = {REALM}\nsecurity = ads\n")
    wire.client("net", "-s", member, "ads", "lookup", "-S", SERVER, expect=(0, 255))


def kdc(wire):
    """A realm with anna and the service host/srv; the environment its programs need."""
    folder = wire.folder
    krb5 = wire.file("krb5.conf", f"""[libdefaults]
default_realm = {REALM}
dns_lookup_kdc = false
dns_lookup_realm = false
rdns = false
qualify_shortname = ""
[realms]
{REALM} = {{
kdc = {SERVER}
}}
[domain_realm]
.office.example = {REALM}
""")
    profile = wire.file("kdc.conf", f"""[kdcdefaults]
kdc_listen = {SERVER}:88
kdc_tcp_listen = {SERVER}:88
[realms]
{REALM} = {{
database_name = {folder}/principals
key_stash_file = {folder}/stash
acl_file = {folder}/acl
}}
""")
    env = ("env", f"KRB5_CONFIG={krb5}", f"KRB5_KDC_PROFILE={profile}", f"KRB5CCNAME={folder}/cache")
    wire.run("srv", *env, "kdb5_util", "-P", PASSWORD, "create", "-s")
    for principal in (f"-pw {PASSWORD} +requires_preauth anna", "-randkey host/srv.office.example",
                      "-randkey ldap/srv.office.example", f"-pw {PASSWORD} -requires_preauth old"):
        wire.run("srv", *env, "kadmin.local", "-q", f"addprinc {principal}")
    wire.run("srv", *env, "kadmin.local", "-q", f"ktadd -k {folder}/keytab ldap/srv.office.example")
    wire.server(*env, "krb5kdc", "-n", wait=2)
    return env


def kinit(wire, env, *words, password=PASSWORD, **options):
    wire.client("sh", "-c", f"printf '%s\\n' {password} | \"$@\"", "kinit", *env, "kinit", *words, **options)


@recording("kerberos", "krb5-kdc krb5-admin-server krb5-user",
           "Kerberos over UDP and TCP: AS with and without preauthentication, wrong password, no such user, TGS")
def kerberos(wire):
    env = kdc(wire)
    kinit(wire, env, "anna", password="not-it", expect=(1,))
    kinit(wire, env, "nobody", expect=(1,))
    kinit(wire, env, "old")
    kinit(wire, env, "anna")
    wire.client(*env, "kvno", "host/srv.office.example")
    wire.client(*env, "kvno", "http/none.office.example", expect=(1,))
    krb5 = pathlib.Path(wire.folder / "krb5.conf")
    krb5.write_text(krb5.read_text().replace("[libdefaults]", "[libdefaults]\nudp_preference_limit = 1"))
    kinit(wire, env, "anna")
    wire.client(*env, "kvno", "host/srv.office.example")


def slapd(wire, env):
    folder = wire.folder
    chain, key, root = tls.authority(wire)
    (folder / "ldap").mkdir()
    conf = wire.file("slapd.conf", f"""include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {chain}
TLSCertificateKeyFile {key}
sasl-secprops none
sasl-host srv.office.example
sasl-realm {REALM}
database mdb
maxsize 10485760
suffix "{BASE}"
rootdn "cn=admin,{BASE}"
rootpw {PASSWORD}
directory {folder}/ldap
""")
    tree = wire.file("tree.ldif", f"""dn: {BASE}
objectClass: organization
objectClass: dcObject
o: Example Office
dc: office

dn: cn=anna,{BASE}
objectClass: person
cn: anna
sn: Example
userPassword: {PASSWORD}
""")
    wire.run("srv", "slapadd", "-f", conf, "-l", tree)
    wire.server(*env, f"KRB5_KTNAME={folder}/keytab", "slapd", "-d", "0", "-f", conf, "-h",
                f"ldap://{SERVER}:389/ ldaps://{SERVER}:636/", wait=2)
    return root


def ldapsearch(wire, *words, env=(), **options):
    wire.client(*env, "ldapsearch", "-N", "-LLL", *words, "-b", BASE, "cn=anna", "sn", **options)


@recording("ldap", "slapd ldap-utils",
           "LDAP: simple bind right and wrong, anonymous, SASL DIGEST-MD5 refused, StartTLS, LDAPS")
def ldap(wire):
    root = slapd(wire, ("env",))
    url = ("-H", "ldap://srv.office.example")
    anna = ("-x", "-D", f"cn=anna,{BASE}", "-w")
    trust = ("env", f"LDAPTLS_CACERT={root}")
    ldapsearch(wire, *url, *anna, PASSWORD)
    ldapsearch(wire, *url, *anna, "not-it", expect=(49,))
    ldapsearch(wire, *url, "-x", "-D", "cn=nobody", "-w", PASSWORD, expect=(49, 34))
    ldapsearch(wire, *url, "-x")
    ldapsearch(wire, *url, "-Y", "DIGEST-MD5", "-U", "anna", "-w", PASSWORD, expect=(7, 49, 254))
    ldapsearch(wire, "-H", "ldap://www.office.example", "-ZZ", *anna, PASSWORD, env=trust)
    ldapsearch(wire, "-H", "ldaps://www.office.example", *anna, PASSWORD, env=trust)


@recording("ldap-kerberos", "slapd ldap-utils krb5-kdc krb5-admin-server krb5-user libsasl2-modules-gssapi-mit",
           "LDAP bind by SASL GSSAPI with a Kerberos ticket")
def ldap_kerberos(wire):
    env = kdc(wire)
    slapd(wire, env)
    kinit(wire, env, "anna")
    ldapsearch(wire, "-H", "ldap://srv.office.example", "-Y", "GSSAPI", "-Q", env=env, expect=(0, 49, 50, 32))


@recording("ftp", "vsftpd curl openssl",
           "FTP: wrong password, login, upload and download, passive and active, AUTH TLS")
def ftp(wire):
    folder = wire.folder
    chain, key, _ = tls.authority(wire)
    conf = wire.file("vsftpd.conf", f"""listen=YES
listen_address={SERVER}
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
seccomp_sandbox=NO
secure_chroot_dir={folder}
pam_service_name=vsftpd
pasv_min_port=40000
pasv_max_port=40010
ssl_enable=YES
force_local_logins_ssl=NO
force_local_data_ssl=NO
require_ssl_reuse=NO
chroot_local_user=YES
allow_writeable_chroot=YES
rsa_cert_file={chain}
rsa_private_key_file={key}
xferlog_enable=NO
""")
    wire.server("vsftpd", conf)
    report = wire.file("report.txt", "an example\n" * 30)

    def curl(*words, password=PASSWORD, **options):
        wire.client("curl", "-s", "-u", f"anna:{password}", *words, **options)

    curl("ftp://srv.office.example/", password="not-it", expect=(67,))
    curl("-T", report, "ftp://srv.office.example/report.txt")
    curl("-P", "-", "-o", "/dev/null", "ftp://srv.office.example/report.txt")
    curl("--ssl-reqd", "-k", "ftp://srv.office.example/")
    time.sleep(1)

