#include "sensor/intel/registered_domain.h"

#include "tests/support/cmocka.h"

#include <string.h>

/* `want` NULL: there is no registered domain. */
struct domain_case {
	const char *name;
	const char *want;
	bool is_suffix;
};

static struct domain_case cases[] = {
	{ "example.com", "example.com", false },
	{ "www.example.com", "example.com", false },
	{ "a.b.c.example.com", "example.com", false },
	{ "com", NULL, true },
	{ "shop.example.co.jp", "example.co.jp", false },
	{ "example.co.jp", "example.co.jp", false },
	{ "co.jp", NULL, true },
	{ "jp", NULL, true },
	{ "a.example.ne.jp", "example.ne.jp", false },
	{ "ne.jp", NULL, true },
	{ "city.example.lg.jp", "example.lg.jp", false },
	{ "lg.jp", NULL, true },
	{ "www.example.jp", "example.jp", false },
	{ "a.example.duckdns.org", "example.duckdns.org", false },
	{ "duckdns.org", NULL, true },
	{ "a.example.github.io", "example.github.io", false },
	{ "github.io", NULL, true },
	{ "www.github.com", "github.com", false },
	{ "localhost", NULL, true },
	{ "a.b.nosuchtld", "b.nosuchtld", false },
	{ "nosuchtld", NULL, true },
	{ "_tcp.a.example.com", "example.com", false },
	{ "", NULL, true },
};

static void run_case(void **state)
{
	const struct domain_case *c = *state;
	const char *got = registered_domain(c->name);

	if (c->want) {
		assert_non_null(got);
		assert_string_equal(got, c->want);
		assert_ptr_equal(got, c->name + strlen(c->name) - strlen(c->want));
	} else {
		assert_null(got);
	}
	assert_int_equal(is_public_suffix(c->name), c->is_suffix);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	(void)ADD_ROWS(tests, cases, run_case);
	return cmocka_run_group_tests_name("registered_domain", tests, NULL, NULL);
}
