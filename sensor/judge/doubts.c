#include "sensor/judge/doubts.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* No padding. */
struct doubt_key {
	uint32_t device;
	uint32_t kind;
	uint64_t object;
};

struct doubts {
	const struct judge_config *config;
	struct lru_map *doubts; /* struct doubt_key → struct doubt */
};

enum err doubts_new(struct doubts **out, const struct judge_config *config)
{
	struct doubts *doubts = calloc(1, sizeof(*doubts));

	if (!doubts)
		return ERR_MEMORY;
	doubts->config = config;
	if (lru_map_new(&doubts->doubts, (uint32_t)config->doubts, sizeof(struct doubt_key),
			sizeof(struct doubt)) != ERR_OK) {
		free(doubts);
		return ERR_MEMORY;
	}
	*out = doubts;
	return ERR_OK;
}

void doubts_free(struct doubts *doubts)
{
	if (!doubts)
		return;
	lru_map_free(doubts->doubts);
	free(doubts);
}

/* By its text alone: a name is the same object on any port. */
static uint64_t object_of(const struct signal *s)
{
	return distinct_hash(s->object.text, strlen(s->object.text));
}

static struct doubt_key key_of(const struct signal *s)
{
	return (struct doubt_key){ .device = s->device, .kind = s->kind, .object = object_of(s) };
}

void doubts_add(struct doubts *doubts, const struct signal *signal,
		const struct considered *considered)
{
	const struct doubt_key key = key_of(signal);
	bool is_new;
	struct doubt *doubt = lru_map_touch(doubts->doubts, &key, &is_new);
	nanotime first = is_new || doubt->count == 0 ? signal->first : doubt->signal.first;

	doubt->signal = *signal;
	if (first < signal->first)
		doubt->signal.first = first;
	doubt->considered = *considered;
	doubt->count++;
}

/* The same host stands in some signals as a name and in others as an address. */
static bool is_same_object(const struct signal *a, const struct signal *b)
{
	return strcmp(a->object.text, b->object.text) == 0 ||
	       (a->object.has_address && b->object.has_address &&
		memcmp(&a->object.address, &b->object.address, sizeof(struct address)) == 0);
}

/* A weakness is no symptom: it supports nobody, and goes with what else the device does. */
static bool is_weakness(const struct signal *s)
{
	return story_of((enum signal_kind)s->kind)->tactic == TACTIC_EXPOSURE;
}

double doubts_support(const struct judge_config *config, const struct signal *signal,
		      const struct signal *other)
{
	nanotime later = signal->last > other->last ? signal->last : other->last;
	nanotime earlier = signal->last > other->last ? other->last : signal->last;

	if (other->device != signal->device || other->kind == signal->kind || is_weakness(other) ||
	    signal->confidence < config->support_least ||
	    other->confidence < config->support_least || later - earlier > config->support_lasts)
		return 0;
	if (is_same_object(signal, other))
		return story_basis((enum signal_kind)other->kind) ==
				       story_basis((enum signal_kind)signal->kind)
			       ? 0
			       : 1;
	if (is_weakness(signal) && signal->object.kind != OBJECT_NETWORK)
		return 0; /* of another place: it says nothing about this one */
	return story_of((enum signal_kind)other->kind)->tactic !=
			       story_of((enum signal_kind)signal->kind)->tactic
		       ? config->support_apart
		       : 0;
}

/* Of several doubts of one basis the surest alone counts. */
double doubts_weigh(struct doubts *doubts, const struct signal *signal)
{
	double best[SIGNAL_KINDS] = { 0 };
	double left = 1 - signal->confidence;
	const struct doubt *doubt = NULL;

	if (is_weakness(signal)) /* doubtful symptoms make a weakness no surer: a case does */
		return signal->confidence;
	while ((doubt = lru_map_next(doubts->doubts, (void *)(uintptr_t)doubt, NULL))) {
		double weight = doubt->count == 0
					? 0
					: doubts_support(doubts->config, signal, &doubt->signal) *
						  doubt->signal.confidence;

		double *counted = &best[story_basis((enum signal_kind)doubt->signal.kind)];

		if (weight > *counted)
			*counted = weight;
	}
	for (int k = 0; k < SIGNAL_KINDS; k++)
		left *= 1 - best[k];
	return 1 - left;
}

static bool is_like(const struct signal *a, const struct signal *b)
{
	return a->device == b->device && a->kind == b->kind && object_of(a) == object_of(b);
}

/* A doubtful weakness of the device, told beside what it did. */
static bool goes_with(const struct judge_config *config, const struct signal *weakness,
		      const struct signal *deed)
{
	return is_weakness(weakness) && doubts_support(config, weakness, deed) > 0;
}

/* Its row stays, so that what is kept elsewhere learns of it. */
static void take_out(struct doubts *doubts, struct doubt *doubt)
{
	doubt->count = 0;
	lru_map_renew(doubts->doubts, doubt);
}

bool doubts_take_support(struct doubts *doubts, const struct signal *signal, struct doubt *out)
{
	struct doubt *doubt = NULL;

	while ((doubt = lru_map_next(doubts->doubts, doubt, NULL))) {
		if (doubt->count == 0 ||
		    (!is_like(signal, &doubt->signal) &&
		     doubts_support(doubts->config, signal, &doubt->signal) <= 0 &&
		     !goes_with(doubts->config, &doubt->signal, signal)))
			continue;
		*out = *doubt;
		take_out(doubts, doubt);
		return true;
	}
	return false;
}

void doubts_drop(struct doubts *doubts, const struct signal *signal)
{
	const struct doubt_key key = key_of(signal);
	struct doubt *doubt = lru_map_find(doubts->doubts, &key);

	if (doubt && doubt->count > 0)
		take_out(doubts, doubt);
}

static bool is_doubt_sound(const void *key, const void *value)
{
	const struct doubt *doubt = value;
	struct doubt_key k;

	memcpy(&k, key, sizeof(k));
	return signal_is_sound(&doubt->signal) && considered_is_sound(&doubt->considered) &&
	       k.device == doubt->signal.device && k.kind == doubt->signal.kind &&
	       k.object == object_of(&doubt->signal);
}

const struct kept_table doubts_kept[] = {
	{ .name = "judge.doubts",
	  .version = 1,
	  .at = offsetof(struct doubts, doubts),
	  .is_sound = is_doubt_sound },
	{ 0 },
};
