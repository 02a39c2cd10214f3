#include "dissectors/ftp.h"
#include "dissectors/line.h"
#include "sensor/dialogue/session_readers.h"

enum {
	FTP_USER_KEPT = 64,
	CODE_TLS = 234, /* RFC 4217 4 */
	CODE_REFUSED = 400,
};

struct ftp_notes {
	uint8_t user_len;
	uint8_t user[FTP_USER_KEPT]; /* of USER; unchecked */
	bool is_login;               /* its outcome is not known */
	bool has_password;
	bool wants_tls;
};

_Static_assert(sizeof(struct ftp_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static bool is_port(uint16_t port)
{
	static const uint16_t ports[] = { 21, 2121 };

	return port == ports[0] || port == ports[1];
}

/* Elsewhere a server names itself; what a client says could be many a protocol's. */
static enum dissect client_opens(const struct session_opening *opening)
{
	struct ftp_command command;
	enum dissect got;

	if (!is_port(opening->server_port))
		return DISSECT_OTHER;
	got = dissect_ftp_command(opening->stream, &command);
	if (got == DISSECT_OK && command.verb == FTP_UNKNOWN)
		return DISSECT_OTHER;
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

/* "220 (vsFTPd 3.0.3)", "220-FileZilla Server", "220 Microsoft FTP Service" */
static bool names_ftp(struct span text)
{
	struct cursor in = { .rest = text };

	for (; cursor_left(&in) > 0; cursor_skip(&in, 1)) {
		if (span_begins(in.rest, "ftp") || span_begins(in.rest, "filezilla"))
			return true;
	}
	return false;
}

static enum dissect server_opens(const struct session_opening *opening)
{
	bool has_port = is_port(opening->server_port);
	struct ftp_reply reply;
	enum dissect got;

	if (!has_port && !span_may_become(opening->stream.rest, "220"))
		return DISSECT_OTHER;
	got = dissect_ftp_reply(opening->stream, &reply);
	if (got != DISSECT_OK)
		return got == DISSECT_TRUNCATED ? got : DISSECT_OTHER;
	return has_port || names_ftp(reply.reply.all) ? DISSECT_OK : DISSECT_OTHER;
}

static enum dissect opens(const struct session_opening *opening)
{
	return opening->from_client ? client_opens(opening) : server_opens(opening);
}

static bool begins(bool from_client, struct cursor bytes)
{
	struct ftp_command command;
	struct ftp_reply reply;

	if (!from_client)
		return dissect_ftp_reply(bytes, &reply) == DISSECT_OK;
	return dissect_ftp_command(bytes, &command) == DISSECT_OK && command.verb != FTP_UNKNOWN;
}

static void add_endpoint(struct attributes *said, const struct ftp_endpoint *end)
{
	struct address address;

	if (end->port == 0)
		return;
	if (end->address_len > 0) {
		address = end->address_len == FTP_ADDRESS_LEN ? address_v6(end->address)
							      : address_v4(end->address);
		attributes_add_address(said, ATTRIBUTE_DATA_ADDRESS, &address);
	}
	attributes_add_number(said, ATTRIBUTE_DATA_PORT, end->port);
}

static bool is_secret(enum ftp_verb verb)
{
	return verb == FTP_PASS || verb == FTP_ACCT;
}

/* SITE changes passwords on some servers: of what follows such a word nothing is told. */
static struct span without_passwords(const struct ftp_command *command)
{
	static const char *const words[] = { "pswd",    "chpass", "gpass",
					     "chgpass", "passwd", "password" };
	struct span rest = command->argument;
	struct span word = span_word(&rest);

	for (size_t i = 0; command->verb == FTP_SITE && i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_is(word, words[i]))
			return word;
	}
	return command->argument;
}

static void tell_command(struct hearing *hearing, const struct ftp_command *command)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_FTP_COMMAND);

	attributes_add_wire(said, ATTRIBUTE_METHOD, command->name);
	if (command->verb != FTP_UNKNOWN) /* a misspelt PASS is no reason to tell one */
		attributes_add_wire(said, ATTRIBUTE_ARGUMENT, without_passwords(command));
	if (is_secret(command->verb) && command->argument_len > 0)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	add_endpoint(said, &command->endpoint);
	hearing_tell(hearing);
}

static void note_command(struct ftp_notes *notes, const struct ftp_command *command)
{
	struct span user = command->argument;

	notes->wants_tls = command->verb == FTP_AUTH;
	if (command->verb == FTP_USER) {
		notes->user_len = (uint8_t)(user.len < FTP_USER_KEPT ? user.len : FTP_USER_KEPT);
		if (notes->user_len > 0)
			memcpy(notes->user, user.data, notes->user_len);
		notes->has_password = false;
	}
	notes->has_password |= is_secret(command->verb) && command->argument_len > 0;
	notes->is_login = command->verb == FTP_USER || is_secret(command->verb);
}

static struct reading read_client(struct session_turn *turn, struct ftp_notes *notes)
{
	enum { TLS_HANDSHAKE = 22 };
	struct cursor first = turn->stream;
	struct ftp_command command;
	enum dissect got = dissect_ftp_command(turn->stream, &command);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK && notes->wants_tls && cursor_u8(&first) == TLS_HANDSHAKE)
		return (struct reading){ .state = READING_SWITCH };
	if (got != DISSECT_OK)
		return reading_lost();
	tell_command(turn->hearing, &command);
	note_command(notes, &command);
	return reading_on(command.consumed);
}

static void tell_reply(struct hearing *hearing, const struct ftp_reply *reply)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_FTP_REPLY);

	attributes_add_number(said, ATTRIBUTE_STATUS, reply->reply.code);
	attributes_add_wire(said, ATTRIBUTE_TEXT, reply->reply.text);
	add_endpoint(said, &reply->endpoint);
	hearing_tell(hearing);
}

static void tell_login(struct hearing *hearing, struct ftp_notes *notes, uint16_t code)
{
	enum ftp_login login = ftp_login_of(code);
	struct attributes *said;

	if (!notes->is_login || (login != FTP_LOGIN_ACCEPTED && login != FTP_LOGIN_REFUSED))
		return;
	said = hearing_message(hearing, MESSAGE_FTP_LOGIN);
	attributes_add_wire(said, ATTRIBUTE_USER, (struct span){ notes->user, notes->user_len });
	if (notes->has_password)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	attributes_add_text(said, ATTRIBUTE_OUTCOME,
			    login == FTP_LOGIN_ACCEPTED ? "accepted" : "refused");
	attributes_add_number(said, ATTRIBUTE_STATUS, code);
	hearing_tell(hearing);
	notes->is_login = false;
}

static struct reading read_server(struct session_turn *turn, struct ftp_notes *notes)
{
	struct ftp_reply reply;
	enum dissect got = dissect_ftp_reply(turn->stream, &reply);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	tell_reply(turn->hearing, &reply);
	tell_login(turn->hearing, notes, reply.reply.code);
	if (notes->wants_tls && reply.reply.code == CODE_TLS)
		return (struct reading){ .state = READING_SWITCH,
					 .consumed = reply.reply.consumed };
	if (reply.reply.code >= CODE_REFUSED)
		notes->wants_tls = false;
	return reading_on(reply.reply.consumed);
}

static struct reading read_ftp(struct session_turn *turn)
{
	struct ftp_notes *notes = turn->notes;

	return turn->hearing->from_client ? read_client(turn, notes) : read_server(turn, notes);
}

const struct session_reader session_reader_ftp = {
	.opens = opens,
	.read = read_ftp,
	.begins = begins,
	.first_bytes = { '0', UINT8_MAX }, /* Telnet's may stand before a command */
};
