#include "sensor/capture/byte_source.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/scratch_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LETTERS = 26, START = 10 };

static const uint8_t letters[] = "abcdefghijklmnopqrstuvwxyz";

/* Reads all in small steps; answers how many bytes there were. */
static size_t read_all(struct byte_source *source, uint8_t *into)
{
	size_t done = 0;
	size_t got;

	while ((got = byte_source_read(source, into + done, 4)) > 0) {
		assert_true(got <= 4);
		done += got;
	}
	assert_true(source->ended);
	assert_int_equal(source->consumed, done);
	return done;
}

static void memory_is_read(void **state)
{
	(void)state;
	uint8_t got[LETTERS + 4];
	struct byte_source source =
		byte_source_over((struct span){ .data = letters, .len = LETTERS });

	assert_int_equal(source.size, LETTERS);
	assert_int_equal(read_all(&source, got), LETTERS);
	assert_memory_equal(got, letters, LETTERS);
	byte_source_close(&source);
}

static void a_file_is_read(void **state)
{
	(void)state;
	uint8_t got[LETTERS + 4];
	struct scratch_dir scratch;
	struct byte_source source;

	scratch_make(&scratch);
	assert_int_equal(byte_source_open(&source, scratch_write(&scratch, letters, LETTERS)),
			 ERR_OK);
	assert_int_equal(source.size, LETTERS);
	assert_int_equal(read_all(&source, got), LETTERS);
	assert_memory_equal(got, letters, LETTERS);
	byte_source_close(&source);
	byte_source_close(&source); /* once more does nothing */
	scratch_remove(&scratch);
}

/* To the C library, from what was read too much; its failures are told like our own. */
static void a_file_is_given_away(void **state)
{
	(void)state;
	uint8_t got[LETTERS];
	struct scratch_dir scratch;
	struct byte_source source;

	scratch_make(&scratch);
	assert_int_equal(byte_source_open(&source, scratch_write(&scratch, letters, LETTERS)),
			 ERR_OK);
	assert_true(source.is_on_disk);
	assert_int_equal(byte_source_read(&source, got, START), START);

	FILE *file = byte_source_as_file(&source, 4);

	assert_non_null(file);
	assert_int_equal(fread(got, 1, LETTERS, file), LETTERS - START + 4);
	assert_memory_equal(got, letters + START - 4, LETTERS - START + 4);
	assert_int_equal(byte_source_consumed(&source), LETTERS);
	assert_int_equal(byte_source_error(&source), 0);

	int directory = open(scratch.dir, O_RDONLY | O_CLOEXEC);

	assert_true(directory >= 0);
	assert_int_equal(dup2(directory, source.fd), source.fd);
	clearerr(file);
	assert_int_equal(fread(got, 1, 1, file), 0);
	assert_int_equal(byte_source_error(&source), EISDIR);
	assert_int_equal(close(directory), 0);
	assert_int_equal(fclose(file), 0);
	byte_source_close(&source);
	scratch_remove(&scratch);
}

/* Standard input set to `fd`, which is closed, and read through "-" from `start` on. */
static void expect_input(int fd, uint64_t want_size, size_t start)
{
	int kept = fcntl(STDIN_FILENO, F_DUPFD, STDERR_FILENO + 1);
	uint8_t got[LETTERS + 4];
	struct byte_source source;

	assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	assert_int_equal(close(fd), 0);
	assert_int_equal(byte_source_open(&source, "-"), ERR_OK);
	assert_int_equal(source.size, want_size);
	assert_int_equal(read_all(&source, got), LETTERS - start);
	assert_memory_equal(got, letters + start, LETTERS - start);
	byte_source_close(&source);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* still open */
	if (kept >= 0) {
		assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
		assert_int_equal(close(kept), 0);
	}
}

static void a_pipe_on_standard_input_is_read(void **state)
{
	(void)state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], letters, LETTERS), LETTERS);
	assert_int_equal(close(ends[1]), 0);
	expect_input(ends[0], 0, 0);
}

static void standard_input_may_stand_inside_a_file(void **state)
{
	(void)state;
	struct scratch_dir scratch;

	scratch_make(&scratch);
	int fd = open(scratch_write(&scratch, letters, LETTERS), O_RDONLY | O_CLOEXEC);

	assert_int_equal(lseek(fd, START, SEEK_SET), START);
	expect_input(fd, LETTERS - START, START);
	scratch_remove(&scratch);
}

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	struct byte_source source;

	assert_int_equal(byte_source_open(&source, "/nonexistent/a.pcap"), ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(byte_source_open(&source, "/"), ERR_IO);
	assert_int_equal(errno, EISDIR);
}

static void what_cannot_be_read_says_why(void **state)
{
	(void)state;
	struct byte_source source = { .fd = open("/", O_RDONLY | O_CLOEXEC) };
	uint8_t got[1];

	assert_int_equal(byte_source_read(&source, got, sizeof(got)), 0);
	assert_int_equal(source.error, EISDIR);
	assert_true(source.ended);
	byte_source_close(&source);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_read),
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(a_file_is_given_away),
		cmocka_unit_test(a_pipe_on_standard_input_is_read),
		cmocka_unit_test(standard_input_may_stand_inside_a_file),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(what_cannot_be_read_says_why),
	};

	return cmocka_run_group_tests_name("byte_source", tests, NULL, NULL);
}
