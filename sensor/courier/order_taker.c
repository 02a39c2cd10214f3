#include "sensor/courier/order_taker.h"

#include "sensor/base/monotonic.h"
#include "sensor/courier/orders.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 200, RETRY_SECONDS = 60, SAY_SECONDS = 3600 };

struct order_taker {
	struct order_taker_setup setup;
	pthread_t thread;
	atomic_bool is_woken;
	struct https_client *client;
	struct orders *orders;
	char said[ORDERS_PROBLEM_LEN]; /* what was last said, and … */
	nanotime when;                 /* … monotonic; when */
};

static void say(struct order_taker *taker, const char *problem)
{
	char line[ORDERS_PROBLEM_LEN + 16];
	nanotime now = monotonic_now();

	if (strcmp(taker->said, problem) == 0 && now - taker->when < SAY_SECONDS * NANOTIME_SECOND)
		return;
	(void)snprintf(taker->said, sizeof(taker->said), "%s", problem);
	taker->when = now;
	(void)snprintf(line, sizeof(line), "orders: %s", problem);
	taker->setup.say(taker->setup.say_arg, line);
}

/* Both stay open; a sensor that is not enrolled has no orders to take. */
static bool open_orders(struct order_taker *taker)
{
	const struct config *config = taker->setup.config;
	char problem[ORDERS_PROBLEM_LEN] = "";

	if (!taker->client && config->courier.https.url[0] != '\0') {
		const struct https_setup https = { .line = &config->courier.https,
						   .proxy = config->courier.https_proxy,
						   .module = "https",
						   .is_ending = taker->setup.is_ending };

		if (https_open(&taker->client, &https, problem) != ERR_OK) {
			taker->client = NULL;
			say(taker, problem);
			return false;
		}
	}
	if (!taker->orders) {
		const struct orders_setup orders = { .outbox = taker->setup.outbox,
						     .config = config,
						     .client = taker->client };

		if (orders_open(&taker->orders, &orders, problem) != ERR_OK) {
			taker->orders = NULL;
			say(taker, problem);
			return false;
		}
	}
	return true;
}

static bool take(struct order_taker *taker)
{
	char problem[ORDERS_PROBLEM_LEN] = "";
	enum err err = ERR_OK;
	size_t len = 0;
	char *text = order_inbox_take(taker->setup.inbox, &len);

	if (!open_orders(taker)) {
		free(text);
		return false;
	}
	if (text)
		err = orders_take(taker->orders, text, len, problem);
	else if (taker->client)
		err = orders_fetch(taker->orders, problem);
	free(text);
	order_inbox_note_done(taker->setup.inbox, orders_done(taker->orders));
	if (err != ERR_OK)
		say(taker, problem);
	return err == ERR_OK;
}

static void *run(void *arg)
{
	struct order_taker *taker = arg;
	nanotime again = 0; /* monotonic; 0: when woken */

	while (!atomic_load(taker->setup.is_ending)) {
		bool is_due = again != 0 && monotonic_now() >= again;

		/* After a failure the lines' word that orders wait is no reason to hurry. */
		if (is_due || (again == 0 && atomic_exchange(&taker->is_woken, false)))
			again = take(taker) ? 0 : monotonic_now() + RETRY_SECONDS * NANOTIME_SECOND;
		else
			(void)nanosleep(&(struct timespec){ .tv_nsec = LOOK_MS * 1000000L }, NULL);
	}
	return NULL;
}

enum err order_taker_start(struct order_taker **out, const struct order_taker_setup *setup)
{
	struct order_taker *taker = calloc(1, sizeof(*taker));

	if (!taker)
		return ERR_MEMORY;
	taker->setup = *setup;
	if (pthread_create(&taker->thread, NULL, run, taker) != 0) {
		free(taker);
		return ERR_MEMORY;
	}
	*out = taker;
	return ERR_OK;
}

void order_taker_wake(struct order_taker *taker)
{
	atomic_store(&taker->is_woken, true);
}

void order_taker_stop(struct order_taker *taker)
{
	if (!taker)
		return;
	(void)pthread_join(taker->thread, NULL);
	orders_close(taker->orders);
	https_close(taker->client);
	free(taker);
}
