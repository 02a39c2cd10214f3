#include "sensor/detect/contact_before.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/listing.h"
#include "sensor/detect/statistics.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 4096 };

/* By how sure the entry is by now: not at all, and wholly. Less than of a contact of today, which
 * can still be looked into. */
struct trust {
	double least;
	double most;
};

static const struct trust of_contact = { 0.2, 0.85 };
static const struct trust of_lookup = { 0.1, 0.45 };

/* What was done weeks ago may be over, or have shown otherwise. An entry as sure as that of a plain
 * list still opens a case for the oldest contact that is remembered. */
static const double half_life_days = 60;
/* An address of many names, the one that was asked for being harmless. */
static const double times_for_known_name = 0.2;

/* One listing of one place: told once, whatever list names it again. */
struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t place;
	uint64_t listing;
};

struct contact_before {
	const struct listed_config *config;
	struct lru_map *told; /* struct told_key → when */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct contact_before *self = state;

	self->config = &setup->config->detect.listed;
	return lru_map_new(&self->told, TOLD_MAX, sizeof(struct told_key), sizeof(nanotime));
}

static void stop(void *state)
{
	struct contact_before *self = state;

	lru_map_free(self->told);
}

/* The same address at two ports is two places: one of them alone may be listed. */
static bool is_told(struct contact_before *self, const struct fact_contact_before *c, nanotime now)
{
	struct told_key key = { .device = c->device };
	struct {
		uint8_t address[ADDRESS_LEN];
		uint64_t port;
	} place = { .port = c->port };
	struct {
		uint64_t entry;
		nanotime listed;
	} listing = { distinct_hash(c->entry, strcspn(c->entry, " ")), c->listed };
	bool is_new;
	nanotime *when;

	memcpy(place.address, c->address.bytes, ADDRESS_LEN);
	key.place = c->is_name ? distinct_hash(c->name, strlen(c->name))
			       : distinct_hash(&place, sizeof(place));
	key.listing = distinct_hash(&listing, sizeof(listing));
	when = lru_map_touch(self->told, &key, &is_new);
	if (is_new)
		*when = now;
	return !is_new;
}

static double days(nanotime from, nanotime to)
{
	return nanotime_seconds(nanotime_between(from, to)) / nanotime_seconds(NANOTIME_DAY);
}

static void describe(struct signal_object *object, const struct fact_contact_before *c)
{
	object->kind = c->is_name ? OBJECT_HOST : OBJECT_ADDRESS;
	if (c->is_name) {
		(void)snprintf(object->text, sizeof(object->text), "%s", c->name);
		return;
	}
	object->has_address = true;
	object->address = c->address;
	object->port = c->port;
	address_text(&c->address, object->text);
}

static enum outcome outcome_of(const struct fact_contact_before *c)
{
	if (c->is_lookup)
		return OUTCOME_ATTEMPT;
	return c->bytes_down > 0 ? OUTCOME_DATA : OUTCOME_ANSWERED;
}

/* Where a list has no dates, or has named it for longer than this office's copy: since that came.
 */
static nanotime listed_since(const struct fact *fact)
{
	const struct fact_contact_before *c = &fact->contact_before;

	return c->listed > c->first && c->listed < fact->time ? c->listed : fact->time;
}

/* False when the entry is not worth telling by now. */
static bool weigh(const struct contact_before *self, struct signal *s, const struct fact *fact)
{
	const struct fact_contact_before *c = &fact->contact_before;
	const struct trust *trust = c->is_lookup ? &of_lookup : &of_contact;
	const struct intel_hit hit = { .kind = (enum intel_kind)c->entry_kind,
				       .class = (enum intel_class)c->entry_class,
				       .confidence = c->confidence,
				       .listed = c->listed,
				       .confirmed = c->confirmed };
	double age = days(c->last, fact->time);

	s->confidence = trust->least + (trust->most - trust->least) *
					       listing_share(self->config, &hit, fact->time);
	if (!listing_weigh(s, self->config, &hit, fact->time))
		return false;
	signal_tell(s, REASON_DAYS_BEFORE, days(c->first, listed_since(fact)));
	if (!c->is_lookup) {
		signal_tell(s, REASON_BYTES_UP, (double)c->bytes_up);
		signal_tell(s, REASON_BYTES_DOWN, (double)c->bytes_down);
	}
	signal_evidence(s, REASON_CONTACT_AGE, age, exp2(-age / half_life_days));
	if (c->has_known_name)
		signal_evidence(s, REASON_KNOWN_NAME, 1, times_for_known_name);
	return true;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct contact_before *self = state;
	const struct fact *fact = seen->fact;
	const struct fact_contact_before *c = &fact->contact_before;
	uint64_t times = c->is_lookup ? c->lookups : c->flows;
	struct signal s = { .kind = SIGNAL_LISTED_BEFORE,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = (uint8_t)outcome_of(c),
			    .device = seen->device,
			    .first = c->first,
			    .last = fact->time > c->last ? fact->time : c->last,
			    .count = times > 0 ? times : 1 };

	if (seen->device == 0 || !weigh(self, &s, fact) || is_told(self, c, fact->time))
		return;
	describe(&s.object, c);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", c->entry);
	sink->emit(sink, &s);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct told_key *k = key;

	(void)value;
	return k->device != 0 && k->spare == 0;
}

static const struct kept_table kept[] = {
	{ .name = "contact_before.told",
	  .version = 1,
	  .at = offsetof(struct contact_before, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_contact_before = {
	.name = "contact_before",
	.finds = "A device that was in contact with what an indicator list has named since.",
	.sees = DETECTOR_SEES(FACT_CONTACT_BEFORE),
	.state_size = sizeof(struct contact_before),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
