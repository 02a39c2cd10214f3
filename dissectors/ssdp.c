#include "dissectors/ssdp.h"

#include "dissectors/line.h"

/* Longer than any that is of use; a datagram holds hardly more. */
enum { LINE_LEN_MAX = 4096 };

/* The whole start but the digit of HTTP's version, which old devices get wrong. */
static const char *const starts[] = {
	[SSDP_SEARCH] = "m-search * http/1.",
	[SSDP_NOTIFY] = "notify * http/1.",
	[SSDP_RESPONSE] = "http/1.",
};

static enum dissect read_start(struct cursor *in, enum ssdp_kind *kind)
{
	enum dissect got = DISSECT_OTHER;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (span_begins(in->rest, starts[i])) {
			cursor_skip(in, strlen(starts[i]));
			*kind = (enum ssdp_kind)i;
			return DISSECT_OK;
		}
		if (span_may_become(in->rest, starts[i]))
			got = DISSECT_TRUNCATED;
	}
	return got;
}

/* What stands behind "HTTP/1.": a digit, and of a response its status. */
static enum dissect read_rest_of_line(struct cursor *in, enum ssdp_kind kind)
{
	struct span line;
	enum dissect got = line_take(in, LINE_LEN_MAX, &line);

	if (got != DISSECT_OK)
		return got;

	struct span version = span_until(&line, ' ');

	if (version.len != 1 || !ascii_is_digit(version.data[0]))
		return DISSECT_OTHER;
	return kind != SSDP_RESPONSE || span_begins(line, "200") ? DISSECT_OK : DISSECT_OTHER;
}

/* Where a field of that name is kept; NULL when it is not. */
static struct span *find_field(struct ssdp *msg, struct span name)
{
	if (span_is(name, msg->kind == SSDP_NOTIFY ? "nt" : "st"))
		return &msg->target;
	if (span_is(name, "nts"))
		return &msg->nts;
	if (span_is(name, "usn"))
		return &msg->usn;
	if (span_is(name, "location"))
		return &msg->location;
	if (span_is(name, "server"))
		return &msg->server;
	if (span_is(name, "user-agent"))
		return &msg->user_agent;
	if (span_is(name, "man"))
		return &msg->man;
	return NULL;
}

static void keep_field(struct ssdp *msg, struct span line)
{
	struct cursor in = { .rest = line };
	struct span name = span_trim(cursor_take_until(&in, ':'));
	struct span *place = find_field(msg, name);

	if (place && !place->data)
		*place = span_trim(in.rest);
}

/* Up to the empty line that ends a head; some devices leave it out. */
static void read_fields(struct cursor *in, struct ssdp *msg)
{
	for (int i = 0; i <= SSDP_FIELDS_MAX; i++) {
		struct span line;

		if (line_take(in, LINE_LEN_MAX, &line) != DISSECT_OK)
			break;
		if (line.len == 0)
			return;
		if (i < SSDP_FIELDS_MAX)
			keep_field(msg, line);
	}
	msg->headers_truncated = true;
}

/* "uuid:" device ["::" type]; the type has single colons in it. */
static void split_usn(struct ssdp *msg)
{
	struct cursor in = { .rest = msg->usn };
	struct cursor whole;

	if (!span_is(cursor_take_until(&in, ':'), "uuid"))
		return;
	whole = in;
	msg->uuid = span_trim(in.rest);
	for (;;) { /* each turn eats at least a byte */
		(void)cursor_take_until(&in, ':');
		if (!cursor_ok(&in))
			return;

		size_t before = cursor_offset(&in, &whole) - 1;

		if (cursor_left(&in) > 0 && cursor_u8(&in) == ':') {
			msg->uuid = span_trim(cursor_take(&whole, before));
			msg->usn_type = span_trim(in.rest);
			return;
		}
	}
}

enum dissect dissect_ssdp(struct cursor in, struct ssdp *out)
{
	struct ssdp msg = { 0 };
	enum dissect got = read_start(&in, &msg.kind);

	if (got == DISSECT_OK)
		got = read_rest_of_line(&in, msg.kind);
	if (got != DISSECT_OK)
		return got;
	read_fields(&in, &msg);
	if (msg.target.len == 0 && msg.usn.len == 0)
		return msg.headers_truncated ? DISSECT_TRUNCATED : DISSECT_OTHER;
	split_usn(&msg);

	*out = msg;
	return DISSECT_OK;
}
