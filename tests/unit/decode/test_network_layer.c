#include "sensor/decode/network_layer.h"

#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_LEN = 24, PADDING = 6, MORE = 0x2000, PROTOCOL_AUTHENTICATION = 51 };

static const struct test_ipv4 plain_v4 = { .source = "192.0.2.1",
					   .destination = "198.51.100.2",
					   .protocol = IP_UDP };
static const struct test_ipv6 plain_v6 = { .source = "2001:db8::1",
					   .destination = "2001:db8::2",
					   .next = IP_UDP };

/* Reads the first `len` bytes of `p` from an exact copy, as if all were there on the wire. */
static enum decode_result read_cut(const struct test_packet *p, size_t len,
				   struct network_layer *out)
{
	uint8_t *exact = test_packet_copy(p, len);
	struct span bytes = { .data = exact, .len = len };
	bool is_v4 = p->bytes[0] >> 4 == 4;
	enum decode_result result = is_v4 ? network_layer_read_v4(bytes, (uint32_t)p->len, out)
					  : network_layer_read_v6(bytes, (uint32_t)p->len, out);

	if (result == DECODE_OK) {
		assert_true(out->ip.len <= len);
		assert_true(out->payload.len <= out->ip.len);
		assert_ptr_equal(out->payload.data + out->payload.len, exact + out->ip.len);
	}
	free(exact);
	return result;
}

static enum decode_result read_whole(const struct test_packet *p, struct network_layer *out)
{
	return read_cut(p, p->len, out);
}

/* With the headers whole any shorter capture is fine, and the wire lengths stay. */
static void check_every_prefix(const struct test_packet *p, size_t headers_len, uint32_t ip_len)
{
	struct network_layer network;

	for (size_t cut = 0; cut < headers_len; cut++)
		assert_int_equal(read_cut(p, cut, &network), DECODE_TRUNCATED_NETWORK);
	for (size_t cut = headers_len; cut <= p->len; cut++) {
		assert_int_equal(read_cut(p, cut, &network), DECODE_OK);
		assert_int_equal(network.ip_len, ip_len);
		assert_int_equal(network.payload_len, ip_len - headers_len);
		assert_int_equal(network.payload.len, (cut < ip_len ? cut : ip_len) - headers_len);
	}
}

static void v4_is_read(void **state)
{
	static const struct test_ipv4 ip = { .source = "192.0.2.1",
					     .destination = "198.51.100.2",
					     .protocol = IP_TCP,
					     .ttl = 17,
					     .option_words = 3 };
	struct test_packet p;
	struct network_layer network;
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_ipv4(&p, &ip);
	size_t ip_len = p.len;

	p.len += PADDING;
	memset(p.bytes + ip_len, 0, PADDING);

	assert_int_equal(read_whole(&p, &network), DECODE_OK);
	assert_int_equal(network.ip_version, 4);
	assert_int_equal(network.protocol, IP_TCP);
	assert_int_equal(network.ttl, 17);
	assert_int_equal(network.ip.len, ip_len);
	assert_false(network.is_fragment);
	address_text(&network.source, text);
	assert_string_equal(text, ip.source);
	address_text(&network.destination, text);
	assert_string_equal(text, ip.destination);
	check_every_prefix(&p, ip_len - PAYLOAD_LEN, (uint32_t)ip_len);
}

static void v6_is_read(void **state)
{
	struct test_packet p;
	struct network_layer network;
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_ipv6(&p, &plain_v6);
	size_t ip_len = p.len;

	p.len += PADDING;
	memset(p.bytes + ip_len, 0, PADDING);

	assert_int_equal(read_whole(&p, &network), DECODE_OK);
	assert_int_equal(network.ip_version, 6);
	assert_int_equal(network.protocol, IP_UDP);
	assert_int_equal(network.ttl, 64);
	address_text(&network.source, text);
	assert_string_equal(text, plain_v6.source);
	address_text(&network.destination, text);
	assert_string_equal(text, plain_v6.destination);
	check_every_prefix(&p, TEST_IPV6_LEN, (uint32_t)ip_len);
}

/* One byte of a plain header changed. */
struct lie {
	const char *name;
	uint8_t version;
	uint8_t at;
	uint8_t value;
	enum decode_result want;
	uint32_t want_payload_len;
};

static struct lie lies[] = {
	{ "v4: wrong version", 4, 0, 0x75, DECODE_BAD_NETWORK, 0 },
	{ "v4: header length below 20", 4, 0, 0x44, DECODE_BAD_NETWORK, 0 },
	{ "v4: header longer than the packet", 4, 0, 0x4f, DECODE_BAD_NETWORK, 0 },
	{ "v4: total length below the header's", 4, 3, 19, DECODE_BAD_NETWORK, 0 },
	{ "v4: total length of the header alone", 4, 3, 20, DECODE_OK, 0 },
	{ "v4: total length 0 is all there is", 4, 3, 0, DECODE_OK, PAYLOAD_LEN },
	{ "v4: total length beyond the capture", 4, 2, 1, DECODE_OK, 256 + PAYLOAD_LEN },
	{ "v4: don't fragment and the reserved flag", 4, 6, 0xc0, DECODE_OK, PAYLOAD_LEN },
	{ "v6: wrong version", 6, 0, 0x70, DECODE_BAD_NETWORK, 0 },
	{ "v6: payload length 0 is all there is", 6, 5, 0, DECODE_OK, PAYLOAD_LEN },
	{ "v6: payload length beyond the capture", 6, 4, 1, DECODE_OK, 256 + PAYLOAD_LEN },
	{ "v6: unknown next header", 6, 6, 200, DECODE_OK, PAYLOAD_LEN },
	{ "v6: no next header", 6, 6, 59, DECODE_OK, PAYLOAD_LEN },
};

static void run_lie(void **state)
{
	const struct lie *lie = *state;
	struct test_packet p;
	struct network_layer network;

	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	if (lie->version == 4)
		test_packet_ipv4(&p, &plain_v4);
	else
		test_packet_ipv6(&p, &plain_v6);
	p.bytes[lie->at] = lie->value;

	uint8_t *exact = test_packet_copy(&p, p.len);
	struct span bytes = { .data = exact, .len = p.len };

	assert_int_equal(lie->version == 4
				 ? network_layer_read_v4(bytes, (uint32_t)p.len, &network)
				 : network_layer_read_v6(bytes, (uint32_t)p.len, &network),
			 lie->want);
	if (lie->want == DECODE_OK)
		assert_int_equal(network.payload_len, lie->want_payload_len);
	free(exact);
}

/* Next headers, outermost first, up to a UDP payload; each extension has 16 bytes. */
struct chain {
	const char *name;
	size_t count;
	enum decode_result want;
	uint8_t headers[10];
};

static struct chain chains[] = {
	{ "hop-by-hop", 1, DECODE_OK, { 0 } },
	{ "routing", 1, DECODE_OK, { 43 } },
	{ "destination options", 1, DECODE_OK, { 60 } },
	{ "all in their order", 4, DECODE_OK, { 0, 60, 43, 60 } },
	{ "eight", 8, DECODE_OK, { 0, 60, 60, 60, 60, 60, 60, 60 } },
	{ "nine", 9, DECODE_TOO_MANY_EXTENSIONS, { 0, 60, 60, 60, 60, 60, 60, 60, 60 } },
	{ "hop-by-hop not first", 2, DECODE_BAD_NETWORK, { 60, 0 } },
};

static void run_chain(void **state)
{
	const struct chain *c = *state;
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;
	uint8_t next = IP_UDP;

	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	for (size_t i = c->count; i-- > 0;) {
		test_packet_ipv6_extension(&p, next, 1);
		next = c->headers[i];
	}
	ip.next = next;
	test_packet_ipv6(&p, &ip);
	assert_int_equal(read_whole(&p, &network), c->want);
	if (c->want != DECODE_OK)
		return;
	assert_int_equal(network.protocol, IP_UDP);
	check_every_prefix(&p, p.len - PAYLOAD_LEN, (uint32_t)p.len);
}

static void authentication_is_skipped(void **state)
{
	static const uint8_t header[16] = { IP_UDP, 2 }; /* (2 + 2) * 4 bytes */
	struct test_packet p;
	struct network_layer network;
	struct test_ipv4 v4 = plain_v4;
	struct test_ipv6 v6 = plain_v6;

	(void)state;
	v4.protocol = PROTOCOL_AUTHENTICATION;
	v6.next = PROTOCOL_AUTHENTICATION;
	for (int version = 4; version <= 6; version += 2) {
		test_packet_payload(&p, NULL, PAYLOAD_LEN);
		test_packet_prepend(&p, header, sizeof(header));
		if (version == 4)
			test_packet_ipv4(&p, &v4);
		else
			test_packet_ipv6(&p, &v6);
		assert_int_equal(read_whole(&p, &network), DECODE_OK);
		assert_int_equal(network.protocol, IP_UDP);
		check_every_prefix(&p, p.len - PAYLOAD_LEN, (uint32_t)p.len);
	}
}

static void an_extension_cannot_outgrow_its_packet(void **state)
{
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;

	(void)state;
	ip.next = 60;
	test_packet_payload(&p, NULL, 0);
	test_packet_ipv6_extension(&p, IP_UDP, 0);
	test_packet_ipv6(&p, &ip);
	p.bytes[TEST_IPV6_LEN + 1] = 1; /* 16 bytes, of which there are 8 */
	assert_int_equal(read_whole(&p, &network), DECODE_BAD_NETWORK);
}

static void jumbograms_are_refused(void **state)
{
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;

	(void)state;
	ip.next = 0;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_ipv6_extension(&p, IP_UDP, 0);
	test_packet_ipv6(&p, &ip);
	p.bytes[4] = 0;
	p.bytes[5] = 0;
	assert_int_equal(read_whole(&p, &network), DECODE_JUMBOGRAM);
}

struct fragment_case {
	const char *name;
	uint16_t offset; /* in units of 8 bytes */
	bool more;
	uint8_t payload_len;
	enum decode_result want;
	bool is_fragment;
	uint32_t fragment_len;
};

static struct fragment_case fragments[] = {
	{ "first", 0, true, 24, DECODE_OK, true, 24 },
	{ "middle", 3, true, 24, DECODE_OK, true, 24 },
	{ "last", 3, false, 5, DECODE_OK, true, 5 },
	{ "first, with a length that receivers cut", 0, true, 23, DECODE_OK, true, 16 },
	{ "none", 0, false, 24, DECODE_OK, false, 0 },
	{ "empty", 3, true, 0, DECODE_FRAGMENT_BAD, false, 0 },
	{ "the last place there is", 0x1fff, false, 7, DECODE_OK, true, 7 },
	{ "ping of death", 0x1fff, false, 8, DECODE_FRAGMENT_BAD, false, 0 },
};

static void check_fragment(const struct fragment_case *c, const struct test_packet *p, uint32_t id)
{
	struct network_layer network;

	assert_int_equal(read_whole(p, &network), c->want);
	if (c->want != DECODE_OK)
		return;
	assert_int_equal(network.is_fragment, c->is_fragment);
	assert_int_equal(network.protocol, IP_UDP);
	assert_int_equal(network.payload_len, c->payload_len);
	if (!c->is_fragment)
		return;
	assert_int_equal(network.fragment_id, id);
	assert_int_equal(network.fragment_offset, c->offset * 8);
	assert_int_equal(network.more_fragments, c->more);
	assert_int_equal(network.fragment_len, c->fragment_len);
	assert_int_equal(network_layer_is_fragment_rest(&network), c->offset > 0);
}

static void run_fragment(void **state)
{
	const struct fragment_case *c = *state;
	struct test_ipv4 v4 = plain_v4;
	struct test_ipv6 v6 = plain_v6;
	struct test_packet p;

	v4.id = 0xabcd;
	v4.fragment = c->offset | (c->more ? MORE : 0);
	test_packet_payload(&p, NULL, c->payload_len);
	test_packet_ipv4(&p, &v4);
	check_fragment(c, &p, 0xabcd);

	v6.next = 44;
	test_packet_payload(&p, NULL, c->payload_len);
	test_packet_ipv6_fragment(&p, IP_UDP, (uint16_t)(c->offset * 8), c->more, 0x12345678);
	test_packet_ipv6(&p, &v6);
	check_fragment(c, &p, 0x12345678);
}

/* What follows the header of a later fragment is data, even when it says otherwise. */
static void a_rest_has_no_extensions(void **state)
{
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;

	(void)state;
	ip.next = 44;
	test_packet_payload(&p, NULL, 3);
	test_packet_ipv6_fragment(&p, 60, 24, 0, 1);
	test_packet_ipv6(&p, &ip);
	assert_int_equal(read_whole(&p, &network), DECODE_OK);
	assert_int_equal(network.protocol, 60);
	assert_int_equal(network.payload_len, 3);
}

static void fragments_do_not_nest(void **state)
{
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;

	(void)state;
	ip.next = 44;
	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_ipv6_fragment(&p, IP_UDP, 0, 1, 2);
	test_packet_ipv6_fragment(&p, 44, 0, 1, 1);
	test_packet_ipv6(&p, &ip);
	assert_int_equal(read_whole(&p, &network), DECODE_FRAGMENT_BAD);
}

/* RFC 7112: the first fragment holds the whole chain. */
static void a_chain_may_not_leave_the_first_fragment(void **state)
{
	struct test_ipv6 ip = plain_v6;
	struct test_packet p;
	struct network_layer network;

	(void)state;
	ip.next = 44;
	test_packet_payload(&p, "\x11\x03\0\0\0\0\0\0", 8);
	test_packet_ipv6_fragment(&p, 60, 0, 1, 1);
	test_packet_ipv6(&p, &ip);
	assert_int_equal(read_whole(&p, &network), DECODE_FRAGMENT_BAD);
}

int main(void)
{
	static const struct CMUnitTest single[] = {
		cmocka_unit_test(v4_is_read),
		cmocka_unit_test(v6_is_read),
		cmocka_unit_test(authentication_is_skipped),
		cmocka_unit_test(an_extension_cannot_outgrow_its_packet),
		cmocka_unit_test(jumbograms_are_refused),
		cmocka_unit_test(a_rest_has_no_extensions),
		cmocka_unit_test(fragments_do_not_nest),
		cmocka_unit_test(a_chain_may_not_leave_the_first_fragment),
	};
	struct CMUnitTest tests[ARRAY_LEN(single) + ARRAY_LEN(lies) + ARRAY_LEN(chains) +
				ARRAY_LEN(fragments)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		tests[count++] = single[i];
	for (size_t i = 0; i < ARRAY_LEN(lies); i++)
		tests[count++] = (struct CMUnitTest){ .name = lies[i].name,
						      .test_func = run_lie,
						      .initial_state = &lies[i] };
	for (size_t i = 0; i < ARRAY_LEN(chains); i++)
		tests[count++] = (struct CMUnitTest){ .name = chains[i].name,
						      .test_func = run_chain,
						      .initial_state = &chains[i] };
	for (size_t i = 0; i < ARRAY_LEN(fragments); i++)
		tests[count++] = (struct CMUnitTest){ .name = fragments[i].name,
						      .test_func = run_fragment,
						      .initial_state = &fragments[i] };
	return cmocka_run_group_tests_name("network_layer", tests, NULL, NULL);
}
