/*
 * What the capture thread puts into a lane's ring, in packet order. Plain bytes: the packet's
 * spans are rebuilt by the reader over the copy that follows the record.
 */
#pragma once

#include "sensor/decode/packet.h"
#include "sensor/flow/flow_table.h"

enum lane_record_kind {
	LANE_PACKET,    /* a packet of a flow, for names and facts */
	LANE_LINK,      /* ARP: no flow */
	LANE_FLOW_END,  /* with the final record */
	LANE_EPOCH,     /* time jumped */
	LANE_WATERMARK, /* nothing else for this lane up to `sequence` */
};

struct lane_packet {
	struct packet packet; /* its spans are not valid here: see lane_record_packet() */
	struct flow_ref ref;
	struct flow_touch touch;
	bool client_is_low;
	bool is_midstream;
	bool is_answered;    /* both sides have spoken, this packet included */
	bool has_data_down;  /* the server has sent payload, this packet included */
	uint32_t captured;   /* bytes that follow this record */
	uint32_t payload_at; /* where the payload starts in them */
};

struct lane_flow_end {
	struct flow_ref ref;
	struct flow_record flow;
	uint8_t reason; /* enum flow_end */
};

struct lane_record {
	uint64_t sequence; /* from 1, over all lanes: the order in which facts reach the judge */
	uint64_t number;   /* of the packet at hand */
	nanotime time;
	uint8_t kind; /* enum lane_record_kind */
	union {
		struct lane_packet packet;
		struct lane_flow_end end;
	};
};

/* Bytes of the record without the packet's copy. */
size_t lane_record_size(enum lane_record_kind kind);

/* The packet of a LANE_PACKET or LANE_LINK record, its spans over the copy behind `record`. */
struct packet lane_record_packet(const struct lane_record *record);
