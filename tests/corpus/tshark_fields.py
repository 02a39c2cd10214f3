"""What compare_tshark.py compares: one row a field (FIELDS, at the end), how each is found among tshark's
fields, and how the values of both become comparable (the first functions, and nowhere else).
"""
import collections
import ipaddress
import re

# tshark's words for an empty field.
NONE = {"", "NULL", "<Root>", "<Name too long>", "<MISSING>", "<none>", "<Unknown extended label>",
        "<Name contains a pointer that loops>"}
SMB_DIALECTS = {"0x0202": "2.0.2", "0x0210": "2.1", "0x0300": "3.0", "0x0302": "3.0.2",
                "0x0311": "3.1.1", "0x02ff": "2.???", "0x02FF": "2.???"}
CUT_TEXT = 4000  # of a longer text both sides are held to so much: we keep 4,095 bytes of it
TLS_VERSIONS = {"0xfeff": "DTLS 1.0", "0xfefd": "DTLS 1.2", "0xfefc": "DTLS 1.3",
                "0x0300": "SSL 3.0", "0x0301": "TLS 1.0", "0x0302": "TLS 1.1", "0x0303": "TLS 1.2",
                "0x0304": "TLS 1.3"}


def text(value):
    """Both clean what is not printable in their own way: any run of it counts as one '?'."""
    value = re.sub(r"\\(x[0-9a-fA-F]{2}|[0-9]{3}|[abefnrtv](?![\w.]))|[^ -~]", "?", value)
    return re.sub(r"\?+", "?", value.replace("\\\\", "\\")).strip()


def name(value):
    """Names of DNS, hosts and realms: the case of letters and the last dot mean nothing."""
    return text(value).lower().rstrip(".")


def without_dns_escapes(value):
    """Ours alone: we escape as RFC 1035 does (\\046), tshark writes a dot inside a label as it is."""
    return re.sub(r"\\([0-9]{3})", lambda escape: chr(int(escape[1])), value)


def address(value):
    return str(ipaddress.ip_address(value))


def dialect(value):
    return text(SMB_DIALECTS.get(value, value)).removeprefix("SMB ")


def tls_version(value):
    return TLS_VERSIONS.get(value, value).replace(" ", "").lower().removesuffix(".0")


def cookie(value):
    return text(value).removeprefix("Cookie: ").removeprefix("mstshash=")


def netbios_name(value):
    """tshark adds the sixteenth byte and what it means: "SRV<20> (Server service)"."""
    value = re.sub(r"<[0-9a-f]{2}>( \(.*\))?$", "", value)
    return text(re.sub(r"<[0-9a-f]{2}>", "?", value)).rstrip("?")


def mail_verb(value):
    """tshark tells the first four letters."""
    return name(value)[:4]


def parts(value):
    """Kerberos names: tshark gives the components apart."""
    return [name(part) for part in value.split("/")]



# The rest of this part: which of tshark's values are meant, where that hangs on the rest of the frame.


def plain(*fields):
    """All values of these fields, as they are."""
    def read(frame, _):
        return frame.values(*fields)
    read.fields = fields
    return read


def on_transport(transport, *fields):
    """The same for frames of TCP (or UDP) only: tshark's http fields also speak of SSDP."""
    def read(frame, _):
        return frame.values(*fields) if frame.transport == transport else []
    read.fields = fields
    return read


def if_layer(layers, *fields):
    """The same for frames in which tshark saw one of these protocols too."""
    def read(frame, _):
        return frame.values(*fields) if {*layers.split()} & {*frame.protocols} else []
    read.fields = fields
    return read


def with_values(wanted, *fields):
    """These fields of frames in which the field `wanted[0]` has a value that matches `wanted[1]`."""
    field, pattern = wanted

    def read(frame, _):
        fits = any(re.fullmatch(pattern, value) for value in frame.values(field))
        return frame.values(*fields) if fits else []
    read.fields = (*fields, field)
    return read


def smb_dialect(frame, flow):
    """What the server chose: SMB 1 answers with an index into the client's list."""
    offered = frame.values("smb.dialect.name")
    if offered:
        flow["smb1"] = offered
    chosen = []
    for index in map(int, frame.values("smb.dialect.index")):
        if index < len(flow.get("smb1", ())):
            chosen.append(flow["smb1"][index])
    if set(frame.values("smb2.flags.response")) & {"1", "True"}:
        chosen += frame.values("smb2.dialect")
    return chosen


smb_dialect.fields = ("smb2.dialect", "smb2.flags.response", "smb.dialect.name",
                      "smb.dialect.index")


def server_tls_version(frame, _):
    """Of a ServerHello; TLS 1.3 says it in an extension and 1.2 in the old place. We read no server's
    side of QUIC."""
    if "quic" in frame.protocols:
        return []
    for layer in ("tls", "dtls"):
        if "2" in frame.values(f"{layer}.handshake.type"):
            chosen = frame.values(f"{layer}.handshake.extensions.supported_version")
            return (chosen or frame.values(f"{layer}.handshake.version"))[:1]
    return []


server_tls_version.fields = tuple(f"{layer}.handshake.{field}" for layer in ("tls", "dtls")
                                  for field in ("type", "version", "extensions.supported_version"))


def client_alpn(frame, _):
    return [value for layer in ("tls", "dtls") if "1" in frame.values(f"{layer}.handshake.type")
            for value in frame.values(f"{layer}.handshake.extensions_alpn_str")]


client_alpn.fields = tuple(f"{layer}.handshake.{field}" for layer in ("tls", "dtls")
                           for field in ("type", "extensions_alpn_str"))

Field = collections.namedtuple("Field", "name ours theirs normal rule scope measured unescape")
Field.__new__.__defaults__ = ("same", "flow", False, str)

CERTIFICATE_TEXTS = tuple(f"x509sat.{kind}" for kind in (
    "uTF8String", "printableString", "teletexString", "universalString", "bmpString",
    "PrintableString", "IA5String"))

# ours: "fact:member", members of members behind a dot, lists are walked; "fact[member=value]:…" takes
# those facts alone.
# rule: "same" sets, or "within": what we say must be among what tshark has.
# scope: "flow", or "capture" for what has no flow (devices).
# measured: agreement of these is promised.
# unescape: done to our values before `normal`, which is done to both.
FIELDS = [
    Field("sni", ["tls.client_hello:sni"],
          plain("tls.handshake.extensions_server_name", "dtls.handshake.extensions_server_name"),
          name, measured=True),
    Field("dns_question", ["dns:questions", "mdns:questions", "llmnr:questions"],
          plain("dns.qry.name"), name, measured=True, unescape=without_dns_escapes),
    Field("dns_address", ["dns:addresses", "mdns:addresses", "llmnr:addresses"],
          plain("dns.a", "dns.aaaa"), address, measured=True),
    Field("http_host", ["http.request:host"], on_transport("tcp", "http.host"), name,
          measured=True),
    Field("http_uri", ["http.request:uri"], on_transport("tcp", "http.request.uri"), text,
          measured=True),
    Field("ja3", ["tls.client_hello:ja3"],
          plain("tls.handshake.ja3", "dtls.handshake.ja3"), text, measured=True),
    Field("ja4", ["tls.client_hello:ja4"],
          plain("tls.handshake.ja4", "dtls.handshake.ja4"), text, measured=True),
    Field("ssh_banner", ["ssh.banner:banner"], plain("ssh.protocol"), text, measured=True),
    Field("dhcp_hostname", ["dhcp:hostname"], plain("dhcp.option.hostname"), text, measured=True),
    Field("smb_dialect", ["smb.negotiate:dialect"], smb_dialect, dialect, measured=True),
    Field("ntlm_workstation", ["ntlm.authenticate:workstation"],
          plain("ntlmssp.auth.hostname"), text, measured=True),
    Field("kerberos_client", ["kerberos:client_name"], plain("kerberos.CNameString"), parts,
          measured=True),
    Field("kerberos_service", ["kerberos:service_name", "kerberos:ticket_service"],
          plain("kerberos.SNameString"), parts, measured=True),
    Field("kerberos_realm", ["kerberos:realm", "kerberos:client_realm", "kerberos:ticket_realm"],
          plain("kerberos.realm", "kerberos.crealm"), name, measured=True),

    Field("quic_sni", ["tls.client_hello[transport=quic]:sni"],
          if_layer("quic", "tls.handshake.extensions_server_name"), name),
    Field("alpn", ["tls.client_hello:alpn"],
          client_alpn, text),
    Field("tls_server_version", ["tls.server_hello:version"], server_tls_version, tls_version),
    Field("certificate_name", ["tls.certificate:names"],
          if_layer("tls dtls", "x509ce.dNSName", "x509ce.IPAddress.ipv4", "x509ce.IPAddress.ipv6"), name),
    Field("certificate_subject", ["tls.certificate:subject"],
          if_layer("tls dtls", *CERTIFICATE_TEXTS), text, "within"),
    Field("certificate_issuer", ["tls.certificate:issuer"],
          if_layer("tls dtls", *CERTIFICATE_TEXTS), text, "within"),
    Field("http_user_agent", ["http.request:user_agent"],
          on_transport("tcp", "http.user_agent"), text),
    Field("http_status", ["http.response:status"], on_transport("tcp", "http.response.code"), text),
    Field("http_content_type", ["http.response:content_type"],
          with_values(("http.response.code", ".*"), "http.content_type"),
          text),
    Field("hassh", ["ssh.client:hassh", "ssh.kexinit:hassh"], plain("ssh.kex.hassh"), text),
    Field("hassh_server", ["ssh.server:hassh", "ssh.kexinit:hassh_server"],
          plain("ssh.kex.hasshserver"), text),
    Field("ntlm_user", ["ntlm.authenticate:user"], plain("ntlmssp.auth.username"), text),
    Field("ntlm_domain", ["ntlm.authenticate:domain"], plain("ntlmssp.auth.domain"), text),
    Field("kerberos_error", ["kerberos:error"], plain("kerberos.error_code"), text),
    Field("ftp_command", ["ftp.command:method"], plain("ftp.request.command"), name),
    Field("smtp_command", ["smtp.command:method"], plain("smtp.req.command"), mail_verb),
    Field("rdp_cookie", ["rdp.request:cookie"], plain("rdp.rt_cookie"), cookie),
    Field("mqtt_client", ["mqtt.connect:client_id"], plain("mqtt.clientid"), text),
    Field("nbns_name", ["nbns:name"], plain("nbns.name"), netbios_name, "within"),
    Field("dhcp_vendor_class", ["dhcp:vendor_class"], plain("dhcp.option.vendor_class_id"), text),
    Field("dhcpv6_name", ["dhcpv6:fqdn"], plain("dhcpv6.client_domain"), name),
    Field("lldp_system", ["lldp:system_name"], plain("lldp.tlv.system.name"), text,
          scope="capture"),
    Field("cdp_device", ["cdp:device_id"], plain("cdp.deviceid"), text, scope="capture"),
]
