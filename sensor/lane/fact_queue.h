/*
 * Facts of one lane that wait for slower lanes, on the judge's side. One thread. Grows as far as
 * LANES_LEAD lets it.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/fact/fact.h"

struct fact_queue {
	uint8_t *bytes;
	size_t head;
	size_t tail;
	size_t room;
};

void fact_queue_release(struct fact_queue *queue);
MUST_USE enum err fact_queue_add(struct fact_queue *queue, const void *fact, size_t len);

/* The oldest, or NULL. Borrowed until the next call. */
const struct fact *fact_queue_peek(const struct fact_queue *queue);
void fact_queue_drop(struct fact_queue *queue);
