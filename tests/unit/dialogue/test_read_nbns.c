#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "a name is claimed", true, 137,
	  BYTES("b\306)\020\000\001\000\000\000\000\000\001 FDFCFGCACACACACACACACACACAC"
		"ACACA\000\000 \000\001\300\014\000 \000\001\000\000\000\000\000\006"
		"\000\000\300\000\002\001"),
	  "device_name SRV\n"
	  "> nbns type=registration name=SRV suffix=0x20 addresses=192.0.2.1\n",
	  NULL },
	{ "somebody is asked for", true, 137,
	  BYTES("b\314\001\020\000\001\000\000\000\000\000\000 EPEGEGEJEDEFCACACACACACA"
		"CACACABN\000\000 \000\001"),
	  "> nbns type=query name=OFFICE suffix=0x1d\n", NULL },
	{ "he answers", false, 137,
	  BYTES("LP\205\200\000\000\000\001\000\000\000\000 FDFCFGCACACACACACACACACACAC"
		"ACAAA\000\000 \000\001\000\003\364\200\000\006\000\000\300\000\002\001"),
	  "< nbns type=query response rcode=0 name=SRV suffix=0x00 addresses=192.0.2.1\n", NULL },
	{ "a status is asked for", true, 137,
	  BYTES("\026J\000\000\000\001\000\000\000\000\000\000 CKAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAA\000\000!\000\001"),
	  "> nbns type=node status name=* suffix=0x00\n", NULL },
	{ "a workgroup", true, 137,
	  BYTES("b\311)\020\000\001\000\000\000\000\000\001 EPEGEGEJEDEFCACACACACACACAC"
		"ACAAA\000\000 \000\001\300\014\000 \000\001\000\000\000\000\000\006"
		"\200\000\300\000\002\001"),
	  "> nbns type=registration name=OFFICE suffix=0x00 addresses=192.0.2.1 group\n", NULL },
	{ "no NetBIOS", true, 137, BYTES("\000\001:\000hello"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_nbns", cases, sizeof(cases) / sizeof(cases[0]));
}
