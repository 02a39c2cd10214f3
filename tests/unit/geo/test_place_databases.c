#include "sensor/geo/place_databases.h"

#include "tests/support/place_file.h"
#include "tests/unit/capture/scratch_dir.h"

#include <string.h>

enum { FILE_MOST = 64 << 10 };

/* 2026-11-22: three weeks after ours was built. */
static const nanotime now = UINT64_C(1795305600) * NANOTIME_SECOND;

static struct address address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

static struct place_databases *open_list(const char *list, nanotime oldest)
{
	struct places_config config = { .oldest = oldest };
	struct place_databases *dbs;

	(void)snprintf(config.databases, sizeof(config.databases), "%s", list);
	assert_int_equal(place_databases_open(&dbs, &config), ERR_OK);
	return dbs;
}

static void none_is_none(void **state)
{
	(void)state;
	assert_null(open_list("", NANOTIME_DAY));
	assert_null(open_list(" , ", NANOTIME_DAY));
	place_databases_free(NULL);
}

static void the_list_is_cut_at_commas(void **state)
{
	static const char list[] = " /a b/c.mmdb , /d.mmdb,,/e ";
	char path[CONFIG_PATH_LEN];
	size_t at = 0;

	(void)state;
	assert_true(place_databases_next_path(list, &at, path));
	assert_string_equal(path, "/a b/c.mmdb");
	assert_true(place_databases_next_path(list, &at, path));
	assert_string_equal(path, "/d.mmdb");
	assert_true(place_databases_next_path(list, &at, path));
	assert_string_equal(path, "/e");
	assert_false(place_databases_next_path(list, &at, path));
}

static void what_is_missing_is_told_once_and_the_rest_answers(void **state)
{
	const struct address address = address_of("198.51.100.7");
	char list[CONFIG_PATH_LEN];
	char fault[PLACE_FAULT_LEN];
	struct place_databases *dbs;
	struct place place;

	(void)state;
	(void)snprintf(list, sizeof(list), "/nowhere/a.mmdb,%s", place_file());
	dbs = open_list(list, 400 * NANOTIME_DAY);
	assert_true(place_databases_fault(dbs, fault));
	assert_non_null(strstr(fault, "/nowhere/a.mmdb: No such file or directory: "));
	assert_false(place_databases_fault(dbs, fault));
	assert_true(place_databases_find(dbs, &address, now, &place));
	assert_string_equal(place.country, "NL");
	assert_int_equal(place.asn, 64500);
	assert_false(place_databases_fault(dbs, fault));
	place_databases_free(dbs);
}

/* 2026-11-01, as tests/CMakeLists.txt has it built. */
static void its_state_is_of_what_is_open(void **state)
{
	const nanotime built = UINT64_C(1793491200) * NANOTIME_SECOND;
	struct place_databases_state is = place_databases_state(NULL);
	struct place_databases *dbs;
	char list[CONFIG_PATH_LEN];

	(void)state;
	assert_true(is.built == 0 && is.oldest == 0 && is.refused == 0);
	(void)snprintf(list, sizeof(list), "/nowhere/a.mmdb,%s,/nowhere/b.mmdb", place_file());
	dbs = open_list(list, 14 * NANOTIME_DAY);
	is = place_databases_state(dbs);
	assert_int_equal(is.built, built);
	assert_int_equal(is.oldest, 14 * NANOTIME_DAY);
	assert_int_equal(is.refused, 2);
	place_databases_free(dbs);
}

static void too_old_a_database_tells_nothing(void **state)
{
	const struct address address = address_of("198.51.100.7");
	struct place_databases *dbs = open_list(place_file(), 14 * NANOTIME_DAY);
	char fault[PLACE_FAULT_LEN];
	struct place place;

	(void)state;
	assert_false(place_databases_fault(dbs, fault));
	assert_true(place_databases_find(dbs, &address, now - 14 * NANOTIME_DAY, &place));
	assert_false(place_databases_fault(dbs, fault));
	assert_false(place_databases_find(dbs, &address, now, &place));
	assert_false(place_is_known(&place));
	assert_true(place_databases_fault(dbs, fault));
	assert_non_null(strstr(fault, "places.oldest"));
	assert_false(place_databases_find(dbs, &address, now, &place));
	assert_false(place_databases_fault(dbs, fault));
	place_databases_free(dbs);
}

static void one_from_after_the_packets_is_not_too_old(void **state)
{
	const struct address address = address_of("198.51.100.7");
	struct place_databases *dbs = open_list(place_file(), NANOTIME_DAY);
	struct place place;

	(void)state;
	assert_true(place_databases_find(dbs, &address, NANOTIME_DAY, &place));
	place_databases_free(dbs);
}

static void who_checks_hears_of_age(void **state)
{
	struct place_databases *dbs = open_list(place_file(), NANOTIME_DAY);
	char fault[PLACE_FAULT_LEN];

	(void)state;
	place_databases_date(dbs, now);
	assert_true(place_databases_fault(dbs, fault));
	assert_false(place_databases_fault(dbs, fault));
	place_databases_free(dbs);
}

/* A copy of ours whose records are no maps with keys. */
static const char *write_damaged(struct scratch_dir *scratch)
{
	static uint8_t bytes[FILE_MOST];
	FILE *file = fopen(place_file(), "rbe");
	size_t len;
	uint8_t *at = bytes;

	assert_non_null(file);
	len = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	/* The first key of each: now a number. */
	while ((at = memmem(at, len - (size_t)(at - bytes),
			    "\x58"
			    "autonomous_system_number",
			    25)))
		*at = 0xc4;
	return scratch_write(scratch, bytes, len);
}

static void a_damaged_one_is_dropped_and_told_once(void **state)
{
	const struct address address = address_of("198.51.100.7");
	struct scratch_dir scratch;
	struct place_databases *dbs;
	char fault[PLACE_FAULT_LEN];
	struct place place;

	(void)state;
	scratch_make(&scratch);
	dbs = open_list(write_damaged(&scratch), 400 * NANOTIME_DAY);
	for (int i = 0; i < PLACE_ERRORS_MOST - 1; i++)
		assert_false(place_databases_find(dbs, &address, now, &place));
	assert_false(place_databases_fault(dbs, fault));
	assert_false(place_databases_find(dbs, &address, now, &place));
	assert_true(place_databases_fault(dbs, fault));
	assert_non_null(strstr(fault, "is damaged, and not asked any more"));
	assert_false(place_databases_find(dbs, &address, now, &place));
	assert_false(place_databases_fault(dbs, fault));
	place_databases_free(dbs);
	scratch_remove(&scratch);
}

static void one_cut_short_is_dropped_and_told_once(void **state)
{
	const struct address address = address_of("198.51.100.7");
	static uint8_t bytes[FILE_MOST];
	struct scratch_dir scratch;
	struct place_databases *dbs;
	char fault[PLACE_FAULT_LEN];
	struct place place;
	const char *path;
	FILE *file = fopen(place_file(), "rbe");

	(void)state;
	assert_non_null(file);
	scratch_make(&scratch);
	path = scratch_write(&scratch, bytes, fread(bytes, 1, sizeof(bytes), file));
	assert_int_equal(fclose(file), 0);
	dbs = open_list(path, 400 * NANOTIME_DAY);
	assert_true(place_databases_find(dbs, &address, now, &place));
	assert_int_equal(truncate(path, 0), 0);
	assert_false(place_databases_find(dbs, &address, now, &place));
	assert_true(place_databases_fault(dbs, fault));
	assert_non_null(strstr(fault, "was cut short"));
	assert_false(place_databases_fault(dbs, fault));
	place_databases_free(dbs);
	scratch_remove(&scratch);
}

static void terms_name_what_is_open(void **state)
{
	char list[CONFIG_PATH_LEN];
	char chars[256];
	struct text text = text_over(chars, sizeof(chars));
	struct place_databases *dbs;

	(void)state;
	(void)snprintf(list, sizeof(list), "/nowhere/a.mmdb,%s", place_file());
	dbs = open_list(list, NANOTIME_DAY);
	place_databases_terms(dbs, &text);
	assert_int_equal(strncmp(chars, "places.2=Hinomi-ASN-Country 2026-11-01 ", 39), 0);
	place_databases_terms(NULL, &text);
	place_databases_free(dbs);
}

static void beyond_the_most_it_is_told(void **state)
{
	char fault[PLACE_FAULT_LEN] = "";
	struct place_databases *dbs = open_list("a,b,c,d,e,f,g,h,i", NANOTIME_DAY);
	size_t told = 0;

	(void)state;
	while (place_databases_fault(dbs, fault))
		told++;
	assert_int_equal(told, PLACE_DATABASES_MAX + 1);
	assert_non_null(strstr(fault, "at most 8"));
	place_databases_free(dbs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_none),
		cmocka_unit_test(the_list_is_cut_at_commas),
		cmocka_unit_test(what_is_missing_is_told_once_and_the_rest_answers),
		cmocka_unit_test(its_state_is_of_what_is_open),
		cmocka_unit_test(too_old_a_database_tells_nothing),
		cmocka_unit_test(one_from_after_the_packets_is_not_too_old),
		cmocka_unit_test(who_checks_hears_of_age),
		cmocka_unit_test(a_damaged_one_is_dropped_and_told_once),
		cmocka_unit_test(one_cut_short_is_dropped_and_told_once),
		cmocka_unit_test(terms_name_what_is_open),
		cmocka_unit_test(beyond_the_most_it_is_told),
	};

	return cmocka_run_group_tests_name("place_databases", tests, NULL, NULL);
}
