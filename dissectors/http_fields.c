#include "dissectors/http_fields.h"

#include "dissectors/line.h"

struct field_name {
	const char *text;
	size_t len;
};

/* In lower case. */
#define NAME(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct field_name names[HTTP_FIELD_COUNT] = {
	[HTTP_FIELD_HOST] = NAME("host"),
	[HTTP_FIELD_SERVER] = NAME("server"),
	[HTTP_FIELD_COOKIE] = NAME("cookie"),
	[HTTP_FIELD_EXPECT] = NAME("expect"),
	[HTTP_FIELD_REFERER] = NAME("referer"),
	[HTTP_FIELD_UPGRADE] = NAME("upgrade"),
	[HTTP_FIELD_LOCATION] = NAME("location"),
	[HTTP_FIELD_USER_AGENT] = NAME("user-agent"),
	[HTTP_FIELD_CONNECTION] = NAME("connection"),
	[HTTP_FIELD_SET_COOKIE] = NAME("set-cookie"),
	[HTTP_FIELD_CONTENT_TYPE] = NAME("content-type"),
	[HTTP_FIELD_AUTHORIZATION] = NAME("authorization"),
	[HTTP_FIELD_CONTENT_LENGTH] = NAME("content-length"),
	[HTTP_FIELD_ACCEPT_LANGUAGE] = NAME("accept-language"),
	[HTTP_FIELD_ACCEPT_ENCODING] = NAME("accept-encoding"),
	[HTTP_FIELD_FORWARDED_FOR] = NAME("x-forwarded-for"),
	[HTTP_FIELD_CONTENT_ENCODING] = NAME("content-encoding"),
	[HTTP_FIELD_WWW_AUTHENTICATE] = NAME("www-authenticate"),
	[HTTP_FIELD_TRANSFER_ENCODING] = NAME("transfer-encoding"),
	[HTTP_FIELD_PROXY_AUTHENTICATE] = NAME("proxy-authenticate"),
	[HTTP_FIELD_PROXY_AUTHORIZATION] = NAME("proxy-authorization"),
	[HTTP_FIELD_CONTENT_DISPOSITION] = NAME("content-disposition"),
};

struct scheme_name {
	const char *text;
	enum http_auth_scheme scheme;
};

static const struct scheme_name schemes[] = {
	{ "basic", HTTP_AUTH_BASIC },         { "digest", HTTP_AUTH_DIGEST },
	{ "ntlm", HTTP_AUTH_NTLM },           { "bearer", HTTP_AUTH_BEARER },
	{ "negotiate", HTTP_AUTH_NEGOTIATE },
};

/* Most lines are none of ours, and their length says so. */
static enum http_field find_field(struct span name)
{
	for (size_t i = 0; i < HTTP_FIELD_COUNT && names[i].len <= name.len; i++) {
		if (name.len == names[i].len && span_begins(name, names[i].text))
			return (enum http_field)i;
	}
	return HTTP_FIELD_COUNT;
}

static enum http_auth_scheme find_scheme(struct span word)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (span_is(word, schemes[i].text))
			return schemes[i].scheme;
	}
	return HTTP_AUTH_OTHER;
}

static struct span trim_folded(struct span value)
{
	value = span_trim(value);
	while (value.len > 0 && value.data[0] == '\n') {
		(void)span_until(&value, '\n');
		value = span_trim(value);
	}
	return value;
}

static void keep_auth(struct http_auth *auth, struct span value)
{
	struct span word = span_word(&value);
	enum http_auth_scheme scheme = find_scheme(word);

	if (word.len == 0)
		return;
	if (auth->credentials.len == 0 ||
	    (value.len > 0 && (scheme == HTTP_AUTH_NTLM || scheme == HTTP_AUTH_NEGOTIATE)))
		auth->credentials = value;
	auth->schemes |= (uint8_t)scheme;
}

/* Up to a comma that stands outside of quotes. */
static struct span take_element(struct span *list)
{
	struct cursor in = { .rest = *list };
	struct cursor whole = in;
	bool is_quoted = false;

	while (cursor_left(&in) > 0) {
		size_t len = cursor_offset(&in, &whole);
		uint8_t byte = cursor_u8(&in);

		if (byte == '"')
			is_quoted = !is_quoted;
		if (byte == ',' && !is_quoted) {
			*list = in.rest;
			return span_trim(cursor_take(&whole, len));
		}
	}
	*list = (struct span){ 0 };
	return span_trim(whole.rest);
}

/* A parameter, "realm=…", belongs to the challenge before it; base64 ends in '=' but has a blank.
 */
static bool is_parameter(struct span element)
{
	struct span word = element;

	word = span_word(&word);
	return word.len > 0 && memchr(word.data, '=', word.len) != NULL;
}

static void keep_challenges(struct http_auth *auth, struct span list)
{
	while (list.len > 0) {
		struct span element = take_element(&list);

		if (!is_parameter(element))
			keep_auth(auth, element);
	}
}

static void keep_connection(struct http_fields *fields, struct span list)
{
	while (list.len > 0) {
		struct span option = take_element(&list);

		fields->has_close |= span_is(option, "close");
		fields->has_keep_alive |= span_is(option, "keep-alive");
		fields->has_upgrade |= span_is(option, "upgrade");
	}
}

static void keep_codings(struct http_fields *fields, struct span list)
{
	while (list.len > 0) {
		struct span coding = take_element(&list);

		fields->has_transfer_encoding |= coding.len > 0;
		fields->is_chunked |= span_is(coding, "chunked");
	}
}

static bool is_same(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static void keep_value(struct http_fields *fields, enum http_field field, struct span value)
{
	if (!fields->values[field].data)
		fields->values[field] = value;
	else if (field == HTTP_FIELD_HOST || field == HTTP_FIELD_CONTENT_LENGTH)
		fields->are_at_odds |= !is_same(fields->values[field], value);
}

static void keep_field(struct http_fields *fields, struct span line)
{
	struct cursor in = { .rest = line };
	struct span name = cursor_take_until(&in, ':');

	if (!cursor_ok(&in))
		return;

	enum http_field field = find_field(name);

	if (field == HTTP_FIELD_COUNT)
		return;

	struct span value = trim_folded(in.rest);

	keep_value(fields, field, value);
	if (field == HTTP_FIELD_CONNECTION)
		keep_connection(fields, value);
	else if (field == HTTP_FIELD_TRANSFER_ENCODING)
		keep_codings(fields, value);
	else if (field == HTTP_FIELD_AUTHORIZATION)
		keep_auth(&fields->auth, value);
	else if (field == HTTP_FIELD_PROXY_AUTHORIZATION)
		keep_auth(&fields->proxy_auth, value);
	else if (field == HTTP_FIELD_WWW_AUTHENTICATE)
		keep_challenges(&fields->auth, value);
	else if (field == HTTP_FIELD_PROXY_AUTHENTICATE)
		keep_challenges(&fields->proxy_auth, value);
}

static bool is_folded(struct cursor next)
{
	uint8_t byte = cursor_u8(&next);

	return byte == ' ' || byte == '\t';
}

/* A line and those folded behind it, without the last line end. */
static struct span take_field_line(struct cursor *in)
{
	struct cursor start = *in;
	size_t len;

	do {
		(void)cursor_take_until(in, '\n');
		len = cursor_offset(in, &start);
	} while (cursor_ok(in) && len > sizeof("\r\n") - 1 && is_folded(*in));
	if (!cursor_ok(in))
		return (struct span){ 0 };

	struct span line = cursor_take(&start, len - 1);

	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

void http_fields_read(struct cursor *in, struct http_fields *fields)
{
	*fields = (struct http_fields){ .are_kept = true };
	for (size_t lines = 0; cursor_left(in) > 0; lines++) {
		struct span line = take_field_line(in);

		if (!cursor_ok(in))
			return;
		if (line.len == 0) {
			fields->are_whole = true;
			return;
		}
		if (lines < HTTP_FIELDS_MAX)
			keep_field(fields, line);
		else
			fields->are_kept = false;
	}
}
