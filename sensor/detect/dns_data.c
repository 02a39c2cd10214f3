#include "sensor/detect/dns_data.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/data_label.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/name_roots.h"

#include <string.h>

/*
 * Of devices that ask for several names that look like data below one zone, most talk to a content
 * network, an advertiser or a virus scanner's list. tools/measure/dns_names.py shows how often each
 * sign below comes with tunnels and without.
 */
static const double prior = 0.08;
static const double times_for_carriers = 5; /* scanners' lists ask for addresses */
static const double times_for_full = 3;     /* hashes are shorter than labels may be */
static const double times_for_counting = 3; /* the pieces of something longer */
static const double times_for_answers = 2;
static const double times_for_many = 2;
static const double times_for_no_zone = 8; /* no resolver of the public root knows such names */

/* Lists of files' hashes are asked by hexadecimal digits, mostly; what is hidden fills its names.
 */
static const double times_for_wide = 1.5;
static const double times_for_long = 2.5;
/* Servers of one zone stand in few networks; what is answered to a tunnel is no place at all. */
static const double times_for_scattered = 3;

static const float told_least = 0.15F; /* weaker ones are not worth a line */
static const float told_more = 0.1F;

enum { LONG_NAME = 40, SCATTERED_LEAST = 8, NETWORK_BITS = 64, NETWORK_BYTES = 2 };

enum { MANY_NAMES = 30, NAMES_GROWTH = 2, CARRIED_LEAST_BYTES = 16 };

enum err dns_data_start(struct dns_data *self, const struct dns_data_config *config)
{
	self->config = config;
	return lru_map_new(&self->zones, (uint32_t)config->zones, sizeof(struct data_key),
			   sizeof(struct data_zone));
}

void dns_data_stop(struct dns_data *self)
{
	lru_map_free(self->zones);
}

bool dns_type_carries(uint16_t type)
{
	enum { CNAME = 5, NULL_TYPE = 10, MX = 15, TXT = 16, KEY = 25, PRIVATE = 65280 };

	return type == CNAME || type == NULL_TYPE || type == MX || type == TXT || type == KEY ||
	       type >= PRIVATE;
}

/*
 * Names without a zone are asked of one's own server on purpose: the last label is data itself, so
 * that each has another. What stands before the zone otherwise; 0 when there is nothing.
 */
static size_t below_zone(const struct known_name *known, const char *name, bool *has_no_zone)
{
	const char *dot = strrchr(name, '.');
	const char *top = dot ? dot + 1 : name;

	*has_no_zone =
		data_labels_of(top, strlen(top)).is_data && name_root_of(name) == ROOT_UNKNOWN;
	if (*has_no_zone)
		return strlen(name);
	return known->domain_at > 0 ? known->domain_at - 1U : 0;
}

static struct data_key key_of(const struct observation *seen, const struct known_name *known,
			      bool has_no_zone)
{
	const struct address *server = &seen->fact->flow.server;

	return (struct data_key){ .device = seen->device,
				  .zone = has_no_zone ? distinct_hash(server->bytes, ADDRESS_LEN)
						      : known->domain_hash };
}

static void begin(struct data_zone *zone, const struct observation *seen,
		  const struct known_name *known, bool has_no_zone)
{
	memset(zone, 0, sizeof(*zone));
	zone->first = seen->fact->time;
	zone->last = seen->fact->time;
	zone->has_no_zone = has_no_zone;
	if (has_no_zone) {
		address_text(&seen->fact->flow.server, zone->zone);
		return;
	}
	memcpy(zone->zone, known->name + known->domain_at,
	       (size_t)known->meant_len - known->domain_at);
}

/* False for a name that was just counted. */
static bool note_name(struct data_zone *zone, const char *name, size_t len)
{
	uint32_t hash = (uint32_t)distinct_hash(name, len);
	uint32_t kept = zone->names < DATA_NAMES_RECENT ? zone->names : DATA_NAMES_RECENT;

	for (uint32_t i = 0; i < kept; i++) {
		if (zone->recent[i] == hash)
			return false;
	}
	zone->recent[zone->names % DATA_NAMES_RECENT] = hash;
	return true;
}

static bool question(struct data_zone *zone, const struct fact *fact,
		     const struct data_labels *labels, size_t len)
{
	if (!note_name(zone, fact->dns.name, len))
		return false;
	zone->names++;
	zone->carriers += dns_type_carries(fact->dns.type);
	zone->full += labels->is_full;
	zone->bytes += len;
	zone->wide += labels->is_wide;
	zone->rises += labels->has_number && zone->has_number && labels->number == zone->number + 1;
	zone->has_number = labels->has_number;
	zone->number = labels->number;
	return true;
}

static void answer(struct data_zone *zone, const struct fact_dns *dns)
{
	zone->is_answered |= dns->answer_count > 0;
	if (dns->address_count > 0 && address_is_v4(&dns->addresses[0])) {
		uint64_t network =
			UINT64_C(1)
			<< distinct_hash(dns->addresses[0].bytes + ADDRESS_LEN - 4, NETWORK_BYTES) %
				   NETWORK_BITS;

		zone->addressed++;
		zone->scattered += (zone->networks & network) == 0;
		zone->networks |= network;
	}
	zone->carried += dns->bulk_answers > 0 &&
			 dns->answer_bytes >= CARRIED_LEAST_BYTES * (uint32_t)dns->answer_count;
}

/* Evidence where a third of the names, or answers, show it. */
static void weigh(struct signal *s, const struct data_zone *zone)
{
	double names = zone->names;

	if (2 * zone->carriers >= zone->names)
		signal_evidence(s, REASON_CARRIER_TYPES, zone->carriers / names,
				times_for_carriers);
	if (3 * zone->full >= zone->names)
		signal_evidence(s, REASON_FULL_LABELS, zone->full / names, times_for_full);
	if (3 * zone->rises >= zone->names)
		signal_evidence(s, REASON_COUNTS_UP, zone->rises, times_for_counting);
	if (3 * zone->carried >= zone->names)
		signal_evidence(s, REASON_BULK_ANSWERS,
				zone->carried / names > 1 ? 1 : zone->carried / names,
				times_for_answers);
	if (2 * zone->wide >= zone->names)
		signal_evidence(s, REASON_WIDE_LETTERS, zone->wide / names, times_for_wide);
	if (3 * zone->full < zone->names && zone->bytes >= LONG_NAME * (uint64_t)zone->names)
		signal_evidence(s, REASON_LONG_NAMES, (double)zone->bytes / names, times_for_long);
	if (zone->scattered >= SCATTERED_LEAST && 2 * zone->scattered >= zone->addressed)
		signal_evidence(s, REASON_SCATTERED_ANSWERS, zone->scattered, times_for_scattered);
	if (zone->has_no_zone)
		signal_evidence(s, REASON_NO_ZONE, 1, times_for_no_zone);
	if (zone->names >= MANY_NAMES)
		s->confidence = signal_weigh(s->confidence, times_for_many);
}

/* Whether another device asks about the same, and this one only passes it on. */
static bool is_passed_on(struct dns_data *self, const struct data_key *key)
{
	struct data_zone *other = NULL;
	const void *at;

	while ((other = lru_map_skim(self->zones, other, &at))) {
		const struct data_key *asker = at;

		if (asker->zone != key->zone || asker->device == key->device)
			continue;
		lru_map_read(self->zones, other);
		return true;
	}
	return false;
}

static void describe(struct signal *s, const struct data_zone *zone)
{
	const struct fact_flow *flow = &zone->flows[zone->flow_count - 1].flow;

	s->outcome = zone->is_answered ? OUTCOME_DATA : OUTCOME_ATTEMPT;
	s->object.kind = zone->has_no_zone ? OBJECT_ADDRESS : OBJECT_ZONE;
	s->object.port = flow->server_port;
	s->object.protocol = flow->protocol;
	/* The office's own resolver would make other doubts about names look like the same. */
	s->object.has_address = zone->has_no_zone;
	if (zone->has_no_zone)
		s->object.address = flow->server;
	memcpy(s->object.text, zone->zone, sizeof(zone->zone));
	memcpy(s->object.application, "DNS", sizeof("DNS"));
	signal_show_flows(s, zone->flows, zone->flow_count);
}

static void judge(struct dns_data *self, const struct data_key *key, struct data_zone *zone,
		  bool is_server, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_DNS_DATA,
			    .direction = DIRECTION_OUTBOUND,
			    .device = key->device,
			    .first = zone->first,
			    .last = zone->last,
			    .count = zone->names,
			    .confidence = prior };

	signal_condition(&s, REASON_DATA_NAMES, zone->names, COMPARE_AT_LEAST,
			 (double)self->config->names, "dns_data.names");
	weigh(&s, zone);
	if (s.confidence < (double)told_least ||
	    (zone->names < NAMES_GROWTH * zone->told &&
	     s.confidence < (double)(zone->confidence + told_more)))
		return;
	s.is_forwarded = is_server && is_passed_on(self, key);
	describe(&s, zone);
	zone->told = zone->names;
	zone->confidence = (float)s.confidence;
	sink->emit(sink, &s);
}

void dns_data_observe(struct dns_data *self, const struct observation *seen,
		      const struct known_name *known, bool is_server, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	bool has_no_zone;
	size_t len = below_zone(known, fact->dns.name, &has_no_zone);
	struct data_labels labels = data_labels_of(fact->dns.name, len);
	bool is_new;

	if (!labels.is_data || labels.is_service)
		return;

	struct data_key key = key_of(seen, known, has_no_zone);
	struct data_zone *zone = lru_map_touch(self->zones, &key, &is_new);

	/* Names of other days do not add up. */
	if (is_new || nanotime_went_back(zone->last, fact->time) ||
	    nanotime_between(zone->first, fact->time) > NANOTIME_DAY)
		begin(zone, seen, known, has_no_zone);
	zone->last = fact->time > zone->last ? fact->time : zone->last;
	signal_keep_flow(zone->flows, &zone->flow_count, fact);
	if (fact->dns.is_response)
		answer(zone, &fact->dns);
	else if (!question(zone, fact, &labels, len))
		return;
	if (zone->names >= self->config->names)
		judge(self, &key, zone, is_server, sink);
}

void data_zone_tidy(void *value)
{
	struct data_zone *zone = value;

	signal_tidy_flows(zone->flows, zone->flow_count);
	kept_tidy_text(zone->zone, sizeof(zone->zone));
}

/* An entry is made with its first name, and that with an example. */
bool data_zone_is_sound(const void *key, const void *value)
{
	const struct data_key *k = key;
	const struct data_zone *zone = value;

	return k->device != 0 && kept_are_flags(&zone->has_number, 1) &&
	       kept_are_flags(&zone->has_no_zone, 1) && kept_are_flags(&zone->is_answered, 1) &&
	       zone->carriers <= zone->names && zone->full <= zone->names &&
	       zone->rises <= zone->names && zone->wide <= zone->names &&
	       zone->scattered <= zone->addressed && zone->confidence >= 0 &&
	       zone->confidence <= 1 && zone->flow_count > 0 &&
	       signal_flows_are_sound(zone->flows, zone->flow_count) &&
	       kept_is_text(zone->zone, sizeof(zone->zone));
}
