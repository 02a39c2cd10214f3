/*
 * Facts on their way into a capsule and out of it: whether one that comes from there is such as a
 * lane tells. Pure.
 */
#pragma once

#include "sensor/fact/fact.h"

/*
 * Copies a fact that lies in `bytes` as fact_size() says. False, and `*out` of no use, where its
 * length, an enum, a flag or a text is not what it can be.
 */
bool fact_from_bytes(struct span bytes, struct fact *out);

/* Clears what stands behind the ends of its texts: whatever was in memory before. */
void fact_tidy(struct fact *fact);
