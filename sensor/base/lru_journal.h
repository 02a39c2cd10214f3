/*
 * What of the maps that it watches was looked at since it began, as it was then: what a conclusion
 * rests on. A map that is watched notes every entry that is found, touched, removed or stepped over
 * the first time that it is, with its order of use; one that was not there leaves no image.
 *
 * Owner: the judge, for the fact it takes. One thread. `room` bytes are taken once; what does not
 * fit is counted in `left_out`, and so is an entry that was forgotten after it was noted.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One entry as it was; key and value are borrowed until the journal begins anew. */
struct lru_image {
	uint32_t table; /* as given to lru_map_watch() */
	uint64_t used;  /* the order of use in its map: lower is longer untouched */
	const void *key;
	const void *value;
};

/* Before an iteration goes on: see lru_journal_step(). */
typedef void lru_step_fn(void *arg);

struct lru_journal {
	uint8_t *bytes;
	size_t room;
	size_t used;
	uint32_t epoch; /* from 1; one more each time that it begins */
	uint64_t left_out;
	struct lru_image *images; /* for lru_journal_images() */
	lru_step_fn *step;
	void *step_arg;
};

MUST_USE enum err lru_journal_new(struct lru_journal **out, size_t room);
void lru_journal_free(struct lru_journal *journal);

/* Nothing has been looked at. */
void lru_journal_begin(struct lru_journal *journal);

/*
 * From now on `step` is called before each step of lru_map_next(): for who goes through whole maps
 * and concludes about one entry after the other. NULL: no more.
 */
void lru_journal_step(struct lru_journal *journal, lru_step_fn *step, void *arg);

/* Room for an image of a key and value of these sizes; false: none left, and counted. */
bool lru_journal_add(struct lru_journal *journal, const struct lru_image *image, size_t key_size,
		     size_t value_size);

/* All of them, by table and in each by order of use. Borrowed until the journal begins anew. */
const struct lru_image *lru_journal_images(struct lru_journal *journal, size_t *count);
