#include "tests/unit/lane/lane_bench.h"

static const struct udp_case to_resolver = { "192.168.1.10", 50000, "192.168.1.1", 53 };
static const struct udp_case from_resolver = { "192.168.1.1", 53, "192.168.1.10", 50000 };

static void dns_is_told_message_by_message(void **state)
{
	uint8_t message[512];
	const struct fact *fact;
	struct trial t;
	size_t len;

	(void)state;
	start(&t);
	len = lane_feed_dns("www.Example.com", NULL, false, message);
	udp(&t, &to_resolver, message, len);
	len = lane_feed_dns("www.Example.com", (const uint8_t *)"\xcb\0\x71\5", false, message);
	udp(&t, &from_resolver, message, len);
	stop(&t);

	assert_int_equal(count_of(&t, FACT_DNS), 2);
	fact = nth(&t, FACT_DNS, 0);
	assert_false(fact->dns.is_response);
	assert_string_equal(fact->dns.name, "www.example.com");
	assert_int_equal(fact->dns.name_octets, 17);
	assert_int_equal(fact->dns.type, 1);
	assert_int_equal(fact->flow.server_port, 53);
	fact = nth(&t, FACT_DNS, 1);
	assert_true(fact->dns.is_response);
	assert_int_equal(fact->flow.server_port, 53); /* the flow's sides, not the packet's */
	assert_int_equal(fact->dns.answer_count, 1);
	assert_int_equal(fact->dns.address_count, 1);
	assert_int_equal(fact->dns.bulk_answers, 0);
	assert_int_equal(fact->dns.lowest_ttl, 300);
	assert_memory_equal(fact->dns.addresses[0].bytes + 12, "\xcb\0\x71\5", 4);
	assert_string_equal(nth(&t, FACT_FLOW_ENDED, 0)->ended.names.protocol, "DNS");
}

/* Hosts read a datagram to its own end: eight bytes more in the IP packet hide nothing. */
static void bytes_behind_a_datagram_hide_nothing(void **state)
{
	const struct test_ipv4 ip = { .source = to_resolver.source,
				      .destination = to_resolver.destination,
				      .protocol = TEST_UDP };
	uint8_t message[512] = { 0 };
	struct test_packet p;
	struct trial t;
	size_t len;

	(void)state;
	start(&t);
	len = lane_feed_dns("www.example.com", NULL, false, message);
	test_packet_payload(&p, message, len + 8);
	test_packet_udp(&p, to_resolver.source_port, to_resolver.destination_port);
	p.bytes[5] = (uint8_t)(TEST_UDP_LEN + len);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(&t, &p);
	stop(&t);
	assert_string_equal(nth(&t, FACT_DNS, 0)->dns.name, "www.example.com");
}

static void dns_over_tcp_is_read_too(void **state)
{
	static const struct tcp_end resolver = { 40000, 53 };
	uint8_t framed[514];
	struct trial t;
	size_t len;

	(void)state;
	start(&t);
	len = lane_feed_dns("www.example.com", NULL, false, framed + 2);
	framed[0] = 0;
	framed[1] = (uint8_t)len;
	handshake(&t, &resolver);
	say(&t, &resolver, framed, 0, len + 2);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_DNS), 1);
	assert_string_equal(nth(&t, FACT_DNS, 0)->dns.name, "www.example.com");
}

static void malformed_messages_are_counted(void **state)
{
	uint8_t message[512];
	struct trial t;
	size_t len;

	(void)state;
	start(&t);
	len = lane_feed_dns("www.example.com", NULL, false, message);
	message[12] = 0xc0; /* a pointer to itself */
	message[13] = 12;
	udp(&t, &to_resolver, message, len);
	assert_int_equal(lane_stats(t.lane).malformed, 1);
	assert_int_equal(count_of(&t, FACT_DNS), 0);
	stop(&t);
}

static void assert_device(const struct trial *t, enum device_name_source source, const char *name)
{
	assert_int_equal(count_of(t, FACT_DEVICE_NAME), 1);
	const struct fact_device_name *told = &nth(t, FACT_DEVICE_NAME, 0)->device_name;

	assert_int_equal(told->source, source);
	assert_string_equal(told->name, name);
	assert_memory_equal(told->mac.bytes, "\2\0\0\0\0\1", MAC_LEN);
}

static void dhcp_tells_a_name(void **state)
{
	static const struct udp_case way = { "0.0.0.0", 68, "255.255.255.255", 67 };
	static const char options[] = "\x63\x82\x53\x63\x35\x01\x03\x0c\x06"
				      "desk-3"
				      "\xff";
	uint8_t message[236 + sizeof(options) - 1] = { 1, 1, 6 };
	struct trial t;

	(void)state;
	memcpy(message + 28, "\2\0\0\0\0\1", MAC_LEN);
	memcpy(message + 236, options, sizeof(options) - 1);
	start(&t);
	udp(&t, &way, message, sizeof(message));
	stop(&t);
	assert_device(&t, DEVICE_NAME_DHCP, "desk-3");
	assert_string_equal(nth(&t, FACT_FLOW_ENDED, 0)->ended.names.protocol, "DHCP");
}

static void dhcp_server_tells_none(void **state)
{
	static const struct udp_case way = { "192.168.1.1", 67, "192.168.1.10", 68 };
	static const char options[] = "\x63\x82\x53\x63\x35\x01\x05\x0c\x06"
				      "desk-3"
				      "\xff";
	uint8_t message[236 + sizeof(options) - 1] = { 2, 1, 6 };
	struct trial t;

	(void)state;
	memcpy(message + 236, options, sizeof(options) - 1);
	start(&t);
	udp(&t, &way, message, sizeof(message));
	stop(&t);
	assert_int_equal(count_of(&t, FACT_DEVICE_NAME), 0);
}

struct mdns_case {
	const char *name;
	const char *owner;
	const char *address; /* four bytes */
	const char *want;    /* NULL is none */
};

static struct mdns_case announcements[] = {
	{ "its own name", "printer-2.local", "\xc0\xa8\1\x0a", "printer-2" },
	{ "another's, told by a sleep proxy", "printer-2.local", "\xc0\xa8\1\x0b", NULL },
	{ "a name of another domain", "www.example.com", "\xc0\xa8\1\x0a", NULL },
	{ "the domain alone", "local", "\xc0\xa8\1\x0a", NULL },
};

static void run_announcement(void **state)
{
	static const struct udp_case way = { "192.168.1.10", 5353, "224.0.0.251", 5353 };
	const struct mdns_case *c = *state;
	uint8_t message[512];
	size_t len = lane_feed_dns(c->owner, (const uint8_t *)c->address, true, message);
	struct trial t;

	start(&t);
	udp(&t, &way, message, len);
	stop(&t);
	if (c->want)
		assert_device(&t, DEVICE_NAME_MDNS, c->want);
	else
		assert_int_equal(count_of(&t, FACT_DEVICE_NAME), 0);
	assert_string_equal(nth(&t, FACT_FLOW_ENDED, 0)->ended.names.protocol, "MDNS");
}

#define SPIS    "\1\2\3\4\5\6\7\10\0\0\0\0\0\0\0\0"
#define IKE     SPIS "\0\x20\x22\x08\0\0\0\0\0\0\0\x1c"
#define NTP     "\x23\0\6\xe9" /* and zeroes */
#define NTP_LEN 48
#define SSDP    "NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\n\r\n"

struct named_case {
	const char *name;
	uint16_t port;
	const char *message;
	size_t len;
	const char *want;
};

static struct named_case named[] = {
	{ "IKE", 500, BYTES(IKE), "IPsec" },
	{ "NTP", 123, NTP, NTP_LEN, "NTP" },
	{ "SSDP", 1900, BYTES(SSDP), "SSDP" },
};

/* nDPI has given up by then, with a guess by the port: that counts no more. */
static void run_named(void **state)
{
	enum { ASKED_OF_DPI = 8 };
	const struct named_case *c = *state;
	const struct udp_case way = { "192.168.1.10", 50000, "203.0.113.7", c->port };
	uint8_t message[256] = { 0 };
	const struct fact_names *names;
	struct trial t;

	memcpy(message, c->message, c->len == NTP_LEN ? sizeof(NTP) : c->len);
	start(&t);
	for (int i = 0; i < ASKED_OF_DPI; i++)
		udp(&t, &way, "\xfe\xfd\xfc", 3);
	udp(&t, &way, message, c->len);
	stop(&t);
	names = &nth(&t, FACT_FLOW_ENDED, 0)->ended.names;
	assert_string_equal(names->protocol, c->want);
	assert_false(names->is_guess);
	assert_string_equal(
		nth(&t, FACT_FLOW_NAMED, count_of(&t, FACT_FLOW_NAMED) - 1)->named.protocol,
		c->want);
}

#define OFFICE_PC "\040EPEGEGEJEDEFCNFAEDCACACACACACAAA\0"
#define WORKGROUP "\040FHEPFCELEHFCEPFFFACACACACACACAAA\0"
#define REGISTRATION(name, flags)               \
	"\x80\x01\x29\x10\0\1\0\0\0\0\0\1" name \
	"\0\x20\0\1\xc0\x0c\0\x20\0\1\0\4\x93\xe0\0\6" flags "\0\xc0\xa8\1\x0a"

static void netbios_tells_a_name(void **state)
{
	static const struct udp_case way = { "192.168.1.10", 137, "192.168.1.255", 137 };
	struct trial t;

	(void)state;
	start(&t);
	udp(&t, &way, BYTES(REGISTRATION(OFFICE_PC, "\0")));
	udp(&t, &way, BYTES(REGISTRATION(WORKGROUP, "\x80"))); /* a group's name is no device's */
	stop(&t);
	assert_device(&t, DEVICE_NAME_NBNS, "OFFICE-PC");
}

static void arp_tells_neighbours(void **state)
{
	static const char *const messages[] = {
		"\0\1\x08\0\6\4\0\1\2\0\0\0\0\1\xc0\xa8\1\x0a\0\0\0\0\0\0\xc0\xa8\1\x14",
		"\0\1\x08\0\6\4\0\2\2\0\0\0\0\2\xc0\xa8\1\x14\2\0\0\0\0\1\xc0\xa8\1\x0a",
	};
	struct trial t;

	(void)state;
	start(&t);
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct test_packet p;

		test_packet_payload(&p, messages[i], 28);
		test_packet_ethernet(&p, 0x0806);
		send(&t, &p);
	}
	stop(&t);
	assert_int_equal(t.count, 2);
	assert_int_equal(t.facts[0].kind, FACT_NEIGHBOUR);
	assert_true(t.facts[0].neighbour.is_request);
	assert_memory_equal(t.facts[0].neighbour.sender_mac.bytes, "\2\0\0\0\0\1", MAC_LEN);
	assert_memory_equal(t.facts[0].neighbour.sender.bytes + 12, "\xc0\xa8\1\x0a", 4);
	assert_memory_equal(t.facts[0].neighbour.target.bytes + 12, "\xc0\xa8\1\x14", 4);
	assert_false(t.facts[1].neighbour.is_request);
	assert_memory_equal(t.facts[1].neighbour.sender.bytes + 12, "\xc0\xa8\1\x14", 4);
}

#define TARGET          "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"
#define ROUTER_LIFETIME "\x40\0\x07\x08\0\0\0\0\0\0\0\0"
#define PREFIX                                             \
	"\x03\x04\x40\xc0\0\1\x51\x80\0\0\x38\x40\0\0\0\0" \
	"\x20\x01\x0d\xb8\0\x10\0\0\0\0\0\0\0\0\0\0"

static void neighbour_discovery(struct trial *t, uint8_t type, const void *message, size_t len)
{
	const struct test_ipv6 ip = {
		.source = "fe80::1", .destination = "ff02::1", .next = 58, .hop_limit = 255
	};
	struct test_packet p;

	test_packet_payload(&p, message, len);
	test_packet_icmp(&p, type, 0);
	test_packet_ipv6(&p, &ip);
	test_packet_ethernet(&p, 0x86dd);
	send(t, &p);
}

static void neighbour_discovery_is_told(void **state)
{
	struct address target = test_address("2001:db8::7");
	const struct fact *fact;
	struct trial t;

	(void)state;
	start(&t);
	neighbour_discovery(&t, 135, BYTES("\0\0\0\0" TARGET));
	neighbour_discovery(&t, 136, BYTES("\x60\0\0\0" TARGET));
	neighbour_discovery(&t, 134, BYTES(ROUTER_LIFETIME PREFIX));
	stop(&t);
	assert_int_equal(count_of(&t, FACT_NEIGHBOUR), 2);
	fact = nth(&t, FACT_NEIGHBOUR, 0);
	assert_true(fact->neighbour.is_request);
	assert_true(address_equal(&fact->neighbour.target, &target));
	assert_true(address_is_link_local(&fact->neighbour.sender));
	fact = nth(&t, FACT_NEIGHBOUR, 1);
	assert_false(fact->neighbour.is_request);
	assert_true(address_equal(&fact->neighbour.sender, &target));
	assert_int_equal(count_of(&t, FACT_PREFIX), 1);
	fact = nth(&t, FACT_PREFIX, 0);
	assert_int_equal(fact->prefix.prefix.bits, 64);
	assert_memory_equal(fact->prefix.router_mac.bytes, "\2\0\0\0\0\1", MAC_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_is_told_message_by_message),
		cmocka_unit_test(bytes_behind_a_datagram_hide_nothing),
		cmocka_unit_test(dns_over_tcp_is_read_too),
		cmocka_unit_test(malformed_messages_are_counted),
		cmocka_unit_test(dhcp_tells_a_name),
		cmocka_unit_test(dhcp_server_tells_none),
		cmocka_unit_test(netbios_tells_a_name),
		cmocka_unit_test(arp_tells_neighbours),
		cmocka_unit_test(neighbour_discovery_is_told),
	};
	struct CMUnitTest all[ARRAY_LEN(tests) + ARRAY_LEN(announcements) + ARRAY_LEN(named)];
	size_t n = ARRAY_LEN(tests);

	memcpy(all, tests, sizeof(tests));
	n += ADD_ROWS(all + n, announcements, run_announcement);
	n += ADD_ROWS(all + n, named, run_named);
	return cmocka_run_group_tests_name("lane_service", all, NULL, NULL);
}
