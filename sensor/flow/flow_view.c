#include "sensor/flow/flow_view.h"

#include "sensor/flow/flow_memory.h"
#include "sensor/flow/flow_seqlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ALIGNMENT = 64 };

struct flow_view {
	void *mapping;
	const struct flow_header *header; /* in it; only the clock is read again */
	size_t bytes;
	const struct flow_record *records;
	const char *slots;
	size_t slot_bytes;
	uint32_t capacity;
	int process;
};

/* `count` things of `size` bytes from `at` on lie behind the header and within `bytes`. */
static bool is_inside(uint64_t at, uint64_t count, uint64_t size, uint64_t bytes)
{
	return at % ALIGNMENT == 0 && at >= sizeof(struct flow_header) && at <= bytes &&
	       (size == 0 || count <= (bytes - at) / size);
}

/* Of a copy: the other process could change the header between check and use. */
static bool is_sound(const struct flow_header *h, uint64_t bytes)
{
	return h->layout == FLOW_LAYOUT && h->record_bytes == sizeof(struct flow_record) &&
	       h->chunk_bytes == sizeof(struct flow_index_chunk) && h->bytes == bytes &&
	       h->slot_bytes % sizeof(uint64_t) == 0 && h->process <= INT_MAX &&
	       is_inside(h->index_at, h->chunks, sizeof(struct flow_index_chunk), bytes) &&
	       is_inside(h->records_at, h->capacity, sizeof(struct flow_record), bytes) &&
	       is_inside(h->slots_at, h->capacity, h->slot_bytes, bytes);
}

static enum err view_mapping(void *mapping, size_t bytes, struct flow_view **out)
{
	const struct flow_header *header = mapping;

	if (__atomic_load_n(&header->magic, __ATOMIC_ACQUIRE) != FLOW_MAGIC)
		return ERR_MALFORMED;

	struct flow_header copy = *header;

	if (!is_sound(&copy, bytes))
		return ERR_MALFORMED;

	struct flow_view *view = malloc(sizeof(*view));

	if (view == NULL)
		return ERR_MEMORY;
	*view = (struct flow_view){
		.mapping = mapping,
		.header = header,
		.bytes = bytes,
		.records = (const void *)((const char *)mapping + copy.records_at),
		.slots = (const char *)mapping + copy.slots_at,
		.slot_bytes = copy.slot_bytes,
		.capacity = copy.capacity,
		.process = (int)copy.process,
	};
	*out = view;
	return ERR_OK;
}

static enum err view_file(int fd, struct flow_view **out)
{
	struct stat file;

	if (fstat(fd, &file) != 0)
		return ERR_IO;
	if (!S_ISREG(file.st_mode) || file.st_size < (off_t)sizeof(struct flow_header))
		return ERR_MALFORMED;

	size_t bytes = (size_t)file.st_size;
	void *mapping = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

	if (mapping == MAP_FAILED)
		return ERR_IO;

	enum err err = view_mapping(mapping, bytes, out);

	if (err != ERR_OK)
		(void)munmap(mapping, bytes);
	return err;
}

enum err flow_view_open(struct flow_view **out, const char *path)
{
	/* Without waiting for the other end of what might be a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno == ENOENT ? ERR_MISSING : ERR_IO;

	enum err err = view_file(fd, out);
	int failure = errno;

	(void)close(fd);
	errno = failure;
	return err;
}

void flow_view_close(struct flow_view *view)
{
	if (view == NULL)
		return;
	(void)munmap(view->mapping, view->bytes);
	free(view);
}

uint32_t flow_view_capacity(const struct flow_view *view)
{
	return view->capacity;
}

nanotime flow_view_clock(const struct flow_view *view)
{
	return __atomic_load_n(&view->header->clock, __ATOMIC_RELAXED);
}

int flow_view_pid(const struct flow_view *view)
{
	return view->process;
}

enum flow_read flow_view_snapshot(const struct flow_view *view, uint32_t index,
				  struct flow_record *out)
{
	return index < view->capacity ? seqlock_snapshot(&view->records[index], out)
				      : FLOW_READ_EMPTY;
}

size_t flow_view_slot_bytes(const struct flow_view *view)
{
	return view->slot_bytes;
}

const void *flow_view_slot(const struct flow_view *view, uint32_t index)
{
	if (view->slot_bytes == 0 || index >= view->capacity)
		return NULL;
	return view->slots + (size_t)index * view->slot_bytes;
}
