#include "sensor/judge/judge_inside.h"

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
			const struct device *device)
{
	struct doubt doubt;

	while (doubts_take_support(judge->doubts, signal, &doubt)) {
		if (!case_book_fold(judge->book, &doubt.signal, &doubt.considered, doubt.count,
				    device))
			continue;
		judge->totals.held[GATE_UNCORROBORATED] -= doubt.count;
		judge->totals.in_cases += doubt.count;
	}
}

/* The gate's answer, once the book had its say. */
static enum gate conclude(struct judge *judge, const struct signal *signal, enum gate gate,
			  const struct considered *considered)
{
	const struct device *device = devices_get(judge->devices, signal->device);

	if (gate == GATE_UNCORROBORATED &&
	    supported(judge, signal) >= judge->setup.config->judge.confidence)
		gate = GATE_PASS;
	if (gate == GATE_UNCORROBORATED)
		doubts_add(judge->doubts, signal, considered);
	if (gate != GATE_PASS)
		return gate;
	if (!device || !case_book_fold(judge->book, signal, considered, 1, device))
		return GATE_CASES_FULL;
	fold_doubts(judge, signal, device);
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

static struct gate_view view_of(struct judge *judge, const struct signal *signal)
{
	return (struct gate_view){ .resolved = resolved_for(judge, signal),
				   .place = places_use_of(judge->places, &signal->object),
				   .watched = nanotime_between(judge->kept.began, signal->last) };
}

void judge_signal(struct signal_sink *sink, const struct signal *told)
{
	struct judge *judge = (struct judge *)(void *)sink;
	const struct judge_config *config = &judge->setup.config->judge;
	const struct gate_view view = view_of(judge, told);
	struct considered considered;
	struct signal weighed = *told;
	const struct signal *signal = &weighed;

	gate_weigh_place(config, &weighed, &view);
	judge->totals.signals++;

	enum gate gate = conclude(judge, signal, gate_check(config, signal, &view, &considered),
				  &considered);

	if (gate == GATE_PASS) {
		judge->totals.in_cases++;
		return;
	}
	judge->totals.held[gate]++;
	if (is_second_thought(gate))
		take_back(judge, signal, gate);
}
