#include "dissectors/ikev2.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_ikev2(in, out);
}

static const struct message_kind datagram = { run, sizeof(struct ikev2), false };

/* Of strongSwan 5.9.8, both sides; the pre-shared keys differ. */
#define INIT_REQUEST                                                                       \
	"\xf6\xec\xf3\xe3\x55\x5c\x06\x70\x00\x00\x00\x00\x00\x00\x00\x00\x21\x20\x22\x08" \
	"\x00\x00\x00\x00\x00\x00\x02\x10\x22\x00\x00\x5c\x02\x00\x00\x2c\x01\x01\x00\x04" \
	"\x03\x00\x00\x0c\x01\x00\x00\x0c\x80\x0e\x00\x80\x03\x00\x00\x08\x03\x00\x00\x0c" \
	"\x03\x00\x00\x08\x02\x00\x00\x05\x00\x00\x00\x08\x04\x00\x00\x0e\x00\x00\x00\x2c" \
	"\x02\x01\x00\x04\x03\x00\x00\x0c\x01\x00\x00\x0c\x80\x0e\x01\x00\x03\x00\x00\x08" \
	"\x03\x00\x00\x02\x03\x00\x00\x08\x02\x00\x00\x02\x00\x00\x00\x08\x04\x00\x00\x05" \
	"\x28\x00\x01\x08\x00\x0e\x00\x00\x64\x9b\x36\x09\x72\xe2\x9a\xc7\x76\x28\xd5\x54" \
	"\xca\x5f\x95\x03\xf6\xf1\x81\x13\x11\x15\xdc\x67\xa3\x3d\x1f\x77\x2d\x93\x91\x62" \
	"\x01\xb1\xf8\x81\xf8\x23\x00\x5f\xff\xe1\x6f\xfa\xb4\xa7\x77\x55\xe3\xc8\xfb\x49" \
	"\xa0\xef\xd6\x04\xcc\x3c\x60\x86\x8e\x2d\x05\x57\x8b\x6e\x0a\x7a\x99\x50\x10\x32" \
	"\x48\xe5\xb4\x32\xe5\xc2\x36\x7f\x7a\x6d\x3c\x2b\x92\xba\xce\xbd\x81\xd1\xbd\x9f" \
	"\x7e\x0f\x68\x2e\x43\x68\xf3\x45\xcc\x87\xed\xbf\x21\x05\x54\xa6\x9b\x63\xce\xc9" \
	"\x26\x5e\x98\x1c\x79\xa4\x23\xc1\x7c\x2b\xec\xe3\x95\x01\x51\xf8\x44\x36\x47\x6a" \
	"\x20\xd8\x7d\x90\x59\x72\x30\x43\x7d\x32\xb8\xab\x50\x3a\x89\x6b\x55\x53\x0c\xfa" \
	"\x03\xbd\x8a\x78\x3e\xf7\x62\x7d\xdd\x30\xb7\x41\x68\x37\x9a\x37\x76\xf6\xf2\x6a" \
	"\xd4\xf1\x4c\xca\xc0\x0a\x86\xf5\x56\x7d\x18\xf9\xcc\x96\xa3\x72\x0c\x43\x4f\x64" \
	"\x25\xf4\xce\x18\x79\x88\x89\xa6\x71\xd9\x7b\xa4\x40\x64\x6b\x31\xaa\xe4\xce\x40" \
	"\xd5\x1e\xd4\x68\x87\xff\xac\x36\xae\xea\xfb\xcc\x9d\x73\x32\x5b\x21\x09\xed\x7b" \
	"\x14\xe5\x0b\x62\xb0\x0d\x65\xa1\x57\xe9\x3e\x24\x8d\xb5\x94\x86\xa7\xa4\xcb\x08" \
	"\x39\x4a\x8a\xc2\x29\x00\x00\x24\x55\xdc\x88\x22\xe1\xf3\xdc\x4f\x3e\xe6\x2b\x10" \
	"\x72\x42\xeb\xfb\x8d\x58\x85\x21\xef\x6a\xd7\x71\x90\xdc\x31\xb8\xc6\x97\x05\xc6" \
	"\x29\x00\x00\x1c\x00\x00\x40\x04\x72\x54\x51\x39\x89\xea\x2a\x56\x34\xeb\xd5\x23" \
	"\x65\x8a\x43\xf6\x23\x8c\x89\x17\x29\x00\x00\x1c\x00\x00\x40\x05\x4a\xef\x31\x89" \
	"\xbe\xab\x7e\xd0\x26\x32\x0f\x97\xda\x43\x0d\x21\x8d\xd8\x56\x1a\x29\x00\x00\x08" \
	"\x00\x00\x40\x2e\x29\x00\x00\x10\x00\x00\x40\x2f\x00\x02\x00\x03\x00\x04\x00\x05" \
	"\x2b\x00\x00\x08\x00\x00\x40\x16\x00\x00\x00\x14\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc" \
	"\x22\x51\x61\x3b\x2e\xbe\x5b\xeb"
#define INIT_RESPONSE                                                                      \
	"\xf6\xec\xf3\xe3\x55\x5c\x06\x70\x1f\x1e\x1b\x73\x44\x38\xfd\xc1\x21\x20\x22\x20" \
	"\x00\x00\x00\x00\x00\x00\x01\xec\x22\x00\x00\x30\x00\x00\x00\x2c\x01\x01\x00\x04" \
	"\x03\x00\x00\x0c\x01\x00\x00\x0c\x80\x0e\x00\x80\x03\x00\x00\x08\x03\x00\x00\x0c" \
	"\x03\x00\x00\x08\x02\x00\x00\x05\x00\x00\x00\x08\x04\x00\x00\x0e\x28\x00\x01\x08" \
	"\x00\x0e\x00\x00\x6c\xc8\xf1\xd5\xdf\x17\x77\x84\xc1\x1f\xb2\x7d\xec\xc9\xdf\xd4" \
	"\xc2\x2e\x50\xcb\x62\xb9\x19\x48\xb9\x54\x5d\x5f\x96\x18\x9b\xef\x9a\x09\xcd\x80" \
	"\x39\x1f\x4a\xff\xdf\xd0\x52\xdc\xf3\x59\x3b\x08\x7e\x87\x3b\xf5\xbb\xb3\x99\xae" \
	"\x04\x5b\x66\xb3\x01\xbb\x77\x3e\xbb\xa9\xaf\xec\x29\xe2\xc4\x3c\xaa\x3b\xca\xe8" \
	"\xb3\xf7\x5d\x6e\x52\x09\xa7\xea\x35\x2c\x91\xda\x5a\xb0\x2e\x25\x33\xb4\xcb\x93" \
	"\x48\xa5\xe5\xdb\xc8\x96\x1a\xd3\xfd\x89\x2d\xe2\xf1\x50\x75\x46\xa6\xb4\xc7\xf8" \
	"\x6e\xe7\xee\x30\x08\x52\x07\x00\x2f\x8e\xcb\x5a\x62\x4f\x73\x0a\x7f\xbd\x95\x64" \
	"\xb0\xcb\x05\x81\x3c\x0e\xb7\x61\x06\x30\x7b\x1d\x80\x5d\x47\x89\xd3\xeb\xfd\x32" \
	"\xcf\xe5\xa9\x82\x4b\x80\x07\x29\x72\xae\x72\x7f\xba\x22\x57\x0e\x8a\x3f\xd9\xca" \
	"\xa2\x9e\x2f\xf9\xe2\x5d\xe0\x4d\xe6\xb8\xf9\x97\xd5\x81\x5e\x2d\xf0\x78\x6a\xf8" \
	"\xe5\x5f\x1c\xee\x8f\x01\x6b\xd5\x30\xd4\xda\x25\x05\xcc\x10\xd3\x77\x71\x2f\x83" \
	"\x6e\xca\xc3\x03\x6e\x59\x57\x68\x7f\xe1\x6d\x1b\xd6\x4c\x62\xf1\x69\x1d\x3f\x3c" \
	"\x17\xfc\xf5\x23\x19\x86\xe2\x59\x43\x7a\xc8\x67\xe5\x72\x31\x52\x6a\xa8\xa9\xce" \
	"\x29\x00\x00\x24\xf0\x49\x4a\x17\xba\x0a\x24\xcd\x34\xf6\x77\x78\x14\x9d\x17\xdb" \
	"\x23\xef\x78\x03\x2f\x27\xee\x5f\xa5\x91\xd1\xae\xe6\x35\x6c\x4b\x29\x00\x00\x1c" \
	"\x00\x00\x40\x04\xe3\x11\x49\xb7\x2a\x3f\x81\x7e\x2e\xe8\xb2\x50\xc1\x53\x8d\xe5" \
	"\xbf\xc9\xf4\x70\x29\x00\x00\x1c\x00\x00\x40\x05\x7c\xaa\x3a\x89\x79\x77\x8d\xd5" \
	"\x49\x39\xb9\x1e\x10\x0b\xf4\x6e\xed\xb5\x8c\x07\x29\x00\x00\x08\x00\x00\x40\x2e" \
	"\x29\x00\x00\x10\x00\x00\x40\x2f\x00\x02\x00\x03\x00\x04\x00\x05\x29\x00\x00\x08" \
	"\x00\x00\x40\x22\x2b\x00\x00\x08\x00\x00\x40\x14\x00\x00\x00\x14\x88\x2f\xe5\x6d" \
	"\x6f\xd2\x0d\xbc\x22\x51\x61\x3b\x2e\xbe\x5b\xeb"
#define AUTH_RESPONSE                                                                      \
	"\xf6\xec\xf3\xe3\x55\x5c\x06\x70\x1f\x1e\x1b\x73\x44\x38\xfd\xc1\x2e\x20\x23\x20" \
	"\x00\x00\x00\x01\x00\x00\x00\x50\x29\x00\x00\x34\x03\x8a\xab\xbd\x4b\x4b\xca\xbe" \
	"\x00\x71\x66\x08\x1a\xf4\xf6\xaf\x1a\x94\xfe\xaf\x1e\xd3\x1b\x09\xb9\xfb\x9e\xc6" \
	"\xcb\x95\xef\x26\xcf\xbe\xb7\x71\x55\x88\x65\x32\xab\x67\x84\x6a\x46\xc4\xed\xc1"
#define MAIN_REQUEST                                                                       \
	"\x8d\x25\x78\x09\xda\xc2\x57\xac\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10\x02\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\xc8\x0d\x00\x00\x38\x00\x00\x00\x01\x00\x00\x00\x01" \
	"\x00\x00\x00\x2c\x01\x01\x00\x01\x00\x00\x00\x24\x01\x01\x00\x00\x80\x01\x00\x07" \
	"\x80\x0e\x00\x80\x80\x02\x00\x04\x80\x04\x00\x0e\x80\x03\x00\x01\x80\x0b\x00\x01" \
	"\x80\x0c\x2a\x30\x0d\x00\x00\x14\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b" \
	"\x2e\xbe\x5b\xeb\x0d\x00\x00\x0c\x09\x00\x26\x89\xdf\xd6\xb7\x12\x0d\x00\x00\x14" \
	"\xaf\xca\xd7\x13\x68\xa1\xf1\xc9\x6b\x86\x96\xfc\x77\x57\x01\x00\x0d\x00\x00\x18" \
	"\x40\x48\xb7\xd5\x6e\xbc\xe8\x85\x25\xe7\xde\x7f\x00\xd6\xc2\xd3\x80\x00\x00\x00" \
	"\x0d\x00\x00\x14\x4a\x13\x1c\x81\x07\x03\x58\x45\x5c\x57\x28\xf2\x0e\x95\x45\x2f" \
	"\x00\x00\x00\x14\x90\xcb\x80\x91\x3e\xbb\x69\x6e\x08\x63\x81\xb5\xec\x42\x7b\x1f"
#define MAIN_ENCRYPTED                                                                     \
	"\x8d\x25\x78\x09\xda\xc2\x57\xac\x72\x09\xb0\x9b\x39\x22\x7a\x4b\x05\x10\x02\x01" \
	"\x00\x00\x00\x00\x00\x00\x00\x6c\xf0\x01\x43\x09\xc1\x9c\xf2\x73\x27\xad\x68\x46" \
	"\xdd\x37\xbb\x94\x7a\x70\x5e\x18\x7e\x08\x0e\x5c\x6b\xbc\xa1\x4b\x58\x78\xc0\xdb" \
	"\x7d\x25\x11\xc1\x1e\xab\x6d\x03\x36\x74\x2a\xfa\xbf\xbf\x25\x30\x86\x31\x8e\x28" \
	"\x00\x38\x13\xbd\xdc\x95\x7b\x52\xa4\x22\xb9\x81\x91\xff\x39\x93\x57\xf5\xcd\x50" \
	"\xcc\x6b\x3e\x63\x99\xf2\xdb\x22"

static void check_init_request(const void *out)
{
	const struct ikev2 *msg = out;

	assert_memory_equal(msg->initiator_spi, INIT_REQUEST, IKE_SPI_LEN);
	assert_memory_equal(msg->responder_spi, "\0\0\0\0\0\0\0\0", IKE_SPI_LEN);
	assert_int_equal(msg->major, 2);
	assert_int_equal(msg->exchange, IKE_SA_INIT);
	assert_true(msg->is_from_initiator);
	assert_false(msg->is_response);
	assert_false(msg->is_encrypted);
	assert_int_equal(msg->message_id, 0);
	assert_int_equal(msg->payloads[0], IKE_PAYLOAD_SA);
	assert_int_equal(msg->payloads[1], IKE_PAYLOAD_KE);
	assert_int_equal(msg->payloads[2], IKE_PAYLOAD_NONCE);
	assert_int_equal(msg->transform_count, IKE_TRANSFORMS_MAX);
	assert_int_equal(msg->transforms[0].type, IKE_TRANSFORM_ENCRYPTION);
	assert_int_equal(msg->transforms[0].id, 12); /* AES-CBC */
	assert_int_equal(msg->transforms[0].key_bits, 128);
	assert_int_equal(msg->transforms[1].type, IKE_TRANSFORM_INTEGRITY);
	assert_int_equal(msg->transforms[2].type, IKE_TRANSFORM_PRF);
	assert_int_equal(msg->transforms[2].id, 5); /* HMAC-SHA-256 */
	assert_int_equal(msg->transforms[3].type, IKE_TRANSFORM_GROUP);
	assert_int_equal(msg->transforms[3].id, 14); /* 2048 bits */
	assert_int_equal(msg->transforms[4].key_bits, 256);
	assert_int_equal(msg->notifies[0], IKE_NOTIFY_NAT_DETECTION_SOURCE);
	assert_int_equal(msg->notifies[1], IKE_NOTIFY_NAT_DETECTION_DESTINATION);
}

static void check_init_response(const void *out)
{
	const struct ikev2 *msg = out;

	assert_memory_equal(msg->initiator_spi, INIT_REQUEST, IKE_SPI_LEN);
	assert_false(msg->is_from_initiator);
	assert_true(msg->is_response);
	assert_int_equal(msg->transform_count, 4);
}

static void check_auth_response(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->exchange, IKE_AUTH);
	assert_true(msg->is_encrypted);
	assert_int_equal(msg->payload_count, 1);
	assert_int_equal(msg->payloads[0], IKE_PAYLOAD_ENCRYPTED);
	assert_int_equal(msg->message_id, 1);
	assert_int_equal(msg->notify_count, 0);
}

static void check_main_request(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->major, 1);
	assert_int_equal(msg->exchange, IKE_V1_MAIN);
	assert_false(msg->is_from_initiator);
	assert_int_equal(msg->payloads[0], IKE_V1_PAYLOAD_SA);
	assert_int_equal(msg->payloads[1], IKE_V1_PAYLOAD_VENDOR_ID);
	assert_in_range(msg->vendor_id_count, 4, IKE_VENDOR_IDS_MAX);
	assert_span(msg->vendor_ids[1], BYTES("\x09\x00\x26\x89\xdf\xd6\xb7\x12")); /* XAUTH */
	assert_int_equal(msg->transform_count, 0);
}

static void check_encrypted(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->major, 1);
	assert_true(msg->is_encrypted);
	assert_int_equal(msg->payload_count, 0);
}

static void check_refusal(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->notify_count, 1);
	assert_int_equal(msg->notifies[0], IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
}

static void check_fragment(const void *out)
{
	const struct ikev2 *msg = out;

	assert_true(msg->is_encrypted);
	assert_int_equal(msg->payloads[0], IKE_PAYLOAD_FRAGMENT);
}

static void check_own(const void *out)
{
	const struct ikev2 *msg = out;

	assert_true(msg->is_encrypted);
	assert_int_equal(msg->payloads[0], 127);
}

static void check_attributes(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->transform_count, 1);
	assert_int_equal(msg->transforms[0].id, 20);
	assert_int_equal(msg->transforms[0].key_bits, 256);
}

static void check_full(const void *out)
{
	const struct ikev2 *msg = out;

	assert_int_equal(msg->payload_count, IKE_PAYLOADS_MAX);
	assert_int_equal(msg->notify_count, IKE_NOTIFIES_MAX);
	assert_int_equal(msg->vendor_id_count, IKE_VENDOR_IDS_MAX);
}

#define SPIS "\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
/* An SA_INIT's response whose payloads have `len` bytes less 28. */
#define RESPONSE(first, len) SPIS first "\x20\x22\x20\0\0\0\0\0\0\0" len
#define V1_NOTICE(len)       SPIS "\x0b\x10\5\0\0\0\0\7\0\0\0" len
#define NOTIFY(next)         next "\0\0\x08\0\0\x40\4"
#define VENDOR(next)         next "\0\0\6XY"
#define BOTH                 NOTIFY("\x2b") VENDOR("\x29")
#define FOUR_TIMES           BOTH BOTH BOTH BOTH
#define GCM                  "\0\0\0\x12\1\0\0\x14\0\x11\0\2\1\2\x80\x0e\1\0"

static struct message_case cases[] = {
	{ "a first request", &datagram, BYTES(INIT_REQUEST), DISSECT_OK, check_init_request },
	{ "bytes behind it", &datagram, BYTES(INIT_REQUEST "\0\0"), DISSECT_OK,
	  check_init_request },
	{ "its response", &datagram, BYTES(INIT_RESPONSE), DISSECT_OK, check_init_response },
	{ "an encrypted response", &datagram, BYTES(AUTH_RESPONSE), DISSECT_OK,
	  check_auth_response },
	{ "main mode begins", &datagram, BYTES(MAIN_REQUEST), DISSECT_OK, check_main_request },
	{ "main mode, encrypted", &datagram, BYTES(MAIN_ENCRYPTED), DISSECT_OK, check_encrypted },
	{ "a refusal", &datagram, BYTES(RESPONSE("\x29", "\x24") "\0\0\0\x08\0\0\0\x0e"),
	  DISSECT_OK, check_refusal },
	{ "a refusal by IKEv1", &datagram, BYTES(V1_NOTICE("\x28") "\0\0\0\x0c\0\0\0\1\1\0\0\x0e"),
	  DISSECT_OK, check_refusal },
	{ "an encrypted fragment", &datagram,
	  BYTES(RESPONSE("\x35", "\x24") "\x21\0\0\x08\0\1\0\2"), DISSECT_OK, check_fragment },
	{ "a payload of its own that hides the rest", &datagram,
	  BYTES(RESPONSE("\x7f", "\x24") "\x23\0\0\x08\0\1\0\2"), DISSECT_OK, check_own },
	{ "a payload of its own with others behind it", &datagram,
	  BYTES(RESPONSE("\x7f", "\x28") "\x29\0\0\4\0\0\0\x08\0\0\0\x0e"), DISSECT_OK,
	  check_refusal },
	{ "an attribute that is not short", &datagram,
	  BYTES(RESPONSE("\x21", "\x3a") "\0\0\0\x1e\0\0\0\x1a\1\1\0\1" GCM), DISSECT_OK,
	  check_attributes },
	{ "more of everything", &datagram,
	  BYTES(RESPONSE("\x29", "\x9a") FOUR_TIMES FOUR_TIMES NOTIFY("\x2b") VENDOR("\0")),
	  DISSECT_OK, check_full },
	{ "a notification too short", &datagram, BYTES(RESPONSE("\x29", "\x23") "\0\0\0\7\0\0\0"),
	  DISSECT_MALFORMED, NULL },
	{ "a payload too short", &datagram, BYTES(RESPONSE("\x28", "\x20") "\0\0\0\3"),
	  DISSECT_MALFORMED, NULL },
	{ "a payload past the end", &datagram, BYTES(RESPONSE("\x28", "\x20") "\0\0\0\5"),
	  DISSECT_MALFORMED, NULL },
	{ "a payload that is not there", &datagram, BYTES(RESPONSE("\x28", "\x1c")),
	  DISSECT_MALFORMED, NULL },
	{ "a proposal too short", &datagram, BYTES(RESPONSE("\x21", "\x24") "\0\0\0\x08\0\0\0\3"),
	  DISSECT_MALFORMED, NULL },
	{ "a proposal past the end", &datagram,
	  BYTES(RESPONSE("\x21", "\x24") "\0\0\0\x08\0\0\0\x09"), DISSECT_MALFORMED, NULL },
	{ "a transform past the end", &datagram,
	  BYTES(RESPONSE("\x21", "\x2c") "\0\0\0\x10\0\0\0\x0c\1\1\0\1\0\0\0\x0c"),
	  DISSECT_MALFORMED, NULL },
	{ "IKEv3", &datagram, BYTES(SPIS "\x21\x30\x22\x08\0\0\0\0\0\0\0\x1c"), DISSECT_OTHER,
	  NULL },
	{ "an exchange of IKEv1 in IKEv2", &datagram,
	  BYTES(SPIS "\x21\x20\x02\x08\0\0\0\0\0\0\0\x1c"), DISSECT_OTHER, NULL },
	{ "an exchange of IKEv2 in IKEv1", &datagram,
	  BYTES(SPIS "\x21\x10\x22\x08\0\0\0\0\0\0\0\x1c"), DISSECT_OTHER, NULL },
	{ "exchange 0", &datagram, BYTES(SPIS "\x21\x10\0\x08\0\0\0\0\0\0\0\x1c"), DISSECT_OTHER,
	  NULL },
	{ "an exchange too high", &datagram, BYTES(SPIS "\x21\x20\x2d\x08\0\0\0\0\0\0\0\x1c"),
	  DISSECT_OTHER, NULL },
	{ "quick mode", &datagram, BYTES(SPIS "\x08\x10\x20\1\0\0\0\7\0\0\0\x1c"), DISSECT_OK,
	  check_encrypted },
	{ "a new group", &datagram, BYTES(SPIS "\x08\x10\x21\1\0\0\0\7\0\0\0\x1c"), DISSECT_OK,
	  check_encrypted },
	{ "nobody's SPI", &datagram,
	  BYTES("\0\0\0\0\0\0\0\0\1\1\1\1\1\1\1\1\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c"),
	  DISSECT_OTHER, NULL },
	{ "a length below the header's", &datagram,
	  BYTES(SPIS "\x21\x20\x22\x08\0\0\0\0\0\0\0\x1b"), DISSECT_OTHER, NULL },
	{ "nothing", &datagram, BYTES(""), DISSECT_TRUNCATED, NULL },
};

static void the_marker_is_eaten(void **state)
{
	struct cursor marked = cursor_over("\0\0\0\0\1\2", 6);
	struct cursor esp = cursor_over("\0\0\0\1\1\2", 6);
	struct cursor keepalive = cursor_over("\xff", 1);

	(void)state;
	assert_true(ikev2_skip_marker(&marked));
	assert_int_equal(cursor_left(&marked), 2);
	assert_false(ikev2_skip_marker(&esp));
	assert_int_equal(cursor_left(&esp), 6);
	assert_false(ikev2_skip_marker(&keepalive));
	assert_true(cursor_ok(&keepalive));
}

int main(void)
{
	const struct CMUnitTest more[] = { cmocka_unit_test(the_marker_is_eaten) };
	int failed = run_message_cases("ikev2", cases, ARRAY_LEN(cases));

	return failed + cmocka_run_group_tests_name("ikev2's marker", more, NULL, NULL);
}
