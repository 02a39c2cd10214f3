/*
 * What the capture thread puts into a lane's ring, in packet order. Plain values: a packet's spans
 * are rebuilt by the reader over the copy of its bytes that goes with the record.
 */
#pragma once

#include "sensor/decode/packet.h"
#include "sensor/fact/fact.h"
#include "sensor/flow/flow_table.h"

/*
 * A pause from which on payload opens a turn, and how often a flow that goes on is told of: powers
 * of two, counted from time's beginning, so that for most packets one comparison says no.
 */
enum { LANE_SILENCE_BITS = 29 /* 0.54 s */, LANE_MINUTE_BITS = 36 /* 69 s */ };

enum lane_record_kind {
	LANE_PACKET,    /* a packet of a flow, for names and facts */
	LANE_LINK,      /* ARP, LLDP, CDP: no flow */
	LANE_SYN,       /* one whose signature was not told yet: its headers */
	LANE_SIGHTING,  /* passed on as it is */
	LANE_ATTEMPTS,  /* likewise */
	LANE_FLOW_END,  /* with the final record */
	LANE_EPOCH,     /* time jumped */
	LANE_FLOW_NEWS, /* how a flow goes on that the lane knows */
	LANE_WATERMARK, /* nothing else for this lane up to `sequence` */
};

struct lane_packet {
	struct packet packet; /* its spans are not valid here: see lane_record_packet() */
	struct flow_ref ref;
	struct flow_touch touch;
	nanotime flow_first;
	bool is_told_now;     /* the lane hears of this flow for the first time */
	uint16_t told_before; /* flows that lanes were told of in this slot, then */
	bool client_is_low;
	bool is_midstream;
	bool has_client_first; /* the client's initial sequence number is known … */
	uint16_t client_first; /* … its low half + 1: where the client's words begin */
	bool is_answered;      /* both sides have spoken, this packet included */
	bool has_data_down;    /* the server has sent payload, this packet included */
	uint32_t payload_at;   /* where the payload starts in the copy */
	uint32_t said_up;      /* by the client, this packet included; see flow_said_up() */
};

/* Of a flow that lives: LANE_FLOW_NEWS. */
struct lane_flow_news {
	struct flow_ref ref;
	struct flow_record flow;
	bool is_minute;   /* the judge is to hear of it */
	bool is_opening;  /* payload after a silence, in a packet that the lane is not shown */
	bool from_client; /* likewise */
	uint32_t payload_len;
};

struct lane_flow_end {
	struct flow_ref ref;
	struct flow_record flow; /* FLOW_TOLD in it: the lane has heard of it before */
	uint8_t reason;          /* enum flow_end */
	bool is_quiet;           /* nothing is to be said of it: it is counted with others */
};

struct lane_record {
	uint64_t sequence; /* from 1, over all lanes: the order in which facts reach the judge */
	uint64_t number;   /* of the packet at hand */
	nanotime time;
	uint8_t kind; /* enum lane_record_kind */
	union {
		struct lane_packet packet;
		struct lane_flow_end end;
		struct lane_flow_news news;
		struct fact_sighting sighting;
		struct fact_attempts attempts;
	};
};

static inline bool lane_is_after_silence(const struct flow_touch *touch, nanotime now)
{
	return nanotime_between(touch->last_before, now) >> LANE_SILENCE_BITS != 0;
}

/* Not of what has just begun. */
static inline bool lane_is_next_minute(const struct flow_touch *touch, nanotime first, nanotime now)
{
	return (now ^ touch->last_before) >> LANE_MINUTE_BITS != 0 &&
	       nanotime_between(first, now) >> (LANE_MINUTE_BITS - 1) != 0;
}

/* Bytes of the record without the packet's copy. */
size_t lane_record_size(enum lane_record_kind kind);

/* The packet of a LANE_PACKET or LANE_LINK record, its spans over `copy`. */
struct packet lane_record_packet(const struct lane_record *record, struct span copy);
