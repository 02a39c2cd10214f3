#include "dissectors/tls_record.h"

enum {
	VERSION_MAJOR = 3,
	VERSION_MINOR_MAX = 4,
	FRAGMENT_MAX = 16384, /* RFC 8446 5.1 */
	EXPANSION_MAX = 2048, /* RFC 5246 6.2.3: what encryption may add */
	ALERT_LEN = 2,
	ALERT_WARNING = 1,
	ALERT_FATAL = 2,
};

enum content {
	CONTENT_CHANGE_CIPHER_SPEC = 20,
	CONTENT_ALERT = 21,
	CONTENT_HANDSHAKE = 22,
	CONTENT_APPLICATION_DATA = 23,
	CONTENT_HEARTBEAT = 24, /* RFC 6520 */
};

struct record {
	enum content content;
	uint16_t len;
	struct cursor fragment; /* as many bytes of it as the stream has so far */
	bool is_cut;
};

static bool is_length_of(uint8_t content, uint16_t len)
{
	if (content == CONTENT_CHANGE_CIPHER_SPEC)
		return len == 1;
	if (content == CONTENT_APPLICATION_DATA)
		return len <= FRAGMENT_MAX + EXPANSION_MAX;
	return len > 0 && len <= FRAGMENT_MAX;
}

/* Each byte is judged as soon as it is there, so that another protocol is told by its first. */
static enum dissect read_record(struct cursor *stream, struct record *out)
{
	uint8_t content = cursor_u8(stream);

	if (cursor_ok(stream) &&
	    (content < CONTENT_CHANGE_CIPHER_SPEC || content > CONTENT_HEARTBEAT))
		return DISSECT_OTHER;

	uint8_t major = cursor_u8(stream);

	if (cursor_ok(stream) && major != VERSION_MAJOR)
		return DISSECT_OTHER;

	uint8_t minor = cursor_u8(stream);

	if (cursor_ok(stream) && minor > VERSION_MINOR_MAX)
		return DISSECT_OTHER;

	uint16_t len = cursor_be16(stream);

	if (!cursor_ok(stream))
		return DISSECT_TRUNCATED;
	if (!is_length_of(content, len))
		return DISSECT_OTHER;
	out->content = content;
	out->len = len;
	out->fragment = (struct cursor){ .rest = cursor_take_up_to(stream, len) };
	out->is_cut = cursor_left(&out->fragment) < len;
	return DISSECT_OK;
}

/* How long the message is that `in` begins with, header and all; 0 when that is not known yet. */
static size_t message_len(struct cursor in)
{
	cursor_skip(&in, 1); /* type */
	uint32_t len = cursor_be24(&in);

	return cursor_ok(&in) ? TLS_MESSAGE_HEADER_LEN + (size_t)len : 0;
}

enum dissect tls_message_body(struct cursor in, enum tls_message_type wanted, struct cursor *body)
{
	uint8_t type = cursor_u8(&in);

	if (cursor_ok(&in) && type != wanted)
		return DISSECT_OTHER;

	uint32_t len = cursor_be24(&in);

	if (cursor_ok(&in) && len > TLS_HELLO_MAX - TLS_MESSAGE_HEADER_LEN)
		return DISSECT_MALFORMED;

	struct cursor found = cursor_sub(&in, len);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	*body = found;
	return DISSECT_OK;
}

void tls_records_start(struct tls_records *records, struct cursor stream)
{
	*records = (struct tls_records){ .stream = stream };
}

/* The next handshake record, which goes on with a message: nothing else may come between. */
static enum dissect next_part(struct tls_records *records)
{
	struct record record;

	if (records->is_fragment_cut)
		return DISSECT_TRUNCATED;

	enum dissect got = read_record(&records->stream, &record);

	if (got != DISSECT_OK)
		return got == DISSECT_OTHER ? DISSECT_MALFORMED : got;
	if (record.content != CONTENT_HANDSHAKE)
		return DISSECT_MALFORMED;
	records->fragment = record.fragment;
	records->is_fragment_cut = record.is_cut;
	return DISSECT_OK;
}

/* Joins the message that the fragment begins with and later records go on with. */
static enum dissect join_message(struct tls_records *records, struct tls_scratch *scratch,
				 struct cursor *message)
{
	size_t used = 0;
	size_t wanted = TLS_MESSAGE_HEADER_LEN;

	while (used < wanted) { /* each turn eats a byte or a record's header */
		struct span part = cursor_take_up_to(&records->fragment, wanted - used);

		if (part.len > 0)
			memcpy(&scratch->bytes[used], part.data, part.len);
		used += part.len;
		if (part.len == 0) {
			enum dissect got = next_part(records);

			if (got != DISSECT_OK)
				return got;
		}
		if (used == TLS_MESSAGE_HEADER_LEN)
			wanted = message_len(cursor_over(scratch->bytes, used));
		if (wanted > sizeof(scratch->bytes))
			return DISSECT_MALFORMED;
	}
	*message = cursor_over(scratch->bytes, used);
	return DISSECT_OK;
}

static enum dissect next_message(struct tls_records *records, struct tls_scratch *scratch,
				 struct tls_item *out)
{
	struct cursor message = records->fragment;
	size_t len = message_len(message);

	if (len > sizeof(scratch->bytes))
		return DISSECT_MALFORMED;
	if (len > 0 && len <= cursor_left(&message)) {
		message = cursor_sub(&records->fragment, len);
	} else if (records->is_fragment_cut) {
		return DISSECT_TRUNCATED;
	} else {
		enum dissect got = join_message(records, scratch, &message);

		if (got != DISSECT_OK)
			return got;
	}

	*out = (struct tls_item){ .kind = TLS_ITEM_MESSAGE, .message_type = cursor_u8(&message) };
	cursor_skip(&message, TLS_MESSAGE_HEADER_LEN - 1);
	out->body = message;
	records->last_message = out->message_type;
	return DISSECT_OK;
}

/* Alerts of another length are encrypted ones, behind a change of cipher that was not seen. */
static enum dissect open_alert(struct tls_records *records, struct record *record,
			       struct tls_item *out)
{
	struct tls_item item = { .kind = TLS_ITEM_ALERT };

	if (record->is_cut)
		return DISSECT_TRUNCATED;
	item.alert_level = cursor_u8(&record->fragment);
	item.alert_description = cursor_u8(&record->fragment);
	if (record->len == ALERT_LEN &&
	    (item.alert_level == ALERT_WARNING || item.alert_level == ALERT_FATAL))
		*out = item;
	else
		records->is_encrypted = true;
	return DISSECT_OK;
}

/*
 * TLS 1.3 sends a change of cipher for show, between a hello that the server asks to be sent again
 * and the next one (RFC 8446 D.4). What is encrypted starts like a hello once in 2^32 times.
 */
static enum dissect open_handshake(struct tls_records *records, const struct record *record)
{
	struct cursor first = record->fragment;
	size_t len = message_len(first);

	if (records->is_cipher_changed) {
		if (len == 0 && record->is_cut)
			return DISSECT_TRUNCATED;
		records->is_encrypted =
			cursor_u8(&first) != records->last_message || len != record->len;
	}
	records->is_cipher_changed = false;
	records->fragment = record->fragment;
	records->is_fragment_cut = record->is_cut;
	return DISSECT_OK;
}

static bool may_hello_follow(const struct tls_records *records)
{
	return records->last_message == TLS_CLIENT_HELLO ||
	       records->last_message == TLS_SERVER_HELLO;
}

/* An alert's item is given at once; what else a record brings is left in `records`. */
static enum dissect open_record(struct tls_records *records, struct tls_item *out)
{
	struct record record;
	enum dissect got = read_record(&records->stream, &record);

	if (got != DISSECT_OK)
		return got == DISSECT_OTHER && records->has_begun ? DISSECT_MALFORMED : got;
	records->has_begun = true;
	switch (record.content) {
	case CONTENT_HANDSHAKE:
		return open_handshake(records, &record);
	case CONTENT_ALERT:
		if (!records->is_cipher_changed)
			return open_alert(records, &record, out);
		records->is_encrypted = true;
		break;
	case CONTENT_CHANGE_CIPHER_SPEC:
		records->is_encrypted = records->is_cipher_changed || !may_hello_follow(records);
		records->is_cipher_changed = true;
		break;
	case CONTENT_APPLICATION_DATA:
		records->is_encrypted = true;
		break;
	case CONTENT_HEARTBEAT:
		break;
	}
	return DISSECT_OK;
}

enum dissect tls_records_next(struct tls_records *records, struct tls_scratch *scratch,
			      struct tls_item *out)
{
	struct tls_item item = { .kind = TLS_ITEM_ENCRYPTED };

	while (!records->is_encrypted && cursor_left(&records->fragment) == 0) {
		if (records->is_fragment_cut)
			return DISSECT_TRUNCATED;

		enum dissect got = open_record(records, &item); /* eats a record */

		if (got != DISSECT_OK)
			return got;
		if (item.kind == TLS_ITEM_ALERT)
			break;
	}
	if (records->is_encrypted || item.kind == TLS_ITEM_ALERT) {
		*out = item;
		return DISSECT_OK;
	}
	return next_message(records, scratch, out);
}
