#include "sensor/capture/live_merge.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { HEADS = 3, FRAMES = 2000, LATENESS = 20, ROUNDS = 5 };

#define NEVER UINT64_MAX

/* An interface, in short: closed, with a frame of that key, or known to have passed a time. */
#define CLOSED                   \
	{                        \
		.is_open = false \
	}
#define FRAME(t)                                               \
	{                                                      \
		.is_open = true, .has_frame = true, .key = (t) \
	}
#define PASSED(t)                              \
	{                                      \
		.is_open = true, .passed = (t) \
	}

struct merge_case {
	const char *name;
	struct live_head heads[HEADS];
	int want;
	nanotime want_passed; /* with the limit 100 */
};

static struct merge_case cases[] = {
	{ "nothing", { CLOSED, CLOSED, CLOSED }, LIVE_MERGE_NONE, 100 },
	{ "one frame, others closed", { CLOSED, FRAME(5), CLOSED }, 1, 5 },
	{ "the earliest", { FRAME(9), FRAME(5), FRAME(7) }, 1, 5 },
	{ "of equal ones the first", { FRAME(9), FRAME(5), FRAME(5) }, 1, 5 },
	{ "a quiet one is waited for", { FRAME(5), PASSED(4), CLOSED }, LIVE_MERGE_NONE, 4 },
	{ "until it has passed", { FRAME(5), PASSED(6), CLOSED }, 0, 5 },
	{ "its frame of the same time would come after", { FRAME(5), PASSED(5), CLOSED }, 0, 5 },
	{ "… or before", { PASSED(5), FRAME(5), CLOSED }, LIVE_MERGE_NONE, 5 },
	{ "one that is not known at all", { PASSED(0), CLOSED, FRAME(5) }, LIVE_MERGE_NONE, 0 },
	{ "all quiet: the earliest of what they passed",
	  { PASSED(8), PASSED(6), PASSED(200) },
	  LIVE_MERGE_NONE,
	  6 },
	{ "beyond the limit", { PASSED(300), CLOSED, PASSED(200) }, LIVE_MERGE_NONE, 100 },
};

static void run_case(void **state)
{
	const struct merge_case *c = *state;

	assert_int_equal(live_merge_next(c->heads, HEADS), c->want);
	assert_int_equal(live_merge_passed(c->heads, HEADS, 100), c->want_passed);
}

struct arrival {
	nanotime time;
	nanotime key;     /* the latest of its interface up to it */
	nanotime read_at; /* at most LATENESS later */
	int interface;
	int number; /* of its interface */
};

static int by_order(const void *one, const void *other)
{
	const struct arrival *a = one;
	const struct arrival *b = other;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->interface != b->interface)
		return a->interface - b->interface;
	return a->number - b->number;
}

/* Each interface's frames in the order they are read, with times that go back a little at times. */
static void draw(struct arrival all[FRAMES], int numbers[HEADS])
{
	nanotime now[HEADS] = { 100, 100, 100 };
	nanotime key[HEADS] = { 0 };
	nanotime read_at[HEADS] = { 0 };

	for (int i = 0; i < FRAMES; i++) {
		int at = rand() % HEADS; // NOLINT(cert-msc*): any will do
		nanotime late = (nanotime)(rand() % LATENESS);

		now[at] += (nanotime)(rand() % 8);
		all[i] = (struct arrival){ .time = now[at] - late / 4,
					   .interface = at,
					   .number = numbers[at]++ };
		key[at] = all[i].time > key[at] ? all[i].time : key[at];
		read_at[at] = now[at] + late / 2 > read_at[at] ? now[at] + late / 2 : read_at[at];
		all[i].key = key[at];
		all[i].read_at = read_at[at];
	}
}

/* The next frame of an interface that can be read by now; NULL when there is none yet. */
static const struct arrival *readable(const struct arrival *all, int interface, int number,
				      nanotime now)
{
	for (int i = 0; i < FRAMES; i++)
		if (all[i].interface == interface && all[i].number == number)
			return all[i].read_at <= now ? &all[i] : NULL;
	return NULL;
}

static void merge(const struct arrival *arrived, const struct arrival *sorted, nanotime end)
{
	struct live_head heads[HEADS] = { PASSED(0), PASSED(0), PASSED(0) };
	const struct arrival *held[HEADS] = { NULL };
	int next_number[HEADS] = { 0 };
	int given = 0;

	for (nanotime now = LATENESS; now < end; now++) {
		for (int next = 0; next != LIVE_MERGE_NONE;) {
			for (int i = 0; i < HEADS; i++) {
				if (heads[i].has_frame)
					continue;
				held[i] = readable(arrived, i, next_number[i], now);
				heads[i].has_frame = held[i] != NULL;
				if (held[i])
					heads[i].key = held[i]->key;
				else
					heads[i].passed = now - LATENESS;
			}
			next = live_merge_next(heads, HEADS);
			if (next == LIVE_MERGE_NONE)
				break;
			assert_int_equal(held[next]->interface, sorted[given].interface);
			assert_int_equal(held[next]->number, sorted[given].number);
			heads[next].has_frame = false;
			next_number[next]++;
			given++;
		}
		/* What is still to come is not earlier than what is said to have passed. */
		if (given < FRAMES)
			assert_true(sorted[given].key >= live_merge_passed(heads, HEADS, NEVER));
	}
	assert_int_equal(given, FRAMES);
}

static void whenever_it_is_read_the_order_is_that_of_time(void **state)
{
	(void)state;
	static struct arrival arrived[FRAMES];
	static struct arrival sorted[FRAMES];

	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		int numbers[HEADS] = { 0 };
		nanotime end = 0;

		draw(arrived, numbers);
		for (int i = 0; i < FRAMES; i++) {
			sorted[i] = arrived[i];
			end = arrived[i].read_at > end ? arrived[i].read_at : end;
		}
		qsort(sorted, FRAMES, sizeof(sorted[0]), by_order);
		merge(arrived, sorted, end + 3 * LATENESS);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(whenever_it_is_read_the_order_is_that_of_time),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("live_merge", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("live_merge_model", others, NULL, NULL);
}
