#include "dissectors/line.h"
#include "dissectors/mail_body.h"
#include "dissectors/pop3.h"
#include "sensor/dialogue/mail_words.h"
#include "sensor/dialogue/session_readers.h"

enum {
	PORT_POP3 = 110,
	COMMANDS_MAX = 32, /* without their replies, of which some will be long (RFC 2449 6.6) */
};

struct pop3_notes {
	struct mail_attempt login;
	struct mail_body body;
	uint32_t have_body; /* of the commands that wait, one bit each, the oldest lowest */
	uint8_t waiting;
	bool is_greeted;
	bool is_in_body;
	bool is_challenged;
	bool wants_tls;
	struct mail_noted user; /* of USER: the login begins with PASS */
};

_Static_assert(sizeof(struct pop3_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static enum dissect client_opens(const struct session_opening *opening)
{
	struct pop3_command command;
	enum dissect got;

	if (opening->server_port != PORT_POP3)
		return DISSECT_OTHER; /* its greeting will tell */
	got = dissect_pop3_command(opening->stream, &command);
	if (got == DISSECT_OK && command.verb == POP3_UNKNOWN)
		return DISSECT_OTHER;
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

/* On other ports a lone "+OK" is Redis'. */
static enum dissect server_opens(const struct session_opening *opening)
{
	struct pop3_reply reply;
	enum dissect got = dissect_pop3_reply(opening->stream, &reply);

	if (got == DISSECT_OK && opening->server_port != PORT_POP3 &&
	    (reply.status != POP3_OK || reply.text.len == 0))
		return DISSECT_OTHER;
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

static enum dissect opens(const struct session_opening *opening)
{
	return opening->from_client ? client_opens(opening) : server_opens(opening);
}

static bool begins(bool from_client, struct cursor bytes)
{
	struct pop3_command command;
	struct pop3_reply reply;

	if (!from_client)
		return dissect_pop3_reply(bytes, &reply) == DISSECT_OK &&
		       reply.status != POP3_CONTINUATION;
	return dissect_pop3_command(bytes, &command) == DISSECT_OK && command.verb != POP3_UNKNOWN;
}

static void push_command(struct pop3_notes *notes, bool has_body)
{
	if (notes->waiting == COMMANDS_MAX)
		return;
	notes->have_body |= (uint32_t)has_body << notes->waiting;
	notes->waiting++;
}

/* Whether the command that is answered, if it is with +OK, is so with lines. */
static bool pop_command(struct pop3_notes *notes)
{
	bool has_body = (notes->have_body & 1) != 0;

	if (notes->waiting == 0)
		return false;
	notes->have_body >>= 1;
	notes->waiting--;
	return has_body;
}

static void note_command(struct session_turn *turn, struct pop3_notes *notes,
			 const struct pop3_command *command)
{
	struct mail_login clear = { .mechanism = MAIL_MECHANISM_CLEAR };

	mail_tell_login(turn->hearing, "pop3", &notes->login, MAIL_OUTCOME_NONE, 0);
	if (command->verb == POP3_USER) {
		mail_note(&notes->user, command->argument);
	} else if (command->verb == POP3_PASS) {
		mail_login_keep_user(&clear, mail_noted_text(&notes->user));
		mail_attempt_note(&notes->login, &clear, true, turn);
	} else if (command->verb == POP3_APOP ||
		   (command->verb == POP3_AUTH && command->argument_len > 0)) {
		mail_attempt_note(&notes->login, &command->login, command->has_answer, turn);
	}
	notes->wants_tls |= command->verb == POP3_STLS;
	push_command(notes, pop3_reply_has_body(command));
}

static struct reading read_client(struct session_turn *turn, struct pop3_notes *notes)
{
	struct pop3_command command;
	enum dissect got;

	if (turn->is_resumed) {
		notes->is_challenged = false;
		notes->login.has_answer = true;
	}
	if (notes->wants_tls && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "pop3", 0);
	if (notes->is_challenged && notes->login.is_pending)
		return mail_read_answer(turn, &notes->login, &notes->is_challenged);
	got = dissect_pop3_command(turn->stream, &command);
	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	note_command(turn, notes, &command);
	return reading_on(command.consumed);
}

static void note_reply(struct session_turn *turn, struct pop3_notes *notes,
		       const struct pop3_reply *reply)
{
	notes->is_challenged = reply->status == POP3_CONTINUATION;
	if (notes->is_challenged) {
		mail_attempt_challenge(&notes->login, reply->text, turn);
		return;
	}
	if (!notes->is_greeted && notes->waiting == 0)
		mail_tell_greeting(turn->hearing, "pop3", 0, (struct span){ 0 }, reply->text);
	notes->is_greeted = true;
	notes->is_in_body = pop_command(notes) && reply->status == POP3_OK;
	notes->body = (struct mail_body){ 0 };
	if (notes->waiting == 0) /* the last command's, which a login is */
		mail_tell_login(turn->hearing, "pop3", &notes->login,
				pop3_login_outcome(reply->status), 0);
	if (reply->status == POP3_ERROR)
		notes->wants_tls = false;
}

static struct reading read_body(struct session_turn *turn, struct pop3_notes *notes)
{
	struct cursor in = turn->stream;

	notes->is_in_body = mail_body_take(&notes->body, &in) != DISSECT_OK;
	return reading_on(cursor_offset(&in, &turn->stream));
}

static struct reading read_server(struct session_turn *turn, struct pop3_notes *notes)
{
	struct pop3_reply reply;
	enum dissect got;

	if (turn->is_resumed) {
		notes->is_in_body = false;
		notes->is_greeted = true;
	}
	if (notes->is_in_body)
		return read_body(turn, notes);
	got = dissect_pop3_reply(turn->stream, &reply);
	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK && notes->wants_tls && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "pop3", 0);
	if (got != DISSECT_OK)
		return reading_lost();
	if (notes->wants_tls && notes->waiting == 1 && reply.status == POP3_OK)
		return mail_switch_to_tls(turn->hearing, "pop3", reply.consumed);
	note_reply(turn, notes, &reply);
	return reading_on(reply.consumed);
}

static struct reading read_pop3(struct session_turn *turn)
{
	struct pop3_notes *notes = turn->notes;

	return turn->hearing->from_client ? read_client(turn, notes) : read_server(turn, notes);
}

const struct session_reader session_reader_pop3 = {
	.opens = opens,
	.read = read_pop3,
	.begins = begins,
	.first_bytes = { '+', 'z' },
};
