#include "sensor/base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

enum { DEPTH_MAX = sizeof(((struct json *)0)->has_members) / sizeof(bool) };

struct json json_to(FILE *out)
{
	return (struct json){ .out = out };
}

/* How many bytes the well-formed UTF-8 character at `s` has; 0 when it is not one (RFC 3629). */
static size_t utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max;
		size_t length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] < forms[i].first_min || s[0] > forms[i].first_max)
			continue;
		if (s[1] < forms[i].second_min || s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

static void put_string(FILE *out, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	(void)fputc('"', out);
	while (*s) {
		size_t len = utf8_length(s);

		if (len == 0)
			(void)fputs("\xef\xbf\xbd", out);
		else if (*s == '"' || *s == '\\')
			(void)fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			(void)fprintf(out, "\\u%04x", *s);
		else
			(void)fwrite(s, 1, len, out);
		s += len > 0 ? len : 1;
	}
	(void)fputc('"', out);
}

static void begin_member(struct json *j, const char *name)
{
	if (j->has_members[j->depth])
		(void)fputc(',', j->out);
	j->has_members[j->depth] = true;
	if (name) {
		put_string(j->out, name);
		(void)fputc(':', j->out);
	}
}

static void open_level(struct json *j, const char *name, char bracket)
{
	begin_member(j, name);
	(void)fputc(bracket, j->out);
	j->depth++;
	assert(j->depth < DEPTH_MAX);
	j->has_members[j->depth] = false;
}

static void close_level(struct json *j, char bracket)
{
	assert(j->depth > 0);
	j->depth--;
	(void)fputc(bracket, j->out);
}

void json_object_begin(struct json *j, const char *name)
{
	open_level(j, name, '{');
}

void json_object_end(struct json *j)
{
	close_level(j, '}');
}

void json_array_begin(struct json *j, const char *name)
{
	open_level(j, name, '[');
}

void json_array_end(struct json *j)
{
	close_level(j, ']');
}

void json_string(struct json *j, const char *name, const char *value)
{
	begin_member(j, name);
	put_string(j->out, value);
}

void json_uint(struct json *j, const char *name, uint64_t value)
{
	begin_member(j, name);
	(void)fprintf(j->out, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *name, bool value)
{
	begin_member(j, name);
	(void)fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j, const char *name)
{
	begin_member(j, name);
	(void)fputs("null", j->out);
}

void json_decimal(struct json *j, const char *name, double value)
{
	char text[64];

	if (!isfinite(value)) {
		json_null(j, name);
		return;
	}
	begin_member(j, name);
	if (fabs(value) < 0.0005)
		value = 0; /* never "-0" */
	int len = snprintf(text, sizeof(text), "%.3f", value);

	if (len < 0 || (size_t)len >= sizeof(text)) {
		(void)fprintf(j->out, "%.15g", value);
		return;
	}
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	(void)fputs(text, j->out);
}

void json_time(struct json *j, const char *name, nanotime value)
{
	char text[NANOTIME_TEXT_LEN];

	nanotime_text(value, text);
	json_string(j, name, text);
}

void json_address(struct json *j, const char *name, const struct address *value)
{
	char text[ADDRESS_TEXT_LEN];

	address_text(value, text);
	json_string(j, name, text);
}

void json_line_end(struct json *j)
{
	assert(j->depth == 0);
	(void)fputc('\n', j->out);
	j->has_members[0] = false;
}
