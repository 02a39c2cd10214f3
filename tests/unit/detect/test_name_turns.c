/* Names whose addresses change: to many others (fast_flux), and to one inside (rebinding). */
#include "sensor/base/lru_map.h"
#include "sensor/detect/fast_flux.h"
#include "sensor/detect/rebinding.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/raw_bench.h"

#define NAME "far.flux.example"

enum { ASKER = 10, OTHER = 11 };

struct trial {
	struct test_bench bench;
	double seconds;
	uint32_t ttl;
	uint8_t device;
	const char *alias;
	const char *server;
};

static struct trial trial;

static struct trial *begin(const struct detector *detector)
{
	trial = (struct trial){ .ttl = 60, .device = ASKER, .server = "192.168.1.1" };
	test_bench_prepare(&trial.bench, detector);
	test_bench_start(&trial.bench, NULL);
	return &trial;
}

static void answer_with(struct trial *t, const char *name, const struct address *addresses,
			uint8_t count)
{
	struct fact fact = test_dns_answer(test_after_seconds(t->seconds), name, "203.0.113.1");
	struct observation seen;

	fact.dns.lowest_ttl = t->ttl;
	fact.dns.address_count = count;
	fact.flow.server = test_address(t->server);
	memcpy(fact.dns.addresses, addresses, count * sizeof(*addresses));
	if (t->alias)
		attributes_add_text(&fact.dns.records, ATTRIBUTE_ANSWER, t->alias);
	seen = test_seen(&fact);
	seen.device = t->device;
	seen.direction = DIRECTION_LATERAL;
	seen.peer_device = 1;
	test_bench_show(&t->bench, &seen);
}

/* `rounds` answers of five addresses each, `apart` seconds from each other. */
struct flux_case {
	const char *name;
	unsigned rounds;
	unsigned networks;
	unsigned pool; /* addresses; 0: ever new ones */
	uint32_t ttl;
	double apart;
	size_t told;
};

static void ask_rounds(struct trial *t, const struct flux_case *c)
{
	enum { EACH = 5 };
	unsigned next = 0;

	t->ttl = c->ttl;
	for (unsigned r = 0; r < c->rounds; r++) {
		struct address list[EACH];

		for (unsigned i = 0; i < EACH; i++) {
			unsigned n = c->pool > 0 ? next % c->pool : next;
			char text[32];

			(void)snprintf(text, sizeof(text), "100.%u.%u.9", 70 + n % c->networks, n);
			list[i] = test_address(text);
			next++;
		}
		answer_with(t, NAME, list, EACH);
		t->seconds += c->apart;
	}
}

static struct flux_case flux_cases[] = {
	{ "ever new machines", 6, 40, 0, 60, 90, 1 },
	{ "too few answers", 3, 40, 0, 60, 90, 0 },
	{ "few networks", 6, 3, 0, 60, 90, 0 },
	{ "a pool that is told again and again", 12, 40, 12, 60, 90, 0 },
	{ "answers that are kept for long", 6, 40, 0, 3600, 3700, 0 },
	{ "spread over days", 6, 40, 0, 60, 40000, 0 },
};

static void damaged_names_are_refused(const struct test_bench *bench)
{
	const struct kept_table *table = &bench->detector->kept[0];
	static const uint64_t none = 0;
	struct lru_map *map;
	uint8_t copy[512];
	const void *key;
	void *value;

	memcpy(&map, (const char *)bench->state + table->at, sizeof(map));
	value = lru_map_next(map, NULL, &key);
	assert_true(table->is_sound(key, value));
	assert_false(table->is_sound(&none, value));
	assert_true(lru_map_value_size(map) <= sizeof(copy));
	memset(copy, 0xff, sizeof(copy));
	assert_false(table->is_sound(key, copy));
}

static void run_flux(void **state)
{
	const struct flux_case *c = *state;
	struct trial *t = begin(&detector_fast_flux);

	ask_rounds(t, c);
	assert_int_equal(t->bench.count, c->told);
	if (c->told > 0) {
		const struct signal *s = test_bench_last(&t->bench);

		assert_int_equal(s->kind, SIGNAL_FAST_FLUX);
		assert_int_equal(s->device, ASKER);
		assert_string_equal(s->object.text, NAME);
		assert_true(s->confidence >= 0.5);
		assert_true(signal_is_sound(s));
		damaged_names_are_refused(&t->bench);
	}
	test_bench_stop(&t->bench);
}

/* As a balancer of a cloud does over a day: others come, but most are told again. */
static void slow_growth_is_weak(void **state)
{
	struct trial *t = begin(&detector_fast_flux);
	struct address list[5];

	(void)state;
	for (unsigned r = 0; r < 60; r++) {
		for (unsigned i = 0; i < 5; i++) {
			char text[32];

			(void)snprintf(text, sizeof(text), "100.%u.1.9", 70 + (r / 4 + i) % 40);
			list[i] = test_address(text);
		}
		answer_with(t, NAME, list, 5);
		t->seconds += 600;
	}
	assert_true(t->bench.count > 0);
	assert_true(test_bench_last(&t->bench)->confidence < 0.5);
	test_bench_stop(&t->bench);
}

static void visit(struct trial *t, const char *server, uint16_t port)
{
	struct fact_flow flow = test_flow(99, "192.168.1.10", server, port, TEST_TCP);
	struct fact fact = test_check_in(test_after_seconds(t->seconds), &flow, 200, "");
	struct observation seen;

	fact.check_in.is_first = true;
	fact.check_in.is_answered = true;
	seen = test_seen(&fact);
	seen.device = ASKER;
	seen.resolved = NAME;
	test_bench_show(&t->bench, &seen);
}

static void use_says_more_and_aliases_less(void **state)
{
	struct trial *t = begin(&detector_fast_flux);
	double before;

	(void)state;
	ask_rounds(t, &flux_cases[0]);
	before = test_bench_last(&t->bench)->confidence;
	visit(t, "100.70.0.9", 8333);
	assert_int_equal(t->bench.count, 1);
	visit(t, "100.70.0.9", 443);
	assert_int_equal(t->bench.count, 2);
	assert_true(test_bench_last(&t->bench)->confidence > before);
	visit(t, "100.70.0.9", 443);
	assert_int_equal(t->bench.count, 2);
	test_bench_stop(&t->bench);

	t = begin(&detector_fast_flux);
	t->alias = NAME " CNAME edge.contents.example";
	ask_rounds(t, &flux_cases[0]);
	assert_true(test_bench_last(&t->bench)->confidence < 0.5);
	test_bench_stop(&t->bench);
}

static void a_full_table_forgets(void **state)
{
	struct trial *t = &trial;

	(void)state;
	*t = (struct trial){ .ttl = 60, .device = ASKER, .server = "192.168.1.1" };
	test_bench_prepare(&t->bench, &detector_fast_flux);
	t->bench.config.detect.fast_flux.names = 64;
	test_bench_start(&t->bench, NULL);
	for (unsigned r = 0; r < 6; r++) {
		ask_rounds(t, &(struct flux_case){ .rounds = 1, .networks = 40, .ttl = 60 });
		for (unsigned i = 0; i < 64; i++) {
			struct address a = test_address("203.0.113.9");
			char name[32];

			(void)snprintf(name, sizeof(name), "n%u.example", i);
			answer_with(t, name, &a, 1);
		}
	}
	assert_int_equal(t->bench.count, 0);
	test_bench_stop(&t->bench);
}

static void answer(struct trial *t, const char *name, const char *address)
{
	struct address a = test_address(address);

	answer_with(t, name, &a, 1);
}

static void go_inside(struct trial *t, const char *server, const char *host)
{
	struct fact_flow flow = test_flow(7, "192.168.1.10", server, 80, TEST_TCP);
	struct fact fact = test_fact(FACT_FLOW_NAMED, test_after_seconds(t->seconds), &flow);
	struct observation seen;

	(void)snprintf(fact.named.host, sizeof(fact.named.host), "%s", host);
	seen = test_seen(&fact);
	seen.device = ASKER;
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&t->bench, &seen);
}

static void a_name_turns_inside_and_is_used(void **state)
{
	struct trial *t = begin(&detector_rebinding);

	(void)state;
	answer(t, NAME, "203.0.113.9");
	t->seconds = 61;
	answer(t, NAME, "192.168.1.30");
	assert_int_equal(t->bench.count, 1);
	assert_int_equal(test_bench_last(&t->bench)->kind, SIGNAL_REBINDING);
	assert_true(test_bench_last(&t->bench)->confidence < 0.5);
	go_inside(t, "192.168.1.30", "other.example");
	go_inside(t, "192.168.1.31", NAME);
	assert_int_equal(t->bench.count, 1);
	go_inside(t, "192.168.1.30", NAME);
	assert_int_equal(t->bench.count, 2);
	assert_true(test_bench_last(&t->bench)->confidence >= 0.6);
	assert_string_equal(test_bench_last(&t->bench)->detail, "192.168.1.30");
	assert_true(signal_is_sound(test_bench_last(&t->bench)));
	go_inside(t, "192.168.1.30", NAME);
	assert_int_equal(t->bench.count, 2);
	check_kept_rows(&t->bench);
	test_bench_stop(&t->bench);
}

static void a_routers_page_needs_more(void **state)
{
	struct trial *t = begin(&detector_rebinding);

	(void)state;
	answer(t, NAME, "203.0.113.9");
	answer(t, NAME, "192.168.1.1");
	go_inside(t, "192.168.1.1", NAME);
	assert_true(test_bench_last(&t->bench)->confidence < 0.5);
	answer(t, NAME, "203.0.113.9");
	answer(t, NAME, "192.168.1.1");
	assert_true(test_bench_last(&t->bench)->confidence >= 0.5);
	test_bench_stop(&t->bench);
}

/* A router whose line is down: the first two are told weakly, the others not at all. */
static void a_login_page_answers_for_every_name(void **state)
{
	struct trial *t = begin(&detector_rebinding);

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "www.site%u.example", i);
		answer(t, name, "203.0.113.9");
		answer(t, name, "192.168.1.1");
		go_inside(t, "192.168.1.1", name);
	}
	for (size_t i = 0; i < t->bench.count; i++)
		assert_true(t->bench.signals[i].confidence < 0.5);
	assert_true(t->bench.count <= 4);
	test_bench_stop(&t->bench);
}

struct quiet_case {
	const char *name;
	const char *first;
	const char *then;
	uint32_t ttl;
	double pause;
	const char *other_server;
	uint8_t other_device;
};

static struct quiet_case quiet_cases[] = {
	{ "inside from the beginning", "192.168.1.30", "192.168.1.30", 60, 60, NULL, 0 },
	{ "another outside", "203.0.113.9", "203.0.113.10", 60, 60, NULL, 0 },
	{ "an answer that is kept for long", "203.0.113.9", "192.168.1.30", 3600, 60, NULL, 0 },
	{ "the next day", "203.0.113.9", "192.168.1.30", 60, 80000, NULL, 0 },
	{ "the office's own server", "203.0.113.9", "192.168.1.30", 60, 60, "192.168.1.5", 0 },
	{ "another device", "203.0.113.9", "192.168.1.30", 60, 60, NULL, OTHER },
	{ "time goes back", "203.0.113.9", "192.168.1.30", 60, -9000, NULL, 0 },
};

static void run_quiet(void **state)
{
	const struct quiet_case *c = *state;
	struct trial *t = begin(&detector_rebinding);

	t->ttl = c->ttl;
	t->seconds = 10000;
	answer(t, NAME, c->first);
	t->seconds += c->pause;
	t->server = c->other_server ? c->other_server : t->server;
	t->device = c->other_device ? c->other_device : t->device;
	answer(t, NAME, c->then);
	assert_int_equal(t->bench.count, 0);
	test_bench_stop(&t->bench);
}

static void a_name_with_both_is_no_turn(void **state)
{
	struct trial *t = begin(&detector_rebinding);
	struct address both[] = { test_address("203.0.113.9"), test_address("192.168.1.30") };

	(void)state;
	answer_with(t, NAME, both, 2);
	answer_with(t, NAME, both, 2);
	assert_int_equal(t->bench.count, 0);
	test_bench_stop(&t->bench);
}

static void filters_lead_nowhere(void **state)
{
	struct trial *t = begin(&detector_rebinding);

	(void)state;
	answer(t, NAME, "203.0.113.9");
	answer(t, NAME, "0.0.0.0");
	assert_true(test_bench_last(&t->bench)->confidence < 0.25);
	test_bench_stop(&t->bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(slow_growth_is_weak),
		cmocka_unit_test(use_says_more_and_aliases_less),
		cmocka_unit_test(a_full_table_forgets),
		cmocka_unit_test(a_name_turns_inside_and_is_used),
		cmocka_unit_test(a_routers_page_needs_more),
		cmocka_unit_test(a_login_page_answers_for_every_name),
		cmocka_unit_test(a_name_with_both_is_no_turn),
		cmocka_unit_test(filters_lead_nowhere),
	};
	struct CMUnitTest tests[ARRAY_LEN(flux_cases) + ARRAY_LEN(quiet_cases) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, flux_cases, run_flux);

	n += ADD_ROWS(tests + n, quiet_cases, run_quiet);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("name_turns", tests, NULL, NULL);
}
