#include "sensor/detect/failing_domain.h"
#include "sensor/detect/failing_names.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { NXDOMAIN = 3, DRAWN_LEN = 12 };

struct trial {
	struct test_bench bench;
	uint64_t random;
};

static void start(struct trial *t)
{
	t->random = 5;
	test_bench_prepare(&t->bench, &detector_failing_names);
	test_bench_start(&t->bench, NULL);
}

static void show(struct trial *t, const struct fact *fact, enum direction direction)
{
	struct observation seen = test_seen(fact);

	seen.direction = direction;
	test_bench_show(&t->bench, &seen);
}

/* A question at the office's resolver that finds nothing. */
static void miss(struct trial *t, double seconds, const char *name)
{
	struct fact fact = test_dns_question(test_after_seconds(seconds), name);

	show(t, &fact, DIRECTION_LATERAL);
	fact.dns.is_response = true;
	fact.dns.rcode = NXDOMAIN;
	show(t, &fact, DIRECTION_LATERAL);
}

typedef void name_fn(struct trial *t, unsigned i, char out[FACT_NAME_LEN]);

static void drawn(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	(void)i;
	for (size_t k = 0; k < DRAWN_LEN; k++)
		out[k] = (char)('a' + test_random(&t->random) % 26);
	memcpy(out + DRAWN_LEN, ".com", sizeof(".com"));
}

static void drawn_of_any_make(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	static const char *const tops[] = { "com", "net", "org", "info", "biz" };
	size_t len = 8 + i % 7;

	for (size_t k = 0; k < len; k++)
		out[k] = (char)('a' + test_random(&t->random) % 26);
	(void)snprintf(out + len, FACT_NAME_LEN - len, ".%s", tops[i % 5]);
}

static void of_words(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	static const char *const words[] = { "garden", "office", "yamada", "printer", "sakura",
					     "market", "travel", "camera", "suzuki",  "window" };

	(void)t;
	(void)snprintf(out, FACT_NAME_LEN, "mail.%s%s.com", words[i % 10],
		       words[(i / 10 + i) % 10]);
}

static void one_label(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	drawn(t, i, out);
	out[DRAWN_LEN] =
		'\0'; /* as Chromium asks to find out whether somebody answers everything */
}

static void in_the_office(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	drawn(t, i, out);
	memcpy(out + DRAWN_LEN, ".office.local", sizeof(".office.local"));
}

static void below_one_domain(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	drawn(t, i, out);
	memcpy(out + DRAWN_LEN, ".example.com", sizeof(".example.com"));
}

static void of_the_system(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	char label[FACT_NAME_LEN];

	drawn(t, i, label);
	(void)snprintf(out, FACT_NAME_LEN, "_ldap._tcp.%.60s", label);
}

static void foreign_letters(struct trial *t, unsigned i, char out[FACT_NAME_LEN])
{
	char label[FACT_NAME_LEN];

	drawn(t, i, label);
	(void)snprintf(out, FACT_NAME_LEN, "xn--%.60s", label);
}

struct series_case {
	const char *name;
	name_fn *next;
	unsigned names;
	double seconds_between;
	bool is_told; /* as a search under invented names */
};

static struct series_case series[] = {
	{ "drawn names in a burst", drawn, 12, 2, true },
	{ "of any length and ending", drawn_of_any_make, 25, 5, true },
	{ "too few", drawn, 9, 2, false },
	{ "too slowly", drawn, 40, 120, false },
	{ "words", of_words, 60, 2, false },
	{ "single labels", one_label, 60, 2, false },
	{ "of the office", in_the_office, 60, 2, false },
	{ "below one domain", below_one_domain, 60, 2, false },
	{ "services of Windows", of_the_system, 60, 2, false },
	{ "letters of other scripts", foreign_letters, 60, 2, false },
};

static const struct signal *find(const struct trial *t, enum signal_kind kind)
{
	const struct signal *found = NULL;

	for (size_t i = 0; i < t->bench.count && i < TEST_SIGNALS_MAX; i++) {
		if (t->bench.signals[i].kind == kind)
			found = &t->bench.signals[i];
	}
	return found;
}

static void run_series(void **state)
{
	const struct series_case *c = *state;
	const struct signal *s;
	struct trial t;

	start(&t);
	for (unsigned i = 0; i < c->names; i++) {
		char name[FACT_NAME_LEN];

		c->next(&t, i, name);
		miss(&t, i * c->seconds_between, name);
	}
	s = find(&t, SIGNAL_DGA);
	assert_int_equal(s != NULL, c->is_told);
	if (s) {
		assert_true(s->confidence >= 0.5);
		assert_true(test_reason(s, REASON_NAME_COST)->value >= 5);
		assert_true(test_reason(s, REASON_FAILED_DOMAINS)->value >= 10);
		assert_int_equal(s->device, 10);
		assert_true(signal_is_sound(s));
	}
	test_bench_stop(&t.bench);
}

static void names_that_exist_are_no_search(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 40; i++) {
		char name[FACT_NAME_LEN];

		drawn(&t, i, name);
		struct fact fact = test_dns_answer(test_after_seconds(i), name, "203.0.113.5");

		show(&t, &fact, DIRECTION_LATERAL);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* What one round asks for; told with how much confidence, 0 when not. */
static double rounds_told(const char *const *names, unsigned count, double period, double jitter)
{
	const struct signal *s;
	struct trial t;
	double told;

	start(&t);
	for (unsigned i = 0; i < 60; i++) {
		double late = jitter * test_random_share(&t.random);

		miss(&t, i * period + late, names[i % count]);
	}
	s = find(&t, SIGNAL_FAILING_NAMES);
	told = s ? s->confidence : 0;
	test_bench_stop(&t.bench);
	return told;
}

static void a_rhythm_is_weak_evidence(void **state)
{
	static const char *const one[] = { "updates.oldprinter.com" };
	static const char *const several[] = { "a.oldserver.com", "b.newserver.net",
					       "c.mailmarket.org" };

	(void)state;
	assert_true(rounds_told(one, 1, 50, 1) > 0.1);
	assert_true(rounds_told(one, 1, 50, 1) < 0.3);
	assert_true(rounds_told(several, 3, 50, 1) > rounds_told(one, 1, 50, 1));
	assert_true(rounds_told(several, 3, 50, 1) < 0.5);
	assert_true(rounds_told(one, 1, 50, 200) == 0); /* no rhythm */
	assert_true(rounds_told(one, 1, 2, 0.1) == 0);  /* one burst */
}

static void many_dead_domains_are_weak_evidence(void **state)
{
	const struct signal *s;
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 8; i++) {
		char name[FACT_NAME_LEN];

		of_words(&t, i, name);
		miss(&t, i * 60.0, name + strlen("mail."));
	}
	s = find(&t, SIGNAL_FAILING_NAMES);
	assert_non_null(s);
	assert_true(s->confidence < 0.3);
	test_bench_stop(&t.bench);
	start(&t);
	for (unsigned i = 0; i < 9; i++) {
		char name[FACT_NAME_LEN];

		drawn(&t, i, name);
		miss(&t, i * 60.0, name);
	}
	assert_null(find(&t, SIGNAL_FAILING_NAMES)); /* no second witness of invented names */
	test_bench_stop(&t.bench);
}

static double alternative_told(const char *const *names, unsigned count, unsigned asked,
			       const char *server, enum direction direction)
{
	const struct signal *s;
	struct trial t;
	double told;

	start(&t);
	for (unsigned i = 0; i < asked; i++) {
		struct fact fact = test_dns_question(test_after_seconds(i * 7.0 * (i % 3 + 1)),
						     names[i % count]);

		fact.flow.server = test_address(server);
		show(&t, &fact, direction);
	}
	s = find(&t, SIGNAL_FAILING_NAMES);
	told = s ? s->confidence : 0;
	if (s)
		assert_non_null(test_reason(s, REASON_ALTERNATIVE_ROOT));
	test_bench_stop(&t.bench);
	return told;
}

static void names_of_other_roots(void **state)
{
	static const char *const names[] = { "shop.bit", "mail.bit", "news.bit" };
	static const char *const usual[] = { "shop.com", "mail.co.jp", "news.net" };

	(void)state;
	assert_true(alternative_told(names, 3, 6, "203.0.113.9", DIRECTION_OUTBOUND) >= 0.5);
	assert_true(alternative_told(names, 1, 6, "192.168.1.1", DIRECTION_LATERAL) < 0.5);
	assert_true(alternative_told(names, 1, 6, "8.8.8.8", DIRECTION_OUTBOUND) < 0.5);
	assert_true(alternative_told(names, 1, 2, "203.0.113.9", DIRECTION_OUTBOUND) == 0);
	assert_true(alternative_told(usual, 3, 9, "203.0.113.9", DIRECTION_OUTBOUND) == 0);
}

static void a_forwarder_is_not_blamed(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 30; i++) {
		char name[FACT_NAME_LEN];

		drawn(&t, i, name);
		struct fact fact = test_dns_question(test_after_seconds(i), name);
		struct observation seen;

		fact.dns.is_response = true;
		fact.dns.rcode = NXDOMAIN;
		seen = test_seen(&fact);
		seen.direction = DIRECTION_LATERAL;
		seen.peer_device = 1;
		test_bench_show(&t.bench, &seen);
		fact.flow.client = test_address("192.168.1.1");
		fact.flow.server = test_address("203.0.113.53");
		seen = test_seen(&fact);
		test_bench_show(&t.bench, &seen);
	}
	assert_true(t.bench.count > 1);
	for (size_t i = 0; i < t.bench.count; i++)
		assert_int_equal(t.bench.signals[i].is_forwarded, t.bench.signals[i].device == 1);
	test_bench_stop(&t.bench);
}

static void strangers_and_groups_are_ignored(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 40; i++) {
		char name[FACT_NAME_LEN];

		drawn(&t, i, name);
		struct fact fact = test_dns_question(test_after_seconds(i), name);

		fact.dns.is_response = true;
		fact.dns.rcode = NXDOMAIN;
		show(&t, &fact, DIRECTION_INBOUND);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void time_that_goes_back_begins_anew(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 18; i++) {
		char name[FACT_NAME_LEN];

		drawn(&t, i, name);
		miss(&t, i < 9 ? 90000.0 + i : i, name);
	}
	assert_null(find(&t, SIGNAL_DGA));
	test_bench_stop(&t.bench);
}

static void the_longest_unheard_makes_room(void **state)
{
	struct failing f = { .domain_count = 0 };

	(void)state;
	for (uint64_t i = 1; i <= FAILED_DOMAINS_MOST + 1; i++)
		failed_domain_of(&f, i, i)->last = i;
	assert_int_equal(f.domain_count, FAILED_DOMAINS_MOST);
	assert_int_equal(f.domains[0].hash, FAILED_DOMAINS_MOST + 1);
	assert_int_equal(failed_burst_since(&f, FAILED_DOMAINS_MOST).domains, 2);
}

static void rows_are_sound(void **state)
{
	const uint32_t device = 10;
	const uint32_t nobody = 0;
	struct failing sound = { .domain_count = 1, .flow_count = 1, .told_rhythm = 0.2F };
	struct failing f = sound;

	(void)state;
	assert_true(failing_is_sound(&device, &sound));
	assert_false(failing_is_sound(&nobody, &sound));
	f.domain_count = FAILED_DOMAINS_MOST + 1;
	assert_false(failing_is_sound(&device, &f));
	f = sound;
	f.flow_count = 0; /* the latest is read without asking */
	assert_false(failing_is_sound(&device, &f));
	f = sound;
	f.alternative_count = 1;
	assert_false(failing_is_sound(&device, &f));
	f = sound;
	f.told_many = 2;
	assert_false(failing_is_sound(&device, &f));
	f = sound;
	memset(f.example, 'x', sizeof(f.example));
	assert_false(failing_is_sound(&device, &f));
	f = sound;
	memset(&f.domains[3].is_bare, 9, 1);
	assert_false(failing_is_sound(&device, &f));
	failing_tidy(&f);
	assert_true(failing_is_sound(&device, &f));
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(names_that_exist_are_no_search),
		cmocka_unit_test(a_rhythm_is_weak_evidence),
		cmocka_unit_test(many_dead_domains_are_weak_evidence),
		cmocka_unit_test(names_of_other_roots),
		cmocka_unit_test(a_forwarder_is_not_blamed),
		cmocka_unit_test(strangers_and_groups_are_ignored),
		cmocka_unit_test(time_that_goes_back_begins_anew),
		cmocka_unit_test(the_longest_unheard_makes_room),
		cmocka_unit_test(rows_are_sound),
	};
	struct CMUnitTest tests[ARRAY_LEN(series) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, series, run_series);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("failing_names", tests, NULL, NULL);
}
