"""Why tshark reads another thing of a flow: each reason is one that can be seen, by asking tshark
again in another way or by what it saw around the value. What none of them explains is left without.
"""
import pathlib
import subprocess
import tempfile

from tshark_fields import CUT_TEXT

# Around what tshark reads and we leave unread.
UNOPENED = {"gtp": "GTP", "ayiya": "AYIYA", "capwap": "CAPWAP", "capwap.data": "CAPWAP", "eap": "EAP",
            "teredo": "Teredo", "netbios": "NetBIOS without IP"}
IN_ORDER = ["-o", "tcp.reassemble_out_of_order:TRUE"]
NO_WAITING = ["-o", "http.desegment_body:FALSE", "-o", "http.desegment_headers:FALSE",
             "-o", "smtp.decryption:TRUE"]
CERTIFICATE_NAMES_KEPT = 16

# By the first word of tshark's fields: which of its readers find them, over TCP and over UDP.
TLS = {"tcp": ("tls", "openvpn"), "udp": ("dtls", "openvpn")}
READERS = {"tls": TLS, "x509ce": TLS, "x509sat": TLS, "http": {"tcp": ("http",)},
           "ssh": {"tcp": ("ssh",)}, "dns": {"tcp": ("dns",), "udp": ("dns",)},
           "kerberos": {"tcp": ("kerberos",), "udp": ("kerberos",)}, "ftp": {"tcp": ("ftp",)},
           "smtp": {"tcp": ("smtp",)}, "smb": {"tcp": ("nbss",)}, "smb2": {"tcp": ("nbss",)}}


def readers_of(row, transport):
    return READERS.get(row.theirs.fields[0].split(".")[0], {}).get(transport, ())


def without_secrets(capture, folder):
    """A copy of a pcapng that lacks the keys by which tshark decrypts; None where there are none."""
    copy = pathlib.Path(folder) / capture.name
    done = subprocess.run(["editcap", "--discard-all-secrets", str(capture), str(copy)],
                          capture_output=True, check=False)
    if done.returncode != 0 or copy.stat().st_size >= capture.stat().st_size:
        return None
    return copy


def inside(difference, layers):
    """What is around all that tshark alone has."""
    found = [UNOPENED[layer] for layer in UNOPENED if layer in layers]
    if not difference.ours and found:
        return f"inside {found[0]}, which is not opened"
    return None


def longer(difference, _):
    """We keep so much of a text, and say that it is cut: of DNS names the end, of others the front."""
    ours, theirs = difference.ours - difference.theirs, difference.theirs - difference.ours
    is_front = {value[:CUT_TEXT] for value in ours} == {value[:CUT_TEXT] for value in theirs}
    ends = {one.lstrip("0123456789?") for one in ours}
    is_end = difference.field == "dns_question" and "" not in ends and len(ours) <= len(theirs) \
        and all(any(value.endswith(end) for value in theirs) for end in ends)
    if ours and (is_front or is_end):
        return "longer than what is kept"
    if difference.field == "certificate_name" and not ours \
            and len(difference.ours) >= CERTIFICATE_NAMES_KEPT:
        return f"of a certificate {CERTIFICATE_NAMES_KEPT} names are kept"
    return None


def blank(difference, _):
    ours, theirs = difference.ours - difference.theirs, difference.theirs - difference.ours
    if difference.field == "http_uri" and ours and {value.split(" ")[0] for value in ours} == theirs:
        return "a blank in the URI, where tshark cuts"
    return None


SEEN = (inside, longer, blank)


def asked_again(row_of, differences, ports):
    """[(options for tshark, why, the differences it may explain)] of those with values of our own."""
    ours = [d for d in differences if d.ours - d.theirs and d.flow in ports]
    wants = {}
    for d in ours:
        transport = d.flow[0]
        for reader in readers_of(row_of[d.field], transport):
            wants.setdefault(reader, []).append((d, f"{transport}.port=={ports[d.flow]},{reader}"))
    if not ours:
        return []
    found = [(IN_ORDER, "tshark agrees when it is to put segments in order", ours),
             (NO_WAITING, "tshark agrees when it is not to wait for the rest, and to read base64", ours)]
    for reader, wanted in sorted(wants.items()):
        told = [word for one in sorted({rule for _, rule in wanted}) for word in ("-d", one)]
        found.append(([*IN_ORDER, *told], f"tshark agrees when told that the port speaks {reader}",
                      [d for d, _ in wanted]))
    return found


def explain(capture, row_of, agrees, differences, ports, layers, read):
    """{difference's (field, flow): why}; read(capture, options) is what tshark says when asked so."""
    why = {}

    def ask_again(path, options, reason, asked):
        again = read(path, options) or {}
        for d in asked:
            if agrees(row_of[d.field], d.ours, again.get((d.field, d.flow), set())):
                why.setdefault((d.field, d.flow), reason)

    for d in differences:
        reasons = [reason for seen in SEEN if (reason := seen(d, layers[d.field, d.flow]))]
        if reasons:
            why[d.field, d.flow] = reasons[0]
    for options, reason, asked in asked_again(row_of, differences, ports):
        asked = [d for d in asked if (d.field, d.flow) not in why]
        if asked:
            ask_again(capture, options, reason, asked)
    alone = [d for d in differences if d.theirs - d.ours and (d.field, d.flow) not in why]
    if alone and capture.suffix == ".pcapng":
        with tempfile.TemporaryDirectory() as folder:
            bare = without_secrets(capture, folder)
            if bare:
                ask_again(bare, [], "decrypted by keys that are in the capture", alone)
    return why
