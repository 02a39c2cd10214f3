/*
 * The short cut against the layers: whole golden captures (those under $GOLDEN), and each of their
 * frames with bytes changed, bits turned and its end cut off. Two decoders go side by side, so that
 * what they remember of fragments is the same.
 */
#include "sensor/decode/plain_packet.h"

#include "sensor/capture/capture_set.h"
#include "sensor/decode/decode.h"
#include "tests/support/cmocka.h"
#include "tests/support/packets.h"
#include "tests/support/same_packet.h"
#include "tests/support/tunnels.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	IPV4 = 0x0800,
	IPV6 = 0x86dd,
	VLAN = 0x8100,
	HEADERS_MAX = 96, /* changes beyond are of payloads */
	MUTANTS = 12,     /* of each frame */
	MUTATED_FRAMES = 3000,
	PATH_LEN = 4096,
};

struct pair {
	struct decoder *quick;
	struct decoder *layers;
	uint64_t frames;
	uint64_t plain;
	uint64_t random;
};

static int set_up(void **state)
{
	static struct pair pair;

	pair = (struct pair){ .random = 88172645463325252 };
	assert_int_equal(decoder_new(&pair.quick), ERR_OK);
	assert_int_equal(decoder_new(&pair.layers), ERR_OK);
	*state = &pair;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *pair = *state;

	decoder_free(pair->quick);
	decoder_free(pair->layers);
	return 0;
}

static uint32_t next_random(struct pair *pair, uint32_t below)
{
	pair->random ^= pair->random << 13;
	pair->random ^= pair->random >> 7;
	pair->random ^= pair->random << 17;
	return (uint32_t)(pair->random >> 32) % below;
}

/* What a path forgets to set differs, because the two begin with different bytes. */
static void compare(struct pair *pair, const struct frame *frame)
{
	struct packet quick;
	struct packet layers;

	memset(&quick, 0xa5, sizeof(quick));
	memset(&layers, 0x5a, sizeof(layers));
	pair->frames++;
	pair->plain += plain_packet_read(frame, &quick);
	memset(&quick, 0xa5, sizeof(quick));

	enum decode_result want = decoder_decode_layers(pair->layers, frame, pair->frames, &layers);

	assert_int_equal(decoder_decode(pair->quick, frame, pair->frames, &quick), want);
	if (want == DECODE_OK)
		assert_true(same_packet(&quick, &layers));
}

/* From an exact copy, so that a read past the end shows. */
static void compare_cut(struct pair *pair, const struct frame *frame, const uint8_t *bytes,
			size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct frame cut = *frame;

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	cut.bytes = (struct span){ .data = exact, .len = len };
	compare(pair, &cut);
	free(exact);
}

static void compare_mutants(struct pair *pair, const struct frame *frame)
{
	static uint8_t bytes[UINT16_MAX];
	size_t len = frame->bytes.len;
	uint32_t headers = len < HEADERS_MAX ? (uint32_t)len : HEADERS_MAX;

	if (len == 0 || len > sizeof(bytes))
		return;
	for (unsigned i = 0; i < MUTANTS; i++) {
		memcpy(bytes, frame->bytes.data, len);
		for (uint32_t change = next_random(pair, 4); change > 0; change--) {
			uint8_t *at = &bytes[next_random(pair, headers)];

			if (next_random(pair, 2) == 0)
				*at = (uint8_t)next_random(pair, 256);
			else
				*at = (uint8_t)(*at ^ 1U << next_random(pair, 8));
		}
		compare_cut(pair, frame, bytes,
			    next_random(pair, 3) == 0 ? next_random(pair, headers) : len);
	}
}

static void compare_capture(struct pair *pair, const char *path)
{
	struct capture_set *captures;
	struct frame frame;

	assert_int_equal(capture_set_new(&captures, &path, 1), ERR_OK);
	for (unsigned i = 0; capture_set_next(captures, &frame); i++) {
		compare(pair, &frame);
		if (i < MUTATED_FRAMES)
			compare_mutants(pair, &frame);
	}
	assert_int_equal(capture_set_failure_count(captures), 0);
	capture_set_free(captures);
}

static void captures_and_their_mutants(void **state)
{
	struct pair *pair = *state;
	const char *golden = getenv("GOLDEN");
	char pattern[PATH_LEN];
	glob_t found;

	assert_non_null(golden);
	(void)snprintf(pattern, sizeof(pattern), "%s/*/capture.*", golden);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare_capture(pair, found.gl_pathv[i]);
	globfree(&found);
	assert_true(pair->plain > pair->frames / 4);
	assert_memory_equal(decoder_stats(pair->quick), decoder_stats(pair->layers),
			    sizeof(struct decode_stats));
}

/* Each shape that a plain packet has, and each that is nearly one. */
struct shape {
	const char *source;
	const char *destination;
	uint8_t protocol;
	uint8_t tcp_words;
	uint8_t ip_words;
	unsigned tags;
	uint16_t fragment;
	uint8_t surplus; /* bytes of the IP packet behind the datagram's own end */
	bool is_plain;
	uint16_t source_port; /* of a datagram; 0 stands for 5000 */
	uint16_t port;        /* and 53 */
};

static const struct shape shapes[] = {
	{ "10.0.0.1", "10.0.0.2", IP_TCP, .is_plain = true },
	{ "10.0.0.2", "10.0.0.1", IP_TCP, .tcp_words = 10, .is_plain = true },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .tags = 1, .is_plain = true },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .fragment = 0x4000, .is_plain = true },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .surplus = 3, .is_plain = true },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .surplus = 3, .ip_words = 1 },
	{ "2001:db8::1", "2001:db8::2", IP_UDP, .surplus = 7, .is_plain = true },
	{ "2001:db8::1", "2001:db8::2", IP_TCP, .is_plain = true },
	{ "2001:db8::2", "2001:db8::1", IP_UDP, .is_plain = true },
	{ "2001:db8:0:1::", "2001:db8::ffff", IP_UDP, .tags = 1, .is_plain = true },
	{ "10.0.0.1", "10.0.0.1", IP_TCP, .is_plain = false },
	{ "2001:db8::1", "2001:db8::1", IP_TCP, .is_plain = false },
	{ "10.0.0.1", "10.0.0.2", IP_TCP, .tags = 2 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .ip_words = 1 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .fragment = 0x2000 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .fragment = 0x0001 },
	{ "10.0.0.1", "10.0.0.2", IP_SCTP, .is_plain = false },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 1701 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 3544 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 4789 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 4790 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 6081 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 8472 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 37008 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .source_port = 1701 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .source_port = 3544 },
	{ "2001:db8::1", "2001:db8::2", IP_UDP, .port = 4789 },
	{ "2001:db8::1", "2001:db8::2", IP_UDP, .source_port = 1701 },
	{ "10.0.0.1", "10.0.0.2", IP_UDP, .port = 4789 ^ 0x100, .is_plain = true },
};

static void make_shape(const struct shape *s, struct test_packet *p)
{
	struct test_tcp tcp = { 50000, 443, 5, 6, TCP_ACK, s->tcp_words, 512 };
	struct test_ipv4 v4 = { s->source,   s->destination, s->protocol, 9,
				s->ip_words, 0x1234,         s->fragment };
	struct test_ipv6 v6 = { s->source, s->destination, s->protocol, 9 };
	bool is_v6 = strchr(s->source, ':');

	test_packet_payload(p, NULL, 7);
	if (s->protocol == IP_TCP)
		test_packet_tcp(p, &tcp);
	else
		test_packet_udp(p, s->source_port > 0 ? s->source_port : 5000,
				s->port > 0 ? s->port : 53);
	p->bytes[5] = (uint8_t)(p->bytes[5] - s->surplus);
	if (is_v6)
		test_packet_ipv6(p, &v6);
	else
		test_packet_ipv4(p, &v4);
	for (unsigned i = 0; i < s->tags; i++)
		test_packet_vlan(p, (uint16_t)(7 + i), i > 0 ? VLAN : is_v6 ? IPV6 : IPV4);
	test_packet_ethernet(p, s->tags > 0 ? VLAN : is_v6 ? IPV6 : IPV4);
}

/* As it is, and each shorter capture of it. */
static void shapes_are_told_apart(void **state)
{
	struct pair *pair = *state;

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct test_packet p;
		uint64_t plain = pair->plain;

		make_shape(&shapes[i], &p);
		struct frame frame = { .time = NANOTIME_SECOND,
				       .wire_len = (uint32_t)p.len,
				       .link_type = LINK_ETHERNET };

		compare_cut(pair, &frame, p.bytes, p.len);
		assert_int_equal(pair->plain - plain, shapes[i].is_plain);
		for (size_t cut = 0; cut < p.len; cut++)
			compare_cut(pair, &frame, p.bytes, cut);
		frame.link_type = LINK_RAW;
		plain = pair->plain;
		compare_cut(pair, &frame, p.bytes, p.len);
		assert_int_equal(pair->plain, plain);
	}
}

/* Each tunnel, each shorter capture of it, and mutants of both. */
static void tunnels_and_their_mutants(void **state)
{
	struct pair *pair = *state;
	uint64_t plain = pair->plain;

	for (size_t i = 0; i < test_tunnels_count; i++) {
		struct test_packet p;

		test_tunnel_frame(&p, &test_tunnels[i]);

		struct frame frame = { .time = NANOTIME_SECOND,
				       .bytes = { .data = p.bytes, .len = p.len },
				       .wire_len = (uint32_t)p.len,
				       .link_type = LINK_ETHERNET };

		for (size_t cut = 0; cut <= p.len; cut++)
			compare_cut(pair, &frame, p.bytes, cut);
		assert_int_equal(pair->plain, plain);
		for (unsigned again = 0; again < 200; again++)
			compare_mutants(pair, &frame);
		plain = pair->plain;
	}
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_PAIR(shapes_are_told_apart),
		WITH_PAIR(tunnels_and_their_mutants),
		WITH_PAIR(captures_and_their_mutants),
	};

	return cmocka_run_group_tests_name("plain_packet", tests, NULL, NULL);
}
