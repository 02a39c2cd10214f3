#include "dissectors/quic.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>

struct quic_case {
	const char *name;
	const char *datagram;
	size_t len;
	enum dissect want;       /* of its first packet */
	enum dissect want_after; /* of what is behind it; DISSECT_OK for nothing */
	void (*check)(const struct quic_packet *packet);
};

#define BYTES(s) (s), sizeof(s) - 1

#define V1         "\x00\x00\x00\x01"
#define V2         "\x6b\x33\x43\xcf"
#define DCID       "\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08"
#define TWENTY     "0123456789abcdefghij"
#define INITIAL_V1 "\xc3" V1 DCID "\x00\x00\x40\x14" TWENTY
#define RETRY      "\xff" V1 "\x00\x08\xf0\x67\xa5\x50\x2a\x42\x62\xb5token"

static void assert_bytes(struct span got, const char *want, size_t len)
{
	assert_int_equal(got.len, len);
	if (len > 0)
		assert_memory_equal(got.data, want, len);
}

static void check_ids(const struct quic_packet *packet)
{
	assert_bytes(packet->dcid, BYTES("\x83\x94\xc8\xf0\x3e\x51\x57\x08"));
	assert_int_equal(packet->scid.len, 0);
}

static void check_initial(const struct quic_packet *packet)
{
	assert_int_equal(packet->version, QUIC_V1);
	assert_int_equal(packet->family, QUIC_FAMILY_V1);
	assert_int_equal(packet->type, QUIC_INITIAL);
	check_ids(packet);
	assert_int_equal(packet->token.len, 0);
	assert_int_equal(packet->first_byte, 0xc3);
	assert_bytes(packet->before_number, BYTES(V1 DCID "\x00\x00\x40\x14"));
	assert_bytes(packet->sealed, BYTES(TWENTY));
}

static void check_v2(const struct quic_packet *packet)
{
	assert_int_equal(packet->version, QUIC_V2);
	assert_int_equal(packet->family, QUIC_FAMILY_V2);
	assert_int_equal(packet->type, QUIC_INITIAL);
	check_ids(packet);
	assert_bytes(packet->token, BYTES("tok"));
}

static void check_retry(const struct quic_packet *packet)
{
	assert_int_equal(packet->type, QUIC_RETRY);
	assert_int_equal(packet->dcid.len, 0);
	assert_bytes(packet->scid, BYTES("\xf0\x67\xa5\x50\x2a\x42\x62\xb5"));
	assert_bytes(packet->token, BYTES("token"));
	assert_bytes(packet->integrity, BYTES("0123456789abcdef"));
}

static void check_retry_v2(const struct quic_packet *packet)
{
	assert_int_equal(packet->type, QUIC_RETRY);
}

static void check_zero_rtt(const struct quic_packet *packet)
{
	assert_int_equal(packet->type, QUIC_ZERO_RTT);
	check_ids(packet);
	assert_bytes(packet->sealed, BYTES(TWENTY));
}

static void check_handshake(const struct quic_packet *packet)
{
	assert_int_equal(packet->type, QUIC_HANDSHAKE);
	assert_int_equal(packet->family, QUIC_FAMILY_DRAFT_29);
	assert_int_equal(packet->token.len, 0);
}

static void check_negotiation(const struct quic_packet *packet)
{
	assert_int_equal(packet->version, QUIC_NEGOTIATION);
	assert_int_equal(packet->type, QUIC_VERSION_NEGOTIATION);
	check_ids(packet);
	assert_bytes(packet->versions, BYTES("\x9a\x3a\x1a\x1a" V1));
}

static void check_grease(const struct quic_packet *packet)
{
	assert_int_equal(packet->version, 0xba1afa0a);
	assert_int_equal(packet->family, QUIC_FAMILY_GREASE);
	assert_int_equal(packet->type, QUIC_INITIAL);
	check_ids(packet);
}

static void check_opaque(const struct quic_packet *packet)
{
	assert_int_equal(packet->family, QUIC_FAMILY_OPAQUE);
	assert_int_equal(packet->type, QUIC_OPAQUE);
	assert_bytes(packet->sealed, BYTES("anything"));
}

static struct quic_case cases[] = {
	{ "an Initial", BYTES(INITIAL_V1), DISSECT_OK, .check = check_initial },
	{ "an Initial of version 2 with a token", BYTES("\xd0" V2 DCID "\x00\x03tok\x14" TWENTY),
	  DISSECT_OK, .check = check_v2 },
	{ "a Retry", BYTES(RETRY "0123456789abcdef"), DISSECT_OK, .check = check_retry },
	{ "a Retry of version 2", BYTES("\xc0" V2 "\x00\x00t0123456789abcdef"), DISSECT_OK,
	  .check = check_retry_v2 },
	{ "a Retry without a token",
	  BYTES("\xf0" V1 "\x00\x00"
		"0123456789abcdef"),
	  .want = DISSECT_MALFORMED },
	{ "0-RTT", BYTES("\xd0" V1 DCID "\x00\x14" TWENTY), DISSECT_OK, .check = check_zero_rtt },
	{ "0-RTT of version 2", BYTES("\xe0" V2 DCID "\x00\x14" TWENTY), DISSECT_OK,
	  .check = check_zero_rtt },
	{ "a Handshake of a draft", BYTES("\xe0\xff\x00\x00\x1d\x00\x00\x14" TWENTY), DISSECT_OK,
	  .check = check_handshake },
	{ "two packets in one datagram", BYTES(INITIAL_V1 "\xd0" V1 DCID "\x00\x14" TWENTY),
	  DISSECT_OK, .check = check_initial },
	{ "a short header behind a long one", BYTES(INITIAL_V1 "\x41more"), DISSECT_OK,
	  DISSECT_OTHER, check_initial },
	{ "zeros that fill the datagram", BYTES(INITIAL_V1 "\0\0\0\0"), DISSECT_OK, DISSECT_OTHER,
	  check_initial },
	{ "Version Negotiation with grease", BYTES("\x80\0\0\0\0" DCID "\0\x9a\x3a\x1a\x1a" V1),
	  DISSECT_OK, .check = check_negotiation },
	{ "Version Negotiation of nothing we know", BYTES("\x80\0\0\0\0" DCID "\0XXXXYYYY"),
	  .want = DISSECT_OTHER },
	{ "Version Negotiation with half a version", BYTES("\x80\0\0\0\0" DCID "\0" V1 "\0\0"),
	  .want = DISSECT_OTHER },
	{ "Google's Q046", BYTES("\xc3Q046anything"), DISSECT_OK, .check = check_opaque },
	{ "a version made up to be refused",
	  BYTES("\xc3\xba\x1a\xfa\x0a" DCID "\x00\x00\x14" TWENTY), DISSECT_OK,
	  .check = check_grease },
	{ "an old draft",
	  BYTES("\xc3\xff\x00\x00\x12"
		"anything"),
	  DISSECT_OK, .check = check_opaque },
	{ "a short header", BYTES("\x43\x00\x00\x00\x01"), .want = DISSECT_OTHER },
	{ "a version that nobody has", BYTES("\xc3\x00\x00\x00\x02"), .want = DISSECT_OTHER },
	{ "no fixed bit", BYTES("\x83" V1 DCID "\x00\x00\x14" TWENTY), .want = DISSECT_OTHER },
	{ "a destination ID too long", BYTES("\xc3" V1 "\x15" TWENTY "x\x00\x00\x14" TWENTY),
	  .want = DISSECT_MALFORMED },
	{ "a source ID too long", BYTES("\xc3" V1 "\x00\x15" TWENTY "x\x00\x14" TWENTY),
	  .want = DISSECT_MALFORMED },
	{ "too short to carry its sample", BYTES("\xc3" V1 "\x00\x00\x00\x13" TWENTY),
	  .want = DISSECT_MALFORMED },
	{ "a length of eight bytes past the end",
	  BYTES("\xc3" V1 "\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" TWENTY),
	  .want = DISSECT_TRUNCATED },
	{ "a token past the end", BYTES("\xc3" V1 "\x00\x00\xbf\xff\xff\xff" TWENTY),
	  .want = DISSECT_TRUNCATED },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct quic_case *c, size_t len,
				 void (*check)(const struct quic_packet *packet))
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct quic_packet)];
	struct quic_packet packet;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&packet, untouched, sizeof(packet));
	memcpy(exact, c->datagram, len);
	struct cursor datagram = cursor_over(exact, len);
	enum dissect got = dissect_quic(&datagram, &packet);

	if (got == DISSECT_OK && check) {
		check(&packet);
		if (cursor_left(&datagram) > 0)
			assert_int_equal(dissect_quic(&datagram, &packet), c->want_after);
	}
	if (got != DISSECT_OK) {
		assert_memory_equal(&packet, untouched, sizeof(packet));
		assert_int_equal(cursor_left(&datagram), len);
	}
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct quic_case *c = *state;

	assert_int_equal(dissect_copy(c, c->len, c->check), c->want);
	for (size_t cut = 0; cut < c->len; cut++)
		(void)dissect_copy(c, cut, NULL);
}

static void every_prefix_of_an_initial_is_truncated(void **state)
{
	static const struct quic_case whole = { .datagram = INITIAL_V1 };

	(void)state;
	for (size_t cut = 0; cut < sizeof(INITIAL_V1) - 1; cut++)
		assert_int_equal(dissect_copy(&whole, cut, NULL), DISSECT_TRUNCATED);
}

static void any_byte_may_change(void **state)
{
	char datagram[] = INITIAL_V1 "\xd0" V1 DCID "\x00\x14" TWENTY;
	const struct quic_case changed = { .datagram = datagram };

	(void)state;
	for (size_t at = 0; at < sizeof(datagram) - 1; at++) {
		char held = datagram[at];

		for (int value = 0; value <= UINT8_MAX; value++) {
			datagram[at] = (char)value;
			(void)dissect_copy(&changed, sizeof(datagram) - 1, NULL);
		}
		datagram[at] = held;
	}
}

static void versions_have_names(void **state)
{
	(void)state;
	assert_string_equal(quic_version_name(QUIC_V1), "v1");
	assert_string_equal(quic_version_name(QUIC_V2), "v2");
	assert_string_equal(quic_version_name(QUIC_NEGOTIATION), "negotiation");
	assert_string_equal(quic_version_name(0xff00001d), "draft-29");
	assert_string_equal(quic_version_name(0xff000022), "draft-33");
	assert_string_equal(quic_version_name(0x51303530), "Q050");
	assert_string_equal(quic_version_name(0xfaceb002), "mvfst-27");
	assert_string_equal(quic_version_name(0x1a2a3a4a), "grease");
	assert_string_equal(quic_version_name(2), "unknown");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 3] = {
		cmocka_unit_test(every_prefix_of_an_initial_is_truncated),
		cmocka_unit_test(any_byte_may_change),
		cmocka_unit_test(versions_have_names),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("quic", tests, NULL, NULL);
}
