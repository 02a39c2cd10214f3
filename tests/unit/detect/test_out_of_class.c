#include "sensor/detect/out_of_class.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/raw_bench.h"

enum { PRINTER = 30 };

static struct test_bench *begin(void)
{
	static struct test_bench bench;

	test_bench_prepare(&bench, &detector_out_of_class);
	test_bench_start(&bench, NULL);
	return &bench;
}

static void sight(struct test_bench *bench, const char *name, const char *vendor_class,
		  double known_for)
{
	const struct device_view who = { .mac = test_mac(PRINTER),
					 .first_seen = test_after_seconds(1e7 - known_for),
					 .names = { name, "", "", "" },
					 .vendor_class = vendor_class,
					 .fingerprint = "",
					 .syn_signature = "",
					 .description = "" };
	struct fact_flow none = { 0 };
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(1e7), &none);
	struct observation seen = test_seen(&fact);

	seen.device = PRINTER;
	seen.who = &who;
	test_bench_show(bench, &seen);
}

static void go(struct test_bench *bench, double seconds, const char *server, uint16_t port,
	       bool is_answered)
{
	struct fact_flow flow = test_flow(1, "192.168.1.30", server, port, TEST_TCP);
	struct fact fact = test_check_in(test_after_seconds(1e7 + seconds), &flow, 100, "");
	struct observation seen;

	fact.check_in.is_first = true;
	fact.check_in.is_answered = is_answered;
	seen = test_seen(&fact);
	seen.device = PRINTER;
	seen.direction = strncmp(server, "192.", 4) == 0 ? DIRECTION_LATERAL : DIRECTION_OUTBOUND;
	test_bench_show(bench, &seen);
}

static void one_login_is_weak_and_several_are_not(void **state)
{
	struct test_bench *bench = begin();

	(void)state;
	sight(bench, "HPLJ-2OG", "Hewlett-Packard JetDirect", 60);
	go(bench, 1, "192.168.1.10", 22, true);
	assert_int_equal(bench->count, 1);
	assert_int_equal(test_bench_last(bench)->kind, SIGNAL_OUT_OF_CLASS);
	assert_int_equal(test_bench_last(bench)->device, PRINTER);
	assert_true(test_bench_last(bench)->confidence < 0.5);
	go(bench, 2, "192.168.1.10", 22, true);
	assert_int_equal(bench->count, 1);
	go(bench, 3, "192.168.1.11", 3389, true);
	go(bench, 4, "192.168.1.12", 22, true);
	assert_int_equal(bench->count, 3);
	assert_true(test_bench_last(bench)->confidence >= 0.5);
	assert_string_equal(test_bench_last(bench)->object.text, "22/tcp");
	assert_true(signal_is_sound(test_bench_last(bench)));
	check_kept_rows(bench);
	test_bench_stop(bench);
}

static void who_is_known_for_long_and_goes_outside_says_more(void **state)
{
	struct test_bench *bench = begin();
	double first;

	(void)state;
	sight(bench, "ipcam-2", "udhcp 1.24", 30 * 86400.0);
	go(bench, 1, "203.0.113.7", 23, true);
	first = test_bench_last(bench)->confidence;
	assert_true(first >= 0.5);
	assert_non_null(test_reason(test_bench_last(bench), REASON_NEVER_BEFORE));
	go(bench, 7200, "203.0.113.7", 23, true); /* again in a new window */
	assert_int_equal(bench->count, 1);
	go(bench, 90000, "203.0.113.7", 23, true); /* and the next day: no news */
	assert_int_equal(bench->count, 2);
	assert_null(test_reason(test_bench_last(bench), REASON_NEVER_BEFORE));
	test_bench_stop(bench);
}

static void file_servers_count_from_three_on(void **state)
{
	struct test_bench *bench = begin();

	(void)state;
	sight(bench, "BRN30055C", "", 60);
	for (int i = 0; i < 20; i++) /* scans are stored at two places all day */
		go(bench, i * 60, i % 2 == 0 ? "192.168.1.20" : "192.168.1.21", 445, true);
	assert_int_equal(bench->count, 0);
	go(bench, 1300, "192.168.1.22", 445, true);
	assert_int_equal(bench->count, 1);
	assert_non_null(test_reason(test_bench_last(bench), REASON_FILE_TARGETS));
	test_bench_stop(bench);
}

struct quiet_case {
	const char *name;
	const char *device;
	const char *vendor_class;
	const char *server;
	uint16_t port;
	bool is_answered;
};

static struct quiet_case quiet[] = {
	{ "a PC", "RECEPTION", "MSFT 5.0", "192.168.1.10", 22, true },
	{ "a PC named after the printer beside it", "PRINTER-ROOM", "MSFT 5.0", "192.168.1.10", 22,
	  true },
	{ "a word within another", "caxis-saxisdvr", "", "192.168.1.10", 22, true },
	{ "mail with a scan", "HPLJ-2OG", "", "203.0.113.25", 25, true },
	{ "the maker's cloud", "HPLJ-2OG", "", "203.0.113.7", 443, true },
	{ "nobody answers", "HPLJ-2OG", "", "192.168.1.10", 22, false },
};

static void run_quiet(void **state)
{
	const struct quiet_case *c = *state;
	struct test_bench *bench = begin();

	sight(bench, c->device, c->vendor_class, 60);
	for (int i = 0; i < 5; i++)
		go(bench, i, c->server, c->port, c->is_answered);
	assert_int_equal(bench->count, 0);
	test_bench_stop(bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(one_login_is_weak_and_several_are_not),
		cmocka_unit_test(who_is_known_for_long_and_goes_outside_says_more),
		cmocka_unit_test(file_servers_count_from_three_on),
	};
	struct CMUnitTest tests[ARRAY_LEN(quiet) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, quiet, run_quiet);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("out_of_class", tests, NULL, NULL);
}
