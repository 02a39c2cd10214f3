#include "sensor/detect/odd_place.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/http_manner.h"
#include "sensor/detect/service_port.h"
#include "sensor/intel/rented_names.h"

#include <string.h>

enum {
	LARGE_REPORT = 1 << 15,
	REPEATED = 3,
	PLACES_SEVERAL = 3,
	PLACES_MANY = 5,
};

/*
 * Of devices that ask a server in a way of their own, how many are somebody else's. In 316 harmless
 * captures the evidence against a place came to ten at most, in those of intruders to 16 and more:
 * it takes nineteen, which several such places or another oddity make.
 */
static const double prior = 0.05;

/*
 * How much more often each is seen with remote control than with a program of the office. In the
 * measured captures (tools/measure/web_manner.py) no benign program of a computer called itself a
 * browser without sending what browsers send; old business software is known to.
 */
static const double times_for_false_browser = 8;
static const double times_for_false_browser_alone = 4; /* careless programmers borrow such names */
static const double times_for_impossible_agent = 20;
static const double times_for_half_browser = 3; /* programs around a browser's core do so, too */
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
static const double times_for_short_answers = 1.5; /* as reports to makers get, too */
static const double times_for_disguise = 12;
static const double times_for_plain_disguise = 3;
static const double times_for_rented = 3;
static const double times_for_false_referer = 4;
static const double times_for_program = 3; /* one that answers reports and hands out programs */
static const double times_for_large = 2;
static const double times_for_places = 2.5; /* unrelated ones, each odd: who serves one program? */
static const double times_for_many_places = 5;
static const double times_for_inside = 0.42;

/* Nothing else is odd about it: a usual port, a name that was looked up, and nothing is sent. */
static bool is_ordinary(const struct place_key *key, const struct odd_place *place)
{
	return key->by_name && !place->lookup_missed && port_is(key->port, PORT_WEB) &&
	       !rented_is(place->name, RENTED_PLACES) && place->bare_posts == 0 &&
	       !place->is_disguised && place->direction == DIRECTION_OUTBOUND;
}

/* What it calls itself: one of them, the strongest. */
static void weigh_agent(struct signal *s, uint16_t signs, bool is_alone)
{
	if ((signs & HTTP_AGENT_TELLS) != 0)
		signal_evidence(s, REASON_AGENT_TELLS, 1, times_for_telling_agent);
	else if ((signs & HTTP_IMPOSSIBLE_AGENT) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_impossible_agent);
	else if ((signs & HTTP_FALSE_BROWSER) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1,
				is_alone ? times_for_false_browser_alone : times_for_false_browser);
	else if ((signs & HTTP_HALF_BROWSER) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_half_browser);
	else if ((signs & HTTP_NO_AGENT) != 0)
		signal_evidence(s, REASON_NO_AGENT, 1, times_for_no_agent);
	else if ((signs & HTTP_TOOL_AGENT) != 0)
		signal_evidence(s, REASON_TOOL_AGENT, 1, times_for_tool);
}

/* Where it is: inside the office an address, a port and a missing name are nothing odd. */
static void weigh_where(struct signal *s, const struct place_key *key,
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
	if (port_is(key->port, PORT_HTTPS))
		signal_evidence(s, REASON_PLAIN_ON_TLS_PORT, key->port,
				times_for_plain_on_tls_port);
	else if (!port_is(key->port, PORT_WEB))
		signal_evidence(s, REASON_ODD_PORT, key->port, times_for_odd_port);
	if (rented_is(place->name, RENTED_PLACES))
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
}

/* Who calls himself a tool opens no pages, sends, and is told "done": that adds nothing. */
static bool is_own_agent(uint16_t signs)
{
	return (signs & HTTP_TOOL_AGENT) != 0 &&
	       (signs & (HTTP_AGENT_TELLS | HTTP_IMPOSSIBLE_AGENT | HTTP_FALSE_BROWSER)) == 0;
}

static void weigh_posts(struct signal *s, const struct odd_place *place)
{
	double times = place->bare_posts >= REPEATED ? times_for_bare_posts : times_for_bare_post;
	bool is_script = (place->signs & HTTP_SCRIPT_POST) != 0;

	if (place->bare_posts == 0 || (is_own_agent(place->signs) && !is_script))
		return;
	if (is_own_agent(place->signs))
		times = 1;
	signal_evidence(s, REASON_BARE_POSTS, place->bare_posts,
			is_script ? times * times_for_script_post : times);
}

/* What is said. */
static void weigh_talk(struct signal *s, const struct odd_place *place)
{
	weigh_posts(s, place);
	if (place->short_answers >= REPEATED && !is_own_agent(place->signs))
		signal_evidence(s, REASON_SHORT_ANSWERS, place->short_answers,
				times_for_short_answers);
	if (place->is_disguised)
		signal_evidence(s, REASON_DISGUISED, 1, times_for_disguise);
	else if (place->is_plain_disguised)
		signal_evidence(s, REASON_DISGUISED, 1, times_for_plain_disguise);
	if ((place->signs & HTTP_TYPE_WITHOUT_BODY) != 0)
		s->confidence = signal_weigh(s->confidence, times_for_type_without_body);
	if (place->is_false_referer)
		signal_evidence(s, REASON_FALSE_REFERER, 1, times_for_false_referer);
	if (place->has_program && place->bare_posts > 0)
		signal_evidence(s, REASON_PROGRAM_TOO, 1, times_for_program);
	if (place->posted >= LARGE_REPORT && !is_own_agent(place->signs))
		signal_evidence(s, REASON_LARGE_UPLOAD, 1, times_for_large);
}

void odd_place_weigh_others(struct signal *s, uint32_t places)
{
	if (places >= PLACES_SEVERAL)
		signal_evidence(s, REASON_TARGETS, places,
				places >= PLACES_MANY ? times_for_many_places : times_for_places);
}

double odd_place_signs(const struct odd_place *place)
{
	return __builtin_popcount(place->signs) + place->is_disguised + place->is_plain_disguised;
}

void odd_place_weigh(struct signal *s, const struct place_key *key, const struct odd_place *place)
{
	s->confidence = prior;
	weigh_agent(s, place->signs, is_ordinary(key, place));
	weigh_where(s, key, place);
	weigh_talk(s, place);
}

void odd_place_tidy(void *value)
{
	struct odd_place *place = value;

	signal_tidy_flows(place->flows, place->flow_count);
	kept_tidy_text(place->name, sizeof(place->name));
	kept_tidy_text(place->agent, sizeof(place->agent));
}

bool odd_place_is_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct odd_place *place = value;

	return k->device != 0 && k->by_name <= 1 && place->direction <= DIRECTION_LATERAL &&
	       place->requests > 0 && place->told >= 0 && place->told < 1 &&
	       kept_are_flags(&place->is_answered, 1) && kept_are_flags(&place->is_disguised, 1) &&
	       kept_are_flags(&place->is_plain_disguised, 1) &&
	       kept_are_flags(&place->lookup_missed, 1) && kept_are_flags(&place->has_program, 1) &&
	       kept_are_flags(&place->is_false_referer, 1) &&
	       kept_is_text(place->name, sizeof(place->name)) &&
	       kept_is_text(place->agent, sizeof(place->agent)) && place->flow_count > 0 &&
	       signal_flows_are_sound(place->flows, place->flow_count);
}
