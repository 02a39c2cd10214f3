#include "sensor/detect/service_port.h"

#include "tests/support/cmocka.h"

struct port_case {
	const char *name;
	uint16_t port;
	unsigned uses;
	bool is_known;
};

static struct port_case cases[] = {
	{ "the first of the list", 20, PORT_USUAL, true },
	{ "the last of the list", 9443, PORT_TLS, true },
	{ "web in clear text", 8080, PORT_WEB, true },
	{ "web, encrypted", 8443, PORT_HTTPS, true },
	{ "443 is nothing for clear text", 443, PORT_WEB, false },
	{ "a mail server's own TLS", 587, PORT_STARTS_TLS, true },
	{ "any of several uses", 8888, PORT_USUAL | PORT_WEB, true },
	{ "none of several uses", 8888, PORT_USUAL | PORT_TLS, false },
	{ "known for nothing", 4444, PORT_USUAL | PORT_WEB | PORT_HTTPS | PORT_TLS, false },
	{ "below all", 0, PORT_USUAL, false },
	{ "above all", 65535, PORT_USUAL, false },
};

static void run_case(void **state)
{
	const struct port_case *c = *state;

	assert_int_equal(port_is(c->port, c->uses), c->is_known);
}

/* What is searched by halves must be sorted: then each port that it knows is found. */
static void every_everyday_port_is_found(void **state)
{
	static const uint16_t everyday[] = { 21,   22,   25,   53,   80,   110,  143,  443,  465,
					     587,  853,  993,  995,  1194, 1883, 3389, 3478, 5060,
					     5222, 5228, 5432, 6667, 8000, 8080, 8443, 8883, 9418 };

	(void)state;
	for (size_t i = 0; i < sizeof(everyday) / sizeof(everyday[0]); i++)
		assert_true(port_is(everyday[i], PORT_USUAL));
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(every_everyday_port_is_found);
	return cmocka_run_group_tests_name("service_port", tests, NULL, NULL);
}
