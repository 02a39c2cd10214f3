/*
 * The memory of a flow table: a header, index chunks, records and the lanes' slots in one
 * mapping, taken once; in a file where other processes shall read it. It holds offsets and
 * indexes and no pointers, so that it means the same wherever it is mapped.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/flow/flow_index.h"

#include <stddef.h>
#include <sys/types.h>

/* To be counted up with each change of what stands where, or of what it means. */
enum { FLOW_LAYOUT = 1 };

#define FLOW_MAGIC UINT64_C(0x776f6c66696e6968) /* "hiniflow" */

/*
 * What a reader needs to find its way, and to refuse what is not for it. Set before `magic` is,
 * and not changed after but for `clock`.
 */
struct flow_header {
	uint64_t magic;
	uint32_t layout;
	uint32_t record_bytes;
	uint32_t chunk_bytes;
	uint32_t slot_bytes; /* a multiple of 8; 0 where lanes keep nothing */
	uint32_t capacity;   /* of records and slots */
	uint32_t chunks;
	uint64_t index_at; /* offsets from here; multiples of 64 */
	uint64_t records_at;
	uint64_t slots_at;
	_Alignas(64) uint64_t bytes; /* of the whole mapping */
	uint64_t process;
	nanotime clock; /* packet time, to about a second; stored and loaded relaxed */
};

_Static_assert(sizeof(struct flow_header) == 128, "index and records start on cache lines");

struct flow_memory {
	struct flow_header *header;
	size_t bytes; /* of the mapping, which begins at `header` and is zero at first */
	struct flow_index index;
	struct flow_record *records; /* on cache lines, as the chunks before them are */
	void *slots;
	uint32_t capacity; /* of records and slots; the index has room for as many */
	char path[CONFIG_PATH_LEN];
	dev_t device; /* of the file `path`, so that no other file is removed */
	ino_t inode;
};

/*
 * As many flows as fit into config->budget_bytes less `reserved_bytes`, and a slot of
 * `slot_bytes` (a multiple of 8) for each on top. ERR_RANGE when that is none, ERR_MEMORY, or
 * ERR_IO when the file cannot be made: see flow_config.shared.
 */
MUST_USE enum err flow_memory_map(const struct flow_config *config, size_t reserved_bytes,
				  size_t slot_bytes, struct flow_memory *out);

/* Removes the file, if it is still ours. */
void flow_memory_unmap(struct flow_memory *memory);

/* Where everything stands; all zero when the budget holds no flow. `bytes` is UINT64_MAX at most.
 */
struct flow_header flow_memory_layout(uint64_t budget_bytes, size_t slot_bytes);
