#include "sensor/intel/intel_line.h"

#include "tests/support/cmocka.h"
#include "tests/support/intel_sets.h"

#include <string.h>

#define JA4    "t13d1516h2_8daaf6152771_b0da82dd1658"
#define MD5    "0123456789abcdef0123456789abcdef"
#define SHA1   "0123456789abcdef0123456789abcdef01234567"
#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
/* A line that is one, for others to be spoilt from. */
#define SOUND "0\t0\tevil.example\t1\t0\t60\t11000\t11100\temotet\turlhaus\n"

struct line_case {
	const char *name;
	enum intel_purpose purpose;
	struct told told;
	const char *want;
};

static struct line_case cases[] = {
	{ "a name and all below it",
	  INTEL_INDICATORS,
	  { "urlhaus", "evil.example", "emotet", 43, 143, 60, 0, true, false },
	  SOUND },
	{ "a name alone, of a shared place",
	  INTEL_INDICATORS,
	  { "a", "evil.example", "", 0, 0, 100, INTEL_DYNAMIC_DNS, false, false },
	  "0\t0\tevil.example\t0\t4\t100\t0\t0\t\ta\n" },
	{ "an address",
	  INTEL_INDICATORS,
	  { "a", "192.0.2.7", "f", 0, 143, 1, 0, false, false },
	  "0\t1\t192.0.2.7\t0\t0\t1\t0\t11100\tf\ta\n" },
	{ "an endpoint",
	  INTEL_INDICATORS,
	  { "a", "[2001:db8::7]:4444", "f", 0, 0, 60, 0, false, false },
	  "0\t2\t[2001:db8::7]:4444\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a network",
	  INTEL_INDICATORS,
	  { "a", "198.51.100.0/24", "f", 0, 0, 60, 0, false, false },
	  "0\t3\t198.51.100.0/24\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a URL",
	  INTEL_INDICATORS,
	  { "a", "evil.example/gate.php", "f", 0, 0, 60, 0, false, false },
	  "0\t4\tevil.example/gate.php\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a JA4",
	  INTEL_INDICATORS,
	  { "a", JA4, "f", 0, 0, 60, 0, false, false },
	  "0\t5\t" JA4 "\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a JA3",
	  INTEL_INDICATORS,
	  { "a", MD5, "f", 0, 0, 60, 0, false, false },
	  "0\t6\t" MD5 "\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a certificate by SHA-1",
	  INTEL_INDICATORS,
	  { "a", SHA1, "f", 0, 0, 60, 0, false, false },
	  "0\t8\t" SHA1 "\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "a certificate by SHA-256",
	  INTEL_INDICATORS,
	  { "a", SHA256, "f", 0, 0, 60, 0, false, false },
	  "0\t9\t" SHA256 "\t0\t0\t60\t0\t0\tf\ta\n" },
	{ "what is common among offices",
	  INTEL_PREVALENCE,
	  { "a", "update.example", "", 0, 0, 40, 0, false, false },
	  "1\t0\tupdate.example\t0\t0\t40\t0\t0\t\ta\n" },
};

static struct intel_sets *sets_of(enum intel_purpose purpose, const struct told *told, size_t count)
{
	struct made_set made = make_set_for(purpose, told, count);
	struct intel_sets *sets;
	struct intel_set *set;

	intel_set_free(made.set);
	assert_int_equal(intel_set_take(made.bytes, made.len, &set), INTEL_FINE);
	assert_int_equal(intel_sets_new(&sets), ERR_OK);
	assert_int_equal(intel_sets_add(sets, set), ERR_OK);
	return sets;
}

static bool write_line(const struct intel_sets *sets, enum intel_purpose purpose, const char *item,
		       char line[static INTEL_LINE_LEN])
{
	struct text out = text_over(line, INTEL_LINE_LEN);

	return intel_line_write(sets, purpose, item, &out);
}

static enum err read_lines(const char *lines, size_t len, struct intel_sets **out)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	enum err err;

	assert_non_null(exact);
	memcpy(exact, lines, len);
	err = intel_lines_read((struct span){ exact, len }, out);
	free(exact);
	return err;
}

/* A replay writes the same line of the set that it made of it. */
static void an_entry_is_a_line_and_again_an_entry(void **state)
{
	const struct line_case *c = *state;
	struct intel_sets *sets = sets_of(c->purpose, &c->told, 1);
	struct intel_sets *again = NULL;
	char line[INTEL_LINE_LEN];

	assert_true(write_line(sets, c->purpose, c->told.text, line));
	assert_string_equal(line, c->want);
	assert_false(write_line(sets, c->purpose == 0, c->told.text, line));
	assert_false(write_line(sets, c->purpose, "other.example", line));
	assert_int_equal(read_lines(c->want, strlen(c->want), &again), ERR_OK);
	assert_int_equal(intel_sets_count(again), 1);
	assert_true(write_line(again, c->purpose, c->told.text, line));
	assert_string_equal(line, c->want);
	intel_sets_free(again);
	intel_sets_free(sets);
}

static void sources_are_told_in_their_order(void **state)
{
	static const struct told told[] = {
		{ "urlhaus", "evil.example", "emotet", 43, 143, 60, 0, false, false },
		{ "threatfox", "evil.example", "", 0, 0, 0, 0, false, false },
	};
	struct intel_sets *sets = sets_of(INTEL_INDICATORS, told, ARRAY_LEN(told));
	char line[INTEL_LINE_LEN];

	(void)state;
	assert_true(write_line(sets, INTEL_INDICATORS, "evil.example", line));
	assert_non_null(strstr(line, "\temotet\turlhaus, threatfox\n"));
	intel_sets_free(sets);
}

static void lines_of_both_purposes_are_two_sets(void **state)
{
	static const char lines[] = SOUND "1\t1\t192.0.2.7\t0\t0\t40\t0\t0\t\ta\n"
					  "0\t1\t192.0.2.8\t0\t0\t40\t0\t0\t\ta\n";
	struct intel_sets *sets;

	(void)state;
	assert_int_equal(read_lines(lines, sizeof(lines) - 1, &sets), ERR_OK);
	assert_int_equal(intel_sets_count(sets), 2);
	assert_true(intel_sets_hold(sets, INTEL_PREVALENCE, INTEL_ADDRESS));
	assert_true(intel_sets_hold(sets, INTEL_INDICATORS, INTEL_NAME));
	assert_false(intel_sets_hold(sets, INTEL_PREVALENCE, INTEL_NAME));
	intel_sets_free(sets);
}

static void without_lines_there_is_nothing(void **state)
{
	struct intel_sets *sets;

	(void)state;
	assert_int_equal(read_lines("", 0, &sets), ERR_OK);
	assert_null(sets);
}

struct fault_case {
	const char *name;
	const char *lines;
};

static struct fault_case faults[] = {
	{ "an empty line", "\n" },
	{ "an empty line behind another", SOUND "\n" },
	{ "a purpose that there is not", "2\t0\tevil.example\t1\t0\t60\t1\t1\tf\ta\n" },
	{ "a kind that there is not", "0\t10\tevil.example\t1\t0\t60\t1\t1\tf\ta\n" },
	{ "a class that there is not", "0\t0\tevil.example\t1\t8\t60\t1\t1\tf\ta\n" },
	{ "surer than sure", "0\t0\tevil.example\t1\t0\t101\t1\t1\tf\ta\n" },
	{ "neither with names below it nor without", "0\t0\tevil.example\t2\t0\t60\t1\t1\tf\ta\n" },
	{ "a day beyond all", "0\t0\tevil.example\t1\t0\t60\t131071\t1\tf\ta\n" },
	{ "a number below none", "0\t0\tevil.example\t1\t0\t-1\t1\t1\tf\ta\n" },
	{ "a number with a tail", "0\t0\tevil.example\t1\t0\t60x\t1\t1\tf\ta\n" },
	{ "no number", "0\t0\tevil.example\t1\t0\t\t1\t1\tf\ta\n" },
	{ "a name that is none", "0\t0\tevil example\t1\t0\t60\t1\t1\tf\ta\n" },
	{ "an address that is none", "0\t1\t192.0.2.256\t1\t0\t60\t1\t1\tf\ta\n" },
	{ "a fingerprint of another length", "0\t8\t" MD5 "\t1\t0\t60\t1\t1\tf\ta\n" },
	{ "a field too few", "0\t0\tevil.example\t1\t0\t60\t1\t1\tf\n" },
};

static void what_is_no_line_is_refused(void **state)
{
	const struct fault_case *c = *state;
	struct intel_sets *sets;

	assert_int_equal(read_lines(c->lines, strlen(c->lines), &sets), ERR_SYNTAX);
	assert_null(sets);
}

/* Up to its last field; that may be shorter. */
static void a_line_that_is_cut_is_refused(void **state)
{
	size_t last = (size_t)(strrchr(SOUND, '\t') - SOUND);
	struct intel_sets *sets;

	(void)state;
	for (size_t len = 1; len <= last; len++) {
		assert_int_equal(read_lines(SOUND, len, &sets), ERR_SYNTAX);
		assert_null(sets);
	}
}

static void a_line_longer_than_any_is_refused(void **state)
{
	char line[INTEL_LINE_LEN + 1];
	struct intel_sets *sets;

	(void)state;
	memset(line, 'a', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	assert_int_equal(read_lines(line, sizeof(line), &sets), ERR_SYNTAX);
	assert_null(sets);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(faults) + 5];
	size_t count = ADD_ROWS(tests, cases, an_entry_is_a_line_and_again_an_entry);

	count += ADD_ROWS(tests + count, faults, what_is_no_line_is_refused);

	const struct CMUnitTest others[] = {
		cmocka_unit_test(sources_are_told_in_their_order),
		cmocka_unit_test(lines_of_both_purposes_are_two_sets),
		cmocka_unit_test(without_lines_there_is_nothing),
		cmocka_unit_test(a_line_that_is_cut_is_refused),
		cmocka_unit_test(a_line_longer_than_any_is_refused),
	};

	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("intel_line", tests, count + ARRAY_LEN(others), NULL, NULL);
}
