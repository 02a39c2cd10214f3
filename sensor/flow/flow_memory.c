#include "sensor/flow/flow_memory.h"

#include <sys/mman.h>

enum { CHUNKS_MOST = 1 << 27 };

struct layout {
	uint64_t chunks;
	uint64_t capacity;
};

/* The number of chunks that leaves room for most flows, in index and records alike. */
static struct layout layout_for(uint64_t bytes)
{
	struct layout best = { 0 };

	for (uint64_t chunks = 1; chunks <= CHUNKS_MOST; chunks *= 2) {
		uint64_t index_bytes = chunks * sizeof(struct flow_index_chunk);

		if (index_bytes >= bytes)
			break;

		uint64_t capacity = (bytes - index_bytes) / sizeof(struct flow_record);

		if (capacity > flow_index_room(chunks))
			capacity = flow_index_room(chunks);
		if (capacity > best.capacity)
			best = (struct layout){ .chunks = chunks, .capacity = capacity };
	}
	return best;
}

enum err flow_memory_map(uint64_t budget_bytes, struct flow_memory *out)
{
	struct layout layout = layout_for(budget_bytes);
	size_t index_bytes = layout.chunks * sizeof(struct flow_index_chunk);
	size_t bytes = index_bytes + layout.capacity * sizeof(struct flow_record);

	if (layout.capacity == 0)
		return ERR_RANGE;

	char *mapping =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mapping == MAP_FAILED)
		return ERR_MEMORY;
	/* A hint: fewer TLB misses where the kernel follows it, nothing lost where it does not. */
	(void)madvise(mapping, bytes, MADV_HUGEPAGE);

	*out = (struct flow_memory){
		.mapping = mapping,
		.bytes = bytes,
		.index = { .chunks = (void *)mapping, .mask = (uint32_t)(layout.chunks - 1) },
		.records = (void *)(mapping + index_bytes),
		.capacity = (uint32_t)layout.capacity,
	};
	return ERR_OK;
}

void flow_memory_unmap(struct flow_memory *memory)
{
	(void)munmap(memory->mapping, memory->bytes);
	*memory = (struct flow_memory){ 0 };
}
