/*
 * With whom outside the devices of the office were in contact since it was last written down: what
 * a new list of bad names is held against. By name as best known and by address and port, so that
 * either may be listed later; names that were only looked up are marked so.
 *
 * Owner: the judge. One thread. judge.contacts rows of some 250 bytes (2 MiB by default), taken at
 * start; the longest unheard is forgotten for a new one, and counted. Nothing is concluded from it
 * here, so no capsule holds it.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"
#include "sensor/judge/contact_block.h"
#include "sensor/judge/contact_lists.h"

struct contacts;

MUST_USE enum err contacts_new(struct contacts **out, const struct judge_config *config);
void contacts_free(struct contacts *contacts);

/* What a flow's fact, or an answer of DNS, says of it. `lists` are those in force. */
void contacts_see(struct contacts *contacts, const struct observation *seen,
		  const struct contact_lists *lists);

/* Whether they are to be written down now: after two hours, or when little room is left. */
bool contacts_are_due(struct contacts *contacts, nanotime now);

/* A block of rows, borrowed for the call. False: no room now. */
typedef bool contacts_take_fn(void *arg, const struct contact_block *block, struct span bytes);

/* Hands out all rows, the longest unheard first; what is taken is forgotten here. False: not all.
 */
bool contacts_hand_out(struct contacts *contacts, nanotime now, contacts_take_fn *take, void *arg);

uint32_t contacts_count(const struct contacts *contacts);
/* For want of room, before they were written down. */
uint64_t contacts_forgotten(const struct contacts *contacts);
