#include "dissectors/imap.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_command(struct cursor in, void *out)
{
	return dissect_imap_command(in, out);
}

static enum dissect dissect_reply(struct cursor in, void *out)
{
	return dissect_imap_reply(in, out);
}

static enum dissect dissect_rest(struct cursor in, void *out)
{
	return dissect_imap_rest(in, out);
}

static void say_login(FILE *to, const struct mail_login *login)
{
	if (login->mechanism != MAIL_MECHANISM_NONE)
		(void)fprintf(to, " mechanism=%d", (int)login->mechanism);
	exact_say(to, "user", (struct span){ .data = login->user, .len = login->user_len });
}

static void say_command(const void *out, FILE *to)
{
	const struct imap_command *msg = out;

	(void)fprintf(to, "%.*s %d %.*s", (int)msg->tag.len, (const char *)msg->tag.data,
		      (int)msg->verb, (int)msg->name.len, (const char *)msg->name.data);
	say_login(to, &msg->login);
	if (msg->has_answer)
		(void)fprintf(to, " answered");
	if (msg->literal_left > 0)
		(void)fprintf(to, " left=%u", (unsigned)msg->literal_left);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_reply(const void *out, FILE *to)
{
	const struct imap_reply *msg = out;

	(void)fprintf(to, "%d/%d", (int)msg->kind, (int)msg->status);
	exact_say(to, "tag", msg->tag);
	exact_say(to, "text", msg->text);
	if (msg->has_capabilities)
		(void)fprintf(to, " capabilities=%u", msg->mechanisms);
	if (msg->offers_starttls)
		(void)fprintf(to, " tls");
	if (msg->login_is_disabled)
		(void)fprintf(to, " nologin");
	if (msg->literal_left > 0)
		(void)fprintf(to, " left=%u", (unsigned)msg->literal_left);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_rest(const void *out, FILE *to)
{
	const struct imap_rest *msg = out;

	(void)fprintf(to, "%u +%zu", (unsigned)msg->literal_left, msg->consumed);
}

static const struct exact_dissector command_dissector = { dissect_command, say_command,
							  sizeof(struct imap_command) };
static const struct exact_dissector reply_dissector = { dissect_reply, say_reply,
							sizeof(struct imap_reply) };
static const struct exact_dissector rest_dissector = { dissect_rest, say_rest,
						       sizeof(struct imap_rest) };

static struct exact_case command_cases[] = {
	{ "LOGIN in atoms", BYTES("a001 LOGIN bob secret\r\n"), DISSECT_OK,
	  "a001 1 LOGIN mechanism=1 user=bob +23", 0 },
	{ "LOGIN in quotes", BYTES("1 login \"EX\\\\bob \\\"b\" \"x\"\r\n"), DISSECT_OK,
	  "1 1 login mechanism=1 user=EX\\bob \"b +27", 0 },
	{ "LOGIN in quotes that do not end", BYTES("1 login \"bob\r\n"), DISSECT_OK,
	  "1 1 login mechanism=1 user=bob +14", 0 },
	{ "LOGIN in literals", BYTES("a LOGIN {3}\r\nbob {6+}\r\nsecret\r\n"), DISSECT_OK,
	  "a 1 LOGIN mechanism=1 user=bob +31", 0 },
	{ "LOGIN in a long literal", BYTES("a LOGIN {1025}\r\n"), DISSECT_OK,
	  "a 1 LOGIN left=1025 +16", 0 },
	{ "AUTHENTICATE", BYTES("A2 AUTHENTICATE PLAIN\r\n"), DISSECT_OK,
	  "A2 2 AUTHENTICATE mechanism=4 +23", 0 },
	{ "AUTHENTICATE with its answer", BYTES("A2 authenticate plain AHRlc3QAMTIzNA==\r\n"),
	  DISSECT_OK, "A2 2 authenticate mechanism=4 user=test answered +40", 0 },
	{ "TLS is asked for", BYTES("1 STARTTLS\r\n\x16"), DISSECT_OK, "1 3 STARTTLS +12", 1 },
	{ "mail is left", BYTES("7 APPEND x (\\Seen) {2000}\r\nSubject"), DISSECT_OK,
	  "7 20 APPEND left=2000 +27", 7 },
	{ "a literal of eight bits", BYTES("7 APPEND x ~{2000+}\r\n"), DISSECT_OK,
	  "7 20 APPEND left=2000 +21", 0 },
	{ "what only looks like a literal", BYTES("7 SELECT {x}\r\n"), DISSECT_OK, "7 8 SELECT +14",
	  0 },
	{ "two words", BYTES("b.2 UID FETCH 1 BODY[]\r\n"), DISSECT_OK, "b.2 34 UID +24", 0 },
	{ "a verb of one's own", BYTES("x XYZZY\r\n"), DISSECT_OK, "x 0 XYZZY +9", 0 },
	{ "more literals than are read",
	  BYTES("a LOGIN {0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n"),
	  DISSECT_MALFORMED, NULL, 0 },
	{ "HTTP", BYTES("GET / HTTP/1.1\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a verb of a letter", BYTES("a b\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a tag too long", BYTES("abcdefghijklmnopqrstuvwxyz0123456 LOGIN a b\r\n"), DISSECT_OTHER,
	  NULL, 0 },
	{ "no tag", BYTES(" LOGIN a b\r\n"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case reply_cases[] = {
	{ "a greeting", BYTES("* OK IMAP4rev1 ready\r\n"), DISSECT_OK,
	  "1/1 text=IMAP4rev1 ready +22", 0 },
	{ "a greeting with capabilities",
	  BYTES("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n"), DISSECT_OK,
	  "1/1 text=[CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi capabilities=0 tls nologin "
	  "+55",
	  0 },
	{ "capabilities", BYTES("* CAPABILITY IMAP4 AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=X\r\n"),
	  DISSECT_OK,
	  "1/0 text=CAPABILITY IMAP4 AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=X capabilities=2308 +57",
	  0 },
	{ "how a command went", BYTES("a001 OK done\r\n* BYE\r\n"), DISSECT_OK,
	  "0/1 tag=a001 text=done +14", 7 },
	{ "and in lower case", BYTES("a001 no [AUTHENTICATIONFAILED] no\n"), DISSECT_OK,
	  "0/2 tag=a001 text=[AUTHENTICATIONFAILED] no +34", 0 },
	{ "no login is needed", BYTES("* PREAUTH x\r\n"), DISSECT_OK, "1/4 text=x +13", 0 },
	{ "a challenge", BYTES("+ YGgG\r\n"), DISSECT_OK, "2/0 text=YGgG +8", 0 },
	{ "a challenge of nothing", BYTES("+\r\n"), DISSECT_OK, "2/0 +3", 0 },
	{ "data with a literal", BYTES("* 12 FETCH (BODY[] {342}\r\nDate"), DISSECT_OK,
	  "1/0 text=12 FETCH (BODY[] {342} left=342 +26", 4 },
	{ "POP3", BYTES("+OK hi\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a star alone", BYTES("*OK hi\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a tag without a status", BYTES("HTTP/1.1 200 OK\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "SMTP", BYTES("220-a\r\n"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case rest_cases[] = {
	{ "the end", BYTES(")\r\n"), DISSECT_OK, "0 +3", 0 },
	{ "another literal", BYTES(" BODY {77}\r\nx"), DISSECT_OK, "77 +12", 1 },
};

static void run_command(void **state)
{
	exact_run(&command_dissector, *state);
}

static void run_reply(void **state)
{
	exact_run(&reply_dissector, *state);
}

static void run_rest(void **state)
{
	exact_run(&rest_dissector, *state);
}

static void login_outcomes(void **state)
{
	struct imap_reply reply = { .kind = IMAP_UNTAGGED, .status = IMAP_STATUS_OK };

	(void)state;
	assert_int_equal(imap_login_outcome(&reply), MAIL_OUTCOME_NONE);
	reply.kind = IMAP_TAGGED;
	assert_int_equal(imap_login_outcome(&reply), MAIL_OUTCOME_ACCEPTED);
	reply.status = IMAP_STATUS_NO;
	assert_int_equal(imap_login_outcome(&reply), MAIL_OUTCOME_REFUSED);
}

int main(void)
{
	struct CMUnitTest tests[1 + ARRAY_LEN(command_cases) + ARRAY_LEN(reply_cases) +
				ARRAY_LEN(rest_cases)] = {
		cmocka_unit_test(login_outcomes),
	};
	size_t count = 1;

	for (size_t i = 0; i < ARRAY_LEN(command_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = command_cases[i].name,
						      .test_func = run_command,
						      .initial_state = &command_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(reply_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = reply_cases[i].name,
						      .test_func = run_reply,
						      .initial_state = &reply_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(rest_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = rest_cases[i].name,
						      .test_func = run_rest,
						      .initial_state = &rest_cases[i] };
	return cmocka_run_group_tests_name("imap", tests, NULL, NULL);
}
