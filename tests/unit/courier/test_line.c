/* The thread of an output, with outputs of this file's own. */
#include "sensor/courier/line.h"
#include "tests/unit/courier/outbox_rig.h"

#include <time.h>

enum { PATIENCE_MS = 10000 };

/* What the output under test does, and what it saw; one at a time. */
static struct {
	atomic_int fails;   /* sends that are yet to fail */
	atomic_int most;    /* parcels of a batch that is not too large */
	atomic_int refuses; /* the sequence that is too large also alone */
	atomic_int sends;
	atomic_int largest;    /* batch */
	atomic_ulong received; /* parcels */
	atomic_ulong last[PARCEL_STREAMS];
	atomic_int kinds; /* a bit for each that came */
	atomic_bool lies; /* about its head, once */
} fake;

static bool is_wanted(const struct config *config)
{
	(void)config;
	return true;
}

static enum err open_fake(struct output **out, const struct output_setup *setup,
			  char problem[static OUTPUT_SAID_LEN])
{
	(void)setup;
	(void)problem;
	*out = NULL;
	return ERR_OK;
}

static bool has_refused(const struct parcel *parcels, size_t count)
{
	bool has = false;

	for (size_t i = 0; i < count; i++)
		has |= (int)parcels[i].sequence == atomic_load(&fake.refuses);
	return has;
}

static enum output_answer send_fake(struct output *output, const struct parcel *parcels,
				    size_t count, struct output_result *result)
{
	const struct outbox_batch batch = { .parcels = (struct parcel *)(uintptr_t)parcels,
					    .count = count };

	(void)output;
	atomic_fetch_add(&fake.sends, 1);
	if (atomic_load(&fake.fails) > 0) {
		atomic_fetch_sub(&fake.fails, 1);
		(void)snprintf(result->said, sizeof(result->said), "nobody there");
		return OUTPUT_FAILED;
	}
	if ((int)count > atomic_load(&fake.most) || has_refused(parcels, count)) {
		(void)snprintf(result->code, sizeof(result->code), "http_413");
		return OUTPUT_TOO_LARGE;
	}
	if ((int)count > atomic_load(&fake.largest))
		atomic_store(&fake.largest, (int)count);
	atomic_fetch_add(&fake.received, count);
	for (size_t i = 0; i < count; i++)
		atomic_fetch_or(&fake.kinds, 1 << parcels[i].kind);
	atomic_store(&fake.last[parcels[0].stream], parcels[count - 1].sequence);
	rig_answer(&batch, REPLY_STORED, &result->replies);
	if (atomic_exchange(&fake.lies, false)) {
		result->replies.has_head[parcels[0].stream] = true;
		result->replies.head[parcels[0].stream].sequence = 2;
	}
	return OUTPUT_ANSWERED;
}

static void close_fake(struct output *output)
{
	(void)output;
}

static const struct output_kind desk = { .name = "https",
					 .is_desk = true,
					 .is_wanted = is_wanted,
					 .open = open_fake,
					 .send = send_fake,
					 .close = close_fake };
static const struct output_kind plain = { .name = "eve",
					  .is_wanted = is_wanted,
					  .open = open_fake,
					  .send = send_fake,
					  .close = close_fake };

static atomic_bool is_ending;
static struct line *line;

static int make(void **state)
{
	static struct rig rig;

	rig_make(&rig);
	rig_open(&rig);
	memset(&fake, 0, sizeof(fake));
	atomic_store(&fake.most, 1000);
	atomic_store(&is_ending, false);
	line = NULL;
	*state = &rig;
	return 0;
}

static int clear(void **state)
{
	struct rig *rig = *state;

	atomic_store(&is_ending, true);
	outbox_wake(rig->outbox);
	line_close(line);
	rig_remove(rig);
	return 0;
}

static void open_line(struct rig *rig, const struct output_kind *kind)
{
	const struct line_setup setup = { .kind = kind,
					  .outbox = rig->outbox,
					  .is_ending = &is_ending,
					  .say = rig_say,
					  .say_arg = rig,
					  .seed = 3 };
	char problem[OUTPUT_SAID_LEN];

	assert_int_equal(line_open(&line, &setup, problem), ERR_OK);
}

static void put_many(struct rig *rig, enum parcel_stream stream, const char *name, unsigned count)
{
	char key[32];

	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(key, sizeof(key), "%s%u", name, i);
		assert_int_equal(rig_put(rig, stream, key, 1), ERR_OK);
	}
}

static uint64_t waiting(struct rig *rig)
{
	struct outbox_status status;
	uint64_t sum = 0;

	outbox_status(rig->outbox, &status);
	for (unsigned i = 0; i < PARCEL_STREAMS; i++)
		sum += status.waiting[0][i];
	return sum;
}

static void wait_all_delivered(struct rig *rig)
{
	for (unsigned i = 0; i < PATIENCE_MS && waiting(rig) > 0; i++)
		(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	assert_int_equal(waiting(rig), 0);
}

static void all_is_delivered_in_bounded_batches(void **state)
{
	struct rig *rig = *state;

	put_many(rig, PARCEL_ROUTINE, "c", 300);
	open_line(rig, &desk);
	assert_int_equal(line_start(line), ERR_OK);
	wait_all_delivered(rig);
	put_many(rig, PARCEL_URGENT, "u", 1);
	wait_all_delivered(rig);
	assert_int_equal(atomic_load(&fake.received), 301);
	assert_int_equal(atomic_load(&fake.largest), LINE_BATCH_PARCELS);
}

static void too_large_is_halved_and_one_alone_set_aside(void **state)
{
	struct rig *rig = *state;
	struct outbox_status status;

	put_many(rig, PARCEL_ROUTINE, "c", 100);
	atomic_store(&fake.most, 5);
	atomic_store(&fake.refuses, 42);
	open_line(rig, &desk);
	assert_int_equal(line_start(line), ERR_OK);
	wait_all_delivered(rig);
	outbox_status(rig->outbox, &status);
	assert_int_equal(status.set_aside[0], 1);
	/* All but the one, and the parcel that tells of it. */
	assert_true(atomic_load(&fake.received) >= 100);
	assert_true(atomic_load(&fake.kinds) & 1 << PARCEL_SET_ASIDE);
	assert_non_null(strstr(rig->said, "set aside"));
}

static void a_failure_is_said_once_and_its_end(void **state)
{
	struct rig *rig = *state;
	const char *first;

	put_many(rig, PARCEL_ROUTINE, "c", 1);
	atomic_store(&fake.fails, 3);
	open_line(rig, &desk);
	assert_int_equal(line_start(line), ERR_OK);
	wait_all_delivered(rig);
	atomic_store(&is_ending, true);
	outbox_wake(rig->outbox);
	line_close(line);
	line = NULL;
	first = strstr(rig->said, "https: nobody there\n");
	assert_non_null(first);
	assert_null(strstr(first + strlen("https: nobody there"), "nobody there"));
	assert_non_null(strstr(first, "https: works again\n"));
	assert_int_equal(atomic_load(&fake.sends), 4);
}

static void who_is_no_desk_gets_cases_alone(void **state)
{
	struct rig *rig = *state;
	struct outbox_row beat = { .stream = PARCEL_PULSE,
				   .kind = PARCEL_HEARTBEAT,
				   .key = "heartbeat",
				   .body = "{}",
				   .body_len = 2 };

	open_line(rig, &plain);
	put_many(rig, PARCEL_ROUTINE, "c", 3);
	for (beat.revision = 1; beat.revision < 5; beat.revision++)
		assert_int_equal(outbox_put(rig->outbox, &beat, 1), ERR_OK);
	assert_int_equal(line_start(line), ERR_OK);
	wait_all_delivered(rig);
	assert_int_equal(atomic_load(&fake.received), 3);
	assert_int_equal(atomic_load(&fake.kinds), 1 << PARCEL_CASE);
}

static void a_head_that_fell_back_is_filled_once(void **state)
{
	struct rig *rig = *state;

	put_many(rig, PARCEL_ROUTINE, "c", 10);
	atomic_store(&fake.lies, true);
	open_line(rig, &desk);
	assert_int_equal(line_start(line), ERR_OK);
	wait_all_delivered(rig);
	for (unsigned i = 0; i < PATIENCE_MS && atomic_load(&fake.received) < 18; i++)
		(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	wait_all_delivered(rig);
	/* Ten, and from the third on once more; the same lie an instant later changes nothing. */
	assert_int_equal(atomic_load(&fake.received), 18);
	atomic_store(&fake.lies, true);
	put_many(rig, PARCEL_ROUTINE, "d", 1);
	wait_all_delivered(rig);
	assert_int_equal(atomic_load(&fake.received), 19);
}

static void ending_does_not_wait_for_a_back_off(void **state)
{
	struct rig *rig = *state;
	struct timespec begin;
	struct timespec end;

	put_many(rig, PARCEL_ROUTINE, "c", 1);
	atomic_store(&fake.fails, 1000000);
	open_line(rig, &desk);
	assert_int_equal(line_start(line), ERR_OK);
	for (unsigned i = 0; i < PATIENCE_MS && atomic_load(&fake.sends) < 3; i++)
		(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &begin);
	atomic_store(&is_ending, true);
	line_close(line);
	line = NULL;
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true(end.tv_sec - begin.tv_sec <= 2);
	assert_int_equal(waiting(rig), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, clear)
		CASE(all_is_delivered_in_bounded_batches),
		CASE(too_large_is_halved_and_one_alone_set_aside),
		CASE(a_failure_is_said_once_and_its_end),
		CASE(who_is_no_desk_gets_cases_alone),
		CASE(a_head_that_fell_back_is_filled_once),
		CASE(ending_does_not_wait_for_a_back_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
