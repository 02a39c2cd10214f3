#include "dissectors/ssh.h"

static const char prefix[] = { 'S', 'S', 'H', '-' };

/* Whether `in` begins as an identification does, as far as it goes; then whether that is all. */
static bool may_begin(struct cursor in, bool *is_whole)
{
	struct span head = cursor_take_up_to(&in, sizeof(prefix));

	*is_whole = head.len == sizeof(prefix);
	return head.len > 0 && memcmp(head.data, prefix, head.len) == 0;
}

/* Without its line feed and the carriage return before it, which some leave out. */
static bool take_line(struct cursor *in, struct span *line)
{
	struct cursor whole = *in;

	*line = cursor_take_until(in, '\n');
	if (!cursor_ok(in)) {
		*in = whole;
		return false;
	}
	if (line->len > 0) {
		struct cursor chars = { .rest = *line };
		struct span before = cursor_take(&chars, line->len - 1);

		if (cursor_u8(&chars) == '\r')
			*line = before;
	}
	return true;
}

static bool skip_lines_before(struct cursor *in, bool *is_whole)
{
	for (int i = 0; i <= SSH_LINES_MAX; i++) {
		struct span line;

		if (may_begin(*in, is_whole))
			return true;
		if (!take_line(in, &line))
			return false;
	}
	return false;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Up to `end`, or all there is. */
static struct span take_word(struct cursor *in, uint8_t end)
{
	struct cursor peek = *in;
	struct span word = cursor_take_until(&peek, end);

	if (!cursor_ok(&peek))
		return cursor_take_up_to(in, SIZE_MAX);
	*in = peek;
	return word;
}

enum dissect dissect_ssh_identification(struct cursor *stream, struct ssh_identification *out)
{
	struct ssh_identification id = { 0 };
	struct cursor in = *stream;
	bool is_whole = false;

	if (cursor_left(&in) == 0)
		return DISSECT_TRUNCATED;
	if (!skip_lines_before(&in, &is_whole))
		return DISSECT_OTHER;
	if (!is_whole)
		return DISSECT_TRUNCATED;

	struct cursor start = in;

	if (!take_line(&in, &id.line))
		return cursor_left(&in) < SSH_LINE_MAX ? DISSECT_TRUNCATED : DISSECT_MALFORMED;
	if (cursor_offset(&in, &start) > SSH_LINE_MAX)
		return DISSECT_MALFORMED;

	struct cursor words = { .rest = id.line };

	cursor_skip(&words, sizeof(prefix));
	id.version = take_word(&words, '-');
	id.software = take_word(&words, ' ');
	id.comment = words.rest;
	if (id.version.len == 0 || !is_digit(id.version.data[0]))
		return DISSECT_MALFORMED;

	*stream = in;
	*out = id;
	return DISSECT_OK;
}

enum dissect dissect_ssh_packet(struct cursor *stream, struct ssh_packet *out)
{
	enum { PADDING_FIELD_LEN = 1, LENGTH_MIN = 2 };
	struct ssh_packet packet = { 0 };
	struct cursor in = *stream;
	uint32_t len = cursor_be32(&in);

	if (cursor_ok(&in) && (len < LENGTH_MIN || len > SSH_PACKET_MAX))
		return DISSECT_MALFORMED;

	struct cursor body = cursor_sub(&in, len);
	uint8_t padding = cursor_u8(&body);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (padding >= len - PADDING_FIELD_LEN) /* no room for a message */
		return DISSECT_MALFORMED;
	packet.payload = cursor_take(&body, len - PADDING_FIELD_LEN - padding);
	body.rest = packet.payload;
	packet.message = cursor_u8(&body);

	*stream = in;
	*out = packet;
	return DISSECT_OK;
}

enum dissect dissect_ssh_kexinit(struct span payload, struct ssh_kexinit *out)
{
	struct ssh_kexinit kexinit = { 0 };
	struct span *const lists[] = {
		&kexinit.kex,
		&kexinit.host_key,
		&kexinit.encryption_to_server,
		&kexinit.encryption_to_client,
		&kexinit.mac_to_server,
		&kexinit.mac_to_client,
		&kexinit.compression_to_server,
		&kexinit.compression_to_client,
		&kexinit.languages_to_server,
		&kexinit.languages_to_client,
	};
	struct cursor in = { .rest = payload };

	if (cursor_u8(&in) != SSH_KEXINIT)
		return DISSECT_OTHER;
	kexinit.cookie = cursor_take(&in, SSH_COOKIE_LEN);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		*lists[i] = cursor_take(&in, cursor_be32(&in));
	kexinit.first_kex_follows = cursor_u8(&in) != 0;
	if (!cursor_ok(&in))
		return DISSECT_MALFORMED;

	*out = kexinit;
	return DISSECT_OK;
}
