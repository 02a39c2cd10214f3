#include "sensor/detect/client_kinds.h"

#include "tests/support/cmocka.h"

enum { DEVICE = 10, NEIGHBOUR = 11, USUAL = 1, RARE = 2, HELLOS = 300 };

static const nanotime began = 1000 * NANOTIME_DAY;

struct kind_case {
	const char *name;
	unsigned days;     /* that the device is watched */
	unsigned hellos;   /* of its usual program, in that time */
	uint32_t also;     /* another device that says hello as the rare one; 0 is none */
	const char *place; /* another place that the rare one is heard with; NULL is none */
	bool is_rare;
};

static struct kind_case cases[] = {
	{ "one device, one place", 8, HELLOS, 0, NULL, true },
	{ "again with the same place", 8, HELLOS, 0, "home.example", true },
	{ "not watched for long", 6, HELLOS, 0, NULL, false },
	{ "hardly heard", 8, 50, 0, NULL, false },
	{ "another device has it, too", 8, HELLOS, NEIGHBOUR, NULL, false },
	{ "it goes to another place, too", 8, HELLOS, 0, "www.example", false },
};

static void run_case(void **state)
{
	const struct kind_case *c = *state;
	struct client_kinds kinds;
	nanotime now = began;

	assert_int_equal(client_kinds_start(&kinds), ERR_OK);
	for (unsigned i = 0; i < c->hellos; i++) {
		now = began + i * (c->days * NANOTIME_DAY / c->hellos);
		client_kinds_note(&kinds, DEVICE, USUAL, i % 2 == 0 ? "a.example" : "b.example",
				  now);
	}
	now = began + c->days * NANOTIME_DAY;
	client_kinds_note(&kinds, DEVICE, RARE, "home.example", now);
	if (c->also != 0)
		client_kinds_note(&kinds, c->also, RARE, "home.example", now);
	if (c->place)
		client_kinds_note(&kinds, DEVICE, RARE, c->place, now);
	assert_int_equal(client_kinds_is_rare(&kinds, DEVICE, RARE, now), c->is_rare);
	assert_false(client_kinds_is_rare(&kinds, DEVICE, USUAL, now));
	assert_false(client_kinds_is_rare(&kinds, DEVICE, 0, now));
	client_kinds_stop(&kinds);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("client_kinds", tests, NULL, NULL);
}
