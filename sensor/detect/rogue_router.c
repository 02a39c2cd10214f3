#include "sensor/detect/rogue_router.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/speaker.h"

#include <stdio.h>
#include <string.h>

/*
 * A second router is nothing: a telephone company's box and one's own both advertise. But who asked
 * for a lease like a PC is a router for nobody, and who names himself as the name server hears of
 * every place that the others go to.
 */
static const double prior = 0.15;
static const double times_lease = 5;
static const double times_own_names = 2.5;
static const double times_beside = 1.5;
static const double times_preferred = 1.5;
/* The longest that a router is silent (RFC 4861 6.2.1), and a bit. */
static const nanotime still_there = 35 * NANOTIME_MINUTE;
static const float told_more = 0.1F;

/* By which of the two: routers advertise, servers answer. */
enum gift { GIFT_ROUTE, GIFT_ADDRESS, GIFTS };

struct given {
	nanotime first;
	nanotime last;
	uint32_t count;
	float told; /* confidence */
	bool names_itself;
	bool is_preferred;
	uint8_t flow_count;
	uint8_t spare[5];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct giver {
	struct given gifts[GIFTS];
};

struct rogue_router {
	const struct lan_config *config;
	struct lru_map *givers;  /* device → struct giver */
	struct lru_map *lessees; /* device → when it was last known to ask for a lease */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	enum { GIVERS = 64 };
	struct rogue_router *self = state;

	self->config = &setup->config->detect.lan;

	enum err err = lru_map_new(&self->givers, GIVERS, sizeof(uint32_t), sizeof(struct giver));

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->lessees, (uint32_t)setup->config->judge.devices, sizeof(uint32_t),
			   sizeof(nanotime));
}

static void stop(void *state)
{
	struct rogue_router *self = state;

	lru_map_free(self->givers);
	lru_map_free(self->lessees);
}

/* Another that gave the same before, and may still do. */
static bool has_elder(struct rogue_router *self, uint32_t device, enum gift gift,
		      const struct given *given)
{
	struct giver *giver = NULL;
	const void *key;

	while ((giver = lru_map_next(self->givers, giver, &key))) {
		const struct given *other = &giver->gifts[gift];
		uint32_t who;

		memcpy(&who, key, sizeof(who));
		if (who != device && other->count > 0 && other->first < given->first &&
		    nanotime_between(other->last, given->last) <= still_there)
			return true;
	}
	return false;
}

/* False where nothing tells it from the office's own router. */
static bool weigh(struct rogue_router *self, uint32_t device, enum gift gift,
		  const struct given *given, struct signal *s)
{
	bool is_lessee = lru_map_find(self->lessees, &device) != NULL;
	bool is_second = has_elder(self, device, gift, given);

	signal_condition(s, REASON_GIVEN, given->count, COMPARE_AT_LEAST,
			 (double)self->config->given, "lan.given");
	if (is_lessee)
		signal_evidence(s, REASON_ASKED_FOR_LEASE, 1, times_lease);
	if (given->names_itself)
		signal_evidence(s, REASON_NAMES_ITSELF, 1, times_own_names);
	if (given->is_preferred)
		signal_evidence(s, REASON_PREFERRED, 1, times_preferred);
	if (is_second)
		signal_evidence(s, REASON_STILL_THERE, 1, times_beside);
	return is_lessee || is_second;
}

static void tell(struct rogue_router *self, uint32_t device, enum gift gift, struct given *given,
		 struct signal_sink *sink)
{
	struct signal s = { .kind = gift == GIFT_ROUTE ? SIGNAL_ROGUE_ROUTER : SIGNAL_ROGUE_DHCPV6,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = device,
			    .first = given->first,
			    .last = given->last,
			    .count = given->count,
			    .confidence = prior };

	if (given->count < self->config->given)
		return;
	if (!weigh(self, device, gift, given, &s) ||
	    s.confidence < (double)(given->told + told_more))
		return;
	given->told = (float)s.confidence;
	s.object.kind = OBJECT_NETWORK;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s",
		       gift == GIFT_ROUTE ? "ipv6 routes" : "dhcpv6");
	signal_show_flows(&s, given->flows, given->flow_count);
	sink->emit(sink, &s);
}

static bool names_itself(const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	const struct address *own =
		message->is_from_client ? &fact->flow.client : &fact->flow.server;
	struct attribute_value value;
	size_t at = 0;

	while (attributes_next(&message->said, &at, &value)) {
		if (value.attribute == ATTRIBUTE_NAME_SERVERS && address_equal(&value.address, own))
			return true;
	}
	return false;
}

/*
 * Loudspeakers and the like advertise a way to the lamps behind them: neither a way out, nor where
 * to ask for names or addresses.
 */
static bool is_way_out(const struct attributes *said)
{
	return attributes_number(said, ATTRIBUTE_LIFETIME, 0) > 0 ||
	       attributes_has(said, ATTRIBUTE_MANAGED) ||
	       attributes_has(said, ATTRIBUTE_NAME_SERVERS);
}

/* What a message gives; GIFTS is nothing. */
static enum gift gift_of(const struct fact_message *message)
{
	const char *type;

	if (message->message == MESSAGE_NDP_ROUTER)
		return is_way_out(&message->said) ? GIFT_ROUTE : GIFTS;
	if (message->message != MESSAGE_DHCPV6 ||
	    !attributes_has(&message->said, ATTRIBUTE_RESPONSE) ||
	    attributes_has(&message->said, ATTRIBUTE_RELAYS))
		return GIFTS;
	type = attributes_text(&message->said, ATTRIBUTE_TYPE);
	return strcmp(type, "ADVERTISE") == 0 || strcmp(type, "REPLY") == 0 ? GIFT_ADDRESS : GIFTS;
}

static void hear(struct rogue_router *self, const struct observation *seen,
		 struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	enum gift gift = gift_of(&fact->message);
	uint32_t device = gift != GIFTS ? speaker_of(seen) : 0;
	struct given *given;
	bool is_new;

	if (device == 0)
		return;
	given = &((struct giver *)lru_map_touch(self->givers, &device, &is_new))->gifts[gift];
	if (given->count == 0 || nanotime_went_back(given->last, fact->time) ||
	    nanotime_between(given->last, fact->time) > NANOTIME_DAY)
		*given = (struct given){ .first = fact->time };
	given->last = fact->time > given->last ? fact->time : given->last;
	if (given->count < UINT32_MAX)
		given->count++;
	given->names_itself |= names_itself(fact);
	given->is_preferred |=
		strcmp(attributes_text(&fact->message.said, ATTRIBUTE_PREFERENCE), "high") == 0;
	signal_keep_flow(given->flows, &given->flow_count, fact);
	tell(self, device, gift, given, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct rogue_router *self = state;
	bool is_new;

	if (seen->fact->kind == FACT_MESSAGE) {
		hear(self, seen, sink);
	} else if (seen->who && seen->device != 0 && seen->who->fingerprint[0] != '\0') {
		nanotime *when = lru_map_touch(self->lessees, &seen->device, &is_new);

		*when = seen->fact->time;
	}
}

static bool is_giver_sound(const void *key, const void *value)
{
	const struct giver *giver = value;
	uint32_t device;

	memcpy(&device, key, sizeof(device));
	for (size_t i = 0; i < GIFTS; i++) {
		const struct given *given = &giver->gifts[i];

		if (!kept_are_flags(&given->names_itself, 1) ||
		    !kept_are_flags(&given->is_preferred, 1) || given->told < 0 ||
		    given->told > 1 || !signal_flows_are_sound(given->flows, given->flow_count))
			return false;
	}
	return device != 0;
}

static void tidy(void *value)
{
	struct giver *giver = value;

	for (size_t i = 0; i < GIFTS; i++)
		signal_tidy_flows(giver->gifts[i].flows, giver->gifts[i].flow_count);
}

static bool is_lessee_sound(const void *key, const void *value)
{
	uint32_t device;

	(void)value;
	memcpy(&device, key, sizeof(device));
	return device != 0;
}

static const struct kept_table kept[] = {
	{ .name = "rogue_router.givers",
	  .version = 1,
	  .at = offsetof(struct rogue_router, givers),
	  .tidy = tidy,
	  .is_sound = is_giver_sound },
	{ .name = "rogue_router.lessees",
	  .version = 1,
	  .at = offsetof(struct rogue_router, lessees),
	  .is_sound = is_lessee_sound },
	{ 0 },
};

const struct detector detector_rogue_router = {
	.name = "rogue_router",
	.finds = "A PC that makes itself everybody's router or name server by IPv6.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_SIGHTING),
	.state_size = sizeof(struct rogue_router),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
