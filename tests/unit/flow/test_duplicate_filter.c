#include "sensor/flow/duplicate_filter.h"

#include "tests/support/cmocka.h"

#include <string.h>

#define START (UINT64_C(1700000000) * NANOTIME_SECOND)
#define HASH  UINT64_C(0x0123456789abcdef)
#define ID(n) ((uint64_t)(n) << IDENTITY_ID_SHIFT)

enum { MANY = 200000 };

static int new_filter(void **state)
{
	struct duplicate_filter *filter = NULL;

	if (duplicate_filter_new(&filter) != ERR_OK)
		return -1;
	*state = filter;
	return 0;
}

static int free_filter(void **state)
{
	duplicate_filter_free(*state);
	return 0;
}

static struct packet packet(uint8_t protocol, uint64_t id)
{
	return (struct packet){ .time = START,
				.key = { .protocol = protocol, .ip_version = 4 },
				.identity = ID(id) | 0xbeef0054,
				.source_is_low = true,
				.tcp_sequence = 1000,
				.tcp_acknowledged = 2000,
				.tcp_flags = TCP_ACK };
}

static void copy_is_seen_within_the_window_only(void **state)
{
	struct packet p = packet(IP_TCP, 7);

	assert_false(duplicate_filter_seen(*state, HASH, &p));
	assert_true(duplicate_filter_seen(*state, HASH, &p));
	p.time += DUPLICATE_WINDOW;
	assert_true(duplicate_filter_seen(*state, HASH, &p));
	p.time += 1;
	assert_false(duplicate_filter_seen(*state, HASH, &p));
	assert_true(duplicate_filter_seen(*state, HASH, &p));
	p.time -= NANOTIME_DAY;
	assert_false(duplicate_filter_seen(*state, HASH, &p));
}

static void every_part_tells_packets_apart(void **state)
{
	struct packet p = packet(IP_TCP, 7);

	assert_false(duplicate_filter_seen(*state, HASH, &p));
	assert_false(duplicate_filter_seen(*state, HASH + 1, &p));
	p.source_is_low = false;
	assert_false(duplicate_filter_seen(*state, HASH, &p));
	for (unsigned bit = 0; bit < 64; bit++) {
		p = packet(IP_TCP, 7);
		p.identity ^= UINT64_C(1) << bit;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		p = packet(IP_TCP, 7);
		p.tcp_sequence ^= UINT32_C(1) << bit;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
		p = packet(IP_TCP, 7);
		p.tcp_acknowledged ^= UINT32_C(1) << bit;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
	}
	for (unsigned bit = 0; bit < 8; bit++) {
		p = packet(IP_TCP, 7);
		p.tcp_flags ^= (uint8_t)(1U << bit);
		assert_false(duplicate_filter_seen(*state, HASH, &p));
	}
}

static void datagrams_need_an_id(void **state)
{
	struct packet named = packet(IP_UDP, 7);
	struct packet nameless = packet(IP_UDP, 0);
	struct packet fragment = packet(IP_UDP, 9);
	struct packet segment = packet(IP_TCP, 0);

	fragment.is_fragment_rest = true;
	for (int copy = 0; copy < 3; copy++) {
		assert_int_equal(duplicate_filter_seen(*state, HASH, &named), copy > 0);
		assert_false(duplicate_filter_seen(*state, HASH, &nameless));
		assert_int_equal(duplicate_filter_seen(*state, HASH, &fragment), copy > 0);
		assert_int_equal(duplicate_filter_seen(*state, HASH, &segment), copy > 0);
	}
}

/* Its checksum and id are the same, as a sender can make them. */
static void datagrams_of_other_words_are_others(void **state)
{
	uint8_t words[3 * DUPLICATE_PAYLOAD_MAX / 4];

	for (size_t len = 1; len <= sizeof(words); len += 7) {
		struct packet p = packet(IP_UDP, 7);

		p.identity ^= (uint64_t)len << 16;
		memset(words, 0, sizeof(words));
		p.payload = (struct span){ .data = words, .len = len };
		assert_false(duplicate_filter_seen(*state, HASH, &p));
		words[len - 1] ^= 0x80;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
		assert_true(duplicate_filter_seen(*state, HASH, &p));
		words[0] ^= 0x80;
		assert_int_equal(duplicate_filter_seen(*state, HASH, &p), len == 1);
	}
}

/* What a sender may choose is all the same or zero; only one number moves on. */
static void packets_of_one_flow_are_not_taken_for_each_other(void **state)
{
	struct packet p = { .time = START, .key = { .protocol = IP_TCP } };

	for (uint32_t i = 0; i < MANY; i++) {
		p.tcp_sequence = i;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
	}
	p.tcp_sequence = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		p.identity = (uint64_t)(i + 1) << 16;
		assert_false(duplicate_filter_seen(*state, HASH, &p));
	}
}

#define FILTER_TEST(f) cmocka_unit_test_setup_teardown(f, new_filter, free_filter)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILTER_TEST(copy_is_seen_within_the_window_only),
		FILTER_TEST(every_part_tells_packets_apart),
		FILTER_TEST(datagrams_need_an_id),
		FILTER_TEST(datagrams_of_other_words_are_others),
		FILTER_TEST(packets_of_one_flow_are_not_taken_for_each_other),
	};

	return cmocka_run_group_tests_name("duplicate_filter", tests, NULL, NULL);
}
