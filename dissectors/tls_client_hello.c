#include "dissectors/tls_client_hello.h"

enum {
	SESSION_ID_MAX = 32,
	SNI_HOST_NAME = 0,
	ECH_OUTER = 0,
	ECH_CIPHER_SUITE_LEN = 4, /* KDF and AEAD */
};

/* Of 16-bit values, those that are not GREASE. */
static uint16_t count_values(struct cursor list)
{
	uint16_t count = 0;

	while (cursor_left(&list) > 1)
		if (!tls_is_grease(cursor_be16(&list)))
			count++;
	return count;
}

static bool has_half(struct span list)
{
	return list.len % sizeof(uint16_t) != 0;
}

/* The first host name; a name of another type only when there is none. One name is allowed. */
static void read_sni(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor names = tls_list_be16(value, &hello->is_damaged);
	bool is_host = false;

	hello->has_sni = true;
	hello->is_damaged |= cursor_left(&names) == 0;
	while (cursor_left(&names) > 0) {
		uint8_t type = cursor_u8(&names);
		struct span name = cursor_take(&names, cursor_be16(&names));

		if (!cursor_ok(&names))
			break;
		if (hello->sni_count == 0 || (!is_host && type == SNI_HOST_NAME))
			hello->sni = name;
		is_host |= type == SNI_HOST_NAME;
		hello->is_damaged |= name.len == 0 || type != SNI_HOST_NAME || hello->sni_count > 0;
		hello->sni_count++;
	}
	hello->is_damaged |= !cursor_ok(&names);
}

static void read_alpn(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor protocols = tls_list_be16(value, &hello->is_damaged);

	hello->has_alpn = true;
	hello->alpn_protocols = protocols.rest;
	hello->alpn = cursor_take(&protocols, cursor_u8(&protocols));
	while (cursor_left(&protocols) > 0)
		cursor_skip(&protocols, cursor_u8(&protocols));
	hello->is_damaged |= !cursor_ok(&protocols);
}

/* DTLS counts its versions downwards (RFC 6347 4.1). */
static void read_versions(struct cursor value, bool is_dtls, struct tls_client_hello *hello)
{
	struct cursor versions = tls_list_u8(value, &hello->is_damaged);

	hello->versions = versions.rest;
	hello->is_damaged |= has_half(versions.rest);
	while (cursor_left(&versions) > 1) {
		uint16_t version = cursor_be16(&versions);
		bool is_higher = is_dtls ? version < hello->highest_version
					 : version > hello->highest_version;

		if (!tls_is_grease(version) && (is_higher || hello->highest_version == 0))
			hello->highest_version = version;
	}
}

static void read_key_shares(struct cursor value, struct tls_client_hello *hello)
{
	struct cursor shares = tls_list_be16(value, &hello->is_damaged);

	while (cursor_left(&shares) > 0) {
		uint16_t group = cursor_be16(&shares);

		cursor_skip(&shares, cursor_be16(&shares));
		if (cursor_ok(&shares) && hello->key_share_count < TLS_KEY_SHARES_MAX)
			hello->key_share_groups[hello->key_share_count++] = group;
	}
	hello->is_damaged |= !cursor_ok(&shares);
}

static void read_ech(struct cursor value, struct tls_client_hello *hello)
{
	hello->has_ech = true;
	hello->is_ech_inner = cursor_u8(&value) != ECH_OUTER;
	if (!hello->is_ech_inner) {
		cursor_skip(&value, ECH_CIPHER_SUITE_LEN);
		hello->ech_config_id = cursor_u8(&value);
	}
	hello->is_damaged |= !cursor_ok(&value);
}

/* A list of 16-bit values behind 16 bits of length. */
static struct span read_values(struct cursor value, struct tls_client_hello *hello)
{
	struct span values = tls_list_be16(value, &hello->is_damaged).rest;

	hello->is_damaged |= has_half(values);
	return values;
}

static void read_extension(const struct tls_extension *extension, bool is_dtls,
			   struct tls_client_hello *hello)
{
	switch (extension->type) {
	case TLS_EXTENSION_SERVER_NAME:
		read_sni(extension->value, hello);
		break;
	case TLS_EXTENSION_SUPPORTED_GROUPS:
		hello->groups = read_values(extension->value, hello);
		break;
	case TLS_EXTENSION_POINT_FORMATS:
		hello->point_formats = tls_list_u8(extension->value, &hello->is_damaged).rest;
		break;
	case TLS_EXTENSION_SIGNATURE_ALGORITHMS:
		hello->signature_algorithms = read_values(extension->value, hello);
		break;
	case TLS_EXTENSION_ALPN:
		read_alpn(extension->value, hello);
		break;
	case TLS_EXTENSION_SESSION_TICKET:
		hello->has_session_ticket = cursor_left(&extension->value) > 0;
		break;
	case TLS_EXTENSION_PRE_SHARED_KEY:
		hello->has_psk = true;
		break;
	case TLS_EXTENSION_SUPPORTED_VERSIONS:
		read_versions(extension->value, is_dtls, hello);
		break;
	case TLS_EXTENSION_KEY_SHARE:
		read_key_shares(extension->value, hello);
		break;
	case TLS_EXTENSION_ECH:
		read_ech(extension->value, hello);
		break;
	default: /* only its type says something */
		break;
	}
}

/* Of a repeated extension, which is forbidden, the first one counts, as everywhere. */
static bool is_first(uint16_t type, uint64_t *seen)
{
	enum { ECH_BIT = 63 };
	unsigned bit = type == TLS_EXTENSION_ECH ? ECH_BIT : type;

	if (bit > ECH_BIT)
		return true; /* not one that is read */
	if ((*seen >> bit & 1) != 0)
		return false;
	*seen |= UINT64_C(1) << bit;
	return true;
}

static void keep_extension(uint16_t type, struct tls_client_hello *hello)
{
	if (!tls_is_grease(type))
		hello->extension_count++;
	if (hello->extensions_kept < TLS_EXTENSIONS_MAX)
		hello->extensions[hello->extensions_kept++] = type;
	else
		hello->is_extensions_cut = true;
}

static void read_extensions(struct cursor in, bool is_dtls, struct tls_client_hello *hello)
{
	struct tls_extension extension;
	uint64_t seen = 0;

	while (tls_extension_next(&in, &extension)) {
		bool is_sound = is_first(extension.type, &seen) && !extension.is_cut;

		keep_extension(extension.type, hello);
		if (is_sound)
			read_extension(&extension, is_dtls, hello);
		hello->is_damaged |= !is_sound;
	}
	hello->is_damaged |= !cursor_ok(&in);
}

enum dissect tls_read_client_hello(struct cursor body, bool is_dtls, struct tls_client_hello *out)
{
	struct tls_client_hello hello = { .legacy_version = cursor_be16(&body) };

	hello.random = cursor_take(&body, TLS_RANDOM_LEN);
	hello.session_id = cursor_take(&body, cursor_u8(&body));
	if (is_dtls)
		hello.cookie = cursor_take(&body, cursor_u8(&body));
	hello.ciphers = cursor_take(&body, cursor_be16(&body));
	uint8_t compression_len = cursor_u8(&body);

	cursor_skip(&body, compression_len);
	if (!cursor_ok(&body))
		return DISSECT_MALFORMED;

	hello.is_damaged = hello.session_id.len > SESSION_ID_MAX || compression_len == 0 ||
			   hello.ciphers.len == 0 || has_half(hello.ciphers);
	hello.cipher_count = count_values((struct cursor){ .rest = hello.ciphers });
	read_extensions(tls_extensions_take(&body, &hello.is_damaged), is_dtls, &hello);

	*out = hello;
	return DISSECT_OK;
}
