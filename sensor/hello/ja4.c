#include "sensor/hello/ja4.h"

#include "sensor/base/digits.h"

#include <assert.h>

enum { COUNT_MAX = 99 };

static const char no_digest[FINGERPRINT_SHA256_CUT + 1] = "000000000000";

static char *put_version(char *out, uint16_t version)
{
	static const struct {
		uint16_t version;
		char name[2];
	} rows[] = {
		{ 0x0304, { '1', '3' } }, { 0x0303, { '1', '2' } }, { 0x0302, { '1', '1' } },
		{ 0x0301, { '1', '0' } }, { 0x0300, { 's', '3' } }, { 0x0002, { 's', '2' } },
		{ 0xfeff, { 'd', '1' } }, { 0xfefd, { 'd', '2' } }, { 0xfefc, { 'd', '3' } },
	};
	const char *name = "00";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].version == version)
			name = rows[i].name;
	*out++ = name[0];
	*out++ = name[1];
	return out;
}

static char *put_count(char *out, unsigned count)
{
	return digits_two(out, count < COUNT_MAX ? count : COUNT_MAX);
}

/* What stands for a byte of ALPN; 0 where none can. */
static char character_of(uint8_t byte)
{
	if (byte > INT8_MAX)
		return '9';
	if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= 'a' && byte <= 'z'))
		return (char)byte;
	return '\0';
}

/*
 * The first and the last character of the first protocol. Where one of them is no letter or digit
 * the definition's later wording gives digits of the bytes; its own tables of fingerprints have '9'
 * for bytes beyond ASCII, and we are held to those.
 */
static char *put_alpn(char *out, struct span alpn)
{
	uint8_t first = alpn.len > 0 ? alpn.data[0] : '0';
	uint8_t last = alpn.len > 0 ? alpn.data[alpn.len - 1] : '0';
	char digits[4] = { character_of(first), 0, 0, character_of(last) };

	if (digits[0] == '\0' || digits[3] == '\0')
		(void)digits_hex_byte(digits_hex_byte(digits, first), last);
	*out++ = digits[0];
	*out++ = digits[3];
	return out;
}

static char *put_head(char *out, const struct tls_client_hello *hello, enum ja4_transport transport)
{
	*out++ = (char)transport;
	out = put_version(out, hello->highest_version != 0 ? hello->highest_version
							   : hello->legacy_version);
	*out++ = hello->has_sni ? 'd' : 'i';
	out = put_count(out, hello->cipher_count);
	out = put_count(out, hello->extension_count);
	return put_alpn(out, hello->alpn);
}

static void sift_down(uint16_t *values, size_t root, size_t count)
{
	for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
		uint16_t held = values[root];

		if (child + 1 < count && values[child] < values[child + 1])
			child++;
		if (held >= values[child])
			return;
		values[root] = values[child];
		values[child] = held;
		root = child;
	}
}

/* A heap sort: libc's qsort may take memory, and a simpler one would let a long list cost much. */
static void sort(uint16_t *values, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift_down(values, i - 1, count);
	for (size_t end = count; end > 1; end--) {
		uint16_t highest = values[0];

		values[0] = values[end - 1];
		values[end - 1] = highest;
		sift_down(values, 0, end - 1);
	}
}

static char *put_values(char *out, const uint16_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*out++ = ',';
		out = digits_hex_byte(out, (uint8_t)(values[i] >> 8));
		out = digits_hex_byte(out, (uint8_t)values[i]);
	}
	return out;
}

static size_t take_list(struct span list, uint16_t *values)
{
	struct cursor in = { .rest = list };
	size_t count = 0;

	while (count < FINGERPRINT_VALUES_MAX && cursor_left(&in) >= sizeof(uint16_t)) {
		uint16_t value = cursor_be16(&in);

		if (!tls_is_grease(value))
			values[count++] = value;
	}
	return count;
}

/* SNI and ALPN are in the head already. */
static size_t take_extensions(const struct tls_client_hello *hello, uint16_t *values)
{
	size_t count = 0;

	for (size_t i = 0; i < hello->extensions_kept; i++) {
		uint16_t type = hello->extensions[i];

		if (!tls_is_grease(type) && type != TLS_EXTENSION_SERVER_NAME &&
		    type != TLS_EXTENSION_ALPN)
			values[count++] = type;
	}
	return count;
}

/* Text of the scratch from `begin` to `end`. */
static struct span span_between(const char *begin, const char *end)
{
	return (struct span){ (const uint8_t *)begin, (size_t)(end - begin) };
}

static char *put_digest(char *out, struct span list, struct fingerprint_scratch *scratch)
{
	*out++ = '_';
	if (list.len == 0)
		memcpy(out, no_digest, FINGERPRINT_SHA256_CUT);
	else
		fingerprint_sha256_kept(scratch, list, out);
	return out + FINGERPRINT_SHA256_CUT;
}

void ja4_of(const struct tls_client_hello *hello, enum ja4_transport transport,
	    struct fingerprint_scratch *scratch, struct ja4 *out)
{
	char *end = put_head(scratch->text, hello, transport);
	size_t head_len = (size_t)(end - scratch->text);
	size_t count = take_list(hello->ciphers, scratch->values);

	*end++ = '_';
	const char *begin = end;

	sort(scratch->values, count);
	end = put_values(end, scratch->values, count);
	struct span ciphers = span_between(begin, end);

	*end++ = '_';
	begin = end;
	count = take_extensions(hello, scratch->values);
	sort(scratch->values, count);
	end = put_values(end, scratch->values, count);
	count = take_list(hello->signature_algorithms, scratch->values);
	if (count > 0) {
		*end++ = '_';
		end = put_values(end, scratch->values, count);
	}
	struct span extensions = span_between(begin, end);

	assert(end <= scratch->text + sizeof(scratch->text));
	out->raw = span_between(scratch->text, end);
	memcpy(out->text, scratch->text, head_len);
	end = put_digest(out->text + head_len, ciphers, scratch);
	end = put_digest(end, extensions, scratch);
	*end = '\0';
}
