#include "sensor/detect/scan.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/scan_contact.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/sweep.h"
#include "sensor/intel/known_protocols.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
	PORT_HASHES = 64,
};

/*
 * Threshold random walk (Jung et al. 2004): a first contact succeeds with .8 for an honest host
 * and with .2 for a scanner, so each failure makes a scanner four times as likely.
 */
static const double failure_odds = 4;
static const double scanner_odds = 99;
static const nanotime sharing_lasts = NANOTIME_HOUR;
static const double failed_outside = 0.9; /* the internet is full of hosts that do not answer */

/* A device that shares files: for a while its unanswered contacts are of another kind. */
struct sharer {
	nanotime when;
	char protocol[FACT_PROTOCOL_LEN];
};

/* The hashes of ports seen lately: a few ports make up nearly all contacts. */
struct port_hash {
	bool is_set;
	uint16_t port;
	uint64_t hash;
};

struct scan {
	const struct scan_config *config;
	struct port_hash port_hashes[PORT_HASHES];
	struct lru_map *sweeps; /* over hosts, and by ARP */
	/* Over the ports of one host: apart, because every server that is talked to begins one. */
	struct lru_map *ports;
	struct lru_map *sharers; /* device number → struct sharer */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct scan *self = state;

	self->config = &setup->config->detect.scan;
	enum err err = sweep_map_new(&self->sweeps, (uint32_t)self->config->sources);

	if (err == ERR_OK)
		err = sweep_map_new(&self->ports, (uint32_t)self->config->sources);
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->sharers, (uint32_t)setup->config->judge.devices, sizeof(uint32_t),
			   sizeof(struct sharer));
}

static void stop(void *state)
{
	struct scan *self = state;

	lru_map_free(self->sweeps);
	lru_map_free(self->ports);
	lru_map_free(self->sharers);
}

/* What worms and intruders look for, and no file sharing uses. */
static bool is_break_in_port(uint16_t port)
{
	static const uint16_t ports[] = { 22,   23,   25,   135,  139,  445, 1433,
					  2323, 3306, 3389, 5555, 5900, 6379 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (port == ports[i])
			return true;
	}
	return false;
}

static void tell(struct scan *self, const struct sweep_key *key, struct sweep *sweep,
		 double targets, struct signal *s, struct signal_sink *sink)
{
	const struct sharer *sharer = lru_map_find(self->sharers, &key->device);

	if (sharer && nanotime_between(sharer->when, sweep->last) <= sharing_lasts &&
	    !nanotime_went_back(sharer->when, sweep->last) && !is_break_in_port(key->port))
		memcpy(s->object.application, sharer->protocol, sizeof(sharer->protocol));
	sweep_tell(sweep, key, targets, s);
	sink->emit(sink, s);
}

static void weigh_contacts(struct scan *self, const struct sweep_key *key, struct sweep *sweep,
			   struct signal_sink *sink)
{
	static const double confidence[] = {
		[SWEEP_HOSTS_INSIDE] = 0.6, [SWEEP_HOSTS_OUTSIDE] = 0.65, [SWEEP_PORTS] = 0.65
	};
	const struct scan_config *c = self->config;
	bool is_ports = key->kind == SWEEP_PORTS;
	bool is_outside = key->kind == SWEEP_HOSTS_OUTSIDE;
	uint64_t least = is_ports ? c->ports : is_outside ? c->hosts_outside : c->hosts;
	double failed = sweep->failures / ((double)sweep->successes + sweep->failures);
	double least_failed = is_outside ? fmax(failed_outside, c->failed) : c->failed;

	if (sweep->target_count < least && sweep->target_count < SWEEP_TARGETS_KEPT)
		return; /* nearly always: what follows costs ten times as much */
	if (failed < least_failed)
		return;

	double targets = sweep_targets(sweep);
	double odds = pow(failure_odds, (double)sweep->failures - sweep->successes);

	if (!sweep_is_worth_telling(sweep, targets, least) || odds < scanner_odds)
		return;

	struct signal s = { .direction = sweep->direction, .confidence = confidence[key->kind] };

	signal_condition(&s, is_ports ? REASON_PORTS : REASON_TARGETS, targets, COMPARE_AT_LEAST,
			 (double)least,
			 is_ports     ? "scan.ports"
			 : is_outside ? "scan.hosts_outside"
				      : "scan.hosts");
	signal_condition(&s, REASON_FAILED, failed, COMPARE_AT_LEAST, least_failed, "scan.failed");
	signal_condition(&s, REASON_SCAN_ODDS, fmin(odds, 1e6), COMPARE_AT_LEAST, scanner_odds,
			 NULL);
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(sweep->first, sweep->last)),
			 COMPARE_AT_MOST, nanotime_seconds(c->window), "scan.window");
	tell(self, key, sweep, targets, &s, sink);
}

/*
 * A sweep by ping: those that answer are what it looks for, so only some fail; what it has is
 * haste. A monitor asks in a hurry too, but machines that are there.
 */
static void weigh_pings(struct scan *self, const struct sweep_key *key, struct sweep *sweep,
			struct signal_sink *sink)
{
	const struct scan_config *c = self->config;
	double failed = sweep->failures / ((double)sweep->successes + sweep->failures);
	nanotime took = nanotime_between(sweep->first, sweep->last);
	double targets = sweep_targets(sweep);

	if (took > c->arp_window || failed < c->failed_pings ||
	    !sweep_is_worth_telling(sweep, targets, c->hosts))
		return;

	struct signal s = { .direction = sweep->direction, .confidence = 0.55 };

	signal_condition(&s, REASON_TARGETS, targets, COMPARE_AT_LEAST, (double)c->hosts,
			 "scan.hosts");
	signal_condition(&s, REASON_FAILED, failed, COMPARE_AT_LEAST, c->failed_pings,
			 "scan.failed_pings");
	signal_condition(&s, REASON_WINDOW, nanotime_seconds(took), COMPARE_AT_MOST,
			 nanotime_seconds(c->arp_window), "scan.arp_window");
	tell(self, key, sweep, targets, &s, sink);
}

/* Inline: of the twice that each flow comes here, 60 instructions were calls. */
static inline __attribute__((always_inline)) void count_contact(struct scan *self,
								const struct sweep_key *key,
								uint64_t target,
								const struct observation *seen,
								struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct lru_map *map = key->kind == SWEEP_PORTS ? self->ports : self->sweeps;
	struct sweep *sweep = sweep_touch(map, key, fact->flow.first, self->config->window);

	if (!sweep_add(sweep, target))
		return;
	if (fact->ended.is_answered)
		sweep->successes++;
	else
		sweep->failures++;
	signal_keep_flow(sweep->flows, &sweep->flow_count, fact);
	sweep->direction = (uint8_t)seen->direction;
	weigh_contacts(self, key, sweep, sink);
	if (key->port == SCAN_PING_PORT && key->kind == SWEEP_HOSTS_INSIDE &&
	    key->protocol != IP_TCP)
		weigh_pings(self, key, sweep, sink);
}

static uint64_t hash_of_port(struct scan *self, uint16_t port)
{
	struct port_hash *kept = &self->port_hashes[port % PORT_HASHES];

	if (!kept->is_set || kept->port != port)
		*kept = (struct port_hash){ .is_set = true,
					    .port = port,
					    .hash = distinct_hash(&port, sizeof(port)) };
	return kept->hash;
}

static void flow_ended(struct scan *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct fact_flow *flow = &fact->flow;
	bool is_inside = seen->direction == DIRECTION_LATERAL;
	struct sweep_key key = { .device = seen->device, .protocol = flow->protocol };

	if (seen->is_group || !scan_is_contact(fact) ||
	    (!is_inside && seen->direction != DIRECTION_OUTBOUND))
		return;

	key.kind = is_inside ? SWEEP_HOSTS_INSIDE : SWEEP_HOSTS_OUTSIDE;
	key.port = scan_is_ping(flow) ? SCAN_PING_PORT : flow->server_port;
	count_contact(self, &key, distinct_hash(&flow->server, sizeof(flow->server)), seen, sink);

	if (scan_is_ping(flow))
		return;
	key.kind = SWEEP_PORTS;
	key.port = 0;
	memcpy(key.address, flow->server.bytes, ADDRESS_LEN);
	count_contact(self, &key, hash_of_port(self, flow->server_port), seen, sink);
}

static struct sweep_key arp_key(uint32_t device)
{
	return (struct sweep_key){ .device = device, .kind = SWEEP_ARP };
}

/* An answer takes its question out of the sweep: only the unanswered count. */
static void arp_answered(struct scan *self, uint32_t asker, const struct address *answered)
{
	struct sweep_key key = arp_key(asker);
	struct sweep *sweep = lru_map_find(self->sweeps, &key);

	if (!sweep || !sweep_remove(sweep, distinct_hash(answered, sizeof(*answered))))
		return;
	sweep->successes++;
	lru_map_renew(self->sweeps, sweep);
}

static void weigh_questions(struct scan *self, const struct sweep_key *key, struct sweep *sweep,
			    struct signal_sink *sink)
{
	const struct scan_config *c = self->config;
	double targets = sweep_targets(sweep);

	if (!sweep_is_worth_telling(sweep, targets, c->arp))
		return;

	struct signal s = { .direction = DIRECTION_LATERAL, .confidence = 0.6 };

	signal_condition(&s, REASON_TARGETS, targets, COMPARE_AT_LEAST, (double)c->arp, "scan.arp");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(sweep->first, sweep->last)),
			 COMPARE_AT_MOST, nanotime_seconds(c->arp_window), "scan.arp_window");
	tell(self, key, sweep, targets, &s, sink);
}

static void arp(struct scan *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct scan_config *c = self->config;
	const struct fact_neighbour *asked = &seen->fact->neighbour;

	if (!asked->is_request) {
		if (seen->peer_device != 0)
			arp_answered(self, seen->peer_device, &asked->sender);
		return;
	}
	/* A router asks for every address that strangers try: those are not its own questions. */
	if (seen->device == 0 || seen->is_router || !address_is_v4(&asked->target) ||
	    address_equal(&asked->sender, &asked->target))
		return;

	struct sweep_key key = arp_key(seen->device);
	struct sweep *sweep = sweep_touch(self->sweeps, &key, seen->fact->time, c->arp_window);

	if (!sweep_add(sweep, distinct_hash(&asked->target, sizeof(asked->target))))
		return;

	weigh_questions(self, &key, sweep, sink);
}

static void flow_named(struct scan *self, const struct observation *seen)
{
	const char *protocol = seen->fact->named.protocol;
	bool is_new;

	if (!protocol_is_peer_to_peer(protocol))
		return;

	struct sharer *sharer = lru_map_touch(self->sharers, &seen->device, &is_new);

	sharer->when = seen->fact->time;
	memcpy(sharer->protocol, protocol, sizeof(sharer->protocol));
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct scan *self = state;

	if (seen->fact->kind == FACT_NEIGHBOUR)
		arp(self, seen, sink);
	else if (seen->fact->kind == FACT_FLOW_NAMED && seen->device != 0)
		flow_named(self, seen);
	else if (seen->fact->kind == FACT_FLOW_ENDED && seen->device != 0)
		flow_ended(self, seen, sink);
}

static void finish_map(struct scan *self, struct lru_map *map, struct signal_sink *sink)
{
	struct sweep *sweep = NULL;
	const void *at;

	while ((sweep = lru_map_next(map, sweep, &at))) {
		const struct sweep_key *key = at;

		if (sweep->told_at == 0 || sweep_targets(sweep) <= (double)sweep->told_at)
			continue;
		sweep->told_at = 0;
		if (key->kind == SWEEP_ARP)
			weigh_questions(self, key, sweep, sink);
		else
			weigh_contacts(self, key, sweep, sink);
	}
}

static void finish(void *state, struct signal_sink *sink)
{
	struct scan *self = state;

	finish_map(self, self->sweeps, sink);
	finish_map(self, self->ports, sink);
}

static bool is_sweep_sound(const void *key, const void *value)
{
	const struct sweep_key *k = key;

	return k->kind != SWEEP_PORTS && sweep_is_sound(key, value);
}

static bool are_ports_sound(const void *key, const void *value)
{
	const struct sweep_key *k = key;

	return k->kind == SWEEP_PORTS && sweep_is_sound(key, value);
}

static bool is_sharer_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct sharer *sharer = value;

	return *device != 0 && kept_is_text(sharer->protocol, sizeof(sharer->protocol));
}

static const struct kept_table kept[] = {
	{ .name = "scan.sweeps",
	  .version = 1,
	  .at = offsetof(struct scan, sweeps),
	  .tidy = sweep_tidy,
	  .is_sound = is_sweep_sound },
	{ .name = "scan.ports",
	  .version = 1,
	  .at = offsetof(struct scan, ports),
	  .tidy = sweep_tidy,
	  .is_sound = are_ports_sound },
	{ .name = "scan.sharers",
	  .version = 1,
	  .at = offsetof(struct scan, sharers),
	  .is_sound = is_sharer_sound },
	{ 0 },
};

const struct detector detector_scan = {
	.name = "scan",
	.finds = "A device that tries many addresses or ports, most of them in vain.",
	.sees = DETECTOR_SEES(FACT_NEIGHBOUR) | DETECTOR_SEES(FACT_FLOW_NAMED) |
		DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct scan),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
