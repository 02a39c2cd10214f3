/*
 * STIX 2.1 bundles (OASIS, sections 4.7 and 9): indicators whose patterns compare one thing (or one
 * of several by OR) for equality, and the malware that a relationship says they indicate.
 */
#include "sensor/feed/feed_json_inside.h"

#include <string.h>

enum { PATTERN_VALUE_LEN = 2048, STIX_TERMS_MAX = 256 };

enum stix_answer { STIX_KNOWN, STIX_NOT_SEEN, STIX_NOT_PLAIN };

/* What is compared: what stands before the "=". */
static enum stix_answer stix_kind(const char *path, size_t len, enum feed_kind *out)
{
	static const struct {
		const char *path;
		enum feed_kind kind;
	} kinds[] = { { "domain-name:value", FEED_NAME },
		      { "ipv4-addr:value", FEED_NETWORK },
		      { "ipv6-addr:value", FEED_NETWORK },
		      { "url:value", FEED_URL },
		      { "x509-certificate:hashes.'SHA-1'", FEED_SHA1 },
		      { "x509-certificate:hashes.'SHA-256'", FEED_SHA256 } };
	size_t word = strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		*out = kinds[i].kind;
		if (strlen(kinds[i].path) == len && strncmp(path, kinds[i].path, len) == 0)
			return STIX_KNOWN;
	}
	return word < len && path[word] == ':' && !memchr(path, ' ', len) ? STIX_NOT_SEEN
									  : STIX_NOT_PLAIN;
}

/* "'value'" at `*at`, with \' and \\ within; false when there is none that fits. */
static bool stix_value(const char **at, char out[static PATTERN_VALUE_LEN])
{
	size_t len = 0;
	const char *c = *at;

	if (*c++ != '\'')
		return false;
	for (; *c != '\'' && *c != '\0' && len < PATTERN_VALUE_LEN - 1; c++) {
		if (*c == '\\' && c[1] != '\0')
			c++;
		out[len++] = *c;
	}
	out[len] = '\0';
	if (*c != '\'')
		return false;
	*at = c + 1;
	return true;
}

static const char *skip_white(const char *at)
{
	return at + strspn(at, " \t\r\n[]()");
}

/* One term at `*at` and the OR behind it; `*is_last` when nothing follows. */
static enum stix_answer next_term(const char **at, enum feed_kind *kind,
				  char value[static PATTERN_VALUE_LEN], bool *is_last)
{
	const char *start = skip_white(*at);
	const char *equals = strchr(start, '=');
	size_t len = equals ? (size_t)(equals - start) : 0;
	enum stix_answer answer;

	while (len > 0 && start[len - 1] == ' ')
		len--;
	answer = equals ? stix_kind(start, len, kind) : STIX_NOT_PLAIN;
	if (answer != STIX_KNOWN)
		return answer;
	start = equals + 1;
	start += strspn(start, " ");
	if (!stix_value(&start, value))
		return STIX_NOT_PLAIN;
	start = skip_white(start);
	*is_last = *start == '\0';
	if (!*is_last && strncmp(start, "OR", 2) != 0)
		return STIX_NOT_PLAIN;
	*at = *is_last ? start : start + 2;
	return STIX_KNOWN;
}

/*
 * "[domain-name:value = 'a' OR domain-name:value = 'b']": each term an item of its own. Anything
 * else (AND, LIKE, FOLLOWEDBY) means more than one thing at once: nothing of it is taken.
 */
static enum err take_terms(const char *pattern, struct feed_row *row, const struct feed_sink *sink,
			   enum stix_answer *answer)
{
	char value[PATTERN_VALUE_LEN];
	const char *name = row->family;
	bool is_last = false;
	enum err err = ERR_OK;

	row->text = value;
	for (size_t terms = 0; terms < STIX_TERMS_MAX && err == ERR_OK && !is_last; terms++) {
		*answer = next_term(&pattern, &row->kind, value, &is_last);
		if (*answer != STIX_KNOWN)
			break;
		/* Many makers name an indicator by what it is: no family. */
		row->family = strstr(name, value) ? "" : name;
		if (sink)
			err = sink->take(sink->arg, row);
	}
	if (!is_last && err == ERR_OK && *answer == STIX_KNOWN)
		*answer = STIX_NOT_PLAIN;
	row->text = "";
	return err;
}

static enum err take_pattern(const char *pattern, struct feed_row *row,
			     const struct feed_sink *sink)
{
	struct feed_row probe = *row;
	enum stix_answer answer = STIX_NOT_PLAIN;
	enum err err = take_terms(pattern, &probe, NULL, &answer);

	if (err == ERR_OK && answer == STIX_KNOWN)
		return take_terms(pattern, row, sink, &answer);
	sink->refuse(sink->arg, row->line, pattern,
		     answer == STIX_NOT_SEEN ? "of a type that does not show on the network"
					     : "a pattern of more than equality");
	return err;
}

/* What each indicator indicates, by its id; borrowed names. NULL without memory. */
static json_t *families_of(const json_t *objects)
{
	json_t *malware = json_object();
	json_t *families = json_object();
	const json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		const char *type = feed_json_text(object, "type");

		if (strcmp(type, "malware") == 0 || strcmp(type, "tool") == 0)
			(void)json_object_set(malware, feed_json_text(object, "id"),
					      json_object_get(object, "name"));
	}
	json_array_foreach(objects, index, object)
	{
		json_t *name = json_object_get(malware, feed_json_text(object, "target_ref"));

		if (name && strcmp(feed_json_text(object, "relationship_type"), "indicates") == 0)
			(void)json_object_set(families, feed_json_text(object, "source_ref"), name);
	}
	json_decref(malware);
	return families;
}

static enum err take_indicator(const json_t *object, const json_t *families, unsigned line,
			       const struct feed_sink *sink)
{
	const json_t *confidence = json_object_get(object, "confidence");
	const char *form = feed_json_text(object, "pattern_type");
	const char *family = feed_json_text(families, feed_json_text(object, "id"));
	struct feed_row row = {
		.family = family[0] != '\0' ? family : feed_json_text(object, "name"),
		.listed = feed_time(feed_json_text(object, "valid_from")),
		.confirmed = feed_time(feed_json_text(object, "modified")),
		.until = feed_time(feed_json_text(object, "valid_until")),
		.confidence = json_is_integer(confidence) ? (int)json_integer_value(confidence)
							  : FEED_CONFIDENCE_UNTOLD,
		.line = line,
	};

	if (form[0] != '\0' && strcmp(form, "stix") != 0) {
		sink->refuse(sink->arg, line, form, "a pattern in another language than STIX");
		return ERR_OK;
	}
	return take_pattern(feed_json_text(object, "pattern"), &row, sink);
}

enum err feed_take_stix(const json_t *root, const struct feed_sink *sink)
{
	const json_t *objects = json_object_get(root, "objects");
	json_t *families = families_of(objects);
	const json_t *object;
	size_t index;
	enum err err = ERR_OK;

	json_array_foreach(objects, index, object)
	{
		if (err != ERR_OK || strcmp(feed_json_text(object, "type"), "indicator") != 0 ||
		    json_is_true(json_object_get(object, "revoked")))
			continue;
		err = take_indicator(object, families, (unsigned)index + 1, sink);
	}
	json_decref(families);
	return err;
}
