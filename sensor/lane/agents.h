/*
 * The User-Agent texts of a lane's live flows, each kept once: a thousand flows of one browser
 * cost its name one time. One thread; memory taken in agents_new().
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/fact/fact.h"

#include <stdint.h>

struct agents;

/* Room for `count` different texts of FACT_AGENT_LEN bytes. */
MUST_USE enum err agents_new(struct agents **out, uint32_t count);
void agents_free(struct agents *agents);

/*
 * A handle to `text`, zeroed beyond its end, for one flow; 0 when it is empty or there is no room
 * (which is counted). Each is given back once.
 */
uint32_t agents_take(struct agents *agents, const char text[static FACT_AGENT_LEN]);
void agents_give_back(struct agents *agents, uint32_t handle);

/* The text; "" for 0. Borrowed until it is given back. */
const char *agents_text(struct agents *agents, uint32_t handle);

/* How many were not kept because too many different ones were in use. */
uint64_t agents_refused(const struct agents *agents);
