#include "sensor/decode/link_layer.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(s) (s), sizeof(s) - 1

#define MACS          "\2\0\0\0\0\2\2\0\0\0\0\1"
#define TAG(type, id) type id
#define SLL_MAC       "\2\0\0\0\0\1\0\0"
#define SNAP          "\xaa\xaa\x03\0\0\0"
#define LABEL         "\0\1\0\x40"
#define BOTTOM        "\0\1\x01\x40"
#define PPPOE         "\x88\x64\x11\0\0\7\0\x20"

/* All that follows a link header in these tests: enough for a version nibble of raw IP. */
static const uint8_t carried[] = { 0x45, 0x00, 0x01 };

struct link_case {
	const char *name;
	const char *header;
	size_t header_len;
	uint32_t link_type;
	enum decode_result want;
	enum network_protocol protocol;
	uint16_t vlan;
	bool has_source;
};

static struct link_case cases[] = {
	{ "Ethernet and IPv4", BYTES(MACS "\x08\0"), LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 0,
	  true },
	{ "Ethernet and IPv6", BYTES(MACS "\x86\xdd"), LINK_ETHERNET, DECODE_OK, NETWORK_IPV6, 0,
	  true },
	{ "Ethernet and ARP", BYTES(MACS "\x08\6"), LINK_ETHERNET, DECODE_OK, NETWORK_ARP, 0,
	  true },
	{ "another EtherType", BYTES(MACS "\x88\xe1"), LINK_ETHERNET, DECODE_OTHER_PROTOCOL, 0, 0,
	  false },
	{ "LLDP", BYTES(MACS "\x88\xcc"), LINK_ETHERNET, DECODE_OK, NETWORK_LLDP, 0, true },
	{ "a tag", BYTES(MACS TAG("\x81\0", "\x20\x07") "\x08\0"), LINK_ETHERNET, DECODE_OK,
	  NETWORK_IPV4, 7, true },
	{ "a service tag's id wins",
	  BYTES(MACS TAG("\x88\xa8", "\0\x64") TAG("\x81\0", "\0\7") "\x86\xdd"), LINK_ETHERNET,
	  DECODE_OK, NETWORK_IPV6, 100, true },
	{ "a priority tag has no id",
	  BYTES(MACS TAG("\x81\0", "\xe0\0") TAG("\x81\0", "\0\7") "\x08\0"), LINK_ETHERNET,
	  DECODE_OK, NETWORK_IPV4, 7, true },
	{ "four tags",
	  BYTES(MACS TAG("\x91\0", "\0\1") TAG("\x88\xa8", "\0\2") TAG("\x81\0", "\0\3")
			TAG("\x81\0", "\0\4") "\x08\0"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 1, true },
	{ "five tags are too deep",
	  BYTES(MACS TAG("\x81\0", "\0\1") TAG("\x81\0", "\0\2") TAG("\x81\0", "\0\3")
			TAG("\x81\0", "\0\4") TAG("\x81\0", "\0\5") "\x08\0"),
	  LINK_ETHERNET, DECODE_TOO_DEEP, 0, 0, false },
	{ "802.3 with SNAP", BYTES(MACS "\0\x2e" SNAP "\x08\0"), LINK_ETHERNET, DECODE_OK,
	  NETWORK_IPV4, 0, true },
	{ "SNAP of another organisation", BYTES(MACS "\0\x2e\xaa\xaa\x03\0\0\x0c\x08\0"),
	  LINK_ETHERNET, DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "SNAP with AppleTalk", BYTES(MACS "\0\x2e" SNAP "\x80\x9b"), LINK_ETHERNET,
	  DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "spanning tree", BYTES(MACS "\0\x26\x42\x42\x03"), LINK_ETHERNET, DECODE_OTHER_PROTOCOL,
	  0, 0, false },
	{ "PPPoE and IPv4", BYTES(MACS PPPOE "\0\x21"), LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 0,
	  true },
	{ "PPPoE in a tag and IPv6", BYTES(MACS TAG("\x81\0", "\0\7") PPPOE "\0\x57"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV6, 7, true },
	{ "PPPoE and LCP", BYTES(MACS PPPOE "\xc0\x21"), LINK_ETHERNET, DECODE_OTHER_PROTOCOL, 0, 0,
	  false },
	{ "PPPoE that is no session data", BYTES(MACS "\x88\x64\x11\xa7\0\7\0\x20\0\x21"),
	  LINK_ETHERNET, DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "MPLS and IPv4", BYTES(MACS "\x88\x47" BOTTOM), LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 0,
	  true },
	{ "MPLS in a tag, eight labels",
	  BYTES(MACS TAG("\x81\0",
			 "\0\7") "\x88\x48" LABEL LABEL LABEL LABEL LABEL LABEL LABEL BOTTOM),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 7, true },
	{ "MPLS, nine labels",
	  BYTES(MACS "\x88\x47" LABEL LABEL LABEL LABEL LABEL LABEL LABEL LABEL BOTTOM),
	  LINK_ETHERNET, DECODE_TOO_DEEP, 0, 0, false },
	{ "MPLS and a frame",
	  BYTES(MACS TAG("\x81\0", "\0\7") "\x88\x47" BOTTOM "\0\0\0\0" MACS "\x08\6"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_ARP, 0, true },
	{ "MPLS and a tagged frame",
	  BYTES(MACS TAG("\x81\0", "\0\7") "\x88\x47" BOTTOM
					   "\0\0\0\0" MACS TAG("\x81\0", "\0\5") "\x08\0"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 5, true },
	{ "MPLS and a frame of no known type",
	  BYTES(MACS "\x88\x47" BOTTOM "\0\0\0\0" MACS "\xff\xf0\0\0\0\0"), LINK_ETHERNET,
	  DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "MPLS and its control channel", BYTES(MACS "\x88\x47" BOTTOM "\x10\0\0\x21"),
	  LINK_ETHERNET, DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "three frames in one another", BYTES(MACS "\x65\x58" MACS "\x65\x58" MACS "\x08\0"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 0, true },
	{ "four frames in one another",
	  BYTES(MACS "\x65\x58" MACS "\x65\x58" MACS "\x65\x58" MACS "\x08\0"), LINK_ETHERNET,
	  DECODE_TOO_DEEP, 0, 0, false },
	{ "FabricPath", BYTES(MACS "\x89\3\0\x20" MACS TAG("\x81\0", "\0\7") "\x08\0"),
	  LINK_ETHERNET, DECODE_OK, NETWORK_IPV4, 7, true },
	{ "a group tag before IPv4", BYTES(MACS "\x89\x09\1\1\0\1\0\2\x08\0"), LINK_ETHERNET,
	  DECODE_OK, NETWORK_IPV4, 0, true },
	{ "a group tag that claims more than there is", BYTES(MACS "\x89\x09\1\xff\0\1\0\2\x08\0"),
	  LINK_ETHERNET, DECODE_TRUNCATED_LINK, 0, 0, false },
	{ "provider backbone", BYTES(MACS "\x88\xe7\0\0\0\x2a" MACS "\x86\xdd"), LINK_ETHERNET,
	  DECODE_OK, NETWORK_IPV6, 0, true },
	{ "PPP behind an EtherType", BYTES(MACS "\x88\x0b\0\x21"), LINK_ETHERNET, DECODE_OK,
	  NETWORK_IPV4, 0, true },
	{ "PPP and MPLS", BYTES("\2\x81" BOTTOM), LINK_PPP, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "PPP with address and control", BYTES("\xff\3\0\x21"), LINK_PPP, DECODE_OK, NETWORK_IPV4,
	  0, false },
	{ "PPP without", BYTES("\0\x57"), LINK_PPP, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "PPP with a short protocol", BYTES("\x21"), LINK_PPP, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "SLL", BYTES("\0\0\0\1\0\6" SLL_MAC "\x08\0"), LINK_LINUX_SLL, DECODE_OK, NETWORK_IPV4, 0,
	  true },
	{ "SLL of a link without addresses", BYTES("\0\0\2\0\0\0" SLL_MAC "\x86\xdd"),
	  LINK_LINUX_SLL, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "SLL with a tag", BYTES("\0\0\0\1\0\6" SLL_MAC "\x81\0\0\7\x08\6"), LINK_LINUX_SLL,
	  DECODE_OK, NETWORK_ARP, 7, true },
	{ "SLL with LLC", BYTES("\0\0\0\1\0\6" SLL_MAC "\0\4" SNAP "\x08\0"), LINK_LINUX_SLL,
	  DECODE_OK, NETWORK_IPV4, 0, true },
	{ "SLL with raw 802.3", BYTES("\0\0\0\1\0\6" SLL_MAC "\0\1"), LINK_LINUX_SLL,
	  DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "SLL of netlink", BYTES("\0\0\3\x38\0\0" SLL_MAC "\x08\0"), LINK_LINUX_SLL,
	  DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "SLL2", BYTES("\x86\xdd\0\0\0\0\0\2\0\1\4\6" SLL_MAC), LINK_LINUX_SLL2, DECODE_OK,
	  NETWORK_IPV6, 0, true },
	{ "SLL2 of netlink", BYTES("\x08\0\0\0\0\0\0\2\3\x38\4\0" SLL_MAC), LINK_LINUX_SLL2,
	  DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "NULL, little-endian", BYTES("\2\0\0\0"), LINK_NULL, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "NULL, big-endian", BYTES("\0\0\0\2"), LINK_NULL, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "NULL, Linux IPv6", BYTES("\x0a\0\0\0"), LINK_NULL, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "NULL, OpenBSD IPv6", BYTES("\0\0\0\x18"), LINK_NULL, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "NULL, FreeBSD IPv6", BYTES("\x1c\0\0\0"), LINK_NULL, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "NULL, macOS IPv6", BYTES("\x1e\0\0\0"), LINK_NULL, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "NULL, AppleTalk", BYTES("\x10\0\0\0"), LINK_NULL, DECODE_OTHER_PROTOCOL, 0, 0, false },
	{ "LOOP", BYTES("\0\0\0\x18"), LINK_LOOP, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "raw IPv4", BYTES(""), LINK_RAW, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "IPv4 alone", BYTES(""), LINK_IPV4, DECODE_OK, NETWORK_IPV4, 0, false },
	{ "IPv6 alone", BYTES(""), LINK_IPV6, DECODE_OK, NETWORK_IPV6, 0, false },
	{ "radiotap is not read", BYTES("\0\0"), 127, DECODE_UNKNOWN_LINK, 0, 0, false },
};

static enum decode_result read_exact(const uint8_t *bytes, size_t len, uint32_t link_type,
				     struct link_layer *out, size_t *payload_at)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct frame frame = { .bytes = { .data = exact, .len = len },
			       .wire_len = (uint32_t)len,
			       .link_type = link_type };

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	enum decode_result got = link_layer_read(&frame, out);

	if (got == DECODE_OK)
		*payload_at = len - out->payload.len;
	free(exact);
	return got;
}

static void run_case(void **state)
{
	static const struct mac source = { { 2, 0, 0, 0, 0, 1 } };
	static const struct mac destination = { { 2, 0, 0, 0, 0, 2 } };
	const struct link_case *c = *state;
	uint8_t bytes[96];
	struct link_layer link;
	size_t payload_at = 0;

	memcpy(bytes, c->header, c->header_len);
	memcpy(bytes + c->header_len, carried, sizeof(carried));
	assert_int_equal(read_exact(bytes, c->header_len + sizeof(carried), c->link_type, &link,
				    &payload_at),
			 c->want);
	if (c->want != DECODE_OK)
		return;

	assert_int_equal(payload_at, c->header_len);
	assert_int_equal(link.protocol, c->protocol);
	assert_int_equal(link.vlan, c->vlan);
	assert_int_equal(mac_equal(&link.source, &source), c->has_source);
	assert_int_equal(mac_is_zero(&link.source), !c->has_source);
	if (c->link_type == LINK_ETHERNET)
		assert_true(mac_equal(&link.destination, &destination));
	else
		assert_true(mac_is_zero(&link.destination));
}

/* A header cut anywhere is a truncation, even where what is left would already be refused. */
static void every_prefix_is_truncated(void **state)
{
	const struct link_case *c = *state;
	struct link_layer link;
	size_t payload_at;

	for (size_t cut = 0; cut < c->header_len; cut++)
		assert_int_equal(read_exact((const uint8_t *)c->header, cut, c->link_type, &link,
					    &payload_at),
				 DECODE_TRUNCATED_LINK);
}

static void cdp_begins_at_llc(void **state)
{
	static const char frame[] = MACS "\0\x0a\xaa\xaa\3\0\0\x0c\x20\0\2\xb4";
	struct link_layer link;
	size_t payload_at;

	(void)state;
	assert_int_equal(read_exact((const uint8_t *)frame, sizeof(frame) - 1, LINK_ETHERNET, &link,
				    &payload_at),
			 DECODE_OK);
	assert_int_equal(link.protocol, NETWORK_CDP);
	assert_int_equal(payload_at, sizeof(MACS) - 1 + 2);
}

static void raw_needs_a_version(void **state)
{
	static const uint8_t six[] = { 0x60 };
	static const uint8_t five[] = { 0x55 };
	struct link_layer link;
	size_t payload_at;

	(void)state;
	assert_int_equal(read_exact(six, 1, LINK_RAW, &link, &payload_at), DECODE_OK);
	assert_int_equal(link.protocol, NETWORK_IPV6);
	assert_int_equal(read_exact(five, 1, LINK_RAW, &link, &payload_at), DECODE_BAD_NETWORK);
	assert_int_equal(read_exact(five, 0, LINK_RAW, &link, &payload_at),
			 DECODE_TRUNCATED_NETWORK);
}

/* Of the whole range of types few are known; a length is to be true. */
static void frames_are_known_by_their_type(void **state)
{
	uint8_t bytes[16] = { 0 };
	struct span frame = { bytes, sizeof(bytes) };
	unsigned known = 0;

	(void)state;
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		bytes[12] = (uint8_t)(type >> 8);
		bytes[13] = (uint8_t)type;

		bool is_frame = link_layer_is_frame(frame);

		if (type < 0x0600)
			assert_int_equal(is_frame, type > 0 && type <= 2);
		else
			known += is_frame;
		if (type == 0x0800 || type == 0x8100 || type == 0x88cc || type == 0x9000)
			assert_true(is_frame);
	}
	assert_in_range(known, 30, 40);
	frame.len = 13;
	assert_false(link_layer_is_frame(frame));
}

int main(void)
{
	struct CMUnitTest tests[2 * ARRAY_LEN(cases) + 3];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tests[count++] = (struct CMUnitTest){ .name = cases[i].name,
						      .test_func = run_case,
						      .initial_state = &cases[i] };
		if (cases[i].want == DECODE_OK)
			tests[count++] =
				(struct CMUnitTest){ .name = cases[i].name,
						     .test_func = every_prefix_is_truncated,
						     .initial_state = &cases[i] };
	}
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(raw_needs_a_version);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(cdp_begins_at_llc);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(frames_are_known_by_their_type);
	return _cmocka_run_group_tests("link_layer", tests, count, NULL, NULL);
}
