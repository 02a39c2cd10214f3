#include "sensor/detect/odd_http.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/http_habits.h"
#include "sensor/detect/http_manner.h"
#include "sensor/detect/odd_place.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
	TALKS = 1024,
	SHORT_ANSWER = 64,
	PROGRAM_SIZE = 1 << 15,
	NOT_FOUND = 404,
};

static const double told_least = 0.22; /* as one oddity of a script's or a gadget's is */
static const double odds_grown = 1.4;  /* it is told again when it got that much stronger */
static const nanotime tell_again_after = 12 * NANOTIME_HOUR;

/* What the last request of a dialogue was. */
struct odd_talk {
	struct place_key place;
	bool is_bare_post;
	bool is_front; /* a front page that is no text is a server's mistake */
	bool is_large;
	bool is_plain; /* its answer calls itself text/plain, as careless servers do */
};

struct odd_http {
	const struct odd_http_config *config;
	struct lru_map *talks;
	struct lru_map *places;
	struct http_habits habits;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct odd_http *self = state;
	enum err err;

	self->config = &setup->config->detect.odd_http;
	err = lru_map_new(&self->talks, TALKS, sizeof(struct talk_key), sizeof(struct odd_talk));
	if (err == ERR_OK)
		err = http_habits_start(&self->habits, setup->suffixes);
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->places, (uint32_t)self->config->places, sizeof(struct place_key),
			   sizeof(struct odd_place));
}

static void stop(void *state)
{
	struct odd_http *self = state;

	lru_map_free(self->talks);
	lru_map_free(self->places);
	http_habits_stop(&self->habits);
}

static bool is_worth_telling(const struct odd_place *place, const struct signal *s)
{
	if (s->confidence < told_least)
		return false;
	return place->told == 0 || s->confidence >= signal_weigh(place->told, odds_grown) ||
	       nanotime_between(place->told_when, s->last) > tell_again_after;
}

static void judge(struct odd_http *self, const struct place_key *key, struct odd_place *place,
		  struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_ODD_HTTP,
			    .direction = place->direction,
			    .outcome = place->is_answered ? OUTCOME_DATA : OUTCOME_ANSWERED,
			    .device = key->device,
			    .first = place->first,
			    .last = place->last,
			    .count = place->requests };

	if (odd_place_signs(place) < (double)self->config->signs)
		return;
	signal_condition(&s, REASON_ODD_SIGNS, odd_place_signs(place), COMPARE_AT_LEAST,
			 (double)self->config->signs, "odd_http.signs");
	odd_place_weigh(&s, key, place);
	if (s.confidence >= told_least && place->direction == DIRECTION_OUTBOUND)
		odd_place_weigh_others(&s, http_habits_odd_place(&self->habits, key, place->name));
	if (!is_worth_telling(place, &s))
		return;
	place_describe(&s.object, &place->flows[place->flow_count - 1].flow, place->name,
		       HOST_HTTP);
	(void)snprintf(s.object.application, sizeof(s.object.application), "HTTP");
	(void)snprintf(s.detail, sizeof(s.detail), "%s", place->agent);
	signal_show_flows(&s, place->flows, place->flow_count);
	place->told = s.confidence;
	place->told_when = place->last;
	sink->emit(sink, &s);
}

/* Of places inside the office only who pretends or tells is of interest. */
static bool is_of_interest(const struct observation *seen, const struct http_manner *manner)
{
	const uint16_t outright = HTTP_FALSE_BROWSER | HTTP_IMPOSSIBLE_AGENT | HTTP_AGENT_TELLS;

	if (seen->direction == DIRECTION_OUTBOUND)
		return manner->signs != 0;
	return (manner->signs & outright) != 0;
}

static void request(struct odd_http *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	const struct talk_key talk_key = talk_key_of(&seen->fact->flow);
	struct http_manner manner = seen->manner ? *seen->manner : (struct http_manner){ 0 };
	bool is_known = seen->manner != NULL;
	bool is_false_referer = is_known && seen->direction == DIRECTION_OUTBOUND &&
				http_habits_note(&self->habits, seen, manner.host);
	bool is_new;

	if (is_false_referer)
		manner.signs |= HTTP_BARE_POST;
	if (!is_known || !is_of_interest(seen, &manner)) {
		lru_map_remove(self->talks, &talk_key);
		return;
	}

	const struct place_key key = place_key_of(seen, manner.host);
	struct odd_talk *talk = lru_map_touch(self->talks, &talk_key, &is_new);
	struct odd_place *place = lru_map_touch(self->places, &key, &is_new);

	if (nanotime_went_back(place->last, seen->fact->time)) {
		memset(place, 0, sizeof(*place));
		is_new = true;
	}
	*talk = (struct odd_talk){ .place = key,
				   .is_front = manner.is_front,
				   .is_bare_post = (manner.signs & HTTP_BARE_POST) != 0 };
	if (is_new)
		place->first = seen->fact->time;
	place->last = seen->fact->time > place->last ? seen->fact->time : place->last;
	place->direction = (uint8_t)seen->direction;
	place->lookup_missed = place_lookup_missed(seen);
	place->signs |= manner.signs;
	place->requests++;
	place->bare_posts += talk->is_bare_post;
	place->is_false_referer |= is_false_referer;
	if (talk->is_bare_post)
		place->posted += (uint32_t)attributes_number(said, ATTRIBUTE_CONTENT_LENGTH, 0);
	(void)snprintf(place->name, sizeof(place->name), "%s", manner.host);
	(void)snprintf(place->agent, sizeof(place->agent), "%s",
		       attributes_text(said, ATTRIBUTE_USER_AGENT));
	signal_keep_flow(place->flows, &place->flow_count, seen->fact);
	judge(self, &key, place, sink);
}

/* The place of the dialogue's last request, when that was of interest. */
static struct odd_place *answered_place(struct odd_http *self, const struct observation *seen,
					struct odd_talk **talk)
{
	const struct talk_key key = talk_key_of(&seen->fact->flow);

	*talk = lru_map_find(self->talks, &key);
	return *talk ? lru_map_find(self->places, &(*talk)->place) : NULL;
}

static void response(struct odd_http *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	enum { CONTINUE = 100 };
	const struct attributes *said = &seen->fact->message.said;
	uint64_t status = attributes_number(said, ATTRIBUTE_STATUS, 0);
	struct odd_talk *talk;
	struct odd_place *place = answered_place(self, seen, &talk);

	if (!place || status == CONTINUE)
		return;
	lru_map_renew(self->places, place);
	place->is_answered = true;
	talk->is_plain = strncmp(attributes_text(said, ATTRIBUTE_CONTENT_TYPE), "text/plain",
				 sizeof("text/plain") - 1) == 0;
	talk->is_large = attributes_number(said, ATTRIBUTE_CONTENT_LENGTH, 0) >= PROGRAM_SIZE;
	if (!talk->is_bare_post)
		return;
	place->short_answers +=
		status == NOT_FOUND ||
		attributes_number(said, ATTRIBUTE_CONTENT_LENGTH, SHORT_ANSWER) < SHORT_ANSWER;
	judge(self, &talk->place, place, sink);
}

static void body(struct odd_http *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	bool is_from_client = seen->fact->message.is_from_client;
	bool is_program = attributes_has(said, ATTRIBUTE_EXECUTABLE) && !is_from_client;
	bool is_mismatch = attributes_has(said, ATTRIBUTE_MISMATCH);
	struct odd_talk *talk;
	struct odd_place *place;

	if (!is_mismatch && !is_program)
		return;
	place = answered_place(self, seen, &talk);
	if (!place || talk->is_front)
		return;
	lru_map_renew(self->places, place);
	place->has_program |= is_program;
	if (is_mismatch && (is_from_client || !talk->is_plain))
		place->is_disguised = true;
	else if (is_mismatch && talk->is_large)
		place->is_plain_disguised = true;
	judge(self, &talk->place, place, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	enum message message = (enum message)seen->fact->message.message;

	if (message < MESSAGE_HTTP_REQUEST || message > MESSAGE_HTTP_BODY)
		return;
	if (seen->device == 0 || seen->fact->flow.protocol != IP_TCP ||
	    (seen->direction != DIRECTION_OUTBOUND && seen->direction != DIRECTION_LATERAL))
		return;
	if (message == MESSAGE_HTTP_REQUEST)
		request(state, seen, sink);
	else if (message == MESSAGE_HTTP_RESPONSE)
		response(state, seen, sink);
	else
		body(state, seen, sink);
}

static bool is_talk_sound(const void *key, const void *value)
{
	const struct odd_talk *talk = value;

	(void)key;
	return kept_are_flags(&talk->is_bare_post, 1) && kept_are_flags(&talk->is_front, 1) &&
	       kept_are_flags(&talk->is_large, 1) && kept_are_flags(&talk->is_plain, 1);
}

static const struct kept_table kept[] = {
	{ .name = "odd_http.talks",
	  .version = 1,
	  .at = offsetof(struct odd_http, talks),
	  .use = KEPT_AS_READ,
	  .is_sound = is_talk_sound },
	{ .name = "odd_http.places",
	  .version = 2,
	  .at = offsetof(struct odd_http, places),
	  .tidy = odd_place_tidy,
	  .is_sound = odd_place_is_sound },
	{ .name = "odd_http.asked",
	  .version = 1,
	  .at = offsetof(struct odd_http, habits.asked),
	  .is_sound = http_habits_asked_is_sound },
	{ .name = "odd_http.devices",
	  .version = 1,
	  .at = offsetof(struct odd_http, habits.places),
	  .is_sound = http_habits_places_are_sound },
	{ 0 },
};

const struct detector detector_odd_http = {
	.name = "odd_http",
	.finds = "A program that asks a stranger's server in a way that no honest program does.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct odd_http),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
