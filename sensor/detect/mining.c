#include "sensor/detect/mining.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/statistics.h"

#include <string.h>

/* Nobody mines in an office by accident; but some do on purpose, and wallets speak it for a while.
 */
static const double prior = 0.6;
static const double times_for_pools = 2; /* a list is tried, as a program does that was planted */

enum { MINERS_MAX = 256, POOLS_KEPT = 8, POOLS_SEVERAL = 3 };

struct miner {
	nanotime first;
	nanotime told;
	double confidence;
	uint64_t pools[POOLS_KEPT]; /* hashes of address and port */
	uint32_t pool_count;
	uint32_t contacts;
};

struct mining {
	struct lru_map *miners; /* device → struct miner */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct mining *self = state;

	(void)setup;
	return lru_map_new(&self->miners, MINERS_MAX, sizeof(uint32_t), sizeof(struct miner));
}

static void stop(void *state)
{
	struct mining *self = state;

	lru_map_free(self->miners);
}

/* Peers of the coins' own networks, which wallets talk to. */
static bool is_peers_port(uint16_t port)
{
	return port == 8333 || port == 18333 || port == 9333 || port == 30303 || port == 18080;
}

static bool is_mining(const struct observation *seen, const struct fact_names *names)
{
	enum { TCP = 6 };
	const char *carried = strchr(names->protocol, '.');

	return (strcmp(names->protocol, "Mining") == 0 ||
		(carried && strcmp(carried, ".Mining") == 0)) &&
	       !names->is_guess && seen->fact->flow.protocol == TCP &&
	       !is_peers_port(seen->fact->flow.server_port);
}

static void note_pool(struct miner *m, const struct fact_flow *flow)
{
	uint64_t hash = distinct_hash(flow->server.bytes, ADDRESS_LEN) ^ flow->server_port;

	for (uint32_t i = 0; i < m->pool_count; i++) {
		if (m->pools[i] == hash)
			return;
	}
	if (m->pool_count < POOLS_KEPT)
		m->pools[m->pool_count++] = hash;
}

static void judge(const struct observation *seen, struct miner *m, bool has_data_down,
		  struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct signal s = { .kind = SIGNAL_MINING,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = m->first,
			    .last = fact->time,
			    .count = m->contacts,
			    .confidence = prior };

	signal_condition(&s, REASON_CHECK_INS, m->contacts, COMPARE_AT_LEAST, 1, NULL);
	if (m->pool_count >= POOLS_SEVERAL)
		signal_evidence(&s, REASON_POOLS, m->pool_count, times_for_pools);
	else
		signal_tell(&s, REASON_POOLS, m->pool_count);
	if (m->told != 0 && s.confidence <= m->confidence &&
	    nanotime_between(m->told, fact->time) < NANOTIME_DAY)
		return;
	place_describe(&s.object, &fact->flow, seen->peer_name,
		       (enum host_source)seen->peer_name_from);
	memcpy(s.object.application, "Mining", sizeof("Mining"));
	signal_keep_flow(s.flows, &s.flow_count, fact);
	m->told = fact->time;
	m->confidence = s.confidence;
	sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct mining *self = state;
	const struct fact *fact = seen->fact;
	const struct fact_names *names = fact_names_of(fact);
	bool is_ended = fact->kind == FACT_FLOW_ENDED;
	bool is_answered = is_ended ? fact->ended.is_answered : fact->check_in.is_answered;
	bool has_data = is_ended ? fact->ended.has_data_down : fact->check_in.has_data_down;
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || !names || !is_answered ||
	    !is_mining(seen, names))
		return;

	struct miner *m = lru_map_touch(self->miners, &seen->device, &is_new);

	if (is_new)
		m->first = fact->flow.first;
	note_pool(m, &fact->flow);
	if (m->contacts < UINT32_MAX)
		m->contacts++;
	judge(seen, m, has_data, sink);
}

static bool is_miner_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct miner *m = value;

	return *device != 0 && m->pool_count <= POOLS_KEPT && m->confidence >= 0 &&
	       m->confidence < 1;
}

static const struct kept_table kept[] = {
	{ .name = "mining.miners",
	  .version = 1,
	  .at = offsetof(struct mining, miners),
	  .is_sound = is_miner_sound },
	{ 0 },
};

const struct detector detector_mining = {
	.name = "mining",
	.finds = "A device that mines coins for a pool outside.",
	.sees = DETECTOR_SEES(FACT_CHECK_IN) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct mining),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
