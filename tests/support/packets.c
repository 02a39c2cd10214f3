#include "tests/support/packets.h"

#include "tests/support/cmocka.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = 64, FRAME_MIN = 60, TTL = 64 };

/* A header being written, front to back. */
struct header {
	size_t len;
	uint8_t bytes[HEADER_MAX];
};

static void put8(struct header *h, uint8_t value)
{
	assert_true(h->len < sizeof(h->bytes));
	h->bytes[h->len++] = value;
}

static void put16(struct header *h, uint32_t value)
{
	put8(h, (uint8_t)(value >> 8));
	put8(h, (uint8_t)value);
}

static void put32(struct header *h, uint32_t value)
{
	put16(h, value >> 16);
	put16(h, value & UINT16_MAX);
}

static void put_address(struct header *h, int family, const char *text)
{
	uint8_t bytes[sizeof(struct in6_addr)];
	size_t len = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);

	assert_int_equal(inet_pton(family, text, bytes), 1);
	for (size_t i = 0; i < len; i++)
		put8(h, bytes[i]);
}

static void put_no_operations(struct header *h, unsigned words)
{
	for (unsigned i = 0; i < words * 4; i++)
		put8(h, 1);
}

void test_packet_payload(struct test_packet *p, const void *payload, size_t len)
{
	assert_true(len <= sizeof(p->bytes));
	p->len = len;
	if (payload) {
		memcpy(p->bytes, payload, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		p->bytes[i] = (uint8_t)i;
}

void test_packet_prepend(struct test_packet *p, const void *header, size_t len)
{
	assert_true(p->len + len <= sizeof(p->bytes));
	memmove(p->bytes + len, p->bytes, p->len);
	memcpy(p->bytes, header, len);
	p->len += len;
}

static void prepend(struct test_packet *p, const struct header *h)
{
	test_packet_prepend(p, h->bytes, h->len);
}

void test_packet_tcp(struct test_packet *p, const struct test_tcp *tcp)
{
	struct header h = { 0 };

	put16(&h, tcp->source_port);
	put16(&h, tcp->destination_port);
	put32(&h, tcp->sequence);
	put32(&h, tcp->acknowledged);
	put8(&h, (uint8_t)((TEST_TCP_LEN / 4 + tcp->option_words) << 4));
	put8(&h, tcp->flags);
	put16(&h, tcp->window);
	put32(&h, 0); /* checksum, urgent pointer */
	put_no_operations(&h, tcp->option_words);
	prepend(p, &h);
}

void test_packet_udp(struct test_packet *p, uint16_t source_port, uint16_t destination_port)
{
	struct header h = { 0 };

	put16(&h, source_port);
	put16(&h, destination_port);
	put16(&h, (uint32_t)(TEST_UDP_LEN + p->len));
	put16(&h, 0); /* checksum */
	prepend(p, &h);
}

void test_packet_icmp(struct test_packet *p, uint8_t type, uint8_t code)
{
	struct header h = { 0 };

	put8(&h, type);
	put8(&h, code);
	put16(&h, 0); /* checksum */
	prepend(p, &h);
}

void test_packet_ipv4(struct test_packet *p, const struct test_ipv4 *ip)
{
	struct header h = { 0 };
	size_t header_len = TEST_IPV4_LEN + ip->option_words * 4U;

	put8(&h, (uint8_t)(0x40 | header_len / 4));
	put8(&h, 0); /* type of service */
	put16(&h, (uint32_t)(header_len + p->len));
	put16(&h, ip->id);
	put16(&h, ip->fragment);
	put8(&h, ip->ttl > 0 ? ip->ttl : (uint8_t)TTL);
	put8(&h, ip->protocol);
	put16(&h, 0); /* checksum */
	put_address(&h, AF_INET, ip->source);
	put_address(&h, AF_INET, ip->destination);
	put_no_operations(&h, ip->option_words);
	prepend(p, &h);
}

void test_packet_ipv6(struct test_packet *p, const struct test_ipv6 *ip)
{
	struct header h = { 0 };

	put32(&h, 0x60000000);
	put16(&h, (uint32_t)p->len);
	put8(&h, ip->next);
	put8(&h, ip->hop_limit > 0 ? ip->hop_limit : (uint8_t)TTL);
	put_address(&h, AF_INET6, ip->source);
	put_address(&h, AF_INET6, ip->destination);
	prepend(p, &h);
}

void test_packet_ipv6_extension(struct test_packet *p, uint8_t next, uint8_t units)
{
	uint8_t bytes[(UINT8_MAX + 1) * 8] = { next, units };

	test_packet_prepend(p, bytes, ((size_t)units + 1) * 8);
}

void test_packet_ipv6_fragment(struct test_packet *p, uint8_t next, uint16_t offset,
			       uint8_t more_fragments, uint32_t id)
{
	struct header h = { 0 };

	put8(&h, next);
	put8(&h, 0); /* reserved */
	put16(&h, offset | (more_fragments ? 1U : 0U));
	put32(&h, id);
	prepend(p, &h);
}

void test_packet_vlan(struct test_packet *p, uint16_t id, uint16_t ethertype)
{
	struct header h = { 0 };

	put16(&h, id);
	put16(&h, ethertype);
	prepend(p, &h);
}

void test_packet_ethernet(struct test_packet *p, uint16_t ethertype)
{
	static const uint8_t macs[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };
	struct header h = { 0 };

	for (size_t i = 0; i < sizeof(macs); i++)
		put8(&h, macs[i]);
	put16(&h, ethertype);
	prepend(p, &h);
	while (p->len < FRAME_MIN)
		p->bytes[p->len++] = 0;
}

uint8_t *test_packet_copy(const struct test_packet *p, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	assert_true(len <= p->len);
	memcpy(exact, p->bytes, len);
	return exact;
}
