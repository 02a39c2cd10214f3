/*
 * Facts in, cases out. The only place that knows devices, names and history together.
 *
 * One thread. Takes facts in packet order; what it concludes depends on them, the configuration,
 * the identity and the indicator list alone. All containers are bounded (judge.* and the
 * detectors' options); what is held back or forgotten is counted.
 *
 * What it knows may outlive the process: judge_keep_*() hand it out as rows, judge_restore*() take
 * the rows back, and the same facts then lead to the same cases as if nothing had happened.
 */
#pragma once

#include "sensor/base/kept.h"
#include "sensor/case/case.h"
#include "sensor/inventory/device_labels.h"
#include "sensor/judge/capsules.h"
#include "sensor/judge/contacts.h"
#include "sensor/judge/floods.h"
#include "sensor/judge/gate.h"
#include "sensor/judge/keeper.h"
#include "sensor/judge/suppressions.h"

#include <stdio.h>

struct judge;

/*
 * For the flow log: a flow that ended, with the best known name of its server or ""; or
 * FACT_ATTEMPTS, flows that were only counted. Borrowed for the call.
 */
typedef void judge_flow_fn(void *arg, const struct fact *ended, const char *peer_name);

/* For the log of facts: each, before anything is concluded from it. Borrowed for the call. */
typedef void judge_fact_fn(void *arg, const struct fact *fact);

/*
 * A case changed with the fact just taken, as `how` says: at most once a fact for each case. One
 * with CASE_WITHDRAWN has no findings and is not to be shown any more. Borrowed for the call, which
 * may not call the judge, but for judge_keep_cases().
 */
typedef void judge_case_fn(void *arg, const struct case_record *c, enum case_change how);

/* A canary (sensor/detect/canary.h) came by; once for its question, once for its answer. */
typedef void judge_canary_fn(void *arg, const char *token, nanotime when);

struct judge_setup {
	const struct config *config;
	const struct intel_sets *indicators;     /* NULL is none */
	const struct decisions *decisions;       /* NULL is none */
	struct place_databases *place_databases; /* NULL is none; asked by the judge alone */
	const char *identity;                    /* of office and sensor; "" in a capture */
	judge_flow_fn *flow_ended;               /* NULL is nobody */
	void *flow_arg;
	judge_fact_fn *fact_taken; /* NULL is nobody */
	void *fact_arg;
	/* NULL is nobody: then the judge keeps all cases of a run. */
	judge_case_fn *case_changed;
	void *case_arg;
	/* NULL is nobody: then no capsules are made, and nothing is spent on them. */
	judge_capsule_fn *capsule_made;
	void *capsule_arg;
	judge_canary_fn *canary_seen; /* NULL is nobody */
	void *canary_arg;
	/* Somebody writes contacts down, to hold later lists against them. Else there are none. */
	bool keeps_contacts;
};

/* signals = in_cases + the sum of held, exactly. */
struct judge_totals {
	uint64_t facts;
	uint64_t flows;
	uint64_t signals;
	uint64_t in_cases;
	uint64_t held[GATE_ANSWERS];
	uint64_t devices_forgotten;
	uint64_t names_forgotten;
	uint32_t devices;
	uint32_t cases;
	bool dns_seen;

	struct floods floods;
};

/* All in `setup` is borrowed for the judge's life, the struct itself is not. */
MUST_USE enum err judge_new(struct judge **out, const struct judge_setup *setup);
void judge_free(struct judge *judge);

/* A lanes_fact_fn; `arg` is the judge. */
void judge_take(void *arg, const struct fact *fact);

/*
 * Before the first fact: rows and cases from judge_keep_*() of an earlier process, each table's in
 * the order of `used`, the tables in any; then judge_restored(). Nothing in them is trusted: what
 * is of another layout or makes no sense is left out and counted. False when it was. (Of a case of
 * another layout its id and revision stay known: should it open again, the revisions go on.)
 */
bool judge_restore(struct judge *judge, const struct kept_row *row);
bool judge_restore_case(struct judge *judge, struct span record);

struct judge_restored {
	uint64_t rows; /* that were taken back */
	uint64_t cases;
	uint64_t other_layout; /* left out: of another version of the sensor */
	uint64_t unsound;      /* left out: damaged */
};

struct judge_restored judge_restored(struct judge *judge);

/*
 * Begins a round of handing out what changed since it was handed out last, between two facts.
 * `is_last`: no fact will follow, in this process, and judge_finish() is not called: the story goes
 * on in the next one.
 */
void judge_keep_begin(struct judge *judge, bool is_last);

/* Rows were lost that had been taken: the next round hands out all there are. Not the cases. */
void judge_keep_forget(struct judge *judge);

/* The tables whose rows are handed out, at most `most` of them; how many. */
size_t judge_keep_tables(const struct judge *judge, struct keeper_room *out, size_t most);

/* The device of a row of the table "devices", whose key is its number; NULL when it is gone. */
const struct device *judge_device(struct judge *judge, uint32_t number);

/*
 * At most `rows` rows of the round; true when it is over. False: call again, after facts or before
 * them. What `take` has no room for comes again.
 */
bool judge_keep_some(struct judge *judge, size_t rows, kept_take_fn *take, void *arg);

/* `record`: all of the case, for judge_restore_case(). Both borrowed. False: no room now. */
typedef bool judge_keep_case_fn(void *arg, const struct case_record *c, struct span record);

/* Every case that changed since it was handed out last. False when `take` had no room for one. */
bool judge_keep_cases(struct judge *judge, judge_keep_case_fn *take, void *arg);

/* What became of capsules; all zero where nobody wants any. */
struct capsule_counts judge_capsules(const struct judge *judge);

/*
 * Before the first fact, after judge_restored(): the latest capsule that is kept elsewhere. Those
 * made from now on follow it, also where rows were lost that said so.
 */
void judge_follow_capsule(struct judge *judge, uint64_t number,
			  const uint8_t digest[static SHA256_LEN]);

/* Contacts that are not written down yet, and the lists in force; NULL: nobody wants them. */
struct contacts *judge_contacts(struct judge *judge);
const struct contact_lists *judge_lists(const struct judge *judge);

/* Between two facts: `indicators` (NULL is none) from now on, borrowed like those before. */
void judge_use_indicators(struct judge *judge, const struct intel_sets *indicators);

/* The same of what people have decided: in force for signals from now on. */
void judge_use_decisions(struct judge *judge, const struct decisions *decisions);

/* The same of the databases of places: what those before said of an address is forgotten. */
void judge_use_place_databases(struct judge *judge, struct place_databases *databases);

/* What people have decided, and what it did. Borrowed until the next fact. */
struct judge_decided {
	struct suppressions *suppressions;
	const struct decisions *decisions; /* NULL is none */
	const struct judge_config *config;
	nanotime now; /* packet time of the last fact; 0: none yet */
};

struct judge_decided judge_decided(const struct judge *judge);

/*
 * Before the first fact, after what was kept came back, or between two: what the office calls its
 * devices (NULL is nothing) from now on, borrowed like those before. Cases say it, too.
 */
void judge_use_labels(struct judge *judge, const struct device_labels *labels);

/* After the last fact: detectors tell their last numbers. */
void judge_finish(struct judge *judge);

struct judge_totals judge_totals(const struct judge *judge);

/* Of the totals' signals those of that kind, whatever became of them: of this process alone. */
uint64_t judge_told_of(const struct judge *judge, enum signal_kind kind);

/* The cases, most urgent first. Borrowed until the next fact. */
const struct case_record *const *judge_cases(struct judge *judge, size_t *count);
