#include "tests/unit/dialogue/dialogue_bench.h"

static const struct dialogue_part clear[] = {
	SERVER("+OK ready <1.2@mx>\r\n"),
	CLIENT("CAPA\r\n"),
	SERVER("+OK list\r\nUSER\r\nSTLS\r\n.\r\n"),
	CLIENT("USER anna\r\n"),
	SERVER("+OK\r\n"),
	CLIENT("PASS secret\r\n"),
	SERVER("-ERR wrong\r\n"),
	CLIENT("APOP ben c4c9334bac560ecc979e58001b3e22fb\r\n"),
	SERVER("+OK in\r\n"),
	CLIENT("LIST\r\nRETR 1\r\nRETR 2\r\n"),
	SERVER("+OK 2\r\n1 120\r\n2 99\r\n.\r\n+OK 120\r\n-ERR is not an "
	       "error\r\n..\r\n.\r\n-ERR\r\n"),
	CLIENT("QUIT\r\n"),
	SERVER("+OK bye\r\n"),
};

static const struct dialogue_part challenged[] = {
	SERVER("+OK ready\r\n"),
	CLIENT("AUTH\r\n"),
	SERVER("+OK\r\nLOGIN\r\n.\r\n"),
	CLIENT("AUTH LOGIN\r\n"),
	SERVER("+ VXNlcm5hbWU6\r\n"),
	CLIENT("YW5uYQ==\r\n"),
	SERVER("+ UGFzc3dvcmQ6\r\n"),
	CLIENT("c2VjcmV0\r\n"),
	SERVER("-ERR wrong\r\n"),
	CLIENT("AUTH PLAIN AGJlbgBzZWNyZXQ=\r\n"),
	SERVER("+OK in\r\n"),
};

static const struct dialogue_part stls[] = {
	SERVER("+OK ready\r\n"),
	CLIENT("STLS\r\n"),
	SERVER("+OK begin\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part without_server[] = {
	CLIENT("STLS\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part redis[] = {
	CLIENT("*1\r\n$4\r\nPING\r\n"),
	SERVER("+OK\r\n"),
};

static struct dialogue dialogues[] = {
	{ "USER and PASS, APOP, and replies with lines", 110, clear, ARRAY_LEN(clear),
	  "< mail.greeting service=pop3 text=ready <1.2@mx>\n"
	  "< mail.login service=pop3 user=anna mechanism=CLEAR password outcome=refused\n"
	  "< mail.login service=pop3 user=ben mechanism=APOP outcome=accepted\n" },
	{ "AUTH", 4110, challenged, ARRAY_LEN(challenged),
	  "< mail.greeting service=pop3 text=ready\n"
	  "< mail.login service=pop3 user=anna mechanism=LOGIN password outcome=refused\n"
	  "< mail.login service=pop3 user=ben mechanism=PLAIN password outcome=accepted\n" },
	{ "STLS", 110, stls, ARRAY_LEN(stls),
	  "< mail.greeting service=pop3 text=ready\n"
	  "< mail.starttls service=pop3\n" },
	{ "STLS when the server is not heard", 110, without_server, ARRAY_LEN(without_server),
	  "> mail.starttls service=pop3\n" },
	{ "Redis is no POP3", 6379, redis, ARRAY_LEN(redis), "" },
};

int main(void)
{
	return dialogue_run_all("read_pop3", dialogues, ARRAY_LEN(dialogues));
}
