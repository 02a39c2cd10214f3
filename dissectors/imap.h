/* IMAP4 (RFC 9051, RFC 3501), its STARTTLS, LOGIN and AUTHENTICATE (SASL-IR RFC 4959). */
/*
 * One message a call, from one direction of the stream, with the literals in it up to
 * IMAP_LITERAL_MAX bytes each. Skipped: the arguments of every command but the two logins, mail
 * itself, what untagged data says but for capabilities.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/mail_login.h"

enum {
	IMAP_LINE_MAX = 65536,
	IMAP_TAG_MAX = 32,
	IMAP_LITERAL_MAX = 1024,
	IMAP_LITERALS_MAX = 8,
};

enum imap_verb {
	IMAP_UNKNOWN, /* letters that no specification names: hardly IMAP if they are first */
	IMAP_LOGIN,
	IMAP_AUTHENTICATE,
	IMAP_STARTTLS,
	IMAP_CAPABILITY,
	IMAP_ID,
	IMAP_NOOP,
	IMAP_LOGOUT,
	IMAP_SELECT,
	IMAP_EXAMINE,
	IMAP_CREATE,
	IMAP_DELETE,
	IMAP_RENAME,
	IMAP_SUBSCRIBE,
	IMAP_UNSUBSCRIBE,
	IMAP_LIST,
	IMAP_XLIST,
	IMAP_LSUB,
	IMAP_NAMESPACE,
	IMAP_STATUS,
	IMAP_APPEND,
	IMAP_IDLE,
	IMAP_ENABLE,
	IMAP_CHECK,
	IMAP_CLOSE,
	IMAP_UNSELECT,
	IMAP_EXPUNGE,
	IMAP_SEARCH,
	IMAP_SORT,
	IMAP_THREAD,
	IMAP_FETCH,
	IMAP_STORE,
	IMAP_COPY,
	IMAP_MOVE,
	IMAP_UID,
	IMAP_COMPRESS,
	IMAP_GETQUOTAROOT,
};

struct imap_command {
	struct span tag;
	enum imap_verb verb;
	struct span name;        /* as sent */
	struct mail_login login; /* of LOGIN and AUTHENTICATE */
	bool has_answer;         /* AUTHENTICATE came with an initial answer */
	/*
	 * A long literal: so many bytes follow `consumed`, and behind them the rest of the line,
	 * for dissect_imap_rest(). Else 0.
	 */
	uint64_t literal_left;
	size_t consumed;
};

enum imap_kind {
	IMAP_TAGGED,       /* how the command with that tag went */
	IMAP_UNTAGGED,     /* "* " */
	IMAP_CONTINUATION, /* "+ ": a challenge, or leave to send a literal */
};

enum imap_status {
	IMAP_STATUS_NONE, /* untagged data */
	IMAP_STATUS_OK,
	IMAP_STATUS_NO,
	IMAP_STATUS_BAD,
	IMAP_STATUS_PREAUTH, /* a greeting: no login is needed */
	IMAP_STATUS_BYE,
};

struct imap_reply {
	enum imap_kind kind;
	enum imap_status status;
	struct span tag;       /* of a tagged one */
	struct span text;      /* behind the status, or all of it; of a challenge, base64 */
	bool has_capabilities; /* as data, or in brackets behind a status */
	bool offers_starttls;
	bool login_is_disabled; /* LOGINDISABLED: before TLS */
	uint16_t mechanisms;    /* enum mail_mechanism */
	uint64_t literal_left;  /* as in imap_command, whatever the length */
	size_t consumed;
};

/* What stands between a long literal and the command's or reply's end. */
struct imap_rest {
	uint64_t literal_left; /* 0 at the end */
	size_t consumed;
};

/*
 * DISSECT_TRUNCATED while a line or literal has no end, DISSECT_MALFORMED when a line is longer
 * than its bound or has more literals than IMAP_LITERALS_MAX, DISSECT_OTHER as soon as it is no
 * command or reply. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 * The next message of that direction begins `consumed` bytes on, and behind an OK tagged as a
 * STARTTLS is, it is TLS.
 *
 * What the client sends is a command but behind a challenge (dissect_mail_auth_line()), and in
 * IDLE, whose end is the line DONE.
 */
MUST_USE enum dissect dissect_imap_command(struct cursor in, struct imap_command *out);
MUST_USE enum dissect dissect_imap_reply(struct cursor in, struct imap_reply *out);
MUST_USE enum dissect dissect_imap_rest(struct cursor in, struct imap_rest *out);

/* What a reply with the tag of LOGIN or AUTHENTICATE says. */
enum mail_outcome imap_login_outcome(const struct imap_reply *reply);
