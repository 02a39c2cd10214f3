#include "sensor/service/notify.h"

#include "tests/support/cmocka.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A manager's socket with a name of no file; `name` is what $NOTIFY_SOCKET then says. */
static int manager(char name[static 32])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int len = snprintf(name, 32, "@hinomi-test-%d", (int)getpid());

	memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)),
			 0);
	return fd;
}

static void the_manager_is_told(void **state)
{
	struct notify notify;
	char name[32];
	char got[64];
	int fd = manager(name);

	(void)state;
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	assert_int_equal(notify_open(&notify), ERR_OK);
	notify_say(&notify, "READY=1\nSTATUS=capturing");
	assert_int_equal(read(fd, got, sizeof(got)), 24);
	assert_memory_equal(got, "READY=1\nSTATUS=capturing", 24);
	for (unsigned i = 0; i < 10000; i++) /* one that does not listen holds nobody up */
		notify_say(&notify, "WATCHDOG=1");
	notify_close(&notify);
	notify_close(&notify);
	(void)close(fd);
}

static void without_a_manager_nothing_is_said(void **state)
{
	struct notify notify;

	(void)state;
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	assert_int_equal(notify_open(&notify), ERR_OK);
	assert_int_equal(notify.fd, -1);
	notify_say(&notify, "READY=1");
	notify_close(&notify);
}

static void a_manager_that_is_not_there_is_an_error(void **state)
{
	static const char *const names[] = { "@hinomi-nobody", "/nowhere/notify", "relative", "x" };
	struct notify notify;
	char longest[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		assert_int_equal(notify_open(&notify), ERR_IO);
		assert_int_not_equal(errno, 0);
		assert_int_equal(notify.fd, -1);
	}
	memset(longest, '/', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(setenv("NOTIFY_SOCKET", longest, 1), 0);
	assert_int_equal(notify_open(&notify), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manager_is_told),
		cmocka_unit_test(without_a_manager_nothing_is_said),
		cmocka_unit_test(a_manager_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
