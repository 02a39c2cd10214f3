#include "sensor/detect/dns_rhythm.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/data_label.h"
#include "sensor/detect/dns_data.h"
#include "sensor/detect/statistics.h"

#include <string.h>

/* Every program that asks its maker's server at fixed times is looked up at fixed times, too. */
static const double prior = 0.1;
static const double times_for_fresh = 3; /* a new name each time, which no cache can answer */
static const double times_for_empty = 3; /* nowhere to go: the question was all there was to say */
static const double times_for_data = 2;
static const double times_for_carriers = 2;
static const double told_least = 0.2;

static const nanotime silence = 5 * NANOTIME_SECOND;
static const uint32_t minute_ttl = 60;

enum { GROWTH = 2 };

enum err dns_rhythm_start(struct dns_rhythm *self, const struct dns_rhythm_config *config)
{
	self->config = config;
	enum err err = lru_map_new(&self->zones, (uint32_t)config->zones, sizeof(struct rhythm_key),
				   sizeof(struct rhythm_zone));

	if (err == ERR_OK)
		lru_map_clear_only(self->zones, RHYTHM_ZONE_HEAD);
	return err;
}

void dns_rhythm_stop(struct dns_rhythm *self)
{
	lru_map_free(self->zones);
}

static bool is_fresh(struct rhythm_zone *zone, uint64_t hash)
{
	uint32_t kept = zone->rounds < RHYTHM_NAMES_KEPT ? zone->rounds : RHYTHM_NAMES_KEPT;

	for (uint32_t i = 0; i < kept; i++) {
		if (zone->names[i] == (uint32_t)hash)
			return false;
	}
	return true;
}

/* False where the silence was too short: another question of the same round. */
static bool begin_round(struct rhythm_zone *zone, nanotime now, uint64_t hash)
{
	if (zone->rounds > 0 && nanotime_between(zone->last, now) < silence)
		return false;
	if (zone->rounds > 0) {
		uint64_t gap = nanotime_between(zone->last_round, now) / NANOTIME_MILLISECOND;

		zone->intervals_ms[(zone->rounds - 1) % RHYTHM_MOST] =
			gap > UINT32_MAX ? UINT32_MAX : (uint32_t)gap;
	}
	zone->fresh += is_fresh(zone, hash);
	zone->names[zone->rounds % RHYTHM_NAMES_KEPT] = (uint32_t)hash;
	zone->rounds++;
	zone->last_round = now;
	return true;
}

static void answer(struct rhythm_zone *zone, const struct fact_dns *dns)
{
	zone->answers++;
	zone->lasting += dns->answer_count > 0 && dns->lowest_ttl > minute_ttl;
	zone->empty += dns->address_count == 0 || address_is_unspecified(&dns->addresses[0]);
}

static bool measure(const struct dns_rhythm_config *c, const struct rhythm_zone *zone,
		    struct rhythm *out)
{
	const uint32_t sizes[1] = { 1 };
	size_t intervals = zone->rounds - 1 < RHYTHM_MOST ? zone->rounds - 1 : RHYTHM_MOST;

	return rhythm_measure(zone->intervals_ms, intervals, sizes, 1, out) &&
	       out->spread <= c->spread;
}

static void weigh(struct signal *s, const struct rhythm_zone *zone)
{
	double rounds = zone->rounds;

	s->confidence = prior;
	if (zone->fresh >= 0.8 * rounds)
		signal_evidence(s, REASON_DISTINCT_NAMES, zone->fresh, times_for_fresh);
	if (zone->answers > 0 && zone->empty >= 0.8 * zone->answers)
		signal_evidence(s, REASON_EMPTY_ANSWERS, zone->empty / (double)zone->answers,
				times_for_empty);
	if (zone->data >= 0.8 * rounds)
		signal_evidence(s, REASON_DATA_NAMES, zone->data, times_for_data);
	if (zone->carriers >= 0.8 * rounds)
		signal_evidence(s, REASON_CARRIER_TYPES, zone->carriers / rounds,
				times_for_carriers);
}

/* Whether another device asks about the same, and this one only passes it on. */
static bool is_passed_on(struct dns_rhythm *self, const struct rhythm_key *key)
{
	struct rhythm_zone *other = NULL;
	const void *at;

	while ((other = lru_map_skim(self->zones, other, &at))) {
		const struct rhythm_key *asker = at;

		if (asker->zone != key->zone || asker->device == key->device)
			continue;
		lru_map_read(self->zones, other);
		return true;
	}
	return false;
}

static void judge(struct dns_rhythm *self, const struct rhythm_key *key, struct rhythm_zone *zone,
		  bool is_server, struct signal_sink *sink)
{
	struct rhythm r;
	struct signal s = { .kind = SIGNAL_DNS_BEACON,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = zone->answers > 0 ? OUTCOME_DATA : OUTCOME_ATTEMPT,
			    .device = key->device,
			    .first = zone->first,
			    .last = zone->last,
			    .count = zone->rounds };

	if (zone->lasting > 0.2 * zone->answers || !measure(self->config, zone, &r))
		return;
	signal_condition(&s, REASON_CHECK_INS, zone->rounds, COMPARE_AT_LEAST,
			 (double)self->config->rounds, "dns_rhythm.rounds");
	signal_condition(&s, REASON_SPREAD, r.spread, COMPARE_AT_MOST, self->config->spread,
			 "dns_rhythm.spread");
	signal_tell(&s, REASON_PERIOD, r.period);
	weigh(&s, zone);
	if (s.confidence < told_least)
		return;
	s.is_forwarded = is_server && is_passed_on(self, key);
	s.object.kind = OBJECT_ZONE;
	memcpy(s.object.text, zone->zone, strlen(zone->zone) + 1);
	s.object.port = zone->flows[zone->flow_count - 1].flow.server_port;
	s.object.protocol = zone->flows[zone->flow_count - 1].flow.protocol;
	memcpy(s.object.application, "DNS", sizeof("DNS"));
	signal_show_flows(&s, zone->flows, zone->flow_count);
	zone->told = zone->rounds;
	sink->emit(sink, &s);
}

static void begin(struct rhythm_zone *zone, const struct known_name *known, nanotime now)
{
	size_t len = (size_t)known->meant_len - known->domain_at;

	memset(zone, 0, RHYTHM_ZONE_HEAD);
	zone->first = now;
	zone->last = now;
	memcpy(zone->zone, known->name + known->domain_at, len);
	zone->zone[len] = '\0';
}

void dns_rhythm_observe(struct dns_rhythm *self, const struct observation *seen,
			const struct known_name *known, bool is_server, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct rhythm_key key = { .device = seen->device, .zone = known->domain_hash };
	bool is_new;
	struct rhythm_zone *zone = lru_map_touch(self->zones, &key, &is_new);

	if (is_new || nanotime_went_back(zone->last, fact->time))
		begin(zone, known, fact->time);
	if (fact->dns.is_response) {
		answer(zone, &fact->dns);
		return;
	}

	bool is_round = begin_round(zone, fact->time, known->hash);

	zone->last = fact->time > zone->last ? fact->time : zone->last;
	if (!is_round)
		return;
	signal_keep_flow(zone->flows, &zone->flow_count, fact);
	zone->data += data_labels_of(known->name, known->domain_at - 1U).is_data;
	zone->carriers += dns_type_carries(fact->dns.type);
	if (zone->rounds >= self->config->rounds && zone->rounds >= GROWTH * zone->told)
		judge(self, &key, zone, is_server, sink);
}

void rhythm_zone_tidy(void *value)
{
	struct rhythm_zone *zone = value;
	size_t names = zone->rounds < RHYTHM_NAMES_KEPT ? zone->rounds : RHYTHM_NAMES_KEPT;
	size_t intervals = zone->rounds == 0             ? 0
			   : zone->rounds <= RHYTHM_MOST ? zone->rounds - 1
							 : RHYTHM_MOST;

	memset(zone->names + names, 0, (RHYTHM_NAMES_KEPT - names) * sizeof(zone->names[0]));
	memset(zone->intervals_ms + intervals, 0,
	       (RHYTHM_MOST - intervals) * sizeof(zone->intervals_ms[0]));
	signal_tidy_flows(zone->flows, zone->flow_count);
	kept_tidy_text(zone->zone, sizeof(zone->zone));
}

bool rhythm_zone_is_sound(const void *key, const void *value)
{
	const struct rhythm_key *k = key;
	const struct rhythm_zone *zone = value;

	return k->device != 0 && zone->fresh <= zone->rounds && zone->data <= zone->rounds &&
	       zone->carriers <= zone->rounds && zone->lasting <= zone->answers &&
	       zone->empty <= zone->answers && zone->told <= zone->rounds &&
	       (zone->rounds == 0 || zone->flow_count > 0) &&
	       signal_flows_are_sound(zone->flows, zone->flow_count) &&
	       kept_is_text(zone->zone, sizeof(zone->zone));
}
