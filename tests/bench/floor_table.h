/*
 * The least that a flow table can be: linear probing over eight-byte slots, records of two cache
 * lines, an expiry sweep of one record for each packet. Unkeyed, never full, no readers: a floor to
 * measure against, not a table to use.
 *
 * One thread. Memory: FLOOR_FLOWS_MAX records are reserved and become real as flows come; the
 * program ends when there are more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLOOR_FLOWS_MAX = 1 << 23 };

struct floor_key {
	uint64_t low[2]; /* the lower endpoint's address, as bytes; IPv4 in the second word */
	uint64_t high[2];
	uint32_t ports;
	uint8_t protocol;
	uint8_t version;
	uint16_t vlan;
};

struct floor_flow {
	struct floor_key key;
	uint64_t bytes[2];
	uint32_t packets[2];
	uint32_t last_ms;
	uint32_t hash;
	uint32_t next_free;
	uint16_t dpi_packets;
	uint8_t tcp_flags[2];
	bool is_live;
	bool dpi_done;
	void *dpi; /* nDPI's state, while it is asked */
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct floor_flow) == 128, "a record is two cache lines");

struct floor_packet {
	struct floor_key key;
	bool from_high;
	uint8_t tcp_flags;
	uint32_t wire_len;
	uint32_t now_ms;
};

/* Called for a flow that ends. */
typedef void floor_ended_fn(struct floor_flow *flow);

void floor_table_start(floor_ended_fn *ended);

/* The packet's flow, counted; made when new. Borrowed until floor_table_step(). */
struct floor_flow *floor_table_touch(const struct floor_packet *packet);

/* Looks at one more record, and ends it when it was idle for too long. */
void floor_table_step(uint32_t now_ms);

/* Ends all flows; returns how many there have been. */
uint64_t floor_table_finish(void);
