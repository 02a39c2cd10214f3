#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "a client", true, 123,
	  BYTES("#\000\006 \000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\315\206@\244\015\313u\263"),
	  "> ntp version=NTPv4 type=client\n", NULL },
	{ "a server", false, 123,
	  BYTES("$\003\006\346\000\000\000\000\000\000\000\000\177\177\001\001\356\255"
		"\013=ZF\342\275\315\206@\244\015\313u\263\356\255\013>\303\340\322\255"
		"\356\255\013>\303\347\207\250"),
	  "< ntp version=NTPv4 type=server stratum=3 reference=127.127.1.1 "
	  "transmit_time=2026-11-22T06:33:34.765251Z\n",
	  NULL },
	{ "a clock of its own", false, 123,
	  BYTES("$\001\006\351\000\000\000\000\000\000\000\000GPS\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\356\313^\000\200\000\000\000"),
	  "< ntp version=NTPv4 type=server stratum=1 reference=GPS "
	  "transmit_time=2026-12-15T06:34:40.500000Z\n",
	  NULL },
	{ "a kiss of death", false, 123,
	  BYTES("$\000\006\351\000\000\000\000\000\000\000\000RATE\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000"),
	  "< ntp version=NTPv4 type=server stratum=0 reference=RATE\n", NULL },
	{ "a control message", true, 123, BYTES("\026\002\000\000\000\000\000\000\000\000\000\000"),
	  "", NULL },
};

int main(void)
{
	return datagram_run_all("read_ntp", cases, sizeof(cases) / sizeof(cases[0]));
}
