#include "sensor/intel/intel_sets.h"

#include "sensor/intel/intel_file.h"
#include "sensor/intel/registered_domain.h"
#include "tests/support/cmocka.h"
#include "tests/support/intel_sets.h"
#include "tests/unit/capture/scratch_dir.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_LEN = 512, SETS_MAX = 4 };

static struct intel_set *set_of(enum intel_purpose purpose, const struct told *told, size_t count)
{
	struct made_set made = make_set_for(purpose, told, count);
	struct intel_set *set;

	intel_set_free(made.set);
	assert_int_equal(intel_set_take(made.bytes, made.len, &set), INTEL_FINE);
	return set;
}

static struct intel_sets *sets_of(struct intel_set *const *list, size_t count)
{
	struct intel_sets *sets;

	assert_int_equal(intel_sets_new(&sets), ERR_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(intel_sets_add(sets, list[i]), ERR_OK);
	return sets;
}

static bool find(const struct intel_sets *sets, enum intel_purpose purpose, const char *text,
		 struct intel_match *out)
{
	struct intel_item item;
	struct intel_item as_name;

	assert_int_equal(intel_item_guess(text, &item), ERR_OK);
	if (intel_item_name(text, &as_name) == ERR_OK && item.kind == INTEL_NAME)
		return intel_sets_find_name(sets, purpose, text, registered_domain(text), out);
	if (item.kind == INTEL_ADDRESS || item.kind == INTEL_ENDPOINT)
		return intel_sets_find_address(sets, purpose, &item.network.address, item.port,
					       out);
	return intel_sets_find_item(sets, purpose, &item, text, out);
}

/* Two sets that both know an item: which of them answers. */
struct better_case {
	const char *name;
	struct told told[2];
	const char *want; /* its family */
};

static struct better_case betters[] = {
	{ "the surer one",
	  { { "a", "evil.example", "less", 0, 0, 40, 0, false, false },
	    { "b", "evil.example", "more", 0, 0, 80, 0, false, false } },
	  "more" },
	{ "a bad word before a harmless one, however sure",
	  { { "a", "evil.example", "less", 0, 0, 90, INTEL_CDN, false, true },
	    { "b", "evil.example", "more", 0, 0, 20, 0, false, false } },
	  "more" },
	{ "of two harmless ones the surer one",
	  { { "a", "evil.example", "less", 0, 0, 30, INTEL_CDN, false, true },
	    { "b", "evil.example", "more", 0, 0, 60, INTEL_CDN, false, true } },
	  "more" },
	{ "an address as well",
	  { { "a", "192.0.2.7", "less", 0, 0, 40, 0, false, false },
	    { "b", "192.0.2.7", "more", 0, 0, 41, 0, false, false } },
	  "more" },
	{ "a URL as well",
	  { { "a", "evil.example/a", "less", 0, 0, 40, 0, false, false },
	    { "b", "evil.example/a", "more", 0, 0, 41, 0, false, false } },
	  "more" },
};

/* In whatever order they were added. */
static void the_better_one_answers(void **state)
{
	const struct better_case *c = *state;

	for (size_t first = 0; first < 2; first++) {
		struct intel_set *list[2] = {
			set_of(INTEL_INDICATORS, &c->told[first], 1),
			set_of(INTEL_INDICATORS, &c->told[1 - first], 1),
		};
		struct intel_sets *sets = sets_of(list, 2);
		struct intel_match match;

		assert_true(find(sets, INTEL_INDICATORS, c->told[0].text, &match));
		assert_string_equal(match.hit.family, c->want);
		assert_ptr_equal(match.set, list[first == 0]);
		intel_sets_free(sets);
	}
}

/* What of it is told to be listed. */
struct item_case {
	const char *name; /* what is asked */
	const char *want; /* NULL: nothing */
};

static const struct told listed[] = {
	{ "a", "evil.example", "f", 0, 0, 60, 0, true, false },
	{ "a", "only.this.example", "f", 0, 0, 60, 0, false, false },
	{ "a", "192.0.2.7", "f", 0, 0, 60, 0, false, false },
	{ "a", "192.0.2.8:4444", "f", 0, 0, 60, 0, false, false },
	{ "a", "[2001:db8::8]:4444", "f", 0, 0, 60, 0, false, false },
	{ "a", "198.51.100.0/24", "wide", 0, 0, 60, 0, false, false },
	{ "a", "198.51.100.64/26", "narrow", 0, 0, 60, 0, false, false },
	{ "a", "2001:db8:bad::/48", "f", 0, 0, 60, 0, false, false },
	{ "a", "evil.example/gate.php", "f", 0, 0, 60, 0, false, false },
};

static struct item_case items[] = {
	{ "evil.example", "evil.example" },
	{ "a.b.evil.example", "evil.example" },
	{ "notevil.example", NULL },
	{ "only.this.example", "only.this.example" },
	{ "below.only.this.example", NULL },
	{ "192.0.2.7", "192.0.2.7" },
	{ "192.0.2.7:80", "192.0.2.7" },
	{ "192.0.2.8:4444", "192.0.2.8:4444" },
	{ "192.0.2.8:443", NULL },
	{ "[2001:db8::8]:4444", "[2001:db8::8]:4444" },
	/* The widest around it that is listed as one. */
	{ "198.51.100.1", "198.51.100.0/26" },
	{ "198.51.100.65", "198.51.100.64/26" },
	{ "198.51.100.129", "198.51.100.128/25" },
	{ "198.51.101.1", NULL },
	{ "2001:db8:bad::7", "2001:db8:bad::/48" },
	{ "evil.example/gate.php", "evil.example/gate.php" },
};

static void what_is_listed_is_told(void **state)
{
	const struct item_case *c = *state;
	struct intel_set *list[] = { set_of(INTEL_INDICATORS, listed, ARRAY_LEN(listed)) };
	struct intel_sets *sets = sets_of(list, 1);
	struct intel_match match;

	assert_int_equal(find(sets, INTEL_INDICATORS, c->name, &match), c->want != NULL);
	if (c->want)
		assert_string_equal(match.item, c->want);
	assert_false(find(sets, INTEL_PREVALENCE, c->name, &match));
	assert_false(find(NULL, INTEL_INDICATORS, c->name, &match));
	intel_sets_free(sets);
}

static void purposes_are_kept_apart(void **state)
{
	static const struct told bad = { "a", "evil.example", "f", 0, 0, 60, 0, false, false };
	static const struct told common = { "a", "192.0.2.7", "", 0, 0, 60, 0, false, false };
	struct intel_set *list[] = { set_of(INTEL_INDICATORS, &bad, 1),
				     set_of(INTEL_PREVALENCE, &common, 1) };
	struct intel_sets *sets = sets_of(list, 2);
	struct intel_match match;

	(void)state;
	assert_true(intel_sets_hold(sets, INTEL_INDICATORS, INTEL_NAME));
	assert_false(intel_sets_hold(sets, INTEL_INDICATORS, INTEL_ADDRESS));
	assert_true(intel_sets_hold(sets, INTEL_PREVALENCE, INTEL_ADDRESS));
	assert_false(intel_sets_hold(NULL, INTEL_INDICATORS, INTEL_NAME));
	assert_false(find(sets, INTEL_PREVALENCE, "evil.example", &match));
	assert_true(find(sets, INTEL_PREVALENCE, "192.0.2.7", &match));
	assert_false(find(sets, INTEL_INDICATORS, "192.0.2.7", &match));
	assert_int_equal(intel_sets_age(sets).entries, 1);
	intel_sets_free(sets);
}

/* One too many is freed, as a sanitizer sees. */
static void there_is_a_most(void **state)
{
	struct intel_sets *sets = sets_of(NULL, 0);

	(void)state;
	assert_int_equal(intel_sets_count(NULL), 0);
	for (size_t i = 0; i <= INTEL_SETS_MAX; i++)
		assert_int_equal(intel_sets_add(sets, set_of(INTEL_INDICATORS, listed, 1)),
				 i < INTEL_SETS_MAX ? ERR_OK : ERR_FULL);
	assert_int_equal(intel_sets_count(sets), INTEL_SETS_MAX);
	assert_non_null(intel_sets_at(sets, INTEL_SETS_MAX - 1));
	intel_sets_free(sets);
	intel_sets_free(NULL);
}

static void a_digest_names_what_they_are(void **state)
{
	uint8_t digests[SETS_MAX][SHA256_LEN];

	(void)state;
	for (size_t i = 0; i < SETS_MAX; i++) {
		struct intel_set *list[] = { set_of(INTEL_INDICATORS, &listed[i / 2], 1),
					     set_of(INTEL_INDICATORS, &listed[3], 1) };
		struct intel_sets *sets = sets_of(list, ARRAY_LEN(list));

		intel_sets_digest(sets, digests[i]);
		intel_sets_free(sets);
	}
	assert_memory_equal(digests[0], digests[1], SHA256_LEN);
	assert_memory_equal(digests[2], digests[3], SHA256_LEN);
	assert_memory_not_equal(digests[0], digests[2], SHA256_LEN);
}

/* Signed on one day, to expire on another. */
static struct intel_set *signed_set(const char *path, nanotime made, nanotime expires)
{
	const struct intel_issue issue = { 7, made, expires };
	struct made_set set = make_set(listed, 2);
	struct sign_public public;
	struct sign_secret secret;
	struct intel_set *opened;
	uint8_t id[SIGN_ID_LEN];

	assert_int_equal(sign_start(), ERR_OK);
	sign_make_pair(&public, &secret);
	assert_int_equal(intel_file_write(path, set.bytes, set.len, &issue, &secret), ERR_OK);
	assert_int_equal(intel_set_open(path, &public, 1, &opened, id), INTEL_FINE);
	made_set_free(&set);
	return opened;
}

/* How often a file is mapped, also one that has another name by now. */
static unsigned mappings_of(const char *path)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[SHOWN_LEN];
	unsigned count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		count += strstr(line, path) != NULL;
	assert_int_equal(fclose(maps), 0);
	return count;
}

static void their_age_is_that_of_the_oldest(void **state)
{
	struct scratch_dir dir;
	const char *path;
	struct intel_sets_age age = intel_sets_age(NULL);

	(void)state;
	assert_true(age.entries == 0 && age.made == 0 && age.expires == 0 && !age.has_refusal);
	scratch_make(&dir);
	path = scratch_write(&dir, "", 0);

	struct intel_set *list[] = {
		set_of(INTEL_INDICATORS, listed, 3), /* as it is: of no age */
		signed_set(path, 200 * NANOTIME_DAY, 214 * NANOTIME_DAY),
		signed_set(path, 100 * NANOTIME_DAY, 300 * NANOTIME_DAY),
	};
	struct intel_sets *sets = sets_of(list, ARRAY_LEN(list));

	age = intel_sets_age(sets);
	assert_int_equal(age.entries, 3 + 2 + 2);
	assert_int_equal(age.made, 100 * NANOTIME_DAY);
	assert_int_equal(age.expires, 214 * NANOTIME_DAY);
	assert_false(age.has_refusal);
	intel_sets_note_refusal(sets);
	assert_true(intel_sets_age(sets).has_refusal);
	assert_int_equal(mappings_of(path), 2);
	intel_sets_free(sets);
	assert_int_equal(mappings_of(path), 0);
	scratch_remove(&dir);
}

struct text_case {
	const char *name;
	struct told told[2];
	const char *want;
};

static struct text_case texts[] = {
	{ "all that is known",
	  { { "urlhaus", "evil.example", "AsyncRAT", 9556, 0, 60, 0, false, false },
	    { "threatfox", "evil.example", "", 9600, 0, 60, 0, false, false } },
	  "evil.example (AsyncRAT; urlhaus, threatfox; since 2026-03-01)" },
	{ "a plain list is both its family and its source",
	  { { "list", "evil.example", "list", 0, 0, 60, 0, false, false } },
	  "evil.example (list)" },
	{ "no family",
	  { { "list", "evil.example", "", 0, 0, 60, 0, false, false } },
	  "evil.example (list)" },
};

static void a_match_is_told_as_far_as_it_is_known(void **state)
{
	const struct text_case *c = *state;
	struct intel_set *list[] = { set_of(INTEL_INDICATORS, c->told, c->told[1].text ? 2 : 1) };
	struct intel_sets *sets = sets_of(list, 1);
	char chars[SHOWN_LEN];
	struct text shown = text_over(chars, sizeof(chars));
	struct intel_match match;

	assert_true(find(sets, INTEL_INDICATORS, "evil.example", &match));
	intel_match_text(&match, &shown);
	assert_string_equal(chars, c->want);
	intel_sets_free(sets);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(betters) + ARRAY_LEN(items) + ARRAY_LEN(texts) + 4];
	size_t count = ADD_ROWS(tests, betters, the_better_one_answers);

	count += ADD_ROWS(tests + count, items, what_is_listed_is_told);
	count += ADD_ROWS(tests + count, texts, a_match_is_told_as_far_as_it_is_known);

	const struct CMUnitTest others[] = {
		cmocka_unit_test(purposes_are_kept_apart),
		cmocka_unit_test(there_is_a_most),
		cmocka_unit_test(a_digest_names_what_they_are),
		cmocka_unit_test(their_age_is_that_of_the_oldest),
	};

	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("intel_sets", tests, count + ARRAY_LEN(others), NULL, NULL);
}
