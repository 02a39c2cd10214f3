#include "sensor/detect/handover_session.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	SMTP_PORT = 25,
	SMTP_PORT_OTHER = 26,
	SUBMISSION_PORT = 587,
	SUBMISSION_PORT_OTHER = 2525,
	DATE_AND_TIME_DIGITS = 12, /* year to minute */
};

static bool is_mail_port(uint16_t port)
{
	return port == SUBMISSION_PORT || port == SMTP_PORT || port == SMTP_PORT_OTHER ||
	       port == SUBMISSION_PORT_OTHER;
}

bool handover_concerns(const struct fact *fact)
{
	switch ((unsigned)fact->message.message) {
	case MESSAGE_SMTP_COMMAND:
	case MESSAGE_SMTP_REPLY:
	case MESSAGE_FTP_COMMAND:
	case MESSAGE_FTP_LOGIN:
		return true;
	case MESSAGE_MAIL_LOGIN:
	case MESSAGE_MAIL_ENVELOPE:
	case MESSAGE_MAIL_PORTRAIT:
	case MESSAGE_TLS_CLIENT_HELLO:
		return is_mail_port(fact->flow.server_port);
	default:
		return false;
	}
}

/* "desktop-1", and neither "mail.example.com" nor "[192.0.2.1]", as mail programs say. */
static bool is_bare_name(const char *host)
{
	return host[0] != '\0' && host[0] != '[' && !strchr(host, '.') && !strchr(host, ':') &&
	       strcmp(host, "localhost") != 0;
}

static void learn_smtp(struct handover_session *session, const struct attributes *said)
{
	const char *method = attributes_text(said, ATTRIBUTE_METHOD);
	const char *recipient = attributes_text(said, ATTRIBUTE_RECIPIENT);

	if (strcasecmp(method, "EHLO") == 0 || strcasecmp(method, "HELO") == 0) {
		session->has_bare_greeting = is_bare_name(attributes_text(said, ATTRIBUTE_HOST));
	} else if (strcasecmp(method, "MAIL") == 0) {
		(void)snprintf(session->sender, sizeof(session->sender), "%s",
			       attributes_text(said, ATTRIBUTE_SENDER));
	} else if (recipient[0] != '\0') {
		if (session->sender[0] != '\0' &&
		    strncasecmp(session->sender, recipient, sizeof(session->sender) - 1) == 0)
			session->is_to_itself = true;
		else
			session->is_to_others = true;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from `c` on whose parts are at most one character apart. */
static size_t count_digits(const char *c)
{
	size_t digits = 0;

	for (; *c; c++) {
		if (is_digit(*c))
			digits++;
		else if (!is_digit(c[1]))
			break;
	}
	return digits;
}

bool handover_name_is_timed(const char *name)
{
	for (const char *c = name; *c; c++) {
		bool is_beginning = is_digit(*c) && (c == name || !is_digit(c[-1]));

		if (is_beginning && c[0] == '2' && c[1] == '0' &&
		    count_digits(c) >= DATE_AND_TIME_DIGITS)
			return true;
	}
	return false;
}

static void learn_ftp(struct handover_session *session, const struct attributes *said)
{
	static const char *const looks[] = { "LIST", "NLST", "MLSD", "MLST", "CWD", "RETR" };
	const char *method = attributes_text(said, ATTRIBUTE_METHOD);

	session->is_ftp = true;
	if (strcasecmp(method, "STOR") == 0 || strcasecmp(method, "APPE") == 0 ||
	    strcasecmp(method, "STOU") == 0) {
		session->files++;
		if (handover_name_is_timed(attributes_text(said, ATTRIBUTE_ARGUMENT)))
			session->timed_files++;
		return;
	}
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		if (strcasecmp(method, looks[i]) == 0)
			session->has_listed = true;
	}
}

static bool is_accepted(const struct attributes *said)
{
	return strcmp(attributes_text(said, ATTRIBUTE_OUTCOME), "accepted") == 0;
}

static bool is_old_tls(const char *version)
{
	return strcmp(version, "TLS 1.0") == 0 || strcmp(version, "TLS 1.1") == 0 ||
	       strncmp(version, "SSL", 3) == 0;
}

static void learn_login(struct handover_session *session, const struct attributes *said)
{
	const char *user = attributes_text(said, ATTRIBUTE_USER);

	if (!is_accepted(said))
		return;
	session->is_logged_in = true;
	session->is_anonymous = strcmp(user, "anonymous") == 0 || strcmp(user, "ftp") == 0;
	session->has_clear_login |= attributes_has(said, ATTRIBUTE_PASSWORD);
}

void handover_learn(struct handover_session *session, const struct fact *fact)
{
	const struct attributes *said = &fact->message.said;

	switch ((unsigned)fact->message.message) {
	case MESSAGE_SMTP_COMMAND:
		learn_smtp(session, said);
		break;
	case MESSAGE_SMTP_REPLY:
		session->has_offer |= attributes_has(said, ATTRIBUTE_STARTTLS);
		break;
	case MESSAGE_TLS_CLIENT_HELLO:
		session->has_tls = true;
		session->has_old_tls = is_old_tls(attributes_text(said, ATTRIBUTE_VERSION));
		break;
	case MESSAGE_MAIL_ENVELOPE:
		session->mails++;
		break;
	case MESSAGE_MAIL_PORTRAIT:
		session->topics = (uint32_t)attributes_number(said, ATTRIBUTE_TOPIC_COUNT, 0);
		break;
	case MESSAGE_FTP_COMMAND:
		learn_ftp(session, said);
		break;
	case MESSAGE_MAIL_LOGIN:
	case MESSAGE_FTP_LOGIN:
		learn_login(session, said);
		break;
	default:
		break;
	}
}

bool handover_is_done(const struct handover_session *session)
{
	if (session->is_ftp)
		return session->files > 0 && session->is_logged_in && !session->is_anonymous;
	return session->mails > 0 || session->has_tls;
}

bool handover_session_is_sound(const void *key, const void *value)
{
	const struct handover_session *s = value;
	size_t flags = offsetof(struct handover_session, has_listed) -
		       offsetof(struct handover_session, is_ftp) + 1;

	(void)key;
	return kept_are_flags(&s->is_ftp, flags) && kept_is_text(s->sender, sizeof(s->sender));
}
