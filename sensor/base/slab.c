#include "sensor/base/slab.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Links by handle; the free objects are chained through `younger`. */
struct link {
	uint32_t older;
	uint32_t younger;
};

struct slab {
	uint8_t *objects;
	/* links[0] is the ring's head: its younger is the oldest. links[count + 1] is the mark. */
	struct link *links;
	size_t object_size;
	size_t bytes;
	uint32_t count;
	uint32_t taken;
	uint32_t never_taken; /* handles above this one have not been used yet */
	uint32_t free_head;
	bool is_marked; /* the mark stands in the ring */
};

enum { OBJECT_ALIGN = 16 };

enum err slab_new(struct slab **out, uint32_t count, size_t object_size)
{
	struct slab *slab = calloc(1, sizeof(*slab));

	if (!slab)
		return ERR_MEMORY;
	slab->count = count;
	slab->object_size = (object_size + OBJECT_ALIGN - 1) / OBJECT_ALIGN * OBJECT_ALIGN;
	slab->bytes = slab->object_size * count + sizeof(struct link) * ((size_t)count + 2);
	slab->objects = mmap(NULL, slab->bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (slab->objects == MAP_FAILED) {
		free(slab);
		return ERR_MEMORY;
	}
	slab->links = (struct link *)(void *)(slab->objects + slab->object_size * count);
	*out = slab;
	return ERR_OK;
}

void slab_free(struct slab *slab)
{
	if (!slab)
		return;
	(void)munmap(slab->objects, slab->bytes);
	free(slab);
}

static void link_behind(struct slab *slab, uint32_t older, uint32_t handle)
{
	uint32_t younger = slab->links[older].younger;

	slab->links[handle] = (struct link){ .older = older, .younger = younger };
	slab->links[older].younger = handle;
	slab->links[younger].older = handle;
}

static void link_youngest(struct slab *slab, uint32_t handle)
{
	uint32_t last = slab->links[0].older;

	slab->links[handle] = (struct link){ .older = last, .younger = 0 };
	slab->links[last].younger = handle;
	slab->links[0].older = handle;
}

static void unlink_taken(struct slab *slab, uint32_t handle)
{
	struct link at = slab->links[handle];

	slab->links[at.older].younger = at.younger;
	slab->links[at.younger].older = at.older;
}

uint32_t slab_take_cleared(struct slab *slab, size_t bytes)
{
	uint32_t handle = slab->free_head;

	assert(bytes <= slab->object_size);
	if (handle != 0) {
		slab->free_head = slab->links[handle].younger;
		memset(slab_at(slab, handle), 0, bytes);
	} else if (slab->never_taken < slab->count) {
		handle = ++slab->never_taken; /* fresh from mmap: zero already */
	} else {
		return 0;
	}
	link_youngest(slab, handle);
	slab->taken++;
	return handle;
}

uint32_t slab_take(struct slab *slab)
{
	return slab_take_cleared(slab, slab->object_size);
}

void slab_give_back(struct slab *slab, uint32_t handle)
{
	assert(handle != 0 && handle <= slab->never_taken);
	unlink_taken(slab, handle);
	slab->links[handle].younger = slab->free_head;
	slab->free_head = handle;
	slab->taken--;
}

void *slab_at(struct slab *slab, uint32_t handle)
{
	assert(handle != 0 && handle <= slab->count);
	return slab->objects + slab->object_size * (handle - 1);
}

uint32_t slab_oldest(const struct slab *slab)
{
	return slab_younger(slab, 0);
}

void slab_renew(struct slab *slab, uint32_t handle)
{
	if (slab->links[0].older == handle)
		return;
	unlink_taken(slab, handle);
	link_youngest(slab, handle);
}

uint32_t slab_younger(const struct slab *slab, uint32_t handle)
{
	uint32_t mark = slab->count + 1;
	uint32_t next = slab->links[handle].younger;

	return next == mark ? slab->links[mark].younger : next;
}

uint32_t slab_behind_mark(const struct slab *slab)
{
	return slab_younger(slab, slab->is_marked ? slab->count + 1 : 0);
}

void slab_drop_mark(struct slab *slab)
{
	if (slab->is_marked)
		unlink_taken(slab, slab->count + 1);
	slab->is_marked = false;
}

void slab_set_mark(struct slab *slab, uint32_t handle)
{
	uint32_t mark = slab->count + 1;

	slab_drop_mark(slab);
	slab->is_marked = true;
	link_behind(slab, handle != 0 ? handle : slab->links[0].older, mark);
}

uint32_t slab_taken(const struct slab *slab)
{
	return slab->taken;
}
