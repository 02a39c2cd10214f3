#include "tests/bench/floor_table.h"

#include "sensor/base/flow_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	SLOTS_FIRST = 4096,
	TCP_FIN = 1,
	TCP_RST = 4,
	TCP_ACK = 16,
	IDLE_CLOSED_MS = 5000,
	IDLE_HALF_OPEN_MS = 30000,
	IDLE_DATAGRAM_MS = 60000,
	IDLE_OPEN_MS = 300000,
};

static struct {
	struct floor_flow *flows; /* number 0 stands for none */
	uint64_t *slots;          /* hash and number; 0 is empty */
	floor_ended_fn *ended;
	uint64_t total;
	uint32_t mask;
	uint32_t used; /* one more than the highest number ever used */
	uint32_t free;
	uint32_t live;
	uint32_t sweep;
} table;

static void *reserve(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		perror("flow table");
		exit(1);
	}
	return memory;
}

void floor_table_start(floor_ended_fn *ended)
{
	table.flows = reserve(FLOOR_FLOWS_MAX * sizeof(*table.flows));
	table.slots = reserve(SLOTS_FIRST * sizeof(*table.slots));
	table.mask = SLOTS_FIRST - 1;
	table.used = table.sweep = 1;
	table.ended = ended;
}

static inline uint64_t multiply(uint64_t a, uint64_t b)
{
	/* ISO C has no 128-bit product; both compilers do. */
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint32_t hash_of(const struct floor_key *key)
{
	uint64_t h =
		multiply(key->low[1] ^ 0xa0761d6478bd642fU, key->high[1] ^ 0xe7037ed1a0b428dbU);

	h ^= (uint64_t)key->ports << 16 | (uint64_t)key->vlan << 8 | key->protocol;
	if (key->low[0] | key->high[0])
		h ^= multiply(key->low[0] ^ 0x8ebc6af09c88c6e3U,
			      key->high[0] ^ 0x589965cc75374cc3U);
	h = multiply(h, 0x9e3779b97f4a7c15U);
	return (uint32_t)(h ^ h >> 32);
}

static void put_slot(uint64_t *slots, uint32_t mask, uint64_t slot)
{
	uint32_t at = (uint32_t)(slot >> 32) & mask;

	while (slots[at] != 0)
		at = (at + 1) & mask;
	slots[at] = slot;
}

static void grow(void)
{
	uint64_t *old = table.slots;
	size_t count = (size_t)table.mask + 1;
	uint64_t *slots = reserve(count * 2 * sizeof(*slots));

	table.mask = (uint32_t)(count * 2 - 1);
	for (size_t i = 0; i < count; i++) {
		if (old[i] != 0)
			put_slot(slots, table.mask, old[i]);
	}
	table.slots = slots;
	(void)munmap(old, count * sizeof(*old));
}

/* Closes the gap behind the slot, so that no search ends too early. */
static void clear_slot(const struct floor_flow *flow, uint32_t number)
{
	uint32_t at = flow->hash & table.mask;

	while ((uint32_t)table.slots[at] != number)
		at = (at + 1) & table.mask;
	for (uint32_t next = (at + 1) & table.mask; table.slots[next] != 0;
	     next = (next + 1) & table.mask) {
		uint32_t home = (uint32_t)(table.slots[next] >> 32) & table.mask;

		if (((next - home) & table.mask) >= ((next - at) & table.mask)) {
			table.slots[at] = table.slots[next];
			at = next;
		}
	}
	table.slots[at] = 0;
}

static struct floor_flow *add(const struct floor_packet *packet, uint32_t hash, uint32_t slot)
{
	uint32_t number = table.free;

	if (number != 0) {
		table.free = table.flows[number].next_free;
	} else if (table.used < FLOOR_FLOWS_MAX) {
		number = table.used++;
	} else {
		(void)fprintf(stderr, "flow table: full\n");
		exit(1);
	}

	struct floor_flow *flow = &table.flows[number];

	*flow = (struct floor_flow){ .key = packet->key, .hash = hash, .is_live = true };
	table.slots[slot] = (uint64_t)hash << 32 | number;
	table.total++;
	if (++table.live * 2ULL > table.mask + 1ULL)
		grow();
	return flow;
}

static inline struct floor_flow *find(const struct floor_packet *packet)
{
	uint32_t hash = hash_of(&packet->key);
	uint32_t at = hash & table.mask;

	for (; table.slots[at] != 0; at = (at + 1) & table.mask) {
		struct floor_flow *flow = &table.flows[(uint32_t)table.slots[at]];

		if ((uint32_t)(table.slots[at] >> 32) == hash &&
		    memcmp(&flow->key, &packet->key, sizeof(packet->key)) == 0)
			return flow;
	}
	return add(packet, hash, at);
}

struct floor_flow *floor_table_touch(const struct floor_packet *packet)
{
	struct floor_flow *flow = find(packet);

	flow->last_ms = packet->now_ms;
	flow->bytes[packet->from_high] += packet->wire_len;
	flow->packets[packet->from_high]++;
	flow->tcp_flags[packet->from_high] |= packet->tcp_flags;
	return flow;
}

static uint32_t idle_ms(const struct floor_flow *flow)
{
	uint8_t either = flow->tcp_flags[0] | flow->tcp_flags[1];
	uint8_t both = flow->tcp_flags[0] & flow->tcp_flags[1];

	if (flow->key.protocol != IP_TCP)
		return IDLE_DATAGRAM_MS;
	if ((either & TCP_RST) || (both & TCP_FIN))
		return IDLE_CLOSED_MS;
	return both & TCP_ACK ? IDLE_OPEN_MS : IDLE_HALF_OPEN_MS;
}

static void end(uint32_t number)
{
	struct floor_flow *flow = &table.flows[number];

	table.ended(flow);
	clear_slot(flow, number);
	flow->is_live = false;
	flow->next_free = table.free;
	table.free = number;
	table.live--;
}

void floor_table_step(uint32_t now_ms)
{
	if (table.sweep >= table.used)
		table.sweep = 1;
	if (table.used == 1)
		return;

	const struct floor_flow *flow = &table.flows[table.sweep];

	if (flow->is_live && now_ms - flow->last_ms > idle_ms(flow))
		end(table.sweep);
	table.sweep++;
}

uint64_t floor_table_finish(void)
{
	for (uint32_t i = 1; i < table.used; i++) {
		if (table.flows[i].is_live)
			table.ended(&table.flows[i]);
	}
	return table.total;
}
