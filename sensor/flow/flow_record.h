/*
 * One live flow: 128 bytes, two cache lines. The first says who it is and changes only when the
 * slot is given to another flow or the flow changes class; the second changes with each packet.
 *
 * The table aligns its records to cache lines; the type does not ask for it, so that copies can
 * stand anywhere. Writer: the capture thread alone. Any other thread reads through
 * flow_table_snapshot(), which hands out a copy; the record in the table is never shown to it.
 */
#pragma once

#include "sensor/base/flow_key.h"
#include "sensor/base/nanotime.h"

#include <stdint.h>

/* A flow that outlives the packet it is spoken of: the generation tells a reused slot apart. */
struct flow_ref {
	uint32_t index;
	uint32_t generation;
};

/* Index of the per-side counters: the lower endpoint of the key is side 0. */
enum flow_side { FLOW_SIDE_LOW, FLOW_SIDE_HIGH, FLOW_SIDES };

/* What is ended first when the table is full: the lowest class, in it the earliest deadline. */
enum flow_class {
	FLOW_EMBRYONIC,   /* one side has spoken, and little; or closed before any payload */
	FLOW_UNANSWERED,  /* one side has sent payload or four packets; half open; or closed after
			     payload */
	FLOW_ESTABLISHED, /* both sides have spoken, and where a handshake was seen, it was whole */
	FLOW_CLASSES,
};

enum flow_flag {
	FLOW_CLOSED = 0x01,       /* TCP: both sides sent FIN, or one RST */
	FLOW_MIDSTREAM = 0x02,    /* TCP: the handshake was not seen */
	FLOW_CLIENT_KNOWN = 0x04, /* client side told by SYN or SYN-ACK, not guessed */
	FLOW_LOW_SPOKE = 0x08,    /* the low side has sent payload */
	FLOW_HIGH_SPOKE = 0x10,
	FLOW_TOLD = 0x20,   /* its lane was told of it */
	FLOW_WANTED_AT = 6, /* above this bit, enum flow_wanted */
};

/* Which payload the flow's lane wants beside its first packets. Set by flow_table_want(). */
enum flow_wanted {
	FLOW_WANTED_NONE,
	FLOW_WANTED_NEXT,     /* the next packet with payload */
	FLOW_WANTED_DIALOGUE, /* until payload_packets is full */
	FLOW_WANTED_ALL,
};

/* How a reader's look at a slot ended. */
enum flow_read {
	FLOW_READ_OK,
	FLOW_READ_EMPTY, /* no live flow in this slot */
	FLOW_READ_BUSY,  /* the writer was inside at each of a bounded number of tries */
};

struct flow_record {
	struct flow_key key;     /* 0 */
	uint32_t hash;           /* 40: low half of the keyed hash, to find the chunk again */
	uint8_t tag;             /* 44: in the index; never 0 */
	uint8_t class;           /* 45: enum flow_class */
	uint8_t live;            /* 46 */
	uint8_t client_side;     /* 47: enum flow_side */
	uint32_t wheel_next;     /* 48: the table's own; readers do not load these four */
	uint32_t wheel_previous; /* 52 */
	uint16_t wheel_slot;     /* 56 */
	uint16_t told;           /* 58: flows of this slot that lanes were told of, modulo 2^16 */
	uint32_t generation;     /* 60 */

	uint32_t version;             /* 64: seqlock; odd while the writer is inside */
	uint32_t client_payload_ms;   /* 68: last client payload, ms after `first` + 1; 0 is none */
	nanotime first;               /* 72 */
	nanotime last;                /* 80 */
	uint64_t bytes[FLOW_SIDES];   /* 88: of IP packets, headers included */
	uint32_t packets[FLOW_SIDES]; /* 104 */
	uint8_t tcp_flags[FLOW_SIDES];      /* 112: all seen */
	uint8_t flags;                      /* 114: enum flow_flag */
	uint8_t payload_packets;            /* 115: both sides; stays at 255 */
	uint32_t next_sequence[FLOW_SIDES]; /* 116: TCP, beyond the highest byte seen */
	uint16_t initial_sequence; /* 124: TCP, low half of the client's, from SYN or SYN-ACK */
	uint8_t retransmitted;     /* 126: TCP segments seen again; stays at 255 */
	uint8_t icmp_error;        /* 127: ICMP type that answered for the peer; 0 is none */
};

_Static_assert(sizeof(struct flow_record) == 128, "a flow record is two cache lines");

static inline enum flow_side flow_side_other(enum flow_side side)
{
	return side == FLOW_SIDE_LOW ? FLOW_SIDE_HIGH : FLOW_SIDE_LOW;
}

static inline const struct address *flow_client(const struct flow_record *f)
{
	return f->client_side == FLOW_SIDE_LOW ? &f->key.low : &f->key.high;
}

static inline const struct address *flow_server(const struct flow_record *f)
{
	return f->client_side == FLOW_SIDE_LOW ? &f->key.high : &f->key.low;
}

static inline bool flow_server_spoke(const struct flow_record *f)
{
	return f->flags & (f->client_side == FLOW_SIDE_LOW ? FLOW_HIGH_SPOKE : FLOW_LOW_SPOKE);
}

/*
 * A running count, modulo 2^32, of what the client has said: its place in a TCP stream, else the
 * bytes of its datagrams. Two of them tell what was said between.
 */
static inline uint32_t flow_said_up(const struct flow_record *f)
{
	enum { TCP = 6 };
	enum flow_side up = (enum flow_side)f->client_side;

	return f->key.protocol == TCP ? f->next_sequence[up] : (uint32_t)f->bytes[up];
}

static inline uint16_t flow_client_port(const struct flow_record *f)
{
	return f->client_side == FLOW_SIDE_LOW ? f->key.low_port : f->key.high_port;
}

static inline uint16_t flow_server_port(const struct flow_record *f)
{
	return f->client_side == FLOW_SIDE_LOW ? f->key.high_port : f->key.low_port;
}
