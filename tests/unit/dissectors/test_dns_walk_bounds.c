/* What bounds a walk over a message, and what it keeps of much. */
#include "dissectors/dns_records.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	SMALL_LEN = 512,
	LARGE_MAX = 65535,
	ANSWER_COUNT_AT = 6,
	LONG_NAME_OCTETS = 255,
};

#define BYTES(s) (s), sizeof(s) - 1

#define HEADER "\x12\x34\x81\x80\0\1\0\1\0\0\0\0"
#define NAME   "\xc0\014" /* of the question */
#define IN     "\0\001"
#define TTL    "\0\0\0\074"

struct large {
	uint8_t bytes[LARGE_MAX];
	size_t len;
};

static void add(struct large *m, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(m->bytes) - m->len);
	memcpy(&m->bytes[m->len], bytes, len);
	m->len += len;
}

/* A question for a name of 255 octets, then as often as `size` has room `record`. */
static uint16_t fill(struct large *m, size_t size, const void *record, size_t len)
{
	uint16_t count = 0;

	m->len = 0;
	add(m, BYTES(HEADER));
	for (int i = 0; i < 127; i++)
		add(m, "\001a", 2);
	add(m, BYTES("\0"
		     "\0\001" IN));
	while (size - m->len >= len) {
		add(m, record, len);
		count++;
	}
	m->bytes[ANSWER_COUNT_AT] = (uint8_t)(count >> 8);
	m->bytes[ANSWER_COUNT_AT + 1] = (uint8_t)count;
	return count;
}

/* How many records come, and the octets of their names. */
static size_t walk_large(const struct large *m, struct dns_walk *walk, size_t *octets)
{
	struct dns_record record;
	size_t records = 0;

	*octets = 0;
	assert_int_equal(dns_walk_start(cursor_over(m->bytes, m->len), walk), DISSECT_OK);
	while (dns_walk_next(walk, &record)) {
		*octets += record.owner.octets + record.target.octets;
		records += record.section != DNS_SECTION_QUESTION;
	}
	return records;
}

static void a_small_message_may_repeat_the_longest_name(void **state)
{
	static struct large m;
	uint16_t count = fill(&m, SMALL_LEN, BYTES(NAME "\0\001" IN TTL "\0\4\xc0\0\2\1"));
	struct dns_walk walk;
	size_t octets;

	(void)state;
	assert_int_equal(walk_large(&m, &walk, &octets), count);
	assert_int_equal(walk.damage, DNS_WHOLE);
	assert_int_equal(octets, (count + 1U) * LONG_NAME_OCTETS);
}

static void names_that_only_repeat_end_the_walk(void **state)
{
	static struct large m;
	uint16_t count = fill(&m, sizeof(m.bytes), BYTES(NAME "\0\002" IN TTL "\0\2" NAME));
	struct dns_walk walk;
	size_t octets;

	(void)state;
	assert_true(walk_large(&m, &walk, &octets) < count);
	assert_int_equal(walk.damage, DNS_TOO_MANY_NAMES);
	assert_true(octets <= 8192 + 5 * m.len + 2 * LONG_NAME_OCTETS);
}

static void more_hints_than_are_kept(void **state)
{
	static const char head[] = HEADER "\0\0\101" IN NAME "\0\101" IN TTL "\0\xe7\0\1\0";
	struct large *m = calloc(1, sizeof(*m));
	struct dns_walk walk;
	struct dns_record record;

	(void)state;
	assert_non_null(m);
	add(m, BYTES(head));
	add(m, BYTES("\0\4\0\x2c"));
	for (uint8_t i = 0; i < 11; i++)
		add(m, (uint8_t[]){ 192, 0, 2, i }, 4);
	add(m, BYTES("\0\6\0\xb0"));
	for (uint8_t i = 0; i < 11; i++)
		add(m, (uint8_t[16]){ [15] = i }, 16);
	assert_int_equal(dns_walk_start(cursor_over(m->bytes, m->len), &walk), DISSECT_OK);
	assert_true(dns_walk_next(&walk, &record));
	assert_true(dns_walk_next(&walk, &record));
	assert_int_equal(record.binding.ipv4_count, DNS_HINTS_MAX);
	assert_int_equal(record.binding.ipv6_count, DNS_HINTS_MAX);
	assert_int_equal(record.binding.ipv4_hint[7][3], 7);
	assert_int_equal(record.binding.ipv6_hint[7][15], 7);
	assert_false(dns_walk_next(&walk, &record));
	assert_int_equal(walk.damage, DNS_WHOLE);
	free(m);
}

/* As dnscat2 sends them: five labels of sixty octets. */
static void a_name_that_is_too_long_hides_nothing(void **state)
{
	static struct large m;
	struct dns_walk walk;
	struct dns_record record;

	(void)state;
	m.len = 0;
	add(&m, BYTES(HEADER));
	for (int i = 0; i < 5; i++) {
		add(&m, BYTES("\074"));
		for (int j = 0; j < 60; j++)
			add(&m, "x", 1);
	}
	add(&m, BYTES("\0\0\017" IN NAME "\0\017" IN TTL "\0\6\0\1\2mx\0"));
	assert_int_equal(dns_walk_start(cursor_over(m.bytes, m.len), &walk), DISSECT_OK);
	assert_true(dns_walk_next(&walk, &record));
	assert_int_equal(record.owner.octets, 0);
	assert_int_equal(record.type, DNS_MX);
	assert_true(dns_walk_next(&walk, &record));
	assert_int_equal(record.owner.octets, 0);
	assert_string_equal(record.target.text, "mx");
	assert_false(dns_walk_next(&walk, &record));
	assert_int_equal(walk.damage, DNS_WHOLE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_message_may_repeat_the_longest_name),
		cmocka_unit_test(names_that_only_repeat_end_the_walk),
		cmocka_unit_test(more_hints_than_are_kept),
		cmocka_unit_test(a_name_that_is_too_long_hides_nothing),
	};

	return cmocka_run_group_tests_name("dns_walk_bounds", tests, NULL, NULL);
}
