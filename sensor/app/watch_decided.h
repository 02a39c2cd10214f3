/*
 * What people have decided, as a running sensor tells of it: once in the journal when a suppression
 * has expired or a rule is set aside, and as figures.
 */
#pragma once

#include "sensor/judge/judge.h"
#include "sensor/service/journal.h"

enum { DECIDED_FIGURES_MAX = 64 };

/* Plain values, to be copied from the judge's thread to another. */
struct decided_figures {
	struct decided_figure {
		char id[DECISION_ID_LEN];
		uint64_t held;
		uint64_t shown;
		bool is_in_force;
	} first[DECIDED_FIGURES_MAX]; /* in the order of the file */
	size_t count;                 /* of `first` */
	uint64_t expired;             /* of all */
	uint64_t rules_set_aside;
};

/* What has been said of the present decisions; zeroed for new ones. */
struct decided_said {
	bool expired[DECISIONS_SUPPRESSIONS_MAX];
	bool rules;
};

/* About once a second. Before the first packet nothing is said. */
void watch_decided_look(struct decided_said *said, const struct judge_decided *decided,
			struct journal *journal);

struct decided_figures watch_decided_figures(const struct judge_decided *decided);
