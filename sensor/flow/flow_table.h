/*
 * Live flows, found by their key; ended by idleness, by a new handshake, by budget or by the
 * caller.
 *
 * One writer: the capture thread. Its calls take no lock and allocate nothing. Any number of
 * readers, each through flow_table_snapshot() alone, which the writer never waits for.
 *
 * Memory is flow_config.budget_bytes, taken once in flow_table_new(), and the lanes' slots. It can
 * live in a file for other processes to read: see flow_view.h. A full table ends the flow
 * with the earliest deadline of the lowest class (where embryonic flows have less than an eighth
 * of the table: of the larger one of the two lower classes), whatever the hash key: which flow
 * that is follows from the packets alone.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/hash.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"
#include "sensor/flow/flow_record.h"

#include <stddef.h>

struct flow_table;

enum flow_end {
	FLOW_END_IDLE,    /* its timeout passed; ended at the deadline, not when that was noticed */
	FLOW_END_REUSED,  /* a SYN opened a new flow between the same endpoints */
	FLOW_END_EVICTED, /* the table was full */
	FLOW_END_EPOCH,   /* the capture's time jumped */
	FLOW_END_CAPTURE, /* the capture ended */
};

/* Called once for each flow that ends, at packet time `when`. `flow` is borrowed for the call. */
typedef void flow_ended_fn(void *arg, struct flow_ref ref, const struct flow_record *flow,
			   nanotime when, enum flow_end reason);

struct flow_table_stats {
	uint64_t opened;
	uint64_t ended;
	uint64_t evicted;
	uint32_t live;
	uint32_t live_peak;
	uint32_t capacity;
};

/* What one packet did to its flow. */
struct flow_touch {
	struct flow_ref ref;
	bool is_new;
	bool from_client;
	/* Client payload, the first or the first after check_in_silence of it. */
	bool is_check_in;
	/* Payload packets of both sides before this one; stays at 255. */
	uint8_t payload_packets_before;
	/* TCP payload that was seen before, wholly or in part. */
	bool is_retransmission;
	uint8_t wanted;       /* enum flow_wanted */
	nanotime last_before; /* time of the packet before; of a new flow its own */
};

/* What a table of `config` takes, and for how many flows: nothing when its budget holds none. */
struct flow_sizes {
	uint32_t capacity;
	uint64_t index_bytes;
	uint64_t record_bytes;
	uint64_t slot_bytes; /* on top of the budget; touched only as slots are used */
};

struct flow_sizes flow_table_sizes(const struct flow_config *config, size_t slot_bytes);

/*
 * `slot_bytes`, a multiple of 8, is what the lanes keep for each flow. ERR_MEMORY, ERR_RANGE when
 * the budget holds no flow, or ERR_IO when config->shared cannot be made: it is made anew,
 * readable by its owner alone, in place of an old table but of nothing else. `*out` is set
 * only on ERR_OK.
 */
MUST_USE enum err flow_table_new(struct flow_table **out, const struct flow_config *config,
				 size_t slot_bytes, const struct hash_key *key,
				 flow_ended_fn *ended, void *arg);

/* Frees without ending flows: call flow_table_end_all() first. NULL is fine. */
void flow_table_free(struct flow_table *table);

/*
 * The lanes' slots, one behind the other by flow_ref.index, zero at first and never touched here.
 * Borrowed from the table.
 */
void *flow_table_slots(struct flow_table *table);

/*
 * One packet in three stages, so that of a batch of packets all can go through the first, then
 * all through the second, then in their order through the third: what a stage needs is fetched
 * by the one before. The first two change nothing, so no answer depends on the size of a batch
 * (32 is good). The hash is secret and says only where a flow is kept.
 */
uint64_t flow_table_hash(const struct flow_table *table, const struct flow_key *key);
void flow_table_fetch(const struct flow_table *table, uint64_t hash);

/*
 * flow_table_hash() for packets of which many come in few flows, the large ones: it remembers
 * some keys, and saves most of the hash's 100 instructions.
 */
uint64_t flow_table_hash_again(struct flow_table *table, const struct flow_key *key);

/* Whether there is a flow with `key`, perhaps past its time. */
bool flow_table_holds(const struct flow_table *table, const struct flow_key *key, uint64_t hash);

/*
 * Counts `p` (kind PACKET_IP) in its flow, which is made when new. `hash` is flow_table_hash()
 * of its key. Never fails: see above.
 */
struct flow_touch flow_table_touch(struct flow_table *table, const struct packet *p, uint64_t hash);

/*
 * Notes that the flow's lane has been told of it: sets FLOW_TOLD and counts it in `told`. Returns
 * the count before. `ref` must be live and not told yet.
 */
uint16_t flow_table_tell(struct flow_table *table, struct flow_ref ref);

/* Notes what the flow's lane wants to see of it from the next packet on. `ref` must be live. */
void flow_table_want(struct flow_table *table, struct flow_ref ref, enum flow_wanted wanted);

/*
 * An ICMP error of type `icmp_type` spoke of the flow `key`: noted in it when it is live (the
 * reference is written to `out`), else false.
 */
bool flow_table_note_icmp_error(struct flow_table *table, const struct flow_key *key,
				uint8_t icmp_type, struct flow_ref *out);

/*
 * Ends the flows whose deadline lies in a second before that of `now` (where timeouts are longer
 * than a quarter of an hour: some seconds). Cheap when no second has passed. flow_table_touch()
 * does the same with the packet's time, so that calls between packets change nothing in what
 * ends, when and in which order.
 */
void flow_table_advance(struct flow_table *table, nanotime now);

/*
 * Ends every flow, in order of class and deadline, at its own last packet. Forgets the clock:
 * the next packet may be earlier than the last one was.
 */
void flow_table_end_all(struct flow_table *table, enum flow_end reason);

/* The live record; NULL when the flow has ended. Writer's thread only; borrowed for the call. */
const struct flow_record *flow_table_get(const struct flow_table *table, struct flow_ref ref);

struct flow_table_stats flow_table_stats(const struct flow_table *table);

/*
 * For readers, any thread: a whole copy of slot `index` (of which there are some more than flows
 * that fit). Never blocks the writer.
 */
enum flow_read flow_table_snapshot(const struct flow_table *table, uint32_t index,
				   struct flow_record *out);
