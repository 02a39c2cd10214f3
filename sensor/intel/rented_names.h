/*
 * Names that anybody gets in a minute, often for nothing and without saying who they are: below a
 * dynamic DNS provider, at a free host, at a service for passing on files or texts. No harm in
 * itself (evidence only, and nothing known_services.h may excuse), but intruders' first choice.
 * Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum rented_kind {
	RENTED_NONE,
	RENTED_DYNAMIC_DNS,    /* a name for an address that changes */
	RENTED_TUNNEL,         /* a public name for a machine behind a router; request catchers */
	RENTED_HOSTING,        /* pages and programs of anybody */
	RENTED_TRANSFER,       /* files passed on by link */
	RENTED_PASTE,          /* texts passed on by link */
	RENTED_ADDRESS_LOOKUP, /* tells the asker its own public address, or where that is */
	RENTED_SHORTENER,      /* links that hide where they go */
	RENTED_KINDS,
};

/* Of `host` in lower case, or of the nearest parent that is known; RENTED_NONE for "". */
enum rented_kind rented_name(const char *host);

enum {
	/* Where anybody puts a server, or leaves word for his programs … */
	RENTED_SERVERS = 1 << RENTED_DYNAMIC_DNS | 1 << RENTED_TUNNEL | 1 << RENTED_HOSTING |
			 1 << RENTED_PASTE,
	/* … or files. */
	RENTED_PLACES = RENTED_SERVERS | 1 << RENTED_TRANSFER,
};

/* Whether `host`'s kind is among `kinds`, bits of them. */
bool rented_is(const char *host, unsigned kinds);

/* What a kind is, for reports: "dynamic DNS" … */
const char *rented_kind_text(enum rented_kind kind);

/* The names themselves, sorted as bytes. */
size_t rented_names_count(void);
const char *rented_names_at(size_t i);
