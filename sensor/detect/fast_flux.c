#include "sensor/detect/fast_flux.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/name_servers.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/told_once.h"

#include <stdio.h>
#include <string.h>

enum {
	ADDRESSES_KEPT = 48,
	NETWORKS_KEPT = 32,
	DEVICES_KEPT = 4,
	NETWORK_BYTES_V4 = 2, /* of an address; two machines of one owner often differ below … */
	NETWORK_BYTES_V6 = 4, /* … as these are what providers get */
};

/*
 * A large cloud puts ten machines of ten networks behind a name, too, but tells of the same ones
 * again and again. Behind a name of taken-over machines each answer brings others.
 */
static const double prior = 0.2;
static const double times_fresh = 3;
static const double times_scattered = 2;
static const double times_used = 1.6;
static const double times_alias = 0.3; /* a contents network's own name stands between */
static const double scattered_share = 0.7;
static const double fresh_share = 0.7;
static const nanotime remembered = NANOTIME_DAY;

/* Of one name, whoever asks. 392 bytes. */
struct flux {
	nanotime first;
	nanotime last;
	nanotime counted; /* the latest answer that no memory of a name server gave */
	uint32_t addresses[ADDRESSES_KEPT]; /* hashes; more are not told apart */
	uint32_t networks[NETWORKS_KEPT];
	uint32_t devices[DEVICES_KEPT];
	uint32_t highest_ttl;
	uint32_t rounds;   /* answers that brought addresses not seen before */
	uint32_t contacts; /* by web, after an answer */
	uint16_t again;    /* addresses in answers after the first … */
	uint16_t fresh;    /* … and of them those not seen before */
	uint32_t ttl;      /* of the answer counted */
	uint8_t address_count;
	uint8_t network_count;
	uint8_t device_count;
	bool is_alias;
};

struct fast_flux {
	const struct fast_flux_config *config;
	struct lru_map *names; /* hash of the name → struct flux */
	struct lru_map *told;
	struct lru_map *servers; /* see name_servers.h */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct fast_flux *self = state;
	uint32_t names = (uint32_t)setup->config->detect.fast_flux.names;

	self->config = &setup->config->detect.fast_flux;

	enum err err = lru_map_new(&self->names, names, sizeof(uint64_t), sizeof(struct flux));

	if (err == ERR_OK)
		err = told_once_new(&self->told, names);
	if (err == ERR_OK)
		err = name_servers_new(&self->servers, setup->config->judge.devices);
	return err;
}

static void stop(void *state)
{
	struct fast_flux *self = state;

	lru_map_free(self->names);
	lru_map_free(self->told);
	lru_map_free(self->servers);
}

static bool note(uint32_t *list, uint8_t *count, size_t room, uint32_t value)
{
	for (uint8_t i = 0; i < *count; i++) {
		if (list[i] == value)
			return false;
	}
	if (*count == room)
		return false;
	list[(*count)++] = value;
	return true;
}

static uint32_t network_of(const struct address *address)
{
	struct address network = { 0 };

	if (address_is_v4(address)) {
		size_t kept = V4_PREFIX_BITS / 8 + NETWORK_BYTES_V4;

		memcpy(network.bytes, address->bytes, kept);
	} else {
		memcpy(network.bytes, address->bytes, NETWORK_BYTES_V6);
	}
	return (uint32_t)distinct_hash(&network, sizeof(network));
}

static bool has_alias(const struct fact_dns *dns)
{
	struct attribute_value value;
	size_t at = 0;

	while (attributes_next(&dns->records, &at, &value)) {
		if (value.attribute == ATTRIBUTE_ANSWER && strstr(value.text, " CNAME "))
			return true;
	}
	return false;
}

static bool is_flux(const struct fast_flux *self, const struct flux *f)
{
	const struct fast_flux_config *c = self->config;

	return f->address_count >= c->addresses && f->network_count >= c->networks &&
	       f->rounds >= c->rounds && f->highest_ttl <= nanotime_seconds(c->ttl);
}

static void weigh(const struct fast_flux *self, const struct flux *f, struct signal *s)
{
	const struct fast_flux_config *c = self->config;
	double scattered = (double)f->network_count / f->address_count;

	signal_condition(s, REASON_NAME_ADDRESSES, f->address_count, COMPARE_AT_LEAST,
			 (double)c->addresses, "fast_flux.addresses");
	signal_condition(s, REASON_NAME_NETWORKS, f->network_count, COMPARE_AT_LEAST,
			 (double)c->networks, "fast_flux.networks");
	signal_condition(s, REASON_NEW_ANSWERS, f->rounds, COMPARE_AT_LEAST, (double)c->rounds,
			 "fast_flux.rounds");
	signal_condition(s, REASON_ANSWER_LASTS, f->highest_ttl, COMPARE_AT_MOST,
			 nanotime_seconds(c->ttl), "fast_flux.ttl");
	if (f->again > 0 && f->fresh >= fresh_share * f->again)
		signal_evidence(s, REASON_FRESH, (double)f->fresh / f->again, times_fresh);
	if (scattered >= scattered_share)
		signal_evidence(s, REASON_SCATTERED, scattered, times_scattered);
	if (f->contacts > 0)
		signal_evidence(s, REASON_NAME_USED, f->contacts, times_used);
	if (f->is_alias)
		signal_evidence(s, REASON_ALIAS, 1, times_alias);
	signal_tell(s, REASON_DEVICES, f->device_count);
}

static void tell(struct fast_flux *self, const struct observation *seen, const char *name,
		 const struct flux *f, struct signal_sink *sink)
{
	char what[FACT_NAME_LEN + 8];
	struct signal s = { .kind = SIGNAL_FAST_FLUX,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = f->contacts > 0 ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT,
			    .device = seen->device,
			    .first = f->first,
			    .last = f->last,
			    .count = f->address_count,
			    .confidence = prior,
			    .is_forwarded = name_servers_has(self->servers, seen->device) };

	/* Once for the name, and once more when it is used. */
	(void)snprintf(what, sizeof(what), "%d %s", f->contacts > 0 ? 1 : 0, name);
	if (!is_flux(self, f) || !told_once(self->told, seen->device, what, f->last))
		return;
	weigh(self, f, &s);
	s.object.kind = OBJECT_HOST;
	s.object.name_from = HOST_DNS;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", name);
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	sink->emit(sink, &s);
}

/* How much of an answer is new, where it is one: not what a name server still remembered. */
static void count_fresh(struct flux *f, const struct fact_dns *dns, nanotime now, uint8_t fresh)
{
	if (f->counted != 0 && f->address_count < ADDRESSES_KEPT && f->again < UINT16_MAX / 2 &&
	    nanotime_seconds(nanotime_between(f->counted, now)) >= f->ttl) {
		f->again = (uint16_t)(f->again + dns->address_count);
		f->fresh = (uint16_t)(f->fresh + fresh);
	} else if (f->counted != 0 && fresh == 0) {
		return;
	}
	f->counted = now;
	f->ttl = dns->lowest_ttl;
}

static void add_answer(const struct fast_flux *self, struct flux *f, const struct fact_dns *dns,
		       nanotime now)
{
	uint8_t before = f->address_count;

	for (uint8_t i = 0; i < dns->address_count; i++) {
		const struct address *address = &dns->addresses[i];

		if (!note(f->addresses, &f->address_count, ADDRESSES_KEPT,
			  (uint32_t)distinct_hash(address, sizeof(*address))))
			continue;
		(void)note(f->networks, &f->network_count, NETWORKS_KEPT, network_of(address));
	}
	if (f->address_count > before)
		f->rounds++;
	count_fresh(f, dns, now, (uint8_t)(f->address_count - before));
	if (dns->lowest_ttl > f->highest_ttl)
		f->highest_ttl = dns->lowest_ttl;
	/* Few names get so far that their records are worth reading. */
	if (!f->is_alias && f->address_count >= self->config->addresses)
		f->is_alias = has_alias(dns);
}

static void answered(struct fast_flux *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	const struct fact_dns *dns = &seen->fact->dns;
	uint64_t hash = distinct_hash(dns->name, strlen(dns->name));
	nanotime now = seen->fact->time;
	struct flux *f = lru_map_find(self->names, &hash);
	bool is_new;

	/* What may be kept for long is no flux, and most names are of that kind. */
	if (!f && dns->lowest_ttl > nanotime_seconds(self->config->ttl))
		return;
	f = lru_map_touch(self->names, &hash, &is_new);
	if (is_new || nanotime_went_back(f->last, now) ||
	    nanotime_between(f->first, now) > remembered)
		*f = (struct flux){ .first = now };
	f->last = now > f->last ? now : f->last;
	add_answer(self, f, dns, now);
	(void)note(f->devices, &f->device_count, DEVICES_KEPT, seen->device);
	tell(self, seen, dns->name, f, sink);
}

/* A browser, or what passes for one: volunteers' networks speak protocols of their own. */
static bool is_web(const struct fact_flow *flow)
{
	return flow->server_port == 80 || flow->server_port == 443 || flow->server_port == 8080 ||
	       flow->server_port == 8443;
}

static void contacted(struct fast_flux *self, const struct observation *seen,
		      struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	uint64_t hash = distinct_hash(seen->resolved, strlen(seen->resolved));
	struct flux *f;

	if (!fact->check_in.is_first || !fact->check_in.is_answered || seen->resolved[0] == '\0' ||
	    seen->direction != DIRECTION_OUTBOUND || seen->device == 0 || !is_web(&fact->flow))
		return;
	f = lru_map_find(self->names, &hash);
	if (!f || nanotime_went_back(f->last, fact->time))
		return;
	lru_map_renew(self->names, f);
	if (f->contacts < UINT32_MAX)
		f->contacts++;
	f->last = fact->time > f->last ? fact->time : f->last;
	tell(self, seen, seen->resolved, f, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct fast_flux *self = state;
	const struct fact_dns *dns = &seen->fact->dns;

	if (seen->fact->kind == FACT_CHECK_IN) {
		contacted(self, seen, sink);
		return;
	}
	if (!dns_is_asked_by_device(seen))
		return;
	name_servers_note(self->servers, seen);
	if (dns->is_response && dns->address_count > 0)
		answered(self, seen, sink);
}

static bool is_flux_sound(const void *key, const void *value)
{
	static const uint64_t none = 0;
	const struct flux *f = value;

	return memcmp(key, &none, sizeof(none)) != 0 && f->address_count <= ADDRESSES_KEPT &&
	       f->network_count <= NETWORKS_KEPT && f->network_count <= f->address_count &&
	       f->device_count <= DEVICES_KEPT && f->fresh <= f->again && f->first <= f->last &&
	       kept_are_flags(&f->is_alias, 1);
}

static const struct kept_table kept[] = {
	{ .name = "fast_flux.names",
	  .version = 1,
	  .at = offsetof(struct fast_flux, names),
	  .is_sound = is_flux_sound },
	{ .name = "fast_flux.told",
	  .version = 1,
	  .at = offsetof(struct fast_flux, told),
	  .is_sound = told_once_is_sound },
	{ .name = "fast_flux.servers", .version = 1, .at = offsetof(struct fast_flux, servers) },
	{ 0 },
};

const struct detector detector_fast_flux = {
	.name = "fast_flux",
	.finds = "A name behind which ever other machines of many networks stand.",
	.sees = DETECTOR_SEES(FACT_DNS) | DETECTOR_SEES(FACT_CHECK_IN),
	.state_size = sizeof(struct fast_flux),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
