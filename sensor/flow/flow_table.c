#include "sensor/flow/flow_table.h"

#include "sensor/flow/flow_count.h"
#include "sensor/flow/flow_table_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static nanotime earlier(nanotime a, nanotime b)
{
	return a < b ? a : b;
}

static nanotime later(nanotime a, nanotime b)
{
	return a > b ? a : b;
}

/* A small share: a table of a few flows needs all its slots more than its lanes need not wait. */
static uint32_t rest_of(uint32_t slots)
{
	uint32_t share = slots / REST_SHARE;

	return share < REST_MOST ? share : REST_MOST;
}

enum err flow_table_new(struct flow_table **out, const struct flow_config *config,
			size_t slot_bytes, const struct hash_key *key, flow_ended_fn *ended,
			void *arg)
{
	struct flow_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return ERR_MEMORY;

	enum err err = flow_memory_map(config, sizeof(*table), slot_bytes, &table->memory);

	if (err != ERR_OK) {
		free(table);
		return err;
	}
	table->records = table->memory.records;
	table->rest = rest_of(table->memory.capacity);
	table->stats.capacity = table->memory.capacity - table->rest;
	table->config = *config;
	table->hash = hash_start(key);
	table->ended = ended;
	table->arg = arg;

	nanotime answered = later(config->established, config->datagram);

	table->shortest = earlier(earlier(config->established, config->datagram),
				  earlier(config->embryonic, config->unanswered));
	table->shortest = earlier(table->shortest, config->closed);
	timing_wheel_init(&table->wheels[FLOW_EMBRYONIC], config->embryonic);
	timing_wheel_init(&table->wheels[FLOW_UNANSWERED], config->unanswered);
	timing_wheel_init(&table->wheels[FLOW_ESTABLISHED], answered);
	*out = table;
	return ERR_OK;
}

struct flow_sizes flow_table_sizes(const struct flow_config *config, size_t slot_bytes)
{
	uint64_t reserved = sizeof(struct flow_table);
	uint64_t budget = config->budget_bytes > reserved ? config->budget_bytes - reserved : 0;
	struct flow_header layout = flow_memory_layout(budget, slot_bytes);

	if (layout.capacity == 0)
		return (struct flow_sizes){ 0 };
	return (struct flow_sizes){
		.capacity = layout.capacity - rest_of(layout.capacity),
		.index_bytes = layout.records_at - layout.index_at,
		.record_bytes = layout.slots_at - layout.records_at,
		.slot_bytes = layout.bytes - layout.slots_at,
	};
}

void *flow_table_slots(struct flow_table *table)
{
	return table->memory.slots;
}

void flow_table_free(struct flow_table *table)
{
	if (table == NULL)
		return;
	flow_memory_unmap(&table->memory);
	free(table);
}

void flow_table_advance(struct flow_table *table, nanotime now)
{
	if (now > table->clock)
		table->clock = now;
	if (table->clock >= table->next_turn)
		flow_table_turn(table);
}

/* Of the free slots the one that rested longest, while enough others rest. */
static uint32_t take_slot(struct flow_table *table)
{
	if (table->stats.live == table->stats.capacity)
		flow_table_evict(table);
	if (table->free_count <= table->rest)
		return table->unused++;

	uint32_t slot = table->free;

	table->free = table->records[slot].wheel_next;
	table->free_count--;
	return slot;
}

static inline void start_flow(struct flow_table *table, struct flow_record *flow,
			      const struct packet *p, uint64_t hash)
{
	shared_store_key(&flow->key, &p->key);
	shared_store32(&flow->hash, (uint32_t)hash);
	shared_store8(&flow->tag, flow_index_tag(hash));
	shared_store8(&flow->live, 1);
	shared_store32(&flow->generation, flow->generation + 1);
	flow_start(flow, p, table->clock);

	table->stats.opened++;
	table->stats.live++;
	if (table->stats.live > table->stats.live_peak)
		table->stats.live_peak = table->stats.live;
}

/* A new flow is shown to readers with its first packet counted. */
static OUT_OF_LINE void open_flow(struct flow_table *table, const struct packet *p, uint64_t hash,
				  struct flow_touch *out)
{
	uint32_t slot = take_slot(table);
	struct flow_record *flow = &table->records[slot];

	flow_index_add(&table->memory.index, hash, slot);
	seqlock_open(&flow->version);
	start_flow(table, flow, p, hash);
	flow_count(flow, p, table->clock, &table->config, out);

	/* What flow_class_of() says of one packet. */
	enum flow_class class = flow->payload_packets > 0 ? FLOW_UNANSWERED : FLOW_EMBRYONIC;

	shared_store8(&flow->class, (uint8_t) class);
	seqlock_close(&flow->version);
	timing_wheel_arm(&table->wheels[class], table->records, slot,
			 flow_deadline(flow, &table->config));
	out->is_new = true;
	out->ref = flow_table_ref(table, slot);
}

/* The flow in `slot` is past its time, or `p` opens it anew: then it ends. */
static OUT_OF_LINE bool ends_before(struct flow_table *table, uint32_t slot, const struct packet *p)
{
	const struct flow_record *flow = &table->records[slot];
	nanotime deadline = flow_deadline(flow, &table->config);

	if (table->clock > deadline)
		flow_table_end(table, slot, deadline, FLOW_END_IDLE);
	else if ((p->tcp_flags & TCP_SYN) != 0 && flow_is_reopened_by(flow, p))
		flow_table_end(table, slot, table->clock, FLOW_END_REUSED);
	else
		return false;
	return true;
}

/*
 * The flow that `p` goes on with. The shortest timeout is asked first: few flows are idle for
 * even that long, and the others need not know their own.
 */
static inline uint32_t find_flow(struct flow_table *table, const struct packet *p, uint64_t hash)
{
	uint32_t slot = flow_index_find(&table->memory.index, table->records, &p->key, hash);

	if (slot == NO_FLOW)
		return NO_FLOW;
	if ((table->clock - table->records[slot].last > table->shortest ||
	     (p->tcp_flags & TCP_SYN) != 0) &&
	    ends_before(table, slot, p))
		return NO_FLOW;
	return slot;
}

/*
 * Has a flow that may belong in another class stand in the wheel of its class; one that is over
 * where it ends, which is sooner than it was armed for. Seqlock open.
 */
static OUT_OF_LINE void follow_class(struct flow_table *table, uint32_t slot)
{
	struct flow_record *flow = &table->records[slot];
	enum flow_class was = flow->class;
	enum flow_class class = flow_class_of(flow);

	if (class == was && !flow_is_over(flow))
		return;
	timing_wheel_disarm(&table->wheels[was], table->records, slot);
	shared_store8(&flow->class, (uint8_t) class);
	timing_wheel_arm(&table->wheels[class], table->records, slot,
			 flow_deadline(flow, &table->config));
}

uint64_t flow_table_hash(const struct flow_table *table, const struct flow_key *key)
{
	uint64_t hash = flow_index_hash(&table->hash, key);

	flow_index_prefetch(&table->memory.index, (uint32_t)hash);
	return hash;
}

uint64_t flow_table_hash_again(struct flow_table *table, const struct flow_key *key)
{
	uint64_t mixed = flow_index_key_word(key, 0) ^ flow_index_key_word(key, 1) ^
			 flow_index_key_word(key, 2) ^ flow_index_key_word(key, 3) ^
			 flow_index_key_word(key, 4);
	struct recent_flow *recent =
		&table->recent[mixed * UINT64_C(0x9e3779b97f4a7c15) >> RECENT_SHIFT];

	if (!flow_index_keys_equal(&recent->key, key))
		*recent = (struct recent_flow){ *key, flow_index_hash(&table->hash, key) };
	return recent->hash;
}

bool flow_table_holds(const struct flow_table *table, const struct flow_key *key, uint64_t hash)
{
	return flow_index_find(&table->memory.index, table->records, key, hash) != NO_FLOW;
}

/* The first match is nearly always the flow: see flow_index_find(). */
void flow_table_fetch(const struct flow_table *table, uint64_t hash)
{
	const struct flow_index *index = &table->memory.index;
	const struct flow_index_chunk *chunk = &index->chunks[(uint32_t)hash & index->mask];
	uint32_t matches = flow_index_match(chunk, flow_index_tag(hash));

	if (matches == 0)
		return;

	const struct flow_record *flow = &table->records[chunk->slots[__builtin_ctz(matches)]];

	__builtin_prefetch(&flow->key);
	__builtin_prefetch(&flow->version, 1);
}

struct flow_touch flow_table_touch(struct flow_table *table, const struct packet *p, uint64_t hash)
{
	flow_table_advance(table, p->time);

	uint32_t slot = find_flow(table, p, hash);
	struct flow_touch touch;

	if (slot == NO_FLOW) {
		open_flow(table, p, hash, &touch);
		return touch;
	}

	struct flow_record *flow = &table->records[slot];

	seqlock_open(&flow->version);
	flow_count(flow, p, table->clock, &table->config, &touch);
	if (!flow_is_settled(flow))
		follow_class(table, slot);
	seqlock_close(&flow->version);
	touch.is_new = false;
	touch.ref = flow_table_ref(table, slot);
	return touch;
}

bool flow_table_note_icmp_error(struct flow_table *table, const struct flow_key *key,
				uint8_t icmp_type, struct flow_ref *out)
{
	uint64_t hash = flow_index_hash(&table->hash, key);
	uint32_t slot = flow_index_find(&table->memory.index, table->records, key, hash);

	if (slot == NO_FLOW || table->clock > flow_deadline(&table->records[slot], &table->config))
		return false;

	struct flow_record *flow = &table->records[slot];

	seqlock_open(&flow->version);
	shared_store8(&flow->icmp_error, icmp_type);
	seqlock_close(&flow->version);
	*out = flow_table_ref(table, slot);
	return true;
}

uint16_t flow_table_tell(struct flow_table *table, struct flow_ref ref)
{
	struct flow_record *flow = &table->records[ref.index];

	assert(flow_table_get(table, ref) != NULL && (flow->flags & FLOW_TOLD) == 0);
	seqlock_open(&flow->version);
	shared_store8(&flow->flags, flow->flags | FLOW_TOLD);
	seqlock_close(&flow->version);
	return flow->told++;
}

void flow_table_want(struct flow_table *table, struct flow_ref ref, enum flow_wanted wanted)
{
	struct flow_record *flow = &table->records[ref.index];
	unsigned others = flow->flags & ((1U << FLOW_WANTED_AT) - 1);

	assert(flow_table_get(table, ref) != NULL);
	seqlock_open(&flow->version);
	shared_store8(&flow->flags, (uint8_t)(others | (unsigned)wanted << FLOW_WANTED_AT));
	seqlock_close(&flow->version);
}

const struct flow_record *flow_table_get(const struct flow_table *table, struct flow_ref ref)
{
	if (ref.index >= table->memory.capacity)
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
	return index < table->memory.capacity ? seqlock_snapshot(&table->records[index], out)
					      : FLOW_READ_EMPTY;
}
