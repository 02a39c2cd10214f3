#include "tests/unit/detect/beacon_bench.h"

enum { IRREGULAR_PAIRS = 300 };

/* Seconds until check-in `i` + 1; `random` is from 0 to 1. */
typedef double interval_fn(unsigned i, double random);

static double every_minute(unsigned i, double random)
{
	(void)i;
	(void)random;
	return 60;
}

static double three_seconds_either_way(unsigned i, double random)
{
	(void)random;
	return 57 + 6 * shares_evenly(i);
}

static double a_fifth_either_way(unsigned i, double random)
{
	(void)random;
	return 60 * (0.8 + 0.4 * shares_evenly(i));
}

/* The jitter of the common frameworks: up to half of the sleep is left out. */
static double up_to_half_less(unsigned i, double random)
{
	(void)random;
	return 60 * (1 - 0.5 * shares_evenly(i));
}

static double half_either_way(unsigned i, double random)
{
	(void)i;
	return 60 * (0.5 + random);
}

static double slow_and_loose(unsigned i, double random)
{
	return 60 * three_fifths_either_way(i, random);
}

static double night_in_between(unsigned i, double random)
{
	(void)random;
	return i == 3 ? 8 * 3600 : 60;
}

static double often_asleep(unsigned i, double random)
{
	(void)random;
	return i % 2 == 1 ? 8 * 3600 : 60;
}

static double poisson(unsigned i, double random)
{
	(void)i;
	return -120 * log(1 - random);
}

/* A few requests within seconds, then somebody reads for half a minute to ten. */
static double page_loads(unsigned i, double random)
{
	return i % 4 != 3 ? 0.1 + 3 * random : 30 * exp(3 * random);
}

struct rhythm_case {
	const char *name;
	interval_fn *next;
	unsigned check_ins;
	unsigned least; /* first signal at this check-in at the earliest; 0 is never */
	unsigned most;
};

static struct rhythm_case rhythms[] = {
	{ "a clock fires at the fifth", every_minute, 5, EXACT, EXACT },
	{ "a clock does not fire at the fourth", every_minute, 4, 0, 0 },
	{ "an exact rhythm fires at the sixth", three_seconds_either_way, 6, 6, 6 },
	{ "an exact rhythm does not fire at the fifth", three_seconds_either_way, 5, 0, 0 },
	{ "a strict rhythm fires at the eighth", a_fifth_either_way, 20, STRICT, STRICT },
	{ "half of the sleep as jitter fires at the eighth", up_to_half_less, 20, STRICT, STRICT },
	{ "half either way fires by the sixteenth", half_either_way, 40, STRICT, LOOSE },
	{ "a loose rhythm fires at the sixteenth", three_fifths_either_way, 40, LOOSE, LOOSE },
	{ "a loose rhythm does not fire at the fifteenth", three_fifths_either_way, 15, 0, 0 },
	{ "a slow one needs fewer", slow_and_loose, 20, STRICT, STRICT },
	{ "a night asleep is left out", night_in_between, 20, EXACT + 1, EXACT + 1 },
	{ "too many gaps are no sleep", often_asleep, 40, 0, 0 },
};

struct irregular_case {
	const char *name;
	interval_fn *next;
	unsigned check_ins;
	uint32_t size_varies;  /* by so many bytes */
	unsigned most;         /* of IRREGULAR_PAIRS that may fire */
	unsigned most_certain; /* … certain enough for a case */
};

/*
 * With equal sizes it is the rhythm alone that decides, and eight arrivals are so few that some
 * look regular by chance. Nearly none of them is certain enough for a case.
 */
static struct irregular_case irregular[] = {
	{ "independent arrivals stay silent but for one in fifteen", poisson, 200, 0,
	  IRREGULAR_PAIRS / 15, IRREGULAR_PAIRS / 100 },
	{ "independent arrivals stay silent below the least count", poisson, 5, 0, 0, 0 },
	{ "page loads of equal requests stay silent but for one in ten", page_loads, 200, 0,
	  IRREGULAR_PAIRS / 10, IRREGULAR_PAIRS / 100 },
	{ "page loads stay silent", page_loads, 200, 1200, 0, 0 },
};

struct firing {
	unsigned at; /* the check-in of the first signal; 0 when there was none */
	double confidence;
};

static struct firing first_signal(interval_fn *next, unsigned check_ins, uint32_t size_varies,
				  uint64_t seed)
{
	struct firing firing = { 0 };
	double seconds = 0;
	struct trial t;

	start(&t);
	for (unsigned i = 0; i < check_ins && t.bench.count == 0; i++) {
		check_in(&t, &usual, seconds,
			 USUAL_SIZE + (uint32_t)(size_varies * test_random_share(&seed)));
		seconds += next(i, test_random_share(&seed));
	}
	if (t.bench.count > 0) {
		firing.at = (unsigned)t.flow_id;
		firing.confidence = test_bench_last(&t.bench)->confidence;
	}
	test_bench_stop(&t.bench);
	return firing;
}

static void run_rhythm(void **state)
{
	const struct rhythm_case *c = *state;
	unsigned at = first_signal(c->next, c->check_ins, 0, 7).at;

	if (at < c->least || at > c->most)
		fail_msg("fired at %u, not from %u to %u", at, c->least, c->most);
}

static void run_irregular(void **state)
{
	const struct irregular_case *c = *state;
	unsigned fired = 0;
	unsigned certain = 0;
	struct config config;

	config_defaults(&config);
	for (uint64_t seed = 1; seed <= IRREGULAR_PAIRS; seed++) {
		struct firing firing =
			first_signal(c->next, c->check_ins, c->size_varies, seed * 977);

		fired += firing.at > 0;
		certain += firing.at > 0 && firing.confidence >= config.judge.confidence;
	}
	if (fired > c->most || certain > c->most_certain)
		fail_msg("%u fired, %u of them certain", fired, certain);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rhythms) + ARRAY_LEN(irregular)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, rhythms, run_rhythm);
	n += ADD_ROWS(tests + n, irregular, run_irregular);
	return cmocka_run_group_tests_name("beacon_rhythm", tests, NULL, NULL);
}
