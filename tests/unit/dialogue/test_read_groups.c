#include "dissectors/ndp.h"
#include "sensor/dialogue/packet_readers.h"

static void read_mld_query(struct hearing *hearing, struct cursor in)
{
	read_mld(hearing, 130, in);
}

static void read_mld_done(struct hearing *hearing, struct cursor in)
{
	read_mld(hearing, 132, in);
}

static void read_mld_report(struct hearing *hearing, struct cursor in)
{
	read_mld(hearing, 143, in);
}

static void read_advertisement(struct hearing *hearing, struct cursor in)
{
	struct ndp message;

	if (dissect_ndp(NDP_ROUTER_ADVERTISEMENT, in, &message) == DISSECT_OK)
		read_router(hearing, &message);
}

#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "a query for all", true, 0, BYTES("\021d\000\000\000\000\000\000\002}\000\000"),
	  "> igmp version=IGMPv3 type=query\n", read_igmp },
	{ "a report of version 2", true, 0, BYTES("\026\000\000\000\357\001\002\003"),
	  "> igmp version=IGMPv2 type=report groups=239.1.2.3\n", read_igmp },
	{ "a leave of version 2", true, 0, BYTES("\027\000\000\000\357\001\002\003"),
	  "> igmp version=IGMPv2 type=leave groups_left=239.1.2.3\n", read_igmp },
	{ "joined, left, without some sources", true, 0,
	  BYTES("\042\000\000\000\000\000\000\004\004\000\000\000\357\001\002\003\003"
		"\000\000\000\357\001\002\004\006\000\000\001\357\001\002\005\300\000"
		"\002\001\001\000\000\001\357\001\002\006\300\000\002\001"),
	  "> igmp version=IGMPv3 type=report groups=239.1.2.3 groups_left=239.1.2.4 "
	  "groups=239.1.2.6\n",
	  read_igmp },
	{ "another protocol of this number", true, 0, BYTES("\023\000\000\000\000\000\000\000"), "",
	  read_igmp },
	{ "MLD: a query for one", true, 0,
	  BYTES("\000\000\000\000\377\005\000\000\000\000\000\000\000\000\000\000\000"
		"\000\0224"),
	  "> mld version=MLDv1 type=query groups=ff05::1234\n", read_mld_query },
	{ "MLD: a listener is done", true, 0,
	  BYTES("\000\000\000\000\377\005\000\000\000\000\000\000\000\000\000\000\000"
		"\000\0224"),
	  "> mld version=MLDv1 type=done groups_left=ff05::1234\n", read_mld_done },
	{ "MLD: joined, left, without some sources", true, 0,
	  BYTES("\000\000\000\003\004\000\000\000\377\005\000\000\000\000\000\000\000"
		"\000\000\000\000\000\0224\003\000\000\000\377\005\000\000\000\000\000"
		"\000\000\000\000\000\000\000\0224\006\000\000\001\377\005\000\000\000"
		"\000\000\000\000\000\000\000\000\000\0224\377\005\000\000\000\000\000"
		"\000\000\000\000\000\000\000\0224"),
	  "> mld version=MLDv2 type=report groups=ff05::1234 groups_left=ff05::1234\n",
	  read_mld_report },
	{ "a router, its name servers and its wish", true, 0,
	  BYTES("@\310\000\036\000\000\000\000\000\000\000\000\031\003\000\000\000"
		"\000\007\010 \001\015\270\000\000\000\000\000\000\000\000\000\000"
		"\000\007"),
	  "> ndp.router mac=02:00:00:00:00:01 lifetime_seconds=30 managed preference=high "
	  "name_servers=2001:db8::7\n",
	  read_advertisement },
};

int main(void)
{
	return datagram_run_all("read_groups", cases, sizeof(cases) / sizeof(cases[0]));
}
