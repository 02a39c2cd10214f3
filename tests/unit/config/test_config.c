#include "sensor/config/config.h"
#include "sensor/config/options.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `want` is what is held in the option's own unit; not read when `err` is not ERR_OK. */
struct value_case {
	const char *option;
	const char *text;
	enum err err;
	uint64_t want;
};

static struct value_case values[] = {
	{ "flow.budget", "1M", ERR_OK, 1 << 20 },
	{ "flow.budget", "2097152", ERR_OK, 2 << 20 },
	{ "flow.budget", "2048K", ERR_OK, 2 << 20 },
	{ "flow.budget", "0000000000000000000000002M", ERR_OK, 2 << 20 },
	{ "flow.budget", "4G", ERR_OK, UINT64_C(4) << 30 },
	{ "flow.budget", "4294967297", .err = ERR_RANGE },
	{ "flow.budget", "1048575", .err = ERR_RANGE },
	{ "flow.budget", "0", .err = ERR_RANGE },
	{ "flow.budget", "18446744073709551616", .err = ERR_RANGE },
	{ "flow.budget", "17179869185G", .err = ERR_RANGE },
	{ "flow.budget", "17179869184G", .err = ERR_RANGE },
	{ "flow.budget", "99999999999999999999999999G", .err = ERR_RANGE },
	{ "flow.budget", "", .err = ERR_SYNTAX },
	{ "flow.budget", "M", .err = ERR_SYNTAX },
	{ "flow.budget", "-2M", .err = ERR_SYNTAX },
	{ "flow.budget", "+2M", .err = ERR_SYNTAX },
	{ "flow.budget", " 2M", .err = ERR_SYNTAX },
	{ "flow.budget", "2M ", .err = ERR_SYNTAX },
	{ "flow.budget", "2 M", .err = ERR_SYNTAX },
	{ "flow.budget", "2m", .err = ERR_SYNTAX },
	{ "flow.budget", "2MB", .err = ERR_SYNTAX },
	{ "flow.budget", "2.5M", .err = ERR_SYNTAX },
	{ "flow.budget", "0x200000", .err = ERR_SYNTAX },
	{ "flow.budget", "1e7", .err = ERR_SYNTAX },
	{ "flow.budget", "2s", .err = ERR_SYNTAX },
	{ "flow.established", "1m", ERR_OK, NANOTIME_MINUTE },
	{ "flow.established", "60s", ERR_OK, NANOTIME_MINUTE },
	{ "flow.established", "60000ms", ERR_OK, NANOTIME_MINUTE },
	{ "flow.established", "60001ms", ERR_OK, NANOTIME_MINUTE + NANOTIME_MILLISECOND },
	{ "flow.established", "2h", ERR_OK, 2 * NANOTIME_HOUR },
	{ "flow.established", "7d", ERR_OK, 7 * NANOTIME_DAY },
	{ "flow.established", "169h", .err = ERR_RANGE },
	{ "flow.established", "59s", .err = ERR_RANGE },
	{ "flow.established", "213504d", .err = ERR_RANGE },
	{ "flow.established", "300000000000d", .err = ERR_RANGE },
	{ "flow.established", "60", .err = ERR_SYNTAX },
	{ "flow.established", "1M", .err = ERR_SYNTAX },
	{ "flow.established", "1h30m", .err = ERR_SYNTAX },
	{ "flow.established", "1w", .err = ERR_SYNTAX },
	{ "flow.established", "1.5h", .err = ERR_SYNTAX },
	{ "scan.ports", "25", ERR_OK, 25 },
	{ "scan.ports", "25K", .err = ERR_SYNTAX },
	{ "scan.ports", "4", .err = ERR_RANGE },
	{ "scan.ports", "many", .err = ERR_SYNTAX },
};

struct share_case {
	const char *text;
	enum err err;
	double want;
};

static struct share_case shares[] = {
	{ "0", ERR_OK, 0 },
	{ "1", ERR_OK, 1 },
	{ "0.25", ERR_OK, 0.25 },
	{ ".5", ERR_OK, 0.5 },
	{ "1.", ERR_OK, 1 },
	{ "5e-1", ERR_OK, 0.5 },
	{ "0.1234567890123", ERR_OK, 0.1234567890123 },
	{ "1.0000001", .err = ERR_RANGE },
	{ "-0.1", .err = ERR_RANGE },
	{ "1e300", .err = ERR_RANGE },
	{ "1e999", .err = ERR_SYNTAX },
	{ "inf", .err = ERR_SYNTAX },
	{ "nan", .err = ERR_SYNTAX },
	{ "0x0p0", .err = ERR_SYNTAX },
	{ "0x1", .err = ERR_SYNTAX },
	{ "", .err = ERR_SYNTAX },
	{ " 0.5", .err = ERR_SYNTAX },
	{ "0.5 ", .err = ERR_SYNTAX },
	{ "50%", .err = ERR_SYNTAX },
	{ "0,5", .err = ERR_SYNTAX },
	{ "e", .err = ERR_SYNTAX },
	{ "0.5.5", .err = ERR_SYNTAX },
};

struct prefixes_case {
	const char *text;
	enum err err;
	size_t want_count;
};

#define EIGHT       "10.0.0.0/8 10.1.0.0/16,10.2.0.0/16 , 10.3.0.0/16 ::/0 fe80::/10 192.0.2.1 ::1 "
#define THIRTY_TWO  EIGHT EIGHT EIGHT EIGHT
#define LONG_PREFIX "2001:db8:1111:2222:3333:4444:5555:6666/128 "
#define FOUR_LONG   LONG_PREFIX LONG_PREFIX LONG_PREFIX LONG_PREFIX

static struct prefixes_case prefixes[] = {
	{ "", ERR_OK, 0 },
	{ " , ", ERR_OK, 0 },
	{ "192.0.2.0/24", ERR_OK, 1 },
	{ ",192.0.2.0/24,,", ERR_OK, 1 },
	{ EIGHT, ERR_OK, 8 },
	{ THIRTY_TWO, ERR_OK, 32 },
	{ THIRTY_TWO "192.0.2.0/24", .err = ERR_RANGE },
	{ FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG, ERR_OK,
	  32 },
	{ "192.0.2.0/33", .err = ERR_RANGE },
	{ "192.0.2.0/24 office", .err = ERR_SYNTAX },
	{ "192.0.2.0/24;192.0.3.0/24", .err = ERR_SYNTAX },
	{ "192.0.2.0 /24", .err = ERR_SYNTAX },
	{ "2001:db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/32", .err = ERR_SYNTAX },
};

enum {
	CASES = ARRAY_LEN(values) + ARRAY_LEN(shares) + ARRAY_LEN(prefixes),
	NAME_LEN = 80,
};

static struct config defaults(void)
{
	struct config config;

	config_defaults(&config);
	return config;
}

static void expect_unchanged(const struct config *config, const struct config *before)
{
	assert_memory_equal(config, before, sizeof(*config));
}

static void expect_one_line(const char *problem)
{
	size_t len = strnlen(problem, CONFIG_PROBLEM_LEN);

	assert_in_range(len, 1, CONFIG_PROBLEM_LEN - 1);
	for (size_t i = 0; i < len; i++)
		assert_false((unsigned char)problem[i] < ' ' || problem[i] == 0x7f);
}

/* A problem names the option, and the limits although the value may be long. */
static enum err set(struct config *config, const char *option, const char *text)
{
	struct config before = *config;
	char problem[CONFIG_PROBLEM_LEN] = "";
	enum err err = config_set(config, option, text, problem);

	if (err == ERR_OK) {
		assert_string_equal(problem, "");
		return err;
	}
	expect_unchanged(config, &before);
	expect_one_line(problem);
	assert_memory_equal(problem, option, strlen(option));
	assert_non_null(strchr(problem, '('));
	assert_int_equal(problem[strlen(problem) - 1], ')');
	return err;
}

static uint64_t whole_of(const struct config *config, const char *option)
{
	uint64_t whole = 0;
	size_t at = 0;

	while (at < options_count && strcmp(options[at].name, option) != 0)
		at++;
	assert_true(at < options_count);
	memcpy(&whole, (const char *)config + options[at].offset, sizeof(whole));
	return whole;
}

static void run_value(void **state)
{
	const struct value_case *c = *state;
	struct config config = defaults();

	assert_int_equal(set(&config, c->option, c->text), c->err);
	if (c->err == ERR_OK)
		assert_int_equal(whole_of(&config, c->option), c->want);
}

static void run_share(void **state)
{
	const struct share_case *c = *state;
	struct config config = defaults();

	assert_int_equal(set(&config, "beacon.score", c->text), c->err);
	if (c->err == ERR_OK)
		assert_true(config.detect.beacon.score == c->want);
}

static void run_prefixes(void **state)
{
	const struct prefixes_case *c = *state;
	struct config config = defaults();

	assert_int_equal(set(&config, "network.inside", c->text), c->err);
	if (c->err == ERR_OK)
		assert_int_equal(config.network.inside_count, c->want_count);
}

static void paths_are_short_and_plain(void **state)
{
	struct config config = defaults();
	char longest[CONFIG_PATH_LEN + 1] = "";

	(void)state;
	assert_string_equal(config.flow.shared, "");
	assert_int_equal(set(&config, "flow.shared", "/run/hi nomi/f'lows"), ERR_OK);
	assert_string_equal(config.flow.shared, "/run/hi nomi/f'lows");
	assert_int_equal(set(&config, "flow.shared", "/run/\nflows"), ERR_SYNTAX);
	memset(longest, 'x', CONFIG_PATH_LEN);
	assert_int_equal(set(&config, "flow.shared", longest), ERR_RANGE);
	longest[CONFIG_PATH_LEN - 1] = '\0';
	assert_int_equal(set(&config, "flow.shared", longest), ERR_OK);
	assert_int_equal(set(&config, "flow.shared", ""), ERR_OK);
}

static void countries_are_codes_in_capitals(void **state)
{
	static char many[COUNTRIES_MAX * 3 + 4];
	struct config config;

	(void)state;
	config_defaults(&config);
	assert_int_equal(config.places.expected.count, 0);
	assert_int_equal(set(&config, "places.expected", " jp, US "), ERR_OK);
	assert_int_equal(config.places.expected.count, 2);
	assert_true(country_codes_hold(&config.places.expected, "JP"));
	assert_true(country_codes_hold(&config.places.expected, "US"));
	assert_false(country_codes_hold(&config.places.expected, "DE"));
	assert_int_equal(set(&config, "places.expected", "JPN"), ERR_SYNTAX);
	assert_int_equal(set(&config, "places.expected", "J"), ERR_SYNTAX);
	assert_int_equal(set(&config, "places.expected", "J1"), ERR_SYNTAX);
	assert_int_equal(set(&config, "places.expected", "\xca\xd0"), ERR_SYNTAX);
	for (size_t i = 0; i < COUNTRIES_MAX; i++)
		memcpy(many + 3 * i, "JP ", 3);
	assert_int_equal(set(&config, "places.expected", many), ERR_OK);
	assert_int_equal(config.places.expected.count, COUNTRIES_MAX);
	memcpy(many + (size_t)3 * COUNTRIES_MAX, "JP", 2);
	assert_int_equal(set(&config, "places.expected", many), ERR_RANGE);
	assert_int_equal(set(&config, "places.expected", ""), ERR_OK);
	assert_int_equal(config.places.expected.count, 0);
}

static void names_of_interfaces_are_linux_s(void **state)
{
	struct config config = defaults();

	(void)state;
	assert_int_equal(set(&config, "capture.interfaces", " eth0, wlan0 "), ERR_OK);
	assert_int_equal(config.capture.interfaces.count, 2);
	assert_string_equal(config.capture.interfaces.name[1], "wlan0");
	assert_int_equal(set(&config, "capture.interfaces", "fifteen-letters"), ERR_OK);
	assert_int_equal(set(&config, "capture.interfaces", "sixteen--letters"), ERR_RANGE);
	assert_int_equal(set(&config, "capture.interfaces", "a b c d e f g h"), ERR_OK);
	assert_int_equal(set(&config, "capture.interfaces", "a b c d e f g h i"), ERR_RANGE);
	assert_int_equal(set(&config, "capture.interfaces", "../eth0"), ERR_SYNTAX);
	assert_int_equal(set(&config, "capture.interfaces", ""), ERR_OK);
	assert_int_equal(config.capture.interfaces.count, 0);
}

static void a_choice_is_one_of_its_words(void **state)
{
	static const char *const wrong[] = { "", "mirror ", "mirr", "mirrors", "gateway mirror" };
	struct config config = defaults();

	(void)state;
	assert_int_equal(config.capture.place, CAPTURE_GATEWAY);
	assert_int_equal(set(&config, "capture.place", "mirror"), ERR_OK);
	assert_int_equal(config.capture.place, CAPTURE_MIRROR);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(set(&config, "capture.place", wrong[i]), ERR_SYNTAX);
}

static void a_reload_takes_what_is_live_and_names_the_rest(void **state)
{
	struct config running = defaults();
	struct config next = defaults();
	char left[CONFIG_PROBLEM_LEN];

	(void)state;
	config_take_live(&running, &next, left, sizeof(left));
	assert_string_equal(left, "");
	assert_int_equal(set(&next, "scan.hosts", "12"), ERR_OK);
	assert_int_equal(set(&next, "flow.budget", "2M"), ERR_OK);
	assert_int_equal(set(&next, "capture.interfaces", "eth1"), ERR_OK);
	config_take_live(&running, &next, left, sizeof(left));
	assert_string_equal(left, "capture.interfaces flow.budget");
	assert_int_equal(running.detect.scan.hosts, 12);
	assert_int_equal(running.flow.budget_bytes, defaults().flow.budget_bytes);
	assert_int_equal(running.capture.interfaces.count, 0);
}

static void options_are_sorted_and_unique(void **state)
{
	(void)state;
	for (size_t i = 1; i < options_count; i++)
		assert_true(strcmp(options[i - 1].name, options[i].name) < 0);
}

static void options_are_named_and_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < options_count; i++) {
		const struct option *o = &options[i];
		size_t len = strlen(o->name);

		assert_int_equal(strspn(o->name, "abcdefghijklmnopqrstuvwxyz_."), len);
		assert_non_null(strchr(o->name, '.'));
		assert_ptr_equal(strchr(o->name, '.'), strrchr(o->name, '.'));
		assert_int_equal(o->help[strlen(o->help) - 1], '.');
		assert_null(strchr(o->help, '\n'));

		bool has_order = o->kind <= OPTION_SHARE;

		assert_int_equal(o->min != NULL, has_order || o->kind == OPTION_CHOICE);
		assert_int_equal(o->max != NULL, has_order);
	}
}

/* Two rows that fill the same place would make one of them a lie. */
static void no_two_options_share_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < options_count; i++) {
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(options[i].offset, options[k].offset);
	}
}

static void defaults_are_settable(void **state)
{
	struct config want = defaults();
	struct config config;

	(void)state;
	memset(&config, 0, sizeof(config));
	for (size_t i = 0; i < options_count; i++)
		assert_int_equal(set(&config, options[i].name, options[i].initial), ERR_OK);
	assert_memory_equal(&config, &want, sizeof(config));
}

/* The number at the front of a limit, moved by one; its unit stays. */
static void move_by_one(const char *limit, int by, char out[static NAME_LEN])
{
	char *unit;
	double number = strtod(limit, &unit);

	(void)snprintf(out, NAME_LEN, "%.0f%s", number + by, unit);
}

static void limits_are_settable_and_no_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < options_count; i++) {
		const struct option *o = &options[i];
		struct config config = defaults();
		char beyond[NAME_LEN];

		if (!o->max)
			continue;
		assert_int_equal(set(&config, o->name, o->min), ERR_OK);
		assert_int_equal(set(&config, o->name, o->max), ERR_OK);
		move_by_one(o->max, 1, beyond);
		assert_int_equal(set(&config, o->name, beyond), ERR_RANGE);
		if (o->kind == OPTION_SHARE) {
			assert_int_equal(set(&config, o->name, "-0.000001"), ERR_RANGE);
		} else {
			bool is_zero = strtod(o->min, NULL) == 0; /* below it is no number */

			move_by_one(o->min, -1, beyond);
			assert_int_equal(set(&config, o->name, beyond),
					 is_zero ? ERR_SYNTAX : ERR_RANGE);
		}
	}
}

static void unknown_options_are_missing(void **state)
{
	static const char *const names[] = { "",           "flow",         "flow.",
					     "budget",     "flow.budget ", "Flow.budget",
					     "flow\nflow", "flow.budge" };
	struct config config = defaults();
	struct config before = config;
	char problem[CONFIG_PROBLEM_LEN];
	char long_name[1000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(config_set(&config, names[i], "1M", problem), ERR_MISSING);
		expect_one_line(problem);
		assert_non_null(strstr(problem, "no such option"));
	}
	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(config_set(&config, long_name, "1M", problem), ERR_MISSING);
	assert_non_null(strstr(problem, "no such option"));
	expect_unchanged(&config, &before);
}

/* set() looks at the problem of each. */
static void problems_stay_one_line_with_the_limits(void **state)
{
	struct config config = defaults();
	char long_text[1000];

	(void)state;
	memset(long_text, '1', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	for (size_t i = 0; i < options_count; i++) {
		assert_int_not_equal(set(&config, options[i].name, "a\nb\x1b[31m\x7f"), ERR_OK);
		assert_int_not_equal(set(&config, options[i].name, long_text), ERR_OK);
	}
}

/* Called once for each case. */
static struct CMUnitTest test_of(const char *what, const char *subject, CMUnitTestFunction run,
				 void *c)
{
	static char names[CASES][NAME_LEN];
	static size_t count;
	char *name = names[count++];

	(void)snprintf(name, NAME_LEN, "%s %s", what, subject);
	return (struct CMUnitTest){ .name = name, .test_func = run, .initial_state = c };
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(paths_are_short_and_plain),
		cmocka_unit_test(countries_are_codes_in_capitals),
		cmocka_unit_test(names_of_interfaces_are_linux_s),
		cmocka_unit_test(a_choice_is_one_of_its_words),
		cmocka_unit_test(a_reload_takes_what_is_live_and_names_the_rest),
		cmocka_unit_test(options_are_sorted_and_unique),
		cmocka_unit_test(options_are_named_and_explained),
		cmocka_unit_test(no_two_options_share_a_place),
		cmocka_unit_test(defaults_are_settable),
		cmocka_unit_test(limits_are_settable_and_no_more),
		cmocka_unit_test(unknown_options_are_missing),
		cmocka_unit_test(problems_stay_one_line_with_the_limits),
	};
	static struct CMUnitTest tests[CASES + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		tests[n++] = test_of(values[i].option, values[i].text, run_value, &values[i]);
	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		tests[n++] = test_of("share", shares[i].text, run_share, &shares[i]);
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		tests[n++] = test_of("prefixes", prefixes[i].text, run_prefixes, &prefixes[i]);
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
