#include "sensor/courier/orders_inside.h"

#include "sensor/config/decisions.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_NAME_LEN = 32 };

static const char *const suppression_fields[] = { "id",    "device", "rule",  "destination", "port",
						  "owner", "reason", "since", "expires" };
static const char *const verdict_fields[] = {
	"case", "verdict", "rules", "owner", "reason", "when"
};

/* One section of the file. */
struct section {
	const char *kind; /* of the order */
	const char *name; /* in the file */
	const char *key;  /* of which only the latest counts */
	const char *const *fields;
	size_t field_count;
	size_t most;
};

static const struct section sections[] = {
	{ "suppression", "suppressions", "id", suppression_fields,
	  sizeof(suppression_fields) / sizeof(suppression_fields[0]), DECISIONS_SUPPRESSIONS_MAX },
	{ "verdict", "verdicts", "case", verdict_fields,
	  sizeof(verdict_fields) / sizeof(verdict_fields[0]), DECISIONS_VERDICTS_MAX },
};

/* A list of texts is told with blanks between. */
static void write_list(FILE *out, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		(void)fprintf(out, "%s%s", i > 0 ? " " : "", text ? text : "?");
	}
}

/* JSON's way of writing a text is one of YAML's. */
static void write_value(FILE *out, const json_t *value)
{
	char *text = NULL;
	size_t len = 0;
	json_t *joined = NULL;
	FILE *list;

	if (json_is_array(value)) {
		list = open_memstream(&text, &len);
		if (list) {
			write_list(list, value);
			(void)fclose(list);
			joined = json_stringn(text, len); /* json_string() is our writer's too */
		}
		free(text);
		(void)json_dumpf(joined ? joined : value, out, JSON_ENCODE_ANY | JSON_COMPACT);
		json_decref(joined);
	} else {
		(void)json_dumpf(value, out, JSON_ENCODE_ANY | JSON_COMPACT);
	}
}

static void write_row(FILE *out, const struct section *section, const json_t *body)
{
	const char *between = "";

	(void)fputs("  - {", out);
	for (size_t i = 0; i < section->field_count; i++) {
		const json_t *value = json_object_get(body, section->fields[i]);

		if (!value)
			continue;
		(void)fprintf(out, "%s \"%s\": ", between, section->fields[i]);
		write_value(out, value);
		between = ",";
	}
	(void)fputs(" }\n", out);
}

/* Over by now, or taken back by the rangers. */
static bool is_over(const json_t *body, nanotime now)
{
	const char *expires = json_string_value(json_object_get(body, "expires"));
	nanotime end;

	return json_is_true(json_object_get(body, "revoked")) ||
	       (expires && decisions_parse_time(expires, &end) == ERR_OK && end <= now);
}

/* The body of that order's note when it is of this section; NULL otherwise. */
static json_t *read_note(struct outbox *outbox, uint64_t number, const char *kind)
{
	char name[NOTE_NAME_LEN];
	char note[ORDER_NOTE_LEN] = "";
	size_t len = strlen(kind);

	(void)snprintf(name, sizeof(name), "order.%" PRIu64, number);
	if (!outbox_noted(outbox, name, note, sizeof(note)) || strncmp(note, kind, len) != 0 ||
	    note[len] != ' ')
		return NULL;
	return json_loads(note + len + 1, JSON_REJECT_DUPLICATES, NULL);
}

/* The latest first, so that the first of each key is the one that counts. */
static bool write_section(FILE *out, const struct section *section, struct outbox *outbox,
			  uint64_t last, nanotime now)
{
	json_t *seen = json_object();
	bool good = seen != NULL;
	size_t count = 0;

	for (uint64_t number = last; good && number > 0 && count < section->most; number--) {
		json_t *body = read_note(outbox, number, section->kind);
		const char *key = json_string_value(json_object_get(body, section->key));
		bool is_known = key && json_object_get(seen, key);

		if (body && !is_known && !is_over(body, now)) {
			if (count++ == 0)
				(void)fprintf(out, "%s:\n", section->name);
			write_row(out, section, body);
		}
		if (key)
			(void)json_object_set_new(seen, key, json_true());
		json_decref(body);
	}
	json_decref(seen);
	return good;
}

bool order_decisions_write(struct outbox *outbox, uint64_t last, nanotime now, char **text,
			   size_t *len)
{
	FILE *out = open_memstream(text, len);
	bool good = out != NULL;

	if (!out)
		return false;
	(void)fputs(
		"# Decisions of the rangers, written by hinomi-courier: changes here are lost.\n",
		out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]) && good; i++)
		good = write_section(out, &sections[i], outbox, last, now);
	return fclose(out) == 0 && good;
}
