#include "dissectors/ndp.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

struct ndp_case {
	const char *name;
	uint8_t type;
	const char *message;
	size_t len;
	enum dissect want;
	uint8_t want_prefixes;
	uint8_t want_mac_end; /* last byte of the link-layer address; 0 is none */
};

#define BYTES(s)         (s), sizeof(s) - 1
#define BYTES_OF(s)      .message = (s), .len = sizeof(s) - 1
#define FLAGS            "\x60\0\0\0"
#define TARGET           "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"
#define SOURCE_MAC       "\x01\x01\x02\0\0\0\0\x11"
#define TARGET_MAC       "\x02\x01\x02\0\0\0\0\x22"
#define ROUTER           "\x40\0\x07\x08\0\0\0\0\0\0\0\0"
#define TIMES            "\0\1\x51\x80\0\0\x38\x40\0\0\0\0"
#define NETWORK          "\x20\x01\x0d\xb8\0\x10\0\0\0\0\0\0\0\0\0\0"
#define PREFIX_ON_LINK   "\x03\x04\x40\xc0" TIMES NETWORK
#define PREFIX_ELSEWHERE "\x03\x04\x40\x40" TIMES NETWORK

#define FIVE_PREFIXES PREFIX_ON_LINK PREFIX_ON_LINK PREFIX_ON_LINK PREFIX_ON_LINK PREFIX_ON_LINK

static struct ndp_case cases[] = {
	{ "a solicitation", 135, BYTES(FLAGS TARGET SOURCE_MAC), DISSECT_OK, 0, 0x11 },
	{ "a solicitation without a source", 135, BYTES(FLAGS TARGET), DISSECT_OK, 0, 0 },
	{ "an advertisement", 136, BYTES(FLAGS TARGET TARGET_MAC), DISSECT_OK, 0, 0x22 },
	{ "another's option is not its own", 136, BYTES(FLAGS TARGET SOURCE_MAC), DISSECT_OK, 0,
	  0 },
	{ "a router's networks", 134, BYTES(ROUTER SOURCE_MAC PREFIX_ON_LINK), DISSECT_OK, 1,
	  0x11 },
	{ "a network that is not on the link", 134, BYTES(ROUTER PREFIX_ELSEWHERE), DISSECT_OK, 0,
	  0 },
	{ "unknown options are skipped", 134, BYTES(ROUTER "\x19\x01\0\0\0\0\0\0" PREFIX_ON_LINK),
	  DISSECT_OK, 1, 0 },
	{ "an option of length zero", 135, BYTES(FLAGS TARGET "\x01\0"), DISSECT_MALFORMED, 0, 0 },
	{ "a prefix of 129 bits", 134, BYTES(ROUTER "\x03\x04\x81\xc0" TIMES NETWORK),
	  DISSECT_MALFORMED, 0, 0 },
	{ "a prefix too short for one", 134, BYTES(ROUTER "\x03\x01\x40\xc0\0\0\0\0"),
	  DISSECT_MALFORMED, 0, 0 },
	{ "more networks than are kept", 134, BYTES(ROUTER FIVE_PREFIXES FIVE_PREFIXES), DISSECT_OK,
	  NDP_PREFIXES_MAX, 0 },
	{ "a prefix that no router tells", 136, BYTES(FLAGS TARGET PREFIX_ON_LINK TARGET_MAC),
	  DISSECT_OK, 0, 0x22 },
	{ "an option past the end", 135, BYTES(FLAGS TARGET "\x01\x02\0\0\0\0\0\0"),
	  DISSECT_TRUNCATED, 0, 0 },
	{ "a redirect is another message", 137, BYTES(FLAGS TARGET TARGET), DISSECT_OTHER, 0, 0 },
	{ "an echo is another message", 128, BYTES("\0\1\0\1"), DISSECT_OTHER, 0, 0 },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct ndp_case *c, size_t len, struct ndp *out)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, c->message, len);
	enum dissect got = dissect_ndp(c->type, cursor_over(exact, len), out);

	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct ndp_case *c = *state;
	struct ndp message = { 0 };

	assert_int_equal(dissect_copy(c, c->len, &message), c->want);
	assert_int_equal(message.prefix_count, c->want_prefixes);
	assert_int_equal(message.mac[NDP_MAC_LEN - 1], c->want_mac_end);
	assert_int_equal(message.has_mac, c->want_mac_end != 0);
}

#define LASTING      "\0\0\x07\x08"
#define NAME_SERVERS "\x19\x05\0\0" LASTING TARGET NETWORK
#define EAGER_ROUTER "\x40\xc8\0\x1e\0\0\0\0\0\0\0\0"

static void what_a_router_tells(void **state)
{
	struct ndp_case c = { .type = 134, BYTES_OF(EAGER_ROUTER NAME_SERVERS) };
	struct ndp message;

	(void)state;
	assert_int_equal(dissect_copy(&c, c.len, &message), DISSECT_OK);
	assert_int_equal(message.lifetime, 30);
	assert_true(message.is_managed);
	assert_int_equal(message.preference, NDP_PREFERENCE_HIGH);
	assert_int_equal(message.name_server_count, 2);
	assert_memory_equal(message.name_servers[1], NETWORK, NDP_IP_LEN);

	c = (struct ndp_case){ .type = 134,
			       BYTES_OF(ROUTER NAME_SERVERS NAME_SERVERS NAME_SERVERS) };
	assert_int_equal(dissect_copy(&c, c.len, &message), DISSECT_OK);
	assert_int_equal(message.lifetime, 1800);
	assert_false(message.is_managed);
	assert_int_equal(message.name_server_count, NDP_NAME_SERVERS_MAX);

	c = (struct ndp_case){ .type = 134, BYTES_OF(ROUTER "\x19\x01\0\0" LASTING) };
	assert_int_equal(dissect_copy(&c, c.len, &message), DISSECT_OK);
	assert_int_equal(message.name_server_count, 0);
}

/* A message that ends between options is whole; one that ends anywhere else is cut. */
static void every_prefix_is_cut_or_whole(void **state)
{
	const struct ndp_case *c = *state;

	for (size_t cut = 0; cut < c->len; cut++) {
		struct ndp message = { 0 };
		enum dissect got = dissect_copy(c, cut, &message);

		assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OK || got == c->want);
	}
}

int main(void)
{
	struct CMUnitTest tests[2 * ARRAY_LEN(cases) + 1];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tests[2 * i] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
		tests[2 * i + 1] = (struct CMUnitTest){ .name = "every prefix of it",
							.test_func = every_prefix_is_cut_or_whole,
							.initial_state = &cases[i] };
	}
	tests[2 * ARRAY_LEN(cases)] = (struct CMUnitTest)cmocka_unit_test(what_a_router_tells);
	return cmocka_run_group_tests_name("ndp", tests, NULL, NULL);
}
