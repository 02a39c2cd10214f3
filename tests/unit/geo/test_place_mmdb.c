#include "sensor/geo/place_mmdb.h"

#include "tests/support/memory_file.h"
#include "tests/support/mutations.h"
#include "tests/support/place_file.h"
#include "tests/unit/capture/scratch_dir.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_MOST = 64 << 10, ASKED = 4, RANDOM_ASKED = 2000 };

static uint64_t random_state = 20261122;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static struct address address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

static struct address draw_address(void)
{
	uint64_t words[2] = { draw(), draw() };
	struct address address;

	memcpy(address.bytes, words, sizeof(words));
	return draw() % 4 != 0 ? address_v4(address.bytes) : address;
}

static struct place_database *open_good(const char *path)
{
	struct place_database *db = NULL;
	char why[PLACE_WHY_LEN] = "";

	if (place_database_open(&db, path, why) != ERR_OK)
		fail_msg("%s: %s", path, why);
	return db;
}

/* What a database says of an address. */
struct told_case {
	const char *file; /* NULL: our own */
	const char *address;
	const char *country;
	uint32_t asn;
	const char *organisation;
};

static struct told_case told[] = {
	{ NULL, "198.51.100.7", "NL", 64500, "EXAMPLE-HOSTING Example Hosting B.V." },
	{ NULL, "198.51.100.255", "NL", 64500, "EXAMPLE-HOSTING Example Hosting B.V." },
	{ NULL, "198.51.101.0", "", 0, "" },
	{ NULL, "192.0.2.7", "", 0, "" },
	{ NULL, "203.0.113.127", "JP", 64502, "日本ネット" },
	{ NULL, "203.0.113.128", "US", 64503, "Plain Telecom, \"Inc.\"" },
	{ NULL, "203.0.113.200", "US", 64503, "Plain Telecom, \"Inc.\"" },
	{ NULL, "203.0.113.201", "", 0, "" },
	{ NULL, "2001:db8::1", "DE", 64501, "Beispielnetz" },
	{ NULL, "2001:db8:2:ffff::1", "JP", 64502, "日本ネット" },
	{ NULL, "2001:db8:3::1", "", 0, "" },
	{ "GeoLite2-ASN-Test.mmdb", "1.128.0.0", "", 1221, "Telstra Pty Ltd" },
	{ "GeoLite2-Country-Test.mmdb", "2.125.160.216", "GB", 0, "" },
	{ "GeoIP2-Country-Test.mmdb", "2.125.160.216", "GB", 0, "" },
	{ "GeoIP2-City-Test.mmdb", "81.2.69.160", "GB", 0, "" },
	{ "GeoIP2-City-Test.mmdb", "2001:218::1", "JP", 0, "" },
};

static void what_it_says(void **state)
{
	const struct told_case *c = *state;
	char shared[PLACE_FILE_PATH_LEN];
	const char *path = c->file ? place_file_shared(c->file, shared) : place_file();
	const struct address address = address_of(c->address);
	struct place_database *db;
	struct place place = { 0 };
	bool is_known = c->country[0] != '\0' || c->asn != 0;

	if (!path) {
		print_message("skipped: %s is not beside the project\n", c->file);
		skip();
	}
	db = open_good(path);
	assert_int_equal(place_database_find(db, &address, &place),
			 is_known ? PLACE_TOLD : PLACE_NOT_THERE);
	assert_string_equal(place.country, c->country);
	assert_int_equal(place.asn, c->asn);
	assert_string_equal(place.organisation, c->organisation);
	assert_int_equal(place.country_day != 0, c->country[0] != '\0');
	assert_int_equal(place.network_day != 0, c->asn != 0);
	place_database_free(db);
}

static void it_says_when_it_was_built(void **state)
{
	struct place_database *db = open_good(place_file());
	const struct place_database_head *head = place_database_head(db);
	char day[PLACE_DAY_LEN];

	(void)state;
	place_day_text((uint32_t)(head->built / 86400), day);
	assert_string_equal(day, "2026-11-01");
	assert_string_equal(head->type, "Hinomi-ASN-Country");
	place_database_free(db);
}

/* A file beside the project, whatever is wrong with it: refused, or what it is asked survives. */
struct shared_case {
	const char *file;
	bool is_refused;
	bool is_damaged; /* some of the answers to ask_many() are */
};

static struct shared_case shared_files[] = {
	{ "GeoIP2-City-Test-Invalid-Node-Count.mmdb", true, false },
	{ "GeoIP2-City-Test.mmdb", false, false },
	{ "GeoIP2-Country-Test.mmdb", false, false },
	{ "GeoLite2-ASN-Test.mmdb", false, false },
	{ "GeoLite2-Country-Test.mmdb", false, false },
	{ "MaxMind-DB-test-broken-pointers-24.mmdb", false, true },
	{ "MaxMind-DB-test-broken-search-tree-24.mmdb", false, false },
	{ "bad-cyclic-data-structure.mmdb", true, false },
	{ "bad-libmaxminddb-corrupt-search-tree.mmdb", false, false },
	{ "bad-unexpected-bytes.mmdb", true, false },
};

static unsigned ask_many(const struct place_database *db)
{
	unsigned damaged = 0;

	for (int i = 0; i < RANDOM_ASKED; i++) {
		struct address address = draw_address();
		struct place place = { 0 };
		enum place_answer answer;

		if (i < 256) /* where the test files have their addresses */
			address = address_v4((uint8_t[]){ 1, 1, 1, (uint8_t)i });
		answer = place_database_find(db, &address, &place);
		assert_int_not_equal(answer, PLACE_CUT_OFF);
		assert_true(answer != PLACE_TOLD || place_is_sound(&place));
		damaged += answer == PLACE_DAMAGED;
	}
	return damaged;
}

static void shared_file(void **state)
{
	const struct shared_case *c = *state;
	char path[PLACE_FILE_PATH_LEN];
	struct place_database *db = NULL;
	char why[PLACE_WHY_LEN] = "";
	enum err err;

	if (!place_file_shared(c->file, path)) {
		print_message("skipped: %s is not beside the project\n", c->file);
		skip();
	}
	err = place_database_open(&db, path, why);
	assert_int_equal(err != ERR_OK, c->is_refused);
	assert_int_equal(err != ERR_OK, strlen(why) > 0);
	if (err != ERR_OK)
		return;
	assert_int_equal(ask_many(db) > 0, c->is_damaged);
	place_database_free(db);
}

static size_t read_file(const char *path, uint8_t *out)
{
	FILE *file = fopen(path, "rbe");
	size_t len;

	assert_non_null(file);
	len = fread(out, 1, FILE_MOST, file);
	assert_int_equal(fclose(file), 0);
	return len;
}

static void ask_mutated(const uint8_t *bytes, size_t len)
{
	struct place_database *db = NULL;
	char why[PLACE_WHY_LEN] = "";

	if (place_database_open(&db, memory_file(bytes, len), why) != ERR_OK) {
		assert_true(strlen(why) > 0);
		return;
	}
	for (int i = 0; i < ASKED; i++) {
		struct address address = i == 0 ? address_of("203.0.113.5") : draw_address();
		struct place place;

		if (place_database_find(db, &address, &place) == PLACE_TOLD)
			assert_true(place_is_sound(&place));
	}
	place_database_free(db);
}

/* Mostly the data and what stands at the end: the tree is the larger part. */
static size_t mutate(uint8_t *bytes, size_t len)
{
	uint64_t count = 1 + draw() % 8;

	for (uint64_t i = 0; i < count; i++) {
		size_t tail = len < 2048 ? len : 2048;
		size_t at = draw() % 2 ? draw() % len : len - 1 - draw() % tail;

		len = mutate_at(bytes, len, FILE_MOST, at, &random_state);
	}
	return len;
}

/* As many of each that is there. */
static void mutated_files_are_refused_or_survived(void **state)
{
	static const char *const seeds[] = { NULL,
					     "GeoLite2-ASN-Test.mmdb",
					     "MaxMind-DB-test-broken-pointers-24.mmdb",
					     "bad-cyclic-data-structure.mmdb",
					     "bad-libmaxminddb-corrupt-search-tree.mmdb",
					     "bad-unexpected-bytes.mmdb" };
	static uint8_t good[ARRAY_LEN(seeds)][FILE_MOST];
	static uint8_t bytes[FILE_MOST];
	size_t lens[ARRAY_LEN(seeds)] = { 0 };
	size_t count = 0;

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		char shared[PLACE_FILE_PATH_LEN];
		const char *path = seeds[s] ? place_file_shared(seeds[s], shared) : place_file();

		if (path)
			lens[count] = read_file(path, good[count]);
		count += path != NULL;
	}
	for (size_t i = 0; i < MUTATED_DATABASES; i++) {
		size_t s = i % count;

		memcpy(bytes, good[s], lens[s]);
		ask_mutated(bytes, mutate(bytes, lens[s]));
	}
}

static void half_a_file_is_refused(void **state)
{
	static uint8_t bytes[FILE_MOST];
	size_t len = read_file(place_file(), bytes);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		struct place_database *db = NULL;
		char why[PLACE_WHY_LEN] = "";
		enum err err = place_database_open(&db, memory_file(bytes, cut), why);

		assert_int_not_equal(err, ERR_OK);
		assert_non_null(strstr(why, "fetch it anew"));
	}
}

/* Lists in lists, as deep as a file can say: the library would go down there by calls. */
static void deep_records_are_damaged(void **state)
{
	enum { DEEP = 1 << 20 };
	static const uint8_t record[] = { 0xe3, 0x58 }; /* a map of three, whose first key has 24 */
	static const uint8_t map_of_one[] = { 0xe1, 0x42, 'x', 'x' };
	static const uint8_t list_of_one[] = { 0x01, 0x04 };
	static uint8_t bytes[FILE_MOST + 2 * DEEP];
	const struct address address = address_of("1.2.3.4"); /* whose record is the first */
	size_t len = read_file(place_file(), bytes);
	uint8_t *end = memmem(bytes, len, "\xab\xcd\xefMaxMind.com", 14);
	uint8_t *first = memmem(bytes, len, record, sizeof(record));
	struct place_database *db;
	struct place place;

	(void)state;
	assert_non_null(end);
	assert_non_null(first);
	memmove(end + (size_t)2 * DEEP, end, len - (size_t)(end - bytes));
	for (uint8_t *at = first; at + 2 <= end + (size_t)2 * DEEP; at += 2)
		memcpy(at, list_of_one, sizeof(list_of_one));
	memcpy(end - 2, list_of_one, 2);
	memcpy(first, map_of_one, sizeof(map_of_one));
	db = open_good(memory_file(bytes, len + (size_t)2 * DEEP));
	for (int i = 0; i < 256; i++) {
		struct address asked = address;

		asked.bytes[ADDRESS_LEN - 1] = (uint8_t)i;
		assert_int_not_equal(place_database_find(db, &asked, &place), PLACE_TOLD);
	}
	assert_int_equal(place_database_find(db, &address, &place), PLACE_DAMAGED);
	place_database_free(db);
}

static void a_file_cut_short_while_in_use_is_survived(void **state)
{
	static uint8_t bytes[FILE_MOST];
	const struct address address = address_of("203.0.113.5");
	size_t len = read_file(place_file(), bytes);
	struct scratch_dir scratch;
	struct place_database *db;
	struct place place;
	const char *path;

	(void)state;
	scratch_make(&scratch);
	path = scratch_write(&scratch, bytes, len);
	db = open_good(path);
	assert_int_equal(place_database_find(db, &address, &place), PLACE_TOLD);
	assert_int_equal(truncate(path, 0), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(place_database_find(db, &address, &place), PLACE_CUT_OFF);
	place_database_free(db);
	scratch_remove(&scratch);
}

/* Elsewhere the signal still ends the process: nothing goes on with half of what it read. */
static void elsewhere_a_bus_error_is_the_end(void **state)
{
	struct place_database *db = open_good(place_file());
	int status = 0;
	pid_t child;

	(void)state;
	place_database_free(db);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int file = memfd_create("short", MFD_CLOEXEC);
		const volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);

		_exit(page[0] == 0 ? 1 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

static void what_is_no_database_is_refused(void **state)
{
	static const struct {
		const char *path;
		enum err err;
	} paths[] = { { "/nowhere/at.all", ERR_MISSING },
		      { "/", ERR_IO },
		      { "/dev/null", ERR_IO },
		      { "/proc/self/cmdline", ERR_MALFORMED } };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct place_database *db = NULL;
		char why[PLACE_WHY_LEN] = "";

		assert_int_equal(place_database_open(&db, paths[i].path, why), paths[i].err);
		assert_null(db);
		assert_true(strlen(why) > 0);
	}
}

int main(void)
{
	enum {
		TOLD = sizeof(told) / sizeof(told[0]),
		SHARED = sizeof(shared_files) / sizeof(shared_files[0]),
		OTHERS = 7,
	};
	const struct CMUnitTest others[OTHERS] = {
		cmocka_unit_test(it_says_when_it_was_built),
		cmocka_unit_test(mutated_files_are_refused_or_survived),
		cmocka_unit_test(half_a_file_is_refused),
		cmocka_unit_test(deep_records_are_damaged),
		cmocka_unit_test(a_file_cut_short_while_in_use_is_survived),
		cmocka_unit_test(elsewhere_a_bus_error_is_the_end),
		cmocka_unit_test(what_is_no_database_is_refused),
	};
	struct CMUnitTest tests[TOLD + SHARED + OTHERS];

	for (size_t i = 0; i < TOLD; i++)
		tests[i] = (struct CMUnitTest){ .name = told[i].address,
						.test_func = what_it_says,
						.initial_state = &told[i] };
	for (size_t i = 0; i < SHARED; i++)
		tests[TOLD + i] = (struct CMUnitTest){ .name = shared_files[i].file,
						       .test_func = shared_file,
						       .initial_state = &shared_files[i] };
	memcpy(tests + TOLD + SHARED, others, sizeof(others));
	return cmocka_run_group_tests_name("place_mmdb", tests, NULL, NULL);
}
