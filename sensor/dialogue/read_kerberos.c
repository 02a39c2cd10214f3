#include "dissectors/der.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/kerberos_words.h"
#include "sensor/dialogue/session_readers.h"
#include "sensor/hello/stream_window.h"

enum {
	PORT_KERBEROS = 88,
	PORT_PASSWORD = 464,
	LENGTH_LEN = 4,
};

/* The application tag of a message: its type. */
static bool is_type(bool from_client, uint8_t tag)
{
	switch (tag - (DER_APPLICATION | DER_CONSTRUCTED)) {
	case KERBEROS_AS_REQ:
	case KERBEROS_TGS_REQ:
		return from_client;
	case KERBEROS_AS_REP:
	case KERBEROS_TGS_REP:
	case KERBEROS_ERROR:
		return !from_client;
	default:
		return false;
	}
}

/* The message's own length must say the same as the one in front of it (RFC 4120 7.2.2). */
static enum dissect check(bool from_client, struct cursor in)
{
	enum { LENGTH_MAX = 1 << 20 };
	struct cursor first = in;

	if (cursor_u8(&first) != 0)
		return DISSECT_OTHER;

	uint32_t length = cursor_be32(&in);
	size_t before = cursor_left(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (length > LENGTH_MAX)
		return DISSECT_OTHER;
	if (before > 0 && !is_type(from_client, cursor_u8(&in)))
		return DISSECT_OTHER;

	uint32_t inner = der_length(&in);

	if (!cursor_ok(&in))
		return before > 1 + 1 + LENGTH_LEN ? DISSECT_OTHER : DISSECT_TRUNCATED;
	return inner + (before - cursor_left(&in)) == length ? DISSECT_OK : DISSECT_OTHER;
}

/* A change of password shows the ticket for it, behind its own lengths (RFC 3244 2). */
static struct cursor ticket_in(struct cursor message)
{
	cursor_skip(&message, 2 + 2);
	return cursor_sub(&message, cursor_be16(&message));
}

static bool tell(struct hearing *hearing, struct cursor message)
{
	struct kerberos kerberos;

	if (hearing->flow.server_port == PORT_PASSWORD)
		message = ticket_in(message);
	if (!hearing_is_readable(hearing, dissect_kerberos(message, &kerberos)))
		return false;
	kerberos_tell(hearing, &kerberos);
	return true;
}

static enum datagram_service read_datagram(const struct datagram *datagram)
{
	return tell(datagram->hearing, datagram->payload) ? DATAGRAM_OTHER : DATAGRAM_NONE;
}

const struct datagram_reader datagram_reader_kerberos = {
	.ports = { PORT_KERBEROS, PORT_PASSWORD },
	.read = read_datagram,
};

/* A change of password has a length, the same again in two bytes, and a version. */
static enum dissect check_password(struct cursor in)
{
	enum { VERSION_CHANGE = 1, VERSION_SET = 0xff80 };
	uint32_t length = cursor_be32(&in);
	uint16_t inner = cursor_be16(&in);
	uint16_t version = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (length != inner || (version != VERSION_CHANGE && version != VERSION_SET))
		return DISSECT_OTHER;
	return DISSECT_OK;
}

static enum dissect opens(const struct session_opening *opening)
{
	if (opening->server_port == PORT_PASSWORD)
		return check_password(opening->stream);
	return check(opening->from_client, opening->stream);
}

static bool begins(bool from_client, struct cursor bytes)
{
	return check(from_client, bytes) == DISSECT_OK;
}

static struct reading read_kerberos(struct session_turn *turn)
{
	struct cursor in = turn->stream;
	uint32_t length = cursor_be32(&in);

	if (!cursor_ok(&in))
		return turn->is_last ? reading_lost() : reading_wait();
	if (length > STREAM_WINDOW_BYTES - LENGTH_LEN)
		return (struct reading){ .state = READING_ON,
					 .consumed = LENGTH_LEN,
					 .skip = length };

	struct cursor message = cursor_sub(&in, length);

	if (!cursor_ok(&in))
		return turn->is_last ? reading_lost() : reading_wait();
	(void)tell(turn->hearing, message);
	return reading_on(cursor_offset(&in, &turn->stream));
}

const struct session_reader session_reader_kerberos = {
	.opens = opens,
	.read = read_kerberos,
	.begins = begins,
	.first_bytes = { 0, 0 }, /* of a length */
};
