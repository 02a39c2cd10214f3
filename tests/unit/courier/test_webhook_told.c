#include "sensor/courier/webhook_told.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char path[80];

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/webhook-told-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/webhook.told", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static struct webhook_told *open_told(void)
{
	struct webhook_told *told;

	assert_int_equal(webhook_told_open(&told, folder), ERR_OK);
	return told;
}

static void put(struct webhook_told *told, unsigned number, unsigned priority)
{
	char id[16];

	(void)snprintf(id, sizeof(id), "case-%u", number);
	assert_int_equal(webhook_told_put(told, id, priority), ERR_OK);
}

static unsigned told_of(const struct webhook_told *told, unsigned number)
{
	char id[16];

	(void)snprintf(id, sizeof(id), "case-%u", number);
	return webhook_told_priority(told, id);
}

static void it_outlives_the_process(void **state)
{
	struct webhook_told *told = open_told();

	(void)state;
	assert_int_equal(told_of(told, 1), WEBHOOK_TOLD_NEVER);
	put(told, 1, 3);
	put(told, 2, 2);
	put(told, 1, 1);
	assert_int_equal(told_of(told, 1), 1);
	webhook_told_close(told);
	told = open_told();
	assert_int_equal(told_of(told, 1), 1);
	assert_int_equal(told_of(told, 2), 2);
	assert_int_equal(told_of(told, 3), WEBHOOK_TOLD_NEVER);
	webhook_told_close(told);
}

/* More than it holds, often: the latest are known, and the file does not grow. */
static void the_latest_are_kept(void **state)
{
	enum { ALL = 3 * WEBHOOK_TOLD_MAX };
	struct webhook_told *told = open_told();
	struct stat file;

	(void)state;
	for (unsigned i = 0; i < ALL; i++)
		put(told, i, 2);
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(told_of(told, ALL - 1), 2);
		assert_int_equal(told_of(told, ALL - WEBHOOK_TOLD_MAX), 2);
		assert_int_equal(told_of(told, ALL - WEBHOOK_TOLD_MAX - 1), WEBHOOK_TOLD_NEVER);
		assert_int_equal(stat(path, &file), 0);
		assert_true(file.st_size <= (off_t)(2 * WEBHOOK_TOLD_MAX * sizeof("case-9999 2")));
		webhook_told_close(told);
		told = open_told();
	}
	webhook_told_close(told);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	struct webhook_told *told;

	(void)state;
	assert_int_equal(webhook_told_open(&told, "/nowhere"), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_outlives_the_process, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_latest_are_kept, set_up, tear_down),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests_name("webhook_told", tests, NULL, NULL);
}
