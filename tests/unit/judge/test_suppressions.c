#include "sensor/judge/suppressions.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const nanotime at = UINT64_C(1000) * NANOTIME_DAY;

/* What a suppression says, and whether it covers a beacon of PC-1 to a.backup.example.jp:443. */
struct scope_case {
	const char *name;
	struct suppression_scope scope;
	const char *resolved;
	bool want;
};

static struct scope_case scopes[] = {
	{ "its rule", { .rule = "BCN-1" }, "", true },
	{ "its kind", { .rule = "beacon" }, "", true },
	{ "another rule", { .rule = "DNS-1" }, "", false },
	{ "its name", { .device = "pc-1" }, "", true },
	{ "its MAC", { .device = "02:00:00:00:00:0A" }, "", true },
	{ "its address", { .device = "192.168.1.10" }, "", true },
	{ "another device", { .device = "pc-11" }, "", false },
	{ "the other side's name", { .name = "a.backup.example.jp" }, "", true },
	{ "a name above it", { .name = "example.jp" }, "", true },
	{ "a name that only ends so", { .name = "ackup.example.jp" }, "", false },
	{ "a name below it", { .name = "b.a.backup.example.jp" }, "", false },
	{ "a claimed name that DNS knows otherwise",
	  { .name = "example.jp" },
	  "evil.example.net",
	  false },
	{ "a claimed name that DNS knows too", { .name = "example.jp" }, "x.example.jp", true },
	{ "its port", { .port = 443 }, "", true },
	{ "another port", { .port = 444 }, "", false },
	{ "rule and another port", { .rule = "BCN-1", .port = 444 }, "", false },
	{ "all of it",
	  { .device = "PC-1", .rule = "beacon", .name = "example.jp", .port = 443 },
	  "",
	  true },
};

static struct decisions *decide(const struct suppression_scope *scope)
{
	struct decisions *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	d->suppression_count = 1;
	d->suppressions[0] = (struct suppression){ .id = "one",
						   .scope = *scope,
						   .owner = "Sato",
						   .reason = "x",
						   .since = at,
						   .expires = at + NANOTIME_DAY };
	return d;
}

static struct signal beacon(void)
{
	struct signal s = { .kind = SIGNAL_BEACON, .first = at, .last = at };

	s.object.kind = OBJECT_HOST;
	s.object.port = 443;
	s.object.has_address = true;
	s.object.address = test_address("203.0.113.5");
	(void)snprintf(s.object.text, sizeof(s.object.text), "a.backup.example.jp");
	return s;
}

static struct device pc(void)
{
	struct device device = { .number = 1, .has_mac = true, .address_count = 1 };

	device.mac = test_mac(10);
	device.addresses[0] = test_address("192.168.1.10");
	(void)snprintf(device.names[0], sizeof(device.names[0]), "PC-1");
	return device;
}

static void run_scope(void **state)
{
	const struct scope_case *c = *state;
	struct decisions *d = decide(&c->scope);
	const struct signal s = beacon();
	const struct device device = pc();
	struct suppressions *suppressions;

	assert_int_equal(suppressions_new(&suppressions), ERR_OK);
	assert_null(suppressions_find(suppressions, &s, &device, c->resolved));
	suppressions_use(suppressions, d);
	assert_int_equal(suppressions_find(suppressions, &s, &device, c->resolved) != NULL,
			 c->want);
	suppressions_free(suppressions);
	decisions_free(d);
}

static void addresses_and_zones(void **state)
{
	struct suppression_scope scope = { .has_prefix = true };
	struct suppressions *suppressions;
	struct signal s = beacon();
	struct decisions *d;

	(void)state;
	assert_int_equal(prefix_parse("203.0.113.0/24", &scope.prefix), ERR_OK);
	d = decide(&scope);
	assert_int_equal(suppressions_new(&suppressions), ERR_OK);
	suppressions_use(suppressions, d);
	assert_non_null(suppressions_find(suppressions, &s, NULL, ""));
	s.object.address = test_address("203.0.114.5");
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	s.object.has_address = false;
	assert_null(suppressions_find(suppressions, &s, NULL, ""));

	/* A zone is covered by a wider name, and not by one name in it. */
	d->suppressions[0].scope =
		(struct suppression_scope){ .name = "backup.example.jp", .has_prefix = false };
	s.object.kind = OBJECT_ZONE;
	(void)snprintf(s.object.text, sizeof(s.object.text), "example.jp");
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	(void)snprintf(d->suppressions[0].scope.name, DECISION_NAME_LEN, "example.jp");
	assert_non_null(suppressions_find(suppressions, &s, NULL, ""));

	/* An address by the name that DNS gave for it. */
	s = beacon();
	s.object.kind = OBJECT_ADDRESS;
	(void)snprintf(s.object.text, sizeof(s.object.text), "203.0.113.5");
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	assert_non_null(suppressions_find(suppressions, &s, NULL, "www.example.jp"));

	/* Of a device that is forgotten nothing is known. */
	d->suppressions[0].scope = (struct suppression_scope){ .device = "PC-1" };
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	suppressions_free(suppressions);
	decisions_free(d);
}

static void it_holds_from_one_day_to_another(void **state)
{
	struct suppression_scope scope = { .rule = "BCN-1" };
	struct decisions *d = decide(&scope);
	struct suppressions *suppressions;
	struct signal s = beacon();

	(void)state;
	assert_int_equal(suppressions_new(&suppressions), ERR_OK);
	suppressions_use(suppressions, d);
	s.last = at - 1;
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	assert_int_equal(suppression_state(&d->suppressions[0], s.last), SUPPRESSION_NOT_YET);
	s.last = at;
	assert_non_null(suppressions_find(suppressions, &s, NULL, ""));
	s.last = at + NANOTIME_DAY - 1;
	assert_non_null(suppressions_find(suppressions, &s, NULL, ""));
	assert_int_equal(suppression_state(&d->suppressions[0], s.last), SUPPRESSION_HOLDS);
	s.last = at + NANOTIME_DAY;
	assert_null(suppressions_find(suppressions, &s, NULL, ""));
	assert_int_equal(suppression_state(&d->suppressions[0], s.last), SUPPRESSION_EXPIRED);
	suppressions_free(suppressions);
	decisions_free(d);
}

static void each_is_counted(void **state)
{
	struct suppression_scope scope = { .rule = "BCN-1" };
	struct decisions *d = decide(&scope);
	struct suppressions *suppressions;
	struct suppression_use use;

	(void)state;
	assert_int_equal(suppressions_new(&suppressions), ERR_OK);
	assert_int_equal(suppressions_count(suppressions), 0);
	suppressions_use(suppressions, d);
	assert_int_equal(suppressions_count(suppressions), 1);
	use = suppressions_use_of(suppressions, 0);
	assert_true(use.held == 0 && use.shown == 0 && use.last == 0);
	suppressions_note_held(suppressions, &d->suppressions[0], at + 5);
	suppressions_note_held(suppressions, &d->suppressions[0], at + 3);
	suppressions_note_shown(suppressions, &d->suppressions[0], at + 4);
	use = suppressions_use_of(suppressions, 0);
	assert_true(use.held == 2 && use.shown == 1 && use.last == at + 5);
	assert_ptr_equal(use.entry, &d->suppressions[0]);
	suppressions_free(suppressions);
	decisions_free(d);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(scopes) + 3] = {
		cmocka_unit_test(addresses_and_zones),
		cmocka_unit_test(it_holds_from_one_day_to_another),
		cmocka_unit_test(each_is_counted),
	};

	(void)ADD_ROWS(tests + 3, scopes, run_scope);
	return cmocka_run_group_tests_name("suppressions", tests, NULL, NULL);
}
