#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_html.h"
#include "tools/desk/desk_page.h"
#include "tools/desk/desk_words.h"

/* A member of the case's words in the language asked for. */
static const char *words_of(const struct desk_body *body, enum language language, const char *name)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "text.%s.%s", language == LANGUAGE_JA ? "ja" : "en",
		       name);
	return desk_body_text(body, path);
}

static void write_part(FILE *out, enum desk_word head, const char *text, enum language language)
{
	if (*text == '\0')
		return;
	desk_html_element(out, "h3", desk_word(head, language));
	desk_html_element(out, "p", text);
}

static void write_steps(FILE *out, const struct desk_body *body, enum language language)
{
	const char *name = language == LANGUAGE_JA ? "text.ja.do_first" : "text.en.do_first";
	size_t count = desk_body_count(body, name);

	if (count == 0)
		return;
	desk_html_element(out, "h3", desk_word(DESK_WORD_DO_FIRST, language));
	(void)fputs("<ol>\n", out);
	for (size_t i = 0; i < count; i++)
		desk_html_element(out, "li", desk_body_item_text(body, name, i));
	(void)fputs("</ol>\n", out);
}

/* What was measured, or which explanations were tried: each says itself in both languages. */
static void write_list(FILE *out, const struct desk_body *finding, const char *name,
		       enum language language)
{
	size_t count = desk_body_count(finding, name);

	if (count > 0)
		(void)fputs("<ul>\n", out);
	for (size_t i = 0; i < count; i++) {
		struct desk_body one = desk_body_item(finding, name, i);

		desk_html_element(out, "li",
				  desk_body_text(&one, language == LANGUAGE_JA ? "ja" : "en"));
	}
	if (count > 0)
		(void)fputs("</ul>\n", out);
}

static void write_finding(FILE *out, const struct desk_body *finding, enum language language)
{
	(void)fputs("<h3>", out);
	desk_html_text(out, desk_body_text(finding, "rule"));
	(void)fputs(" ", out);
	desk_html_text(out, desk_body_text(finding, "kind"));
	(void)fputs(" – ", out);
	desk_html_text(out, desk_body_text(finding, "object.value"));
	(void)fputs("</h3>\n", out);
	desk_html_element(out, "h4", desk_word(DESK_WORD_WHY, language));
	write_list(out, finding, "reasons", language);
	if (desk_body_count(finding, "considered") == 0)
		return;
	desk_html_element(out, "h4", desk_word(DESK_WORD_CONSIDERED, language));
	write_list(out, finding, "considered", language);
}

static void write_body(FILE *out, const struct desk_body *body, enum language language)
{
	desk_html_element(out, "h1", words_of(body, language, "title"));
	desk_html_element(out, "p", words_of(body, language, "what"));
	write_steps(out, body, language);
	write_part(out, DESK_WORD_HARMLESS_IF, words_of(body, language, "harmless_if"), language);
	write_part(out, DESK_WORD_NOT_KNOWN, words_of(body, language, "not_known"), language);
	for (size_t i = 0; i < desk_body_count(body, "findings"); i++) {
		struct desk_body finding = desk_body_item(body, "findings", i);

		write_finding(out, &finding, language);
	}
}

bool desk_page_case(struct desk_store *store, const char *sensor, const char *id,
		    enum language language, FILE *out)
{
	struct desk_rows *rows =
		desk_ask(store, "SELECT body FROM cases WHERE sensor=? AND id=?", "tt", sensor, id);
	struct desk_body body = { 0 };
	bool is_there = desk_next(rows) &&
			desk_body_open(&body, desk_text(rows, 0), desk_text_len(rows, 0));

	desk_done(rows);
	if (is_there) {
		desk_html_begin(out, words_of(&body, language, "title"), language);
		(void)fprintf(out, "<p><a href=\"/?lang=%s\">%s</a></p>\n",
			      language == LANGUAGE_JA ? "ja" : "en",
			      desk_word(DESK_WORD_BACK, language));
		write_body(out, &body, language);
		desk_html_end(out);
	}
	desk_body_close(&body);
	return is_there;
}
