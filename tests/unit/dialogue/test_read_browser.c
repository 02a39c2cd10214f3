#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "a host announces itself", true, 138,
	  BYTES("\021\012b\313\300\000\002\001\000\212\000\302\000\000 FDFCFGCACACACACA"
		"CACACACACACACAAA\000 EPEGEGEJEDEFCACACACACACACACACABN\000\377SMB%\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\021\000\000(\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000(\000V\000\003"
		"\000\001\000\001\000\002\0009\000\134MAILSLOT\134BROWSE\000\001\000`"
		"\352\000\000SRV\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\006\001\003\232\201\000\017\001U\252example\000"),
	  "device_name SRV\n"
	  "> browser type=host announcement name=SRV domain=OFFICE os_version=6.1 "
	  "capabilities=workstation capabilities=server capabilities=print server "
	  "capabilities=unix capabilities=nt workstation capabilities=nt server "
	  "comment=example\n",
	  NULL },
	{ "a datagram for other programs", true, 138,
	  BYTES("\021\012b\313\300\000\002\001\000\212\000\302\000\000 FDFCFGCACACACACA"
		"CACACACACACACAAA\000 EPEGEGEJEDEFCACACACACACACACACABN\000\377SMB%\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\021\000\000(\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000(\000V\000\003"
		"\000\001\000\001\000\002\0009\000\134MAILSLOT\134BROWSX\000\001\000`"
		"\352\000\000SRV\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\006\001\003\232\201\000\017\001U\252example\000"),
	  "", NULL },
	{ "no datagram", true, 138, BYTES("\231\000hello"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_browser", cases, sizeof(cases) / sizeof(cases[0]));
}
