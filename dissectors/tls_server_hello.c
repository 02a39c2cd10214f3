#include "dissectors/tls_server_hello.h"

enum {
	RANDOM_LEN = 32,
	SESSION_ID_MAX = 32,
};

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest", in place of a random. */
static const uint8_t retry_random[RANDOM_LEN] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
	0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
	0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* A list of exactly one (RFC 7301 3.1). */
static void read_alpn(struct cursor value, struct tls_server_hello *hello)
{
	struct cursor protocols = tls_list_be16(value, &hello->is_damaged);

	hello->alpn = cursor_take(&protocols, cursor_u8(&protocols));
	hello->is_damaged |= !cursor_ok(&protocols) || cursor_left(&protocols) > 0;
}

static void read_extension(struct cursor value, uint16_t type, struct tls_server_hello *hello)
{
	switch (type) {
	case TLS_EXTENSION_ALPN:
		read_alpn(value, hello);
		break;
	case TLS_EXTENSION_SUPPORTED_VERSIONS:
		if (cursor_left(&value) == sizeof(hello->version))
			hello->version = cursor_be16(&value);
		else
			hello->is_damaged = true;
		break;
	case TLS_EXTENSION_KEY_SHARE:
		hello->key_share_group = cursor_be16(&value);
		hello->is_damaged |= !cursor_ok(&value);
		break;
	default: /* only its type says something */
		break;
	}
}

static void read_extensions(struct cursor in, struct tls_server_hello *hello)
{
	struct tls_extension extension;

	while (tls_extension_next(&in, &extension)) {
		if (hello->extensions_kept < TLS_EXTENSIONS_MAX)
			hello->extensions[hello->extensions_kept++] = extension.type;
		else
			hello->is_extensions_cut = true;
		if (!extension.is_cut)
			read_extension(extension.value, extension.type, hello);
		hello->is_damaged |= extension.is_cut;
	}
	hello->is_damaged |= !cursor_ok(&in);
}

enum dissect tls_read_server_hello(struct cursor body, struct tls_server_hello *out)
{
	struct tls_server_hello hello = { .legacy_version = cursor_be16(&body) };

	hello.version = hello.legacy_version;
	hello.random = cursor_take(&body, RANDOM_LEN);
	hello.session_id = cursor_take(&body, cursor_u8(&body));
	hello.cipher = cursor_be16(&body);
	cursor_skip(&body, 1); /* compression */
	if (!cursor_ok(&body))
		return DISSECT_MALFORMED;

	hello.is_hello_retry_request = memcmp(hello.random.data, retry_random, RANDOM_LEN) == 0;
	hello.is_damaged = hello.session_id.len > SESSION_ID_MAX;
	read_extensions(tls_extensions_take(&body, &hello.is_damaged), &hello);

	*out = hello;
	return DISSECT_OK;
}
