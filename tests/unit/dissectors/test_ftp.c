#include "dissectors/ftp.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_command(struct cursor in, void *out)
{
	return dissect_ftp_command(in, out);
}

static enum dissect dissect_reply(struct cursor in, void *out)
{
	return dissect_ftp_reply(in, out);
}

static void say_endpoint(FILE *to, const struct ftp_endpoint *end)
{
	if (end->port == 0)
		return;
	(void)fprintf(to, " to=");
	for (unsigned i = 0; i < end->address_len; i++)
		(void)fprintf(to, "%02x", end->address[i]);
	(void)fprintf(to, ":%u", end->port);
}

static void say_command(const void *out, FILE *to)
{
	const struct ftp_command *msg = out;

	(void)fprintf(to, "%d", (int)msg->verb);
	exact_say(to, "name", msg->name);
	exact_say(to, "argument", msg->argument);
	(void)fprintf(to, " %zu", msg->argument_len);
	say_endpoint(to, &msg->endpoint);
	(void)fprintf(to, " +%zu", msg->consumed);
}

static void say_reply(const void *out, FILE *to)
{
	const struct ftp_reply *msg = out;

	(void)fprintf(to, "%u%s", msg->reply.code, msg->reply.is_multiline ? "-" : "");
	exact_say(to, "text", msg->reply.text);
	(void)fprintf(to, " %zu", msg->reply.all.len);
	say_endpoint(to, &msg->endpoint);
	(void)fprintf(to, " +%zu", msg->reply.consumed);
}

static const struct exact_dissector commands = { dissect_command, say_command,
						 sizeof(struct ftp_command) };
static const struct exact_dissector replies = { dissect_reply, say_reply,
						sizeof(struct ftp_reply) };

static struct exact_case command_cases[] = {
	{ "a user", BYTES("USER anonymous\r\n"), DISSECT_OK, "1 name=USER argument=anonymous 9 +16",
	  0 },
	{ "in lower case, a blank too many, no carriage return", BYTES("user  bob \n"), DISSECT_OK,
	  "1 name=user argument=bob 3 +11", 0 },
	{ "a password is not kept", BYTES("PASS secret\r\n"), DISSECT_OK, "2 name=PASS 6 +13", 0 },
	{ "an account neither", BYTES("ACCT x\r\n"), DISSECT_OK, "3 name=ACCT 1 +8", 0 },
	{ "nor what ADAT carries", BYTES("ADAT YII=\r\n"), DISSECT_OK, "5 name=ADAT 4 +11", 0 },
	{ "no argument", BYTES("PWD\r\n"), DISSECT_OK, "11 name=PWD 0 +5", 0 },
	{ "two commands", BYTES("AUTH TLS\r\nPBSZ 0\r\n"), DISSECT_OK,
	  "4 name=AUTH argument=TLS 3 +10", 8 },
	{ "a file name with blanks", BYTES("STOR my file.zip\r\n"), DISSECT_OK,
	  "19 name=STOR argument=my file.zip 11 +18", 0 },
	{ "PORT of RFC 959", BYTES("PORT 192,0,2,7,4,1\r\n"), DISSECT_OK,
	  "31 name=PORT argument=192,0,2,7,4,1 13 to=c0000207:1025 +20", 0 },
	{ "PORT with an octet too large", BYTES("PORT 192,0,2,256,4,1\r\n"), DISSECT_OK,
	  "31 name=PORT argument=192,0,2,256,4,1 15 +22", 0 },
	{ "PORT without its end", BYTES("PORT 192,0,2,7,4\r\n"), DISSECT_OK,
	  "31 name=PORT argument=192,0,2,7,4 11 +18", 0 },
	{ "EPRT of RFC 2428, IPv4", BYTES("EPRT |1|132.235.1.2|6275|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=|1|132.235.1.2|6275| 20 to=84eb0102:6275 +27", 0 },
	{ "EPRT of RFC 2428, IPv6", BYTES("EPRT |2|1080::8:800:200C:417A|5282|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=|2|1080::8:800:200C:417A|5282| 30 "
	  "to=108000000000000000080800200c417a:5282 +37",
	  0 },
	{ "EPRT of a family that is not known", BYTES("EPRT |3|x|1|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=|3|x|1| 7 +14", 0 },
	{ "EPRT without an address", BYTES("EPRT |1||1|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=|1||1| 6 +13", 0 },
	{ "EPRT with a port too large", BYTES("EPRT |1|192.0.2.1|65536|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=|1|192.0.2.1|65536| 19 +26", 0 },
	{ "EPRT without a family", BYTES("EPRT ||192.0.2.1|5|\r\n"), DISSECT_OK,
	  "32 name=EPRT argument=||192.0.2.1|5| 14 +21", 0 },
	{ "EPRT cut", BYTES("EPRT |1|\r\n"), DISSECT_OK, "32 name=EPRT argument=|1| 3 +10", 0 },
	{ "ABOR behind telnet's interrupt",
	  BYTES("\xff\xf4\xff\xf2"
		"ABOR\r\n"),
	  DISSECT_OK, "29 name=ABOR 0 +10", 0 },
	{ "a verb of one's own", BYTES("XYZ a\r\n"), DISSECT_OK, "0 name=XYZ argument=a 1 +7", 0 },
	{ "two letters", BYTES("IP 192.0.2.1\r\n"), DISSECT_OK,
	  "0 name=IP argument=192.0.2.1 9 +14", 0 },
	{ "a verb too long", BYTES("ABCDEFGHI\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a verb too short", BYTES("l /\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "HTTP", BYTES("\r\nGET / HTTP/1.1\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "SSH", BYTES("SSH-2.0-x\r\n"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case reply_cases[] = {
	{ "a banner", BYTES("220 ftp.example.com ready\r\n"), DISSECT_OK,
	  "220 text=ftp.example.com ready 25 +27", 0 },
	{ "a code alone", BYTES("230\r\n"), DISSECT_OK, "230 3 +5", 0 },
	{ "several lines",
	  BYTES("230-Hello\r\n 230 not yet\r\n230-nor now\r\n231 x\r\n230 Now\r\n"), DISSECT_OK,
	  "230- text=Hello 52 +54", 0 },
	{ "several lines, the last of a code alone", BYTES("211-a\r\n211\r\n"), DISSECT_OK,
	  "211- text=a 10 +12", 0 },
	{ "two replies", BYTES("331 Who?\n530 No\r\n"), DISSECT_OK, "331 text=Who? 8 +9", 8 },
	{ "227 in brackets", BYTES("227 Entering (192,0,2,7,4,1).\r\n"), DISSECT_OK,
	  "227 text=Entering (192,0,2,7,4,1). 29 to=c0000207:1025 +31", 0 },
	{ "227 without brackets", BYTES("227 Passive 192,0,2,7,4,1\r\n"), DISSECT_OK,
	  "227 text=Passive 192,0,2,7,4,1 25 to=c0000207:1025 +27", 0 },
	{ "227 without numbers", BYTES("227 What\r\n"), DISSECT_OK, "227 text=What 8 +10", 0 },
	{ "229", BYTES("229 Extended (|||6446|)\r\n"), DISSECT_OK,
	  "229 text=Extended (|||6446|) 23 to=:6446 +25", 0 },
	{ "229 without a port", BYTES("229 Extended (||||)\r\n"), DISSECT_OK,
	  "229 text=Extended (||||) 19 +21", 0 },
	{ "229 without brackets", BYTES("229 Extended\r\n"), DISSECT_OK, "229 text=Extended 12 +14",
	  0 },
	{ "RFC 2228's 6yz", BYTES("631 x\r\n"), DISSECT_OK, "631 text=x 5 +7", 0 },
	{ "a code too small", BYTES("099 x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a code too large", BYTES("700 x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a middle digit too large", BYTES("260 x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "two digits", BYTES("22 x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "four digits", BYTES("2200 x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "SSH", BYTES("SSH-2.0-x\r\n"), DISSECT_OTHER, NULL, 0 },
};

static void run_command(void **state)
{
	exact_run(&commands, *state);
}

static void run_reply(void **state)
{
	exact_run(&replies, *state);
}

static void login_outcomes(void **state)
{
	static const struct {
		uint16_t code;
		enum ftp_login want;
	} rows[] = {
		{ 230, FTP_LOGIN_ACCEPTED },       { 232, FTP_LOGIN_ACCEPTED },
		{ 331, FTP_LOGIN_NEEDS_PASSWORD }, { 332, FTP_LOGIN_NEEDS_ACCOUNT },
		{ 336, FTP_LOGIN_NEEDS_PASSWORD }, { 430, FTP_LOGIN_REFUSED },
		{ 530, FTP_LOGIN_REFUSED },        { 421, FTP_LOGIN_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(ftp_login_of(rows[i].code), rows[i].want);
}

static void lines_and_replies_have_limits(void **state)
{
	enum { LEN = 6 * CODED_REPLY_LINES_MAX };
	uint8_t *text = malloc(LEN);
	struct ftp_command command;
	struct ftp_reply reply;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', LEN);
	memcpy(text, "USER ", 5);
	assert_int_equal(dissect_ftp_command(cursor_over(text, LEN), &command), DISSECT_MALFORMED);
	text[LEN - 1] = '\n';
	assert_int_equal(dissect_ftp_command(cursor_over(text, LEN), &command), DISSECT_MALFORMED);
	for (size_t at = 0; at < LEN; at += 6)
		memcpy(&text[at], "220-a\n", 6);
	assert_int_equal(dissect_ftp_reply(cursor_over(text, LEN), &reply), DISSECT_MALFORMED);
	assert_int_equal(dissect_ftp_reply(cursor_over(text, LEN - 6), &reply), DISSECT_TRUNCATED);
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[2 + ARRAY_LEN(command_cases) + ARRAY_LEN(reply_cases)] = {
		cmocka_unit_test(login_outcomes),
		cmocka_unit_test(lines_and_replies_have_limits),
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
	return cmocka_run_group_tests_name("ftp", tests, NULL, NULL);
}
