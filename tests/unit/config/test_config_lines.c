#include "sensor/config/config_lines.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_ROOM = 1 << 16 };

struct told {
	unsigned count;
	char name[64];
};

static void tell(void *arg, const char *name, const char *why)
{
	struct told *told = arg;

	assert_true(why[0] != '\0');
	told->count++;
	(void)snprintf(told->name, sizeof(told->name), "%s", name);
}

static size_t lines_of(const struct config *config, char *out)
{
	FILE *stream = fmemopen(out, LINES_ROOM, "w");
	long len;

	assert_non_null(stream);
	config_lines_write(config, stream);
	len = ftell(stream);
	assert_int_equal(fclose(stream), 0);
	assert_true(len > 0 && len < LINES_ROOM);
	return (size_t)len;
}

static void set(struct config *config, const char *name, const char *value)
{
	char problem[CONFIG_PROBLEM_LEN];

	assert_int_equal(config_set(config, name, value, problem), ERR_OK);
}

static void what_is_written_is_read(void **state)
{
	static char lines[LINES_ROOM];
	struct config config;
	struct config read;
	struct told told = { 0 };
	size_t at = 0;

	(void)state;
	config_defaults(&config);
	set(&config, "scan.ports", "33");
	set(&config, "network.inside", "10.0.0.0/8 2001:db8::/32");
	set(&config, "capture.interfaces", "eth0 eth1");
	config.judge.learning = 0; /* as in a capture */
	config_defaults(&read);
	assert_true(config_lines_read(&read, lines, lines_of(&config, lines), tell, &told));
	assert_int_equal(told.count, 0);
	assert_null(config_next_difference(&config, &read, &at));
}

static void paths_are_left_alone(void **state)
{
	static const char line[] = "sensor.user=root\nstore.folder=/etc\n";
	struct config config;
	struct told told = { 0 };

	(void)state;
	config_defaults(&config);
	assert_true(config_lines_read(&config, line, strlen(line), tell, &told));
	assert_string_equal(config.sensor.user, "hinomi");
	assert_int_equal(told.count, 0);
}

static void what_does_not_hold_is_told(void **state)
{
	static const struct {
		const char *lines;
		const char *told; /* NULL: no lines at all */
	} cases[] = {
		{ "scan.ports=0\n", "scan.ports" },
		{ "no.such=1\n", "no.such" },
		{ "scan.ports\n", NULL },
		{ "scan.ports=20", NULL },
		{ "=\n", "" },
		{ "\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct told told = { 0 };
		struct config config;
		bool are_lines;

		config_defaults(&config);
		are_lines = config_lines_read(&config, cases[i].lines, strlen(cases[i].lines), tell,
					      &told);
		assert_int_equal(are_lines, cases[i].told != NULL);
		assert_int_equal(told.count, cases[i].told != NULL);
		if (cases[i].told)
			assert_string_equal(told.name, cases[i].told);
	}
}

static void differences_are_named(void **state)
{
	const struct option *option;
	struct config a;
	struct config b;
	char text[64];
	size_t at = 0;

	(void)state;
	config_defaults(&a);
	b = a;
	set(&b, "scan.ports", "33");
	option = config_next_difference(&a, &b, &at);
	assert_non_null(option);
	assert_string_equal(option->name, "scan.ports");
	assert_null(config_next_difference(&a, &b, &at));
	config_option_text(&b, option, text, sizeof(text));
	assert_string_equal(text, "33");
	config_take_option(&a, &b, option);
	at = 0;
	assert_null(config_next_difference(&a, &b, &at));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(paths_are_left_alone),
		cmocka_unit_test(what_does_not_hold_is_told),
		cmocka_unit_test(differences_are_named),
	};

	return cmocka_run_group_tests_name("config_lines", tests, NULL, NULL);
}
