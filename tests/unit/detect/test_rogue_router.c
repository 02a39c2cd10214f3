#include "sensor/detect/rogue_router.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/raw_bench.h"
#include "tests/unit/detect/said.h"

enum { ROUTER = 1, PC = 10, VICTIM = 20 };

static struct test_bench *begin(void)
{
	static struct test_bench bench;

	test_bench_prepare(&bench, &detector_rogue_router);
	test_bench_start(&bench, NULL);
	return &bench;
}

/* `words` may hold '@', the sender's own address. */
static void say(struct test_bench *bench, double seconds, uint8_t device, enum message message,
		const char *words)
{
	char own[32];
	char text[200];
	const char *me = strchr(words, '@');
	struct fact_flow flow;
	struct fact fact;
	struct observation seen;

	(void)snprintf(own, sizeof(own), "fe80::%x", device);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", me ? (int)(me - words) : (int)strlen(words),
		       words, me ? own : "", me ? me + 1 : "");
	flow = test_flow(1, own, "ff02::1", 547, TEST_UDP);
	fact = said_fact(test_after_seconds(seconds), &flow, message, true, text);
	seen = test_seen(&fact);
	seen.device = device;
	test_bench_show(bench, &seen);
}

/* The device asked for a lease some time, as PCs do. */
static void lease(struct test_bench *bench, uint8_t device)
{
	const struct device_view who = { .mac = test_mac(device),
					 .names = { "", "", "", "" },
					 .vendor_class = "",
					 .fingerprint = "1,3,6,15",
					 .syn_signature = "",
					 .description = "" };
	struct fact_flow none = { 0 };
	struct fact fact = test_fact(FACT_SIGHTING, test_start, &none);
	struct observation seen = test_seen(&fact);

	seen.device = device;
	seen.who = &who;
	test_bench_show(bench, &seen);
}

static void advertise(struct test_bench *bench, double seconds, uint8_t device, const char *words)
{
	say(bench, seconds, device, MESSAGE_NDP_ROUTER, words);
}

static void serve(struct test_bench *bench, double seconds, uint8_t device, const char *words)
{
	say(bench, seconds, device, MESSAGE_DHCPV6, words);
}

static void a_pc_that_gives_its_own_name_server(void **state)
{
	struct test_bench *bench = begin();

	(void)state;
	lease(bench, PC);
	serve(bench, 1, PC, "type=ADVERTISE response addresses=fe80::99 name_servers=@");
	assert_int_equal(bench->count, 0);
	serve(bench, 2, PC, "type=REPLY response addresses=fe80::99 name_servers=@");
	assert_int_equal(bench->count, 1);
	assert_int_equal(test_bench_last(bench)->kind, SIGNAL_ROGUE_DHCPV6);
	assert_int_equal(test_bench_last(bench)->device, PC);
	assert_true(test_bench_last(bench)->confidence >= 0.6);
	assert_true(signal_is_sound(test_bench_last(bench)));
	for (int i = 0; i < 9; i++)
		serve(bench, 10 + i, PC, "type=REPLY response name_servers=@");
	assert_int_equal(bench->count, 1);
	test_bench_stop(bench);
}

static void a_pc_that_is_a_router_beside_another(void **state)
{
	struct test_bench *bench = begin();

	(void)state;
	lease(bench, PC);
	advertise(bench, 0, ROUTER, "lifetime_seconds=1800 preference=medium name_servers=@");
	advertise(bench, 600, ROUTER, "lifetime_seconds=1800 preference=medium name_servers=@");
	assert_int_equal(bench->count, 0);
	advertise(bench, 700, PC, "lifetime_seconds=0 managed preference=high");
	advertise(bench, 730, PC, "lifetime_seconds=0 managed preference=high");
	assert_int_equal(bench->count, 1);
	assert_int_equal(test_bench_last(bench)->kind, SIGNAL_ROGUE_ROUTER);
	assert_int_equal(test_bench_last(bench)->device, PC);
	assert_non_null(test_reason(test_bench_last(bench), REASON_STILL_THERE));
	assert_true(test_bench_last(bench)->confidence >= 0.6);
	test_bench_stop(bench);
}

/* What is told of it stays below a case. */
struct weak_case {
	const char *name;
	bool has_lease;
	enum message message;
	const char *words;
	bool is_silent;
};

static struct weak_case weak[] = {
	{ "a second router", false, MESSAGE_NDP_ROUTER,
	  "lifetime_seconds=1800 preference=medium name_servers=@", false },
	{ "a router that wants to be preferred", false, MESSAGE_NDP_ROUTER,
	  "lifetime_seconds=1800 preference=high name_servers=@", false },
	{ "a loudspeaker and its lamps", true, MESSAGE_NDP_ROUTER,
	  "lifetime_seconds=0 preference=low", true },
	{ "a server of the office", false, MESSAGE_DHCPV6,
	  "type=REPLY response name_servers=fe80::77", true },
	{ "a question", true, MESSAGE_DHCPV6, "type=SOLICIT", true },
	{ "what a relay hands on", true, MESSAGE_DHCPV6,
	  "type=REPLY response relays=1 name_servers=@", true },
};

static void run_weak(void **state)
{
	const struct weak_case *c = *state;
	struct test_bench *bench = begin();

	if (c->has_lease)
		lease(bench, PC);
	advertise(bench, 0, ROUTER, "lifetime_seconds=1800 preference=medium");
	for (int i = 0; i < 5; i++)
		say(bench, 10 + i, PC, c->message, c->words);
	for (size_t i = 0; i < bench->count; i++)
		assert_true(bench->signals[i].confidence < 0.5);
	assert_true(bench->count <= 1);
	if (c->is_silent)
		assert_int_equal(bench->count, 0);
	test_bench_stop(bench);
}

static void kept_rows_are_checked(void **state)
{
	struct test_bench *bench = begin();
	const struct kept_table *table = &detector_rogue_router.kept[0];
	struct lru_map *givers;
	const void *key;
	void *value;
	uint32_t none = 0;
	uint8_t damaged[8192];

	(void)state;
	serve(bench, 1, PC, "type=ADVERTISE response name_servers=@");
	memcpy(&givers, (const char *)bench->state + table->at, sizeof(givers));
	value = lru_map_next(givers, NULL, &key);
	table->tidy(value);
	assert_true(table->is_sound(key, value));
	assert_false(table->is_sound(&none, value));
	assert_true(lru_map_value_size(givers) <= sizeof(damaged));
	memset(damaged, 0xff, sizeof(damaged));
	assert_false(table->is_sound(key, damaged));
	test_bench_stop(bench);
}

/* After a step of the clock it begins anew; a device too many is forgotten. */
static void time_and_room_are_bounded(void **state)
{
	struct test_bench *bench = begin();

	(void)state;
	lease(bench, PC);
	serve(bench, 90000, PC, "type=REPLY response name_servers=@");
	serve(bench, 0, PC, "type=REPLY response name_servers=@");
	assert_int_equal(bench->count, 0);
	for (unsigned i = 0; i < 100; i++)
		serve(bench, 1 + i, (uint8_t)(100 + i), "type=REPLY response");
	serve(bench, 200, PC, "type=REPLY response name_servers=@");
	assert_int_equal(bench->count, 0);
	test_bench_stop(bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(a_pc_that_gives_its_own_name_server),
		cmocka_unit_test(a_pc_that_is_a_router_beside_another),
		cmocka_unit_test(kept_rows_are_checked),
		cmocka_unit_test(time_and_room_are_bounded),
	};
	struct CMUnitTest tests[ARRAY_LEN(weak) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, weak, run_weak);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("rogue_router", tests, NULL, NULL);
}
