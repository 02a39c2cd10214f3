#include "dissectors/imap.h"
#include "dissectors/line.h"
#include "sensor/dialogue/mail_words.h"
#include "sensor/dialogue/session_readers.h"

enum { PORT_IMAP = 143 };

/* What the reply with the noted tag will be about. */
enum imap_matter {
	MATTER_NONE,
	MATTER_LOGIN,
	MATTER_TLS,
};

struct imap_notes {
	struct mail_attempt login;
	uint8_t matter; /* enum imap_matter */
	uint8_t tag_len;
	uint8_t tag[IMAP_TAG_MAX];
	bool is_greeted;
	bool is_challenged;  /* the client's next line is an answer */
	bool client_goes_on; /* behind a long literal */
	bool server_goes_on;
};

_Static_assert(sizeof(struct imap_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static enum dissect client_opens(const struct session_opening *opening)
{
	struct imap_command command;
	enum dissect got = dissect_imap_command(opening->stream, &command);

	if (got == DISSECT_OK)
		return command.verb != IMAP_UNKNOWN ? DISSECT_OK : DISSECT_OTHER;
	return got == DISSECT_TRUNCATED && opening->server_port == PORT_IMAP ? got : DISSECT_OTHER;
}

static bool may_greet(struct span text)
{
	return span_may_become(text, "* ok") || span_may_become(text, "* preauth") ||
	       span_may_become(text, "* bye");
}

static enum dissect server_opens(const struct session_opening *opening)
{
	struct imap_reply reply;
	enum dissect got;

	if (opening->server_port != PORT_IMAP && !may_greet(opening->stream.rest))
		return DISSECT_OTHER;
	got = dissect_imap_reply(opening->stream, &reply);
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

static enum dissect opens(const struct session_opening *opening)
{
	return opening->from_client ? client_opens(opening) : server_opens(opening);
}

static bool begins(bool from_client, struct cursor bytes)
{
	struct imap_command command;
	struct imap_reply reply;

	if (!from_client)
		return dissect_imap_reply(bytes, &reply) == DISSECT_OK &&
		       reply.kind != IMAP_CONTINUATION;
	return dissect_imap_command(bytes, &command) == DISSECT_OK && command.verb != IMAP_UNKNOWN;
}

static void note_matter(struct imap_notes *notes, enum imap_matter matter, struct span tag)
{
	notes->matter = (uint8_t)matter;
	notes->tag_len = (uint8_t)tag.len;
	memcpy(notes->tag, tag.data, tag.len);
}

static struct reading read_command(struct session_turn *turn, struct imap_notes *notes)
{
	struct imap_command command;
	enum dissect got = dissect_imap_command(turn->stream, &command);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	if (command.verb == IMAP_LOGIN || command.verb == IMAP_AUTHENTICATE) {
		mail_tell_login(turn->hearing, "imap", &notes->login, MAIL_OUTCOME_NONE, 0);
		mail_attempt_note(&notes->login, &command.login, command.has_answer, turn);
		note_matter(notes, MATTER_LOGIN, command.tag);
	} else if (command.verb == IMAP_STARTTLS) {
		note_matter(notes, MATTER_TLS, command.tag);
	}
	notes->is_challenged = false; /* leave to send a literal is no challenge */
	notes->client_goes_on = command.literal_left > 0;
	return (struct reading){ .state = READING_ON,
				 .consumed = command.consumed,
				 .skip = command.literal_left };
}

/* Behind a literal that was too long to be wanted. */
static struct reading read_rest(struct session_turn *turn, bool *goes_on)
{
	struct imap_rest rest;
	enum dissect got = dissect_imap_rest(turn->stream, &rest);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	*goes_on = rest.literal_left > 0;
	return (struct reading){ .state = READING_ON,
				 .consumed = rest.consumed,
				 .skip = rest.literal_left };
}

/* The line that ends IDLE has no tag (RFC 2177). */
static size_t done_len(struct cursor stream)
{
	struct cursor in = stream;
	struct span line = { 0 };

	if (line_take(&in, IMAP_LINE_MAX, &line) != DISSECT_OK || !span_is(line, "done"))
		return 0;
	return cursor_offset(&in, &stream);
}

static struct reading read_client(struct session_turn *turn, struct imap_notes *notes)
{
	size_t done;

	if (turn->is_resumed) {
		notes->client_goes_on = false;
		notes->is_challenged = false;
		notes->login.has_answer = true;
	}
	if (notes->client_goes_on)
		return read_rest(turn, &notes->client_goes_on);
	if (notes->matter == MATTER_TLS && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "imap", 0);
	if (notes->is_challenged && notes->login.is_pending)
		return mail_read_answer(turn, &notes->login, &notes->is_challenged);
	if (span_may_become(turn->stream.rest, "done\r\n") && !turn->is_last) {
		done = done_len(turn->stream);
		return done > 0 ? reading_on(done) : reading_wait();
	}
	return read_command(turn, notes);
}

/* READING_SWITCH when the reply says that TLS begins. */
static enum reading_state note_reply(struct session_turn *turn, struct imap_notes *notes,
				     const struct imap_reply *reply)
{
	enum imap_matter matter = (enum imap_matter)notes->matter;

	if (!notes->is_greeted && reply->kind == IMAP_UNTAGGED && reply->status != IMAP_STATUS_NONE)
		mail_tell_greeting(turn->hearing, "imap", 0, (struct span){ 0 }, reply->text);
	notes->is_greeted = true;
	notes->is_challenged = reply->kind == IMAP_CONTINUATION;
	if (notes->is_challenged)
		mail_attempt_challenge(&notes->login, reply->text, turn);
	if (reply->kind != IMAP_TAGGED || matter == MATTER_NONE ||
	    reply->tag.len != notes->tag_len ||
	    memcmp(reply->tag.data, notes->tag, notes->tag_len) != 0)
		return READING_ON;
	notes->matter = MATTER_NONE;
	if (matter == MATTER_TLS)
		return reply->status == IMAP_STATUS_OK ? READING_SWITCH : READING_ON;
	mail_tell_login(turn->hearing, "imap", &notes->login, imap_login_outcome(reply), 0);
	return READING_ON;
}

static struct reading read_server(struct session_turn *turn, struct imap_notes *notes)
{
	struct imap_reply reply;
	enum dissect got;

	if (turn->is_resumed) {
		notes->server_goes_on = false;
		notes->is_greeted = true;
	}
	if (notes->server_goes_on)
		return read_rest(turn, &notes->server_goes_on);
	got = dissect_imap_reply(turn->stream, &reply);
	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK && notes->matter == MATTER_TLS && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "imap", 0);
	if (got != DISSECT_OK)
		return reading_lost();
	if (note_reply(turn, notes, &reply) == READING_SWITCH)
		return mail_switch_to_tls(turn->hearing, "imap", reply.consumed);
	notes->server_goes_on = reply.literal_left > 0;
	return (struct reading){ .state = READING_ON,
				 .consumed = reply.consumed,
				 .skip = reply.literal_left };
}

static struct reading read_imap(struct session_turn *turn)
{
	struct imap_notes *notes = turn->notes;

	return turn->hearing->from_client ? read_client(turn, notes) : read_server(turn, notes);
}

const struct session_reader session_reader_imap = {
	.opens = opens,
	.read = read_imap,
	.begins = begins,
	.first_bytes = { '!', 'z' },
};
