#include "sensor/detect/partner_contact.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Daily business: it opens nothing, but waits for a day beside what else is told of the place. */
static const double confidence = 0.2;
static const nanotime tell_again_after = 20 * NANOTIME_HOUR;

struct partner_contact {
	struct indicator_list *partners; /* NULL: none are listed, and all returns at once */
	struct lru_map *told;            /* struct place_key → nanotime; NULL likewise */
};

static enum err read_partners(struct partner_contact *self, const char *path)
{
	size_t refused = 0;
	FILE *complaints = fopen("/dev/null", "we");
	enum err err;

	if (!complaints)
		return ERR_IO;
	err = indicator_list_new(&self->partners);
	if (err == ERR_OK)
		err = indicator_list_read(self->partners, path, complaints, &refused);
	(void)fclose(complaints);
	/* A list that says something else than its owner means is worse than none. */
	return err == ERR_OK && refused > 0 ? ERR_SYNTAX : err;
}

static enum err start(void *state, const struct detect_setup *setup)
{
	struct partner_contact *self = state;
	const struct partners_config *config = &setup->config->detect.partners;
	enum err err;

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

	indicator_list_free(self->partners);
	lru_map_free(self->told);
}

static void tell(const struct observation *seen, const char *name, const char *partner,
		 struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct signal s = { .kind = SIGNAL_PARTNER_CONTACT,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = fact->time,
			    .last = fact->time,
			    .count = 1,
			    .confidence = confidence };

	signal_tell(&s, REASON_PARTNER, 1);
	place_describe(&s.object, &fact->flow, name, (enum host_source)seen->peer_name_from);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", partner);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct partner_contact *self = state;
	const struct fact_flow *flow = &seen->fact->flow;
	const struct indicator *partner = NULL;
	bool is_new;

	if (!self->partners || seen->device == 0 || seen->direction != DIRECTION_OUTBOUND)
		return;
	if (seen->peer_name[0] != '\0')
		partner = indicator_find_name(self->partners, seen->peer_name);
	if (!partner)
		partner = indicator_find_address(self->partners, &flow->server, flow->server_port);
	if (!partner)
		return;

	struct place_key key = place_key_of(seen, seen->peer_name);
	nanotime *told = lru_map_touch(self->told, &key, &is_new);

	if (!is_new && !nanotime_went_back(*told, seen->fact->time) &&
	    nanotime_between(*told, seen->fact->time) < tell_again_after)
		return;
	*told = seen->fact->time;
	tell(seen, seen->peer_name, partner->text, sink);
}

static const struct kept_table kept[] = {
	{ .name = "partner_contact.told",
	  .version = 1,
	  .at = offsetof(struct partner_contact, told),
	  .use = KEPT_AS_READ },
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
