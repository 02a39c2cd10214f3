#include "sensor/detect/foreign_resolver.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

static struct test_bench bench;

static void start(void)
{
	test_bench_prepare(&bench, &detector_foreign_resolver);
	test_bench_start(&bench, NULL);
}

static void ask(double seconds, const char *client, const char *server, uint8_t protocol,
		const char *name)
{
	struct fact fact = test_dns_question(test_after_seconds(seconds), name);
	struct observation seen;

	fact.flow.client = test_address(client);
	fact.flow.server = test_address(server);
	fact.flow.protocol = protocol;
	seen = test_seen(&fact);
	if (strncmp(server, "192.168.", 8) == 0)
		seen.direction = DIRECTION_LATERAL;
	test_bench_show(&bench, &seen);
}

/* The office's resolver is used, then `server` for `count` names that begin with `word`. */
static double told(const char *server, uint8_t protocol, unsigned count, const char *word)
{
	double confidence;

	start();
	for (unsigned i = 0; i < 20; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "www%u.example.com", i);
		ask(i, "192.168.1.10", "192.168.1.1", TEST_UDP, name);
	}
	for (unsigned i = 0; i < count; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s", word);
		if (strchr(word, '%'))
			(void)snprintf(name, sizeof(name), "www%u.example.com", i % 20);
		ask(100 + i * 10.0, "192.168.1.10", server, protocol, name);
	}
	confidence = bench.count > 0 ? test_bench_last(&bench)->confidence : 0;
	if (bench.count > 0) {
		assert_string_equal(test_bench_last(&bench)->object.text, server);
		assert_true(signal_is_sound(test_bench_last(&bench)));
	}
	test_bench_stop(&bench);
	return confidence;
}

static void a_server_for_names_of_its_own(void **state)
{
	(void)state;
	assert_true(told("203.0.113.53", TEST_UDP, 20, "c2.example.net") >= 0.3);
	assert_true(told("203.0.113.53", TEST_UDP, 20, "c2.example.net") < 0.5);
	assert_true(told("203.0.113.53", TEST_TCP, 20, "c2.example.net") >= 0.5);
	assert_true(told("203.0.113.53", TEST_UDP, 20, "shop.bit") >= 0.6);
}

static void harmless_servers_are_silent(void **state)
{
	(void)state;
	assert_true(told("203.0.113.53", TEST_UDP, 20, "%") == 0); /* a spare: the same names */
	assert_true(told("8.8.8.8", TEST_UDP, 20, "c2.example.net") == 0);
	assert_true(told("223.5.5.5", TEST_TCP, 20, "c2.example.net") == 0);
	assert_true(told("192.168.1.2", TEST_UDP, 20, "c2.example.net") == 0);
	assert_true(told("203.0.113.53", TEST_TCP, 2, "c2.example.net") == 0);
}

/* Who has no other server uses its provider's. */
static void the_only_server_is_the_usual_one(void **state)
{
	(void)state;
	start();
	for (unsigned i = 0; i < 50; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "www%u.example.com", i);
		ask(i, "192.168.1.10", "203.0.113.53", TEST_UDP, name);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* It resolves names by itself, from the root down. */
static void who_asks_everybody_is_a_resolver(void **state)
{
	(void)state;
	start();
	ask(0, "192.168.1.10", "192.168.1.1", TEST_UDP, "www.example.com");
	for (unsigned i = 0; i < 200; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "203.0.113.%u", 1 + i % 40);
		ask(1 + i, "192.168.1.10", server, TEST_UDP, "ns.example.net");
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void who_answers_others_is_one_too(void **state)
{
	(void)state;
	start();
	for (unsigned i = 0; i < 20; i++) {
		struct fact fact = test_dns_question(test_after_seconds(i), "www.example.com");
		struct observation seen = test_seen(&fact);

		seen.direction = DIRECTION_LATERAL;
		seen.peer_device = 1;
		test_bench_show(&bench, &seen);
		ask(i, "192.168.1.1", "192.168.1.254", TEST_UDP, "www.example.com");
		ask(i, "192.168.1.1", "203.0.113.53", TEST_TCP, "shop.bit");
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void others_that_use_it_are_counted(void **state)
{
	(void)state;
	start();
	for (unsigned i = 0; i < 40; i++) {
		const char *client = i % 2 ? "192.168.1.10" : "192.168.1.11";

		ask(i, client, "192.168.1.1", TEST_UDP, "www.example.com");
		ask(i, client, "203.0.113.53", TEST_TCP, "c2.example.net");
	}
	assert_true(test_reason(test_bench_last(&bench), REASON_DEVICES)->value == 2);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_for_names_of_its_own),
		cmocka_unit_test(harmless_servers_are_silent),
		cmocka_unit_test(the_only_server_is_the_usual_one),
		cmocka_unit_test(who_asks_everybody_is_a_resolver),
		cmocka_unit_test(who_answers_others_is_one_too),
		cmocka_unit_test(others_that_use_it_are_counted),
	};

	return cmocka_run_group_tests_name("foreign_resolver", tests, NULL, NULL);
}
