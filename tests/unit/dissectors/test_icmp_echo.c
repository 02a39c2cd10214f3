#include "dissectors/icmp_echo.h"

#include "tests/support/message_cases.h"

static enum dissect run_v4_request(struct cursor in, void *out)
{
	return dissect_icmp_echo(ICMP_PROTOCOL_V4, 8, in, out);
}

static enum dissect run_v4_reply(struct cursor in, void *out)
{
	return dissect_icmp_echo(ICMP_PROTOCOL_V4, 0, in, out);
}

static enum dissect run_v6_request(struct cursor in, void *out)
{
	return dissect_icmp_echo(ICMP_PROTOCOL_V6, 128, in, out);
}

static enum dissect run_v6_reply(struct cursor in, void *out)
{
	return dissect_icmp_echo(ICMP_PROTOCOL_V6, 129, in, out);
}

static const struct message_kind v4_request = { run_v4_request, sizeof(struct icmp_echo), false };
static const struct message_kind v4_reply = { run_v4_reply, sizeof(struct icmp_echo), false };
static const struct message_kind v6_request = { run_v6_request, sizeof(struct icmp_echo), false };
static const struct message_kind v6_reply = { run_v6_reply, sizeof(struct icmp_echo), false };

static void check_request(const void *out)
{
	const struct icmp_echo *echo = out;

	assert_false(echo->is_reply);
	assert_int_equal(echo->id, 0x43d1);
	assert_int_equal(echo->sequence, 0x0102);
	assert_text(echo->payload, "abcdefg");
}

static void check_reply(const void *out)
{
	const struct icmp_echo *echo = out;

	assert_true(echo->is_reply);
	assert_text(echo->payload, "");
}

static struct message_case cases[] = {
	{ "a request", &v4_request,
	  BYTES("\x43\xd1\1\2"
		"abcdefg"),
	  DISSECT_OK, check_request },
	{ "a reply without payload", &v4_reply, BYTES("\x43\xd1\1\2"), DISSECT_OK, check_reply },
	{ "an IPv6 request", &v6_request,
	  BYTES("\x43\xd1\1\2"
		"abcdefg"),
	  DISSECT_OK, check_request },
	{ "an IPv6 reply", &v6_reply, BYTES("\x43\xd1\1\2"), DISSECT_OK, check_reply },
	{ "a request that is cut", &v4_request, BYTES("\x43\xd1\1"), DISSECT_TRUNCATED, NULL },
};

static void each_protocol_has_its_own_types(void **state)
{
	static const uint8_t others[][2] = { { 1, 128 }, { 1, 129 }, { 1, 3 },
					     { 58, 8 },  { 58, 0 },  { 17, 8 } };
	struct icmp_echo echo;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(dissect_icmp_echo(others[i][0], others[i][1],
						   cursor_over("\0\1\0\1", 4), &echo),
				 DISSECT_OTHER);
}

int main(void)
{
	const struct CMUnitTest more[] = { cmocka_unit_test(each_protocol_has_its_own_types) };
	int failed = run_message_cases("icmp_echo", cases, ARRAY_LEN(cases));

	return failed + cmocka_run_group_tests_name("icmp_echo's types", more, NULL, NULL);
}
