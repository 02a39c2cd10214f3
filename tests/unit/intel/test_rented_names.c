#include "sensor/intel/known_services.h"
#include "sensor/intel/rented_names.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct rented_case {
	const char *name;
	enum rented_kind want;
};

static struct rented_case cases[] = {
	{ "evil.duckdns.org", RENTED_DYNAMIC_DNS },
	{ "a.b.evil.ddns.net", RENTED_DYNAMIC_DNS },
	{ "office.mydns.jp", RENTED_DYNAMIC_DNS },
	{ "nas.synology.me", RENTED_DYNAMIC_DNS },
	{ "1a2b.ngrok-free.app", RENTED_TUNNEL },
	{ "quick-words.trycloudflare.com", RENTED_TUNNEL },
	{ "shop.000webhostapp.com", RENTED_HOSTING },
	{ "someone.github.io", RENTED_HOSTING },
	{ "transfer.sh", RENTED_TRANSFER },
	{ "g.api.mega.co.nz", RENTED_TRANSFER },
	{ "pastebin.com", RENTED_PASTE },
	{ "raw.githubusercontent.com", RENTED_PASTE },
	{ "api.ipify.org", RENTED_ADDRESS_LOOKUP },
	{ "checkip.amazonaws.com", RENTED_ADDRESS_LOOKUP },
	{ "bit.ly", RENTED_SHORTENER },
	/* The provider's own, where routers tell their address. */
	{ "www.duckdns.org", RENTED_NONE },
	{ "dynupdate.ddns.net", RENTED_NONE },
	{ "www.evil.ddns.net", RENTED_DYNAMIC_DNS },
	/* Lookalikes, parents and what is nobody's. */
	{ "notduckdns.org", RENTED_NONE },
	{ "duckdns.org.example", RENTED_NONE },
	{ "github.com", RENTED_NONE },
	{ "githubusercontent.com", RENTED_NONE },
	{ "amazonaws.com", RENTED_NONE },
	{ "org", RENTED_NONE },
	{ "", RENTED_NONE },
	{ ".", RENTED_NONE },
	{ "example.co.jp", RENTED_NONE },
	{ "www.google.com", RENTED_NONE },
};

static void run_case(void **state)
{
	const struct rented_case *c = *state;

	assert_int_equal(rented_name(c->name), c->want);
}

static void names_are_sorted_and_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < rented_names_count(); i++) {
		const char *name = rented_names_at(i);

		assert_true(i == 0 || strcmp(rented_names_at(i - 1), name) < 0);
		assert_non_null(strchr(name, '.'));
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-."),
				 strlen(name));
		assert_int_not_equal(rented_name(name), RENTED_NONE);
	}
}

/* What anybody can have must not be excused as a vendor's service. */
static void no_name_is_a_known_service(void **state)
{
	(void)state;
	for (size_t i = 0; i < rented_names_count(); i++)
		assert_int_equal(known_service(rented_names_at(i)), SERVICE_NONE);
}

static void every_kind_has_its_text(void **state)
{
	(void)state;
	for (int i = 0; i < RENTED_KINDS; i++)
		assert_true(strlen(rented_kind_text((enum rented_kind)i)) > 0);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(names_are_sorted_and_plain),
		cmocka_unit_test(no_name_is_a_known_service),
		cmocka_unit_test(every_kind_has_its_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, cases, run_case);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("rented_names", tests, NULL, NULL);
}
