#include "sensor/detect/hidden_mining.h"

#include "tests/unit/detect/raw_bench.h"

enum { STRETCH = 69 /* seconds: as often as a flow that goes on is told of */ };

/* A line that is kept open; what each side says in a stretch. */
struct line_case {
	const char *name;
	const char *host;
	uint16_t port;
	const char *protocol;
	unsigned minutes;
	unsigned jobs; /* times that the server opens, in ten stretches … */
	unsigned job_bytes;
	unsigned shares; /* … and the client */
	unsigned bytes;  /* either way in a stretch */
	unsigned silent; /* every so many stretches nothing is said; 0 is never */
	enum direction direction;
	double least; /* confidence; 0: nothing is told */
	double most;
};

#define MINER 60, 25, 330, 30, 1500, 0, DIRECTION_OUTBOUND

static struct line_case cases[] = {
	{ "a pool by its name", "xmr-eu1.minepool.example", 14433, "TLS", MINER, 0.5, 0.9 },
	{ "a pool by its port and address", "", 3333, "TLS", MINER, 0.5, 0.9 },
	{ "hardly any share", "xmr-eu1.minepool.example", 14433, "TLS", 60, 12, 330, 1, 350, 0,
	  DIRECTION_OUTBOUND, 0.5, 0.9 },
	{ "on everybody's port", "", 443, "TLS", MINER, 0.15, 0.5 },
	{ "prices by a name", "stream.prices.example", 443, "TLS", MINER, 0, 0 },
	{ "for a quarter of an hour", "xmr-eu1.minepool.example", 14433, "TLS", 15, 25, 330, 30,
	  1500, 0, DIRECTION_OUTBOUND, 0, 0 },
	{ "signs of life alone", "xmr-eu1.minepool.example", 14433, "TLS", 60, 20, 40, 20, 400, 0,
	  DIRECTION_OUTBOUND, 0, 0 },
	{ "news now and then", "xmr-eu1.minepool.example", 14433, "TLS", 60, 25, 330, 30, 1500, 2,
	  DIRECTION_OUTBOUND, 0, 0 },
	{ "the server hardly speaks", "xmr-eu1.minepool.example", 14433, "TLS", 60, 2, 330, 30,
	  1500, 0, DIRECTION_OUTBOUND, 0, 0 },
	{ "a film", "xmr-eu1.minepool.example", 14433, "TLS", 60, 25, 330, 30, 400000, 0,
	  DIRECTION_OUTBOUND, 0, 0 },
	{ "a line of notifications", "", 5223, "TLS", MINER, 0, 0 },
	{ "a known protocol", "", 3333, "SSH", MINER, 0, 0 },
	{ "inside the office", "xmr-eu1.minepool.example", 14433, "TLS", 60, 25, 330, 30, 1500, 0,
	  DIRECTION_LATERAL, 0, 0 },
};

static void show_line(struct test_bench *bench, const struct line_case *c)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.5", c->port, TEST_TCP);
	uint64_t bytes = 2000;

	flow.first = test_after_seconds(1);
	for (unsigned i = 1; i <= c->minutes * 60 / STRETCH; i++) {
		struct fact fact =
			test_flow_ended(test_after_seconds(1 + (double)i * STRETCH), &flow, true);
		struct fact_ended *e = &fact.ended;
		struct observation seen;

		fact.kind = FACT_FLOW_GOES_ON;
		bytes += c->silent > 0 && i % c->silent == 0 ? 0 : c->bytes;
		e->last = fact.time;
		e->bytes_up = e->bytes_down = bytes;
		e->has_data_down = true;
		e->payload_packets = i * 6 < 255 ? (uint8_t)(i * 6) : 255;
		e->shape.is_known = true;
		e->shape.server_opened = (uint16_t)(i * c->jobs / 10);
		e->shape.client_opened = (uint16_t)(i * c->shares / 10);
		e->shape.bytes_opened = e->shape.server_opened * c->job_bytes;
		(void)snprintf(e->names.protocol, FACT_PROTOCOL_LEN, "%s", c->protocol);
		(void)snprintf(e->names.host, FACT_HOST_LEN, "%s", c->host);
		seen = test_seen(&fact);
		seen.direction = c->direction;
		seen.peer_name = c->host;
		seen.resolved = c->host;
		test_bench_show(bench, &seen);
	}
}

static void run_case(void **state)
{
	const struct line_case *c = *state;
	struct test_bench bench;

	test_bench_prepare(&bench, &detector_hidden_mining);
	test_bench_start(&bench, NULL);
	show_line(&bench, c);
	assert_int_equal(bench.count > 0, c->least > 0);
	if (c->least > 0) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(bench.count, 1);
		assert_int_equal(s->kind, SIGNAL_HIDDEN_MINING);
		assert_true(s->confidence >= c->least && s->confidence < c->most);
		assert_true(signal_is_sound(s));
	}
	assert_true(test_rows_are_sound(&bench));
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("hidden_mining", tests, NULL, NULL);
}
