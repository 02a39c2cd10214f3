#include "sensor/flow/nat_twins.h"

#include "sensor/base/lru_map.h"
#include "sensor/flow/duplicate_filter.h"

#include <stdlib.h>
#include <string.h>

enum {
	SEEN_PLACES = NAT_SEEN_MAX / 2, /* of the last two each */
	SEEN_BITS = 12,
	ECHO_ID_BYTES = 2, /* translated like a port */
	PORT_BOOT_SERVER = 67,
	PORT_BOOT_CLIENT = 68,
	ND_FIRST = 133, /* neighbour discovery's types of ICMPv6 (RFC 4861) */
	ND_LAST = 137,
};

_Static_assert(SEEN_PLACES == 1 << SEEN_BITS, "the top bits are an index");

/* A flow that nobody has heard of for so long is asked about anew. */
static const nanotime settled_lasts = 5 * NANOTIME_MINUTE;

/* What a packet and its twin have in common: with the destination left as it is, or the source. */
struct likeness {
	uint64_t to_remote;
	uint64_t from_remote;
};

struct seen {
	uint64_t print;
	nanotime time;
};

struct settled {
	nanotime last;
};

struct held {
	bool is_gone; /* dropped or released; waits for its turn to be taken out */
	uint64_t hash;
	struct likeness likeness;
	struct packet packet; /* its spans over `bytes` */
	uint8_t bytes[NAT_HELD_BYTES];
};

struct nat_twins {
	struct nat_twins_setup setup;
	struct lru_map *twins; /* flow's hash → struct settled */
	struct lru_map *own;   /* likewise: flows outside that have no twin */
	uint64_t dropped;
	struct {
		struct seen latest, before;
	} places[SEEN_PLACES];
	size_t first; /* of the held, in the order they came */
	size_t count;
	struct held held[NAT_HELD_MAX];
};

enum err nat_twins_new(struct nat_twins **out, const struct nat_twins_setup *setup)
{
	struct nat_twins *twins = calloc(1, sizeof(*twins));

	if (!twins)
		return ERR_MEMORY;
	twins->setup = *setup;
	if (lru_map_new(&twins->twins, NAT_FLOWS_MAX, sizeof(uint64_t), sizeof(struct settled)) !=
		    ERR_OK ||
	    lru_map_new(&twins->own, NAT_FLOWS_MAX, sizeof(uint64_t), sizeof(struct settled)) !=
		    ERR_OK) {
		nat_twins_free(twins);
		return ERR_MEMORY;
	}
	*out = twins;
	return ERR_OK;
}

void nat_twins_free(struct nat_twins *twins)
{
	if (!twins)
		return;
	lru_map_free(twins->twins);
	lru_map_free(twins->own);
	free(twins);
}

uint64_t nat_twins_dropped(const struct nat_twins *twins)
{
	return twins->dropped;
}

static uint64_t mixed(uint64_t mix, uint64_t word)
{
	__extension__ typedef unsigned __int128 product;
	product both = (product)(mix ^ word) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint64_t)both ^ (uint64_t)(both >> 64);
}

static bool is_icmp(const struct packet *p)
{
	return p->key.protocol == IP_ICMP || p->key.protocol == IP_ICMPV6;
}

/* Segments may be cut anew on the way: their length says nothing. */
uint64_t nat_said_by(const struct packet *p)
{
	const uint8_t ends = TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK;
	struct cursor in = cursor_over(p->payload.data, p->payload.len);
	uint64_t start = mixed(p->key.protocol, p->icmp_type);

	if (p->key.protocol == IP_TCP)
		return mixed(mixed(start, (uint64_t)p->tcp_sequence << 32 | p->tcp_acknowledged),
			     p->tcp_flags & ends);
	if (is_icmp(p))
		cursor_skip(&in, ECHO_ID_BYTES);
	return duplicate_payload_mix(start, in.rest);
}

static uint64_t with_end(uint64_t said, const struct address *address, uint16_t port, bool is_to)
{
	uint64_t words[2];

	memcpy(words, address, sizeof(words));
	return mixed(mixed(mixed(said, words[0]), words[1]), (uint64_t)port << 1 | is_to) | 1;
}

/* The ports of ICMP are made of its types. */
static struct likeness likeness_of(const struct packet *p)
{
	uint64_t said = nat_said_by(p);
	bool has_ports = !is_icmp(p);

	return (struct likeness){
		.to_remote = with_end(said, packet_destination(p),
				      has_ports ? packet_destination_port(p) : 0, true),
		.from_remote = with_end(said, packet_source(p),
					has_ports ? packet_source_port(p) : 0, false),
	};
}

static bool is_settled(struct lru_map *map, uint64_t hash, nanotime now)
{
	struct settled *settled = lru_map_find(map, &hash);

	if (!settled)
		return false;
	if (now - settled->last > settled_lasts) {
		lru_map_remove(map, &hash);
		return false;
	}
	settled->last = now;
	lru_map_renew(map, settled);
	return true;
}

static void settle(struct lru_map *as, struct lru_map *no_longer_as, uint64_t hash, nanotime now)
{
	struct settled *settled;
	bool is_new;

	lru_map_remove(no_longer_as, &hash);
	settled = lru_map_touch(as, &hash, &is_new);
	settled->last = now;
}

static struct held *held_at(struct nat_twins *twins, size_t i)
{
	return &twins->held[(twins->first + i) % NAT_HELD_MAX];
}

static void drop_held(struct nat_twins *twins, uint64_t hash)
{
	for (size_t i = 0; i < twins->count; i++) {
		struct held *held = held_at(twins, i);

		if (held->is_gone || held->hash != hash)
			continue;
		held->is_gone = true;
		twins->dropped++;
	}
}

/* All of its flow at once, so that nothing that comes later overtakes them. */
static void release_flow(struct nat_twins *twins, uint64_t hash, nanotime when)
{
	settle(twins->own, twins->twins, hash, when);
	for (size_t i = 0; i < twins->count; i++) {
		struct held *held = held_at(twins, i);

		if (held->is_gone || held->hash != hash)
			continue;
		held->is_gone = true;
		held->packet.time = when;
		twins->setup.release(twins->setup.arg, &held->packet);
	}
}

static void take_out_first(struct nat_twins *twins)
{
	twins->first = (twins->first + 1) % NAT_HELD_MAX;
	twins->count--;
}

/* When it would have been released, had somebody looked: how often time passes changes nothing. */
static nanotime due(const struct held *held)
{
	return held->packet.time + NAT_TWINS_HELD;
}

/* Unsigned: time that has gone back is later than any. */
void nat_twins_pass_time(struct nat_twins *twins, nanotime now)
{
	while (twins->count > 0) {
		const struct held *held = held_at(twins, 0);
		bool is_due = now - held->packet.time > NAT_TWINS_HELD;

		if (!held->is_gone && !is_due && twins->count < NAT_HELD_MAX)
			return;
		if (!held->is_gone)
			release_flow(twins, held->hash, is_due ? due(held) : now);
		take_out_first(twins);
	}
}

void nat_twins_release_all(struct nat_twins *twins)
{
	while (twins->count > 0) {
		const struct held *held = held_at(twins, 0);

		if (!held->is_gone)
			release_flow(twins, held->hash, due(held));
		take_out_first(twins);
	}
}

/* There is room: time has passed to this packet. */
static enum nat_answer hold(struct nat_twins *twins, const struct packet *packet, uint64_t hash,
			    struct likeness likeness)
{
	struct held *held = held_at(twins, twins->count++);
	struct cursor all = cursor_over(packet->ip.data, packet->ip.len);
	struct span kept = cursor_take_up_to(&all, sizeof(held->bytes));
	struct cursor copy = cursor_over(held->bytes, kept.len);
	size_t headers = packet->ip.len - packet->payload.len;

	held->is_gone = false;
	held->hash = hash;
	held->likeness = likeness;
	held->packet = *packet;
	if (kept.len > 0)
		memcpy(held->bytes, kept.data, kept.len);
	held->packet.ip = copy.rest;
	cursor_skip(&copy, headers);
	held->packet.payload = copy.rest;
	return NAT_IS_HELD;
}

static void remember(struct nat_twins *twins, uint64_t print, nanotime now)
{
	size_t i = print >> (64 - SEEN_BITS);

	twins->places[i].before = twins->places[i].latest;
	twins->places[i].latest = (struct seen){ print, now };
}

static bool is_it(const struct seen *seen, uint64_t print, nanotime now)
{
	return seen->print == print && now - seen->time <= NAT_TWINS_BEFORE;
}

static bool was_seen_inside(const struct nat_twins *twins, uint64_t print, nanotime now)
{
	size_t i = print >> (64 - SEEN_BITS);

	return is_it(&twins->places[i].latest, print, now) ||
	       is_it(&twins->places[i].before, print, now);
}

static void come_inside(struct nat_twins *twins, uint64_t print, nanotime now)
{
	remember(twins, print, now);
	for (size_t i = 0; i < twins->count; i++) {
		const struct held *held = held_at(twins, i);

		if (held->is_gone ||
		    (held->likeness.to_remote != print && held->likeness.from_remote != print))
			continue;
		settle(twins->twins, twins->own, held->hash, now);
		drop_held(twins, held->hash);
	}
}

/* Of an office host's packet the other end is the one that stays; of any other it may be either. */
void nat_twins_inside(struct nat_twins *twins, const struct packet *packet)
{
	struct likeness likeness = likeness_of(packet);
	bool is_from_office = network_config_holds(twins->setup.inside, packet_source(packet));
	bool is_to_office = network_config_holds(twins->setup.inside, packet_destination(packet));

	if (is_from_office || !is_to_office)
		come_inside(twins, likeness.to_remote, packet->time);
	if (is_to_office || !is_from_office)
		come_inside(twins, likeness.from_remote, packet->time);
}

static bool is_opening(const struct packet *p)
{
	return p->key.protocol == IP_TCP && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static enum nat_answer is_twin(struct nat_twins *twins)
{
	twins->dropped++;
	return NAT_IS_TWIN;
}

enum nat_answer nat_twins_outside(struct nat_twins *twins, const struct packet *packet,
				  uint64_t hash, uint64_t quoted)
{
	bool asks_anew = is_opening(packet);
	nanotime now = packet->time;
	struct likeness likeness;

	if ((!asks_anew && is_settled(twins->twins, hash, now)) ||
	    (packet->has_quoted && is_settled(twins->twins, quoted, now)))
		return is_twin(twins);
	likeness = likeness_of(packet);
	if (was_seen_inside(twins, likeness.to_remote, now) ||
	    was_seen_inside(twins, likeness.from_remote, now)) {
		settle(twins->twins, twins->own, hash, now);
		drop_held(twins, hash);
		return is_twin(twins);
	}
	if (!asks_anew && is_settled(twins->own, hash, now))
		return NAT_GOES_ON;
	return hold(twins, packet, hash, likeness);
}

static bool is_of_one_wire(const struct address *address)
{
	return address_is_link_local(address) || address_is_multicast(address) ||
	       address_is_broadcast(address) || address_is_unspecified(address);
}

static bool is_boot_port(uint16_t port)
{
	return port == PORT_BOOT_SERVER || port == PORT_BOOT_CLIENT;
}

bool nat_is_of_the_wire(const struct packet *packet)
{
	if (packet->kind != PACKET_IP)
		return true;
	if (is_of_one_wire(&packet->key.low) || is_of_one_wire(&packet->key.high))
		return true;
	if (packet->key.protocol == IP_UDP)
		return is_boot_port(packet->key.low_port) && is_boot_port(packet->key.high_port);
	return packet->key.protocol == IP_ICMPV6 && packet->icmp_type >= ND_FIRST &&
	       packet->icmp_type <= ND_LAST;
}
