#include "sensor/config/config.h"
#include "sensor/config/options.h"

#include "tests/unit/capture/scratch_dir.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a file does to scan.ports, which is 20 by default. */
struct file_case {
	const char *name;
	const char *yaml;
	const char *want_problem; /* its beginning; NULL: the file is read */
	uint64_t want_ports;
};

static struct file_case files[] = {
	{ "an empty file changes nothing", "", NULL, 20 },
	{ "nor do comments", "# scan:\n#   ports: 30\n", NULL, 20 },
	{ "nor does an empty document", "---\n", NULL, 20 },
	{ "an option", "scan:\n  ports: 30\n", NULL, 30 },
	{ "in flow style", "{ scan: { ports: 30 } }\n", NULL, 30 },
	{ "quoted", "\"scan\":\n  'ports': \"30\"\n", NULL, 30 },
	{ "with CRLF", "scan:\r\n  ports: 30\r\n", NULL, 30 },
	{ "among others", "flow:\n  budget: 1M\nscan:\n  hosts: 5\n  ports: 30\n", NULL, 30 },
	{ "a module whose options are comments", "scan:\n  # ports: 30\nflow:\n  budget: 1M\n",
	  NULL, 20 },
	{ "a module twice", "scan:\n  ports: 30\nflow:\nscan:\n  hosts: 5\n", NULL, 30 },
	{ "an unknown option", "scan:\n  ports: 30\n  portz: 31\n",
	  "line 3, column 3: scan.portz: no such option", 20 },
	{ "an unknown module", "scans:\n  ports: 30\n",
	  "line 2, column 3: scans.ports: no such option", 20 },
	{ "out of limits", "scan:\n  hosts: 5\n  ports: 3\n",
	  "line 3, column 10: scan.ports: '3' is", 20 },
	{ "no value", "scan:\n  ports:\n", "line 2, column 9: scan.ports: '' is", 20 },
	{ "an option at the top", "scan.ports: 30\n", "line 1, column ", 20 },
	{ "a value for a module", "flow:\n  budget: 1M\nscan: 5\n", "line 3, column ", 20 },
	{ "nested too deep", "scan:\n  ports:\n    least: 30\n", "line 3, column ", 20 },
	{ "a mapping for a name", "? { scan: 5 }\n: 30\n", "line 1, column ", 20 },
	{ "a list of modules", "- scan\n- flow\n", "line 1, column ", 20 },
	{ "a list for a module", "scan:\n  - ports\n", "line 2, column ", 20 },
	{ "a list for a value", "scan:\n  ports: [30]\n", "line 2, column ", 20 },
	{ "an alias", "scan: &a\n  ports: 30\nflow: *a\n", "line 3, column ", 20 },
	{ "a text alone", "scan\n", "line 1, column ", 20 },
	{ "bad indentation", "scan:\n  ports: 30\n hosts: 5\n", "line 3, column ", 20 },
	{ "an open quote", "scan:\n  ports: \"30\n", "line ", 20 },
	{ "an open brace", "scan: { ports: 30\n", "line ", 20 },
	{ "a tab as indentation", "scan:\n\tports: 30\n", "line 2, column ", 20 },
	{ "not UTF-8", "# ok\nscan:\n  ports: 30 # \x83\x7c\n", "line 3, column ", 20 },
	{ "a fault after good lines", "scan:\n  ports: 30\nflow:\n  budget: 1\n",
	  "line 4, column 11: flow.budget: '1' is", 20 },
};

/* What is told of a file, all of it in order. */
struct faults {
	char lines[(CONFIG_FAULTS_MAX + 1) * CONFIG_PROBLEM_LEN];
	unsigned count;
};

/* A config_fault_fn. */
static void tell(void *arg, const char *fault)
{
	struct faults *faults = arg;
	size_t len = strlen(faults->lines);

	assert_in_range(strnlen(fault, CONFIG_PROBLEM_LEN), 1, CONFIG_PROBLEM_LEN - 1);
	(void)snprintf(faults->lines + len, sizeof(faults->lines) - len, "%s\n", fault);
	faults->count++;
}

#define LONG_PREFIX "2001:db8:1111:2222:3333:4444:5555:6666/128 "
#define FOUR_LONG   LONG_PREFIX LONG_PREFIX LONG_PREFIX LONG_PREFIX

/* None at all, all kinds, and as many and as long as there may be. */
static const char *const prefixes[] = {
	"",
	"10.0.0.0/8 192.0.2.1 ::/0 ::1 fe80::/10 2001:db8::/33",
	FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG FOUR_LONG,
};

static struct config defaults(void)
{
	struct config config;

	config_defaults(&config);
	return config;
}

static void set(struct config *config, const char *option, const char *text)
{
	char problem[CONFIG_PROBLEM_LEN];

	assert_int_equal(config_set(config, option, text, problem), ERR_OK);
}

static void expect_refused(const struct config *config, const struct faults *faults)
{
	struct config before = defaults();
	unsigned lines = 0;

	assert_memory_equal(config, &before, sizeof(before));
	for (const char *c = faults->lines; *c; c++) {
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
		lines += *c == '\n';
	}
	assert_true(lines > 0);
	assert_int_equal(lines, faults->count);
}

static enum err read_text(const char *yaml, struct config *config, struct faults *faults)
{
	struct scratch_dir scratch;
	enum err err;

	*config = defaults();
	*faults = (struct faults){ .count = 0 };
	scratch_make(&scratch);
	err = config_read(config, scratch_write(&scratch, yaml, strlen(yaml)), tell, faults);
	scratch_remove(&scratch);
	return err;
}

static void run_file(void **state)
{
	const struct file_case *c = *state;
	struct config config;
	struct faults faults;
	enum err err = read_text(c->yaml, &config, &faults);

	assert_int_equal(config.detect.scan.ports, c->want_ports);
	if (!c->want_problem) {
		assert_int_equal(err, ERR_OK);
		return;
	}
	assert_int_not_equal(err, ERR_OK);
	expect_refused(&config, &faults);
	if (strncmp(faults.lines, c->want_problem, strlen(c->want_problem)) != 0)
		fail_msg("got: %s", faults.lines);
	assert_int_equal(faults.count, 1);
}

/* Files with several faults: the beginning of each line, in order. */
static const struct {
	const char *yaml;
	const char *want[6];
} faulty[] = {
	{ "scan:\n  ports: 3\n  hosts: many\nflow:\n  budget: 1\n",
	  { "line 2, column 10: scan.ports: '3' is", "line 3, column 10: scan.hosts: 'many' is",
	    "line 5, column 11: flow.budget: '1' is" } },
	{ "scans:\n  ports: 30\n  hosts: 5\nflow:\n  budge: 1M\n",
	  { "line 2, column 3: scans.ports: no such", "line 3, column 3: scans.hosts: no such",
	    "line 5, column 3: flow.budge: no such" } },
	/* What has no place is passed over with all that is in it, and what follows is read. */
	{ "scan:\n  ports:\n    least: { a: [1, 2] }\n  hosts: [5, {b: 6}]\n  arp: 1\n",
	  { "line 3, column 5: options are not nested", "line 4, column 10: lists and",
	    "line 5, column 8: scan.arp: '1' is" } },
	{ "? { scan: [5] }\n: { ports: 1 }\nscan:\n  - ports\nflow: 7\njudge:\n  cases: 1\n",
	  { "line 1, column 3: options are not nested", "line 4, column 3: lists and",
	    "line 5, column 7: expected 'module:'", "line 7, column 10: judge.cases: '1' is" } },
	{ "scan: &a\n  ports: 3\nflow: *a\n*a : 5\n",
	  { "line 2, column 10: scan.ports", "line 3, column 7: lists and",
	    "line 4, column 1: lists and" } },
	{ "scan:\n  ? [ports]\n  : 30\n  hosts: 1\n",
	  { "line 2, column 5: lists and", "line 4, column 10: scan.hosts: '1' is" } },
	/* Behind what is no YAML nothing is looked for. */
	{ "scan:\n  ports: 3\n hosts: 5\nflow:\n  budget: 1\n",
	  { "line 2, column 10: scan.ports: '3' is", "line 3, column " } },
};

static void every_fault_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faulty); i++) {
		struct config config;
		struct faults faults;
		const char *line = faults.lines;
		unsigned count = 0;

		assert_int_equal(read_text(faulty[i].yaml, &config, &faults), ERR_SYNTAX);
		expect_refused(&config, &faults);
		for (; faulty[i].want[count]; count++) {
			if (strncmp(line, faulty[i].want[count], strlen(faulty[i].want[count])) !=
			    0)
				fail_msg("file %zu, fault %u, got: %s", i, count, faults.lines);
			line = strchr(line, '\n') + 1;
		}
		assert_int_equal(faults.count, count);
	}
}

static void many_faults_are_counted(void **state)
{
	enum { MORE = 7 };
	char yaml[(CONFIG_FAULTS_MAX + MORE) * 16 + 16] = "scan:\n";
	struct config config;
	struct faults faults;

	(void)state;
	for (unsigned i = 0; i < CONFIG_FAULTS_MAX + MORE; i++) {
		size_t len = strlen(yaml);

		(void)snprintf(yaml + len, sizeof(yaml) - len, "  none%u: 1\n", i);
	}
	assert_int_equal(read_text(yaml, &config, &faults), ERR_SYNTAX);
	assert_int_equal(faults.count, CONFIG_FAULTS_MAX + 1);
	assert_non_null(strstr(faults.lines, "\nand 7 more faults\n"));
}

static char *printed(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	assert_non_null(stream);
	config_print(config, stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* What is printed is read as the same configuration, and printed the same again. */
static void expect_round_trip(const struct config *config)
{
	struct config read;
	struct faults faults;
	char *first = printed(config);
	enum err err = read_text(first, &read, &faults);

	assert_string_equal(faults.lines, "");
	assert_int_equal(err, ERR_OK);
	assert_memory_equal(&read, config, sizeof(read));

	char *second = printed(&read);

	assert_string_equal(first, second);
	free(first);
	free(second);
}

static void printed_config_is_read_back(void **state)
{
	struct config lowest = defaults();
	struct config highest = defaults();
	struct config config = defaults();

	(void)state;
	expect_round_trip(&config);
	for (size_t i = 0; i < options_count; i++) {
		if (!options[i].max)
			continue;
		set(&lowest, options[i].name, options[i].min);
		set(&highest, options[i].name, options[i].max);
	}
	expect_round_trip(&lowest);
	expect_round_trip(&highest);
}

static void values_between_the_units_are_read_back(void **state)
{
	struct config config = defaults();

	(void)state;
	set(&config, "flow.budget", "1048577");
	set(&config, "flow.established", "3600001ms");
	set(&config, "flow.embryonic", "61s");
	set(&config, "beacon.score", "0.1");
	set(&config, "beacon.spread", "0.1234567890123");
	set(&config, "beacon.spread_exact", "1e-7");
	set(&config, "scan.failed", "0.9999999999999999");
	expect_round_trip(&config);
}

static void printed_prefixes_are_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		struct config config = defaults();

		set(&config, "network.inside", prefixes[i]);
		expect_round_trip(&config);
	}
}

static void printed_paths_are_read_back(void **state)
{
	static const char *const paths[] = { "/run/hinomi/flows", "a 'b' # c: {d}", "'", "\\" };
	struct config config = defaults();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		set(&config, "flow.shared", paths[i]);
		expect_round_trip(&config);
	}
}

static void print_tells_help_and_limits_of_each(void **state)
{
	struct config config = defaults();
	char *text = printed(&config);

	(void)state;
	for (size_t i = 0; i < options_count; i++) {
		assert_non_null(strstr(text, options[i].help));
		assert_non_null(strstr(text, strchr(options[i].name, '.') + 1));
	}
	assert_non_null(strstr(text, "\nflow:\n"));
	assert_non_null(strstr(text, "\n  budget: 18M\n"));
	assert_non_null(strstr(text, "1M to 4G"));
	free(text);
}

static void expect_unreadable(const char *path)
{
	struct config config = defaults();
	struct faults faults = { .count = 0 };

	assert_int_equal(config_read(&config, path, tell, &faults), ERR_IO);
	expect_refused(&config, &faults);
	assert_int_equal(faults.count, 1);
}

static void files_that_cannot_be_read_are_io_errors(void **state)
{
	(void)state;
	expect_unreadable("/nonexistent/hinomi.yaml");
	expect_unreadable("");
	expect_unreadable("/tmp");
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_fault_is_told),
		cmocka_unit_test(many_faults_are_counted),
		cmocka_unit_test(printed_config_is_read_back),
		cmocka_unit_test(values_between_the_units_are_read_back),
		cmocka_unit_test(printed_prefixes_are_read_back),
		cmocka_unit_test(printed_paths_are_read_back),
		cmocka_unit_test(print_tells_help_and_limits_of_each),
		cmocka_unit_test(files_that_cannot_be_read_are_io_errors),
	};
	struct CMUnitTest tests[ARRAY_LEN(files) + ARRAY_LEN(others)];

	(void)ADD_ROWS(tests, files, run_file);
	memcpy(&tests[ARRAY_LEN(files)], others, sizeof(others));
	return cmocka_run_group_tests_name("config_file", tests, NULL, NULL);
}
