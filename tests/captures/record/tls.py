# SPDX-License-Identifier: Apache-2.0
"""TLS, DTLS and QUIC handshakes."""
from wire import SERVER, recording

SITE = "www.office.example"


def authority(wire):
    """A root, an intermediate and a leaf; paths of the chain file, the key and the root."""
    def openssl(*words):
        wire.run("srv", "openssl", *words)

    folder = wire.folder
    wire.file("mid.ext", "basicConstraints=critical,CA:TRUE\n")
    wire.file("leaf.ext", f"subjectAltName=DNS:{SITE},DNS:*.office.example,IP:{SERVER}\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj",
            "/C=JP/O=Example Office/CN=Example Root CA", "-keyout", f"{folder}/root.key", "-out",
            f"{folder}/root.pem")
    for name, subject, signer in (("mid", "/O=Example Office/CN=Example Intermediate CA", "root"),
                                  ("leaf", f"/O=Example Office/CN={SITE}", "mid")):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout",
                f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr")
        openssl("x509", "-req", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/{signer}.pem",
                "-CAkey", f"{folder}/{signer}.key", "-CAcreateserial", "-days", "800", "-extfile",
                f"{folder}/{name}.ext", "-out", f"{folder}/{name}.pem")
    chain = (folder / "leaf.pem").read_bytes() + (folder / "mid.pem").read_bytes()
    return wire.file("chain.pem", chain), f"{folder}/leaf.key", f"{folder}/root.pem"


def self_signed(wire):
    wire.run("srv", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=printer",
             "-keyout", f"{wire.folder}/self.key", "-out", f"{wire.folder}/self.pem")
    return f"{wire.folder}/self.pem", f"{wire.folder}/self.key"


def s_server(wire, port, cert, key, *words):
    return wire.server("openssl", "s_server", "-accept", port, "-cert", cert, "-key", key, "-quiet",
                       "-www", *words, wait=0.5)


def s_client(wire, port, *words, **options):
    wire.client("openssl", "s_client", "-connect", f"{SERVER}:{port}", *words, **options)


@recording("tls12-chain", "openssl curl",
           "TLS 1.2, certificate chain of two, ALPN, resumption by ticket")
def tls12_chain(wire):
    chain, key, root = authority(wire)
    s_server(wire, 443, chain, key, "-tls1_2", "-cert_chain", chain, "-alpn", "http/1.1")
    wire.client("curl", "-s", "--cacert", root, f"https://{SITE}/")
    ticket = f"{wire.folder}/ticket"
    s_client(wire, 443, "-servername", SITE, "-sess_out", ticket)
    s_client(wire, 443, "-servername", SITE, "-sess_in", ticket)


@recording("tls13-chain", "openssl curl",
           "TLS 1.3, X25519, ALPN, HelloRetryRequest, resumption with a key")
def tls13_chain(wire):
    chain, key, root = authority(wire)
    s_server(wire, 443, chain, key, "-tls1_3", "-cert_chain", chain, "-groups", "P-384:X25519",
             "-alpn", "http/1.1")
    wire.client("curl", "-s", "--cacert", root, f"https://{SITE}/")
    s_client(wire, 443, "-servername", "mail.office.example", "-groups", "P-256:P-384")
    ticket = f"{wire.folder}/ticket"
    wire.client("sh", "-c", f"(echo 'GET / HTTP/1.0'; echo; sleep 1) | openssl s_client -connect "
                f"{SERVER}:443 -servername {SITE} -ign_eof -sess_out {ticket}")
    s_client(wire, 443, "-servername", SITE, "-sess_in", ticket)


@recording("tls-self-signed", "openssl", "TLS 1.2, self-signed EC certificate, no SNI")
def tls_self_signed(wire):
    cert, key = self_signed(wire)
    s_server(wire, 8443, cert, key, "-tls1_2")
    s_client(wire, 8443, "-noservername")


@recording("tls-old", "openssl", "TLS 1.0 and 1.1, and a server that refuses them")
def tls_old(wire):
    cert, key = self_signed(wire)
    weak = ("-cipher", "ALL:@SECLEVEL=0")
    s_server(wire, 443, cert, key, *weak)
    s_server(wire, 444, cert, key, "-tls1_2")
    s_client(wire, 443, "-servername", SITE, "-tls1", *weak)
    s_client(wire, 443, "-servername", SITE, "-tls1_1", *weak)
    s_client(wire, 444, "-servername", SITE, "-tls1_1", *weak, expect=(1,))


@recording("tls-client-certificate", "openssl", "TLS 1.2 with a certificate of the client's")
def tls_client_certificate(wire):
    chain, key, root = authority(wire)
    cert, its_key = self_signed(wire)
    s_server(wire, 443, chain, key, "-tls1_2", "-Verify", "1")
    s_client(wire, 443, "-servername", SITE, "-cert", cert, "-key", its_key)


@recording("tls-long-hello", "openssl",
           "ClientHello over two and over three segments, as post-quantum ones are")
def tls_long_hello(wire):
    cert, key = self_signed(wire)
    s_server(wire, 443, cert, key)
    for count in (40, 90):
        protocols = ",".join(f"application-protocol-number-{n:03}" for n in range(count))
        s_client(wire, 443, "-servername", SITE, "-alpn", protocols)


@recording("dtls12", "openssl", "DTLS 1.2 with and without HelloVerifyRequest, fragmented messages")
def dtls12(wire):
    chain, key, _ = authority(wire)
    for port, words in ((4433, []), (4434, ["-listen"])):
        wire.server("openssl", "s_server", "-dtls", "-accept", port, "-cert", chain, "-key", key,
                    "-cert_chain", chain, "-mtu", "1400", "-quiet", *words, wait=0.5)
        wire.client("sh", "-c", f"sleep 1 | openssl s_client -dtls -mtu 1400 -connect {SERVER}:{port} "
                    f"-servername {SITE} -alpn webrtc")


def quic_pair(wire, port, server_words, client_words):
    cert, key = f"{wire.folder}/leaf.pem", f"{wire.folder}/leaf.key"
    wire.file("www/index.html", "<p>example</p>\n")
    wire.server("gtlsserver", "-q", "--no-pmtud", "-d", f"{wire.folder}/www", *server_words,
                SERVER, port, key, cert)
    wire.client("gtlsclient", "-q", "--no-pmtud", "--exit-on-all-streams-close", *client_words, SITE, port,
                f"https://{SITE}:{port}/")


@recording("quic-v1", "ngtcp2-client ngtcp2-server", "QUIC v1 Initial, HTTP/3")
def quic_v1(wire):
    authority(wire)
    quic_pair(wire, 443, [], [])


@recording("quic-retry", "ngtcp2-client ngtcp2-server", "QUIC v1 with Retry")
def quic_retry(wire):
    authority(wire)
    quic_pair(wire, 443, ["-V"], [])


@recording("quic-long-hello", "ngtcp2-client ngtcp2-server",
           "QUIC v1, a ClientHello over several Initials (FFDHE-8192 key share)")
def quic_long_hello(wire):
    authority(wire)
    groups = "--groups=-GROUP-ALL:+GROUP-FFDHE8192"
    quic_pair(wire, 443, [groups], [groups])


# Debian 12 has no program that speaks the version 2 of RFC 9369.
@recording("quic-v2-draft", "ngtcp2-client ngtcp2-server",
           "QUIC 0x709a50c4: version 2 as a draft had it")
def quic_v2_draft(wire):
    authority(wire)
    quic_pair(wire, 443, [], ["-v", "0x709a50c4"])


@recording("quic-version-negotiation", "ngtcp2-client ngtcp2-server",
           "QUIC with a version nobody knows, and Version Negotiation")
def quic_version_negotiation(wire):
    authority(wire)
    quic_pair(wire, 443, [], ["-v", "0x1a2a3a4a"])
