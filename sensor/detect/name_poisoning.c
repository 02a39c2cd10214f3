#include "sensor/detect/name_poisoning.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAMES_MAX = 16, NAMES_MANY = 5 };

/*
 * A machine answers for its own name, and a master of the workgroup for the group's: three names
 * are one too many. Names that machines ask for by themselves and nobody has are the usual bait.
 */
static const double prior_three = 0.55;
static const double times_many = 2;
static const double times_bait = 2;

/* Of one device: the names that it answered for. */
struct answerer {
	nanotime first;
	nanotime last;
	uint64_t names[NAMES_MAX]; /* hashes */
	uint32_t count;
	uint32_t told;
	uint32_t baits;
	uint8_t flow_count;
	uint8_t spare[3];
	char name[FACT_HOST_LEN]; /* the latest */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct name_poisoning {
	const struct lan_config *config;
	struct lru_map *answerers; /* device number → struct answerer */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct name_poisoning *self = state;

	self->config = &setup->config->detect.lan;
	return lru_map_new(&self->answerers, (uint32_t)setup->config->detect.lateral.pairs,
			   sizeof(uint32_t), sizeof(struct answerer));
}

static void stop(void *state)
{
	struct name_poisoning *self = state;

	lru_map_free(self->answerers);
}

static bool is_bait(const char *name)
{
	return strncasecmp(name, "wpad", strlen("wpad")) == 0 ||
	       strncasecmp(name, "isatap", strlen("isatap")) == 0 ||
	       strncasecmp(name, "proxysrv", strlen("proxysrv")) == 0;
}

/*
 * The name that a message answers for, or "". An answer to what was asked of everybody comes as a
 * flow of its own, from who answers; a name server's answers are the other side of a question.
 */
static const char *answered_name(const struct fact_message *message)
{
	const struct attributes *said = &message->said;

	if (!message->is_from_client || !attributes_has(said, ATTRIBUTE_RESPONSE) ||
	    !attributes_has(said, ATTRIBUTE_ADDRESS))
		return "";
	if (message->message == MESSAGE_LLMNR)
		return attributes_text(said, ATTRIBUTE_QUESTION);
	if (message->message != MESSAGE_NBNS || attributes_has(said, ATTRIBUTE_GROUP) ||
	    strcmp(attributes_text(said, ATTRIBUTE_TYPE), "query") != 0)
		return "";
	return attributes_text(said, ATTRIBUTE_NAME);
}

static void tell(struct name_poisoning *self, uint32_t device, struct answerer *who,
		 struct signal_sink *sink)
{
	const struct lan_config *c = self->config;
	struct signal s = { .kind = SIGNAL_NAME_POISONING,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = device,
			    .first = who->first,
			    .last = who->last,
			    .count = who->count,
			    .confidence = prior_three };

	s.object.kind = OBJECT_NETWORK;
	(void)snprintf(s.object.text, sizeof(s.object.text), "names");
	(void)snprintf(s.detail, sizeof(s.detail), "%s", who->name);
	signal_condition(&s, REASON_FALSE_NAMES, who->count, COMPARE_AT_LEAST, (double)c->names,
			 "lan.names");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(who->first, who->last)), COMPARE_AT_MOST,
			 nanotime_seconds(c->window), "lan.window");
	if (who->count >= NAMES_MANY)
		signal_evidence(&s, REASON_VERY_MANY, who->count, times_many);
	if (who->baits > 0)
		signal_evidence(&s, REASON_BAIT_NAMES, who->baits, times_bait);
	memcpy(s.flows, who->flows, who->flow_count * sizeof(s.flows[0]));
	s.flow_count = who->flow_count;
	who->told = who->count;
	sink->emit(sink, &s);
}

static void count(struct name_poisoning *self, uint32_t device, const char *name,
		  const struct fact *fact, struct signal_sink *sink)
{
	char lower[FACT_HOST_LEN];
	uint64_t hash;
	bool is_new;
	struct answerer *who = lru_map_touch(self->answerers, &device, &is_new);

	if (is_new || nanotime_between(who->first, fact->time) > self->config->window ||
	    nanotime_went_back(who->first, fact->time))
		*who = (struct answerer){ .first = fact->time };
	who->last = fact->time > who->last ? fact->time : who->last;
	(void)snprintf(lower, sizeof(lower), "%s", name);
	text_to_lower(lower);
	/* The same machine under its name of either kind: only up to the first dot. */
	lower[strcspn(lower, ".")] = '\0';
	hash = distinct_hash(lower, strlen(lower));
	for (uint32_t i = 0; i < who->count; i++) {
		if (who->names[i] == hash)
			return;
	}
	if (who->count == NAMES_MAX)
		return;
	who->names[who->count++] = hash;
	who->baits += is_bait(lower) ? 1 : 0;
	memcpy(who->name, lower, sizeof(lower));
	kept_tidy_text(who->name, sizeof(who->name));
	signal_keep_flow(who->flows, &who->flow_count, fact);
	if (who->count >= self->config->names && who->count >= 2 * who->told)
		tell(self, device, who, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct name_poisoning *self = state;
	const struct fact_message *message = &seen->fact->message;
	const char *name;

	if ((message->message != MESSAGE_LLMNR && message->message != MESSAGE_NBNS) ||
	    seen->device == 0 || seen->is_group)
		return;
	name = answered_name(message);
	if (name[0] != '\0')
		count(self, seen->device, name, seen->fact, sink);
}

/* With the last numbers, where there were more names since. */
static void finish(void *state, struct signal_sink *sink)
{
	struct name_poisoning *self = state;
	struct answerer *who = NULL;
	const void *key;

	while ((who = lru_map_next(self->answerers, who, &key))) {
		const uint32_t *device = key;

		if (who->told > 0 && who->count > who->told)
			tell(self, *device, who, sink);
	}
}

static void tidy(void *value)
{
	struct answerer *who = value;

	signal_tidy_flows(who->flows, who->flow_count);
}

static bool is_answerer_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct answerer *who = value;

	return *device != 0 && who->count <= NAMES_MAX && who->told <= NAMES_MAX &&
	       who->baits <= NAMES_MAX && kept_is_text(who->name, sizeof(who->name)) &&
	       signal_flows_are_sound(who->flows, who->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "name_poisoning.answerers",
	  .version = 1,
	  .at = offsetof(struct name_poisoning, answerers),
	  .tidy = tidy,
	  .is_sound = is_answerer_sound },
	{ 0 },
};

const struct detector detector_name_poisoning = {
	.name = "name_poisoning",
	.finds = "A device that answers for the names of others.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct name_poisoning),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
