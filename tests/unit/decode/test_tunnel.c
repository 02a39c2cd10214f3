#include "sensor/decode/tunnel.h"

#include "sensor/decode/decode.h"
#include "tests/support/cmocka.h"
#include "tests/support/tunnels.h"

#include <stdlib.h>
#include <string.h>

enum {
	IPV4 = 0x0800,
	TUNNELS_MAX = 4,
	IPV4_FRAGMENT_MORE = 0x2000,
};

static const nanotime start = 1000 * NANOTIME_SECOND;

static int set_up(void **state)
{
	struct decoder *decoder;

	assert_int_equal(decoder_new(&decoder), ERR_OK);
	*state = decoder;
	return 0;
}

static int tear_down(void **state)
{
	decoder_free(*state);
	return 0;
}

/* From an exact copy; the spans of `*out` are checked and then of no use. */
static enum decode_result decode_cut(struct decoder *decoder, const struct test_packet *p,
				     size_t captured, struct packet *out)
{
	uint8_t *exact = test_packet_copy(p, captured);
	struct frame frame = { .time = start,
			       .bytes = { .data = exact, .len = captured },
			       .wire_len = (uint32_t)p->len,
			       .link_type = LINK_ETHERNET };
	enum decode_result result = decoder_decode(decoder, &frame, 1, out);

	if (result == DECODE_OK && out->ip.len > 0) {
		assert_true(out->ip.data >= exact);
		assert_true(out->ip.data + out->ip.len <= exact + captured);
	}
	if (result == DECODE_OK && out->payload.len > 0) {
		assert_true(out->payload.data >= exact);
		assert_true(out->payload.data + out->payload.len <= exact + captured);
	}
	free(exact);
	return result;
}

static struct packet decode_ok(struct decoder *decoder, const struct test_packet *p)
{
	struct packet out;

	assert_int_equal(decode_cut(decoder, p, p->len, &out), DECODE_OK);
	return out;
}

static bool has_source(const struct packet *p, const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address_equal(packet_source(p), &address);
}

static bool is_outer(const struct packet *p)
{
	return p->kind == PACKET_IP && has_source(p, "203.0.113.1") && p->key.context == 0;
}

static bool is_inner(const struct packet *p, const struct test_tunnel *t)
{
	if (t->content == TEST_ARP)
		return p->kind == PACKET_ARP && p->key.protocol == 0;

	bool is_v6 = t->content == TEST_IPV6 || t->content == TEST_FRAME_V6;

	return p->kind == PACKET_IP && packet_source_port(p) == 50000 &&
	       has_source(p, is_v6 ? "2001::9" : "192.168.1.9");
}

static void assert_inner(const struct packet *p, const struct test_tunnel *t)
{
	bool is_frame = t->content != TEST_IPV4 && t->content != TEST_IPV6;

	assert_true(is_inner(p, t));
	assert_int_equal(p->key.context != 0, t->has_context);
	assert_int_equal(p->vlan, t->vlan);
	assert_int_equal(p->source_mac.bytes[5], is_frame ? 1 : 9);
	assert_int_equal(p->destination_mac.bytes[5], is_frame ? 2 : 8);
	assert_int_equal(p->payload.len, p->payload_len);
}

static void assert_outer(const struct packet *p, const struct test_tunnel *t)
{
	assert_true(is_outer(p));
	assert_int_equal(p->key.protocol, t->protocol);
	assert_int_equal(packet_destination_port(p), t->port);
	assert_int_equal(p->source_mac.bytes[5], 9);
	assert_int_equal(p->vlan, 0);
}

static void run_case(void **state)
{
	const struct test_tunnel *t = *state;
	struct decoder *decoder;
	struct test_packet p;
	struct packet out;

	assert_int_equal(decoder_new(&decoder), ERR_OK);
	test_tunnel_frame(&p, t);
	assert_int_equal(decode_cut(decoder, &p, p.len, &out), t->want);
	if (t->reading == TEST_INNER)
		assert_inner(&out, t);
	if (t->reading == TEST_OUTER)
		assert_outer(&out, t);
	for (size_t kind = 0; kind < TUNNEL_KINDS; kind++)
		assert_int_equal(decoder_stats(decoder)->tunnels[kind],
				 kind == t->kind && t->reading != TEST_OUTER);
	decoder_free(decoder);
}

/*
 * Inside or nothing, once the packet is long enough to say what it is; the datagram or GRE packet
 * outside at most until then.
 */
static void every_prefix(void **state)
{
	const struct test_tunnel *t = *state;
	struct decoder *decoder;
	bool was_inner = false;
	struct test_packet p;

	assert_int_equal(decoder_new(&decoder), ERR_OK);
	test_tunnel_frame(&p, t);
	for (size_t cut = 0; cut < p.len; cut++) {
		struct packet out;
		enum decode_result got = decode_cut(decoder, &p, cut, &out);

		if (got != DECODE_OK) {
			assert_false(was_inner);
			assert_true(got == t->want || got == DECODE_TRUNCATED_LINK ||
				    got == DECODE_TRUNCATED_NETWORK ||
				    got == DECODE_TRUNCATED_TRANSPORT);
			continue;
		}
		assert_true(is_outer(&out) || (t->reading == TEST_INNER && is_inner(&out, t)));
		assert_false(was_inner && is_outer(&out));
		was_inner = was_inner || !is_outer(&out);
	}
	assert_int_equal(was_inner, t->reading == TEST_INNER);
	decoder_free(decoder);
}

static const struct test_tunnel *find(const char *name)
{
	for (size_t i = 0; i < test_tunnels_count; i++) {
		if (strcmp(test_tunnels[i].name, name) == 0)
			return &test_tunnels[i];
	}
	fail_msg("no tunnel is called %s", name);
	return NULL;
}

/* What stands in one another is bounded, whatever it is made of. */
static void bombs_are_too_deep(void **state)
{
	static const char *const names[] = { "IPv4 in IPv4", "GRE and IPv4", "VXLAN", "TZSP",
					     "ERSPAN II",    "Geneve",       "L2TP" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct test_tunnel *t = find(names[i]);

		for (unsigned depth = 1; depth <= TUNNELS_MAX + 4; depth++) {
			struct test_packet p;
			struct packet out;

			test_content_make(&p, t->content);
			for (unsigned tunnels = 0; tunnels < depth; tunnels++) {
				test_tunnel_wrap(&p, t, false);
				if (t->content == TEST_FRAME || tunnels == depth - 1)
					test_packet_ethernet(&p, IPV4);
			}
			if (depth > TUNNELS_MAX) {
				assert_int_equal(decode_cut(*state, &p, p.len, &out),
						 DECODE_TOO_DEEP);
				continue;
			}
			assert_int_equal(decode_cut(*state, &p, p.len, &out), DECODE_OK);
			assert_true(is_inner(&out, t));
		}
	}
}

static uint16_t context_of(struct decoder *decoder, const struct test_tunnel *t, bool is_reversed)
{
	struct test_packet p;

	test_content_make(&p, t->content);
	test_tunnel_wrap(&p, t, is_reversed);
	test_packet_ethernet(&p, IPV4);
	return decode_ok(decoder, &p).key.context;
}

/* A session number of L2TP or PPTP is of one direction; the flow is of both. */
static void both_directions_share_a_context(void **state)
{
	for (size_t i = 0; i < test_tunnels_count; i++) {
		const struct test_tunnel *t = &test_tunnels[i];

		if (t->reading == TEST_INNER)
			assert_int_equal(context_of(*state, t, false), context_of(*state, t, true));
	}
	struct test_tunnel back = *find("L2TP");

	back.header = "\0\2\0\7\0\x08\0\x21";
	assert_int_equal(context_of(*state, &back, true), context_of(*state, find("L2TP"), false));
}

static void contexts_differ(void **state)
{
	struct test_tunnel other = *find("VXLAN");
	uint16_t vxlan = context_of(*state, &other, false);

	other.header = "\x08\0\0\0\0\0\x2b\0";
	assert_int_not_equal(context_of(*state, &other, false), vxlan);
	assert_int_not_equal(context_of(*state, find("Geneve"), false), vxlan);
	assert_int_not_equal(context_of(*state, find("GRE with a key"), false), vxlan);
	assert_int_equal(context_of(*state, find("VXLAN of Linux"), false), vxlan);
	assert_int_equal(context_of(*state, find("VXLAN and ARP"), false), vxlan);
}

/* A mirror port's frames in VXLAN stay in its network; VXLAN in VXLAN is one more. */
static void contexts_nest(void **state)
{
	const struct test_tunnel *vxlan = find("VXLAN");
	struct test_packet p;

	test_content_make(&p, TEST_FRAME);
	test_tunnel_wrap(&p, find("TZSP"), false);
	test_packet_ethernet(&p, IPV4);
	test_tunnel_wrap(&p, vxlan, false);
	test_packet_ethernet(&p, IPV4);
	assert_int_equal(decode_ok(*state, &p).key.context, context_of(*state, vxlan, false));

	test_content_make(&p, TEST_FRAME);
	test_tunnel_wrap(&p, vxlan, false);
	test_packet_ethernet(&p, IPV4);
	test_tunnel_wrap(&p, vxlan, false);
	test_packet_ethernet(&p, IPV4);
	assert_int_not_equal(decode_ok(*state, &p).key.context, context_of(*state, vxlan, false));
}

static void a_context_is_never_none(void **state)
{
	struct tunnel tunnel = { .has_network_id = true };
	size_t low = 0;

	(void)state;
	for (tunnel.kind = 0; tunnel.kind < TUNNEL_KINDS; tunnel.kind++) {
		for (tunnel.network_id = 0; tunnel.network_id < 1U << 17; tunnel.network_id++) {
			uint16_t context = tunnel_context(&tunnel, 0);

			assert_int_not_equal(context, 0);
			low += context < 1U << 15;
		}
	}
	/* Evenly spread: the networks of an office do not meet. */
	assert_in_range(low, (TUNNEL_KINDS << 16) - 3000, (TUNNEL_KINDS << 16) + 3000);
	tunnel.has_network_id = false;
	assert_int_equal(tunnel_context(&tunnel, 77), 77);
}

/* A frame in VXLAN whose packet outside came in two; the rest has no addresses of the inside. */
static void a_fragmented_tunnel(void **state)
{
	enum { FIRST_LEN = 8 + 8 + 14 + 20 + 20 + 2 }; /* to the payload, and on to a unit */
	struct test_ipv4 outer = { .source = "203.0.113.1",
				   .destination = "203.0.113.2",
				   .protocol = IP_UDP,
				   .id = 7,
				   .fragment = IPV4_FRAGMENT_MORE };
	const struct test_tunnel *t = find("VXLAN");
	struct test_packet whole;
	struct test_packet p;
	struct packet first;
	struct packet rest;

	test_content_make(&whole, t->content);
	test_packet_prepend(&whole, t->header, t->header_len);
	test_packet_udp(&whole, 50001, t->port);

	test_packet_payload(&p, whole.bytes, FIRST_LEN);
	test_packet_ipv4(&p, &outer);
	test_packet_ethernet(&p, IPV4);
	first = decode_ok(*state, &p);
	assert_inner(&(struct packet){ .key = first.key,
				       .source_is_low = first.source_is_low,
				       .source_mac = first.source_mac,
				       .destination_mac = first.destination_mac },
		     t);

	outer.fragment = FIRST_LEN / 8;
	test_packet_payload(&p, whole.bytes + FIRST_LEN, whole.len - FIRST_LEN);
	test_packet_ipv4(&p, &outer);
	test_packet_ethernet(&p, IPV4);
	rest = decode_ok(*state, &p);
	assert_true(rest.is_fragment_rest);
	assert_true(flow_key_equal(&rest.key, &first.key));
	assert_true(mac_is_zero(&rest.source_mac));
	assert_true(mac_is_zero(&rest.destination_mac));
}

/* The same packet in two networks, fragmented in each: the ids are the same too. */
static void fragments_belong_to_their_network(void **state)
{
	struct test_tunnel networks[2] = { *find("GRE with a key"), *find("GRE with a key") };
	uint16_t first[2];

	networks[1].header = "\x20\0\x08\0\0\0\0\x2b";
	for (unsigned i = 0; i < 4; i++) {
		struct test_ipv4 inner = { .source = "192.168.1.9",
					   .destination = "198.51.100.2",
					   .protocol = IP_UDP,
					   .id = 7,
					   .fragment = i < 2 ? IPV4_FRAGMENT_MORE : 3 };
		struct test_packet p;

		test_packet_payload(&p, NULL, 16);
		test_packet_udp(&p, 50000, 53);
		test_packet_ipv4(&p, &inner);
		test_tunnel_wrap(&p, &networks[i % 2], false);
		test_packet_ethernet(&p, IPV4);
		if (i < 2)
			first[i] = decode_ok(*state, &p).key.context;
		else
			assert_int_equal(decode_ok(*state, &p).key.context, first[i % 2]);
	}
	assert_int_not_equal(first[0], first[1]);
}

/* An error about a packet of a tunnel is about the flow inside, as far as it quotes that. */
static void an_error_quotes_a_tunnel(void **state)
{
	static const struct test_ipv4 back = { .source = "203.0.113.2",
					       .destination = "203.0.113.1",
					       .protocol = IP_ICMP };
	const struct test_tunnel *t = find("GRE with a key");
	struct test_packet p;
	struct packet out;

	test_content_make(&p, t->content);
	test_tunnel_wrap(&p, t, false);
	test_packet_prepend(&p, "\0\0\0\0", 4);
	test_packet_icmp(&p, 3, 1);
	test_packet_ipv4(&p, &back);
	test_packet_ethernet(&p, IPV4);
	out = decode_ok(*state, &p);
	assert_true(out.has_quoted);
	assert_int_equal(out.quoted.protocol, IP_TCP);
	assert_int_equal(out.quoted.context, context_of(*state, t, false));
	assert_int_equal(decoder_stats(*state)->tunnels[TUNNEL_GRE], 1); /* of context_of() */

	/* ARP in a tunnel is no flow. */
	t = find("VXLAN and ARP");
	test_content_make(&p, t->content);
	test_tunnel_wrap(&p, t, false);
	test_packet_prepend(&p, "\0\0\0\0", 4);
	test_packet_icmp(&p, 3, 1);
	test_packet_ipv4(&p, &back);
	test_packet_ethernet(&p, IPV4);
	assert_false(decode_ok(*state, &p).has_quoted);
}

/* Nonsense behind a port is a datagram, cut by nobody; a tunnel that the capture cut is none. */
static void a_short_guess_is_a_datagram(void **state)
{
	const struct test_tunnel *t = find("VXLAN");
	struct test_packet p;
	struct packet out;

	test_content_make(&p, TEST_FRAME);
	p.len = TEST_ETHERNET_LEN + 6;
	test_tunnel_wrap(&p, t, false);
	test_packet_ethernet(&p, IPV4);
	out = decode_ok(*state, &p);
	assert_true(is_outer(&out));
	assert_int_equal(out.payload_len, t->header_len + TEST_ETHERNET_LEN + 6);

	test_tunnel_frame(&p, t);
	assert_int_equal(decode_cut(*state, &p, 4 * TEST_ETHERNET_LEN + 20, &out),
			 DECODE_TRUNCATED_NETWORK);
}

static void each_kind_has_its_own_name(void **state)
{
	(void)state;
	for (enum tunnel_kind i = 0; i < TUNNEL_KINDS; i++) {
		assert_non_null(tunnel_kind_name(i));
		for (enum tunnel_kind j = 0; j < i; j++)
			assert_string_not_equal(tunnel_kind_name(i), tunnel_kind_name(j));
	}
}

#define WITH_DECODER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest others[] = {
		WITH_DECODER(bombs_are_too_deep),
		WITH_DECODER(both_directions_share_a_context),
		WITH_DECODER(contexts_differ),
		WITH_DECODER(contexts_nest),
		cmocka_unit_test(a_context_is_never_none),
		WITH_DECODER(a_fragmented_tunnel),
		WITH_DECODER(fragments_belong_to_their_network),
		WITH_DECODER(an_error_quotes_a_tunnel),
		WITH_DECODER(a_short_guess_is_a_datagram),
		cmocka_unit_test(each_kind_has_its_own_name),
	};
	struct CMUnitTest *tests =
		calloc(2 * test_tunnels_count + ARRAY_LEN(others), sizeof(*tests));
	size_t count = ARRAY_LEN(others);

	assert_non_null(tests);
	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < test_tunnels_count; i++) {
		union {
			const void *in;
			void *out;
		} one = { .in = &test_tunnels[i] }; /* cmocka's state is not const */

		tests[count++] = (struct CMUnitTest){ .name = test_tunnels[i].name,
						      .test_func = run_case,
						      .initial_state = one.out };
		tests[count++] = (struct CMUnitTest){ .name = test_tunnels[i].name,
						      .test_func = every_prefix,
						      .initial_state = one.out };
	}

	int failed = _cmocka_run_group_tests("tunnel", tests, count, NULL, NULL);

	free(tests);
	return failed;
}
