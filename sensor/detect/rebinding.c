#include "sensor/detect/rebinding.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/name_servers.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>
#include <string.h>

enum { DOMAINS_KEPT = 4, DOMAINS_MANY = 3 };

/*
 * A page's own name that turns to a machine of the office lets the page speak to that machine. An
 * entry that was corrected does it once; a router without its line does it with every name.
 */
static const double prior = 0.3;
static const double times_used = 4; /* the device went there, and asked for that name */
static const double times_to_and_fro = 2;
static const double times_name_server = 0.5; /* a router's own page */
static const double times_nowhere = 0.5;     /* how filters of advertisements answer */
static const double times_many_names = 0.05; /* a login page of a network, a line that is down */
static const float told_more = 0.1F;

struct turn_key {
	uint64_t name; /* hash */
	uint32_t device;
	uint32_t spare;
};

/* 96 bytes. */
struct turn {
	nanotime outside;       /* when it last came down to an address outside … */
	nanotime inside;        /* … and inside, after that; 0: it did not */
	nanotime used;          /* when the device went there by that name; 0: it did not */
	struct address server;  /* that told */
	struct address address; /* inside */
	uint64_t domain;        /* hash */
	uint32_t ttl;           /* the highest of those outside */
	uint32_t turns;
	float told; /* confidence */
	bool is_inside;
	uint8_t spare[3];
};

/* An address inside: the domains of which names were turned to it. */
struct turned_to {
	nanotime first;
	uint64_t domains[DOMAINS_KEPT];
	uint32_t count;
	uint32_t spare;
};

struct rebinding {
	const struct config *config;
	const struct suffix_rules *suffixes;
	struct lru_map *turns;   /* struct turn_key → struct turn */
	struct lru_map *places;  /* address → struct turned_to */
	struct lru_map *servers; /* see name_servers.h */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct rebinding *self = state;
	uint32_t names = (uint32_t)setup->config->detect.rebinding.names;

	self->config = setup->config;
	self->suffixes = setup->suffixes;

	enum err err =
		lru_map_new(&self->turns, names, sizeof(struct turn_key), sizeof(struct turn));

	if (err == ERR_OK)
		err = lru_map_new(&self->places, names, sizeof(struct address),
				  sizeof(struct turned_to));
	if (err == ERR_OK)
		err = name_servers_new(&self->servers, setup->config->judge.devices);
	return err;
}

static void stop(void *state)
{
	struct rebinding *self = state;

	lru_map_free(self->turns);
	lru_map_free(self->places);
	lru_map_free(self->servers);
}

static struct turn_key key_of(const char *name, uint32_t device)
{
	return (struct turn_key){ .name = distinct_hash(name, strlen(name)), .device = device };
}

static bool is_nowhere(const struct address *address)
{
	return address_is_unspecified(address) || address_is_loopback(address);
}

static bool is_inside(const struct rebinding *self, const struct address *address)
{
	return is_nowhere(address) || address_is_link_local(address) ||
	       network_config_holds(&self->config->network, address);
}

/* All of an answer's addresses are inside, or all outside; else it is a name that has both. */
static bool is_of_one_side(const struct rebinding *self, const struct fact_dns *dns, bool *inside)
{
	*inside = is_inside(self, &dns->addresses[0]);
	for (uint8_t i = 1; i < dns->address_count; i++) {
		if (is_inside(self, &dns->addresses[i]) != *inside)
			return false;
	}
	return true;
}

static uint64_t domain_of(const struct rebinding *self, const char *name)
{
	const char *domain = suffix_rules_domain(self->suffixes, name);

	if (!domain)
		domain = name;
	return distinct_hash(domain, strlen(domain));
}

static uint32_t note_domain(struct rebinding *self, const struct turn *turn)
{
	bool is_new;
	struct turned_to *to = lru_map_touch(self->places, &turn->address, &is_new);

	if (is_new || nanotime_went_back(to->first, turn->inside) ||
	    nanotime_between(to->first, turn->inside) > NANOTIME_DAY)
		*to = (struct turned_to){ .first = turn->inside };
	for (uint32_t i = 0; i < to->count; i++) {
		if (to->domains[i] == turn->domain)
			return to->count;
	}
	if (to->count < DOMAINS_KEPT)
		to->domains[to->count++] = turn->domain;
	return to->count;
}

static void weigh(struct rebinding *self, const struct turn *turn, struct signal *s)
{
	const struct rebinding_config *c = &self->config->detect.rebinding;
	uint32_t domains = note_domain(self, turn);

	signal_condition(s, REASON_INSIDE_AFTER,
			 nanotime_seconds(nanotime_between(turn->outside, turn->inside)),
			 COMPARE_AT_MOST, nanotime_seconds(c->window), "rebinding.window");
	signal_condition(s, REASON_ANSWER_LASTS, turn->ttl, COMPARE_AT_MOST,
			 nanotime_seconds(c->ttl), "rebinding.ttl");
	if (turn->used != 0)
		signal_evidence(s, REASON_NAME_USED, 1, times_used);
	if (turn->turns > 1)
		signal_evidence(s, REASON_NAME_TURNS, turn->turns, times_to_and_fro);
	if (address_equal(&turn->address, &turn->server))
		signal_evidence(s, REASON_IS_NAME_SERVER, 1, times_name_server);
	if (is_nowhere(&turn->address))
		signal_evidence(s, REASON_TO_NOWHERE, 1, times_nowhere);
	if (domains >= DOMAINS_MANY)
		signal_evidence(s, REASON_NAMES_TURNED, domains, times_many_names);
}

static void tell(struct rebinding *self, const struct observation *seen, const char *name,
		 struct turn *turn, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_REBINDING,
			    .direction = DIRECTION_LATERAL,
			    .outcome = turn->used != 0 ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT,
			    .device = seen->device,
			    .first = turn->outside,
			    .last = seen->fact->time,
			    .count = turn->turns,
			    .confidence = prior,
			    .is_forwarded = name_servers_has(self->servers, seen->device) };

	weigh(self, turn, &s);
	if (s.confidence < (double)(turn->told + told_more))
		return;
	turn->told = (float)s.confidence;
	s.object.kind = OBJECT_HOST;
	s.object.name_from = HOST_DNS;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", name);
	s.object.has_address = true;
	s.object.address = turn->address;
	address_text(&turn->address, s.detail);
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	sink->emit(sink, &s);
}

static void came_outside(struct rebinding *self, const struct fact *fact,
			 const struct turn_key *key, struct turn *turn)
{
	uint32_t ttl = fact->dns.lowest_ttl;

	if (!turn) {
		bool is_new;

		/* A page has to outlive its own answer: most names are kept for longer. */
		if (ttl > nanotime_seconds(self->config->detect.rebinding.ttl))
			return;
		turn = lru_map_touch(self->turns, key, &is_new);
		turn->domain = domain_of(self, fact->dns.name);
		turn->server = fact->flow.server;
	} else {
		lru_map_renew(self->turns, turn);
	}
	turn->outside = fact->time;
	turn->is_inside = false;
	turn->ttl = ttl > turn->ttl ? ttl : turn->ttl;
}

static void came_inside(struct rebinding *self, const struct observation *seen, struct turn *turn,
			struct signal_sink *sink)
{
	const struct rebinding_config *c = &self->config->detect.rebinding;
	const struct fact *fact = seen->fact;

	if (turn->is_inside || turn->ttl > nanotime_seconds(c->ttl) ||
	    nanotime_between(turn->outside, fact->time) > c->window)
		return;
	lru_map_renew(self->turns, turn);
	turn->is_inside = true;
	turn->inside = fact->time;
	turn->address = fact->dns.addresses[0];
	turn->turns++;
	tell(self, seen, fact->dns.name, turn, sink);
}

static void answered(struct rebinding *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct turn_key key = key_of(fact->dns.name, seen->device);
	struct turn *turn = lru_map_find(self->turns, &key);
	bool inside;

	/* An office may well say of a name what the world does not: each server its own. */
	if (turn && (nanotime_went_back(turn->outside, fact->time) ||
		     !address_equal(&turn->server, &fact->flow.server))) {
		lru_map_remove(self->turns, &key);
		turn = NULL;
	}
	if (!is_of_one_side(self, &fact->dns, &inside))
		return;
	if (!inside)
		came_outside(self, fact, &key, turn);
	else if (turn)
		came_inside(self, seen, turn, sink);
}

/* Whether the device goes inside by a name that was turned. */
static void named(struct rebinding *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct turn_key key = key_of(fact->named.host, seen->device);
	struct turn *turn;

	if (seen->direction != DIRECTION_LATERAL || fact->named.host[0] == '\0' ||
	    seen->device == 0)
		return;
	turn = lru_map_find(self->turns, &key);
	if (!turn || !turn->is_inside || turn->used != 0 ||
	    !address_equal(&turn->address, &fact->flow.server) ||
	    nanotime_went_back(turn->inside, fact->time))
		return;
	lru_map_renew(self->turns, turn);
	turn->used = fact->time;
	tell(self, seen, fact->named.host, turn, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct rebinding *self = state;

	if (seen->fact->kind == FACT_FLOW_NAMED) {
		named(self, seen, sink);
		return;
	}
	if (!dns_is_asked_by_device(seen))
		return;
	name_servers_note(self->servers, seen);
	if (seen->fact->dns.is_response && seen->fact->dns.address_count > 0)
		answered(self, seen, sink);
}

static bool is_turn_sound(const void *key, const void *value)
{
	const struct turn_key *k = key;
	const struct turn *turn = value;

	return k->device != 0 && turn->told >= 0 && turn->told <= 1 &&
	       kept_are_flags(&turn->is_inside, 1);
}

static bool is_place_sound(const void *key, const void *value)
{
	static const struct address none = { 0 };
	const struct turned_to *to = value;

	return memcmp(key, &none, sizeof(none)) != 0 && to->count <= DOMAINS_KEPT;
}

static const struct kept_table kept[] = {
	{ .name = "rebinding.turns",
	  .version = 1,
	  .at = offsetof(struct rebinding, turns),
	  .is_sound = is_turn_sound },
	{ .name = "rebinding.places",
	  .version = 1,
	  .at = offsetof(struct rebinding, places),
	  .is_sound = is_place_sound },
	{ .name = "rebinding.servers", .version = 1, .at = offsetof(struct rebinding, servers) },
	{ 0 },
};

const struct detector detector_rebinding = {
	.name = "rebinding",
	.finds = "A name that leads outside first and soon after to a machine of the office.",
	.sees = DETECTOR_SEES(FACT_DNS) | DETECTOR_SEES(FACT_FLOW_NAMED),
	.state_size = sizeof(struct rebinding),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
