#include "sensor/app/decisions_report.h"

#include "sensor/judge/feedback.h"

#include <inttypes.h>

const char *suppression_state_text(enum suppression_state state)
{
	static const char *const texts[] = { [SUPPRESSION_HOLDS] = "in_force",
					     [SUPPRESSION_EXPIRED] = "expired",
					     [SUPPRESSION_NOT_YET] = "not_yet" };

	return texts[state];
}

void suppression_json(struct json *j, const struct suppression_use *use, nanotime now)
{
	const struct suppression *s = use->entry;

	json_object_begin(j, NULL);
	json_string(j, "id", s->id);
	json_string(j, "state", suppression_state_text(suppression_state(s, now)));
	json_uint(j, "held", use->held);
	json_uint(j, "shown", use->shown);
	json_string(j, "owner", s->owner);
	json_string(j, "reason", s->reason);
	json_time(j, "since", s->since);
	json_time(j, "expires", s->expires);
	if (use->last != 0)
		json_time(j, "last", use->last);
	json_object_end(j);
}

static bool is_set_aside(const struct judge_decided *decided, size_t i)
{
	return feedback_sets_aside(decided->config, decided->decisions,
				   decided->decisions->tallies[i].rule);
}

static void json_rules(struct json *j, const struct judge_decided *decided)
{
	const struct decisions *decisions = decided->decisions;
	bool is_open = false;

	for (size_t i = 0; decisions && i < decisions->tally_count; i++) {
		if (!is_set_aside(decided, i))
			continue;
		if (!is_open)
			json_array_begin(j, "rules_set_aside");
		is_open = true;
		json_string(j, NULL, decisions->tallies[i].rule);
	}
	if (is_open)
		json_array_end(j);
}

void decisions_report_json(struct json *j, const struct judge_decided *decided, nanotime now)
{
	size_t count = suppressions_count(decided->suppressions);

	if (count > 0)
		json_array_begin(j, "suppressions");
	for (size_t i = 0; i < count; i++) {
		const struct suppression_use use = suppressions_use_of(decided->suppressions, i);

		suppression_json(j, &use, now);
	}
	if (count > 0)
		json_array_end(j);
	json_rules(j, decided);
}

/* "expired 2026-11-01": of a time the day, which is what people wrote. */
static void put_day(const char *before, nanotime when, FILE *out)
{
	char text[NANOTIME_TEXT_LEN];

	nanotime_text(when, text);
	(void)fprintf(out, "%s%.10s", before, text);
}

void suppression_text(const struct suppression_use *use, nanotime now, FILE *out)
{
	const struct suppression *s = use->entry;

	(void)fprintf(out, "Suppression %s (%s): ", s->id, s->owner);
	switch (suppression_state(s, now)) {
	case SUPPRESSION_EXPIRED:
		put_day("EXPIRED ", s->expires, out);
		(void)fputs(", does nothing any more", out);
		break;
	case SUPPRESSION_NOT_YET:
		put_day("begins ", s->since, out);
		break;
	case SUPPRESSION_HOLDS:
		put_day("until ", s->expires, out);
		break;
	}
	(void)fprintf(out, "; %" PRIu64 " signals held back", use->held);
	if (use->shown > 0)
		(void)fprintf(out, ", %" PRIu64 " shown because they were P1", use->shown);
	(void)fputc('\n', out);
}

void decisions_report_text(const struct judge_decided *decided, nanotime now, FILE *out)
{
	const struct decisions *decisions = decided->decisions;

	for (size_t i = 0; i < suppressions_count(decided->suppressions); i++) {
		const struct suppression_use use = suppressions_use_of(decided->suppressions, i);

		suppression_text(&use, now, out);
	}
	for (size_t i = 0; decisions && i < decisions->tally_count; i++) {
		const struct rule_tally *t = &decisions->tallies[i];

		if (is_set_aside(decided, i))
			(void)fprintf(out,
				      "Rule %s is set aside: right in %" PRIu64 " of %" PRIu64
				      " judged cases; what it says is counted as report only\n",
				      t->rule, t->told_true, t->told_true + t->told_false);
	}
}

static void put_rule(const struct rule_tally *t, enum language language, FILE *out)
{
	uint64_t told = t->told_true + t->told_false;

	if (language == LANGUAGE_EN)
		(void)fprintf(out,
			      "    Rule %s was right in %" PRIu64 " of %" PRIu64
			      " judged cases: what it says is counted, and opens no case unless it "
			      "is grave.\n",
			      t->rule, t->told_true, told);
	else
		(void)fprintf(
			out,
			"    検知ルール%sは、判定済みの%" PRIu64 "件のうち%" PRIu64
			"件しか正しくありませんでした。重大なものを除き、通知せず件数だけを数え"
			"ます。\n",
			t->rule, told, t->told_true);
}

static void put_expired(const struct suppression *s, enum language language, FILE *out)
{
	char day[NANOTIME_TEXT_LEN];

	nanotime_text(s->expires, day);
	if (language == LANGUAGE_EN)
		(void)fprintf(
			out,
			"    Suppression %s of %s expired on %.10s and does nothing any more: "
			"decide anew, or remove it.\n",
			s->id, s->owner, day);
	else
		(void)fprintf(
			out,
			"    %sさんによる通知停止「%s」は%.10sに期限が切れ、現在は無効です。改め"
			"て判断するか、削除してください。\n",
			s->owner, s->id, day);
}

unsigned decisions_report_health(const struct judge_config *config,
				 const struct decisions *decisions, nanotime now,
				 enum language first, unsigned languages, FILE *out)
{
	unsigned lines = 0;

	for (size_t i = 0; decisions && i < decisions->tally_count; i++) {
		const struct rule_tally *t = &decisions->tallies[i];

		if (!feedback_sets_aside(config, decisions, t->rule))
			continue;
		(void)fprintf(out, "%-28s %s\n", "rule_set_aside", t->rule);
		for (unsigned l = 0; l < languages; l++)
			put_rule(t, (enum language)((first + l) % LANGUAGES), out);
		lines++;
	}
	for (size_t i = 0; decisions && i < decisions->suppression_count; i++) {
		const struct suppression *s = &decisions->suppressions[i];

		if (suppression_state(s, now) != SUPPRESSION_EXPIRED)
			continue;
		(void)fprintf(out, "%-28s %s\n", "suppression_expired", s->id);
		for (unsigned l = 0; l < languages; l++)
			put_expired(s, (enum language)((first + l) % LANGUAGES), out);
		lines++;
	}
	return lines;
}
