#include "sensor/dialogue/dcerpc_words.h"
#include "sensor/dialogue/session_readers.h"

_Static_assert(sizeof(struct dcerpc_calls) <= SESSION_NOTES_BYTES, "a session has that much room");

enum { VERSION = 5, MINOR_MAX = 1, FIRST_AND_LAST = 3 };

/* Where interfaces are named and logins carried; calls mean nothing without. */
static bool is_beginning(bool from_client, uint8_t type)
{
	if (from_client)
		return type == DCERPC_BIND || type == DCERPC_ALTER_CONTEXT;
	return type == DCERPC_BIND_ACK || type == DCERPC_BIND_NAK ||
	       type == DCERPC_ALTER_CONTEXT_RESPONSE;
}

/* By the first eight bytes: the rest of the header is lengths and numbers. */
static enum dissect check(bool from_client, struct cursor in)
{
	enum { ORDER_MASK = 0xef };

	if (cursor_u8(&in) != VERSION)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && cursor_u8(&in) > MINOR_MAX)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && !is_beginning(from_client, cursor_u8(&in)))
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && (cursor_u8(&in) & FIRST_AND_LAST) == 0)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && (cursor_u8(&in) & ORDER_MASK) != 0)
		return DISSECT_OTHER;
	if (cursor_left(&in) > 0 && cursor_u8(&in) != 0)
		return DISSECT_OTHER;
	cursor_skip(&in, 2); /* reserved */
	return cursor_ok(&in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect opens(const struct session_opening *opening)
{
	return check(opening->from_client, opening->stream);
}

static bool begins(bool from_client, struct cursor bytes)
{
	return check(from_client, bytes) == DISSECT_OK;
}

/* A short call is read whole, so that what is told never depends on how it was cut. */
static bool is_awaited(const struct dcerpc *fragment)
{
	enum { SHORT_MAX = 512 };

	return fragment->type == DCERPC_REQUEST && fragment->missing > 0 &&
	       fragment->fragment_len <= SHORT_MAX;
}

static struct reading read_dcerpc(struct session_turn *turn)
{
	struct cursor in = turn->stream;
	struct dcerpc fragment;
	enum dissect got = dissect_dcerpc(&in, &fragment);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_lost();
	if (is_awaited(&fragment) && !turn->is_last)
		return reading_wait();
	dcerpc_tell(turn->hearing, turn->notes, 0, &fragment);
	return (struct reading){ .state = READING_ON,
				 .consumed = cursor_offset(&in, &turn->stream),
				 .skip = fragment.missing };
}

const struct session_reader session_reader_dcerpc = {
	.opens = opens,
	.read = read_dcerpc,
	.begins = begins,
	.first_bytes = { VERSION, VERSION },
};
