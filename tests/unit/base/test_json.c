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
	*o = (struct output){ 0 };
	o->stream = open_memstream(&o->bytes, &o->len);
	assert_non_null(o->stream);
	o->json = json_to(o->stream);
}

static void expect(struct output *o, const char *want)
{
	assert_int_equal(fclose(o->stream), 0);
	assert_string_equal(o->bytes, want);
	assert_int_equal(o->len, strlen(want));
	free(o->bytes);
}

/* As a value, and as the name of one. */
static void run_string(void **state)
{
	const struct string_case *c = *state;
	char *value = strdup(c->value);
	char want[256];
	struct output o;

	assert_non_null(value);
	open_output(&o);
	json_string(&o.json, NULL, value);
	expect(&o, c->want);

	open_output(&o);
	json_object_begin(&o.json, NULL);
	json_string(&o.json, value, value);
	json_object_end(&o.json);
	(void)snprintf(want, sizeof(want), "{%s:%s}", c->want, c->want);
	expect(&o, want);
	free(value);
}

static void run_decimal(void **state)
{
	const struct decimal_case *c = *state;
	struct output o;

	open_output(&o);
	json_decimal(&o.json, NULL, c->value);
	expect(&o, c->want);
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
	expect(&o, want);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_comma_stands_between_members_only),
		cmocka_unit_test(each_line_is_a_text_of_its_own),
		cmocka_unit_test(levels_nest_to_fifteen),
	};
	static struct CMUnitTest
		tests[ARRAY_LEN(strings) + ARRAY_LEN(decimals) + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		tests[n++] = (struct CMUnitTest){ .name = strings[i].name,
						  .test_func = run_string,
						  .initial_state = &strings[i] };
	for (size_t i = 0; i < ARRAY_LEN(decimals); i++)
		tests[n++] = (struct CMUnitTest){ .name = decimals[i].name,
						  .test_func = run_decimal,
						  .initial_state = &decimals[i] };
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
