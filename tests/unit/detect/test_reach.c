/* Two detectors of a device that reaches many others: as administrators do, or as worms. */
#include "sensor/detect/lateral_fanout.h"
#include "sensor/detect/worm.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SSH = 22, FILES = 445, WEB = 80, PEERS = 5 };

struct contact {
	double seconds;
	const char *client;
	const char *server;
	uint16_t port;
	bool is_answered;
};

static uint32_t device_of(const char *address)
{
	return strncmp(address, "192.168.1.", 10) == 0 ? (uint32_t)strtoul(address + 10, NULL, 10)
						       : 0;
}

static void show(struct test_bench *bench, const struct contact *c)
{
	static uint64_t id;
	struct fact_flow flow = test_flow(++id, c->client, c->server, c->port, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(c->seconds), &flow, c->is_answered);
	struct observation seen = test_seen(&fact);
	uint32_t client = device_of(c->client);
	uint32_t server = device_of(c->server);

	seen.direction = client == 0   ? DIRECTION_INBOUND
			 : server != 0 ? DIRECTION_LATERAL
				       : DIRECTION_OUTBOUND;
	seen.device = client != 0 ? client : server;
	seen.peer_device = client != 0 ? server : 0;
	test_bench_show(bench, &seen);
}

/* The device 10 contacts `count` others. */
static void reach(struct test_bench *bench, unsigned count, uint16_t port, double since,
		  double pause, bool is_answered)
{
	for (unsigned i = 0; i < count; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "192.168.1.%u", 20 + i);
		show(bench, &(struct contact){ since + i * pause, "192.168.1.10", server, port,
					       is_answered });
	}
}

static void begin(struct test_bench *bench, const struct detector *detector)
{
	test_bench_prepare(bench, detector);
	test_bench_start(bench, NULL);
}

static void many_doors_in_minutes(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lateral_fanout);
	reach(&bench, PEERS - 1, FILES, 0, 1, true);
	assert_int_equal(bench.count, 0);
	reach(&bench, PEERS, FILES, 0, 1, true);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_LATERAL_FANOUT);
	assert_string_equal(test_bench_last(&bench)->object.text, "445/tcp");
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);
}

static void fewer_slower_refused_or_elsewhere(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lateral_fanout);
	reach(&bench, 20, FILES, 0, 600, true);
	reach(&bench, 20, FILES, 86400, 1, false);
	reach(&bench, 20, WEB, 2 * 86400.0, 1, true);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* A server that makes backups every night. */
static void what_it_always_did_is_usual(void **state)
{
	static struct test_bench bench;
	double first;

	(void)state;
	begin(&bench, &detector_lateral_fanout);
	reach(&bench, PEERS, FILES, 0, 1, true);
	first = test_bench_last(&bench)->confidence;
	reach(&bench, PEERS, FILES, 86400, 1, true);
	assert_true(test_bench_last(&bench)->confidence < first);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_USUAL));
	test_bench_stop(&bench);
}

static void new_after_a_week_says_more(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lateral_fanout);
	reach(&bench, 1, FILES, 0, 1, true);
	reach(&bench, PEERS, FILES, 8 * 86400.0, 1, true);
	assert_true(test_bench_last(&bench)->confidence > 0.5);
	test_bench_stop(&bench);
}

static const struct contact bitten = { 0, "192.168.1.9", "192.168.1.10", FILES, true };

static void what_was_done_is_passed_on(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_worm);
	show(&bench, &bitten);
	reach(&bench, PEERS, FILES, 60, 1, true);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_WORM);
	assert_int_equal(test_bench_last(&bench)->device, 10);
	assert_string_equal(test_bench_last(&bench)->detail, "192.168.1.9");
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);
}

static void in_vain_it_says_more(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_worm);
	show(&bench, &bitten);
	reach(&bench, PEERS, FILES, 60, 1, false);
	assert_true(test_bench_last(&bench)->confidence > 0.5);
	test_bench_stop(&bench);
}

static void from_outside_too(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_worm);
	show(&bench, &(struct contact){ 0, "203.0.113.9", "192.168.1.10", SSH, true });
	reach(&bench, PEERS, SSH, 60, 1, false);
	assert_string_equal(test_bench_last(&bench)->detail, "203.0.113.9");
	test_bench_stop(&bench);
}

struct quiet_case {
	const char *name;
	struct contact before[2];
	uint16_t port;
	double since;
};

static struct quiet_case quiet[] = {
	{ "nobody came before", { { 0, NULL, NULL, 0, false } }, FILES, 60 },
	{ "another door", { { 0, "192.168.1.9", "192.168.1.10", SSH, true } }, FILES, 60 },
	{ "it was not let in", { { 0, "192.168.1.9", "192.168.1.10", FILES, false } }, FILES, 60 },
	{ "hours later", { { 0, "192.168.1.9", "192.168.1.10", FILES, true } }, FILES, 7200 },
	{ "it went to others before",
	  { { 0, "192.168.1.10", "192.168.1.30", FILES, true },
	    { 30, "192.168.1.9", "192.168.1.10", FILES, true } },
	  FILES,
	  60 },
	{ "a server of the web", { { 0, "192.168.1.9", "192.168.1.10", WEB, true } }, WEB, 60 },
	{ "the clock went back",
	  { { 9000, "192.168.1.9", "192.168.1.10", FILES, true } },
	  FILES,
	  0 },
};

static void run_quiet(void **state)
{
	const struct quiet_case *c = *state;
	static struct test_bench bench;

	begin(&bench, &detector_worm);
	for (size_t i = 0; i < ARRAY_LEN(c->before) && c->before[i].client; i++)
		show(&bench, &c->before[i]);
	reach(&bench, 3 * PEERS, c->port, c->since, 1, true);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(many_doors_in_minutes),
		cmocka_unit_test(fewer_slower_refused_or_elsewhere),
		cmocka_unit_test(what_it_always_did_is_usual),
		cmocka_unit_test(new_after_a_week_says_more),
		cmocka_unit_test(what_was_done_is_passed_on),
		cmocka_unit_test(in_vain_it_says_more),
		cmocka_unit_test(from_outside_too),
	};
	struct CMUnitTest tests[ARRAY_LEN(quiet) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, quiet, run_quiet);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
