#include "dissectors/http.h"

#include "dissectors/line.h"

struct word {
	const char *text;
	size_t len;
};

#define WORD(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct word methods[] = {
	[HTTP_GET] = WORD("GET"),
	[HTTP_HEAD] = WORD("HEAD"),
	[HTTP_POST] = WORD("POST"),
	[HTTP_PUT] = WORD("PUT"),
	[HTTP_DELETE] = WORD("DELETE"),
	[HTTP_CONNECT] = WORD("CONNECT"),
	[HTTP_OPTIONS] = WORD("OPTIONS"),
	[HTTP_TRACE] = WORD("TRACE"),
	[HTTP_PATCH] = WORD("PATCH"),
	[HTTP_PROPFIND] = WORD("PROPFIND"),
	[HTTP_PROPPATCH] = WORD("PROPPATCH"),
	[HTTP_MKCOL] = WORD("MKCOL"),
	[HTTP_COPY] = WORD("COPY"),
	[HTTP_MOVE] = WORD("MOVE"),
	[HTTP_LOCK] = WORD("LOCK"),
	[HTTP_UNLOCK] = WORD("UNLOCK"),
	[HTTP_REPORT] = WORD("REPORT"),
	[HTTP_SEARCH] = WORD("SEARCH"),
	[HTTP_SUBSCRIBE] = WORD("SUBSCRIBE"),
	[HTTP_UNSUBSCRIBE] = WORD("UNSUBSCRIBE"),
	[HTTP_NOTIFY] = WORD("NOTIFY"),
	[HTTP_M_SEARCH] = WORD("M-SEARCH"),
	[HTTP_BITS_POST] = WORD("BITS_POST"),
	[HTTP_RPC_IN_DATA] = WORD("RPC_IN_DATA"),
	[HTTP_RPC_OUT_DATA] = WORD("RPC_OUT_DATA"),
};

enum {
	BLANK_LINES_MAX = 4,
	STATUS_DIGITS = 3,
	STATUS_MIN = 100,
	STATUS_SWITCHING = 101,
	STATUS_OK = 200,
	STATUS_NO_CONTENT = 204,
	STATUS_REDIRECT = 300,
	STATUS_NOT_MODIFIED = 304,
};

static enum http_method find_method(struct span name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (name.len == methods[i].len && memcmp(name.data, methods[i].text, name.len) == 0)
			return (enum http_method)i;
	}
	return HTTP_OTHER;
}

static enum dissect skip_blank_lines(struct cursor *in)
{
	for (int i = 0; i < BLANK_LINES_MAX; i++) {
		struct cursor ahead = *in;
		uint8_t byte = cursor_u8(&ahead);

		if (byte == '\r')
			byte = cursor_u8(&ahead);
		else if (byte != '\n')
			return DISSECT_OK;
		if (!cursor_ok(&ahead))
			return DISSECT_TRUNCATED;
		if (byte != '\n')
			return DISSECT_OTHER;
		*in = ahead;
	}
	return DISSECT_OK;
}

static bool is_method_byte(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_';
}

/* With the blank behind it. Names are of capital letters, as in no other text protocol's bodies. */
static enum dissect read_method(struct cursor *in, struct http_request *msg)
{
	enum dissect got = line_word(in, HTTP_METHOD_MAX, is_method_byte, &msg->method_name);

	if (got == DISSECT_OK)
		msg->method = find_method(msg->method_name);
	return got;
}

/* "HTTP/1." and the digit behind its dot, eaten. Some programs write it in lower case. */
static bool read_version(struct span *text, uint8_t *minor)
{
	uint64_t digit = 0;

	if (!span_eat(text, "http/1."))
		return false;

	struct cursor in = { .rest = *text };
	struct span number = cursor_take_up_to(&in, 1);

	if (!span_decimal(number, &digit))
		return false;
	*minor = (uint8_t)digit;
	*text = in.rest;
	return true;
}

/* "target HTTP/1.d"; the target may hold spaces that it should not. */
static enum dissect read_target(struct cursor *in, struct http_request *msg)
{
	const size_t version_len = sizeof("HTTP/1.1") - 1;
	struct span line = { 0 };
	enum dissect got = line_take(in, HTTP_LINE_MAX, &line);

	if (got != DISSECT_OK)
		return got;

	struct cursor rest = { .rest = span_trim(line) };

	if (cursor_left(&rest) < version_len + 2)
		return DISSECT_OTHER;

	struct span target = cursor_take(&rest, cursor_left(&rest) - version_len);
	struct span version = rest.rest;

	if (!read_version(&version, &msg->minor_version))
		return DISSECT_OTHER;
	if (target.len == 0 || target.data[target.len - 1] != ' ')
		return DISSECT_OTHER;
	msg->target = span_trim(target);
	return msg->target.len > 0 ? DISSECT_OK : DISSECT_OTHER;
}

/* What stands between "scheme://" and the path; empty for a target that is no whole URI. */
static struct span authority_of(struct span target)
{
	struct span rest = target;

	if (!span_eat(&rest, "http://") && !span_eat(&rest, "https://"))
		return (struct span){ 0 };
	rest = span_until(&rest, '/');
	rest = span_until(&rest, '?');

	struct span authority = rest;

	(void)span_until(&rest, '@');
	return rest.len > 0 ? rest : authority;
}

static void keep_host(struct http_request *msg, struct span field)
{
	msg->host = field;
	if (field.len > 0)
		return;
	if (msg->method == HTTP_CONNECT)
		msg->host = msg->target;
	else
		msg->host = authority_of(msg->target);
	msg->host_is_target = msg->host.len > 0;
}

static size_t head_len(const struct cursor *start, const struct cursor *in,
		       const struct http_fields *fields)
{
	return fields->are_whole ? cursor_offset(in, start) : 0;
}

static void keep_request(struct http_request *msg, const struct http_fields *fields)
{
	const struct span *values = fields->values;

	keep_host(msg, values[HTTP_FIELD_HOST]);
	msg->user_agent = values[HTTP_FIELD_USER_AGENT];
	msg->content_type = values[HTTP_FIELD_CONTENT_TYPE];
	msg->referer = values[HTTP_FIELD_REFERER];
	msg->accept_language = values[HTTP_FIELD_ACCEPT_LANGUAGE];
	msg->accept_encoding = values[HTTP_FIELD_ACCEPT_ENCODING];
	msg->expect = values[HTTP_FIELD_EXPECT];
	if (fields->has_upgrade)
		msg->upgrade = values[HTTP_FIELD_UPGRADE];
	msg->auth = fields->auth;
	msg->proxy_auth = fields->proxy_auth;
	msg->has_cookie = values[HTTP_FIELD_COOKIE].len > 0;
	msg->has_forwarded_for = values[HTTP_FIELD_FORWARDED_FOR].len > 0;
	msg->is_chunked = fields->is_chunked;
	msg->has_content_length =
		span_decimal(values[HTTP_FIELD_CONTENT_LENGTH], &msg->content_length);
	msg->is_ambiguous = fields->are_at_odds ||
			    (fields->is_chunked && values[HTTP_FIELD_CONTENT_LENGTH].len > 0);
	msg->headers_truncated = !fields->are_whole || !fields->are_kept;
}

enum dissect dissect_http_request(struct cursor in, struct http_request *out)
{
	const struct cursor start = in;
	struct http_request msg = { 0 };
	struct http_fields fields;
	enum dissect got = skip_blank_lines(&in);

	if (got == DISSECT_OK)
		got = read_method(&in, &msg);
	if (got == DISSECT_OK)
		got = read_target(&in, &msg);
	if (got != DISSECT_OK)
		return got;
	http_fields_read(&in, &fields);
	keep_request(&msg, &fields);
	msg.head_len = head_len(&start, &in, &fields);

	*out = msg;
	return DISSECT_OK;
}

enum dissect dissect_http_request_cut(struct cursor in, struct http_request *out)
{
	/* Its version is what everybody speaks, so long as nothing else is seen. */
	struct http_request msg = { .headers_truncated = true, .minor_version = 1 };
	enum dissect got = skip_blank_lines(&in);

	if (got == DISSECT_OK)
		got = read_method(&in, &msg);
	if (got != DISSECT_OK)
		return got;
	if (msg.method == HTTP_OTHER)
		return DISSECT_OTHER;
	if (cursor_left(&in) == 0)
		return DISSECT_TRUNCATED;
	if (memchr(in.rest.data, '\n', in.rest.len))
		return DISSECT_OTHER;
	msg.target = span_trim(span_until(&in.rest, ' '));
	if (msg.target.len == 0)
		return DISSECT_OTHER;

	*out = msg;
	return DISSECT_OK;
}

/* "HTTP/1.d ddd", then a space or the end of the line. */
static enum dissect read_status(struct cursor *in, struct http_response *msg)
{
	struct span line = { 0 };
	uint64_t status = 0;

	if (!span_may_become(in->rest, "http/1."))
		return DISSECT_OTHER;

	enum dissect got = line_take(in, HTTP_LINE_MAX, &line);

	if (got != DISSECT_OK)
		return got;
	if (!read_version(&line, &msg->minor_version) || !span_eat(&line, " "))
		return DISSECT_OTHER;

	struct span digits = span_until(&line, ' ');

	if (digits.len != STATUS_DIGITS || !span_decimal(digits, &status) || status < STATUS_MIN)
		return DISSECT_OTHER;
	msg->status = (uint16_t)status;
	msg->reason = span_trim(line);
	return DISSECT_OK;
}

/* The value of `name` (with its '=') in a parameter; false when it is another. */
static bool read_parameter(struct span parameter, const char *name, struct span *value)
{
	if (!span_eat(&parameter, name))
		return false;
	if (span_eat(&parameter, "\""))
		parameter = span_until(&parameter, '"');
	*value = span_trim(parameter);
	return true;
}

/* RFC 6266: filename="x" or filename*=UTF-8''x, of which the first form wins as it is plainer. */
static struct span file_name_of(struct span disposition)
{
	struct span name = { 0 };
	struct span extended = { 0 };

	while (disposition.len > 0) {
		struct span parameter = span_trim(span_until(&disposition, ';'));

		if (read_parameter(parameter, "filename*=", &extended)) {
			(void)span_until(&extended, '\'');
			(void)span_until(&extended, '\'');
		} else if (name.len == 0) {
			(void)read_parameter(parameter, "filename=", &name);
		}
	}
	return name.len > 0 ? name : extended;
}

static void keep_response(struct http_response *msg, const struct http_fields *fields)
{
	const struct span *values = fields->values;

	msg->content_type = values[HTTP_FIELD_CONTENT_TYPE];
	msg->content_encoding = values[HTTP_FIELD_CONTENT_ENCODING];
	msg->server = values[HTTP_FIELD_SERVER];
	msg->location = values[HTTP_FIELD_LOCATION];
	msg->file_name = file_name_of(values[HTTP_FIELD_CONTENT_DISPOSITION]);
	msg->upgrade = values[HTTP_FIELD_UPGRADE];
	msg->auth = fields->auth;
	msg->proxy_auth = fields->proxy_auth;
	msg->has_set_cookie = values[HTTP_FIELD_SET_COOKIE].len > 0;
	msg->is_chunked = fields->is_chunked;
	msg->has_transfer_encoding = fields->has_transfer_encoding;
	msg->has_content_length =
		span_decimal(values[HTTP_FIELD_CONTENT_LENGTH], &msg->content_length);
	msg->headers_truncated = !fields->are_whole || !fields->are_kept;
}

enum dissect dissect_http_response(struct cursor in, struct http_response *out)
{
	const struct cursor start = in;
	struct http_response msg = { 0 };
	struct http_fields fields;
	enum dissect got = read_status(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	http_fields_read(&in, &fields);
	keep_response(&msg, &fields);
	msg.head_len = head_len(&start, &in, &fields);

	*out = msg;
	return DISSECT_OK;
}

enum http_body http_request_body(const struct http_request *request)
{
	if (request->is_chunked)
		return HTTP_BODY_CHUNKED;
	return request->content_length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
}

enum http_body http_response_body(const struct http_response *response, enum http_method method)
{
	uint16_t status = response->status;

	if (status == STATUS_SWITCHING)
		return HTTP_BODY_TUNNEL;
	if (method == HTTP_CONNECT && status >= STATUS_OK && status < STATUS_REDIRECT)
		return HTTP_BODY_TUNNEL;
	if (method == HTTP_HEAD || status < STATUS_OK)
		return HTTP_BODY_NONE;
	if (status == STATUS_NO_CONTENT || status == STATUS_NOT_MODIFIED)
		return HTTP_BODY_NONE;
	if (response->is_chunked)
		return HTTP_BODY_CHUNKED;
	if (!response->has_content_length || response->has_transfer_encoding)
		return HTTP_BODY_TO_CLOSE;
	return response->content_length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
}

bool http_is_winrm(const struct http_request *request)
{
	struct span target = request->target;

	if (span_eat(&target, "http://"))
		(void)span_until(&target, '/');
	else if (!span_eat(&target, "/"))
		return false;
	struct span path = span_until(&target, '?');

	return span_is(span_until(&path, '/'), "wsman");
}
