#include "sensor/hello/ja3.h"

#include "sensor/base/digits.h"

#include <assert.h>

/* `out` stands behind a list's begin, where no dash belongs. */
static char *put_value(char *out, const char *begin, uint16_t value)
{
	if (out != begin)
		*out++ = '-';
	return digits_uint(out, value);
}

static char *put_list(char *out, struct span values)
{
	struct cursor list = { .rest = values };
	const char *begin = out;

	for (int i = 0; i < FINGERPRINT_VALUES_MAX && cursor_left(&list) >= sizeof(uint16_t); i++) {
		uint16_t value = cursor_be16(&list);

		if (!tls_is_grease(value))
			out = put_value(out, begin, value);
	}
	return out;
}

static char *put_extensions(char *out, const struct tls_client_hello *hello)
{
	const char *begin = out;

	for (size_t i = 0; i < hello->extensions_kept; i++)
		if (!tls_is_grease(hello->extensions[i]))
			out = put_value(out, begin, hello->extensions[i]);
	return out;
}

static char *put_point_formats(char *out, struct span formats)
{
	struct cursor list = { .rest = formats };
	const char *begin = out;

	for (int i = 0; i < UINT8_MAX && cursor_left(&list) > 0; i++)
		out = put_value(out, begin, cursor_u8(&list));
	return out;
}

void ja3_of(const struct tls_client_hello *hello, struct fingerprint_scratch *scratch,
	    struct ja3 *out)
{
	char *end = digits_uint(scratch->text, hello->legacy_version);

	*end++ = ',';
	end = put_list(end, hello->ciphers);
	*end++ = ',';
	end = put_extensions(end, hello);
	*end++ = ',';
	end = put_list(end, hello->groups);
	*end++ = ',';
	end = put_point_formats(end, hello->point_formats);
	assert(end <= scratch->text + sizeof(scratch->text));

	out->text = (struct span){ (const uint8_t *)scratch->text, (size_t)(end - scratch->text) };
	fingerprint_md5(&out->text, 1, 0, out->md5);
}
