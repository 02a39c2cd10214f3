#include "sensor/base/lru_journal.h"

#include <stdlib.h>
#include <string.h>

enum { IMAGE_ALIGN = 16 };

/* Before key and value, each of which begins at a multiple of IMAGE_ALIGN. */
struct image_head {
	uint32_t table;
	uint32_t bytes; /* to the next image */
	uint64_t used;
	uint32_t value_at;
	uint32_t spare[3];
};

_Static_assert(sizeof(struct image_head) % IMAGE_ALIGN == 0, "the key behind it is aligned");

enum err lru_journal_new(struct lru_journal **out, size_t room)
{
	struct lru_journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return ERR_MEMORY;
	journal->bytes = aligned_alloc(IMAGE_ALIGN, room / IMAGE_ALIGN * IMAGE_ALIGN);
	if (!journal->bytes) {
		free(journal);
		return ERR_MEMORY;
	}
	journal->room = room / IMAGE_ALIGN * IMAGE_ALIGN;
	journal->images = calloc(room / sizeof(struct image_head), sizeof(*journal->images));
	if (!journal->images) {
		lru_journal_free(journal);
		return ERR_MEMORY;
	}
	journal->epoch = 1;
	*out = journal;
	return ERR_OK;
}

void lru_journal_free(struct lru_journal *journal)
{
	if (!journal)
		return;
	free(journal->images);
	free(journal->bytes);
	free(journal);
}

void lru_journal_begin(struct lru_journal *journal)
{
	journal->used = 0;
	journal->left_out = 0;
	journal->epoch++;
	if (journal->epoch == 0) /* after 2^32 facts: 0 is an entry that was never noted */
		journal->epoch = 1;
}

void lru_journal_step(struct lru_journal *journal, lru_step_fn *step, void *arg)
{
	journal->step = step;
	journal->step_arg = arg;
}

static size_t aligned(size_t size)
{
	return (size + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

bool lru_journal_add(struct lru_journal *journal, const struct lru_image *image, size_t key_size,
		     size_t value_size)
{
	size_t value_at = sizeof(struct image_head) + aligned(key_size);
	size_t bytes = value_at + aligned(value_size);
	uint8_t *at = journal->bytes + journal->used;

	if (bytes > journal->room - journal->used) {
		journal->left_out++;
		return false;
	}

	const struct image_head head = { .table = image->table,
					 .bytes = (uint32_t)bytes,
					 .used = image->used,
					 .value_at = (uint32_t)value_at };

	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), image->key, key_size);
	memcpy(at + value_at, image->value, value_size);
	journal->used += bytes;
	return true;
}

static int compare_images(const void *left, const void *right)
{
	const struct lru_image *a = left;
	const struct lru_image *b = right;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	return (a->used > b->used) - (a->used < b->used);
}

const struct lru_image *lru_journal_images(struct lru_journal *journal, size_t *count)
{
	struct image_head head;

	*count = 0;
	for (size_t at = 0; at < journal->used; at += head.bytes) {
		const uint8_t *image = journal->bytes + at;

		memcpy(&head, image, sizeof(head));
		journal->images[(*count)++] = (struct lru_image){ .table = head.table,
								  .used = head.used,
								  .key = image + sizeof(head),
								  .value = image + head.value_at };
	}
	qsort(journal->images, *count, sizeof(*journal->images), compare_images);
	return journal->images;
}
