#include "sensor/detect/foreign_resolver.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/name_servers.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_resolvers.h"
#include "sensor/intel/name_roots.h"

#include <string.h>

/* A second server of the provider, one set by hand, a maker's own: mostly harmless. */
static const double prior = 0.15;
static const double times_for_names_apart = 3; /* a spare server is asked the same */
static const double times_for_tcp = 2;
static const double times_for_other_root = 4;
static const double times_for_several = 2;
static const double times_for_one_purpose = 1.5; /* many questions for hardly any names */

static const double told_least = 0.3;
static const float told_more = 0.1F;

enum {
	NAMES_KEPT = 8,
	ASKED_WORDS = 32, /* 2,048 bits of the names that the usual server was asked for */
	PURPOSE_QUESTIONS = 10,
	PURPOSE_NAMES = 5,
	SEVERAL_SERVERS = 3,
	RECURSIVE_SERVERS = 12, /* who asks so many resolves names by itself */
	SERVER_DEVICES = 4,
};

/* What a device asks, whoever it asks. */
struct asker {
	struct address usual; /* the server that it asks: the first, one inside before others */
	bool has_usual;
	bool usual_is_inside;
	uint8_t foreign_count; /* servers outside that nobody else uses */
	uint8_t spare[5];
	nanotime turned;                /* when the newer filter began */
	uint64_t asked[2][ASKED_WORDS]; /* Bloom filters of the names: newer and older */
};

struct server_key {
	uint32_t device; /* 0 in the table of servers' users */
	uint32_t spare;
	struct address server;
};

struct foreign {
	nanotime first;
	nanotime last;
	uint32_t questions;
	uint32_t names_apart; /* of the names kept, those that the usual server was not asked for */
	uint32_t other_root;
	uint32_t told;
	uint32_t judged_at; /* questions */
	float confidence;
	uint8_t name_count; /* distinct ones, up to NAMES_KEPT */
	bool is_answered;
	bool by_datagram;
	uint8_t flow_count;
	uint64_t names[NAMES_KEPT];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct users {
	uint32_t devices[SERVER_DEVICES];
	uint32_t count;
};

struct foreign_resolver {
	const struct foreign_resolver_config *config;
	struct lru_map *askers;  /* device → struct asker */
	struct lru_map *foreign; /* server_key → struct foreign */
	struct lru_map *users;   /* server_key without a device → struct users */
	struct lru_map *servers; /* see name_servers.h */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct foreign_resolver *self = state;

	self->config = &setup->config->detect.foreign_resolver;

	uint32_t pairs = (uint32_t)self->config->pairs;
	enum err err = lru_map_new(&self->askers, pairs, sizeof(uint32_t), sizeof(struct asker));

	if (err == ERR_OK)
		err = lru_map_new(&self->foreign, pairs, sizeof(struct server_key),
				  sizeof(struct foreign));
	if (err == ERR_OK)
		err = lru_map_new(&self->users, pairs, sizeof(struct server_key),
				  sizeof(struct users));
	if (err == ERR_OK)
		err = name_servers_new(&self->servers, setup->config->judge.devices);
	return err;
}

static void stop(void *state)
{
	struct foreign_resolver *self = state;

	lru_map_free(self->askers);
	lru_map_free(self->foreign);
	lru_map_free(self->users);
	lru_map_free(self->servers);
}

/* Two bits of the filter; true when both were set. */
static bool asked(struct asker *a, uint64_t hash, bool note)
{
	bool was = true;

	for (unsigned i = 0; i < 2; i++) {
		unsigned bit = (unsigned)(hash >> (i * 16)) % (ASKED_WORDS * 64);
		uint64_t mask = UINT64_C(1) << bit % 64;

		was &= ((a->asked[0][bit / 64] | a->asked[1][bit / 64]) & mask) != 0;
		if (note)
			a->asked[0][bit / 64] |= mask;
	}
	return was;
}

/* A filter that is never emptied would know every name in the end. */
static void turn_filters(struct asker *a, nanotime now)
{
	if (a->turned != 0 && nanotime_between(a->turned, now) < NANOTIME_DAY)
		return;
	memcpy(a->asked[1], a->asked[0], sizeof(a->asked[0]));
	memset(a->asked[0], 0, sizeof(a->asked[0]));
	a->turned = now;
}

static bool is_usual(struct asker *a, const struct observation *seen)
{
	const struct address *server = &seen->fact->flow.server;
	bool is_inside = seen->direction == DIRECTION_LATERAL;

	if (!a->has_usual || (is_inside && !a->usual_is_inside)) {
		a->has_usual = true;
		a->usual_is_inside = is_inside;
		a->usual = *server;
	}
	return is_inside || address_equal(&a->usual, server) || resolver_is_public(server);
}

static uint32_t users_with(struct foreign_resolver *self, const struct address *server,
			   uint32_t device)
{
	struct server_key key = { .server = *server };
	bool is_new;
	struct users *users = lru_map_touch(self->users, &key, &is_new);

	for (uint32_t i = 0; i < users->count; i++) {
		if (users->devices[i] == device)
			return users->count;
	}
	if (users->count < SERVER_DEVICES)
		users->devices[users->count++] = device;
	return users->count;
}

static void note_name(struct asker *a, struct foreign *f, uint64_t hash)
{
	for (uint8_t i = 0; i < f->name_count; i++) {
		if (f->names[i] == hash)
			return;
	}
	if (f->name_count == NAMES_KEPT)
		return;
	f->names[f->name_count++] = hash;
	f->names_apart += !asked(a, hash, false);
}

static void weigh(struct signal *s, const struct asker *a, const struct foreign *f)
{
	s->confidence = prior;
	if (f->names_apart == f->name_count)
		signal_evidence(s, REASON_NAMES_APART, f->names_apart, times_for_names_apart);
	if (!f->by_datagram)
		signal_evidence(s, REASON_OVER_TCP, 1, times_for_tcp);
	if (f->other_root > 0)
		signal_evidence(s, REASON_ALTERNATIVE_ROOT, f->other_root, times_for_other_root);
	/* Alone it is a program that looks for the quickest of a list. */
	if (a->foreign_count >= SEVERAL_SERVERS && f->other_root > 0)
		signal_evidence(s, REASON_RESOLVERS, a->foreign_count, times_for_several);
	if (f->questions >= PURPOSE_QUESTIONS && f->name_count <= PURPOSE_NAMES)
		signal_evidence(s, REASON_DISTINCT_NAMES, f->name_count, times_for_one_purpose);
}

static void judge(struct foreign_resolver *self, const struct observation *seen,
		  const struct asker *a, struct foreign *f, struct signal_sink *sink)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct signal s = { .kind = SIGNAL_FOREIGN_RESOLVER,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = f->is_answered ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT,
			    .device = seen->device,
			    .first = f->first,
			    .last = f->last,
			    .count = f->questions };

	signal_condition(&s, REASON_LOOKUPS, f->questions, COMPARE_AT_LEAST,
			 (double)self->config->questions, "foreign_resolver.questions");
	weigh(&s, a, f);
	if (s.confidence < told_least || s.confidence < (double)(f->confidence + told_more))
		return;
	signal_tell(&s, REASON_DEVICES, users_with(self, &flow->server, seen->device));
	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	address_text(&flow->server, s.object.text);
	memcpy(s.object.application, "DNS", sizeof("DNS"));
	signal_show_flows(&s, f->flows, f->flow_count);
	f->told = f->questions;
	f->confidence = (float)s.confidence;
	sink->emit(sink, &s);
}

static void elsewhere(struct foreign_resolver *self, const struct observation *seen,
		      struct asker *a, struct signal_sink *sink)
{
	enum { UDP = 17 };
	const struct fact *fact = seen->fact;
	struct server_key key = { .device = seen->device, .server = fact->flow.server };
	bool is_new;
	struct foreign *f = lru_map_touch(self->foreign, &key, &is_new);

	if (is_new || nanotime_went_back(f->last, fact->time)) {
		memset(f, 0, sizeof(*f));
		f->first = fact->time;
		if (is_new && a->foreign_count < UINT8_MAX)
			a->foreign_count++;
	}
	f->last = fact->time > f->last ? fact->time : f->last;
	f->by_datagram |= fact->flow.protocol == UDP;
	signal_keep_flow(f->flows, &f->flow_count, fact);
	(void)users_with(self, &fact->flow.server, seen->device);
	if (fact->dns.is_response) {
		f->is_answered = true;
	} else if (f->questions < UINT32_MAX) {
		f->questions++;
		f->other_root += name_is_of_alternative_root(fact->dns.name);
		note_name(a, f, distinct_hash(fact->dns.name, strlen(fact->dns.name)));
	}
	if (f->questions < self->config->questions || a->foreign_count >= RECURSIVE_SERVERS ||
	    f->questions < 2 * f->judged_at)
		return;
	f->judged_at = f->questions;
	judge(self, seen, a, f, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct foreign_resolver *self = state;
	bool is_new;

	if (!dns_is_asked_by_device(seen))
		return;
	name_servers_note(self->servers, seen);
	if (name_servers_has(self->servers, seen->device))
		return; /* it asks on behalf of others */

	struct asker *a = lru_map_touch(self->askers, &seen->device, &is_new);

	turn_filters(a, seen->fact->time);
	if (!is_usual(a, seen))
		elsewhere(self, seen, a, sink);
	else if (!seen->fact->dns.is_response)
		(void)asked(a, distinct_hash(seen->fact->dns.name, strlen(seen->fact->dns.name)),
			    true);
}

static bool is_asker_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct asker *a = value;

	return *device != 0 && kept_are_flags(&a->has_usual, 1) &&
	       kept_are_flags(&a->usual_is_inside, 1);
}

static bool is_foreign_sound(const void *key, const void *value)
{
	const struct server_key *k = key;
	const struct foreign *f = value;

	return k->device != 0 && f->name_count <= NAMES_KEPT && f->names_apart <= f->name_count &&
	       f->confidence >= 0 && f->confidence <= 1 && kept_are_flags(&f->is_answered, 1) &&
	       kept_are_flags(&f->by_datagram, 1) && f->flow_count > 0 &&
	       signal_flows_are_sound(f->flows, f->flow_count);
}

static void tidy_foreign(void *value)
{
	struct foreign *f = value;

	signal_tidy_flows(f->flows, f->flow_count);
}

static bool are_users_sound(const void *key, const void *value)
{
	const struct users *users = value;

	(void)key;
	return users->count <= SERVER_DEVICES;
}

static const struct kept_table kept[] = {
	{ .name = "foreign_resolver.askers",
	  .version = 1,
	  .at = offsetof(struct foreign_resolver, askers),
	  .is_sound = is_asker_sound },
	{ .name = "foreign_resolver.foreign",
	  .version = 1,
	  .at = offsetof(struct foreign_resolver, foreign),
	  .tidy = tidy_foreign,
	  .is_sound = is_foreign_sound },
	{ .name = "foreign_resolver.users",
	  .version = 1,
	  .at = offsetof(struct foreign_resolver, users),
	  .is_sound = are_users_sound },
	{ .name = "foreign_resolver.servers",
	  .version = 1,
	  .at = offsetof(struct foreign_resolver, servers) },
	{ 0 },
};

const struct detector detector_foreign_resolver = {
	.name = "foreign_resolver",
	.finds = "A device that asks a name server outside which the office does not use.",
	.sees = DETECTOR_SEES(FACT_DNS),
	.state_size = sizeof(struct foreign_resolver),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
