#include "sensor/base/text.h"

#include "sensor/base/utf8.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define R UTF8_REPLACEMENT

#define BYTES(s)                                     \
	{                                            \
		(const uint8_t *)(s), sizeof(s) - 1, \
	}

enum { LONG = 2000 };

struct add_case {
	const char *name;
	size_t size;
	const char *pieces[3];
	const char *want;
	bool is_cut;
};

static struct add_case adds[] = {
	{ "pieces stand one behind the other", 16, { "ab", "", "cd" }, "abcd", false },
	{ "a text may fill its array", 5, { "ab", "cd" }, "abcd", false },
	{ "one more character is cut", 4, { "ab", "cd" }, "abc", true },
	{ "nothing follows a cut", 4, { "ab", "cde", "" }, "abc", true },
	{ "not even what would fit", 6, { "abc", "\xe6\x97\xa5", "d" }, "abc", true },
	{ "an array of one holds nothing", 1, { "a" }, "", true },
	{ "nothing fits into an array of one", 1, { "" }, "", false },
	{ "three bytes are one character", 6, { "ab", "\xe6\x97\xa5" }, "ab\xe6\x97\xa5", false },
	{ "which is not cut after one", 4, { "ab\xe6\x97\xa5" }, "ab", true },
	{ "nor after two", 5, { "ab\xe6\x97\xa5" }, "ab", true },
	{ "four bytes are one character",
	  5,
	  { "\xf0\x9f\x90\x9f"
	    "a" },
	  "\xf0\x9f\x90\x9f",
	  true },
	{ "which is not cut after three", 4, { "\xf0\x9f\x90\x9f" }, "", true },
	{ "the character before the cut stays",
	  4,
	  { "\xe6\x97\xa5\xe6\x9c\xac" },
	  "\xe6\x97\xa5",
	  true },
};

struct wire_case {
	const char *name;
	struct span bytes;
	size_t size;
	const char *want;
	const char *want_host;
	bool is_whole;
};

static struct wire_case wires[] = {
	{ "printable bytes stay", BYTES("Ab-9_ ~"), 16, "Ab-9_ ~", "ab-9_ ~", true },
	{ "control bytes do not", BYTES("a\r\n\t\x1b[2J\x7f"), 32, "a" R R R R "[2J" R,
	  "a" R R R R "[2j" R, true },
	{ "nor does NUL", BYTES("a\0b"), 16, "a" R "b", "a" R "b", true },
	{ "nor what is no character", BYTES("\x80\xffZ\xe6\x97"), 32, R R "Z" R R, R R "z" R R,
	  true },
	{ "nor what is written too long", BYTES("\xc0\xaf\xed\xa0\x80"), 32, R R R R R, R R R R R,
	  true },
	{ "nor ISO 8859-1's control characters", BYTES("\xc2\x9b[2J"), 32, R "[2J", R "[2j", true },
	{ "nor what turns the direction of writing", BYTES("a\xe2\x80\xae\xe2\x81\xa6\xd8\x9c"), 32,
	  "a" R R R, "a" R R R, true },
	{ "nor what has no width", BYTES("a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"), 32, "a" R R R,
	  "a" R R R, true },
	{ "nor what ends a line", BYTES("\xe2\x80\xa8"), 32, R, R, true },
	{ "nor a tag or somebody's own", BYTES("\xf3\xa0\x80\xa1\xf4\x8f\xbf\xbd"), 32, R R, R R,
	  true },
	{ "Japanese stays", BYTES("\xe6\x97\xa5X\xf0\x9f\x90\x9f"), 16,
	  "\xe6\x97\xa5X\xf0\x9f\x90\x9f", "\xe6\x97\xa5x\xf0\x9f\x90\x9f", true },
	{ "a character is cut off whole", BYTES("ab\xe6\x97\xa5"), 5, "ab", "ab", false },
	{ "so is what stands for one", BYTES("ab\x80"), 5, "ab", "ab", false },
	{ "letters and their neighbours", BYTES("@AZ[`az{"), 16, "@AZ[`az{", "@az[`az{", true },
	{ "no bytes", BYTES(""), 16, "", "", true },
	{ "bytes may fill the array", BYTES("abc"), 4, "abc", "abc", true },
	{ "more are cut", BYTES("abcd"), 4, "abc", "abc", false },
	{ "an array of one", BYTES("a"), 1, "", "", false },
	{ "no bytes fit into an array of one", BYTES(""), 1, "", "", true },
};

struct host_case {
	const char *name;
	const char *host;
	size_t size;
	const char *want;
};

static struct host_case hosts[] = {
	{ "a host that fits", "www.example.com", 32, "www.example.com" },
	{ "fits just", "www.example.com", 16, "www.example.com" },
	{ "loses its leftmost label", "www.example.com", 15, "example.com" },
	{ "loses no more than that", "www.example.com", 12, "example.com" },
	{ "loses two", "www.example.com", 11, "com" },
	{ "a label too long keeps its end", "example", 4, "ple" },
	{ "so does the last label", "a.example", 4, "ple" },
	{ "nothing", "", 4, "" },
	{ "into an array of one", "a.b", 1, "" },
};

struct under_case {
	const char *host;
	const char *suffix;
	bool want;
};

static struct under_case unders[] = {
	{ "example.com", "example.com", true },
	{ "www.example.com", "example.com", true },
	{ "a.b.example.com", "example.com", true },
	{ "notexample.com", "example.com", false },
	{ "example.com.evil.example", "example.com", false },
	{ "com", "example.com", false },
	{ "", "example.com", false },
	{ "example.com", "", false },
	{ "", "", false },
	{ ".example.com", "example.com", true },
	{ "example.com.", "example.com", false },
};

enum {
	CASES = ARRAY_LEN(adds) + ARRAY_LEN(wires) + ARRAY_LEN(hosts) + ARRAY_LEN(unders),
	NAME_LEN = 80,
};

/* Of exactly that size, so that ASan sees a write past it. */
static char *array_of(size_t size)
{
	char *chars = malloc(size);

	assert_non_null(chars);
	memset(chars, 'x', size);
	return chars;
}

static void run_add(void **state)
{
	const struct add_case *c = *state;
	char *chars = array_of(c->size);
	struct text t = text_over(chars, c->size);

	assert_string_equal(chars, "");
	for (size_t i = 0; i < ARRAY_LEN(c->pieces) && c->pieces[i]; i++)
		text_add(&t, c->pieces[i]);
	assert_string_equal(chars, c->want);
	assert_int_equal(t.len, strlen(c->want));
	assert_int_equal(t.is_cut, c->is_cut);
	free(chars);
}

/* What is added as a format must end up the same. */
static void run_format(void **state)
{
	const struct add_case *c = *state;
	char *chars = array_of(c->size);
	struct text t = text_over(chars, c->size);

	for (size_t i = 0; i < ARRAY_LEN(c->pieces) && c->pieces[i]; i++)
		text_format(&t, "%s", c->pieces[i]);
	assert_string_equal(chars, c->want);
	assert_int_equal(t.len, strlen(c->want));
	assert_int_equal(t.is_cut, c->is_cut);
	free(chars);
}

static void run_wire(void **state)
{
	const struct wire_case *c = *state;
	char *chars = array_of(c->size);

	assert_int_equal(text_from_wire(c->bytes, chars, c->size), c->is_whole);
	assert_string_equal(chars, c->want);
	assert_int_equal(text_host_from_wire(c->bytes, chars, c->size), c->is_whole);
	assert_string_equal(chars, c->want_host);
	free(chars);
}

static void run_host(void **state)
{
	const struct host_case *c = *state;
	char *chars = array_of(c->size);

	text_host_copy(c->host, chars, c->size);
	assert_string_equal(chars, c->want);
	free(chars);
}

static void run_under(void **state)
{
	const struct under_case *c = *state;

	assert_int_equal(text_host_under(c->host, c->suffix), c->want);
}

static void characters_are_added_one_by_one(void **state)
{
	char *chars = array_of(3);
	struct text t = text_over(chars, 3);

	(void)state;
	text_add_char(&t, 'a');
	text_add_char(&t, 'b');
	assert_false(t.is_cut);
	text_add_char(&t, 'c');
	assert_true(t.is_cut);
	assert_string_equal(chars, "ab");
	free(chars);
}

static void a_format_takes_its_arguments(void **state)
{
	char chars[32];
	struct text t = text_over(chars, sizeof(chars));

	(void)state;
	text_add(&t, "[");
	text_format(&t, "%d-%s-%02x", -7, "b", 10U);
	text_add(&t, "]");
	assert_string_equal(chars, "[-7-b-0a]");
	assert_false(t.is_cut);
}

/* No length of its own stands between a format and the array; every cut is at a character. */
static void a_long_format_fits_when_the_array_does(void **state)
{
	static char source[LONG + 1];

	(void)state;
	for (size_t i = 0; i + 3 <= LONG; i += 3)
		memcpy(source + i, "\xe6\x97\xa5", 4);

	size_t len = strlen(source);

	for (size_t size = 1; size <= len + 4; size += 7) {
		char *chars = array_of(size);
		struct text t = text_over(chars, size);
		size_t fits = size - 1 < len ? (size - 1) / 3 * 3 : len;

		text_format(&t, "%s", source);
		assert_int_equal(t.len, fits);
		assert_int_equal(strlen(chars), fits);
		assert_memory_equal(chars, source, fits);
		assert_int_equal(t.is_cut, fits < len);
		free(chars);
	}
}

/* Called once for each case. */
static struct CMUnitTest test_of(const char *what, const char *subject, CMUnitTestFunction run,
				 void *c)
{
	static char names[CASES + ARRAY_LEN(adds)][NAME_LEN];
	static size_t count;
	char *name = names[count++];

	(void)snprintf(name, NAME_LEN, "%s %s", what, subject);
	return (struct CMUnitTest){ .name = name, .test_func = run, .initial_state = c };
}

/* Words are copied at once where they need no cleaning: bytes one at a time say what must come out.
 */
static void each_byte_at_each_place(void **state)
{
	enum { LEN = 17 };

	(void)state;
	for (unsigned value = 0; value <= UINT8_MAX; value++) {
		for (size_t at = 0; at < LEN; at++) {
			uint8_t bytes[LEN];
			const uint8_t one = (uint8_t)value;
			char cleaned[8];
			char want[2 * LEN + 8];
			char got[LEN + 8];

			memset(bytes, 'a', sizeof(bytes));
			bytes[at] = one;
			assert_true(
				text_from_wire((struct span){ &one, 1 }, cleaned, sizeof(cleaned)));
			(void)snprintf(want, sizeof(want), "%.*s%s%.*s", (int)at,
				       "aaaaaaaaaaaaaaaaa", cleaned, (int)(LEN - 1 - at),
				       "aaaaaaaaaaaaaaaaa");
			assert_true(text_from_wire((struct span){ bytes, sizeof(bytes) }, got,
						   sizeof(got)));
			assert_string_equal(got, want);
		}
	}
}

static void cut_at_each_length(void **state)
{
	static const uint8_t bytes[] = "0123456789abcdef0123";

	(void)state;
	for (size_t size = 1; size <= sizeof(bytes) + 1; size++) {
		char *got = malloc(size);

		assert_non_null(got);
		assert_int_equal(
			text_from_wire((struct span){ bytes, sizeof(bytes) - 1 }, got, size),
			size >= sizeof(bytes));
		assert_int_equal(strlen(got), size < sizeof(bytes) ? size - 1 : sizeof(bytes) - 1);
		assert_memory_equal(got, bytes, strlen(got));
		free(got);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(characters_are_added_one_by_one),
		cmocka_unit_test(a_format_takes_its_arguments),
		cmocka_unit_test(a_long_format_fits_when_the_array_does),
		cmocka_unit_test(each_byte_at_each_place),
		cmocka_unit_test(cut_at_each_length),
	};
	static struct CMUnitTest tests[CASES + ARRAY_LEN(adds) + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
		tests[n++] = test_of("add:", adds[i].name, run_add, &adds[i]);
		tests[n++] = test_of("format:", adds[i].name, run_format, &adds[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(wires); i++)
		tests[n++] = test_of("wire:", wires[i].name, run_wire, &wires[i]);
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		tests[n++] = test_of("host:", hosts[i].name, run_host, &hosts[i]);
	for (size_t i = 0; i < ARRAY_LEN(unders); i++)
		tests[n++] = test_of(unders[i].suffix, unders[i].host, run_under, &unders[i]);
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
