#include "sensor/lane/attempts.h"

#include "sensor/decode/packet.h"
#include "tests/support/facts.h"
#include "tests/unit/lane/attempts_oracle.h"

#include <stdlib.h>

enum { FIN_ACK = TCP_FIN | TCP_ACK, SYN_ACK = TCP_SYN | TCP_ACK, RST_ACK = TCP_RST | TCP_ACK };

struct one_case {
	const char *name;
	bool is_one;
	uint8_t protocol;
	uint32_t client_packets;
	uint32_t server_packets;
	uint8_t server_flags;
	uint8_t payload_packets;
	bool server_spoke;
};

static struct one_case one_cases[] = {
	{ "a SYN", true, IP_TCP, 1, 0, 0, 0, false },
	{ "a SYN again and again", true, IP_TCP, 100, 0, 0, 0, false },
	{ "a SYN with data", true, IP_TCP, 1, 0, 0, 1, false },
	{ "refused", true, IP_TCP, 1, 1, RST_ACK, 0, false },
	{ "refused more than once", true, IP_TCP, 3, 3, RST_ACK, 0, false },
	{ "accepted", false, IP_TCP, 1, 1, SYN_ACK, 0, false },
	{ "accepted, then reset", false, IP_TCP, 2, 2, SYN_ACK | TCP_RST, 0, false },
	{ "acknowledged midstream", false, IP_TCP, 1, 1, TCP_ACK, 1, false },
	{ "closed midstream", false, IP_TCP, 1, 1, FIN_ACK, 0, false },
	{ "the server alone was heard", false, IP_TCP, 0, 3, TCP_ACK, 3, true },
	{ "reset after it spoke", false, IP_TCP, 2, 2, RST_ACK, 2, true },
	{ "a datagram", true, IP_UDP, 1, 0, 0, 1, false },
	{ "three datagrams", true, IP_UDP, 3, 0, 0, 3, false },
	{ "goes on, answered out of sight", false, IP_UDP, 4, 0, 0, 4, false },
	{ "goes on without a word", true, IP_UDP, 4, 0, 0, 0, false },
	{ "a datagram and an answer", false, IP_UDP, 1, 1, 0, 2, true },
	{ "no flags but TCP's", false, IP_UDP, 1, 1, TCP_RST, 1, false },
};

/* The same with the client on either side of the key. */
static void an_attempt_came_to_nothing(void **state)
{
	const struct one_case *c = *state;

	for (int client = FLOW_SIDE_LOW; client < FLOW_SIDES; client++) {
		int server = FLOW_SIDES - 1 - client;
		uint8_t spoke = server == FLOW_SIDE_LOW ? FLOW_LOW_SPOKE : FLOW_HIGH_SPOKE;
		struct flow_record flow = { .key = { .protocol = c->protocol },
					    .client_side = (uint8_t)client,
					    .payload_packets = c->payload_packets,
					    .flags = c->server_spoke ? spoke : 0 };

		flow.packets[client] = c->client_packets;
		flow.packets[server] = c->server_packets;
		flow.tcp_flags[server] = c->server_flags;
		assert_int_equal(attempts_is_one(&flow), c->is_one);
	}
}

struct trial {
	struct config config;
	struct attempts *attempts;
	struct oracle *oracle;
	uint64_t offered;
	uint64_t told;
	uint64_t counted;
	uint64_t figures;
};

static void check_figure(void *arg, const struct fact_attempts *got)
{
	struct trial *t = arg;
	struct oracle *o = t->oracle;

	assert_true(o->seen < o->expected);

	const struct oracle_figure *want = &o->figures[o->seen++];
	struct address host = oracle_address(want->host);

	assert_memory_equal(&got->host, &host, sizeof(host));
	assert_int_equal(got->is_target, want->is_target);
	assert_int_equal(got->count, want->figure.counted);
	assert_int_equal(got->first, want->figure.first);
	assert_int_equal(got->last, want->figure.last);
	t->counted += got->count;
	t->figures++;
}

static void start(struct trial *t, uint64_t most)
{
	memset(t, 0, sizeof(*t));
	config_defaults(&t->config);
	t->config.flow.attempts = most;
	t->oracle = calloc(1, sizeof(*t->oracle));
	assert_non_null(t->oracle);
	t->oracle->most = most;
	assert_int_equal(attempts_new(&t->attempts, &t->config, check_figure, t), ERR_OK);
}

static void finish(struct trial *t)
{
	oracle_finish(t->oracle);
	attempts_finish(t->attempts);
	assert_int_equal(t->oracle->seen, t->oracle->expected);
	assert_int_equal(t->told + t->counted, t->offered);
	attempts_finish(t->attempts); /* told once */
	assert_int_equal(t->told + t->counted, t->offered);
}

static void stop(struct trial *t)
{
	finish(t);
	attempts_free(t->attempts);
	free(t->oracle);
}

static bool offer(struct trial *t, const struct attempt *a)
{
	struct address source = oracle_address(a->source);
	struct address target = oracle_address(a->target);
	bool source_is_low;
	struct flow_record flow = { .first = a->first, .last = a->last };

	flow.key = flow_key_of(&source, 40000, &target, 443, &source_is_low);
	flow.client_side = source_is_low ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;
	flow.packets[flow.client_side] = 1;
	assert_int_equal(attempts_is_flooded(t->attempts, &source, &target, a->now),
			 oracle_is_flooded(t->oracle, a));

	bool want = oracle_admit(t->oracle, a);
	bool got = attempts_admit(t->attempts, &flow, a->now);

	assert_int_equal(got, want);
	assert_int_equal(t->oracle->seen, t->oracle->expected);
	t->offered++;
	t->told += got;
	return got;
}

struct random_case {
	const char *name;
	uint64_t most;
	uint32_t sources;
	uint32_t targets;
	uint32_t flood; /* of 16: how many are for target 7 */
	double step;    /* seconds, on average */
	uint32_t steps;
	bool goes_back; /* now and then, by up to an hour */
};

static struct random_case random_cases[] = {
	{ "few hosts", 8, 20, 20, 0, 0.5, 20000, false },
	{ "hosts are forgotten", 2, ORACLE_HOSTS, ORACLE_HOSTS, 0, 0.01, 12000, false },
	{ "targets are forgotten", 2, 40, ORACLE_HOSTS, 0, 0.01, 12000, false },
	{ "sources are forgotten", 100, ORACLE_HOSTS, 40, 0, 0.01, 12000, false },
	{ "a flood among others", 4, 200, 200, 12, 0.1, 20000, false },
	{ "a flood while hosts are forgotten", 2, ORACLE_HOSTS, ORACLE_HOSTS, 4, 0.01, 16000,
	  false },
	{ "nothing but a flood", 4, ORACLE_HOSTS, 1, 16, 0.1, 20000, false },
	{ "time goes back", 4, 50, 50, 8, 0.5, 20000, true },
	{ "all together are too many", 1, ORACLE_HOSTS, ORACLE_HOSTS, 0, 0.3, 12000, false },
	{ "told one by one", 1000000, 100, 100, 4, 0.3, 20000, false },
};

static struct attempt random_attempt(const struct random_case *c, uint64_t *random, double *seconds)
{
	uint32_t source = (uint32_t)(test_random(random) % c->sources);
	uint32_t target = (uint32_t)(test_random(random) % c->targets);
	double age = 30 * test_random_share(random);

	*seconds += 2 * c->step * test_random_share(random);
	if (c->goes_back && test_random(random) % 1000 == 0)
		*seconds -= 3600 * test_random_share(random);
	if (test_random(random) % 16 < c->flood)
		target = 7;
	return (struct attempt){ .source = source,
				 .target = target,
				 .first = test_after_seconds(*seconds + 9000 - 2 * age),
				 .last = test_after_seconds(*seconds + 9000 - age),
				 .now = test_after_seconds(*seconds + 9000) };
}

static void told_and_counted_make_all(void **state)
{
	const struct random_case *c = *state;
	uint64_t random = 11;
	double seconds = 0;
	struct trial t;

	start(&t, c->most);
	for (uint32_t i = 0; i < c->steps; i++) {
		struct attempt a = random_attempt(c, &random, &seconds);

		(void)offer(&t, &a);
		if (test_random(&random) % (c->steps / 2) == 0)
			finish(&t);
	}
	finish(&t);
	assert_int_equal(t.figures > 0, c->most < 1000);
	stop(&t);
}

struct flood_case {
	const char *name;
	uint32_t source; /* or ANY, or ANY_INSIDE */
	uint32_t target;
	uint32_t flows;
	uint32_t told;
};

enum { ANY = ORACLE_HOSTS, ANY_INSIDE, MOST = 10, INSIDE = 3, OUTSIDE = 4 };

/* In one window. */
static struct flood_case flood_cases[] = {
	{ "from anywhere to one", ANY, OUTSIDE, 50000, MOST },
	{ "from one to anywhere", INSIDE, ANY, 50000, MOST },
	{ "from one to one", OUTSIDE, INSIDE, 50000, MOST },
	{ "from anywhere to anywhere", ANY, ANY, 12000, (16 + 64) * MOST },
	{ "from anywhere inside to anywhere", ANY_INSIDE, ANY, 12000, 64 * MOST },
};

static void floods_tell_a_bounded_number(void **state)
{
	const struct flood_case *c = *state;
	uint64_t random = 3;
	struct trial t;

	start(&t, MOST);
	for (uint32_t i = 0; i < c->flows; i++) {
		const nanotime now = test_start + i;
		uint32_t source = (uint32_t)(test_random(&random) % ORACLE_HOSTS);
		uint32_t target = (uint32_t)(test_random(&random) % ORACLE_HOSTS);
		struct attempt a = { c->source, c->target, now, now, now };

		if (c->source >= ANY)
			a.source = c->source == ANY ? source : source / 3 * 3;
		if (c->target == ANY)
			a.target = target;
		(void)offer(&t, &a);
	}
	assert_int_equal(t.told, c->told);
	stop(&t);
}

/* Forged addresses from outside do not take away what the office's own may tell. */
static void the_office_has_a_limit_of_its_own(void **state)
{
	uint32_t told = 0;
	struct trial t;

	(void)state;
	start(&t, 1);
	for (uint32_t i = 0; i < 1000; i++) {
		const struct attempt a = { 3 * i + 1, 3 * i + 2, test_start, test_start,
					   test_start };

		(void)offer(&t, &a);
	}
	assert_int_equal(t.told, 16);
	for (uint32_t i = 0; i < 1000; i++) {
		const struct attempt a = { 3 * i, 3 * i, test_start, test_start, test_start };

		told += offer(&t, &a);
	}
	assert_int_equal(told, 64);
	stop(&t);
}

/* A crowd of forged addresses inside has used up what may be told; then one of the office scans. */
static void a_scan_stands_out_of_a_crowd(void **state)
{
	enum { CROWD = 2000, SCAN = 200, EACH = 20, LEAST = 16, SCANNER = 3 * 1999 };
	uint32_t crowd_told = 0, scan_told = 0;
	struct trial t;

	(void)state;
	start(&t, MOST * MOST);
	for (uint32_t i = 0; i < CROWD * EACH; i++) {
		const nanotime now = test_start + i;
		const struct attempt noise = { 3 * (i % 1900), i % ORACLE_HOSTS, now, now, now };
		const struct attempt scan = { SCANNER, 3, now, now, now };

		crowd_told += offer(&t, &noise);
		/* Amid it, and quicker than it. */
		if (i >= CROWD * EACH / 2 && i < CROWD * EACH / 2 + SCAN)
			scan_told += offer(&t, &scan);
	}
	assert_int_equal(crowd_told, 64 * MOST * MOST);
	assert_in_range(scan_told, 1, MOST * MOST);
	print_message("told of the scan: %u of %u\n", scan_told, SCAN);
	stop(&t);
}

static void each_window_begins_anew(void **state)
{
	const double seconds[] = { 0, 599, 600, 1199, 1200, 0 }; /* and back again */
	const bool told[] = { true, false, true, false, true, true };
	struct trial t;

	(void)state;
	start(&t, 1);
	for (size_t i = 0; i < ARRAY_LEN(seconds); i++) {
		nanotime now = test_after_seconds(seconds[i]);
		const struct attempt a = { 4, 3, now, now, now };

		assert_int_equal(offer(&t, &a), told[i]);
	}
	stop(&t);
}

int main(void)
{
	enum { OTHERS = 3 };
	struct CMUnitTest tests[OTHERS + ARRAY_LEN(one_cases) + ARRAY_LEN(random_cases) +
				ARRAY_LEN(flood_cases)] = {
		cmocka_unit_test(the_office_has_a_limit_of_its_own),
		cmocka_unit_test(a_scan_stands_out_of_a_crowd),
		cmocka_unit_test(each_window_begins_anew),
	};
	size_t count = OTHERS;

	count += ADD_ROWS(tests + count, one_cases, an_attempt_came_to_nothing);
	count += ADD_ROWS(tests + count, random_cases, told_and_counted_make_all);
	count += ADD_ROWS(tests + count, flood_cases, floods_tell_a_bounded_number);
	return cmocka_run_group_tests_name("attempts", tests, NULL, NULL);
}
