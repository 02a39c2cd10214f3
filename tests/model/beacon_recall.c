/*
 * How many beacons the judge makes a case of, and how many harmless rhythms, over a day of
 * generated check-ins: the models of detection.md 11. Sizes hardly differ in any of them, so that
 * timing alone is measured; what else there is (names, ports, protocols) is that of an ordinary TLS
 * service. Wider jitter is told with something else alone: there the name is one that anybody gets.
 */
#include "sensor/judge/judge.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEVICES = 40, ROUNDS = 5, WIDE_ROUNDS = 3, ROUTER = 1, FIRST_DEVICE = 10, SIZE = 300 };

static const double day = 86400;

/* The next wait, in seconds, of a beacon with that period. */
typedef double (*waits)(double period, uint64_t *random);

struct rhythm_model {
	const char *name;
	waits next;
	bool is_beacon;
	bool is_wide; /* more than ±50 %: by its many calls and another sign */
};

static double uniform(uint64_t *random, double from, double to)
{
	return from + (to - from) * test_random_share(random);
}

static double normal(uint64_t *random)
{
	const double turn = 6.283185307179586;

	return sqrt(-2 * log(1 - test_random_share(random))) *
	       cos(turn * test_random_share(random));
}

static double steady(double period, uint64_t *random)
{
	return period * (1 + 0.02 * normal(random));
}

static double either_way(double period, uint64_t *random)
{
	return period * uniform(random, 0.5, 1.5);
}

static double three_fifths(double period, uint64_t *random)
{
	return period * uniform(random, 0.4, 1.6);
}

static double four_fifths(double period, uint64_t *random)
{
	return period * uniform(random, 0.2, 1.8);
}

static double anything_up_to_twice(double period, uint64_t *random)
{
	return period * uniform(random, 0, 2);
}

static double shorter_only(double period, uint64_t *random)
{
	return period * uniform(random, 0.5, 1);
}

static double some_missed(double period, uint64_t *random)
{
	double wait = either_way(period, random);

	while (test_random_share(random) < 0.1)
		wait += either_way(period, random);
	return wait;
}

/* Tasks are fetched at once: another connection within the second. */
static double with_bursts(double period, uint64_t *random)
{
	return test_random_share(random) < 0.2 ? uniform(random, 0.2, 1)
					       : either_way(period, random);
}

static double poisson(double period, uint64_t *random)
{
	return -period * log(1 - test_random_share(random));
}

static double lognormal_wide(double period, uint64_t *random)
{
	return period * exp(normal(random));
}

static double lognormal(double period, uint64_t *random)
{
	return period * exp(0.6 * normal(random));
}

/* Pages of a few requests each, read for a while. */
static double browsing(double period, uint64_t *random)
{
	return test_random_share(random) < 0.7 ? uniform(random, 0.05, 3)
					       : poisson(5 * period, random);
}

/* A keep-alive that begins anew with each use. */
static double reset_keep_alive(double period, uint64_t *random)
{
	return fmin(5 * period, poisson(7 * period, random));
}

static const struct rhythm_model models[] = {
	{ "2 % noise", steady, true, false },
	{ "±50 %", either_way, true, false },
	{ "50 % shorter only", shorter_only, true, false },
	{ "±50 %, 10 % missed", some_missed, true, false },
	{ "±50 %, 20 % bursts", with_bursts, true, false },
	{ "Poisson", poisson, false, false },
	{ "lognormal, s=1", lognormal_wide, false, false },
	{ "lognormal, s=0.6", lognormal, false, false },
	{ "browsing", browsing, false, false },
	{ "keep-alive reset by use", reset_keep_alive, false, false },
	{ "±60 %", three_fifths, true, true },
	{ "±80 %", four_fifths, true, true },
	{ "±100 %", anything_up_to_twice, true, true },
	{ "Poisson", poisson, false, true },
	{ "lognormal, s=1", lognormal_wide, false, true },
	{ "lognormal, s=0.6", lognormal, false, true },
	{ "browsing", browsing, false, true },
	{ "keep-alive reset by use", reset_keep_alive, false, true },
};

static void check_in(struct judge *judge, const char *domain, uint8_t device, uint64_t id,
		     double seconds, uint64_t *random)
{
	char client[16];
	char server[16];
	char host[32];

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);
	(void)snprintf(server, sizeof(server), "203.0.113.%u", device);
	(void)snprintf(host, sizeof(host), "host-%u.%s", device, domain);

	struct fact_flow flow = test_flow(id, client, server, 443, TEST_TCP);
	struct fact fact = test_check_in(test_after_seconds(seconds), &flow,
					 SIZE + (uint32_t)(test_random(random) % 16), host);

	fact.check_in.is_answered = true;
	fact.check_in.has_data_down = true;
	fact.check_in.names.host_source = HOST_TLS;
	(void)snprintf(fact.check_in.names.protocol, FACT_PROTOCOL_LEN, "TLS");
	judge_take(judge, &fact);
}

static void sight(struct judge *judge, uint8_t device)
{
	char client[16];

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);

	struct fact_flow flow = test_flow(device, client, "203.0.113.5", 443, TEST_TCP);
	struct fact fact = test_fact(FACT_SIGHTING, test_start, &flow);

	fact.sighting = (struct fact_sighting){ .source = flow.client,
						.source_mac = test_mac(device),
						.has_destination = true,
						.destination = flow.server,
						.destination_mac = test_mac(ROUTER) };
	judge_take(judge, &fact);
}

/* Cases, or those alone that hold the story of wide jitter. */
static size_t count_cases(struct judge *judge, bool wide_alone)
{
	size_t count;
	size_t told = 0;
	const struct case_record *const *cases = judge_cases(judge, &count);

	for (size_t i = 0; i < count; i++) {
		bool has_it = !wide_alone;

		for (uint32_t k = 0; k < cases[i]->finding_count; k++)
			has_it |= cases[i]->findings[k].signal.kind == SIGNAL_WIDE_BEACON;
		told += has_it;
	}
	return told;
}

/* Cases of DEVICES devices that each keep that rhythm to a server of their own for a day. */
static size_t cases_of_a_day(const struct rhythm_model *model, double period, uint64_t *random)
{
	static struct config config;
	const struct judge_setup setup = { .config = &config, .identity = "" };
	struct judge *judge;
	double next[DEVICES];
	uint64_t id = 0;
	size_t count;

	config_defaults(&config);
	assert_int_equal(judge_new(&judge, &setup), ERR_OK);
	for (uint8_t i = 0; i < DEVICES; i++) {
		sight(judge, (uint8_t)(FIRST_DEVICE + i));
		next[i] = 1 + uniform(random, 0, period);
	}
	for (;;) {
		uint8_t first = 0;

		for (uint8_t i = 1; i < DEVICES; i++)
			first = next[i] < next[first] ? i : first;
		if (next[first] > day)
			break;
		check_in(judge, model->is_wide ? "ddns.net" : "example",
			 (uint8_t)(FIRST_DEVICE + first), ++id, next[first], random);
		next[first] += fmax(0.01, model->next(period, random));
	}
	judge_finish(judge);
	count = count_cases(judge, model->is_wide && !model->is_beacon);
	judge_free(judge);
	return count;
}

static double share_with_a_case(const struct rhythm_model *model, double period)
{
	uint64_t random = 1 + (uint64_t)period;
	int rounds = model->is_wide ? WIDE_ROUNDS : ROUNDS;
	size_t cases = 0;

	for (int round = 0; round < rounds; round++)
		cases += cases_of_a_day(model, period, &random);
	return (double)cases / (DEVICES * rounds);
}

static void a_day_of_rhythms(void **state)
{
	static const double periods[] = { 30, 60, 300, 900, 1800, 3600 };
	static const double recall_least = 0.95;
	static const double wide_least = 0.8;
	static const double harmless_most = 0.15;
	/* So many calls are in a day: slower ones take days. */
	static const double slowest_wide = 900;

	unsigned missed = 0;
	unsigned accepted = 0;

	(void)state;
	for (size_t m = 0; m < ARRAY_LEN(models); m++) {
		for (size_t p = 0; p < ARRAY_LEN(periods); p++) {
			double share = share_with_a_case(&models[m], periods[p]);

			print_message("%-24s %5.0f s: %5.1f %%%s\n", models[m].name, periods[p],
				      share * 100, models[m].is_wide ? " (rented name)" : "");
			missed += models[m].next == either_way && share < recall_least;
			missed += models[m].is_wide && models[m].is_beacon &&
				  periods[p] <= slowest_wide && share < wide_least;
			accepted += !models[m].is_beacon && share > harmless_most;
		}
	}
	assert_int_equal(missed, 0);
	assert_int_equal(accepted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_day_of_rhythms) };

	return cmocka_run_group_tests_name("beacon_recall", tests, NULL, NULL);
}
