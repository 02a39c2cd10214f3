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

static bool take_one_of(struct doubts *doubts, uint32_t device, struct doubt *out)
{
	struct doubt *doubt = NULL;
	const void *at;

	while ((doubt = lru_map_next(doubts->doubts, doubt, &at))) {
		struct doubt_key key;

		memcpy(&key, at, sizeof(key));
		if (key.device != device)
			continue;
		*out = *doubt;
		lru_map_remove(doubts->doubts, &key);
		return true;
	}
	return false;
}

void doubts_move(struct doubts *doubts, uint32_t from, uint32_t into)
{
	struct doubt moved;

	while (take_one_of(doubts, from, &moved)) {
		struct doubt *doubt;
		struct doubt_key key;
		uint64_t before;
		bool is_new;

		moved.signal.device = into;
		key = key_of(&moved.signal);
		doubt = lru_map_touch(doubts->doubts, &key, &is_new);
		before = is_new ? 0 : doubt->count;
		if (is_new || doubt->signal.last <= moved.signal.last)
			*doubt = moved;
		else if (moved.signal.first < doubt->signal.first)
			doubt->signal.first = moved.signal.first;
		doubt->count = before + moved.count;
	}
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

/*
 * What came in, and within minutes something that reports to the outside: a chain, of which each
 * link counts in full (the same story told by an intruder's first steps).
 */
static bool is_chain(const struct judge_config *config, const struct signal *one,
		     const struct signal *other)
{
	uint8_t tactic = story_of((enum signal_kind)one->kind)->tactic;
	uint8_t next = story_of((enum signal_kind)other->kind)->tactic;

	return (tactic == TACTIC_INITIAL_ACCESS || tactic == TACTIC_EXECUTION) &&
	       next == TACTIC_COMMAND_AND_CONTROL && other->first >= one->first &&
	       other->first - one->first <= config->chain;
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
	if (is_chain(config, signal, other) || is_chain(config, other, signal))
		return 1;
	return story_of((enum signal_kind)other->kind)->tactic !=
			       story_of((enum signal_kind)signal->kind)->tactic
		       ? config->support_apart
		       : 0;
}

/*
 * Of several doubts of one basis about the object the surest alone counts; of those about other
 * things the surest of each tactic: many programs that ask by the clock are not more than one.
 */
double doubts_weigh(struct doubts *doubts, const struct signal *signal)
{
	double near[SIGNAL_KINDS] = { 0 };
	double apart[TACTICS] = { 0 };
	double left = 1 - signal->confidence;
	struct doubt *doubt = NULL;

	if (is_weakness(signal)) /* doubtful symptoms make a weakness no surer: a case does */
		return signal->confidence;
	while ((doubt = lru_map_skim(doubts->doubts, doubt, NULL))) {
		const struct signal *other = &doubt->signal;
		double weight = doubt->count == 0 ? 0
						  : doubts_support(doubts->config, signal, other) *
							    other->confidence;
		double *counted = is_same_object(signal, other)
					  ? &near[story_basis((enum signal_kind)other->kind)]
					  : &apart[story_of((enum signal_kind)other->kind)->tactic];

		if (weight > *counted) {
			lru_map_read(doubts->doubts, doubt);
			*counted = weight;
		}
	}
	for (int k = 0; k < SIGNAL_KINDS; k++)
		left *= 1 - near[k];
	for (int t = 0; t < TACTICS; t++)
		left *= 1 - apart[t];
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

	while ((doubt = lru_map_skim(doubts->doubts, doubt, NULL))) {
		if (doubt->count == 0 ||
		    (!is_like(signal, &doubt->signal) &&
		     doubts_support(doubts->config, signal, &doubt->signal) <= 0 &&
		     !goes_with(doubts->config, &doubt->signal, signal)))
			continue;
		lru_map_read(doubts->doubts, doubt);
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

static void tidy_doubt(void *value)
{
	struct doubt *doubt = value;

	considered_tidy(&doubt->considered);
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
	  .tidy = tidy_doubt,
	  .is_sound = is_doubt_sound },
	{ 0 },
};
