#include "sensor/base/utf8.h"

#include "tests/support/cmocka.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CODES = 0x110000,
	SURROGATES = 0xd800,
	BEHIND_SURROGATES = 0xe000,
	CONTINUATION_BITS = 6,
};

/* The generalised form of `length` bytes, for codes that it should not be used for too. */
static void encode(uint32_t code, size_t length, uint8_t *bytes)
{
	static const uint8_t first[] = { 0, 0, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc };

	for (size_t i = length - 1; i > 0; i--) {
		bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
		code >>= CONTINUATION_BITS;
	}
	bytes[0] = (uint8_t)(first[length] | code);
}

static size_t length_of(uint32_t code)
{
	if (code < 0x80)
		return 1;
	if (code < 0x800)
		return 2;
	return code < 0x10000 ? 3 : UTF8_MAX;
}

/* A block of exactly that size, so that ASan sees an over-read. */
static size_t measure(const uint8_t *bytes, size_t len)
{
	uint8_t *block = malloc(len > 0 ? len : 1);
	size_t length;

	assert_non_null(block);
	memcpy(block, bytes, len);
	length = utf8_length((struct span){ block, len });
	free(block);
	return length;
}

static void every_code_has_one_form(void **state)
{
	uint8_t bytes[UTF8_MAX + 1] = { 0 };

	(void)state;
	for (uint32_t code = 0; code < CODES; code++) {
		bool is_surrogate = code >= SURROGATES && code < BEHIND_SURROGATES;
		size_t length = length_of(code);
		struct span all = { bytes, length };

		encode(code, length, bytes);
		if (utf8_length(all) != (is_surrogate ? 0 : length))
			fail_msg("U+%04X", code);
		bytes[length] = 0x80; /* what follows does not belong to it */
		all.len++;
		if (utf8_length(all) != (is_surrogate ? 0 : length))
			fail_msg("U+%04X and a byte", code);
	}
}

static void a_form_that_is_too_long_is_none(void **state)
{
	uint8_t bytes[8];

	(void)state;
	for (size_t length = 2; length <= 6; length++) {
		uint32_t first_of_own = length == 2 ? 0x80 : UINT32_C(1) << (5 * length - 4);

		if (length == UTF8_MAX)
			first_of_own = 0x10000;
		if (length > UTF8_MAX)
			first_of_own = CODES;
		for (uint32_t code = 0; code < first_of_own; code++) {
			encode(code, length, bytes);
			if (utf8_length((struct span){ bytes, length }) != 0)
				fail_msg("U+%04X in %zu bytes", code, length);
		}
	}
}

static void nothing_is_beyond_the_last_code(void **state)
{
	uint8_t bytes[UTF8_MAX] = { 0 };

	(void)state;
	for (uint32_t code = CODES; code < 0x200000; code++) {
		encode(code, UTF8_MAX, bytes);
		if (utf8_length((struct span){ bytes, UTF8_MAX }) != 0)
			fail_msg("%x", code);
	}
}

static void a_cut_character_is_none(void **state)
{
	static const uint32_t codes[] = { 0x80,   0x7ff,  0x800,   0xd7ff,
					  0xe000, 0xffff, 0x10000, 0x10ffff };
	uint8_t bytes[UTF8_MAX] = { 0 };

	(void)state;
	assert_int_equal(measure(bytes, 0), 0);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		size_t length = length_of(codes[i]);

		encode(codes[i], length, bytes);
		assert_int_equal(measure(bytes, length), length);
		for (size_t cut = 1; cut < length; cut++)
			assert_int_equal(measure(bytes, cut), 0);
	}
}

/* Each byte behind the first in turn is none that may follow. */
static void a_character_goes_on_with_its_own_bytes(void **state)
{
	static const uint32_t codes[] = { 0x80,   0x800,   0x1000,  0xd000,
					  0xe000, 0x10000, 0x40000, 0x100000 };
	uint8_t bytes[UTF8_MAX] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		size_t length = length_of(codes[i]);

		for (size_t at = 1; at < length; at++) {
			for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
				encode(codes[i], length, bytes);
				bytes[at] = (uint8_t)byte;
				if (byte < 0x80 || byte > 0xbf)
					assert_int_equal(measure(bytes, length), 0);
			}
		}
	}
}

static void no_character_begins_with_these(void **state)
{
	(void)state;
	for (unsigned byte = 0x80; byte <= UINT8_MAX; byte++) {
		const uint8_t bytes[] = { (uint8_t)byte, 0x80, 0x80, 0x80, 0x80, 0x80 };

		if (byte < 0xc2 || byte > 0xf4)
			assert_int_equal(measure(bytes, sizeof(bytes)), 0);
	}
}

struct hidden_range {
	uint32_t first, last;
	const char *what;
};

static const struct hidden_range hidden[] = {
	{ 0x00, 0x1f, "control" },
	{ 0x7f, 0x9f, "control" },
	{ 0xad, 0xad, "soft hyphen" },
	{ 0x61c, 0x61c, "Arabic letter mark" },
	{ 0x180e, 0x180e, "Mongolian vowel separator" },
	{ 0x200b, 0x200f, "no width, marks of direction" },
	{ 0x2028, 0x202e, "ends of line, embeddings, overrides" },
	{ 0x2060, 0x206f, "no width, isolates" },
	{ 0xfdd0, 0xfdef, "no character" },
	{ 0xfeff, 0xfeff, "byte order mark" },
	{ 0xfff0, 0xfffb, "interlinear marks" },
	{ 0xe0000, 0xe0fff, "tags, further variation selectors" },
	{ 0xf0000, 0x10ffff, "private use" },
};

static bool is_hidden(uint32_t code)
{
	if ((code & 0xfffe) == 0xfffe)
		return true; /* the last two of each plane are no characters */
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	}
	return false;
}

static void what_is_hidden_ends_where_it_should(void **state)
{
	uint8_t bytes[UTF8_MAX] = { 0 };

	(void)state;
	for (uint32_t code = 0; code < CODES; code++) {
		size_t length = length_of(code);

		if (code == SURROGATES)
			code = BEHIND_SURROGATES;
		encode(code, length, bytes);
		if (utf8_is_shown((struct span){ bytes, length }) == is_hidden(code))
			fail_msg("U+%04X", code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_one_form),
		cmocka_unit_test(a_form_that_is_too_long_is_none),
		cmocka_unit_test(nothing_is_beyond_the_last_code),
		cmocka_unit_test(a_cut_character_is_none),
		cmocka_unit_test(a_character_goes_on_with_its_own_bytes),
		cmocka_unit_test(no_character_begins_with_these),
		cmocka_unit_test(what_is_hidden_ends_where_it_should),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
