#include "sensor/detect/beacon.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { USUAL_SIZE = 300, EXACT = 6, STRICT = 8, LOOSE = 16, IRREGULAR_PAIRS = 300 };

/* Who goes where, and what is known of it. */
struct party {
	const char *client;
	const char *server;
	enum direction direction;
	const char *host;
	enum host_source host_source;
	const char *protocol;
	uint16_t port;
	uint8_t transport;
	bool no_dns;
	bool is_group;
	bool is_unanswered;
	bool has_no_device;
	bool is_upload;
};

#define OUTSIDE                  .client = "192.168.1.10", .server = "203.0.113.5", .direction = DIRECTION_OUTBOUND
#define INSIDE                   .client = "192.168.1.10", .server = "192.168.1.20", .direction = DIRECTION_LATERAL
#define BETWEEN(from, to, where) .client = (from), .server = (to), .direction = (where)
#define NAMED                    .host = "c2.example.net", .host_source = HOST_TLS
#define NAMELESS                 .host = ""
#define SPEAKS(word, number, transported) \
	.protocol = (word), .port = (number), .transport = (transported)

static const struct party usual = { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) };

struct trial {
	struct test_bench bench;
	uint64_t flow_id;
};

static void start(struct trial *t)
{
	t->flow_id = 0;
	test_bench_prepare(&t->bench, &detector_beacon);
	test_bench_start(&t->bench, NULL);
}

static struct fact_flow next_flow(struct trial *t, const struct party *p)
{
	return test_flow(++t->flow_id, p->client, p->server, p->port, p->transport);
}

static void show(struct trial *t, const struct party *p, const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.direction = p->direction;
	seen.is_group = p->is_group;
	seen.dns_seen = !p->no_dns;
	if (p->has_no_device)
		seen.device = 0;
	test_bench_show(&t->bench, &seen);
}

static void check_in(struct trial *t, const struct party *p, double seconds, uint32_t size)
{
	struct fact_flow flow = next_flow(t, p);
	struct fact fact = test_check_in(test_after_seconds(seconds), &flow, size, p->host);
	struct fact_names *names = &fact.check_in.names;

	fact.check_in.is_answered = !p->is_unanswered;
	names->host_source = (uint8_t)p->host_source;
	names->is_upload = p->is_upload;
	(void)snprintf(names->protocol, sizeof(names->protocol), "%s", p->protocol);
	show(t, p, &fact);
}

/* Check-ins every `period` seconds; those of `from` are the first's time. */
static void check_in_exactly(struct trial *t, const struct party *p, unsigned count, double from,
			     double period)
{
	for (unsigned i = 0; i < count; i++)
		check_in(t, p, from + i * period, USUAL_SIZE);
}

/* Seconds until check-in `i` + 1; `random` is from 0 to 1. */
typedef double interval_fn(unsigned i, double random);

static double every_minute(unsigned i, double random)
{
	(void)i;
	(void)random;
	return 60;
}

static double shares_evenly(unsigned i)
{
	return fmod((i + 1) * 0.6180339887498949, 1); /* each stretch of it fills 0 … 1 evenly */
}

static double a_fifth_either_way(unsigned i, double random)
{
	(void)random;
	return 60 * (0.8 + 0.4 * shares_evenly(i));
}

/* The jitter of the common frameworks: up to half of the sleep is left out. */
static double up_to_half_less(unsigned i, double random)
{
	(void)random;
	return 60 * (1 - 0.5 * shares_evenly(i));
}

static double half_either_way(unsigned i, double random)
{
	(void)i;
	return 60 * (0.5 + random);
}

static double three_fifths_either_way(unsigned i, double random)
{
	(void)random;
	return 60 * (0.4 + 1.2 * shares_evenly(i));
}

static double slow_and_loose(unsigned i, double random)
{
	return 60 * three_fifths_either_way(i, random);
}

static double night_in_between(unsigned i, double random)
{
	(void)random;
	return i == 3 ? 8 * 3600 : 60;
}

static double often_asleep(unsigned i, double random)
{
	(void)random;
	return i % 2 == 1 ? 8 * 3600 : 60;
}

static double poisson(unsigned i, double random)
{
	(void)i;
	return -120 * log(1 - random);
}

/* A few requests within seconds, then somebody reads for half a minute to ten. */
static double page_loads(unsigned i, double random)
{
	return i % 4 != 3 ? 0.1 + 3 * random : 30 * exp(3 * random);
}

struct rhythm_case {
	const char *name;
	interval_fn *next;
	unsigned check_ins;
	unsigned least; /* first signal at this check-in at the earliest; 0 is never */
	unsigned most;
};

static struct rhythm_case rhythms[] = {
	{ "an exact rhythm fires at the sixth", every_minute, 6, EXACT, EXACT },
	{ "an exact rhythm does not fire at the fifth", every_minute, 5, 0, 0 },
	{ "a strict rhythm fires at the eighth", a_fifth_either_way, 20, STRICT, STRICT },
	{ "half of the sleep as jitter fires at the eighth", up_to_half_less, 20, STRICT, STRICT },
	{ "half either way fires by the sixteenth", half_either_way, 40, STRICT, LOOSE },
	{ "a loose rhythm fires at the sixteenth", three_fifths_either_way, 40, LOOSE, LOOSE },
	{ "a loose rhythm does not fire at the fifteenth", three_fifths_either_way, 15, 0, 0 },
	{ "a slow one needs fewer", slow_and_loose, 20, STRICT, STRICT },
	{ "a night asleep is left out", night_in_between, 20, EXACT, EXACT },
	{ "too many gaps are no sleep", often_asleep, 40, 0, 0 },
};

struct irregular_case {
	const char *name;
	interval_fn *next;
	unsigned check_ins;
	uint32_t size_varies;  /* by so many bytes */
	unsigned most;         /* of IRREGULAR_PAIRS that may fire */
	unsigned most_certain; /* … certain enough for a case */
};

/*
 * With equal sizes it is the rhythm alone that decides, and eight arrivals are so few that some
 * look regular by chance. Nearly none of them is certain enough for a case.
 */
static struct irregular_case irregular[] = {
	{ "independent arrivals stay silent but for one in fifteen", poisson, 200, 0,
	  IRREGULAR_PAIRS / 15, IRREGULAR_PAIRS / 100 },
	{ "independent arrivals stay silent below the least count", poisson, 5, 0, 0, 0 },
	{ "page loads of equal requests stay silent but for one in ten", page_loads, 200, 0,
	  IRREGULAR_PAIRS / 10, IRREGULAR_PAIRS / 100 },
	{ "page loads stay silent", page_loads, 200, 1200, 0, 0 },
};

struct firing {
	unsigned at; /* the check-in of the first signal; 0 when there was none */
	double confidence;
};

static struct firing first_signal(interval_fn *next, unsigned check_ins, uint32_t size_varies,
				  uint64_t seed)
{
	struct firing firing = { 0 };
	double seconds = 0;
	struct trial t;

	start(&t);
	for (unsigned i = 0; i < check_ins && t.bench.count == 0; i++) {
		check_in(&t, &usual, seconds,
			 USUAL_SIZE + (uint32_t)(size_varies * test_random_share(&seed)));
		seconds += next(i, test_random_share(&seed));
	}
	if (t.bench.count > 0) {
		firing.at = (unsigned)t.flow_id;
		firing.confidence = test_bench_last(&t.bench)->confidence;
	}
	test_bench_stop(&t.bench);
	return firing;
}

static void run_rhythm(void **state)
{
	const struct rhythm_case *c = *state;
	unsigned at = first_signal(c->next, c->check_ins, 0, 7).at;

	if (at < c->least || at > c->most)
		fail_msg("fired at %u, not from %u to %u", at, c->least, c->most);
}

static void run_irregular(void **state)
{
	const struct irregular_case *c = *state;
	unsigned fired = 0;
	unsigned certain = 0;
	struct config config;

	config_defaults(&config);
	for (uint64_t seed = 1; seed <= IRREGULAR_PAIRS; seed++) {
		struct firing firing =
			first_signal(c->next, c->check_ins, c->size_varies, seed * 977);

		fired += firing.at > 0;
		certain += firing.at > 0 && firing.confidence >= config.judge.confidence;
	}
	if (fired > c->most || certain > c->most_certain)
		fail_msg("%u fired, %u of them certain", fired, certain);
}

struct weight_case {
	const char *name;
	struct party party;
	double times; /* against a named TLS server outside, of the same size, few intervals */
	int reason;   /* that it gives, or -1 */
};

static const double base_chance = 0.35;
static const double same_size_times = 1.25;

static struct weight_case weights[] = {
	{ "a named server outside", { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) }, 1, -1 },
	{ "no name", { OUTSIDE, NAMELESS, SPEAKS("TLS", 443, TEST_TCP) }, 1.5, REASON_NO_NAME },
	{ "no name where no DNS is seen",
	  { OUTSIDE, NAMELESS, SPEAKS("TLS", 443, TEST_TCP), .no_dns = true },
	  1,
	  -1 },
	{ "an odd port", { OUTSIDE, NAMED, SPEAKS("TLS", 4443, TEST_TCP) }, 2, REASON_ODD_PORT },
	{ "no known protocol",
	  { OUTSIDE, NAMED, SPEAKS("Unknown", 443, TEST_TCP) },
	  2,
	  REASON_UNKNOWN_PROTOCOL },
	{ "plain web requests that only ask",
	  { OUTSIDE, .host = "c2.example.net", .host_source = HOST_HTTP,
	    SPEAKS("HTTP", 80, TEST_TCP) },
	  1,
	  -1 },
	{ "plain web requests that send data",
	  { OUTSIDE, .host = "c2.example.net", .host_source = HOST_HTTP,
	    SPEAKS("HTTP", 80, TEST_TCP), .is_upload = true },
	  1.75,
	  REASON_PLAIN_UPLOAD },
	{ "datagrams", { OUTSIDE, NAMED, SPEAKS("QUIC", 443, TEST_UDP) }, 0.5, -1 },
	{ "datagrams to an odd port",
	  { OUTSIDE, NAMED, SPEAKS("Unknown", 9999, TEST_UDP) },
	  0.5,
	  -1 },
	{ "inside the office", { INSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) }, 0.5, -1 },
	{ "inside, without a name at an odd port",
	  { INSIDE, NAMELESS, SPEAKS("TLS", 9100, TEST_TCP) },
	  0.5,
	  -1 },
};

static void assert_confidence(const struct signal *s, double times)
{
	double want = signal_weigh(base_chance, times * same_size_times);

	if (fabs(s->confidence - want) > 1e-9)
		fail_msg("confidence is %f, not %f", s->confidence, want);
}

static void run_weight(void **state)
{
	static const enum reason_code weighed[] = { REASON_NO_NAME, REASON_ODD_PORT,
						    REASON_UNKNOWN_PROTOCOL, REASON_PLAIN_UPLOAD,
						    REASON_JITTER };
	const struct weight_case *c = *state;
	struct trial t;

	start(&t);
	check_in_exactly(&t, &c->party, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->direction, c->party.direction);
	assert_confidence(s, c->times);
	for (size_t i = 0; i < ARRAY_LEN(weighed); i++)
		assert_int_equal(test_reason(s, weighed[i]) != NULL, (int)weighed[i] == c->reason);
	test_bench_stop(&t.bench);
}

struct silent_case {
	const char *name;
	struct party party;
};

static struct silent_case silent[] = {
	{ "to a group address",
	  { OUTSIDE, NAMED, SPEAKS("SSDP", 1900, TEST_UDP), .is_group = true } },
	{ "from outside",
	  { BETWEEN("203.0.113.5", "192.168.1.10", DIRECTION_INBOUND), NAMED,
	    SPEAKS("TLS", 443, TEST_TCP) } },
	{ "between strangers",
	  { BETWEEN("203.0.113.5", "198.51.100.1", DIRECTION_UNKNOWN), NAMED,
	    SPEAKS("TLS", 443, TEST_TCP) } },
	{ "of no device", { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP), .has_no_device = true } },
};

static void run_silent(void **state)
{
	const struct silent_case *c = *state;
	struct trial t;

	start(&t);
	check_in_exactly(&t, &c->party, 40, 0, 60);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void connections_of_one_check_in_count_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT - 1; i++) {
		check_in(&t, &usual, i * 60, USUAL_SIZE);
		check_in(&t, &usual, i * 60 + 0.2, USUAL_SIZE);
		check_in(&t, &usual, i * 60 + 4.9, USUAL_SIZE);
	}
	assert_int_equal(t.bench.count, 0);
	check_in(&t, &usual, 60 * (EXACT - 1), USUAL_SIZE);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->count, EXACT);
	test_bench_stop(&t.bench);
}

static void sizes_that_vary_stay_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 40; i++)
		check_in(&t, &usual, i * 60, USUAL_SIZE * (1 + i % 5));
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void told_again_at_each_doubling(void **state)
{
	static const uint64_t want[] = { 6, 12, 24, 48 };
	struct trial t;

	(void)state;
	start(&t);
	check_in_exactly(&t, &usual, 95, 0, 60);
	assert_int_equal(t.bench.count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_int_equal(t.bench.signals[i].count, want[i]);
	assert_confidence(&t.bench.signals[1], 1);
	assert_confidence(&t.bench.signals[2], 1.25); /* half the history is there */
	test_bench_stop(&t.bench);
}

static void last_numbers_are_told_at_the_end(void **state)
{
	struct party other = usual;
	struct trial t;

	(void)state;
	other.client = "192.168.1.11";
	start(&t);
	check_in_exactly(&t, &usual, 11, 0, 60);
	check_in_exactly(&t, &other, EXACT - 1, 0, 60); /* never told */
	assert_int_equal(t.bench.count, 1);
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->count, 11);
	assert_int_equal(test_bench_last(&t.bench)->device, 10);
	assert_confidence(test_bench_last(&t.bench), 1);
	test_bench_finish(&t.bench); /* nothing more to tell */
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);
}

static void signal_says_what_was_seen(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in_exactly(&t, &usual, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_BEACON);
	assert_int_equal(s->device, 10);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_true(s->first == test_start && s->last == test_after_seconds(300));
	assert_int_equal(s->object.kind, OBJECT_HOST);
	assert_string_equal(s->object.text, "c2.example.net");
	assert_int_equal(s->object.port, 443);
	assert_int_equal(s->object.protocol, TEST_TCP);
	assert_string_equal(s->object.application, "TLS");
	assert_int_equal(s->flow_count, SIGNAL_FLOWS_MAX);
	assert_int_equal(s->flows[s->flow_count - 1].flow.id, EXACT);
	assert_true(fabs(test_reason(s, REASON_PERIOD)->value - 60) < 1e-9);
	assert_true(test_reason(s, REASON_CHECK_INS)->threshold == EXACT);
	assert_true(test_reason(s, REASON_SPREAD)->value == 0);
	assert_true(test_reason(s, REASON_SAME_SIZE)->value == 1);
	test_bench_stop(&t.bench);
}

static void nameless_server_is_told_by_its_address(void **state)
{
	struct party nameless = usual;
	struct trial t;

	(void)state;
	nameless.host = "";
	nameless.is_unanswered = true;
	start(&t);
	check_in_exactly(&t, &nameless, EXACT, 0, 60);
	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->object.kind, OBJECT_ADDRESS);
	assert_string_equal(s->object.text, "203.0.113.5");
	assert_int_equal(s->outcome, OUTCOME_ATTEMPT);
	test_bench_stop(&t.bench);
}

static void one_name_over_many_addresses_is_one_destination(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT; i++) {
		struct party p = usual;
		char server[16];

		(void)snprintf(server, sizeof(server), "203.0.113.%u", i + 1);
		p.server = server;
		check_in(&t, &p, i * 60, USUAL_SIZE);
	}
	assert_int_equal(t.bench.count, 1);
	test_bench_stop(&t.bench);
}

static void check_in_with_jitter(struct trial *t, const struct party *p, double from)
{
	for (unsigned i = 0; i < LOOSE; i++) {
		check_in(t, p, from, USUAL_SIZE);
		from += three_fifths_either_way(i, 0);
	}
}

static void jitter_weighs_where_the_content_stays_the_same(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in_with_jitter(&t, &usual, 0);
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_JITTER));
	assert_confidence(test_bench_last(&t.bench), 1.75);
	test_bench_stop(&t.bench);
}

/* The gate's question; it must be there however much else there is to tell. */
static void devices_are_counted_beside_every_other_reason(void **state)
{
	struct party p = { OUTSIDE, .host = "", .host_source = HOST_HTTP,
			   SPEAKS("Unknown", 8081, TEST_TCP), .is_upload = true };
	static const enum reason_code all[] = { REASON_JITTER,       REASON_NO_NAME,
						REASON_ODD_PORT,     REASON_UNKNOWN_PROTOCOL,
						REASON_PLAIN_UPLOAD, REASON_DEVICES };
	struct trial t;

	(void)state;
	start(&t);
	check_in_with_jitter(&t, &p, 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_non_null(test_reason(test_bench_last(&t.bench), all[i]));
	assert_true(test_reason(test_bench_last(&t.bench), REASON_DEVICES)->value == 1);

	p.client = "192.168.1.11";
	check_in_with_jitter(&t, &p, 5000);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->device, 11);
	assert_true(test_reason(test_bench_last(&t.bench), REASON_DEVICES)->value == 2);
	test_bench_stop(&t.bench);
}

static void end_of_a_flow_tells_protocol_and_counters(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < EXACT; i++) {
		struct fact_flow flow = { 0 };

		check_in(&t, &usual, i * 60, USUAL_SIZE);
		flow = test_flow(t.flow_id, usual.client, usual.server, usual.port,
				 usual.transport);
		struct fact ended = test_flow_ended(test_after_seconds(i * 60 + 1), &flow, true);

		(void)snprintf(ended.ended.names.host, FACT_HOST_LEN, "%s", usual.host);
		(void)snprintf(ended.ended.names.protocol, FACT_PROTOCOL_LEN, "TLS.Example");
		if (i < EXACT - 1)
			show(&t, &usual, &ended);
	}
	const struct signal *s = test_bench_last(&t.bench);

	assert_true(s->flows[0].has_ended);
	assert_int_equal(s->flows[0].bytes_down, 2000);
	assert_false(s->flows[s->flow_count - 1].has_ended);
	test_bench_stop(&t.bench);
}

#define TABLES (ARRAY_LEN(rhythms) + ARRAY_LEN(irregular) + ARRAY_LEN(weights) + ARRAY_LEN(silent))

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(connections_of_one_check_in_count_once),
		cmocka_unit_test(sizes_that_vary_stay_silent),
		cmocka_unit_test(told_again_at_each_doubling),
		cmocka_unit_test(last_numbers_are_told_at_the_end),
		cmocka_unit_test(signal_says_what_was_seen),
		cmocka_unit_test(nameless_server_is_told_by_its_address),
		cmocka_unit_test(one_name_over_many_addresses_is_one_destination),
		cmocka_unit_test(jitter_weighs_where_the_content_stays_the_same),
		cmocka_unit_test(devices_are_counted_beside_every_other_reason),
		cmocka_unit_test(end_of_a_flow_tells_protocol_and_counters),
	};
	struct CMUnitTest tests[TABLES + ARRAY_LEN(plain)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rhythms); i++)
		tests[n++] = (struct CMUnitTest){ .name = rhythms[i].name,
						  .test_func = run_rhythm,
						  .initial_state = &rhythms[i] };
	for (size_t i = 0; i < ARRAY_LEN(irregular); i++)
		tests[n++] = (struct CMUnitTest){ .name = irregular[i].name,
						  .test_func = run_irregular,
						  .initial_state = &irregular[i] };
	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		tests[n++] = (struct CMUnitTest){ .name = weights[i].name,
						  .test_func = run_weight,
						  .initial_state = &weights[i] };
	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		tests[n++] = (struct CMUnitTest){ .name = silent[i].name,
						  .test_func = run_silent,
						  .initial_state = &silent[i] };
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("beacon", tests, NULL, NULL);
}
