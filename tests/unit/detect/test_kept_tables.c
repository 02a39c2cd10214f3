/* Of every detector's tables: each has a row, and of rows what cannot have been written is refused.
 */
#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETECTORS_MOST = 96, MAPS_MOST = 16 };

enum err __real_lru_map_new(struct lru_map **out, uint32_t count, size_t key_size,
			    size_t value_size);
enum err __wrap_lru_map_new(struct lru_map **out, uint32_t count, size_t key_size,
			    size_t value_size);

/* The maps of the detector at hand. */
static const struct lru_map *made[MAPS_MOST];
static size_t made_count;

enum err __wrap_lru_map_new(struct lru_map **out, uint32_t count, size_t key_size,
			    size_t value_size)
{
	enum err err = __real_lru_map_new(out, count, key_size, value_size);

	assert_true(made_count < MAPS_MOST);
	if (err == ERR_OK)
		made[made_count++] = *out;
	return err;
}

/* Rows whose value is a time or a count alone: any will do, as nothing that is read hangs on it. */
static bool is_any_number(const char *table)
{
	/* One a line, so that others can be added beside it. */
	/* clang-format off */
	static const char *const tables[] = {
		"remote_execution.targets",
		"machine_names.told",
		"policy_use.told",
		"old_smb.told",
		"clear_password.told",
		"presence.identities",
		"odd_tls.devices",
		"fast_flux.told",
		"name_poisoning.asked",
		"name_poisoning.announced",
		"rogue_router.lessees",
		"odd_http.asked",
		"partner_contact.told",
		"contact_before.told",
		"listed_said.told",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(tables[i], table) == 0)
			return true;
	}
	return false;
}

static void check_table(const void *detector_state, const struct kept_table *table)
{
	uint8_t somebody[LRU_MAP_KEY_MOST] = { 1 };
	struct lru_map *map;
	void *value;

	memcpy(&map, (const char *)detector_state + table->at, sizeof(map));
	if (!map || !table->is_sound) /* not made as it is configured, or rows of any kind */
		return;
	value = calloc(1, lru_map_value_size(map));
	assert_non_null(value);
	memset(value, 0xff, lru_map_value_size(map));
	if (!is_any_number(table->name) && table->is_sound(somebody, value))
		fail_msg("%s: a row of ones alone is taken", table->name);
	free(value);
}

static bool has_row(const struct test_bench *bench, const struct lru_map *map)
{
	for (const struct kept_table *t = bench->detector->kept; t && t->name; t++) {
		const struct lru_map *kept;

		memcpy(&kept, (const char *)bench->state + t->at, sizeof(kept));
		if (t->size == 0 && kept == map)
			return true;
	}
	return false;
}

/* What a conclusion rests on and has no row is in no capsule, and replays come out otherwise. */
static void check_rows(const struct test_bench *bench)
{
	for (size_t i = 0; i < made_count; i++) {
		if (!has_row(bench, made[i]))
			fail_msg("%s: the %zuth of %zu tables has no row in its `kept`",
				 bench->detector->name, i + 1, made_count);
	}
}

static void run_detector(void **state)
{
	const struct detector *detector = *state;
	static struct test_bench bench;

	test_bench_prepare(&bench, detector);
	/* A list of nobody: without one there are no tables. */
	(void)snprintf(bench.config.detect.partners.list, sizeof(bench.config.detect.partners.list),
		       "/dev/null");
	made_count = 0;
	test_bench_start(&bench, NULL);
	check_rows(&bench);
	for (const struct kept_table *table = detector->kept; table && table->name; table++)
		check_table(bench.state, table);
	test_bench_stop(&bench);
}

int main(void)
{
	struct CMUnitTest tests[DETECTORS_MOST];

	if (detectors_count > DETECTORS_MOST)
		return 1;
	for (size_t i = 0; i < detectors_count; i++)
		tests[i] = (struct CMUnitTest){ .name = detectors[i]->name,
						.test_func = run_detector,
						.initial_state = (void *)(uintptr_t)detectors[i] };
	return _cmocka_run_group_tests("kept_tables", tests, detectors_count, NULL, NULL);
}
