/*
 * What only an attack writes into a request of the web: lookups that a log is to carry out,
 * commands of a shell or an interpreter, ways out of a server's folder, questions smuggled into a
 * database. No specification but the habits of those who do it.
 */
#pragma once

#include "dissectors/cursor.h"

enum attack_text {
	ATTACK_TEXT_NONE,
	ATTACK_TEXT_LOOKUP,  /* ${jndi:ldap://…} */
	ATTACK_TEXT_COMMAND, /* ;wget …, cmd=whoami, system(…) */
	ATTACK_TEXT_PATH,    /* ../../../etc/passwd */
	ATTACK_TEXT_QUERY,   /* union select */
};

/* `text` is a target or a field, as it was sent: what is escaped is read as what it means. */
enum attack_text attack_text_in(const char *text);

/* The same in the fields of a head, of which only few signs are looked for; and in a body, of which
 * ATTACK_BODY_MOST bytes are looked at, and none where they are no text. */
enum attack_text attack_text_in_head(struct span head);
enum attack_text attack_text_in_body(struct span body);

/* "command" …; "" of none. */
const char *attack_text_name(enum attack_text text);

enum { ATTACK_BODY_MOST = 2000 };
