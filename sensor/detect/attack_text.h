/*
 * What only an attack writes into a request of the web: lookups that a log is to carry out,
 * commands of a shell or an interpreter, ways out of a server's folder, questions smuggled into a
 * database. Pure.
 */
#pragma once

#include <stdbool.h>

enum attack_text {
	ATTACK_TEXT_NONE,
	ATTACK_TEXT_LOOKUP,  /* ${jndi:ldap://…} */
	ATTACK_TEXT_COMMAND, /* ;wget …, cmd=whoami, system(…) */
	ATTACK_TEXT_PATH,    /* ../../../etc/passwd */
	ATTACK_TEXT_QUERY,   /* union select */
};

/* `text` is a target or a field, as it was sent: what is escaped is read as what it means. */
enum attack_text attack_text_in(const char *text);
