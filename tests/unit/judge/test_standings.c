#include "sensor/judge/standings.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

struct bench {
	struct config config;
	struct standings *standings;
};

static void open_bench(struct bench *b)
{
	config_defaults(&b->config);
	assert_int_equal(standings_new(&b->standings, &b->config.judge, &b->config.detect.presence),
			 ERR_OK);
}

static void close_bench(struct bench *b)
{
	standings_free(b->standings);
}

/* What a signal of that kind says of its device, told on day 0 and asked for on another. */
struct risk_case {
	const char *name;
	enum signal_kind kind;
	double confidence;
	double days;
	unsigned want;
};

static struct risk_case risks[] = {
	{ "an old system", SIGNAL_OLD_SYSTEM, 0.5, 0, STANDING(STANDING_UNSUPPORTED) },
	{ "a guess at one", SIGNAL_OLD_SYSTEM, 0.49, 0, 0 },
	{ "an old system a month later", SIGNAL_OLD_SYSTEM, 0.8, 31,
	  STANDING(STANDING_UNSUPPORTED) },
	{ "and long after", SIGNAL_OLD_SYSTEM, 0.8, 46, 0 },
	{ "before it was told", SIGNAL_OLD_SYSTEM, 0.8, -1, 0 },
	{ "a private device", SIGNAL_PRIVATE_DEVICE, 0.2, 0, STANDING(STANDING_PRIVATE) },
	{ "an unknown one", SIGNAL_UNKNOWN_DEVICE, 0.5, 80, STANDING(STANDING_PRIVATE) },
	{ "one that came back", SIGNAL_RETURNED_DEVICE, 0.15, 1, STANDING(STANDING_RETURNED) },
	{ "one that came back long ago", SIGNAL_RETURNED_DEVICE, 0.15, 30, 0 },
	{ "anything else", SIGNAL_BEACON, 0.9, 0, 0 },
};

static void run_risk(void **state)
{
	const struct risk_case *c = *state;
	nanotime told = test_after_seconds(100 * 86400.0);
	struct signal s = {
		.kind = (uint8_t)c->kind, .device = 7, .last = told, .confidence = c->confidence
	};
	struct bench b;

	open_bench(&b);
	assert_int_equal(standings_of(b.standings, 7, told), 0);
	standings_note(b.standings, &s);
	assert_int_equal(standings_of(b.standings, 7, test_after_seconds((100 + c->days) * 86400)),
			 c->want);
	assert_int_equal(standings_of(b.standings, 8, told), 0);
	close_bench(&b);
}

/* A flow of 4 KiB between two devices that ended. */
struct use {
	uint32_t client;
	uint16_t port;
	uint64_t bytes;
	bool is_answered;
	enum direction direction;
};

static void use_server(struct bench *b, const struct use *use)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "192.168.1.50", use->port, TEST_TCP);
	struct fact fact = test_flow_ended(test_start, &flow, use->is_answered);
	struct observation seen = test_seen(&fact);

	fact.ended.bytes_up = 0;
	fact.ended.bytes_down = use->bytes;
	seen.direction = use->direction;
	seen.device = use->client;
	seen.peer_device = 50;
	standings_see(b->standings, &seen);
}

static unsigned after_three(const struct use *use)
{
	struct use each = *use;
	struct bench b;
	unsigned standing;

	open_bench(&b);
	for (uint32_t i = 0; i < 3; i++) {
		each.client = use->client + i;
		use_server(&b, &each);
	}
	standing = standings_of(b.standings, 50, test_start);
	close_bench(&b);
	return standing;
}

static void three_that_use_it_make_a_server(void **state)
{
	struct use use = { 10, 445, 4096, true, DIRECTION_LATERAL };

	(void)state;
	assert_int_equal(after_three(&use), STANDING(STANDING_SERVES));
	use.bytes = 4095;
	assert_int_equal(after_three(&use), 0); /* looked whether there is one */
	use.bytes = 4096;
	use.is_answered = false;
	assert_int_equal(after_three(&use), 0);
	use.is_answered = true;
	use.direction = DIRECTION_INBOUND;
	assert_int_equal(after_three(&use), 0);
	use.direction = DIRECTION_LATERAL;
	use.port = 9100; /* a printer */
	assert_int_equal(after_three(&use), 0);
	use.port = 389;
	assert_int_equal(after_three(&use), STANDING(STANDING_SERVES));
	use.client = 48; /* one of the three is itself */
	assert_int_equal(after_three(&use), 0);
}

static void how_many_is_an_option(void **state)
{
	struct use use = { 10, 445, 4096, true, DIRECTION_LATERAL };
	struct bench b;

	(void)state;
	open_bench(&b);
	use_server(&b, &use);
	use.client++;
	use_server(&b, &use);
	assert_int_equal(standings_of(b.standings, 50, test_start), 0);
	b.config.judge.server_clients = 2;
	assert_int_equal(standings_of(b.standings, 50, test_start), STANDING(STANDING_SERVES));
	close_bench(&b);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(risks) + 2] = {
		cmocka_unit_test(three_that_use_it_make_a_server),
		cmocka_unit_test(how_many_is_an_option),
	};

	(void)ADD_ROWS(tests + 2, risks, run_risk);
	return cmocka_run_group_tests_name("standings", tests, NULL, NULL);
}
