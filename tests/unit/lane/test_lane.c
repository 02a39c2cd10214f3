#include "sensor/lane/lane.h"

#include "tests/support/facts.h"
#include "tests/unit/lane/lane_feed.h"

#include <stdio.h>

enum {
	FACTS_MAX = 256,
	CLIENT_FIRST = 1000,
	SERVER_FIRST = 5000,
	FIN = 0x01,
	SYN = 0x02,
	RST = 0x04,
	ACK = 0x10,
};

#define BYTES(s) (s), sizeof(s) - 1

struct trial {
	struct lane_feed feed;
	struct lane *lane;
	uint64_t sequence;
	double seconds; /* of the next frame */
	double step;    /* until the one after it */
	size_t count;
	struct fact facts[FACTS_MAX];
};

static void keep(void *arg, const struct fact *fact)
{
	struct trial *t = arg;

	assert_true(t->count < FACTS_MAX);
	memset(&t->facts[t->count], 0, sizeof(*fact));
	memcpy(&t->facts[t->count++], fact, fact_size((enum fact_kind)fact->kind));
	assert_true(fact->sequence == t->sequence);
}

/* Record and copy in one block of exactly their size, so that reading past them shows. */
static void take(void *arg, const struct flow_key *key, const struct mac *mac,
		 struct lane_record *record, struct span bytes)
{
	struct trial *t = arg;
	size_t size = lane_record_size((enum lane_record_kind)record->kind);
	uint8_t *exact = malloc(size + bytes.len);

	(void)key;
	(void)mac;
	assert_non_null(exact);
	record->sequence = ++t->sequence;
	memcpy(exact, record, size);
	if (bytes.len > 0)
		memcpy(exact + size, bytes.data, bytes.len);
	lane_take(t->lane, (const struct lane_record *)(const void *)exact);
	free(exact);
}

static void prepare(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	t->step = 0.1;
	lane_feed_prepare(&t->feed, take, t);
}

static void start_prepared(struct trial *t)
{
	lane_feed_start(&t->feed);
	assert_int_equal(
		lane_new(&t->lane, &t->feed.config.lane, lane_feed_capacity(&t->feed), keep, t),
		ERR_OK);
}

static void start(struct trial *t)
{
	prepare(t);
	start_prepared(t);
}

/* Every flow that was opened ends, and once. */
static void stop(struct trial *t)
{
	size_t opened = 0;
	size_t ended = 0;

	lane_feed_end(&t->feed);
	for (size_t i = 0; i < t->count; i++) {
		opened += t->facts[i].kind == FACT_FLOW_OPENED;
		ended += t->facts[i].kind == FACT_FLOW_ENDED;
	}
	assert_int_equal(opened, ended);
	lane_free(t->lane);
}

static size_t count_of(const struct trial *t, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++)
		count += t->facts[i].kind == kind;
	return count;
}

static const struct fact *nth(const struct trial *t, enum fact_kind kind, size_t n)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->facts[i].kind == kind && n-- == 0)
			return &t->facts[i];
	}
	fail_msg("no such fact");
	return NULL;
}

static void send(struct trial *t, struct test_packet *p)
{
	lane_feed_frame(&t->feed, p, test_after_seconds(t->seconds));
	t->seconds += t->step;
}

/* One end of a TCP connection; the other is 203.0.113.5:443. */
struct tcp_end {
	uint16_t port;
	uint16_t server_port;
};

static const struct tcp_end web = { 40000, 443 };

static void tcp(struct trial *t, const struct tcp_end *end, bool from_client, uint8_t flags,
		uint32_t sequence, struct span payload)
{
	const char *const client = "192.168.1.10";
	const char *const server = "203.0.113.5";
	const struct test_tcp header = {
		.source_port = from_client ? end->port : end->server_port,
		.destination_port = from_client ? end->server_port : end->port,
		.sequence = sequence,
		.flags = flags,
		.window = 65535,
	};
	const struct test_ipv4 ip = { .source = from_client ? client : server,
				      .destination = from_client ? server : client,
				      .protocol = TEST_TCP };
	struct test_packet p;

	test_packet_payload(&p, payload.len > 0 ? payload.data : (const void *)"", payload.len);
	test_packet_tcp(&p, &header);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}

static void handshake(struct trial *t, const struct tcp_end *end)
{
	tcp(t, end, true, SYN, CLIENT_FIRST, (struct span){ 0 });
	tcp(t, end, false, SYN | ACK, SERVER_FIRST, (struct span){ 0 });
	tcp(t, end, true, ACK, CLIENT_FIRST + 1, (struct span){ 0 });
}

/* `len` bytes of the client's stream from `at` on. */
static void say(struct trial *t, const struct tcp_end *end, const void *stream, size_t at,
		size_t len)
{
	tcp(t, end, true, ACK, (uint32_t)(CLIENT_FIRST + 1 + at),
	    (struct span){ (const uint8_t *)stream + at, len });
}

static void answer(struct trial *t, const struct tcp_end *end, uint32_t at, const char *words)
{
	tcp(t, end, false, ACK, SERVER_FIRST + 1 + at,
	    (struct span){ (const uint8_t *)words, strlen(words) });
}

struct udp_case {
	const char *source;
	uint16_t source_port;
	const char *destination;
	uint16_t destination_port;
};

static void udp(struct trial *t, const struct udp_case *way, const void *payload, size_t len)
{
	const struct test_ipv4 ip = { .source = way->source,
				      .destination = way->destination,
				      .protocol = TEST_UDP };
	struct test_packet p;

	test_packet_payload(&p, payload, len);
	test_packet_udp(&p, way->source_port, way->destination_port);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}

static void whole_hello_in_one_segment(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	const struct fact *fact;
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, len);
	answer(&t, &web, 0, "\x16\x03\x03");
	stop(&t);

	fact = nth(&t, FACT_FLOW_OPENED, 0);
	assert_int_equal(fact->flow.id, 1);
	assert_true(fact->flow.first == test_start);
	assert_int_equal(fact->flow.server_port, 443);
	assert_int_equal(fact->flow.client_port, 40000);
	assert_false(fact->flow.is_midstream);
	assert_true(fact->opened.from_client);
	assert_memory_equal(fact->opened.source_mac.bytes, "\2\0\0\0\0\1", MAC_LEN);
	assert_memory_equal(fact->opened.destination_mac.bytes, "\2\0\0\0\0\2", MAC_LEN);
	assert_int_equal(fact->opened.ttl, 64);

	fact = nth(&t, FACT_FLOW_NAMED, 0);
	assert_string_equal(fact->named.host, "www.example.com");
	assert_int_equal(fact->named.host_source, HOST_TLS);

	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	fact = nth(&t, FACT_CHECK_IN, 0);
	assert_string_equal(fact->check_in.names.host, "www.example.com");
	assert_int_equal(fact->check_in.payload_len, len);
	assert_true(fact->check_in.is_first);

	fact = nth(&t, FACT_FLOW_ENDED, 0);
	assert_int_equal(fact->ended.reason, FACT_END_CAPTURE);
	assert_int_equal(fact->ended.packets_up, 3);
	assert_int_equal(fact->ended.packets_down, 2);
	assert_int_equal(fact->ended.bytes_up, 3 * 40 + len);
	assert_int_equal(fact->ended.bytes_down, 2 * 40 + 3);
	assert_int_equal(fact->ended.payload_packets, 2);
	assert_true(fact->ended.is_answered && !fact->ended.is_refused);
	assert_string_equal(fact->ended.names.host, "www.example.com");
}

/* Held until the name is known, with the time of its first byte. */
static void assert_held_check_in(const struct trial *t, double seconds)
{
	const struct fact *fact = nth(t, FACT_CHECK_IN, 0);

	assert_int_equal(count_of(t, FACT_CHECK_IN), 1);
	assert_string_equal(fact->check_in.names.host, "www.example.com");
	assert_true(fact->time == test_after_seconds(seconds));
	assert_true(fact->check_in.is_first);
}

static void hello_over_two_segments(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	say(&t, &web, hello, 30, len - 30);
	assert_held_check_in(&t, 0.3);
	assert_int_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.payload_len, 30);
	stop(&t);
}

static void hello_out_of_order(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 60, len - 60);
	say(&t, &web, hello, 30, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	say(&t, &web, hello, 0, 30);
	assert_held_check_in(&t, 0.3);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
}

static void hello_byte_by_byte_at_its_edges(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);

	(void)state;
	for (size_t cut = 1; cut < len; cut += 7) {
		struct trial t;

		start(&t);
		handshake(&t, &web);
		say(&t, &web, hello, 0, cut);
		say(&t, &web, hello, 0, cut); /* again, as after a loss */
		say(&t, &web, hello, cut, len - cut);
		assert_held_check_in(&t, 0.3);
		stop(&t);
	}
}

static void hello_that_never_ends(void **state)
{
	uint8_t hello[512];
	struct trial t;

	(void)state;
	(void)lane_feed_hello("www.example.com", hello);
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 0, 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 0);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	assert_true(nth(&t, FACT_CHECK_IN, 0)->time == test_after_seconds(0.3));
	assert_string_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.names.host, "");
	assert_ptr_equal(nth(&t, FACT_FLOW_ENDED, 0), &t.facts[t.count - 1]);
}

static void conflicting_bytes_are_counted(void **state)
{
	uint8_t hello[512];
	uint8_t other[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	(void)lane_feed_hello("www.example.org", other);
	start(&t);
	handshake(&t, &web);
	say(&t, &web, hello, 40, len - 40);
	say(&t, &web, other, 40, len - 40);
	say(&t, &web, hello, 0, 40);
	assert_held_check_in(&t, 0.3); /* the first bytes to arrive win */
	assert_int_equal(lane_stats(t.lane).conflicting, 1);
	stop(&t);
}

struct http_case {
	const char *name;
	const char *request;
	const char *host;
	const char *agent;
};

static struct http_case requests[] = {
	{ "a host", "GET / HTTP/1.1\r\nHost: Shop.Example.com\r\nUser-Agent: curl/8\r\n\r\n",
	  "shop.example.com", "curl/8" },
	{ "a host with its port", "GET / HTTP/1.1\r\nHost: shop.example.com:8080\r\n\r\n",
	  "shop.example.com", "" },
	{ "an address is no name", "GET / HTTP/1.1\r\nHost: 203.0.113.5\r\n\r\n", "", "" },
	{ "an address with its port is no name", "GET / HTTP/1.1\r\nHost: 203.0.113.5:8080\r\n\r\n",
	  "", "" },
	{ "an IPv6 address is no name", "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n", "", "" },
	{ "no host", "GET / HTTP/1.0\r\n\r\n", "", "" },
};

static void run_request(void **state)
{
	static const struct tcp_end plain = { 40000, 80 };
	const struct http_case *c = *state;
	const struct fact *fact;
	struct trial t;

	start(&t);
	handshake(&t, &plain);
	say(&t, &plain, c->request, 0, strlen(c->request));
	stop(&t);
	fact = nth(&t, FACT_CHECK_IN, 0);
	assert_string_equal(fact->check_in.names.host, c->host);
	assert_string_equal(fact->check_in.names.agent, c->agent);
	assert_int_equal(fact->check_in.names.host_source, HOST_HTTP);
}

static void check_in_of_another_protocol_is_told_at_once(void **state)
{
	static const struct tcp_end odd = { 40000, 4444 };
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say(&t, &odd, "\x99hello, master", 0, 14);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 1);
	assert_int_equal(nth(&t, FACT_CHECK_IN, 0)->check_in.payload_len, 14);
	stop(&t);
}

static void check_in_again_after_silence(void **state)
{
	static const struct tcp_end odd = { 40000, 4444 };
	const struct fact *fact;
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    0, 4);
	answer(&t, &odd, 0, "ok");
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    4, 4); /* soon after: the same one */
	t.seconds = 60;
	say(&t, &odd,
	    "\x99"
	    "abcdefghijklmnop",
	    8, 5);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 2);
	fact = nth(&t, FACT_CHECK_IN, 1);
	assert_false(fact->check_in.is_first);
	assert_true(fact->check_in.is_answered);
	assert_int_equal(fact->check_in.payload_len, 5);
	assert_true(fact->time == test_after_seconds(60));
	stop(&t);
}

struct ending_case {
	const char *name;
	uint8_t server_flags; /* of the answer to a SYN; 0 is none */
	bool is_unreachable;
	bool is_answered;
	bool is_refused;
};

static struct ending_case endings[] = {
	{ "nobody answers", 0, false, false, false },
	{ "answered", SYN | ACK, false, true, false },
	{ "refused by reset", RST | ACK, false, false, true },
	{ "refused by a router", 0, true, false, true },
};

/* Destination unreachable, with the SYN's first bytes in it. */
static void unreachable(struct trial *t)
{
	const struct test_ipv4 quoted = { .source = "192.168.1.10",
					  .destination = "203.0.113.5",
					  .protocol = TEST_TCP };
	const struct test_ipv4 ip = { .source = "192.168.1.1",
				      .destination = "192.168.1.10",
				      .protocol = TEST_ICMP };
	const struct test_tcp header = { .source_port = web.port,
					 .destination_port = web.server_port,
					 .sequence = CLIENT_FIRST,
					 .flags = SYN };
	struct test_packet p;

	test_packet_payload(&p, "", 0);
	test_packet_tcp(&p, &header);
	test_packet_ipv4(&p, &quoted);
	test_packet_prepend(&p, "\0\0\0\0", 4);
	test_packet_icmp(&p, 3, 1);
	test_packet_ipv4(&p, &ip);
	test_packet_ethernet(&p, 0x0800);
	send(t, &p);
}

static void run_ending(void **state)
{
	const struct ending_case *c = *state;
	struct trial t;

	start(&t);
	tcp(&t, &web, true, SYN, CLIENT_FIRST, (struct span){ 0 });
	if (c->server_flags)
		tcp(&t, &web, false, c->server_flags, SERVER_FIRST, (struct span){ 0 });
	if (c->is_unreachable)
		unreachable(&t);
	stop(&t);
	for (size_t i = 0; i < t.count; i++) {
		const struct fact *fact = &t.facts[i];

		if (fact->kind != FACT_FLOW_ENDED || fact->flow.protocol != TEST_TCP)
			continue;
		assert_int_equal(fact->ended.is_answered, c->is_answered);
		assert_int_equal(fact->ended.is_refused, c->is_refused);
		assert_int_equal(fact->ended.icmp_error, c->is_unreachable ? 3 : 0);
		return;
	}
	fail_msg("the flow did not end");
}

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

static void epoch_is_told_and_watermark_is_not(void **state)
{
	struct lane_record record = { .number = 7, .time = test_start, .kind = LANE_EPOCH };
	struct trial t;

	(void)state;
	start(&t);
	take(&t, NULL, NULL, &record, (struct span){ 0 });
	record.kind = LANE_WATERMARK;
	take(&t, NULL, NULL, &record, (struct span){ 0 });
	stop(&t);
	assert_int_equal(t.count, 1);
	assert_int_equal(t.facts[0].kind, FACT_EPOCH);
	assert_int_equal(t.facts[0].number, 7);
	assert_true(t.facts[0].time == test_start);
}

/* More flows than nDPI may look at: the oldest is settled early, and nothing is lost. */
static void full_dpi_settles_the_oldest(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t);
	t.feed.config.lane.dpi_flows = 16;
	start_prepared(&t);
	for (uint16_t i = 0; i < 20; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 4444 };

		handshake(&t, &end);
		say(&t, &end, "\x99\x98\x97\x96", 0, 4);
	}
	assert_int_equal(lane_stats(t.lane).dpi_evicted, 4);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 20);
	stop(&t);
	assert_int_equal(count_of(&t, FACT_FLOW_ENDED), 20);
}

/* More hellos in pieces than there are windows: the oldest is given up, its check-in is not. */
static void full_windows_give_up_the_oldest(void **state)
{
	uint8_t hello[512];
	size_t len = lane_feed_hello("www.example.com", hello);
	struct trial t;

	(void)state;
	start(&t);
	t.step = 0.001; /* all within one silence */
	for (uint16_t i = 0; i < 40; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 443 };

		handshake(&t, &end);
		say(&t, &end, hello, 0, 30);
	}
	assert_int_equal(lane_stats(t.lane).windows_evicted, 8);
	for (uint16_t i = 0; i < 40; i++) {
		struct tcp_end end = { (uint16_t)(40000 + i), 443 };

		say(&t, &end, hello, 30, len - 30);
	}
	assert_int_equal(lane_stats(t.lane).windows_evicted, 8);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 40);
	stop(&t);
}

static void slot_of_an_ended_flow_is_used_again(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 30; i++) {
		handshake(&t, &web);
		say(&t, &web, "\x99hello", 0, 6);
		tcp(&t, &web, true, FIN | ACK, CLIENT_FIRST + 7, (struct span){ 0 });
		tcp(&t, &web, false, FIN | ACK, SERVER_FIRST + 1, (struct span){ 0 });
		t.seconds += 120; /* idle beyond what a closed flow is kept */
	}
	stop(&t);
	assert_int_equal(count_of(&t, FACT_FLOW_OPENED), 30);
	assert_int_equal(count_of(&t, FACT_CHECK_IN), 30);
	for (size_t i = 0; i < 29; i++)
		assert_int_equal(nth(&t, FACT_FLOW_ENDED, i)->ended.reason, FACT_END_IDLE);
	assert_true(nth(&t, FACT_FLOW_ENDED, 0)->flow.id != nth(&t, FACT_FLOW_ENDED, 1)->flow.id);
}

static void beginning_not_seen_is_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	say(&t, &web, "\x99hello", 0, 6);
	stop(&t);
	assert_true(nth(&t, FACT_FLOW_OPENED, 0)->flow.is_midstream);
	assert_true(nth(&t, FACT_FLOW_ENDED, 0)->flow.is_midstream);
}

#define TABLES (ARRAY_LEN(requests) + ARRAY_LEN(endings) + ARRAY_LEN(announcements))

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(whole_hello_in_one_segment),
		cmocka_unit_test(hello_over_two_segments),
		cmocka_unit_test(hello_out_of_order),
		cmocka_unit_test(hello_byte_by_byte_at_its_edges),
		cmocka_unit_test(hello_that_never_ends),
		cmocka_unit_test(conflicting_bytes_are_counted),
		cmocka_unit_test(check_in_of_another_protocol_is_told_at_once),
		cmocka_unit_test(check_in_again_after_silence),
		cmocka_unit_test(dns_is_told_message_by_message),
		cmocka_unit_test(dns_over_tcp_is_read_too),
		cmocka_unit_test(malformed_messages_are_counted),
		cmocka_unit_test(dhcp_tells_a_name),
		cmocka_unit_test(dhcp_server_tells_none),
		cmocka_unit_test(netbios_tells_a_name),
		cmocka_unit_test(arp_tells_neighbours),
		cmocka_unit_test(neighbour_discovery_is_told),
		cmocka_unit_test(epoch_is_told_and_watermark_is_not),
		cmocka_unit_test(full_dpi_settles_the_oldest),
		cmocka_unit_test(full_windows_give_up_the_oldest),
		cmocka_unit_test(slot_of_an_ended_flow_is_used_again),
		cmocka_unit_test(beginning_not_seen_is_told),
	};
	struct CMUnitTest tests[TABLES + ARRAY_LEN(plain)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		tests[n++] = (struct CMUnitTest){ .name = requests[i].name,
						  .test_func = run_request,
						  .initial_state = &requests[i] };
	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		tests[n++] = (struct CMUnitTest){ .name = endings[i].name,
						  .test_func = run_ending,
						  .initial_state = &endings[i] };
	for (size_t i = 0; i < ARRAY_LEN(announcements); i++)
		tests[n++] = (struct CMUnitTest){ .name = announcements[i].name,
						  .test_func = run_announcement,
						  .initial_state = &announcements[i] };
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("lane", tests, NULL, NULL);
}
