#include "sensor/case/case_explain.h"

#include "sensor/config/options.h"

#include <inttypes.h>

/* With their colons, which differ by language. */
struct headings {
	const char *what;
	const char *sure;
	const char *conditions;
	const char *evidence;
	const char *noted;
	const char *set_aside;
	const char *harmless;
	const char *otherwise;
	const char *unknown;
	const char *first;
	const char *where;
};

static const struct headings headings[LANGUAGES] = {
	{ "What was seen:", "How urgent, how sure:", "All of this holds:",
	  "This makes it more or less likely:", "Also measured:",
	  "Harmless explanations that were tried:", "It would be harmless if ",
	  "It would not have been told if any of these had been different:",
	  "What the sensor could not know:", "Do first:", "Where the other side is:" },
	{ "確認されたこと：", "緊急度と確かさ：", "次の条件がすべて当てはまります：",
	  "可能性を上げる（下げる）事実：", "そのほかに測定した値：", "検討した、問題のない説明：",
	  "問題のない場合：", "次のどれかが違っていれば、お知らせしていません：",
	  "センサーには分からなかったこと：", "まず行うこと：", "通信相手の所在：" },
};

static void put_head(const struct case_record *c, FILE *out)
{
	char chars[DEVICE_CALLED_LEN];
	struct text name = text_over(chars, sizeof(chars));
	char address[ADDRESS_TEXT_LEN];
	char mac[MAC_TEXT_LEN];
	char opened[NANOTIME_TEXT_LEN];

	case_device_name(&c->device, &name);
	nanotime_text(c->opened, opened);
	(void)fprintf(out, "P%d  %s", (int)c->priority, chars);
	for (uint32_t i = 0; i < c->device.address_count; i++) {
		address_text(&c->device.addresses[i], address);
		(void)fprintf(out, "  %s", address);
	}
	if (c->device.has_mac) {
		mac_text(&c->device.mac, mac);
		(void)fprintf(out, "  %s", mac);
	}
	(void)fprintf(out, "\n    case %s, opened %.19sZ, revision %u\n", c->id, opened,
		      c->revision);
}

static void put_urgency(const struct finding *f, enum language language, FILE *out)
{
	(void)fprintf(out, "    %s\n      ", headings[language].sure);
	if (language == LANGUAGE_EN)
		(void)fprintf(out,
			      "priority P%d, impact %u of 4, %.0f %% sure that it is what it looks "
			      "like\n",
			      (int)f->priority, f->impact, f->signal.confidence * 100);
	else
		(void)fprintf(out, "優先度P%d、影響は4段階の%u、見立てどおりである確かさは%.0f%%\n",
			      (int)f->priority, f->impact, f->signal.confidence * 100);
}

/* What moved urgency and impact beside what was seen. */
static void put_standing(const struct case_record *c, const struct finding *f,
			 enum language language, FILE *out)
{
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	for (int b = 0; b < STANDINGS; b++) {
		if ((c->standing & STANDING(b)) != 0)
			(void)fprintf(out, "      %s\n",
				      words_standing((enum standing)b, language));
	}
	words_suppression(f, language, &text);
	if (text.len > 0)
		(void)fprintf(out, "      %s\n", chars);
	if (c->is_digest)
		(void)fprintf(out, "      %s\n", words_digest(language));
	if (c->is_quiet)
		(void)fprintf(out, "      %s\n", words_quiet(language));
}

enum sort { SORT_CONDITION, SORT_EVIDENCE, SORT_TOLD };

static enum sort sort_of(const struct reason *r)
{
	if (r->comparison != COMPARE_NONE)
		return SORT_CONDITION;
	return r->times > 1 || r->times < 1 ? SORT_EVIDENCE : SORT_TOLD;
}

static void put_weight(const struct reason *r, enum language language, FILE *out)
{
	bool is_more = r->times > 1;
	double times = is_more ? r->times : 1 / r->times;

	if (language == LANGUAGE_EN)
		(void)fprintf(out, ": %.3g times %s likely", times, is_more ? "as" : "less");
	else
		(void)fprintf(out, "：可能性が約%.3g%s", times, is_more ? "倍" : "分の1");
}

static void put_reasons(const struct signal *s, enum sort sort, const char *heading,
			enum language language, FILE *out)
{
	bool is_first = true;

	for (uint8_t i = 0; i < s->reason_count; i++) {
		const struct reason *r = &s->reasons[i];
		const struct option *option = option_of_digest(r->option);
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		if (sort_of(r) != sort)
			continue;
		if (is_first)
			(void)fprintf(out, "    %s\n", heading);
		is_first = false;
		words_reason(r, language, &text);
		(void)fprintf(out, "      - %s", chars);
		if (sort == SORT_EVIDENCE)
			put_weight(r, language, out);
		if (option)
			(void)fprintf(out, "  [%s]", option->name);
		(void)fputc('\n', out);
	}
}

static void put_considered(const struct considered *considered, enum language language, FILE *out)
{
	if (considered->count > 0)
		(void)fprintf(out, "    %s\n", headings[language].set_aside);
	for (uint8_t i = 0; i < considered->count; i++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_considered(&considered->list[i], language, &text);
		(void)fprintf(out, "      - %s\n", chars);
	}
}

/* Each condition turned round: what nearly was not. */
static void put_otherwise(const struct signal *s, enum language language, FILE *out)
{
	bool is_first = true;

	for (uint8_t i = 0; i < s->reason_count; i++) {
		const struct reason *r = &s->reasons[i];
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		if (r->comparison == COMPARE_NONE)
			continue;
		if (is_first)
			(void)fprintf(out, "    %s\n", headings[language].otherwise);
		is_first = false;
		words_opposite(r, language, &text);
		(void)fprintf(out, "      - %s\n", chars);
	}
}

static void put_place(const struct signal *s, enum language language, FILE *out)
{
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_place(&s->place, s->last, language, &text);
	if (text.len > 0)
		(void)fprintf(out, "    %s\n      %s\n", headings[language].where, chars);
}

static void put_finding(const struct case_record *c, const struct finding *f,
			enum language language, FILE *out)
{
	const struct headings *h = &headings[language];
	enum signal_kind kind = (enum signal_kind)f->signal.kind;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_sentence(f, &c->device, language, &text);
	(void)fprintf(out, "\n    [%s]  %s  %s\n    %s\n      %s\n", words_title(kind, language),
		      story_of(kind)->rule, story_of(kind)->attack, h->what, chars);
	put_place(&f->signal, language, out);
	put_urgency(f, language, out);
	put_standing(c, f, language, out);
	put_reasons(&f->signal, SORT_CONDITION, h->conditions, language, out);
	put_reasons(&f->signal, SORT_EVIDENCE, h->evidence, language, out);
	put_reasons(&f->signal, SORT_TOLD, h->noted, language, out);
	put_considered(&f->considered, language, out);
	(void)fprintf(out, "    %s%s\n", h->harmless, words_benign(kind, language));
	put_otherwise(&f->signal, language, out);
}

static void put_language(const struct case_record *c, const struct case_view *view,
			 enum language language, FILE *out)
{
	const struct headings *h = &headings[language];
	enum signal_kind lead = (enum signal_kind)case_lead(c)->signal.kind;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	for (uint32_t i = 0; i < c->finding_count; i++)
		put_finding(c, &c->findings[i], language, out);
	words_unknown(view, language, &text);
	if (text.len > 0)
		(void)fprintf(out, "\n    %s\n      %s\n", h->unknown, chars);
	(void)fprintf(out, "    %s\n", h->first);
	for (size_t i = 0; words_step(lead, i, language); i++)
		(void)fprintf(out, "      %zu. %s\n", i + 1, words_step(lead, i, language));
}

void case_explain(const struct case_record *c, const struct case_view *view, enum language first,
		  unsigned languages, FILE *out)
{
	put_head(c, out);
	for (unsigned i = 0; i < languages; i++)
		put_language(c, view, (enum language)(first + i), out);
	(void)fputc('\n', out);
}
