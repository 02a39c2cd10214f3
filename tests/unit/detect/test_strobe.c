#include "sensor/detect/strobe.h"

#include "tests/unit/detect/raw_bench.h"

struct strobe_case {
	const char *name;
	unsigned count;
	double pace;
	unsigned odd_size; /* every so many send another amount; 0 is none */
	unsigned vain;     /* so many of ten give nothing */
	enum direction direction;
	const char *peer_name;
	const char *protocol;
	double least; /* confidence; 0: nothing is told */
	double most;
};

static struct strobe_case cases[] = {
	{ "to a bare address", 320, 2, 0, 0, DIRECTION_OUTBOUND, "", "Unknown", 0.5, 0.8 },
	{ "to a service by name", 320, 2, 0, 0, DIRECTION_OUTBOUND, "status.example.net", "TLS",
	  0.12, 0.3 },
	{ "too few", 299, 2, 0, 0, DIRECTION_OUTBOUND, "", "Unknown", 0, 0 },
	{ "in a day", 320, 60, 0, 0, DIRECTION_OUTBOUND, "", "Unknown", 0, 0 },
	{ "each another request", 320, 2, 2, 0, DIRECTION_OUTBOUND, "", "Unknown", 0, 0 },
	{ "in vain is another's story", 320, 2, 0, 10, DIRECTION_OUTBOUND, "", "Unknown", 0, 0 },
	{ "inside the office", 320, 2, 0, 0, DIRECTION_LATERAL, "", "Unknown", 0, 0 },
	{ "from outside", 320, 2, 0, 0, DIRECTION_INBOUND, "", "Unknown", 0, 0 },
};

static void connect_once(struct test_bench *bench, const struct strobe_case *c, unsigned i,
			 double at)
{
	struct fact fact = raw_flow(at, "203.0.113.5", c->peer_name[0] != '\0' ? 443 : 8085);
	struct observation seen;

	if (c->odd_size > 0 && i % c->odd_size == 0)
		fact.ended.bytes_up = 500 + 97 * (i % 41);
	fact.ended.has_data_down = i % 10 >= c->vain;
	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "%s", c->protocol);
	seen = test_seen(&fact);
	seen.direction = c->direction;
	seen.peer_name = c->peer_name;
	seen.resolved = c->peer_name;
	test_bench_show(bench, &seen);
}

static void run_case(void **state)
{
	const struct strobe_case *c = *state;
	struct test_bench bench;

	test_bench_prepare(&bench, &detector_strobe);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < c->count; i++)
		connect_once(&bench, c, i, 1 + c->pace * i);
	assert_int_equal(bench.count > 0, c->least > 0);
	if (c->least > 0) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(bench.count, 1);
		assert_int_equal(s->kind, SIGNAL_STROBE);
		assert_true(s->confidence >= c->least && s->confidence < c->most);
		assert_true(signal_is_sound(s));
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

static void another_age_begins_anew(void **state)
{
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_strobe);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 200; i++)
		connect_once(&bench, &cases[0], i, 90000 + 2 * i);
	for (unsigned i = 0; i < 200; i++)
		connect_once(&bench, &cases[0], i, 1 + 2 * i);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(another_age_begins_anew);
	return cmocka_run_group_tests_name("strobe", tests, NULL, NULL);
}
