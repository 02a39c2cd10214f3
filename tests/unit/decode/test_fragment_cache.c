#include "sensor/decode/fragment_cache.h"

#include "sensor/decode/decode.h"
#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <stdlib.h>

enum { IPV4 = 0x0800, IPV6 = 0x86dd, MORE = 0x2000, FRAGMENT_HEADER = 44, PAYLOAD_LEN = 40 };

static const nanotime start = 1000 * NANOTIME_SECOND;

static const struct fragment_key name_of_one = { .id = 1, .ip_version = 4, .protocol = 17 };

static struct first_fragment first_of_port(uint16_t port)
{
	return (struct first_fragment){ .key = { .low_port = port }, .len = 8 };
}

static int set_up(void **state)
{
	struct fragment_cache *cache = malloc(sizeof(*cache));

	assert_non_null(cache);
	fragment_cache_init(cache);
	*state = cache;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* The port that was remembered, or -1. */
static int found(const struct fragment_cache *cache, const struct fragment_key *name, nanotime now)
{
	const struct first_fragment *first = fragment_cache_find(cache, name, now);

	return first ? first->key.low_port : -1;
}

static void an_empty_cache_finds_nothing(void **state)
{
	assert_int_equal(found(*state, &name_of_one, 0), -1);
}

static void every_part_of_the_name_counts(void **state)
{
	struct first_fragment first = first_of_port(53);
	struct fragment_key others[] = { name_of_one, name_of_one, name_of_one, name_of_one,
					 name_of_one };

	others[0].id = 2;
	others[1].ip_version = 6;
	others[2].protocol = 6;
	others[3].source.bytes[15] = 1;
	others[4].destination.bytes[15] = 1;
	fragment_cache_add(*state, &name_of_one, 0, &first);
	assert_int_equal(found(*state, &name_of_one, 0), 53);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(found(*state, &others[i], 0), -1);
}

/* A file's time may step back, and a wrong stamp far ahead may not stay for ever. */
static void a_first_is_good_for_ten_seconds_either_way(void **state)
{
	const nanotime seen = 100 * NANOTIME_SECOND;
	struct first_fragment first = first_of_port(53);

	fragment_cache_add(*state, &name_of_one, seen, &first);
	assert_int_equal(found(*state, &name_of_one, seen + FRAGMENT_CACHE_LIFE), 53);
	assert_int_equal(found(*state, &name_of_one, seen + FRAGMENT_CACHE_LIFE + 1), -1);
	assert_int_equal(found(*state, &name_of_one, seen - FRAGMENT_CACHE_LIFE), 53);
	assert_int_equal(found(*state, &name_of_one, seen - FRAGMENT_CACHE_LIFE - 1), -1);
	assert_int_equal(found(*state, &name_of_one, 0), -1);
	assert_int_equal(found(*state, &name_of_one, UINT64_MAX), -1);
}

static void an_old_one_does_not_hide_an_older_that_fits(void **state)
{
	struct first_fragment first = first_of_port(1);
	struct first_fragment second = first_of_port(2);

	fragment_cache_add(*state, &name_of_one, 0, &first);
	fragment_cache_add(*state, &name_of_one, NANOTIME_HOUR, &second);
	assert_int_equal(found(*state, &name_of_one, NANOTIME_HOUR), 2);
	assert_int_equal(found(*state, &name_of_one, 0), 1);
}

static void the_newest_of_a_name_counts(void **state)
{
	struct first_fragment first = first_of_port(1);
	struct first_fragment second = first_of_port(2);

	fragment_cache_add(*state, &name_of_one, 5, &first);
	fragment_cache_add(*state, &name_of_one, 5, &second);
	assert_int_equal(found(*state, &name_of_one, 5), 2);
}

static void the_oldest_goes_first(void **state)
{
	struct fragment_key name = name_of_one;

	for (uint32_t i = 0; i < 3 * FRAGMENT_CACHE_ENTRIES; i++) {
		struct first_fragment first = first_of_port((uint16_t)i);

		name.id = i;
		fragment_cache_add(*state, &name, i, &first);
		if (i < FRAGMENT_CACHE_ENTRIES)
			continue;
		name.id = i - FRAGMENT_CACHE_ENTRIES;
		assert_int_equal(found(*state, &name, i), -1);
		name.id++;
		assert_int_equal(found(*state, &name, i), name.id);
	}
}

/* From here on the cache as the decoder uses it. */
static int set_up_decoder(void **state)
{
	struct decoder *decoder;

	assert_int_equal(decoder_new(&decoder), ERR_OK);
	*state = decoder;
	return 0;
}

static int tear_down_decoder(void **state)
{
	decoder_free(*state);
	return 0;
}

static enum decode_result decode(struct decoder *decoder, const struct test_packet *p, nanotime now,
				 struct packet *out)
{
	struct frame frame = { .time = now,
			       .bytes = { .data = p->bytes, .len = p->len },
			       .wire_len = (uint32_t)p->len,
			       .link_type = LINK_ETHERNET };

	return decoder_decode(decoder, &frame, 1, out);
}

static const struct test_ipv4 sent_v4 = { .source = "192.168.1.9",
					  .destination = "198.51.100.2",
					  .protocol = IP_TCP };
static const struct test_tcp sent_tcp = { .source_port = 50000, .destination_port = 443 };

/* A piece of one UDP packet of id `id`, from `offset` on. */
static void make_piece(struct test_packet *p, uint16_t id, uint16_t offset, bool more, size_t len)
{
	struct test_ipv4 ip = sent_v4;

	ip.protocol = IP_UDP;
	ip.id = id;
	ip.fragment = offset / 8 | (more ? MORE : 0);
	test_packet_payload(p, NULL, offset > 0 ? len : len - TEST_UDP_LEN);
	if (offset == 0)
		test_packet_udp(p, 5000, 53);
	test_packet_ipv4(p, &ip);
	test_packet_ethernet(p, IPV4);
}

static void later_fragments_have_the_first_ones_flow(void **state)
{
	struct test_packet p;
	struct packet first;
	struct packet rest;

	make_piece(&p, 1, 48, false, 30);
	assert_int_equal(decode(*state, &p, start, &rest), DECODE_FRAGMENT_ORPHAN);

	make_piece(&p, 1, 0, true, 48);
	assert_int_equal(decode(*state, &p, start, &first), DECODE_OK);
	assert_false(first.is_fragment_rest);
	assert_int_equal(first.payload_len, 40);

	make_piece(&p, 1, 48, false, 30);
	assert_int_equal(decode(*state, &p, start + NANOTIME_SECOND, &rest), DECODE_OK);
	assert_true(rest.is_fragment_rest);
	assert_true(flow_key_equal(&rest.key, &first.key));
	assert_int_equal(rest.source_is_low, first.source_is_low);
	assert_int_equal(rest.payload_len, 30);
	assert_int_equal(rest.payload.len, 30);
	assert_int_equal(rest.ip_len, TEST_IPV4_LEN + 30);

	assert_int_equal(decode(*state, &p, start + 11 * NANOTIME_SECOND, &rest),
			 DECODE_FRAGMENT_ORPHAN);
	make_piece(&p, 2, 48, false, 30);
	assert_int_equal(decode(*state, &p, start, &rest), DECODE_FRAGMENT_ORPHAN);
}

static void overlaps_and_tiny_first_fragments_are_refused(void **state)
{
	struct test_packet p;
	struct packet out;
	struct test_ipv4 tiny = sent_v4;

	make_piece(&p, 1, 0, true, 48);
	assert_int_equal(decode(*state, &p, start, &out), DECODE_OK);
	make_piece(&p, 1, 40, false, 30);
	assert_int_equal(decode(*state, &p, start, &out), DECODE_FRAGMENT_BAD);

	tiny.fragment = MORE;
	test_packet_payload(&p, NULL, 16);
	test_packet_ipv4(&p, &tiny);
	test_packet_ethernet(&p, IPV4);
	assert_int_equal(decode(*state, &p, start, &out), DECODE_FRAGMENT_BAD);
}

static void v6_fragments(void **state)
{
	static const struct test_ipv6 ip = { .source = "2001:db8::9",
					     .destination = "2001:db8::53",
					     .next = FRAGMENT_HEADER };
	struct test_packet p;
	struct packet first;
	struct packet rest;

	test_packet_payload(&p, NULL, 40);
	test_packet_udp(&p, 5000, 53);
	test_packet_ipv6_extension(&p, IP_UDP, 0); /* is cut up along: 56 bytes in all */
	test_packet_ipv6_fragment(&p, 60, 0, 1, 0xcafe);
	test_packet_ipv6(&p, &ip);
	test_packet_ethernet(&p, IPV6);
	assert_int_equal(decode(*state, &p, start, &first), DECODE_OK);
	assert_int_equal(packet_source_port(&first), 5000);
	assert_int_equal(packet_destination_port(&first), 53);

	test_packet_payload(&p, NULL, 10);
	test_packet_ipv6_fragment(&p, 60, 56, 0, 0xcafe);
	test_packet_ipv6(&p, &ip);
	test_packet_ethernet(&p, IPV6);
	assert_int_equal(decode(*state, &p, start, &rest), DECODE_OK);
	assert_true(rest.is_fragment_rest);
	assert_true(flow_key_equal(&rest.key, &first.key));
}

static void a_fragmented_tunnel_belongs_to_the_flow_inside(void **state)
{
	static const struct test_ipv6 tunnel = { .source = "2001:db8::1",
						 .destination = "2001:db8::2",
						 .next = FRAGMENT_HEADER };
	struct test_packet p;
	struct packet first;
	struct packet rest;

	test_packet_payload(&p, NULL, PAYLOAD_LEN);
	test_packet_tcp(&p, &sent_tcp);
	test_packet_ipv4(&p, &sent_v4);
	size_t inner_len = p.len;

	p.len -= 16; /* which the second piece has; the inner header counts them */
	test_packet_ipv6_fragment(&p, IP_IPIP, 0, 1, 3);
	test_packet_ipv6(&p, &tunnel);
	test_packet_ethernet(&p, IPV6);
	assert_int_equal(decode(*state, &p, start, &first), DECODE_OK);
	assert_int_equal(packet_source_port(&first), 50000);
	assert_int_equal(first.key.ip_version, 4);
	assert_int_equal(first.ip_len, inner_len);
	assert_int_equal(first.payload.len, PAYLOAD_LEN - 16);

	test_packet_payload(&p, NULL, 16);
	test_packet_ipv6_fragment(&p, IP_IPIP, (uint16_t)(inner_len - 16), 0, 3);
	test_packet_ipv6(&p, &tunnel);
	test_packet_ethernet(&p, IPV6);
	assert_int_equal(decode(*state, &p, start, &rest), DECODE_OK);
	assert_true(rest.is_fragment_rest);
	assert_true(flow_key_equal(&rest.key, &first.key));
}

#define WITH_DECODER(test) cmocka_unit_test_setup_teardown(test, set_up_decoder, tear_down_decoder)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_empty_cache_finds_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_part_of_the_name_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_first_is_good_for_ten_seconds_either_way, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(an_old_one_does_not_hide_an_older_that_fits, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_newest_of_a_name_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_oldest_goes_first, set_up, tear_down),
		WITH_DECODER(later_fragments_have_the_first_ones_flow),
		WITH_DECODER(overlaps_and_tiny_first_fragments_are_refused),
		WITH_DECODER(v6_fragments),
		WITH_DECODER(a_fragmented_tunnel_belongs_to_the_flow_inside),
	};

	return cmocka_run_group_tests_name("fragment_cache", tests, NULL, NULL);
}
