#include "sensor/judge/gate.h"

#include "sensor/base/text.h"
#include "sensor/detect/story.h"
#include "sensor/intel/known_protocols.h"
#include "sensor/intel/known_services.h"

#include <string.h>

/* More than one: a service of the office, not one device's secret. */
static const double common_devices = 2;
static const double times_for_shared_place = 0.4;
static const double times_for_old_place = 0.5;
static const double times_for_many_offices = 0.1; /* a campaign against so many is seen elsewhere */

enum holds { NO, YES, NOT_KNOWN };

/* What one explanation is tried on. */
struct trial {
	const struct signal *signal;
	const struct judge_config *config;
	const struct gate_view *view;
	double value;     /* what was measured for it, where it is a number … */
	double threshold; /* … and from where on it holds; 0 is no number */
};

static bool is_local_name(const char *host)
{
	return !strchr(host, '.') || text_host_under(host, "local") ||
	       text_host_under(host, "lan") || text_host_under(host, "localdomain") ||
	       text_host_under(host, "internal") || text_host_under(host, "home.arpa");
}

/* What a program claims counts only as far as DNS does not say otherwise. */
static enum holds is_known_service(struct trial *t)
{
	const struct signal_object *o = &t->signal->object;

	if (o->kind == OBJECT_ZONE)
		return known_service(o->text) != SERVICE_NONE ? YES : NO;
	if (o->kind != OBJECT_HOST)
		return NOT_KNOWN;
	return known_service(o->text) != SERVICE_NONE &&
			       (t->view->resolved[0] == '\0' ||
				known_service(t->view->resolved) != SERVICE_NONE)
		       ? YES
		       : NO;
}

static enum holds is_of_the_office(struct trial *t)
{
	const struct signal *s = t->signal;

	return s->direction == DIRECTION_LATERAL && s->object.kind == OBJECT_HOST &&
			       is_local_name(s->object.text)
		       ? YES
		       : NO;
}

static enum holds is_regular_protocol(struct trial *t)
{
	return protocol_is_carrier(t->signal->object.application) ? NO : YES;
}

static enum holds is_common_in_office(struct trial *t)
{
	const struct reason *devices = signal_find_reason(t->signal, REASON_DEVICES);

	/* How many use the place only weighs: their business there may be another. */
	if (!devices && t->view->place.visitor_count > 0) {
		t->value = t->view->place.visitor_count;
		t->threshold = (double)t->config->place_devices;
		return t->value < t->threshold ? NO : NOT_KNOWN;
	}
	if (!devices)
		return NOT_KNOWN;
	t->value = devices->value;
	t->threshold = common_devices;
	return devices->value >= common_devices ? YES : NO;
}

static enum holds is_forwarded(struct trial *t)
{
	return t->signal->is_forwarded ? YES : NO;
}

static enum holds is_peer_to_peer(struct trial *t)
{
	return protocol_is_peer_to_peer(t->signal->object.application) ? YES : NO;
}

static enum holds is_unanswered(struct trial *t)
{
	return t->signal->outcome == OUTCOME_ATTEMPT ? YES : NO;
}

static enum holds is_merely_new(struct trial *t)
{
	if (t->view->watched < t->config->learning)
		return YES;
	return t->config->learning > 0 ? NO : NOT_KNOWN;
}

/* P1 is told whatever was decided. */
static enum holds is_suppressed(struct trial *t)
{
	return t->view->is_first_urgency ? NO : YES;
}

/* In this order: the nearer explanation is told, and what people decided last of all. */
static const struct {
	enum gate gate;
	enum holds (*holds)(struct trial *trial);
} explanations[] = {
	{ GATE_FORWARDED, is_forwarded },       { GATE_KNOWN_SERVICE, is_known_service },
	{ GATE_LOCAL_NAME, is_of_the_office },  { GATE_REGULAR_PROTOCOL, is_regular_protocol },
	{ GATE_PEER_TO_PEER, is_peer_to_peer }, { GATE_COMMON_IN_OFFICE, is_common_in_office },
	{ GATE_UNANSWERED, is_unanswered },     { GATE_LEARNING, is_merely_new },
	{ GATE_SUPPRESSED, is_suppressed },
};

enum { EXPLANATIONS = sizeof(explanations) / sizeof(explanations[0]) };

_Static_assert((int)EXPLANATIONS <= (int)CONSIDERED_MAX, "a finding has room for all of them");

void gate_weigh_place(const struct judge_config *config, struct signal *signal,
		      const struct gate_view *view)
{
	const struct place_use *place = &view->place;
	nanotime age = nanotime_between(place->first, signal->last);

	if (signal->direction != DIRECTION_OUTBOUND ||
	    (story_of((enum signal_kind)signal->kind)->tries & TRIES(GATE_COMMON_IN_OFFICE)) == 0)
		return;
	if (view->offices >= config->common_offices)
		signal_evidence(signal, REASON_OFFICES, view->offices, times_for_many_offices);
	if (place->visitor_count == 0)
		return;
	if (place->visitor_count >= config->place_devices)
		signal_evidence(signal, REASON_PLACE_DEVICES, place->visitor_count,
				times_for_shared_place);
	if (age >= config->place_old)
		signal_evidence(signal, REASON_PLACE_AGE,
				nanotime_seconds(age) / nanotime_seconds(NANOTIME_DAY),
				times_for_old_place);
}

enum gate gate_check(const struct judge_config *config, const struct signal *signal,
		     const struct gate_view *view, struct considered *considered)
{
	const struct story *story = story_of((enum signal_kind)signal->kind);
	uint32_t tries = story->tries | (view->suppression ? TRIES(GATE_SUPPRESSED) : 0);

	memset(considered, 0, sizeof(*considered));
	if (view->suppression)
		memcpy(considered->suppression, view->suppression->id, DECISION_ID_LEN);
	for (size_t i = 0; i < EXPLANATIONS; i++) {
		struct trial trial = { .signal = signal, .config = config, .view = view };
		enum holds holds;

		if ((tries & TRIES(explanations[i].gate)) == 0)
			continue;
		holds = explanations[i].holds(&trial);
		if (holds == YES)
			return explanations[i].gate;
		considered->list[considered->count++] =
			(struct consideration){ .gate = (uint8_t)explanations[i].gate,
						.is_known = holds == NO,
						.value = trial.value,
						.threshold = trial.threshold };
	}
	if (story->priorities[signal->outcome] == PRIORITY_4 || view->is_set_aside)
		return GATE_REPORT_ONLY;
	return signal->confidence < config->confidence ? GATE_UNCORROBORATED : GATE_PASS;
}
