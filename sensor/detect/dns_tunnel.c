#include "sensor/detect/dns_tunnel.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/registered_domain.h"

#include <string.h>

enum { SYMBOLS = 40, WINDOWS = 3 };

static const double confidence_tunnel = 0.65;
static const double growth_while_observing = 2;
static const double growth_at_the_end = 1.001; /* any more at all */

/* A device and a registered domain, by its hash. */
struct zone_key {
	uint32_t device;
	uint32_t spare;
	uint64_t domain;
};

/* What was told to a zone in one stretch of time. */
struct zone_window {
	nanotime since;
	uint64_t label_bytes; /* below the registered domain, of each new-looking name */
	uint64_t names;
	uint64_t answers;
	uint64_t bulk_answers;
	uint32_t histogram[SYMBOLS];
	struct distinct distinct;
};

struct zone {
	nanotime first;
	nanotime last;
	uint64_t told_at; /* distinct names when a signal was last emitted */
	bool is_answered;
	struct zone_window windows[WINDOWS];
	uint8_t flow_count;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char domain[FACT_NAME_LEN];
};

struct dns_tunnel {
	const struct dns_tunnel_config *config;
	struct lru_map *zones;
	struct lru_map *servers; /* device number → nothing: other devices ask it for names */
};

static const nanotime window_lengths[WINDOWS] = { 10 * NANOTIME_MINUTE, NANOTIME_HOUR,
						  NANOTIME_DAY };

static enum err start(void *state, const struct detect_setup *setup)
{
	struct dns_tunnel *self = state;

	self->config = &setup->config->detect.dns_tunnel;
	enum err err = lru_map_new(&self->zones, (uint32_t)self->config->zones,
				   sizeof(struct zone_key), sizeof(struct zone));

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->servers, (uint32_t)setup->config->judge.devices, sizeof(uint32_t),
			   1);
}

static void stop(void *state)
{
	struct dns_tunnel *self = state;

	lru_map_free(self->zones);
	lru_map_free(self->servers);
}

static size_t symbol_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return (size_t)(c - 'a');
	if (c >= '0' && c <= '9')
		return 26 + (size_t)(c - '0');
	if (c == '-')
		return 36;
	return c == '_' ? 37 : 38;
}

/*
 * A resolver that searches the office's own domain asks for "www.example.com.office.local": what
 * stands before that domain is what was meant. Cuts it off in `name`; false when nothing is left.
 */
static bool strip_office_domain(char *name)
{
	static const char *const suffixes[] = { "local", "localdomain", "lan", "internal", "home" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (!text_host_under(name, suffixes[i]))
			continue;

		const char *own = registered_domain(name);
		size_t at = own ? (size_t)(own - name) : 0;

		if (at == 0)
			return false;
		name[at - 1] = '\0';
		return true;
	}
	return true;
}

/* Names that are addresses, turned round. */
static bool is_exempt(const char *name)
{
	return text_host_under(name, "arpa");
}

static void count_name(struct zone_window *w, const char *name, size_t label_chars,
		       size_t label_bytes)
{
	w->names++;
	w->label_bytes += label_bytes;
	distinct_add(&w->distinct, distinct_hash(name, strlen(name)));
	for (size_t i = 0; i < label_chars; i++) {
		if (name[i] != '.')
			w->histogram[symbol_of(name[i])]++;
	}
}

/* Distinct names times their mean length: what could have been told, however often repeated. */
static double information(const struct zone_window *w, double distinct)
{
	return w->names > 0 ? distinct * (double)w->label_bytes / (double)w->names : 0;
}

static double bytes_needed(const struct dns_tunnel_config *c, size_t window)
{
	const uint64_t bytes[WINDOWS] = { c->bytes_ten_minutes, c->bytes_hour, c->bytes_day };

	return (double)bytes[window];
}

/* Upstream: enough different long or random-looking names in one of the windows. */
static bool tells_much(const struct dns_tunnel_config *c, const struct zone *zone, size_t window,
		       struct signal *s)
{
	const struct zone_window *w = &zone->windows[window];
	double distinct = distinct_count(&w->distinct);
	double bytes = information(w, distinct);
	double length = w->names > 0 ? (double)w->label_bytes / (double)w->names : 0;
	double bits = entropy(w->histogram, SYMBOLS);

	if (distinct < (double)c->distinct || bytes < bytes_needed(c, window) ||
	    (length < (double)c->label_bytes && bits < c->entropy))
		return false;
	s->count = (uint64_t)distinct;
	signal_reason(s, REASON_DISTINCT_NAMES, distinct, COMPARE_AT_LEAST, (double)c->distinct);
	signal_reason(s, REASON_NAME_BYTES, bytes, COMPARE_AT_LEAST, bytes_needed(c, window));
	signal_reason(s, REASON_NAME_LENGTH, length,
		      length >= (double)c->label_bytes ? COMPARE_AT_LEAST : COMPARE_NONE,
		      (double)c->label_bytes);
	signal_reason(s, REASON_NAME_ENTROPY, bits,
		      bits >= c->entropy ? COMPARE_AT_LEAST : COMPARE_NONE, c->entropy);
	return true;
}

/* Downstream: answers of the kinds that carry anything at all. */
static bool is_told_much(const struct dns_tunnel_config *c, const struct zone *zone,
			 struct signal *s)
{
	const struct zone_window *w = &zone->windows[0];
	double distinct = distinct_count(&w->distinct);
	double share = w->answers > 0 ? (double)w->bulk_answers / (double)w->answers : 0;

	if (w->answers < c->bulk_count || share < c->bulk_answers ||
	    distinct < (double)c->bulk_count)
		return false;
	s->count = (uint64_t)distinct;
	signal_reason(s, REASON_DISTINCT_NAMES, distinct, COMPARE_AT_LEAST, (double)c->bulk_count);
	signal_reason(s, REASON_BULK_ANSWERS, share, COMPARE_AT_LEAST, c->bulk_answers);
	return true;
}

/*
 * Whether this device asks because another one asked it: a name server of the office, about a zone
 * that a device behind it told at least half as much.
 */
static bool is_forwarder(struct dns_tunnel *self, const struct zone_key *key,
			 const struct zone *zone)
{
	struct zone *other = NULL;
	const void *at;

	if (!lru_map_find(self->servers, &key->device))
		return false;
	while ((other = lru_map_next(self->zones, other, &at))) {
		const struct zone_key *asker = at;

		if (asker->domain == key->domain && asker->device != key->device &&
		    2 * other->windows[WINDOWS - 1].names >= zone->windows[WINDOWS - 1].names)
			return true;
	}
	return false;
}

/* `growth`: how many times more names than last told make it worth telling again. */
static void judge(struct dns_tunnel *self, const struct zone_key *key, struct zone *zone,
		  double growth, struct signal_sink *sink)
{
	const struct fact_flow *flow = &zone->flows[zone->flow_count - 1].flow;
	uint64_t least = self->config->distinct < self->config->bulk_count
				 ? self->config->distinct
				 : self->config->bulk_count;
	struct signal s = { .kind = SIGNAL_DNS_TUNNEL,
			    .direction = DIRECTION_OUTBOUND,
			    .device = key->device,
			    .first = zone->first,
			    .last = zone->last,
			    .confidence = confidence_tunnel };

	if (zone->windows[WINDOWS - 1].names < least)
		return; /* too few for any of the tests below, which cost more */

	bool is_found = is_told_much(self->config, zone, &s);

	for (size_t i = 0; i < WINDOWS && !is_found; i++)
		is_found = tells_much(self->config, zone, i, &s);
	if (!is_found || (double)s.count < growth * (double)zone->told_at)
		return;
	s.is_forwarded = is_forwarder(self, key, zone);
	s.outcome = zone->is_answered ? OUTCOME_DATA : OUTCOME_ATTEMPT;
	s.object.kind = OBJECT_ZONE;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	s.object.has_address = true;
	s.object.address = flow->server;
	memcpy(s.object.text, zone->domain, sizeof(zone->domain));
	memcpy(s.object.application, "DNS", sizeof("DNS"));
	memcpy(s.flows, zone->flows, sizeof(s.flows));
	s.flow_count = zone->flow_count;
	zone->told_at = s.count;
	sink->emit(sink, &s);
}

static void count(struct zone *zone, const struct fact *fact, const char *name, size_t label_chars)
{
	/* Escapes make a text longer than the name is; what was cut off makes it shorter. */
	size_t beyond =
		strlen(fact->dns.name) - label_chars + 2; /* its length byte, and the root's */
	size_t octets = fact->dns.name_octets;
	size_t label_bytes = octets > beyond ? octets - beyond : 0;

	for (size_t i = 0; i < WINDOWS; i++) {
		struct zone_window *w = &zone->windows[i];

		if (w->since == 0 || nanotime_between(w->since, fact->time) > window_lengths[i] ||
		    nanotime_went_back(w->since, fact->time))
			*w = (struct zone_window){ .since = fact->time };
		if (!fact->dns.is_response)
			count_name(w, name, label_chars, label_bytes);
		w->answers += fact->dns.answer_count;
		w->bulk_answers += fact->dns.bulk_answers;
	}
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct dns_tunnel *self = state;
	const struct fact *fact = seen->fact;

	/* Strangers' questions to a name server of the office are not its own. */
	if (fact->kind != FACT_DNS || seen->device == 0 || seen->is_group ||
	    seen->direction == DIRECTION_INBOUND || seen->direction == DIRECTION_UNKNOWN)
		return;

	char name[FACT_NAME_LEN];
	bool is_new;

	if (seen->peer_device != 0)
		(void)lru_map_touch(self->servers, &seen->peer_device, &is_new);
	memcpy(name, fact->dns.name, sizeof(name));
	if (!strip_office_domain(name))
		return;

	const char *domain = registered_domain(name);

	if (!domain || domain == name || is_exempt(name))
		return;

	struct zone_key key = { .device = seen->device,
				.domain = distinct_hash(domain, strlen(domain)) };
	struct zone *zone = lru_map_touch(self->zones, &key, &is_new);

	if (is_new) {
		zone->first = fact->time;
		memcpy(zone->domain, domain, strlen(domain) + 1);
	}
	zone->last = fact->time > zone->last ? fact->time : zone->last;
	zone->is_answered |= fact->dns.is_response && fact->dns.answer_count > 0;
	signal_keep_flow(zone->flows, &zone->flow_count, fact);
	count(zone, fact, name, (size_t)(domain - name) - 1);
	judge(self, &key, zone, growth_while_observing, sink);
}

static void finish(void *state, struct signal_sink *sink)
{
	struct dns_tunnel *self = state;
	struct zone *zone = NULL;
	const void *key;

	while ((zone = lru_map_next(self->zones, zone, &key))) {
		if (zone->told_at > 0)
			judge(self, key, zone, growth_at_the_end, sink);
	}
}

const struct detector detector_dns_tunnel = {
	.rule = "DNS-1",
	.name = "dns_tunnel",
	.finds = "A device that moves data inside DNS questions and answers.",
	.attack = "T1071.004 T1048.003",
	.state_size = sizeof(struct dns_tunnel),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
};
