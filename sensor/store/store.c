#include "sensor/store/store.h"

#include "sensor/base/monotonic.h"
#include "sensor/base/sem_wait.h"
#include "sensor/store/store_kept_sqlite.h"
#include "sensor/store/store_reading_sqlite.h"
#include "sensor/store/store_state.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum {
	/* Parts of store.queue, in sixteenths: what the rings leave is the backlog's. */
	QUEUE_PARTS = 16,
	CASES_PARTS = 4,
	SENSOR_PARTS = 1,
	NOTES_PARTS = 4,
	KEPT_PARTS = 2,
	BACKLOG_PARTS = QUEUE_PARTS - CASES_PARTS - SENSOR_PARTS - NOTES_PARTS - KEPT_PARTS,
	WAIT_SECONDS = 1, /* at most, between two looks at what is due */
};

/* Rings hold powers of two. */
static size_t round_down(uint64_t bytes)
{
	size_t power = RING_CAPACITY_MIN;

	while (power * 2 <= bytes && power < RING_CAPACITY_MAX)
		power *= 2;
	return power;
}

static enum err make_rings(struct store *store, uint64_t queue_bytes)
{
	static const uint8_t parts[LANES] = { [LANE_CASES] = CASES_PARTS,
					      [LANE_SENSOR] = SENSOR_PARTS,
					      [LANE_NOTES] = NOTES_PARTS,
					      [LANE_KEPT] = KEPT_PARTS };
	enum err err = ERR_OK;

	for (size_t i = 0; i < LANES && err == ERR_OK; i++)
		err = ring_new(&store->sides.lanes[i],
			       round_down(queue_bytes / QUEUE_PARTS * parts[i]));
	return err;
}

static void free_store(struct store *store)
{
	store_writer_free(store->writer);
	for (size_t i = 0; i < LANES; i++)
		ring_free(store->sides.lanes[i]);
	(void)sem_destroy(&store->wake);
	free(store);
}

enum err store_open(struct store **out, const struct store_setup *setup,
		    char problem[static STORE_PROBLEM_LEN])
{
	struct store *store = calloc(1, sizeof(*store));
	uint64_t queue_bytes = setup->config->queue_bytes;
	enum err err;

	if (!store) {
		(void)snprintf(problem, STORE_PROBLEM_LEN, "store: %s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	(void)sem_init(&store->wake, 0, 0);
	err = make_rings(store, queue_bytes);
	if (err != ERR_OK)
		(void)snprintf(problem, STORE_PROBLEM_LEN, "store.queue: %s", err_text(err));
	else
		err = store_writer_new(&store->writer, &store->sides, setup,
				       queue_bytes / QUEUE_PARTS * BACKLOG_PARTS, problem);
	if (err != ERR_OK) {
		free_store(store);
		return err;
	}
	*out = store;
	return ERR_OK;
}

enum err store_load_kept(struct store *store, kept_take_fn *take, void *arg,
			 struct store_loaded *loaded)
{
	struct kept_rows *kept = store_writer_kept(store->writer);

	assert(!store->has_thread);
	*loaded = (struct store_loaded){ 0 };
	return kept ? kept_rows_load(kept, take, arg, loaded) : ERR_OK;
}

enum err store_load_cases(struct store *store, store_case_fn *take, void *arg)
{
	struct sqlite3 *db = store_writer_data_base(store->writer);

	assert(!store->has_thread);
	return db ? rows_read_cases(db, CASES_BY_CHANGE, take, arg) : ERR_OK;
}

enum err store_load_health(struct store *store, store_health_fn *take, void *arg)
{
	struct sqlite3 *db = store_writer_data_base(store->writer);

	assert(!store->has_thread);
	return db ? rows_read_health(db, true, take, arg) : ERR_OK;
}

enum err store_load_last_capsule(struct store *store, store_capsule_fn *take, void *arg)
{
	struct sqlite3 *db = store_writer_data_base(store->writer);

	assert(!store->has_thread);
	return db ? rows_read_capsules(db, true, take, arg) : ERR_OK;
}

bool store_last_life(struct store *store, struct store_life *out)
{
	struct sqlite3 *db = store_writer_data_base(store->writer);

	assert(!store->has_thread);
	return db && rows_last_life(db, out);
}

/* Posts that came while it worked are for the same look. */
static void wait_for_work(struct store *store)
{
	(void)sem_wait_seconds(&store->wake, WAIT_SECONDS);
	while (sem_trywait(&store->wake) == 0)
		;
}

static void *work(void *arg)
{
	struct store *store = arg;

	while (!atomic_load(&store->is_stopping)) {
		if (!store_writer_step(store->writer, monotonic_now()))
			wait_for_work(store);
	}
	return NULL;
}

enum err store_start(struct store *store, nanotime now)
{
	sigset_t all;
	sigset_t before;

	assert(!store->has_thread);
	if (!store_writer_can_write(store->writer))
		return ERR_OK;
	store_writer_begin(store->writer, now, monotonic_now());
	/* Signals are for those who know what to do with them. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	store->has_thread = pthread_create(&store->thread, NULL, work, store) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return store->has_thread ? ERR_OK : ERR_IO;
}

size_t store_descriptors(const struct store *store, int fds[static STORE_DESCRIPTORS_MAX])
{
	return store_writer_can_write(store->writer) ? store_writer_descriptors(store->writer, fds)
						     : 0;
}

enum err store_close(struct store *store, nanotime now)
{
	bool is_written = true;

	if (store->has_thread) {
		atomic_store(&store->is_stopping, true);
		(void)sem_post(&store->wake);
		(void)pthread_join(store->thread, NULL);
		is_written = store_writer_end(store->writer, now, monotonic_now());
	}
	free_store(store);
	return is_written ? ERR_OK : ERR_IO;
}

void store_status(const struct store *store, struct store_status *out)
{
	const struct store_sides *s = &store->sides;

	*out = (struct store_status){
		.state = (enum store_state)atomic_load(&s->state),
		.failing_since = atomic_load(&s->failing_since),
		.is_saving = atomic_load(&s->is_saving),
		.is_damaged = atomic_load(&s->is_damaged),
		.log_is_held = atomic_load(&s->log_is_held),
		.written_bytes = atomic_load(&s->written_bytes),
		.written_today = atomic_load(&s->written_today),
		.commits = atomic_load(&s->commits),
		.durable = atomic_load(&s->durable),
		.contacts_let_go = atomic_load(&s->contacts_let_go),
	};
	for (size_t i = 0; i < STORE_CLASSES; i++) {
		out->refused[i] = atomic_load(&store->refused[i]);
		out->dropped[i] = atomic_load(&s->dropped[i]);
	}
}

const char *store_state_text(enum store_state state)
{
	static const char *const texts[] = { "ok", "full", "read-only", "failing" };

	return texts[state];
}

const char *store_class_text(enum store_class class)
{
	static const char *const texts[STORE_CLASSES] = {
		"cases", "capsules", "devices", "health", "gaps", "counters", "kept", "contacts"
	};

	assert(class < STORE_CLASSES);
	return texts[class];
}
