#include "sensor/detect/dns_tunnel.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { DNS_TXT = 16, LONG_LABEL = 40, SHORT_LABEL = 12 };

struct trial {
	struct test_bench bench;
	uint64_t random;
};

static void start(struct trial *t)
{
	t->random = 7;
	test_bench_prepare(&t->bench, &detector_dns_tunnel);
	t->bench.config.detect.dns_rhythm.rounds = UINT32_MAX; /* see test_dns_rhythm.c */
	test_bench_start(&t->bench, NULL);
}

/* The names look like data, too: that is dns_data's test. */
static void drop_data(struct test_bench *bench)
{
	size_t kept = 0;

	for (size_t i = 0; i < bench->count && i < TEST_SIGNALS_MAX; i++) {
		if (bench->signals[i].kind != SIGNAL_DNS_DATA)
			bench->signals[kept++] = bench->signals[i];
	}
	bench->count = kept;
}

static void show(struct trial *t, const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.direction = DIRECTION_LATERAL; /* to the office's resolver */
	test_bench_show(&t->bench, &seen);
	drop_data(&t->bench);
}

static void random_label(struct trial *t, size_t len, char *out)
{
	static const char symbols[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (size_t i = 0; i < len; i++)
		out[i] = symbols[test_random(&t->random) % (sizeof(symbols) - 1)];
	out[len] = '\0';
}

/* Makes the `i`th name of a series. */
typedef void name_fn(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN]);

static void long_random(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	char label[LONG_LABEL + 1];

	(void)i;
	random_label(t, LONG_LABEL, label);
	(void)snprintf(out, FACT_NAME_LEN, "%s.%s", label, zone);
}

static void short_random(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	char label[SHORT_LABEL + 1];

	(void)i;
	random_label(t, SHORT_LABEL, label);
	(void)snprintf(out, FACT_NAME_LEN, "%s.%s", label, zone);
}

/* Thirty servers of a content network, asked for again and again. */
static void few_servers(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	(void)t;
	(void)snprintf(out, FACT_NAME_LEN, "r%u---sn-edge-cache-frankfurt-region-%02u.%s", i % 30,
		       i % 30, zone);
}

/* Many shops at one host: short words, nothing to hide in. */
static void many_short_words(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	(void)t;
	(void)snprintf(out, FACT_NAME_LEN, "aaa%u.%s", i, zone);
}

static void with_fixed_label(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	char label[LONG_LABEL + 1];

	(void)i;
	random_label(t, LONG_LABEL, label);
	(void)snprintf(out, FACT_NAME_LEN, "_dmarc.%s.%s", label, zone);
}

static void zone_alone(struct trial *t, unsigned i, const char *zone, char out[FACT_NAME_LEN])
{
	(void)t;
	(void)i;
	(void)snprintf(out, FACT_NAME_LEN, "%s", zone);
}

struct series_case {
	const char *name;
	name_fn *next;
	const char *zone;
	unsigned names;
	double seconds_between;
	const char *want; /* the zone that is told; NULL is none */
};

static struct series_case series[] = {
	{ "long random names", long_random, "tunnel.example.com", 400, 1, "example.com" },
	{ "short random names, many of them", short_random, "example.com", 1200, 0.4,
	  "example.com" },
	{ "a zone below a public suffix of two labels", long_random, "evil.co.jp", 400, 1,
	  "evil.co.jp" },
	{ "strangers' names below dynamic DNS are zones of their own", long_random,
	  "evil.duckdns.org", 400, 1, "evil.duckdns.org" },
	{ "slowly, over an hour", long_random, "example.com", 900, 3.9, "example.com" },
	{ "very slowly, over a day", long_random, "example.com", 2500, 30, "example.com" },
	{ "the office's own suffix is cut off", long_random, "example.com.office.local", 400, 1,
	  "example.com" },
	{ "that of the router too", long_random, "example.com.fritz.lan", 400, 1, "example.com" },
	{ "fewer than fifty names", long_random, "example.com", 40, 1, NULL },
	{ "enough names, too few bytes", short_random, "example.com", 200, 1, NULL },
	{ "a content network's few names", few_servers, "cdn.example.net", 3000, 0.1, NULL },
	{ "many short words", many_short_words, "shops.example.net", 1000, 0.5, NULL },
	{ "a zone without anything below", zone_alone, "example.com", 1000, 0.1, NULL },
	{ "names of the office", long_random, "local", 400, 1, NULL },
	{ "names of the office's domain", long_random, "office.local", 400, 1, NULL },
	{ "reverse zones", long_random, "1.168.192.in-addr.arpa", 400, 1, NULL },
	{ "reverse zones of IPv6", long_random, "8.b.d.0.1.0.0.2.ip6.arpa", 400, 1, NULL },
	{ "home networks", long_random, "home.arpa", 400, 1, NULL },
	{ "a security product's lookups, for the gate to know", long_random, "avqs.mcafee.com", 400,
	  1, "mcafee.com" },
	{ "a customer's names below a vendor", long_random, "evil.cloudapp.net", 400, 1,
	  "evil.cloudapp.net" },
	{ "a service's label in front hides nothing", with_fixed_label, "example.com", 400, 1,
	  "example.com" },
};

static void ask_all(struct trial *t, const struct series_case *c)
{
	for (unsigned i = 0; i < c->names; i++) {
		char name[FACT_NAME_LEN];

		c->next(t, i, c->zone, name);
		struct fact fact =
			test_dns_question(test_after_seconds(i * c->seconds_between), name);

		show(t, &fact);
	}
}

static void run_series(void **state)
{
	const struct series_case *c = *state;
	struct trial t;
	uint64_t before = 0;

	start(&t);
	ask_all(&t, c);
	assert_int_equal(t.bench.count > 0, c->want != NULL);
	for (size_t i = 0; i < t.bench.count; i++) {
		const struct signal *s = &t.bench.signals[i];

		assert_int_equal(s->kind, SIGNAL_DNS_TUNNEL);
		assert_int_equal(s->direction, DIRECTION_OUTBOUND);
		assert_int_equal(s->device, 10);
		assert_int_equal(s->object.kind, OBJECT_ZONE);
		assert_string_equal(s->object.text, c->want);
		assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
		assert_true(s->first == test_start && s->last >= s->first);
		assert_true(s->count >= 2 * before);
		before = s->count;
	}
	test_bench_stop(&t.bench);
}

static void last_numbers_are_told_at_the_end(void **state)
{
	static const struct series_case tunnel = { "", long_random, "example.com", 190, 1, "" };
	uint64_t told;
	struct trial t;

	(void)state;
	start(&t);
	ask_all(&t, &tunnel);
	assert_int_equal(t.bench.count, 1);
	told = test_bench_last(&t.bench)->count;
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 2);
	assert_true(test_bench_last(&t.bench)->count > told);
	assert_string_equal(test_bench_last(&t.bench)->object.text, "example.com");
	assert_int_equal(test_bench_last(&t.bench)->object.port, 53);
	assert_int_equal(test_bench_last(&t.bench)->device, 10);
	test_bench_finish(&t.bench); /* nothing more to tell */
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);
}

/* A question for text and its answer, `carried` of whose records are of a kind that carries. */
static void ask_and_answer(struct trial *t, unsigned i, uint16_t carried, uint16_t records)
{
	char name[FACT_NAME_LEN];

	short_random(t, i, "example.com", name);
	struct fact question = test_dns_question(test_after_seconds(i), name);
	struct fact answer = question;

	question.dns.type = DNS_TXT;
	show(t, &question);
	answer.dns.type = DNS_TXT;
	answer.dns.is_response = true;
	answer.dns.answer_count = records;
	answer.dns.bulk_answers = carried;
	answer.dns.answer_bytes = 200U * records;
	show(t, &answer);
}

static void bulk_answers_fire(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 60; i++)
		ask_and_answer(&t, i, 1, 1);
	const struct signal *s = &t.bench.signals[0];

	assert_true(t.bench.count > 0);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_non_null(test_reason(s, REASON_BULK_ANSWERS));
	assert_true(test_reason(s, REASON_BULK_ANSWERS)->value == 1);
	assert_true(s->count >= 30 && s->count <= 40); /* at thirty, as a sketch counts them */
	test_bench_stop(&t.bench);
}

static void few_bulk_answers_are_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 25; i++)
		ask_and_answer(&t, i, 1, 1);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void small_share_of_bulk_answers_is_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 100; i++)
		ask_and_answer(&t, i, i % 4 == 0 ? 1 : 0, 1);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* One answer fetched again and again carries nothing new. */
static void repeated_bulk_answer_is_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 500; i++) {
		struct fact answer =
			test_dns_answer(test_after_seconds(i), "_spf.example.com", "203.0.113.5");

		answer.dns.bulk_answers = 1;
		show(&t, &answer);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void names_of_other_days_do_not_add_up(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 800; i++) { /* forty a day, for twenty days */
		uint64_t seconds = (i / 40U) * UINT64_C(90000) + i % 40;
		char name[FACT_NAME_LEN];

		long_random(&t, i, "example.com", name);
		struct fact fact = test_dns_question(test_after_seconds((double)seconds), name);

		show(&t, &fact);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void devices_are_told_apart(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 160; i++) { /* half of what is needed, each */
		char name[FACT_NAME_LEN];

		long_random(&t, i, "example.com", name);
		struct fact fact = test_dns_question(test_after_seconds(i), name);

		fact.flow.client = test_address(i % 2 ? "192.168.1.10" : "192.168.1.11");
		show(&t, &fact);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void group_questions_are_ignored(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 400; i++) {
		char name[FACT_NAME_LEN];

		long_random(&t, i, "example.com", name);
		struct fact fact = test_dns_question(test_after_seconds(i), name);
		struct observation seen = test_seen(&fact);

		seen.is_group = true;
		test_bench_show(&t.bench, &seen);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void reasons_hold_against_their_thresholds(void **state)
{
	static const struct series_case tunnel = { "", long_random, "example.com", 400, 1, "" };
	const struct signal *s;
	struct trial t;

	(void)state;
	start(&t);
	ask_all(&t, &tunnel);
	s = test_bench_last(&t.bench);
	assert_non_null(test_reason(s, REASON_DISTINCT_NAMES));
	assert_non_null(test_reason(s, REASON_NAME_BYTES));
	assert_non_null(test_reason(s, REASON_NAME_ENTROPY));
	assert_true(test_reason(s, REASON_NAME_LENGTH)->value == (double)LONG_LABEL);
	for (uint8_t i = 0; i < s->reason_count; i++) {
		if (s->reasons[i].comparison == COMPARE_AT_LEAST)
			assert_true(s->reasons[i].value >= s->reasons[i].threshold);
	}
	test_bench_stop(&t.bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(last_numbers_are_told_at_the_end),
		cmocka_unit_test(bulk_answers_fire),
		cmocka_unit_test(few_bulk_answers_are_silent),
		cmocka_unit_test(small_share_of_bulk_answers_is_silent),
		cmocka_unit_test(repeated_bulk_answer_is_silent),
		cmocka_unit_test(names_of_other_days_do_not_add_up),
		cmocka_unit_test(devices_are_told_apart),
		cmocka_unit_test(group_questions_are_ignored),
		cmocka_unit_test(reasons_hold_against_their_thresholds),
	};
	struct CMUnitTest tests[ARRAY_LEN(series) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, series, run_series);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("dns_tunnel", tests, NULL, NULL);
}
