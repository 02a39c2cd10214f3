/*
 * A gateway between inside networks shows a packet twice: as it comes, and as it goes on. The first
 * is kept, the second dropped.
 *
 * Forwarding leaves what a packet says as it is, takes one off its TTL (RFC 1812 5.3.1) and puts
 * another MAC in front: that tells the second sight from a packet that was sent again, also where
 * neither has an IP id. What a bridge passes on has TTL and MACs unchanged, on another interface.
 *
 * Where the gateway also rewrites addresses (an office host calls another by the gateway's outside
 * address: hairpin, RFC 5382 8), the flow behind it is another one: the caller's is kept, which
 * names the caller, and the whole other one dropped, as long as it is heard of every five minutes.
 * Each SYN asks anew. The other one goes to a configured inside network: nobody can hide a flow
 * to the internet behind another. A datagram has to keep one end besides, or to be sent on by the
 * MAC that it was sent to.
 *
 * Bounds: ROUTED_SEEN_MAX packets for ROUTED_TWINS_WINDOW, ROUTED_FLOWS_MAX rewritten flows. What
 * is forgotten is counted twice. One thread: the capture thread; memory is taken at the start.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"

#define ROUTED_TWINS_WINDOW (100 * NANOTIME_MILLISECOND)

enum { ROUTED_SEEN_MAX = 4096, ROUTED_FLOWS_MAX = 4096 };

struct routed_twins;

/* `inside` is borrowed. ERR_MEMORY. `*out` is set only on ERR_OK. */
MUST_USE enum err routed_twins_new(struct routed_twins **out, const struct network_config *inside);

/* NULL is fine. */
void routed_twins_free(struct routed_twins *twins);

/*
 * Whether `packet` (kind PACKET_IP), seen on an inside interface, was seen before it was passed on;
 * else remembers it. `hash` stands for its flow.
 */
MUST_USE bool routed_twins_is_again(struct routed_twins *twins, const struct packet *packet,
				    unsigned interface, uint64_t hash);

/* Packets for which that was so. */
uint64_t routed_twins_dropped(const struct routed_twins *twins);
