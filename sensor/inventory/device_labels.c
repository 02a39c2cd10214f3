#include "sensor/inventory/device_labels.h"

#include "sensor/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LEN = 1024, FIELDS = 5, COMPLAINTS_MAX = 10 };

static const char *const kinds[DEVICE_KINDS] = { "", "office", "private", "guest" };

struct row {
	char key[LABEL_KEY_LEN];
	struct device_label label;
};

struct device_labels {
	struct row *rows;
	size_t count;
	size_t room;
};

const char *device_kind_text(enum device_kind kind)
{
	return kinds[kind];
}

bool device_kind_parse(const char *text, enum device_kind *out)
{
	for (unsigned i = 0; i < DEVICE_KINDS; i++) {
		if (strcmp(text, kinds[i]) == 0) {
			*out = (enum device_kind)i;
			return true;
		}
	}
	return false;
}

bool device_label_key(const char *text, char out[static LABEL_KEY_LEN])
{
	if (text[0] == '\0' || strlen(text) >= LABEL_KEY_LEN || strpbrk(text, "\t\r\n# "))
		return false;
	memcpy(out, text, strlen(text) + 1);

	bool is_mac = strlen(out) == MAC_TEXT_LEN - 1 &&
		      strspn(out, "0123456789abcdefABCDEF-") == MAC_TEXT_LEN - 1;

	for (char *c = out; is_mac && *c != '\0'; c++) { /* Windows writes it with hyphens */
		if (*c == '-')
			*c = ':';
	}
	text_to_lower(out);
	return true;
}

/* A text that people wrote, whole and such as may be shown. */
static bool take_text(const char *field, char *out, size_t size)
{
	const struct span bytes = { (const uint8_t *)field, strlen(field) };

	return text_from_wire(bytes, out, size) && strcmp(field, out) == 0;
}

static void split(char *line, const char *fields[static FIELDS])
{
	for (size_t i = 0; i < FIELDS; i++) {
		size_t len = strcspn(line, "\t");
		bool is_last = line[len] == '\0';

		fields[i] = line;
		line[len] = '\0';
		line += is_last ? len : len + 1;
	}
}

/* Why the line cannot be used; NULL when it can. */
static const char *parse(char *line, struct row *row)
{
	const char *fields[FIELDS];
	enum device_kind kind;

	line[strcspn(line, "\r\n")] = '\0';
	split(line, fields);
	if (!device_label_key(fields[0], row->key))
		return "it begins with no MAC, name or address";
	if (!take_text(fields[1], row->label.label, sizeof(row->label.label)) ||
	    !take_text(fields[2], row->label.place, sizeof(row->label.place)) ||
	    !take_text(fields[3], row->label.owner, sizeof(row->label.owner)))
		return "a text is too long, or not UTF-8";
	if (!device_kind_parse(fields[4], &kind))
		return "the fifth field is office, private or guest";
	row->label.kind = (uint8_t)kind;
	return NULL;
}

static enum err add_row(struct device_labels *labels, const struct row *row)
{
	if (labels->count == LABELS_MAX)
		return ERR_FULL;
	if (labels->count == labels->room) {
		size_t room = labels->room > 0 ? labels->room * 2 : 64;
		struct row *rows = reallocarray(labels->rows, room, sizeof(*rows));

		if (!rows)
			return ERR_MEMORY;
		labels->rows = rows;
		labels->room = room;
	}
	labels->rows[labels->count++] = *row;
	return ERR_OK;
}

static enum err read_lines(struct device_labels *labels, FILE *file, FILE *complaints,
			   size_t *refused)
{
	static const char mark[] = "\xef\xbb\xbf"; /* some editors begin a file with it */
	char line[LINE_LEN];
	enum err err = ERR_OK;

	for (unsigned number = 1; err == ERR_OK && fgets(line, sizeof(line), file); number++) {
		char *text = number == 1 && strncmp(line, mark, 3) == 0 ? line + 3 : line;
		struct row row = { .key = "" };
		const char *why;

		if (text[0] == '#' || text[strspn(text, " \t\r\n")] == '\0')
			continue;
		why = parse(text, &row);
		if (!why)
			err = add_row(labels, &row);
		else if ((*refused)++ < COMPLAINTS_MAX)
			(void)fprintf(complaints, "hinomi: line %u of the devices' labels: %s\n",
				      number, why);
	}
	return err == ERR_OK && ferror(file) ? ERR_IO : err;
}

enum err device_labels_read(struct device_labels **out, const char *path, FILE *complaints,
			    size_t *refused)
{
	FILE *file = fopen(path, "re");
	struct device_labels *labels;
	enum err err;

	*out = NULL;
	*refused = 0;
	if (!file)
		return errno == ENOENT ? ERR_OK : ERR_IO;
	labels = calloc(1, sizeof(*labels));
	err = labels ? read_lines(labels, file, complaints, refused) : ERR_MEMORY;

	int why = errno;

	(void)fclose(file);
	errno = why;
	if (err != ERR_OK) {
		device_labels_free(labels);
		return err;
	}
	*out = labels;
	return ERR_OK;
}

void device_labels_free(struct device_labels *labels)
{
	if (!labels)
		return;
	free(labels->rows);
	free(labels);
}

size_t device_labels_count(const struct device_labels *labels)
{
	return labels ? labels->count : 0;
}

/* The last line about `key`; case matters in no name. */
static const struct device_label *find_key(const struct device_labels *labels, const char *key)
{
	char lower[LABEL_KEY_LEN];

	if (key[0] == '\0' || !device_label_key(key, lower))
		return NULL;
	for (size_t i = labels->count; i > 0; i--) {
		if (strcmp(labels->rows[i - 1].key, lower) == 0)
			return &labels->rows[i - 1].label;
	}
	return NULL;
}

static const struct device_label *find_mac(const struct device_labels *labels,
					   const struct device *device)
{
	char text[MAC_TEXT_LEN];
	const struct device_label *found;

	if (!device->has_mac)
		return NULL;
	mac_text(&device->mac, text);
	found = find_key(labels, text);
	for (uint32_t i = 0; i < device->former_count && !found; i++) {
		mac_text(&device->former[i], text);
		found = find_key(labels, text);
	}
	return found;
}

static const struct device_label *find_name(const struct device_labels *labels,
					    const struct device *device)
{
	const struct device_label *found = NULL;

	for (size_t i = 0; i < DEVICE_NAME_SOURCES && !found; i++)
		found = find_key(labels, device->names[i]);
	return found;
}

static const struct device_label *find_address(const struct device_labels *labels,
					       const struct device *device)
{
	char text[ADDRESS_TEXT_LEN];

	if (device->has_mac || device->address_count == 0)
		return NULL;
	(void)address_text(&device->addresses[0], text);
	return find_key(labels, text);
}

struct device_label device_labels_find(const struct device_labels *labels,
				       const struct device *device)
{
	const struct device_label *found = NULL;

	if (labels)
		found = find_mac(labels, device);
	if (labels && !found)
		found = find_name(labels, device);
	if (labels && !found)
		found = find_address(labels, device);
	return found ? *found : (struct device_label){ .label = "" };
}

void device_labels_write(FILE *out, const char *key, const struct device_label *label)
{
	(void)fprintf(out, "%s\t%s\t%s\t%s\t%s\n", key, label->label, label->place, label->owner,
		      kinds[label->kind]);
}

void device_labels_each(const struct device_labels *labels, device_labels_each_fn *each, void *arg)
{
	for (size_t i = 0; labels && i < labels->count; i++)
		each(arg, labels->rows[i].key, &labels->rows[i].label);
}
