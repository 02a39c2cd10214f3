#include "dissectors/pop3.h"

#include "dissectors/line.h"

enum { VERB_MIN = 3, VERB_MAX = 4 };

static const char *const verbs[] = {
	[POP3_UNKNOWN] = NULL, [POP3_USER] = "user", [POP3_PASS] = "pass", [POP3_APOP] = "apop",
	[POP3_AUTH] = "auth",  [POP3_STLS] = "stls", [POP3_CAPA] = "capa", [POP3_STAT] = "stat",
	[POP3_LIST] = "list",  [POP3_UIDL] = "uidl", [POP3_TOP] = "top",   [POP3_RETR] = "retr",
	[POP3_DELE] = "dele",  [POP3_LAST] = "last", [POP3_XTND] = "xtnd", [POP3_NOOP] = "noop",
	[POP3_RSET] = "rset",  [POP3_LANG] = "lang", [POP3_UTF8] = "utf8", [POP3_QUIT] = "quit",
};

static void read_argument(struct pop3_command *msg, struct span argument)
{
	struct span words = argument;

	msg->argument_len = argument.len;
	if (msg->verb == POP3_PASS)
		return;
	if (msg->verb == POP3_AUTH) {
		msg->has_answer = mail_login_read_auth(&msg->login, argument);
		return;
	}
	if (msg->verb == POP3_APOP) {
		msg->login.mechanism = MAIL_MECHANISM_APOP;
		mail_login_keep_user(&msg->login, span_word(&words));
		return;
	}
	msg->argument = argument;
	if (msg->verb == POP3_USER) {
		msg->login.mechanism = MAIL_MECHANISM_CLEAR;
		mail_login_keep_user(&msg->login, argument);
	}
}

enum dissect dissect_pop3_command(struct cursor in, struct pop3_command *out)
{
	const struct cursor start = in;
	struct pop3_command msg = { 0 };
	struct span line = { 0 };
	enum dissect got = verb_read(in, VERB_MIN, VERB_MAX, &msg.name);

	if (got == DISSECT_OK)
		got = line_take(&in, POP3_LINE_MAX, &line);
	if (got != DISSECT_OK)
		return got;

	struct cursor argument = { .rest = line };

	cursor_skip(&argument, msg.name.len);
	msg.verb = (enum pop3_verb)verb_find(msg.name, verbs, sizeof(verbs) / sizeof(verbs[0]));
	read_argument(&msg, span_trim(argument.rest));
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

/* Which it is, told by its first bytes. */
static enum dissect read_status(struct span *text, enum pop3_status *status)
{
	if (!span_may_become(*text, "+ok") && !span_may_become(*text, "-err") &&
	    !span_may_become(*text, "+ "))
		return DISSECT_OTHER;
	if (span_eat(text, "+ok"))
		*status = POP3_OK;
	else if (span_eat(text, "-err"))
		*status = POP3_ERROR;
	else if (span_eat(text, "+ "))
		*status = POP3_CONTINUATION;
	else
		return DISSECT_TRUNCATED;
	return DISSECT_OK;
}

enum dissect dissect_pop3_reply(struct cursor in, struct pop3_reply *out)
{
	const struct cursor start = in;
	struct pop3_reply msg = { 0 };
	struct span line = in.rest;
	enum dissect got = read_status(&line, &msg.status);

	if (got == DISSECT_OK)
		got = line_take(&in, POP3_LINE_MAX, &line);
	if (got == DISSECT_OK)
		got = read_status(&line, &msg.status);
	if (got != DISSECT_OK)
		return got;
	if (msg.status != POP3_CONTINUATION && line.len > 0 && line.data[0] != ' ')
		return DISSECT_OTHER;
	msg.text = span_trim(line);
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

bool pop3_reply_has_body(const struct pop3_command *command)
{
	switch ((unsigned)command->verb) {
	case POP3_RETR:
	case POP3_TOP:
	case POP3_CAPA:
		return true;
	case POP3_LIST:
	case POP3_UIDL:
	case POP3_AUTH: /* alone it asks for the mechanisms */
	case POP3_LANG:
		return command->argument_len == 0;
	default:
		return false;
	}
}

enum mail_outcome pop3_login_outcome(enum pop3_status status)
{
	switch (status) {
	case POP3_OK:
		return MAIL_OUTCOME_ACCEPTED;
	case POP3_ERROR:
		return MAIL_OUTCOME_REFUSED;
	case POP3_CONTINUATION:
		break;
	}
	return MAIL_OUTCOME_NONE;
}
