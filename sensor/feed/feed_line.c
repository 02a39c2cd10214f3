#include "sensor/feed/feed_line.h"

#include <string.h>
#include <time.h>

static const char white[] = " \t\r\n";

char *feed_trim(char *text)
{
	size_t len;

	text += strspn(text, white);
	len = strlen(text);
	while (len > 0 && strchr(white, text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* Reads up to the end of the line; false at the end of the file. */
static bool read_line(struct feed_lines *lines, const char **why)
{
	size_t len = 0;
	int c = getc_unlocked(lines->from);

	*why = NULL;
	if (c == EOF)
		return false;
	for (; c != EOF && c != '\n'; c = getc_unlocked(lines->from)) {
		if (c == '\0')
			*why = "a NUL byte: no text";
		else if (len < sizeof(lines->text) - 1)
			lines->text[len++] = (char)c;
		else
			*why = "the line is too long";
	}
	lines->text[len] = '\0';
	lines->line++;
	return true;
}

bool feed_next_line(struct feed_lines *lines)
{
	const char *why;

	while (read_line(lines, &why)) {
		char *start;

		if (why) {
			lines->sink->refuse(lines->sink->arg, lines->line, lines->text, why);
			continue;
		}
		start = feed_trim(lines->text);
		if (lines->line == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0)
			start = feed_trim(start + 3);
		memmove(lines->text, start, strlen(start) + 1);
		if (lines->text[0] != '\0')
			return true;
	}
	return false;
}

nanotime feed_time(const char *text)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d", &tm);

	if (!rest)
		return 0;
	/* The day counts; a zone would move it by one at most. */
	time_t seconds = timegm(&tm);

	return seconds < 0 ? 0 : (nanotime)seconds * NANOTIME_SECOND;
}
