#include "tests/support/desk_folder.h"
#include "tools/desk/desk_take.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const uint8_t nothing[SHA256_LEN];

static int set_up(void **state)
{
	struct desk_folder *folder = calloc(1, sizeof(*folder));

	desk_folder_open(folder);
	*state = folder;
	return 0;
}

static int tear_down(void **state)
{
	desk_folder_close(*state);
	free(*state);
	return 0;
}

static enum err take(struct desk_folder *folder, const char *sensor, const struct parcel *parcels,
		     size_t count, struct replies *replies)
{
	char problem[BATCH_PROBLEM_LEN];
	struct desk_reply reply = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	enum err err;

	assert_non_null(stream);
	batch_write(stream, DESK_FOLDER_SENSOR, parcels, count);
	assert_int_equal(fclose(stream), 0);
	err = desk_take(folder->store, sensor, text, len, 1, &reply);
	if (err == ERR_OK)
		assert_int_equal(replies_parse(reply.text, reply.len, replies, problem), ERR_OK);
	else
		assert_true(reply.problem[0] != '\0' && reply.text == NULL);
	free(reply.text);
	free(text);
	return err;
}

static void stored_once(void **state)
{
	struct replies replies;
	struct parcel parcel =
		desk_folder_parcel(*state, 1, nothing, "{\"schema\":\"hinomi.case/1\"}");

	assert_int_equal(take(*state, NULL, &parcel, 1, &replies), ERR_OK);
	assert_int_equal(replies.list[0].status, REPLY_STORED);
	assert_int_equal(take(*state, DESK_FOLDER_SENSOR, &parcel, 1, &replies), ERR_OK);
	assert_int_equal(replies.list[0].status, REPLY_DUPLICATE);
	assert_int_equal(replies.head[PARCEL_ROUTINE].sequence, 1);
}

static void of_another_sensor(void **state)
{
	struct replies replies;
	struct parcel parcel =
		desk_folder_parcel(*state, 1, nothing, "{\"schema\":\"hinomi.case/1\"}");

	assert_int_equal(take(*state, "s-other", &parcel, 1, &replies), ERR_MISSING);
}

/* A disk that is full: nothing is said to be stored, and later all is taken. */
static void on_a_full_disk(void **state)
{
	struct rlimit before;
	struct rlimit none;
	struct replies replies;
	char *body = calloc(1, PARCEL_BODY_MAX);
	struct parcel parcel;

	memset(body, ' ', PARCEL_BODY_MAX - 1);
	memcpy(body, "{\"schema\":\"hinomi.case/1\"}", strlen("{\"schema\":\"hinomi.case/1\"}"));
	parcel = desk_folder_parcel(*state, 1, nothing, body);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 64 << 10, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(take(*state, NULL, &parcel, 1, &replies), ERR_IO);
	assert_int_equal(take(*state, NULL, &parcel, 1, &replies), ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(take(*state, NULL, &parcel, 1, &replies), ERR_OK);
	assert_int_equal(replies.list[0].status, REPLY_STORED);
	assert_int_equal(replies.head[PARCEL_ROUTINE].sequence, 1);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stored_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_another_sensor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(on_a_full_disk, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("desk_take", tests, NULL, NULL);
}
