#include "sensor/feed/feed_form.h"

#include <string.h>

enum { HEAD_LEN = 1 << 14, BOM_LEN = 3 };

static const char bom[] = "\xef\xbb\xbf";

void feed_stem(const char *path, char *out, size_t size)
{
	size_t end = strlen(path);
	size_t start;
	size_t len;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/';)
		start--;
	/* "." and ".." have no name of their own. */
	len = strcspn(path + start, path[start] == '.' ? "/" : "./");
	if (len >= size)
		len = size - 1;
	memcpy(out, path + start, len);
	out[len] = '\0';
}

/* Whether one of the first lines begins with `word`. */
static bool line_begins(const char *head, const char *word)
{
	for (const char *line = head; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, word, strlen(word)) == 0)
			return true;
	}
	return false;
}

/* Columns that abuse.ch's headers have, and no plain list. */
static bool is_table(const char *head)
{
	static const char *const columns[] = { "dateadded,url",    "\"dateadded\",\"url\"",
					       "\"ioc_value\"",    "ioc_value,",
					       "\"dst_ip\"",       "dst_ip,",
					       "Listingdate,SHA1", "Firstseen,DstIP",
					       "ja3_md5,Firstseen" };

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (strstr(head, columns[i]))
			return true;
	}
	return false;
}

/* "[" also begins an endpoint: [2001:db8::7]:4444. */
static bool is_json(const char *start)
{
	return *start == '{' ||
	       (*start == '[' && strchr("{[\"]", start[1 + strspn(start + 1, " \t\r\n")]));
}

enum err feed_read(FILE *from, const char *stem, const struct feed_sink *sink)
{
	char head[HEAD_LEN];
	size_t len = fread(head, 1, sizeof(head) - 1, from);
	const char *start = head;
	long begin = 0;

	head[len] = '\0';
	if (strncmp(head, bom, BOM_LEN) == 0)
		begin = BOM_LEN;
	if (ferror(from) || fseek(from, begin, SEEK_SET) != 0)
		return ERR_IO;
	if (memchr(head, '\0', len))
		return ERR_MALFORMED; /* no text: an archive, perhaps */
	start += begin;
	start += strspn(start, " \t\r\n");
	if (is_json(start))
		return feed_read_json(from, sink);
	if (line_begins(start, "#fields\t"))
		return feed_read_zeek(from, sink);
	if (line_begins(start, "alert ") || line_begins(start, "drop ") ||
	    line_begins(start, "reject "))
		return feed_read_rules(from, sink);
	if (is_table(start))
		return feed_read_table(from, sink);
	if (feed_is_trails(start))
		return feed_read_trails(from, sink);
	return feed_read_list(from, stem, sink);
}
