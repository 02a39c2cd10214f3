/* Of every detector's rows that outlive the process: what cannot have been written is refused. */
#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

enum { DETECTORS_MOST = 96 };

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

static void run_detector(void **state)
{
	const struct detector *detector = *state;
	static struct test_bench bench;

	test_bench_prepare(&bench, detector);
	test_bench_start(&bench, NULL);
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
