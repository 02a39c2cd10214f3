/*
 * Facts in, cases out. The only place that knows devices, names and history together.
 *
 * One thread. Takes facts in packet order; what it concludes depends on them, the configuration,
 * the identity and the indicator list alone. All containers are bounded (judge.* and the
 * detectors' options); what is held back or forgotten is counted.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/judge/floods.h"
#include "sensor/judge/gate.h"

#include <stdio.h>

struct judge;

/*
 * For the flow log: a flow that ended, with the best known name of its server or ""; or
 * FACT_ATTEMPTS, flows that were only counted. Borrowed for the call.
 */
typedef void judge_flow_fn(void *arg, const struct fact *ended, const char *peer_name);

/* For the log of facts: each, before anything is concluded from it. Borrowed for the call. */
typedef void judge_fact_fn(void *arg, const struct fact *fact);

struct judge_setup {
	const struct config *config;
	const struct indicator_list *indicators; /* NULL is none */
	const char *identity;                    /* of office and sensor; "" in a capture */
	judge_flow_fn *flow_ended;               /* NULL is nobody */
	void *flow_arg;
	judge_fact_fn *fact_taken; /* NULL is nobody */
	void *fact_arg;
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

/* After the last fact: detectors tell their last numbers. */
void judge_finish(struct judge *judge);

struct judge_totals judge_totals(const struct judge *judge);

/* The cases, most urgent first. Borrowed until the next fact. */
const struct case_record *const *judge_cases(struct judge *judge, size_t *count);
