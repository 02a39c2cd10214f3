/* Mining, Tor, and what an office may have rules about. */
#include "sensor/detect/mining.h"
#include "sensor/detect/policy_use.h"
#include "sensor/detect/told_once.h"
#include "sensor/detect/tor.h"
#include "sensor/intel/remote_tools.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

static struct test_bench bench;

static void start(const struct detector *detector)
{
	test_bench_prepare(&bench, detector);
	test_bench_start(&bench, NULL);
}

struct contact {
	const char *server;
	uint16_t port;
	uint8_t protocol;
	const char *word; /* nDPI's */
	const char *host; /* by SNI */
	bool is_answered;
};

static void show(double seconds, const struct contact *c)
{
	static uint64_t id;
	struct fact_flow flow = test_flow(++id, "192.168.1.10", c->server, c->port, c->protocol);
	struct fact fact = test_flow_ended(test_after_seconds(seconds), &flow, c->is_answered);
	struct observation seen;

	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "%s", c->word);
	(void)snprintf(fact.ended.names.host, FACT_HOST_LEN, "%s", c->host);
	fact.ended.names.host_source = c->host[0] != '\0' ? HOST_TLS : HOST_NONE;
	seen = test_seen(&fact);
	seen.peer_name_from = fact.ended.names.host_source;
	seen.resolved = "";
	test_bench_show(&bench, &seen);
}

static void mining_is_told_and_a_list_of_pools_more(void **state)
{
	struct contact pool = { "203.0.113.5", 3333, TEST_TCP, "Mining", "", true };

	(void)state;
	start(&detector_mining);
	show(0, &pool);
	assert_int_equal(bench.count, 1);
	assert_true(test_bench_last(&bench)->confidence >= 0.5);
	show(10, &pool);
	assert_int_equal(bench.count, 1); /* once a day */
	pool.server = "203.0.113.6";
	show(20, &pool);
	pool.server = "203.0.113.7";
	show(30, &pool);
	assert_int_equal(bench.count, 2);
	assert_true(test_bench_last(&bench)->confidence > 0.7);
	assert_true(test_reason(test_bench_last(&bench), REASON_POOLS)->value == 3);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);
}

static void wallets_and_the_unanswered_do_not_mine(void **state)
{
	static const struct contact harmless[] = {
		{ "203.0.113.5", 8333, TEST_TCP, "Mining", "", true },
		{ "203.0.113.5", 30303, TEST_UDP, "Mining", "", true },
		{ "203.0.113.5", 3333, TEST_TCP, "Mining", "", false },
		{ "203.0.113.5", 3333, TEST_TCP, "TLS", "", true },
	};

	(void)state;
	start(&detector_mining);
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
		show((double)i, &harmless[i]);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void two_relays_make_tor(void **state)
{
	struct contact relay = { "203.0.113.5",        9001, TEST_TCP, "TLS.Tor",
				 "www.q4cyamnc6m.com", true };

	(void)state;
	start(&detector_tor);
	show(0, &relay);
	show(5, &relay);
	assert_int_equal(bench.count, 0);
	relay.server = "203.0.113.6";
	relay.host = "www.h7ct3rgb2k.net";
	show(10, &relay);
	assert_int_equal(bench.count, 1);
	assert_true(test_bench_last(&bench)->confidence < 0.5); /* some want it */
	assert_true(signal_is_sound(test_bench_last(&bench)));
	show(20, &relay);
	assert_int_equal(bench.count, 1);
	test_bench_stop(&bench);
}

static void ordinary_names_are_not_tor(void **state)
{
	static const char *const names[] = { "www.example.co.jp", "mail.q4cyamnc6m.com",
					     "www.q4c-amnc6m.com", "www.abc.com", "" };

	(void)state;
	start(&detector_tor);
	for (size_t i = 0; i < 2 * ARRAY_LEN(names); i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "203.0.113.%zu", i + 1);
		show((double)i, &(struct contact){ server, 443, TEST_TCP, "TLS",
						   names[i % ARRAY_LEN(names)], true });
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

struct policy_case {
	const char *name;
	struct contact contact;
	int want; /* enum signal_kind; SIGNAL_KINDS is none */
};

static struct policy_case policies[] = {
	{ "a tool by its server",
	  { "203.0.113.5", 443, TEST_TCP, "TLS", "relay1.rustdesk.com", true },
	  SIGNAL_REMOTE_TOOL },
	{ "a tool by its protocol",
	  { "203.0.113.5", 5938, TEST_TCP, "TeamViewer", "", true },
	  SIGNAL_REMOTE_TOOL },
	{ "a tunnel",
	  { "203.0.113.5", 51820, TEST_UDP, "WireGuard", "", true },
	  SIGNAL_PRIVATE_TUNNEL },
	{ "a resolver by name",
	  { "203.0.113.5", 443, TEST_TCP, "TLS", "dns.google", true },
	  SIGNAL_HIDDEN_LOOKUPS },
	{ "a resolver by port",
	  { "203.0.113.5", 853, TEST_TCP, "TLS", "", true },
	  SIGNAL_HIDDEN_LOOKUPS },
	{ "the web",
	  { "203.0.113.5", 443, TEST_TCP, "TLS", "www.example.com", true },
	  SIGNAL_KINDS },
	{ "a tool that is approved",
	  { "203.0.113.5", 443, TEST_TCP, "TLS", "eu.splashtop.com", true },
	  SIGNAL_KINDS },
	{ "no answer", { "203.0.113.5", 5938, TEST_TCP, "TeamViewer", "", false }, SIGNAL_KINDS },
};

static void run_policy(void **state)
{
	const struct policy_case *c = *state;

	test_bench_prepare(&bench, &detector_policy_use);
	(void)snprintf(bench.config.detect.policy_use.approved,
		       sizeof(bench.config.detect.policy_use.approved), "atera splashtop");
	test_bench_start(&bench, NULL);
	show(0, &c->contact);
	show(60, &c->contact);
	assert_int_equal(bench.count, c->want == SIGNAL_KINDS ? 0 : 1);
	if (bench.count > 0) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, c->want);
		assert_true(s->confidence < 0.5 && s->detail[0] != '\0');
		assert_true(signal_is_sound(s));
	}
	test_bench_stop(&bench);
}

static void servers_of_tools_are_known(void **state)
{
	(void)state;
	assert_string_equal(remote_tool_of("router11.teamviewer.com"), "teamviewer");
	assert_null(remote_tool_of("notteamviewer.com"));
	assert_null(remote_tool_of(""));
	assert_true(is_encrypted_resolver("abc.dns.nextdns.io"));
	assert_false(is_encrypted_resolver("google.com"));
}

static void a_day_later_it_is_told_again(void **state)
{
	const struct {
		uint32_t device;
		uint32_t spare;
		uint64_t what;
	} nobody = { 0 };
	struct lru_map *told;

	(void)state;
	assert_int_equal(told_once_new(&told, 4), ERR_OK);
	assert_true(told_once(told, 10, "x", test_after_seconds(0)));
	assert_false(told_once(told, 10, "x", test_after_seconds(86399)));
	assert_true(told_once(told, 11, "x", test_after_seconds(1)));
	assert_true(told_once(told, 10, "y", test_after_seconds(1)));
	assert_true(told_once(told, 10, "x", test_after_seconds(86401)));
	assert_true(told_once(told, 10, "x", test_after_seconds(10))); /* time went back */
	assert_false(told_once_is_sound(&nobody, NULL));
	lru_map_free(told);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(mining_is_told_and_a_list_of_pools_more),
		cmocka_unit_test(wallets_and_the_unanswered_do_not_mine),
		cmocka_unit_test(two_relays_make_tor),
		cmocka_unit_test(ordinary_names_are_not_tor),
		cmocka_unit_test(servers_of_tools_are_known),
		cmocka_unit_test(a_day_later_it_is_told_again),
	};
	struct CMUnitTest tests[ARRAY_LEN(policies) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, policies, run_policy);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("tools", tests, NULL, NULL);
}
