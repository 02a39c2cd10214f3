/*
 * What the capture thread puts into a lane's ring, in packet order. Plain values: a packet's spans
 * are rebuilt by the reader over the copy of its bytes that goes with the record.
 */
#pragma once

#include "sensor/decode/packet.h"
#include "sensor/fact/fact.h"
#include "sensor/flow/flow_table.h"

enum lane_record_kind {
	LANE_PACKET,    /* a packet of a flow, for names and facts */
	LANE_LINK,      /* ARP, LLDP, CDP: no flow */
	LANE_SYN,       /* one whose signature was not told yet: its headers */
	LANE_SIGHTING,  /* passed on as it is */
	LANE_ATTEMPTS,  /* likewise */
	LANE_FLOW_END,  /* with the final record */
	LANE_EPOCH,     /* time jumped */
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
		struct fact_sighting sighting;
		struct fact_attempts attempts;
	};
};

/* Bytes of the record without the packet's copy. */
size_t lane_record_size(enum lane_record_kind kind);

/* The packet of a LANE_PACKET or LANE_LINK record, its spans over `copy`. */
struct packet lane_record_packet(const struct lane_record *record, struct span copy);
