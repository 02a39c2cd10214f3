/*
 * Frames for tests, made from the inside out: start with a payload, then put one header after the
 * other in front of it. Lengths come out right by themselves; a test that wants a lie writes over
 * `bytes`, whose first byte is that of the outermost header. Checksums are left 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	TEST_PACKET_MAX = 2048,
	TEST_ETHERNET_LEN = 14,
	TEST_VLAN_LEN = 4,
	TEST_IPV4_LEN = 20,
	TEST_IPV6_LEN = 40,
	TEST_TCP_LEN = 20,
	TEST_UDP_LEN = 8,
	TEST_ICMP_LEN = 4,
};

struct test_packet {
	size_t len;
	uint8_t bytes[TEST_PACKET_MAX];
};

struct test_ipv4 {
	const char *source; /* text; so are all addresses here */
	const char *destination;
	uint8_t protocol;
	uint8_t ttl;          /* 0 stands for 64 */
	uint8_t option_words; /* 4-byte words of no-operation */
	uint16_t id;
	uint16_t fragment; /* flags and offset, as in the header */
};

struct test_ipv6 {
	const char *source;
	const char *destination;
	uint8_t next;
	uint8_t hop_limit; /* 0 stands for 64 */
};

struct test_tcp {
	uint16_t source_port;
	uint16_t destination_port;
	uint32_t sequence;
	uint32_t acknowledged;
	uint8_t flags;
	uint8_t option_words; /* 4-byte words of no-operation */
	uint16_t window;
};

/* Begins anew with `payload`; NULL with a length gives that many counting bytes. */
void test_packet_payload(struct test_packet *p, const void *payload, size_t len);

/* Puts any bytes in front. */
void test_packet_prepend(struct test_packet *p, const void *header, size_t len);

void test_packet_tcp(struct test_packet *p, const struct test_tcp *tcp);
void test_packet_udp(struct test_packet *p, uint16_t source_port, uint16_t destination_port);

/* The four bytes that all ICMP types share; the message body is the payload. */
void test_packet_icmp(struct test_packet *p, uint8_t type, uint8_t code);

void test_packet_ipv4(struct test_packet *p, const struct test_ipv4 *ip);
void test_packet_ipv6(struct test_packet *p, const struct test_ipv6 *ip);

/* Hop-by-hop, routing or destination options, of (`units` + 1) * 8 bytes. */
void test_packet_ipv6_extension(struct test_packet *p, uint8_t next, uint8_t units);

/* `offset` in bytes. */
void test_packet_ipv6_fragment(struct test_packet *p, uint8_t next, uint16_t offset,
			       uint8_t more_fragments, uint32_t id);

/* `ethertype` is what the tag carries; the tag's own type is for the header in front of it. */
void test_packet_vlan(struct test_packet *p, uint16_t id, uint16_t ethertype);

/* From 02:00:00:00:00:01 to 02:00:00:00:00:02; padded to 60 bytes as a card does. */
void test_packet_ethernet(struct test_packet *p, uint16_t ethertype);

/* A heap block of exactly the first `len` bytes, so that reading past them shows. The caller's. */
uint8_t *test_packet_copy(const struct test_packet *p, size_t len);
