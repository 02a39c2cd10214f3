#include "dissectors/chunked.h"

#include "tests/unit/dissectors/exact.h"

enum { CONTENT_MAX = 256 };

struct chunked_case {
	const char *name;
	const char *body;
	enum dissect want;   /* at last */
	const char *content; /* joined */
	size_t left;         /* bytes behind the body */
};

static struct chunked_case cases[] = {
	{ "RFC 9112's form", "4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", DISSECT_OK, "Wikipedia", 0 },
	{ "what comes behind is left", "1\r\na\r\n0\r\n\r\nGET", DISSECT_OK, "a", 3 },
	{ "no content", "0\r\n\r\n", DISSECT_OK, "", 0 },
	{ "several zeroes", "000\r\n\r\n", DISSECT_OK, "", 0 },
	{ "sizes in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", DISSECT_OK,
	  "01234567890123456789a", 0 },
	{ "extensions", "1;x=\"y\"\r\na\r\n0;z\r\n\r\n", DISSECT_OK, "a", 0 },
	{ "a blank behind the size", "1 \r\na\r\n0\t \r\n\r\n", DISSECT_OK, "a", 0 },
	{ "trailers", "1\r\na\r\n0\r\nDigest: x\r\nExpires: y\r\n\r\n", DISSECT_OK, "a", 0 },
	{ "line feeds alone", "1\na\n0\n\n", DISSECT_OK, "a", 0 },
	{ "line ends in the content", "4\r\n\r\n\r\n\r\n0\r\n\r\n", DISSECT_OK, "\r\n\r\n", 0 },
	{ "no size", "\r\n", .want = DISSECT_MALFORMED, .content = "" },
	{ "no digit", "x\r\n", .want = DISSECT_MALFORMED, .content = "" },
	{ "a size that goes on", "1x\r\n", .want = DISSECT_MALFORMED, .content = "" },
	{ "a size of 65 bits", "10000000000000000\r\n", .want = DISSECT_MALFORMED, .content = "" },
	{ "content longer than its size", "1\r\nab\r\n", .want = DISSECT_MALFORMED,
	  .content = "a" },
	{ "two carriage returns", "1\r\na\r\r\n", .want = DISSECT_MALFORMED, .content = "a" },
	{ "the end is missing", "1\r\na\r\n0\r\n", .want = DISSECT_TRUNCATED, .content = "a" },
};

struct joined {
	char text[CONTENT_MAX];
	size_t len;
};

/* Until the body ends or `in` does. */
static enum dissect take_all(struct chunked *body, struct cursor *in, struct joined *to)
{
	for (;;) {
		struct span content = { .len = SIZE_MAX };
		enum dissect got = chunked_take(body, in, &content);

		if (got != DISSECT_OK) {
			assert_true(content.len == SIZE_MAX);
			return got;
		}
		if (content.len == 0)
			return DISSECT_OK;
		assert_true(content.len < sizeof(to->text) - to->len);
		memcpy(&to->text[to->len], content.data, content.len);
		to->len += content.len;
	}
}

static void run_whole(const struct chunked_case *c)
{
	uint8_t *exact = exact_copy(c->body, strlen(c->body));
	struct cursor in = cursor_over(exact, strlen(c->body));
	struct chunked body = { 0 };
	struct joined joined = { 0 };

	assert_int_equal(take_all(&body, &in, &joined), c->want);
	assert_string_equal(joined.text, c->content);
	if (c->want == DISSECT_OK)
		assert_int_equal(cursor_left(&in), c->left);
	if (c->want == DISSECT_MALFORMED)
		assert_int_equal(take_all(&body, &in, &joined), DISSECT_MALFORMED);
	free(exact);
}

/* Cut in two at `cut`. */
static void run_split(const struct chunked_case *c, size_t cut)
{
	size_t len = strlen(c->body);
	uint8_t *first = exact_copy(c->body, cut);
	uint8_t *second = exact_copy(&c->body[cut], len - cut);
	struct cursor in = cursor_over(first, cut);
	struct chunked body = { 0 };
	struct joined joined = { 0 };
	enum dissect got = take_all(&body, &in, &joined);

	if (got == DISSECT_TRUNCATED) {
		assert_int_equal(cursor_left(&in), 0);
		in = cursor_over(second, len - cut);
		got = take_all(&body, &in, &joined);
	}
	assert_int_equal(got, c->want);
	assert_string_equal(joined.text, c->content);
	free(first);
	free(second);
}

static void run_case(void **state)
{
	const struct chunked_case *c = *state;

	run_whole(c);
	for (size_t cut = 0; cut < strlen(c->body); cut++)
		run_split(c, cut);
}

static enum dissect feed(struct chunked *body, const char *text)
{
	struct cursor in = cursor_over(text, strlen(text));
	struct joined joined = { 0 };

	return take_all(body, &in, &joined);
}

static void lines_and_trailers_have_limits(void **state)
{
	struct chunked body = { 0 };

	(void)state;
	assert_int_equal(feed(&body, "1;"), DISSECT_TRUNCATED);
	for (int i = 0; i < CHUNKED_LINE_MAX - 2; i++)
		assert_int_equal(feed(&body, "x"), DISSECT_TRUNCATED);
	assert_int_equal(feed(&body, "x"), DISSECT_MALFORMED);

	body = (struct chunked){ 0 };
	assert_int_equal(feed(&body, "0\r\n"), DISSECT_TRUNCATED);
	for (int i = 0; i < CHUNKED_TRAILERS_MAX; i++)
		assert_int_equal(feed(&body, "a: b\r\n"), DISSECT_TRUNCATED);
	assert_int_equal(feed(&body, "a: b\r\n"), DISSECT_MALFORMED);
}

static void content_may_be_skipped(void **state)
{
	struct chunked body = { 0 };

	(void)state;
	assert_int_equal(feed(&body, "ffff\r\n"), DISSECT_TRUNCATED);
	assert_int_equal(body.state, CHUNKED_CONTENT);
	assert_int_equal(body.left, 0xffff);
	body.left -= 0xfffe;
	assert_int_equal(feed(&body, "a\r\n0\r\n\r\n"), DISSECT_OK);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(lines_and_trailers_have_limits),
		cmocka_unit_test(content_may_be_skipped),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("chunked", tests, NULL, NULL);
}
