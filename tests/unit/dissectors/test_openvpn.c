#include "dissectors/openvpn.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_openvpn(in, out);
}

static enum dissect run_stream(struct cursor in, void *out)
{
	return dissect_openvpn_stream(in, out);
}

static const struct message_kind datagram = { run, sizeof(struct openvpn), true };
static const struct message_kind stream = { run_stream, sizeof(struct openvpn), false };

/* Of OpenVPN 2.6.3, each pair out of one tunnel. */
#define PLAIN_CLIENT "\x38\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x00\x00\x00\x00\x00"
#define PLAIN_SERVER                                                                       \
	"\x40\xbb\x82\x05\x5b\x7f\x97\x88\x3b\x01\x00\x00\x00\x00\x94\xb6\xc9\x3d\xc2\x30" \
	"\xb8\xc7\x00\x00\x00\x00"
#define PLAIN_ACK                                                                          \
	"\x28\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x02\x00\x00\x00\x01\x00\x00\x00\x00\xbb\x82" \
	"\x05\x5b\x7f\x97\x88\x3b"
#define PLAIN_CONTROL                                                                      \
	"\x20\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x01\x00\x00\x00\x00\xbb\x82\x05\x5b\x7f\x97" \
	"\x88\x3b\x00\x00\x00\x01\x16\x03\x01\x01\x10\x01\x00\x01\x0c\x03\x03\xe2\xb1\x5b" \
	"\x20\xed\x5a\x79\xb8\x24\xa9\x88\x2a\xbd\xa1\xc6\xf2\x3d\x66\xad\x5b\x94\xa7\xf6" \
	"\x57\xee\x01\xa4\xce\xda\xff\x73\x84\x20\x32\xb7\x2f\xcf\x45\xa6\x33\xa0\xe5\xef" \
	"\x9c\x0d\xe5\x34\xc5\xab\xad\x39\x1c\x59\xb0\x66\xd3\x86\x40\x07\x66\xa6\x14\x2c" \
	"\xa8\x98\x00\x32\x13\x02\x13\x03\x13\x01\xc0\x2c\xc0\x30\x00\x9f\xcc\xa9\xcc\xa8" \
	"\xcc\xaa\xc0\x2b\xc0\x2f\x00\x9e\xc0\x24\xc0\x28\x00\x6b\xc0\x23\xc0\x27\x00\x67" \
	"\xc0\x0a\xc0\x14\x00\x39\xc0\x09\xc0\x13\x00\x33\x00\xff\x01\x00\x00\x91\x00\x0b" \
	"\x00\x04\x03\x00\x01\x02\x00\x0a\x00\x16\x00\x14\x00\x1d\x00\x17\x00\x1e\x00\x19" \
	"\x00\x18\x01\x00\x01\x01\x01\x02\x01\x03\x01\x04\x00\x16\x00\x00\x00\x17\x00\x00" \
	"\x00\x0d\x00\x2a\x00\x28\x04\x03\x05\x03\x06\x03\x08\x07\x08\x08\x08\x09\x08\x0a" \
	"\x08\x0b\x08\x04\x08\x05\x08\x06\x04\x01\x05\x01\x06\x01\x03\x03\x03\x01\x03\x02" \
	"\x04\x02\x05\x02\x06\x02\x00\x2b\x00\x05\x04\x03\x04\x03\x03\x00\x2d\x00\x02\x01" \
	"\x01\x00\x33\x00\x26\x00\x24\x00\x1d\x00\x20\x67\x0d\xff\x0b\x21\x34\x20\xd1\x67" \
	"\xde\x8a\xcd\x8f\x92\xf2\x65\xb4\xe2\xa4\x37\x25\xbb\xd8\x68\xd1\xdb\x3a\x4e\xad" \
	"\xf6\xd3\x74"
#define AUTH_CLIENT                                                                        \
	"\x38\xe0\x49\x9b\xfa\xb4\xf6\x44\x4f\x45\xee\xb7\xc1\xd8\xb1\xc3\x2d\xb3\x8e\xc1" \
	"\x92\x62\x28\xf3\xdc\x66\x74\xf6\x1a\x00\x00\x00\x01\x6b\x02\x89\x09\x00\x00\x00" \
	"\x00\x00"
#define AUTH_SERVER                                                                        \
	"\x40\x4c\x2f\x88\xfa\x82\x49\x86\x50\x86\x78\x69\x08\x9a\x0c\x62\xd2\xf7\xdd\xca" \
	"\x05\x40\xb9\x70\x71\x9c\x5d\x09\xcf\x00\x00\x00\x01\x6b\x02\x89\x09\x01\x00\x00" \
	"\x00\x00\xe0\x49\x9b\xfa\xb4\xf6\x44\x4f\x00\x00\x00\x00"
#define AUTH_ACK                                                                           \
	"\x28\xe0\x49\x9b\xfa\xb4\xf6\x44\x4f\xca\x22\xf1\x33\xa6\x00\x75\xdd\xf0\xfa\x8a" \
	"\x32\x95\x1f\x21\x14\xf0\x94\x8a\xf1\x00\x00\x00\x03\x6b\x02\x89\x09\x02\x00\x00" \
	"\x00\x01\x00\x00\x00\x00\x4c\x2f\x88\xfa\x82\x49\x86\x50"
#define AUTH256_CLIENT                                                                     \
	"\x38\x02\xd0\x28\xd8\xcc\x05\xfe\xce\xe7\x95\xeb\x90\x67\xda\xa9\x27\xf1\x38\xc9" \
	"\xd0\xb1\xe6\xf4\x9f\x54\x2c\xe8\x20\x0c\xf4\x2c\x2d\xf0\xc8\x2c\xdd\x44\x88\x85" \
	"\x8f\x00\x00\x00\x01\x6b\x02\x89\x0a\x00\x00\x00\x00\x00"
#define AUTH256_SERVER                                                                     \
	"\x40\x03\x0b\xa5\x6c\xf1\xc1\x88\x67\xec\x0b\x7f\x04\x55\xae\x7b\x9e\x9b\x1f\xdf" \
	"\xe6\x02\xbe\xb3\x0b\x14\xb2\x4d\x8f\x48\x66\x4c\x09\x04\xd7\x2f\x93\x9e\x3c\xca" \
	"\x35\x00\x00\x00\x01\x6b\x02\x89\x0a\x01\x00\x00\x00\x00\x02\xd0\x28\xd8\xcc\x05" \
	"\xfe\xce\x00\x00\x00\x00"
#define CRYPT_CLIENT                                                                       \
	"\x38\x3a\x5f\x6b\xcf\x16\x1b\xb1\x5f\x00\x00\x00\x01\x6b\x02\x89\x0b\x03\x5e\x24" \
	"\x1c\x3a\x0f\xac\x78\x8e\xf5\x6c\x0d\xf8\xba\xba\x3d\xbc\x68\xc2\xda\x42\x61\x9b" \
	"\xde\x6f\xc9\x39\xb0\x35\xac\x06\x55\x56\x75\x43\xfe\xbe"
#define CRYPT_SERVER                                                                       \
	"\x40\xdc\x50\x29\xef\x65\x42\xc3\xab\x00\x00\x00\x01\x6b\x02\x89\x0b\x3c\x40\xb4" \
	"\x12\xd3\x5c\x2a\xaa\x9a\xeb\x6c\x90\x88\xf4\x35\x39\x3d\xe6\x40\x52\x83\x8f\x31" \
	"\x43\x57\x1f\x42\x22\x1a\x15\x1e\xba\xd3\xe6\xd1\x19\xdf\x05\xe1\x11\x48\x74\x08" \
	"\xf4\x3f\xf5\xa0\x94\xcc"
#define CRYPT_ACK                                                                          \
	"\x28\x3a\x5f\x6b\xcf\x16\x1b\xb1\x5f\x00\x00\x00\x03\x6b\x02\x89\x0b\x06\x77\x5c" \
	"\x42\xd3\xc0\xa5\xf9\x7b\x59\xd5\x21\x2f\x4e\x5e\x81\xfe\xfb\x9a\xe4\x57\xaa\xc7" \
	"\x10\xa9\xd2\xcc\x79\xf5\xd3\x48\xc1\xc1\x9a\xc6\xb3\x6b\x75\xc9\xf1\x27\x64\xad" \
	"\x30\xab\x33\x85\xa2\x99"
#define CRYPT2_CLIENT                                                                      \
	"\x50\x53\x58\x4d\x7d\x1c\x86\x63\x1d\x0f\x00\x00\x01\x6b\x02\x89\x0c\xe3\x2f\x1d" \
	"\x0f\x46\x53\x1a\x76\xad\x13\xba\xde\xa8\x2f\x8d\x5d\x3a\x72\x5f\x69\x69\x59\x82" \
	"\x46\xd1\x9b\x94\x4c\x37\x81\xc8\xe1\xc1\x1a\xcb\xb8\x05\x9c\x70\xb0\xbc\x22\x20" \
	"\xdf\x81\xdc\x13\xb9\x9a\xee\x95\x16\x8e\xad\xd3\xd4\x0e\xb6\xc6\xaf\x4a\x81\x7c" \
	"\xfb\xd8\x2c\xb8\x0b\x59\xb7\x73\xad\x2b\x6b\xca\xb6\x93\xae\xd9\x57\x7b\xd5\x31" \
	"\xda\x06\x82\x17\x99\x35\x8e\xc1\x0e\xe5\x8f\x4a\x49\x8d\xfd\x34\x0f\xf2\x39\xe0" \
	"\xc8\x4f\x9f\xe2\x4d\x9c\x4a\x1d\x0f\x27\x30\xc8\x02\x1c\x6f\x5f\xbd\xda\xcf\x92" \
	"\xab\xe8\x92\x0d\x94\xbd\x94\x9a\xb1\x08\x71\x05\x0d\x34\xb1\x18\xd5\x76\x23\xcd" \
	"\x2c\x90\xdc\x6d\xd1\x87\x66\x33\xc7\x0d\x03\x82\x4a\xc4\x2a\xd3\x00\x87\x4e\x4f" \
	"\x83\x95\xe4\x8b\xa7\xdc\x3f\x46\xf1\x41\x68\x5b\x05\x6b\x4e\x0f\x6a\x4f\xb0\x29" \
	"\xba\x50\x86\x0e\x43\x19\x3f\x23\xa5\x70\xac\xb8\x53\xbc\xb3\x81\x04\x33\x64\xcd" \
	"\x9f\xe2\x16\xb2\x3c\x5e\x06\x97\xb3\xa1\x91\x6e\xbf\xe6\x00\x8c\xc2\xf4\xa2\xcd" \
	"\xfd\x02\xbb\xdf\xca\x63\x35\x3a\x59\xed\x81\xc4\xf9\x66\x8f\x27\xcc\xf1\x62\x68" \
	"\x72\x25\x38\x2a\x3f\x18\xde\xb3\x4f\x5b\x1f\x2d\xf3\xa0\xd2\x09\x01\x0c\x2e\x72" \
	"\xaf\xc0\x5f\x74\x60\x35\x7f\x41\x10\x4b\x99\x89\x43\xcd\xeb\xc0\x82\x1b\x31\xa5" \
	"\xd5\x88\x47\xe4\x23\x34\xea\x15\xc1\x8a\xce\x8b\xa5\x54\x57\xb1\x16\xe2\x90\x46" \
	"\xb5\x07\xbc\xc4\x36\xe2\x04\xd1\x97\xf2\x65\xf2\x52\xbd\x0f\x2d\xa2\x7f\x16\x34" \
	"\xaf\xac\xc5\xfe\x72\x61\x41\x71\x0f\x89\xa8\x01\x2b"
#define CRYPT2_SERVER                                                                      \
	"\x40\x75\xb6\xe5\xbc\x22\x51\x2c\xe5\x00\x00\x00\x01\x6b\x02\x89\x0c\x58\x4c\x0a" \
	"\x31\x43\x53\x07\xb0\xc1\xa6\x55\x73\x2d\xc7\x6b\xec\xd3\xe7\x67\xfa\xfb\xd5\xd2" \
	"\x18\xed\x09\x98\x06\x19\x3a\xbc\xca\x21\xfe\x1e\x19\x78\x13\x71\x0f\xed\x1b\x0c" \
	"\xda\xe2\x3d\xf2\xa2\x29\x17\xed\xe2\x8d\x7a\x84"
#define CRYPT2_CONTROL                                                                     \
	"\x28\x75\xb6\xe5\xbc\x22\x51\x2c\xe5\x00\x00\x00\x04\x6b\x02\x89\x0c\xf9\x63\x27" \
	"\x97\x5d\xb5\x3f\x52\x1a\x40\x1b\x52\xf6\x16\xcb\x80\x02\x9a\xd3\x54\x3f\x16\x7b" \
	"\x1b\xf7\x56\x2d\xcf\x68\xc0\x7f\xfa\x64\x82\x50\x54\x8f\xd8\x10\xb3\x09\x0f\x4c" \
	"\x05\x66\x6e\x58\xc4\xb6"
#define STREAM_CLIENT "\x00\x0e\x38\xe4\x19\x62\x21\x91\x74\x2a\x4b\x00\x00\x00\x00\x00"
#define STREAM_SERVER                                                                      \
	"\x00\x1a\x40\x11\x05\x47\x54\x27\xaa\x96\x0b\x01\x00\x00\x00\x00\xe4\x19\x62\x21" \
	"\x91\x74\x2a\x4b\x00\x00\x00\x00"
#define STREAM_AUTH512_SERVER                                                              \
	"\x00\x62\x40\xff\xe1\x13\x49\x4a\xc1\x69\x94\xc5\xe7\xb7\xc7\x23\x9e\x66\xfa\xae" \
	"\xf7\xd9\x6c\x71\x21\x61\x11\x6e\xe0\x62\xa4\xe7\x73\x13\xee\x04\x8f\xcc\x0d\xb9" \
	"\xf4\x3c\xc8\x15\x3a\x31\x9f\x74\x28\xac\xf7\xc2\xba\x75\x9b\x39\x4b\xa6\x3e\x35" \
	"\xa6\xde\x60\x1f\xe9\x61\xe0\x43\x95\xf5\x90\xbc\xb8\xe4\x7c\x00\x00\x00\x01\x6b" \
	"\x02\x89\x0e\x01\x00\x00\x00\x00\xfa\xb1\xd1\x48\xd6\xe4\x28\x3f\x00\x00\x00\x00"
#define DATA                                                                               \
	"\x48\x00\x00\x01\x00\x00\x00\x01\xa1\x95\xdd\x4d\x99\xfb\xe1\x4c\xfd\xd1\x41\xa6" \
	"\x03\x6d\x6b\x0c\x25\xc0\xb6\xa4\x87\x9b\x31\x44\x50\xcd\x18\xe1\x63\x62\x11\xa8" \
	"\x6a\xdd\xf0\x30\xf6\x16\x63\xcd\x16\x4d\x63\xb3\x62\xb9\x5c\x8b\xfc\xc9\x2d\x17" \
	"\x68\x07\x67\xa9\x0e\x68\xf6\x58\x87\xaf\x7f\x8c"

static void check_plain_client(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_RESET_CLIENT_V2);
	assert_int_equal(packet->key_id, 0);
	assert_int_equal(packet->protection, OPENVPN_PLAIN);
	assert_int_equal(packet->hmac_len, 0);
	assert_int_equal(packet->ack_count, 0);
	assert_int_equal(packet->packet_id, 0);
	assert_int_equal(packet->consumed, 14);
	assert_memory_equal(packet->session_id, &PLAIN_CLIENT[1], OPENVPN_SESSION_LEN);
	assert_true(openvpn_is_client_reset(packet));
}

static void check_plain_server(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_RESET_SERVER_V2);
	assert_int_equal(packet->ack_count, 1);
	assert_memory_equal(packet->remote_session_id, &PLAIN_CLIENT[1], OPENVPN_SESSION_LEN);
	assert_false(openvpn_is_client_reset(packet));
}

static void check_plain_ack(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_ACK);
	assert_int_equal(packet->protection, OPENVPN_PLAIN);
	assert_int_equal(packet->ack_count, 2);
}

static void check_plain_control(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_CONTROL);
	assert_int_equal(packet->protection, OPENVPN_PLAIN);
	assert_int_equal(packet->packet_id, 1);
	assert_int_equal(packet->payload.data[0], 0x16); /* a TLS handshake */
}

static void check_auth(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->protection, OPENVPN_TLS_AUTH);
	assert_int_equal(packet->hmac_len, 20);
}

static void check_auth256(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->protection, OPENVPN_TLS_AUTH);
	assert_int_equal(packet->hmac_len, 32);
}

static void check_auth512(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->protection, OPENVPN_TLS_AUTH);
	assert_int_equal(packet->hmac_len, 64);
	assert_int_equal(packet->ack_count, 1);
	assert_int_equal(packet->consumed, sizeof(STREAM_AUTH512_SERVER) - 1);
}

static void check_crypt(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->protection, OPENVPN_TLS_CRYPT);
	assert_int_equal(packet->ack_count, 0);
	assert_int_equal(packet->payload.len, 0);
}

static void check_stream_client(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_RESET_CLIENT_V2);
	assert_int_equal(packet->consumed, 16);
}

static void check_data(const void *out)
{
	assert_int_equal(((const struct openvpn *)out)->opcode, OPENVPN_DATA_V2);
}

static void check_data_v1(const void *out)
{
	const struct openvpn *packet = out;

	assert_int_equal(packet->opcode, OPENVPN_DATA_V1);
	assert_int_equal(packet->key_id, 2);
}

#define SESSION "\1\2\3\4\5\6\7\x08"

static struct message_case cases[] = {
	{ "a client's reset", &datagram, BYTES(PLAIN_CLIENT), DISSECT_OK, check_plain_client },
	{ "a server's", &datagram, BYTES(PLAIN_SERVER), DISSECT_OK, check_plain_server },
	{ "an ACK", &datagram, BYTES(PLAIN_ACK), DISSECT_OK, NULL },
	{ "an ACK of two", &datagram, BYTES("\x28" SESSION "\2\0\0\0\1\0\0\0\2" SESSION),
	  DISSECT_OK, check_plain_ack },
	{ "a ClientHello in it", &datagram, BYTES(PLAIN_CONTROL), DISSECT_OK, check_plain_control },
	{ "a client's reset with tls-auth", &datagram, BYTES(AUTH_CLIENT), DISSECT_OK, check_auth },
	{ "a server's with tls-auth", &datagram, BYTES(AUTH_SERVER), DISSECT_OK, check_auth },
	{ "an ACK with tls-auth", &datagram, BYTES(AUTH_ACK), DISSECT_OK, check_auth },
	{ "a client's reset with tls-auth of SHA-256", &datagram, BYTES(AUTH256_CLIENT), DISSECT_OK,
	  check_auth256 },
	{ "a server's with tls-auth of SHA-256", &datagram, BYTES(AUTH256_SERVER), DISSECT_OK,
	  check_auth256 },
	{ "a client's reset with tls-crypt", &datagram, BYTES(CRYPT_CLIENT), DISSECT_OK,
	  check_crypt },
	{ "a server's with tls-crypt", &datagram, BYTES(CRYPT_SERVER), DISSECT_OK, check_crypt },
	{ "an ACK with tls-crypt", &datagram, BYTES(CRYPT_ACK), DISSECT_OK, check_crypt },
	{ "a client's reset with tls-crypt-v2", &datagram, BYTES(CRYPT2_CLIENT), DISSECT_OK,
	  check_crypt },
	{ "a server's with tls-crypt-v2", &datagram, BYTES(CRYPT2_SERVER), DISSECT_OK,
	  check_crypt },
	{ "more with tls-crypt-v2", &datagram, BYTES(CRYPT2_CONTROL), DISSECT_OK, check_crypt },
	{ "data", &datagram, BYTES(DATA), DISSECT_OK, check_data },
	{ "data of version 1", &datagram, BYTES("\x32xyz"), DISSECT_OK, check_data_v1 },
	{ "a client's reset over TCP", &stream, BYTES(STREAM_CLIENT), DISSECT_OK,
	  check_stream_client },
	{ "with more behind it", &stream, BYTES(STREAM_CLIENT "\0\x1a\x28"), DISSECT_OK,
	  check_stream_client },
	{ "a server's over TCP", &stream, BYTES(STREAM_SERVER), DISSECT_OK, NULL },
	{ "a server's over TCP with tls-auth of SHA-512", &stream, BYTES(STREAM_AUTH512_SERVER),
	  DISSECT_OK, check_auth512 },
	{ "opcode 0", &datagram, BYTES("\0" SESSION "\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "opcode 12", &datagram, BYTES("\x60" SESSION "\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "a reset of another key", &datagram, BYTES("\x39" SESSION "\0\0\0\0\0"), DISSECT_OTHER,
	  NULL },
	{ "session 0", &datagram, BYTES("\x38\0\0\0\0\0\0\0\0\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "a client's reset of packet 1", &datagram, BYTES("\x38" SESSION "\0\0\0\0\1"),
	  DISSECT_OTHER, NULL },
	{ "a client's reset that acknowledges", &datagram,
	  BYTES("\x38" SESSION "\1\0\0\0\0" SESSION "\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "a client's reset with a payload", &datagram, BYTES("\x38" SESSION "\0\0\0\0\0\0"),
	  DISSECT_OTHER, NULL },
	{ "an ACK of nothing", &datagram, BYTES("\x28" SESSION "\0"), DISSECT_TRUNCATED, NULL },
	{ "an ACK of another session 0", &datagram,
	  BYTES("\x28" SESSION "\1\0\0\0\0\0\0\0\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "an ACK of packet 65536", &datagram, BYTES("\x28" SESSION "\1\0\1\0\0" SESSION),
	  DISSECT_OTHER, NULL },
	{ "nine acknowledgements", &datagram, BYTES("\x28" SESSION "\x09\0\0\0\0" SESSION),
	  DISSECT_OTHER, NULL },
	{ "packet 65536", &datagram, BYTES("\x20" SESSION "\0\0\1\0\0\x16\3\1"), DISSECT_OTHER,
	  NULL },
	{ "tls-crypt-v2 without a key", &datagram,
	  BYTES("\x50" SESSION "\0\0\0\1\0\0\0\0"
		"0123456789abcdef0123456789abcdef"
		"\1\2\3\4\5"),
	  DISSECT_OTHER, NULL },
	{ "tls-crypt with less than an ACK", &datagram,
	  BYTES("\x28" SESSION "\0\0\0\1\0\0\0\0"
		"0123456789abcdef0123456789abcdef"
		"\1\2\3\4\5"),
	  DISSECT_OTHER, NULL },
	{ "a stream's length of 0", &stream, BYTES("\0\0\x38"), DISSECT_OTHER, NULL },
	{ "a stream's packet that ends too soon", &stream, BYTES("\0\4\x38\1\2\3\4"), DISSECT_OTHER,
	  NULL },
	{ "a stream of TLS", &stream, BYTES("\x16\3\1\2\0\1\0\1\xfc\3\3"), DISSECT_OTHER, NULL },
	{ "nothing", &datagram, BYTES(""), DISSECT_TRUNCATED, NULL },
	{ "nothing of a stream", &stream, BYTES(""), DISSECT_TRUNCATED, NULL },
};

struct pair {
	const char *client;
	size_t client_len;
	const char *server;
	size_t server_len;
	bool is_answer;
};

static const struct pair pairs[] = {
	{ BYTES(PLAIN_CLIENT), BYTES(PLAIN_SERVER), true },
	{ BYTES(AUTH_CLIENT), BYTES(AUTH_SERVER), true },
	{ BYTES(AUTH256_CLIENT), BYTES(AUTH256_SERVER), true },
	{ BYTES(CRYPT_CLIENT), BYTES(CRYPT_SERVER), true },
	{ BYTES(CRYPT2_CLIENT), BYTES(CRYPT2_SERVER), true },
	{ BYTES("\x08" SESSION "\0\0\0\0\0"), BYTES("\x10" SESSION "\1\0\0\0\0" SESSION "\0\0\0\0"),
	  true },
	{ BYTES("\x08" SESSION "\0\0\0\0\0"), BYTES("\x40" SESSION "\1\0\0\0\0" SESSION "\0\0\0\0"),
	  false },
	{ BYTES("\x38" SESSION "\0\0\0\0\0"), BYTES("\x40" SESSION "\0\0\0\0\0"), false },
	{ BYTES("\x38" SESSION "\0\0\0\0\0"), BYTES(PLAIN_SERVER), false },
	{ BYTES(PLAIN_CLIENT), BYTES(CRYPT_SERVER), false },
	{ BYTES(PLAIN_CLIENT), BYTES(PLAIN_CLIENT), false },
	{ BYTES(PLAIN_SERVER), BYTES(PLAIN_SERVER), false },
};

static void a_server_names_the_client(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const struct pair *p = &pairs[i];
		struct openvpn client;
		struct openvpn server;

		assert_int_equal(dissect_openvpn(cursor_over(p->client, p->client_len), &client),
				 DISSECT_OK);
		assert_int_equal(dissect_openvpn(cursor_over(p->server, p->server_len), &server),
				 DISSECT_OK);
		assert_int_equal(openvpn_answers(&server, &client), p->is_answer);
	}
}

int main(void)
{
	const struct CMUnitTest more[] = { cmocka_unit_test(a_server_names_the_client) };
	int failed = run_message_cases("openvpn", cases, ARRAY_LEN(cases));

	return failed + cmocka_run_group_tests_name("openvpn's resets", more, NULL, NULL);
}
