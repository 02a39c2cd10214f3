#include "sensor/intel/remote_tools.h"

#include "tests/support/cmocka.h"

struct tool_case {
	const char *name;
	const char *host;
	const char *want; /* NULL is none */
};

static struct tool_case cases[] = {
	{ "its own domain", "anydesk.com", "anydesk" },
	{ "below it", "relay-1.net.anydesk.com", "anydesk" },
	{ "a name that only ends so", "notanydesk.com", NULL },
	{ "another", "www.example.com", NULL },
	{ "a single label", "localhost", NULL },
	{ "nothing", "", NULL },
};

static void run_case(void **state)
{
	const struct tool_case *c = *state;
	const char *tool = remote_tool_of(c->host);

	if (c->want)
		assert_string_equal(tool, c->want);
	else
		assert_null(tool);
}

static void resolvers_are_known_by_suffix(void **state)
{
	(void)state;
	assert_true(is_encrypted_resolver("cloudflare-dns.com"));
	assert_true(is_encrypted_resolver("mozilla.cloudflare-dns.com"));
	assert_false(is_encrypted_resolver("cloudflare.com"));
}

static void tables_are_sorted(void **state)
{
	(void)state;
	assert_true(remote_tools_are_sorted());
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(resolvers_are_known_by_suffix),
		cmocka_unit_test(tables_are_sorted),
	};

	(void)ADD_ROWS(tests + 2, cases, run_case);
	return cmocka_run_group_tests_name("remote_tools", tests, NULL, NULL);
}
