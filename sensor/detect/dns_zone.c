#include "sensor/detect/dns_zone.h"

#include "sensor/base/kept_table.h"

#include <string.h>

void zone_tidy(void *value)
{
	struct zone *zone = value;

	for (size_t i = 0; i < ZONE_DAY; i++) {
		if (!zone->is_apart[i])
			memset(&zone->shorter[i], 0, sizeof(zone->shorter[i]));
	}
	signal_tidy_flows(zone->flows, zone->flow_count);
	kept_tidy_text(zone->domain, sizeof(zone->domain));
}

/* A zone is made with its first name, and that with an example. */
bool zone_is_sound(const void *key, const void *value)
{
	const struct zone_key *k = key;
	const struct zone *zone = value;

	if (k->device == 0 || !kept_are_flags(zone->is_apart, ZONE_DAY) ||
	    !kept_are_flags(&zone->is_answered, 1) || zone->flow_count == 0 ||
	    !signal_flows_are_sound(zone->flows, zone->flow_count) ||
	    !kept_is_text(zone->domain, sizeof(zone->domain)) ||
	    distinct_hash(zone->domain, strlen(zone->domain)) != k->domain)
		return false;
	for (size_t i = 0; i < ZONE_DAY; i++) {
		if (zone->is_apart[i] && !distinct_is_sound(&zone->shorter[i].distinct))
			return false;
	}
	return distinct_is_sound(&zone->day.distinct);
}
