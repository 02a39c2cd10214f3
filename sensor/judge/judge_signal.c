#include "sensor/judge/judge_inside.h"

#include "sensor/judge/feedback.h"
#include "sensor/judge/priority.h"

#include <string.h>

/* Reasons that a later look can find for what passed at first. */
static bool is_second_thought(enum gate gate)
{
	return gate == GATE_COMMON_IN_OFFICE || gate == GATE_KNOWN_SERVICE ||
	       gate == GATE_REGULAR_PROTOCOL || gate == GATE_FORWARDED;
}

static const char *resolved_for(struct judge *judge, const struct signal *signal)
{
	if (!signal->object.has_address)
		return "";
	return resolved_name(judge->names, signal->device, &signal->object.address);
}

/* How certain it is together with the doubts about its device, and with its open case. */
static double supported(struct judge *judge, const struct signal *signal)
{
	const struct judge_config *config = &judge->setup.config->judge;
	const struct case_record *c =
		case_book_open_case(judge->book, signal->device, signal->last);
	double chance = doubts_weigh(judge->doubts, signal);
	double best = 0;

	for (uint32_t i = 0; c && i < c->finding_count; i++) {
		const struct signal *told = &c->findings[i].signal;
		double weight = doubts_support(config, signal, told) * told->confidence;

		if (told->kind == signal->kind &&
		    strcmp(told->object.text, signal->object.text) == 0)
			return 1; /* the case has it already */
		if (weight > best)
			best = weight;
	}
	return 1 - (1 - chance) * (1 - best);
}

/* What was held back for want of certainty goes with what it supports. */
static void fold_doubts(struct judge *judge, const struct signal *signal,
			const struct case_subject *subject)
{
	struct doubt doubt;

	while (doubts_take_support(judge->doubts, signal, &doubt)) {
		if (!case_book_fold(judge->book, &doubt.signal, &doubt.considered, doubt.count,
				    subject))
			continue;
		judge->totals.held[GATE_UNCORROBORATED] -= doubt.count;
		judge->totals.in_cases += doubt.count;
	}
}

/* What the office said of the device itself. */
static unsigned decided_standing(const struct decisions *decisions, const struct device *device)
{
	unsigned bits = 0;

	for (size_t i = 0; decisions && device && i < decisions->device_count; i++) {
		const struct device_decision *d = &decisions->devices[i];

		if (!suppressions_names_device(d->device, device))
			continue;
		if (d->importance == IMPORTANCE_HIGH)
			bits |= STANDING(STANDING_IMPORTANT);
		else if (d->importance == IMPORTANCE_LOW)
			bits |= STANDING(STANDING_UNIMPORTANT);
	}
	return bits;
}

static struct case_subject subject_of(struct judge *judge, const struct signal *signal)
{
	const struct device *device = devices_get(judge->devices, signal->device);

	return (struct case_subject){
		.device = device,
		.standing = standings_of(judge->standings, signal->device, signal->last) |
			    decided_standing(judge->setup.decisions, device),
	};
}

/* The gate's answer, once the book had its say. */
static enum gate conclude(struct judge *judge, const struct signal *signal, enum gate gate,
			  const struct considered *considered, const struct case_subject *subject)
{
	if (gate == GATE_UNCORROBORATED &&
	    supported(judge, signal) >= judge->setup.config->judge.confidence)
		gate = GATE_PASS;
	if (gate == GATE_UNCORROBORATED)
		doubts_add(judge->doubts, signal, considered);
	if (gate != GATE_PASS)
		return gate;
	if (!subject->device || !case_book_fold(judge->book, signal, considered, 1, subject))
		return GATE_CASES_FULL;
	fold_doubts(judge, signal, subject);
	return GATE_PASS;
}

static void take_back(struct judge *judge, const struct signal *signal, enum gate gate)
{
	struct withdrawn moved = case_book_withdraw(judge->book, signal);

	doubts_drop(judge->doubts, signal);
	judge->totals.in_cases -= moved.own + moved.rest;
	judge->totals.held[gate] += moved.own;
	judge->totals.held[GATE_UNCORROBORATED] += moved.rest;
}

static unsigned offices_of(const struct judge *judge, const struct signal_object *object)
{
	const struct intel_sets *sets = judge->setup.indicators;
	struct intel_match match;
	bool is_named = object->kind == OBJECT_HOST || object->kind == OBJECT_ZONE;

	if (is_named ? intel_sets_find_name(sets, INTEL_PREVALENCE, object->text,
					    suffix_rules_domain(judge->suffixes, object->text),
					    &match)
		     : object->has_address &&
			       intel_sets_find_address(sets, INTEL_PREVALENCE, &object->address,
						       object->port, &match))
		return match.hit.confidence;
	return 0;
}

/* What is known before anybody's verdicts on the rule weigh in. */
static struct gate_view view_of(struct judge *judge, const struct signal *signal)
{
	return (struct gate_view){ .resolved = resolved_for(judge, signal),
				   .place = places_use_of(judge->places, &signal->object),
				   .offices = offices_of(judge, &signal->object),
				   .watched = nanotime_between(judge->kept.began, signal->last) };
}

/* People's decisions, none of which may hide what is P1 without them. */
static void apply_decisions(struct judge *judge, struct signal *signal,
			    const struct case_subject *subject, struct gate_view *view)
{
	const struct judge_config *config = &judge->setup.config->judge;
	const struct decisions *decisions = judge->setup.decisions;
	const char *rule = story_of((enum signal_kind)signal->kind)->rule;

	view->suppression =
		suppressions_find(judge->suppressions, signal, subject->device, view->resolved);
	view->is_first_urgency = priority_of(signal, subject->standing) == PRIORITY_1;
	view->is_set_aside = !must_be_told(signal) && feedback_sets_aside(config, decisions, rule);
	if (!view->is_first_urgency)
		feedback_weigh(config, decisions, signal);
}

/* What a decision did is counted for it. */
static void note_suppression(struct judge *judge, const struct signal *signal,
			     const struct gate_view *view, enum gate gate)
{
	if (gate == GATE_SUPPRESSED) {
		suppressions_note_held(judge->suppressions, view->suppression, signal->last);
		doubts_drop(judge->doubts, signal);
	} else if (gate == GATE_PASS && view->suppression) {
		suppressions_note_shown(judge->suppressions, view->suppression, signal->last);
	}
}

void judge_signal(struct signal_sink *sink, const struct signal *told)
{
	struct judge *judge = (struct judge *)(void *)sink;
	const struct judge_config *config = &judge->setup.config->judge;
	struct gate_view view = view_of(judge, told);
	struct considered considered;
	struct signal signal = *told;
	struct case_subject subject;
	enum gate gate;

	judge->totals.signals++;
	judge->told_of[told->kind]++;
	gate_weigh_place(config, &signal, &view);
	regions_weigh(judge->regions, &signal);
	standings_note(judge->standings, &signal);
	subject = subject_of(judge, &signal);
	apply_decisions(judge, &signal, &subject, &view);
	gate = conclude(judge, &signal, gate_check(config, &signal, &view, &considered),
			&considered, &subject);
	note_suppression(judge, &signal, &view, gate);
	if (gate == GATE_PASS) {
		judge->totals.in_cases++;
		return;
	}
	judge->totals.held[gate]++;
	if (is_second_thought(gate))
		take_back(judge, &signal, gate);
}
