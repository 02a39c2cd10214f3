/*
 * What a device is to the office, as far as it makes its cases graver or more urgent: a set of
 * STANDING() bits, kept with the case by these numbers (new ones go to the end).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum standing {
	STANDING_SERVES,      /* others in the office use its files, data base or directory */
	STANDING_IMPORTANT,   /* the office said so: accounts, tills, … */
	STANDING_UNIMPORTANT, /* likewise */
	STANDING_UNSUPPORTED, /* its system gets no updates any more */
	STANDING_PRIVATE,     /* not the office's own, or nobody knows whose */
	STANDING_RETURNED,    /* back from elsewhere within the last days */
	STANDING_PARTNER,     /* of the case: it touches a trading partner */
	STANDINGS,
};

#define STANDING(bit) (1U << (bit))

/* An answered suspicious contact of such a device is P2 at least. */
static inline bool standing_is_risky(unsigned standing)
{
	return (standing & (STANDING(STANDING_UNSUPPORTED) | STANDING(STANDING_PRIVATE) |
			    STANDING(STANDING_RETURNED))) != 0;
}

/* "serves_office" …: in JSON. */
const char *standing_text(enum standing bit);
