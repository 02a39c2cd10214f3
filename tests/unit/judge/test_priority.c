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
	{ "a beacon with data", SIGNAL_BEACON, OUTCOME_DATA, PRIORITY_2, PRIORITY_3, 4 },
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
	assert_int_equal(priority_of(&s, 0), c->certain);
	s.confidence = 0.95;
	assert_int_equal(priority_of(&s, 0), c->certain);
	s.confidence = 0.59;
	assert_int_equal(priority_of(&s, 0), c->doubtful);
	s.confidence = 0.01; /* one step at most, and never out of a person's sight */
	assert_int_equal(priority_of(&s, 0), c->doubtful);
	assert_int_equal(impact_of(&s, 0), c->impact);
}

/* An answered suspicious contact of a device that is at risk is P2 at least; nothing else is. */
static void risky_devices_are_more_urgent(void **state)
{
	static const enum standing risks[] = { STANDING_UNSUPPORTED, STANDING_PRIVATE,
					       STANDING_RETURNED };
	struct signal contact = { .kind = SIGNAL_REMOTE_TOOL,
				  .direction = DIRECTION_OUTBOUND,
				  .outcome = OUTCOME_ANSWERED,
				  .confidence = 0.6 };

	(void)state;
	assert_int_equal(priority_of(&contact, 0), PRIORITY_3);
	assert_int_equal(priority_of(&contact, STANDING(STANDING_SERVES)), PRIORITY_3);
	for (size_t i = 0; i < ARRAY_LEN(risks); i++) {
		struct signal s = contact;

		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_2);
		s.confidence = 0.59;
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_3);
		s = contact;
		s.outcome = OUTCOME_REFUSED;
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_3);
		s = contact;
		s.direction = DIRECTION_LATERAL;
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_3);
		s = contact;
		s.kind = SIGNAL_OLD_SYSTEM; /* a weakness, no contact */
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_3);
		s.kind = SIGNAL_BEACON; /* P2, in doubt */
		s.confidence = 0.5;
		assert_int_equal(priority_of(&s, 0), PRIORITY_3);
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_2);
		s.kind = SIGNAL_LISTED_CONTACT; /* with data P1, in doubt: one step still */
		s.outcome = OUTCOME_DATA;
		assert_int_equal(priority_of(&s, STANDING(risks[i])), PRIORITY_2);
	}
}

static void impact_goes_by_who_depends_on_the_device(void **state)
{
	const struct signal s = { .kind = SIGNAL_SCAN_INSIDE };
	const struct signal worst = { .kind = SIGNAL_WORM };
	const struct signal least = { .kind = SIGNAL_PARTNER_CONTACT };

	(void)state;
	assert_int_equal(impact_of(&s, 0), 3);
	assert_int_equal(impact_of(&s, STANDING(STANDING_SERVES)), 4);
	assert_int_equal(impact_of(&s, STANDING(STANDING_IMPORTANT)), 4);
	assert_int_equal(impact_of(&s, STANDING(STANDING_PARTNER)), 4);
	assert_int_equal(impact_of(&s, STANDING(STANDING_UNIMPORTANT)), 2);
	assert_int_equal(impact_of(&s, STANDING(STANDING_SERVES) | STANDING(STANDING_UNIMPORTANT)),
			 3);
	assert_int_equal(impact_of(&s, STANDING(STANDING_UNSUPPORTED)), 3);
	assert_int_equal(impact_of(&worst, STANDING(STANDING_SERVES)), 4);
	assert_int_equal(impact_of(&least, STANDING(STANDING_UNIMPORTANT)), 1);
}

static void what_must_be_told(void **state)
{
	struct signal s = { .kind = SIGNAL_DNS_TUNNEL, .outcome = OUTCOME_DATA };

	(void)state;
	assert_true(must_be_told(&s)); /* however doubtful */
	s.outcome = OUTCOME_ANSWERED;
	assert_false(must_be_told(&s));
	s.kind = SIGNAL_EXPOSED_SERVICE;
	assert_false(must_be_told(&s));
	s.outcome = OUTCOME_DATA;
	assert_true(must_be_told(&s));
	s.kind = SIGNAL_LOGIN_GUESSED;
	assert_true(must_be_told(&s));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 3] = {
		cmocka_unit_test(risky_devices_are_more_urgent),
		cmocka_unit_test(impact_goes_by_who_depends_on_the_device),
		cmocka_unit_test(what_must_be_told),
	};

	(void)ADD_ROWS(tests + 3, cases, run_case);
	return cmocka_run_group_tests_name("priority", tests, NULL, NULL);
}
