#include "sensor/case/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COUNTED_EXACTLY = 64 };

/* One a line, so that one can be added beside another. */
/* clang-format off */
static const struct word_family *const families[] = {
	&words_assets,
	&words_c2,
	&words_listed,
	&words_dns,
	&words_inside,
	&words_lateral,
	&words_logins,
	&words_places,
	&words_raw,
	&words_remembered,
	&words_tools,
	&words_volume,
	&words_web,
};
/* clang-format on */

enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

/* NULL when a kind has no words, which a test forbids. */
static const struct kind_words *words_of(enum signal_kind kind)
{
	for (size_t f = 0; f < FAMILIES; f++) {
		for (size_t i = 0; i < families[f]->kind_count; i++) {
			if (families[f]->kinds[i].kind == kind)
				return &families[f]->kinds[i];
		}
	}
	return NULL;
}

static const struct reason_words *reason_words_of(enum reason_code code)
{
	for (size_t f = 0; f < FAMILIES; f++) {
		for (size_t i = 0; i < families[f]->reason_count; i++) {
			if (families[f]->reasons[i].code == code)
				return &families[f]->reasons[i];
		}
	}
	return NULL;
}

/*
 * Adds `pattern` up to a "%" or its end, and returns where that is. Of "{one|many}" it takes what
 * goes with the number.
 */
static const char *add_plain(struct text *out, const char *pattern, bool is_one)
{
	char chars[WORDS_TEXT_LEN];
	struct text plain = text_over(chars, sizeof(chars));
	bool is_shown = true;

	for (; *pattern != '\0' && *pattern != '%'; pattern++) {
		if (*pattern == '{')
			is_shown = is_one;
		else if (*pattern == '|')
			is_shown = !is_one;
		else if (*pattern == '}')
			is_shown = true;
		else if (is_shown)
			text_add_char(&plain, *pattern);
	}
	text_add(out, chars);
	return pattern;
}

static void add_duration(struct text *out, double seconds, enum language language)
{
	static const char *const in_seconds[LANGUAGES] = { " seconds", "秒" };
	static const char *const in_minutes[LANGUAGES] = { " minutes", "分" };
	static const char *const in_hours[LANGUAGES] = { " hours", "時間" };
	bool is_hours = seconds >= 2 * 3600;
	bool is_minutes = !is_hours && seconds >= 120;
	double value = is_hours ? seconds / 3600 : is_minutes ? seconds / 60 : seconds;
	const char *const *unit = is_hours ? in_hours : is_minutes ? in_minutes : in_seconds;

	if (seconds < 1.05)
		text_add(out, language == LANGUAGE_EN ? "1 second" : "1秒");
	else
		text_format(out, value < 4.95 ? "%.2g%s" : "%.0f%s", value, unit[language]);
}

/* A span as part of a sentence: "within 10 minutes". */
static void add_within(struct text *out, double seconds, enum language language)
{
	bool is_en = language == LANGUAGE_EN;

	if (seconds < 1) {
		text_add(out, is_en ? "within a second" : "1秒以内");
		return;
	}
	if (is_en)
		text_add(out, "within ");
	add_duration(out, seconds, language);
	if (!is_en)
		text_add(out, "の間");
}

void words_object(const struct signal *signal, enum language language, struct text *out)
{
	const struct signal_object *o = &signal->object;
	bool is_en = language == LANGUAGE_EN;

	if (o->kind == OBJECT_NETWORK) {
		text_add(out, is_en ? "the office network" : "事務所のネットワーク");
		return;
	}
	if (o->kind == OBJECT_PORT && strcmp(o->text, "ping") != 0)
		text_add(out, is_en ? "port " : "ポート（接続口）");
	text_add(out, o->text);
}

void words_count(const struct signal *signal, enum language language, struct text *out)
{
	if (!words_of((enum signal_kind)signal->kind)->is_exact && signal->count > COUNTED_EXACTLY)
		text_add(out, language == LANGUAGE_EN ? "about " : "約");
	text_format(out, "%" PRIu64, signal->count);
}

const char *words_title(enum signal_kind kind, enum language language)
{
	return words_of(kind)->title[language];
}

static void add_bytes(struct text *out, double bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	size_t unit = 0;

	while (bytes >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1000;
		unit++;
	}
	text_format(out, bytes < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static double value_of(const struct signal *s, enum reason_code code)
{
	const struct reason *reason = signal_find_reason(s, code);

	return reason ? reason->value : 0;
}

/* Shorter than a day: hours. */
static void add_days(struct text *out, double days, enum language language)
{
	const double seconds_a_day = 86400;
	bool is_en = language == LANGUAGE_EN;

	if (days < 1)
		add_duration(out, days * seconds_a_day, language);
	else if (is_en)
		text_format(out, days < 1.5 ? "%.0f day" : "%.0f days", days);
	else
		text_format(out, "%.0f日", days);
}

/* What stands for a letter after "%". */
static void fill_in(char letter, const struct finding *finding, const struct device *device,
		    enum language language, struct text *out)
{
	const struct signal *s = &finding->signal;

	switch (letter) {
	case 'D':
		case_device_name(device, out);
		break;
	case 'O':
		words_object(s, language, out);
		break;
	case 'N':
		words_count(s, language, out);
		break;
	case 'P':
		add_duration(out, value_of(s, REASON_PERIOD), language);
		break;
	case 'T':
		add_within(out, nanotime_seconds(nanotime_between(s->first, s->last)), language);
		break;
	case 'B':
		add_bytes(out, value_of(s, REASON_BYTES_UP));
		break;
	case 'A':
		add_days(out, value_of(s, REASON_DAYS_BEFORE), language);
		break;
	case 'X':
		text_add(out, s->detail);
		break;
	default:
		break;
	}
}

void words_sentence(const struct finding *finding, const struct device *device,
		    enum language language, struct text *out)
{
	const struct signal *s = &finding->signal;
	const struct kind_words *words = words_of((enum signal_kind)s->kind);
	enum telling telling = words->telling ? words->telling(s) : TELLING_USUAL;

	const char *c = add_plain(out, words->sentence[telling][language], s->count == 1);

	while (*c == '%') {
		fill_in(c[1], finding, device, language, out);
		c = add_plain(out, c + 2, s->count == 1);
	}
}

/* A unit names no values: "%" in it stands for itself. */
static void add_unit(struct text *out, const char *unit, bool is_one)
{
	const char *rest = add_plain(out, unit, is_one);

	while (*rest == '%') {
		text_add_char(out, '%');
		rest = add_plain(out, rest + 1, is_one);
	}
}

static void add_value(struct text *out, const struct reason_words *words, double value,
		      enum language language)
{
	if (words->is_share)
		text_format(out, language == LANGUAGE_EN ? "%.0f %%" : "%.0f%%", value * 100);
	else
		text_format(out, "%.*f", value == floor(value) ? 0 : 2, value);
	if (!words->is_share && words->unit[language])
		add_unit(out, words->unit[language], fabs(value - 1) < 1e-9);
}

void words_reason(const struct reason *reason, enum language language, struct text *out)
{
	const struct reason_words *words = reason_words_of((enum reason_code)reason->code);
	bool is_en = language == LANGUAGE_EN;

	text_add(out, words->text[language]);
	if (words->is_fact)
		return;
	text_add(out, is_en ? ": " : "：");
	add_value(out, words, reason->value, language);
	if (reason->comparison == COMPARE_NONE)
		return;
	text_add(out, is_en ? " (" : "（");
	if (is_en)
		text_add(out, reason->comparison == COMPARE_AT_LEAST ? "at least " : "at most ");
	add_value(out, words, reason->threshold, language);
	if (!is_en)
		text_add(out, reason->comparison == COMPARE_AT_LEAST ? "以上" : "以下");
	text_add(out, is_en ? ")" : "）");
}

void words_opposite(const struct reason *reason, enum language language, struct text *out)
{
	const struct reason_words *words = reason_words_of((enum reason_code)reason->code);
	bool is_at_least = reason->comparison == COMPARE_AT_LEAST;

	if (words->is_fact) {
		text_add(out, language == LANGUAGE_EN ? "not: " : "次に当てはまらない：");
		text_add(out, words->text[language]);
		return;
	}
	text_add(out, words->text[language]);
	if (language == LANGUAGE_EN) {
		text_add(out, is_at_least ? ": less than " : ": more than ");
		add_value(out, words, reason->threshold, language);
		return;
	}
	text_add(out, "：");
	add_value(out, words, reason->threshold, language);
	text_add(out, is_at_least ? "未満" : "を超える");
}

bool words_is_plain(enum reason_code code)
{
	return !reason_words_of(code)->is_technical;
}

const char *words_reason_name(enum reason_code code)
{
	return reason_words_of(code)->name;
}

const char *words_unit(const struct signal *signal)
{
	return words_of((enum signal_kind)signal->kind)->units[signal->count == 1 ? 0 : 1];
}

const char *words_outcome(const struct signal *signal)
{
	static const char *const phrases[] = {
		[OUTCOME_ATTEMPT] = "no answer",
		[OUTCOME_REFUSED] = "refused",
		[OUTCOME_ANSWERED] = "answered",
		[OUTCOME_DATA] = "data went both ways",
	};
	const char *own = words_of((enum signal_kind)signal->kind)->outcomes[signal->outcome];

	return own ? own : phrases[signal->outcome];
}

void words_considered(const struct consideration *c, enum language language, struct text *out)
{
	const struct consideration_words *words = consideration_words_of((enum gate)c->gate);

	text_add(out, c->is_known ? words->set_aside[language] : words->not_known[language]);
}

const char *words_step(enum signal_kind kind, size_t i, enum language language)
{
	return i < WORDS_STEPS_MAX ? words_steps[words_of(kind)->steps[i]][language] : NULL;
}

const char *words_benign(enum signal_kind kind, enum language language)
{
	return words_of(kind)->benign[language];
}

void words_unknown(const struct case_view *view, enum language language, struct text *out)
{
	bool is_en = language == LANGUAGE_EN;

	if (!view->has_history) {
		text_add(out, is_en ? "The recording covers only " : "記録されたのは");
		add_duration(out, nanotime_seconds(nanotime_between(view->first, view->last)),
			     language);
		text_add(out, is_en ? ": what is usual for this device is not known."
				    : "のみのため、この機器の普段の動きは分かりません。");
	}
	if (is_en && out->len > 0 && !view->dns_seen)
		text_add_char(out, ' ');
	if (!view->dns_seen)
		text_add(out, is_en ? "No name lookups were seen, so addresses may lack names."
				    : "名前の問い合わせが見えていないため、宛先の名前が欠けることが"
				      "あります。");
	if (is_en && out->len > 0 && view->refused > 0)
		text_add_char(out, ' ');
	if (view->refused == 0)
		return;
	text_format(out, is_en ? "%" PRIu64 : "読み取れなかったデータ（フレーム）が%" PRIu64,
		    view->refused);
	if (is_en)
		text_add(out, view->refused == 1 ? " frame" : " frames");
	text_add(out, is_en ? " could not be read." : "個ありました。");
}
