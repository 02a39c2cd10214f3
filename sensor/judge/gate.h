/*
 * The gate between a detector's test and a person's attention: what is held back, and why. Every
 * signal gets exactly one answer, and every answer is counted.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/config/config.h"
#include "sensor/judge/places.h"

/* What the judge knows beside the signal itself. */
struct gate_view {
	/*
	 * The name that the office's DNS last gave for the object's address, or "": a name that a
	 * program only claims (SNI, Host) is not believed against it.
	 */
	const char *resolved;
	struct place_use place; /* of the object */
	unsigned offices; /* in which the rangers know the object to be in use; 0 is not known */
	nanotime watched; /* how long the office has been */
	/* The decision not to be told of it, or NULL. */
	const struct suppression *suppression;
	bool is_first_urgency; /* P1: no decision holds it back */
	bool is_set_aside;     /* its rule was almost never right: it is counted only */
};

/*
 * What is known of the place that an outbound signal is about, as evidence: many offices or several
 * devices of this one use it, or one has for long.
 */
void gate_weigh_place(const struct judge_config *config, struct signal *signal,
		      const struct gate_view *view);

/*
 * Tries each harmless explanation that the signal's story names, and fills `considered` with those
 * that did not hold.
 */
enum gate gate_check(const struct judge_config *config, const struct signal *signal,
		     const struct gate_view *view, struct considered *considered);
