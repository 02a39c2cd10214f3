#include "sensor/capture/key_filter.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct match_case {
	const char *name;
	const char *expression;
	const char *one; /* the endpoints, in any order */
	uint16_t one_port;
	const char *other;
	uint16_t other_port;
	uint8_t protocol;
	bool want;
};

#define WEB_V4 "10.0.0.5", 50000, "192.0.2.1", 443, IP_TCP
#define WEB_V6 "2001:db8::5", 50000, "2001:db8:1::1", 443, IP_TCP
#define DNS_V4 "10.0.0.5", 40000, "10.0.0.1", 53, IP_UDP
#define PING   "10.0.0.5", 8, "192.0.2.1", 0, IP_ICMP
#define PING6  "2001:db8::5", 128, "2001:db8:1::1", 129, IP_ICMPV6
#define TUNNEL "10.0.0.5", 0, "192.0.2.1", 0, 47

static struct match_case matches[] = {
	{ "nothing asked for is true", "", WEB_V4, true },
	{ "host, the client", "host 10.0.0.5", WEB_V4, true },
	{ "host, the server", "host 192.0.2.1", WEB_V4, true },
	{ "host, another", "host 10.0.0.6", WEB_V4, false },
	{ "host of IPv6", "host 2001:db8::5", WEB_V6, true },
	{ "a host of IPv6 is none of IPv4", "host 2001:db8::5", WEB_V4, false },
	{ "source is either end", "src host 192.0.2.1", WEB_V4, true },
	{ "destination is either end", "dst host 10.0.0.5", WEB_V4, true },
	{ "both of one packet, not of two", "src host 10.0.0.5 and src port 443", WEB_V4, false },
	{ "a packet back", "src host 192.0.2.1 and src port 443", WEB_V4, true },
	{ "net", "net 10.0.0.0/8", WEB_V4, true },
	{ "net, another", "net 172.16.0.0/12", WEB_V4, false },
	{ "net of IPv6", "net 2001:db8:1::/48", WEB_V6, true },
	{ "tcp", "tcp", WEB_V4, true },
	{ "tcp over IPv6", "tcp", WEB_V6, true },
	{ "tcp is not udp", "tcp", DNS_V4, false },
	{ "udp", "udp", DNS_V4, true },
	{ "port", "port 443", WEB_V4, true },
	{ "port of IPv6", "tcp port 443", WEB_V6, true },
	{ "port of another protocol", "udp port 443", WEB_V4, false },
	{ "port range", "portrange 400-500", WEB_V4, true },
	{ "the client's port", "port 50000", WEB_V4, true },
	{ "icmp", "icmp", PING, true },
	{ "icmp6", "icmp6", PING6, true },
	{ "what stands for ports of icmp is none", "port 8", PING, false },
	{ "ip", "ip", WEB_V6, false },
	{ "ip6", "ip6", WEB_V6, true },
	{ "a protocol by number", "ip proto 47", TUNNEL, true },
	{ "a chain of headers ends", "ip6 protochain 6", WEB_V6, true },
	{ "a chain without that header ends", "ip6 protochain 17", "2001:db8::5", 0, "2001:db8::6",
	  0, 0, false },
	{ "and", "host 10.0.0.5 and tcp port 443", WEB_V4, true },
	{ "and, one false", "host 10.0.0.5 and tcp port 443", DNS_V4, false },
	{ "or", "port 53 or port 443", DNS_V4, true },
	{ "not", "not port 53", WEB_V4, true },
	{ "not, of one that has it", "not port 53", DNS_V4, false },
	{ "not, said of both ends", "not (src port 53 or dst port 53)", DNS_V4, false },
};

static struct flow_key key_of(const struct match_case *c)
{
	struct address one;
	struct address other;
	bool is_low;

	assert_int_equal(address_parse(c->one, &one), ERR_OK);
	assert_int_equal(address_parse(c->other, &other), ERR_OK);

	struct flow_key key = flow_key_of(&one, c->one_port, &other, c->other_port, &is_low);

	key.protocol = c->protocol;
	key.ip_version = address_is_v4(&one) ? 4 : 6;
	return key;
}

static void matches_as_wanted(void **state)
{
	const struct match_case *c = *state;
	char reason[KEY_FILTER_REASON_LEN];
	struct key_filter *filter;
	struct flow_key key = key_of(c);

	assert_int_equal(key_filter_new(&filter, c->expression, reason), ERR_OK);
	assert_int_equal(key_filter_matches(filter, &key), c->want);
	assert_int_equal(key_filter_matches(filter, &key), c->want);
	key_filter_free(filter);
}

struct refusal_case {
	const char *name;
	const char *expression;
	const char *want; /* in the reason */
};

static struct refusal_case refusals[] = {
	{ "no sense", "tcp prot 443", "syntax error" },
	{ "half of it", "host 10.0.0.5 and", "syntax error" },
	{ "a port that is none", "port 70000", "70000" },
	{ "a net with bits beyond its mask", "net 10.0.0.1/8", "10.0.0.1" },
	{ "link layer", "ether host 02:00:00:00:00:01", "ether" },
	{ "flags", "tcp[tcpflags] & tcp-syn != 0", "bytes of a packet" },
	{ "a byte", "ip[8] > 60", "bytes of a packet" },
	{ "length", "less 100", "length of a packet" },
	{ "length among others", "tcp and port 443 and len > 100", "length of a packet" },
};

static void is_refused(void **state)
{
	const struct refusal_case *c = *state;
	char reason[KEY_FILTER_REASON_LEN];
	struct key_filter *filter = NULL;

	assert_int_equal(key_filter_new(&filter, c->expression, reason), ERR_SYNTAX);
	assert_null(filter);
	if (!strstr(reason, c->want))
		fail_msg("'%s' does not say '%s'", reason, c->want);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(matches) + ARRAY_LEN(refusals)];
	size_t count = 0;

	count += ADD_ROWS(tests + count, matches, matches_as_wanted);
	count += ADD_ROWS(tests + count, refusals, is_refused);
	return cmocka_run_group_tests_name("key_filter", tests, NULL, NULL);
}
