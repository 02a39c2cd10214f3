/* Extensions of TLS hellos (RFC 8446 4.2, registry of RFC 8447; RFC 8701 GREASE). */
/*
 * What client's and server's hello share: how extensions follow one another. An extension that
 * says it is longer than what is left gets what is left, because its type still counts.
 */
#pragma once

#include "dissectors/cursor.h"

enum { TLS_EXTENSIONS_MAX = 128 };

enum tls_extension_type {
	TLS_EXTENSION_SERVER_NAME = 0,
	TLS_EXTENSION_SUPPORTED_GROUPS = 10,
	TLS_EXTENSION_POINT_FORMATS = 11,
	TLS_EXTENSION_SIGNATURE_ALGORITHMS = 13,
	TLS_EXTENSION_ALPN = 16,
	TLS_EXTENSION_SESSION_TICKET = 35,
	TLS_EXTENSION_PRE_SHARED_KEY = 41,
	TLS_EXTENSION_SUPPORTED_VERSIONS = 43,
	TLS_EXTENSION_KEY_SHARE = 51,
	TLS_EXTENSION_ECH = 0xfe0d,
};

struct tls_extension {
	uint16_t type;
	bool is_cut; /* its length is a lie */
	struct cursor value;
};

/* A value that clients send at random so that servers keep ignoring what they do not know. */
static inline bool tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/*
 * The extensions that end a hello, behind their length: none at all is the older form of TLS 1.2.
 * Of a length that lies `is_damaged` is set, and what there is, up to it, is taken.
 */
static inline struct cursor tls_extensions_take(struct cursor *in, bool *is_damaged)
{
	if (cursor_left(in) == 0)
		return (struct cursor){ 0 };

	uint16_t len = cursor_be16(in);

	*is_damaged |= !cursor_ok(in) || len != cursor_left(in);
	return (struct cursor){ .rest = cursor_take_up_to(in, len) };
}

/* The next extension; false at the end, and `in` has failed when fewer than four bytes are left. */
static inline bool tls_extension_next(struct cursor *in, struct tls_extension *out)
{
	if (cursor_left(in) == 0)
		return false;
	out->type = cursor_be16(in);
	uint16_t len = cursor_be16(in);

	out->is_cut = len > cursor_left(in);
	out->value = (struct cursor){ .rest = cursor_take_up_to(in, len) };
	return cursor_ok(in);
}

/*
 * The list that `value` should hold behind the length `len`, just read from it; what is behind it
 * is dropped, and said through `is_damaged` as is a list that is longer than its extension.
 */
static inline struct cursor tls_list(struct cursor value, size_t len, bool *is_damaged)
{
	struct cursor list = cursor_sub(&value, len);

	*is_damaged |= !cursor_ok(&value) || cursor_left(&value) > 0;
	return list;
}

static inline struct cursor tls_list_be16(struct cursor value, bool *is_damaged)
{
	uint16_t len = cursor_be16(&value);

	return tls_list(value, len, is_damaged);
}

static inline struct cursor tls_list_u8(struct cursor value, bool *is_damaged)
{
	uint8_t len = cursor_u8(&value);

	return tls_list(value, len, is_damaged);
}
