/*
 * Frames with a tunnel in them, for tests: each way that decode reads one, and each way in which
 * one is nearly there. Outside it is 203.0.113.1 to 203.0.113.2; inside TCP from 192.168.1.9, port
 * 50000, to 198.51.100.2, port 443 (IPv6: 2001::9 to 2001:db8::2).
 */
#pragma once

#include "sensor/decode/decode.h"
#include "tests/support/packets.h"

enum test_content {
	TEST_IPV4,
	TEST_IPV6,
	TEST_FRAME,      /* Ethernet with the IPv4 packet */
	TEST_FRAME_V6,   /* Ethernet with the IPv6 packet */
	TEST_TAGGED,     /* with the IPv4 packet behind a tag of 5 */
	TEST_ARP,        /* Ethernet with ARP */
	TEST_BAD_IP,     /* Ethernet with what says it is IPv4 and is not */
	TEST_SPANNING,   /* Ethernet with spanning tree */
	TEST_UNKNOWN,    /* Ethernet with an EtherType that nobody has */
	TEST_NO_CONTENT, /* 40 bytes that are nothing */
};

enum test_reading {
	TEST_INNER,   /* what is inside becomes the packet */
	TEST_OUTER,   /* what is outside: no tunnel after all */
	TEST_REFUSED, /* neither; `want` says as what */
};

struct test_tunnel {
	const char *name;
	uint8_t protocol;     /* of the IP header outside */
	uint16_t source_port; /* 0 stands for 49152 */
	uint16_t port;        /* destination, where the protocol is UDP */
	const char *header;   /* behind the IP or UDP header */
	size_t header_len;
	enum test_content content;
	enum test_reading reading;
	enum tunnel_kind kind;
	bool has_context;
	uint16_t vlan;
	enum decode_result want; /* DECODE_OK but when refused */
};

extern const struct test_tunnel test_tunnels[];
extern const size_t test_tunnels_count;

/* What `content` is without anything around it. */
void test_content_make(struct test_packet *p, enum test_content content);

/* Puts the tunnel's header, with UDP where it has that, and IPv4 around what `p` holds. */
void test_tunnel_wrap(struct test_packet *p, const struct test_tunnel *tunnel, bool is_reversed);

/*
 * All of it as an Ethernet frame: outside from 02:00:00:00:00:09 to 02:00:00:00:00:08, inside as
 * test_packet_ethernet() has it. Without padding.
 */
void test_tunnel_frame(struct test_packet *p, const struct test_tunnel *tunnel);
