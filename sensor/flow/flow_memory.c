#include "sensor/flow/flow_memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNKS_MOST = 1 << 27,
	SLOT_ALIGNMENT = 8,
};

/* The number of chunks that leaves room for most flows, in index and records alike. */
struct flow_header flow_memory_layout(uint64_t budget_bytes, size_t slot_bytes)
{
	struct flow_header h = { .layout = FLOW_LAYOUT,
				 .record_bytes = sizeof(struct flow_record),
				 .chunk_bytes = sizeof(struct flow_index_chunk),
				 .slot_bytes = (uint32_t)slot_bytes,
				 .index_at = sizeof(h) };

	for (uint64_t chunks = 1; chunks <= CHUNKS_MOST; chunks *= 2) {
		uint64_t taken = sizeof(h) + chunks * sizeof(struct flow_index_chunk);

		if (taken >= budget_bytes)
			break;

		uint64_t capacity = (budget_bytes - taken) / sizeof(struct flow_record);

		if (capacity > flow_index_room(chunks))
			capacity = flow_index_room(chunks);
		if (capacity > h.capacity) {
			h.capacity = (uint32_t)capacity;
			h.chunks = (uint32_t)chunks;
		}
	}
	h.records_at = h.index_at + (uint64_t)h.chunks * sizeof(struct flow_index_chunk);
	h.slots_at = h.records_at + (uint64_t)h.capacity * sizeof(struct flow_record);
	h.bytes = h.slots_at + (uint64_t)h.capacity * slot_bytes;
	return h;
}

/* Whether the file is empty, or begins as a table does. */
static bool is_old_table(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	uint64_t magic = FLOW_MAGIC;
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, &magic, sizeof(magic));
	(void)close(fd);
	return len >= 0 && magic == FLOW_MAGIC;
}

/* Out of the way: what a run before this one left. Anything else stays. */
static enum err remove_old(const char *path)
{
	struct stat old;

	if (lstat(path, &old) != 0)
		return errno == ENOENT ? ERR_OK : ERR_IO;
	if (!S_ISREG(old.st_mode) || !is_old_table(path)) {
		errno = EEXIST;
		return ERR_IO;
	}
	return unlink(path) == 0 ? ERR_OK : ERR_IO;
}

/*
 * All of it is allocated now: a file system that fills up later would kill the writer at some
 * store.
 */
static enum err fill_file(int fd, const struct flow_header *layout, struct flow_memory *out)
{
	struct stat made;
	int failure = posix_fallocate(fd, 0, (off_t)layout->bytes);

	if (failure != 0) {
		errno = failure;
		return ERR_IO;
	}
	if (fstat(fd, &made) != 0)
		return ERR_IO;

	void *mapping = mmap(NULL, layout->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mapping == MAP_FAILED)
		return ERR_MEMORY;
	out->header = mapping;
	out->device = made.st_dev;
	out->inode = made.st_ino;
	return ERR_OK;
}

static enum err map_file(const char *path, const struct flow_header *layout,
			 struct flow_memory *out)
{
	enum err err = remove_old(path);

	if (err != ERR_OK)
		return err;

	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return ERR_IO;
	err = fill_file(fd, layout, out);

	int failure = errno;

	if (err != ERR_OK)
		(void)unlink(path);
	(void)close(fd);
	errno = failure;
	return err;
}

static enum err map_private(const struct flow_header *layout, struct flow_memory *out)
{
	void *mapping = mmap(NULL, layout->bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mapping == MAP_FAILED)
		return ERR_MEMORY;
	out->header = mapping;
	return ERR_OK;
}

/* The magic last: who sees it sees the rest. */
static void publish(struct flow_header *header, const struct flow_header *layout)
{
	*header = *layout;
	header->process = (uint64_t)getpid();
	__atomic_store_n(&header->magic, FLOW_MAGIC, __ATOMIC_RELEASE);
}

enum err flow_memory_map(const struct flow_config *config, size_t reserved_bytes, size_t slot_bytes,
			 struct flow_memory *out)
{
	assert(slot_bytes % SLOT_ALIGNMENT == 0 && slot_bytes <= UINT32_MAX);
	if (config->budget_bytes <= reserved_bytes)
		return ERR_RANGE;

	struct flow_header layout =
		flow_memory_layout(config->budget_bytes - reserved_bytes, slot_bytes);
	struct flow_memory memory = { .bytes = layout.bytes, .capacity = layout.capacity };

	if (layout.capacity == 0)
		return ERR_RANGE;
	memcpy(memory.path, config->shared, sizeof(memory.path));

	enum err err = memory.path[0] != '\0' ? map_file(memory.path, &layout, &memory)
					      : map_private(&layout, &memory);

	if (err != ERR_OK)
		return err;

	char *at = (char *)memory.header;

	/* A hint: fewer TLB misses where the kernel follows it, nothing lost where it does not.
	 * Not for the slots: they shall take memory only as they are used. */
	(void)madvise(at, layout.slots_at, MADV_HUGEPAGE);
	memory.index.chunks = (void *)(at + layout.index_at);
	memory.index.mask = layout.chunks - 1;
	memory.records = (void *)(at + layout.records_at);
	memory.slots = at + layout.slots_at;
	publish(memory.header, &layout);
	*out = memory;
	return ERR_OK;
}

void flow_memory_unmap(struct flow_memory *memory)
{
	struct stat now;

	(void)munmap(memory->header, memory->bytes);
	if (memory->path[0] != '\0' && lstat(memory->path, &now) == 0 &&
	    now.st_dev == memory->device && now.st_ino == memory->inode)
		(void)unlink(memory->path);
	*memory = (struct flow_memory){ 0 };
}
