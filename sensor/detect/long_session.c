#include "sensor/detect/long_session.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/strength.h"

#include <stddef.h>

/* As FACT_FLOW_GOES_ON is told: once in each such stretch of time. */
enum { STRETCH_BITS = 36 };

/*
 * Weak alone: chats, mail, notifications and televisions stay connected all day, most to a vendor's
 * name.
 */
static const double prior = 0.04;
static const double times_for_unknown = 3;

struct session_day {
	nanotime since; /* a day is counted from here on */
	nanotime last;
	uint64_t stretch;   /* the latest one counted */
	uint32_t stretches; /* connected, whether by one connection or many */
	uint32_t spare;
	struct strength told;
};

struct long_session {
	const struct long_session_config *config;
	struct lru_map *days; /* struct server_key → struct session_day */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct long_session *self = state;

	self->config = &setup->config->detect.long_session;
	return lru_map_new(&self->days, (uint32_t)self->config->places, sizeof(struct server_key),
			   sizeof(struct session_day));
}

static void stop(void *state)
{
	struct long_session *self = state;

	lru_map_free(self->days);
}

static void judge(const struct long_session_config *c, const struct observation *seen,
		  struct session_day *day, struct signal_sink *sink)
{
	const struct fact_ended *so_far = &seen->fact->ended;
	double connected = nanotime_seconds((nanotime)day->stretches << STRETCH_BITS);
	struct signal s = { .kind = SIGNAL_LONG_SESSION,
			    .confidence = prior,
			    .first = day->since,
			    .last = day->last,
			    .count = 1,
			    .outcome = so_far->has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED };

	if (connected < nanotime_seconds(c->connected))
		return;
	signal_condition(&s, REASON_DURATION, connected, COMPARE_AT_LEAST,
			 nanotime_seconds(c->connected), "long_session.connected");
	server_weigh(&s, seen);
	if (server_speaks_unknown(&so_far->names))
		signal_evidence(&s, REASON_UNKNOWN_PROTOCOL, 1, times_for_unknown);
	signal_tell(&s, REASON_BYTES_UP, (double)so_far->bytes_up);
	signal_tell(&s, REASON_BYTES_DOWN, (double)so_far->bytes_down);
	server_describe(&s, seen);
	if (strength_is_news(&day->told, s.confidence, seen->fact->time))
		sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct long_session *self = state;
	const struct fact *fact = seen->fact;
	struct server_key key;
	struct session_day *day;
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || seen->is_group ||
	    fact->flow.protocol != IP_TCP || !fact->ended.is_answered)
		return;
	key = server_key_of(seen);
	day = lru_map_touch(self->days, &key, &is_new);
	if (is_new || nanotime_between(day->since, fact->time) > NANOTIME_DAY ||
	    nanotime_went_back(day->last, fact->time))
		*day = (struct session_day){ .since = fact->flow.first, .told = day->told };
	day->last = fact->time;
	if (day->stretches > 0 && day->stretch == fact->time >> STRETCH_BITS)
		return;
	day->stretch = fact->time >> STRETCH_BITS;
	day->stretches++;
	judge(self->config, seen, day, sink);
}

static bool is_day_sound(const void *key, const void *value)
{
	const struct server_key *k = key;
	const struct session_day *day = value;

	return k->device != 0 && k->spare == 0 && strength_is_sound(&day->told) &&
	       day->stretches <= (NANOTIME_DAY >> STRETCH_BITS) + 2;
}

static const struct kept_table kept[] = {
	{ .name = "long_session.days",
	  .version = 1,
	  .at = offsetof(struct long_session, days),
	  .is_sound = is_day_sound },
	{ 0 },
};

const struct detector detector_long_session = {
	.name = "long_session",
	.finds = "A device that stays connected to one outside place for hours.",
	.sees = DETECTOR_SEES(FACT_FLOW_GOES_ON),
	.state_size = sizeof(struct long_session),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
