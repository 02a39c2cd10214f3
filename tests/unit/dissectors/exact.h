/* Messages for dissectors in heap blocks of exactly their size, so that ASan sees an over-read. */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>

#define BYTES(s) (s), sizeof(s) - 1

enum { EXACT_OUT_MAX = 1024, EXACT_SAYS_MAX = 1024 };

/* To be freed. */
static inline uint8_t *exact_copy(const void *bytes, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	if (len > 0)
		memcpy(exact, bytes, len);
	return exact;
}

static inline void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

/* " name=text", nothing for an empty span. */
static inline void exact_say(FILE *to, const char *name, struct span text)
{
	if (text.len > 0)
		(void)fprintf(to, " %s=%.*s", name, (int)text.len, (const char *)text.data);
}

/* A dissector: its function behind a void pointer, and what a message says as one line of text. */
struct exact_dissector {
	enum dissect (*dissect)(struct cursor in, void *out);
	void (*say)(const void *msg, FILE *to);
	size_t out_size;
};

struct exact_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum dissect want;
	const char *says; /* on DISSECT_OK */
	size_t rest;      /* bytes behind the message, which a prefix may lack */
};

static inline enum dissect exact_dissect(const struct exact_dissector *d, const void *bytes,
					 size_t len, char *says)
{
	uint8_t untouched[EXACT_OUT_MAX];
	uint8_t out[EXACT_OUT_MAX] __attribute__((aligned(16)));
	uint8_t *exact = exact_copy(bytes, len);

	assert_true(d->out_size <= sizeof(out));
	memset(untouched, 0xa5, sizeof(untouched));
	memset(out, 0xa5, sizeof(out));
	enum dissect got = d->dissect(cursor_over(exact, len), out);

	if (got != DISSECT_OK) {
		assert_memory_equal(out, untouched, sizeof(out));
	} else if (says) {
		FILE *to = fmemopen(says, EXACT_SAYS_MAX, "w");

		assert_non_null(to);
		d->say(out, to);
		assert_int_equal(fclose(to), 0);
	}
	free(exact);
	return got;
}

/* The whole, every prefix, and every byte changed to every value. */
static inline void exact_run(const struct exact_dissector *d, const struct exact_case *c)
{
	char says[EXACT_SAYS_MAX] = "";
	uint8_t *changed = exact_copy(c->bytes, c->len);

	assert_int_equal(exact_dissect(d, c->bytes, c->len, says), c->want);
	if (c->want == DISSECT_OK)
		assert_string_equal(says, c->says);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = exact_dissect(d, c->bytes, cut, NULL);

		if (c->want == DISSECT_OK)
			assert_int_equal(got,
					 cut < c->len - c->rest ? DISSECT_TRUNCATED : DISSECT_OK);
		else
			assert_true(got == c->want || got == DISSECT_TRUNCATED);
	}
	for (size_t at = 0; at < c->len; at++) {
		for (unsigned value = 0; value <= UINT8_MAX; value++) {
			changed[at] = (uint8_t)value;
			(void)exact_dissect(d, changed, c->len, says);
		}
		changed[at] = (uint8_t)c->bytes[at];
	}
	free(changed);
}
