#include "dissectors/smtp.h"

#include "dissectors/line.h"

enum {
	VERB_MIN = 4,
	VERB_MAX = 16,
	CODE_READY = 220,
	CODE_DONE = 250,
	CODE_ACCEPTED = 235,
	CODE_PERMANENT = 500,
};

static const char *const verbs[] = {
	[SMTP_UNKNOWN] = NULL,
	[SMTP_HELO] = "helo",
	[SMTP_EHLO] = "ehlo",
	[SMTP_LHLO] = "lhlo",
	[SMTP_MAIL] = "mail",
	[SMTP_RCPT] = "rcpt",
	[SMTP_DATA] = "data",
	[SMTP_BDAT] = "bdat",
	[SMTP_RSET] = "rset",
	[SMTP_VRFY] = "vrfy",
	[SMTP_EXPN] = "expn",
	[SMTP_HELP] = "help",
	[SMTP_NOOP] = "noop",
	[SMTP_QUIT] = "quit",
	[SMTP_STARTTLS] = "starttls",
	[SMTP_AUTH] = "auth",
	[SMTP_TURN] = "turn",
	[SMTP_ETRN] = "etrn",
	[SMTP_XCLIENT] = "xclient",
	[SMTP_XFORWARD] = "xforward",
	[SMTP_X_ANONYMOUSTLS] = "x-anonymoustls",
	[SMTP_X_EXPS] = "x-exps",
};

/* "FROM:<a@b>"; a blank before the bracket, and no brackets at all, are common errors. */
static struct span read_path(struct span argument, const char *keyword)
{
	if (!span_eat(&argument, keyword))
		return (struct span){ 0 };
	argument = span_trim(argument);
	if (!span_eat(&argument, ":"))
		return (struct span){ 0 };
	argument = span_trim(argument);
	if (span_eat(&argument, "<"))
		return span_trim(span_until(&argument, '>'));
	return span_word(&argument);
}

static void read_argument(struct smtp_command *msg, struct span argument)
{
	struct span words = argument;

	switch (msg->verb) {
	case SMTP_AUTH:
	case SMTP_X_EXPS:
		msg->has_answer = mail_login_read_auth(&msg->login, argument);
		return;
	case SMTP_HELO:
	case SMTP_EHLO:
	case SMTP_LHLO:
		msg->domain = span_word(&words);
		break;
	case SMTP_MAIL:
		msg->path = read_path(argument, "from");
		break;
	case SMTP_RCPT:
		msg->path = read_path(argument, "to");
		break;
	case SMTP_BDAT:
		if (!span_decimal(span_word(&words), &msg->chunk_len))
			msg->chunk_len = 0;
		break;
	case SMTP_UNKNOWN:
	case SMTP_DATA:
	case SMTP_RSET:
	case SMTP_VRFY:
	case SMTP_EXPN:
	case SMTP_HELP:
	case SMTP_NOOP:
	case SMTP_QUIT:
	case SMTP_STARTTLS:
	case SMTP_TURN:
	case SMTP_ETRN:
	case SMTP_XCLIENT:
	case SMTP_XFORWARD:
	case SMTP_X_ANONYMOUSTLS:
		break;
	}
	msg->argument = argument;
}

enum dissect dissect_smtp_command(struct cursor in, struct smtp_command *out)
{
	const struct cursor start = in;
	struct smtp_command msg = { 0 };
	struct span line = { 0 };
	enum dissect got = verb_read(in, VERB_MIN, VERB_MAX, &msg.name);

	if (got == DISSECT_OK)
		got = line_take(&in, SMTP_LINE_MAX, &line);
	if (got != DISSECT_OK)
		return got;

	struct cursor argument = { .rest = line };

	cursor_skip(&argument, msg.name.len);
	msg.verb = (enum smtp_verb)verb_find(msg.name, verbs, sizeof(verbs) / sizeof(verbs[0]));
	read_argument(&msg, span_trim(argument.rest));
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

/* "AUTH LOGIN PLAIN"; also "AUTH=LOGIN PLAIN", from before RFC 4954, for old clients. */
static void read_mechanisms(struct span names, uint16_t *mechanisms)
{
	while (names.len > 0)
		*mechanisms |= (uint16_t)mail_mechanism_of(span_word(&names));
}

/* Every line is one of those already found to be whole. */
static void read_offers(struct smtp_reply *msg)
{
	const size_t code_len = sizeof("250-") - 1;
	struct span lines = msg->reply.all;

	while (lines.len > 0) {
		struct cursor in = { .rest = span_until(&lines, '\n') };

		cursor_skip(&in, code_len);

		struct span offer = span_trim(in.rest);

		if (span_is(offer, "starttls"))
			msg->offers_starttls = true;
		else if (span_eat(&offer, "auth ") || span_eat(&offer, "auth="))
			read_mechanisms(offer, &msg->mechanisms);
	}
}

enum dissect dissect_smtp_reply(struct cursor in, struct smtp_reply *out)
{
	struct smtp_reply msg = { 0 };
	enum dissect got = dissect_coded_reply(in, &msg.reply);

	if (got != DISSECT_OK)
		return got;

	struct span text = msg.reply.text;

	if (msg.reply.code == CODE_READY || msg.reply.code == CODE_DONE)
		msg.domain = span_word(&text);
	if (msg.reply.code == CODE_DONE)
		read_offers(&msg);

	*out = msg;
	return DISSECT_OK;
}

enum mail_outcome smtp_login_outcome(uint16_t code)
{
	if (code == CODE_ACCEPTED)
		return MAIL_OUTCOME_ACCEPTED;
	return code >= CODE_PERMANENT ? MAIL_OUTCOME_REFUSED : MAIL_OUTCOME_NONE;
}
