#include "sensor/judge/doubts.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>

enum { DEVICE = 7 };

static struct signal doubtful(enum signal_kind kind, const char *object, double confidence)
{
	struct signal s = { .kind = (uint8_t)kind,
			    .device = DEVICE,
			    .first = test_start,
			    .last = test_start,
			    .count = 1,
			    .confidence = confidence };

	s.object.kind = OBJECT_HOST;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", object);
	return s;
}

struct bench {
	struct config config;
	struct doubts *doubts;
};

static void open_bench(struct bench *b)
{
	config_defaults(&b->config);
	assert_int_equal(doubts_new(&b->doubts, &b->config.judge), ERR_OK);
}

static void add(struct bench *b, const struct signal *s)
{
	const struct considered none = { .count = 0 };

	doubts_add(b->doubts, s, &none);
}

/* How certain `second` is once `first` was doubted. */
static void assert_weight(const struct signal *first, const struct signal *second, double want)
{
	struct bench b;
	double weight;

	open_bench(&b);
	add(&b, first);
	weight = doubts_weigh(b.doubts, second);
	doubts_free(b.doubts);
	if (fabs(weight - want) > 1e-9)
		fail_msg("%f, not %f", weight, want);
}

static void other_kind_of_the_same_object_supports(void **state)
{
	const struct signal first = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.4);
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);

	(void)state;
	assert_weight(&first, &second, 1 - 0.6 * 0.7);
}

/* Who reaches many machines by one door is seen by both, by the same connections. */
static void same_connections_support_once(void **state)
{
	const struct signal first = doubtful(SIGNAL_LATERAL_FANOUT, "22/tcp", 0.3);
	const struct signal second = doubtful(SIGNAL_WORM, "22/tcp", 0.4);

	(void)state;
	assert_weight(&first, &second, 0.4);
	assert_weight(&second, &first, 0.3);
}

static void other_tactic_elsewhere_supports_less(void **state)
{
	const struct signal first = doubtful(SIGNAL_SCAN_ARP, "arp", 0.4);
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);

	(void)state;
	assert_weight(&first, &second, 1 - (1 - 0.8 * 0.4) * 0.7);
}

/* A download, and what reports to the outside so many minutes later. */
static double chain_after(double minutes, enum signal_kind then)
{
	struct signal first = doubtful(SIGNAL_DOWNLOAD, "files.example.net", 0.3);
	struct signal second = doubtful(then, "c2.example.net", 0.3);
	struct bench b;
	double weight;

	second.first = test_after_seconds(minutes * 60);
	second.last = test_after_seconds(12000);
	open_bench(&b);
	add(&b, &first);
	weight = doubts_weigh(b.doubts, &second);
	doubts_free(b.doubts);
	return weight;
}

static void a_chain_within_minutes_supports_in_full(void **state)
{
	const double whole = 1 - 0.7 * 0.7;
	const double apart = 1 - (1 - 0.8 * 0.3) * 0.7;

	(void)state;
	assert_true(fabs(chain_after(5, SIGNAL_RAW_CHANNEL) - whole) < 1e-9);
	assert_true(fabs(chain_after(5, SIGNAL_BEACON) - whole) < 1e-9);
	assert_true(fabs(chain_after(11, SIGNAL_RAW_CHANNEL) - apart) < 1e-9);
	assert_true(fabs(chain_after(-5, SIGNAL_RAW_CHANNEL) - apart) < 1e-9);
	assert_true(fabs(chain_after(5, SIGNAL_SCAN_ARP) - apart) < 1e-9);
}

/* Two programs that ask by the clock are no more reason for doubt than one. */
static void several_of_one_tactic_elsewhere_count_once(void **state)
{
	const struct signal one = doubtful(SIGNAL_BEACON, "a.example.net", 0.4);
	const struct signal two = doubtful(SIGNAL_LONG_SESSION, "b.example.net", 0.3);
	const struct signal scan = doubtful(SIGNAL_SCAN_ARP, "arp", 0.3);
	struct bench b;

	(void)state;
	open_bench(&b);
	add(&b, &one);
	add(&b, &two);
	assert_true(fabs(doubts_weigh(b.doubts, &scan) - (1 - (1 - 0.8 * 0.4) * 0.7)) < 1e-9);
	doubts_free(b.doubts);
}

static void what_says_the_same_supports_nothing(void **state)
{
	const struct signal again = doubtful(SIGNAL_BEACON, "c2.example.net", 0.4);
	const struct signal elsewhere = doubtful(SIGNAL_LISTED_LOOKUP, "other.example.net", 0.4);
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);
	struct signal weak = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.149);
	struct signal of_another = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.4);
	struct signal old = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.4);

	(void)state;
	of_another.device = DEVICE + 1;
	old.last = test_start - 25 * NANOTIME_HOUR;
	assert_weight(&again, &second, 0.3);
	assert_weight(&elsewhere, &second, 0.3); /* the same tactic, another object */
	assert_weight(&weak, &second, 0.3);
	assert_weight(&of_another, &second, 0.3);
	assert_weight(&old, &second, 0.3);
}

static void one_address_is_one_object(void **state)
{
	struct signal first = doubtful(SIGNAL_LISTED_LOOKUP, "203.0.113.5", 0.4);
	struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);

	(void)state;
	first.object.has_address = second.object.has_address = true;
	first.object.address = second.object.address = test_address("203.0.113.5");
	assert_weight(&first, &second, 1 - 0.6 * 0.7);
}

static void repeats_are_one_doubt_and_go_together(void **state)
{
	const struct signal first = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.4);
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);
	struct doubt taken;
	struct bench b;

	(void)state;
	open_bench(&b);
	add(&b, &first);
	add(&b, &first);
	add(&b, &second);
	assert_true(fabs(doubts_weigh(b.doubts, &second) - (1 - 0.6 * 0.7)) < 1e-9);
	assert_true(doubts_take_support(b.doubts, &second, &taken));
	assert_int_equal(taken.signal.kind, SIGNAL_LISTED_LOOKUP);
	assert_int_equal(taken.count, 2);
	assert_true(doubts_take_support(b.doubts, &second, &taken));
	assert_int_equal(taken.signal.kind, SIGNAL_BEACON); /* its own earlier like */
	assert_int_equal(taken.count, 1);
	assert_false(doubts_take_support(b.doubts, &second, &taken));
	assert_true(fabs(doubts_weigh(b.doubts, &second) - 0.3) < 1e-9);
	doubts_free(b.doubts);
}

static void what_is_harmless_supports_nobody(void **state)
{
	const struct signal first = doubtful(SIGNAL_LISTED_LOOKUP, "c2.example.net", 0.4);
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);
	struct bench b;

	(void)state;
	open_bench(&b);
	add(&b, &first);
	doubts_drop(b.doubts, &first);
	assert_true(fabs(doubts_weigh(b.doubts, &second) - 0.3) < 1e-9);
	doubts_drop(b.doubts, &second); /* never told: nothing happens */
	doubts_free(b.doubts);
}

static void the_longest_unheard_makes_room(void **state)
{
	const struct signal second = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);
	struct bench b;

	(void)state;
	open_bench(&b);
	b.config.judge.doubts = 16;
	doubts_free(b.doubts);
	assert_int_equal(doubts_new(&b.doubts, &b.config.judge), ERR_OK);
	for (int i = 0; i < 17; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "%s%d.example.net", i == 0 ? "c2" : "n", i);
		const struct signal s =
			doubtful(SIGNAL_LISTED_LOOKUP, i == 0 ? "c2.example.net" : name, 0.4);

		add(&b, &s);
	}
	assert_true(fabs(doubts_weigh(b.doubts, &second) - 0.3) < 1e-9);
	doubts_free(b.doubts);
}

/* An old system makes no beacon likelier, nor a doubtful beacon a system older. */
static void a_weakness_is_no_symptom(void **state)
{
	const struct signal weakness = doubtful(SIGNAL_OLD_SYSTEM, "Windows XP", 0.4);
	const struct signal deed = doubtful(SIGNAL_BEACON, "c2.example.net", 0.3);

	(void)state;
	assert_weight(&weakness, &deed, 0.3);
	assert_weight(&deed, &weakness, 0.4);
}

static void a_weakness_goes_with_what_is_told(void **state)
{
	const struct signal partner = doubtful(SIGNAL_PARTNER_CONTACT, "partner.example", 0.2);
	const struct signal deed = doubtful(SIGNAL_BEACON, "c2.example.net", 0.7);
	struct signal weakness = doubtful(SIGNAL_OLD_SYSTEM, "Windows XP", 0.4);
	struct doubt taken;
	struct bench b;

	(void)state;
	open_bench(&b);
	weakness.object.kind = OBJECT_NETWORK;
	add(&b, &weakness);
	add(&b, &partner); /* of another place */
	assert_true(doubts_take_support(b.doubts, &deed, &taken));
	assert_int_equal(taken.signal.kind, SIGNAL_OLD_SYSTEM);
	assert_false(doubts_take_support(b.doubts, &deed, &taken));
	doubts_free(b.doubts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_kind_of_the_same_object_supports),
		cmocka_unit_test(same_connections_support_once),
		cmocka_unit_test(other_tactic_elsewhere_supports_less),
		cmocka_unit_test(a_chain_within_minutes_supports_in_full),
		cmocka_unit_test(several_of_one_tactic_elsewhere_count_once),
		cmocka_unit_test(what_says_the_same_supports_nothing),
		cmocka_unit_test(one_address_is_one_object),
		cmocka_unit_test(repeats_are_one_doubt_and_go_together),
		cmocka_unit_test(what_is_harmless_supports_nobody),
		cmocka_unit_test(the_longest_unheard_makes_room),
		cmocka_unit_test(a_weakness_is_no_symptom),
		cmocka_unit_test(a_weakness_goes_with_what_is_told),
	};

	return cmocka_run_group_tests_name("doubts", tests, NULL, NULL);
}
