#include "sensor/inventory/resolved_names.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { BUDGET = 64, PRINTER = 3, LAPTOP = 4, STRANGER = 5 };

static struct resolved_names *names_new(void)
{
	const struct judge_config config = { .names = BUDGET };
	struct resolved_names *names = NULL;

	assert_int_equal(resolved_names_new(&names, &config), ERR_OK);
	return names;
}

static struct address address_of(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

static void learn(struct resolved_names *names, uint32_t device, const char *address,
		  const char *name)
{
	struct address a = address_of(address);

	resolved_names_learn(names, device, &a, name);
}

static void expect(struct resolved_names *names, uint32_t device, const char *address,
		   const char *want)
{
	struct address a = address_of(address);

	assert_string_equal(resolved_name(names, device, &a), want);
}

static void nothing_is_known_at_first(void **state)
{
	struct resolved_names *names = names_new();

	(void)state;
	expect(names, LAPTOP, "192.0.2.1", "");
	expect(names, 0, "192.0.2.1", "");
	learn(names, LAPTOP, "192.0.2.1", "a.example");
	assert_int_equal(resolved_names_forgotten(names), 0);
	resolved_names_free(names);
	resolved_names_free(NULL);
}

/* One address serves many names (content networks): each device has its own answer. */
static void a_device_has_its_own_answers_first(void **state)
{
	struct resolved_names *names = names_new();

	(void)state;
	learn(names, LAPTOP, "192.0.2.1", "laptop.example");
	learn(names, PRINTER, "192.0.2.1", "printer.example");
	expect(names, LAPTOP, "192.0.2.1", "laptop.example");
	expect(names, PRINTER, "192.0.2.1", "printer.example");
	expect(names, STRANGER, "192.0.2.1", "printer.example");
	expect(names, 0, "192.0.2.1", "printer.example");
	expect(names, LAPTOP, "192.0.2.2", "");
	expect(names, LAPTOP, "2001:db8::1", "");
	resolved_names_free(names);
}

static void the_last_answer_stands(void **state)
{
	struct resolved_names *names = names_new();

	(void)state;
	learn(names, LAPTOP, "2001:db8::1", "a-rather-long-name.example");
	learn(names, LAPTOP, "2001:db8::1", "b.example");
	expect(names, LAPTOP, "2001:db8::1", "b.example");
	expect(names, STRANGER, "2001:db8::1", "b.example");
	learn(names, PRINTER, "2001:db8::1", "c.example");
	expect(names, LAPTOP, "2001:db8::1", "b.example");
	resolved_names_free(names);
}

/* A device whose number is not known was told as well as anybody. */
static void an_answer_to_nobody_known_is_anybodys(void **state)
{
	struct resolved_names *names = names_new();

	(void)state;
	learn(names, 0, "192.0.2.1", "a.example");
	expect(names, LAPTOP, "192.0.2.1", "a.example");
	resolved_names_free(names);
}

static void a_long_name_keeps_its_end(void **state)
{
	struct resolved_names *names = names_new();
	char name[FACT_NAME_LEN];

	(void)state;
	memset(name, 'x', sizeof(name));
	for (size_t i = 9; i < sizeof(name); i += 10)
		name[i] = '.';
	(void)snprintf(name + 200, sizeof(name) - 200, "evil.example");
	learn(names, LAPTOP, "192.0.2.1", name);

	struct address a = address_of("192.0.2.1");
	const char *got = resolved_name(names, LAPTOP, &a);

	assert_true(strlen(got) < FACT_HOST_LEN);
	assert_true(strlen(got) > FACT_HOST_LEN - 12);
	assert_string_equal(got, name + strlen(name) - strlen(got));
	assert_int_equal(name[strlen(name) - strlen(got) - 1], '.');
	resolved_names_free(names);
}

/* An answer takes two places of the budget: its device's, and anybody's. */
static void the_longest_unheard_of_is_forgotten(void **state)
{
	struct resolved_names *names = names_new();
	char address[ADDRESS_TEXT_LEN];

	(void)state;
	learn(names, LAPTOP, "192.0.2.1", "renewed.example");
	learn(names, LAPTOP, "192.0.2.2", "old.example");
	for (unsigned i = 0; i < BUDGET / 2 - 1; i++) {
		learn(names, LAPTOP, "192.0.2.1", "renewed.example");
		expect(names, LAPTOP, "192.0.2.2", "old.example");
		(void)snprintf(address, sizeof(address), "198.51.100.%u", i);
		learn(names, LAPTOP, address, "new.example");
	}
	expect(names, LAPTOP, "192.0.2.1", "renewed.example");
	expect(names, LAPTOP, "192.0.2.2", "");
	expect(names, LAPTOP, "198.51.100.0", "new.example");
	resolved_names_free(names);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_at_first),
		cmocka_unit_test(a_device_has_its_own_answers_first),
		cmocka_unit_test(the_last_answer_stands),
		cmocka_unit_test(an_answer_to_nobody_known_is_anybodys),
		cmocka_unit_test(a_long_name_keeps_its_end),
		cmocka_unit_test(the_longest_unheard_of_is_forgotten),
	};

	return cmocka_run_group_tests_name("resolved_names", tests, NULL, NULL);
}
