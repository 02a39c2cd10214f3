#include "sensor/flow/flow_seqlock.h"
#include "sensor/flow/flow_table_state.h"
#include "sensor/flow/flow_update.h"

#include <assert.h>

enum {
	EXPIRE_AHEAD = 16,   /* flows of a wheel slot that are fetched before they are looked at */
	EMBRYONIC_SHARE = 8, /* an eighth of the table: see yielding_wheel() */
};

/* Behind those that were free before. */
static inline void free_slot(struct flow_table *table, uint32_t slot)
{
	if (table->free_count++ == 0)
		table->free = slot;
	else
		table->records[table->free_last].wheel_next = slot;
	table->free_last = slot;
}

/* The record is whole while its end is told; only then may others have the slot. */
OUT_OF_LINE void flow_table_end(struct flow_table *table, uint32_t slot, nanotime when,
				enum flow_end reason)
{
	struct flow_record *flow = &table->records[slot];

	table->ended(table->arg, flow_table_ref(table, slot), flow, when, reason);
	flow_index_remove(&table->memory.index, flow->hash, flow->tag, slot);
	timing_wheel_disarm(&table->wheels[flow->class], table->records, slot);
	seqlock_open(&flow->version);
	shared_store8(&flow->live, 0);
	seqlock_close(&flow->version);

	free_slot(table, slot);
	table->stats.live--;
	table->stats.ended++;
}

static OUT_OF_LINE void rearm(struct flow_table *table, uint32_t slot, nanotime deadline)
{
	struct timing_wheel *wheel = &table->wheels[table->records[slot].class];

	timing_wheel_disarm(wheel, table->records, slot);
	timing_wheel_arm(wheel, table->records, slot, deadline);
}

/*
 * A flow is found where it was last armed. True when its deadline lies in that very tick, which
 * ends at `last`; else packets have come since, and it is armed for where it belongs now.
 */
static inline bool is_due(struct flow_table *table, uint32_t slot, nanotime last,
			  nanotime *deadline)
{
	*deadline = flow_deadline(&table->records[slot], &table->config);
	if (*deadline <= last)
		return true;
	rearm(table, slot, *deadline);
	return false;
}

/* Fetches a stretch of flows before it looks at them: their lines are seldom in the cache. */
static void expire_tick(struct flow_table *table, const struct timing_wheel *wheel, uint64_t tick)
{
	nanotime last = timing_wheel_last(wheel, tick);
	uint32_t slots[EXPIRE_AHEAD];
	size_t count;

	while ((count = timing_wheel_peek(wheel, table->records, tick, slots, EXPIRE_AHEAD)) > 0) {
		for (size_t i = 0; i < count; i++) {
			flow_index_prefetch(&table->memory.index, table->records[slots[i]].hash);
			__builtin_prefetch(&table->records[slots[i]].version, 1);
		}
		for (size_t i = 0; i < count; i++) {
			nanotime deadline;

			if (is_due(table, slots[i], last, &deadline))
				flow_table_end(table, slots[i], deadline, FLOW_END_IDLE);
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
OUT_OF_LINE void flow_table_turn(struct flow_table *table)
{
	uint64_t second = table->clock / NANOTIME_SECOND;
	const struct timing_wheel *wheel;
	uint64_t tick;

	while ((wheel = passed_wheel(table, second, &tick)) != NULL)
		expire_tick(table, wheel, tick);
	for (int i = 0; i < FLOW_CLASSES; i++)
		timing_wheel_turn(&table->wheels[i], table->clock);
	__atomic_store_n(&table->memory.header->clock, table->clock, __ATOMIC_RELAXED);
	table->next_turn =
		second < UINT64_MAX / NANOTIME_SECOND ? (second + 1) * NANOTIME_SECOND : UINT64_MAX;
}

/*
 * The lowest class that has flows. But one-sided flows with payload cost their sender one packet
 * as half-open ones do: a spray of them shall not leave handshakes without a slot. So of the two
 * the larger one yields where the embryonic flows have less than an eighth of the table.
 */
static struct timing_wheel *yielding_wheel(struct flow_table *table)
{
	struct timing_wheel *embryonic = &table->wheels[FLOW_EMBRYONIC];
	struct timing_wheel *unanswered = &table->wheels[FLOW_UNANSWERED];

	if (unanswered->count > embryonic->count &&
	    embryonic->count < table->stats.capacity / EMBRYONIC_SHARE)
		return unanswered;
	if (embryonic->count > 0)
		return embryonic;
	return unanswered->count > 0 ? unanswered : &table->wheels[FLOW_ESTABLISHED];
}

/*
 * Ends one flow of a full table. Each flow that is armed anew on the way had packets since it
 * was armed before, so that these packets pay for it.
 */
OUT_OF_LINE void flow_table_evict(struct flow_table *table)
{
	struct timing_wheel *wheel = yielding_wheel(table);
	nanotime deadline;
	uint64_t tick;
	uint32_t slot;

	do {
		bool has_flows = timing_wheel_earliest(wheel, &tick);

		assert(has_flows);
		slot = wheel->slots[timing_wheel_slot(tick)].first;
	} while (!is_due(table, slot, timing_wheel_last(wheel, tick), &deadline));

	/* Its time was up within this second: as if the wheel had known at once. */
	if (deadline < table->clock) {
		flow_table_end(table, slot, deadline, FLOW_END_IDLE);
	} else {
		table->stats.evicted++;
		flow_table_end(table, slot, table->clock, FLOW_END_EVICTED);
	}
}

void flow_table_end_all(struct flow_table *table, enum flow_end reason)
{
	for (int i = 0; i < FLOW_CLASSES; i++) {
		const struct timing_wheel *wheel = &table->wheels[i];
		uint64_t tick;

		while (timing_wheel_earliest(wheel, &tick)) {
			uint32_t slot = wheel->slots[timing_wheel_slot(tick)].first;
			nanotime last = timing_wheel_last(wheel, tick);
			nanotime deadline;

			if (is_due(table, slot, last, &deadline))
				flow_table_end(table, slot, table->records[slot].last, reason);
		}
	}
	table->clock = 0;
	table->next_turn = 0;
}
