/* Names and networks that are common among offices: "example.com,41" a line, or the item alone. */
#include "sensor/feed/feed_line.h"

#include <stdlib.h>
#include <string.h>

enum { OFFICES_MAX = 255 };

enum err feed_read_offices(FILE *from, const struct feed_sink *sink)
{
	struct feed_lines lines = { .from = from, .sink = sink };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		/* Whoever counts no offices gives a list of what is common: as many as can be told.
		 */
		struct feed_row row = { .text = lines.text,
					.family = "",
					.confidence = OFFICES_MAX,
					.line = lines.line };
		char *comma = strchr(lines.text, ',');

		if (lines.text[0] == '#' ||
		    (lines.line == 1 && strncmp(lines.text, "item,", 5) == 0))
			continue;
		if (comma) {
			char *end;
			long offices = strtol(comma + 1, &end, 10);

			if (end == comma + 1 || *end != '\0' || offices < 1) {
				sink->refuse(sink->arg, lines.line, lines.text,
					     "behind the comma stands how many offices");
				continue;
			}
			row.confidence = offices > OFFICES_MAX ? OFFICES_MAX : (int)offices;
			*comma = '\0';
		}
		row.text = feed_trim(lines.text);
		err = sink->take(sink->arg, &row);
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}
