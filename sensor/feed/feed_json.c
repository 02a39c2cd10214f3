/*
 * Feeds as JSON: MISP's events and warning lists, STIX bundles, and the dumps of abuse.ch: an array
 * of records, or one object whose members are such arrays.
 */
#include "sensor/feed/feed_json_inside.h"
#include "sensor/feed/feed_record.h"

#include <string.h>

/* A parsed document takes some ten times its bytes. */
enum { JSON_BYTES_MAX = 256 << 20 };

const char *feed_json_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

struct span feed_json_span(const json_t *object, const char *name)
{
	const char *text = feed_json_text(object, name);

	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* A record's field, as a table would show it. */
struct record {
	const json_t *object;
	char number[32];
};

static const char *field(void *arg, const char *name)
{
	struct record *record = arg;
	const json_t *value = json_object_get(record->object, name);

	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_integer(value)) {
		(void)snprintf(record->number, sizeof(record->number), "%" JSON_INTEGER_FORMAT,
			       json_integer_value(value));
		return record->number;
	}
	return json_string_value(value);
}

static enum err take_records(const json_t *array, unsigned *count, const struct feed_sink *sink)
{
	const json_t *value;
	size_t index;
	enum err err = ERR_OK;

	json_array_foreach(array, index, value)
	{
		struct record record = { .object = value };

		(*count)++;
		if (json_is_object(value) && feed_record_is_known(field, &record))
			err = feed_take_record(field, &record, *count, sink);
		else
			sink->refuse(sink->arg, *count, "", "no item in this record");
		if (err != ERR_OK)
			break;
	}
	return err;
}

static enum err take_dump(json_t *root, const struct feed_sink *sink)
{
	unsigned count = 0;
	const char *name;
	json_t *value;
	enum err err = ERR_OK;

	if (json_is_array(root))
		return take_records(root, &count, sink);
	json_object_foreach(root, name, value)
	{
		if (err == ERR_OK && json_is_array(value))
			err = take_records(value, &count, sink);
	}
	return count > 0 || err != ERR_OK ? err : ERR_MALFORMED;
}

static enum err take_warning_list(const json_t *root, const struct feed_sink *sink)
{
	const char *type = feed_json_text(root, "type");
	const json_t *value;
	size_t index;

	if (strcmp(type, "string") != 0 && strcmp(type, "hostname") != 0 &&
	    strcmp(type, "cidr") != 0) {
		sink->refuse(sink->arg, 0, type,
			     "only lists of hostname, string and cidr are used");
		return ERR_OK;
	}
	json_array_foreach(json_object_get(root, "list"), index, value)
	{
		const char *text = json_string_value(value);
		struct feed_row row = { .text = text,
					.family = feed_json_text(root, "name"),
					.has_subdomains = strcmp(type, "hostname") == 0,
					.confidence = FEED_CONFIDENCE_UNTOLD,
					.line = (unsigned)index + 1 };
		enum err err;

		if (!text)
			continue;
		row.text += text[0] == '.';
		err = sink->take(sink->arg, &row);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* MISP's search gives events in an array, and each in an object of its own. */
static enum err take_events(const json_t *array, const struct feed_sink *sink)
{
	const json_t *value;
	size_t index;
	enum err err = ERR_OK;

	json_array_foreach(array, index, value)
	{
		if (err == ERR_OK)
			err = feed_take_misp_event(json_object_get(value, "Event"), sink);
	}
	return err;
}

static bool holds_events(const json_t *array)
{
	return json_is_object(json_object_get(json_array_get(array, 0), "Event"));
}

/* The list of a feed's events, each by its UUID: it names files, and no indicator. */
static bool is_misp_manifest(json_t *root)
{
	void *first = json_object_iter(root);
	const json_t *event = first ? json_object_iter_value(first) : NULL;

	return json_is_string(json_object_get(event, "info")) &&
	       json_object_get(event, "timestamp") && json_object_get(event, "Orgc");
}

static enum err take_root(json_t *root, const struct feed_sink *sink)
{
	if (json_is_object(json_object_get(root, "Event")))
		return feed_take_misp_event(json_object_get(root, "Event"), sink);
	if (holds_events(root))
		return take_events(root, sink);
	if (holds_events(json_object_get(root, "response")))
		return take_events(json_object_get(root, "response"), sink);
	if (is_misp_manifest(root))
		return ERR_OK;
	if (strcmp(feed_json_text(root, "type"), "bundle") == 0)
		return feed_take_stix(root, sink);
	if (json_is_array(json_object_get(root, "list")))
		return take_warning_list(root, sink);
	return take_dump(root, sink);
}

/* What is left of the file, as jansson asks for it. */
struct source {
	FILE *from;
	size_t left;
};

static size_t read_more(void *buffer, size_t len, void *arg)
{
	struct source *source = arg;
	size_t got = fread(buffer, 1, len < source->left ? len : source->left, source->from);

	source->left -= got;
	return got;
}

enum err feed_read_json(FILE *from, const struct feed_sink *sink)
{
	struct source source = { from, JSON_BYTES_MAX };
	json_error_t error;
	json_t *root = json_load_callback(read_more, &source, JSON_REJECT_DUPLICATES, &error);
	enum err err;

	if (!root) {
		sink->refuse(sink->arg, error.line > 0 ? (unsigned)error.line : 0, "",
			     source.left == 0 ? "more than 256 MB: take its table (CSV) instead"
					      : error.text);
		return ferror(from) ? ERR_IO : ERR_MALFORMED;
	}
	err = take_root(root, sink);
	json_decref(root);
	return err;
}
