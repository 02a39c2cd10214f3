#include "sensor/app/watch_canary.h"

#include "sensor/app/json_row.h"
#include "sensor/base/json.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	ID_LEN = sizeof("canary-") + CANARY_TOKEN_LEN,
	SECONDS_BETWEEN =
		60, /* whoever makes thousands neither wears the disk nor fills the store */
};

/* The latest alone: they are hours apart, and anybody in the office could make more. */
struct watch_canary {
	pthread_mutex_t lock;
	char token[CANARY_TOKEN_LEN]; /* "" is none that is to be noted */
	char noted[CANARY_TOKEN_LEN]; /* question and answer are one */
	nanotime when;
	unsigned rest; /* seconds until the next may be noted; the capture thread alone */
};

struct watch_canary *watch_canary_new(void)
{
	struct watch_canary *self = calloc(1, sizeof(*self));

	if (self)
		(void)pthread_mutex_init(&self->lock, NULL);
	return self;
}

void watch_canary_free(struct watch_canary *self)
{
	if (!self)
		return;
	(void)pthread_mutex_destroy(&self->lock);
	free(self);
}

void watch_canary_see(void *self, const char *token, nanotime when)
{
	struct watch_canary *canary = self;

	(void)pthread_mutex_lock(&canary->lock);
	if (strcmp(canary->noted, token) != 0) {
		(void)snprintf(canary->token, sizeof(canary->token), "%s", token);
		(void)snprintf(canary->noted, sizeof(canary->noted), "%s", token);
		canary->when = when;
	}
	(void)pthread_mutex_unlock(&canary->lock);
}

static bool put(struct store *store, const char *token, nanotime when)
{
	char id[ID_LEN];
	struct json_row text;
	struct json j;
	bool is_put;

	if (!json_row_open(&text))
		return false;
	(void)snprintf(id, sizeof(id), "canary-%s", token);
	json_start(&j, text.out);
	json_object_begin(&j, NULL);
	json_string(&j, "token", token);
	json_time(&j, "seen", when);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);

	const struct store_health row = { .id = id,
					  .code = "canary",
					  .opened = when,
					  .last = when,
					  .closed = when,
					  .is_urgent = true,
					  .json = json_row_close(&text) };

	is_put = row.json.len > 0 && store_put_health(store, &row);
	json_row_free(&text);
	return is_put;
}

void watch_canary_note(struct watch_canary *self, struct store *store)
{
	char token[CANARY_TOKEN_LEN];
	nanotime when;

	self->rest -= self->rest > 0;
	if (self->rest > 0)
		return;
	(void)pthread_mutex_lock(&self->lock);
	memcpy(token, self->token, sizeof(token));
	when = self->when;
	self->token[0] = '\0';
	(void)pthread_mutex_unlock(&self->lock);
	if (token[0] == '\0')
		return;
	if (put(store, token, when)) {
		self->rest = SECONDS_BETWEEN;
		return;
	}
	if (!store_takes_rows(store))
		return;
	(void)pthread_mutex_lock(&self->lock);
	if (self->token[0] == '\0')
		memcpy(self->token, token, sizeof(token));
	(void)pthread_mutex_unlock(&self->lock);
}
