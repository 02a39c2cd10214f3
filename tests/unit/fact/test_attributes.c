#include "sensor/fact/attributes.h"
#include "sensor/fact/message.h"

#include "tests/support/cmocka.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GUARD = 64,
	GUARD_BYTE = 0xa5,
	ENTRY = 4, /* what stands before each value */
};

/* A list with something behind it that must stay as it is. */
struct guarded {
	struct attributes list;
	uint8_t guard[GUARD];
};

static struct guarded *guarded_new(void)
{
	struct guarded *g = malloc(sizeof(*g));

	assert_non_null(g);
	memset(g, GUARD_BYTE, sizeof(*g));
	attributes_clear(&g->list);
	return g;
}

static void guarded_free(struct guarded *g)
{
	for (size_t i = 0; i < GUARD; i++)
		assert_int_equal(g->guard[i], GUARD_BYTE);
	assert_in_range(g->list.used, 0, ATTRIBUTES_BYTES);
	free(g);
}

static struct span wire(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Texts until `left` bytes are free. */
static void fill_up_to(struct attributes *list, size_t left)
{
	char text[ATTRIBUTE_TEXT_MAX];

	while (sizeof(list->bytes) - list->used > left) {
		size_t len = sizeof(list->bytes) - list->used - left;
		size_t most = len > 2000 ? 1000 : len;

		memset(text, 'x', sizeof(text));
		text[most - ENTRY - 1] = '\0';
		attributes_add_text(list, ATTRIBUTE_NAMES, text);
	}
	assert_int_equal(sizeof(list->bytes) - list->used, left);
	assert_false(list->is_cut);
}

static size_t count_of(const struct attributes *list)
{
	struct attribute_value value;
	size_t at = 0;
	size_t count = 0;

	while (attributes_next(list, &at, &value))
		count++;
	assert_int_equal(at, list->used);
	return count;
}

static void values_come_in_the_order_of_adding(void **state)
{
	static const uint8_t loopback[] = { 127, 0, 0, 1 };
	const struct address address = address_v4(loopback);
	const struct mac mac = { { 2, 0, 0, 0, 0, 7 } };
	struct guarded *g = guarded_new();
	struct attribute_value value;
	struct address found;
	struct mac found_mac;
	size_t at = 0;

	(void)state;
	assert_false(attributes_address(&g->list, ATTRIBUTE_ADDRESS, &found));
	assert_false(attributes_mac(&g->list, ATTRIBUTE_MAC, &found_mac));
	attributes_add_text(&g->list, ATTRIBUTE_URI, "/");
	attributes_add_number(&g->list, ATTRIBUTE_STATUS, UINT64_MAX);
	attributes_add_flag(&g->list, ATTRIBUTE_PASSWORD);
	attributes_add_address(&g->list, ATTRIBUTE_ADDRESS, &address);
	attributes_add_mac(&g->list, ATTRIBUTE_MAC, &mac);
	attributes_add_text(&g->list, ATTRIBUTE_URI, "/second");

	assert_true(attributes_next(&g->list, &at, &value));
	assert_int_equal(value.attribute, ATTRIBUTE_URI);
	assert_string_equal(value.text, "/");
	assert_true(attributes_next(&g->list, &at, &value));
	assert_int_equal(value.attribute, ATTRIBUTE_STATUS);
	assert_true(value.number == UINT64_MAX);
	assert_true(attributes_next(&g->list, &at, &value));
	assert_int_equal(value.attribute, ATTRIBUTE_PASSWORD);
	assert_true(attributes_next(&g->list, &at, &value));
	assert_int_equal(value.attribute, ATTRIBUTE_ADDRESS);
	assert_true(address_equal(&value.address, &address));
	assert_true(attributes_next(&g->list, &at, &value));
	assert_int_equal(value.attribute, ATTRIBUTE_MAC);
	assert_memory_equal(&value.mac, &mac, sizeof(mac));
	assert_true(attributes_next(&g->list, &at, &value));
	assert_string_equal(value.text, "/second");
	assert_false(attributes_next(&g->list, &at, &value));

	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_URI), "/");
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_HOST), "");
	assert_true(attributes_number(&g->list, ATTRIBUTE_STATUS, 7) == UINT64_MAX);
	assert_int_equal(attributes_number(&g->list, ATTRIBUTE_CONTENT_LENGTH, 7), 7);
	assert_true(attributes_address(&g->list, ATTRIBUTE_ADDRESS, &found));
	assert_true(address_equal(&found, &address));
	assert_true(attributes_mac(&g->list, ATTRIBUTE_MAC, &found_mac));
	assert_memory_equal(&found_mac, &mac, sizeof(mac));
	assert_true(attributes_has(&g->list, ATTRIBUTE_PASSWORD));
	assert_false(attributes_has(&g->list, ATTRIBUTE_WINRM));
	assert_int_equal(attributes_size(&g->list),
			 offsetof(struct attributes, bytes) + g->list.used);
	guarded_free(g);
}

static void nothing_is_added_for_nothing(void **state)
{
	struct guarded *g = guarded_new();

	(void)state;
	attributes_add_wire(&g->list, ATTRIBUTE_URI, (struct span){ 0 });
	attributes_add_host(&g->list, ATTRIBUTE_HOST, (struct span){ 0 });
	attributes_add_hex(&g->list, ATTRIBUTE_SERIAL, (struct span){ 0 });
	attributes_add_text(&g->list, ATTRIBUTE_URI, "");
	assert_int_equal(g->list.used, 0);
	assert_false(g->list.is_cut);
	fill_up_to(&g->list, 0);
	attributes_add_wire(&g->list, ATTRIBUTE_URI, (struct span){ 0 });
	attributes_add_host(&g->list, ATTRIBUTE_HOST, (struct span){ 0 });
	attributes_add_hex(&g->list, ATTRIBUTE_SERIAL, (struct span){ 0 });
	attributes_add_text(&g->list, ATTRIBUTE_URI, "");
	assert_false(g->list.is_cut);
	guarded_free(g);
}

static void text_is_cleaned(void **state)
{
	static const uint8_t raw[] = { 0xc3, 0xa9, 0xff, 'A' };
	struct guarded *g = guarded_new();

	(void)state;
	attributes_add_wire(&g->list, ATTRIBUTE_URI,
			    wire("a\x1b[2J\xe2\x80\xae"
				 "b"));
	attributes_add_wire(&g->list, ATTRIBUTE_USER, (struct span){ raw, sizeof(raw) });
	attributes_add_host(&g->list, ATTRIBUTE_HOST, wire("WWW.Example.COM"));
	attributes_add_host(&g->list, ATTRIBUTE_SNI, (struct span){ raw, sizeof(raw) });
	attributes_add_hex(&g->list, ATTRIBUTE_SERIAL, (struct span){ raw, sizeof(raw) });
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_URI), "a\xef\xbf\xbd[2J\xef\xbf\xbd"
								      "b");
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_USER), "\xc3\xa9\xef\xbf\xbd"
								       "A");
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_HOST), "www.example.com");
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_SNI), "\xc3\xa9\xef\xbf\xbd"
								      "a");
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_SERIAL), "c3a9ff41");
	assert_false(g->list.is_cut);
	guarded_free(g);
}

/* `len` bytes of 'x', of which as many are kept as a text may have. */
static void a_long_text_is_cut(void **state)
{
	static const size_t lengths[] = { ATTRIBUTE_TEXT_MAX - 2, ATTRIBUTE_TEXT_MAX - 1,
					  ATTRIBUTE_TEXT_MAX, 2 * ATTRIBUTE_TEXT_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct guarded *g = guarded_new();
		uint8_t *bytes = malloc(lengths[i]);
		bool fits = lengths[i] < ATTRIBUTE_TEXT_MAX;

		assert_non_null(bytes);
		memset(bytes, 'x', lengths[i]);
		attributes_add_wire(&g->list, ATTRIBUTE_URI, (struct span){ bytes, lengths[i] });
		assert_int_equal(strlen(attributes_text(&g->list, ATTRIBUTE_URI)),
				 fits ? lengths[i] : ATTRIBUTE_TEXT_MAX - 1);
		assert_int_equal(g->list.is_cut, !fits);
		attributes_clear(&g->list);
		attributes_add_hex(&g->list, ATTRIBUTE_SERIAL, (struct span){ bytes, lengths[i] });
		assert_int_equal(strlen(attributes_text(&g->list, ATTRIBUTE_SERIAL)),
				 ATTRIBUTE_TEXT_MAX - 2);
		assert_true(g->list.is_cut);
		free(bytes);
		guarded_free(g);
	}
}

static void text_is_cut_between_characters(void **state)
{
	struct guarded *g = guarded_new();

	(void)state;
	fill_up_to(&g->list, ENTRY + 5); /* for one character of three bytes, and half of another */
	attributes_add_wire(&g->list, ATTRIBUTE_URI, wire("\xe6\x97\xa5\xe6\x9c\xac"));
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_URI), "\xe6\x97\xa5");
	assert_true(g->list.is_cut);
	guarded_free(g);
}

/* Each kind of value, when so few bytes are left that it fits just so, or just not. */
static void a_full_list_takes_no_more(void **state)
{
	static const uint8_t bytes[] = { 127, 0, 0, 1 };
	const struct address address = address_v4(bytes);

	(void)state;
	for (size_t left = 0; left < GUARD; left++) {
		for (unsigned kind = 0; kind < 6; kind++) {
			const size_t needs[] = {
				ENTRY,
				ENTRY + sizeof(uint64_t),
				ENTRY + sizeof(struct address),
				ENTRY + sizeof("ab"),
				ENTRY + sizeof("ab"),
				ENTRY + sizeof("7f00"),
			};
			struct guarded *g = guarded_new();
			size_t before;

			fill_up_to(&g->list, left);
			before = count_of(&g->list);
			if (kind == 0)
				attributes_add_flag(&g->list, ATTRIBUTE_PASSWORD);
			else if (kind == 1)
				attributes_add_number(&g->list, ATTRIBUTE_STATUS, 1);
			else if (kind == 2)
				attributes_add_address(&g->list, ATTRIBUTE_ADDRESS, &address);
			else if (kind == 3)
				attributes_add_text(&g->list, ATTRIBUTE_URI, "ab");
			else if (kind == 4)
				attributes_add_host(&g->list, ATTRIBUTE_HOST, wire("AB"));
			else
				attributes_add_hex(&g->list, ATTRIBUTE_SERIAL,
						   (struct span){ bytes, 2 });
			assert_int_equal(g->list.is_cut, left < needs[kind]);
			if (left >= needs[kind])
				assert_int_equal(count_of(&g->list), before + 1);
			else
				assert_in_range(count_of(&g->list), before, before + 1);
			guarded_free(g);
		}
	}
}

/* What was cut to nothing is not there: "" would be a value that nobody sent. */
static void a_text_of_which_nothing_fits_is_not_there(void **state)
{
	struct guarded *g = guarded_new();

	(void)state;
	fill_up_to(&g->list, ENTRY + 3);
	attributes_add_wire(&g->list, ATTRIBUTE_URI, wire("\xe6\x97\xa5"));
	assert_false(attributes_has(&g->list, ATTRIBUTE_URI));
	assert_true(g->list.is_cut);
	attributes_add_wire(&g->list, ATTRIBUTE_URI, wire("ab"));
	assert_string_equal(attributes_text(&g->list, ATTRIBUTE_URI), "ab");
	guarded_free(g);

	g = guarded_new();
	fill_up_to(&g->list, ENTRY + 2);
	attributes_add_hex(&g->list, ATTRIBUTE_SERIAL, wire("\x01"));
	assert_false(attributes_has(&g->list, ATTRIBUTE_SERIAL));
	assert_true(g->list.is_cut);
	guarded_free(g);
}

/* A list that was cut off by who copied it is read as far as it goes. */
static void a_damaged_list_ends_early(void **state)
{
	struct guarded *g = guarded_new();

	(void)state;
	attributes_add_number(&g->list, ATTRIBUTE_STATUS, 200);
	attributes_add_number(&g->list, ATTRIBUTE_STATUS, 404);
	for (uint16_t used = g->list.used; used > 0; used--) {
		struct attribute_value value;
		size_t at = 0;
		size_t whole = 0;

		g->list.used = (uint16_t)(used - 1);
		while (attributes_next(&g->list, &at, &value))
			whole++;
		assert_int_equal(whole, (used - 1U) / (ENTRY + sizeof(uint64_t)));
	}
	guarded_free(g);
}

/* The members that every line has, and which of them a message's own must not repeat. */
static bool is_taken(const char *name)
{
	static const char *const taken[] = { "fact",         "n",           "time",
					     "flow",         "client",      "server",
					     "protocol",     "client_port", "server_port",
					     "community_id", "from",        "cut" };

	for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
		if (strcmp(name, taken[i]) == 0)
			return true;
	}
	return false;
}

static void assert_is_word(const char *name, const char *also)
{
	assert_non_null(name);
	assert_true(islower((unsigned char)name[0]));
	for (const char *c = name; *c != '\0'; c++)
		assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_' ||
			    strchr(also, *c) != NULL);
}

static void every_attribute_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		const char *name = attribute_name((enum attribute)i);

		assert_is_word(name, "");
		assert_false(is_taken(name));
		assert_in_range(attribute_kind((enum attribute)i), ATTRIBUTE_IS_TEXT,
				ATTRIBUTE_IS_MAC);
		if (attribute_kind((enum attribute)i) == ATTRIBUTE_IS_FLAG)
			assert_false(attribute_is_list((enum attribute)i));
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(name, attribute_name((enum attribute)k));
	}
}

static void every_message_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MESSAGES; i++) {
		const char *name = message_name((enum message)i);

		assert_is_word(name, ".");
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(name, message_name((enum message)k));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_in_the_order_of_adding),
		cmocka_unit_test(nothing_is_added_for_nothing),
		cmocka_unit_test(text_is_cleaned),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(a_full_list_takes_no_more),
		cmocka_unit_test(a_text_of_which_nothing_fits_is_not_there),
		cmocka_unit_test(a_damaged_list_ends_early),
		cmocka_unit_test(every_attribute_has_a_name_of_its_own),
		cmocka_unit_test(every_message_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests_name("attributes", tests, NULL, NULL);
}
