#include "sensor/courier/order_inbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct order_inbox {
	pthread_mutex_t lock;
	char *text;
	size_t len;
	uint64_t done;
};

struct order_inbox *order_inbox_new(void)
{
	struct order_inbox *inbox = calloc(1, sizeof(*inbox));

	if (inbox)
		(void)pthread_mutex_init(&inbox->lock, NULL);
	return inbox;
}

void order_inbox_free(struct order_inbox *inbox)
{
	if (!inbox)
		return;
	(void)pthread_mutex_destroy(&inbox->lock);
	free(inbox->text);
	free(inbox);
}

static char *exchange(struct order_inbox *inbox, char *text, size_t *len)
{
	char *before;
	size_t before_len;

	(void)pthread_mutex_lock(&inbox->lock);
	before = inbox->text;
	before_len = inbox->len;
	inbox->text = text;
	inbox->len = *len;
	(void)pthread_mutex_unlock(&inbox->lock);
	*len = before_len;
	return before;
}

void order_inbox_put(struct order_inbox *inbox, const void *text, size_t len)
{
	char *copy = len <= ORDER_INBOX_MAX ? malloc(len + 1) : NULL;

	if (!copy)
		return; /* the desk sends them again when it is asked */
	memcpy(copy, text, len);
	copy[len] = '\0';
	free(exchange(inbox, copy, &len));
}

char *order_inbox_take(struct order_inbox *inbox, size_t *len)
{
	*len = 0;
	return exchange(inbox, NULL, len);
}

void order_inbox_note_done(struct order_inbox *inbox, uint64_t number)
{
	(void)pthread_mutex_lock(&inbox->lock);
	inbox->done = number;
	(void)pthread_mutex_unlock(&inbox->lock);
}

uint64_t order_inbox_done(struct order_inbox *inbox)
{
	uint64_t done;

	(void)pthread_mutex_lock(&inbox->lock);
	done = inbox->done;
	(void)pthread_mutex_unlock(&inbox->lock);
	return done;
}
