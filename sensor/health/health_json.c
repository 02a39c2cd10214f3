#include "sensor/health/health_json.h"

#include "sensor/health/health_words.h"

static const char *const languages[LANGUAGES] = { "en", "ja" };

typedef void words_fn(const struct health_finding *finding, const char *interface,
		      enum language language, struct text *out);

static void put_words(struct json *j, const char *member, words_fn *words,
		      const struct health_finding *finding, const char *name)
{
	char chars[HEALTH_WORDS_LEN];

	json_object_begin(j, member);
	for (unsigned i = 0; i < LANGUAGES; i++) {
		struct text said = text_over(chars, sizeof(chars));

		words(finding, name, (enum language)i, &said);
		json_string(j, languages[i], chars);
	}
	json_object_end(j);
}

static void put_figures(struct json *j, const struct health_finding *finding)
{
	json_array_begin(j, "figures");
	for (unsigned i = 0; i < finding->figure_count; i++) {
		const struct health_figure *figure = &finding->figures[i];

		json_object_begin(j, NULL);
		json_string(j, "code", health_figure_name(figure->code));
		json_decimal(j, "value", figure->value);
		if (figure->bound != HEALTH_NO_BOUND)
			json_decimal(j, figure->bound == HEALTH_AT_LEAST ? "at_least" : "at_most",
				     figure->threshold);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_finding(struct json *j, const struct health_finding *finding, const char *name)
{
	json_string(j, "code", health_code_name(finding->code));
	json_string(j, "severity", health_severity_name(finding->severity));
	if (name[0] != '\0')
		json_string(j, "interface", name);
	if (finding->until > 0) {
		json_time(j, "from", finding->from);
		json_time(j, "until", finding->until);
	}
	put_words(j, "sentence", health_words_sentence, finding, name);
	put_words(j, "setting", health_words_setting, finding, name);
	put_figures(j, finding);
}

static void begin_line(struct json *j, nanotime when)
{
	json_object_begin(j, NULL);
	json_string(j, "schema", "hinomi.health/1");
	json_time(j, "timestamp", when);
}

void health_finding_json(struct json *j, const struct health_finding *finding, const char *name,
			 nanotime when)
{
	begin_line(j, when);
	put_finding(j, finding, name);
	json_object_end(j);
	json_line_end(j);
}

void health_case_json(struct json *j, const struct health_case *health_case, nanotime when)
{
	begin_line(j, when);
	json_string(j, "id", health_case->id);
	json_string(j, "state", health_case->is_open ? "open" : "closed");
	json_time(j, "first", health_case->first);
	json_time(j, "last", health_case->last);
	put_finding(j, &health_case->finding, health_case->interface);
	json_object_end(j);
	json_line_end(j);
}
