#include "tests/unit/dialogue/dialogue_bench.h"

static const struct dialogue_part clear[] = {
	SERVER("* OK [CAPABILITY IMAP4rev1] ready\r\n"),
	CLIENT("a1 LOGIN \"an\\\"na\" secret\r\n"),
	SERVER("* 1 EXISTS\r\na1 NO wrong\r\n"),
	CLIENT("a2 LOGIN {4}\r\n"),
	SERVER("+ go on\r\n"),
	CLIENT("anna {6}\r\n"),
	SERVER("+ go on\r\n"),
	CLIENT("secret\r\n"),
	SERVER("a2 OK in\r\n"),
	CLIENT("a3 FETCH 1 BODY[]\r\n"),
	SERVER("* 1 FETCH (BODY[] {20}\r\na4 OK LOGIN\r\n1234567)\r\na3 OK done\r\n"),
	CLIENT("a4 IDLE\r\n"),
	SERVER("+ idling\r\n"),
	CLIENT("DONE\r\n"),
	SERVER("a4 OK\r\n"),
	CLIENT("a5 LOGOUT\r\n"),
};

static const struct dialogue_part challenged[] = {
	SERVER("* OK ready\r\n"),     CLIENT("1 AUTHENTICATE LOGIN\r\n"),
	SERVER("+ VXNlcm5hbWU6\r\n"), CLIENT("YW5uYQ==\r\n"),
	SERVER("+ UGFzc3dvcmQ6\r\n"), CLIENT("c2VjcmV0\r\n"),
	SERVER("1 NO wrong\r\n"),     CLIENT("2 AUTHENTICATE PLAIN AGJlbgBzZWNyZXQ=\r\n"),
	SERVER("2 OK in\r\n"),
};

static const struct dialogue_part starttls[] = {
	SERVER("* OK ready\r\n"),
	CLIENT("x STARTTLS\r\n"),
	SERVER("x OK begin\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part without_server[] = {
	CLIENT("x STARTTLS\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part refused_tls[] = {
	SERVER("* BYE too many\r\n"),      CLIENT("x STARTTLS\r\n"), SERVER("x BAD no\r\n"),
	CLIENT("y LOGIN anna secret\r\n"), SERVER("y OK in\r\n"),
};

static const struct dialogue_part other[] = {
	SERVER("* Oh\r\n"),
	CLIENT("hello world\r\n"),
};

static struct dialogue dialogues[] = {
	{ "LOGIN in clear, with a literal, and mail", 143, clear, ARRAY_LEN(clear),
	  "< mail.greeting service=imap text=[CAPABILITY IMAP4rev1] ready\n"
	  "< mail.login service=imap user=an\"na mechanism=CLEAR password outcome=refused\n"
	  "< mail.login service=imap user=anna mechanism=CLEAR password outcome=accepted\n" },
	{ "AUTHENTICATE with answers", 143, challenged, ARRAY_LEN(challenged),
	  "< mail.greeting service=imap text=ready\n"
	  "< mail.login service=imap user=anna mechanism=LOGIN password outcome=refused\n"
	  "< mail.login service=imap user=ben mechanism=PLAIN password outcome=accepted\n" },
	{ "STARTTLS", 4143, starttls, ARRAY_LEN(starttls),
	  "< mail.greeting service=imap text=ready\n"
	  "< mail.starttls service=imap\n" },
	{ "STARTTLS when the server is not heard", 143, without_server, ARRAY_LEN(without_server),
	  "> mail.starttls service=imap\n" },
	{ "STARTTLS refused", 143, refused_tls, ARRAY_LEN(refused_tls),
	  "< mail.greeting service=imap text=too many\n"
	  "< mail.login service=imap user=anna mechanism=CLEAR password outcome=accepted\n" },
	{ "what is no IMAP", 4143, other, ARRAY_LEN(other), "" },
};

int main(void)
{
	return dialogue_run_all("read_imap", dialogues, ARRAY_LEN(dialogues));
}
