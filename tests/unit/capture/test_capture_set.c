#include "sensor/capture/capture_set.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"
#include "tests/unit/capture/scratch_dir.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 4, TIMES_MAX = 6, PACKET_LEN = 20 };

/*
 * Files by the times of their packets, in seconds, ended by 0; packet i of file f is full of
 * f * 16 + i. The order wanted is written so, too.
 */
struct merge_case {
	const char *name;
	uint32_t times[FILES_MAX][TIMES_MAX];
	uint8_t want[FILES_MAX * TIMES_MAX];
	size_t file_count;
	size_t want_count;
};

static struct merge_case cases[] = {
	{ "no file", { { 0 } }, { 0 }, 0, 0 },
	{ "one file, its order kept", { { 5, 3, 9, 1 } }, { 0x00, 0x01, 0x02, 0x03 }, 1, 4 },
	{ "one after the other", { { 1, 2 }, { 3, 4 } }, { 0x00, 0x01, 0x10, 0x11 }, 2, 4 },
	{ "the second first", { { 3, 4 }, { 1, 2 } }, { 0x10, 0x11, 0x00, 0x01 }, 2, 4 },
	{ "in turns", { { 1, 3, 5 }, { 2, 4 } }, { 0x00, 0x10, 0x01, 0x11, 0x02 }, 2, 5 },
	{ "equal times in the order named",
	  { { 7, 7 }, { 7, 7 }, { 7 } },
	  { 0x00, 0x01, 0x10, 0x11, 0x20 },
	  3,
	  5 },
	{ "a time that goes back counts as the latest before it",
	  { { 5, 2, 6 }, { 3, 5, 6 } },
	  { 0x10, 0x00, 0x01, 0x11, 0x02, 0x12 },
	  2,
	  6 },
	{ "a file without packets among others", { { 2 }, { 0 }, { 1 } }, { 0x20, 0x00 }, 3, 2 },
	{ "four files",
	  { { 4, 8 }, { 3, 7 }, { 2, 6 }, { 1, 5 } },
	  { 0x30, 0x20, 0x10, 0x00, 0x31, 0x21, 0x11, 0x01 },
	  4,
	  8 },
};

static struct capture_bytes pcap_of(const uint32_t *times, unsigned file)
{
	struct capture_bytes b = { 0 };

	put_pcap_header(&b, PCAP_MAGIC, LINK_ETHERNET);
	for (unsigned i = 0; i < TIMES_MAX && times[i] != 0; i++)
		put_pcap_packet(&b, times[i], 0, PACKET_LEN, file * 16 + i);
	return b;
}

static struct capture_set *set_of(const char *const *paths, size_t count)
{
	struct capture_set *set = NULL;

	assert_int_equal(capture_set_new(&set, paths, count), ERR_OK);
	return set;
}

static void expect_progress(const struct capture_set *set, uint64_t consumed, uint64_t total)
{
	struct capture_progress progress = capture_set_progress(set);

	assert_int_equal(progress.consumed, consumed);
	assert_int_equal(progress.total, total);
}

static void is_merged(void **state)
{
	const struct merge_case *c = *state;
	struct scratch_dir scratch;
	const char *paths[FILES_MAX];
	uint64_t total = 0;
	struct frame frame;

	scratch_make(&scratch);
	for (unsigned i = 0; i < c->file_count; i++) {
		struct capture_bytes b = pcap_of(c->times[i], i);

		paths[i] = scratch_write(&scratch, b.data, b.len);
		total += b.len;
	}

	struct capture_set *set = set_of(paths, c->file_count);

	expect_progress(set, 0, total);
	for (size_t i = 0; i < c->want_count; i++) {
		assert_true(capture_set_next(set, &frame));
		assert_int_equal(frame.bytes.len, PACKET_LEN);
		assert_int_equal(frame.bytes.data[0], c->want[i]);
		assert_int_equal(frame.time,
				 c->times[c->want[i] / 16][c->want[i] % 16] * NANOTIME_SECOND);
	}
	assert_false(capture_set_next(set, &frame));
	assert_false(capture_set_next(set, &frame));
	expect_progress(set, total, total);
	assert_int_equal(capture_set_failure_count(set), 0);
	assert_int_equal(capture_set_clamped_times(set), 0);
	capture_set_free(set);
	scratch_remove(&scratch);
}

static void expect_failure(const struct capture_set *set, size_t i, const char *path,
			   const char *reason)
{
	struct capture_failure failure = capture_set_failure(set, i);

	assert_string_equal(failure.path, path);
	assert_string_equal(failure.reason, reason);
}

static void the_rest_goes_on_when_files_fail(void **state)
{
	(void)state;
	static const uint32_t times[] = { 1, 2, 3, 0 };
	struct capture_bytes b = pcap_of(times, 0);
	struct scratch_dir scratch;
	struct frame frame;
	size_t count = 0;

	scratch_make(&scratch);
	const char *paths[] = {
		scratch_write(&scratch, b.data, b.len - 1), /* cut in its third packet */
		"/nonexistent/a.pcap",
		scratch_write(&scratch, b.data, b.len),
		scratch_write(&scratch, b.data, 0),
	};
	struct capture_set *set = set_of(paths, ARRAY_LEN(paths));

	assert_int_equal(capture_set_failure_count(set), 1);
	expect_failure(set, 0, paths[1], "No such file or directory");
	while (capture_set_next(set, &frame))
		count++;
	assert_int_equal(count, 5);
	assert_int_equal(capture_set_failure_count(set), 3);
	expect_failure(set, 1, paths[3], "empty file");
	expect_failure(set, 2, paths[0], "truncated at packet 3");
	expect_progress(set, 2 * b.len - 1, 2 * b.len - 1);
	capture_set_free(set);
	scratch_remove(&scratch);
}

static void times_that_were_clamped_are_counted(void **state)
{
	(void)state;
	struct capture_bytes b = { 0 };
	struct scratch_dir scratch;
	struct frame frame;

	put_pcap_header(&b, PCAP_MAGIC, LINK_ETHERNET);
	put_pcap_packet(&b, 1, 5000000, PACKET_LEN, 0);
	scratch_make(&scratch);

	const char *path = scratch_write(&scratch, b.data, b.len);
	const char *paths[] = { path, path };
	struct capture_set *set = set_of(paths, ARRAY_LEN(paths));

	assert_true(capture_set_next(set, &frame));
	assert_int_equal(capture_set_clamped_times(set), 2);
	assert_true(capture_set_next(set, &frame));
	assert_false(capture_set_next(set, &frame));
	assert_int_equal(capture_set_clamped_times(set), 2);
	capture_set_free(set);
	scratch_remove(&scratch);
}

static void files_are_bounded(void **state)
{
	(void)state;
	const char *paths[CAPTURE_SET_FILES_MAX + 1];
	struct capture_set *set = NULL;
	struct frame frame;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		paths[i] = "/nonexistent/a.pcap";
	assert_int_equal(capture_set_new(&set, paths, ARRAY_LEN(paths)), ERR_RANGE);
	assert_null(set);
	set = set_of(paths, CAPTURE_SET_FILES_MAX);
	assert_int_equal(capture_set_failure_count(set), CAPTURE_SET_FILES_MAX);
	assert_false(capture_set_next(set, &frame));
	capture_set_free(set);
	capture_set_free(NULL);
}

static void standard_input_is_taken_once(void **state)
{
	(void)state;
	static const char *const paths[] = { "-", "-" };
	struct capture_set *set = set_of(paths, ARRAY_LEN(paths));
	size_t last = capture_set_failure_count(set);

	assert_true(last >= 1);
	expect_failure(set, last - 1, "-", "standard input can be read only once");
	capture_set_free(set);
}

static void progress_needs_every_size(void **state)
{
	(void)state;
	static const uint32_t times[] = { 1, 0 };
	struct capture_bytes b = pcap_of(times, 0);
	struct scratch_dir scratch;
	struct frame frame;

	scratch_make(&scratch);
	const char *paths[] = { "/dev/null", scratch_write(&scratch, b.data, b.len) };
	struct capture_set *set = set_of(paths, ARRAY_LEN(paths));

	expect_progress(set, 0, 0);
	assert_true(capture_set_next(set, &frame)); /* and /dev/null is done with */
	expect_progress(set, b.len, b.len);
	expect_failure(set, 0, "/dev/null", "empty file");
	capture_set_free(set);
	scratch_remove(&scratch);
}

/* Many files, so that the merge is more than a few comparisons: all in order, and each whole. */
static void many_files_are_merged(void **state)
{
	(void)state;
	enum { FILES = 200, PACKETS = 50 };
	struct scratch_dir scratch;
	const char *paths[FILES];
	uint32_t seed = 7;
	struct frame frame;
	nanotime latest = 0;
	size_t count = 0;

	scratch_make(&scratch);
	for (size_t i = 0; i < SCRATCH_FILES_MAX; i++) {
		struct capture_bytes b = { 0 };
		uint32_t time = 1;

		put_pcap_header(&b, PCAP_MAGIC, LINK_ETHERNET);
		for (unsigned packet = 0; packet < PACKETS; packet++) {
			seed = seed * 1664525 + 1013904223;
			time += seed >> 28;
			put_pcap_packet(&b, time, 0, PACKET_LEN, packet);
		}
		paths[i] = scratch_write(&scratch, b.data, b.len);
	}
	for (size_t i = SCRATCH_FILES_MAX; i < FILES; i++)
		paths[i] = paths[i % SCRATCH_FILES_MAX];

	struct capture_set *set = set_of(paths, FILES);

	while (capture_set_next(set, &frame)) {
		assert_true(frame.time >= latest);
		latest = frame.time;
		count++;
	}
	assert_int_equal(count, FILES * PACKETS);
	capture_set_free(set);
	scratch_remove(&scratch);
}

static const struct CMUnitTest plain_tests[] = {
	cmocka_unit_test(the_rest_goes_on_when_files_fail),
	cmocka_unit_test(times_that_were_clamped_are_counted),
	cmocka_unit_test(files_are_bounded),
	cmocka_unit_test(progress_needs_every_size),
	cmocka_unit_test(standard_input_is_taken_once),
	cmocka_unit_test(many_files_are_merged),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain_tests)];

	(void)ADD_ROWS(tests, cases, is_merged);
	memcpy(tests + ARRAY_LEN(cases), plain_tests, sizeof(plain_tests));
	return cmocka_run_group_tests_name("capture_set", tests, NULL, NULL);
}
