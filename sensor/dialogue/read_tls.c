#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/session_readers.h"
#include "sensor/dialogue/tls_words.h"

/* Of one direction: what tls_records remembers of the records that were consumed. */
struct side_notes {
	uint8_t last_message;
	bool has_begun;
	bool is_cipher_changed;
	uint16_t given; /* items out of records that are not consumed yet */
};

struct tls_notes {
	struct side_notes client;
	struct side_notes server;
};

_Static_assert(sizeof(struct tls_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* By the header of its first record and of the message in it. */
static enum dissect opens_record(const struct session_opening *opening)
{
	enum { HANDSHAKE = 22, MAJOR = 3, MINOR_MAX = 4, LENGTH = 2 };
	struct cursor in = opening->stream;
	uint8_t hello = opening->from_client ? TLS_CLIENT_HELLO : TLS_SERVER_HELLO;

	if (cursor_u8(&in) != HANDSHAKE)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && cursor_u8(&in) != MAJOR)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && cursor_u8(&in) > MINOR_MAX)
		return DISSECT_OTHER;
	cursor_skip(&in, LENGTH);
	if (cursor_left(&in) > 0 && cursor_u8(&in) != hello)
		return DISSECT_OTHER;
	return cursor_ok(&in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

/* A hello in SSLv2's form is told from other protocols only when it is whole. */
static enum dissect opens(const struct session_opening *opening)
{
	struct tls_sslv2_client_hello ignored;
	enum dissect got = opens_record(opening);

	if (got != DISSECT_OTHER || !opening->from_client)
		return got;
	return dissect_tls_sslv2_client_hello(opening->stream, &ignored);
}

static bool begins(bool from_client, struct cursor bytes)
{
	const struct session_opening opening = { .stream = bytes, .from_client = from_client };

	return opens_record(&opening) == DISSECT_OK;
}

static void tell_client_hello(struct session_turn *turn, struct cursor body,
			      enum tls_transport transport)
{
	struct tls_client_hello hello;

	if (hearing_is_readable(turn->hearing, tls_read_client_hello(body, false, &hello)))
		tls_tell_client_hello(turn->hearing, turn->desk, &hello, transport);
}

static void tell_server_hello(struct session_turn *turn, struct cursor body,
			      enum tls_transport transport)
{
	struct tls_server_hello hello;

	if (hearing_is_readable(turn->hearing, tls_read_server_hello(body, &hello)))
		tls_tell_server_hello(turn->hearing, &hello, transport);
}

/* False when nothing that is read can follow. */
static bool tell_item(struct session_turn *turn, const struct tls_item *item,
		      enum tls_transport transport)
{
	if (item->kind == TLS_ITEM_ENCRYPTED)
		return false;
	if (item->kind == TLS_ITEM_ALERT) {
		tls_tell_alert(turn->hearing, item->alert_level, item->alert_description);
		return true;
	}
	switch (item->message_type) {
	case TLS_CLIENT_HELLO:
		tell_client_hello(turn, item->body, transport);
		return true;
	case TLS_SERVER_HELLO:
		tell_server_hello(turn, item->body, transport);
		return true;
	case TLS_CERTIFICATE:
		tls_tell_certificates(turn->hearing, turn->desk, item->body);
		return true;
	case TLS_SERVER_HELLO_DONE:
	case TLS_CLIENT_KEY_EXCHANGE:
		return false;
	default:
		return true;
	}
}

/* Everything up to here is done with: the next turn begins behind it. */
static void note_progress(struct side_notes *notes, const struct tls_records *records)
{
	notes->last_message = records->last_message;
	notes->has_begun = records->has_begun;
	notes->is_cipher_changed = records->is_cipher_changed;
	notes->given = 0;
}

/* What follows it, where the server speaks TLS, is in records of TLS. */
static struct reading read_sslv2(struct session_turn *turn)
{
	enum { LENGTH_MASK = 0x7fff };
	struct tls_sslv2_client_hello hello;
	struct cursor in = turn->stream;
	enum dissect got = dissect_tls_sslv2_client_hello(in, &hello);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_end();
	tls_tell_sslv2_client_hello(turn->hearing, &hello);
	cursor_skip(&in, cursor_be16(&in) & LENGTH_MASK);
	return reading_on(cursor_offset(&in, &turn->stream));
}

static bool is_sslv2(const struct session_turn *turn, const struct side_notes *notes)
{
	enum { TWO_BYTE_HEADER = 0x80 };
	struct cursor peek = turn->stream;

	return turn->hearing->from_client && !notes->has_begun &&
	       (cursor_u8(&peek) & TWO_BYTE_HEADER) != 0;
}

/* PostgreSQL's server agrees to TLS by a letter before its first record. */
static bool is_agreement(const struct session_turn *turn, const struct side_notes *notes)
{
	struct cursor peek = turn->stream;

	return !turn->hearing->from_client && !notes->has_begun && cursor_u8(&peek) == 'S';
}

struct reading session_read_tls(struct session_turn *turn, enum tls_transport transport)
{
	struct tls_notes *both = turn->notes;
	struct side_notes *notes = turn->hearing->from_client ? &both->client : &both->server;
	struct reading reading = reading_wait();
	struct tls_records records;
	unsigned skipped;

	if (turn->is_resumed)
		*notes = (struct side_notes){ 0 };
	if (is_sslv2(turn, notes))
		return read_sslv2(turn);
	if (is_agreement(turn, notes))
		return reading_on(1);
	skipped = notes->given;
	tls_records_start(&records, turn->stream);
	records.last_message = notes->last_message;
	records.has_begun = notes->has_begun;
	records.is_cipher_changed = notes->is_cipher_changed;
	for (;;) { /* each turn eats a message or a record */
		struct tls_item item;
		enum dissect got = tls_records_next(&records, &turn->desk->tls, &item);

		if (got == DISSECT_TRUNCATED && !turn->is_last)
			return reading;
		turn->hearing->malformed += got == DISSECT_MALFORMED;
		if (got != DISSECT_OK || (skipped == 0 && !tell_item(turn, &item, transport)))
			return reading_end();
		if (skipped > 0)
			skipped--;
		else
			notes->given++;
		if (cursor_left(&records.fragment) == 0 && !records.is_fragment_cut) {
			reading.consumed = cursor_offset(&records.stream, &turn->stream);
			note_progress(notes, &records);
		}
	}
}

static struct reading read_tls(struct session_turn *turn)
{
	return session_read_tls(turn, TLS_OVER_TCP);
}

const struct session_reader session_reader_tls = {
	.opens = opens,
	.read = read_tls,
	.begins = begins,
	.first_bytes = { 22, 22 }, /* a record of the handshake */
};
