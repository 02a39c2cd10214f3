/*
 * Suricata rules that carry one indicator each, as abuse.ch and Emerging Threats give them out: an
 * address and port in the rule's head, or one content of a buffer that holds a name, a fingerprint
 * or a URL (docs.suricata.io, "Rules"). What a rule asks besides would be lost: refused.
 */
#include "sensor/feed/feed_rule_options.h"

#include "sensor/feed/feed_line.h"

#include <stdlib.h>
#include <string.h>

enum { FAMILY_LEN = 64 };

static void copy(const char *text, size_t len, char *out, size_t size)
{
	if (len >= size)
		len = size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}

/*
 * The family stands in the message: "(Shylock C&C)", "(likely AsyncRAT C&C)", "potential TrickBot
 * CnC Traffic", "ThreatFox Cobalt Strike botnet C2 traffic (domain - confidence level: 75%)".
 */
static void family_of(const char *message, char out[static FAMILY_LEN])
{
	static const char threatfox[] = "ThreatFox ";
	const char *start = strchr(message, '(');
	const char *end;

	out[0] = '\0';
	if (strncmp(message, threatfox, strlen(threatfox)) == 0) {
		start = message + strlen(threatfox);
		end = strstr(start, " botnet C2");
		end = end ? end : strstr(start, " payload");
		if (end)
			copy(start, (size_t)(end - start), out, FAMILY_LEN);
		return;
	}
	start = start ? start + 1 : strstr(message, "potential ");
	if (!start)
		return;
	if (strncmp(start, "potential ", 10) == 0)
		start += 10;
	if (strncmp(start, "likely ", 7) == 0)
		start += 7;
	end = strstr(start, " C");
	copy(start, end ? (size_t)(end - start) : strcspn(start, ")"), out, FAMILY_LEN);
}

/* "… confidence level: 75%)", as ThreatFox says it. */
static int confidence_of(const char *message)
{
	static const char words[] = "confidence level: ";
	const char *at = strstr(message, words);
	long told = at ? strtol(at + strlen(words), NULL, 10) : FEED_CONFIDENCE_UNTOLD;

	return at && told >= 0 && told <= 100 ? (int)told : FEED_CONFIDENCE_UNTOLD;
}

/* Several addresses at one port are as many indicators. */
static enum err take_addresses(char *list, const char *port, struct feed_row *row,
			       const struct feed_sink *sink)
{
	bool has_port = strspn(port, "0123456789") == strlen(port);
	char *next;
	enum err err = ERR_OK;

	row->kind = FEED_NETWORK;
	for (char *address = strtok_r(list, "[,]", &next); address && err == ERR_OK;
	     address = strtok_r(NULL, "[,]", &next)) {
		char value[RULE_VALUE_LEN];
		bool is_v6 = strchr(address, ':') != NULL;

		if (has_port && !strchr(address, '/'))
			(void)snprintf(value, sizeof(value), is_v6 ? "[%s]:%s" : "%s:%s", address,
				       port);
		else
			copy(address, strlen(address), value, sizeof(value));
		row->text = value;
		err = sink->take(sink->arg, row);
	}
	return err;
}

/* "alert tcp $HOME_NET any -> [192.0.2.7] 443 (": what is behind the arrow. */
static enum err take_head(char *rule, struct feed_row *row, const struct feed_sink *sink,
			  bool *is_taken)
{
	char *arrow = strstr(rule, "-> ");
	char *options = strchr(rule, '(');
	char *address;
	char *port;
	char *next;

	*is_taken = false;
	if (!arrow || !options || arrow > options)
		return ERR_OK;
	*options = '\0';
	address = strtok_r(arrow + 3, " \t", &next);
	port = strtok_r(NULL, " \t", &next);
	if (!address || !port || strpbrk(address, "$!") || strcmp(address, "any") == 0)
		return ERR_OK;
	*is_taken = true;
	return take_addresses(address, port, row, sink);
}

static enum err take_content(const struct rule_options *options, struct feed_row *row,
			     const struct feed_sink *sink)
{
	char url[2 * RULE_VALUE_LEN + 1];

	row->text = options->value;
	row->kind = options->kind;
	if (row->kind == FEED_NAME && options->value[0] == '.')
		row->text++;
	row->has_subdomains = options->has_subdomains;
	if (options->path[0] != '\0') {
		(void)snprintf(url, sizeof(url), "%s%s%s", options->value,
			       options->path[0] == '/' ? "" : "/", options->path);
		row->text = url;
		row->kind = FEED_URL;
	}
	return sink->take(sink->arg, row);
}

static enum err take_rule(char *rule, unsigned line, const struct feed_sink *sink)
{
	struct rule_options options;
	char family[FAMILY_LEN];
	struct feed_row row = { .family = family, .line = line };
	bool is_taken = false;
	enum err err = ERR_OK;

	rule_options_read(strchr(rule, '('), &options);
	family_of(options.message, family);
	row.confidence = confidence_of(options.message);
	if (!options.is_more && options.value[0] != '\0')
		return take_content(&options, &row, sink);
	if (!options.is_more && options.path[0] == '\0')
		err = take_head(rule, &row, sink, &is_taken);
	if (!is_taken)
		sink->refuse(sink->arg, line, rule, "a rule without a single indicator");
	return err;
}

enum err feed_read_rules(FILE *from, const struct feed_sink *sink)
{
	struct feed_lines lines = { .from = from, .sink = sink };
	enum err err = ERR_OK;

	while (err == ERR_OK && feed_next_line(&lines)) {
		if (lines.text[0] != '#')
			err = take_rule(lines.text, lines.line, sink);
	}
	return err != ERR_OK || !ferror(from) ? err : ERR_IO;
}
