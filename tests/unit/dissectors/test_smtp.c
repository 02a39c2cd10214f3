#include "dissectors/smtp.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_command(struct cursor in, void *out)
{
	return dissect_smtp_command(in, out);
}

static enum dissect dissect_reply(struct cursor in, void *out)
{
	return dissect_smtp_reply(in, out);
}

static void say_login(FILE *to, const struct mail_login *login)
{
	if (login->mechanism != MAIL_MECHANISM_NONE)
		(void)fprintf(to, " mechanism=%d", (int)login->mechanism);
	exact_say(to, "user", (struct span){ .data = login->user, .len = login->user_len });
}

static void say_command(const void *out, FILE *to)
{
	const struct smtp_command *msg = out;

	(void)fprintf(to, "%d %.*s", (int)msg->verb, (int)msg->name.len,
		      (const char *)msg->name.data);
	exact_say(to, "argument", msg->argument);
	exact_say(to, "domain", msg->domain);
	exact_say(to, "path", msg->path);
	say_login(to, &msg->login);
	if (msg->has_answer)
		(void)fprintf(to, " answered");
	if (msg->chunk_len > 0)
		(void)fprintf(to, " chunk=%u", (unsigned)msg->chunk_len);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_reply(const void *out, FILE *to)
{
	const struct smtp_reply *msg = out;

	(void)fprintf(to, "%u", msg->reply.code);
	exact_say(to, "text", msg->reply.text);
	exact_say(to, "domain", msg->domain);
	if (msg->offers_starttls)
		(void)fprintf(to, " tls");
	if (msg->mechanisms != 0)
		(void)fprintf(to, " mechanisms=%u", msg->mechanisms);
	(void)fprintf(to, " +%zu", msg->reply.consumed);
}

static const struct exact_dissector command_dissector = { dissect_command, say_command,
							  sizeof(struct smtp_command) };
static const struct exact_dissector reply_dissector = { dissect_reply, say_reply,
							sizeof(struct smtp_reply) };

static struct exact_case command_cases[] = {
	{ "a greeting", BYTES("EHLO client.example.com\r\n"), DISSECT_OK,
	  "2 EHLO argument=client.example.com domain=client.example.com +25", 0 },
	{ "one in lower case with more behind it", BYTES("helo [192.0.2.1] x\n"), DISSECT_OK,
	  "1 helo argument=[192.0.2.1] x domain=[192.0.2.1] +19", 0 },
	{ "LMTP's", BYTES("LHLO a\r\n"), DISSECT_OK, "3 LHLO argument=a domain=a +8", 0 },
	{ "who sends", BYTES("MAIL FROM:<a@example.com> SIZE=1\r\n"), DISSECT_OK,
	  "4 MAIL argument=FROM:<a@example.com> SIZE=1 path=a@example.com +34", 0 },
	{ "nobody sends", BYTES("MAIL FROM:<>\r\n"), DISSECT_OK, "4 MAIL argument=FROM:<> +14", 0 },
	{ "who sends, with blanks", BYTES("mail from : <a@b>\r\n"), DISSECT_OK,
	  "4 mail argument=from : <a@b> path=a@b +19", 0 },
	{ "who gets it, without brackets", BYTES("RCPT TO:a@b NOTIFY=NEVER\r\n"), DISSECT_OK,
	  "5 RCPT argument=TO:a@b NOTIFY=NEVER path=a@b +26", 0 },
	{ "a path of another keyword", BYTES("RCPT FROM:<a@b>\r\n"), DISSECT_OK,
	  "5 RCPT argument=FROM:<a@b> +17", 0 },
	{ "a path without its colon", BYTES("RCPT TO <a@b>\r\n"), DISSECT_OK,
	  "5 RCPT argument=TO <a@b> +15", 0 },
	{ "mail begins", BYTES("DATA\r\nSubject: x\r\n"), DISSECT_OK, "6 DATA +6", 12 },
	{ "a chunk", BYTES("BDAT 86 LAST\r\n"), DISSECT_OK, "7 BDAT argument=86 LAST chunk=86 +14",
	  0 },
	{ "a chunk without a length", BYTES("BDAT x\r\n"), DISSECT_OK, "7 BDAT argument=x +8", 0 },
	{ "TLS is asked for", BYTES("STARTTLS\r\n\x16\x03\x01"), DISSECT_OK, "14 STARTTLS +10", 3 },
	{ "PLAIN with its answer", BYTES("AUTH PLAIN AHRlc3QAMTIzNA==\r\n"), DISSECT_OK,
	  "15 AUTH mechanism=4 user=test answered +29", 0 },
	{ "LOGIN", BYTES("AUTH LOGIN\r\n"), DISSECT_OK, "15 AUTH mechanism=8 +12", 0 },
	{ "LOGIN with the user", BYTES("auth login dGVzdA==\r\n"), DISSECT_OK,
	  "15 auth mechanism=8 user=test answered +21", 0 },
	{ "NTLM between Exchange servers", BYTES("X-EXPS NTLM\r\n"), DISSECT_OK,
	  "21 X-EXPS mechanism=64 +13", 0 },
	{ "an argument that is skipped", BYTES("VRFY bob\r\n"), DISSECT_OK,
	  "9 VRFY argument=bob +10", 0 },
	{ "RSET", BYTES("RSET\r\n"), DISSECT_OK, "8 RSET +6", 0 },
	{ "EXPN", BYTES("EXPN list\r\n"), DISSECT_OK, "10 EXPN argument=list +11", 0 },
	{ "NOOP", BYTES("NOOP\r\n"), DISSECT_OK, "12 NOOP +6", 0 },
	{ "TURN", BYTES("TURN\r\n"), DISSECT_OK, "16 TURN +6", 0 },
	{ "ETRN", BYTES("ETRN a.example\r\n"), DISSECT_OK, "17 ETRN argument=a.example +16", 0 },
	{ "XCLIENT", BYTES("XCLIENT ADDR=192.0.2.1\r\n"), DISSECT_OK,
	  "18 XCLIENT argument=ADDR=192.0.2.1 +24", 0 },
	{ "XFORWARD", BYTES("XFORWARD NAME=a\r\n"), DISSECT_OK, "19 XFORWARD argument=NAME=a +17",
	  0 },
	{ "X-ANONYMOUSTLS", BYTES("X-ANONYMOUSTLS\r\n"), DISSECT_OK, "20 X-ANONYMOUSTLS +16", 0 },
	{ "a verb of one's own", BYTES("XADR a\r\n"), DISSECT_OK, "0 XADR argument=a +8", 0 },
	{ "a verb too short", BYTES("GET / HTTP/1.1\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a verb too long", BYTES("ABCDEFGHIJKLMNOPQ\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "TLS", BYTES("\x16\x03\x01\0"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case reply_cases[] = {
	{ "a banner", BYTES("220 mx.example.com ESMTP\r\n"), DISSECT_OK,
	  "220 text=mx.example.com ESMTP domain=mx.example.com +26", 0 },
	{ "what EHLO offers",
	  BYTES("250-mx.example.com at your service\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN "
		"XOAUTH2\r\n250 8BITMIME\r\n"),
	  DISSECT_OK,
	  "250 text=mx.example.com at your service domain=mx.example.com tls mechanisms=524 +94",
	  0 },
	{ "what old servers offer", BYTES("250-a\r\n250-AUTH=LOGIN\r\n250 AUTH CRAM-MD5 X\r\n"),
	  DISSECT_OK, "250 text=a domain=a mechanisms=2072 +44", 0 },
	{ "a challenge", BYTES("334 VXNlcm5hbWU6\r\n"), DISSECT_OK, "334 text=VXNlcm5hbWU6 +18",
	  0 },
	{ "a login accepted", BYTES("235 2.7.0 ok\r\n250 x\r\n"), DISSECT_OK,
	  "235 text=2.7.0 ok +14", 7 },
	{ "no code", BYTES("+OK ready\r\n"), DISSECT_OTHER, NULL, 0 },
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
	assert_int_equal(smtp_login_outcome(235), MAIL_OUTCOME_ACCEPTED);
	assert_int_equal(smtp_login_outcome(535), MAIL_OUTCOME_REFUSED);
	assert_int_equal(smtp_login_outcome(334), MAIL_OUTCOME_NONE);
	assert_int_equal(smtp_login_outcome(454), MAIL_OUTCOME_NONE);
}

int main(void)
{
	struct CMUnitTest tests[1 + ARRAY_LEN(command_cases) + ARRAY_LEN(reply_cases)] = {
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
	return cmocka_run_group_tests_name("smtp", tests, NULL, NULL);
}
