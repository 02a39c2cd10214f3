#include "sensor/digest/community_id.h"

#include "tests/support/cmocka.h"

#include <string.h>

/*
 * Published vectors of the specification and its reference implementation, with ICMP types where
 * decode puts them; those behind them were computed from the specification's text alone.
 */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a row reads like a flow */
struct id_case {
	const char *name;
	uint8_t protocol;
	const char *source;
	uint16_t source_port;
	const char *destination;
	uint16_t destination_port;
	const char *want;
};

enum { ICMP = 1, IGMP = 2, TCP = 6, UDP = 17, GRE = 47, ESP = 50, ICMPV6 = 58, SCTP = 132 };

static struct id_case cases[] = {
	{ "TCP", TCP, "128.232.110.120", 34855, "66.35.250.204", 80,
	  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ "TCP of one address", TCP, "192.168.1.42", 42, "192.168.1.42", 41,
	  "1:eRcf7I/xocOxnYo5pbJBV5NhVm0=" },
	{ "TCP, a low port", TCP, "10.0.0.1", 10, "10.0.0.2", 11569,
	  "1:SXBGMX1lBOwhhoDrZynfROxnhnM=" },
	{ "TCP over IPv6", TCP, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943,
	  "2607:f8b0:400c:c03::1a", 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
	{ "UDP", UDP, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
	{ "SCTP", SCTP, "192.168.170.8", 7, "192.168.170.56", 80,
	  "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=" },
	{ "SCTP, ports alike", SCTP, "192.168.170.8", 7, "192.168.170.56", 7,
	  "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
	{ "ICMP echo", ICMP, "192.168.0.89", 8, "192.168.0.1", 0,
	  "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=" },
	{ "ICMPv6 neighbour solicitation", ICMPV6, "fe80::200:86ff:fe05:80da", 135,
	  "fe80::260:97ff:fe07:69ea", 136, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=" },
	{ "ICMPv6 router advertisement", ICMPV6, "fe80::260:97ff:fe07:69ea", 134, "ff02::1", 133,
	  "1:pkvHqCL88/tg1k4cPigmZXUtL00=" },
	{ "ICMPv6 without an answer", ICMPV6, "3ffe:507:0:1:200:86ff:fe05:80da", 3,
	  "3ffe:507:0:1:260:97ff:fe07:69ea", 0, "1:/OGBt9BN1ofenrmSPWYicpij2Vc=" },
	{ "ICMPv6 without an answer, from the higher address", ICMPV6,
	  "3ffe:507:0:1:260:97ff:fe07:69ea", 3, "3ffe:507:0:1:200:86ff:fe05:80da", 0,
	  "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=" },
	{ "the highest port", TCP, "192.0.2.1", 65535, "203.0.113.9", 443,
	  "1:aIbBoygKlcBO2xfc7sug2tAsNwo=" },
	{ "no ports", GRE, "10.0.0.1", 0, "10.0.0.2", 0, "1:+KlEHDT0vJgzs/eNmzHq0aSpRYw=" },
	{ "no ports over IPv6", ESP, "2001:db8::2", 0, "2001:db8::1", 0,
	  "1:JIAyWiD7dl1e74CJAdetAUPF/To=" },
	{ "no ports to a group", IGMP, "10.0.0.2", 0, "224.0.0.1", 0,
	  "1:SrqOtgTHAg0A9IAMjdRk3AJE7LI=" },
	{ "mapped addresses on the wire", UDP, "::ffff:192.0.2.1", 1000, "::ffff:192.0.2.2", 2000,
	  "1:oLsHwDkXSCyF7F2MqM6uKrZwSAs=" },
	{ "one mapped address on the wire", UDP, "::ffff:192.0.2.1", 1, "2001:db8::1", 2,
	  "1:/Od/pIkxsAkC3Pm5po/DhMhWbmc=" },
};

/* `*source_is_low` is of the case's source, in whichever order the key is made. */
static struct flow_key key_of(const struct id_case *c, bool is_reversed, bool *source_is_low)
{
	struct address source;
	struct address destination;
	bool destination_is_low;

	assert_int_equal(address_parse(c->source, &source), ERR_OK);
	assert_int_equal(address_parse(c->destination, &destination), ERR_OK);

	struct flow_key key = flow_key_of(&source, c->source_port, &destination,
					  c->destination_port, source_is_low);

	if (is_reversed)
		key = flow_key_of(&destination, c->destination_port, &source, c->source_port,
				  &destination_is_low);

	key.protocol = c->protocol;
	key.ip_version = strchr(c->source, ':') ? 6 : 4;
	return key;
}

/* The context is ours alone: other tools know nothing of it. */
static void run_case(void **state)
{
	const struct id_case *c = *state;

	for (uint16_t context = 0; context < 2; context++) {
		for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
			bool source_is_low;
			struct flow_key key = key_of(c, is_reversed, &source_is_low);
			char id[COMMUNITY_ID_LEN];

			memset(id, 'x', sizeof(id));
			key.context = context;
			community_id(&key, source_is_low, id);
			assert_string_equal(id, c->want);
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	(void)ADD_ROWS(tests, cases, run_case);
	return cmocka_run_group_tests_name("community_id", tests, NULL, NULL);
}
