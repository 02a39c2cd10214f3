/*
 * Copies that a mirror port makes: the same packet twice within milliseconds. Told by what is
 * the same in each copy of a packet and in no other packet of its flow.
 *
 * Remembers 4,096 packets, the last two of each place; one that others have displaced is not
 * known again, so under load a copy may pass, but nothing else is ever taken for one (but for one
 * chance in 2^63 a packet). A sender cannot make two packets look the same that a host takes for
 * different ones, as the flow's hash that goes in is secret; but for datagrams that differ beyond
 * DUPLICATE_PAYLOAD_MAX bytes alone, and have an IP id and a checksum in common. Where a packet is
 * remembered does not depend on that secret: which copies pass must be the same in each run.
 *
 * One thread: the capture thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/decode/packet.h"

#define DUPLICATE_WINDOW (10 * NANOTIME_MILLISECOND)

enum {
	DUPLICATE_PLACES = 2048,
	DUPLICATE_PLACE_BITS = 11,
	IDENTITY_ID_SHIFT = 48,      /* of the IP id in packet.identity */
	DUPLICATE_PAYLOAD_MAX = 512, /* of a datagram: more than any DNS question */
};

struct duplicate_filter {
	struct duplicate_place {
		struct duplicate_entry {
			uint64_t fingerprint;
			nanotime time; /* of the first copy */
		} latest, before;
	} places[DUPLICATE_PLACES];
};

_Static_assert(DUPLICATE_PLACES == 1 << DUPLICATE_PLACE_BITS, "the top bits are an index");

/* ERR_MEMORY. */
MUST_USE enum err duplicate_filter_new(struct duplicate_filter **out);

/* NULL is fine. */
void duplicate_filter_free(struct duplicate_filter *filter);

/*
 * A datagram's payload, mixed with the secret: its checksum is easily the same as another's, and a
 * sender who hides each datagram behind one of the same checksum would not be heard.
 */
uint64_t duplicate_payload_mix(uint64_t flow_hash, struct span payload);

/*
 * All that is known of the packet, multiplied so that no part can make up for another: the
 * factors are not 0 (the flow's hash makes that as unlikely as any other value), and to find two
 * packets of one product one would have to know the hash. The sum at the end keeps neighbours
 * apart whose halves fold to the same.
 */
static inline uint64_t duplicate_fingerprint(uint64_t flow_hash, const struct packet *p)
{
	__extension__ typedef unsigned __int128 product;
	uint64_t numbers = p->key.protocol == IP_TCP
				   ? (uint64_t)p->tcp_sequence << 32 | p->tcp_acknowledged
				   : duplicate_payload_mix(flow_hash, p->payload);
	uint64_t rest = UINT64_C(0x200) | (uint64_t)p->source_is_low << 8 | p->tcp_flags;
	product mixed = (product)(flow_hash ^ p->identity) * (numbers ^ rest * (flow_hash | 1));

	return ((uint64_t)mixed ^ (uint64_t)(mixed >> 64)) + numbers + p->identity;
}

static inline size_t duplicate_place_of(const struct packet *p)
{
	uint64_t mixed = p->identity ^ (uint64_t)p->tcp_sequence << 16 ^ p->tcp_acknowledged;

	return mixed * UINT64_C(0x9e3779b97f4a7c15) >> (64 - DUPLICATE_PLACE_BITS);
}

/*
 * Whether the same packet was seen DUPLICATE_WINDOW ago at most, in packet time; else notes it.
 * `flow_hash` is the keyed hash of the packet's flow: see flow_table_hash().
 *
 * Never true without an IP id but for TCP, whose numbers say enough: many systems send id 0, and
 * may in earnest send a datagram twice. A TCP segment is sent again only after some RTTs.
 */
static inline bool duplicate_filter_seen(struct duplicate_filter *filter, uint64_t flow_hash,
					 const struct packet *p)
{
	if (p->identity >> IDENTITY_ID_SHIFT == 0 && p->key.protocol != IP_TCP)
		return false;

	uint64_t fingerprint = duplicate_fingerprint(flow_hash, p);
	struct duplicate_place *place = &filter->places[duplicate_place_of(p)];

	/* Most places hold nothing that could still be met again. */
	if (p->time - place->latest.time <= DUPLICATE_WINDOW) {
		if (place->latest.fingerprint == fingerprint ||
		    (place->before.fingerprint == fingerprint &&
		     p->time - place->before.time <= DUPLICATE_WINDOW))
			return true;
		place->before = place->latest;
	}
	place->latest = (struct duplicate_entry){ fingerprint, p->time };
	return false;
}
