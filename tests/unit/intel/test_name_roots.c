#include "sensor/intel/name_roots.h"
#include "sensor/intel/registered_domain.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct root_case {
	const char *name;
	enum name_root want;
};

static struct root_case cases[] = {
	{ "www.example.com", ROOT_PUBLIC },
	{ "www.example.co.jp", ROOT_PUBLIC },
	{ "xn--p1ai.xn--p1ai", ROOT_PUBLIC },
	{ "1.1.168.192.in-addr.arpa", ROOT_PUBLIC },
	{ "shop.example.top", ROOT_PUBLIC },
	{ "printer", ROOT_OFFICE },
	{ "", ROOT_OFFICE },
	{ "nas.local", ROOT_OFFICE },
	{ "dc1.example.internal", ROOT_OFFICE },
	{ "pc.corp", ROOT_OFFICE },
	{ "wiki.bit", ROOT_ALTERNATIVE },
	{ "a.b.lib", ROOT_ALTERNATIVE },
	{ "abcdef.onion", ROOT_ALTERNATIVE },
	{ "bit", ROOT_OFFICE }, /* one label: not that root's */
	{ "dc1.win-cnneq7ocuqs", ROOT_UNKNOWN },
	{ "example.notop", ROOT_UNKNOWN },
	{ "a.deadbeef00", ROOT_UNKNOWN },
	{ "example.bitx", ROOT_UNKNOWN },
};

static void run_case(void **state)
{
	const struct root_case *c = *state;

	assert_int_equal(name_root_of(c->name), c->want);
	assert_int_equal(name_is_of_alternative_root(c->name), c->want == ROOT_ALTERNATIVE);
}

static void labels_of_the_root_are_known(void **state)
{
	(void)state;
	assert_true(is_top_level_domain("com"));
	assert_true(is_top_level_domain("jp"));
	assert_true(is_top_level_domain("arpa"));
	assert_false(is_top_level_domain("co.jpx"));
	assert_false(is_top_level_domain("duckdns.org")); /* a suffix, but of one owner's making */
	assert_false(is_top_level_domain("local"));
	assert_false(is_top_level_domain(""));
}

int main(void)
{
	const struct CMUnitTest plain[] = { cmocka_unit_test(labels_of_the_root_are_known) };
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, cases, run_case);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("name_roots", tests, NULL, NULL);
}
