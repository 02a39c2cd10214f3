#include "sensor/detect/partner_contact.h"

#include "sensor/detect/contact_place.h"
#include "sensor/detect/told_once.h"
#include "sensor/feed/feed_compile.h"

#include <stddef.h>
#include <stdio.h>

/* Daily business: it opens nothing, but waits for a day beside what else is told of the place. */
static const double confidence = 0.2;
static const nanotime tell_again_after = 20 * NANOTIME_HOUR;

struct partner_contact {
	const struct suffix_rules *suffixes;
	struct intel_sets *partners; /* NULL: none are listed, and all returns at once */
	struct lru_map *told;        /* struct place_key → nanotime; NULL likewise */
};

static enum err read_partners(struct partner_contact *self, const char *path)
{
	FILE *complaints = fopen("/dev/null", "we");
	const struct feed_compile_setup setup = { .path = path,
						  .purpose = INTEL_INDICATORS,
						  .is_of_good_ones = true,
						  .complaints = complaints };
	struct feed_counts counts;
	struct intel_set *set;
	enum err err;

	if (!complaints)
		return ERR_IO;
	err = intel_sets_new(&self->partners);
	if (err == ERR_OK)
		err = feed_compile(&setup, &set, &counts);
	if (err == ERR_OK)
		err = intel_sets_add(self->partners, set);
	(void)fclose(complaints);
	/* A list that says something else than its owner means is worse than none. */
	return err == ERR_OK && counts.refused > 0 ? ERR_SYNTAX : err;
}

static enum err start(void *state, const struct detect_setup *setup)
{
	struct partner_contact *self = state;
	const struct partners_config *config = &setup->config->detect.partners;
	enum err err;

	self->suffixes = setup->suffixes;
	if (config->list[0] == '\0')
		return ERR_OK;
	err = read_partners(self, config->list);
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->told, (uint32_t)config->places, sizeof(struct place_key),
			   sizeof(nanotime));
}

static void stop(void *state)
{
	struct partner_contact *self = state;

	intel_sets_free(self->partners);
	lru_map_free(self->told);
}

static void tell(const struct observation *seen, const char *name, const char *partner,
		 struct signal_sink *sink)
{
	struct signal s = place_contact(seen, SIGNAL_PARTNER_CONTACT, confidence, name,
					(enum host_source)seen->peer_name_from);

	signal_condition(&s, REASON_PARTNER, 1, COMPARE_AT_LEAST, 1, NULL);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", partner);
	sink->emit(sink, &s);
}

/* By the name of the server first, else by its address. */
static bool is_of_partner(const struct partner_contact *self, const struct observation *seen,
			  struct intel_match *out)
{
	const struct fact_flow *flow = &seen->fact->flow;
	const char *name = seen->peer_name;

	return (name[0] != '\0' &&
		intel_sets_find_name(self->partners, INTEL_INDICATORS, name,
				     suffix_rules_domain(self->suffixes, name), out)) ||
	       intel_sets_find_address(self->partners, INTEL_INDICATORS, &flow->server,
				       flow->server_port, out);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct partner_contact *self = state;
	struct intel_match partner;

	if (!self->partners || seen->device == 0 || seen->direction != DIRECTION_OUTBOUND)
		return;
	if (!is_of_partner(self, seen, &partner))
		return;

	struct place_key key = place_key_of(seen, seen->peer_name);

	if (told_again(self->told, &key, seen->fact->time, tell_again_after))
		tell(seen, seen->peer_name, partner.item, sink);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct place_key *k = key;

	(void)value;
	return k->device != 0 && k->by_name <= 1;
}

static const struct kept_table kept[] = {
	{ .name = "partner_contact.told",
	  .version = 1,
	  .at = offsetof(struct partner_contact, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_partner_contact = {
	.name = "partner_contact",
	.finds = "Dealings with a trading partner that the office has listed.",
	.sees = DETECTOR_SEES(FACT_FLOW_NAMED),
	.state_size = sizeof(struct partner_contact),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
