#include "dissectors/line.h"
#include "dissectors/machine_portrait.h"
#include "dissectors/mail_body.h"
#include "dissectors/smtp.h"
#include "sensor/dialogue/mail_words.h"
#include "sensor/dialogue/session_readers.h"

enum {
	CODE_READY = 220,
	CODE_CHALLENGE = 334,
	CODE_SEND_MAIL = 354,
	CODE_REFUSED = 400,
	TOPICS_TOLD = 2, /* of a portrait: one is in many a mail */
};

struct smtp_notes {
	struct mail_attempt login;
	union {
		struct mail_noted sender;         /* of the mail that is announced */
		struct machine_portrait portrait; /* while in the body */
	};
	struct mail_body body;
	uint16_t recipients;
	bool is_greeted;
	bool is_in_body;
	bool has_said_hello; /* its reply says what the server offers */
	bool wants_tls;
};

_Static_assert(sizeof(struct smtp_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static bool is_port(uint16_t port)
{
	static const uint16_t ports[] = { 25, 26, 465, 587, 2525 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (port == ports[i])
			return true;
	}
	return false;
}

static bool is_hello(enum smtp_verb verb)
{
	return verb == SMTP_HELO || verb == SMTP_EHLO || verb == SMTP_LHLO;
}

static enum dissect client_opens(struct cursor stream, bool has_port)
{
	struct smtp_command command;
	enum dissect got;

	if (!has_port && !span_may_become(stream.rest, "helo") &&
	    !span_may_become(stream.rest, "ehlo") && !span_may_become(stream.rest, "lhlo"))
		return DISSECT_OTHER;
	got = dissect_smtp_command(stream, &command);
	if (got != DISSECT_OK)
		return got == DISSECT_TRUNCATED ? got : DISSECT_OTHER;
	return has_port                 ? command.verb != SMTP_UNKNOWN ? DISSECT_OK : DISSECT_OTHER
	       : is_hello(command.verb) ? DISSECT_OK
					: DISSECT_OTHER;
}

/* "220 mail.example ESMTP Postfix"; FTP begins alike but for the word. */
static bool names_smtp(struct span text)
{
	while (text.len > 0) {
		struct span word = span_word(&text);

		if (span_begins(word, "smtp") || span_begins(word, "esmtp") ||
		    span_begins(word, "lmtp"))
			return true;
	}
	return false;
}

static enum dissect server_opens(struct cursor stream, bool has_port)
{
	struct smtp_reply reply;
	enum dissect got;

	if (!has_port && !span_may_become(stream.rest, "220"))
		return DISSECT_OTHER;
	got = dissect_smtp_reply(stream, &reply);
	if (got != DISSECT_OK)
		return got == DISSECT_TRUNCATED ? got : DISSECT_OTHER;
	/* A greeting that names nothing waits for what the client says. */
	return has_port || names_smtp(reply.reply.text) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect opens(const struct session_opening *opening)
{
	bool has_port = is_port(opening->server_port);

	return opening->from_client ? client_opens(opening->stream, has_port)
				    : server_opens(opening->stream, has_port);
}

static bool begins(bool from_client, struct cursor bytes)
{
	struct smtp_command command;
	struct smtp_reply reply;

	if (!from_client)
		return dissect_smtp_reply(bytes, &reply) == DISSECT_OK;
	return dissect_smtp_command(bytes, &command) == DISSECT_OK && command.verb != SMTP_UNKNOWN;
}

static void tell_command(struct hearing *hearing, const struct smtp_command *command)
{
	struct attributes *said;

	if (command->verb == SMTP_UNKNOWN)
		return; /* it may be an answer of a login whose beginning was not seen */
	said = hearing_message(hearing, MESSAGE_SMTP_COMMAND);
	attributes_add_wire(said, ATTRIBUTE_METHOD, command->name);
	attributes_add_host(said, ATTRIBUTE_HOST, command->domain);
	if (command->verb == SMTP_MAIL)
		attributes_add_wire(said, ATTRIBUTE_SENDER, command->path);
	if (command->verb == SMTP_RCPT)
		attributes_add_wire(said, ATTRIBUTE_RECIPIENT, command->path);
	hearing_tell(hearing);
}

static void tell_envelope(struct hearing *hearing, struct smtp_notes *notes)
{
	struct attributes *said;

	if (notes->recipients == 0)
		return;
	said = hearing_message(hearing, MESSAGE_MAIL_ENVELOPE);
	attributes_add_wire(said, ATTRIBUTE_SENDER, mail_noted_text(&notes->sender));
	attributes_add_number(said, ATTRIBUTE_RECIPIENTS, notes->recipients);
	hearing_tell(hearing);
	notes->recipients = 0;
}

static void begin_body(struct smtp_notes *notes)
{
	notes->is_in_body = true;
	notes->body = (struct mail_body){ 0 };
	notes->portrait = (struct machine_portrait){ 0 };
}

/* Also where there may be none: then what is known of the mail stays. */
static void end_body(struct smtp_notes *notes)
{
	if (notes->is_in_body)
		notes->sender = (struct mail_noted){ 0 };
	notes->is_in_body = false;
}

static void note_command(struct session_turn *turn, struct smtp_notes *notes,
			 const struct smtp_command *command)
{
	switch ((unsigned)command->verb) {
	case SMTP_HELO:
	case SMTP_EHLO:
	case SMTP_LHLO:
		notes->has_said_hello = true;
		break;
	case SMTP_STARTTLS:
	case SMTP_X_ANONYMOUSTLS:
		notes->wants_tls = true;
		break;
	case SMTP_AUTH:
	case SMTP_X_EXPS:
		mail_attempt_note(&notes->login, &command->login, command->has_answer, turn);
		break;
	case SMTP_MAIL:
		mail_note(&notes->sender, command->path);
		notes->recipients = 0;
		break;
	case SMTP_RCPT:
		if (notes->recipients < UINT16_MAX)
			notes->recipients++;
		break;
	case SMTP_DATA:
		tell_envelope(turn->hearing, notes);
		begin_body(notes);
		break;
	case SMTP_BDAT:
		tell_envelope(turn->hearing, notes);
		break;
	default:
		break;
	}
}

/* Nothing of its text, only that it describes a machine. */
static void tell_portrait(struct hearing *hearing, const struct machine_portrait *portrait)
{
	unsigned topics = machine_portrait_topics(portrait);
	struct attributes *said;

	if (topics < TOPICS_TOLD)
		return;
	said = hearing_message(hearing, MESSAGE_MAIL_PORTRAIT);
	attributes_add_number(said, ATTRIBUTE_TOPIC_COUNT, topics);
	hearing_tell(hearing);
}

static struct reading read_body(struct session_turn *turn, struct smtp_notes *notes)
{
	struct cursor in = turn->stream;
	bool has_ended = mail_body_take(&notes->body, &in) == DISSECT_OK;
	size_t consumed = cursor_offset(&in, &turn->stream);

	machine_portrait_take(&notes->portrait, (struct span){ turn->stream.rest.data, consumed });
	if (has_ended) {
		tell_portrait(turn->hearing, &notes->portrait);
		end_body(notes);
	}
	return reading_on(consumed);
}

static struct reading read_command(struct session_turn *turn, struct smtp_notes *notes)
{
	struct smtp_command command;
	enum dissect got = dissect_smtp_command(turn->stream, &command);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	mail_tell_login(turn->hearing, "smtp", &notes->login, MAIL_OUTCOME_NONE, 0);
	tell_command(turn->hearing, &command);
	note_command(turn, notes, &command);
	return (struct reading){ .state = READING_ON,
				 .consumed = command.consumed,
				 .skip = command.chunk_len };
}

static struct reading read_client(struct session_turn *turn, struct smtp_notes *notes)
{
	struct mail_auth_line answer;
	enum dissect got;

	if (notes->is_in_body)
		return read_body(turn, notes);
	if (notes->wants_tls && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "smtp", 0);
	if (!notes->login.is_pending)
		return read_command(turn, notes);
	got = dissect_mail_auth_line(turn->stream, &answer);
	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return read_command(turn, notes);
	mail_attempt_answer(&notes->login, answer.base64, turn);
	return reading_on(answer.consumed);
}

static void tell_reply(struct hearing *hearing, const struct smtp_reply *reply, bool is_offer)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SMTP_REPLY);

	attributes_add_number(said, ATTRIBUTE_STATUS, reply->reply.code);
	if (is_offer)
		attributes_add_host(said, ATTRIBUTE_HOST, reply->domain);
	else
		attributes_add_wire(said, ATTRIBUTE_TEXT, reply->reply.text);
	if (reply->offers_starttls)
		attributes_add_flag(said, ATTRIBUTE_STARTTLS);
	mail_add_mechanisms(said, ATTRIBUTE_AUTH, reply->mechanisms);
	hearing_tell(hearing);
}

/* A mail that the server does not want is not sent; what it was told meanwhile are commands. */
static void note_mail(struct smtp_notes *notes, uint16_t code)
{
	if (code == CODE_SEND_MAIL && !notes->is_in_body) {
		begin_body(notes);
	} else if (code >= CODE_REFUSED && notes->body.len == 0) {
		end_body(notes);
	}
}

static void note_reply(struct session_turn *turn, struct smtp_notes *notes,
		       const struct smtp_reply *reply)
{
	struct hearing *hearing = turn->hearing;
	uint16_t code = reply->reply.code;

	if (!notes->is_greeted && (code == CODE_READY || code >= CODE_REFUSED)) {
		mail_tell_greeting(hearing, "smtp", code, reply->domain, reply->reply.text);
	} else if (notes->login.is_pending) {
		if (code == CODE_CHALLENGE)
			mail_attempt_challenge(&notes->login, reply->reply.text, turn);
		else
			mail_tell_login(hearing, "smtp", &notes->login, smtp_login_outcome(code),
					code);
	} else if (notes->has_said_hello || code >= CODE_REFUSED) {
		tell_reply(hearing, reply, code < CODE_REFUSED);
		notes->has_said_hello = false;
	}
	notes->is_greeted = true;
	note_mail(notes, code);
}

static struct reading read_server(struct session_turn *turn, struct smtp_notes *notes)
{
	struct smtp_reply reply;
	enum dissect got = dissect_smtp_reply(turn->stream, &reply);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK && notes->wants_tls && mail_is_tls(turn->stream))
		return mail_switch_to_tls(turn->hearing, "smtp", 0);
	if (got != DISSECT_OK)
		return reading_lost();
	if (notes->wants_tls && reply.reply.code == CODE_READY)
		return mail_switch_to_tls(turn->hearing, "smtp", reply.reply.consumed);
	if (reply.reply.code >= CODE_REFUSED)
		notes->wants_tls = false;
	note_reply(turn, notes, &reply);
	return reading_on(reply.reply.consumed);
}

static struct reading read_smtp(struct session_turn *turn)
{
	struct smtp_notes *notes = turn->notes;

	if (!turn->hearing->from_client) {
		notes->is_greeted |= turn->is_resumed;
		return read_server(turn, notes);
	}
	if (turn->is_resumed) {
		end_body(notes);
		notes->login.has_answer = true;
	}
	return read_client(turn, notes);
}

const struct session_reader session_reader_smtp = {
	.opens = opens,
	.read = read_smtp,
	.begins = begins,
	.first_bytes = { '0', 'z' },
};
