#include "dissectors/der.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

#define BYTES(s) (s), sizeof(s) - 1

struct length_case {
	const char *name;
	const char *bytes;
	size_t len;
	bool want_ok;
	uint32_t want;
};

static struct length_case lengths[] = {
	{ "zero", BYTES("\x00"), true, 0 },
	{ "the last short one", BYTES("\x7f"), true, 0x7f },
	{ "one byte", BYTES("\x81\x80"), true, 0x80 },
	{ "one byte that did not need it", BYTES("\x81\x05"), true, 5 },
	{ "two bytes", BYTES("\x82\x01\x00"), true, 0x100 },
	{ "four bytes", BYTES("\x84\xff\xff\xff\xfe"), true, 0xfffffffe },
	{ "five bytes", BYTES("\x85\x00\x00\x00\x00\x01"), false, 0 },
	{ "an indefinite one", BYTES("\x80"), false, 0 },
	{ "a reserved one", BYTES("\xff"), false, 0 },
	{ "none", BYTES(""), false, 0 },
};

static uint8_t *exact_copy(const char *bytes, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	return exact;
}

static void run_length(void **state)
{
	const struct length_case *c = *state;
	uint8_t *exact = exact_copy(c->bytes, c->len);
	struct cursor in = cursor_over(exact, c->len);
	uint32_t got = der_length(&in);

	assert_int_equal(cursor_ok(&in), c->want_ok);
	assert_int_equal(cursor_left(&in), 0);
	if (c->want_ok)
		assert_int_equal(got, c->want);
	for (size_t cut = 1; cut < c->len; cut++) {
		uint8_t *prefix = exact_copy(c->bytes, cut);

		in = cursor_over(prefix, cut);
		(void)der_length(&in);
		assert_false(cursor_ok(&in));
		free(prefix);
	}
	free(exact);
}

struct number_case {
	const char *name;
	const char *bytes;
	size_t len;
	int32_t want;
};

static struct number_case numbers[] = {
	{ "no byte", BYTES(""), 0 },
	{ "five", BYTES("\x05"), 5 },
	{ "minus one", BYTES("\xff"), -1 },
	{ "128 with its zero", BYTES("\x00\x80"), 128 },
	{ "minus 133, an etype of Microsoft's", BYTES("\xff\x7b"), -133 },
	{ "the largest", BYTES("\x7f\xff\xff\xff"), INT32_MAX },
	{ "the smallest", BYTES("\x80\x00\x00\x00"), INT32_MIN },
	{ "five bytes", BYTES("\x01\x00\x00\x00\x00"), 0 },
};

static void run_number(void **state)
{
	const struct number_case *c = *state;
	uint8_t *exact = exact_copy(c->bytes, c->len);

	assert_int_equal(der_number(cursor_over(exact, c->len)), c->want);
	free(exact);
}

static void a_failed_number_is_zero(void **state)
{
	(void)state;
	assert_int_equal(der_number((struct cursor){ .failed = true }), 0);
}

static void elements_follow_one_another(void **state)
{
	static const char bytes[] = "\x02\x01\x07\x04\x02hi\x05\x00";
	struct cursor in = cursor_over(bytes, sizeof(bytes) - 1);

	(void)state;
	struct der_element first = der_take(&in);

	assert_int_equal(first.tag, DER_INTEGER);
	assert_int_equal(der_number(first.value), 7);
	struct cursor text = der_enter(&in, DER_OCTET_STRING);

	assert_int_equal(cursor_left(&text), 2);
	der_skip(&in);
	assert_true(cursor_ok(&in));
	assert_int_equal(cursor_left(&in), 0);
	assert_int_equal(der_take(&in).tag, 0);
	assert_false(cursor_ok(&in));
}

static void a_wrong_tag_fails_for_good(void **state)
{
	static const char bytes[] = "\x02\x01\x07\x04\x02hi";
	struct cursor in = cursor_over(bytes, sizeof(bytes) - 1);

	(void)state;
	struct cursor value = der_enter(&in, DER_SEQUENCE);

	assert_false(cursor_ok(&value));
	assert_false(cursor_ok(&in));
	value = der_enter(&in, DER_OCTET_STRING);
	assert_false(cursor_ok(&value));
}

static void a_tag_of_two_bytes_fails(void **state)
{
	static const char bytes[] = "\x7f\x65\x01\x00";
	struct cursor in = cursor_over(bytes, sizeof(bytes) - 1);
	struct der_element element = der_take(&in);

	(void)state;
	assert_int_equal(element.tag, 0);
	assert_false(cursor_ok(&element.value));
	assert_false(cursor_ok(&in));
}

static void a_value_past_the_end_fails(void **state)
{
	static const char bytes[] = "\x04\x03hi";
	struct cursor in = cursor_over(bytes, sizeof(bytes) - 1);
	struct der_element element = der_take(&in);

	(void)state;
	assert_int_equal(element.tag, 0);
	assert_false(cursor_ok(&in));
}

static void what_may_be_left_out_is_left_out(void **state)
{
	static const char bytes[] = "\x01\x01\xff\x02\x01";
	struct cursor in = cursor_over(bytes, sizeof(bytes) - 1);
	struct cursor value;

	(void)state;
	assert_false(der_enter_optional(&in, DER_INTEGER, &value));
	assert_true(der_enter_optional(&in, DER_BOOLEAN, &value));
	assert_int_equal(cursor_left(&value), 1);
	assert_false(der_enter_optional(&in, DER_INTEGER, &value)); /* damaged */
	assert_false(cursor_ok(&in));
	assert_false(der_enter_optional(&in, DER_INTEGER, &value)); /* the end */
}

int main(void)
{
	enum { OTHERS = 6 };
	struct CMUnitTest tests[OTHERS + ARRAY_LEN(lengths) + ARRAY_LEN(numbers)] = {
		cmocka_unit_test(a_failed_number_is_zero),
		cmocka_unit_test(elements_follow_one_another),
		cmocka_unit_test(a_wrong_tag_fails_for_good),
		cmocka_unit_test(a_tag_of_two_bytes_fails),
		cmocka_unit_test(a_value_past_the_end_fails),
		cmocka_unit_test(what_may_be_left_out_is_left_out),
	};
	struct CMUnitTest *next = &tests[OTHERS];

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		*next++ = (struct CMUnitTest){ .name = lengths[i].name,
					       .test_func = run_length,
					       .initial_state = &lengths[i] };
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		*next++ = (struct CMUnitTest){ .name = numbers[i].name,
					       .test_func = run_number,
					       .initial_state = &numbers[i] };
	return cmocka_run_group_tests_name("der", tests, NULL, NULL);
}
