#include "dissectors/imap.h"

#include "dissectors/line.h"

enum { VERB_MIN = 2, VERB_MAX = 16 };

static const char *const verbs[] = {
	[IMAP_UNKNOWN] = NULL,
	[IMAP_LOGIN] = "login",
	[IMAP_AUTHENTICATE] = "authenticate",
	[IMAP_STARTTLS] = "starttls",
	[IMAP_CAPABILITY] = "capability",
	[IMAP_ID] = "id",
	[IMAP_NOOP] = "noop",
	[IMAP_LOGOUT] = "logout",
	[IMAP_SELECT] = "select",
	[IMAP_EXAMINE] = "examine",
	[IMAP_CREATE] = "create",
	[IMAP_DELETE] = "delete",
	[IMAP_RENAME] = "rename",
	[IMAP_SUBSCRIBE] = "subscribe",
	[IMAP_UNSUBSCRIBE] = "unsubscribe",
	[IMAP_LIST] = "list",
	[IMAP_XLIST] = "xlist",
	[IMAP_LSUB] = "lsub",
	[IMAP_NAMESPACE] = "namespace",
	[IMAP_STATUS] = "status",
	[IMAP_APPEND] = "append",
	[IMAP_IDLE] = "idle",
	[IMAP_ENABLE] = "enable",
	[IMAP_CHECK] = "check",
	[IMAP_CLOSE] = "close",
	[IMAP_UNSELECT] = "unselect",
	[IMAP_EXPUNGE] = "expunge",
	[IMAP_SEARCH] = "search",
	[IMAP_SORT] = "sort",
	[IMAP_THREAD] = "thread",
	[IMAP_FETCH] = "fetch",
	[IMAP_STORE] = "store",
	[IMAP_COPY] = "copy",
	[IMAP_MOVE] = "move",
	[IMAP_UID] = "uid",
	[IMAP_COMPRESS] = "compress",
	[IMAP_GETQUOTAROOT] = "getquotaroot",
};

static const char *const statuses[] = {
	[IMAP_STATUS_NONE] = NULL, [IMAP_STATUS_OK] = "ok",           [IMAP_STATUS_NO] = "no",
	[IMAP_STATUS_BAD] = "bad", [IMAP_STATUS_PREAUTH] = "preauth", [IMAP_STATUS_BYE] = "bye",
};

/* RFC 9051 9: any ASTRING-CHAR but '+'. Clients use letters and digits, and a few signs. */
static bool is_tag_byte(uint8_t byte)
{
	static const char signs[] = { '.', '-', '_', '#', '$', '!', '&', ',', '/', ':', '=' };

	return ascii_is_letter(byte) || ascii_is_digit(byte) ||
	       memchr(signs, byte, sizeof(signs)) != NULL;
}

/* The length in "{123}", "{123+}" or "~{123}" at the end of a line. */
static bool read_literal(struct span line, uint64_t *len)
{
	struct span rest = line;
	struct span digits;

	if (line.len == 0 || line.data[line.len - 1] != '}')
		return false;
	do
		digits = span_until(&rest, '{');
	while (rest.len > 0);
	digits = span_until(&digits, '}');
	if (digits.len > 0 && digits.data[digits.len - 1] == '+')
		digits.len--;
	return span_decimal(digits, len);
}

/* A line and the literals that it goes on behind, but for one longer than `literal_max`. */
static enum dissect take_lines(struct cursor *in, uint64_t literal_max, uint64_t *literal_left)
{
	for (int i = 0; i <= IMAP_LITERALS_MAX; i++) {
		struct span line = { 0 };
		uint64_t len = 0;
		enum dissect got = line_take(in, IMAP_LINE_MAX, &line);

		if (got != DISSECT_OK || !read_literal(line, &len))
			return got;
		if (len > literal_max) {
			*literal_left = len;
			return DISSECT_OK;
		}
		cursor_skip(in, (size_t)len);
		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
	}
	return DISSECT_MALFORMED;
}

/* Between the quotes; a quote or backslash in it has a backslash before it. */
static struct span take_quoted(struct cursor *in)
{
	struct cursor start = *in;
	size_t len = 0;

	for (;;) {
		uint8_t byte = cursor_u8(in);

		if (byte == '\\')
			(void)cursor_u8(in);
		if (byte == '"' || !cursor_ok(in))
			return cursor_take(&start, len);
		len = cursor_offset(in, &start);
	}
}

static void drop_backslashes(struct mail_login *login)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < login->user_len; i++) {
		if (login->user[i] == '\\' && i + 1 < login->user_len)
			i++;
		login->user[kept++] = login->user[i];
	}
	login->user_len = kept;
}

/* The first of LOGIN's two strings: an atom, in quotes, or a literal. */
static void read_user(struct cursor in, struct mail_login *login)
{
	struct cursor first_line = in;
	struct span line = cursor_take_until(&first_line, '\n');
	uint64_t len = 0;

	login->mechanism = MAIL_MECHANISM_CLEAR;
	line = span_trim(line);
	if (line.len > 0 && line.data[0] == '"') {
		struct cursor quoted = { .rest = line };

		cursor_skip(&quoted, 1);
		mail_login_keep_user(login, take_quoted(&quoted));
		drop_backslashes(login);
	} else if (line.len > 0 && line.data[0] == '{' && read_literal(line, &len)) {
		mail_login_keep_user(login, cursor_take(&first_line, (size_t)len));
	} else {
		mail_login_keep_user(login, span_word(&line));
	}
}

enum dissect dissect_imap_command(struct cursor in, struct imap_command *out)
{
	const struct cursor start = in;
	struct imap_command msg = { 0 };
	enum dissect got = line_word(&in, IMAP_TAG_MAX, is_tag_byte, &msg.tag);

	if (got == DISSECT_OK)
		got = verb_read(in, VERB_MIN, VERB_MAX, &msg.name);
	if (got != DISSECT_OK)
		return got;

	struct cursor arguments = cursor_at(in, msg.name.len);

	got = take_lines(&in, IMAP_LITERAL_MAX, &msg.literal_left);
	if (got != DISSECT_OK)
		return got;
	msg.verb = (enum imap_verb)verb_find(msg.name, verbs, sizeof(verbs) / sizeof(verbs[0]));
	msg.consumed = cursor_offset(&in, &start);
	if (msg.verb == IMAP_LOGIN && msg.literal_left == 0)
		read_user(arguments, &msg.login);
	if (msg.verb == IMAP_AUTHENTICATE)
		msg.has_answer = mail_login_read_auth(
			&msg.login, span_trim(cursor_take_until(&arguments, '\n')));

	*out = msg;
	return DISSECT_OK;
}

static void read_capabilities(struct span names, struct imap_reply *msg)
{
	msg->has_capabilities = true;
	while (names.len > 0) {
		struct span name = span_word(&names);

		if (span_is(name, "starttls"))
			msg->offers_starttls = true;
		else if (span_is(name, "logindisabled"))
			msg->login_is_disabled = true;
		else if (span_eat(&name, "auth="))
			msg->mechanisms |= (uint16_t)mail_mechanism_of(name);
	}
}

static void read_status(struct span line, struct imap_reply *msg)
{
	struct span rest = line;
	struct span word = span_word(&rest);

	msg->status =
		(enum imap_status)verb_find(word, statuses, sizeof(statuses) / sizeof(statuses[0]));
	if (span_is(word, "capability"))
		read_capabilities(rest, msg);
	msg->text = msg->status != IMAP_STATUS_NONE ? rest : line;
	if (msg->status != IMAP_STATUS_NONE && span_eat(&rest, "[capability "))
		read_capabilities(span_until(&rest, ']'), msg);
}

static enum dissect read_kind(struct cursor *in, struct imap_reply *msg)
{
	struct cursor ahead = *in;
	uint8_t first = cursor_u8(&ahead);

	if (first != '*' && first != '+') {
		msg->kind = IMAP_TAGGED;
		return line_word(in, IMAP_TAG_MAX, is_tag_byte, &msg->tag);
	}

	uint8_t blank = cursor_u8(&ahead);

	if (!cursor_ok(&ahead))
		return DISSECT_TRUNCATED;
	if (blank != ' ' && (first == '*' || (blank != '\r' && blank != '\n')))
		return DISSECT_OTHER;
	cursor_skip(in, 1);
	msg->kind = first == '*' ? IMAP_UNTAGGED : IMAP_CONTINUATION;
	return DISSECT_OK;
}

enum dissect dissect_imap_reply(struct cursor in, struct imap_reply *out)
{
	const struct cursor start = in;
	struct imap_reply msg = { 0 };
	struct span line = { 0 };
	enum dissect got = read_kind(&in, &msg);

	if (got == DISSECT_OK)
		got = line_take(&in, IMAP_LINE_MAX, &line);
	if (got != DISSECT_OK)
		return got;
	line = span_trim(line);
	if (msg.kind == IMAP_CONTINUATION)
		msg.text = line;
	else
		read_status(line, &msg);
	if (msg.kind == IMAP_TAGGED && msg.status == IMAP_STATUS_NONE)
		return DISSECT_OTHER;
	(void)read_literal(line, &msg.literal_left);
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

enum dissect dissect_imap_rest(struct cursor in, struct imap_rest *out)
{
	const struct cursor start = in;
	struct imap_rest rest = { 0 };
	struct span line = { 0 };
	enum dissect got = line_take(&in, IMAP_LINE_MAX, &line);

	if (got != DISSECT_OK)
		return got;
	(void)read_literal(line, &rest.literal_left);
	rest.consumed = cursor_offset(&in, &start);

	*out = rest;
	return DISSECT_OK;
}

enum mail_outcome imap_login_outcome(const struct imap_reply *reply)
{
	if (reply->kind != IMAP_TAGGED)
		return MAIL_OUTCOME_NONE;
	return reply->status == IMAP_STATUS_OK ? MAIL_OUTCOME_ACCEPTED : MAIL_OUTCOME_REFUSED;
}
