#include "sensor/health/health_words.h"

#include "sensor/health/health_phrases.h"

static bool is_share(enum health_figure_code code)
{
	return code == HEALTH_FIGURE_ONE_SIDED_SHARE || code == HEALTH_FIGURE_ADDRESS_SHARE ||
	       code == HEALTH_FIGURE_ROUTED_SHARE || code == HEALTH_FIGURE_DROPPED_SHARE ||
	       code == HEALTH_FIGURE_COPIES_SHARE;
}

static void put_figure(const struct health_finding *finding, unsigned i, enum language language,
		       struct text *out)
{
	if (i >= finding->figure_count)
		return;

	const struct health_figure *figure = &finding->figures[i];

	if (is_share(figure->code))
		text_format(out, language == LANGUAGE_JA ? "%.0f%%" : "%.0f %%",
			    100 * figure->value);
	else
		text_format(out, "%.0f", figure->value);
}

/* To the second: "2026-11-22T09:00:00Z". */
static void put_time(nanotime when, struct text *out)
{
	char chars[NANOTIME_TEXT_LEN];

	(void)nanotime_text(when, chars);
	text_format(out, "%.19sZ", chars);
}

static void put_part(const struct health_finding *finding, const char *interface,
		     enum language language, char part, struct text *out)
{
	static const char *const a_file[LANGUAGES] = { "the interface", "インターフェース" };

	if (part == 'I')
		text_add(out, interface[0] != '\0' ? interface : a_file[language]);
	else if (part == 'F')
		put_time(finding->from, out);
	else if (part == 'U')
		put_time(finding->until, out);
	else
		put_figure(finding, (unsigned)(part - '0'), language, out);
}

static void fill(const char *phrase, const struct health_finding *finding, const char *interface,
		 enum language language, struct text *out)
{
	for (const char *at = phrase; *at != '\0'; at++) {
		if (*at != '%') {
			text_add_char(out, *at);
			continue;
		}
		at++;
		put_part(finding, interface, language, *at, out);
	}
}

void health_words_sentence(const struct health_finding *finding, const char *interface,
			   enum language language, struct text *out)
{
	fill(health_phrases_of(finding)->sentence[language], finding, interface, language, out);
}

void health_words_setting(const struct health_finding *finding, const char *interface,
			  enum language language, struct text *out)
{
	fill(health_phrases_of(finding)->setting[language], finding, interface, language, out);
}
