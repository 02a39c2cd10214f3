/* Two detectors of who deceives the office's network: by names, by addresses. */
#include "sensor/detect/lan_integrity.h"
#include "sensor/detect/name_poisoning.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

enum { GATEWAY = 1, THIEF = 10, VICTIM = 20 };

static void begin(struct test_bench *bench, const struct detector *detector)
{
	test_bench_prepare(bench, detector);
	test_bench_start(bench, NULL);
}

static void say(struct test_bench *bench, double seconds, uint8_t device, enum message message,
		bool from_client, const char *words)
{
	char address[32];
	struct fact_flow flow;
	struct fact fact;
	struct observation seen;

	(void)snprintf(address, sizeof(address), "192.168.1.%u", device);
	flow = test_flow(1, address, "192.168.1.99", 40000, TEST_UDP);
	fact = said_fact(test_after_seconds(seconds), &flow, message, from_client, words);
	seen = test_seen(&fact);
	seen.device = device;
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void answer(struct test_bench *bench, double seconds, const char *name)
{
	char words[128];

	(void)snprintf(words, sizeof(words), "response questions=%s addresses=192.168.1.10", name);
	say(bench, seconds, THIEF, MESSAGE_LLMNR, true, words);
}

static void three_names_are_too_many(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	answer(&bench, 0, "nas");
	answer(&bench, 1, "NAS");
	answer(&bench, 2, "nas.local");
	answer(&bench, 3, "printer");
	assert_int_equal(bench.count, 0);
	answer(&bench, 4, "filesrv");
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_NAME_POISONING);
	assert_int_equal(test_bench_last(&bench)->device, THIEF);
	assert_string_equal(test_bench_last(&bench)->detail, "filesrv");
	assert_true(test_bench_last(&bench)->confidence >= 0.5);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);
}

static void bait_says_more(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	answer(&bench, 0, "nas");
	answer(&bench, 1, "printer");
	answer(&bench, 2, "wpad");
	assert_non_null(test_reason(test_bench_last(&bench), REASON_BAIT_NAMES));
	assert_true(test_bench_last(&bench)->confidence > 0.65);
	test_bench_stop(&bench);
}

struct answer_case {
	const char *name;
	enum message message;
	bool from_client;
	const char *words; /* with %c for a letter that makes the name another one */
	double pause;
};

static struct answer_case harmless[] = {
	{ "three names in hours", MESSAGE_LLMNR, true,
	  "response questions=%c addresses=192.168.1.10", 900 },
	{ "questions", MESSAGE_LLMNR, true, "questions=%c", 1 },
	{ "answers that know nothing", MESSAGE_LLMNR, true, "response questions=%c", 1 },
	{ "a name server of NetBIOS", MESSAGE_NBNS, false,
	  "type=query response name=%c addresses=192.168.1.30", 1 },
	{ "its own name is taken", MESSAGE_NBNS, true,
	  "type=registration response name=%c addresses=192.168.1.10", 1 },
	{ "groups", MESSAGE_NBNS, true, "type=query response name=%c group addresses=192.168.1.10",
	  1 },
	{ "multicast DNS", MESSAGE_MDNS, true, "response questions=%c addresses=192.168.1.10", 1 },
};

static void run_harmless(void **state)
{
	const struct answer_case *c = *state;
	static struct test_bench bench;

	begin(&bench, &detector_name_poisoning);
	for (int i = 0; i < 8; i++) {
		char words[128] = "";
		const char *letter = strstr(c->words, "%c");

		(void)snprintf(words, sizeof(words), "%.*s%c%s", (int)(letter - c->words), c->words,
			       'a' + i, letter + 2);
		say(&bench, i * c->pause, THIEF, c->message, c->from_client, words);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* By multicast DNS. The name that `who` is told to have is `name`.local, its address its own. */
static void multicast(struct test_bench *bench, double seconds, uint8_t who, bool is_answer,
		      const char *name)
{
	char address[32];
	char record[128];
	struct fact_flow flow;
	struct fact fact;
	struct observation seen;

	(void)snprintf(address, sizeof(address), "192.168.1.%u", who);
	flow = test_flow(1, address, "224.0.0.251", 5353, TEST_UDP);
	fact = said_fact(test_after_seconds(seconds), &flow, MESSAGE_MDNS, true,
			 is_answer ? "response" : "");
	(void)snprintf(record, sizeof(record), is_answer ? "%s.local A %s" : "%s.local", name,
		       address);
	attributes_add_text(&fact.message.said, is_answer ? ATTRIBUTE_ANSWER : ATTRIBUTE_QUESTION,
			    record);
	seen = test_seen(&fact);
	seen.device = who;
	seen.is_group = true;
	test_bench_show(bench, &seen);
}

static void ask_and_answer(struct test_bench *bench, double seconds, const char *name)
{
	multicast(bench, seconds, VICTIM, false, name);
	multicast(bench, seconds + 0.1, THIEF, true, name);
}

static void who_answers_whatever_is_asked_by_multicast(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	ask_and_answer(&bench, 0, "nas");
	ask_and_answer(&bench, 1, "nas");
	ask_and_answer(&bench, 2, "printer");
	assert_int_equal(bench.count, 0);
	ask_and_answer(&bench, 3, "filesrv");
	assert_int_equal(bench.count, 1);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_stop(&bench);

	begin(&bench, &detector_name_poisoning);
	multicast(&bench, 0, 30, true, "printer");
	ask_and_answer(&bench, 600, "nas");
	ask_and_answer(&bench, 601, "printer");
	ask_and_answer(&bench, 602, "wpad");
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->device, THIEF);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_NAMES_OF_OTHERS));
	assert_true(test_bench_last(&bench)->confidence >= 0.6);
	test_bench_stop(&bench);
}

/* A server of many services has told of each name when it came; answers to nobody come late. */
static void own_names_of_multicast_are_quiet(void **state)
{
	static const char *const names[] = { "home", "photos", "music", "backup", "camera" };
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		multicast(&bench, (double)i, THIEF, false,
			  names[i]); /* it asks whether it is free */
		multicast(&bench, (double)i + 0.7, THIEF, true, names[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ask_and_answer(&bench, 300.0 + (double)i, names[i]);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* A sleep proxy, or a router between two networks: the addresses are others'. */
static void proxies_of_multicast_are_quiet(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	for (int i = 0; i < 8; i++) {
		struct fact_flow flow = test_flow(1, "192.168.1.10", "224.0.0.251", 5353, TEST_UDP);
		char name[32];
		char record[64];
		struct fact fact;
		struct observation seen;

		(void)snprintf(name, sizeof(name), "mac%d", i);
		multicast(&bench, i, VICTIM, false, name);
		fact = said_fact(test_after_seconds(i + 0.1), &flow, MESSAGE_MDNS, true,
				 "response");
		(void)snprintf(record, sizeof(record), "%s.local A 192.168.1.%d", name, 50 + i);
		attributes_add_text(&fact.message.said, ATTRIBUTE_ANSWER, record);
		seen = test_seen(&fact);
		seen.device = THIEF;
		seen.is_group = true;
		test_bench_show(&bench, &seen);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void netbios_names_count_too(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_name_poisoning);
	for (int i = 0; i < 3; i++) {
		char words[128];

		(void)snprintf(words, sizeof(words),
			       "type=query response name=SRV%d addresses=192.168.1.10", i);
		say(&bench, i, THIEF, MESSAGE_NBNS, true, words);
	}
	assert_int_equal(bench.count, 1);
	test_bench_stop(&bench);
}

static void offer(struct test_bench *bench, double seconds, uint8_t server, uint8_t asker,
		  uint8_t router)
{
	char words[160];

	(void)snprintf(words, sizeof(words),
		       "type=OFFER response mac=%u server_id=192.168.1.%u router=192.168.1.%u",
		       asker, server, router);
	say(bench, seconds, server, MESSAGE_DHCP, true, words);
}

static void a_second_server_for_the_same_question(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	offer(&bench, 0, GATEWAY, VICTIM, GATEWAY);
	offer(&bench, 600, GATEWAY, VICTIM, GATEWAY);
	assert_int_equal(bench.count, 0);
	offer(&bench, 600.5, THIEF, VICTIM, THIEF);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_ROGUE_DHCP);
	assert_int_equal(test_bench_last(&bench)->device, THIEF);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_OTHER_ROUTER));
	assert_true(test_bench_last(&bench)->confidence > 0.5);
	offer(&bench, 700, GATEWAY, VICTIM, GATEWAY);
	offer(&bench, 700.5, THIEF, VICTIM, THIEF);
	assert_int_equal(bench.count, 1);
	test_bench_stop(&bench);
}

static void servers_of_two_networks_and_new_routers(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	offer(&bench, 0, GATEWAY, VICTIM, GATEWAY);
	offer(&bench, 1, THIEF, VICTIM + 1, THIEF); /* another asks another */
	offer(&bench, 60, THIEF, VICTIM, THIEF);    /* a new router, or a move */
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void two_servers_that_agree_weigh_less(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	offer(&bench, 0, GATEWAY, VICTIM, GATEWAY);
	offer(&bench, 0.5, 2, VICTIM, GATEWAY);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_stop(&bench);
}

/* The machine `mac` says that `address` is its own. */
static void claim(struct test_bench *bench, double seconds, uint8_t address, uint8_t mac)
{
	struct fact fact = test_arp(test_after_seconds(seconds), address, VICTIM, false);
	struct observation seen;

	fact.neighbour.sender_mac = test_mac(mac);
	seen = test_seen(&fact);
	seen.device = mac;
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void an_address_that_goes_to_and_fro(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	claim(&bench, 0, GATEWAY, GATEWAY);
	claim(&bench, 10, GATEWAY, THIEF);
	claim(&bench, 11, GATEWAY, GATEWAY);
	assert_int_equal(bench.count, 0);
	claim(&bench, 12, GATEWAY, THIEF);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_GATEWAY_SPOOFING);
	assert_int_equal(test_bench_last(&bench)->device, THIEF);
	assert_true(signal_is_sound(test_bench_last(&bench)));
	test_bench_stop(&bench);
}

/* By neighbour discovery as by ARP; machines that share an address by design have its own MAC. */
static void claim_v6(struct test_bench *bench, double seconds, uint8_t device, struct mac mac)
{
	struct fact fact = test_arp(test_after_seconds(seconds), GATEWAY, VICTIM, false);
	struct observation seen;

	fact.neighbour.sender = test_address("fe80::1");
	fact.neighbour.target = fact.neighbour.sender;
	fact.neighbour.sender_mac = mac;
	seen = test_seen(&fact);
	seen.device = device;
	test_bench_show(bench, &seen);
}

static void an_ipv6_address_that_goes_to_and_fro(void **state)
{
	static const struct mac shared[] = { { { 0, 0, 0x5e, 0, 2, 1 } },
					     { { 0, 5, 0x73, 0xa0, 0, 1 } },
					     { { 0, 7, 0xb4, 0, 1, 2 } } };
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	for (size_t i = 0; i < ARRAY_LEN(shared); i++) {
		for (int turn = 0; turn < 8; turn++)
			claim_v6(&bench, turn, GATEWAY,
				 turn % 2 == 0 ? test_mac(GATEWAY) : shared[i]);
	}
	assert_int_equal(bench.count, 0);
	for (int turn = 0; turn < 4; turn++)
		claim_v6(&bench, 100 + turn, turn % 2 == 0 ? GATEWAY : THIEF,
			 test_mac(turn % 2 == 0 ? GATEWAY : THIEF));
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->device, THIEF);
	assert_string_equal(test_bench_last(&bench)->object.text, "fe80::1");
	test_bench_stop(&bench);
}

static void of_the_gateway_and_both_sides_it_says_more(void **state)
{
	static struct test_bench bench;
	double first;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	offer(&bench, 0, GATEWAY, VICTIM, GATEWAY);
	claim(&bench, 1, GATEWAY, GATEWAY);
	claim(&bench, 1, VICTIM, VICTIM);
	for (int i = 0; i < 2; i++) {
		claim(&bench, 10 + i, GATEWAY, THIEF);
		claim(&bench, 10 + i, VICTIM, THIEF);
		if (i == 0) {
			claim(&bench, 10.5, GATEWAY, GATEWAY);
			claim(&bench, 10.5, VICTIM, VICTIM);
		}
	}
	assert_int_equal(bench.count, 2);
	first = bench.signals[0].confidence;
	assert_non_null(test_reason(&bench.signals[0], REASON_IS_GATEWAY));
	assert_true(first > 0.6 && bench.signals[1].confidence > first);
	test_bench_stop(&bench);
}

static void a_new_router_or_lease_is_quiet(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	claim(&bench, 0, GATEWAY, GATEWAY);
	for (int i = 0; i < 20; i++)
		claim(&bench, 60 + i, GATEWAY, THIEF);
	assert_int_equal(bench.count, 0);
	for (int i = 0; i < 6; i++) /* a laptop and its dock */
		claim(&bench, 1000.0 + 3600.0 * i, 30, i % 2 == 0 ? 31 : 32);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void routers_that_share_an_address_take_turns(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_lan_integrity);
	for (int i = 0; i < 9; i++) {
		struct fact fact = test_arp(test_after_seconds(i), GATEWAY, VICTIM, false);
		struct observation seen = test_seen(&fact);

		fact.neighbour.sender_mac =
			(struct mac){ { 0, 0, 0x5e, 0, 1, (uint8_t)(1 + i % 2) } };
		seen.device = THIEF;
		test_bench_show(&bench, &seen);
	}
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(three_names_are_too_many),
		cmocka_unit_test(bait_says_more),
		cmocka_unit_test(who_answers_whatever_is_asked_by_multicast),
		cmocka_unit_test(own_names_of_multicast_are_quiet),
		cmocka_unit_test(proxies_of_multicast_are_quiet),
		cmocka_unit_test(netbios_names_count_too),
		cmocka_unit_test(a_second_server_for_the_same_question),
		cmocka_unit_test(servers_of_two_networks_and_new_routers),
		cmocka_unit_test(two_servers_that_agree_weigh_less),
		cmocka_unit_test(an_address_that_goes_to_and_fro),
		cmocka_unit_test(an_ipv6_address_that_goes_to_and_fro),
		cmocka_unit_test(of_the_gateway_and_both_sides_it_says_more),
		cmocka_unit_test(a_new_router_or_lease_is_quiet),
		cmocka_unit_test(routers_that_share_an_address_take_turns),
	};
	struct CMUnitTest tests[ARRAY_LEN(harmless) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, harmless, run_harmless);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("lan", tests, NULL, NULL);
}
