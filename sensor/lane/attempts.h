/*
 * Which unanswered flows are told one by one. A flood or a long scan would bury the judge and the
 * flow log under flows that say nothing new: of each host, as a source and as a target, a number
 * is told in ten minutes of packet time; what comes beyond is counted, and told as one figure.
 *
 * Hosts are forgotten in order of use, their figure told before. All hosts together have a limit
 * too, a wider one for flows that come from inside, so that many forged addresses do not help; a
 * source inside that tries far more often than such a crowd is told of beyond that limit.
 * One thread; memory is taken in attempts_new().
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"
#include "sensor/fact/fact.h"
#include "sensor/flow/flow_record.h"

#include <stdbool.h>

struct attempts;

/* `attempts` is borrowed for the call. */
typedef void attempts_tell_fn(void *arg, const struct fact_attempts *attempts);

/* `config` is borrowed. */
MUST_USE enum err attempts_new(struct attempts **out, const struct config *config,
			       attempts_tell_fn *tell, void *arg);
void attempts_free(struct attempts *attempts);

/* The other side said nothing, only refused, or was left alone; no connection came about. */
bool attempts_is_one(const struct flow_record *flow);

/* Of a flow for which attempts_is_one(), ended at packet time `now`: whether it is to be told. */
bool attempts_admit(struct attempts *attempts, const struct flow_record *flow, nanotime now);

/*
 * Whether a flow from `source` to `target` that ended unanswered now would only be counted: then it
 * need not be looked into before it is answered. A source inside that has had its number is still
 * looked into elsewhere, or its noise would hide what else it does.
 */
bool attempts_is_flooded(struct attempts *attempts, const struct address *source,
			 const struct address *target, nanotime now);

/* Whether any host has had its number. */
bool attempts_has_flood(const struct attempts *attempts);

/*
 * Counts a SYN to a target that has had its number, and returns true: it need not even become a
 * flow before it is answered, and cannot displace one.
 */
bool attempts_pass_over(struct attempts *attempts, const struct packet *syn);

/* Tells all figures and begins anew: time jumps, or the capture is over. */
void attempts_finish(struct attempts *attempts);
