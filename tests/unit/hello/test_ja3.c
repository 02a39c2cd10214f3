#include "sensor/hello/ja3.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

/* Lists as they stand in a hello: 16 bits each, the last of 8. */
struct ja3_case {
	const char *name;
	uint16_t version;
	const char *ciphers;
	size_t ciphers_len;
	const char *extensions;
	size_t extensions_len;
	const char *groups;
	size_t groups_len;
	const char *point_formats;
	size_t point_formats_len;
	const char *want_text;
	const char *want_md5;
};

#define BYTES(s) (s), sizeof(s) - 1

static struct ja3_case cases[] = {
	/* The two examples that its authors publish. */
	{ "all lists", 769,
	  BYTES("\x00\x2f\x00\x35\x00\x05\x00\x0a\xc0\x09\xc0\x0a\xc0\x13\xc0\x14\x00\x32\x00\x38"
		"\x00\x13\x00\x04"),
	  BYTES("\x00\x00\x00\x0a\x00\x0b"), BYTES("\x00\x17\x00\x18\x00\x19"), BYTES("\x00"),
	  "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
	  "ada70206e40642a3e4461f35503241d5" },
	{ "no extensions", 769,
	  BYTES("\x00\x04\x00\x05\x00\x0a\x00\x09\x00\x64\x00\x62\x00\x03\x00\x06\x00\x13\x00\x12"
		"\x00\x63"),
	  NULL, 0, NULL, 0, NULL, 0, "769,4-5-10-9-100-98-3-6-19-18-99,,,",
	  "de350869b8c85de67a350c8d186f11e6" },
	{ "GREASE is left out wherever it stands", 771, BYTES("\x0a\x0a\x13\x01\xfa\xfa"),
	  BYTES("\x1a\x1a\x00\x00\x2a\x2a"), BYTES("\x3a\x3a\x00\x1d"), BYTES("\x00\x01\x02"),
	  "771,4865,0,29,0-1-2", NULL },
	{ "half a value is none", 771, BYTES("\x13\x01\x13"), NULL, 0, BYTES("\x00"), NULL, 0,
	  "771,4865,,,", NULL },
};

static void run_case(void **state)
{
	const struct ja3_case *c = *state;
	struct fingerprint_scratch *scratch = malloc(sizeof(*scratch));
	struct cursor types = cursor_over(c->extensions, c->extensions_len);
	struct tls_client_hello hello = {
		.legacy_version = c->version,
		.ciphers = { (const uint8_t *)c->ciphers, c->ciphers_len },
		.groups = { (const uint8_t *)c->groups, c->groups_len },
		.point_formats = { (const uint8_t *)c->point_formats, c->point_formats_len },
	};
	struct ja3 got;

	while (cursor_left(&types) > 0)
		hello.extensions[hello.extensions_kept++] = cursor_be16(&types);
	assert_non_null(scratch);
	memset(scratch, 0xa5, sizeof(*scratch));
	ja3_of(&hello, scratch, &got);
	assert_int_equal(got.text.len, strlen(c->want_text));
	assert_memory_equal(got.text.data, c->want_text, got.text.len);
	if (c->want_md5)
		assert_string_equal(got.md5, c->want_md5);
	free(scratch);
}

static void the_longest_lists_fit(void **state)
{
	static uint8_t list[UINT16_MAX];
	static struct fingerprint_scratch scratch;
	struct tls_client_hello hello = { .legacy_version = UINT16_MAX,
					  .ciphers = { list, sizeof(list) },
					  .groups = { list, sizeof(list) },
					  .point_formats = { list, sizeof(list) },
					  .extensions_kept = TLS_EXTENSIONS_MAX };
	struct ja3 got;

	(void)state;
	memset(list, 0xff, sizeof(list));
	memset(hello.extensions, 0xff, sizeof(hello.extensions));
	ja3_of(&hello, &scratch, &got);
	assert_int_equal(got.text.len, 6 + 2 * FINGERPRINT_VALUES_MAX * 6 + TLS_EXTENSIONS_MAX * 6 +
					       UINT8_MAX * 4 - 1);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = {
		cmocka_unit_test(the_longest_lists_fit),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("ja3", tests, NULL, NULL);
}
