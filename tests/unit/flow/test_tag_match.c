#include "sensor/flow/tag_match.h"

#include "tests/support/cmocka.h"

struct match_case {
	const char *name;
	uint8_t tags[TAGS_READ];
	uint8_t tag;
	uint32_t want;
};

static struct match_case cases[] = {
	{ "no tag is equal", { 1, 2, 3 }, 9, 0 },
	{ "the first tag is bit 0", { 9, 1, 1 }, 9, 0x001 },
	{ "the last tag is bit 11", { [11] = 9 }, 9, 0x800 },
	{ "every equal tag has its bit", { 9, 0, 9, 0, 0, 0, 0, 9, 9 }, 9, 0x185 },
	{ "twelve equal tags fill the mask",
	  { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 },
	  7,
	  0xfff },
	{ "what stands behind the tags does not count", { [12] = 9, 9, 9, 9 }, 9, 0 },
	{ "empty places are found as tag 0", { 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 }, 0, 0x802 },
	{ "tags with the high bit are equal only to themselves",
	  { 0x80, 0xff, 0x7f },
	  0xff,
	  0x002 },
};

/* Every matcher that this machine has. */
static void assert_matches(const uint8_t *tags, uint8_t tag, uint32_t want)
{
	assert_int_equal(tag_match_plain(tags, tag), want);
	assert_int_equal(tag_match(tags, tag), want);
#if defined(__SSE2__)
	assert_int_equal(tag_match_sse2(tags, tag), want);
#elif defined(__aarch64__)
	assert_int_equal(tag_match_neon(tags, tag), want);
#endif
}

static void run_case(void **state)
{
	const struct match_case *c = *state;

	assert_matches(c->tags, c->tag, c->want);
}

/* Few different tags, so that many are equal; each matcher against the plain one. */
static void random_tags_agree(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		uint8_t tags[TAGS_READ];

		for (int i = 0; i < TAGS_READ; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			tags[i] = (uint8_t)(random >> 60 << (round % 5));
		}
		assert_matches(tags, tags[round % TAGS_READ],
			       tag_match_plain(tags, tags[round % TAGS_READ]));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1];

	(void)ADD_ROWS(tests, cases, run_case);
	tests[ARRAY_LEN(cases)] = (struct CMUnitTest)cmocka_unit_test(random_tags_agree);
	return cmocka_run_group_tests_name("tag_match", tests, NULL, NULL);
}
