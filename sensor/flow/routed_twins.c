#include "sensor/flow/routed_twins.h"

#include "sensor/base/lru_map.h"
#include "sensor/flow/nat_twins.h"

#include <stdlib.h>
#include <string.h>

enum {
	EACH = 4, /* a packet that is sent again stands beside the first */
	PLACE_BITS = 10,
	PLACES = ROUTED_SEEN_MAX / EACH,
};

_Static_assert(PLACES == 1 << PLACE_BITS, "the top bits are an index");

static const nanotime rewritten_lasts = 5 * NANOTIME_MINUTE;

struct sight {
	uint64_t said; /* 0: none */
	uint64_t hash;
	nanotime time;
	struct address source;
	struct address destination;
	uint16_t source_port;
	uint16_t destination_port;
	struct mac source_mac;
	struct mac destination_mac;
	uint8_t ttl;
	uint8_t interface;
	bool source_is_low;
};

struct place {
	struct sight sights[EACH];
	unsigned next;
};

struct rewritten {
	nanotime last;
};

struct routed_twins {
	const struct network_config *inside;
	struct lru_map *rewritten; /* flow's hash → struct rewritten */
	uint64_t dropped;
	struct place places[PLACES];
};

enum err routed_twins_new(struct routed_twins **out, const struct network_config *inside)
{
	struct routed_twins *twins = calloc(1, sizeof(*twins));

	if (!twins)
		return ERR_MEMORY;
	if (lru_map_new(&twins->rewritten, ROUTED_FLOWS_MAX, sizeof(uint64_t),
			sizeof(struct rewritten)) != ERR_OK) {
		free(twins);
		return ERR_MEMORY;
	}
	twins->inside = inside;
	*out = twins;
	return ERR_OK;
}

void routed_twins_free(struct routed_twins *twins)
{
	if (!twins)
		return;
	lru_map_free(twins->rewritten);
	free(twins);
}

uint64_t routed_twins_dropped(const struct routed_twins *twins)
{
	return twins->dropped;
}

static struct sight sight_of(const struct packet *p, unsigned interface, uint64_t hash)
{
	return (struct sight){
		.said = nat_said_by(p) | 1,
		.hash = hash,
		.time = p->time,
		.source = *packet_source(p),
		.destination = *packet_destination(p),
		.source_port = packet_source_port(p),
		.destination_port = packet_destination_port(p),
		.source_mac = p->source_mac,
		.destination_mac = p->destination_mac,
		.ttl = p->ttl,
		.interface = (uint8_t)interface,
		.source_is_low = p->source_is_low,
	};
}

static bool is_same_flow(const struct sight *before, const struct sight *now)
{
	return before->hash == now->hash && before->source_is_low == now->source_is_low;
}

static bool is_bridged(const struct sight *before, const struct sight *now)
{
	return before->interface != now->interface && before->ttl == now->ttl &&
	       mac_equal(&before->source_mac, &now->source_mac) &&
	       mac_equal(&before->destination_mac, &now->destination_mac);
}

/* In whichever order: the clocks of two cards may differ by more than the way between them takes.
 */
static bool is_routed(const struct sight *before, const struct sight *now)
{
	return (before->ttl == now->ttl + 1 || before->ttl + 1 == now->ttl) &&
	       (before->interface != now->interface ||
		!mac_equal(&before->source_mac, &now->source_mac));
}

static bool keeps_one_end(const struct sight *before, const struct sight *now)
{
	return (before->source_port == now->source_port &&
		address_equal(&before->source, &now->source)) ||
	       (before->destination_port == now->destination_port &&
		address_equal(&before->destination, &now->destination));
}

/* By whom it was sent to; where its cards have MACs of their own, TCP's numbers or an end tell. */
static bool is_sent_on(const struct sight *before, const struct sight *now,
		       const struct packet *packet)
{
	return packet->key.protocol == IP_TCP ||
	       mac_equal(&before->destination_mac, &now->source_mac) || keeps_one_end(before, now);
}

static bool is_rewritten(const struct routed_twins *twins, const struct sight *before,
			 const struct sight *now, const struct packet *packet)
{
	bool has_words = packet->key.protocol == IP_TCP ||
			 (packet->key.protocol == IP_UDP && packet->payload_len > 0);

	return has_words && before->hash != now->hash && before->ttl == now->ttl + 1 &&
	       !mac_is_zero(&now->source_mac) && is_sent_on(before, now, packet) &&
	       network_config_holds(twins->inside, &now->destination);
}

static bool is_opening(const struct packet *p)
{
	return p->key.protocol == IP_TCP && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static bool is_of_rewritten(struct routed_twins *twins, const struct packet *packet, uint64_t hash)
{
	struct rewritten *flow = lru_map_find(twins->rewritten, &hash);

	if (!flow)
		return false;
	if (is_opening(packet) || packet->time - flow->last > rewritten_lasts) {
		lru_map_remove(twins->rewritten, &hash);
		return false;
	}
	flow->last = packet->time;
	lru_map_renew(twins->rewritten, flow);
	return true;
}

static void note_rewritten(struct routed_twins *twins, uint64_t hash, nanotime now)
{
	bool is_new;
	struct rewritten *flow = lru_map_touch(twins->rewritten, &hash, &is_new);

	flow->last = now;
}

/* What was seen before is met once: a second one of it was sent again. */
static bool is_met(struct routed_twins *twins, struct sight *before, const struct sight *now,
		   const struct packet *packet)
{
	if (before->said != now->said || now->time - before->time > ROUTED_TWINS_WINDOW)
		return false;
	if (is_same_flow(before, now)) {
		if (!is_bridged(before, now) && !is_routed(before, now))
			return false;
	} else if (is_rewritten(twins, before, now, packet)) {
		note_rewritten(twins, now->hash, now->time);
	} else {
		return false;
	}
	before->said = 0;
	return true;
}

static bool was_seen(struct routed_twins *twins, struct place *place, const struct sight *now,
		     const struct packet *packet)
{
	for (unsigned i = 0; i < EACH; i++) {
		if (is_met(twins, &place->sights[i], now, packet))
			return true;
	}
	return false;
}

bool routed_twins_is_again(struct routed_twins *twins, const struct packet *packet,
			   unsigned interface, uint64_t hash)
{
	const struct sight now = sight_of(packet, interface, hash);
	struct place *place = &twins->places[now.said >> (64 - PLACE_BITS)];

	if (is_of_rewritten(twins, packet, hash) || was_seen(twins, place, &now, packet)) {
		twins->dropped++;
		return true;
	}
	place->sights[place->next] = now;
	place->next = (place->next + 1) % EACH;
	return false;
}
