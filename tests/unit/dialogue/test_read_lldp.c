#include "sensor/dialogue/packet_readers.h"
#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "LLDP by lldpd", false, 0,
	  BYTES("\002\007\004\000\000^\000S\001\004\007\003\000\000^\000S\001\006\002"
		"\000x\012\022srv.office.example\014\025Example Switch 24 1.0\016\004"
		"\000\234\000\200\020\014\005\001\300\000\002\001\002\000\000\000\002"
		"\000\010\005wire0\376\011\000\022\017\003\001\000\000\000\000\376\011"
		"\000\022\017\001\000\200\000\0006\376\007\000\022\273\001\000\077\002"
		"\000\000"),
	  "< lldp mac=02:00:00:00:00:01 chassis_id=00:00:5e:00:53:01 "
	  "port_id=00:00:5e:00:53:01 ttl_seconds=120 system_name=srv.office.example "
	  "system_description=Example Switch 24 1.0 port_description=wire0 "
	  "capabilities=station addresses=192.0.2.1\n",
	  read_lldp },
	{ "identifiers that are addresses, an inventory", false, 0,
	  BYTES("\002\006\005\001\300\000\002\007\004\022\004\002\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000\000\001\006\002\000\000\016\004"
		"\000\377\000$\376\013\000\022\273\011Example\376\013\000\022\273\012Ph"
		"one 2\376\006\000\200\302\001\000\007\000\000"),
	  "< lldp mac=02:00:00:00:00:01 chassis_id=192.0.2.7 port_id=::1 "
	  "ttl_seconds=0 capabilities=bridge capabilities=telephone vlan=7 "
	  "manufacturer=Example model=Phone 2\n",
	  read_lldp },
	{ "identifiers that are not what they claim", false, 0,
	  BYTES("\002\004\004\001\002\003\004\003\004\011\001\006\002\000\001"),
	  "< lldp mac=02:00:00:00:00:01 chassis_id=010203 port_id=0901 ttl_seconds=1\n",
	  read_lldp },
	{ "a name of a port", false, 0,
	  BYTES("\002\005\007sw\0331\004\011\005ge-0/0/1\006\002\000x"),
	  "< lldp mac=02:00:00:00:00:01 chassis_id=sw\357\277\2751 port_id=ge-0/0/1 "
	  "ttl_seconds=120\n",
	  read_lldp },
	{ "no LLDP", false, 0, BYTES("\012\002sw"), "", read_lldp },
};

int main(void)
{
	return datagram_run_all("read_lldp", cases, sizeof(cases) / sizeof(cases[0]));
}
