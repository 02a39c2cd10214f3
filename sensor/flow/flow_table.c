#include "sensor/flow/flow_table.h"

#include "sensor/flow/flow_memory.h"
#include "sensor/flow/flow_seqlock.h"
#include "sensor/flow/flow_update.h"
#include "sensor/flow/timing_wheel.h"

#include <assert.h>
#include <string.h>

enum {
	EXPIRE_AHEAD = 16, /* flows of a wheel slot that are fetched before they are looked at */
	SNAPSHOT_TRIES = 64,
};

#define NO_FLOW FLOW_INDEX_NONE

/* What few packets need is kept out of what all do: inlined, it would take the registers. */
#define OUT_OF_LINE __attribute__((noinline))

struct flow_table {
	struct flow_memory memory;
	struct flow_record *records; /* the memory's */
	uint32_t free;               /* ended last; on by wheel_next; NO_FLOW is none */
	uint32_t unused;             /* slots from here on were never used */

	nanotime clock;     /* the latest packet time */
	nanotime next_turn; /* of the wheels */
	struct timing_wheel wheels[FLOW_CLASSES];
	struct flow_table_stats stats;

	struct flow_config config;
	struct hash_key key;
	flow_ended_fn *ended;
	void *arg;
};

enum err flow_table_new(struct flow_table **out, const struct flow_config *config,
			const struct hash_key *key, flow_ended_fn *ended, void *arg)
{
	if (config->budget_bytes <= sizeof(struct flow_table))
		return ERR_RANGE;

	struct flow_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return ERR_MEMORY;

	enum err err = flow_memory_map(config->budget_bytes - sizeof(*table), &table->memory);

	if (err != ERR_OK) {
		free(table);
		return err;
	}
	table->records = table->memory.records;
	table->stats.capacity = table->memory.capacity;
	table->free = NO_FLOW;
	table->config = *config;
	table->key = *key;
	table->ended = ended;
	table->arg = arg;

	nanotime answered = config->established;

	if (config->datagram > answered)
		answered = config->datagram;
	timing_wheel_init(&table->wheels[FLOW_EMBRYONIC], config->embryonic);
	timing_wheel_init(&table->wheels[FLOW_UNANSWERED], config->unanswered);
	timing_wheel_init(&table->wheels[FLOW_ESTABLISHED], answered);
	*out = table;
	return ERR_OK;
}

void flow_table_free(struct flow_table *table)
{
	if (table == NULL)
		return;
	flow_memory_unmap(&table->memory);
	free(table);
}

static struct flow_ref ref_of(const struct flow_table *table, uint32_t slot)
{
	return (struct flow_ref){ slot, table->records[slot].generation };
}

/* The record is whole while its end is told; only then may others have the slot. */
static OUT_OF_LINE void end_flow(struct flow_table *table, uint32_t slot, nanotime when,
				 enum flow_end reason)
{
	struct flow_record *flow = &table->records[slot];

	table->ended(table->arg, ref_of(table, slot), flow, when, reason);
	flow_index_remove(&table->memory.index, flow->hash, flow->tag, slot);
	timing_wheel_disarm(&table->wheels[flow->class], table->records, slot);
	seqlock_open(&flow->version);
	shared_store8(&flow->live, 0);
	seqlock_close(&flow->version);

	flow->wheel_next = table->free;
	table->free = slot;
	table->stats.live--;
	table->stats.ended++;
}

/*
 * A flow is found where it was last armed. True when its deadline lies in that very tick; else
 * packets have come since, and it is armed for where it belongs now.
 */
static bool is_due(struct flow_table *table, uint32_t slot, uint64_t tick, nanotime *deadline)
{
	const struct flow_record *flow = &table->records[slot];
	struct timing_wheel *wheel = &table->wheels[flow->class];

	*deadline = flow_deadline(flow, &table->config);
	if (timing_wheel_tick(wheel, *deadline) == tick)
		return true;
	timing_wheel_disarm(wheel, table->records, slot);
	timing_wheel_arm(wheel, table->records, slot, *deadline);
	return false;
}

/* Fetches a stretch of flows before it looks at them: their lines are seldom in the cache. */
static void expire_tick(struct flow_table *table, const struct timing_wheel *wheel, uint64_t tick)
{
	uint32_t slots[EXPIRE_AHEAD];
	size_t count;

	while ((count = timing_wheel_peek(wheel, table->records, tick, slots, EXPIRE_AHEAD)) > 0) {
		for (size_t i = 0; i < count; i++) {
			flow_index_prefetch(&table->memory.index, table->records[slots[i]].hash);
			__builtin_prefetch(&table->records[slots[i]].version, 1);
		}
		for (size_t i = 0; i < count; i++) {
			nanotime deadline;

			if (is_due(table, slots[i], tick, &deadline))
				end_flow(table, slots[i], deadline, FLOW_END_IDLE);
		}
	}
}

/* The wheel whose earliest flows are the first to have passed by `second`; NULL when none have. */
static const struct timing_wheel *passed_wheel(const struct flow_table *table, uint64_t second,
					       uint64_t *tick)
{
	const struct timing_wheel *found = NULL;
	uint64_t found_end = second;

	for (int i = 0; i < FLOW_CLASSES; i++) {
		const struct timing_wheel *wheel = &table->wheels[i];
		uint64_t earliest;

		if (!timing_wheel_earliest(wheel, &earliest))
			continue;

		uint64_t end = timing_wheel_end_second(wheel, earliest);

		if (found == NULL ? end <= found_end : end < found_end) {
			found = wheel;
			found_end = end;
			*tick = earliest;
		}
	}
	return found;
}

/* Goes from one occupied slot to the next, whatever time lies between. */
static OUT_OF_LINE void turn_wheels(struct flow_table *table)
{
	uint64_t second = table->clock / NANOTIME_SECOND;
	const struct timing_wheel *wheel;
	uint64_t tick;

	while ((wheel = passed_wheel(table, second, &tick)) != NULL)
		expire_tick(table, wheel, tick);
	for (int i = 0; i < FLOW_CLASSES; i++)
		timing_wheel_turn(&table->wheels[i], table->clock);
	table->next_turn =
		second < UINT64_MAX / NANOTIME_SECOND ? (second + 1) * NANOTIME_SECOND : UINT64_MAX;
}

void flow_table_advance(struct flow_table *table, nanotime now)
{
	if (now > table->clock)
		table->clock = now;
	if (table->clock >= table->next_turn)
		turn_wheels(table);
}

/*
 * Ends one flow of a full table. Each flow that is armed anew on the way had packets since it
 * was armed before, so that these packets pay for it.
 */
static void evict(struct flow_table *table)
{
	for (int i = 0; i < FLOW_CLASSES; i++) {
		uint64_t tick;

		while (timing_wheel_earliest(&table->wheels[i], &tick)) {
			uint32_t slot = table->wheels[i].slots[tick % WHEEL_SLOTS].first;
			nanotime deadline;

			if (!is_due(table, slot, tick, &deadline))
				continue;
			/* Its time was up within this second: as if the wheel had known at once. */
			if (deadline < table->clock) {
				end_flow(table, slot, deadline, FLOW_END_IDLE);
			} else {
				table->stats.evicted++;
				end_flow(table, slot, table->clock, FLOW_END_EVICTED);
			}
			return;
		}
	}
}

static uint32_t take_slot(struct flow_table *table)
{
	if (table->stats.live == table->stats.capacity)
		evict(table);
	assert(table->stats.live < table->stats.capacity);
	if (table->free == NO_FLOW)
		return table->unused++;

	uint32_t slot = table->free;

	table->free = table->records[slot].wheel_next;
	return slot;
}

static inline void store_key(struct flow_record *flow, const struct flow_key *key)
{
	typedef uint64_t __attribute__((may_alias)) key_word;
	key_word *to = (void *)&flow->key;

	for (size_t i = 0; i < sizeof(*key) / sizeof(*to); i++)
		__atomic_store_n(&to[i], flow_index_key_word(key, i), __ATOMIC_RELAXED);
}

static OUT_OF_LINE uint32_t open_flow(struct flow_table *table, const struct packet *p,
				      uint64_t hash)
{
	uint32_t slot = take_slot(table);
	struct flow_record *flow = &table->records[slot];

	seqlock_open(&flow->version);
	store_key(flow, &p->key);
	shared_store32(&flow->hash, (uint32_t)hash);
	shared_store8(&flow->tag, flow_index_tag(hash));
	shared_store32(&flow->generation, flow->generation + 1);
	shared_store8(&flow->live, 1);
	flow_start(flow, p, table->clock);
	seqlock_close(&flow->version);
	flow_index_add(&table->memory.index, hash, slot);

	table->stats.opened++;
	table->stats.live++;
	if (table->stats.live > table->stats.live_peak)
		table->stats.live_peak = table->stats.live;
	return slot;
}

/* The flow that `p` goes on with. One that it finds past its time, or opens anew, ends here. */
static uint32_t find_flow(struct flow_table *table, const struct packet *p, uint64_t hash)
{
	uint32_t slot = flow_index_find(&table->memory.index, table->records, &p->key, hash);

	if (slot == NO_FLOW)
		return NO_FLOW;

	const struct flow_record *flow = &table->records[slot];
	nanotime deadline = flow_deadline(flow, &table->config);

	if (table->clock > deadline)
		end_flow(table, slot, deadline, FLOW_END_IDLE);
	else if ((p->tcp_flags & TCP_SYN) != 0 && flow_is_reopened_by(flow, p))
		end_flow(table, slot, table->clock, FLOW_END_REUSED);
	else
		return slot;
	return NO_FLOW;
}

/* A flow stands in the wheel of its class; a new one, which `was` FLOW_CLASSES, in none yet. */
static OUT_OF_LINE void follow_class(struct flow_table *table, uint32_t slot, uint8_t was)
{
	const struct flow_record *flow = &table->records[slot];

	if (was != FLOW_CLASSES)
		timing_wheel_disarm(&table->wheels[was], table->records, slot);
	timing_wheel_arm(&table->wheels[flow->class], table->records, slot,
			 flow_deadline(flow, &table->config));
}

struct flow_touch flow_table_touch(struct flow_table *table, const struct packet *p)
{
	uint64_t hash = flow_index_hash(&table->key, &p->key);

	flow_table_advance(table, p->time);

	uint32_t slot = find_flow(table, p, hash);
	bool is_new = slot == NO_FLOW;

	if (is_new)
		slot = open_flow(table, p, hash);

	struct flow_record *flow = &table->records[slot];
	uint8_t was = is_new ? FLOW_CLASSES : flow->class;

	seqlock_open(&flow->version);

	struct flow_touch touch = flow_count(flow, p, table->clock, &table->config);

	seqlock_close(&flow->version);
	if (flow->class != was)
		follow_class(table, slot, was);
	touch.is_new = is_new;
	touch.ref = ref_of(table, slot);
	return touch;
}

bool flow_table_note_icmp_error(struct flow_table *table, const struct flow_key *key,
				uint8_t icmp_type, struct flow_ref *out)
{
	uint64_t hash = flow_index_hash(&table->key, key);
	uint32_t slot = flow_index_find(&table->memory.index, table->records, key, hash);

	if (slot == NO_FLOW || table->clock > flow_deadline(&table->records[slot], &table->config))
		return false;

	struct flow_record *flow = &table->records[slot];

	seqlock_open(&flow->version);
	shared_store8(&flow->icmp_error, icmp_type);
	seqlock_close(&flow->version);
	*out = ref_of(table, slot);
	return true;
}

void flow_table_end_all(struct flow_table *table, enum flow_end reason)
{
	for (int i = 0; i < FLOW_CLASSES; i++) {
		const struct timing_wheel *wheel = &table->wheels[i];
		uint64_t tick;

		while (timing_wheel_earliest(wheel, &tick)) {
			uint32_t slot = wheel->slots[tick % WHEEL_SLOTS].first;
			nanotime deadline;

			if (is_due(table, slot, tick, &deadline))
				end_flow(table, slot, table->records[slot].last, reason);
		}
	}
	table->clock = 0;
	table->next_turn = 0;
}

const struct flow_record *flow_table_get(const struct flow_table *table, struct flow_ref ref)
{
	if (ref.index >= table->stats.capacity)
		return NULL;

	const struct flow_record *flow = &table->records[ref.index];

	return flow->live != 0 && flow->generation == ref.generation ? flow : NULL;
}

struct flow_table_stats flow_table_stats(const struct flow_table *table)
{
	return table->stats;
}

enum flow_read flow_table_snapshot(const struct flow_table *table, uint32_t index,
				   struct flow_record *out)
{
	if (index >= table->stats.capacity)
		return FLOW_READ_EMPTY;

	for (int tries = 0; tries < SNAPSHOT_TRIES; tries++) {
		struct flow_record copy;

		if (!seqlock_read(&table->records[index], &copy))
			continue;
		if (copy.live == 0)
			return FLOW_READ_EMPTY;
		*out = copy;
		return FLOW_READ_OK;
	}
	return FLOW_READ_BUSY;
}
