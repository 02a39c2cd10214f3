#include "tools/desk/desk_page.h"

#include "sensor/base/nanotime.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_html.h"
#include "tools/desk/desk_words.h"

#include <inttypes.h>
#include <string.h>

struct page {
	FILE *out;
	enum language language;
	size_t troubled;
};

static void write_time(FILE *out, int64_t time)
{
	char text[NANOTIME_TEXT_LEN];

	(void)nanotime_text((nanotime)time, text);
	(void)fprintf(out, "%.16s UTC", text);
}

/* Who needs help, in words. */
static void write_trouble(void *arg, const struct desk_state *s)
{
	struct page *page = arg;

	if (s->has[DESK_REVOKED] || desk_state_gravest(s) == DESK_TROUBLES)
		return;
	if (page->troubled++ == 0)
		(void)fputs("<ul>\n", page->out);
	for (unsigned i = 0; i < DESK_TROUBLES; i++) {
		if (!s->has[i])
			continue;
		(void)fputs("<li class=\"bad\"><b>", page->out);
		desk_html_text(page->out, s->office);
		(void)fputs("</b> (", page->out);
		desk_html_text(page->out, s->sensor);
		(void)fputs("): ", page->out);
		desk_html_text(page->out,
			       desk_word_of_trouble((enum desk_trouble)i, page->language));
		(void)fputs(" (", page->out);
		write_time(page->out, s->heard);
		(void)fputs(")</li>\n", page->out);
	}
}

static void write_number(FILE *out, bool is_known, uint64_t number)
{
	if (is_known)
		(void)fprintf(out, "<td>%" PRIu64 "</td>", number);
	else
		(void)fputs("<td>–</td>", out);
}

static void write_row(void *arg, const struct desk_state *s)
{
	struct page *page = arg;
	enum desk_trouble gravest = desk_state_gravest(s);

	(void)fprintf(page->out, "<tr%s><td>", gravest < DESK_TROUBLES ? " class=\"bad\"" : "");
	desk_html_text(page->out, s->office);
	(void)fputs("</td><td>", page->out);
	desk_html_text(page->out, s->sensor);
	(void)fputs("<br>", page->out);
	desk_html_text(page->out, s->host);
	(void)fputs(" ", page->out);
	desk_html_text(page->out, s->version);
	(void)fputs("</td><td>", page->out);
	write_time(page->out, s->heard);
	(void)fputs("</td><td>", page->out);
	desk_html_text(page->out, desk_word_of_trouble(gravest, page->language));
	(void)fputs("</td>", page->out);
	write_number(page->out, true, s->missing);
	write_number(page->out, s->has_heartbeat, s->packets);
	write_number(page->out, s->has_heartbeat, s->dropped);
	if (s->feeds_days >= 0)
		(void)fprintf(page->out, "<td>%.1f</td>", s->feeds_days);
	else
		(void)fputs("<td>–</td>", page->out);
	write_number(page->out, true, s->cases);
	(void)fputs("</tr>\n", page->out);
}

static void write_sensors(struct desk_store *store, struct page *page, int64_t now)
{
	static const enum desk_word heads[] = {
		DESK_WORD_OFFICE,  DESK_WORD_SENSOR,  DESK_WORD_LAST_WORD,
		DESK_WORD_STATE,   DESK_WORD_MISSING, DESK_WORD_PACKETS,
		DESK_WORD_DROPPED, DESK_WORD_FEEDS,   DESK_WORD_CASES,
	};

	desk_html_element(page->out, "h2", desk_word(DESK_WORD_SENSORS, page->language));
	(void)fputs("<table><tr>", page->out);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		desk_html_element(page->out, "th", desk_word(heads[i], page->language));
	(void)fputs("</tr>\n", page->out);
	(void)desk_state_each(store, NULL, now, write_row, page);
	(void)fputs("</table>\n", page->out);
}

/* Says the case in a line that leads to all of it. */
static void write_case(const struct page *page, struct desk_rows *rows)
{
	const char *language = page->language == LANGUAGE_JA ? "ja" : "en";
	const char *title;
	struct desk_body body = { 0 };

	(void)desk_body_open(&body, desk_text(rows, 3), desk_text_len(rows, 3));
	title = desk_body_text(&body,
			       page->language == LANGUAGE_JA ? "text.ja.title" : "text.en.title");
	(void)fprintf(page->out, "<li>%s %" PRId64 ": <a href=\"/case?lang=%s&amp;sensor=",
		      desk_word(DESK_WORD_PRIORITY, page->language), desk_number(rows, 2),
		      language);
	desk_html_query(page->out, desk_text(rows, 0));
	(void)fputs("&amp;id=", page->out);
	desk_html_query(page->out, desk_text(rows, 1));
	(void)fputs("\">", page->out);
	desk_html_text(page->out, *title != '\0' ? title : desk_text(rows, 1));
	(void)fputs("</a>, ", page->out);
	desk_html_text(page->out, desk_body_text(&body, "device.name"));
	(void)fputs(", ", page->out);
	desk_html_text(page->out, desk_text(rows, 4));
	(void)fputs(". ", page->out);
	desk_html_text(page->out,
		       desk_body_text(&body, page->language == LANGUAGE_JA ? "text.ja.what"
									   : "text.en.what"));
	(void)fputs("</li>\n", page->out);
	desk_body_close(&body);
}

static void write_cases(struct desk_store *store, const struct page *page)
{
	struct desk_rows *rows =
		desk_ask(store,
			 "SELECT c.sensor, c.id, c.priority, c.body, s.office FROM cases c "
			 "JOIN sensors s ON s.name=c.sensor WHERE c.is_open=1 "
			 "ORDER BY c.priority, c.last DESC LIMIT 500",
			 "");
	size_t count = 0;

	desk_html_element(page->out, "h2", desk_word(DESK_WORD_CASES, page->language));
	while (desk_next(rows)) {
		if (count++ == 0)
			(void)fputs("<ul>\n", page->out);
		write_case(page, rows);
	}
	if (count > 0)
		(void)fputs("</ul>\n", page->out);
	else
		desk_html_element(page->out, "p", desk_word(DESK_WORD_NO_CASES, page->language));
}

void desk_page_write(struct desk_store *store, enum language language, int64_t now, FILE *out)
{
	struct page page = { .out = out, .language = language };

	desk_html_begin(out, desk_word(DESK_WORD_TITLE, language), language);
	desk_html_element(out, "h1", desk_word(DESK_WORD_NEEDS_YOU, language));
	(void)desk_state_each(store, NULL, now, write_trouble, &page);
	if (page.troubled > 0)
		(void)fputs("</ul>\n", out);
	else
		desk_html_element(out, "p", desk_word(DESK_WORD_ALL_WELL, language));
	write_cases(store, &page);
	write_sensors(store, &page, now);
	desk_html_end(out);
}
