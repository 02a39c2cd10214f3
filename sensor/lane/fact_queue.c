#include "sensor/lane/fact_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 * 1024, FACT_ALIGN = 16 };

static size_t padded(size_t len)
{
	return (len + FACT_ALIGN - 1) / FACT_ALIGN * FACT_ALIGN;
}

void fact_queue_release(struct fact_queue *queue)
{
	free(queue->bytes);
	*queue = (struct fact_queue){ 0 };
}

/* Moves what waits to the front, and takes more room when that is not enough. */
static enum err make_room(struct fact_queue *queue, size_t len)
{
	size_t waiting = queue->tail - queue->head;
	size_t room = queue->room > 0 ? queue->room : FIRST_ROOM;

	if (waiting > 0 && queue->head > 0)
		memmove(queue->bytes, queue->bytes + queue->head, waiting);
	queue->head = 0;
	queue->tail = waiting;
	while (room - waiting < len || waiting > room / 2) /* half free: moves stay rare */
		room *= 2;
	if (room == queue->room)
		return ERR_OK;

	uint8_t *bytes = realloc(queue->bytes, room);

	if (!bytes)
		return ERR_MEMORY;
	queue->bytes = bytes;
	queue->room = room;
	return ERR_OK;
}

enum err fact_queue_add(struct fact_queue *queue, const void *fact, size_t len)
{
	if (queue->room - queue->tail < padded(len)) {
		enum err err = make_room(queue, padded(len));

		if (err != ERR_OK)
			return err;
	}
	memcpy(queue->bytes + queue->tail, fact, len);
	queue->tail += padded(len);
	return ERR_OK;
}

const struct fact *fact_queue_peek(const struct fact_queue *queue)
{
	if (queue->head == queue->tail)
		return NULL;
	return (const struct fact *)(const void *)(queue->bytes + queue->head);
}

void fact_queue_drop(struct fact_queue *queue)
{
	const struct fact *fact = fact_queue_peek(queue);

	assert(fact);
	queue->head += padded(fact_size(fact));
	if (queue->head == queue->tail)
		queue->head = queue->tail = 0;
}
