#include "dissectors/socks.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_greeting(struct cursor in, void *out)
{
	return dissect_socks_greeting(in, out);
}

static enum dissect dissect_choice(struct cursor in, void *out)
{
	return dissect_socks_choice(in, out);
}

static enum dissect dissect_login(struct cursor in, void *out)
{
	return dissect_socks_login(in, out);
}

static enum dissect dissect_result(struct cursor in, void *out)
{
	return dissect_socks_login_result(in, out);
}

static enum dissect dissect_request(struct cursor in, void *out)
{
	return dissect_socks_request(in, out);
}

static enum dissect dissect_reply(struct cursor in, void *out)
{
	return dissect_socks_reply(in, out);
}

static void say_endpoint(FILE *to, const struct socks_endpoint *end)
{
	(void)fprintf(to, " ");
	for (unsigned i = 0; i < end->address_len; i++)
		(void)fprintf(to, "%02x", end->address[i]);
	(void)fprintf(to, "%.*s:%u", (int)end->name.len, (const char *)end->name.data, end->port);
}

static void say_greeting(const void *out, FILE *to)
{
	const struct socks_greeting *msg = out;

	(void)fprintf(to, "%u:", msg->method_count);
	for (unsigned i = 0; i < msg->methods_kept; i++)
		(void)fprintf(to, " %u", msg->methods[i]);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_choice(const void *out, FILE *to)
{
	const struct socks_choice *msg = out;

	(void)fprintf(to, "%u +%zu", msg->method, msg->consumed);
}

static void say_login(const void *out, FILE *to)
{
	const struct socks_login *msg = out;

	(void)fprintf(to, "%.*s %u +%zu", (int)msg->user.len, (const char *)msg->user.data,
		      msg->password_len, msg->consumed);
}

static void say_result(const void *out, FILE *to)
{
	const struct socks_login_result *msg = out;

	(void)fprintf(to, "%d +%zu", msg->is_accepted, msg->consumed);
}

static void say_request(const void *out, FILE *to)
{
	const struct socks_request *msg = out;

	(void)fprintf(to, "%u/%d", msg->version, (int)msg->command);
	say_endpoint(to, &msg->target);
	exact_say(to, "user", msg->user);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_reply(const void *out, FILE *to)
{
	const struct socks_reply *msg = out;

	(void)fprintf(to, "%u/%u %d", msg->version, msg->code, msg->is_granted);
	say_endpoint(to, &msg->bound);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static const struct exact_dissector greeting_dissector = { dissect_greeting, say_greeting,
							   sizeof(struct socks_greeting) };
static const struct exact_dissector choice_dissector = { dissect_choice, say_choice,
							 sizeof(struct socks_choice) };
static const struct exact_dissector login_dissector = { dissect_login, say_login,
							sizeof(struct socks_login) };
static const struct exact_dissector result_dissector = { dissect_result, say_result,
							 sizeof(struct socks_login_result) };
static const struct exact_dissector request_dissector = { dissect_request, say_request,
							  sizeof(struct socks_request) };
static const struct exact_dissector reply_dissector = { dissect_reply, say_reply,
							sizeof(struct socks_reply) };

static struct exact_case greeting_cases[] = {
	{ "no login", BYTES("\x05\x01\x00"), DISSECT_OK, "1: 0 +3", 0 },
	{ "a choice of three, and the request", BYTES("\x05\x03\x00\x01\x02\x05\x01"), DISSECT_OK,
	  "3: 0 1 2 +5", 2 },
	{ "more methods than are kept", BYTES("\x05\x11\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\7"),
	  DISSECT_OK, "17: 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 +19", 0 },
	{ "no methods", BYTES("\x05\x00"), DISSECT_OTHER, NULL, 0 },
	{ "version 4", BYTES("\x04\x01\x00"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case choice_cases[] = {
	{ "a login is wanted", BYTES("\x05\x02"), DISSECT_OK, "2 +2", 0 },
	{ "refused", BYTES("\x05\xff"), DISSECT_OK, "255 +2", 0 },
	{ "no version", BYTES("\x00\x5a"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case login_cases[] = {
	{ "a user and a password",
	  BYTES("\x01\x03"
		"bob"
		"\x06"
		"secret"),
	  DISSECT_OK, "bob 6 +12", 0 },
	{ "neither", BYTES("\x01\x00\x00"), DISSECT_OK, " 0 +3", 0 },
	{ "another version",
	  BYTES("\x05\x03"
		"bob"),
	  DISSECT_OTHER, NULL, 0 },
};

static struct exact_case result_cases[] = {
	{ "accepted", BYTES("\x01\x00\x05"), DISSECT_OK, "1 +2", 1 },
	{ "refused", BYTES("\x01\x01"), DISSECT_OK, "0 +2", 0 },
	{ "the wrong version is common", BYTES("\x05\x00"), DISSECT_OK, "1 +2", 0 },
	{ "a result of another version", BYTES("\x02\x00"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case request_cases[] = {
	{ "version 5, a name",
	  BYTES("\x05\x01\x00\x03\x0b"
		"example.com"
		"\x01\xbb"),
	  DISSECT_OK, "5/1 example.com:443 +18", 0 },
	{ "version 5, IPv4",
	  BYTES("\x05\x02\x00\x01\xc0\x00\x02\x07\x00\x50"
		"GET"),
	  DISSECT_OK, "5/2 c0000207:80 +10", 3 },
	{ "version 5, IPv6", BYTES("\x05\x03\x00\x04 \x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x35"),
	  DISSECT_OK, "5/3 20010db8000000000000000000000001:53 +22", 0 },
	{ "tor asks for an address",
	  BYTES("\x05\xf0\x00\x03\x01"
		"a"
		"\0\0"),
	  DISSECT_OK, "5/240 a:0 +8", 0 },
	{ "and for a name", BYTES("\x05\xf1\x00\x01\1\2\3\4\0\0"), DISSECT_OK,
	  "5/241 01020304:0 +10", 0 },
	{ "version 4",
	  BYTES("\x04\x01\x00\x50\xc0\x00\x02\x07"
		"bob\0"),
	  DISSECT_OK, "4/1 c0000207:80 user=bob +12", 0 },
	{ "version 4a",
	  BYTES("\x04\x01\x01\xbb\0\0\0\1\0"
		"example.com\0"
		"\x16"),
	  DISSECT_OK, "4/1 example.com:443 +21", 1 },
	{ "version 4 to no address", BYTES("\x04\x02\x01\xbb\0\0\0\0\0"), DISSECT_OK,
	  "4/2 00000000:443 +9", 0 },
	{ "version 4 to the least address", BYTES("\x04\x02\x01\xbb\1\0\0\1\0"), DISSECT_OK,
	  "4/2 01000001:443 +9", 0 },
	{ "version 5 with an address of its own", BYTES("\x05\x01\x00\x02\1\1\1\1\0\0"),
	  DISSECT_OTHER, NULL, 0 },
	{ "version 5 with a command of its own", BYTES("\x05\x04\x00\x01\1\1\1\1\0\0"),
	  DISSECT_OTHER, NULL, 0 },
	{ "version 5 without a command", BYTES("\x05\x00\x00\x01"), DISSECT_OTHER, NULL, 0 },
	{ "version 5 without its zero", BYTES("\x05\x01\x01\x01\1\1\1\1\0\0"), DISSECT_OTHER, NULL,
	  0 },
	{ "version 4 with a command of version 5", BYTES("\x04\x03\x00\x50\1\1\1\1\0"),
	  DISSECT_OTHER, NULL, 0 },
	{ "another version", BYTES("\x06\x01"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case reply_cases[] = {
	{ "version 5 grants",
	  BYTES("\x05\x00\x00\x01\0\0\0\0\0\0"
		"HTTP"),
	  DISSECT_OK, "5/0 1 00000000:0 +10", 4 },
	{ "version 5 refuses", BYTES("\x05\x05\x00\x01\0\0\0\0\0\0"), DISSECT_OK,
	  "5/5 0 00000000:0 +10", 0 },
	{ "tor refuses", BYTES("\x05\xf4\x00\x03\1a\0\0"), DISSECT_OK, "5/244 0 a:0 +8", 0 },
	{ "version 4 grants", BYTES("\0\x5a\x1f\x90\xc0\0\2\1\x16"), DISSECT_OK,
	  "4/90 1 c0000201:8080 +8", 1 },
	{ "version 4 refuses", BYTES("\0\x5b\0\0\0\0\0\0"), DISSECT_OK, "4/91 0 00000000:0 +8", 0 },
	{ "version 5 with a code of its own", BYTES("\x05\x09\x00\x01"), DISSECT_OTHER, NULL, 0 },
	{ "version 5 without its zero in a reply", BYTES("\x05\x00\x01\x01"), DISSECT_OTHER, NULL,
	  0 },
	{ "version 4 with a small code", BYTES("\0\x59\0\0\0\0\0\0"), DISSECT_OTHER, NULL, 0 },
	{ "version 4 with a large code", BYTES("\0\x5e\0\0\0\0\0\0"), DISSECT_OTHER, NULL, 0 },
	{ "a reply of another version", BYTES("\x04\x5a"), DISSECT_OTHER, NULL, 0 },
};

static void run_greeting(void **state)
{
	exact_run(&greeting_dissector, *state);
}

static void run_choice(void **state)
{
	exact_run(&choice_dissector, *state);
}

static void run_login(void **state)
{
	exact_run(&login_dissector, *state);
}

static void run_result(void **state)
{
	exact_run(&result_dissector, *state);
}

static void run_request(void **state)
{
	exact_run(&request_dissector, *state);
}

static void run_reply(void **state)
{
	exact_run(&reply_dissector, *state);
}

static void texts_of_version_4_have_a_limit(void **state)
{
	uint8_t request[2 * SOCKS_TEXT_MAX];
	struct socks_request msg;

	(void)state;
	memset(request, 'a', sizeof(request));
	memcpy(request, "\x04\x01\x00\x50", 4);
	assert_int_equal(dissect_socks_request(cursor_over(request, sizeof(request)), &msg),
			 DISSECT_MALFORMED);
	assert_int_equal(dissect_socks_request(cursor_over(request, SOCKS_TEXT_MAX), &msg),
			 DISSECT_TRUNCATED);
	request[sizeof(request) - 1] = 0;
	assert_int_equal(dissect_socks_request(cursor_over(request, sizeof(request)), &msg),
			 DISSECT_MALFORMED);
}

int main(void)
{
	struct CMUnitTest tests[1 + ARRAY_LEN(greeting_cases) + ARRAY_LEN(choice_cases) +
				ARRAY_LEN(login_cases) + ARRAY_LEN(result_cases) +
				ARRAY_LEN(request_cases) + ARRAY_LEN(reply_cases)] = {
		cmocka_unit_test(texts_of_version_4_have_a_limit),
	};
	size_t count = 1;

	for (size_t i = 0; i < ARRAY_LEN(greeting_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = greeting_cases[i].name,
						      .test_func = run_greeting,
						      .initial_state = &greeting_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(choice_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = choice_cases[i].name,
						      .test_func = run_choice,
						      .initial_state = &choice_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(login_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = login_cases[i].name,
						      .test_func = run_login,
						      .initial_state = &login_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(result_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = result_cases[i].name,
						      .test_func = run_result,
						      .initial_state = &result_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(request_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = request_cases[i].name,
						      .test_func = run_request,
						      .initial_state = &request_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(reply_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = reply_cases[i].name,
						      .test_func = run_reply,
						      .initial_state = &reply_cases[i] };
	return cmocka_run_group_tests_name("socks", tests, NULL, NULL);
}
