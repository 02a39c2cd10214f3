#include "tests/unit/dialogue/dialogue_bench.h"

static const struct dialogue_part login[] = {
	SERVER("\xff\xfd\x18\xff\xfb\x01"),
	CLIENT("\xff\xfb\x18"),
	SERVER("\xff\xfa\x18\x01\xff\xf0"),
	CLIENT("\xff\xfa\x18\x00XTERM\xff\xf0"),
	SERVER("\r\nsrv login: "),
	CLIENT("anna\r\n"),
	SERVER("anna\r\nPassword: "),
	CLIENT("wrong\r\n"),
	SERVER("\r\nLogin incorrect\r\nsrv login: anna\r\nPassword: "),
	CLIENT("right\r\n"),
	SERVER("\r\nLast login: Mon\r\n$ "),
	CLIENT("ls\r\n"),
};

/* Nothing is negotiated: the port says what it is, but for what names itself. */
static const struct dialogue_part plain[] = {
	SERVER("Username: "), CLIENT("anna\r\n"),       SERVER("Password: "),
	CLIENT("x\r\n"),      SERVER("\r\nUsername: "),
};

static const struct dialogue_part ssh[] = {
	SERVER("SSH-2.0-x\r\n"),
	CLIENT("SSH-2.0-y\r\n"),
	SERVER("login: \r\nPassword: \r\nLogin incorrect\r\n"),
};

static const struct dialogue_part other_port[] = {
	SERVER("\xff\xfd\x18login: "),
	CLIENT("\xff\xfb\x18"),
	SERVER("\r\nPassword: "),
	SERVER("\r\nAccess denied\r\n"),
};

static struct dialogue dialogues[] = {
	{ "the terminal, a refusal, a login", 23, login, ARRAY_LEN(login),
	  "> telnet.terminal terminal=XTERM\n"
	  "< telnet.login outcome=refused\n"
	  "< telnet.login outcome=accepted\n" },
	{ "prompts alone", 23, plain, ARRAY_LEN(plain), "< telnet.login outcome=refused\n" },
	{ "SSH on telnet's port", 23, ssh, ARRAY_LEN(ssh),
	  "< ssh.banner banner=SSH-2.0-x version=2.0 software=x\n"
	  "> ssh.banner banner=SSH-2.0-y version=2.0 software=y\n" },
	{ "negotiation on another port", 4023, other_port, ARRAY_LEN(other_port),
	  "< telnet.login outcome=refused\n" },
};

int main(void)
{
	return dialogue_run_all("read_telnet", dialogues, ARRAY_LEN(dialogues));
}
