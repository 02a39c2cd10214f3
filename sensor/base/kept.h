/*
 * One row of a bounded table in memory that must outlive the process: devices, names, baselines.
 *
 * Who owns the table hands its rows out and takes them back at the next start; who writes them down
 * knows nothing of what they mean. Plain values, borrowed for the call.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>
#include <stdint.h>

struct kept_row {
	const char *table;
	uint32_t layout;   /* of key and value; rows of another layout are not handed back */
	uint64_t used;     /* order of use, below 2^63: rows come back from the lowest on */
	struct span key;   /* one row for each */
	struct span value; /* without pointers */
};

typedef bool kept_take_fn(void *arg, const struct kept_row *row); /* false: no room now */
