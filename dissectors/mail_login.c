#include "dissectors/mail_login.h"

#include "dissectors/base64.h"
#include "dissectors/line.h"

struct mechanism_name {
	const char *text;
	enum mail_mechanism mechanism;
};

static const struct mechanism_name mechanisms[] = {
	{ "plain", MAIL_MECHANISM_PLAIN },       { "login", MAIL_MECHANISM_LOGIN },
	{ "cram-md5", MAIL_MECHANISM_CRAM_MD5 }, { "digest-md5", MAIL_MECHANISM_DIGEST_MD5 },
	{ "ntlm", MAIL_MECHANISM_NTLM },         { "gssapi", MAIL_MECHANISM_GSSAPI },
	{ "oauthbearer", MAIL_MECHANISM_OAUTH }, { "xoauth2", MAIL_MECHANISM_OAUTH },
	{ "external", MAIL_MECHANISM_EXTERNAL },
};

enum mail_mechanism mail_mechanism_of(struct span name)
{
	if (name.len == 0)
		return MAIL_MECHANISM_NONE;
	if (span_begins(name, "scram-"))
		return MAIL_MECHANISM_SCRAM;
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++) {
		if (span_is(name, mechanisms[i].text))
			return mechanisms[i].mechanism;
	}
	return MAIL_MECHANISM_OTHER;
}

void mail_login_keep_user(struct mail_login *login, struct span user)
{
	login->user_is_cut = user.len > sizeof(login->user);
	login->user_len = (uint8_t)(login->user_is_cut ? sizeof(login->user) : user.len);
	if (login->user_len > 0)
		memcpy(login->user, user.data, login->user_len);
}

/* What stands behind `count` fields, up to the `end` that each has. */
static bool take_field(struct cursor in, uint8_t end, unsigned count, struct span *field)
{
	for (unsigned i = 0; i < count; i++)
		(void)cursor_take_until(&in, end);
	*field = cursor_take_until(&in, end);
	return cursor_ok(&in);
}

/* Where the user stands in what was decoded; RFC 4616 2, 2195 2, 5802 7, 7628 3.1. */
static bool find_user(enum mail_mechanism mechanism, struct cursor in, struct span *user)
{
	switch ((unsigned)mechanism) {
	case MAIL_MECHANISM_LOGIN:
		*user = in.rest;
		return true;
	case MAIL_MECHANISM_PLAIN:
		return take_field(in, '\0', 1, user);
	case MAIL_MECHANISM_CRAM_MD5:
		return take_field(in, ' ', 0, user);
	case MAIL_MECHANISM_SCRAM:
		return take_field(in, ',', 2, user) && span_eat(user, "n=");
	case MAIL_MECHANISM_OAUTH: /* "user=x^A…" of XOAUTH2, "n,a=x,^A…" of OAUTHBEARER */
		if (span_eat(&in.rest, "user="))
			return take_field(in, '\1', 0, user);
		return take_field(in, ',', 1, user) && span_eat(user, "a=");
	default:
		return false;
	}
}

bool mail_login_read_answer(struct mail_login *login, struct span base64)
{
	enum { ANSWER_MAX = 3 * MAIL_USER_MAX };
	uint8_t answer[ANSWER_MAX];
	struct span user;
	size_t len = 0;

	if (!base64_decode(base64, answer, sizeof(answer), &len))
		return false;
	if (!find_user(login->mechanism, cursor_over(answer, len), &user) || user.len == 0)
		return false;
	mail_login_keep_user(login, user);
	return true;
}

bool mail_login_read_auth(struct mail_login *login, struct span argument)
{
	struct span answer = argument;

	login->mechanism = mail_mechanism_of(span_word(&answer));
	login->answer = answer;
	if (answer.len > 0)
		(void)mail_login_read_answer(login, answer);
	return answer.len > 0;
}

static bool is_base64_byte(uint8_t byte)
{
	return ascii_is_letter(byte) || ascii_is_digit(byte) || byte == '+' || byte == '/' ||
	       byte == '=';
}

enum dissect dissect_mail_auth_line(struct cursor in, struct mail_auth_line *out)
{
	const struct cursor start = in;
	struct mail_auth_line msg = { 0 };
	struct span line = { 0 };
	enum dissect got = line_take(&in, MAIL_AUTH_LINE_MAX, &line);

	if (got != DISSECT_OK)
		return got;
	line = span_trim(line);
	msg.is_cancel = span_is(line, "*");
	for (size_t i = 0; i < line.len && !msg.is_cancel; i++) {
		if (!is_base64_byte(line.data[i]))
			return DISSECT_OTHER;
	}
	if (!msg.is_cancel)
		msg.base64 = line;
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}
