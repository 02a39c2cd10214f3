/*
 * What a lane keeps of a live flow: one slot for each of the flow table's, at the same index, in
 * the memory that the table gives (flow_table_slots()).
 *
 * The first part, the names, is read by other threads and processes through lane_slot_read(): a
 * seqlock of its own, apart from the flow record's, because its writer is another thread. The rest
 * is the lane's.
 *
 * A slot passes from one lane to another with the flow in it. Capture numbers the flows that it
 * tells lanes of in each slot; a lane that is told of a flow may begin only when the one before it
 * in that slot has been ended, perhaps by another lane: see lane_slot_is_free().
 */
#pragma once

#include "sensor/base/nanotime.h"
#include "sensor/classify/dpi.h"
#include "sensor/fact/fact.h"

#include <stdbool.h>
#include <stdint.h>

enum hello_state {
	HELLO_AWAITED, /* or read, and more may be said in its session */
	HELLO_PARTIAL, /* the client's first words have begun; the rest is awaited */
	HELLO_SETTLED, /* no session any more */
};

/* How far a TLS handshake is, as far as nDPI's part in it goes. */
enum lane_tls {
	LANE_TLS_NONE,   /* not that we know of */
	LANE_TLS_BEGUN,  /* the hello's first piece is here: nDPI waits with us for the rest */
	LANE_TLS_SERVER, /* named by the hello; nDPI sees the server's side for its certificate */
	LANE_TLS_SEALED, /* named by the hello; the certificate cannot be seen */
	LANE_TLS_SHOWN,  /* nDPI sees the hello too, and what follows until it names it likewise */
};

enum pending_flag { PENDING_FIRST = 1, PENDING_ANSWERED = 2, PENDING_DATA_DOWN = 4 };

/* In words of eight bytes, so that it can be read and written by words. */
struct lane_names {
	uint32_t generation; /* of the flow that they are of */
	uint8_t host_source; /* enum host_source */
	bool is_guess;
	bool is_upload;
	uint8_t spare;
	char host[FACT_HOST_LEN]; /* all zero while it is "" */
	char protocol[FACT_PROTOCOL_LEN];
};

_Static_assert(sizeof(struct lane_names) % sizeof(uint64_t) == 0, "copied by words");

struct lane_slot {
	uint32_t version; /* seqlock of `names` */
	uint16_t ended;   /* flows of this slot that lanes have seen the end of */
	uint8_t hello;    /* enum hello_state */
	bool is_dpi_done;
	struct lane_names names;
	uint64_t id;      /* fact_flow.id */
	uint64_t risks;   /* nDPI's bitmap */
	uint32_t dpi;     /* in lane.dpi_flows; 0 is none */
	uint32_t session; /* in lane.sessions; 0 is none */
	uint16_t agent;   /* in lane.agents; 0 is none */
	uint16_t shape;   /* in lane.shapes; 0 is none */
	struct dpi_protocol protocol;
	uint8_t tls;                 /* enum lane_tls */
	bool is_service_settled : 1; /* its service's name will not change any more */
	bool has_answered : 1;       /* it was told that the server has sent payload */

	/* A check-in whose hello is not whole: told when the name is known. */
	bool has_pending;
	uint8_t pending_flags; /* enum pending_flag */
	uint32_t pending_len;
	nanotime pending_time;
};

_Static_assert(sizeof(struct lane_slot) == 192, "three cache lines, part of what a flow costs");

/* For readers, any thread or process. */
struct lane_slot_view {
	char host[FACT_HOST_LEN];
	char protocol[FACT_PROTOCOL_LEN];
};

/*
 * The names of the flow with `generation` in `slot`; false when the lane knows nothing of it yet,
 * or was writing at each of a bounded number of tries. Never blocks the writer.
 */
bool lane_slot_read(const void *slot, uint32_t generation, struct lane_slot_view *out);

/* Lane: `told_before` flows were told of in this slot; whether all of them have ended. */
static inline bool lane_slot_is_free(const struct lane_slot *slot, uint16_t told_before)
{
	return __atomic_load_n(&slot->ended, __ATOMIC_ACQUIRE) == told_before;
}

/* Lane: clears a free slot for the flow with `generation`. */
void lane_slot_open(struct lane_slot *slot, uint32_t generation);

/* Lane: what is known by name from now on; the generation stays. */
void lane_slot_name(struct lane_slot *slot, const struct lane_names *names);

/* Lane: the same for the protocol alone. */
void lane_slot_set_protocol(struct lane_slot *slot, const char protocol[static FACT_PROTOCOL_LEN]);

/* Lane: its flow has ended; another lane may have it from here on. */
void lane_slot_close(struct lane_slot *slot);
