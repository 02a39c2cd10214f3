#include "sensor/fact/fact_sound.h"

#include "tests/support/cmocka.h"

#include <stddef.h>
#include <string.h>

static struct fact fact;
static struct fact read;

static bool comes_back(void)
{
	return fact_from_bytes((struct span){ (const uint8_t *)&fact, fact_size(&fact) }, &read);
}

static void a_message(void)
{
	fact_clear(&fact, FACT_MESSAGE);
	attributes_clear(&fact.message.said);
	attributes_add_text(&fact.message.said, ATTRIBUTE_HOST, "www.example.com");
	attributes_add_number(&fact.message.said, ATTRIBUTE_STATUS, 200);
}

static void what_is_sound_comes_back(void **state)
{
	(void)state;
	for (int kind = 0; kind < FACT_KINDS; kind++) {
		fact_clear(&fact, (enum fact_kind)kind);
		assert_int_equal(comes_back(), kind != FACT_EXCERPT);
		if (kind == FACT_EXCERPT)
			continue;
		assert_memory_equal(&read, &fact, fact_size(&fact));
	}
	a_message();
	assert_true(comes_back());
	assert_memory_equal(&read, &fact, fact_size(&fact));
}

static void any_other_length_is_refused(void **state)
{
	struct span bytes = { (const uint8_t *)&fact, 0 };

	(void)state;
	a_message();
	for (bytes.len = 0; bytes.len < fact_size(&fact); bytes.len++)
		assert_false(fact_from_bytes(bytes, &read));
	bytes.len = fact_size(&fact) + 1;
	assert_false(fact_from_bytes(bytes, &read));
}

static void enums_flags_and_texts_are_looked_at(void **state)
{
	uint8_t *first;

	(void)state;
	fact_clear(&fact, FACT_SIGHTING);
	fact.kind = FACT_KINDS;
	assert_false(fact_from_bytes((struct span){ (const uint8_t *)&fact, sizeof(fact) }, &read));
	fact_clear(&fact, FACT_DNS);
	memset(&fact.dns.is_response, 2, 1);
	assert_false(comes_back());
	fact_clear(&fact, FACT_DNS);
	fact.dns.address_count = FACT_ANSWERS_MAX + 1;
	assert_false(comes_back());
	fact_clear(&fact, FACT_FLOW_ENDED);
	memset(fact.ended.names.host, 'a', sizeof(fact.ended.names.host));
	assert_false(comes_back());
	fact_clear(&fact, FACT_FLOW_ENDED);
	fact.ended.shape.packet_count = FACT_SHAPE_PACKETS + 1;
	assert_false(comes_back());
	a_message();
	fact.message.message = MESSAGES;
	assert_false(comes_back());
	a_message();
	first = fact.message.said.bytes; /* which attribute the first entry is */
	*first = (uint8_t)ATTRIBUTES;
	assert_false(comes_back());
	a_message();
	first[4] = '\x1b';
	assert_false(comes_back());
}

static void what_stands_behind_texts_goes(void **state)
{
	(void)state;
	fact_clear(&fact, FACT_DNS);
	memcpy(fact.dns.name, "a\0secret", 9);
	fact_tidy(&fact);
	assert_memory_equal(fact.dns.name, "a\0\0\0\0\0\0\0", 9);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sound_comes_back),
		cmocka_unit_test(any_other_length_is_refused),
		cmocka_unit_test(enums_flags_and_texts_are_looked_at),
		cmocka_unit_test(what_stands_behind_texts_goes),
	};

	return cmocka_run_group_tests_name("fact_sound", tests, NULL, NULL);
}
