/*
 * What the judge is made of, for the files that make it up: judge.c takes facts,
 * judge_observe.c says whom they are about, judge_signal.c what detectors say of them,
 * judge_devices.c what is learned of devices, judge_keep.c hands out and takes back what outlives
 * the process. No one else includes this.
 */
#pragma once

#include "sensor/detect/detector.h"
#include "sensor/inventory/resolved_names.h"
#include "sensor/inventory/site.h"
#include "sensor/judge/capsules.h"
#include "sensor/judge/case_book.h"
#include "sensor/judge/doubts.h"
#include "sensor/judge/judge.h"
#include "sensor/judge/keeper.h"
#include "sensor/judge/parties.h"
#include "sensor/judge/regions.h"
#include "sensor/judge/standings.h"

enum { DETECTORS_MAX = 64 };

/* A detector that sees a kind of fact. */
struct watcher {
	void (*observe)(void *state, const struct observation *seen, struct signal_sink *sink);
	void *state;
};

/* What is kept of the judge itself, as one row. */
struct judge_kept {
	struct judge_totals totals;
	uint64_t signals_let_go; /* in cases that are not in the book any more */
	nanotime began;          /* the first fact of all */
	uint32_t last_device;
	bool is_whole; /* nothing came after it: the process ended as it should */
};

/* Of the judge itself, as a fact finds it: for capsules alone. */
struct judge_moment {
	nanotime began;
	uint32_t last_device;
	bool dns_seen;
	uint8_t spare[3];
};

struct judge {
	struct signal_sink sink; /* first: the gate finds the judge by it */
	struct judge_setup setup;
	struct site *site;
	struct devices *devices;
	struct resolved_names *names;
	struct parties parties;
	struct suffix_rules *suffixes;
	void *states[DETECTORS_MAX];                        /* one for each detector */
	struct watcher watchers[FACT_KINDS][DETECTORS_MAX]; /* in the detectors' order */
	uint8_t watcher_counts[FACT_KINDS];
	struct case_book *book;
	struct doubts *doubts;
	struct places *places;
	struct regions *regions;
	struct standings *standings;
	struct suppressions *suppressions;
	struct contacts *contacts; /* NULL: nobody writes them down */
	struct contact_lists lists;
	struct judge_totals totals;
	uint64_t told_of[SIGNAL_KINDS];
	nanotime now;          /* of the last fact */
	struct keeper *keeper; /* of all but the cases, … */
	struct keeper *cases;  /* … which are kept at once */
	struct judge_kept kept;
	struct judge_restored restored;
	struct capsules *capsules; /* NULL: nobody wants any */
	struct capsule_chain chain;
	struct judge_moment moment;
};

/*
 * A fact as detectors see it: whose it is, which way it went and by what name. Of a sighting the
 * sender alone, described in `who`; false when it is no known device.
 */
struct observation judge_observe_flow(struct judge *judge, const struct fact *fact);
/* Before the fact is evidence: what a database says of its server is a row like any other. */
void judge_ask_place(struct judge *judge, const struct fact *fact);
struct observation judge_observe_neighbour(struct judge *judge, const struct fact *fact);
bool judge_observe_sighting(struct judge *judge, const struct fact *fact, struct device_view *who,
			    struct observation *out);
/* To every detector that sees such facts. */
void judge_show(struct judge *judge, const struct observation *seen);

/* FACT_CONTACT_BEFORE. */
void judge_take_contact_before(struct judge *judge, const struct fact *fact);

/* Where detectors' signals go: through the gate, to a case or into the tally. */
void judge_signal(struct signal_sink *sink, const struct signal *told);

/* For judge_new(): names all that outlives the process. */
MUST_USE enum err judge_keep_start(struct judge *judge);

/* After each fact: tells which cases changed, and makes their capsules. */
void judge_tell_changes(struct judge *judge);

/* For judge_new(), after judge_keep_start(). */
MUST_USE enum err judge_capsules_start(struct judge *judge);

/* What the detector says when no fact will follow. */
void judge_finish_detector(struct judge *judge, size_t i);

/* Before a fact is taken, or (`fact` NULL) before the detector `finishing` says its last. */
void judge_capsules_begin(struct judge *judge, const struct fact *fact, const char *finishing);

/* After what devices tell of themselves: it may have shown that two of them are one. */
void judge_take_joined(struct judge *judge);
