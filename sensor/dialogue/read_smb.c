#include "dissectors/nbss.h"
#include "sensor/dialogue/session_readers.h"
#include "sensor/dialogue/smb_words.h"
#include "sensor/hello/stream_window.h"

enum {
	PORT_NETBIOS = 139,
	FRAME_HEADER_LEN = 4,
	MAGIC_SMB1 = 0xff,
	MAGIC_SMB2 = 0xfe,
	MAGIC_ENCRYPTED = 0xfd,
	MAGIC_COMPRESSED = 0xfc,
	MAGIC_LEN = 4,
};

/* "SMB" behind a byte that says which; what is not there yet may still be it. */
static bool is_magic(struct cursor in)
{
	static const char smb[] = { 'S', 'M', 'B' };
	struct cursor rest = cursor_at(in, 1);
	struct span name = cursor_take_up_to(&rest, sizeof(smb));

	return cursor_left(&in) == 0 || (cursor_u8(&in) >= MAGIC_COMPRESSED &&
					 (name.len == 0 || memcmp(name.data, smb, name.len) == 0));
}

static enum dissect opens_netbios(const struct session_opening *opening)
{
	struct cursor in = opening->stream;
	struct nbss frame;
	enum dissect got = dissect_nbss(&in, &frame);

	if (opening->server_port != PORT_NETBIOS)
		return DISSECT_OTHER;
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

static enum dissect opens(const struct session_opening *opening)
{
	struct cursor in = opening->stream;
	uint8_t kind = cursor_u8(&in);

	if (kind >= NBSS_SESSION_REQUEST && kind <= NBSS_NEGATIVE_RESPONSE)
		return opens_netbios(opening);
	if (kind != NBSS_MESSAGE || cursor_left(&in) == 0)
		return kind == NBSS_MESSAGE ? DISSECT_TRUNCATED : DISSECT_OTHER;

	in = cursor_at(opening->stream, FRAME_HEADER_LEN);
	if (cursor_ok(&in) && !is_magic(in))
		return DISSECT_OTHER;
	return cursor_left(&in) >= MAGIC_LEN ? DISSECT_OK : DISSECT_TRUNCATED;
}

/* The command, by which a message is worth a look; false when it is not there yet. */
static bool take_command(struct cursor message, uint8_t *magic, uint16_t *command)
{
	enum { SMB2_TO_COMMAND = 12 };
	struct cursor in = message;

	*magic = cursor_u8(&in);
	in = cursor_at(message, *magic == MAGIC_SMB2 ? SMB2_TO_COMMAND : MAGIC_LEN);
	*command = *magic == MAGIC_SMB2 ? cursor_le16(&in) : cursor_u8(&in);
	return cursor_ok(&in);
}

/* Where a session is taken up: what is read and written in bulk is passed over. */
static bool begins(bool from_client, struct cursor bytes)
{
	struct cursor message = cursor_at(bytes, FRAME_HEADER_LEN);
	uint16_t command;
	uint8_t magic;

	(void)from_client;
	if (cursor_u8(&bytes) != NBSS_MESSAGE || !cursor_ok(&message) || !is_magic(message) ||
	    !take_command(message, &magic, &command))
		return false;
	if (magic == MAGIC_SMB1)
		return command == SMB1_NEGOTIATE || command == SMB1_SESSION_SETUP ||
		       command == SMB1_TREE_CONNECT_ANDX || command == SMB1_CREATE_ANDX ||
		       command == SMB1_TRANSACTION;
	return magic == MAGIC_SMB2 &&
	       (command == SMB2_NEGOTIATE || command == SMB2_SESSION_SETUP ||
		command == SMB2_TREE_CONNECT || command == SMB2_CREATE || command == SMB2_IOCTL);
}

/*
 * How much of a message is read, so that what is told never depends on how it was cut into
 * packets. Of a long one only the beginning matters, but for a login's ticket.
 */
static uint32_t length_wanted(struct cursor message, uint32_t length)
{
	enum { WHOLE_MAX = 4608, BEGINNING = 1024, HEADER = 16 };
	uint16_t command;
	uint8_t magic;

	if (length <= WHOLE_MAX)
		return length;
	if (!take_command(message, &magic, &command))
		return HEADER;
	if (length > STREAM_WINDOW_BYTES - FRAME_HEADER_LEN)
		return BEGINNING;
	if ((magic == MAGIC_SMB2 && command == SMB2_SESSION_SETUP) ||
	    (magic == MAGIC_SMB1 && command == SMB1_SESSION_SETUP))
		return length;
	return BEGINNING;
}

static void tell_request(struct hearing *hearing, const struct nbss *frame)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_NBSS_REQUEST);

	attributes_add_text(said, ATTRIBUTE_CALLED, frame->called.text);
	attributes_add_text(said, ATTRIBUTE_CALLING, frame->calling.text);
	hearing_tell(hearing);
}

/* The messages of a frame; false when the rest of the session is encrypted. */
static bool read_frame(struct session_turn *turn, struct cursor message, uint32_t length)
{
	struct smb2_frame frame = { .rest = message, .length = length };
	struct cursor peek = message;
	struct smb1 old;
	struct smb2 smb2;

	if (cursor_u8(&peek) == MAGIC_SMB1) {
		if (hearing_is_readable(turn->hearing, dissect_smb1(message, length, &old)))
			smb1_tell(turn->hearing, turn->notes, &old);
		return true;
	}
	while (frame.length > 0) { /* each turn eats a header */
		if (!hearing_is_readable(turn->hearing, dissect_smb2(&frame, &smb2)))
			return true;
		if (smb2.form == SMB2_ENCRYPTED)
			return false;
		if (smb2.form == SMB2_PLAIN)
			smb2_tell(turn->hearing, turn->notes, &smb2);
	}
	return true;
}

static struct reading read_smb(struct session_turn *turn)
{
	struct cursor in = turn->stream;
	struct nbss frame;
	enum dissect got = dissect_nbss(&in, &frame);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_lost();
	if (frame.kind == NBSS_SESSION_REQUEST)
		tell_request(turn->hearing, &frame);
	if (frame.kind == NBSS_MESSAGE) {
		uint32_t wanted = length_wanted(frame.message, frame.length);
		struct span shown = cursor_take_up_to(&frame.message, wanted);

		if (shown.len < wanted && !turn->is_last)
			return reading_wait();
		if (shown.len > 0 &&
		    !read_frame(turn, cursor_over(shown.data, shown.len), frame.length))
			return reading_end();
	}
	return (struct reading){ .state = READING_ON,
				 .consumed = cursor_offset(&in, &turn->stream),
				 .skip = frame.missing };
}

const struct session_reader session_reader_smb = {
	.opens = opens,
	.read = read_smb,
	.begins = begins,
	.first_bytes = { NBSS_MESSAGE, NBSS_MESSAGE },
};
