#include "tests/unit/dialogue/dialogue_bench.h"

#define GET      "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
#define GET_LINE "> http.request method=GET host=a.example uri=/\n"

static const struct dialogue_part by_name[] = {
	CLIENT("\x05\x01\x00"),
	SERVER("\x05\x00"),
	CLIENT("\x05\x01\x00\x03\x09"
	       "A.example\x00\x50"),
	SERVER("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"),
	CLIENT(GET),
	SERVER("HTTP/1.1 204 No Content\r\n\r\n"),
};

static const struct dialogue_part with_login[] = {
	CLIENT("\x05\x02\x00\x02"),
	SERVER("\x05\x02"),
	CLIENT("\x01\x04"
	       "anna\x06"
	       "secret"),
	SERVER("\x01\x00"),
	CLIENT("\x05\x01\x00\x04\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	       "\x01\xbb"),
	SERVER("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"),
};

static const struct dialogue_part wrong_login[] = {
	CLIENT("\x05\x01\x02"),
	SERVER("\x05\x02"),
	CLIENT("\x01\x04"
	       "anna\x00"),
	SERVER("\x01\x01"),
};

static const struct dialogue_part version_4[] = {
	CLIENT("\x04\x01\x00\x50\xc0\x00\x02\x01"
	       "anna\x00"),
	SERVER("\x00\x5a\x00\x50\xc0\x00\x02\x01"),
	CLIENT(GET),
};

static const struct dialogue_part version_4a[] = {
	CLIENT("\x04\x01\x00\x50\x00\x00\x00\x01\x00"
	       "a.example\x00"),
	SERVER("\x00\x5b\x00\x50\xc0\x00\x02\x01"),
};

/* The client does not wait for the server's leave: what it sends is kept. */
static const struct dialogue_part hasty[] = {
	CLIENT("\x05\x01\x00"),
	SERVER("\x05\x00"),
	CLIENT("\x05\x01\x00\x03\x09"
	       "a.example\x00\x50"
	       "GET / HTTP/1.1\r\nHost: "),
	SERVER("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"),
	CLIENT("a.example\r\n\r\n"),
};

static const struct dialogue_part not_socks[] = {
	CLIENT("\x05\x02\x77\x66"),
	SERVER("\x05\x00"),
};

static const struct dialogue_part not_socks_4[] = {
	CLIENT("\x04\x01\x00\x00\xc0\x00\x02\x01\x00"),
	SERVER("\x00\x5a\x00\x50\xc0\x00\x02\x01"),
};

static struct dialogue dialogues[] = {
	{ "5 by name, and what is tunnelled", 1080, by_name, ARRAY_LEN(by_name),
	  "> socks.request version=5 command=CONNECT host=a.example port=80\n"
	  "< socks.reply version=5 status=0 outcome=accepted\n" GET_LINE
	  "< http.response status=204\n" },
	{ "5 with a password, refused by the target", 9999, with_login, ARRAY_LEN(with_login),
	  "> socks.login user=anna password\n"
	  "< socks.login outcome=accepted\n"
	  "> socks.request version=5 command=CONNECT host=2001:db8::1 port=443\n"
	  "< socks.reply version=5 status=5 outcome=refused\n" },
	{ "5 with a wrong password", 1080, wrong_login, ARRAY_LEN(wrong_login),
	  "> socks.login user=anna\n"
	  "< socks.login outcome=refused\n" },
	{ "4", 1080, version_4, ARRAY_LEN(version_4),
	  "> socks.request version=4 command=CONNECT host=192.0.2.1 port=80 user=anna\n"
	  "< socks.reply version=4 status=90 outcome=accepted\n" GET_LINE },
	{ "4a, refused", 1080, version_4a, ARRAY_LEN(version_4a),
	  "> socks.request version=4 command=CONNECT host=a.example port=80\n"
	  "< socks.reply version=4 status=91 outcome=refused\n" },
	{ "a client that does not wait", 1080, hasty, ARRAY_LEN(hasty),
	  "> socks.request version=5 command=CONNECT host=a.example port=80\n"
	  "< socks.reply version=5 status=0 outcome=accepted\n" GET_LINE },
	{ "methods that nobody has", 1080, not_socks, ARRAY_LEN(not_socks), "" },
	{ "no port", 1080, not_socks_4, ARRAY_LEN(not_socks_4), "" },
};

int main(void)
{
	return dialogue_run_all("read_socks", dialogues, ARRAY_LEN(dialogues));
}
