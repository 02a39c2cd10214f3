#include "sensor/detect/machine_names.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_services.h"
#include "sensor/intel/name_model.h"
#include "sensor/intel/name_roots.h"
#include "sensor/intel/registered_domain.h"
#include "sensor/intel/rented_names.h"

#include <stdio.h>
#include <string.h>

/*
 * Weak by nature: most firms' abbreviations are cheaper, but not all. Of the names that office
 * programs contact, one or two in a hundred cost so much.
 */
static const double prior = 0.2;
static const double times_for_cost = 1.5;
static const double cost_far = 6;
static const double times_for_length = 1.3;
static const double times_for_digits = 1.3; /* inside, where people put them at the end */

enum { LENGTH_FAR = 12, MEMO_BITS = 8, DOMAIN_DEVICES = 4 };

struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t domain;
};

/* Which devices use a domain: one of several is a service. */
struct domain_users {
	uint32_t devices[DOMAIN_DEVICES];
	uint32_t count;
};

struct machine_names {
	const struct machine_names_config *config;
	struct lru_map *told;              /* told_key → when */
	struct lru_map *domains;           /* hash → struct domain_users */
	uint64_t ordinary[1 << MEMO_BITS]; /* hashes of names that were looked at and are not */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct machine_names *self = state;

	self->config = &setup->config->detect.machine_names;
	enum err err = lru_map_new(&self->told, (uint32_t)self->config->pairs,
				   sizeof(struct told_key), sizeof(nanotime));

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->domains, (uint32_t)self->config->pairs, sizeof(uint64_t),
			   sizeof(struct domain_users));
}

static void stop(void *state)
{
	struct machine_names *self = state;

	lru_map_free(self->told);
	lru_map_free(self->domains);
}

/* What is drawn: the registered domain, with its cost; NULL for any other name. */
static const char *drawn_domain(const struct machine_names_config *c, const char *name,
				double *cost)
{
	const char *domain = registered_domain(name);

	if (!domain || known_service(name) != SERVICE_NONE || rented_name(name) == RENTED_TUNNEL)
		return NULL;

	size_t len = strcspn(domain, ".");

	if (len < c->length || strncmp(domain, "xn--", 4) == 0)
		return NULL;
	*cost = name_model_cost(domain, len);
	return *cost >= c->cost && name_root_of(domain) == ROOT_PUBLIC ? domain : NULL;
}

static bool has_digit_inside(const char *label, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (label[i] >= '0' && label[i] <= '9' && label[i + 1] >= 'a' &&
		    label[i + 1] <= 'z')
			return true;
	}
	return false;
}

static double users_with(struct machine_names *self, uint64_t domain, uint32_t device)
{
	bool is_new;
	struct domain_users *users = lru_map_touch(self->domains, &domain, &is_new);

	for (uint32_t i = 0; i < users->count; i++) {
		if (users->devices[i] == device)
			return users->count;
	}
	if (users->count < DOMAIN_DEVICES)
		users->devices[users->count++] = device;
	return users->count;
}

static void emit(struct machine_names *self, const struct observation *seen, const char *domain,
		 double cost, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	size_t len = strcspn(domain, ".");
	struct signal s = { .kind = SIGNAL_MACHINE_NAME,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = fact->ended.has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = fact->flow.first,
			    .last = fact->ended.last,
			    .count = 1,
			    .confidence = prior };

	signal_condition(&s, REASON_NAME_COST, cost, COMPARE_AT_LEAST, self->config->cost,
			 "machine_names.cost");
	signal_condition(&s, REASON_NAME_LENGTH, (double)len, COMPARE_AT_LEAST,
			 (double)self->config->length, "machine_names.length");
	if (cost >= cost_far)
		s.confidence = signal_weigh(s.confidence, times_for_cost);
	if (len >= LENGTH_FAR)
		s.confidence = signal_weigh(s.confidence, times_for_length);
	if (has_digit_inside(domain, len))
		s.confidence = signal_weigh(s.confidence, times_for_digits);
	signal_tell(&s, REASON_DEVICES,
		    users_with(self, distinct_hash(domain, strlen(domain)), seen->device));
	s.object.kind = OBJECT_HOST;
	s.object.name_from = seen->peer_name_from;
	s.object.has_address = true;
	s.object.address = fact->flow.server;
	s.object.port = fact->flow.server_port;
	s.object.protocol = fact->flow.protocol;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", seen->peer_name);
	(void)snprintf(s.object.application, sizeof(s.object.application), "%s",
		       fact->ended.names.protocol);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

/* That an encrypted connection claims a drawn name is odd_tls's and tor's: it counts once. */
static bool is_only_claimed(const struct observation *seen)
{
	return seen->peer_name_from != HOST_DNS && seen->peer_name_from != HOST_HTTP &&
	       strcmp(seen->resolved, seen->peer_name) != 0;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct machine_names *self = state;
	double cost;
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND ||
	    seen->peer_name[0] == '\0' || !seen->fact->ended.is_answered || is_only_claimed(seen))
		return;

	uint64_t hash = distinct_hash(seen->peer_name, strlen(seen->peer_name));
	uint64_t *memo = &self->ordinary[hash >> (64 - MEMO_BITS)];

	if (*memo == hash)
		return;

	const char *domain = drawn_domain(self->config, seen->peer_name, &cost);

	if (!domain) {
		*memo = hash;
		return;
	}

	struct told_key key = { .device = seen->device,
				.domain = distinct_hash(domain, strlen(domain)) };
	nanotime *told = lru_map_touch(self->told, &key, &is_new);

	if (!is_new && nanotime_between(*told, seen->fact->time) < NANOTIME_DAY)
		return;
	*told = seen->fact->time;
	emit(self, seen, domain, cost, sink);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct told_key *k = key;

	(void)value;
	return k->device != 0;
}

static bool are_users_sound(const void *key, const void *value)
{
	const struct domain_users *users = value;

	(void)key;
	return users->count <= DOMAIN_DEVICES;
}

static const struct kept_table kept[] = {
	{ .name = "machine_names.told",
	  .version = 1,
	  .at = offsetof(struct machine_names, told),
	  .is_sound = is_told_sound },
	{ .name = "machine_names.domains",
	  .version = 1,
	  .at = offsetof(struct machine_names, domains),
	  .is_sound = are_users_sound },
	{ 0 },
};

const struct detector detector_machine_names = {
	.name = "machine_names",
	.finds = "Contact with a server whose name looks drawn at random.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct machine_names),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
