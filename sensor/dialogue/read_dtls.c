#include "dissectors/dtls.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/tls_words.h"

enum { SERVER, CLIENT, SIDES, NUMBERED_MAX = 8 };

/* Messages are numbered from 0 on each side, and sent again when an answer is late. */
struct dtls_notes {
	uint8_t told[SIDES]; /* a bit for each of the first; what is read comes among them */
};

_Static_assert(sizeof(struct dtls_notes) <= DESK_NOTES_BYTES, "a flow has that much room");

/* These are false for a message that says nothing: then another may come with its number. */

static bool tell_client_hello(const struct datagram *datagram, struct cursor body)
{
	struct tls_client_hello hello;

	if (!hearing_is_readable(datagram->hearing, tls_read_client_hello(body, true, &hello)))
		return false;
	tls_tell_client_hello(datagram->hearing, datagram->desk, &hello, TLS_OVER_DTLS);
	return true;
}

static bool tell_server_hello(struct hearing *hearing, struct cursor body)
{
	struct tls_server_hello hello;

	if (!hearing_is_readable(hearing, tls_read_server_hello(body, &hello)))
		return false;
	tls_tell_server_hello(hearing, &hello, TLS_OVER_DTLS);
	return true;
}

static bool tell_hello_verify(struct hearing *hearing, struct cursor body)
{
	struct attributes *said;

	cursor_skip(&body, sizeof(uint16_t));
	cursor_skip(&body, cursor_u8(&body));
	if (!hearing_is_readable(hearing, cursor_ok(&body) ? DISSECT_OK : DISSECT_MALFORMED))
		return false;
	said = hearing_message(hearing, MESSAGE_DTLS_HELLO_VERIFY);
	attributes_add_flag(said, ATTRIBUTE_RETRY);
	hearing_tell(hearing);
	return true;
}

static bool is_read(uint8_t type)
{
	return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || type == TLS_CERTIFICATE ||
	       type == TLS_HELLO_VERIFY_REQUEST;
}

static bool tell_message(const struct datagram *datagram, uint8_t type, struct cursor body)
{
	switch (type) {
	case TLS_CLIENT_HELLO:
		return tell_client_hello(datagram, body);
	case TLS_SERVER_HELLO:
		return tell_server_hello(datagram->hearing, body);
	case TLS_HELLO_VERIFY_REQUEST:
		return tell_hello_verify(datagram->hearing, body);
	case TLS_CERTIFICATE:
		tls_tell_certificates(datagram->hearing, datagram->desk, body);
		return true;
	default:
		return false;
	}
}

/* Of one message at a time on each side: one that begins before the last is whole replaces it. */
static struct desk_dtls_message *joined(const struct datagram *datagram,
					const struct dtls_fragment *fragment)
{
	struct desk_dtls_message *message = session_desk_dtls(
		datagram->desk, datagram->hearing->flow.id, datagram->hearing->from_client);

	if (!message->has_begun || message->type != fragment->message_type ||
	    message->sequence != fragment->message_sequence ||
	    message->len != fragment->message_len) {
		message->has_begun = true;
		message->type = fragment->message_type;
		message->sequence = fragment->message_sequence;
		message->len = fragment->message_len;
		stream_window_start(&message->bytes, 0);
	}
	(void)stream_window_add(&message->bytes, fragment->offset, fragment->bytes);
	return message;
}

/* True when the message is whole, and told. */
static bool read_fragment(const struct datagram *datagram, const struct dtls_fragment *fragment)
{
	struct hearing *hearing = datagram->hearing;
	const struct desk_dtls_message *message;
	struct span bytes = fragment->bytes;
	bool is_told;

	hearing->has_conflict = false;
	if (bytes.len == fragment->message_len)
		return tell_message(datagram, fragment->message_type,
				    cursor_over(bytes.data, bytes.len));
	if (fragment->message_len > STREAM_WINDOW_BYTES) {
		hearing->malformed++;
		return false;
	}
	message = joined(datagram, fragment);
	bytes = stream_window_prefix(&message->bytes);
	if (bytes.len < message->len)
		return false;
	hearing->has_conflict = stream_window_conflicts(&message->bytes);
	is_told = tell_message(datagram, message->type, cursor_over(bytes.data, bytes.len));
	session_desk_drop_dtls(datagram->desk, hearing->flow.id, hearing->from_client);
	return is_told;
}

static void read_handshake(const struct datagram *datagram, struct dtls_notes *notes,
			   struct cursor record)
{
	uint8_t *told = &notes->told[datagram->hearing->from_client ? CLIENT : SERVER];

	while (cursor_left(&record) > 0) { /* each turn eats a fragment */
		struct dtls_fragment fragment;

		if (!hearing_is_readable(datagram->hearing, dtls_fragment_next(&record, &fragment)))
			return;
		if (!is_read(fragment.message_type) || fragment.message_sequence >= NUMBERED_MAX ||
		    ((unsigned)*told >> fragment.message_sequence & 1U) != 0)
			continue;
		if (read_fragment(datagram, &fragment))
			*told |= (uint8_t)(1U << fragment.message_sequence);
	}
}

static void read_alert(struct hearing *hearing, struct cursor record)
{
	uint8_t level = cursor_u8(&record);
	uint8_t description = cursor_u8(&record);

	if (cursor_ok(&record) && cursor_left(&record) == 0)
		tls_tell_alert(hearing, level, description);
}

static enum datagram_service read_dtls(const struct datagram *datagram)
{
	struct cursor in = datagram->payload;
	enum datagram_service service = DATAGRAM_NONE;

	while (cursor_left(&in) > 0) { /* each turn eats a record */
		struct dtls_record record;

		if (dtls_record_next(&in, &record) != DISSECT_OK)
			return service;
		service = DATAGRAM_OTHER;
		if (record.epoch == 0 && record.content == DTLS_HANDSHAKE)
			read_handshake(datagram,
				       session_desk_notes(datagram->desk, DESK_DTLS,
							  datagram->hearing->flow.id),
				       record.fragment);
		else if (record.epoch == 0 && record.content == DTLS_ALERT)
			read_alert(datagram->hearing, record.fragment);
	}
	return service;
}

const struct datagram_reader datagram_reader_dtls = {
	.read = read_dtls,
};
