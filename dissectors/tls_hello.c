#include "dissectors/tls_hello.h"

enum {
	CONTENT_HANDSHAKE = 22,
	VERSION_MAJOR = 3,
	VERSION_MINOR_MAX = 4,
	FRAGMENT_MAX = 16384, /* RFC 8446 5.1 */
};

enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	MESSAGE_HEADER_LEN = 4,
	RANDOM_LEN = 32,
	SESSION_ID_MAX = 32,
};

enum extension {
	EXTENSION_SNI = 0,
	EXTENSION_ALPN = 16,
	EXTENSION_VERSIONS = 43,
	EXTENSION_ECH = 0xfe0d,
};

enum { SNI_HOST_NAME = 0 };

/* A record's bytes, as many as the stream has so far. */
struct record {
	struct span fragment;
	bool is_cut;
};

static enum dissect read_record(struct cursor *stream, struct record *out)
{
	uint8_t content = cursor_u8(stream);

	if (cursor_ok(stream) && content != CONTENT_HANDSHAKE)
		return DISSECT_OTHER;

	uint8_t major = cursor_u8(stream);

	if (cursor_ok(stream) && major != VERSION_MAJOR)
		return DISSECT_OTHER;

	uint8_t minor = cursor_u8(stream);

	if (cursor_ok(stream) && minor > VERSION_MINOR_MAX)
		return DISSECT_OTHER;

	uint16_t len = cursor_be16(stream);

	if (!cursor_ok(stream))
		return DISSECT_TRUNCATED;
	if (len == 0 || len > FRAGMENT_MAX)
		return DISSECT_OTHER;
	out->fragment = cursor_take_up_to(stream, len);
	out->is_cut = out->fragment.len < len;
	return DISSECT_OK;
}

/* The body of the handshake message that `in` begins with. */
static enum dissect read_message(struct cursor in, uint8_t wanted_type, struct cursor *body)
{
	uint8_t type = cursor_u8(&in);

	if (cursor_ok(&in) && type != wanted_type)
		return DISSECT_OTHER;

	uint32_t len = cursor_be24(&in);

	if (cursor_ok(&in) && len > TLS_HELLO_MAX - MESSAGE_HEADER_LEN)
		return DISSECT_MALFORMED;

	struct cursor found = cursor_sub(&in, len);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	*body = found;
	return DISSECT_OK;
}

/* What does not fit is left out: read_message() refuses a message that would need it. */
static size_t append(struct tls_scratch *scratch, size_t used, struct span fragment)
{
	size_t room = sizeof(scratch->bytes) - used;
	size_t len = fragment.len < room ? fragment.len : room;

	if (len > 0)
		memcpy(&scratch->bytes[used], fragment.data, len);
	return used + len;
}

/* In place when the first record holds the message, else joined in `scratch`. */
static enum dissect find_message(struct cursor stream, uint8_t type, struct tls_scratch *scratch,
				 struct cursor *body)
{
	struct record record;
	enum dissect got = read_record(&stream, &record);

	if (got != DISSECT_OK)
		return got;
	got = read_message((struct cursor){ .rest = record.fragment }, type, body);
	if (got != DISSECT_TRUNCATED || record.is_cut)
		return got;

	size_t used = append(scratch, 0, record.fragment);

	do { /* each turn eats a record's header */
		got = read_record(&stream, &record);
		if (got != DISSECT_OK) /* nothing else may come between (RFC 8446 5.1) */
			return got == DISSECT_OTHER ? DISSECT_MALFORMED : got;
		used = append(scratch, used, record.fragment);
		got = read_message(cursor_over(scratch->bytes, used), type, body);
	} while (got == DISSECT_TRUNCATED && !record.is_cut);
	return got;
}

static bool is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/* Of 16-bit values, those that are not GREASE. */
static uint16_t count_values(struct cursor list)
{
	uint16_t count = 0;

	while (cursor_left(&list) > 0)
		if (!is_grease(cursor_be16(&list)))
			count++;
	return count;
}

/* A second host name is forbidden, in one extension or in two. */
static bool read_sni(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor names = cursor_sub(&value, cursor_be16(&value));

	if (!cursor_ok(&value) || cursor_left(&value) > 0)
		return false;
	while (cursor_left(&names) > 0) {
		uint8_t type = cursor_u8(&names);
		struct span name = cursor_take(&names, cursor_be16(&names));

		if (type != SNI_HOST_NAME)
			continue;
		if (hello->sni.data)
			return false;
		hello->sni = name;
	}
	return cursor_ok(&names);
}

static bool read_alpn(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor protocols = cursor_sub(&value, cursor_be16(&value));

	if (!cursor_ok(&value) || cursor_left(&value) > 0 || hello->alpn.data)
		return false;
	hello->alpn = cursor_take(&protocols, cursor_u8(&protocols));
	while (cursor_left(&protocols) > 0)
		cursor_skip(&protocols, cursor_u8(&protocols));
	return cursor_ok(&protocols);
}

static bool read_versions(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor versions = cursor_sub(&value, cursor_u8(&value));

	if (!cursor_ok(&value) || cursor_left(&value) > 0)
		return false;
	while (cursor_left(&versions) > 0) {
		uint16_t version = cursor_be16(&versions);

		if (!is_grease(version) && version > hello->highest_version)
			hello->highest_version = version;
	}
	return cursor_ok(&versions);
}

static bool read_client_extension(uint16_t type, struct cursor value,
				  struct tls_client_hello *hello)
{
	switch (type) {
	case EXTENSION_SNI:
		return read_sni(value, hello);
	case EXTENSION_ALPN:
		return read_alpn(value, hello);
	case EXTENSION_VERSIONS:
		return read_versions(value, hello);
	case EXTENSION_ECH:
		hello->has_ech = true;
		return true;
	default:
		return true;
	}
}

/* What ends a hello; none at all is TLS 1.2's older form. `out` is empty then. */
static bool take_extensions(struct cursor *in, struct cursor *out)
{
	if (cursor_left(in) == 0) {
		*out = (struct cursor){ 0 };
		return true;
	}
	*out = cursor_sub(in, cursor_be16(in));
	return cursor_ok(in) && cursor_left(in) == 0;
}

static bool read_client_extensions(struct cursor in, struct tls_client_hello *hello)
{
	while (cursor_left(&in) > 0) {
		uint16_t type = cursor_be16(&in);
		struct cursor value = cursor_sub(&in, cursor_be16(&in));

		if (!cursor_ok(&in) || !read_client_extension(type, value, hello))
			return false;
		if (!is_grease(type))
			hello->extension_count++;
	}
	return true;
}

static bool read_client_hello(struct cursor in, struct tls_client_hello *hello)
{
	hello->legacy_version = cursor_be16(&in);
	cursor_skip(&in, RANDOM_LEN);
	uint8_t session_id_len = cursor_u8(&in);

	cursor_skip(&in, session_id_len);
	struct cursor ciphers = cursor_sub(&in, cursor_be16(&in));
	uint8_t compression_len = cursor_u8(&in);
	struct cursor extensions;

	cursor_skip(&in, compression_len);
	if (!cursor_ok(&in) || session_id_len > SESSION_ID_MAX || compression_len == 0)
		return false;
	if (cursor_left(&ciphers) == 0 || cursor_left(&ciphers) % sizeof(uint16_t) != 0)
		return false;
	hello->cipher_count = count_values(ciphers);

	return take_extensions(&in, &extensions) && read_client_extensions(extensions, hello);
}

static bool read_server_hello(struct cursor in, struct tls_server_hello *hello)
{
	hello->version = cursor_be16(&in);
	cursor_skip(&in, RANDOM_LEN);
	uint8_t session_id_len = cursor_u8(&in);

	cursor_skip(&in, session_id_len);
	hello->cipher = cursor_be16(&in);
	cursor_skip(&in, 1); /* compression */
	struct cursor extensions;

	if (!cursor_ok(&in) || session_id_len > SESSION_ID_MAX)
		return false;
	if (!take_extensions(&in, &extensions))
		return false;
	while (cursor_left(&extensions) > 0) {
		uint16_t type = cursor_be16(&extensions);
		struct cursor value = cursor_sub(&extensions, cursor_be16(&extensions));

		if (type == EXTENSION_VERSIONS)
			hello->version = cursor_be16(&value);
		if (!cursor_ok(&extensions) || !cursor_ok(&value))
			return false;
	}
	return true;
}

enum dissect dissect_tls_client_hello(struct cursor stream, struct tls_scratch *scratch,
				      struct tls_client_hello *out)
{
	struct tls_client_hello hello = { 0 };
	struct cursor body;
	enum dissect got = find_message(stream, CLIENT_HELLO, scratch, &body);

	if (got != DISSECT_OK)
		return got;
	if (!read_client_hello(body, &hello))
		return DISSECT_MALFORMED;

	*out = hello;
	return DISSECT_OK;
}

enum dissect dissect_tls_server_hello(struct cursor stream, struct tls_scratch *scratch,
				      struct tls_server_hello *out)
{
	struct tls_server_hello hello = { 0 };
	struct cursor body;
	enum dissect got = find_message(stream, SERVER_HELLO, scratch, &body);

	if (got != DISSECT_OK)
		return got;
	if (!read_server_hello(body, &hello))
		return DISSECT_MALFORMED;

	*out = hello;
	return DISSECT_OK;
}
