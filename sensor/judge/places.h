/*
 * How usual a place outside is in this office: who of its devices was there, and since when. A
 * place is a registered domain, or an address that has no name.
 *
 * Owner: the judge. One thread; judge.places of them, the longest unvisited is forgotten first.
 */
#pragma once

#include "sensor/base/kept_table.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"

struct places;

/* `suffixes` is borrowed. */
MUST_USE enum err places_new(struct places **out, const struct judge_config *config,
			     const struct suffix_rules *suffixes);
void places_free(struct places *places);

/* A device of the office was answered from outside, or spoke to it. */
void places_visit(struct places *places, const struct observation *seen);

enum { PLACE_VISITORS_MAX = 4 };

struct place_use {
	nanotime first;                        /* 0: nobody was ever seen there */
	uint32_t visitors[PLACE_VISITORS_MAX]; /* device numbers, in order of their first visit */
	uint32_t visitor_count;                /* PLACE_VISITORS_MAX: or more */
};

/* Of a signal's object; all zero when it is no place. */
struct place_use places_use_of(struct places *places, const struct signal_object *object);

/* What of it outlives the process; `struct places` is the owner. */
extern const struct kept_table places_kept[];
