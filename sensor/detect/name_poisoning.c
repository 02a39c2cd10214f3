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
/* By multicast DNS a machine may well have names for each of its services, or stand in for one. */
static const double times_multicast = 0.6;
static const double times_of_others = 2.5;
static const nanotime answer_within = 5 * NANOTIME_SECOND;

/* Of one device: the names that it answered for. */
struct answerer {
	nanotime first;
	nanotime last;
	uint64_t names[NAMES_MAX]; /* hashes */
	uint32_t count;
	uint32_t told;
	uint32_t baits;
	uint8_t flow_count;
	uint8_t by_multicast; /* of the names, those asked for and answered by multicast DNS … */
	uint8_t of_others;    /* … and those that another machine had announced as its own */
	uint8_t spare;
	char name[FACT_HOST_LEN]; /* the latest */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

/* By multicast DNS: who last asked for a name, or who told everybody unasked that it is his. */
struct heard {
	nanotime when;
	uint32_t device;
	uint32_t spare;
};

/* One message, while it is read. */
struct hearsay {
	const char *name;
	const struct observation *seen;
	bool by_multicast;
	bool of_others;
};

struct name_poisoning {
	const struct lan_config *config;
	struct lru_map *answerers; /* device number → struct answerer */
	struct lru_map *asked;     /* hash of a name → struct heard */
	struct lru_map *announced; /* the same */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct name_poisoning *self = state;

	uint32_t pairs = (uint32_t)setup->config->detect.lateral.pairs;

	self->config = &setup->config->detect.lan;

	enum err err =
		lru_map_new(&self->answerers, pairs, sizeof(uint32_t), sizeof(struct answerer));

	if (err == ERR_OK)
		err = lru_map_new(&self->asked, pairs, sizeof(uint64_t), sizeof(struct heard));
	if (err == ERR_OK)
		err = lru_map_new(&self->announced, 2 * (uint32_t)setup->config->judge.devices,
				  sizeof(uint64_t), sizeof(struct heard));
	return err;
}

static void stop(void *state)
{
	struct name_poisoning *self = state;

	lru_map_free(self->answerers);
	lru_map_free(self->asked);
	lru_map_free(self->announced);
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
	if (who->by_multicast == who->count)
		signal_evidence(&s, REASON_BY_MULTICAST, 1, times_multicast);
	if (who->of_others > 0)
		signal_evidence(&s, REASON_NAMES_OF_OTHERS, who->of_others, times_of_others);
	signal_show_flows(&s, who->flows, who->flow_count);
	who->told = who->count;
	sink->emit(sink, &s);
}

/* As everybody writes it: small letters, and only up to the first dot. */
static uint64_t plain_name(const char *name, size_t len, char out[static FACT_HOST_LEN])
{
	(void)snprintf(out, FACT_HOST_LEN, "%.*s", (int)len, name);
	text_to_lower(out);
	/* The same machine under its name of either kind. */
	out[strcspn(out, ".")] = '\0';
	return distinct_hash(out, strlen(out));
}

static void count(struct name_poisoning *self, const struct hearsay *hearsay,
		  struct signal_sink *sink)
{
	const struct fact *fact = hearsay->seen->fact;
	uint32_t device = hearsay->seen->device;
	char lower[FACT_HOST_LEN];
	uint64_t hash = plain_name(hearsay->name, strlen(hearsay->name), lower);
	bool is_new;
	struct answerer *who = lru_map_touch(self->answerers, &device, &is_new);

	if (is_new || nanotime_between(who->first, fact->time) > self->config->window ||
	    nanotime_went_back(who->first, fact->time))
		*who = (struct answerer){ .first = fact->time };
	who->last = fact->time > who->last ? fact->time : who->last;
	for (uint32_t i = 0; i < who->count; i++) {
		if (who->names[i] == hash)
			return;
	}
	if (who->count == NAMES_MAX)
		return;
	who->names[who->count++] = hash;
	who->baits += is_bait(lower) ? 1 : 0;
	who->by_multicast = (uint8_t)(who->by_multicast + hearsay->by_multicast);
	who->of_others = (uint8_t)(who->of_others + hearsay->of_others);
	memcpy(who->name, lower, sizeof(lower));
	kept_tidy_text(who->name, sizeof(who->name));
	signal_keep_flow(who->flows, &who->flow_count, fact);
	if (who->count >= self->config->names && who->count >= 2 * who->told)
		tell(self, device, who, sink);
}

static void note(struct lru_map *map, uint64_t hash, const struct observation *seen)
{
	bool is_new;
	struct heard *heard = lru_map_touch(map, &hash, &is_new);

	*heard = (struct heard){ .when = seen->fact->time, .device = seen->device };
}

/* "nas.local A 192.168.1.20" of the machine 192.168.1.20: the name, which ends at the blank. */
static const char *own_name(const char *answer, const struct address *sender, size_t *len)
{
	char own[ADDRESS_TEXT_LEN];
	const char *type = strstr(answer, address_is_v4(sender) ? " A " : " AAAA ");
	const char *value;

	if (!type)
		return NULL;
	own[address_text(sender, own)] = '\0';
	value = strrchr(answer, ' ') + 1;
	*len = (size_t)(type - answer);
	return strcmp(value, own) == 0 ? answer : NULL;
}

/*
 * Who has a name tells it when he comes, and what stands in for a sleeping machine tells that one's
 * address. Who says that he is whoever was asked for deceives.
 */
static void hear_answer(struct name_poisoning *self, const struct observation *seen,
			const char *answer, struct signal_sink *sink)
{
	nanotime now = seen->fact->time;
	char name[FACT_HOST_LEN];
	const struct heard *asked;
	const struct heard *owner;
	uint64_t hash;
	size_t len;

	if (!own_name(answer, &seen->fact->flow.client, &len))
		return;
	hash = plain_name(answer, len, name);
	asked = lru_map_find(self->asked, &hash);
	owner = lru_map_find(self->announced, &hash);
	if (!asked || asked->device == seen->device || nanotime_went_back(asked->when, now) ||
	    nanotime_between(asked->when, now) > answer_within) {
		if (!owner)
			note(self->announced, hash, seen);
	} else if (!owner || owner->device != seen->device) {
		const struct hearsay hearsay = {
			.name = name, .seen = seen, .by_multicast = true, .of_others = owner != NULL
		};

		count(self, &hearsay, sink);
	}
}

static void hear_multicast(struct name_poisoning *self, const struct observation *seen,
			   struct signal_sink *sink)
{
	const struct fact_message *message = &seen->fact->message;
	bool is_response = attributes_has(&message->said, ATTRIBUTE_RESPONSE);
	struct attribute_value value;
	char name[FACT_HOST_LEN];
	size_t at = 0;

	if (!message->is_from_client)
		return;
	while (attributes_next(&message->said, &at, &value)) {
		if (is_response && value.attribute == ATTRIBUTE_ANSWER)
			hear_answer(self, seen, value.text, sink);
		else if (!is_response && value.attribute == ATTRIBUTE_QUESTION &&
			 !strstr(value.text, "._"))
			note(self->asked, plain_name(value.text, strlen(value.text), name), seen);
	}
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct name_poisoning *self = state;
	const struct fact_message *message = &seen->fact->message;
	struct hearsay hearsay = { .seen = seen };

	if (seen->device == 0)
		return;
	if (message->message == MESSAGE_MDNS) {
		hear_multicast(self, seen, sink);
		return;
	}
	if ((message->message != MESSAGE_LLMNR && message->message != MESSAGE_NBNS) ||
	    seen->is_group)
		return;
	hearsay.name = answered_name(message);
	if (hearsay.name[0] != '\0')
		count(self, &hearsay, sink);
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
	       who->baits <= NAMES_MAX && who->by_multicast <= who->count &&
	       who->of_others <= who->count && kept_is_text(who->name, sizeof(who->name)) &&
	       signal_flows_are_sound(who->flows, who->flow_count);
}

static bool is_heard_sound(const void *key, const void *value)
{
	const struct heard *heard = value;

	(void)key;
	return heard->device != 0;
}

static const struct kept_table kept[] = {
	{ .name = "name_poisoning.answerers",
	  .version = 2,
	  .at = offsetof(struct name_poisoning, answerers),
	  .tidy = tidy,
	  .is_sound = is_answerer_sound },
	{ .name = "name_poisoning.asked",
	  .version = 1,
	  .at = offsetof(struct name_poisoning, asked),
	  .is_sound = is_heard_sound },
	{ .name = "name_poisoning.announced",
	  .version = 1,
	  .at = offsetof(struct name_poisoning, announced),
	  .is_sound = is_heard_sound },
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
