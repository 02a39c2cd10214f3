#include "sensor/service/outlet.h"

#include "tests/support/cmocka.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_LEN = 1000, LINES = 600 };

/* "000123 xxxx…\n" */
static void put_line(struct outlet *outlet, unsigned number)
{
	char line[LINE_LEN + 1];

	memset(line, 'x', LINE_LEN);
	(void)snprintf(line, sizeof(line), "%06u", number);
	line[6] = ' ';
	line[LINE_LEN - 1] = '\n';
	outlet_put(outlet, (struct span){ (const uint8_t *)line, LINE_LEN });
}

static void a_line_is_there_at_once(void **state)
{
	char got[LINE_LEN];
	int ends[2];
	struct outlet *outlet;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	outlet = outlet_new(ends[1]);
	put_line(outlet, 7);
	assert_int_equal(read(ends[0], got, sizeof(got)), LINE_LEN);
	assert_memory_equal(got, "000007 x", 8);
	assert_true(outlet_flush(outlet));
	outlet_free(outlet);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* It would hang here if it waited. Who reads on gets whole lines in their order. */
static void a_reader_that_stops_holds_nobody_up(void **state)
{
	static char got[LINE_LEN * LINES];
	size_t len = 0;
	uint64_t dropped;
	int ends[2];
	struct outlet *outlet;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	outlet = outlet_new(ends[1]);
	for (unsigned i = 0; i < LINES; i++)
		put_line(outlet, i);
	assert_false(outlet_flush(outlet));
	dropped = outlet_take_dropped(outlet);
	assert_true(dropped > 0 && dropped < LINES);
	assert_int_equal(outlet_take_dropped(outlet), 0);
	for (bool is_over = false; !is_over;) {
		ssize_t read_now = read(ends[0], got + len, sizeof(got) - len);

		assert_true(read_now > 0);
		len += (size_t)read_now;
		is_over = outlet_flush(outlet) && len == LINE_LEN * (LINES - dropped);
	}
	for (unsigned i = 0; i < LINES - dropped; i++) {
		const char *line = got + (size_t)i * LINE_LEN;

		assert_int_equal(strtoul(line, NULL, 10), i);
		assert_int_equal(line[LINE_LEN - 1], '\n');
	}
	outlet_free(outlet);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void the_end_waits_for_nobody_for_ever(void **state)
{
	int ends[2];
	struct outlet *outlet;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	outlet = outlet_new(ends[1]);
	for (unsigned i = 0; i < LINES; i++)
		put_line(outlet, i);
	(void)outlet_take_dropped(outlet);
	outlet_finish(outlet, 100);
	assert_int_equal(outlet_take_dropped(outlet), 1);
	assert_true(outlet_flush(outlet));
	outlet_free(outlet);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void a_reader_that_is_gone_is_not_waited_for(void **state)
{
	int ends[2];
	struct outlet *outlet;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	outlet = outlet_new(ends[1]);
	put_line(outlet, 1);
	assert_true(outlet_flush(outlet));
	assert_int_equal(outlet_take_dropped(outlet), 1);
	outlet_free(outlet);
	(void)close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_there_at_once),
		cmocka_unit_test(a_reader_that_stops_holds_nobody_up),
		cmocka_unit_test(the_end_waits_for_nobody_for_ever),
		cmocka_unit_test(a_reader_that_is_gone_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
