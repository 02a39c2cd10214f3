#include "dissectors/tls_sslv2.h"

enum {
	TWO_BYTE_HEADER = 0x80, /* in the first byte: no padding follows the length */
	LENGTH_MASK = 0x7fff,
	CLIENT_HELLO = 1,
	FIXED_LEN = 1 + 2 + 3 * 2, /* type, version, three lengths */
	SESSION_ID_LEN = 16,
	CHALLENGE_MIN = 16,
	CHALLENGE_MAX = 32,
};

enum { SSL_2 = 0x0002, SSL_3 = 0x0300, TLS_1_3 = 0x0304 };

static bool is_version(uint16_t version)
{
	return version == SSL_2 || (version >= SSL_3 && version <= TLS_1_3);
}

static bool are_lengths(size_t ciphers, size_t session_id, size_t challenge)
{
	return ciphers > 0 && ciphers % TLS_SSLV2_CIPHER_LEN == 0 &&
	       (session_id == 0 || session_id == SESSION_ID_LEN) && challenge >= CHALLENGE_MIN &&
	       challenge <= CHALLENGE_MAX;
}

enum dissect dissect_tls_sslv2_client_hello(struct cursor stream,
					    struct tls_sslv2_client_hello *out)
{
	struct tls_sslv2_client_hello hello = { 0 };
	struct cursor peek = stream;
	uint8_t first = cursor_u8(&peek);
	uint16_t len = cursor_be16(&stream) & LENGTH_MASK;
	uint8_t type = cursor_u8(&stream);

	if (cursor_ok(&peek) && (first & TWO_BYTE_HEADER) == 0)
		return DISSECT_OTHER;
	if (cursor_ok(&stream) && type != CLIENT_HELLO)
		return DISSECT_OTHER;
	hello.version = cursor_be16(&stream);
	if (cursor_ok(&stream) && !is_version(hello.version))
		return DISSECT_OTHER;

	size_t ciphers = cursor_be16(&stream);
	size_t session_id = cursor_be16(&stream);
	size_t challenge = cursor_be16(&stream);

	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	if (!are_lengths(ciphers, session_id, challenge) ||
	    FIXED_LEN + ciphers + session_id + challenge != len)
		return DISSECT_OTHER;
	hello.ciphers = cursor_take(&stream, ciphers);
	hello.session_id = cursor_take(&stream, session_id);
	hello.challenge = cursor_take(&stream, challenge);
	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	hello.cipher_count = (uint16_t)(ciphers / TLS_SSLV2_CIPHER_LEN);

	*out = hello;
	return DISSECT_OK;
}
