#include "dissectors/pop3.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_command(struct cursor in, void *out)
{
	return dissect_pop3_command(in, out);
}

static enum dissect dissect_reply(struct cursor in, void *out)
{
	return dissect_pop3_reply(in, out);
}

static void say_login(FILE *to, const struct mail_login *login)
{
	if (login->mechanism != MAIL_MECHANISM_NONE)
		(void)fprintf(to, " mechanism=%d", (int)login->mechanism);
	exact_say(to, "user", (struct span){ .data = login->user, .len = login->user_len });
}

static void say_command(const void *out, FILE *to)
{
	const struct pop3_command *msg = out;

	(void)fprintf(to, "%d %.*s", (int)msg->verb, (int)msg->name.len,
		      (const char *)msg->name.data);
	exact_say(to, "argument", msg->argument);
	(void)fprintf(to, " %zu", msg->argument_len);
	say_login(to, &msg->login);
	if (msg->has_answer)
		(void)fprintf(to, " answered");
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_reply(const void *out, FILE *to)
{
	const struct pop3_reply *msg = out;

	(void)fprintf(to, "%d", (int)msg->status);
	exact_say(to, "text", msg->text);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static const struct exact_dissector command_dissector = { dissect_command, say_command,
							  sizeof(struct pop3_command) };
static const struct exact_dissector reply_dissector = { dissect_reply, say_reply,
							sizeof(struct pop3_reply) };

static struct exact_case command_cases[] = {
	{ "a user", BYTES("USER bob\r\n"), DISSECT_OK,
	  "1 USER argument=bob 3 mechanism=1 user=bob +10", 0 },
	{ "a password is not kept", BYTES("PASS secret \r\n"), DISSECT_OK, "2 PASS 6 +14", 0 },
	{ "APOP of RFC 1939", BYTES("APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"), DISSECT_OK,
	  "3 APOP 38 mechanism=2 user=mrose +45", 0 },
	{ "AUTH alone", BYTES("AUTH\r\n"), DISSECT_OK, "4 AUTH 0 +6", 0 },
	{ "AUTH with its answer", BYTES("AUTH PLAIN AHRlc3QAMTIzNA==\r\n"), DISSECT_OK,
	  "4 AUTH 22 mechanism=4 user=test answered +29", 0 },
	{ "TLS is asked for", BYTES("STLS\r\n\x16"), DISSECT_OK, "5 STLS 0 +6", 1 },
	{ "a number", BYTES("RETR 1\nDELE 1\n"), DISSECT_OK, "11 RETR argument=1 1 +7", 7 },
	{ "a digit in the verb", BYTES("utf8\r\n"), DISSECT_OK, "18 utf8 0 +6", 0 },
	{ "a verb of one's own", BYTES("XYZ\r\n"), DISSECT_OK, "0 XYZ 0 +5", 0 },
	{ "a verb too long", BYTES("EHLOX a\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a verb too short", BYTES("ls\r\n"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case reply_cases[] = {
	{ "a banner", BYTES("+OK POP3 ready <1@a>\r\n"), DISSECT_OK, "0 text=POP3 ready <1@a> +22",
	  0 },
	{ "nothing else", BYTES("+OK\r\n+OK\r\n"), DISSECT_OK, "0 +5", 5 },
	{ "an error in lower case", BYTES("-err no\n"), DISSECT_OK, "1 text=no +8", 0 },
	{ "a challenge", BYTES("+ VXNlcm5hbWU6\r\n"), DISSECT_OK, "2 text=VXNlcm5hbWU6 +16", 0 },
	{ "an empty challenge", BYTES("+ \r\n"), DISSECT_OK, "2 +4", 0 },
	{ "a word that goes on", BYTES("+OKAY\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "neither", BYTES("+NO\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "SMTP", BYTES("220 a\r\n"), DISSECT_OTHER, NULL, 0 },
};

static void run_command(void **state)
{
	exact_run(&command_dissector, *state);
}

static void run_reply(void **state)
{
	exact_run(&reply_dissector, *state);
}

static void login_outcomes(void **state)
{
	(void)state;
	assert_int_equal(pop3_login_outcome(POP3_OK), MAIL_OUTCOME_ACCEPTED);
	assert_int_equal(pop3_login_outcome(POP3_ERROR), MAIL_OUTCOME_REFUSED);
	assert_int_equal(pop3_login_outcome(POP3_CONTINUATION), MAIL_OUTCOME_NONE);
}

static bool has_body(const char *line)
{
	struct pop3_command command;

	assert_int_equal(dissect_pop3_command(cursor_over(line, strlen(line)), &command),
			 DISSECT_OK);
	return pop3_reply_has_body(&command);
}

static void replies_with_bodies(void **state)
{
	(void)state;
	assert_true(has_body("RETR 1\r\n"));
	assert_true(has_body("CAPA\r\n"));
	assert_true(has_body("LIST\r\n"));
	assert_false(has_body("LIST 1\r\n"));
	assert_true(has_body("AUTH\r\n"));
	assert_true(has_body("TOP 1 0\r\n"));
	assert_true(has_body("UIDL\r\n"));
	assert_true(has_body("LANG\r\n"));
	assert_false(has_body("LANG en\r\n"));
	assert_false(has_body("STAT\r\n"));
}

int main(void)
{
	struct CMUnitTest tests[2 + ARRAY_LEN(command_cases) + ARRAY_LEN(reply_cases)] = {
		cmocka_unit_test(login_outcomes),
		cmocka_unit_test(replies_with_bodies),
	};
	size_t count = 2;

	for (size_t i = 0; i < ARRAY_LEN(command_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = command_cases[i].name,
						      .test_func = run_command,
						      .initial_state = &command_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(reply_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = reply_cases[i].name,
						      .test_func = run_reply,
						      .initial_state = &reply_cases[i] };
	return cmocka_run_group_tests_name("pop3", tests, NULL, NULL);
}
