#include "sensor/dialogue/packet_readers.h"
#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "CDP by lldpd", false, 0,
	  BYTES("\252\252\003\000\000\014 \000\001xF\232\000\001\000\026srv.office.exam"
		"ple\000\002\000\021\000\000\000\001\001\001\314\000\004\300\000\002"
		"\001\000\003\000\011wire0\000\004\000\010\000\000\000\020\000\005\000"
		"\031Example Switch 24 1.0\000\006\000\025Example Switch 24"),
	  "< cdp mac=02:00:00:00:00:01 version=CDPv1 ttl_seconds=120 "
	  "device_id=srv.office.example port_id=wire0 platform=Example Switch 24 "
	  "software_version=Example Switch 24 1.0 capabilities=host "
	  "addresses=192.0.2.1\n",
	  read_cdp },
	{ "a switch, version 2", false, 0,
	  BYTES("\252\252\003\000\000\014 \000\002\264\000\000\000\001\000\017sw1.examp"
		"le\000\003\000\007Gi1\000\004\000\010\000\000\000(\000\012\000\006\000"
		"\014"),
	  "< cdp mac=02:00:00:00:00:01 version=CDPv2 ttl_seconds=180 "
	  "device_id=sw1.example port_id=Gi1 capabilities=switch capabilities=igmp "
	  "vlan=12\n",
	  read_cdp },
	{ "another protocol of its maker", false, 0, BYTES("\252\252\003\000\000\014 \004\001\000"),
	  "", read_cdp },
};

int main(void)
{
	return datagram_run_all("read_cdp", cases, sizeof(cases) / sizeof(cases[0]));
}
