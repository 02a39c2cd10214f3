/* A dissector tried over a heap block of exactly its input's size, so that ASan sees an over-read.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { EXACT_BYTES_MAX = 2048, EXACT_OUT_MAX = 4096 };

struct exact {
	enum dissect (*dissect)(struct cursor in, void *out);
	size_t out_size; /* what it fills, at most EXACT_OUT_MAX */
};

/* A real message as hexadecimal digits, and what it says. */
struct exact_case {
	const char *name;
	const struct exact *exact;
	const char *hex;
	enum dissect want;
	void (*check)(const void *out); /* of what a whole message gave; may be NULL */
};

static inline unsigned exact_digit(char c)
{
	static const char digits[] = "0123456789abcdef";

	return (unsigned)(strchr(digits, c) - digits);
}

static inline size_t exact_bytes(const char *hex, uint8_t *bytes)
{
	size_t len = strlen(hex) / 2;

	assert_true(len <= EXACT_BYTES_MAX);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(exact_digit(hex[2 * i]) << 4 | exact_digit(hex[2 * i + 1]));
	return len;
}

/* `check` sees the result while its spans are alive. `out` must stay as it was unless all is well.
 */
static inline enum dissect exact_dissect(const struct exact *exact, const uint8_t *bytes,
					 size_t len, void (*check)(const void *out))
{
	static const int pattern = 0xa5;
	_Alignas(max_align_t) uint8_t out[EXACT_OUT_MAX];
	uint8_t untouched[EXACT_OUT_MAX];
	uint8_t *block = malloc(len > 0 ? len : 1);

	assert_non_null(block);
	assert_true(exact->out_size <= sizeof(out));
	memset(out, pattern, sizeof(out));
	memset(untouched, pattern, sizeof(untouched));
	memcpy(block, bytes, len);

	enum dissect got = exact->dissect(cursor_over(block, len), out);

	if (got == DISSECT_OK && check)
		check(out);
	if (got != DISSECT_OK)
		assert_memory_equal(out, untouched, exact->out_size);
	free(block);
	return got;
}

/* The whole, every prefix, and every byte changed in a few ways. A prefix is never another
 * protocol. */
static inline void exact_run(void **state)
{
	static const uint8_t changes[] = { 0x01, 0x20, 0x80, 0xff };
	const struct exact_case *c = *state;
	uint8_t bytes[EXACT_BYTES_MAX];
	size_t len = exact_bytes(c->hex, bytes);

	assert_int_equal(exact_dissect(c->exact, bytes, len, c->check), c->want);
	for (size_t cut = 0; c->want == DISSECT_OK && cut < len; cut++) {
		enum dissect got = exact_dissect(c->exact, bytes, cut, NULL);

		assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OK);
	}
	for (size_t i = 0; i < len * sizeof(changes); i++) {
		uint8_t change = changes[i % sizeof(changes)];
		size_t at = i / sizeof(changes);

		bytes[at] ^= change;
		(void)exact_dissect(c->exact, bytes, len, NULL);
		bytes[at] ^= change;
	}
}

static inline void exact_assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

/* UTF-16 of plain ASCII. */
static inline void exact_assert_utf16(struct span got, const char *want)
{
	assert_int_equal(got.len, 2 * strlen(want));
	for (size_t i = 0; i < got.len; i++)
		assert_int_equal(got.data[i], i % 2 == 0 ? want[i / 2] : '\0');
}

/* Runs `count` cases and then `more` other tests. */
static inline int exact_run_all(const char *group, struct exact_case *cases, size_t count,
				const struct CMUnitTest *more, size_t more_count)
{
	enum { TESTS_MAX = 128 };
	struct CMUnitTest tests[TESTS_MAX] = { 0 };

	assert_true(count + more_count <= TESTS_MAX);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = exact_run,
						.initial_state = &cases[i] };
	for (size_t i = 0; i < more_count; i++)
		tests[count + i] = more[i];
	return _cmocka_run_group_tests(group, tests, count + more_count, NULL, NULL);
}
