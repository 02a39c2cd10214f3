#include "sensor/base/json.h"

#include "tests/support/cmocka.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAD "\xef\xbf\xbd" /* U+FFFD */

struct string_case {
	const char *name;
	const char *value;
	const char *want;
};

static struct string_case strings[] = {
	{ "empty", "", "\"\"" },
	{ "plain", "plain text", "\"plain text\"" },
	{ "quote and backslash", "\"\\/", "\"\\\"\\\\/\"" },
	{ "control characters", "\x01\b\t\n\r\x1f ",
	  "\"\\u0001\\u0008\\u0009\\u000a\\u000d\\u001f \"" },
	{ "delete", "\x7f", "\"\\u007f\"" },
	{ "two bytes", "\xc2\x80\xdf\xbf", "\"\xc2\x80\xdf\xbf\"" },
	{ "three bytes", "\xe0\xa0\x80\xe6\x97\xa5\xef\xbf\xbf",
	  "\"\xe0\xa0\x80\xe6\x97\xa5\xef\xbf\xbf\"" },
	{ "four bytes", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
	  "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"" },
	{ "continuation alone",
	  "a\x80"
	  "b\xbf",
	  "\"a" BAD "b" BAD "\"" },
	{ "overlong in two", "\xc0\xaf\xc1\xbf", "\"" BAD BAD BAD BAD "\"" },
	{ "overlong in three", "\xe0\x9f\xbf", "\"" BAD BAD BAD "\"" },
	{ "overlong in four", "\xf0\x8f\xbf\xbf", "\"" BAD BAD BAD BAD "\"" },
	{ "surrogates", "\xed\xa0\x80\xed\xbf\xbf", "\"" BAD BAD BAD BAD BAD BAD "\"" },
	{ "last before the surrogates", "\xed\x9f\xbf", "\"\xed\x9f\xbf\"" },
	{ "first behind them", "\xee\x80\x80", "\"\xee\x80\x80\"" },
	{ "beyond U+10FFFF", "\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\"" },
	{ "bytes that never occur", "\xf5\xfe\xff", "\"" BAD BAD BAD "\"" },
	{ "ends inside two bytes", "\xc3", "\"" BAD "\"" },
	{ "ends inside three", "\xe6\x97", "\"" BAD BAD "\"" },
	{ "ends inside four", "\xf0\x9f\x90", "\"" BAD BAD BAD "\"" },
	{ "a quote inside a character", "\xe6\"", "\"" BAD "\\\"\"" },
	{ "good after bad", "\xff\xe6\x97\xa5", "\"" BAD "\xe6\x97\xa5\"" },
};

struct decimal_case {
	const char *name;
	double value;
	const char *want;
};

static struct decimal_case decimals[] = {
	{ "zero", 0, "0" },
	{ "minus zero", -0.0, "0" },
	{ "whole", 100, "100" },
	{ "a half", 0.5, "0.5" },
	{ "three decimals", 3.142, "3.142" },
	{ "more are rounded", 3.14159, "3.142" },
	{ "zeros at the end go", 2.5000001, "2.5" },
	{ "rounded to a whole", 0.9999, "1" },
	{ "rounded to nothing", 0.0004, "0" },
	{ "rounded to nothing from below", -0.0004, "0" },
	{ "just not nothing", 0.0006, "0.001" },
	{ "negative", -12.25, "-12.25" },
	{ "large", 123456789012345.0, "123456789012345" },
	{ "as large as still fits", 1e50, "100000000000000007629769841091887003294964970946560" },
	{ "very large", 1e300, "1e+300" },
	{ "the largest", DBL_MAX, "1.79769313486232e+308" },
	{ "the smallest", DBL_MIN, "0" },
	{ "infinite", (double)INFINITY, "null" },
	{ "minus infinite", -(double)INFINITY, "null" },
	{ "no number", (double)NAN, "null" },
};

struct output {
	char *bytes;
	size_t len;
	FILE *stream;
	struct json json;
};

static void open_output(struct output *o)
{
	o->bytes = NULL;
	o->stream = open_memstream(&o->bytes, &o->len);
	assert_non_null(o->stream);
	json_start(&o->json, o->stream);
}

static void expect(struct output *o, const char *want)
{
	json_flush(&o->json);
	assert_int_equal(fclose(o->stream), 0);
	assert_string_equal(o->bytes, want);
	assert_int_equal(o->len, strlen(want));
	free(o->bytes);
}

/* The value that was written, alone on its line. */
static void expect_alone(struct output *o, const char *want)
{
	char line[1024];

	assert_true(snprintf(line, sizeof(line), "%s\n", want) < (int)sizeof(line));
	json_line_end(&o->json);
	expect(o, line);
}

static void run_string(void **state)
{
	const struct string_case *c = *state;
	char *value = strdup(c->value);
	struct output o;

	assert_non_null(value);
	open_output(&o);
	json_string(&o.json, NULL, value);
	expect_alone(&o, c->want);
	free(value);
}

static void run_decimal(void **state)
{
	const struct decimal_case *c = *state;
	struct output o;

	open_output(&o);
	json_decimal(&o.json, NULL, c->value);
	expect_alone(&o, c->want);
}

static void a_comma_stands_between_members_only(void **state)
{
	struct output o;

	(void)state;
	open_output(&o);
	json_object_begin(&o.json, NULL);
	json_uint(&o.json, "zero", 0);
	json_uint(&o.json, "most", UINT64_MAX);
	json_bool(&o.json, "yes", true);
	json_bool(&o.json, "no", false);
	json_null(&o.json, "none");
	json_decimal(&o.json, "part", 0.25);
	json_decimal(&o.json, "nan", (double)NAN);
	json_array_begin(&o.json, "list");
	json_uint(&o.json, NULL, 1);
	json_string(&o.json, NULL, "two");
	json_object_begin(&o.json, NULL);
	json_object_end(&o.json);
	json_object_begin(&o.json, NULL);
	json_null(&o.json, "x");
	json_object_end(&o.json);
	json_array_end(&o.json);
	json_array_begin(&o.json, "empty");
	json_array_end(&o.json);
	json_object_begin(&o.json, "inner");
	json_bool(&o.json, "a", true);
	json_object_end(&o.json);
	json_null(&o.json, "last");
	json_object_end(&o.json);
	json_line_end(&o.json);
	expect(&o, "{\"zero\":0,\"most\":18446744073709551615,\"yes\":true,\"no\":false,"
		   "\"none\":null,\"part\":0.25,\"nan\":null,\"list\":[1,\"two\",{},{\"x\":null}],"
		   "\"empty\":[],\"inner\":{\"a\":true},\"last\":null}\n");
}

static void each_line_is_a_text_of_its_own(void **state)
{
	struct output o;

	(void)state;
	open_output(&o);
	for (uint64_t i = 0; i < 3; i++) {
		json_object_begin(&o.json, NULL);
		json_uint(&o.json, "i", i);
		json_object_end(&o.json);
		json_line_end(&o.json);
	}
	expect(&o, "{\"i\":0}\n{\"i\":1}\n{\"i\":2}\n");
}

/* A level that was full before does not leave its comma to the next one of that depth. */
static void levels_nest_to_fifteen(void **state)
{
	enum { DEEPEST = 15 };

	char want[2 * (4 * DEEPEST + 2) + 4] = "[";
	struct output o;

	(void)state;
	open_output(&o);
	json_array_begin(&o.json, NULL);
	for (int round = 0; round < 2; round++) {
		for (int depth = 1; depth < DEEPEST; depth++)
			json_array_begin(&o.json, NULL);
		json_uint(&o.json, NULL, 7);
		for (int depth = 1; depth < DEEPEST; depth++)
			json_array_end(&o.json);
	}
	json_array_end(&o.json);

	size_t len = 1;

	for (int round = 0; round < 2; round++) {
		if (round > 0)
			want[len++] = ',';
		memset(want + len, '[', DEEPEST - 1);
		want[len + DEEPEST - 1] = '7';
		memset(want + len + DEEPEST, ']', DEEPEST - 1);
		len += 2 * DEEPEST - 1;
	}
	want[len] = ']';
	expect_alone(&o, want);
}

/* Every length and every place in it: words of eight bytes and what is left behind them. */
static void an_odd_byte_is_seen_wherever_it_stands(void **state)
{
	static const unsigned char odd[] = { 0x01, 0x1f, 0x20, '"',  '#',
					     '\\', 0x7e, 0x7f, 0x80, 0xff };

	(void)state;
	for (size_t len = 1; len <= 20; len++) {
		for (size_t at = 0; at < len * sizeof(odd); at++) {
			unsigned char c = odd[at % sizeof(odd)];
			char *value = calloc(1, len + 1);
			char want[64];
			struct output o;
			int n;

			assert_non_null(value);
			memset(value, 'a', len);
			n = snprintf(want, sizeof(want), "\"%.*s", (int)(at / sizeof(odd)), value);
			value[at / sizeof(odd)] = (char)c;
			if (c >= 0x80)
				n += snprintf(want + n, sizeof(want) - (size_t)n, "%s", BAD);
			else if (c == '"' || c == '\\')
				n += snprintf(want + n, sizeof(want) - (size_t)n, "\\%c", c);
			else if (c < 0x20 || c == 0x7f)
				n += snprintf(want + n, sizeof(want) - (size_t)n, "\\u%04x", c);
			else
				n += snprintf(want + n, sizeof(want) - (size_t)n, "%c", c);
			(void)snprintf(want + n, sizeof(want) - (size_t)n, "%s\"",
				       value + at / sizeof(odd) + 1);
			open_output(&o);
			json_string(&o.json, NULL, value);
			expect_alone(&o, want);
			free(value);
		}
	}
}

/* Texts of all lengths, across the end of the room again and again, plain or not. */
static void long_lines_pass_through_the_room(void **state)
{
	enum { TEXTS = 700 };

	const char *const pieces[] = { "a", "\xe6\x97\xa5", "\n" };
	const char *const written[] = { "a", "\xe6\x97\xa5", "\\u000a" };
	char *value = calloc(3, TEXTS);
	char *want;
	size_t want_len;
	FILE *wanted = open_memstream(&want, &want_len);
	struct output o;

	(void)state;
	assert_non_null(value);
	assert_non_null(wanted);
	open_output(&o);
	json_array_begin(&o.json, NULL);
	(void)fputs("[", wanted);
	for (size_t i = 0; i < TEXTS; i++) {
		const char *piece = pieces[i % 3];
		size_t len = 0;

		(void)fputs(i > 0 ? ",{\"t\":\"" : "{\"t\":\"", wanted);
		for (size_t k = 0; k < i; k++) {
			memcpy(value + len, piece, strlen(piece));
			len += strlen(piece);
			(void)fputs(written[i % 3], wanted);
		}
		value[len] = '\0';
		(void)fputs("\",\"e\":[{}]}", wanted);
		json_object_begin(&o.json, NULL);
		json_string(&o.json, "t", value);
		json_array_begin(&o.json, "e");
		json_object_begin(&o.json, NULL);
		json_object_end(&o.json);
		json_array_end(&o.json);
		json_object_end(&o.json);
	}
	json_array_end(&o.json);
	json_line_end(&o.json);
	(void)fputs("]\n", wanted);
	assert_int_equal(fclose(wanted), 0);
	expect(&o, want);
	free(want);
	free(value);
}

/* The forms for records that are many write what the others write. */
static void keys_write_what_names_write(void **state)
{
	const struct address v6 = { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };
	struct output o;

	(void)state;
	open_output(&o);
	json_put_begin(&o.json, "");
	json_put_literal(&o.json, JSON_KEY("word") JSON_WORD("yes"));
	json_put_chars(&o.json, JSON_KEY("chars"), "0x1f", 2);
	json_put_uint(&o.json, JSON_KEY("nine"), 9);
	json_put_uint(&o.json, JSON_KEY("ten"), 10);
	json_put_bool(&o.json, JSON_KEY("t"), true);
	json_put_bool(&o.json, JSON_KEY("f"), false);
	json_put_text(&o.json, JSON_KEY("text"), "a\"b");
	json_put_begin(&o.json, JSON_KEY("empty"));
	json_put_end(&o.json);
	json_put_begin(&o.json, JSON_KEY("inner"));
	json_put_address(&o.json, JSON_KEY("ip"), &v6);
	json_put_time(&o.json, JSON_KEY("at"), 86399 * NANOTIME_SECOND);
	json_put_time(&o.json, JSON_KEY("then"), 86400 * NANOTIME_SECOND);
	json_put_end(&o.json);
	json_put_end(&o.json);
	expect_alone(&o, "{\"word\":\"yes\",\"chars\":\"0x\",\"nine\":9,\"ten\":10,\"t\":true,"
			 "\"f\":false,\"text\":\"a\\\"b\",\"empty\":{},\"inner\":{"
			 "\"ip\":\"2001:db8::1\",\"at\":\"1970-01-01T23:59:59.000000Z\","
			 "\"then\":\"1970-01-02T00:00:00.000000Z\"}}");
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_comma_stands_between_members_only),
		cmocka_unit_test(each_line_is_a_text_of_its_own),
		cmocka_unit_test(levels_nest_to_fifteen),
		cmocka_unit_test(an_odd_byte_is_seen_wherever_it_stands),
		cmocka_unit_test(long_lines_pass_through_the_room),
		cmocka_unit_test(keys_write_what_names_write),
	};
	static struct CMUnitTest
		tests[ARRAY_LEN(strings) + ARRAY_LEN(decimals) + ARRAY_LEN(others)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, strings, run_string);
	n += ADD_ROWS(tests + n, decimals, run_decimal);
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
