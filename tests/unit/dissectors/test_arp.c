#include "dissectors/arp.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

struct arp_case {
	const char *name;
	const char *packet;
	size_t len;
	enum dissect want;
	enum arp_operation want_operation;
};

#define BYTES(s) (s), sizeof(s) - 1
#define ADDRESSES                                  \
	"\x02\x00\x00\x00\x00\x01" /* sender */    \
	"\xc0\x00\x02\x01"         /* 192.0.2.1 */ \
	"\x02\x00\x00\x00\x00\x02" /* target */    \
	"\xc0\x00\x02\x63"         /* 192.0.2.99 */

enum { PACKET_LEN = 28 };

static struct arp_case cases[] = {
	{ "a request", BYTES("\0\1\x08\0\6\4\0\1" ADDRESSES), DISSECT_OK, ARP_REQUEST },
	{ "a reply", BYTES("\0\1\x08\0\6\4\0\2" ADDRESSES), DISSECT_OK, ARP_REPLY },
	{ "padding is ignored", BYTES("\0\1\x08\0\6\4\0\2" ADDRESSES "\0\0\0\0"), DISSECT_OK,
	  ARP_REPLY },
	{ "reverse ARP is another protocol", BYTES("\0\1\x08\0\6\4\0\3" ADDRESSES), DISSECT_OTHER,
	  0 },
	{ "operation 0 is another protocol", BYTES("\0\1\x08\0\6\4\0\0" ADDRESSES), DISSECT_OTHER,
	  0 },
	{ "another hardware", BYTES("\0\6\x08\0\6\4\0\1" ADDRESSES), DISSECT_OTHER, 0 },
	{ "another protocol", BYTES("\0\1\x86\xdd\6\4\0\1" ADDRESSES), DISSECT_OTHER, 0 },
	{ "another hardware length", BYTES("\0\1\x08\0\x08\4\0\1" ADDRESSES), DISSECT_OTHER, 0 },
	{ "another protocol length", BYTES("\0\1\x08\0\6\x10\0\1" ADDRESSES), DISSECT_OTHER, 0 },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const char *packet, size_t len, struct arp *out)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, packet, len);
	enum dissect got = dissect_arp(cursor_over(exact, len), out);

	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct arp_case *c = *state;
	static const uint8_t untouched[sizeof(struct arp)];
	struct arp packet = { 0 };

	assert_int_equal(dissect_copy(c->packet, c->len, &packet), c->want);
	assert_int_equal(packet.operation, c->want_operation);
	if (c->want == DISSECT_OK) {
		assert_memory_equal(packet.sender_mac, "\x02\0\0\0\0\1", ARP_MAC_LEN);
		assert_memory_equal(packet.sender_ip, "\xc0\0\x02\x01", ARP_IP_LEN);
		assert_memory_equal(packet.target_mac, "\x02\0\0\0\0\2", ARP_MAC_LEN);
		assert_memory_equal(packet.target_ip, "\xc0\0\x02\x63", ARP_IP_LEN);
	}
	for (size_t cut = 0; cut < PACKET_LEN; cut++) {
		memset(&packet, 0, sizeof(packet));
		enum dissect got = dissect_copy(c->packet, cut, &packet);

		assert_true(got == DISSECT_TRUNCATED || got == c->want);
		assert_int_not_equal(got, DISSECT_OK);
		assert_memory_equal(&packet, untouched, sizeof(packet));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("arp", tests, NULL, NULL);
}
