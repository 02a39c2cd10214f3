#include "sensor/detect/odd_http.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/http_manner.h"
#include "sensor/intel/rented_names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TALKS = 1024, SHORT_ANSWER = 64, PROGRAM_SIZE = 1 << 15, NOT_FOUND = 404, REPEATED = 3 };

/* Of devices that ask a server in a way of their own, how many are somebody else's. */
static const double prior = 0.02;

/*
 * How much more often each is seen with remote control than with a program of the office. In the
 * measured captures (tools/measure/web_manner.py) no benign program of a computer called itself a
 * browser without sending what browsers send; old business software is known to.
 */
static const double times_for_false_browser = 8;
static const double times_for_impossible_agent = 12;
static const double times_for_telling_agent = 40;
static const double times_for_no_agent = 2.5;
static const double times_for_tool = 2.5;
static const double times_for_bare_address = 4;
static const double times_for_no_lookup = 2;
static const double times_for_odd_port = 2.5;
static const double times_for_plain_on_tls_port = 6;
static const double times_for_bare_post = 2;
static const double times_for_bare_posts = 3;
static const double times_for_script_post = 1.5;
static const double times_for_type_without_body = 3;
static const double times_for_short_answers = 2;
static const double times_for_disguise = 12;
static const double times_for_plain_disguise = 3;
static const double times_for_rented = 3;
static const double times_for_inside = 0.5;

static const double told_least = 0.15; /* what is less certain supports nothing */
static const double odds_grown = 1.5;  /* it is told again when it got that much stronger */
static const nanotime tell_again_after = 12 * NANOTIME_HOUR;

/* What the last request of a dialogue was. */
struct odd_talk {
	struct place_key place;
	bool is_bare_post;
	bool is_front; /* a front page that is no text is a server's mistake */
	bool is_large;
	bool is_plain; /* its answer calls itself text/plain, as careless servers do */
};

struct odd_place {
	nanotime first;
	nanotime last;
	nanotime told_when;
	double told; /* confidence of what was told last; 0 is nothing */
	uint32_t requests;
	uint32_t bare_posts;
	uint32_t short_answers; /* to those: next to nothing, or "not found" */
	uint16_t signs;         /* enum http_sign, of any request */
	uint8_t direction;
	uint8_t flow_count;
	bool is_answered;
	bool is_disguised;
	bool is_plain_disguised;
	bool lookup_missed;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char name[FACT_HOST_LEN];
	char agent[FACT_AGENT_LEN]; /* of the last request with a sign */
};

struct odd_http {
	const struct odd_http_config *config;
	struct lru_map *talks;
	struct lru_map *places;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct odd_http *self = state;
	enum err err;

	self->config = &setup->config->detect.odd_http;
	err = lru_map_new(&self->talks, TALKS, sizeof(struct talk_key), sizeof(struct odd_talk));
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
}

static bool is_web_port(uint16_t port)
{
	return port == 80 || port == 8080 || port == 8000 || port == 8008 || port == 8888 ||
	       port == 3128 || port == 81;
}

static bool is_tls_port(uint16_t port)
{
	return port == 443 || port == 8443;
}

/* A name that anybody gets in a minute; what tells the own address is another matter. */
static bool is_rented(const char *name)
{
	enum rented_kind kind = rented_name(name);

	return kind != RENTED_NONE && kind != RENTED_ADDRESS_LOOKUP && kind != RENTED_SHORTENER;
}

/* What it calls itself: one of them, the strongest. */
static void weigh_agent(struct signal *s, uint16_t signs)
{
	if ((signs & HTTP_AGENT_TELLS) != 0)
		signal_evidence(s, REASON_AGENT_TELLS, 1, times_for_telling_agent);
	else if ((signs & HTTP_IMPOSSIBLE_AGENT) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_impossible_agent);
	else if ((signs & HTTP_FALSE_BROWSER) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_false_browser);
	else if ((signs & HTTP_NO_AGENT) != 0)
		signal_evidence(s, REASON_NO_AGENT, 1, times_for_no_agent);
	else if ((signs & HTTP_TOOL_AGENT) != 0)
		signal_evidence(s, REASON_TOOL_AGENT, 1, times_for_tool);
}

/* Where it is: inside the office an address, a port and a missing name are nothing odd. */
static void weigh_place(struct signal *s, const struct place_key *key,
			const struct odd_place *place)
{
	if (place->direction != DIRECTION_OUTBOUND) {
		s->confidence = signal_weigh(s->confidence, times_for_inside);
		return;
	}
	if (!key->by_name)
		signal_evidence(s, REASON_NO_NAME, 1, times_for_bare_address);
	else if (place->lookup_missed)
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_lookup);
	if (is_tls_port(key->port))
		signal_evidence(s, REASON_PLAIN_ON_TLS_PORT, key->port,
				times_for_plain_on_tls_port);
	else if (!is_web_port(key->port))
		signal_evidence(s, REASON_ODD_PORT, key->port, times_for_odd_port);
	if (is_rented(place->name))
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
}

/* What is said. */
static void weigh_talk(struct signal *s, const struct odd_place *place)
{
	if (place->bare_posts > 0) {
		double times =
			place->bare_posts >= REPEATED ? times_for_bare_posts : times_for_bare_post;

		if ((place->signs & HTTP_SCRIPT_POST) != 0)
			times *= times_for_script_post;
		signal_evidence(s, REASON_BARE_POSTS, place->bare_posts, times);
	}
	if (place->short_answers >= REPEATED)
		signal_evidence(s, REASON_SHORT_ANSWERS, place->short_answers,
				times_for_short_answers);
	if (place->is_disguised)
		signal_evidence(s, REASON_DISGUISED, 1, times_for_disguise);
	else if (place->is_plain_disguised)
		signal_evidence(s, REASON_DISGUISED, 1, times_for_plain_disguise);
	if ((place->signs & HTTP_TYPE_WITHOUT_BODY) != 0)
		s->confidence = signal_weigh(s->confidence, times_for_type_without_body);
}

static double signs_of(const struct odd_place *place)
{
	return __builtin_popcount(place->signs) + place->is_disguised + place->is_plain_disguised;
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
			    .count = place->requests,
			    .confidence = prior };

	if (signs_of(place) < (double)self->config->signs)
		return;
	signal_condition(&s, REASON_ODD_SIGNS, signs_of(place), COMPARE_AT_LEAST,
			 (double)self->config->signs, "odd_http.signs");
	weigh_agent(&s, place->signs);
	weigh_place(&s, key, place);
	weigh_talk(&s, place);
	if (!is_worth_telling(place, &s))
		return;
	place_describe(&s.object, &place->flows[place->flow_count - 1].flow, place->name,
		       HOST_HTTP);
	(void)snprintf(s.object.application, sizeof(s.object.application), "HTTP");
	(void)snprintf(s.detail, sizeof(s.detail), "%s", place->agent);
	memcpy(s.flows, place->flows, place->flow_count * sizeof(s.flows[0]));
	s.flow_count = place->flow_count;
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
	struct http_manner manner;
	bool is_new;

	if (!http_manner_of(said, &manner) || !is_of_interest(seen, &manner)) {
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
	struct odd_talk *talk;
	struct odd_place *place;

	if (!attributes_has(&seen->fact->message.said, ATTRIBUTE_MISMATCH))
		return;
	place = answered_place(self, seen, &talk);
	if (!place || talk->is_front)
		return;
	lru_map_renew(self->places, place);
	if (seen->fact->message.is_from_client || !talk->is_plain)
		place->is_disguised = true;
	else if (talk->is_large)
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

static void tidy(void *value)
{
	struct odd_place *place = value;

	signal_tidy_flows(place->flows, place->flow_count);
	kept_tidy_text(place->name, sizeof(place->name));
	kept_tidy_text(place->agent, sizeof(place->agent));
}

static bool is_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct odd_place *place = value;

	return k->device != 0 && k->by_name <= 1 && place->direction <= DIRECTION_LATERAL &&
	       place->requests > 0 && place->told >= 0 && place->told < 1 &&
	       kept_are_flags(&place->is_answered, 1) && kept_are_flags(&place->is_disguised, 1) &&
	       kept_are_flags(&place->is_plain_disguised, 1) &&
	       kept_are_flags(&place->lookup_missed, 1) &&
	       kept_is_text(place->name, sizeof(place->name)) &&
	       kept_is_text(place->agent, sizeof(place->agent)) && place->flow_count > 0 &&
	       signal_flows_are_sound(place->flows, place->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "odd_http.places",
	  .version = 1,
	  .at = offsetof(struct odd_http, places),
	  .tidy = tidy,
	  .is_sound = is_sound },
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
