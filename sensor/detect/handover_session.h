/*
 * What one session of mail or FTP showed about who speaks: kept from its first message until its
 * flow ends. Pure but for the session's own notes; no text of a mail or a file is kept.
 */
#pragma once

#include "sensor/detect/detector.h"

enum { HANDOVER_USER_LEN = 96 };

struct handover_session {
	uint32_t device; /* 0: nothing was said yet */
	bool is_ftp;
	bool is_logged_in;
	bool is_anonymous;      /* FTP's public login */
	bool has_bare_greeting; /* EHLO with a name without a domain */
	bool has_offer;         /* the server offers STARTTLS */
	bool has_tls;
	bool has_old_tls; /* TLS 1.1 or older */
	bool has_clear_login;
	bool is_to_itself; /* all recipients are the sender */
	bool is_to_others;
	bool has_listed; /* FTP: looked around, as people and their programs do */
	uint32_t topics; /* that a mail tells of a machine; the most of any */
	uint32_t mails;
	uint32_t files;
	uint32_t timed_files; /* … whose names hold a date and a time */
	char sender[HANDOVER_USER_LEN];
};

/* Whether a message can belong to such a session: for who looks it up. */
bool handover_concerns(const struct fact *fact);

/* Takes in what `fact`, of which handover_concerns(), says. */
void handover_learn(struct handover_session *session, const struct fact *fact);

/* Whether it has handed something over: mail was sent (or goes on in TLS), or files stored. */
bool handover_is_done(const struct handover_session *session);

/* For kept_table. */
bool handover_session_is_sound(const void *key, const void *value);

/* Whether a file's name holds a date and a time of day ("x_2024_03_07_19_00_36.txt"). */
bool handover_name_is_timed(const char *name);
