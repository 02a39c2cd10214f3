/* SMTP (RFC 5321), its STARTTLS (RFC 3207) and AUTH (RFC 4954); LMTP's LHLO (RFC 2033). */
/*
 * One message a call, from one direction of the stream. Skipped: parameters of MAIL and RCPT, what
 * EHLO's reply offers but for STARTTLS and AUTH, and mail itself (mail_body.h finds its end).
 */
#pragma once

#include "dissectors/coded_reply.h"
#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/mail_login.h"

enum { SMTP_LINE_MAX = MAIL_AUTH_LINE_MAX };

enum smtp_verb {
	SMTP_UNKNOWN, /* letters that no specification names: hardly SMTP if they are first */
	SMTP_HELO,
	SMTP_EHLO,
	SMTP_LHLO,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BDAT,
	SMTP_RSET,
	SMTP_VRFY,
	SMTP_EXPN,
	SMTP_HELP,
	SMTP_NOOP,
	SMTP_QUIT,
	SMTP_STARTTLS,
	SMTP_AUTH,
	SMTP_TURN,
	SMTP_ETRN,
	SMTP_XCLIENT,
	SMTP_XFORWARD,
	SMTP_X_ANONYMOUSTLS, /* between Exchange servers */
	SMTP_X_EXPS,         /* likewise, in place of AUTH */
};

struct smtp_command {
	enum smtp_verb verb;
	struct span name;        /* as sent */
	struct span argument;    /* unchecked text; empty for AUTH */
	struct span domain;      /* of HELO, EHLO and LHLO: what the client calls itself */
	struct span path;        /* of MAIL FROM and RCPT TO, without its brackets */
	struct mail_login login; /* of AUTH; the user where an initial answer tells it */
	bool has_answer;         /* AUTH came with it */
	uint64_t chunk_len;      /* of BDAT: so many bytes of mail follow the line */
	size_t consumed;
};

struct smtp_reply {
	struct coded_reply reply;
	struct span domain;   /* of 220 and 250: what the server calls itself */
	bool offers_starttls; /* in a reply to EHLO */
	uint16_t mechanisms;  /* enum mail_mechanism, likewise */
};

/*
 * DISSECT_TRUNCATED while a line or a reply has no end, DISSECT_MALFORMED when a line is longer
 * than its bound, DISSECT_OTHER as soon as it is no command or reply. `out` is set only on
 * DISSECT_OK; its spans borrow from the bytes under `in`. The next message of that direction begins
 * `consumed` bytes on.
 *
 * What the client sends is a command but behind a 334 (dissect_mail_auth_line()), a 354
 * (mail_body_take()) and a BDAT. When STARTTLS is answered by 220, TLS begins behind both.
 */
MUST_USE enum dissect dissect_smtp_command(struct cursor in, struct smtp_command *out);
MUST_USE enum dissect dissect_smtp_reply(struct cursor in, struct smtp_reply *out);

/* What a reply to AUTH, or to an answer of it, says. */
enum mail_outcome smtp_login_outcome(uint16_t code);
