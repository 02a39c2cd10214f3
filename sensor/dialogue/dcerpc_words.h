/* DCE/RPC's fragments as facts, on a connection of their own or on a pipe of SMB. */
#pragma once

#include "dissectors/dcerpc.h"
#include "sensor/dialogue/hearing.h"

enum {
	DCERPC_BOUND_MAX = 3, /* a service controller's three calls need one */
	DCERPC_OPNUM_WORDS = 2,
};

/* An interface that a client has bound to, and which of its operations were told. */
struct dcerpc_bound {
	uint64_t opnums[DCERPC_OPNUM_WORDS]; /* a bit each, of those below 128 */
	uint8_t uuid[DCERPC_UUID_LEN];
	uint32_t pipe;
	uint16_t context;
	bool is_taken;
	bool has_told_high; /* one of 128 or more: no interface of note has them */
};

/* What is kept of a session in its reader's notes; zero at first. */
struct dcerpc_calls {
	struct dcerpc_bound bound[DCERPC_BOUND_MAX];
	uint8_t next;                      /* to be given up for a new one */
	uint8_t repeats[DCERPC_BOUND_MAX]; /* of each: calls of operations that were told */
};

/*
 * Tells of binds, faults and logins, and of a request where it is the first of its operation,
 * or the sixteenth (64th) that was told before: who guesses asks the same again and again.
 * `pipe` tells pipes of one session apart: their contexts have the same numbers.
 */
void dcerpc_tell(struct hearing *hearing, struct dcerpc_calls *calls, uint32_t pipe,
		 const struct dcerpc *fragment);
