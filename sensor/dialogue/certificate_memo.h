/*
 * What was told of certificates seen lately: a server shows the same chain to each client, and to
 * take it apart and digest it costs thirty times as much as to see that it is the same, byte by
 * byte. Of fixed size; who sends others on purpose makes us read them again, and changes no answer.
 * One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/fact/attributes.h"

struct certificate_memo;

MUST_USE enum err certificate_memo_new(struct certificate_memo **out);
void certificate_memo_free(struct certificate_memo *memo);

/* Fills `said` with what was kept; false when there is nothing. */
bool certificate_memo_find(struct certificate_memo *memo, struct span der, uint64_t place,
			   struct attributes *said);

/* Copies both, when they are of usual length. */
void certificate_memo_keep(struct certificate_memo *memo, struct span der, uint64_t place,
			   const struct attributes *said);
