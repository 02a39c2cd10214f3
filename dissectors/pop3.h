/* POP3 (RFC 1939), its STLS (RFC 2595) and AUTH (RFC 5034). */
/*
 * One message a call, from one direction of the stream. Skipped: the password (only its length is
 * told), what APOP's digest is, the lines of a reply of several (mail_body.h finds their end).
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/mail_login.h"

enum { POP3_LINE_MAX = MAIL_AUTH_LINE_MAX };

enum pop3_verb {
	POP3_UNKNOWN, /* three or four letters that no specification names */
	POP3_USER,
	POP3_PASS,
	POP3_APOP,
	POP3_AUTH,
	POP3_STLS,
	POP3_CAPA,
	POP3_STAT,
	POP3_LIST,
	POP3_UIDL,
	POP3_TOP,
	POP3_RETR,
	POP3_DELE,
	POP3_LAST,
	POP3_XTND,
	POP3_NOOP,
	POP3_RSET,
	POP3_LANG,
	POP3_UTF8,
	POP3_QUIT,
};

struct pop3_command {
	enum pop3_verb verb;
	struct span name;        /* as sent */
	struct span argument;    /* unchecked text; empty for PASS, APOP and AUTH */
	size_t argument_len;     /* also of those */
	struct mail_login login; /* of USER, APOP and AUTH */
	bool has_answer;         /* AUTH came with an initial answer */
	size_t consumed;
};

enum pop3_status {
	POP3_OK,           /* +OK */
	POP3_ERROR,        /* -ERR */
	POP3_CONTINUATION, /* "+ ": a challenge, RFC 5034 4 */
};

struct pop3_reply {
	enum pop3_status status;
	struct span text; /* behind the status; of a challenge, base64 */
	size_t consumed;
};

/*
 * DISSECT_TRUNCATED while a line has no end, DISSECT_MALFORMED when it is longer than its bound,
 * DISSECT_OTHER as soon as it is no command or reply. `out` is set only on DISSECT_OK; its spans
 * borrow from the bytes under `in`. The next message of that direction begins `consumed` bytes on,
 * and behind a +OK to STLS it is TLS.
 *
 * What the client sends is a command but behind a challenge (dissect_mail_auth_line()).
 */
MUST_USE enum dissect dissect_pop3_command(struct cursor in, struct pop3_command *out);
MUST_USE enum dissect dissect_pop3_reply(struct cursor in, struct pop3_reply *out);

/* Whether lines up to a lone dot follow when the server says +OK to that command. */
bool pop3_reply_has_body(const struct pop3_command *command);

/* What a reply to PASS, APOP, AUTH or an answer says; a reply to USER says nothing. */
enum mail_outcome pop3_login_outcome(enum pop3_status status);
