/*
 * The memory of a flow table: index chunks and records in one mapping, taken once. It holds
 * indexes and no pointers, so that it means the same wherever it is mapped.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/flow/flow_index.h"

#include <stddef.h>

struct flow_memory {
	void *mapping; /* chunks, then records; zero at first */
	size_t bytes;
	struct flow_index index;
	struct flow_record *records; /* on cache lines, as the chunks before them are */
	uint32_t capacity;           /* of records; the index has room for as many */
};

/* As many flows as fit into `budget_bytes`: ERR_RANGE when that is none, or ERR_MEMORY. */
MUST_USE enum err flow_memory_map(uint64_t budget_bytes, struct flow_memory *out);

void flow_memory_unmap(struct flow_memory *memory);
