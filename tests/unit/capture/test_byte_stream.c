#include "sensor/capture/byte_stream.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"
#include "tests/unit/capture/scratch_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TEXT_SHORT = 700,
	TEXT_LONG = 200000, /* more than three windows */
	PACKED_MAX = 2 * TEXT_LONG,
	SKIPPABLE_LEN = 12,
};

static const uint8_t skippable[SKIPPABLE_LEN] = { 0x53, 0x2a, 0x4d, 0x18, 4,   0,
						  0,    0,    'n',  'o',  't', 'e' };

static uint8_t text[TEXT_LONG];
static uint8_t packed[PACKED_MAX];

/* Packs `len` bytes of text into `packed`; answers how many those are. */
typedef size_t pack_fn(size_t len);

static size_t as_plain(size_t len)
{
	memcpy(packed, text, len);
	return len;
}

static size_t as_gzip(size_t len)
{
	return pack_gzip(text, len, packed, sizeof(packed));
}

static size_t as_gzip_members(size_t len)
{
	size_t first = pack_gzip(text, len / 3, packed, sizeof(packed));

	first += pack_gzip(text, 0, packed + first, sizeof(packed) - first);
	return first +
	       pack_gzip(text + len / 3, len - len / 3, packed + first, sizeof(packed) - first);
}

static size_t as_gzip_padded(size_t len)
{
	size_t first = as_gzip(len);

	memset(packed + first, 0, 512);
	return first + 512;
}

static size_t as_zstd(size_t len)
{
	return pack_zstd(text, len, packed, sizeof(packed));
}

static size_t as_zstd_frames(size_t len)
{
	size_t first = pack_zstd(text, len / 3, packed, sizeof(packed));

	first += pack_zstd(text, 0, packed + first, sizeof(packed) - first);
	return first +
	       pack_zstd(text + len / 3, len - len / 3, packed + first, sizeof(packed) - first);
}

static size_t as_zstd_with_notes(size_t len)
{
	memcpy(packed, skippable, SKIPPABLE_LEN);

	size_t last = SKIPPABLE_LEN;

	last += pack_zstd(text, len, packed + last, sizeof(packed) - last);
	memcpy(packed + last, skippable, SKIPPABLE_LEN);
	return last + SKIPPABLE_LEN;
}

struct form {
	const char *name;
	pack_fn *pack;
	const char *packing;
};

static struct form forms[] = {
	{ "plain", as_plain, "plain" },
	{ "gzip", as_gzip, "gzip" },
	{ "gzip of several members, one empty", as_gzip_members, "gzip" },
	{ "gzip padded with zeros", as_gzip_padded, "gzip" },
	{ "zstd", as_zstd, "zstd" },
	{ "zstd of several frames, one empty", as_zstd_frames, "zstd" },
	{ "zstd between skippable frames", as_zstd_with_notes, "zstd" },
};

/* Half of it packs well and half does not. */
static void make_text(void)
{
	uint32_t seed = 1;

	for (size_t i = 0; i < sizeof(text); i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (uint8_t)(i / 500 % 2 == 0 ? i / 50 : seed >> 24);
	}
}

static struct byte_stream *over(const uint8_t *data, size_t len)
{
	struct byte_stream *stream = NULL;

	assert_int_equal(
		byte_stream_from_memory(&stream, (struct span){ .data = data, .len = len }),
		ERR_OK);
	return stream;
}

/* Reads to the end in steps of several sizes, with a look ahead before each. */
static size_t read_all(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	static const size_t steps[] = { 1, 8, 4096, 70000, 3, 61 };
	size_t done = 0;

	for (size_t i = 0; byte_stream_state(stream) == BYTE_STREAM_OPEN; i++) {
		uint8_t ahead[BYTE_STREAM_PEEK_MAX];
		struct span peeked = byte_stream_peek(stream, i % (BYTE_STREAM_PEEK_MAX + 1));
		size_t ahead_len = peeked.len;
		size_t step = steps[i % ARRAY_LEN(steps)];

		if (ahead_len > 0)
			memcpy(ahead, peeked.data, ahead_len);
		if (step > cap - done)
			step = cap - done;

		size_t got = byte_stream_read(stream, into + done, step);

		assert_true(got <= step && (got == step || ahead_len <= got || step == 0));
		assert_memory_equal(into + done, ahead, ahead_len < got ? ahead_len : got);
		done += got;
		if (done == cap)
			(void)byte_stream_peek(stream, 1);
	}
	/* a look ahead may have met the end before the bytes before it were asked for */
	return done + byte_stream_read(stream, into + done, cap - done);
}

static void expect_text(struct byte_stream *stream, size_t len)
{
	uint8_t *got = malloc(len + 1);

	assert_non_null(got);
	assert_int_equal(read_all(stream, got, len + 1), len);
	assert_memory_equal(got, text, len);
	assert_int_equal(byte_stream_state(stream), BYTE_STREAM_END);
	assert_int_equal(byte_stream_read(stream, got, 1), 0);
	free(got);
}

static void is_read_whole(void **state)
{
	const struct form *form = *state;
	size_t len = form->pack(TEXT_LONG);
	struct byte_stream *stream = over(packed, len);

	expect_text(stream, TEXT_LONG);
	assert_string_equal(byte_stream_packing(stream), form->packing);
	assert_int_equal(byte_stream_consumed(stream), len);
	assert_int_equal(byte_stream_size(stream), len);
	byte_stream_free(stream);
}

static void is_read_from_a_path(void **state)
{
	const struct form *form = *state;
	size_t len = form->pack(TEXT_LONG);
	struct scratch_dir scratch;
	struct byte_stream *stream = NULL;

	scratch_make(&scratch);
	assert_int_equal(byte_stream_open(&stream, scratch_write(&scratch, packed, len)), ERR_OK);
	assert_int_equal(byte_stream_consumed(stream), 0);
	assert_int_equal(byte_stream_size(stream), len);
	expect_text(stream, TEXT_LONG);
	assert_int_equal(byte_stream_consumed(stream), len);
	byte_stream_free(stream);
	scratch_remove(&scratch);
}

static void is_read_as_a_file(void **state)
{
	const struct form *form = *state;
	struct byte_stream *stream = over(packed, form->pack(TEXT_LONG));
	FILE *file = byte_stream_as_file(stream);
	uint8_t *got = malloc(TEXT_LONG + 1);

	assert_non_null(file);
	assert_non_null(got);
	assert_int_equal(fread(got, 1, TEXT_LONG + 1, file), TEXT_LONG);
	assert_memory_equal(got, text, TEXT_LONG);
	assert_true(feof(file) && !ferror(file));
	assert_int_equal(fclose(file), 0);
	byte_stream_free(stream);
	free(got);
}

/* From the start of the file, although the stream has looked at more of it. */
static void is_read_on_disk_as_a_file(void **state)
{
	const struct form *form = *state;
	size_t len = form->pack(TEXT_LONG);
	struct byte_stream *stream = NULL;
	struct scratch_dir scratch;
	uint8_t *got = malloc(TEXT_LONG + 1);

	assert_non_null(got);
	scratch_make(&scratch);
	assert_int_equal(byte_stream_open(&stream, scratch_write(&scratch, packed, len)), ERR_OK);
	assert_int_equal(byte_stream_peek(stream, 4).len, 4);

	FILE *file = byte_stream_as_file(stream);

	assert_non_null(file);
	assert_int_equal(fread(got, 1, TEXT_LONG, file), TEXT_LONG);
	assert_memory_equal(got, text, TEXT_LONG);
	assert_int_equal(fread(got, 1, 1, file), 0);
	assert_true(feof(file) && !ferror(file));
	assert_int_equal(byte_stream_state(stream), BYTE_STREAM_END);
	assert_int_equal(byte_stream_consumed(stream), len);
	assert_int_equal(byte_stream_size(stream), len);
	assert_int_equal(fclose(file), 0);
	byte_stream_free(stream);
	scratch_remove(&scratch);
	free(got);
}

/* Each cut gets a block of exactly that size, so that ASan sees an over-read. */
static void every_prefix_ends_or_is_cut(void **state)
{
	const struct form *form = *state;
	size_t len = form->pack(TEXT_SHORT);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *exact = malloc(cut > 0 ? cut : 1);
		uint8_t got[TEXT_SHORT + 1];

		assert_non_null(exact);
		memcpy(exact, packed, cut);
		struct byte_stream *stream = over(exact, cut);
		size_t got_len = read_all(stream, got, sizeof(got));
		bool is_known = strcmp(byte_stream_packing(stream), form->packing) == 0;
		bool may_be_cut = is_known && form->pack != as_plain;

		assert_memory_equal(got, is_known ? text : packed, got_len);
		assert_true(byte_stream_state(stream) == BYTE_STREAM_END ||
			    (may_be_cut && byte_stream_state(stream) == BYTE_STREAM_CUT));
		byte_stream_free(stream);
		free(exact);
	}
}

static void skipping_lands_where_reading_does(void **state)
{
	const struct form *form = *state;
	struct byte_stream *stream = over(packed, form->pack(TEXT_LONG));
	uint8_t got[4];

	assert_int_equal(byte_stream_skip(stream, 0), 0);
	assert_int_equal(byte_stream_skip(stream, 99991), 99991);
	assert_int_equal(byte_stream_read(stream, got, sizeof(got)), sizeof(got));
	assert_memory_equal(got, text + 99991, sizeof(got));
	assert_int_equal(byte_stream_skip(stream, TEXT_LONG), TEXT_LONG - 99995);
	assert_int_equal(byte_stream_state(stream), BYTE_STREAM_END);
	byte_stream_free(stream);
}

/* What stands before the damage is still given; the FILE has an error, not an end. */
static void expect_damage(size_t len, enum byte_stream_state want)
{
	uint8_t *got = malloc(TEXT_LONG);
	struct byte_stream *stream = over(packed, len);
	size_t got_len = byte_stream_read(stream, got, TEXT_LONG);

	assert_int_equal(byte_stream_read(stream, got, 1), 0);
	assert_int_equal(byte_stream_state(stream), want);
	byte_stream_free(stream);

	stream = over(packed, len);
	FILE *file = byte_stream_as_file(stream);

	assert_int_equal(fread(got, 1, TEXT_LONG, file), got_len);
	assert_int_equal(getc(file), EOF);
	assert_true(ferror(file));
	assert_int_equal(fclose(file), 0);
	byte_stream_free(stream);
	free(got);
}

static void damage_in_gzip_is_told(void **state)
{
	(void)state;
	size_t len = as_gzip(TEXT_LONG);

	packed[len - 6] ^= 1; /* of the checksum */
	expect_damage(len, BYTE_STREAM_DAMAGED);
	packed[len - 6] ^= 1;
	memset(packed + len / 2, 0xff, 64);
	expect_damage(len, BYTE_STREAM_DAMAGED);
}

static void damage_in_zstd_is_told(void **state)
{
	(void)state;
	size_t len = as_zstd(TEXT_LONG);

	packed[len - 2] ^= 1; /* of the checksum */
	expect_damage(len, BYTE_STREAM_DAMAGED);
}

static void what_follows_a_member_must_be_one(void **state)
{
	static const uint8_t tail[] = { 't', 'a', 'i', 'l' };
	static const uint8_t zstd_0_7[] = { 0x27, 0xb5, 0x2f, 0xfd };

	(void)state;
	size_t len = as_gzip(TEXT_SHORT);

	memcpy(packed + len, tail, sizeof(tail));
	expect_damage(len + sizeof(tail), BYTE_STREAM_DAMAGED);
	len = as_zstd(TEXT_SHORT);
	memcpy(packed + len, tail, sizeof(tail));
	expect_damage(len + sizeof(tail), BYTE_STREAM_DAMAGED);
	memcpy(packed + len, zstd_0_7, sizeof(zstd_0_7));
	expect_damage(len + sizeof(zstd_0_7), BYTE_STREAM_DAMAGED);
}

static void a_wide_zstd_window_is_refused(void **state)
{
	(void)state;
	expect_damage(pack_zstd_wide(text, TEXT_SHORT, packed, sizeof(packed)),
		      BYTE_STREAM_TOO_WIDE);
}

static void the_magic_may_come_byte_by_byte(void **state)
{
	const struct form *form = *state;
	size_t len = form->pack(TEXT_SHORT);
	struct byte_stream *stream = NULL;
	char path[64];
	int ends[2];
	uint8_t got[1];

	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(byte_stream_open(&stream, path), ERR_OK);

	pid_t writer = fork();

	assert_true(writer >= 0);
	if (writer == 0) {
		for (size_t i = 0; i < len; i++) {
			if (write(ends[1], packed + i, 1) != 1)
				_exit(1);
			if (i < 8)
				(void)usleep(1000);
		}
		_exit(0);
	}
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(byte_stream_read(stream, got, 1), 1);
	assert_int_equal(got[0], text[0]);
	assert_int_equal(byte_stream_skip(stream, TEXT_SHORT), TEXT_SHORT - 1);
	assert_string_equal(byte_stream_packing(stream), form->packing);
	byte_stream_free(stream);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_int_equal(close(ends[0]), 0);
}

static void what_cannot_be_read_says_why(void **state)
{
	(void)state;
	struct byte_stream *stream = NULL;
	uint8_t got[1];

	assert_int_equal(byte_stream_open(&stream, "/proc/self/mem"), ERR_OK); /* nothing at 0 */
	assert_int_equal(byte_stream_read(stream, got, sizeof(got)), 0);
	assert_int_equal(byte_stream_state(stream), BYTE_STREAM_UNREADABLE);
	assert_int_equal(byte_stream_error(stream), EIO);
	byte_stream_free(stream);
}

typedef void test_fn(void **state);

/* Each form through each of these; the forms' names tell which failed. */
static test_fn *const form_tests[] = {
	is_read_whole,
	is_read_from_a_path,
	is_read_as_a_file,
	is_read_on_disk_as_a_file,
	every_prefix_ends_or_is_cut,
	skipping_lands_where_reading_does,
	the_magic_may_come_byte_by_byte,
};

static const struct CMUnitTest plain_tests[] = {
	cmocka_unit_test(damage_in_gzip_is_told),
	cmocka_unit_test(damage_in_zstd_is_told),
	cmocka_unit_test(what_follows_a_member_must_be_one),
	cmocka_unit_test(a_wide_zstd_window_is_refused),
	cmocka_unit_test(what_cannot_be_read_says_why),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(forms) * ARRAY_LEN(form_tests) + ARRAY_LEN(plain_tests)];
	size_t count = 0;

	make_text();
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		for (size_t j = 0; j < ARRAY_LEN(form_tests); j++)
			tests[count++] = (struct CMUnitTest){ .name = forms[i].name,
							      .test_func = form_tests[j],
							      .initial_state = &forms[i] };
	memcpy(tests + count, plain_tests, sizeof(plain_tests));
	return cmocka_run_group_tests_name("byte_stream", tests, NULL, NULL);
}
