#include "sensor/judge/priority.h"

#include "tests/support/cmocka.h"

struct priority_case {
	const char *name;
	enum signal_kind kind;
	enum outcome outcome;
	enum priority certain;
	enum priority doubtful;
	uint8_t impact;
};

static struct priority_case cases[] = {
	{ "a beacon with data", SIGNAL_BEACON, OUTCOME_DATA, PRIORITY_1, PRIORITY_2, 4 },
	{ "a beacon that was answered", SIGNAL_BEACON, OUTCOME_ANSWERED, PRIORITY_2, PRIORITY_3,
	  4 },
	{ "a tunnel with data", SIGNAL_DNS_TUNNEL, OUTCOME_DATA, PRIORITY_1, PRIORITY_2, 4 },
	{ "a tunnel of questions", SIGNAL_DNS_TUNNEL, OUTCOME_ATTEMPT, PRIORITY_2, PRIORITY_3, 4 },
	{ "a listed contact with data", SIGNAL_LISTED_CONTACT, OUTCOME_DATA, PRIORITY_1, PRIORITY_2,
	  4 },
	{ "a listed contact", SIGNAL_LISTED_CONTACT, OUTCOME_ANSWERED, PRIORITY_2, PRIORITY_3, 4 },
	{ "a listed lookup", SIGNAL_LISTED_LOOKUP, OUTCOME_ATTEMPT, PRIORITY_3, PRIORITY_3, 2 },
	{ "a scan of the internet", SIGNAL_SCAN_OUTSIDE, OUTCOME_ATTEMPT, PRIORITY_1, PRIORITY_2,
	  4 },
	{ "a scan of the office", SIGNAL_SCAN_INSIDE, OUTCOME_ATTEMPT, PRIORITY_2, PRIORITY_3, 3 },
	{ "a scan of ports", SIGNAL_SCAN_PORTS, OUTCOME_ANSWERED, PRIORITY_2, PRIORITY_3, 3 },
	{ "a scan by ARP", SIGNAL_SCAN_ARP, OUTCOME_ATTEMPT, PRIORITY_2, PRIORITY_3, 3 },
};

static void run_case(void **state)
{
	const struct priority_case *c = *state;
	struct signal s = { .kind = (uint8_t)c->kind, .outcome = (uint8_t)c->outcome };

	s.confidence = 0.6;
	assert_int_equal(priority_of(&s), c->certain);
	s.confidence = 0.95;
	assert_int_equal(priority_of(&s), c->certain);
	s.confidence = 0.59;
	assert_int_equal(priority_of(&s), c->doubtful);
	s.confidence = 0.01; /* one step at most, and never out of a person's sight */
	assert_int_equal(priority_of(&s), c->doubtful);
	assert_int_equal(impact_of(&s), c->impact);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	(void)ADD_ROWS(tests, cases, run_case);
	return cmocka_run_group_tests_name("priority", tests, NULL, NULL);
}
