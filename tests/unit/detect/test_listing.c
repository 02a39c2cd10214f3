#include "sensor/detect/listing.h"

#include "sensor/detect/listed.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"
#include "tests/support/intel_sets.h"

#include <math.h>
#include <string.h>

#define NAME "evil.example.com"

static const nanotime day0 = UINT64_C(20000) * NANOTIME_DAY;
static const double nearly = 1e-9;

static struct listed_config usual(void)
{
	struct config config;

	config_defaults(&config);
	return config.detect.listed;
}

struct decay_case {
	const char *name;
	enum intel_kind kind;
	unsigned listed; /* days before; 0 is not known */
	unsigned confirmed;
	double want; /* of an entry that was wholly sure */
};

static struct decay_case decays[] = {
	{ "an address on its day", INTEL_ADDRESS, 0, 0, 1 },
	{ "an address half a life later", INTEL_ADDRESS, 45, 45, 0.5 },
	{ "an address two half lives later", INTEL_ADDRESS, 90, 0, 0.25 },
	{ "an endpoint as an address", INTEL_ENDPOINT, 45, 0, 0.5 },
	{ "a network as an address", INTEL_NETWORK, 45, 0, 0.5 },
	{ "a URL", INTEL_URL, 90, 0, 0.5 },
	{ "a name", INTEL_NAME, 365, 0, 0.5 },
	{ "a name after an address's half life", INTEL_NAME, 45, 0, 0.918 },
	{ "a JA4 stays", INTEL_JA4, 3650, 0, 1 },
	{ "a JA3 stays", INTEL_JA3, 3650, 0, 1 },
	{ "a HASSH stays", INTEL_HASSH, 3650, 0, 1 },
	{ "a certificate stays", INTEL_SHA1, 3650, 0, 1 },
	{ "a certificate by SHA-256 stays", INTEL_SHA256, 3650, 0, 1 },
	{ "who was confirmed lately is as new", INTEL_ADDRESS, 900, 45, 0.5 },
	{ "also one that was only listed since", INTEL_ADDRESS, 45, 900, 0.5 },
};

static nanotime days_before(unsigned days)
{
	return days > 0 ? day0 - days * NANOTIME_DAY : 0;
}

static void it_grows_weaker(void **state)
{
	const struct decay_case *c = *state;
	const struct listed_config config = usual();
	struct intel_hit hit = { .kind = c->kind,
				 .confidence = 100,
				 .listed = days_before(c->listed),
				 .confirmed = days_before(c->confirmed) };

	assert_true(fabs(listing_share(&config, &hit, day0) - c->want) < 5e-4);
	hit.confidence = 40;
	assert_true(fabs(listing_share(&config, &hit, day0) - 0.4 * c->want) < 5e-4);
}

/* A capture of before the set was made, or a clock that is wrong. */
static void one_of_the_future_is_as_sure_as_on_its_day(void **state)
{
	const struct listed_config config = usual();
	const struct intel_hit hit = { .kind = INTEL_ADDRESS,
				       .confidence = 60,
				       .listed = day0 + NANOTIME_DAY };

	(void)state;
	assert_true(fabs(listing_share(&config, &hit, day0) - 0.6) < nearly);
}

/* What is told of an entry with which `s` began at even odds. */
struct weigh_case {
	const char *name;
	struct intel_hit hit;
	bool is_told;
	bool is_shared;
};

static struct weigh_case weighs[] = {
	{ "a sure one", { .kind = INTEL_NAME, .confidence = 60 }, true, false },
	{ "one that is just sure enough", { .kind = INTEL_NAME, .confidence = 20 }, true, false },
	{ "one that is not", { .kind = INTEL_NAME, .confidence = 19 }, false, false },
	{ "only a warning list names it",
	  { .kind = INTEL_NAME, .confidence = 100, .class = INTEL_CDN, .is_harmless = true },
	  false,
	  false },
	{ "an address of a content network",
	  { .kind = INTEL_ADDRESS, .confidence = 60, .class = INTEL_CDN },
	  true,
	  true },
	{ "a network of a host that many share",
	  { .kind = INTEL_NETWORK, .confidence = 60, .class = INTEL_SHARED_HOSTING },
	  true,
	  true },
	{ "an endpoint of a public resolver",
	  { .kind = INTEL_ENDPOINT, .confidence = 60, .class = INTEL_RESOLVER },
	  true,
	  true },
	{ "an address that a sinkhole has",
	  { .kind = INTEL_ADDRESS, .confidence = 60, .class = INTEL_SINKHOLE },
	  true,
	  false },
	{ "a name in a content network is one's own",
	  { .kind = INTEL_NAME, .confidence = 60, .class = INTEL_CDN },
	  true,
	  false },
	{ "so is a path",
	  { .kind = INTEL_URL, .confidence = 60, .class = INTEL_POPULAR },
	  true,
	  false },
};

static void what_speaks_for_and_against_it_is_told(void **state)
{
	const struct weigh_case *c = *state;
	const struct listed_config config = usual();
	struct signal s = { .confidence = 0.5 };
	const struct reason *reason;

	assert_int_equal(listing_weigh(&s, &config, &c->hit, day0), c->is_told);
	reason = signal_find_reason(&s, REASON_LISTED);
	assert_int_equal(reason != NULL, c->is_told);
	if (reason) {
		assert_true(fabs(reason->value - c->hit.confidence) < nearly);
		assert_true(fabs(reason->threshold - 20) < nearly);
		assert_int_equal(reason->comparison, COMPARE_AT_LEAST);
	}
	assert_int_equal(signal_find_reason(&s, REASON_LISTED_SHARED) != NULL, c->is_shared);
	assert_true(c->is_shared ? s.confidence < 0.5 : fabs(s.confidence - 0.5) < nearly);
	assert_null(signal_find_reason(&s, REASON_LISTED_DAYS)); /* of no known day */
}

static void it_says_for_how_long(void **state)
{
	const struct listed_config config = usual();
	struct intel_match match = { .hit = { .kind = INTEL_NAME,
					      .confidence = 60,
					      .family = "emotet",
					      .listed = day0 - 12 * NANOTIME_DAY },
				     .item = NAME };
	struct signal s = { .confidence = 0.5 };

	(void)state;
	assert_true(listing_tell(&s, &config, &match, day0));
	assert_true(fabs(signal_find_reason(&s, REASON_LISTED_DAYS)->value - 12) < nearly);
	assert_string_equal(s.detail, NAME " (emotet; since 2024-09-22)");

	struct signal none = { .confidence = 0.5 };

	match.hit.is_harmless = true;
	assert_false(listing_tell(&none, &config, &match, day0));
	assert_true(none.detail[0] == '\0' && none.reason_count == 0);
}

/* A set of one name, in what a detector is given. */
static struct intel_sets *list_of(uint8_t confidence)
{
	const struct told told = { "a", NAME, "emotet", 0, 0, confidence, 0, true, false };
	struct made_set made = make_set(&told, 1);
	struct intel_sets *sets;
	struct intel_set *set;

	intel_set_free(made.set);
	assert_int_equal(intel_set_take(made.bytes, made.len, &set), INTEL_FINE);
	assert_int_equal(intel_sets_new(&sets), ERR_OK);
	assert_int_equal(intel_sets_add(sets, set), ERR_OK);
	return sets;
}

enum way { CONTACTED, LOOKED_UP, REFUSED, WAYS };

static double confidence_of(enum way way, uint8_t confidence)
{
	enum { RCODE_NXDOMAIN = 3 };
	struct intel_sets *sets = list_of(confidence);
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.7", 443, TEST_TCP);
	struct fact fact = way == CONTACTED ? test_flow_ended(test_start, &flow, true)
					    : test_dns_answer(test_start, NAME, "203.0.113.7");
	struct test_bench bench;
	double found;

	if (way == REFUSED) {
		fact.dns.rcode = RCODE_NXDOMAIN;
		fact.dns.address_count = 0;
	}

	struct observation seen = test_seen(&fact);

	seen.direction = way == CONTACTED ? DIRECTION_OUTBOUND : DIRECTION_LATERAL;
	seen.peer_name = way == CONTACTED ? NAME : "";
	test_bench_prepare(&bench, &detector_listed);
	test_bench_start(&bench, sets);
	test_bench_show(&bench, &seen);
	assert_int_equal(bench.count, 1);
	found = test_bench_last(&bench)->confidence;
	test_bench_stop(&bench);
	intel_sets_free(sets);
	return found;
}

/* However sure the entry is; and a surer entry is told surer. */
static void contacted_outranks_looked_up_outranks_refused(void **state)
{
	static const uint8_t confidences[] = { 20, 40, 60, 80, 100 };
	double before[WAYS] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(confidences); i++) {
		double now[WAYS];

		for (int way = 0; way < WAYS; way++) {
			now[way] = confidence_of((enum way)way, confidences[i]);
			assert_true(now[way] > before[way]);
		}
		assert_true(now[CONTACTED] > now[LOOKED_UP]);
		assert_true(now[LOOKED_UP] > now[REFUSED]);
		memcpy(before, now, sizeof(before));
	}
	assert_true(before[REFUSED] < 0.5); /* never a case alone */
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(decays) + ARRAY_LEN(weighs) + 3];
	size_t count = ADD_ROWS(tests, decays, it_grows_weaker);

	count += ADD_ROWS(tests + count, weighs, what_speaks_for_and_against_it_is_told);

	const struct CMUnitTest others[] = {
		cmocka_unit_test(one_of_the_future_is_as_sure_as_on_its_day),
		cmocka_unit_test(it_says_for_how_long),
		cmocka_unit_test(contacted_outranks_looked_up_outranks_refused),
	};

	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("listing", tests, count + ARRAY_LEN(others), NULL, NULL);
}
