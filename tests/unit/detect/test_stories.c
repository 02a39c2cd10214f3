#include "sensor/detect/story.h"

#include "tests/support/cmocka.h"

#include <string.h>

static void assert_own_words(const char *(*word)(int), int count)
{
	for (int i = 0; i < count; i++) {
		assert_non_null(word(i));
		assert_true(word(i)[0] != '\0');
		for (int k = 0; k < i; k++)
			assert_string_not_equal(word(i), word(k));
	}
}

static const char *kind_word(int i)
{
	return signal_kind_text((enum signal_kind)i);
}

static const char *gate_word(int i)
{
	return gate_text((enum gate)i);
}

static const char *tactic_word(int i)
{
	return tactic_text((enum tactic)i);
}

static const char *cause_word(int i)
{
	return cause_text((enum cause)i);
}

static void every_value_has_its_own_word(void **state)
{
	(void)state;
	assert_own_words(kind_word, SIGNAL_KINDS);
	assert_own_words(gate_word, GATE_ANSWERS);
	assert_own_words(tactic_word, TACTICS);
	assert_own_words(cause_word, CAUSES);
}

static void assert_techniques(const char *attack)
{
	for (const char *c = attack; *c; c += strcspn(c, " "), c += *c == ' ') {
		size_t len = strcspn(c, " ");

		assert_true(len == strlen("T1071") || len == strlen("T1071.001"));
		assert_int_equal(*c, 'T');
		assert_int_equal(strspn(c + 1, "0123456789."), len - 1);
	}
}

/* A farther outcome is never less urgent. */
static void assert_urgencies(const struct story *story)
{
	for (int o = 0; o < STORY_OUTCOMES; o++) {
		assert_in_range(story->priorities[o], PRIORITY_1, PRIORITY_4);
		if (o > OUTCOME_REFUSED)
			assert_true(story->priorities[o] <= story->priorities[o - 1]);
	}
}

static void every_kind_has_its_story(void **state)
{
	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		const struct story *story = story_of((enum signal_kind)k);

		assert_int_equal(strlen(story->rule), strlen("BCN-1"));
		assert_in_range(story->impact, 1, 4);
		assert_true(story->tactic < TACTICS && story->cause < CAUSES);
		assert_techniques(story->attack);
		assert_urgencies(story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_has_its_own_word),
		cmocka_unit_test(every_kind_has_its_story),
	};

	return cmocka_run_group_tests_name("stories", tests, NULL, NULL);
}
