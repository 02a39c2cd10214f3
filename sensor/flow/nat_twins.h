/*
 * At a gateway each connection is seen twice: inside, and outside as address translation has
 * rewritten it (RFC 3022). The packet inside is kept, its twin outside is dropped.
 *
 * A twin is told by what translation leaves as it is: the remote end, TCP's numbers, a datagram's
 * payload but for the id of an ICMP echo. One pair of packets settles its flow outside; each SYN
 * asks anew. Going out, the packet inside came up to NAT_TWINS_BEFORE earlier (the line may have a
 * queue). Coming in, the packet inside is yet to come, so of a flow outside that is not settled the
 * packets are held back, for NAT_TWINS_HELD; what has no twin until then is the gateway's own or a
 * stranger's, and goes on with its time that much later. A packet that was only routed (IPv6, what
 * comes out of DS-Lite) is its own twin.
 *
 * Bounds: NAT_HELD_MAX packets of NAT_HELD_BYTES each are held, beyond that the first goes on
 * early; NAT_FLOWS_MAX settled flows of each kind, NAT_SEEN_MAX packets inside. What is forgotten
 * is asked anew, and at worst counted twice.
 *
 * Not known again: connections whose sequence numbers or payload a gateway rewrites (proxies, SYN
 * cookies), whose both ends it rewrites (a name server put in another's place), and pings that the
 * gateway sends to a host while an office host does: those count as the office's.
 *
 * One thread: the capture thread. Memory is taken in nat_twins_new(). Nothing depends on the flow
 * table's secret.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"

#define NAT_TWINS_BEFORE (500 * NANOTIME_MILLISECOND)
#define NAT_TWINS_HELD   (20 * NANOTIME_MILLISECOND)

enum {
	NAT_HELD_MAX = 128,
	NAT_HELD_BYTES = 2048,
	NAT_FLOWS_MAX = 16384,
	NAT_SEEN_MAX = 8192,
};

struct nat_twins;

/* A packet that was held back goes on. Its time is when that was settled; borrowed for the call. */
typedef void nat_release_fn(void *arg, const struct packet *packet);

struct nat_twins_setup {
	const struct network_config *inside; /* borrowed */
	nat_release_fn *release;
	void *arg;
};

enum nat_answer {
	NAT_GOES_ON,
	NAT_IS_TWIN, /* drop it */
	NAT_IS_HELD, /* copied: it is released, or turns out a twin */
};

/* ERR_MEMORY. `*out` is set only on ERR_OK. */
MUST_USE enum err nat_twins_new(struct nat_twins **out, const struct nat_twins_setup *setup);

/* NULL is fine. */
void nat_twins_free(struct nat_twins *twins);

/* A packet (kind PACKET_IP) seen inside; it goes on in any case. */
void nat_twins_inside(struct nat_twins *twins, const struct packet *packet);

/*
 * A packet (likewise) seen outside. `hash` stands for its flow, `quoted` for the one that it quotes
 * (with `has_quoted` alone).
 */
MUST_USE enum nat_answer nat_twins_outside(struct nat_twins *twins, const struct packet *packet,
					   uint64_t hash, uint64_t quoted);

/* To be called before each packet with its time: releases what is due. */
void nat_twins_pass_time(struct nat_twins *twins, nanotime now);

/* Nothing more will come, or time jumps: all that is held goes on. */
void nat_twins_release_all(struct nat_twins *twins);

/* Packets outside that were dropped so far, those that had been held among them. */
uint64_t nat_twins_dropped(const struct nat_twins *twins);

/*
 * What a packet (kind PACKET_IP) says, as a number that translation leaves as it is: no address, no
 * port, no id of an ICMP echo.
 */
uint64_t nat_said_by(const struct packet *packet);

/*
 * Whether a packet outside is of that wire alone: neighbours, routers and address servers of the
 * provider, or of whoever else is on it. Nothing of it is the office's.
 */
bool nat_is_of_the_wire(const struct packet *packet);
