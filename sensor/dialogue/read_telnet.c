#include "dissectors/telnet.h"
#include "sensor/dialogue/session_readers.h"

enum { PORT_TELNET = 23 };

struct telnet_notes {
	struct telnet server; /* the client's is rebuilt at each turn, for it ends with a command */
};

_Static_assert(sizeof(struct telnet_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* Only what is typed or prompted: other protocols on this port begin with other bytes. */
static bool is_text(struct cursor stream)
{
	static const char controls[] = { '\r', '\n', '\t', '\b', '\x1b' };
	enum { SHOWN_MAX = 16 };
	struct cursor in = { .rest = cursor_take_up_to(&stream, SHOWN_MAX) };

	while (cursor_left(&in) > 0) {
		uint8_t byte = cursor_u8(&in);

		if ((byte < ' ' && !memchr(controls, byte, sizeof(controls))) || byte > '~')
			return false;
	}
	return true;
}

/* A server that negotiates nothing is known by its port. What a client types is not: it waits. */
static enum dissect opens(const struct session_opening *opening)
{
	static const uint8_t ssh[] = { 'S', 'S', 'H', '-' };
	struct cursor in = opening->stream;
	struct span start = cursor_take_up_to(&in, sizeof(ssh));
	enum dissect got = dissect_telnet(opening->stream);

	if (got != DISSECT_OTHER || opening->server_port != PORT_TELNET || opening->from_client)
		return got;
	if (memcmp(start.data, ssh, start.len) == 0)
		return start.len < sizeof(ssh) ? DISSECT_TRUNCATED : DISSECT_OTHER;
	return is_text(opening->stream) ? DISSECT_OK : DISSECT_OTHER;
}

/* Any packet will do: what was not seen is text or a few options. */
static bool begins(bool from_client, struct cursor bytes)
{
	(void)from_client;
	return dissect_telnet(bytes) == DISSECT_OK;
}

static void tell_terminal(struct hearing *hearing, const struct telnet *client)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TELNET_TERMINAL);

	attributes_add_wire(said, ATTRIBUTE_TERMINAL,
			    (struct span){ client->terminal, client->terminal_len });
	hearing_tell(hearing);
}

/* Consumes what is not a part of a command; nothing else of what a client says is wanted. */
static struct reading read_client(struct session_turn *turn)
{
	struct telnet client = { 0 };
	struct cursor in = turn->stream;
	size_t consumed = 0;

	while (cursor_left(&in) > 0) {
		struct cursor byte = cursor_sub(&in, 1);

		telnet_feed(&client, &byte);
		if (client.state != TELNET_TEXT)
			continue;
		consumed = cursor_offset(&in, &turn->stream);
		if (client.terminal_len > 0) {
			tell_terminal(turn->hearing, &client);
			return reading_end();
		}
	}
	if (consumed == 0 && turn->is_last)
		return reading_lost();
	return (struct reading){ .state = READING_WAIT, .consumed = consumed };
}

static void tell_login(struct hearing *hearing, bool is_accepted)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TELNET_LOGIN);

	attributes_add_text(said, ATTRIBUTE_OUTCOME, is_accepted ? "accepted" : "refused");
	hearing_tell(hearing);
}

/* Byte by byte, for one packet may hold a refusal and the prompts of the next attempt. */
static struct reading read_server(struct session_turn *turn, struct telnet *server)
{
	struct cursor in = turn->stream;

	while (cursor_left(&in) > 0) {
		struct cursor byte = cursor_sub(&in, 1);

		telnet_feed(server, &byte);
		if (!server->is_accepted && !server->is_refused)
			continue;
		tell_login(turn->hearing, server->is_accepted);
		if (server->is_accepted)
			return reading_end();
		server->is_refused = false;
		server->asks_for_password = false;
	}
	return reading_on(cursor_offset(&in, &turn->stream));
}

static struct reading read_telnet(struct session_turn *turn)
{
	struct telnet_notes *notes = turn->notes;

	return turn->hearing->from_client ? read_client(turn) : read_server(turn, &notes->server);
}

const struct session_reader session_reader_telnet = {
	.opens = opens,
	.read = read_telnet,
	.begins = begins,
	.first_bytes = { 0xff, 0xff }, /* IAC */
};
