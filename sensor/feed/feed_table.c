/*
 * Tables as text: comma-separated values (RFC 4180, a record a line) whose header may stand behind
 * a "#", as at abuse.ch; Maltrail's trails.csv, which has none; and Zeek's intelligence files,
 * whose fields are apart by tabs.
 */
#include "sensor/base/text.h"
#include "sensor/feed/feed_line.h"
#include "sensor/feed/feed_record.h"
#include "sensor/feed/trail_trust.h"

#include <string.h>

enum { COLUMNS_MAX = 32, HEADER_LEN = 1024 };

struct table {
	char header[HEADER_LEN];
	const char *names[COLUMNS_MAX];
	size_t columns;
	const char *values[COLUMNS_MAX];
	size_t count;
};

/*
 * Takes the quotes off a field, in place, up to its separator or the end, which it returns; a
 * doubled quote within them stays one.
 */
static char *unquote(char *from, char separator)
{
	char *to = from++;
	bool is_quoted = true;

	for (; *from != '\0' && (is_quoted || *from != separator); from++) {
		if (is_quoted && *from == '"' && *++from != '"') {
			is_quoted = false;
			if (*from == '\0' || *from == separator)
				break;
		}
		*to++ = *from;
	}
	*to = '\0'; /* behind the quote that began it, so before what ends it */
	return from;
}

/* Cuts a line at `separator` into fields, in place. */
static size_t split(char *line, char separator, const char *fields[COLUMNS_MAX])
{
	size_t count = 0;
	char *from = line;

	while (count < COLUMNS_MAX) {
		char *end;
		char ended;

		if (separator != '\t')
			from += strspn(from, " ");
		fields[count++] = from;
		end = separator != '\t' && *from == '"' ? unquote(from, separator)
							: strchr(from, separator);
		if (!end)
			break;
		ended = *end;
		*end = '\0';
		if (ended == '\0')
			break;
		from = end + 1;
	}
	return count;
}

static const char *field(void *arg, const char *name)
{
	struct table *table = arg;

	for (size_t i = 0; i < table->columns && i < table->count; i++) {
		if (strcmp(table->names[i], name) == 0)
			return table->values[i];
	}
	return NULL;
}

/* Takes a line as the header, when one of its columns holds items; else all stays as it was. */
static bool take_header(struct table *table, const char *line)
{
	struct table seen = { 0 };

	if (strlen(line) >= sizeof(seen.header))
		return false;
	memcpy(seen.header, line, strlen(line) + 1);
	text_to_lower(seen.header);
	seen.columns = split(seen.header, ',', seen.names);
	seen.count = seen.columns;
	memcpy(seen.values, seen.names, sizeof(seen.values));
	if (!feed_record_is_known(field, &seen))
		return false;
	memcpy(table->header, line, strlen(line) + 1);
	text_to_lower(table->header);
	table->columns = split(table->header, ',', table->names);
	return true;
}

static const char *header_part(const char *line)
{
	while (*line == '#' || *line == ' ')
		line++;
	return line;
}

enum err feed_read_table(FILE *from, const struct feed_sink *sink)
{
	struct feed_lines lines = { .from = from, .sink = sink };
	struct table table = { 0 };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		if (lines.text[0] == '#' || table.columns == 0) {
			bool was = take_header(&table, header_part(lines.text));

			if (!was && lines.text[0] != '#')
				sink->refuse(sink->arg, lines.line, lines.text,
					     "no header before it names the columns");
			continue;
		}
		table.count = split(lines.text, ',', table.values);
		err = feed_take_record(field, &table, lines.line, sink);
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}

/* What Maltrail's tables hold: the trail, what it is ("emotet (malware)"), and who says so. */
enum { TRAIL, TRAIL_INFO, TRAIL_REFERENCE, TRAIL_COLUMNS };

bool feed_is_trails(const char *head)
{
	char line[HEADER_LEN];
	const char *fields[COLUMNS_MAX];
	size_t len = strcspn(head, "\r\n");

	if (len >= sizeof(line))
		return false;
	memcpy(line, head, len);
	line[len] = '\0';
	return split(line, ',', fields) == TRAIL_COLUMNS &&
	       strcspn(fields[TRAIL], ".:/") < strcspn(fields[TRAIL], " ") &&
	       fields[TRAIL_INFO][0] != '\0' &&
	       (fields[TRAIL_REFERENCE][0] == '(' || strchr(fields[TRAIL_REFERENCE], '.'));
}

static enum err take_trail(struct feed_lines *lines, const struct feed_sink *sink)
{
	const char *fields[COLUMNS_MAX];
	char family[TRAIL_FAMILY_LEN];
	struct feed_row row = { .family = family,
				.confidence = FEED_CONFIDENCE_UNTOLD,
				.line = lines->line };
	const char *why;

	if (split(lines->text, ',', fields) != TRAIL_COLUMNS) {
		sink->refuse(sink->arg, lines->line, lines->text, "not trail, info and reference");
		return ERR_OK;
	}
	why = trail_of_info(fields[TRAIL_INFO], &row.trust, family);
	if (why) {
		sink->refuse(sink->arg, lines->line, fields[TRAIL], why);
		return ERR_OK;
	}
	return feed_take_item(lines->text + (fields[TRAIL] - lines->text), &row, sink);
}

enum err feed_read_trails(FILE *from, const struct feed_sink *sink)
{
	struct feed_lines lines = { .from = from, .sink = sink };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		if (lines.text[0] != '#')
			err = take_trail(&lines, sink);
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}

static const char *zeek_kind(const char *type, enum feed_kind *out)
{
	static const struct {
		const char *type;
		enum feed_kind kind;
	} kinds[] = { { "Intel::ADDR", FEED_NETWORK },   { "Intel::SUBNET", FEED_NETWORK },
		      { "Intel::URL", FEED_URL },        { "Intel::DOMAIN", FEED_NAME },
		      { "Intel::CERT_HASH", FEED_SHA1 }, { "Intel::JA3", FEED_JA3 },
		      { "Intel::JA4", FEED_JA4 } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		*out = kinds[i].kind;
		if (strcmp(type, kinds[i].type) == 0)
			return NULL;
	}
	return "of a type that does not show on the network";
}

static enum err take_zeek(struct table *table, unsigned line, const struct feed_sink *sink)
{
	const char *text = field(table, "indicator");
	const char *type = field(table, "indicator_type");
	const char *family = field(table, "meta.desc");
	struct feed_row row = { .text = text,
				.family = family && strcmp(family, "-") != 0 ? family : "",
				.confidence = FEED_CONFIDENCE_UNTOLD,
				.line = line };
	const char *why = text && type ? zeek_kind(type, &row.kind) : "too few fields";

	if (why) {
		sink->refuse(sink->arg, line, text ? text : "", why);
		return ERR_OK;
	}
	return sink->take(sink->arg, &row);
}

enum err feed_read_zeek(FILE *from, const struct feed_sink *sink)
{
	static const char fields[] = "#fields\t";
	struct feed_lines lines = { .from = from, .sink = sink };
	struct table table = { 0 };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		if (strncmp(lines.text, fields, strlen(fields)) == 0 &&
		    strlen(lines.text) < sizeof(table.header)) {
			memcpy(table.header, lines.text + strlen(fields),
			       strlen(lines.text + strlen(fields)) + 1);
			table.columns = split(table.header, '\t', table.names);
		} else if (lines.text[0] != '#') {
			table.count = split(lines.text, '\t', table.values);
			err = take_zeek(&table, lines.line, sink);
		}
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}
