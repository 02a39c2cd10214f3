#include "sensor/judge/capsule_replay.h"
#include "sensor/judge/judge.h"

#include "tests/support/busy_office.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

enum { CAPSULES_MAX = 64, FLIPS = 700 };

struct kept {
	uint8_t *bytes;
	size_t len;
};

struct trial {
	struct config config;
	struct intel_sets *indicators;
	struct judge *judge;
	struct kept kept[CAPSULES_MAX];
	size_t count;
	bool refuses;
};

static bool made(void *arg, const struct capsule_made *capsule)
{
	struct trial *t = arg;
	struct kept *kept = &t->kept[t->count];

	if (t->refuses)
		return false;
	assert_true(++t->count <= CAPSULES_MAX);
	kept->bytes = malloc(capsule->bytes.len);
	assert_non_null(kept->bytes);
	memcpy(kept->bytes, capsule->bytes.data, capsule->bytes.len);
	kept->len = capsule->bytes.len;
	return true;
}

static void start(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	config_defaults(&t->config);
	t->config.judge.learning = 0;
	t->indicators = test_indicators(OFFICE_INDICATORS);
}

static void watch_office(struct trial *t)
{
	const struct judge_setup setup = { .config = &t->config,
					   .indicators = t->indicators,
					   .identity = "office",
					   .capsule_made = made,
					   .capsule_arg = t };
	uint64_t flow_id = 0;

	assert_int_equal(judge_new(&t->judge, &setup), ERR_OK);
	busy_office(0, &flow_id, judge_take, t->judge);
	judge_finish(t->judge);
}

static void stop(struct trial *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->kept[i].bytes);
	judge_free(t->judge);
	intel_sets_free(t->indicators);
}

static struct capsule open_kept(const struct kept *kept)
{
	struct span bytes = { kept->bytes, kept->len };
	struct capsule capsule;
	char why[CAPSULE_WHY_LEN];

	assert_int_equal(capsule_open(&capsule, bytes, why), ERR_OK);
	return capsule;
}

static struct replay_answer replay(const struct trial *t, const struct capsule *capsule)
{
	const struct replay_setup setup = { .config = &t->config, .indicators = t->indicators };
	struct replay_answer answer;

	assert_int_equal(capsule_replay(capsule, &setup, &answer), ERR_OK);
	return answer;
}

static void every_capsule_comes_to_its_verdict(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	watch_office(&t);
	assert_true(t.count >= OFFICE_CASES);
	for (size_t i = 0; i < t.count; i++) {
		struct capsule capsule = open_kept(&t.kept[i]);
		struct replay_answer answer = replay(&t, &capsule);

		assert_int_equal(answer.outcome, REPLAY_SAME);
		assert_int_equal(answer.rows_refused, 0);
		assert_int_equal(capsule.head.not_noted, 0);
	}
	stop(&t);
}

/* Without capsules, and with them, the same cases. */
static void capsules_change_no_verdict(void **state)
{
	struct judge_setup setup;
	struct judge_totals without;
	struct judge_totals with;
	struct judge *judge;
	uint64_t flow_id = 0;
	struct trial t;

	(void)state;
	start(&t);
	watch_office(&t);
	setup = (struct judge_setup){ .config = &t.config,
				      .indicators = t.indicators,
				      .identity = "office" };
	assert_int_equal(judge_new(&judge, &setup), ERR_OK);
	busy_office(0, &flow_id, judge_take, judge);
	judge_finish(judge);
	with = judge_totals(t.judge);
	without = judge_totals(judge);
	assert_memory_equal(&with, &without, sizeof(with));
	judge_free(judge);
	stop(&t);
}

static void each_names_the_one_before(void **state)
{
	static const uint8_t none[SHA256_LEN];
	struct trial t;

	(void)state;
	start(&t);
	watch_office(&t);
	for (size_t i = 0; i < t.count; i++) {
		struct capsule capsule = open_kept(&t.kept[i]);
		struct capsule before = i > 0 ? open_kept(&t.kept[i - 1]) : capsule;
		const uint8_t *digest = i > 0 ? before.parts[CAPSULE_DIGEST].data : none;

		assert_int_equal(capsule.head.number, i + 1);
		assert_memory_equal(capsule.head.previous, digest, SHA256_LEN);
	}
	stop(&t);
}

static void one_changed_byte_is_found(void **state)
{
	char why[CAPSULE_WHY_LEN];
	struct capsule capsule;
	struct kept *kept;
	struct trial t;

	(void)state;
	start(&t);
	watch_office(&t);
	kept = &t.kept[0];
	for (size_t i = 0; i < FLIPS; i++) {
		size_t at = i * (kept->len - 1) / (FLIPS - 1);
		uint8_t bit = (uint8_t)(1U << i % 8);

		kept->bytes[at] ^= bit;
		assert_int_equal(
			capsule_open(&capsule, (struct span){ kept->bytes, kept->len }, why),
			ERR_MALFORMED);
		kept->bytes[at] ^= bit;
	}
	for (size_t len = 0; len < kept->len; len += 1 + len / 16)
		assert_int_equal(capsule_open(&capsule, (struct span){ kept->bytes, len }, why),
				 ERR_MALFORMED);
	stop(&t);
}

/* What the scan is held against is set higher: its capsules alone are told of as others. */
static void another_threshold_shows(void **state)
{
	size_t others = 0;
	struct trial t;

	(void)state;
	start(&t);
	watch_office(&t);
	t.config.detect.scan.hosts = 200;
	for (size_t i = 0; i < t.count; i++) {
		struct capsule capsule = open_kept(&t.kept[i]);
		char kind[CAPSULE_FIELD_LEN];

		if (replay(&t, &capsule).outcome == REPLAY_SAME)
			continue;
		capsule_verdict_field(capsule.parts[CAPSULE_VERDICT], "kind", kind, sizeof(kind));
		assert_non_null(strstr(kind, "scan"));
		others++;
	}
	assert_true(others > 0 && others < t.count);
	stop(&t);
}

static void no_more_than_the_day_allows(void **state)
{
	struct capsule_counts totals;
	struct trial t;

	(void)state;
	start(&t);
	t.config.capsule.daily = 2;
	watch_office(&t);
	totals = judge_capsules(t.judge);
	assert_int_equal(t.count, 2);
	assert_int_equal(totals.made, 2);
	assert_true(totals.beyond_daily >= OFFICE_CASES - 2);
	assert_int_equal(totals.too_large + totals.not_kept, 0);
	stop(&t);
	start(&t);
	t.config.capsule.daily_bytes = 1000;
	watch_office(&t);
	assert_int_equal(t.count, 0);
	assert_true(judge_capsules(t.judge).beyond_daily >= OFFICE_CASES);
	stop(&t);
}

/* The chain goes on without what nobody kept. */
static void what_is_not_kept_is_not_in_the_chain(void **state)
{
	struct capsule_counts totals;
	struct trial t;

	(void)state;
	start(&t);
	t.refuses = true;
	watch_office(&t);
	totals = judge_capsules(t.judge);
	assert_int_equal(totals.made, 0);
	assert_true(totals.not_kept >= OFFICE_CASES);
	assert_int_equal(totals.too_large + totals.beyond_daily, 0);
	stop(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_capsule_comes_to_its_verdict),
		cmocka_unit_test(capsules_change_no_verdict),
		cmocka_unit_test(each_names_the_one_before),
		cmocka_unit_test(one_changed_byte_is_found),
		cmocka_unit_test(another_threshold_shows),
		cmocka_unit_test(no_more_than_the_day_allows),
		cmocka_unit_test(what_is_not_kept_is_not_in_the_chain),
	};

	return cmocka_run_group_tests_name("capsules", tests, NULL, NULL);
}
