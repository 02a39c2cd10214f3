/*
 * What people have decided about an office, in one YAML file (judge.decisions): what is not to be
 * told, and who says so until when; what became of cases; which devices matter most.
 *
 *   suppressions:
 *     - { id: nightly-backup, device: NAS-2F, rule: EXF-1, destination: backup.example.jp,
 *         owner: Sato, reason: nightly backup, since: 2026-11-01, expires: 2027-02-01 }
 *   feedback:
 *     - { rule: BCN-1, true: 3, false: 12 }
 *   verdicts:
 *     - { case: 4b74a792-…, verdict: false-positive, rules: BCN-1 DNS-1, owner: Sato,
 *         reason: the rule takes a phone's clock for a beacon, when: 2026-11-22 }
 *   devices:
 *     - { device: 00:11:22:33:44:55, importance: high }
 *
 * The file may be several YAML documents, so that one can be appended. Read by one thread, then
 * only looked at, by the judge. About 800 KiB, whatever the file holds.
 */
#pragma once

#include "sensor/config/config.h"

enum {
	DECISIONS_SUPPRESSIONS_MAX = 256,
	DECISIONS_TALLIES_MAX = 128,
	DECISIONS_VERDICTS_MAX = 2048,
	DECISIONS_DEVICES_MAX = 256,
	DECISION_ID_LEN = 40, /* with their NUL */
	DECISION_DEVICE_LEN = 64,
	DECISION_RULE_LEN = 32,
	DECISION_NAME_LEN = 256,
	DECISION_OWNER_LEN = 64,
	DECISION_REASON_LEN = 256,
	DECISION_CASE_LEN = 37,
	DECISION_DAYS_MOST = 366, /* of a suppression */
};

/* Where a suppression applies: what is empty or 0 is any, but not all of it. */
struct suppression_scope {
	char device[DECISION_DEVICE_LEN]; /* MAC, address, or a name that it goes by */
	char rule[DECISION_RULE_LEN];     /* "BCN-1", or one kind of its findings, "beacon" */
	char name[DECISION_NAME_LEN];     /* of the other side, and all names below it … */
	struct prefix prefix;             /* … or where its address lies, with … */
	bool has_prefix;
	uint16_t port;
};

struct suppression {
	char id[DECISION_ID_LEN]; /* letters, digits, '-', '_', '.' */
	struct suppression_scope scope;
	char owner[DECISION_OWNER_LEN]; /* who decided */
	char reason[DECISION_REASON_LEN];
	nanotime since;   /* packet time: from then on … */
	nanotime expires; /* … and before */
};

/* How often a rule was right, by what became of its cases. */
struct rule_tally {
	char rule[DECISION_RULE_LEN];
	uint64_t told_true;
	uint64_t told_false;
};

/* The rangers' closed list: what became of a case. */
enum verdict {
	VERDICT_INCIDENT_SERIOUS,
	VERDICT_INCIDENT_MINOR,
	VERDICT_POLICY,
	VERDICT_ATTEMPT_ONLY,
	VERDICT_BENIGN_EXPECTED,
	VERDICT_FALSE_POSITIVE,
	VERDICT_INCONCLUSIVE,
	VERDICT_DUPLICATE,
	VERDICT_SENSOR_FAULT,
	VERDICT_EXERCISE,
	VERDICTS,
};

struct case_verdict {
	char case_id[DECISION_CASE_LEN];
	char rules[DECISION_REASON_LEN]; /* of the case's findings, blanks between */
	uint8_t verdict;                 /* enum verdict */
};

enum importance { IMPORTANCE_USUAL, IMPORTANCE_HIGH, IMPORTANCE_LOW };

struct device_decision {
	char device[DECISION_DEVICE_LEN]; /* as in a scope */
	uint8_t importance;               /* enum importance */
};

struct decisions {
	struct suppression suppressions[DECISIONS_SUPPRESSIONS_MAX];
	size_t suppression_count;
	struct rule_tally tallies[DECISIONS_TALLIES_MAX]; /* `feedback` and `verdicts` together */
	size_t tally_count;
	struct case_verdict verdicts[DECISIONS_VERDICTS_MAX]; /* of each case the last */
	size_t verdict_count;
	struct device_decision devices[DECISIONS_DEVICES_MAX];
	size_t device_count;
};

/* What this folder cannot know: which rules there are. */
struct decisions_words {
	bool (*is_rule)(const char *text); /* "BCN-1" */
	bool (*is_kind)(const char *text); /* "beacon" */
};

/*
 * Reads `path`, and behind it `also` (NULL is none) as if it stood in the same file. Tells every
 * fault as config_read() does, and then gives nothing. The caller frees `*out`, which is set only
 * on ERR_OK, with decisions_free().
 */
MUST_USE enum err decisions_read(struct decisions **out, const char *path, const char *also,
				 const struct decisions_words *words, config_fault_fn *told,
				 void *arg);

/* NULL is fine. */
void decisions_free(struct decisions *decisions);

/* "2026-11-22" (its first moment) or "2026-11-22T10:00:00Z". ERR_SYNTAX. */
MUST_USE enum err decisions_parse_time(const char *text, nanotime *out);

/* Whether suppressions may have it as their id. */
bool decisions_is_id(const char *text);

/* The tally of `rule`, or NULL when nobody has judged it. */
const struct rule_tally *decisions_tally(const struct decisions *decisions, const char *rule);

/* "false-positive" …, and back; false for no verdict. */
const char *verdict_text(enum verdict verdict);
bool verdict_parse(const char *text, enum verdict *out);

enum verdict_sense { VERDICT_SAYS_NOTHING, VERDICT_SAYS_TRUE, VERDICT_SAYS_FALSE };

/* Whether it speaks for the rules that opened the case. */
enum verdict_sense verdict_sense(enum verdict verdict);
