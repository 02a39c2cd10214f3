/*
 * What the counts of a window say about how the sensor is wired and runs. A pure function of what
 * it is given; any thread.
 *
 * What could as well be an idle office, one with IPv6 alone, encrypted DNS or traffic that goes one
 * way by nature says nothing. The figures of a finding are what it was decided by.
 */
#pragma once

#include "sensor/health/health_counts.h"
#include "sensor/health/health_finding.h"
#include "sensor/health/health_surroundings.h"

/* A window of packet time, filled by health_counts() and who knows the surroundings. */
struct health_view {
	nanotime since;
	nanotime now;
	struct health_flows flows;
	struct health_counts counts[INTERFACES_MAX];
	struct health_surroundings surroundings;
};

/* `finding` is borrowed for the call. */
typedef void health_found_fn(void *arg, const struct health_finding *finding);

/*
 * Calls `found` for each finding, the most important first: in the order of enum health_code, and
 * of the interfaces for each. At most one for a code and interface; what another one explains is
 * left out.
 */
void health_check(const struct health_view *view, health_found_fn *found, void *arg);

/* Whether enough was seen, of all interfaces together, for the lack of findings to mean something.
 */
bool health_is_heard(const struct health_view *view);
