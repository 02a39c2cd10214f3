#include "sensor/lane/sightings.h"

#include "sensor/base/lru_map.h"
#include "sensor/lane/syn_shape.h"

#include <stdlib.h>
#include <string.h>

enum {
	MACS_MAX = 1024,
	SYNS_TOLD = 4,     /* of one host: systems in one machine, or behind its address */
	NETWORKS_TOLD = 4, /* of one MAC: the judge calls it a router's at the second */
	MOST_TOLD = 4096,  /* in told_lasts: what is forged has no end */
};

static const nanotime told_lasts = NANOTIME_MINUTE;

/* The part of an outside address that tells networks apart: IPv6 /64, IPv4 /24. */
struct network {
	uint64_t words[2];
};

/* What is behind a MAC, for told_lasts from `since` on. */
struct carrier {
	nanotime since;
	uint32_t count;
	struct network networks[NETWORKS_TOLD];
};

struct host {
	struct mac mac;
	bool is_near; /* told with a hop limit that no router has lowered */
	uint8_t syn_count;
	nanotime told;
	uint32_t syns[SYNS_TOLD]; /* their shapes */
};

struct sightings {
	const struct network_config *network;
	struct lru_map *hosts;    /* address → struct host */
	struct lru_map *carriers; /* MAC → struct carrier */

	/* The MAC found last to be a router's, and since when: most packets come through one. */
	struct mac router;
	nanotime router_since;

	nanotime since; /* for told_lasts from here on … */
	uint32_t told;  /* … so many were told */
};

enum err sightings_new(struct sightings **out, const struct config *config)
{
	struct sightings *sightings = calloc(1, sizeof(*sightings));
	enum err err;

	if (!sightings)
		return ERR_MEMORY;
	sightings->network = &config->network;
	/* Twice the devices: many have an address of each version. */
	err = lru_map_new(&sightings->hosts, 2 * (uint32_t)config->judge.devices,
			  sizeof(struct address), sizeof(struct host));
	if (err == ERR_OK)
		err = lru_map_new(&sightings->carriers, MACS_MAX, sizeof(struct mac),
				  sizeof(struct carrier));
	if (err != ERR_OK) {
		sightings_free(sightings);
		return err;
	}
	*out = sightings;
	return ERR_OK;
}

void sightings_free(struct sightings *sightings)
{
	if (!sightings)
		return;
	lru_map_free(sightings->hosts);
	lru_map_free(sightings->carriers);
	free(sightings);
}

static struct network network_of(const struct address *address)
{
	struct network network;

	memcpy(&network, address, sizeof(network));
	if (address_is_v4(address))
		((uint8_t *)&network)[ADDRESS_LEN - 1] = 0;
	else
		network.words[1] = 0;
	return network;
}

/* Not when time has gone back: unsigned, the difference is then large. */
static bool is_recent(nanotime told, nanotime now)
{
	return told != 0 && now - told < told_lasts;
}

/* Whether `mac` was not yet seen to carry the network of `outside`, and may be a host's own. */
static bool is_news_of(struct sightings *sightings, const struct mac *mac,
		       const struct address *outside, nanotime now)
{
	struct network network = network_of(outside);
	struct carrier *carrier = lru_map_find(sightings->carriers, mac);
	bool is_new = false;

	if (!carrier)
		carrier = lru_map_touch(sightings->carriers, mac, &is_new);
	if (is_new || !is_recent(carrier->since, now))
		*carrier = (struct carrier){ .since = now };
	for (uint32_t i = 0; i < carrier->count; i++) {
		if (memcmp(&carrier->networks[i], &network, sizeof(network)) == 0)
			return false;
	}
	if (carrier->count == NETWORKS_TOLD)
		return false;
	carrier->networks[carrier->count++] = network;
	return true;
}

/* A MAC with many networks behind it is a router's: what it brings from outside is no news. */
static bool is_known_router(struct sightings *sightings, const struct mac *mac, nanotime now)
{
	if (mac_equal(mac, &sightings->router) && is_recent(sightings->router_since, now))
		return true;

	const struct carrier *carrier = lru_map_find(sightings->carriers, mac);

	if (!carrier || !is_recent(carrier->since, now) || carrier->count < NETWORKS_TOLD)
		return false;
	sightings->router = *mac;
	sightings->router_since = carrier->since;
	return true;
}

static bool is_syn_news(struct host *host, const struct packet *p)
{
	uint32_t shape = syn_shape(p);

	if (shape == 0)
		return false;
	for (uint8_t i = 0; i < host->syn_count; i++) {
		if (host->syns[i] == shape)
			return false;
	}
	if (host->syn_count == SYNS_TOLD)
		return false;
	host->syns[host->syn_count++] = shape;
	return true;
}

/* As hosts begin with: the packet's sender is on this wire. */
static bool is_near(const struct packet *p)
{
	return p->ttl == 64 || p->ttl == 128 || p->ttl == 255;
}

static unsigned host_news(struct sightings *sightings, const struct packet *p)
{
	const struct address *address = packet_source(p);
	const struct mac *mac = &p->source_mac;
	struct host *host = lru_map_find(sightings->hosts, address);
	bool is_new;

	if (host && is_recent(host->told, p->time) && mac_equal(&host->mac, mac))
		return is_syn_news(host, p) ? SIGHTING_SYN : 0;
	host = lru_map_touch(sightings->hosts, address, &is_new);
	if (is_new || !mac_equal(&host->mac, mac))
		*host = (struct host){ .mac = *mac };
	host->told = p->time;
	return SIGHTING_HOST | (is_syn_news(host, p) ? SIGHTING_SYN : 0U);
}

/* That it is on this wire is news once: its first packet may not have shown it. */
static unsigned outside_news(struct sightings *sightings, const struct packet *p)
{
	unsigned news = host_news(sightings, p);
	struct host *host = lru_map_find(sightings->hosts, packet_source(p));

	if (!is_near(p) || host->is_near || address_is_unspecified(packet_source(p)))
		return news;
	host->is_near = true;
	return news | SIGHTING_HOST;
}

static unsigned source_news(struct sightings *sightings, const struct packet *p)
{
	const struct address *source = packet_source(p);
	const struct mac *mac = &p->source_mac;

	if (network_config_holds(sightings->network, source))
		return host_news(sightings, p);
	if (mac_is_zero(mac)) /* without MACs only who is on this wire is news */
		return is_near(p) ? outside_news(sightings, p) : 0;
	if (is_known_router(sightings, mac, p->time))
		return 0;
	/* Outside, or the office's own by what a router announces: the judge will know. */
	(void)is_news_of(sightings, mac, source, p->time);
	return outside_news(sightings, p);
}

static bool is_destination_news(struct sightings *sightings, const struct packet *p)
{
	const struct address *destination = packet_destination(p);
	const struct mac *mac = &p->destination_mac;

	/* Some access points send to a group by each member's MAC: that says nothing of it. */
	return !network_config_holds(sightings->network, destination) && !mac_is_zero(mac) &&
	       !mac_is_group(mac) && !is_known_router(sightings, mac, p->time) &&
	       !address_is_multicast(destination) &&
	       is_news_of(sightings, mac, destination, p->time);
}

/* What is left out now is told when it is seen again a minute later. */
static bool is_within_bounds(struct sightings *sightings, nanotime now)
{
	if (!is_recent(sightings->since, now)) {
		sightings->since = now;
		sightings->told = 0;
	}
	return sightings->told++ < MOST_TOLD;
}

unsigned sightings_see(struct sightings *sightings, const struct packet *packet,
		       struct fact_sighting *out)
{
	unsigned news = source_news(sightings, packet);
	bool has_destination = is_destination_news(sightings, packet);

	if (has_destination)
		news |= SIGHTING_HOST;
	if (news == 0 || !is_within_bounds(sightings, packet->time))
		return 0;
	if ((news & SIGHTING_HOST) == 0)
		return news;
	*out = (struct fact_sighting){ .source = *packet_source(packet),
				       .source_mac = packet->source_mac,
				       .source_ttl = packet->ttl,
				       .has_destination = has_destination,
				       .destination = *packet_destination(packet),
				       .destination_mac = packet->destination_mac };
	return news;
}
