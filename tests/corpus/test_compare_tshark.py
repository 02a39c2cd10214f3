#!/usr/bin/env python3
"""What compare_tshark.py makes of tshark's lines and of fact lines, on lines written here.

Usage: test_compare_tshark.py
"""
import collections
import pathlib
import stat
import tempfile
import unittest
from unittest import mock

import compare_tshark
import tshark_fields
import tshark_reasons
from compare_tshark import BETWEEN_FIELDS, BETWEEN_VALUES, Frame

FIELDS = {row.name: row for row in tshark_fields.FIELDS}
ALL = {field for row in tshark_fields.FIELDS for field in row.theirs.fields}
HELLO = ('{"fact":"tls.client_hello","n":12,"flow":17,"client":"192.0.2.2","client_port":50000,'
         '"server":"198.51.100.1","server_port":443,"protocol":"tcp","from":"client",'
         '"sni":"WWW.example.","alpn":["h2","http/1.1"],"ja4":"t13d"}')
DNS = ('{"fact":"dns","client":"2001:db8::2","client_port":50000,"server":"2001:db8::1",'
       '"server_port":53,"protocol":"udp","questions":["a.example","b.example"],'
       '"addresses":["2001:0db8::0009"]}')


def frame(**columns):
    columns = {key.replace("__", "."): value for key, value in columns.items()}
    columns.setdefault("frame.protocols", "eth:ethertype:ip:tcp")
    return Frame(list(columns), BETWEEN_FIELDS.join(
        value if isinstance(value, str) else BETWEEN_VALUES.join(value) for value in columns.values()))


def read(field, flow=None, **columns):
    return FIELDS[field].theirs(frame(**columns), {} if flow is None else flow)


def ours_of(*lines):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "hinomi"
        program.write_text("#!/bin/sh\ncat <<'END'\n" + "\n".join(lines) + "\nEND\n")
        program.chmod(stat.S_IRWXU)
        return compare_tshark.ours_of(str(program), pathlib.Path("none.pcap"))


class Values(unittest.TestCase):
    def test_names(self):
        self.assertEqual(tshark_fields.name("WWW.Example.COM."), "www.example.com")

    def test_unprintable_text_is_the_same_however_it_is_cleaned(self):
        for one in ("a\\001\\002b", "a\\x01b", "a\ufffdb", "a??b", "a\u3042b", "a\x7fb"):
            self.assertEqual(tshark_fields.text(one), "a?b")

    def test_dots_inside_a_label(self):
        ours, theirs = "a\\046b\\032c\\025.example", "a.b c\\031.example"
        self.assertEqual(tshark_fields.name(tshark_fields.without_dns_escapes(ours)),
                         tshark_fields.name(theirs))

    def test_dialects(self):
        self.assertEqual(tshark_fields.dialect("0x0311"), tshark_fields.dialect("SMB 3.1.1"))
        self.assertEqual(tshark_fields.dialect("NT LM 0.12"), "NT LM 0.12")

    def test_versions(self):
        self.assertEqual(tshark_fields.tls_version("0x0304"), tshark_fields.tls_version("TLS 1.3"))

    def test_principals(self):
        self.assertEqual(tshark_fields.parts("krbtgt/OFFICE.EXAMPLE"), ["krbtgt", "office.example"])


class Theirs(unittest.TestCase):
    def test_both_ways_are_one_flow(self):
        there = frame(ip__src="192.0.2.9", ip__dst="192.0.2.1", tcp__srcport="5", tcp__dstport="80")
        back = frame(ip__src="192.0.2.1", ip__dst="192.0.2.9", tcp__srcport="80", tcp__dstport="5")
        self.assertEqual(there.flow(), back.flow())

    def test_innermost_layer_is_the_flow(self):
        inner = frame(frame__protocols="eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp:tls",
                      ip__src=["192.0.2.1", "10.0.0.1"], ip__dst=["192.0.2.2", "10.0.0.2"],
                      udp__srcport="4000", udp__dstport="4789", tcp__srcport="5", tcp__dstport="443")
        self.assertEqual(inner.flow(), ("tcp", ("10.0.0.1", 5), ("10.0.0.2", 443)))

    def test_no_network_layer_is_the_capture(self):
        self.assertEqual(frame(frame__protocols="eth:ethertype:lldp").flow(),
                         compare_tshark.WHOLE_CAPTURE)

    def test_what_an_error_quotes(self):
        self.assertTrue(frame(frame__protocols="eth:ethertype:ip:icmp:ip:udp:dns").is_quoted())
        self.assertFalse(frame(frame__protocols="eth:ethertype:ip:udp:dns").is_quoted())

    def test_smb1_answers_with_an_index(self):
        flow = {}
        offered = {"smb.dialect.name": ["LANMAN2.1", "NT LM 0.12"]}
        self.assertEqual(read("smb_dialect", flow, **offered), [])
        self.assertEqual(read("smb_dialect", flow, smb__dialect__index="1"), ["NT LM 0.12"])
        self.assertEqual(read("smb_dialect", flow, smb__dialect__index="65535"), [])

    def test_smb2_request_offers_and_response_chooses(self):
        offered = {"smb2.dialect": ["0x0202", "0x0311"], "smb2.flags.response": "0"}
        self.assertEqual(read("smb_dialect", **offered), [])
        chosen = {"smb2.dialect": "0x0311", "smb2.flags.response": "True"}
        self.assertEqual(read("smb_dialect", **chosen), ["0x0311"])

    def test_http_is_not_ssdp(self):
        self.assertEqual(read("http_host", frame__protocols="eth:ethertype:ip:udp:ssdp",
                              http__host="239.255.255.250:1900"), [])

    def test_server_version(self):
        self.assertEqual(read("tls_server_version", **{"tls.handshake.type": ["2", "11"],
                                                       "tls.handshake.version": "0x0303"}), ["0x0303"])
        self.assertEqual(read("tls_server_version", **{
            "tls.handshake.type": "2", "tls.handshake.version": "0x0303",
            "tls.handshake.extensions.supported_version": "0x0304"}), ["0x0304"])

    def test_words_for_none(self):
        self.assertEqual(read("ntlm_workstation", ntlmssp__auth__hostname="NULL"), [])


class Ours(unittest.TestCase):
    def test_members(self):
        found, told, ports = ours_of(HELLO, DNS, '{"schema":"hinomi.summary/1"}')
        flow = ("tcp", ("192.0.2.2", 50000), ("198.51.100.1", 443))
        dns = ("udp", ("2001:db8::1", 53), ("2001:db8::2", 50000))
        self.assertEqual(found["sni", flow], {"www.example"})
        self.assertEqual(found["alpn", flow], {"h2", "http/1.1"})
        self.assertNotIn(("ja3", flow), found)
        self.assertEqual(found["dns_question", dns], {"a.example", "b.example"})
        self.assertEqual(found["dns_address", dns], {"2001:db8::9"})
        self.assertLess({"dns", "tls.client_hello"}, told)
        self.assertEqual(ports, {flow: 443, dns: 53})

    def test_comparison(self):
        one, other = (compare_tshark.flow_of(("192.0.2.2", port), ("198.51.100.1", 443), "tcp")
                      for port in (50000, 50001))
        theirs = {("sni", one): {"www.example"}, ("sni", other): {"mail.example"}}
        with mock.patch.object(compare_tshark, "theirs_of", return_value=theirs), \
                mock.patch.object(compare_tshark, "ours_of", return_value=ours_of(HELLO)):
            verdict, tally, differences, _ = compare_tshark.compare("", pathlib.Path("a.pcap"), ALL)
        self.assertEqual((verdict, tally["sni"], tally["alpn"]), ("compared", [1, 2], [0, 1]))
        self.assertEqual([(d.field, d.flow) for d in differences if d.field == "sni"], [("sni", other)])

    def test_required_share(self):
        tally = {"sni": [995, 1000], "ja3": [994, 1000], "ja4": [0, 0]}
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / "known.tsv"
            table.write_text("capture\tfield\twhy\na.pcap\tja3\tolder\n")
            known = compare_tshark.known_differences(table)
        self.assertEqual(known, {("a.pcap", "ja3"): "older"})
        self.assertEqual(compare_tshark.below(tally, list(tally), collections.Counter()), ["ja3"])
        self.assertEqual(compare_tshark.below(tally, list(tally), collections.Counter(ja3=1)), [])


FLOW = ("tcp", ("192.0.2.2", 50000), ("198.51.100.1", 8080))


def difference(field, ours, theirs, flow=FLOW):
    return compare_tshark.Difference(field, "a.pcapng", flow, set(ours), set(theirs), None)


def explain(differences, answers=None, layers=(), ports=None):
    """What each is put down to; `answers` is what tshark says by the word that is among its options."""
    def read(_, options):
        found = collections.defaultdict(set)
        for word, values in (answers or {}).items():
            if any(word in option for option in options):
                found.update(values)
        return found
    around = collections.defaultdict(lambda: set(layers))
    found = tshark_reasons.explain(pathlib.Path("a.pcapng"), FIELDS, compare_tshark.agrees, differences,
                                   {FLOW: 8080} if ports is None else ports, around, read)
    return [found.get((d.field, d.flow)) for d in differences]


class Reasons(unittest.TestCase):
    def test_told_the_port(self):
        alone = difference("sni", ["a.example"], [])
        agreeing = {"tcp.port==8080,tls": {("sni", FLOW): {"a.example"}}}
        self.assertEqual(explain([alone], agreeing), ["tshark agrees when told that the port speaks tls"])
        self.assertEqual(explain([alone], {"tcp.port==8080,tls": {("sni", FLOW): {"b.example"}}}), [None])
        self.assertEqual(explain([alone], agreeing, ports={}), [None])

    def test_asked_for_order(self):
        both = {"reassemble_out_of_order": {("http_uri", FLOW): {"/a"}}}
        self.assertEqual(explain([difference("http_uri", ["/a"], [])], both),
                         ["tshark agrees when it is to put segments in order"])

    def test_tunnels(self):
        self.assertEqual(explain([difference("sni", [], ["a"])], layers=("ip", "gtp", "tls")),
                         ["inside GTP, which is not opened"])
        self.assertEqual(explain([difference("sni", ["b"], ["a"])], layers=("gtp",)), [None])
        self.assertEqual(explain([difference("sni", [], ["a"])], layers=("ip", "tls")), [None])

    def test_longer(self):
        long = "x" * 5000
        self.assertEqual(explain([difference("http_uri", [long[:4095]], [long])]),
                         ["longer than what is kept"])
        self.assertEqual(explain([difference("http_uri", ["/a"], ["/ab"])]), [None])
        self.assertEqual(explain([difference("dns_question", ["31?bc.example"], ["a?31?bc.example"])]),
                         ["longer than what is kept"])
        self.assertEqual(explain([difference("dns_question", ["d.example"], ["a.example"])]), [None])

    def test_certificates_with_many_names(self):
        names = {f"{i}.example" for i in range(20)}
        self.assertEqual(explain([difference("certificate_name", sorted(names)[:16], names)]),
                         ["of a certificate 16 names are kept"])
        self.assertEqual(explain([difference("certificate_name", sorted(names)[:15], names)]), [None])

    def test_blanks(self):
        self.assertEqual(explain([difference("http_uri", ["/a b"], ["/a"])]),
                         ["a blank in the URI, where tshark cuts"])
        self.assertEqual(explain([difference("http_uri", ["/a b"], ["/c"])]), [None])


if __name__ == "__main__":
    unittest.main()
