/* What the readers of SMTP, IMAP and POP3 tell alike: greetings, logins, and what leads to TLS. */
#pragma once

#include "dissectors/mail_login.h"
#include "sensor/dialogue/session_reader.h"

enum { MAIL_NOTED_MAX = 64 /* bytes of a name that is kept until its outcome is known */ };

struct mail_noted {
	uint8_t len;
	uint8_t text[MAIL_NOTED_MAX]; /* unchecked */
};

/* A login that has begun. */
struct mail_attempt {
	uint16_t mechanism; /* enum mail_mechanism */
	bool is_pending;    /* its outcome is not known */
	bool has_password;  /* one was sent that can be read */
	bool has_answer;    /* what comes next is no user, but may be a password */
	struct mail_noted user;
};

/* Copies what fits. */
void mail_note(struct mail_noted *noted, struct span text);
struct span mail_noted_text(const struct mail_noted *noted);

/* A login begins, maybe with an answer. What NTLM or Kerberos say is told, as facts of their own.
 */
void mail_attempt_note(struct mail_attempt *attempt, const struct mail_login *login,
		       bool has_answer, struct session_turn *turn);
/* Lines in base64: a challenge, and what the client answers. */
void mail_attempt_challenge(const struct mail_attempt *attempt, struct span base64,
			    struct session_turn *turn);
void mail_attempt_answer(struct mail_attempt *attempt, struct span base64,
			 struct session_turn *turn);

/* Reads the client's line that answers a challenge: `*is_challenged` is false behind it. */
struct reading mail_read_answer(struct session_turn *turn, struct mail_attempt *attempt,
				bool *is_challenged);

/* `status` is 0 where the protocol has no numbers. */
void mail_tell_greeting(struct hearing *hearing, const char *service, uint16_t status,
			struct span host, struct span text);

/* Tells of a login that is pending, which then is not: how it went, in words or as a code. */
void mail_tell_login(struct hearing *hearing, const char *service, struct mail_attempt *attempt,
		     enum mail_outcome outcome, uint16_t status);

/* The names of offered mechanisms, as a list. */
void mail_add_mechanisms(struct attributes *said, enum attribute attribute, uint16_t mechanisms);

/* Tells that both go on in TLS, and switches `consumed` bytes on. */
struct reading mail_switch_to_tls(struct hearing *hearing, const char *service, size_t consumed);

/*
 * Whether what follows is TLS already though nobody was heard to agree: where the other side's
 * packets are missing.
 */
bool mail_is_tls(struct cursor stream);
