#include "sensor/intel/intel_line.h"

#include "sensor/intel/intel_builder.h"
#include "sensor/intel/intel_form.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS = 10 };

static bool find_as(const struct intel_sets *sets, enum intel_purpose purpose, enum intel_kind kind,
		    const char *text, struct intel_match *out)
{
	struct intel_item item;

	if (intel_item_parse(kind, text, &item) != ERR_OK || item.kind != kind)
		return false;
	if (kind == INTEL_NAME)
		return intel_sets_find_name(sets, purpose, text, text + strlen(text), out);
	if (kind == INTEL_ADDRESS || kind == INTEL_ENDPOINT || kind == INTEL_NETWORK)
		return intel_sets_find_address(sets, purpose, &item.network.address, item.port,
					       out);
	return intel_sets_find_item(sets, purpose, &item, text, out);
}

static void write_match(const struct intel_match *match, struct text *out)
{
	const struct intel_hit *hit = &match->hit;
	bool is_first = true;

	text_format(out, "%u\t%u\t%s\t%u\t%u\t%u\t%llu\t%llu\t%s\t",
		    (unsigned)intel_set_purpose(match->set), (unsigned)hit->kind, match->item,
		    (unsigned)hit->has_subdomains, (unsigned)hit->class, (unsigned)hit->confidence,
		    (unsigned long long)(hit->listed / NANOTIME_DAY),
		    (unsigned long long)(hit->confirmed / NANOTIME_DAY), hit->family);
	for (unsigned bit = 0; bit < INTEL_SOURCES_MAX; bit++) {
		if ((hit->sources >> bit & 1) == 0)
			continue;
		text_add(out, is_first ? "" : ", ");
		text_add(out, intel_set_source(match->set, bit));
		is_first = false;
	}
	text_add(out, "\n");
}

/* By each kind in turn: JA3 and HASSH look alike. */
bool intel_line_write(const struct intel_sets *sets, enum intel_purpose purpose, const char *item,
		      struct text *out)
{
	struct intel_match match;

	for (int kind = 0; kind < INTEL_KINDS; kind++) {
		if (!find_as(sets, purpose, (enum intel_kind)kind, item, &match))
			continue;
		write_match(&match, out);
		return true;
	}
	return false;
}

static bool take_number(const char *text, unsigned long long most, unsigned long long *out)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out <= most;
}

static bool cut_fields(char *line, char *fields[static FIELDS])
{
	fields[0] = line;
	for (size_t i = 1; i < FIELDS; i++) {
		fields[i] = strchr(fields[i - 1], '\t');
		if (!fields[i])
			return false;
		*fields[i]++ = '\0';
	}
	return true;
}

/* Which numbers stand where, and the most they can be. */
enum { PURPOSE, KIND, SUBDOMAINS, CLASS, CONFIDENCE, LISTED, CONFIRMED, NUMBERS };

static bool take_numbers(char *const fields[static FIELDS], unsigned long long out[static NUMBERS])
{
	static const struct {
		uint8_t field;
		uint32_t most;
	} numbers[NUMBERS] = {
		[PURPOSE] = { 0, INTEL_PURPOSES - 1 },
		[KIND] = { 1, INTEL_KINDS - 1 },
		[SUBDOMAINS] = { 3, 1 },
		[CLASS] = { 4, INTEL_CLASSES - 1 },
		[CONFIDENCE] = { 5, 100 },
		[LISTED] = { 6, UINT16_MAX * 2 },
		[CONFIRMED] = { 7, UINT16_MAX * 2 },
	};

	for (size_t i = 0; i < NUMBERS; i++) {
		if (!take_number(fields[numbers[i].field], numbers[i].most, &out[i]))
			return false;
	}
	return true;
}

static enum err take_line(char *line, struct intel_builder *const builders[static INTEL_PURPOSES])
{
	char *fields[FIELDS];
	unsigned long long numbers[NUMBERS];
	struct intel_item item;
	unsigned source;

	if (!cut_fields(line, fields) || !take_numbers(fields, numbers) ||
	    intel_item_parse((enum intel_kind)numbers[KIND], fields[2], &item) != ERR_OK)
		return ERR_SYNTAX;

	struct intel_builder *builder = builders[numbers[PURPOSE]];
	enum err err = intel_builder_source(builder, fields[9], &source);
	const struct intel_note note = { .source = source,
					 .family = fields[8],
					 .listed = numbers[LISTED] * NANOTIME_DAY,
					 .confirmed = numbers[CONFIRMED] * NANOTIME_DAY,
					 .confidence = (uint8_t)numbers[CONFIDENCE],
					 .class = (enum intel_class)numbers[CLASS],
					 .has_subdomains = numbers[SUBDOMAINS] != 0 };

	return err == ERR_OK ? intel_builder_add(builder, &item, &note) : err;
}

static enum err take_lines(struct span lines,
			   struct intel_builder *const builders[static INTEL_PURPOSES])
{
	struct cursor in = cursor_over(lines.data, lines.len);
	enum err err = ERR_OK;

	while (err == ERR_OK && cursor_left(&in) > 0) {
		struct span bytes = cursor_take_until(&in, '\n');
		char line[INTEL_LINE_LEN];

		if (bytes.len == 0 || bytes.len >= sizeof(line))
			return ERR_SYNTAX;
		memcpy(line, bytes.data, bytes.len);
		line[bytes.len] = '\0';
		err = take_line(line, builders);
	}
	return err;
}

static enum err make(struct intel_builder *builder, struct intel_sets *sets)
{
	struct intel_set *set;
	uint8_t *bytes;
	size_t len;
	enum err err;

	if (intel_builder_count(builder) == 0)
		return ERR_OK;
	err = intel_builder_make(builder, &bytes, &len);
	if (err != ERR_OK)
		return err;
	return intel_set_take(bytes, len, &set) == INTEL_FINE ? intel_sets_add(sets, set)
							      : ERR_MEMORY;
}

enum err intel_lines_read(struct span lines, struct intel_sets **out)
{
	struct intel_builder *builders[INTEL_PURPOSES] = { NULL };
	struct intel_sets *sets = NULL;
	enum err err = ERR_OK;

	*out = NULL;
	if (lines.len == 0)
		return ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < INTEL_PURPOSES; i++)
		err = intel_builder_new(&builders[i], (enum intel_purpose)i);
	if (err == ERR_OK)
		err = take_lines(lines, builders);
	if (err == ERR_OK)
		err = intel_sets_new(&sets);
	for (size_t i = 0; i < INTEL_PURPOSES; i++) {
		if (err == ERR_OK)
			err = make(builders[i], sets);
		intel_builder_free(builders[i]);
	}
	if (err == ERR_OK)
		*out = sets;
	else
		intel_sets_free(sets);
	return err;
}
