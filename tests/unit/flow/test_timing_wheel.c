#include "sensor/flow/timing_wheel.h"

#include "tests/support/cmocka.h"

#define SECONDS(n) ((nanotime)(n)*NANOTIME_SECOND)
#define START      SECONDS(1700000000)

enum { FLOWS = 8 };

/* Flow i is armed for at[i] seconds after the start; 0 ends the list. */
struct order_case {
	const char *name;
	unsigned timeout;
	unsigned at[FLOWS];
	const char *want; /* flows in the order in which the wheel gives them */
};

static struct order_case cases[] = {
	{ "an empty wheel gives none", 60, { 0 }, "" },
	{ "one flow is given", 60, { 60 }, "0" },
	{ "the earlier deadline comes first", 60, { 30, 10, 20 }, "120" },
	{ "one slot is first come, first given", 60, { 10, 10, 5, 10 }, "2013" },
	{ "a slot is a second", 60, { 11, 10 }, "10" },
	{ "deadlines reach once around the wheel", 1020, { 1020, 1, 600, 1019 }, "1230" },
	{ "a long timeout makes wider slots: 4 s, first come in each",
	  3600,
	  { 3600, 9, 10, 8, 12 },
	  "12340" },
	{ "a timeout of a week fits", 604800, { 604800, 86400, 300000 }, "120" },
};

static void arm_all(struct timing_wheel *wheel, struct flow_record *records,
		    const struct order_case *c, nanotime start)
{
	timing_wheel_init(wheel, SECONDS(c->timeout));
	timing_wheel_turn(wheel, start);
	for (uint32_t i = 0; i < FLOWS && c->at[i] != 0; i++)
		timing_wheel_arm(wheel, records, i, start + SECONDS(c->at[i]));
}

static void drain(struct timing_wheel *wheel, struct flow_record *records, char *out)
{
	uint64_t tick;
	uint32_t index;
	size_t len = 0;

	while (timing_wheel_earliest(wheel, &tick)) {
		assert_int_equal(timing_wheel_peek(wheel, records, tick, &index, 1), 1);
		timing_wheel_disarm(wheel, records, index);
		out[len++] = (char)('0' + index);
	}
	out[len] = '\0';
}

/* From many slots of the wheel; four seconds are the widest slot whose cases know its edges. */
static void run_case(void **state)
{
	const struct order_case *c = *state;
	static struct timing_wheel wheel;

	for (unsigned turn = 0; turn < WHEEL_SLOTS; turn++) {
		struct flow_record records[FLOWS];
		char got[FLOWS + 1];

		arm_all(&wheel, records, c, START - START % SECONDS(1024) + SECONDS(1028 * turn));
		drain(&wheel, records, got);
		assert_string_equal(got, c->want);
	}
}

static void every_slot_can_be_the_first(void **state)
{
	static struct timing_wheel wheel;

	(void)state;
	for (unsigned second = 0; second < 2 * WHEEL_SLOTS; second++) {
		struct flow_record records[2];
		nanotime now = START + SECONDS(second);
		uint64_t tick;

		timing_wheel_init(&wheel, SECONDS(1000));
		timing_wheel_turn(&wheel, now);
		timing_wheel_arm(&wheel, records, 0, now + SECONDS(1000));
		assert_true(timing_wheel_earliest(&wheel, &tick));
		assert_int_equal(tick, (now + SECONDS(1000)) / NANOTIME_SECOND);
		timing_wheel_arm(&wheel, records, 1, now);
		assert_true(timing_wheel_earliest(&wheel, &tick));
		assert_int_equal(tick, now / NANOTIME_SECOND);
	}
}

static void flow_is_taken_out_anywhere_in_its_slot(void **state)
{
	const struct order_case three = { .timeout = 60, .at = { 10, 10, 10 } };
	const char *want[] = { "12", "02", "01" };
	static struct timing_wheel wheel;

	(void)state;
	for (uint32_t out = 0; out < 3; out++) {
		struct flow_record records[FLOWS];
		char got[FLOWS + 1];

		arm_all(&wheel, records, &three, START);
		timing_wheel_disarm(&wheel, records, out);
		drain(&wheel, records, got);
		assert_string_equal(got, want[out]);
	}
}

static void peek_gives_no_more_than_there_is_room_for(void **state)
{
	const struct order_case four = { .timeout = 60, .at = { 10, 10, 10, 10 } };
	static struct timing_wheel wheel;
	struct flow_record records[FLOWS];
	uint32_t got[FLOWS];
	uint64_t tick;

	(void)state;
	arm_all(&wheel, records, &four, START);
	assert_true(timing_wheel_earliest(&wheel, &tick));
	assert_int_equal(timing_wheel_peek(&wheel, records, tick, got, 3), 3);
	assert_int_equal(got[2], 2);
	assert_int_equal(timing_wheel_peek(&wheel, records, tick, got, FLOWS), 4);
	assert_int_equal(timing_wheel_peek(&wheel, records, tick + 1, got, FLOWS), 0);
}

static void tick_ends_after_every_deadline_in_it(void **state)
{
	static struct timing_wheel wheel;

	(void)state;
	timing_wheel_init(&wheel, SECONDS(3600));
	for (unsigned i = 0; i < 100; i++) {
		nanotime deadline = START + i * (NANOTIME_SECOND / 3);
		uint64_t tick = timing_wheel_tick(&wheel, deadline);
		uint64_t end = timing_wheel_end_second(&wheel, tick);

		assert_true(SECONDS(end) > deadline);
		assert_true(SECONDS(end) <= deadline + SECONDS(4));
	}
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(every_slot_can_be_the_first),
		cmocka_unit_test(flow_is_taken_out_anywhere_in_its_slot),
		cmocka_unit_test(peek_gives_no_more_than_there_is_room_for),
		cmocka_unit_test(tick_ends_after_every_deadline_in_it),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(others)];

	(void)ADD_ROWS(tests, cases, run_case);
	memcpy(&tests[ARRAY_LEN(cases)], others, sizeof(others));
	return cmocka_run_group_tests_name("timing_wheel", tests, NULL, NULL);
}
