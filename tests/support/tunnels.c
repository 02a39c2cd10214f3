#include "tests/support/tunnels.h"

#include "sensor/base/flow_key.h"
#include "tests/support/cmocka.h"

enum {
	IPV4 = 0x0800,
	ARP = 0x0806,
	IPV6 = 0x86dd,
	VLAN = 0x8100,
	PAYLOAD_LEN = 24,
	ARP_LEN = 28,
	FIRST_PORT = 49152,
	GRE = 47,
	L2TP = 115,
};

#define UDP(port)   IP_UDP, 0, port
#define OVER(proto) proto, 0, 0
#define BYTES(s)    (s), sizeof(s) - 1

#define MACS  "\2\0\0\0\0\2\2\0\0\0\0\1"
#define VXLAN "\x08\0\0\0\0\0\x2a\0"

const struct test_tunnel test_tunnels[] = {
	{ "IPv4 in IPv4", OVER(IP_IPIP), BYTES(""), TEST_IPV4, TEST_INNER, TUNNEL_IP_IN_IP, false,
	  0, 0 },
	{ "IPv6 in IPv4", OVER(IP_IPV6), BYTES(""), TEST_IPV6, TEST_INNER, TUNNEL_IP_IN_IP, false,
	  0, 0 },
	{ "IPv4 in IPv4 that is not", OVER(IP_IPIP), BYTES(""), TEST_IPV6, TEST_REFUSED,
	  TUNNEL_IP_IN_IP, false, 0, DECODE_BAD_NETWORK },

	{ "GRE and IPv4", OVER(GRE), BYTES("\0\0\x08\0"), TEST_IPV4, TEST_INNER, TUNNEL_GRE, false,
	  0, 0 },
	{ "GRE and IPv6", OVER(GRE), BYTES("\0\0\x86\xdd"), TEST_IPV6, TEST_INNER, TUNNEL_GRE,
	  false, 0, 0 },
	{ "GRE with a checksum", OVER(GRE), BYTES("\x80\0\x08\0\xff\xff\0\0"), TEST_IPV4,
	  TEST_INNER, TUNNEL_GRE, false, 0, 0 },
	{ "GRE with a sequence number", OVER(GRE), BYTES("\x10\0\x08\0\0\0\0\7"), TEST_IPV4,
	  TEST_INNER, TUNNEL_GRE, false, 0, 0 },
	{ "GRE with a key", OVER(GRE), BYTES("\x20\0\x08\0\0\0\0\x2a"), TEST_IPV4, TEST_INNER,
	  TUNNEL_GRE, true, 0, 0 },
	{ "GRE with all of them", OVER(GRE), BYTES("\xb0\0\x08\0\1\2\0\0\0\0\0\x2a\0\0\0\7"),
	  TEST_IPV4, TEST_INNER, TUNNEL_GRE, true, 0, 0 },
	{ "GRE and a frame", OVER(GRE), BYTES("\0\0\x65\x58"), TEST_TAGGED, TEST_INNER, TUNNEL_GRE,
	  false, 5, 0 },
	{ "GRE and MPLS", OVER(GRE), BYTES("\0\0\x88\x47\0\1\x01\x40"), TEST_IPV4, TEST_INNER,
	  TUNNEL_GRE, false, 0, 0 },
	{ "GRE, MPLS and IPv6", OVER(GRE), BYTES("\0\0\x88\x48\0\1\0\x40\0\1\x01\x40"), TEST_IPV6,
	  TEST_INNER, TUNNEL_GRE, false, 0, 0 },
	{ "GRE, MPLS and a frame", OVER(GRE), BYTES("\0\0\x88\x47\0\1\x01\x40"), TEST_FRAME,
	  TEST_INNER, TUNNEL_GRE, false, 0, 0 },
	{ "GRE, MPLS, a control word and a frame", OVER(GRE),
	  BYTES("\0\0\x88\x47\0\1\x01\x40\0\0\0\0"), TEST_FRAME, TEST_INNER, TUNNEL_GRE, false, 0,
	  0 },
	{ "GRE and three frames in one another", OVER(GRE),
	  BYTES("\0\0\x65\x58" MACS "\x65\x58" MACS "\x65\x58"), TEST_FRAME, TEST_REFUSED,
	  TUNNEL_GRE, false, 0, DECODE_TOO_DEEP },
	{ "GRE and a frame of spanning tree", OVER(GRE), BYTES("\0\0\x65\x58"), TEST_SPANNING,
	  TEST_REFUSED, TUNNEL_GRE, false, 0, DECODE_OTHER_PROTOCOL },
	{ "GRE that says IPv4 and is not", OVER(GRE), BYTES("\0\0\x08\0"), TEST_NO_CONTENT,
	  TEST_REFUSED, TUNNEL_GRE, false, 0, DECODE_BAD_NETWORK },
	{ "GRE with source routes", OVER(GRE), BYTES("\x40\0\x08\0\0\0\0\0\0\0\0\0"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_GRE, false, 0, 0 },
	{ "GRE of a later version", OVER(GRE), BYTES("\0\2\x08\0"), TEST_IPV4, TEST_OUTER,
	  TUNNEL_GRE, false, 0, 0 },
	{ "GRE that asks for an answer", OVER(GRE), BYTES("\0\0\0\0"), TEST_IPV4, TEST_OUTER,
	  TUNNEL_GRE, false, 0, 0 },
	{ "GRE and something else", OVER(GRE), BYTES("\0\0\x80\x9b"), TEST_NO_CONTENT, TEST_OUTER,
	  TUNNEL_GRE, false, 0, 0 },

	{ "PPTP", OVER(GRE), BYTES("\x30\1\x88\x0b\0\x54\0\1\0\0\0\7\xff\3\0\x21"), TEST_IPV4,
	  TEST_INNER, TUNNEL_PPTP, true, 0, 0 },
	{ "PPTP with an acknowledgment", OVER(GRE),
	  BYTES("\x30\x81\x88\x0b\0\x54\0\1\0\0\0\7\0\0\0\6\x57"), TEST_IPV6, TEST_INNER,
	  TUNNEL_PPTP, true, 0, 0 },
	{ "PPTP that only acknowledges", OVER(GRE), BYTES("\x20\x81\x88\x0b\0\0\0\1\0\0\0\6"),
	  TEST_IPV4, TEST_OUTER, TUNNEL_PPTP, false, 0, 0 },
	{ "PPTP without a call", OVER(GRE), BYTES("\x10\1\x88\x0b\0\0\0\7\0\x21"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_PPTP, false, 0, 0 },
	{ "PPTP of another type", OVER(GRE), BYTES("\x30\1\x08\0\0\x54\0\1\0\0\0\7"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_PPTP, false, 0, 0 },
	{ "PPTP and LCP", OVER(GRE), BYTES("\x30\1\x88\x0b\0\x54\0\1\0\0\0\7\xff\3\xc0\x21"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_PPTP, false, 0, 0 },
	{ "PPTP and encryption", OVER(GRE), BYTES("\x30\1\x88\x0b\0\x54\0\1\0\0\0\7\0\xfd"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_PPTP, false, 0, 0 },

	{ "ERSPAN I", OVER(GRE), BYTES("\0\0\x88\xbe"), TEST_FRAME, TEST_INNER, TUNNEL_ERSPAN,
	  false, 0, 0 },
	{ "ERSPAN II", OVER(GRE), BYTES("\x10\0\x88\xbe\0\0\0\7\x10\7\0\1\0\0\0\0"), TEST_FRAME,
	  TEST_INNER, TUNNEL_ERSPAN, false, 7, 0 },
	{ "ERSPAN II and a tag", OVER(GRE), BYTES("\x10\0\x88\xbe\0\0\0\7\x10\7\0\1\0\0\0\0"),
	  TEST_TAGGED, TEST_INNER, TUNNEL_ERSPAN, false, 5, 0 },
	{ "ERSPAN II and ARP", OVER(GRE), BYTES("\x10\0\x88\xbe\0\0\0\7\x10\0\0\1\0\0\0\0"),
	  TEST_ARP, TEST_INNER, TUNNEL_ERSPAN, false, 0, 0 },
	{ "ERSPAN II with a key", OVER(GRE),
	  BYTES("\x30\0\x88\xbe\0\0\0\1\0\0\0\7\x10\0\0\1\0\0\0\0"), TEST_FRAME, TEST_INNER,
	  TUNNEL_ERSPAN, false, 0, 0 },
	{ "ERSPAN II and an unknown type", OVER(GRE),
	  BYTES("\x10\0\x88\xbe\0\0\0\7\x10\7\0\1\0\0\0\0"), TEST_UNKNOWN, TEST_REFUSED,
	  TUNNEL_ERSPAN, false, 0, DECODE_OTHER_PROTOCOL },
	{ "ERSPAN III", OVER(GRE), BYTES("\x10\0\x22\xeb\0\0\0\7\x20\7\0\1\1\2\3\4\0\0\0\0"),
	  TEST_FRAME, TEST_INNER, TUNNEL_ERSPAN, false, 7, 0 },
	{ "ERSPAN III with a subheader", OVER(GRE),
	  BYTES("\x10\0\x22\xeb\0\0\0\7\x20\7\0\1\1\2\3\4\0\0\0\1\1\2\3\4\5\6\7\x08"), TEST_FRAME,
	  TEST_INNER, TUNNEL_ERSPAN, false, 7, 0 },
	{ "ERSPAN III without a sequence number", OVER(GRE),
	  BYTES("\0\0\x22\xeb\x20\7\0\1\1\2\3\4\0\0\0\0"), TEST_FRAME, TEST_INNER, TUNNEL_ERSPAN,
	  false, 7, 0 },
	{ "ERSPAN III of no frames", OVER(GRE),
	  BYTES("\x10\0\x22\xeb\0\0\0\7\x20\7\0\1\1\2\3\4\0\0\x08\0"), TEST_IPV4, TEST_REFUSED,
	  TUNNEL_ERSPAN, false, 0, DECODE_OTHER_PROTOCOL },
	{ "ERSPAN III of an unknown version", OVER(GRE),
	  BYTES("\x10\0\x22\xeb\0\0\0\7\x30\7\0\1\1\2\3\4\0\0\0\0"), TEST_FRAME, TEST_OUTER,
	  TUNNEL_ERSPAN, false, 0, 0 },
	{ "ERSPAN I with a sequence number", OVER(GRE), BYTES("\x10\0\x88\xbe\0\0\0\7"), TEST_FRAME,
	  TEST_INNER, TUNNEL_ERSPAN, false, 0, 0 },

	{ "VXLAN", UDP(4789), BYTES(VXLAN), TEST_FRAME, TEST_INNER, TUNNEL_VXLAN, true, 0, 0 },
	{ "VXLAN of Linux", UDP(8472), BYTES(VXLAN), TEST_TAGGED, TEST_INNER, TUNNEL_VXLAN, true, 5,
	  0 },
	{ "VXLAN and ARP", UDP(4789), BYTES(VXLAN), TEST_ARP, TEST_INNER, TUNNEL_VXLAN, true, 0,
	  0 },
	{ "VXLAN with a group", UDP(4789), BYTES("\x88\x08\1\2\0\0\x2a\0"), TEST_FRAME, TEST_INNER,
	  TUNNEL_VXLAN, true, 0, 0 },
	{ "VXLAN with a group and other flags", UDP(4789), BYTES("\x88\x80\1\2\0\0\x2a\0"),
	  TEST_FRAME, TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "generic VXLAN and IPv4", UDP(4790), BYTES("\x0c\0\0\1\0\0\x2a\0"), TEST_IPV4, TEST_INNER,
	  TUNNEL_VXLAN, true, 0, 0 },
	{ "generic VXLAN and IPv6", UDP(4790), BYTES("\x0c\0\0\2\0\0\x2a\0"), TEST_IPV6, TEST_INNER,
	  TUNNEL_VXLAN, true, 0, 0 },
	{ "generic VXLAN and a frame", UDP(4789), BYTES("\x0c\0\0\3\0\0\x2a\0"), TEST_FRAME,
	  TEST_INNER, TUNNEL_VXLAN, true, 0, 0 },
	{ "generic VXLAN and MPLS", UDP(4790), BYTES("\x0c\0\0\5\0\0\x2a\0\0\1\x01\x40"), TEST_IPV4,
	  TEST_INNER, TUNNEL_VXLAN, true, 0, 0 },
	{ "generic VXLAN and a service header", UDP(4790), BYTES("\x0c\0\0\4\0\0\x2a\0"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "generic VXLAN and an unknown protocol", UDP(4790), BYTES("\x0c\0\0\x77\0\0\x2a\0"),
	  TEST_IPV4, TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "generic VXLAN with reserved bits", UDP(4790), BYTES("\x0c\0\1\1\0\0\x2a\0"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "VXLAN and spanning tree", UDP(4789), BYTES(VXLAN), TEST_SPANNING, TEST_REFUSED,
	  TUNNEL_VXLAN, false, 0, DECODE_OTHER_PROTOCOL },
	{ "VXLAN without a network", UDP(4789), BYTES("\0\0\0\0\0\0\x2a\0"), TEST_FRAME, TEST_OUTER,
	  TUNNEL_VXLAN, false, 0, 0 },
	{ "VXLAN with reserved bits", UDP(4789), BYTES("\x08\0\1\0\0\0\x2a\0"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "VXLAN with a reserved byte", UDP(4789), BYTES("\x08\0\0\0\0\0\x2a\1"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_VXLAN, false, 0, 0 },
	{ "VXLAN and an unknown type", UDP(4789), BYTES(VXLAN), TEST_UNKNOWN, TEST_OUTER,
	  TUNNEL_VXLAN, false, 0, 0 },
	{ "VXLAN and bad IPv4", UDP(4789), BYTES(VXLAN), TEST_BAD_IP, TEST_OUTER, TUNNEL_VXLAN,
	  false, 0, 0 },
	{ "VXLAN from its port", IP_UDP, 4789, 53, BYTES(VXLAN), TEST_FRAME, TEST_OUTER,
	  TUNNEL_VXLAN, false, 0, 0 },

	{ "Geneve", UDP(6081), BYTES("\0\0\x65\x58\0\0\x2a\0"), TEST_FRAME, TEST_INNER,
	  TUNNEL_GENEVE, true, 0, 0 },
	{ "Geneve with options", UDP(6081), BYTES("\2\x40\x65\x58\0\0\x2a\0\1\2\3\1\5\6\7\x08"),
	  TEST_FRAME, TEST_INNER, TUNNEL_GENEVE, true, 0, 0 },
	{ "Geneve and IPv4", UDP(6081), BYTES("\0\0\x08\0\0\0\x2a\0"), TEST_IPV4, TEST_INNER,
	  TUNNEL_GENEVE, true, 0, 0 },
	{ "Geneve and IPv6", UDP(6081), BYTES("\0\0\x86\xdd\0\0\x2a\0"), TEST_IPV6, TEST_INNER,
	  TUNNEL_GENEVE, true, 0, 0 },
	{ "Geneve that says IPv4 and is not", UDP(6081), BYTES("\0\0\x08\0\0\0\x2a\0"), TEST_IPV6,
	  TEST_OUTER, TUNNEL_GENEVE, false, 0, 0 },
	{ "Geneve of a later version", UDP(6081), BYTES("\x40\0\x65\x58\0\0\x2a\0"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_GENEVE, false, 0, 0 },
	{ "Geneve with options beyond its end", UDP(6081), BYTES("\x3f\0\x65\x58\0\0\x2a\0"),
	  TEST_FRAME, TEST_OUTER, TUNNEL_GENEVE, false, 0, 0 },
	{ "Geneve with reserved bits", UDP(6081), BYTES("\0\1\x65\x58\0\0\x2a\0"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_GENEVE, false, 0, 0 },
	{ "Geneve with a reserved byte", UDP(6081), BYTES("\0\0\x65\x58\0\0\x2a\1"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_GENEVE, false, 0, 0 },
	{ "Geneve without a type", UDP(6081), BYTES("\0\0\0\3\0\0\x2a\0"), TEST_FRAME, TEST_OUTER,
	  TUNNEL_GENEVE, false, 0, 0 },

	{ "TZSP", UDP(37008), BYTES("\1\0\0\1\1"), TEST_FRAME, TEST_INNER, TUNNEL_TZSP, false, 0,
	  0 },
	{ "TZSP with tags", UDP(37008), BYTES("\1\1\0\1\0\x0a\1\x55\0\x0d\2\1\2\1"), TEST_TAGGED,
	  TEST_INNER, TUNNEL_TZSP, false, 5, 0 },
	{ "TZSP and ARP", UDP(37008), BYTES("\1\0\0\1\1"), TEST_ARP, TEST_INNER, TUNNEL_TZSP, false,
	  0, 0 },
	{ "TZSP of wireless", UDP(37008), BYTES("\1\0\0\x12\1"), TEST_NO_CONTENT, TEST_REFUSED,
	  TUNNEL_TZSP, false, 0, DECODE_OTHER_PROTOCOL },
	{ "TZSP without an end of tags", UDP(37008), BYTES("\1\0\0\1\x0a\xff"), TEST_FRAME,
	  TEST_OUTER, TUNNEL_TZSP, false, 0, 0 },
	{ "TZSP with too many tags", UDP(37008),
	  BYTES("\1\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
	  TEST_FRAME, TEST_OUTER, TUNNEL_TZSP, false, 0, 0 },
	{ "TZSP that keeps alive", UDP(37008), BYTES("\1\4\0\1\1"), TEST_FRAME, TEST_OUTER,
	  TUNNEL_TZSP, false, 0, 0 },
	{ "TZSP of a later version", UDP(37008), BYTES("\2\0\0\1\1"), TEST_FRAME, TEST_OUTER,
	  TUNNEL_TZSP, false, 0, 0 },

	{ "Teredo", UDP(3544), BYTES(""), TEST_IPV6, TEST_INNER, TUNNEL_TEREDO, false, 0, 0 },
	{ "Teredo from a server", IP_UDP, 3544, 50000, BYTES("\0\0\x3c\xaf\x33\xff\x8e\xfd"),
	  TEST_IPV6, TEST_INNER, TUNNEL_TEREDO, false, 0, 0 },
	{ "Teredo with authentication", UDP(3544),
	  BYTES("\0\1\2\1idv\1\2\3\4\5\6\7\x08\0\0\0\x3c\xaf\x33\xff\x8e\xfd"), TEST_IPV6,
	  TEST_INNER, TUNNEL_TEREDO, false, 0, 0 },
	{ "Teredo of other addresses", UDP(3544),
	  BYTES("\x60\0\0\0\0\x28\x3b\x40\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
		"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_TEREDO, false, 0, 0 },
	{ "Teredo and IPv4", UDP(3544), BYTES(""), TEST_IPV4, TEST_OUTER, TUNNEL_TEREDO, false, 0,
	  0 },

	{ "L2TP", UDP(1701), BYTES("\0\2\0\1\0\2\0\x21"), TEST_IPV4, TEST_INNER, TUNNEL_L2TP, true,
	  0, 0 },
	{ "L2TP with all fields", UDP(1701),
	  BYTES("\x4b\2\0\x60\0\1\0\2\0\0\0\0\0\2\0\0\xff\3\0\x57"), TEST_IPV6, TEST_INNER,
	  TUNNEL_L2TP, true, 0, 0 },
	{ "L2TP from its port", IP_UDP, 1701, 50000, BYTES("\0\2\0\1\0\2\xff\3\0\x21"), TEST_IPV4,
	  TEST_INNER, TUNNEL_L2TP, true, 0, 0 },
	{ "L2TP and LCP", UDP(1701), BYTES("\0\2\0\1\0\2\xff\3\xc0\x21"), TEST_NO_CONTENT,
	  TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TP with an offset beyond its end", UDP(1701), BYTES("\2\2\0\1\0\2\xff\xff\0\x21"),
	  TEST_IPV4, TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TP that steers", UDP(1701), BYTES("\xc8\2\0\x0c\0\1\0\2\0\0\0\0\0\x21"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TP with reserved bits", UDP(1701), BYTES("\x10\2\0\1\0\2\0\x21"), TEST_IPV4,
	  TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TP of no version", UDP(1701), BYTES("\0\4\0\1\0\2\0\x21"), TEST_IPV4, TEST_OUTER,
	  TUNNEL_L2TP, false, 0, 0 },
	{ "L2TPv3 over UDP", UDP(1701), BYTES("\0\3\0\0\0\0\0\1"), TEST_FRAME, TEST_INNER,
	  TUNNEL_L2TP, true, 0, 0 },
	{ "L2TPv3 with a sublayer", UDP(1701), BYTES("\0\3\0\0\0\0\0\1\0\0\0\0"), TEST_FRAME,
	  TEST_INNER, TUNNEL_L2TP, true, 0, 0 },
	{ "L2TPv3 with a cookie and a sublayer", UDP(1701),
	  BYTES("\0\3\0\0\0\0\0\1\xc0\0\1\2\3\4\5\6\x40\0\0\7"), TEST_ARP, TEST_INNER, TUNNEL_L2TP,
	  true, 0, 0 },
	{ "L2TPv3 over IP", OVER(L2TP), BYTES("\0\0\0\1\xc0\0\1\2\3\4\5\6"), TEST_FRAME, TEST_INNER,
	  TUNNEL_L2TP, true, 0, 0 },
	{ "L2TPv3 and IPv6", OVER(L2TP), BYTES("\0\0\0\1"), TEST_FRAME_V6, TEST_INNER, TUNNEL_L2TP,
	  true, 0, 0 },
	{ "L2TPv3 that steers", OVER(L2TP), BYTES("\0\0\0\0"), TEST_FRAME, TEST_OUTER, TUNNEL_L2TP,
	  false, 0, 0 },
	{ "L2TPv3 of nothing", OVER(L2TP), BYTES("\0\0\0\1"), TEST_NO_CONTENT, TEST_OUTER,
	  TUNNEL_L2TP, false, 0, 0 },
	{ "L2TPv3 and IPv6 that is not", OVER(L2TP), BYTES("\0\0\0\1" MACS "\x86\xdd"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TPv3 and IPv4 beyond its end", OVER(L2TP), BYTES("\0\0\0\1" MACS "\x08\0\x45\0\2\0"),
	  TEST_NO_CONTENT, TEST_OUTER, TUNNEL_L2TP, false, 0, 0 },
	{ "L2TPv3 and bad IPv4", OVER(L2TP), BYTES("\0\0\0\1"), TEST_BAD_IP, TEST_OUTER,
	  TUNNEL_L2TP, false, 0, 0 },
};

const size_t test_tunnels_count = ARRAY_LEN(test_tunnels);

static void make_tcp(struct test_packet *p)
{
	static const struct test_tcp tcp = { .source_port = 50000, .destination_port = 443 };

	test_packet_payload(p, NULL, PAYLOAD_LEN);
	test_packet_tcp(p, &tcp);
}

static void make_ipv4(struct test_packet *p)
{
	static const struct test_ipv4 v4 = { .source = "192.168.1.9",
					     .destination = "198.51.100.2",
					     .protocol = IP_TCP };

	make_tcp(p);
	test_packet_ipv4(p, &v4);
}

static void make_ipv6(struct test_packet *p)
{
	static const struct test_ipv6 v6 = { .source = "2001::9",
					     .destination = "2001:db8::2",
					     .next = IP_TCP };

	make_tcp(p);
	test_packet_ipv6(p, &v6);
}

static void make_arp(struct test_packet *p)
{
	static const uint8_t head[] = { 0, 1, 8, 0, 6, 4 };

	test_packet_payload(p, NULL, ARP_LEN - sizeof(head));
	test_packet_prepend(p, head, sizeof(head));
	test_packet_ethernet(p, ARP);
}

static void make_frame(struct test_packet *p, uint16_t type)
{
	test_packet_payload(p, NULL, PAYLOAD_LEN * 2);
	test_packet_ethernet(p, type);
}

void test_content_make(struct test_packet *p, enum test_content content)
{
	switch (content) {
	case TEST_IPV4:
		make_ipv4(p);
		break;
	case TEST_IPV6:
		make_ipv6(p);
		break;
	case TEST_FRAME:
		make_ipv4(p);
		test_packet_ethernet(p, IPV4);
		break;
	case TEST_FRAME_V6:
		make_ipv6(p);
		test_packet_ethernet(p, IPV6);
		break;
	case TEST_TAGGED:
		make_ipv4(p);
		test_packet_vlan(p, 5, IPV4);
		test_packet_ethernet(p, VLAN);
		break;
	case TEST_ARP:
		make_arp(p);
		break;
	case TEST_BAD_IP:
		make_frame(p, IPV4);
		break;
	case TEST_SPANNING:
		make_frame(p, PAYLOAD_LEN);
		memcpy(p->bytes + TEST_ETHERNET_LEN, "\x42\x42\3", 3);
		break;
	case TEST_UNKNOWN:
		make_frame(p, 0xfff0);
		break;
	case TEST_NO_CONTENT:
		test_packet_payload(p, NULL, PAYLOAD_LEN * 2);
		break;
	}
}

void test_tunnel_wrap(struct test_packet *p, const struct test_tunnel *tunnel, bool is_reversed)
{
	struct test_ipv4 outer = { .source = is_reversed ? "203.0.113.2" : "203.0.113.1",
				   .destination = is_reversed ? "203.0.113.1" : "203.0.113.2",
				   .protocol = tunnel->protocol };

	test_packet_prepend(p, tunnel->header, tunnel->header_len);
	if (tunnel->protocol == IP_UDP)
		test_packet_udp(
			p, tunnel->source_port > 0 ? tunnel->source_port : (uint16_t)FIRST_PORT,
			tunnel->port);
	test_packet_ipv4(p, &outer);
}

void test_tunnel_frame(struct test_packet *p, const struct test_tunnel *tunnel)
{
	test_content_make(p, tunnel->content);
	test_tunnel_wrap(p, tunnel, false);
	test_packet_ethernet(p, IPV4);
	p->bytes[5] = 8;
	p->bytes[11] = 9;
}
