/* Logins of SMTP, IMAP and POP3: SASL's mechanisms (RFC 4422, PLAIN RFC 4616) and who logs in. */
/*
 * A password is never kept. A challenge and its answers are base64, one line each, until the
 * server's reply says how it went.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	MAIL_USER_MAX = 128,
	MAIL_AUTH_LINE_MAX = 12288, /* RFC 4954 4 */
};

/* Bits: a server offers several. */
enum mail_mechanism {
	MAIL_MECHANISM_NONE = 0,
	MAIL_MECHANISM_CLEAR = 1 << 0, /* IMAP's LOGIN, POP3's USER and PASS */
	MAIL_MECHANISM_APOP = 1 << 1,
	MAIL_MECHANISM_PLAIN = 1 << 2,
	MAIL_MECHANISM_LOGIN = 1 << 3,
	MAIL_MECHANISM_CRAM_MD5 = 1 << 4,
	MAIL_MECHANISM_DIGEST_MD5 = 1 << 5,
	MAIL_MECHANISM_NTLM = 1 << 6,
	MAIL_MECHANISM_GSSAPI = 1 << 7,
	MAIL_MECHANISM_SCRAM = 1 << 8, /* with whichever hash */
	MAIL_MECHANISM_OAUTH = 1 << 9, /* OAUTHBEARER, XOAUTH2 */
	MAIL_MECHANISM_EXTERNAL = 1 << 10,
	MAIL_MECHANISM_OTHER = 1 << 11,
};

enum mail_outcome {
	MAIL_OUTCOME_NONE, /* says nothing of it, or more is to come */
	MAIL_OUTCOME_ACCEPTED,
	MAIL_OUTCOME_REFUSED,
};

/* What a client says of itself when it logs in. */
struct mail_login {
	enum mail_mechanism mechanism;
	struct span answer; /* that came with AUTH, in base64: borrowed, and it may be a secret */
	uint8_t user_len;   /* 0 when it is not told in clear */
	bool user_is_cut;
	uint8_t user[MAIL_USER_MAX]; /* unchecked bytes; what is behind user_len says nothing */
};

enum mail_mechanism mail_mechanism_of(struct span name);

/* Copies what fits. */
void mail_login_keep_user(struct mail_login *login, struct span user);

/*
 * The user out of a client's first answer, in base64: all of it for LOGIN, a field of it for PLAIN,
 * CRAM-MD5, SCRAM and OAUTH. False when the mechanism tells none, or it cannot be read.
 */
bool mail_login_read_answer(struct mail_login *login, struct span base64);

/*
 * The argument of AUTH or AUTHENTICATE: the mechanism, and maybe the client's first answer. True
 * when there is one, be it empty ("=", RFC 4954 4).
 */
bool mail_login_read_auth(struct mail_login *login, struct span argument);

/* A line of a login: an answer or, from the server, a challenge behind its "334 " or "+ ". */
struct mail_auth_line {
	struct span base64;
	bool is_cancel; /* "*" */
	size_t consumed;
};

/* DISSECT_OTHER for a line that is not base64. `out` is set only on DISSECT_OK. */
MUST_USE enum dissect dissect_mail_auth_line(struct cursor in, struct mail_auth_line *out);
