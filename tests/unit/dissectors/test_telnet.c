#include "dissectors/telnet.h"

#include "tests/unit/dissectors/exact.h"

struct telnet_case {
	const char *name;
	const char *bytes;
	size_t len;
	const char *says;
};

static struct telnet_case cases[] = {
	{ "a negotiation", BYTES("\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01\xff\xfc\x03"), "4 0" },
	{ "a terminal", BYTES("\xff\xfa\x18\x00xterm-256color\xff\xf0"), "0 0 xterm-256color" },
	{ "the first of two terminals",
	  BYTES("\xff\xfa\x18\x00vt\xff\xf0\xff\xfa\x18\x00xterm\xff\xf0x"), "0 1 vt" },
	{ "a terminal is asked for", BYTES("\xff\xfa\x18\x01\x00z\xff\xf0"), "0 0" },
	{ "a terminal of 45 bytes",
	  BYTES("\xff\xfa\x18\x00"
		"0123456789012345678901234567890123456789abcde\xff\xf0"),
	  "0 0 0123456789012345678901234567890123456789" },
	{ "another suboption", BYTES("\xff\xfa\x1f\x00\x50\xff\xff\x18\xff\xf0"), "0 0" },
	{ "commands alone",
	  BYTES("\xff\xf1"
		"a\xff\xf9"),
	  "0 1" },
	{ "a byte of 255 in text", BYTES("a\xff\xff"), "0 2" },
	{ "a prompt", BYTES("\xff\xfb\x01\r\nhost login: "), "1 14 user" },
	{ "both prompts", BYTES("User Name:bob\r\nPASSWORD: "), "0 25 user password" },
	{ "refused", BYTES("login: a\r\nPassword: \r\n\r\nLogin incorrect\r\n"),
	  "0 41 user password refused" },
	{ "refused by another prompt", BYTES("login: a\r\nPassword: \r\nlogin: "),
	  "0 29 user password refused" },
	{ "accepted with a greeting",
	  BYTES("login: a\r\nPassword: \r\nLast login: Mon Jan  1\r\n\0host login:"),
	  "0 58 user password accepted" },
	{ "accepted with a shell", BYTES("Password:\r\nbob@host:~$ "), "0 23 password accepted" },
	{ "a shell before any prompt", BYTES("# a > b\r\nLast login\r\n"), "0 21" },
	{ "no shell behind a refusal", BYTES("Password:\r\nAccess denied\r\n>"),
	  "0 27 password refused" },
	{ "a long line",
	  BYTES("Password:\n"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"012345678901234567890123456 login failed\n"),
	  "0 121 password refused" },
};

static void say(const struct telnet *telnet, char *says)
{
	FILE *to = fmemopen(says, EXACT_SAYS_MAX, "w");

	assert_non_null(to);
	(void)fprintf(to, "%u %u", telnet->negotiated, telnet->text_len);
	if (telnet->terminal_len > 0)
		(void)fprintf(to, " %.*s", (int)telnet->terminal_len,
			      (const char *)telnet->terminal);
	(void)fprintf(to, "%s%s%s%s", telnet->asks_for_user ? " user" : "",
		      telnet->asks_for_password ? " password" : "",
		      telnet->is_refused ? " refused" : "", telnet->is_accepted ? " accepted" : "");
	assert_int_equal(fclose(to), 0);
}

/* However the stream is cut in two, the same is found. */
static void run_case(void **state)
{
	const struct telnet_case *c = *state;
	uint8_t *exact = exact_copy(c->bytes, c->len);

	for (size_t cut = 0; cut <= c->len; cut++) {
		struct telnet telnet = { 0 };
		struct cursor first = cursor_over(exact, cut);
		struct cursor second = cursor_at(cursor_over(exact, c->len), cut);
		char says[EXACT_SAYS_MAX] = "";

		telnet_feed(&telnet, &first);
		assert_int_equal(cursor_left(&first), 0);
		telnet_feed(&telnet, &second);
		say(&telnet, says);
		assert_string_equal(says, c->says);
	}
	free(exact);
}

static enum dissect first_bytes(const char *bytes, size_t len)
{
	uint8_t *exact = exact_copy(bytes, len);
	enum dissect got = dissect_telnet(cursor_over(exact, len));

	free(exact);
	return got;
}

static void first_bytes_tell(void **state)
{
	(void)state;
	assert_int_equal(first_bytes("", 0), DISSECT_TRUNCATED);
	assert_int_equal(first_bytes("\xff", 1), DISSECT_TRUNCATED);
	assert_int_equal(first_bytes("\xff\xfd", 2), DISSECT_TRUNCATED);
	assert_int_equal(first_bytes("\xff\xfd\x18", 3), DISSECT_OK);
	assert_int_equal(first_bytes("\xff\xfb\xff", 3), DISSECT_OK);
	assert_int_equal(first_bytes("\xff\xfa\x18", 3), DISSECT_OK);
	assert_int_equal(first_bytes("\xff\xfb\x40", 3), DISSECT_OTHER);
	assert_int_equal(first_bytes("\xff\xd8\xff", 3), DISSECT_OTHER);
	assert_int_equal(first_bytes("\xff\xff", 2), DISSECT_OTHER);
	assert_int_equal(first_bytes("login: ", 7), DISSECT_OTHER);
}

static void counts_stop_at_their_largest(void **state)
{
	struct telnet telnet = { .text_len = UINT32_MAX, .negotiated = UINT32_MAX };
	struct cursor in = cursor_over("a\xff\xfb\x01", 4);

	(void)state;
	telnet_feed(&telnet, &in);
	assert_int_equal(telnet.text_len, UINT32_MAX);
	assert_int_equal(telnet.negotiated, UINT32_MAX);
}

int main(void)
{
	struct CMUnitTest tests[2 + ARRAY_LEN(cases)] = {
		cmocka_unit_test(first_bytes_tell),
		cmocka_unit_test(counts_stop_at_their_largest),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("telnet", tests, NULL, NULL);
}
