#include "dissectors/cdp.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_cdp(in, out);
}

static const struct message_kind frame = { run, sizeof(struct cdp), false };

/* Of lldpd, version 1. */
#define LLDPD                                                                              \
	"\xaa\xaa\x03\x00\x00\x0c\x20\x00\x01\x78\x63\xe0\x00\x01\x00\x06\x76\x6d\x00\x02" \
	"\x00\x11\x00\x00\x00\x01\x01\x01\xcc\x00\x04\xc6\x33\x64\x01\x00\x03\x00\x08\x68" \
	"\x62\x76\x30\x00\x04\x00\x08\x00\x00\x00\x10\x00\x05\x00\x19\x42\x65\x69\x73\x70" \
	"\x69\x65\x6c\x20\x53\x63\x68\x61\x6c\x74\x65\x72\x20\x31\x2e\x30\x00\x06\x00\x09" \
	"\x4c\x69\x6e\x75\x78"
#define SNAP "\xaa\xaa\3\0\0\x0c\x20\0"
#define HEAD SNAP "\2\xb4\0\0"
#define IPV4 "\1\1\xcc\0\4\xc0\0\2\1"
#define IPV6 "\2\x08\xaa\xaa\3\0\0\0\x86\xdd\0\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"

static void check_lldpd(const void *out)
{
	const struct cdp *msg = out;

	assert_int_equal(msg->version, 1);
	assert_int_equal(msg->ttl_seconds, 120);
	assert_text(msg->device_id, "vm");
	assert_text(msg->port_id, "hbv0");
	assert_text(msg->software_version, "Beispiel Schalter 1.0");
	assert_text(msg->platform, "Linux");
	assert_int_equal(msg->capabilities, CDP_HOST);
	assert_false(msg->has_native_vlan);
	assert_int_equal(msg->address_count, 1);
	assert_int_equal(msg->addresses[0].len, 4);
	assert_memory_equal(msg->addresses[0].bytes, "\xc6\x33\x64\x01", 4);
}

static void check_vlan(const void *out)
{
	const struct cdp *msg = out;

	assert_int_equal(msg->version, 2);
	assert_true(msg->has_native_vlan);
	assert_int_equal(msg->native_vlan, 0x0123);
}

static void check_addresses(const void *out)
{
	const struct cdp *msg = out;

	assert_int_equal(msg->address_count, 2);
	assert_int_equal(msg->addresses[0].len, CDP_ADDRESS_LEN);
	assert_int_equal(msg->addresses[0].bytes[15], 1);
	assert_int_equal(msg->addresses[1].len, 4);
}

static void check_four(const void *out)
{
	assert_int_equal(((const struct cdp *)out)->address_count, CDP_ADDRESSES_MAX);
}

static void check_one(const void *out)
{
	assert_int_equal(((const struct cdp *)out)->address_count, 1);
}

static void check_none(const void *out)
{
	const struct cdp *msg = out;

	assert_int_equal(msg->address_count, 0);
	assert_int_equal(msg->device_id.len, 0);
	assert_false(msg->has_native_vlan);
}

static void check_first(const void *out)
{
	assert_text(((const struct cdp *)out)->device_id, "sw");
}

static struct message_case cases[] = {
	{ "by lldpd", &frame, BYTES(LLDPD), DISSECT_OK, check_lldpd },
	{ "padding behind it", &frame, BYTES(LLDPD "\0\0\0\0\0\0\0"), DISSECT_OK, check_lldpd },
	{ "one byte behind it", &frame, BYTES(LLDPD "\0"), DISSECT_OK, check_lldpd },
	{ "a native VLAN", &frame, BYTES(HEAD "\0\x0a\0\6\1\x23\0\x0a\0\6\1\x24"), DISSECT_OK,
	  check_vlan },
	{ "a native VLAN of one byte", &frame, BYTES(HEAD "\0\x0a\0\5\1"), DISSECT_OK, check_none },
	{ "an IPv6 and an IPv4 address", &frame, BYTES(HEAD "\0\2\0\x2d\0\0\0\2" IPV6 IPV4),
	  DISSECT_OK, check_addresses },
	{ "five addresses", &frame, BYTES(HEAD "\0\2\0\x35\0\0\0\5" IPV4 IPV4 IPV4 IPV4 IPV4),
	  DISSECT_OK, check_four },
	{ "fewer addresses than promised", &frame, BYTES(HEAD "\0\2\0\x11\0\0\0\x09" IPV4),
	  DISSECT_OK, check_one },
	{ "an address beyond its element", &frame,
	  BYTES(HEAD "\0\2\0\x0d\0\0\0\1\1\1\xcc\0\4\0\1\0\4"), DISSECT_OK, check_none },
	{ "addresses of other protocols and lengths", &frame,
	  BYTES(HEAD "\0\2\0\x18\0\0\0\2\1\1\x81\0\4\1\2\3\4\1\1\xcc\0\2\1\2"), DISSECT_OK,
	  check_none },
	{ "the first of two names counts", &frame, BYTES(HEAD "\0\1\0\6sw\0\1\0\6xy"), DISSECT_OK,
	  check_first },
	{ "unknown elements are skipped", &frame, BYTES(HEAD "\0\x0b\0\5\1\0\1\0\6sw"), DISSECT_OK,
	  check_first },
	{ "an element past the end", &frame, BYTES(HEAD "\0\1\0\x09sw"), DISSECT_TRUNCATED, NULL },
	{ "version 3", &frame, BYTES(SNAP "\3\xb4\0\0"), DISSECT_OTHER, NULL },
	{ "version 0", &frame, BYTES(SNAP "\0\xb4\0\0"), DISSECT_OTHER, NULL },
	{ "VTP", &frame, BYTES("\xaa\xaa\3\0\0\x0c\x20\3\1\2"), DISSECT_OTHER, NULL },
	{ "spanning tree", &frame, BYTES("\x42\x42\3\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "nothing", &frame, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("cdp", cases, ARRAY_LEN(cases));
}
