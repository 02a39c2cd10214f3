#include "sensor/service/journal.h"

#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What journal_say() writes to standard error. */
static void plain_line(const struct journal_entry *entry, char *out, size_t room)
{
	struct journal journal;
	int before = dup(STDERR_FILENO);
	int ends[2];
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	(void)unsetenv("JOURNAL_STREAM");
	journal_open(&journal);
	journal_say(&journal, entry);
	journal_close(&journal);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	len = read(ends[0], out, room - 1);
	assert_true(len > 0);
	out[len] = '\0';
	(void)close(before);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void an_event_is_a_sentence_with_its_fields_behind_it(void **state)
{
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "interface_down",
					     .sentence = "eth0 is down: nothing is seen there",
					     .fields = { { "interface", "eth0" },
							 { "since", "12:00" } } };
	char got[256];

	(void)state;
	plain_line(&entry, got, sizeof(got));
	assert_string_equal(got, "hinomi: eth0 is down: nothing is seen there "
				 "[event=interface_down interface=eth0 since=12:00]\n");
}

static void an_event_is_one_line_whatever_is_in_it(void **state)
{
	static char longest[2 * JOURNAL_LINE_MAX];
	const struct journal_entry hostile = { .event = "x",
					       .sentence = "a\nb\x1b[31m",
					       .fields = { { "y", "\r\n\x7f\xff" } } };
	const struct journal_entry long_one = { .event = "x", .sentence = longest };
	char got[2 * JOURNAL_LINE_MAX];

	(void)state;
	plain_line(&hostile, got, sizeof(got));
	assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
	assert_null(strpbrk(got, "\x1b\r\x7f\xff"));
	memset(longest, 'x', sizeof(longest) - 1);
	plain_line(&long_one, got, sizeof(got));
	assert_int_equal(strlen(got), JOURNAL_LINE_MAX - 1);
	assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
}

static void the_journal_gets_fields_of_its_own(void **state)
{
	const struct journal_entry entry = { .level = JOURNAL_NOTICE,
					     .event = "reloaded",
					     .sentence = "the configuration was read again",
					     .fields = { { "file", "/etc/a\nMESSAGE=forged" } } };
	struct journal journal = { .fd = -1 };
	char got[512] = "";
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	journal.fd = ends[0];
	journal_say(&journal, &entry);
	assert_true(read(ends[1], got, sizeof(got) - 1) > 0);
	assert_string_equal(got, "PRIORITY=5\nSYSLOG_IDENTIFIER=hinomi\nHINOMI_EVENT=reloaded\n"
				 "MESSAGE=the configuration was read again\n"
				 "HINOMI_FILE=/etc/a\xef\xbf\xbdMESSAGE=forged\n");
	journal_close(&journal);
	(void)close(ends[1]);
}

/* Standard error is `fd` until it is set back. */
static int set_error(int fd)
{
	int before = dup(STDERR_FILENO);

	assert_true(before >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	return before;
}

static void set_error_back(int before)
{
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	(void)close(before);
}

/* Two ends, of which nobody reads the first and the second is standard error. */
static void make_pipe(int ends[2])
{
	assert_int_equal(pipe(ends), 0);
}

static void make_terminal(int ends[2])
{
	ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(ends[0] >= 0 && grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0);
	ends[1] = open(ptsname(ends[0]), O_WRONLY | O_NOCTTY);
	assert_true(ends[1] >= 0);
}

static void make_socket(int ends[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

static void drain(int fd, char *out, size_t room)
{
	ssize_t len;

	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	out[0] = '\0';
	while ((len = read(fd, out, room - 1)) > 0)
		out[len] = '\0';
}

/* A terminal that was stopped, a pipe into a pager: the sensor goes on. */
static void a_reader_that_does_not_read_is_not_waited_for(void **state)
{
	/* More than a pipe holds, which is 16 pages: 1 MiB where they have 64 KiB. */
	enum { LINES = 20000, PATIENCE_SECONDS = 60 };
	static void (*const makes[])(int ends[2]) = { make_pipe, make_terminal, make_socket };
	static char got[1 << 20];
	const struct journal_entry entry = { .event = "x",
					     .sentence = "one of very many lines, each of which is "
							 "longer than it would have to be" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(makes); i++) {
		struct journal journal;
		int ends[2];
		int before;

		makes[i](ends);
		before = set_error(ends[1]);
		journal_open(&journal);
		(void)alarm(PATIENCE_SECONDS); /* ends the test where it waits */
		for (unsigned line = 0; line < LINES; line++)
			journal_say(&journal, &entry);
		(void)alarm(0);
		assert_in_range(journal.lost, 1, LINES - 1);
		drain(ends[0], got, sizeof(got));
		journal_say(&journal, &entry);
		assert_int_equal(journal.untold, 0);
		drain(ends[0], got, sizeof(got));
		journal_close(&journal);
		set_error_back(before);
		assert_non_null(strstr(got, "lines of this log could not be written"));
		assert_non_null(strstr(got, "one of very many"));
		(void)close(ends[0]);
		(void)close(ends[1]);
	}
}

/* The shell's own standard error goes on to wait, as every program expects of it. */
static void the_shell_is_left_alone(void **state)
{
	struct journal journal;
	int ends[2];
	int before;

	(void)state;
	make_pipe(ends);
	before = set_error(ends[1]);
	journal_open(&journal);
	assert_int_equal(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0);
	journal_close(&journal);
	set_error_back(before);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_a_sentence_with_its_fields_behind_it),
		cmocka_unit_test(an_event_is_one_line_whatever_is_in_it),
		cmocka_unit_test(the_journal_gets_fields_of_its_own),
		cmocka_unit_test(a_reader_that_does_not_read_is_not_waited_for),
		cmocka_unit_test(the_shell_is_left_alone),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
