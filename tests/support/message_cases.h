/* A dissector's table of messages: each tried whole, cut at every byte, and with one byte changed.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGE_OUT_MAX = 4096 };

/* How a table's bytes are read: a dissector with what else it asks for. */
struct message_kind {
	enum dissect (*dissect)(struct cursor in, void *out);
	size_t out_size;
	bool needs_size; /* a message that is cut may be taken for another protocol */
};

struct message_case {
	const char *name;
	const struct message_kind *kind;
	const char *bytes;
	size_t len;
	enum dissect want;
	void (*check)(const void *msg); /* of what the whole message gave; may be NULL */
};

#define BYTES(s) (s), sizeof(s) - 1

static inline void assert_span(struct span got, const char *want, size_t len)
{
	assert_int_equal(got.len, len);
	if (len > 0)
		assert_memory_equal(got.data, want, len);
}

static inline void assert_text(struct span got, const char *want)
{
	assert_span(got, want, strlen(want));
}

/* A result that a dissector may only touch when it says DISSECT_OK. */
static inline enum dissect dissect_checked(const struct message_kind *kind, struct cursor in,
					   void (*check)(const void *msg))
{
	_Alignas(max_align_t) uint8_t out[MESSAGE_OUT_MAX];
	uint8_t untouched[MESSAGE_OUT_MAX];

	assert_in_range(kind->out_size, 1, sizeof(out));
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(out, untouched, sizeof(out));
	enum dissect got = kind->dissect(in, out);

	if (got != DISSECT_OK)
		assert_memory_equal(out, untouched, sizeof(out));
	else if (check)
		check(out);
	return got;
}

/* A heap block of exactly that size, so that ASan sees an over-read. */
static inline uint8_t *exact_copy(const struct message_case *c, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, c->bytes, len);
	return exact;
}

static inline void message_is_read(void **state)
{
	const struct message_case *c = *state;
	uint8_t *exact = exact_copy(c, c->len);

	assert_int_equal(dissect_checked(c->kind, cursor_over(exact, c->len), c->check), c->want);
	free(exact);
}

static inline void every_prefix_is_whole_or_cut(void **state)
{
	const struct message_case *c = *state;

	for (size_t cut = 0; cut < c->len; cut++) {
		uint8_t *exact = exact_copy(c, cut);
		enum dissect got = dissect_checked(c->kind, cursor_over(exact, cut), NULL);

		if (c->want == DISSECT_OK && !c->kind->needs_size)
			assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OK);
		free(exact);
	}
}

static inline void every_changed_byte_is_safe(void **state)
{
	const struct message_case *c = *state;
	uint8_t *exact = exact_copy(c, c->len);

	for (size_t i = 0; i < c->len; i++) {
		uint8_t before = exact[i];

		for (unsigned change = 1; change <= UINT8_MAX; change++) {
			exact[i] = (uint8_t)(before ^ change);
			(void)dissect_checked(c->kind, cursor_over(exact, c->len), NULL);
		}
		exact[i] = before;
	}
	free(exact);
}

/* Returns how many tests failed, as cmocka does. */
static inline int run_message_cases(const char *name, struct message_case *cases, size_t count)
{
	enum { TESTS_EACH = 3 };
	struct CMUnitTest *tests = calloc(count, TESTS_EACH * sizeof(*tests));
	int failed = 0;

	assert_non_null(tests);
	for (size_t i = 0; i < count; i++) {
		struct CMUnitTest *test = &tests[i * TESTS_EACH];

		test[0] = (struct CMUnitTest){ .name = cases[i].name,
					       .test_func = message_is_read,
					       .initial_state = &cases[i] };
		test[1] = (struct CMUnitTest){ .name = "every prefix of it",
					       .test_func = every_prefix_is_whole_or_cut,
					       .initial_state = &cases[i] };
		test[2] = (struct CMUnitTest){ .name = "every changed byte in it",
					       .test_func = every_changed_byte_is_safe,
					       .initial_state = &cases[i] };
	}
	failed = _cmocka_run_group_tests(name, tests, count * TESTS_EACH, NULL, NULL);
	free(tests);
	return failed;
}
