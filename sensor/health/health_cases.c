#include "sensor/health/health_cases.h"

#include "sensor/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CLOSED_AFTER (10 * NANOTIME_MINUTE)

enum {
	WINDOWS_TO_OPEN = 2,
	ID_INPUT_LEN = 512,
	PLACES = INTERFACES_MAX + 1,
	LOST_MAX = 16,
};

struct place {
	struct health_case of;
	unsigned windows; /* in a row in which it held */
	bool holds;       /* in the one at hand */
};

struct health_cases {
	char identity[HEALTH_IDENTITY_MAX + 1];
	health_case_fn *changed;
	void *arg;
	const struct health_view *view; /* during a call */
	struct place places[HEALTH_CODES][PLACES];
	struct health_case lost[LOST_MAX]; /* restored, of no place: closed with the first window */
	size_t lost_count;
};

enum err health_cases_new(struct health_cases **out, const char *identity, health_case_fn *changed,
			  void *arg)
{
	struct health_cases *cases = calloc(1, sizeof(*cases));

	if (!cases)
		return ERR_MEMORY;

	struct text kept = text_over(cases->identity, sizeof(cases->identity));

	text_add(&kept, identity);
	cases->changed = changed;
	cases->arg = arg;
	*out = cases;
	return ERR_OK;
}

void health_cases_free(struct health_cases *cases)
{
	free(cases);
}

static void make_id(const struct health_cases *cases, struct health_case *of)
{
	char chars[ID_INPUT_LEN];
	struct text input = text_over(chars, sizeof(chars));

	text_format(&input, "hinomi1|%s|health|%s|%s|%" PRIu64, cases->identity,
		    health_code_name(of->finding.code), of->interface, of->first / NANOTIME_DAY);
	digest_uuid(chars, input.len, of->id);
}

static struct place *place_of(struct health_cases *cases, const struct health_finding *finding)
{
	unsigned i =
		finding->interface == HEALTH_NO_INTERFACE ? INTERFACES_MAX : finding->interface;

	return &cases->places[finding->code][i];
}

/* The id tells of which interface it was: PLACES when of none that there is. */
static unsigned place_by_id(const struct health_cases *cases, const char *id,
			    struct health_case *of, const struct interface_names *names)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct text name = text_over(of->interface, sizeof(of->interface));

		if (i < INTERFACES_MAX && i >= names->count)
			continue;
		text_add(&name, i < INTERFACES_MAX ? names->name[i] : "");
		make_id(cases, of);
		if (strcmp(of->id, id) == 0)
			return i;
	}
	return PLACES;
}

void health_cases_restore(struct health_cases *cases, const struct health_case_kept *kept,
			  const struct interface_names *names)
{
	struct health_case of = {
		.is_open = true,
		.first = kept->first,
		.last = kept->last,
		.finding = { .code = health_code_named(kept->code),
			     .severity = HEALTH_NOTE,
			     .story = HEALTH_STORY_GONE },
	};
	struct text id;

	if (of.finding.code == HEALTH_CODES)
		return;

	unsigned i = place_by_id(cases, kept->id, &of, names);

	if (i < PLACES) {
		of.finding.interface = (uint8_t)(i < INTERFACES_MAX ? i : HEALTH_NO_INTERFACE);
		cases->places[of.finding.code][i].of = of;
		return;
	}
	if (cases->lost_count == LOST_MAX)
		return;
	of.interface[0] = '\0';
	of.finding.interface = HEALTH_NO_INTERFACE;
	id = text_over(of.id, sizeof(of.id));
	text_add(&id, kept->id);
	cases->lost[cases->lost_count++] = of;
}

/* True when its end was taken: it is open until then, so that a full store loses no closing. */
static bool close_case(struct health_cases *cases, struct health_case *of)
{
	struct health_case closed = *of;

	closed.is_open = false;
	of->is_over = !cases->changed(cases->arg, &closed, HEALTH_CASE_CLOSED);
	of->is_open = of->is_over;
	return !of->is_over;
}

static void close_lost(struct health_cases *cases)
{
	size_t left = 0;

	for (size_t i = 0; i < cases->lost_count; i++) {
		if (!close_case(cases, &cases->lost[i]))
			cases->lost[left++] = cases->lost[i];
	}
	cases->lost_count = left;
}

/* A health_found_fn. */
static void note(void *arg, const struct health_finding *finding)
{
	struct health_cases *cases = arg;
	struct place *place = place_of(cases, finding);
	struct health_case *of = &place->of;

	place->holds = true;
	of->finding = *finding;
	if (!of->is_open && place->windows == 0) {
		struct text name = text_over(of->interface, sizeof(of->interface));

		of->first = cases->view->now;
		if (finding->interface != HEALTH_NO_INTERFACE)
			text_add(&name,
				 cases->view->surroundings.interfaces[finding->interface].name);
	}
}

static void open_or_renew(struct health_cases *cases, struct place *place, nanotime now)
{
	struct health_case *of = &place->of;
	enum health_change change = HEALTH_CASE_RENEWED;

	of->last = now;
	if (of->is_over) {
		/* It goes on after all: who was told of an end hears that too. */
		of->is_over = false;
		change = HEALTH_CASE_OPENED;
	} else if (!of->is_open) {
		if (place->windows < WINDOWS_TO_OPEN && !health_code_is_hard(of->finding.code))
			return;
		of->is_open = true;
		make_id(cases, of);
		change = HEALTH_CASE_OPENED;
	}
	(void)cases->changed(cases->arg, of, change);
}

static void close_when_over(struct health_cases *cases, struct place *place, nanotime now)
{
	struct health_case *of = &place->of;

	nanotime patience = health_code_is_of_files(of->finding.code) ? 0 : CLOSED_AFTER;

	place->windows = 0;
	if (!of->is_open || nanotime_between(of->last, now) < patience)
		return;
	(void)close_case(cases, of);
}

void health_cases_window(struct health_cases *cases, const struct health_view *view)
{
	cases->view = view;
	close_lost(cases);
	health_check(view, note, cases);
	for (unsigned code = 0; code < HEALTH_CODES; code++) {
		for (unsigned i = 0; i < PLACES; i++) {
			struct place *place = &cases->places[code][i];

			if (place->holds) {
				place->windows++;
				open_or_renew(cases, place, view->now);
			} else {
				close_when_over(cases, place, view->now);
			}
			place->holds = false;
		}
	}
	cases->view = NULL;
}

/* A health_found_fn. What is open already is renewed when its window ends. */
static void note_hard(void *arg, const struct health_finding *finding)
{
	struct health_cases *cases = arg;
	struct place *place = place_of(cases, finding);

	if (!health_code_is_hard(finding->code) || (place->of.is_open && !place->of.is_over))
		return;
	note(arg, finding);
	place->holds = false;
	open_or_renew(cases, place, cases->view->now);
}

void health_cases_event(struct health_cases *cases, const struct health_view *view)
{
	cases->view = view;
	health_check(view, note_hard, cases);
	cases->view = NULL;
}

void health_cases_each(const struct health_cases *cases, health_case_fn *each, void *arg)
{
	for (unsigned code = 0; code < HEALTH_CODES; code++) {
		for (unsigned i = 0; i < PLACES; i++) {
			const struct health_case *of = &cases->places[code][i].of;

			if (of->is_open && !of->is_over)
				(void)each(arg, of, HEALTH_CASE_RENEWED);
		}
	}
}
