/*
 * What a reader hears of a flow at one packet, and how it tells what it understood: as facts, each
 * built in place and told once.
 *
 * One thread. A reader keeps nothing of a hearing but what it writes into its notes.
 */
#pragma once

#include "dissectors/dissect.h"
#include "sensor/fact/fact.h"

/* `fact` is borrowed for the call. */
typedef void hearing_told_fn(void *arg, const struct fact *fact);

struct hearing {
	uint64_t sequence; /* these three stand in each fact */
	uint64_t number;
	nanotime time;
	struct fact_flow flow;
	bool from_client;
	bool has_conflict; /* bytes of this stream came twice and differed */
	struct mac source_mac;
	struct address source;
	bool tells_all;     /* what no verdict needs, too */
	uint64_t malformed; /* messages against their specification; only ever added to */
	hearing_told_fn *told;
	void *told_arg;
	struct fact fact; /* under construction */
};

/* Begins a fact of the hearing's flow; nothing of it is told before hearing_tell(). */
struct fact *hearing_fact(struct hearing *hearing, enum fact_kind kind);
/* The same for FACT_MESSAGE; what it says is to be added to the list that is returned. */
struct attributes *hearing_message(struct hearing *hearing, enum message message);
void hearing_tell(struct hearing *hearing);

/* Counts what broke its specification; true when the message is to be read. */
static inline bool hearing_is_readable(struct hearing *hearing, enum dissect result)
{
	hearing->malformed += result == DISSECT_MALFORMED;
	return result == DISSECT_OK;
}
