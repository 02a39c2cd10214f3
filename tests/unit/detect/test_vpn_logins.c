/* Logins at a VPN, which nobody can read: detector_logins by handshakes and sizes. */
#include "sensor/detect/logins.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

#define STRANGER "203.0.113.9"
#define GATEWAY  "192.168.1.1"

enum { MANY = 30, IKE = 500, IKE_NAT = 4500, OPENVPN = 1194 };

struct trial {
	struct test_bench bench;
	enum direction direction;
	uint64_t flow_id;
	double seconds;
};

static struct trial *begin(void)
{
	static struct trial trial;

	trial.flow_id = 0;
	trial.seconds = 0;
	trial.direction = DIRECTION_INBOUND;
	test_bench_prepare(&trial.bench, &detector_logins);
	test_bench_start(&trial.bench, NULL);
	return &trial;
}

static void show(struct trial *t, struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.device = 1;
	seen.direction = t->direction;
	test_bench_show(&t->bench, &seen);
}

static struct fact_flow flow_to(struct trial *t, uint16_t port, bool is_new)
{
	t->flow_id += is_new;

	struct fact_flow flow = test_flow(t->flow_id, STRANGER, GATEWAY, port, TEST_UDP);

	flow.first = test_after_seconds(t->seconds);
	return flow;
}

static void handshake(struct trial *t, const char *exchange)
{
	struct fact_flow flow = flow_to(t, IKE, false);
	char words[64];
	struct fact fact;

	(void)snprintf(words, sizeof(words), "version=IKEv2 exchange=%s", exchange);
	fact = said_fact(test_after_seconds(t->seconds), &flow, MESSAGE_IKE, true, words);
	show(t, &fact);
	fact = said_fact(test_after_seconds(t->seconds), &flow, MESSAGE_IKE, false, words);
	show(t, &fact);
}

/* A flow that ends after `lasts` seconds, of the kind that nDPI names. */
static void tunnel(struct trial *t, uint16_t port, const char *protocol, double lasts,
		   uint64_t bytes)
{
	struct fact_flow flow = flow_to(t, port, false);
	struct fact fact;

	t->seconds += lasts;
	fact = test_flow_ended(test_after_seconds(t->seconds), &flow, true);
	fact.flow.first = flow.first;
	fact.ended.last = fact.time;
	fact.ended.has_data_down = true;
	fact.ended.bytes_up = bytes / 2;
	fact.ended.bytes_down = bytes / 2;
	(void)snprintf(fact.ended.names.protocol, sizeof(fact.ended.names.protocol), "%s",
		       protocol);
	show(t, &fact);
}

static bool has(const struct trial *t, enum signal_kind kind)
{
	for (size_t i = 0; i < t->bench.count; i++) {
		if (t->bench.signals[i].kind == (uint8_t)kind)
			return true;
	}
	return false;
}

struct ike_case {
	const char *name;
	const char *exchange;
	double rest;
	enum direction direction;
	bool is_told;
};

static struct ike_case ike_cases[] = {
	{ "IKEv2 again and again", "IKE_SA_INIT", 4, DIRECTION_INBOUND, true },
	{ "IKEv1 again and again", "MAIN", 4, DIRECTION_INBOUND, true },
	{ "IKEv1's quick way", "AGGRESSIVE", 4, DIRECTION_INBOUND, true },
	{ "once in an hour", "IKE_SA_INIT", 3600, DIRECTION_INBOUND, false },
	{ "keys that are renewed", "QUICK", 4, DIRECTION_INBOUND, false },
	{ "one's own VPN elsewhere", "IKE_SA_INIT", 4, DIRECTION_OUTBOUND, false },
};

static void run_ike(void **state)
{
	const struct ike_case *c = *state;
	struct trial *t = begin();

	t->direction = c->direction;
	for (unsigned i = 0; i < MANY; i++) {
		handshake(t, c->exchange);
		t->seconds += c->rest;
	}
	assert_int_equal(has(t, SIGNAL_LOGIN_GUESSING), c->is_told);
	for (size_t i = 0; i < t->bench.count; i++) {
		assert_true(t->bench.signals[i].confidence < 0.5);
		assert_string_equal(t->bench.signals[i].detail, "VPN");
		assert_non_null(test_reason(&t->bench.signals[i], REASON_TRIES_BY_SHAPE));
	}
	test_bench_stop(&t->bench);
}

/* A program that tries a hundred words, each at once after the other. */
static void a_tunnel_after_guessing(void **state)
{
	struct trial *t = begin();

	(void)state;
	for (unsigned i = 0; i < 120; i++) {
		t->flow_id++;
		handshake(t, "IKE_SA_INIT");
		t->seconds += 0.5;
	}
	t->flow_id++;
	tunnel(t, IKE_NAT, "IPsec", 10, 4000);
	assert_false(has(t, SIGNAL_LOGIN_GUESSED));
	t->flow_id++;
	tunnel(t, IKE_NAT, "IPsec", 600, 900000);
	assert_true(has(t, SIGNAL_LOGIN_GUESSED));
	assert_true(test_bench_last(&t->bench)->confidence >= 0.5);
	test_bench_stop(&t->bench);
}

/* A telephone on a bad line: some tries, then it is in, as it was before. */
static void a_flaky_client_is_no_guesser(void **state)
{
	struct trial *t = begin();

	(void)state;
	tunnel(t, IKE_NAT, "IPsec", 600, 900000);
	assert_int_equal(t->bench.count, 0); /* nor is a VPN a service that must not be open */
	for (unsigned i = 0; i < MANY; i++) {
		handshake(t, "IKE_SA_INIT");
		t->seconds += 4;
	}
	t->flow_id++;
	tunnel(t, IKE_NAT, "IPsec", 600, 900000);
	assert_false(has(t, SIGNAL_LOGIN_GUESSED));
	assert_false(has(t, SIGNAL_EXPOSED_SERVICE));
	test_bench_stop(&t->bench);
}

static void openvpn_again_and_again(void **state)
{
	struct trial *t = begin();

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct fact_flow flow = flow_to(t, OPENVPN, true);
		struct fact fact = said_fact(test_after_seconds(t->seconds), &flow, MESSAGE_OPENVPN,
					     false, "protection=none");

		show(t, &fact);
		tunnel(t, OPENVPN, "OpenVPN", 3, 8000 + i % 3 * 100);
	}
	assert_true(has(t, SIGNAL_LOGIN_GUESSING));
	test_bench_stop(&t->bench);
}

/* Between the same ports all the time: one flow, long and large, and still no tunnel. */
static void openvpn_in_one_flow(void **state)
{
	struct trial *t = begin();

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct fact_flow flow = flow_to(t, OPENVPN, false);
		struct fact fact = said_fact(test_after_seconds(t->seconds), &flow, MESSAGE_OPENVPN,
					     false, "protection=none");

		show(t, &fact);
		t->seconds += 5;
	}
	assert_true(has(t, SIGNAL_LOGIN_GUESSING));
	tunnel(t, OPENVPN, "OpenVPN", 300, 240000);
	assert_false(has(t, SIGNAL_LOGIN_GUESSED));
	test_bench_stop(&t->bench);
}

/* Staff at home, all day: sessions of different length. */
static void people_at_work_are_quiet(void **state)
{
	struct trial *t = begin();

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		struct fact_flow flow = flow_to(t, OPENVPN, true);
		struct fact fact = said_fact(test_after_seconds(t->seconds), &flow, MESSAGE_OPENVPN,
					     false, "protection=tls-crypt");

		show(t, &fact);
		tunnel(t, OPENVPN, "OpenVPN", 200 + 900 * (i % 3), 50000 + 4000000 * (i % 2));
	}
	assert_int_equal(t->bench.count, 0);
	test_bench_stop(&t->bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(a_tunnel_after_guessing),
		cmocka_unit_test(a_flaky_client_is_no_guesser),
		cmocka_unit_test(openvpn_again_and_again),
		cmocka_unit_test(openvpn_in_one_flow),
		cmocka_unit_test(people_at_work_are_quiet),
	};
	struct CMUnitTest tests[ARRAY_LEN(ike_cases) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, ike_cases, run_ike);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("vpn_logins", tests, NULL, NULL);
}
