/*
 * Makes capsules: for every case that a fact opens, adds a finding to or raises. What the judge
 * looks at while it takes a fact stands in a journal; when the fact comes to something, that is put
 * together with the fact and all that says under which rules it was judged.
 *
 * Owner: the judge. One thread. The journal has CAPSULES_JOURNAL_BYTES and a capsule at most
 * CAPSULE_BYTES_MAX, taken once; as many a day as capsule.daily and capsule.daily_bytes say, and
 * the rest is counted. Nothing of it changes a verdict.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/intel/intel_sets.h"
#include "sensor/judge/capsule.h"
#include "sensor/judge/capsule_terms.h"
#include "sensor/judge/capsule_verdict.h"
#include "sensor/judge/keeper.h"

enum { CAPSULES_JOURNAL_BYTES = 256 << 10 };

/* Where the chain stands; outlives the process. */
struct capsule_chain {
	uint64_t number; /* of the latest */
	uint8_t digest[SHA256_LEN];
	uint64_t day; /* whose capsules these are: */
	uint64_t count;
	uint64_t bytes;
	uint64_t not_made;
};

/* One that was made. Borrowed for the call; false: it could not be kept, and is not in the chain.
 */
struct capsule_made {
	uint64_t number;
	const char *case_id;
	uint32_t revision;
	struct span bytes;
};

typedef bool judge_capsule_fn(void *arg, const struct capsule_made *made);

/* What became of those that were due, since the process began. */
struct capsule_counts {
	uint64_t made;
	uint64_t too_large;    /* for CAPSULE_BYTES_MAX */
	uint64_t beyond_daily; /* capsule.daily or capsule.daily_bytes */
	uint64_t not_kept;     /* refused by who was to keep them */
};

struct capsules;

struct capsules_setup {
	const struct config *config;
	const char *identity;
	struct keeper *keepers[2]; /* whose tables are watched; in this order they are restored */
	judge_capsule_fn *made;
	void *arg;
};

/* All borrowed for its life. Before there is anything in the keepers' tables. */
MUST_USE enum err capsules_new(struct capsules **out, const struct capsules_setup *setup);
void capsules_free(struct capsules *capsules);

/*
 * What is concluded from here on rests on `fact`, borrowed until capsules_begin() is called again;
 * NULL: on the end of the capture, as `finishing`, a detector's name, sees it.
 */
void capsules_begin(struct capsules *capsules, const struct fact *fact, const char *finishing);

/* A packet went by: FACT_EXCERPT. */
void capsules_show(struct capsules *capsules, const struct fact *excerpt);

struct capsule_counts capsules_counts(const struct capsules *capsules);

/* The journal, for who goes through whole tables at the end. */
struct lru_journal *capsules_journal(struct capsules *capsules);

/* A case came to what it is by that, with `data` in force. */
void capsules_make(struct capsules *capsules, const struct case_record *c,
		   const struct capsule_data *data, struct capsule_chain *chain);
