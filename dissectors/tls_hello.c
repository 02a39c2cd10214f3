#include "dissectors/tls_hello.h"

enum {
	CONTENT_HANDSHAKE = 22,
	VERSION_AND_LENGTH_LEN = 4,
};

/* By its first and sixth byte: another content, or another message. */
static bool is_other(struct cursor stream, enum tls_message_type wanted)
{
	uint8_t content = cursor_u8(&stream);

	if (cursor_ok(&stream) && content != CONTENT_HANDSHAKE)
		return true;
	cursor_skip(&stream, VERSION_AND_LENGTH_LEN);

	uint8_t type = cursor_u8(&stream);

	return cursor_ok(&stream) && type != wanted;
}

static enum dissect find_message(struct cursor stream, enum tls_message_type wanted,
				 struct tls_scratch *scratch, struct cursor *body)
{
	struct tls_records records;
	struct tls_item item;

	if (is_other(stream, wanted))
		return DISSECT_OTHER;
	tls_records_start(&records, stream);
	enum dissect got = tls_records_next(&records, scratch, &item);

	if (got == DISSECT_OK)
		*body = item.body;
	return got;
}

enum dissect dissect_tls_client_hello(struct cursor stream, struct tls_scratch *scratch,
				      struct tls_client_hello *out)
{
	struct cursor body;
	enum dissect got = find_message(stream, TLS_CLIENT_HELLO, scratch, &body);

	return got == DISSECT_OK ? tls_read_client_hello(body, false, out) : got;
}

enum dissect dissect_tls_server_hello(struct cursor stream, struct tls_scratch *scratch,
				      struct tls_server_hello *out)
{
	struct cursor body;
	enum dissect got = find_message(stream, TLS_SERVER_HELLO, scratch, &body);

	return got == DISSECT_OK ? tls_read_server_hello(body, out) : got;
}

enum dissect dissect_tls_client_hello_message(struct cursor message, struct tls_client_hello *out)
{
	struct cursor body;
	enum dissect got = tls_message_body(message, TLS_CLIENT_HELLO, &body);

	return got == DISSECT_OK ? tls_read_client_hello(body, false, out) : got;
}

enum dissect dissect_tls_server_hello_message(struct cursor message, struct tls_server_hello *out)
{
	struct cursor body;
	enum dissect got = tls_message_body(message, TLS_SERVER_HELLO, &body);

	return got == DISSECT_OK ? tls_read_server_hello(body, out) : got;
}
