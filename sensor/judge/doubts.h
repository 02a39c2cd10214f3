/*
 * Signals that were too little certain for a person, kept for a day: what supports each other
 * reaches one together.
 *
 * Two doubtful signals of different kinds about the same object support each other, and so do, a
 * little less, two about different objects when they are of different tactics: a machine that is
 * being taken over shows more than one symptom. Of these, what came in and what reports to the
 * outside within minutes (judge.chain) support each other in full. Repeats of one kind about one
 * object are one doubt.
 *
 * Owner: the judge. One thread; judge.doubts of them, the longest unheard is forgotten first.
 */
#pragma once

#include "sensor/base/kept_table.h"
#include "sensor/case/case.h"
#include "sensor/config/config.h"

struct doubts;

/* `config` is borrowed. */
MUST_USE enum err doubts_new(struct doubts **out, const struct judge_config *config);
void doubts_free(struct doubts *doubts);

/* Keeps `signal`, which was held back as uncorroborated, in place of an earlier one like it. */
void doubts_add(struct doubts *doubts, const struct signal *signal,
		const struct considered *considered);

/*
 * How much of `other`'s confidence counts for `signal`, 0 to 1; 0 is no support. Neither supports
 * nor is supported what is less certain than judge.support_least.
 */
double doubts_support(const struct judge_config *config, const struct signal *signal,
		      const struct signal *other);

/* How certain `signal` is together with what supports it: its own confidence where nothing does. */
double doubts_weigh(struct doubts *doubts, const struct signal *signal);

struct doubt {
	struct signal signal; /* the latest; `first` is the first one's */
	struct considered considered;
	uint64_t count; /* signals that it stands for; 0: taken out */
};

/*
 * Takes out its own earlier likes, or one that supports `signal`, in the order in which they were
 * last heard; false when there is none (any more).
 */
bool doubts_take_support(struct doubts *doubts, const struct signal *signal, struct doubt *out);

/* Two devices are one: what was doubted of `from` is doubted of `into`. */
void doubts_move(struct doubts *doubts, uint32_t from, uint32_t into);

/* It turned out to be harmless: the doubt of the same kind about the same object supports nobody.
 */
void doubts_drop(struct doubts *doubts, const struct signal *signal);

/* What of it outlives the process; `struct doubts` is the owner. */
extern const struct kept_table doubts_kept[];
