#include "dissectors/wireguard.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_wireguard(in, out);
}

static const struct message_kind datagram = { run, sizeof(struct wireguard), false };

/* Of wireguard-go, both sides of a tunnel. */
#define INITIATION                                                                         \
	"\x01\x00\x00\x00\xbb\xf3\x11\xf0\xf0\xc4\xc7\xb7\x59\x27\x87\xe0\x05\x51\x43\x7b" \
	"\x02\x65\x8f\x26\x1e\x09\x64\x8e\x10\x82\xdd\x75\xd1\x24\x84\xab\x20\xb5\x9b\x1e" \
	"\x13\x3c\xc4\xcb\xd4\x8a\x0f\x4f\x64\xe2\xdc\x36\x23\xf2\x69\xef\x26\xfc\x00\xbb" \
	"\x43\x17\x66\x90\x07\x50\x19\x04\x5c\x53\x6b\x9e\x9b\xac\xa7\x49\xc7\xef\x6a\x23" \
	"\x3e\x22\xa7\x8f\xf4\x95\x95\x9c\xa1\x21\xca\xb0\x1f\xc8\xcf\x70\x2e\x16\x91\xc5" \
	"\xe7\xf0\x6a\xac\x04\x7b\x73\xf2\xfd\x1f\x48\x59\x76\x90\xab\x21\x16\xe9\xb2\xda" \
	"\xfa\x2e\x81\xa3\x9b\xcb\x48\xaf\x44\xfe\x8b\xc4\x00\x00\x00\x00\x00\x00\x00\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\x00"
#define RESPONSE                                                                           \
	"\x02\x00\x00\x00\x1e\x32\xe5\x7b\xbb\xf3\x11\xf0\x6f\xaf\x4f\x9f\xfd\xbd\xe1\x6c" \
	"\x33\xfe\x69\x77\x4c\xf1\x05\x60\x07\x23\x19\x32\x07\xba\x51\x84\x4b\x96\x18\x53" \
	"\xbe\xce\x61\x07\x95\xbd\x66\xc8\xfc\x30\xaf\xcc\xbf\x45\x87\xca\x47\x79\x42\x1a" \
	"\x89\xe0\x4b\xb8\xe8\x31\x8c\xde\x90\x6e\x42\x4d\x51\x6d\xed\xa4\x00\x00\x00\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
#define TRANSPORT                                                                          \
	"\x04\x00\x00\x00\x1e\x32\xe5\x7b\x00\x00\x00\x00\x00\x00\x00\x00\x8e\xf0\x28\x96" \
	"\x8c\xa2\x3d\x10\x38\xff\x28\x31\x8b\xed\xdf\xc4\xce\xa1\xf8\x51\x39\x0f\x74\x11" \
	"\xc9\x43\xe4\x0b\x21\xcd\xb5\xba\xea\xa4\xff\xa0\xb1\x62\x02\x8f\x28\xe6\x6b\x15" \
	"\x26\x48\xd3\x64\x7b\xad\x6e\x80\xbf\xa2\x01\x1c\xb4\x59\xf0\x83\x73\x20\xa9\x16" \
	"\x80\x82\xfa\xac\xe8\x36\x67\x58\x3f\xdb\xc6\xac\x4c\xc8\xcb\xb4\x6f\x38\x3d\x72" \
	"\x99\x99\x6b\x0f\xdc\xe8\x2e\x27\x22\x10\x18\x1c\xc8\x04\x84\x2e\x49\x28\xf0\xa6" \
	"\xc8\xed\x7f\x7e\x18\x80\x34\x2b"
#define COOKIE_BODY                                                                        \
	"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14" \
	"\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20\x21\x22\x23\x24\x25\x26\x27\x28" \
	"\x29\x2a\x2b\x2c\x2d\x2e\x2f\x30\x31\x32\x33\x34\x35\x36\x37\x38"
#define KEEPALIVE                                                                                  \
	"\4\0\0\0\1\2\3\4\7\0\0\0\0\0\0\0\xaa\xbb\xcc\xdd\xaa\xbb\xcc\xdd\xaa\xbb\xcc\xdd\xaa\xbb" \
	"\xcc\xdd"

static void check_initiation(const void *out)
{
	const struct wireguard *msg = out;

	assert_int_equal(msg->type, WIREGUARD_INITIATION);
	assert_int_equal(msg->sender, 0xf011f3bb);
	assert_int_equal(msg->receiver, 0);
	assert_int_equal(msg->packet_len, 0);
	assert_false(msg->has_mac2);
}

static void check_response(const void *out)
{
	const struct wireguard *msg = out;

	assert_int_equal(msg->type, WIREGUARD_RESPONSE);
	assert_int_equal(msg->sender, 0x7be5321e);
	assert_int_equal(msg->receiver, 0xf011f3bb);
	assert_false(msg->has_mac2);
}

static void check_cookie(const void *out)
{
	const struct wireguard *msg = out;

	assert_int_equal(msg->type, WIREGUARD_COOKIE);
	assert_int_equal(msg->receiver, 0x04030201);
	assert_int_equal(msg->sender, 0);
}

static void check_transport(const void *out)
{
	const struct wireguard *msg = out;

	assert_int_equal(msg->type, WIREGUARD_TRANSPORT);
	assert_int_equal(msg->receiver, 0x7be5321e);
	assert_int_equal(msg->packet_len, 96);
}

static void check_keepalive(const void *out)
{
	const struct wireguard *msg = out;

	assert_int_equal(msg->receiver, 0x04030201);
	assert_int_equal(msg->packet_len, 0);
}

static struct message_case cases[] = {
	{ "an initiation", &datagram, BYTES(INITIATION), DISSECT_OK, check_initiation },
	{ "a response", &datagram, BYTES(RESPONSE), DISSECT_OK, check_response },
	{ "a cookie", &datagram, BYTES("\3\0\0\0\1\2\3\4" COOKIE_BODY), DISSECT_OK, check_cookie },
	{ "a packet", &datagram, BYTES(TRANSPORT), DISSECT_OK, check_transport },
	{ "a keepalive", &datagram, BYTES(KEEPALIVE), DISSECT_OK, check_keepalive },
	{ "an initiation with bytes behind it", &datagram, BYTES(INITIATION "\0"), DISSECT_OTHER,
	  NULL },
	{ "a cookie with bytes behind it", &datagram, BYTES("\3\0\0\0\1\2\3\4" COOKIE_BODY "\0"),
	  DISSECT_OTHER, NULL },
	{ "type 0", &datagram, BYTES("\0\0\0\0\1\2\3\4"), DISSECT_OTHER, NULL },
	{ "type 5", &datagram, BYTES("\5\0\0\0\1\2\3\4"), DISSECT_OTHER, NULL },
	{ "reserved bytes that are used", &datagram, BYTES("\1\0\0\1\1\2\3\4"), DISSECT_OTHER,
	  NULL },
	{ "nothing", &datagram, BYTES(""), DISSECT_TRUNCATED, NULL },
};

/* The first or the last byte of an initiation's second MAC. */
static void any_byte_of_the_second_mac_counts(void **state)
{
	static const size_t places[] = { sizeof(INITIATION) - 2, sizeof(INITIATION) - 17 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		uint8_t bytes[sizeof(INITIATION) - 1];
		struct wireguard msg;

		memcpy(bytes, INITIATION, sizeof(bytes));
		bytes[places[i]] = 0x80;
		assert_int_equal(dissect_wireguard(cursor_over(bytes, sizeof(bytes)), &msg),
				 DISSECT_OK);
		assert_true(msg.has_mac2);
	}
}

int main(void)
{
	const struct CMUnitTest more[] = { cmocka_unit_test(any_byte_of_the_second_mac_counts) };
	int failed = run_message_cases("wireguard", cases, ARRAY_LEN(cases));

	return failed + cmocka_run_group_tests_name("wireguard's MACs", more, NULL, NULL);
}
