/* Few names that carry data: detector_dns_tunnel's second look. */
#include "sensor/detect/data_label.h"
#include "sensor/detect/dns_data.h"
#include "sensor/detect/dns_tunnel.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { A = 1, TXT = 16, DATA_LEN = 32, FULL_LEN = 60 };

struct label_case {
	const char *name;
	bool is_data;
	bool is_full;
	bool is_service;
	bool has_number;
};

static struct label_case labels[] = {
	{ "onefgaabadc0quu3njcyn0i4ouezrenfqzg3oee4qzezqui1njjboeewnjy0quy", true, true, false,
	  false },
	{ "3.29kvgvnyyqz5xfejrpvv7vh", true, false, false, true },
	{ "62510322ca00000000899dfcec319328", true, false, false, false },
	{ "mrxhg5dboaxgg33omyxhi6dupqytg", true, false, false, false },
	{ "\\200\\201ab", true, false, false, false },
	{ "www", false, false, false, false },
	{ "r4---sn-aigl6n7s", false, false, false, false },
	{ "d2wy8f7a9ursnm", false, false, false, false }, /* a content network's */
	{ "ec2-203-0-113-25", false, false, false, false },
	{ "printer-on-the-second-floor-near-the-window", false, false, false, false },
	{ "3f2504e0-4f89-11d3-9a0c-0305e82c3301", false, false, false, false },
	{ "verylonghostnameofaserviceofours", false, false, false, false },
	{ "1234567890123456789", false, false, false, false },
	{ "224i4yxa5dv7c2xz3womw6peuasteono._domainkey", true, false, true, false },
	{ "", false, false, false, false },
	{ "...", false, false, false, false },
};

static void run_label(void **state)
{
	const struct label_case *c = *state;
	struct data_labels found = data_labels_of(c->name, strlen(c->name));

	assert_int_equal(found.is_data, c->is_data);
	assert_int_equal(found.is_full, c->is_full);
	assert_int_equal(found.is_service, c->is_service);
	assert_int_equal(found.has_number, c->has_number);
}

/* What a series of questions looks like; each is asked and answered. */
struct talk {
	unsigned names;
	size_t len;
	uint16_t type;
	bool counts_up;
	bool answers_carry;
	const char *before; /* in front of the zone, as "_domainkey." */
	const char *zone;   /* NULL: none, the data is the last label */
};

static const struct talk tunnel = { .names = 12,
				    .len = FULL_LEN,
				    .type = TXT,
				    .counts_up = true,
				    .answers_carry = true,
				    .before = "",
				    .zone = "example.com" };

struct trial {
	struct test_bench bench;
	uint64_t random;
};

static void start(struct trial *t)
{
	t->random = 11;
	test_bench_prepare(&t->bench, &detector_dns_tunnel);
	t->bench.config.detect.dns_rhythm.rounds = UINT32_MAX; /* see test_dns_rhythm.c */
	test_bench_start(&t->bench, NULL);
}

static void name_of(struct trial *t, const struct talk *talk, unsigned i, char out[FACT_NAME_LEN])
{
	static const char symbols[] = "abcdefghijklmnopqrstuvwxyz234567";
	char label[FULL_LEN + 1];

	for (size_t k = 0; k < talk->len; k++)
		label[k] = symbols[test_random(&t->random) % (sizeof(symbols) - 1)];
	label[talk->len] = '\0';
	if (talk->zone)
		(void)snprintf(out, FACT_NAME_LEN, "%u.%s.%s%s", talk->counts_up ? i : i * 7 % 100,
			       label, talk->before, talk->zone);
	else
		(void)snprintf(out, FACT_NAME_LEN, "dnscat.%s", label);
}

static void show(struct trial *t, struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&t->bench, &seen);
}

static void speak(struct trial *t, const struct talk *talk)
{
	for (unsigned i = 0; i < talk->names; i++) {
		char name[FACT_NAME_LEN];

		name_of(t, talk, i, name);
		struct fact fact = test_dns_question(test_after_seconds(i * 30.0), name);

		fact.dns.type = talk->type;
		show(t, &fact);
		fact.dns.is_response = true;
		fact.dns.answer_count = 1;
		fact.dns.bulk_answers = talk->type == TXT;
		fact.dns.answer_bytes = talk->answers_carry ? 40 : 3;
		show(t, &fact);
	}
}

/* The confidence of the last signal of data; 0 when there is none. */
static double told_of(const struct talk *talk)
{
	struct trial t;
	double told = 0;

	start(&t);
	speak(&t, talk);
	for (size_t i = 0; i < t.bench.count && i < TEST_SIGNALS_MAX; i++) {
		if (t.bench.signals[i].kind == SIGNAL_DNS_DATA)
			told = t.bench.signals[i].confidence;
	}
	test_bench_stop(&t.bench);
	return told;
}

static void small_tunnels_are_told(void **state)
{
	struct talk direct = tunnel;

	(void)state;
	assert_true(told_of(&tunnel) > 0.7);
	direct.zone = NULL;
	direct.counts_up = false;
	assert_true(told_of(&direct) > 0.7);
}

static void each_sign_counts(void **state)
{
	struct talk less = tunnel;
	double all = told_of(&tunnel);

	(void)state;
	less.type = A;
	assert_true(told_of(&less) < all);
	less.counts_up = false;
	assert_true(told_of(&less) < 0.5);
	less = tunnel;
	less.len = DATA_LEN;
	assert_true(told_of(&less) < all);
	less = tunnel;
	less.counts_up = false;
	assert_true(told_of(&less) < all);
	less = tunnel;
	less.answers_carry = false;
	assert_true(told_of(&less) < all);
}

/* Hashes in lists, pictures of content networks, signatures of mail: none opens a case. */
static void harmless_names_are_silent(void **state)
{
	struct talk hashes = {
		.names = 40, .len = DATA_LEN, .type = A, .before = "", .zone = "example.com"
	};
	struct talk few = tunnel;
	struct talk keys = tunnel;
	struct talk short_names = tunnel;

	(void)state;
	assert_true(told_of(&hashes) < 0.3);
	few.names = 7;
	assert_true(told_of(&few) == 0);
	keys.before = "_domainkey.";
	assert_true(told_of(&keys) == 0);
	short_names.len = 10;
	assert_true(told_of(&short_names) == 0);
}

static void a_name_again_is_no_other(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 20; i++) {
		struct trial same = { .random = 11 };
		char name[FACT_NAME_LEN];

		name_of(&same, &tunnel, 0, name);
		struct fact fact = test_dns_question(test_after_seconds(i), name);

		fact.dns.type = TXT;
		show(&t, &fact);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void signal_says_what_it_is(void **state)
{
	const struct signal *s = NULL;
	struct trial t;

	(void)state;
	start(&t);
	speak(&t, &tunnel);
	for (size_t i = 0; i < t.bench.count; i++) {
		if (t.bench.signals[i].kind == SIGNAL_DNS_DATA)
			s = &t.bench.signals[i];
	}
	assert_non_null(s);
	assert_string_equal(s->object.text, "example.com");
	assert_int_equal(s->object.kind, OBJECT_ZONE);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_int_equal(s->device, 10);
	assert_true(test_reason(s, REASON_DATA_NAMES)->value >= 8);
	assert_non_null(test_reason(s, REASON_CARRIER_TYPES));
	assert_non_null(test_reason(s, REASON_COUNTS_UP));
	assert_true(signal_is_sound(s));
	test_bench_stop(&t.bench);
}

static void days_do_not_add_up(void **state)
{
	struct talk slow = tunnel;
	struct trial t;

	(void)state;
	start(&t);
	slow.names = 1;
	for (unsigned day = 0; day < 30; day++) {
		char name[FACT_NAME_LEN];

		name_of(&t, &slow, day, name);
		struct fact fact = test_dns_question(test_after_seconds(day * 50000.0), name);

		fact.dns.type = TXT;
		show(&t, &fact);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void rows_are_sound(void **state)
{
	const struct data_key key = { .device = 10, .zone = 5 };
	struct data_zone sound = {
		.names = 8, .carriers = 8, .flow_count = 1, .zone = "example.com"
	};
	struct data_zone zone = sound;

	(void)state;
	assert_true(data_zone_is_sound(&key, &sound));
	assert_false(data_zone_is_sound(&(struct data_key){ .zone = 5 }, &sound));
	zone.carriers = 9;
	assert_false(data_zone_is_sound(&key, &zone));
	zone = sound;
	zone.flow_count = 0;
	assert_false(data_zone_is_sound(&key, &zone));
	zone = sound;
	zone.confidence = 2;
	assert_false(data_zone_is_sound(&key, &zone));
	zone = sound;
	memset(zone.zone, 'x', sizeof(zone.zone));
	assert_false(data_zone_is_sound(&key, &zone));
	zone = sound;
	memset(&zone.has_no_zone, 7, 1);
	assert_false(data_zone_is_sound(&key, &zone));
	memset(zone.zone + 100, 'x', 5);
	data_zone_tidy(&zone);
	assert_int_equal(zone.zone[100], 0);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(small_tunnels_are_told),
		cmocka_unit_test(each_sign_counts),
		cmocka_unit_test(harmless_names_are_silent),
		cmocka_unit_test(a_name_again_is_no_other),
		cmocka_unit_test(signal_says_what_it_is),
		cmocka_unit_test(days_do_not_add_up),
		cmocka_unit_test(rows_are_sound),
	};
	struct CMUnitTest tests[ARRAY_LEN(labels) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, labels, run_label);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("dns_data", tests, NULL, NULL);
}
