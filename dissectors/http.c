#include "dissectors/http.h"

struct word {
	const char *text;
	size_t len;
};

#define WORD(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

/* With the space that ends each, so that PUT is not found in PUTTY. */
static const struct word methods[] = {
	[HTTP_GET] = WORD("GET "),
	[HTTP_HEAD] = WORD("HEAD "),
	[HTTP_POST] = WORD("POST "),
	[HTTP_PUT] = WORD("PUT "),
	[HTTP_DELETE] = WORD("DELETE "),
	[HTTP_CONNECT] = WORD("CONNECT "),
	[HTTP_OPTIONS] = WORD("OPTIONS "),
	[HTTP_TRACE] = WORD("TRACE "),
	[HTTP_PATCH] = WORD("PATCH "),
	[HTTP_PROPFIND] = WORD("PROPFIND "),
	[HTTP_PROPPATCH] = WORD("PROPPATCH "),
	[HTTP_MKCOL] = WORD("MKCOL "),
	[HTTP_COPY] = WORD("COPY "),
	[HTTP_MOVE] = WORD("MOVE "),
	[HTTP_LOCK] = WORD("LOCK "),
	[HTTP_UNLOCK] = WORD("UNLOCK "),
	[HTTP_REPORT] = WORD("REPORT "),
	[HTTP_SEARCH] = WORD("SEARCH "),
	[HTTP_SUBSCRIBE] = WORD("SUBSCRIBE "),
	[HTTP_UNSUBSCRIBE] = WORD("UNSUBSCRIBE "),
	[HTTP_NOTIFY] = WORD("NOTIFY "),
	[HTTP_M_SEARCH] = WORD("M-SEARCH "),
	[HTTP_BITS_POST] = WORD("BITS_POST "),
	[HTTP_RPC_IN_DATA] = WORD("RPC_IN_DATA "),
	[HTTP_RPC_OUT_DATA] = WORD("RPC_OUT_DATA "),
};

static const struct word version_prefix = WORD("HTTP/1.");

/* All the fields that either kind of head is read for. */
struct fields {
	struct span host;
	struct span user_agent;
	struct span content_type;
	struct span server;
	struct span content_length;
	bool are_truncated;
};

/* DISSECT_TRUNCATED when `in` ends before it differs. On DISSECT_OK the word is eaten. */
static enum dissect read_word(struct cursor *in, const struct word *word)
{
	struct cursor ahead = *in;
	struct span start = cursor_take_up_to(&ahead, word->len);

	if (start.len > 0 && memcmp(start.data, word->text, start.len) != 0)
		return DISSECT_OTHER;
	if (start.len < word->len)
		return DISSECT_TRUNCATED;
	*in = ahead;
	return DISSECT_OK;
}

static enum dissect read_method(struct cursor *in, enum http_method *out)
{
	enum dissect got = DISSECT_OTHER;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		enum dissect this_one = read_word(in, &methods[i]);

		if (this_one == DISSECT_OK) {
			*out = (enum http_method)i;
			return DISSECT_OK;
		}
		if (this_one == DISSECT_TRUNCATED)
			got = DISSECT_TRUNCATED;
	}
	return got;
}

/* The digit behind the version's dot. */
static bool read_minor_version(struct cursor *in, uint8_t *out)
{
	uint8_t digit = cursor_u8(in);

	if (digit < '0' || digit > '9')
		return false;
	*out = (uint8_t)(digit - '0');
	return true;
}

/* Up to the line feed, which may come without its carriage return (RFC 9112 2.2). */
static struct span read_line(struct cursor *in)
{
	struct span line = cursor_take_until(in, '\n');

	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* `wanted` is in lower case. Not strncasecmp: what it equates depends on the locale. */
static bool is_named(struct span name, const char *wanted)
{
	if (name.len != strlen(wanted))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t byte = name.data[i];

		if (byte >= 'A' && byte <= 'Z')
			byte = (uint8_t)(byte - 'A' + 'a');
		if (byte != (uint8_t)wanted[i])
			return false;
	}
	return true;
}

/* Where a field of that name is kept; NULL when it is not. */
static struct span *find_field(struct fields *fields, struct span name)
{
	if (is_named(name, "host"))
		return &fields->host;
	if (is_named(name, "user-agent"))
		return &fields->user_agent;
	if (is_named(name, "content-type"))
		return &fields->content_type;
	if (is_named(name, "content-length"))
		return &fields->content_length;
	if (is_named(name, "server"))
		return &fields->server;
	return NULL;
}

static void keep_field(struct fields *fields, struct span line)
{
	struct cursor in = { .rest = line };
	struct span name = cursor_take_until(&in, ':');
	struct span *place = find_field(fields, name);

	if (place && !place->data)
		*place = span_trim(in.rest);
}

/* Up to the empty line that ends a head. */
static struct fields read_fields(struct cursor *in)
{
	struct fields fields = { 0 };

	for (int i = 0; i <= HTTP_FIELDS_MAX; i++) {
		struct span line = read_line(in);

		if (!cursor_ok(in))
			break;
		if (line.len == 0)
			return fields;
		if (i < HTTP_FIELDS_MAX)
			keep_field(&fields, line);
	}
	fields.are_truncated = true;
	return fields;
}

static bool read_decimal(struct span digits, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.len; i++) {
		uint8_t digit = (uint8_t)(digits.data[i] - '0');

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return digits.len > 0;
}

/* "target HTTP/1.d"; the target may hold spaces that it should not. */
static enum dissect read_target(struct cursor *in, struct http_request *msg)
{
	struct cursor line = { .rest = read_line(in) };
	const size_t version_len = version_prefix.len + 1;

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (cursor_left(&line) < version_len + 2)
		return DISSECT_OTHER;

	struct span target = cursor_take(&line, cursor_left(&line) - version_len - 1);

	if (cursor_u8(&line) != ' ' || read_word(&line, &version_prefix) != DISSECT_OK)
		return DISSECT_OTHER;
	if (!read_minor_version(&line, &msg->minor_version))
		return DISSECT_OTHER;
	msg->target = span_trim(target);
	return msg->target.len > 0 ? DISSECT_OK : DISSECT_OTHER;
}

enum dissect dissect_http_request(struct cursor in, struct http_request *out)
{
	struct http_request msg = { 0 };
	enum dissect got = read_method(&in, &msg.method);

	if (got != DISSECT_OK)
		return got;
	got = read_target(&in, &msg);
	if (got != DISSECT_OK)
		return got;

	struct fields fields = read_fields(&in);

	msg.host = fields.host;
	msg.user_agent = fields.user_agent;
	msg.has_content_length = read_decimal(fields.content_length, &msg.content_length);
	msg.headers_truncated = fields.are_truncated;

	*out = msg;
	return DISSECT_OK;
}

/* "d ddd", then a space or the end of the line. */
static enum dissect read_status(struct cursor *in, struct http_response *msg)
{
	struct cursor line = { .rest = read_line(in) };
	uint64_t status = 0;

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (!read_minor_version(&line, &msg->minor_version) || cursor_u8(&line) != ' ')
		return DISSECT_OTHER;
	if (!read_decimal(cursor_take(&line, 3), &status) || status < 100)
		return DISSECT_OTHER;
	if (cursor_left(&line) > 0 && cursor_u8(&line) != ' ')
		return DISSECT_OTHER;
	msg->status = (uint16_t)status;
	return DISSECT_OK;
}

enum dissect dissect_http_response(struct cursor in, struct http_response *out)
{
	struct http_response msg = { 0 };
	enum dissect got = read_word(&in, &version_prefix);

	if (got != DISSECT_OK)
		return got;
	got = read_status(&in, &msg);
	if (got != DISSECT_OK)
		return got;

	struct fields fields = read_fields(&in);

	msg.content_type = fields.content_type;
	msg.server = fields.server;
	msg.has_content_length = read_decimal(fields.content_length, &msg.content_length);
	msg.headers_truncated = fields.are_truncated;

	*out = msg;
	return DISSECT_OK;
}
