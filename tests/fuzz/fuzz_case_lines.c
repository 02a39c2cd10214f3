#include "sensor/base/utf8.h"
#include "sensor/courier/cef_line.h"
#include "sensor/courier/eve_line.h"
#include "sensor/courier/webhook_text.h"
#include "sensor/delivery/parcel.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Whatever a body says: a line stays one line, of whole characters. */
static void check_utf8(const char *text)
{
	struct span rest = { (const uint8_t *)text, strlen(text) };

	while (rest.len > 0) {
		size_t len = utf8_length(rest);

		assert(len > 0);
		rest.data += len;
		rest.len -= len;
	}
}

static void check_eve(const struct parcel *parcel)
{
	char *line;
	size_t len;

	if (eve_line_parcel(parcel, true, &line, &len) != ERR_OK)
		return;
	assert(strlen(line) == len && strchr(line, '\n') == line + len - 1);
	check_utf8(line);
	free(line);
}

static void check_cef(const struct parcel *parcel)
{
	char line[CEF_LINE_MAX];

	if (cef_line_parcel(parcel, line) != ERR_OK)
		return;
	assert(strncmp(line, "CEF:0|", 6) == 0 && !strpbrk(line, "\r\n"));
	check_utf8(line);
}

/* Nothing in a message calls anybody, in either language. */
static void check_text(const char *text)
{
	assert(strlen(text) < WEBHOOK_TEXT_MAX && !strpbrk(text, "<>@"));
}

static void check_texts(const struct parcel *parcel)
{
	char text[WEBHOOK_TEXT_MAX];
	struct case_view view;
	struct health_body body;

	for (unsigned i = 0; i < LANGUAGES; i++) {
		if (case_view_read(parcel->body, parcel->body_len, &view) == ERR_OK) {
			webhook_text_case(&view, (enum language)i, text);
			case_view_free(&view);
			check_text(text);
		}
		if (health_body_read(parcel->body, parcel->body_len, &body) == ERR_OK) {
			webhook_text_health(&body, (enum language)i, text);
			health_body_free(&body);
			check_text(text);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct parcel parcel = { .sensor = "s", .body = (const char *)data, .body_len = len };

	for (parcel.kind = PARCEL_CASE; parcel.kind <= PARCEL_HEALTH; parcel.kind++) {
		check_eve(&parcel);
		check_cef(&parcel);
	}
	check_texts(&parcel);
	return 0;
}
