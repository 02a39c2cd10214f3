/*
 * What the judge's thread hands to a store that has no room at times: what people read of a device
 * is handed over once for each change, however often the device's own row is refused.
 */
#include "sensor/app/watch_judge.h"
#include "sensor/judge/judge.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REFUSALS = 5 };

/* What the store is, as its callers see it. */
static struct {
	time_t second;
	unsigned views;    /* rows for readers that were taken */
	unsigned devices;  /* the sensor's own rows of devices that were taken */
	unsigned refusals; /* so many of those are refused yet */
	bool wants_rows;
} seen;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
enum err __wrap_store_load_kept(struct store *store, kept_take_fn *take, void *arg,
				struct store_loaded *loaded);
enum err __wrap_store_load_cases(struct store *store, store_case_fn *take, void *arg);
enum err __wrap_store_load_last_capsule(struct store *store, store_capsule_fn *take, void *arg);
enum store_kept __wrap_store_kept_wanted(const struct store *store);
void __wrap_store_kept_done(struct store *store);
bool __wrap_store_put_kept(void *store, const struct kept_row *row);
bool __wrap_store_put_device(struct store *store, const struct store_device *row, bool is_new);

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
	(void)clock;
	*out = (struct timespec){ .tv_sec = seen.second };
	return 0;
}

enum err __wrap_store_load_kept(struct store *store, kept_take_fn *take, void *arg,
				struct store_loaded *loaded)
{
	(void)store;
	(void)take;
	(void)arg;
	*loaded = (struct store_loaded){ 0 };
	return ERR_OK;
}

enum err __wrap_store_load_cases(struct store *store, store_case_fn *take, void *arg)
{
	(void)store;
	(void)take;
	(void)arg;
	return ERR_OK;
}

enum err __wrap_store_load_last_capsule(struct store *store, store_capsule_fn *take, void *arg)
{
	(void)store;
	(void)take;
	(void)arg;
	return ERR_OK;
}

enum store_kept __wrap_store_kept_wanted(const struct store *store)
{
	(void)store;
	return seen.wants_rows ? STORE_KEPT_CHANGED : STORE_KEPT_NONE;
}

void __wrap_store_kept_done(struct store *store)
{
	(void)store;
	seen.wants_rows = false;
}

bool __wrap_store_put_kept(void *store, const struct kept_row *row)
{
	(void)store;
	if (strcmp(row->table, "devices") != 0)
		return true;
	if (seen.refusals > 0) {
		seen.refusals--;
		return false;
	}
	seen.devices++;
	return true;
}

bool __wrap_store_put_device(struct store *store, const struct store_device *row, bool is_new)
{
	(void)store;
	(void)row;
	(void)is_new;
	seen.views++;
	return true;
}
/* NOLINTEND(bugprone-reserved-identifier) */

static void sight(struct watch_judge *judge, uint8_t device, double seconds)
{
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(seconds), NULL);
	char address[20];

	(void)snprintf(address, sizeof(address), "192.168.1.%u", device);
	fact.sighting = (struct fact_sighting){ .source = test_address(address),
						.source_mac = test_mac(device) };
	judge_take(watch_judge_of(judge), &fact);
}

static void run_round(struct watch_judge *judge)
{
	seen.wants_rows = true;
	for (unsigned i = 0; i < 10 * REFUSALS && seen.wants_rows; i++) {
		seen.second++;
		watch_judge_between(judge);
	}
	assert_false(seen.wants_rows);
}

static void a_view_is_handed_over_once(void **state)
{
	static struct journal journal = { .fd = -1 };
	static struct config config;
	static const struct read_report report;
	const struct watch_judge_setup setup = { .config = &config,
						 .report = &report,
						 .journal = &journal };
	struct watch_judge *judge;
	int nothing; /* stands for a store: nobody looks into it */

	(void)state;
	config_defaults(&config);
	assert_int_equal(watch_judge_new(&judge, &setup), ERR_OK);
	assert_int_equal(watch_judge_restore(judge, (struct store *)(void *)&nothing), ERR_OK);
	sight(judge, 10, 0);
	sight(judge, 11, 1);
	seen.refusals = REFUSALS;
	run_round(judge);
	assert_int_equal(seen.refusals, 0);
	assert_int_equal(seen.devices, 2);
	assert_int_equal(seen.views, 2);

	/* What changes meanwhile is handed over again, with its change. */
	sight(judge, 10, 100);
	seen.refusals = 1;
	seen.wants_rows = true;
	seen.second++;
	watch_judge_between(judge);
	assert_int_equal(seen.views, 3);
	sight(judge, 10, 101);
	run_round(judge);
	assert_int_equal(seen.views, 4);
	assert_int_equal(seen.devices, 3);
	watch_judge_free(judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_view_is_handed_over_once) };

	return cmocka_run_group_tests_name("device_views", tests, NULL, NULL);
}
