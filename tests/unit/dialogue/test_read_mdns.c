#include "tests/unit/dialogue/datagram_bench.h"

/* Ten letters of three octets each. */
#define UTF8_NAME    UTF8_FIVE UTF8_FIVE
#define UTF8_FIVE    PU PU PU PU PU
#define PU           "\343\203\227"
#define ESCAPED_NAME ESCAPED_FIVE ESCAPED_FIVE
#define ESCAPED_FIVE ESCAPED ESCAPED ESCAPED ESCAPED ESCAPED
#define ESCAPED      "\\227\\131\\151"

/* One more record than is written as text. */
#define EIGHT(x)       x x x x x x x x
#define SIXTY_FOUR(x)  EIGHT(EIGHT(x))
#define ADDRESS_RECORD "\300\014\000\001\000\001\000\000\000\001\000\004\300\000\002\001"

static struct datagram_case cases[] = {
	{ "a probe of several questions", true, 5353,
	  BYTES("\000\000\000\000\000\003\000\000\000\004\000\000\0011\0010\0010\0010"
		"\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010"
		"\0010\0010\0010\0010\0010\0010\0018\001b\001d\0010\0011\0010\0010\0012"
		"\003ip6\004arpa\000\000\377\000\001\007printer\005local\000\000\377"
		"\000\001\0011\0012\0010\003192\007in-addr\300P\000\377\000\001\300Z"
		"\000\001\000\001\000\000\000x\000\004\300\000\002\001\300m\000\014\000"
		"\001\000\000\000x\000\002\300Z\300Z\000\034\000\001\000\000\000x\000"
		"\020 \001\015\270\000\000\000\000\000\000\000\000\000\000\000\001\300"
		"\014\000\014\000\001\000\000\000x\000\002\300Z"),
	  "> mdns "
	  "questions=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa "
	  "question_types=ANY questions=printer.local question_types=ANY "
	  "questions=1.2.0.192.in-addr.arpa question_types=ANY "
	  "addresses=192.0.2.1 addresses=2001:db8::1 authority=printer.local A 192.0.2.1 "
	  "authority=1.2.0.192.in-addr.arpa PTR printer.local "
	  "authority=printer.local AAAA 2001:db8::1 "
	  "authority=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa "
	  "PTR printer.local\n",
	  NULL },
	{ "a responder names its host", true, 5353,
	  BYTES("\000\000\204\000\000\000\000\004\000\000\000\000\0011\0010\0010\0010"
		"\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010"
		"\0010\0010\0010\0010\0010\0010\0018\001b\001d\0010\0011\0010\0010\0012"
		"\003ip6\004arpa\000\000\014\200\001\000\000\000x\000\017\007printer"
		"\005local\000\300`\000\001\200\001\000\000\000x\000\004\300\000\002"
		"\001\0011\0012\0010\003192\007in-addr\300P\000\014\200\001\000\000\000"
		"x\000\002\300`\300`\000\034\200\001\000\000\000x\000\020 \001\015\270"
		"\000\000\000\000\000\000\000\000\000\000\000\001"),
	  "> mdns response addresses=192.0.2.1 addresses=2001:db8::1 "
	  "answers=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa "
	  "PTR printer.local answers=printer.local A 192.0.2.1 "
	  "answers=1.2.0.192.in-addr.arpa PTR printer.local answers=printer.local "
	  "AAAA 2001:db8::1\n",
	  NULL },
	{ "a name in UTF-8, longer as text than a device's may be", true, 5353,
	  BYTES("\000\000\204\000\000\000\000\001\000\000\000\000\036" UTF8_NAME
		"\005local\000\000\001\200\001\000\000\000x\000\004\300\250\001\012"),
	  "device_name " UTF8_NAME "\n"
	  "> mdns response addresses=192.168.1.10 "
	  "answers=" ESCAPED_NAME ".local A 192.168.1.10\n",
	  NULL },
	{ "more records than are told", true, 5353,
	  BYTES("\000\000\204\000\000\001\000\101\000\000\000\000\001a\005local\000"
		"\000\001\000\001" SIXTY_FOUR(ADDRESS_RECORD) ADDRESS_RECORD),
	  "> mdns response questions=a.local question_types=A" SIXTY_FOUR(
		  " addresses=192.0.2.1") " addresses=192.0.2.1" SIXTY_FOUR(" answers=a.local A "
									    "192.0.2.1") " (cut)\n",
	  NULL },
	{ "LLMNR asks", true, 5355,
	  BYTES("\0224\000\000\000\001\000\000\000\000\000\000\004wpad\000\000\001\000"
		"\001"),
	  "> llmnr questions=wpad question_types=A\n", NULL },
	{ "LLMNR answers", false, 5355,
	  BYTES("\0224\200\000\000\001\000\001\000\000\000\000\004wpad\000\000\001\000"
		"\001\300\014\000\001\000\001\000\000\000\036\000\004\300\000\002B"),
	  "< llmnr response questions=wpad question_types=A addresses=192.0.2.66 "
	  "answers=wpad A 192.0.2.66\n",
	  NULL },
	{ "no DNS", true, 5353, BYTES("hello"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_mdns", cases, sizeof(cases) / sizeof(cases[0]));
}
