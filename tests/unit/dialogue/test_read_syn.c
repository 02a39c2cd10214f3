#include "sensor/dialogue/packet_readers.h"

static void read_ip(struct hearing *hearing, struct cursor in)
{
	read_syn(hearing, in.rest);
}

#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "of Linux", false, 0,
	  BYTES("E\000\000<kI@\000@\006Kg\300\000\002\012\300\000\002\001\337\202\001"
		"\273\326\231<N\000\000\000\000\240\002\372\360@R\000\000\002\004\005"
		"\264\004\002\010\012\366f\236!\000\000\000\000\001\003\003\012"),
	  "< tcp.syn addresses=192.168.1.10 mac=02:00:00:00:00:01 signature=ip4 "
	  "ttl64 df win64240=44mss mss1460 ws10 opts=mss,sack,ts,nop,ws\n",
	  read_ip },
	{ "no SYN", false, 0,
	  BYTES("E\000\000<kI@\000@\006Kg\300\000\002\012\300\000\002\001\337\202\001"
		"\273\326\231<N\000\000\000\000\240\020\372\360@R\000\000\002\004\005"
		"\264\004\002\010\012\366f\236!\000\000\000\000\001\003\003\012"),
	  "", read_ip },
};

int main(void)
{
	return datagram_run_all("read_syn", cases, sizeof(cases) / sizeof(cases[0]));
}
