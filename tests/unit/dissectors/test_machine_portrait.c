/* Texts in which machines describe themselves. */
#include "dissectors/machine_portrait.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct text_case {
	const char *text;
	unsigned topics;
};

static struct text_case texts[] = {
	{ "", 0 },
	{ ":::", 0 },
	{ "User Name: anna\r\nComputer Name: PC-1\r\nCPU: x\r\n", 3 },
	{ "Time: 1<br>USERNAME : anna<br>OSFullName: x <br>RAM: 2 GB", 3 },
	{ "<b>PC Name</b>: x\nClient IP: y\nCountry Name: z\n", 3 },
	{ "| PC Name:x | OS:y |", 2 },
	{ "Password: a\nPassword: b\nPasswords: c\n", 1 },
	{ "The program: done. videos: 3, trips: 2, grammar: ok", 0 },
	{ "User\nName: x", 0 }, /* a label is on one line */
	{ "1 < 2 User Name: x\nRAM: 1", 1 },
	{ "user name anna, computer name pc-1", 0 },
	{ "a very long line before what is said of the screen resolution: 1", 1 },
};

static unsigned topics_of(const char *text, size_t cut)
{
	struct machine_portrait portrait = { 0 };
	size_t len = strlen(text);
	const uint8_t *bytes = (const uint8_t *)text;

	for (size_t at = 0; at < len; at += cut) {
		size_t part = len - at < cut ? len - at : cut;

		machine_portrait_take(&portrait, (struct span){ bytes + at, part });
	}
	return machine_portrait_topics(&portrait);
}

static void run_text(void **state)
{
	const struct text_case *c = *state;

	for (size_t cut = 1; cut < 20; cut++)
		assert_int_equal(topics_of(c->text, cut), c->topics);
}

static void all_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		void *one = &texts[i];

		run_text(&one);
	}
}

/* What stands far into a text is not looked at. */
static void looks_no_further(void **state)
{
	struct machine_portrait portrait = { 0 };
	uint8_t filler[PORTRAIT_BYTES];

	(void)state;
	memset(filler, '-', sizeof(filler));
	machine_portrait_take(&portrait, (struct span){ filler, sizeof(filler) });
	machine_portrait_take(&portrait, (struct span){ (const uint8_t *)"RAM:", 4 });
	assert_int_equal(machine_portrait_topics(&portrait), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_texts),
		cmocka_unit_test(looks_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
