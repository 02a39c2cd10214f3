#include "sensor/app/watch_decided.h"

#include "sensor/judge/feedback.h"

#include <string.h>

enum { SENTENCE_LEN = 256 };

static bool is_set_aside(const struct judge_decided *decided, size_t i)
{
	return feedback_sets_aside(decided->config, decided->decisions,
				   decided->decisions->tallies[i].rule);
}

static void say_rule(const struct rule_tally *tally, struct journal *journal)
{
	uint64_t told = tally->told_true + tally->told_false;
	char sentence[SENTENCE_LEN];
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "rule_set_aside",
					     .sentence = sentence,
					     .fields = { { "rule", tally->rule } } };

	(void)snprintf(sentence, sizeof(sentence),
		       "rule %s was right in %llu of %llu judged cases: what it says is counted "
		       "only",
		       tally->rule, (unsigned long long)tally->told_true, (unsigned long long)told);
	journal_say(journal, &entry);
}

static void say_expired(const struct suppression *s, struct journal *journal)
{
	char sentence[SENTENCE_LEN];
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "suppression_expired",
					     .sentence = sentence,
					     .fields = { { "suppression", s->id } } };

	(void)snprintf(sentence, sizeof(sentence),
		       "suppression %s of %s has expired and does nothing any more: decide anew, "
		       "or remove it",
		       s->id, s->owner);
	journal_say(journal, &entry);
}

void watch_decided_look(struct decided_said *said, const struct judge_decided *decided,
			struct journal *journal)
{
	const struct decisions *d = decided->decisions;

	if (!d || decided->now == 0)
		return;
	for (size_t i = 0; i < d->tally_count && !said->rules; i++) {
		if (is_set_aside(decided, i))
			say_rule(&d->tallies[i], journal);
	}
	said->rules = true;
	for (size_t i = 0; i < d->suppression_count; i++) {
		if (said->expired[i] ||
		    suppression_state(&d->suppressions[i], decided->now) != SUPPRESSION_EXPIRED)
			continue;
		said->expired[i] = true;
		say_expired(&d->suppressions[i], journal);
	}
}

struct decided_figures watch_decided_figures(const struct judge_decided *decided)
{
	struct decided_figures figures = { .count = 0 };
	size_t count = suppressions_count(decided->suppressions);

	for (size_t i = 0; i < count; i++) {
		const struct suppression_use use = suppressions_use_of(decided->suppressions, i);
		enum suppression_state state = suppression_state(use.entry, decided->now);

		figures.expired += state == SUPPRESSION_EXPIRED;
		if (figures.count == DECIDED_FIGURES_MAX)
			continue;

		struct decided_figure *f = &figures.first[figures.count++];

		memcpy(f->id, use.entry->id, sizeof(f->id));
		f->held = use.held;
		f->shown = use.shown;
		f->is_in_force = state == SUPPRESSION_HOLDS;
	}
	for (size_t i = 0; decided->decisions && i < decided->decisions->tally_count; i++)
		figures.rules_set_aside += is_set_aside(decided, i);
	return figures;
}
