#include "sensor/detect/failing_names.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/failing_domain.h"
#include "sensor/detect/name_servers.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_resolvers.h"
#include "sensor/intel/known_services.h"
#include "sensor/intel/name_model.h"
#include "sensor/intel/name_roots.h"
#include "sensor/intel/registered_domain.h"

#include <string.h>

enum { RCODE_NXDOMAIN = 3, MANY_DOMAINS = 20, DEAD_DOMAINS = 6, ROTATION = 3 };

/* Of machines that ask for ten and more drawn names which do not exist, some only test or filter.
 */
static const double prior_invented = 0.45;
static const double times_for_many = 2;
static const double times_for_cost = 1.5;
static const double cost_far = 5.6; /* dearer than one in ten thousand of people's */
static const double times_for_alike = 2;
static const double alike_least = 0.7;

/* Somebody may try such names out; a program that needs them is rare in an office. */
static const double prior_alternative = 0.25;
static const double times_for_outside = 2.5;
static const double times_for_answered = 2;
static const double times_for_several = 1.5;

/* Old software asks for its maker's server for ever. */
static const double prior_rhythm = 0.15;
static const double times_for_rotation = 2;
static const double times_for_drawn = 2;
static const double spread_most = 0.25;
static const double prior_dead = 0.2;

static const float told_more = 0.1F;
static const nanotime dead_window = 30 * NANOTIME_MINUTE;
static const nanotime rhythm_watched = 10 * NANOTIME_MINUTE;

struct failing_names {
	const struct failing_names_config *config;
	struct lru_map *devices; /* number → struct failing */
	struct lru_map *servers; /* see name_servers.h */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct failing_names *self = state;

	self->config = &setup->config->detect.failing_names;
	enum err err = lru_map_new(&self->devices, (uint32_t)self->config->devices,
				   sizeof(uint32_t), sizeof(struct failing));

	if (err != ERR_OK)
		return err;
	return name_servers_new(&self->servers, setup->config->judge.devices);
}

static void stop(void *state)
{
	struct failing_names *self = state;

	lru_map_free(self->devices);
	lru_map_free(self->servers);
}

/* Whether another device met the same, and this one only asks for it. */
static bool is_passed_on(struct failing_names *self, uint32_t device, const struct failing *f)
{
	struct failing *other = NULL;
	const void *at;

	if (!name_servers_has(self->servers, device))
		return false;
	while ((other = lru_map_skim(self->devices, other, &at))) {
		const uint32_t *asker = at;

		if (*asker == device || (strcmp(other->example, f->example) != 0 &&
					 strcmp(other->alternative, f->alternative) != 0))
			continue;
		lru_map_read(self->devices, other);
		return true;
	}
	return false;
}

static struct signal signal_of(struct failing_names *self, uint32_t device, const struct failing *f,
			       enum signal_kind kind, double prior)
{
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = OUTCOME_ATTEMPT,
			    .device = device,
			    .first = f->first,
			    .last = f->last,
			    .confidence = prior };

	s.is_forwarded = is_passed_on(self, device, f);
	s.object.kind = OBJECT_ZONE;
	memcpy(s.object.application, "DNS", sizeof("DNS"));
	return s;
}

static void describe(struct signal *s, const char *name, const struct signal_flow *flows,
		     uint8_t count)
{
	memcpy(s->object.text, name, strlen(name) + 1);
	signal_show_flows(s, flows, count);
	s->object.port = flows[count - 1].flow.server_port;
	s->object.protocol = flows[count - 1].flow.protocol;
}

/* Domains that nobody would type, and that nobody has registered. */
static void judge_invented(struct failing_names *self, uint32_t device, struct failing *f,
			   const struct failed_burst *burst, struct signal_sink *sink)
{
	const struct failing_names_config *c = self->config;

	if (burst->scored < c->domains || burst->cost < c->cost ||
	    burst->scored < 2 * f->told_domains)
		return;

	struct signal s = signal_of(self, device, f, SIGNAL_DGA, prior_invented);

	s.count = burst->scored;
	signal_condition(&s, REASON_FAILED_DOMAINS, burst->scored, COMPARE_AT_LEAST,
			 (double)c->domains, "failing_names.domains");
	signal_condition(&s, REASON_NAME_COST, burst->cost, COMPARE_AT_LEAST, c->cost,
			 "failing_names.cost");
	if (burst->scored >= MANY_DOMAINS)
		s.confidence = signal_weigh(s.confidence, times_for_many);
	if (burst->cost >= cost_far)
		s.confidence = signal_weigh(s.confidence, times_for_cost);
	if (burst->alike >= alike_least)
		signal_evidence(&s, REASON_ALIKE, burst->alike, times_for_alike);
	describe(&s, f->example, f->flows, f->flow_count);
	f->told_domains = burst->scored;
	sink->emit(sink, &s);
}

static bool measure_rounds(const struct failing_names *self, const struct failing *f,
			   struct rhythm *out)
{
	const uint32_t sizes[1] = { 1 };
	size_t intervals = f->rounds - 1 < FAILED_ROUNDS ? f->rounds - 1 : FAILED_ROUNDS;

	return f->rounds >= self->config->tries && f->last - f->first >= rhythm_watched &&
	       rhythm_measure(f->intervals_ms, intervals, sizes, 1, out) &&
	       out->spread <= spread_most;
}

/* Asked for at fixed times, and never there. */
static void judge_rhythm(struct failing_names *self, uint32_t device, struct failing *f,
			 const struct failed_burst *burst, struct signal_sink *sink)
{
	struct rhythm r;

	if (!measure_rounds(self, f, &r))
		return;

	struct signal s = signal_of(self, device, f, SIGNAL_FAILING_NAMES, prior_rhythm);

	s.count = f->tries;
	signal_condition(&s, REASON_CHECK_INS, f->rounds, COMPARE_AT_LEAST,
			 (double)self->config->tries, "failing_names.tries");
	signal_condition(&s, REASON_SPREAD, r.spread, COMPARE_AT_MOST, spread_most, NULL);
	signal_tell(&s, REASON_RHYTHM, r.period);
	if (burst->domains >= ROTATION)
		signal_evidence(&s, REASON_FAILED_DOMAINS, burst->domains, times_for_rotation);
	if (burst->cost >= self->config->cost)
		signal_evidence(&s, REASON_NAME_COST, burst->cost, times_for_drawn);
	if (s.confidence < (double)(f->told_rhythm + told_more))
		return;
	describe(&s, f->example, f->flows, f->flow_count);
	f->told_rhythm = (float)s.confidence;
	sink->emit(sink, &s);
}

/* A list of servers of which many are gone; or a page with many dead links. */
static void judge_dead(struct failing_names *self, uint32_t device, struct failing *f,
		       struct signal_sink *sink)
{
	struct failed_burst burst =
		failed_burst_since(f, f->last > dead_window ? f->last - dead_window : 0);

	/* Drawn names are judge_invented()'s: the same evidence counts once. */
	if (burst.bare < DEAD_DOMAINS || f->told_many > 0 || burst.cost >= self->config->cost)
		return;

	struct signal s = signal_of(self, device, f, SIGNAL_FAILING_NAMES, prior_dead);

	s.count = f->tries;
	signal_condition(&s, REASON_FAILED_DOMAINS, burst.bare, COMPARE_AT_LEAST, DEAD_DOMAINS,
			 NULL);
	describe(&s, f->example, f->flows, f->flow_count);
	f->told_many = (float)s.confidence;
	sink->emit(sink, &s);
}

static void judge_alternative(struct failing_names *self, uint32_t device, struct failing *f,
			      struct signal_sink *sink)
{
	const struct failing_names_config *c = self->config;
	struct rhythm r;

	if (f->alternative_asked < c->alternative)
		return;

	struct signal s = signal_of(self, device, f, SIGNAL_FAILING_NAMES, prior_alternative);

	s.count = f->alternative_asked;
	signal_condition(&s, REASON_LOOKUPS, (double)f->alternative_asked, COMPARE_AT_LEAST,
			 (double)c->alternative, "failing_names.alternative");
	if (f->alternative_count >= ROTATION)
		signal_evidence(&s, REASON_ALTERNATIVE_ROOT, f->alternative_count,
				times_for_several);
	else
		signal_tell(&s, REASON_ALTERNATIVE_ROOT, f->alternative_count);
	if (f->alternative_outside)
		signal_evidence(&s, REASON_OUTSIDE_RESOLVER, 1, times_for_outside);
	if (f->alternative_answered)
		s.confidence = signal_weigh(s.confidence, times_for_answered);
	if (measure_rounds(self, f, &r))
		signal_evidence(&s, REASON_RHYTHM, r.period, times_for_rotation);
	if (s.confidence < (double)(f->told_alternative + told_more))
		return;
	s.outcome = f->alternative_answered ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT;
	describe(&s, f->alternative, f->alternative_flows, f->alternative_flow_count);
	/* The office's own resolver would make other doubts about names look like the same. */
	if (f->alternative_outside) {
		s.object.has_address = true;
		s.object.address = s.flows[s.flow_count - 1].flow.server;
	}
	f->told_alternative = (float)s.confidence;
	sink->emit(sink, &s);
}

static void note_alternative(struct failing *f, const struct observation *seen)
{
	const struct fact *fact = seen->fact;
	uint64_t hash = distinct_hash(fact->dns.name, strlen(fact->dns.name));

	signal_keep_flow(f->alternative_flows, &f->alternative_flow_count, fact);
	f->alternative_asked += !fact->dns.is_response;
	f->alternative_answered |= fact->dns.address_count > 0;
	f->alternative_outside |=
		seen->direction == DIRECTION_OUTBOUND && !resolver_is_public(&fact->flow.server);
	for (uint8_t i = 0; i < f->alternative_count; i++) {
		if (f->alternatives[i] == hash)
			return;
	}
	if (f->alternative_count == 0)
		text_host_copy(fact->dns.name, f->alternative, sizeof(f->alternative));
	if (f->alternative_count < FAILED_DOMAINS_MOST)
		f->alternatives[f->alternative_count++] = hash;
}

/* "_ldap._tcp.…" and what browsers and Windows look for in every network. */
static bool is_of_the_system(const char *name)
{
	return strchr(name, '_') != NULL || strncmp(name, "wpad.", 5) == 0 ||
	       strncmp(name, "isatap.", 7) == 0;
}

static void note_failed(struct failing *f, const struct fact *fact, const char *domain)
{
	const char *name = fact->dns.name;
	size_t label = strcspn(domain, ".");
	struct failed_domain *d =
		failed_domain_of(f, distinct_hash(domain, strlen(domain)), fact->time);
	const char *top = strrchr(domain, '.') + 1;

	if (d->tries == 0) {
		d->length = (uint8_t)label;
		d->top = (uint32_t)distinct_hash(top, strlen(top));
		d->is_bare =
			domain == name || (domain == name + 4 && strncmp(name, "www.", 4) == 0);
		if (label >= NAME_MODEL_LEAST && strncmp(domain, "xn--", 4) != 0)
			d->cost = (uint32_t)(1000 * name_model_cost(domain, label));
	}
	if (d->tries < UINT32_MAX)
		d->tries++;
	d->last = fact->time;
	if (f->example[0] == '\0')
		text_host_copy(domain, f->example, sizeof(f->example));
	signal_keep_flow(f->flows, &f->flow_count, fact);
	f->tries++;
}

static struct failing *failing_of(struct failing_names *self, const struct observation *seen)
{
	bool is_new;
	struct failing *f = lru_map_touch(self->devices, &seen->device, &is_new);

	if (is_new || nanotime_went_back(f->last, seen->fact->time)) {
		memset(f, 0, sizeof(*f));
		f->first = seen->fact->time;
		f->last = seen->fact->time;
	}
	return f;
}

static void failed(struct failing_names *self, const struct observation *seen,
		   struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const char *domain = registered_domain(fact->dns.name);

	if (!domain || is_of_the_system(fact->dns.name) ||
	    known_service(fact->dns.name) != SERVICE_NONE)
		return;

	struct failing *f = failing_of(self, seen);

	failed_round(f, fact->time);
	f->last = fact->time > f->last ? fact->time : f->last;
	note_failed(f, fact, domain);

	nanotime window = self->config->window;
	struct failed_burst burst = failed_burst_since(f, f->last > window ? f->last - window : 0);

	judge_invented(self, seen->device, f, &burst, sink);
	judge_rhythm(self, seen->device, f, &burst, sink);
	judge_dead(self, seen->device, f, sink);
}

static void alternative(struct failing_names *self, const struct observation *seen,
			struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct failing *f = failing_of(self, seen);

	if (!fact->dns.is_response)
		failed_round(f, fact->time);
	f->last = fact->time > f->last ? fact->time : f->last;
	note_alternative(f, seen);
	judge_alternative(self, seen->device, f, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct failing_names *self = state;
	const struct fact_dns *dns = &seen->fact->dns;

	if (!dns_is_asked_by_device(seen))
		return;
	name_servers_note(self->servers, seen);

	if (name_is_of_alternative_root(dns->name))
		alternative(self, seen, sink);
	else if (dns->is_response && dns->rcode == RCODE_NXDOMAIN &&
		 name_root_of(dns->name) == ROOT_PUBLIC)
		failed(self, seen, sink);
}

static const struct kept_table kept[] = {
	{ .name = "failing_names.devices",
	  .version = 1,
	  .at = offsetof(struct failing_names, devices),
	  .tidy = failing_tidy,
	  .is_sound = failing_is_sound },
	{ .name = "failing_names.servers",
	  .version = 1,
	  .at = offsetof(struct failing_names, servers) },
	{ 0 },
};

const struct detector detector_failing_names = {
	.name = "failing_names",
	.finds =
		"A device that asks for domains which do not exist, as programs do that lost their "
		"server.",
	.sees = DETECTOR_SEES(FACT_DNS),
	.state_size = sizeof(struct failing_names),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
