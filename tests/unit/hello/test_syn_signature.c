#include "sensor/hello/syn_signature.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum {
	PACKET_MAX = 256,
	IPV4_LEN = 20,
	IPV6_LEN = 40,
	TCP_LEN = 20,
	DF = 0x4000,
	SYN = 0x02,
	TCP = 6,
	UNTOUCHED = 'x',
};

#define BYTES(s) (s), sizeof(s) - 1

/* A SYN; 0 stands for what is usual where 0 is not. */
struct syn_case {
	const char *name;
	const char *options;
	size_t options_len;
	uint16_t window;
	uint8_t ttl;
	uint16_t fragment;
	uint16_t flags; /* above SYN, and for each case that is none below it */
	uint16_t urgent;
	uint32_t acknowledged;
	bool has_id_0;
	bool has_sequence_0;
	uint8_t service;
	size_t data_len;
	const char *want;
};

#define LINUX   "\2\4\5\xb4\4\2\x08\x0a\1\2\3\4\0\0\0\0\1\3\3\7"
#define WINDOWS "\2\4\5\xb4\1\3\3\x08\1\1\4\2"

static struct syn_case cases[] = {
	{ "Linux", BYTES(LINUX), 64240, 58, DF,
	  .want = "ip4 ttl64 df win64240=44mss mss1460 ws7 opts=mss,sack,ts,nop,ws" },
	{ "Windows", BYTES(WINDOWS), 64240, 128, DF,
	  .want = "ip4 ttl128 df win64240=44mss mss1460 ws8 opts=mss,nop,ws,nop,nop,sack" },
	{ "macOS", BYTES("\2\4\5\xb4\1\3\3\6\1\1\x08\x0a\1\2\3\4\0\0\0\0\4\2\0\0"), 65535, 64, DF,
	  .flags = 0xc0,
	  .want = "ip4 ttl64 df win65535 mss1460 ws6 opts=mss,nop,ws,nop,nop,ts,sack,eol "
		  "quirks=ecn" },
	{ "a scanner", BYTES("\2\4\5\xb4"), 1024, 43, 0,
	  .want = "ip4 ttl64 win1024 mss1460 opts=mss" },
	{ "no options", BYTES(""), 512, 255, 0, .has_id_0 = true,
	  .want = "ip4 ttl255 win512 opts=none quirks=id0" },
	{ "a short way", BYTES(""), 0, 32, 0, .want = "ip4 ttl32 win0 opts=none" },
	{ "a small segment is no measure", BYTES("\2\4\0\1"), 512, 33, 0,
	  .want = "ip4 ttl64 win512 mss1 opts=mss" },
	{ "an empty window is no multiple", BYTES("\2\4\5\xb4"), 0, 129, 0,
	  .want = "ip4 ttl255 win0 mss1460 opts=mss" },
	{ "rarer options",
	  BYTES("\x1e\4\0\1\x22\2\xfd\4\1\2\x63\2\5\2\x1d\4\1\2\xff\3\1\xfe\2\1\1\1\0"), 1, 1, 0,
	  .want = "ip4 ttl32 win1 opts=mptcp,tfo,exp,o99,sackdata,ao,o255,exp,nop,nop,nop,eol" },
	{ "the longest",
	  BYTES("\x13\x12\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\5\2\5\2\5\2"
		"\5\2\5\2\5\2\5\2\5\2\5\2\5\2\5\2"),
	  65535, 200, DF, 0xfe8, 1, 1, true, true, 1, 3,
	  "ip4 ttl255 df win65535 opts=md5,sackdata,sackdata,sackdata,sackdata,sackdata,sackdata,"
	  "sackdata,sackdata,sackdata,sackdata,sackdata "
	  "quirks=id0,ect,seq0,ack,urg,psh,ecn,ns,data" },
	{ "half of ECN", BYTES(""), 1, 64, 0, .flags = 0x40,
	  .want = "ip4 ttl64 win1 opts=none quirks=ecnodd" },
	{ "the other half", BYTES(""), 1, 64, 0, .flags = 0x80,
	  .want = "ip4 ttl64 win1 opts=none quirks=ecnodd" },
	{ "urgent without its flag", BYTES(""), 1, 64, 0, .urgent = 7,
	  .want = "ip4 ttl64 win1 opts=none quirks=urg" },
	{ "urgent without its pointer", BYTES(""), 1, 64, 0, .flags = 0x20,
	  .want = "ip4 ttl64 win1 opts=none quirks=urg" },
	{ "odd time stamps", BYTES("\1\1\x08\x0a\0\0\0\0\0\0\0\1"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=nop,nop,ts quirks=ts0,tsecho" },
	{ "bytes behind the end", BYTES("\1\0\0\5"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=nop,eol quirks=pad" },
	{ "wrong lengths", BYTES("\2\3\5\3\2\4\3\1"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=mss,ws,sack quirks=len" },
	{ "an option past the end", BYTES("\1\1\2\4"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=nop,nop,mss quirks=bad" },
	{ "an option without a length", BYTES("\1\1\1\2"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=nop,nop,nop,mss quirks=bad" },
	{ "an option of no length", BYTES("\2\0\5\xb4"), 1, 64, 0,
	  .want = "ip4 ttl64 win1 opts=mss quirks=bad" },
};

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t build_tcp(uint8_t *tcp, const struct syn_case *c)
{
	size_t header_len = TCP_LEN + (c->options_len + 3) / 4 * 4;

	memset(tcp, 0, header_len + c->data_len);
	put16(tcp, 50000);
	put16(tcp + 2, 443);
	put16(tcp + 6, c->has_sequence_0 ? 0 : 1);
	put16(tcp + 10, (uint16_t)c->acknowledged);
	put16(tcp + 12, (uint16_t)(header_len / 4 << 12 | SYN | c->flags));
	put16(tcp + 14, c->window);
	put16(tcp + 18, c->urgent);
	memcpy(tcp + TCP_LEN, c->options, c->options_len);
	return header_len + c->data_len;
}

static size_t build_v4(uint8_t *packet, const struct syn_case *c)
{
	memset(packet, 0, IPV4_LEN);

	size_t len = IPV4_LEN + build_tcp(packet + IPV4_LEN, c);

	packet[0] = 0x45;
	packet[1] = c->service;
	put16(packet + 2, (uint16_t)len);
	put16(packet + 4, c->has_id_0 ? 0 : 1);
	put16(packet + 6, c->fragment);
	packet[8] = c->ttl;
	packet[9] = TCP;
	return len;
}

/* `extensions` of eight bytes. */
static size_t build_v6(uint8_t *packet, const struct syn_case *c, unsigned extensions)
{
	size_t at = IPV6_LEN;

	memset(packet, 0, IPV6_LEN + extensions * 8U);
	packet[0] = 0x60;
	packet[6] = extensions > 0 ? 60 : TCP;
	packet[7] = c->ttl;
	for (unsigned i = 0; i < extensions; i++) {
		packet[at] = i + 1 < extensions ? 60 : TCP;
		at += 8;
	}
	return at + build_tcp(packet + at, c);
}

/* From an exact block; what is written is none of `text` unless all is well. */
static enum dissect read_exact(const uint8_t *packet, size_t len, char text[SYN_SIGNATURE_LEN])
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct span ip = { .data = exact, .len = len };

	assert_non_null(exact);
	memcpy(exact, packet, len);
	memset(text, UNTOUCHED, SYN_SIGNATURE_LEN);

	enum dissect got = syn_signature_read(ip, text);

	for (size_t i = 0; got != DISSECT_OK && i < SYN_SIGNATURE_LEN; i++)
		assert_int_equal(text[i], UNTOUCHED);
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct syn_case *c = *state;
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];
	size_t len = build_v4(packet, c);

	assert_int_equal(read_exact(packet, len, text), DISSECT_OK);
	assert_string_equal(text, c->want);
	for (size_t cut = 0; cut < len - c->data_len; cut++)
		assert_int_equal(read_exact(packet, cut, text), DISSECT_TRUNCATED);
}

/* Each byte of a SYN turned into each other one: what is said stays text. */
static void mutations_stay_text(void **state)
{
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];
	size_t len = build_v4(packet, &cases[0]);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		uint8_t was = packet[i];

		for (unsigned value = 0; value <= UINT8_MAX; value++) {
			packet[i] = (uint8_t)value;
			if (read_exact(packet, len, text) == DISSECT_OK)
				assert_in_range(strnlen(text, SYN_SIGNATURE_LEN), 20,
						SYN_SIGNATURE_LEN - 1);
		}
		packet[i] = was;
	}
}

static void over_ipv6(void **state)
{
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];
	size_t len = build_v6(packet, &cases[0], 0);

	(void)state;
	assert_int_equal(read_exact(packet, len, text), DISSECT_OK);
	assert_string_equal(text, "ip6 ttl64 win64240=44mss mss1460 ws7 opts=mss,sack,ts,nop,ws");
	for (size_t cut = 0; cut < len; cut++)
		assert_int_equal(read_exact(packet, cut, text), DISSECT_TRUNCATED);
	packet[1] = 0x1f; /* marked, and a flow label */
	assert_int_equal(read_exact(packet, len, text), DISSECT_OK);
	assert_string_equal(text, "ip6 ttl64 win64240=44mss mss1460 ws7 opts=mss,sack,ts,nop,ws "
				  "quirks=flow,ect");
	packet[6] = 17;
	assert_int_equal(read_exact(packet, len, text), DISSECT_OTHER);
}

static void over_extension_headers(void **state)
{
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];

	(void)state;
	for (unsigned extensions = 1; extensions <= 9; extensions++) {
		size_t len = build_v6(packet, &cases[3], extensions);

		assert_int_equal(read_exact(packet, len, text),
				 extensions <= 8 ? DISSECT_OK : DISSECT_OTHER);
		for (size_t cut = 0; extensions <= 8 && cut < len; cut++)
			assert_int_equal(read_exact(packet, cut, text), DISSECT_TRUNCATED);
	}
	/* Hop-by-hop options and a routing header too. */
	for (uint8_t kind = 0; kind <= 43; kind = (uint8_t)(kind + 43)) {
		size_t len = build_v6(packet, &cases[3], 1);

		packet[6] = kind;
		assert_int_equal(read_exact(packet, len, text), DISSECT_OK);
		assert_string_equal(text, "ip6 ttl64 win1024 mss1460 opts=mss quirks=ipopt");
	}
}

static void behind_ip_options(void **state)
{
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];
	size_t len = build_v4(packet, &cases[3]);

	(void)state;
	memmove(packet + IPV4_LEN + 4, packet + IPV4_LEN, len - IPV4_LEN);
	packet[0] = 0x46;
	assert_int_equal(read_exact(packet, len + 4, text), DISSECT_OK);
	assert_string_equal(text, "ip4 ttl64 win1024 mss1460 opts=mss quirks=ipopt");
}

static void a_length_of_0_is_the_cards_to_fill(void **state)
{
	uint8_t packet[PACKET_MAX];
	char text[SYN_SIGNATURE_LEN];
	size_t len = build_v4(packet, &cases[3]);

	(void)state;
	put16(packet + 2, 0);
	assert_int_equal(read_exact(packet, len, text), DISSECT_OK);
	assert_string_equal(text, cases[3].want);
}

/* One byte of a SYN changed. */
static void what_is_no_syn(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		enum dissect want;
	} changes[] = {
		{ 0, 0x55, DISSECT_OTHER },      { 9, 17, DISSECT_OTHER },
		{ 7, 1, DISSECT_OTHER },         { 33, 0x12, DISSECT_OTHER },
		{ 33, 0x10, DISSECT_OTHER },     { 33, 0x06, DISSECT_OTHER },
		{ 33, 0x03, DISSECT_OTHER },     { 33, 0, DISSECT_OTHER },
		{ 0, 0x44, DISSECT_MALFORMED },  { 3, 19, DISSECT_MALFORMED },
		{ 32, 0x40, DISSECT_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		uint8_t packet[PACKET_MAX];
		char text[SYN_SIGNATURE_LEN];
		size_t len = build_v4(packet, &cases[3]);

		packet[changes[i].at] = changes[i].value;
		assert_int_equal(read_exact(packet, len, text), changes[i].want);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(mutations_stay_text),
		cmocka_unit_test(over_ipv6),
		cmocka_unit_test(over_extension_headers),
		cmocka_unit_test(behind_ip_options),
		cmocka_unit_test(a_length_of_0_is_the_cards_to_fill),
		cmocka_unit_test(what_is_no_syn),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(tests + ARRAY_LEN(cases), others, sizeof(others));
	return cmocka_run_group_tests_name("syn_signature", tests, NULL, NULL);
}
