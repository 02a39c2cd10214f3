#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "a client looks for a server", true, 547,
	  BYTES("\001\277:T\000\001\000\016\000\001\000\0012\225M\077\000\000^\000S\020"
		"\000\006\000\004\000\027\000\030\000\010\000\002\000\000\000'\000\026"
		"\000\004pc-1\006office\007example\000\000\003\000\014^\000S\020\000"
		"\000\016\020\000\000\025\030"),
	  "device_name pc-1.office.example\n"
	  "> dhcpv6 type=SOLICIT duid_type=DUID-LLT "
	  "duid=0001000132954d3f00005e005310 mac=00:00:5e:00:53:10 "
	  "fqdn=pc-1.office.example option_request=23,24\n",
	  NULL },
	{ "a server answers", false, 547,
	  BYTES("\007\240\300\037\000\001\000\016\000\001\000\0012\225M\077\000\000^"
		"\000S\020\000\002\000\016\000\001\000\0012\225M;\000\000^\000S\001\000"
		"\003\000(^\000S\020\000\000\001,\000\000\002\015\000\005\000\030 \001"
		"\015\270\000\000\000\000\000\000\000\000\000\000\001F\000\000\002X\000"
		"\000\002X\000\015\000\011\000\000success\000\027\000\020 \001\015\270"
		"\000\000\000\000\000\000\000\000\000\000\000\001\000'\000\026\003\004p"
		"c-1\006office\007example\000"),
	  "< dhcpv6 type=REPLY response duid_type=DUID-LLT "
	  "duid=0001000132954d3f00005e005310 mac=00:00:5e:00:53:10 "
	  "fqdn=pc-1.office.example addresses=2001:db8::146 "
	  "name_servers=2001:db8::1\n",
	  NULL },
	{ "a vendor class, a DUID of a vendor", true, 547,
	  BYTES("\013\001\002\003\000\001\000\011\000\002\000\000\0017abc\000\020\000"
		"\016\000\000\0017\000\010MSFT 5.0\000\006\000\006\000\027\000\030\000'"),
	  "> dhcpv6 type=INFORMATION-REQUEST duid_type=DUID-EN "
	  "duid=000200000137616263 vendor_enterprise=311 vendor_class=MSFT 5.0 "
	  "option_request=23,24,39\n",
	  NULL },
	{ "a DUID of another hardware", true, 547,
	  BYTES("\003\001\002\003\000\001\000\014\000\003\000 \001\002\003\004\005\006"
		"\007\010"),
	  "> dhcpv6 type=REQUEST duid_type=DUID-LL duid=000300200102030405060708\n", NULL },
	{ "relayed", true, 547,
	  BYTES("\014\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\011\000\017\001\001\002\003\000'\000\007\000\004pc-1\000"),
	  "> dhcpv6 type=SOLICIT relays=1 fqdn=pc-1\n", NULL },
	{ "no DHCPv6", true, 547, BYTES("\360\000\000\000"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_dhcpv6", cases, sizeof(cases) / sizeof(cases[0]));
}
