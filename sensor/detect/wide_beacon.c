#include "sensor/detect/wide_beacon.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/beacon_pair.h"
#include "sensor/detect/caller.h"
#include "sensor/intel/rented_names.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
	DEVICES_KEPT = 1024,
	NIGHT_AND_DAY = 14,
	CALLS_FIRST = 8,
	CALL_WAITS_TWICE = 2 * CALL_WAITS
};

/*
 * What asks a server all day long with the same words is nearly always a program of the office.
 * With times drawn from an interval with ends it is like the beacons of BCN-1, less sure because it
 * took many more calls to tell.
 */
static const double prior_wide = 0.12;
static const double prior_names = 0.2;
static const double prior_together = 0.12;

static const double times_for_drawn = 2.5;
static const double times_for_night = 1.5; /* most devices of an office sleep */
static const double times_for_same_size = 1.25;
static const double times_for_names = 1.75;
static const double times_for_name = 0.5;         /* a program of a trade reports to its maker */
static const double times_for_many_devices = 0.5; /* rather something that was rolled out */

static const double same_size_all = 0.9;
static const double together_periods = 1.25; /* the one at most so many times the other */

/* In how many hours a device has called anything. */
struct device_hours {
	uint64_t last_hour;
	uint32_t hours;
	uint32_t spare;
};

struct wide_beacon {
	const struct wide_beacon_config *config;
	const struct beacon_config *beacon;
	const struct suffix_rules *suffixes;
	nanotime silence;
	struct lru_map *callers; /* struct caller_key → struct caller */
	struct lru_map *callees; /* a place → struct destination: who calls it */
	struct lru_map *devices; /* device → struct device_hours */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct wide_beacon *self = state;
	uint32_t places = (uint32_t)setup->config->detect.wide_beacon.places;
	enum err err;

	self->config = &setup->config->detect.wide_beacon;
	self->beacon = &setup->config->detect.beacon;
	self->suffixes = setup->suffixes;
	self->silence = setup->config->flow.check_in_silence;
	err = lru_map_new(&self->callers, places, sizeof(struct caller_key), sizeof(struct caller));
	if (err == ERR_OK)
		err = lru_map_new(&self->callees, places, DISTINCT_KEY_BYTES,
				  sizeof(struct destination));
	if (err == ERR_OK)
		err = lru_map_new(&self->devices, DEVICES_KEPT, sizeof(uint32_t),
				  sizeof(struct device_hours));
	return err;
}

static void stop(void *state)
{
	struct wide_beacon *self = state;

	lru_map_free(self->callers);
	lru_map_free(self->callees);
	lru_map_free(self->devices);
}

static uint32_t hours_of_device(struct wide_beacon *self, const struct observation *seen)
{
	uint64_t hour = seen->fact->time / NANOTIME_HOUR;
	bool is_new;
	struct device_hours *device = lru_map_touch(self->devices, &seen->device, &is_new);

	if (is_new || hour != device->last_hour)
		device->hours += device->hours < UINT32_MAX;
	device->last_hour = hour;
	return device->hours;
}

/* Reports and orders are small; what is fetched or watched is not. */
static bool is_small(const struct wide_beacon_config *c, const struct caller *caller)
{
	return caller->bytes_up <= c->bytes * caller->calls.calls &&
	       caller->bytes_down <= c->answered * (caller->bytes_up + c->bytes);
}

static void emit(struct signal *s, struct strength *told, struct signal_sink *sink)
{
	if (strength_is_news(told, s->confidence, s->last))
		sink->emit(sink, s);
}

/* Too irregular for a timer, but the same all day long. */
static void judge_wide(struct wide_beacon *self, const struct caller_key *key,
		       struct caller *caller, const struct call_rhythm *r, struct signal_sink *sink)
{
	const struct wide_beacon_config *c = self->config;
	const struct device_hours *device = lru_map_find(self->devices, &key->device);
	uint32_t office = device ? device->hours - caller->device_hours + 1 : 1;
	double share = fmin(1, (double)caller->calls.hours / office);
	unsigned hours_of_day = call_history_hours_of_day(&caller->calls);
	struct signal s = caller_signal(SIGNAL_WIDE_BEACON, key, caller, prior_wide);

	if (caller->calls.calls < c->check_ins || caller->calls.hours < c->hours ||
	    share < c->hours_share || r->same_size < c->same_size || !is_small(c, caller))
		return;
	signal_tell(&s, REASON_PERIOD, r->middle);
	signal_condition(&s, REASON_CHECK_INS, (double)caller->calls.calls, COMPARE_AT_LEAST,
			 (double)c->check_ins, "wide_beacon.check_ins");
	signal_condition(&s, REASON_HOURS, caller->calls.hours, COMPARE_AT_LEAST, (double)c->hours,
			 "wide_beacon.hours");
	signal_condition(&s, REASON_HOURS_SHARE, share, COMPARE_AT_LEAST, c->hours_share,
			 "wide_beacon.hours_share");
	signal_condition(&s, REASON_SAME_SIZE, r->same_size, COMPARE_AT_LEAST, c->same_size,
			 "wide_beacon.same_size");
	if (call_rhythm_is_drawn(r))
		signal_evidence(&s, REASON_JITTER, r->spread, times_for_drawn);
	if (r->same_size >= same_size_all)
		s.confidence = signal_weigh(s.confidence, times_for_same_size);
	if (hours_of_day >= NIGHT_AND_DAY)
		signal_evidence(&s, REASON_HOURS_OF_DAY, hours_of_day, times_for_night);
	caller_weigh_place(&s, caller);
	emit(&s, &caller->told, sink);
}

/* A rhythm that no single name shows: each call goes to another one of the same domain. */
static void judge_names(struct wide_beacon *self, const struct caller_key *key,
			struct caller *caller, const struct call_rhythm *r,
			struct signal_sink *sink)
{
	const struct beacon_config *b = self->beacon;
	struct signal s = caller_signal(SIGNAL_WIDE_BEACON, key, caller, prior_names);

	if (caller->calls.calls < b->check_ins || caller->name_count < self->config->names ||
	    caller->name_turns < caller->calls.calls / 2 || r->same_size < b->same_size)
		return;
	signal_tell(&s, REASON_PERIOD, r->middle);
	signal_condition(&s, REASON_CHECK_INS, (double)caller->calls.calls, COMPARE_AT_LEAST,
			 (double)b->check_ins, "beacon.check_ins");
	signal_condition(&s, REASON_SPREAD, r->spread, COMPARE_AT_MOST, b->spread, "beacon.spread");
	signal_condition(&s, REASON_TAILS, r->tails, COMPARE_AT_MOST, b->tails, "beacon.tails");
	signal_condition(&s, REASON_SAME_SIZE, r->same_size, COMPARE_AT_LEAST, b->same_size,
			 "beacon.same_size");
	signal_evidence(&s, REASON_NAMES_OF_DOMAIN, caller->name_count, times_for_names);
	caller_weigh_place(&s, caller);
	emit(&s, &caller->told, sink);
}

static bool is_same_rhythm(const struct wide_beacon_config *c, const struct caller *one,
			   const struct call_rhythm *r, const struct caller *other)
{
	nanotime apart = nanotime_between(one->calls.first, other->calls.first) +
			 nanotime_between(other->calls.first, one->calls.first);
	double silent = nanotime_seconds(nanotime_between(other->calls.last, one->calls.last));
	struct call_rhythm o;

	return apart <= c->together_within && other->calls.calls >= CALLS_FIRST &&
	       call_history_measure(&other->calls, &o) && o.spread <= c->together_spread &&
	       o.middle <= together_periods * r->middle &&
	       r->middle <= together_periods * o.middle &&
	       fabs(o.size - r->size) <= fmax(32, 0.08 * r->size) && silent <= 4 * o.middle;
}

static uint32_t count_together(struct wide_beacon *self, const struct caller_key *key,
			       const struct caller *caller, const struct call_rhythm *r)
{
	const struct destination *callee = lru_map_find(self->callees, key->place);
	uint32_t together = 1;

	for (uint32_t i = 0; callee && i < callee->device_count; i++) {
		struct caller_key other = *key;
		const struct caller *found;

		other.device = callee->devices[i];
		found = other.device == key->device ? NULL : lru_map_find(self->callers, &other);
		together += found && is_same_rhythm(self->config, caller, r, found);
	}
	return together;
}

/* Several devices do the same: of a service's name it is usual, of nobody's it is not. */
static void judge_together(struct wide_beacon *self, const struct caller_key *key,
			   struct caller *caller, const struct call_rhythm *r,
			   struct signal_sink *sink)
{
	const struct wide_beacon_config *c = self->config;
	struct signal s = caller_signal(SIGNAL_SHARED_BEACON, key, caller, prior_together);
	uint32_t together;

	/* Terminals and messengers of one maker keep lines open to one place, in one rhythm. */
	if (caller->is_line || r->spread > c->together_spread ||
	    r->same_size < self->beacon->same_size || !is_small(c, caller))
		return;
	together = count_together(self, key, caller, r);
	if (together < c->together)
		return;
	signal_tell(&s, REASON_PERIOD, r->middle);
	signal_condition(&s, REASON_TOGETHER, together, COMPARE_AT_LEAST, (double)c->together,
			 "wide_beacon.together");
	signal_condition(&s, REASON_SPREAD, r->spread, COMPARE_AT_MOST, c->together_spread,
			 "wide_beacon.together_spread");
	signal_condition(&s, REASON_SAME_SIZE, r->same_size, COMPARE_AT_LEAST,
			 self->beacon->same_size, "beacon.same_size");
	if (caller->by_name && rented_name(caller->name) == RENTED_NONE)
		s.confidence = signal_weigh(s.confidence, times_for_name);
	if (together >= DESTINATION_DEVICES)
		s.confidence = signal_weigh(s.confidence, times_for_many_devices);
	caller_weigh_place(&s, caller);
	emit(&s, &caller->told_together, sink);
}

/* A few times, on calls that were not judged before: who asks often enough is answered by chance.
 */
static bool is_due(uint64_t calls)
{
	return calls == CALL_WAITS || calls == CALL_WAITS_TWICE ||
	       (calls >= CALLS_FIRST && (calls & (calls - 1)) == 0);
}

static void judge(struct wide_beacon *self, const struct caller_key *key, struct caller *caller,
		  struct signal_sink *sink)
{
	struct call_rhythm r;
	bool is_timer;

	if (!call_history_measure(&caller->calls, &r))
		return;
	is_timer = r.spread <= self->beacon->spread && r.tails <= self->beacon->tails;
	if (is_timer)
		judge_names(self, key, caller, &r, sink);
	else
		judge_wide(self, key, caller, &r, sink);
	judge_together(self, key, caller, &r, sink);
}

static void check_in(struct wide_beacon *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct caller_key key = caller_key_of(self->suffixes, seen);
	uint32_t hours = hours_of_device(self, seen);
	bool is_new;
	struct caller *caller = lru_map_touch(self->callers, &key, &is_new);
	nanotime since = nanotime_between(caller->heard, fact->time);

	destination_note(lru_map_touch(self->callees, key.place, &(bool){ false }), key.device);
	if (is_new || nanotime_went_back(caller->heard, fact->time))
		*caller = (struct caller){ .device_hours = hours };
	else if (since < self->silence || fact->time < caller->calls.last) {
		caller->heard = fact->time > caller->heard ? fact->time : caller->heard;
		return; /* another connection of the same call */
	}
	caller->heard = fact->time;
	caller_add(caller, seen);
	if (is_due(caller->calls.calls))
		judge(self, &key, caller, sink);
}

static void flow_ended(struct wide_beacon *self, const struct observation *seen)
{
	const struct caller_key key = caller_key_of(self->suffixes, seen);
	struct caller *caller = lru_map_find(self->callers, &key);

	if (!caller)
		return;
	lru_map_renew(self->callers, caller);
	caller_add_ended(caller, &seen->fact->ended);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	if (seen->device == 0 || seen->is_group || seen->direction != DIRECTION_OUTBOUND)
		return;
	if (seen->fact->kind == FACT_CHECK_IN)
		check_in(state, seen, sink);
	else
		flow_ended(state, seen);
}

static bool is_callee_sound(const void *key, const void *value)
{
	static const uint8_t nowhere[DISTINCT_KEY_BYTES];

	return memcmp(key, nowhere, sizeof(nowhere)) != 0 && destination_is_sound(key, value);
}

static bool are_hours_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct device_hours *hours = value;

	return *device != 0 && hours->hours > 0 && hours->spare == 0;
}

static const struct kept_table kept[] = {
	{ .name = "wide_beacon.callers",
	  .version = 2,
	  .at = offsetof(struct wide_beacon, callers),
	  .tidy = caller_tidy,
	  .is_sound = caller_is_sound },
	{ .name = "wide_beacon.callees",
	  .version = 1,
	  .at = offsetof(struct wide_beacon, callees),
	  .is_sound = is_callee_sound },
	{ .name = "wide_beacon.devices",
	  .version = 1,
	  .at = offsetof(struct wide_beacon, devices),
	  .is_sound = are_hours_sound },
	{ 0 },
};

const struct detector detector_wide_beacon = {
	.name = "wide_beacon",
	.finds = "A device that reports at times drawn at random, under changing names, or with "
		 "others.",
	.sees = DETECTOR_SEES(FACT_CHECK_IN) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct wide_beacon),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
