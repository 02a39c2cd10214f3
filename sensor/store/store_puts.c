#include "sensor/store/store_item.h"
#include "sensor/store/store_kept_sqlite.h"
#include "sensor/store/store_state.h"

#include <assert.h>
#include <time.h>

enum { CLOSING_TRIES = 10000, CLOSING_NANOSECONDS = 1000000 };

static const uint8_t lane_of[STORE_CLASSES] = {
	[STORE_CASES] = LANE_CASES,   [STORE_CAPSULES] = LANE_NOTES, [STORE_DEVICES] = LANE_NOTES,
	[STORE_HEALTH] = LANE_SENSOR, [STORE_GAPS] = LANE_SENSOR,    [STORE_COUNTS] = LANE_SENSOR,
	[STORE_KEPT] = LANE_KEPT,     [STORE_CONTACTS] = LANE_NOTES,
};

size_t store_largest(const struct store *store)
{
	size_t ring = ring_largest(store->sides.lanes[LANE_SENSOR]);

	for (size_t i = 0; i < LANES; i++) {
		size_t other = ring_largest(store->sides.lanes[i]);

		if (other < ring)
			ring = other;
	}
	return ring - sizeof(struct item) - ITEM_ALIGN;
}

bool store_takes_rows(const struct store *store)
{
	return store->has_thread;
}

static struct span text_span(const char *text)
{
	return (struct span){ .data = (const uint8_t *)text, .len = strlen(text) };
}

/* False when it has no place now. */
static bool hand_over(struct store *store, const struct item_draft *draft)
{
	struct ring *ring = store->sides.lanes[lane_of[draft->class]];
	size_t bytes = item_bytes(draft);
	void *room = NULL;

	assert(draft->parts[0].len > 0);
	if (store->has_thread && bytes <= ring_largest(ring))
		room = ring_reserve(ring, bytes);
	if (!room)
		return false;
	item_write(draft, room);
	ring_publish(ring, bytes);
	(void)sem_post(&store->wake);
	return true;
}

static void count_refused(struct store *store, enum store_class class)
{
	atomic_fetch_add_explicit(&store->refused[class], 1, memory_order_relaxed);
}

static bool put(struct store *store, const struct item_draft *draft)
{
	if (hand_over(store, draft))
		return true;
	count_refused(store, draft->class);
	return false;
}

/* A graceful stop: as long as it takes the disk, within reason. */
static bool put_patiently(struct store *store, const struct item_draft *draft)
{
	const struct timespec pause = { .tv_nsec = CLOSING_NANOSECONDS };

	while (!hand_over(store, draft)) {
		if (!store->has_thread || store->closing_tries++ >= CLOSING_TRIES)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

uint64_t store_put_case(struct store *store, const struct store_case *row, bool is_urgent)
{
	const struct item_draft draft = {
		.class = STORE_CASES,
		.hurry = is_urgent ? HURRY_NOW : HURRY_SOON,
		.ticket = store->next_ticket + 1,
		.numbers = { row->revision, row->opened, row->changed, row->priority,
			     row->is_withdrawn },
		.parts = { text_span(row->id), row->json, row->record },
	};

	bool is_put = atomic_load(&store->sides.is_closing) ? put_patiently(store, &draft)
							    : put(store, &draft);

	return is_put ? ++store->next_ticket : 0;
}

uint64_t store_durable(const struct store *store)
{
	return atomic_load(&store->sides.durable);
}

bool store_put_device(struct store *store, const struct store_device *row, bool is_new)
{
	return put(store, &(struct item_draft){
				  .class = STORE_DEVICES,
				  .hurry = is_new ? HURRY_SOON : HURRY_LATER,
				  .numbers = { row->first, row->last },
				  .parts = { text_span(row->key), text_span(row->name),
					     text_span(row->address), row->json },
			  });
}

bool store_put_capsule(struct store *store, const struct store_capsule *row)
{
	return put(store, &(struct item_draft){
				  .class = STORE_CAPSULES,
				  .hurry = HURRY_SOON,
				  .numbers = { row->revision },
				  .parts = { text_span(row->case_id), row->bytes },
			  });
}

bool store_put_contacts(struct store *store, const struct store_contacts *row)
{
	const struct item_draft draft = {
		.class = STORE_CONTACTS,
		.hurry = HURRY_LATER,
		.numbers = { row->first, row->last, row->rows },
		.parts = { row->bytes },
	};

	return atomic_load(&store->sides.is_closing) ? put_patiently(store, &draft)
						     : put(store, &draft);
}

unsigned store_scan_contacts(struct store *store, store_scan_fn *take, void *arg)
{
	unsigned number;

	/* Written once: the store's thread reads them after the first number. */
	assert(!store->sides.scan || (store->sides.scan == take && store->sides.scan_arg == arg));
	if (!store->sides.scan) {
		store->sides.scan_arg = arg;
		store->sides.scan = take;
	}
	number = atomic_fetch_add(&store->sides.scans, 1) + 1;
	(void)sem_post(&store->wake);
	return number;
}

bool store_put_health(struct store *store, const struct store_health *row)
{
	return put(store, &(struct item_draft){
				  .class = STORE_HEALTH,
				  .hurry = row->is_urgent ? HURRY_NOW : HURRY_SOON,
				  .numbers = { row->opened, row->last, row->closed },
				  .parts = { text_span(row->id), text_span(row->code), row->json },
			  });
}

bool store_put_gap(struct store *store, const struct store_gap *row)
{
	return put(store, &(struct item_draft){
				  .class = STORE_GAPS,
				  .hurry = HURRY_SOON,
				  .numbers = { row->from, row->to },
				  .parts = { text_span(row->reason) },
			  });
}

bool store_put_count(struct store *store, const struct store_count *row)
{
	return put(store, &(struct item_draft){
				  .class = STORE_COUNTS,
				  .hurry = HURRY_CALM,
				  .numbers = { row->day, row->more },
				  .parts = { text_span(row->name) },
			  });
}

void store_alive(struct store *store, nanotime now)
{
	atomic_store_explicit(&store->sides.alive, now, memory_order_relaxed);
}

enum store_kept store_kept_wanted(const struct store *store)
{
	const struct store_sides *s = &store->sides;

	if (!atomic_load(&s->is_closing))
		return (enum store_kept)atomic_load(&s->kept_wanted);
	if (store->has_closing_round || !store->has_thread)
		return STORE_KEPT_NONE;
	return atomic_load(&s->kept_are_lost) || atomic_load(&s->kept_wanted) == STORE_KEPT_ALL
		       ? STORE_KEPT_ALL
		       : STORE_KEPT_CHANGED;
}

bool store_put_kept(void *arg, const struct kept_row *row)
{
	struct store *store = arg;
	const struct kept_rows *kept = store_writer_kept(store->writer);
	size_t table = kept ? kept_rows_table(kept, row->table) : STORE_TABLES_MAX;
	const struct item_draft draft = {
		.class = STORE_KEPT,
		.hurry = HURRY_LATER,
		.numbers = { table, row->used },
		.parts = { row->key, row->value },
	};

	assert(row->used <= INT64_MAX && row->key.len > 0 && row->key.len <= STORE_KEY_MAX);
	assert(!kept || (table < STORE_TABLES_MAX && kept_rows_layout(kept, table) == row->layout));
	if (item_bytes(&draft) > ring_largest(store->sides.lanes[LANE_KEPT])) {
		count_refused(store, STORE_KEPT);
		return true;
	}
	return atomic_load(&store->sides.is_closing) ? put_patiently(store, &draft)
						     : hand_over(store, &draft);
}

void store_kept_done(struct store *store)
{
	atomic_store(&store->sides.kept_wanted, STORE_KEPT_NONE);
	store->has_closing_round = atomic_load(&store->sides.is_closing);
	(void)atomic_fetch_add(&store->sides.kept_rounds, 1);
	(void)sem_post(&store->wake);
}

void store_closing(struct store *store)
{
	atomic_store(&store->sides.is_closing, true);
	(void)sem_post(&store->wake);
}
