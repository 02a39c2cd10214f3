#include "dissectors/dtls.h"

enum {
	CONTENT_FIRST = 20,
	CONTENT_LAST = 26,           /* ACK, RFC 9147 7 */
	FRAGMENT_MAX = 16384 + 2048, /* with what encryption may add */
	BODY_MAX = TLS_HELLO_MAX - TLS_MESSAGE_HEADER_LEN,
	LOW_SEQUENCE_BITS = 32,
};

enum version {
	VERSION_OPENSSL = 0x0100, /* DTLS1_BAD_VER, still spoken by VPN gateways */
	VERSION_1_0 = 0xfeff,
	VERSION_1_2 = 0xfefd,
};

static bool is_version(uint16_t version)
{
	return version == VERSION_1_0 || version == VERSION_1_2 || version == VERSION_OPENSSL;
}

enum dissect dtls_record_next(struct cursor *datagram, struct dtls_record *out)
{
	struct dtls_record record = { .content = cursor_u8(datagram) };

	if (cursor_ok(datagram) &&
	    (record.content < CONTENT_FIRST || record.content > CONTENT_LAST))
		return DISSECT_OTHER;
	record.version = cursor_be16(datagram);
	if (cursor_ok(datagram) && !is_version(record.version))
		return DISSECT_OTHER;
	record.epoch = cursor_be16(datagram);
	record.sequence = (uint64_t)cursor_be16(datagram) << LOW_SEQUENCE_BITS;
	record.sequence |= cursor_be32(datagram);
	uint16_t len = cursor_be16(datagram);

	if (cursor_ok(datagram) && len > FRAGMENT_MAX)
		return DISSECT_OTHER;
	record.fragment = cursor_sub(datagram, len);
	if (!cursor_ok(datagram))
		return DISSECT_TRUNCATED;

	*out = record;
	return DISSECT_OK;
}

enum dissect dtls_fragment_next(struct cursor *record, struct dtls_fragment *out)
{
	struct dtls_fragment fragment = { .message_type = cursor_u8(record) };

	fragment.message_len = cursor_be24(record);
	fragment.message_sequence = cursor_be16(record);
	fragment.offset = cursor_be24(record);
	fragment.bytes = cursor_take(record, cursor_be24(record));
	if (!cursor_ok(record) || fragment.offset + fragment.bytes.len > fragment.message_len)
		return DISSECT_MALFORMED;

	*out = fragment;
	return DISSECT_OK;
}

/* A message in the making: its fragments as far as they follow one another. */
struct joined {
	bool has_begun;
	uint16_t message_sequence;
	uint32_t len;
	struct cursor body; /* what there is of it */
};

static bool is_whole(const struct joined *message)
{
	return message->has_begun && cursor_left(&message->body) == message->len;
}

/* A fragment again, or one that leaves a gap, adds nothing. */
static enum dissect add_fragment(struct joined *message, const struct dtls_fragment *fragment,
				 struct tls_scratch *scratch)
{
	if (fragment->message_len > BODY_MAX)
		return DISSECT_MALFORMED;
	if (!message->has_begun && fragment->bytes.len == fragment->message_len) {
		*message = (struct joined){ .has_begun = true,
					    .len = fragment->message_len,
					    .body = { .rest = fragment->bytes } };
		return DISSECT_OK;
	}
	if (!message->has_begun)
		*message = (struct joined){ .has_begun = true,
					    .message_sequence = fragment->message_sequence,
					    .len = fragment->message_len };
	if (fragment->message_sequence != message->message_sequence)
		return DISSECT_OK;
	if (fragment->message_len != message->len)
		return DISSECT_MALFORMED;

	size_t used = cursor_left(&message->body);

	if (fragment->offset == used && fragment->bytes.len > 0) {
		memcpy(&scratch->bytes[used], fragment->bytes.data, fragment->bytes.len);
		message->body = cursor_over(scratch->bytes, used + fragment->bytes.len);
	}
	return DISSECT_OK;
}

static enum dissect add_record(struct joined *message, struct cursor record,
			       enum tls_message_type wanted, struct tls_scratch *scratch)
{
	while (cursor_left(&record) > 0 && !is_whole(message)) {
		struct dtls_fragment fragment;
		enum dissect got = dtls_fragment_next(&record, &fragment);

		if (got == DISSECT_OK && fragment.message_type == wanted)
			got = add_fragment(message, &fragment, scratch);
		if (got != DISSECT_OK)
			return got;
	}
	return DISSECT_OK;
}

static enum dissect find_message(struct cursor datagram, enum tls_message_type wanted,
				 struct tls_scratch *scratch, struct cursor *body)
{
	struct joined message = { 0 };

	do { /* each turn eats a record */
		struct dtls_record record;
		enum dissect got = dtls_record_next(&datagram, &record);

		if (got == DISSECT_OK && record.content == DTLS_HANDSHAKE && record.epoch == 0)
			got = add_record(&message, record.fragment, wanted, scratch);
		if (got != DISSECT_OK)
			return got;
	} while (cursor_left(&datagram) > 0 && !is_whole(&message));

	if (!message.has_begun)
		return DISSECT_OTHER;
	*body = message.body;
	return is_whole(&message) ? DISSECT_OK : DISSECT_TRUNCATED;
}

enum dissect dissect_dtls_client_hello(struct cursor datagram, struct tls_scratch *scratch,
				       struct tls_client_hello *out)
{
	struct cursor body;
	enum dissect got = find_message(datagram, TLS_CLIENT_HELLO, scratch, &body);

	return got == DISSECT_OK ? tls_read_client_hello(body, true, out) : got;
}

enum dissect dissect_dtls_server_hello(struct cursor datagram, struct tls_scratch *scratch,
				       struct tls_server_hello *out)
{
	struct cursor body;
	enum dissect got = find_message(datagram, TLS_SERVER_HELLO, scratch, &body);

	return got == DISSECT_OK ? tls_read_server_hello(body, out) : got;
}

enum dissect dissect_dtls_hello_verify_request(struct cursor datagram, struct tls_scratch *scratch,
					       struct dtls_hello_verify_request *out)
{
	struct dtls_hello_verify_request request;
	struct cursor body;
	enum dissect got = find_message(datagram, TLS_HELLO_VERIFY_REQUEST, scratch, &body);

	if (got != DISSECT_OK)
		return got;
	request.version = cursor_be16(&body);
	request.cookie = cursor_take(&body, cursor_u8(&body));
	if (!cursor_ok(&body))
		return DISSECT_MALFORMED;

	*out = request;
	return DISSECT_OK;
}
