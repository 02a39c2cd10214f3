/* Mail to many servers: a bot's, or a mail server's. */
#include "sensor/detect/mail_bot.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { SMTP_PORT = 25, SUBMISSION_PORT = 587, DEVICE = 10, THIRTY = 30 };

static void begin(struct test_bench *bench)
{
	test_bench_prepare(bench, &detector_mail_bot);
	test_bench_start(bench, NULL);
}

static void deliver(struct test_bench *bench, unsigned server, double when, uint16_t port,
		    bool is_answered)
{
	char address[32];

	(void)snprintf(address, sizeof(address), "203.0.113.%u", server % 250 + 1);

	struct fact_flow flow = test_flow(server + 1, "192.168.1.10", address, port, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(when), &flow, is_answered);
	struct observation seen = test_seen(&fact);

	test_bench_show(bench, &seen);
}

static void deliver_many(struct test_bench *bench, unsigned count, double pause, uint16_t port)
{
	for (unsigned i = 0; i < count; i++)
		deliver(bench, i, 1 + i * pause, port, true);
}

/* From outside to the device, or from another one inside. */
static void take_in(struct test_bench *bench, enum direction direction)
{
	struct fact_flow flow = test_flow(900, "198.51.100.9", "192.168.1.10", SMTP_PORT, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(0), &flow, true);
	struct observation seen = test_seen(&fact);

	seen.direction = direction;
	seen.device = direction == DIRECTION_INBOUND ? DEVICE : 77;
	seen.peer_device = direction == DIRECTION_INBOUND ? 0 : DEVICE;
	test_bench_show(bench, &seen);
}

static void many_servers(void **state)
{
	struct test_bench bench;
	const struct signal *s;

	(void)state;
	begin(&bench);
	deliver_many(&bench, 19, 10, SMTP_PORT);
	assert_int_equal(bench.count, 0);
	deliver_many(&bench, THIRTY, 10, SMTP_PORT);
	assert_int_equal(bench.count, 1);
	s = test_bench_last(&bench);
	assert_int_equal(s->kind, SIGNAL_MAIL_BOT);
	assert_int_equal(s->count, 20);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_true(s->confidence > 0.5);
	deliver_many(&bench, 45, 10, SMTP_PORT); /* twice as many are told again */
	assert_int_equal(bench.count, 2);
	test_bench_stop(&bench);
}

static void nobody_answers(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench);
	for (unsigned i = 0; i < THIRTY; i++)
		deliver(&bench, i, i, SMTP_PORT, false);
	assert_int_equal(test_bench_last(&bench)->outcome, OUTCOME_ATTEMPT);
	test_bench_stop(&bench);
}

static void look_alikes(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench);
	deliver_many(&bench, THIRTY, 200, SMTP_PORT); /* slowly: eighteen in any hour */
	deliver_many(&bench, THIRTY, 10, SUBMISSION_PORT);
	for (unsigned i = 0; i < 100; i++) /* always the same two */
		deliver(&bench, i % 2, 10000 + i, SMTP_PORT, true);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void mail_servers(void **state)
{
	static const enum direction ways[] = { DIRECTION_INBOUND, DIRECTION_LATERAL };
	struct test_bench bench;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin(&bench);
		take_in(&bench, ways[i]);
		deliver_many(&bench, THIRTY, 10, SMTP_PORT);
		assert_int_equal(bench.count, 1);
		assert_true(test_bench_last(&bench)->confidence < 0.1);
		test_bench_stop(&bench);
	}
}

static void time_goes_back(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench);
	for (unsigned i = 0; i < 15; i++)
		deliver(&bench, i, 90000, SMTP_PORT, true);
	for (unsigned i = 15; i < THIRTY; i++)
		deliver(&bench, i, 10, SMTP_PORT, true);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* Rows as they lie in memory: two times, what was told, then how many servers and answers. */
static void rows_that_come_back(void **state)
{
	struct {
		uint64_t times[2];
		uint32_t counts[3];
		uint8_t rest[4096];
	} row;
	const uint32_t device = DEVICE;
	const uint32_t nobody = 0;
	const struct kept_table *kept = detector_mail_bot.kept;

	(void)state;
	memset(&row, 0, sizeof(row));
	assert_true(kept->is_sound(&device, &row));
	assert_false(kept->is_sound(&nobody, &row));
	row.counts[1] = 65;
	assert_false(kept->is_sound(&device, &row));
	row.counts[1] = 0;
	row.counts[2] = 1; /* answered by more than there are */
	assert_false(kept->is_sound(&device, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_servers),   cmocka_unit_test(nobody_answers),
		cmocka_unit_test(look_alikes),    cmocka_unit_test(mail_servers),
		cmocka_unit_test(time_goes_back), cmocka_unit_test(rows_that_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
