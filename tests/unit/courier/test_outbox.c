#include "tests/unit/courier/outbox_rig.h"

static struct stream_head heads[PARCEL_STREAMS];

static int make(void **state)
{
	static struct rig rig;

	memset(heads, 0, sizeof(heads));
	rig_make(&rig);
	rig_open(&rig);
	*state = &rig;
	return 0;
}

static int clear(void **state)
{
	rig_remove(*state);
	return 0;
}

static void a_stream_is_a_chain_without_a_gap(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	char key[16];

	for (unsigned i = 0; i < 200; i++) {
		(void)snprintf(key, sizeof(key), "case%u", i);
		assert_int_equal(rig_put(rig, i % 3 == 0 ? PARCEL_URGENT : PARCEL_ROUTINE, key, 1),
				 ERR_OK);
	}
	assert_int_equal(rig_deliver(rig, desk, heads), 200);
	assert_int_equal(heads[PARCEL_URGENT].sequence, 67);
	assert_int_equal(heads[PARCEL_ROUTINE].sequence, 133);
}

static void name_and_key_outlive_the_process(void **state)
{
	struct rig *rig = *state;
	struct sign_public before;
	struct sign_public after;
	char name[PARCEL_SENSOR_LEN];
	struct stat file;
	char path[256];

	outbox_key(rig->outbox, &before);
	(void)snprintf(name, sizeof(name), "%s", outbox_sensor(rig->outbox));
	assert_int_equal(strlen(name), 18);
	assert_memory_equal(name, "s-", 2);
	rig_close(rig);
	(void)snprintf(path, sizeof(path), "%s/courier.db", rig->folder);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	rig_open(rig);
	outbox_key(rig->outbox, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_string_equal(outbox_sensor(rig->outbox), name);
	assert_int_equal(outbox_note(rig->outbox, "sensor", "s-enrolled"), ERR_OK);
	rig_close(rig);
	rig_open(rig);
	assert_string_equal(outbox_sensor(rig->outbox), "s-enrolled");
}

static void one_process_alone_has_the_folder(void **state)
{
	struct rig *rig = *state;
	struct outbox *other = NULL;

	assert_int_equal(outbox_open(&other, &rig->setup, rig->problem), ERR_IO);
	assert_null(other);
	assert_non_null(strstr(rig->problem, "used by another process"));
}

static void what_was_put_is_not_put_again(void **state)
{
	struct rig *rig = *state;
	struct outbox_status status;

	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 2), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 2), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 1), ERR_OK);
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(rig_put(rig, PARCEL_URGENT, "a", 2), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 3), ERR_OK);
	outbox_status(rig->outbox, &status);
	assert_int_equal(status.head[PARCEL_ROUTINE].sequence, 2);
	assert_int_equal(status.head[PARCEL_URGENT].sequence, 0);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "a"), 3);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_HEALTH, "a"), 0);
}

static void what_is_no_text_is_refused(void **state)
{
	static const struct {
		const char *body;
		size_t len;
	} bad[] = { { "", 0 }, { "{\0}", 3 }, { "\xff", 1 }, { "\xe3\x81", 2 } };
	struct rig *rig = *state;
	struct outbox_status status;
	char *large = malloc(PARCEL_BODY_MAX + 1);

	assert_non_null(large);
	memset(large, 'a', PARCEL_BODY_MAX + 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(rig_put_body(rig, PARCEL_ROUTINE, "a", 1, bad[i].body, bad[i].len),
				 ERR_RANGE);
	assert_int_equal(rig_put_body(rig, PARCEL_ROUTINE, "a", 1, large, PARCEL_BODY_MAX + 1),
			 ERR_RANGE);
	assert_int_equal(rig_put_body(rig, PARCEL_ROUTINE, "a b", 1, "{}", 2), ERR_RANGE);
	assert_int_equal(rig_put_body(rig, PARCEL_ROUTINE, "a", 1, large, PARCEL_BODY_MAX), ERR_OK);
	outbox_status(rig->outbox, &status);
	assert_int_equal(status.head[PARCEL_ROUTINE].sequence, 1);
	free(large);
}

static void urgent_goes_first_and_bytes_are_bounded(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct outbox_batch batch;

	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 1), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "b", 1), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_URGENT, "c", 1), ERR_OK);
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	assert_int_equal(batch.stream, PARCEL_URGENT);
	assert_int_equal(batch.count, 1);
	assert_string_equal(batch.parcels[0].key, "c");
	assert_string_equal(batch.parcels[0].body, "{\"a\":1}");
	outbox_batch_free(&batch);
	assert_int_equal(rig_deliver(rig, desk, heads), 3);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 2), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "b", 2), ERR_OK);
	assert_true(outbox_next(rig->outbox, desk, 64, 10, &batch));
	assert_int_equal(batch.count, 1);
	outbox_batch_free(&batch);
}

static void a_desk_gets_all_and_others_what_is_new(void **state)
{
	struct rig *rig = *state;
	struct outbox_batch batch;
	unsigned file;

	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 1), ERR_OK);
	file = rig_join(rig, "eve", false);
	assert_false(outbox_next(rig->outbox, file, 64, 1 << 20, &batch));
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "b", 1), ERR_OK);
	assert_true(outbox_next(rig->outbox, file, 64, 1 << 20, &batch));
	assert_string_equal(batch.parcels[0].key, "b");
	outbox_batch_free(&batch);
	assert_int_equal(rig_deliver(rig, rig_join(rig, "https", true), heads), 2);
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(rig_join(rig, "eve", false), file);
	assert_true(outbox_next(rig->outbox, file, 64, 1 << 20, &batch));
	outbox_batch_free(&batch);
}

static void a_reply_that_is_missing_ends_what_is_settled(void **state)
{
	static struct replies replies;
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct outbox_batch batch;
	size_t settled;
	char key[8];

	for (unsigned i = 0; i < 5; i++) {
		(void)snprintf(key, sizeof(key), "c%u", i);
		assert_int_equal(rig_put(rig, PARCEL_ROUTINE, key, 1), ERR_OK);
	}
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	rig_answer(&batch, REPLY_DUPLICATE, &replies);
	replies.list[2].status = REPLY_LATER;
	assert_int_equal(outbox_settle(rig->outbox, desk, &batch, &replies, &settled), ERR_OK);
	assert_int_equal(settled, 2);
	replies.count = 1;
	assert_int_equal(outbox_settle(rig->outbox, desk, &batch, &replies, &settled), ERR_OK);
	outbox_batch_free(&batch);
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	assert_int_equal(batch.parcels[0].sequence, 3);
	outbox_batch_free(&batch);
}

static void what_is_rejected_is_set_aside_and_told(void **state)
{
	static struct replies replies;
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct outbox_status status;
	struct outbox_batch batch;
	size_t settled;

	assert_int_equal(rig_put(rig, PARCEL_URGENT, "bad", 1), ERR_OK);
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	rig_answer(&batch, REPLY_REJECTED, &replies);
	assert_int_equal(outbox_settle(rig->outbox, desk, &batch, &replies, &settled), ERR_OK);
	assert_int_equal(settled, 1);
	outbox_batch_free(&batch);
	/* The one that tells is refused too: then there is no other. */
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	assert_int_equal(batch.parcels[0].kind, PARCEL_SET_ASIDE);
	assert_string_equal(batch.parcels[0].key, "urgent-1");
	assert_non_null(strstr(batch.parcels[0].body, "\"code\":\"bad_body\""));
	assert_int_equal(outbox_set_aside(rig->outbox, desk, &batch.parcels[0], "http_413", ""),
			 ERR_OK);
	outbox_batch_free(&batch);
	assert_false(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	outbox_status(rig->outbox, &status);
	assert_int_equal(status.set_aside[desk], 2);
}

static void a_desk_that_lost_some_gets_it_again(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct stream_head lost = { 0 };
	char key[8];

	for (unsigned i = 0; i < 9; i++) {
		(void)snprintf(key, sizeof(key), "c%u", i);
		assert_int_equal(rig_put(rig, PARCEL_ROUTINE, key, 1), ERR_OK);
		if (i == 3)
			assert_int_equal(rig_deliver(rig, desk, heads), 4);
		if (i == 3)
			lost = heads[PARCEL_ROUTINE];
	}
	assert_int_equal(rig_deliver(rig, desk, heads), 5);
	assert_false(outbox_rewind(rig->outbox, desk, PARCEL_ROUTINE, &heads[PARCEL_ROUTINE]));
	assert_true(outbox_rewind(rig->outbox, desk, PARCEL_ROUTINE, &lost));
	heads[PARCEL_ROUTINE] = lost;
	assert_int_equal(rig_deliver(rig, desk, heads), 5);
}

/* Takes the one that waits in a stream, with that code of refusal. */
static void refuse_next(struct rig *rig, unsigned desk, enum parcel_stream stream, const char *code)
{
	static struct replies replies;
	struct outbox_batch batch;
	size_t settled;

	assert_true(outbox_next(rig->outbox, desk, 1, 1 << 20, &batch));
	assert_int_equal(batch.stream, stream);
	rig_answer(&batch, REPLY_REJECTED, &replies);
	(void)snprintf(replies.list[0].code, sizeof(replies.list[0].code), "%s", code);
	assert_int_equal(outbox_settle(rig->outbox, desk, &batch, &replies, &settled), ERR_OK);
	assert_int_equal(settled, 1);
	outbox_batch_free(&batch);
}

static void what_was_refused_for_good_is_no_reason_to_go_back(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct stream_head before = { 0 };
	struct outbox_status status;

	assert_int_equal(rig_put(rig, PARCEL_URGENT, "a", 1), ERR_OK);
	refuse_next(rig, desk, PARCEL_URGENT, "bad_signature");
	assert_false(outbox_rewind(rig->outbox, desk, PARCEL_URGENT, &before));
	/* A desk keeps the place of a body that it refuses: so it lost that place. */
	assert_int_equal(rig_put(rig, PARCEL_URGENT, "b", 1), ERR_OK);
	refuse_next(rig, desk, PARCEL_URGENT, "bad_body");
	before.sequence = 1;
	assert_true(outbox_rewind(rig->outbox, desk, PARCEL_URGENT, &before));
	refuse_next(rig, desk, PARCEL_URGENT, "bad_body");
	outbox_status(rig->outbox, &status);
	assert_int_equal(status.set_aside[desk], 2);
	/* Each was told of once. */
	assert_int_equal(status.head[PARCEL_ROUTINE].sequence, 2);
}

static void a_key_is_changed_and_the_chain_goes_on(void **state)
{
	static const char message[] = "message";
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	uint8_t signature[SIGNATURE_LEN];
	struct sign_public next;
	struct sign_public again;
	struct sign_public used;

	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 1), ERR_OK);
	assert_int_equal(rig_deliver(rig, desk, heads), 1);
	assert_int_equal(outbox_turn_key(rig->outbox), ERR_IO);
	assert_int_equal(outbox_next_key(rig->outbox, &next), ERR_OK);
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(outbox_next_key(rig->outbox, &again), ERR_OK);
	assert_memory_equal(&next, &again, sizeof(next));
	outbox_sign(rig->outbox, true, message, sizeof(message), signature);
	assert_true(sign_message_check(&next, message, sizeof(message), signature));
	outbox_key(rig->outbox, &used);
	assert_memory_not_equal(&used, &next, sizeof(next));
	assert_int_equal(outbox_turn_key(rig->outbox), ERR_OK);
	outbox_key(rig->outbox, &used);
	assert_memory_equal(&used, &next, sizeof(next));
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "b", 1), ERR_OK);
	desk = rig_join(rig, "https", true);
	assert_int_equal(rig_deliver(rig, desk, heads), 1);
}

static void a_new_name_begins_anew(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);

	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "one", 1), ERR_OK);
	assert_int_equal(rig_put(rig, PARCEL_URGENT, "two", 1), ERR_OK);
	assert_int_equal(rig_deliver(rig, desk, heads), 2);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "three", 1), ERR_OK);
	assert_int_equal(outbox_begin_anew(rig->outbox, "s-other"), ERR_OK);
	rig_close(rig);
	rig_open(rig);
	assert_string_equal(outbox_sensor(rig->outbox), "s-other");
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "one"), 0);
	desk = rig_join(rig, "https", true);
	memset(heads, 0, sizeof(heads));
	assert_int_equal(rig_deliver(rig, desk, heads), 0);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "one", 1), ERR_OK);
	assert_int_equal(rig_deliver(rig, desk, heads), 1);
	assert_int_equal(heads[PARCEL_ROUTINE].sequence, 1);
	/* The same again, as after an answer that was lost: nothing is forgotten. */
	assert_int_equal(outbox_begin_anew(rig->outbox, "s-other"), ERR_OK);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "one"), 1);
}

static void others_may_look(void **state)
{
	struct rig *rig = *state;
	static struct outbox_look look;

	(void)rig_join(rig, "https", true);
	assert_int_equal(rig_put(rig, PARCEL_URGENT, "a", 1), ERR_OK);
	assert_int_equal(outbox_note(rig->outbox, "line.https", "down"), ERR_OK);
	assert_int_equal(outbox_look(rig->folder, &look, rig->problem), ERR_OK);
	assert_string_equal(look.sensor, outbox_sensor(rig->outbox));
	assert_int_equal(look.status.waiting[0][PARCEL_URGENT], 1);
	assert_string_equal(look.said[0], "down");
	assert_int_equal(outbox_look("/nonexistent", &look, rig->problem), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, clear)
		CASE(a_stream_is_a_chain_without_a_gap),
		CASE(name_and_key_outlive_the_process),
		CASE(one_process_alone_has_the_folder),
		CASE(what_was_put_is_not_put_again),
		CASE(what_is_no_text_is_refused),
		CASE(urgent_goes_first_and_bytes_are_bounded),
		CASE(a_desk_gets_all_and_others_what_is_new),
		CASE(a_reply_that_is_missing_ends_what_is_settled),
		CASE(what_is_rejected_is_set_aside_and_told),
		CASE(a_desk_that_lost_some_gets_it_again),
		CASE(what_was_refused_for_good_is_no_reason_to_go_back),
		CASE(a_key_is_changed_and_the_chain_goes_on),
		CASE(a_new_name_begins_anew),
		CASE(others_may_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
