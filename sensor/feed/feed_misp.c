/*
 * MISP's events (misp-standard.org, core format): attributes, and those of objects. What its maker
 * marks as no reason to alert, by `to_ids`, is none here.
 */
#include "sensor/feed/feed_json_inside.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_LEN = 2048, FAMILY_LEN = 64 };

/* NULL: of a type that shows on the wire; `*part` is which part of "a|b" the item is. */
static const char *misp_kind(const char *type, enum feed_kind *out)
{
	static const struct {
		const char *type;
		enum feed_kind kind;
	} kinds[] = { { "domain", FEED_NAME },
		      { "hostname", FEED_NAME },
		      { "domain|ip", FEED_NAME },
		      { "hostname|port", FEED_NAME },
		      { "ip-dst", FEED_NETWORK },
		      { "ip-src", FEED_NETWORK },
		      { "ip-dst|port", FEED_NETWORK },
		      { "ip-src|port", FEED_NETWORK },
		      { "url", FEED_URL },
		      { "x509-fingerprint-sha1", FEED_SHA1 },
		      { "x509-fingerprint-sha256", FEED_SHA256 },
		      { "ja3-fingerprint-md5", FEED_JA3 },
		      { "hassh-md5", FEED_HASSH },
		      { "hasshserver-md5", FEED_HASSH },
		      { "ja4-plus", FEED_JA4 } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		*out = kinds[i].kind;
		if (strcmp(type, kinds[i].type) == 0)
			return NULL;
	}
	return "of a type that does not show on the network";
}

/* "1612345678", as MISP tells when something was changed. */
static nanotime unix_time(const char *text)
{
	char *end;
	unsigned long long seconds = strtoull(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds > UINT32_MAX)
		return 0;
	return (nanotime)seconds * NANOTIME_SECOND;
}

/* "192.0.2.7|443" with a colon, "2001:db8::7|443" with brackets besides; else the first part. */
static void join_parts(enum feed_kind kind, char value[static VALUE_LEN])
{
	char *bar = strchr(value, '|');
	char address[VALUE_LEN];

	if (!bar)
		return;
	*bar = '\0';
	if (kind != FEED_NETWORK)
		return;
	memcpy(address, value, strlen(value) + 1);
	if (strlen(address) + strlen(bar + 1) + 4 > VALUE_LEN)
		return;

	/* The port is moved before what is written over it. */
	char port[VALUE_LEN];

	memcpy(port, bar + 1, strlen(bar + 1) + 1);
	(void)snprintf(value, VALUE_LEN, strchr(address, ':') ? "[%s]:%s" : "%s:%s", address, port);
}

struct event {
	char family[FAMILY_LEN];
	nanotime day;
	unsigned line;
};

static enum err take_attribute(const json_t *attribute, const struct event *event,
			       const struct feed_sink *sink)
{
	char value[VALUE_LEN];
	const char *text = feed_json_text(attribute, "value");
	struct feed_row row = { .text = value,
				.family = event->family,
				.listed = feed_time(feed_json_text(attribute, "first_seen")),
				.confirmed = feed_time(feed_json_text(attribute, "last_seen")),
				.confidence = FEED_CONFIDENCE_UNTOLD,
				.line = event->line };
	const char *why = misp_kind(feed_json_text(attribute, "type"), &row.kind);

	if (!json_is_true(json_object_get(attribute, "to_ids")))
		why = "its maker says that it is no reason to alert (to_ids)";
	else if (json_is_true(json_object_get(attribute, "deleted")))
		why = "its maker deleted it";
	else if (!why && strlen(text) >= sizeof(value))
		why = "too long";
	if (why) {
		sink->refuse(sink->arg, event->line, text, why);
		return ERR_OK;
	}
	if (row.listed == 0)
		row.listed = unix_time(feed_json_text(attribute, "timestamp"));
	if (row.listed == 0)
		row.listed = event->day;
	memcpy(value, text, strlen(text) + 1);
	join_parts(row.kind, value);
	return sink->take(sink->arg, &row);
}

static enum err take_attributes(const json_t *of, struct event *event, const struct feed_sink *sink)
{
	const json_t *attribute;
	size_t index;

	json_array_foreach(json_object_get(of, "Attribute"), index, attribute)
	{
		enum err err;

		event->line++;
		err = take_attribute(attribute, event, sink);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* A tag tells it better than the title: misp-galaxy:malpedia="Emotet". */
static void family_of(const json_t *object, char out[static FAMILY_LEN])
{
	static const char *const galaxies[] = { "malpedia=\"", "ransomware=\"", "botnet=\"",
						"rat=\"",      "stealer=\"",    "tool=\"" };
	const json_t *tag;
	size_t index;

	out[0] = '\0';
	(void)text_from_wire(feed_json_span(object, "info"), out, FAMILY_LEN);
	json_array_foreach(json_object_get(object, "Tag"), index, tag)
	{
		const char *name = feed_json_text(tag, "name");

		for (size_t i = 0; i < sizeof(galaxies) / sizeof(galaxies[0]); i++) {
			const char *at = strstr(name, galaxies[i]);
			size_t len;

			if (!at || strncmp(name, "misp-galaxy:", 12) != 0)
				continue;
			at += strlen(galaxies[i]);
			len = strcspn(at, "\"");
			(void)text_from_wire((struct span){ (const uint8_t *)at, len }, out,
					     FAMILY_LEN);
			return;
		}
	}
}

enum err feed_take_misp_event(const json_t *object, const struct feed_sink *sink)
{
	struct event event = { .day = feed_time(feed_json_text(object, "date")) };
	const json_t *part;
	size_t index;
	enum err err;

	family_of(object, event.family);
	err = take_attributes(object, &event, sink);
	json_array_foreach(json_object_get(object, "Object"), index, part)
	{
		if (err == ERR_OK)
			err = take_attributes(part, &event, sink);
	}
	return err;
}
