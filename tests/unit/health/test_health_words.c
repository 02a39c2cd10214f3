#include "sensor/health/health_words.h"

#include "sensor/health/health_surroundings.h"
#include "tests/support/cmocka.h"

#include <string.h>
#include <unistd.h>

enum { STORIES = HEALTH_STORY_GONE + 1 };

typedef void words_fn(const struct health_finding *finding, const char *interface,
		      enum language language, struct text *out);

static struct health_finding finding_of(enum health_code code, enum health_story story)
{
	return (struct health_finding){
		.code = code,
		.story = story,
		.figures = { { HEALTH_FIGURE_VLAN, 4321, 0, HEALTH_NO_BOUND },
			     { HEALTH_FIGURE_COPIES_SHARE, 0.256, 0.1, HEALTH_AT_LEAST },
			     { HEALTH_FIGURE_ASKS, 3, 0, HEALTH_NO_BOUND },
			     { HEALTH_FIGURE_ANSWERS, 0, 0, HEALTH_NO_BOUND } },
		.figure_count = 4,
		.from = UINT64_C(1790000000) * NANOTIME_SECOND,
		.until = UINT64_C(1790003600) * NANOTIME_SECOND,
	};
}

static const char *const never[] = { "infected", "attack", "%", "TODO", "感染", "switch it off" };

/* Figures are "26 %", in Japanese "26%"; no other per cent sign is left of a template. */
static void says_nothing_odd(const char *said)
{
	char plain[HEALTH_WORDS_LEN];
	struct text kept = text_over(plain, sizeof(plain));

	for (const char *at = said; *at != '\0'; at++) {
		bool is_figure = at[0] == '%' && at > said &&
				 (at[-1] == ' ' || (at[-1] >= '0' && at[-1] <= '9'));

		if (!is_figure)
			text_add_char(&kept, *at);
	}
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (strstr(plain, never[i]))
			fail_msg("%s: %s", never[i], said);
}

static void each_finding_has_its_words(void **state)
{
	static words_fn *const both[] = { health_words_sentence, health_words_setting };
	char chars[HEALTH_WORDS_LEN];

	(void)state;
	for (unsigned i = 0; i < HEALTH_CODES * STORIES * LANGUAGES * ARRAY_LEN(both); i++) {
		enum language language = (enum language)(i % LANGUAGES);
		words_fn *words = both[i / LANGUAGES % ARRAY_LEN(both)];
		unsigned rest = i / (LANGUAGES * ARRAY_LEN(both));
		struct health_finding finding = finding_of((enum health_code)(rest / STORIES),
							   (enum health_story)(rest % STORIES));
		struct text said = text_over(chars, sizeof(chars));

		words(&finding, "mon0", language, &said);
		assert_true(said.len > 20);
		assert_false(said.is_cut);
		says_nothing_odd(chars);
	}
}

static void a_sentence_names_what_it_is_of(void **state)
{
	const struct health_finding gap = finding_of(HEALTH_GAP, HEALTH_STORY_USUAL);
	const struct health_finding down = finding_of(HEALTH_INTERFACE_DOWN, HEALTH_STORY_USUAL);
	const struct health_finding twice = finding_of(HEALTH_DUPLICATES, HEALTH_STORY_USUAL);
	char chars[HEALTH_WORDS_LEN];
	struct text said = text_over(chars, sizeof(chars));

	(void)state;
	health_words_sentence(&gap, "", LANGUAGE_EN, &said);
	assert_non_null(strstr(chars, "from 2026-09-21T14:13:20Z to 2026-09-21T15:13:20Z:"));
	said = text_over(chars, sizeof(chars));
	health_words_sentence(&down, "mon0", LANGUAGE_EN, &said);
	assert_non_null(strstr(chars, "interface mon0 has no link"));
	said = text_over(chars, sizeof(chars));
	health_words_sentence(&twice, "", LANGUAGE_EN, &said);
	assert_ptr_equal(strstr(chars, "26 % of the packets"), chars);
}

static void the_kernel_is_asked(void **state)
{
	struct health_interface lo = { .name = "lo" };
	struct health_interface none = { .name = "no-such0" };
	struct health_interface path = { .name = "../net/lo" };
	struct mac macs[INTERFACES_MAX];
	size_t count = surroundings_own_macs(macs, ARRAY_LEN(macs));

	(void)state;
	if (access("/sys/class/net/lo", F_OK) != 0)
		skip(); /* a root without /sys */
	surroundings_of_interface(&lo);
	surroundings_of_interface(&none);
	surroundings_of_interface(&path);
	assert_int_not_equal(lo.link, HEALTH_LINK_MISSING);
	assert_true(lo.mtu > 0);
	assert_int_equal(none.link, HEALTH_LINK_MISSING);
	assert_int_equal(path.link, HEALTH_LINK_MISSING);
	for (size_t i = 0; i < count; i++)
		assert_false(mac_is_zero(&macs[i]));
	assert_int_equal(surroundings_own_macs(macs, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_finding_has_its_words),
		cmocka_unit_test(a_sentence_names_what_it_is_of),
		cmocka_unit_test(the_kernel_is_asked),
	};

	return cmocka_run_group_tests_name("health_words", tests, NULL, NULL);
}
