#include "sensor/detect/dns_tunnel.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/dns_data.h"
#include "sensor/detect/dns_rhythm.h"
#include "sensor/detect/dns_zone.h"
#include "sensor/detect/known_names.h"
#include "sensor/detect/name_servers.h"

#include <stddef.h>
#include <string.h>

static const double confidence_tunnel = 0.65;
static const double growth_while_observing = 2;
static const double growth_at_the_end = 1.001; /* any more at all */

struct dns_tunnel {
	struct known_names *names;
	uint8_t symbols[UINT8_MAX + 1];
	const struct dns_tunnel_config *config;
	struct lru_map *zones;
	struct lru_map *servers; /* see name_servers.h */
	struct dns_data data;
	struct dns_rhythm rhythm;
};

static const nanotime window_lengths[ZONE_WINDOWS] = { 10 * NANOTIME_MINUTE, NANOTIME_HOUR,
						       NANOTIME_DAY };

/* Of each character: letters, digits, '-', '_', and one for all else. */
static void fill_symbols(uint8_t symbols[static UINT8_MAX + 1])
{
	memset(symbols, ZONE_SYMBOL_OTHER, UINT8_MAX + 1);
	for (int c = 'a'; c <= 'z'; c++)
		symbols[c] = (uint8_t)(c - 'a');
	for (int c = '0'; c <= '9'; c++)
		symbols[c] = (uint8_t)(26 + c - '0');
	symbols['-'] = 36;
	symbols['_'] = 37;
}

static enum err start(void *state, const struct detect_setup *setup)
{
	struct dns_tunnel *self = state;

	self->config = &setup->config->detect.dns_tunnel;
	fill_symbols(self->symbols);
	enum err err = lru_map_new(&self->zones, (uint32_t)self->config->zones,
				   sizeof(struct zone_key), sizeof(struct zone));

	if (err == ERR_OK)
		err = known_names_new(&self->names, setup->suffixes);
	if (err != ERR_OK)
		return err;
	lru_map_clear_only(self->zones, ZONE_HEAD);
	err = dns_data_start(&self->data, &setup->config->detect.dns_data);
	if (err == ERR_OK)
		err = dns_rhythm_start(&self->rhythm, &setup->config->detect.dns_rhythm);
	if (err != ERR_OK)
		return err;
	return name_servers_new(&self->servers, setup->config->judge.devices);
}

static void stop(void *state)
{
	struct dns_tunnel *self = state;

	known_names_free(self->names);
	lru_map_free(self->zones);
	dns_data_stop(&self->data);
	dns_rhythm_stop(&self->rhythm);
	lru_map_free(self->servers);
}

static const struct zone_window *window_of(const struct zone *zone, size_t window)
{
	return window < ZONE_DAY && zone->is_apart[window] ? &zone->shorter[window] : &zone->day;
}

static void count_name(const struct dns_tunnel *self, struct zone_window *w,
		       const struct known_name *known, size_t label_bytes)
{
	size_t label_chars = known->domain_at - 1U;

	w->names++;
	w->label_bytes += label_bytes;
	distinct_add(&w->distinct, known->hash);
	for (size_t i = 0; i < label_chars; i++) {
		if (known->name[i] != '.')
			w->histogram[self->symbols[(uint8_t)known->name[i]]]++;
	}
}

/* Distinct names times their mean length: what could have been told, however often repeated. */
static double information(const struct zone_window *w, double distinct)
{
	return w->names > 0 ? distinct * (double)w->label_bytes / (double)w->names : 0;
}

static const char *const bytes_options[ZONE_WINDOWS] = { "dns_tunnel.bytes_ten_minutes",
							 "dns_tunnel.bytes_hour",
							 "dns_tunnel.bytes_day" };

static double bytes_needed(const struct dns_tunnel_config *c, size_t window)
{
	const uint64_t bytes[ZONE_WINDOWS] = { c->bytes_ten_minutes, c->bytes_hour, c->bytes_day };

	return (double)bytes[window];
}

/* One of two that suffices: a condition where it holds. */
static void tell_or_test(struct signal *s, enum reason_code code, double value, double threshold,
			 const char *option)
{
	if (value >= threshold)
		signal_condition(s, code, value, COMPARE_AT_LEAST, threshold, option);
	else
		signal_tell(s, code, value);
}

/* Upstream: enough different long or random-looking names in one of the windows. */
static bool tells_much(const struct dns_tunnel_config *c, const struct zone *zone, size_t window,
		       struct signal *s)
{
	const struct zone_window *w = window_of(zone, window);
	double distinct = distinct_count(&w->distinct);
	double bytes = information(w, distinct);
	double length = w->names > 0 ? (double)w->label_bytes / (double)w->names : 0;
	double bits = entropy(w->histogram, ZONE_SYMBOLS);

	if (distinct < (double)c->distinct || bytes < bytes_needed(c, window) ||
	    (length < (double)c->label_bytes && bits < c->entropy))
		return false;
	s->count = (uint64_t)distinct;
	signal_condition(s, REASON_DISTINCT_NAMES, distinct, COMPARE_AT_LEAST, (double)c->distinct,
			 "dns_tunnel.distinct");
	signal_condition(s, REASON_NAME_BYTES, bytes, COMPARE_AT_LEAST, bytes_needed(c, window),
			 bytes_options[window]);
	tell_or_test(s, REASON_NAME_LENGTH, length, (double)c->label_bytes,
		     "dns_tunnel.label_bytes");
	tell_or_test(s, REASON_NAME_ENTROPY, bits, c->entropy, "dns_tunnel.entropy");
	return true;
}

/* Downstream: answers of the kinds that carry anything at all. */
static bool is_told_much(const struct dns_tunnel_config *c, const struct zone *zone,
			 struct signal *s)
{
	const struct zone_window *w = window_of(zone, 0);
	double distinct = distinct_count(&w->distinct);
	double share = w->answers > 0 ? (double)w->bulk_answers / (double)w->answers : 0;

	if (w->answers < c->bulk_count || share < c->bulk_answers ||
	    distinct < (double)c->bulk_count)
		return false;
	s->count = (uint64_t)distinct;
	signal_condition(s, REASON_DISTINCT_NAMES, distinct, COMPARE_AT_LEAST,
			 (double)c->bulk_count, "dns_tunnel.bulk_count");
	signal_condition(s, REASON_BULK_ANSWERS, share, COMPARE_AT_LEAST, c->bulk_answers,
			 "dns_tunnel.bulk_answers");
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

	if (!name_servers_has(self->servers, key->device))
		return false;
	while ((other = lru_map_skim(self->zones, other, &at))) {
		const struct zone_key *asker = at;

		if (asker->domain != key->domain || asker->device == key->device ||
		    2 * other->day.names < zone->day.names)
			continue;
		lru_map_read(self->zones, other);
		return true;
	}
	return false;
}

/* Too few names for any test: most zones never have more, and the tests cost more than the rest. */
static bool has_enough(const struct dns_tunnel_config *c, const struct zone *zone)
{
	uint64_t least = c->distinct < c->bulk_count ? c->distinct : c->bulk_count;

	return zone->day.names >= least;
}

/* `growth`: how many times more names than last told make it worth telling again. */
static void judge(struct dns_tunnel *self, const struct zone_key *key, struct zone *zone,
		  double growth, struct signal_sink *sink)
{
	const struct fact_flow *flow = &zone->flows[zone->flow_count - 1].flow;
	struct signal s = { .kind = SIGNAL_DNS_TUNNEL,
			    .direction = DIRECTION_OUTBOUND,
			    .device = key->device,
			    .first = zone->first,
			    .last = zone->last,
			    .confidence = confidence_tunnel };

	bool is_found = is_told_much(self->config, zone, &s);

	for (size_t i = 0; i < ZONE_WINDOWS && !is_found; i++)
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
	memcpy(s.object.text, zone->domain, strlen(zone->domain) + 1);
	memcpy(s.object.application, "DNS", sizeof("DNS"));
	signal_show_flows(&s, zone->flows, zone->flow_count);
	zone->told_at = s.count;
	sink->emit(sink, &s);
}

static void begin_window(struct zone *zone, size_t window)
{
	struct zone_window *w = &zone->day;

	if (window < ZONE_DAY) {
		w = &zone->shorter[window];
		zone->is_apart[window] = true;
	}
	memset(w, 0, sizeof(*w));
}

/* The shorter first: when the day is over, so are they, and none shares what is cleared. */
static void turn_windows(struct zone *zone, nanotime now)
{
	for (size_t i = 0; i < ZONE_WINDOWS; i++) {
		nanotime since = zone->since[i];

		if (since != 0 && since <= now && now - since <= window_lengths[i])
			continue;
		if (since != 0 && (nanotime_between(since, now) > window_lengths[i] ||
				   nanotime_went_back(since, now))) {
			begin_window(zone, i);
			since = 0;
		}
		if (since == 0)
			zone->since[i] = now;
	}
}

static void count_in(const struct dns_tunnel *self, struct zone_window *w, const struct fact *fact,
		     const struct known_name *known)
{
	/* Escapes make a text longer than the name is; what was cut off makes it shorter. */
	size_t label_chars = known->domain_at - 1U;
	size_t beyond = known->len - label_chars + 2; /* its length byte, and the root's */
	size_t octets = fact->dns.name_octets;

	w->answers += fact->dns.answer_count;
	w->bulk_answers += fact->dns.bulk_answers;
	if (!fact->dns.is_response)
		count_name(self, w, known, octets > beyond ? octets - beyond : 0);
}

static void count(const struct dns_tunnel *self, struct zone *zone, const struct fact *fact,
		  const struct known_name *known)
{
	turn_windows(zone, fact->time);
	count_in(self, &zone->day, fact, known);
	for (size_t i = 0; i < ZONE_DAY; i++) {
		if (zone->is_apart[i])
			count_in(self, &zone->shorter[i], fact, known);
	}
}

static void set_domain(struct zone *zone, const struct known_name *known)
{
	size_t len = (size_t)known->meant_len - known->domain_at;

	memcpy(zone->domain, known->name + known->domain_at, len);
	zone->domain[len] = '\0';
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct dns_tunnel *self = state;
	const struct fact *fact = seen->fact;

	if (fact->kind != FACT_DNS || !dns_is_asked_by_device(seen))
		return;
	name_servers_note(self->servers, seen);

	const struct known_name *known = known_names_of(self->names, fact->dns.name);

	bool is_server = name_servers_has(self->servers, seen->device);

	dns_data_observe(&self->data, seen, known, is_server, sink);
	if (known->domain_at == 0)
		return;
	dns_rhythm_observe(&self->rhythm, seen, known, is_server, sink);

	bool is_new;
	struct zone_key key = { .device = seen->device, .domain = known->domain_hash };
	struct zone *zone = lru_map_touch(self->zones, &key, &is_new);

	if (is_new) {
		zone->first = fact->time;
		set_domain(zone, known);
	}
	zone->last = fact->time > zone->last ? fact->time : zone->last;
	zone->is_answered |= fact->dns.is_response && fact->dns.answer_count > 0;
	signal_keep_flow(zone->flows, &zone->flow_count, fact);
	count(self, zone, fact, known);
	if (has_enough(self->config, zone))
		judge(self, &key, zone, growth_while_observing, sink);
}

static void finish(void *state, struct signal_sink *sink)
{
	struct dns_tunnel *self = state;
	struct zone *zone = NULL;
	const void *key;

	while ((zone = lru_map_next(self->zones, zone, &key))) {
		if (zone->told_at > 0 && has_enough(self->config, zone))
			judge(self, key, zone, growth_at_the_end, sink);
	}
}

static const struct kept_table kept[] = {
	{ .name = "dns_tunnel.zones",
	  .version = 1,
	  .at = offsetof(struct dns_tunnel, zones),
	  .tidy = zone_tidy,
	  .is_sound = zone_is_sound },
	{ .name = "dns_tunnel.servers", .version = 1, .at = offsetof(struct dns_tunnel, servers) },
	{ .name = "dns_rhythm.zones",
	  .version = 1,
	  .at = offsetof(struct dns_tunnel, rhythm.zones),
	  .tidy = rhythm_zone_tidy,
	  .is_sound = rhythm_zone_is_sound },
	{ .name = "dns_data.zones",
	  .version = 2,
	  .at = offsetof(struct dns_tunnel, data.zones),
	  .tidy = data_zone_tidy,
	  .is_sound = data_zone_is_sound },
	{ 0 },
};

const struct detector detector_dns_tunnel = {
	.name = "dns_tunnel",
	.finds = "A device that moves data inside DNS questions and answers.",
	.sees = DETECTOR_SEES(FACT_DNS),
	.state_size = sizeof(struct dns_tunnel),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
