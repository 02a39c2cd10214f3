#include "sensor/config/decisions.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

#include <stdlib.h>
#include <string.h>

static bool is_word(const char *text)
{
	return strlen(text) == 5;
}

static const struct decisions_words words = { .is_rule = is_word, .is_kind = is_word };

/* One line, whatever was in the file. */
static void tell(void *arg, const char *fault)
{
	unsigned *count = arg;

	if (++*count > CONFIG_FAULTS_MAX + 1 ||
	    strnlen(fault, CONFIG_PROBLEM_LEN) == CONFIG_PROBLEM_LEN)
		abort();
}

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* What is taken is within its bounds. */
static void look(const struct decisions *d)
{
	for (size_t i = 0; i < d->suppression_count; i++) {
		const struct suppression *s = &d->suppressions[i];

		expect(decisions_is_id(s->id) && s->owner[0] != '\0' && s->reason[0] != '\0');
		expect(s->since < s->expires &&
		       s->expires - s->since <= DECISION_DAYS_MOST * NANOTIME_DAY);
	}
	for (size_t i = 0; i < d->tally_count; i++)
		expect(decisions_tally(d, d->tallies[i].rule) != NULL);
	for (size_t i = 0; i < d->verdict_count; i++)
		expect(d->verdicts[i].verdict < VERDICTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct decisions *d = NULL;
	unsigned faults = 0;
	enum err err = decisions_read(&d, memory_file(data, len), NULL, &words, tell, &faults);

	expect((err == ERR_OK) == (faults == 0) && (err == ERR_OK) == (d != NULL));
	if (d)
		look(d);
	decisions_free(d);
	return 0;
}
