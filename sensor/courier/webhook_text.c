#include "sensor/courier/webhook_text.h"

#include "sensor/base/text.h"

#include <string.h>

/* What stands around the case's own words. */
static const struct phrases {
	const char *device;
	const char *between; /* the device's name and more of it */
	const char *end;
	const char *harmless;
	const char *case_id;
	const char *taken_back;
	const char *why_back;
	const char *blind;
	const char *sees_again;
} phrases[LANGUAGES] = {
	[LANGUAGE_EN] = { "Device: ", " (", ")", "Can be harmless if: ", "Case: ", "[Taken back] ",
			  "What this stood on turned out to be ordinary, or it is told of in "
			  "another case.",
			  "[The office is not watched] ", "[Over] " },
	[LANGUAGE_JA] = { "機器：", "（", "）", "問題のない例：", "案件番号：", "【取り下げ】",
			  "根拠となった通信が通常のものと分かったか、別の案件にまとめられました"
			  "。",
			  "【監視できていません】", "【解消】" },
};

/* `host` is never written so that a chat service makes a link of it. */
static void add_safe(struct text *t, const char *from, const char *host)
{
	size_t host_len = strlen(host);

	while (*from != '\0') {
		if (host_len > 0 && strncmp(from, host, host_len) == 0) {
			for (const char *end = from + host_len; from < end; from++) {
				if (*from == '.')
					text_add(t, "[.]");
				else
					text_add_char(t, *from);
			}
			continue;
		}
		if (*from == '<')
			text_add(t, "‹");
		else if (*from == '>')
			text_add(t, "›");
		else if (*from == '@')
			text_add(t, "＠");
		else
			text_add_char(t, *from);
		from++;
	}
}

static void add_line(struct text *t, const char *before, const char *value, const char *host)
{
	if (*value == '\0')
		return;
	text_add(t, before);
	add_safe(t, value, host);
	text_add(t, "\n");
}

static void add_device(struct text *t, const struct case_view_device *device,
		       const struct phrases *words)
{
	const char *name = *device->label != '\0' ? device->label : device->name;
	const char *more = *device->label != '\0' ? device->name : "";

	text_add(t, words->device);
	add_safe(t, name, "");
	if (*more != '\0' || *device->place != '\0') {
		text_add(t, words->between);
		add_safe(t, more, "");
		text_add(t, *more != '\0' && *device->place != '\0' ? ", " : "");
		add_safe(t, device->place, "");
		text_add(t, words->end);
	}
	text_add(t, "\n");
}

static void add_what(struct text *t, const struct case_view_words *words,
		     const struct phrases *around, const char *host)
{
	add_line(t, "", words->what, host);
	for (size_t i = 0; i < words->steps; i++) {
		text_format(t, "%zu. ", i + 1);
		add_line(t, "", words->do_first[i], host);
	}
	add_line(t, around->harmless, words->harmless_if, host);
}

/* Names of the office's own machines are for people to read. */
static const char *host_outside(const struct case_view_finding *lead)
{
	bool is_name =
		strcmp(lead->object_kind, "host") == 0 || strcmp(lead->object_kind, "zone") == 0;

	return is_name || strcmp(lead->direction, "lateral") != 0 ? lead->object_value : "";
}

void webhook_text_case(const struct case_view *view, enum language language,
		       char out[static WEBHOOK_TEXT_MAX])
{
	const struct case_view_words *words = &view->words[language];
	const struct phrases *around = &phrases[language];
	const char *host = host_outside(&view->lead);
	struct text t = text_over(out, WEBHOOK_TEXT_MAX);

	if (case_view_is_closed(view))
		text_add(&t, around->taken_back);
	else
		text_format(&t, language == LANGUAGE_JA ? "【優先度%u】" : "[Priority %u] ",
			    view->priority);
	add_line(&t, "", words->title, host);
	add_device(&t, &view->device, around);
	if (case_view_is_closed(view))
		add_line(&t, "", around->why_back, "");
	else
		add_what(&t, words, around, host);
	add_line(&t, around->case_id, view->id, "");
}

void webhook_text_health(const struct health_body *view, enum language language,
			 char out[static WEBHOOK_TEXT_MAX])
{
	const struct phrases *around = &phrases[language];
	bool is_open = strcmp(view->state, "open") == 0;
	struct text t = text_over(out, WEBHOOK_TEXT_MAX);

	add_line(&t, is_open ? around->blind : around->sees_again, view->sentence[language], "");
	if (is_open)
		add_line(&t, "", view->setting[language], "");
	add_line(&t, around->case_id, view->id, "");
}
