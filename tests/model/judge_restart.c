/*
 * A judge that is stopped and started again in the middle comes to the same cases as one that is
 * not: the facts of each golden capture, cut at many points. Where the process crashes, or rows are
 * lost or damaged, it goes on with what is left, and its account holds.
 *
 * Usage: judge_restart [FILE…]   FILEs instead of the captures under $GOLDEN.
 */
#include "sensor/app/pipeline.h"
#include "sensor/case/case_json.h"
#include "tests/support/busy_office.h"
#include "tests/support/facts.h"
#include "tests/support/kept_shelf.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FACTS_MAX = 200000,
	COMPARED_SEEDS = 2,
	RESTARTS = 12, /* in a run where each is graceful */
	CRASHES = 3,
	SPOILS = 3,
	OUTCOME_LEN = 1 << 20,
	CASES_MAX = 64,
	CASE_LEN = 1 << 16,
};

struct facts {
	struct fact *list[FACTS_MAX];
	size_t count;
};

/* What somebody was told who hears of each change, over all restarts. */
struct told {
	struct told_case {
		char id[CASE_ID_LEN];
		uint32_t device;
		struct mac mac;
		bool is_withdrawn;
		char json[CASE_LEN];
	} cases[CASES_MAX];
	size_t count;
	bool may_confuse; /* numbers were changed on the disk */
};

/* How the process ends, each time; up to ENDS_BUSY nothing may be lost. */
enum ending {
	ENDS_WELL,    /* everything is handed out at the end */
	ENDS_EAGER,   /* also after each fact: what then changes unnoticed is lost */
	ENDS_BUSY,    /* also now and then, to a store that often has no room */
	ENDS_CRASHED, /* only what was handed out between the facts */
	ENDS_SPOILED, /* rows are lost and damaged */
	ENDINGS,
};

static struct config config;
static struct intel_sets *indicators;

static void fail(const char *path, const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", path, what);
	exit(EXIT_FAILURE);
}

static void collect(void *arg, const struct fact *fact)
{
	struct facts *facts = arg;
	size_t size = fact_size(fact);
	struct fact *copy = calloc(1, sizeof(*copy));

	if (!copy || facts->count == FACTS_MAX)
		fail("facts", "too many");
	memcpy(copy, fact, size);
	facts->list[facts->count++] = copy;
}

static void collect_facts(const char *path, struct facts *facts)
{
	const struct judge_setup judge_setup = {
		.config = &config, .identity = "", .fact_taken = collect, .fact_arg = facts
	};
	struct pipeline_setup setup = { .config = &config };
	struct capture_set *set = NULL;
	struct pipeline *pipeline = NULL;

	if (judge_new(&setup.judge, &judge_setup) != ERR_OK ||
	    pipeline_new(&pipeline, &setup) != ERR_OK ||
	    capture_set_new(&set, &path, 1) != ERR_OK ||
	    pipeline_run(pipeline, set, NULL, NULL) != ERR_OK)
		fail(path, "not read");
	capture_set_free(set);
	pipeline_free(pipeline);
	judge_free(setup.judge);
}

static void write_case(const struct case_record *c, char out[static CASE_LEN])
{
	static const struct case_view view;
	FILE *file = fmemopen(out, CASE_LEN, "w");

	if (!file)
		fail("case", "no memory");
	case_json(c, &view, file);
	if (fclose(file) != 0)
		fail("case", "too long");
}

static struct told_case *find_told(struct told *told, const char *id)
{
	for (size_t i = 0; i < told->count; i++) {
		if (strcmp(told->cases[i].id, id) == 0)
			return &told->cases[i];
	}
	return NULL;
}

/* A device's number is never another's, whatever a crash lost. */
static void check_number(const struct told *told, const struct told_case *latest)
{
	for (size_t i = 0; i < told->count && !told->may_confuse; i++) {
		const struct told_case *other = &told->cases[i];

		if (other->device == latest->device && !mac_equal(&other->mac, &latest->mac))
			fail(latest->id, "its device has another's number");
	}
}

static void case_changed(void *arg, const struct case_record *c, enum case_change how)
{
	struct told *told = arg;
	struct told_case *known = find_told(told, c->id);

	/* A case whose id was damaged on the disk is another one. */
	if (!known && ((how != CASE_OPENED && !told->may_confuse) || told->count == CASES_MAX))
		fail(c->id, "not told when it opened");
	if (!known)
		known = &told->cases[told->count++];
	memcpy(known->id, c->id, CASE_ID_LEN);
	known->is_withdrawn = how == CASE_WITHDRAWN;
	known->device = c->device.number;
	known->mac = c->device.mac;
	check_number(told, known);
	if (!known->is_withdrawn)
		write_case(c, known->json);
}

/* Who heard of each change knows what is told at the end. */
static void check_told(const char *path, struct judge *judge, struct told *told)
{
	static char json[CASE_LEN];
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);

	for (size_t i = 0; i < told->count; i++)
		count += told->cases[i].is_withdrawn;
	if (count != told->count)
		fail(path, "a case was not told, or not that it was withdrawn");
	(void)judge_cases(judge, &count);
	for (size_t i = 0; i < count; i++) {
		const struct told_case *known = find_told(told, cases[i]->id);

		write_case(cases[i], json);
		if (!known || strcmp(known->json, json) != 0)
			fail(path, "a change of a case was not told");
	}
}

static struct judge *start(struct told *told)
{
	const struct judge_setup setup = { .config = &config,
					   .indicators = indicators,
					   .identity = "test",
					   .case_changed = case_changed,
					   .case_arg = told };
	struct judge *judge;

	if (judge_new(&judge, &setup) != ERR_OK)
		fail("judge", "not started");
	return judge;
}

/* What is told at the end: the cases as JSON, and the account. */
static void write_outcome(struct judge *judge, char *out)
{
	static const struct case_view view;
	struct judge_totals t = judge_totals(judge);
	FILE *file = fmemopen(out, OUTCOME_LEN, "w");
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);

	if (!file)
		fail("outcome", "no memory");
	for (size_t i = 0; i < count; i++)
		case_json(cases[i], &view, file);
	(void)fprintf(file,
		      "facts %" PRIu64 " flows %" PRIu64 " signals %" PRIu64 " in cases %" PRIu64
		      " devices %u forgotten %" PRIu64 " names forgotten %" PRIu64
		      " floods %" PRIu64,
		      t.facts, t.flows, t.signals, t.in_cases, t.devices, t.devices_forgotten,
		      t.names_forgotten, t.floods.attempts);
	for (size_t i = 0; i < GATE_ANSWERS; i++)
		(void)fprintf(file, " %s %" PRIu64, gate_text((enum gate)i), t.held[i]);
	(void)fprintf(file, "\n");
	if (fclose(file) != 0)
		fail("outcome", "too long");
}

/* Signals are in cases or held back, by name; the cases hold what they say. */
static void check_account(const char *path, struct judge *judge)
{
	struct judge_totals t = judge_totals(judge);
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);
	uint64_t held = 0;
	uint64_t in_cases = 0;

	for (size_t i = 0; i < GATE_ANSWERS; i++)
		held += t.held[i];
	for (size_t i = 0; i < count; i++) {
		in_cases += cases[i]->signal_count;
		for (size_t k = 0; k < i; k++) {
			if (strcmp(cases[i]->id, cases[k]->id) == 0)
				fail(path, "two cases have one id");
		}
	}
	if (t.signals != t.in_cases + held || t.in_cases != in_cases)
		fail(path, "the account does not hold");
}

/* A few rows now and then; a round that is over begins anew. */
static void hand_out_some(struct judge *judge, struct kept_shelf *shelf, uint64_t *random)
{
	if (test_random(random) % 8 != 0)
		return;
	kept_shelf_refuse(shelf, 5);
	if (judge_keep_some(judge, test_random(random) % 30, kept_shelf_take, shelf))
		judge_keep_begin(judge, false);
	(void)judge_keep_cases(judge, kept_shelf_take_case, shelf);
}

static struct judge *restart(const char *path, struct judge *judge, struct kept_shelf *shelf,
			     enum ending ending, uint64_t *random, struct told *told)
{
	struct judge_restored restored;

	kept_shelf_refuse(shelf, 0);
	if (ending != ENDS_CRASHED)
		kept_shelf_fill(shelf, judge, true);
	if (ending == ENDS_SPOILED)
		kept_shelf_spoil(shelf, random, 8, 4);
	judge_free(judge);
	judge = start(told);
	restored = kept_shelf_restore(shelf, judge, test_random(random) % 2);
	if (ending != ENDS_SPOILED && restored.unsound + restored.other_layout > 0)
		fail(path, "a row that was handed out is refused");
	check_account(path, judge);
	return judge;
}

/* Where the process ends: for a seed the same in each run. */
struct cuts {
	uint64_t random;
	size_t each;
	size_t next;
};

static struct cuts cuts_of(const struct facts *facts, uint64_t seed)
{
	struct cuts cuts = { .random = seed | 1, .each = facts->count / (RESTARTS + 1) + 1 };

	cuts.next = test_random(&cuts.random) % cuts.each;
	return cuts;
}

static bool is_cut(struct cuts *cuts, size_t i)
{
	if (i != cuts->next)
		return false;
	cuts->next += 1 + test_random(&cuts->random) % (2 * cuts->each);
	return true;
}

/*
 * A process that starts anew numbers flows anew, so that what is known of a connection under way
 * ends with the process. (Whoever does not end there is numbered so, too.)
 */
static const struct fact *of_life(const struct fact *fact, uint64_t life)
{
	static struct fact renumbered;

	if (fact->flow.id == 0 || life == 0)
		return fact;
	memcpy(&renumbered, fact, fact_size(fact));
	renumbered.flow.id += life << 32;
	return &renumbered;
}

/* Judges the facts; with `is_restarted` the process ends at each cut. */
static void play(const char *path, const struct facts *facts, enum ending ending, bool is_restarted,
		 uint64_t seed, char *out)
{
	struct kept_shelf *shelf = kept_shelf_new();
	struct cuts cuts = cuts_of(facts, seed);
	static struct told told;
	struct judge *judge;
	uint64_t random = seed | 1;
	uint64_t life = 0;

	told.count = 0;
	told.may_confuse = ending == ENDS_SPOILED;
	judge = start(&told);
	judge_keep_begin(judge, false);
	for (size_t i = 0; i < facts->count; i++) {
		if (is_cut(&cuts, i)) {
			life++;
			if (is_restarted)
				judge = restart(path, judge, shelf, ending, &random, &told);
			judge_keep_begin(judge, false);
		}
		judge_take(judge, of_life(facts->list[i], life));
		if (ending == ENDS_EAGER)
			kept_shelf_fill(shelf, judge, false);
		if (ending == ENDS_BUSY || ending == ENDS_CRASHED)
			hand_out_some(judge, shelf, &random);
	}
	judge_finish(judge);
	check_account(path, judge);
	if (ending <= ENDS_BUSY)
		check_told(path, judge, &told);
	write_outcome(judge, out);
	judge_free(judge);
	kept_shelf_free(shelf);
}

static void compare(const char *path, const char *want, const char *got, uint64_t seed)
{
	size_t at = 0;

	if (strcmp(want, got) == 0)
		return;
	while (want[at] == got[at])
		at++;
	at = at > 200 ? at - 200 : 0;
	(void)fprintf(stderr, "seed %" PRIu64 "\n- %.400s\n+ %.400s\n", seed, want + at, got + at);
	fail(path, "a restart changed what is told");
}

static void try_facts(const char *path, const struct facts *facts)
{
	static char want[COMPARED_SEEDS][OUTCOME_LEN];
	static char got[OUTCOME_LEN];
	static const size_t rounds[ENDINGS] = { COMPARED_SEEDS, 1, COMPARED_SEEDS, CRASHES,
						SPOILS };

	for (uint64_t seed = 0; seed < COMPARED_SEEDS; seed++)
		play(path, facts, ENDS_WELL, false, 1000 * seed + 77, want[seed]);
	for (enum ending ending = ENDS_WELL; ending < ENDINGS; ending++) {
		for (uint64_t seed = 0; seed < rounds[ending]; seed++) {
			play(path, facts, ending, true, 1000 * seed + 77, got);
			if (ending <= ENDS_BUSY)
				compare(path, want[seed], got, 1000 * seed + 77);
		}
	}
}

/* With room for everything, and with so little that tables forget all the time. */
static void try_all(const char *path, struct facts *facts)
{
	config_defaults(&config);
	try_facts(path, facts);
	config.judge.devices = 8;
	config.judge.names = 32;
	config.detect.beacon.pairs = 20;
	config.detect.scan.sources = 20;
	config.detect.dns_tunnel.zones = 12;
	try_facts(path, facts);
	for (size_t i = 0; i < facts->count; i++)
		free(facts->list[i]);
	(void)printf("%s: %zu facts\n", path, facts->count);
}

static void try_capture(const char *path)
{
	static struct facts facts;

	facts.count = 0;
	config_defaults(&config);
	collect_facts(path, &facts);
	try_all(path, &facts);
}

/* The same seven minutes at different times of two days. */
static void try_office(void)
{
	static const double seconds[] = { 0, 700, 1500, 8000, 30000, 100000 };
	static struct facts facts;
	uint64_t flow_id = 0;

	facts.count = 0;
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
		busy_office(seconds[i], &flow_id, collect, &facts);
	try_all("busy office", &facts);
}

static void try_golden(void)
{
	const char *golden = getenv("GOLDEN");
	char pattern[4096];
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s/*/capture.*", golden ? golden : ".");
	if (glob(pattern, 0, NULL, &found) != 0)
		fail(pattern, "no captures");
	for (size_t i = 0; i < found.gl_pathc; i++)
		try_capture(found.gl_pathv[i]);
	globfree(&found);
}

int main(int argc, char **argv)
{
	indicators = test_indicators(OFFICE_INDICATORS "cdn.listed-bad.example\n203.0.113.166\n");
	for (int i = 1; i < argc; i++)
		try_capture(argv[i]);
	if (argc == 1) {
		try_office();
		try_golden();
	}
	intel_sets_free(indicators);
	return EXIT_SUCCESS;
}
