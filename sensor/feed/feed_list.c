/*
 * Plain lists, hosts files and Maltrail's trails: an item a line, "#" or ";" begins a comment.
 *
 *     evil.example          the name and every name below it, as *.evil.example and .evil.example
 *     192.0.2.7:4444        what is at that port; 192.0.2.0/24 a network
 *     evil.example/gate.php a URL; http://192.0.2.7 alone is the address
 *     /x6KkTJVFA/gate.php   a path, on whatever host
 *     0.0.0.0 evil.example  a hosts file: these very names
 */
#include "sensor/base/address.h"
#include "sensor/feed/feed_line.h"
#include "sensor/intel/intel_item.h"

#include <string.h>

static const char white[] = " \t";

/* The address of a hosts file that leads nowhere, or to the machine itself. */
static bool leads_nowhere(const char *word)
{
	struct address address;

	return address_parse(word, &address) == ERR_OK &&
	       (address_is_unspecified(&address) || address_is_loopback(&address));
}

/* What hosts files say of the machine and its network, beside what they block. */
static bool is_machine_itself(const char *name)
{
	return strcmp(name, "localhost") == 0 || strcmp(name, "broadcasthost") == 0 ||
	       strcmp(name, "local") == 0 || strncmp(name, "localhost.", 10) == 0 ||
	       strncmp(name, "ip6-", 4) == 0 || leads_nowhere(name);
}

static enum err take_hosts(char *rest, struct feed_row *row, const struct feed_sink *sink)
{
	char *next;
	enum err err = ERR_OK;

	row->kind = FEED_NAME;
	for (char *name = strtok_r(rest, white, &next); name && err == ERR_OK;
	     name = strtok_r(NULL, white, &next)) {
		row->text = name;
		if (!is_machine_itself(name))
			err = sink->take(sink->arg, row);
	}
	return err;
}

/* Without a path a scheme says nothing that counts; with a port it is no name alone. */
static char *without_scheme(char *item)
{
	char *host = strstr(item, "://");
	struct intel_item plain;

	if (!host || strcspn(item, "/?#") < (size_t)(host - item))
		return item;
	host += 3;

	size_t len = strcspn(host, "/");
	char end = host[len];

	if (end == '/' && host[len + 1] != '\0')
		return item;
	host[len] = '\0';
	if (intel_item_name(host, &plain) == ERR_OK || intel_item_network(host, &plain) == ERR_OK)
		return host;
	host[len] = end;
	return item;
}

/* "17,example.com", as lists of popular names are given out. */
static char *without_rank(char *item)
{
	size_t digits = strspn(item, "0123456789");

	return digits > 0 && item[digits] == ',' ? item + digits + 1 : item;
}

/* A wildcard or an expression where the host stands; in a path such characters are ordinary. */
static bool is_pattern(const char *item)
{
	return strcspn(item, "*^$\\|()") < strcspn(item, "/?");
}

enum err feed_take_item(char *item, struct feed_row *row, const struct feed_sink *sink)
{
	item[strcspn(item, white)] = '\0'; /* what stands behind is somebody's remark */
	item = without_rank(without_scheme(item));
	if (strncmp(item, "*.", 2) == 0)
		item += 2;
	else if (item[0] == '.')
		item++;
	if (is_pattern(item)) {
		sink->refuse(sink->arg, row->line, item, "a pattern, not one name or address");
		return ERR_OK;
	}
	row->has_subdomains = true;
	row->text = item;
	return sink->take(sink->arg, row);
}

enum err feed_read_list(FILE *from, const char *name, const struct feed_sink *sink)
{
	struct feed_lines lines = { .from = from, .sink = sink };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		char *comment = strchr(lines.text, '#');
		struct feed_row row = { .family = name,
					.confidence = FEED_CONFIDENCE_UNTOLD,
					.line = lines.line };

		/* A "#" within a URL is part of it. */
		if (comment && (comment == lines.text || strchr(white, comment[-1])))
			*comment = '\0';

		char *item = feed_trim(lines.text);
		size_t word = strcspn(item, white);
		char end = item[word];

		if (item[0] == '\0' || item[0] == ';')
			continue;
		item[word] = '\0';
		if (end != '\0' && leads_nowhere(item))
			err = take_hosts(item + word + 1, &row, sink);
		else if (end != '\0' &&
			 is_machine_itself(item + word + 1 + strspn(item + word + 1, white)))
			continue;
		else
			err = feed_take_item(item, &row, sink);
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}
