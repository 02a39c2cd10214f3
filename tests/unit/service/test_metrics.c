#include "sensor/service/metrics.h"

#include "tests/support/cmocka.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct served {
	char folder[32];
	char path[64];
	struct metrics *metrics;
};

static void serve(struct served *served)
{
	int listener;

	assert_int_equal(metrics_listen(&listener, served->path), ERR_OK);
	assert_int_equal(metrics_new(&served->metrics, listener, NULL), ERR_OK);
}

static int start(void **state)
{
	static struct served served;

	memcpy(served.folder, "/tmp/metrics.XXXXXX", sizeof("/tmp/metrics.XXXXXX"));
	assert_non_null(mkdtemp(served.folder));
	(void)snprintf(served.path, sizeof(served.path), "%s/socket", served.folder);
	serve(&served);
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	struct served *served = *state;

	metrics_free(served->metrics);
	(void)unlink(served->path);
	(void)rmdir(served->folder);
	return 0;
}

/* All that a client gets who sends `request`. */
static size_t ask(const struct served *served, const char *request, char *out, size_t room)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t len = 0;
	ssize_t got;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", served->path);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	if (request[0] != '\0')
		assert_int_equal(write(fd, request, strlen(request)), strlen(request));
	else
		(void)shutdown(fd, SHUT_WR);
	while ((got = read(fd, out + len, room - 1 - len)) > 0)
		len += (size_t)got;
	out[len] = '\0';
	(void)close(fd);
	return len;
}

static void who_asks_gets_what_was_published_last(void **state)
{
	struct served *served = *state;
	char got[1024];

	assert_int_equal(ask(served, "", got, sizeof(got)), 0);
	metrics_publish(served->metrics, "hinomi_frames 1\n", 16);
	metrics_publish(served->metrics, "hinomi_frames 22\n", 17);
	(void)ask(served, "", got, sizeof(got));
	assert_string_equal(got, "hinomi_frames 22\n");
	metrics_publish(served->metrics, "a 1\n", 4);
	(void)ask(served, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", got, sizeof(got));
	assert_non_null(strstr(got, "HTTP/1.0 200 OK\r\n"));
	assert_non_null(strstr(got, "Content-Length: 4\r\n"));
	assert_string_equal(strstr(got, "\r\n\r\n"), "\r\n\r\na 1\n");
}

static void as_much_as_fits_is_published(void **state)
{
	static char text[METRICS_TEXT_MAX + 8];
	static char got[METRICS_TEXT_MAX + 8];
	struct served *served = *state;

	memset(text, 'x', sizeof(text));
	metrics_publish(served->metrics, text, sizeof(text));
	assert_int_equal(ask(served, "", got, sizeof(got)), METRICS_TEXT_MAX);
	assert_memory_equal(text, got, METRICS_TEXT_MAX);
}

/* A client that neither asks nor goes away costs others a moment, not the service. */
static void a_silent_client_holds_nobody_up(void **state)
{
	struct served *served = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char got[64];

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", served->path);
	assert_int_equal(connect(silent, (const struct sockaddr *)&address, sizeof(address)), 0);
	metrics_publish(served->metrics, "a 1\n", 4);
	(void)ask(served, "", got, sizeof(got));
	assert_string_equal(got, "a 1\n");
	(void)close(silent);
}

/* One that asks and is gone before the answer ends nothing but itself. */
static void a_client_that_does_not_wait_ends_nothing(void **state)
{
	static char text[METRICS_TEXT_MAX];
	static char got[METRICS_TEXT_MAX + 1];
	struct served *served = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", served->path);
	memset(text, 'x', sizeof(text));
	metrics_publish(served->metrics, text, sizeof(text));
	for (unsigned i = 0; i < 20; i++) {
		int hasty = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		assert_int_equal(connect(hasty, (const struct sockaddr *)&address, sizeof(address)),
				 0);
		(void)close(hasty);
	}
	assert_int_equal(ask(served, "", got, sizeof(got)), METRICS_TEXT_MAX);
}

/* A second sensor, started by mistake. */
static void a_socket_that_is_served_stays(void **state)
{
	struct served *served = *state;
	char got[64];
	int listener;

	metrics_publish(served->metrics, "a 1\n", 4);
	assert_int_equal(metrics_listen(&listener, served->path), ERR_IO);
	assert_int_equal(errno, EADDRINUSE);
	(void)ask(served, "", got, sizeof(got));
	assert_string_equal(got, "a 1\n");
}

static void leave_behind(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(close(fd), 0);
}

static void a_socket_left_behind_is_replaced(void **state)
{
	struct served *served = *state;
	char got[64];

	metrics_free(served->metrics);
	leave_behind(served->path);
	serve(served);
	metrics_publish(served->metrics, "a 1\n", 4);
	(void)ask(served, "", got, sizeof(got));
	assert_string_equal(got, "a 1\n");
}

static void what_is_no_socket_stays(void **state)
{
	int listener;
	char path[64] = "/tmp/metrics.file.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(metrics_listen(&listener, path), ERR_IO);
	assert_int_equal(errno, EADDRINUSE);
	assert_int_equal(access(path, F_OK), 0);
	(void)close(fd);
	(void)unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_asks_gets_what_was_published_last, start, stop),
		cmocka_unit_test_setup_teardown(as_much_as_fits_is_published, start, stop),
		cmocka_unit_test_setup_teardown(a_silent_client_holds_nobody_up, start, stop),
		cmocka_unit_test_setup_teardown(a_client_that_does_not_wait_ends_nothing, start,
						stop),
		cmocka_unit_test_setup_teardown(a_socket_that_is_served_stays, start, stop),
		cmocka_unit_test_setup_teardown(a_socket_left_behind_is_replaced, start, stop),
		cmocka_unit_test(what_is_no_socket_stays),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
