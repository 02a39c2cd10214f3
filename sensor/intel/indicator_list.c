#include "sensor/intel/indicator_list.h"

#include "sensor/intel/indicator_item.h"
#include "sensor/intel/list_digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_LEN = 512,
	COMPLAINTS_MAX = 10,
};

struct indicator_list {
	struct indicator_item *items; /* sorted: names first */
	size_t count;
	size_t room;
	size_t names;
	/* A network of each length in turn is looked for: only lengths that occur. */
	bool has_length[ADDRESS_LEN * 8 + 1];
	char *sources[64];
	size_t source_count;
	struct list_digest digest; /* of the items as they came in */
};

enum err indicator_list_new(struct indicator_list **out)
{
	struct indicator_list *list = calloc(1, sizeof(*list));

	if (!list)
		return ERR_MEMORY;
	*out = list;
	return ERR_OK;
}

void indicator_list_free(struct indicator_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].text);
	for (size_t i = 0; i < list->source_count; i++)
		free(list->sources[i]);
	free(list->items);
	free(list);
}

static int compare_networks(const struct prefix *a, uint16_t a_port, const struct prefix *b,
			    uint16_t b_port)
{
	int order = address_compare(&a->address, &b->address);

	if (order == 0)
		order = (int)a->bits - (int)b->bits;
	return order != 0 ? order : (int)a_port - (int)b_port;
}

static int compare_items(const void *left, const void *right)
{
	const struct indicator_item *a = left;
	const struct indicator_item *b = right;

	if (a->kind != b->kind)
		return a->kind == ITEM_NAME ? -1 : 1;

	int order = a->kind == ITEM_NAME
			    ? strcmp(a->indicator.text, b->indicator.text)
			    : compare_networks(&a->network, a->port, &b->network, b->port);

	if (order == 0) /* the same item twice: the one that stood first is found */
		order = (int)a->file - (int)b->file;
	if (order != 0)
		return order;
	return (a->indicator.line > b->indicator.line) - (a->indicator.line < b->indicator.line);
}

static enum err add_item(struct indicator_list *list, struct indicator_item *item)
{
	if (list->count == INDICATORS_MAX)
		return ERR_FULL;
	if (list->count == list->room) {
		size_t room = list->room > 0 ? list->room * 2 : 256;
		struct indicator_item *items = reallocarray(list->items, room, sizeof(*items));

		if (!items)
			return ERR_MEMORY;
		list->items = items;
		list->room = room;
	}
	list->items[list->count] = *item;
	list->items[list->count++].indicator.text = item->text;
	item->text = NULL;
	if (item->kind == ITEM_NETWORK)
		list->has_length[item->network.bits] = true;
	return ERR_OK;
}

/* Cuts comment and blanks, lowers the case; NULL when nothing is left. */
static char *clean_line(char *line)
{
	char *text = line + strspn(line, " \t\r\n");

	text[strcspn(text, "# \t\r\n")] = '\0';
	for (char *c = text; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	size_t len = strlen(text);

	if (len > 1 && text[len - 1] == '.')
		text[len - 1] = '\0';
	return text[0] ? text : NULL;
}

static void complain(FILE *to, const char *path, unsigned line, const char *why, size_t refused)
{
	if (refused < COMPLAINTS_MAX)
		(void)fprintf(to, "%s:%u: left out: %s\n", path, line, why);
	else if (refused == COMPLAINTS_MAX)
		(void)fprintf(to, "%s: more lines left out; they are counted\n", path);
}

/*
 * The next line, without its end and the mark that some editors put at the start of a file. What
 * does not fit is passed over, and `*is_cut` says so. False at the end of the file.
 */
static bool next_line(FILE *file, char line[static LINE_LEN], bool *is_cut)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	size_t len = 0;
	int c = getc(file);

	*is_cut = false;
	if (c == EOF)
		return false;
	for (; c != EOF && c != '\n'; c = getc(file)) {
		if (len == LINE_LEN - 1)
			*is_cut = true;
		else
			line[len++] = (char)(c != '\0' ? c : '?');
		if (len == 3 && memcmp(line, byte_order_mark, 3) == 0)
			len = 0;
	}
	line[len] = '\0';
	return true;
}

/* Whether an item ends before the end of the line: a long comment behind it may be cut. */
static bool item_ends_in(const char *line)
{
	const char *item = line + strspn(line, " \t\r");

	return item[strcspn(item, "# \t\r")] != '\0';
}

/* `*why` it is left out, or NULL. */
static enum err take_line(struct indicator_list *list, const char *text, bool is_whole,
			  const struct indicator *from, const char **why)
{
	char parsed[LINE_LEN];
	struct indicator_item item = { .text = strdup(text),
				       .indicator = *from,
				       .file = (uint8_t)(list->source_count - 1) };
	enum err err = item.text ? ERR_OK : ERR_MEMORY;

	(void)snprintf(parsed, sizeof(parsed), "%s", text);
	*why = is_whole ? indicator_item_parse(parsed, &item) : "too long";
	if (err == ERR_OK && !*why) {
		list_digest_add(&list->digest, item.text);
		err = add_item(list, &item);
	}
	free(item.text); /* taken over by the list when it went in */
	return err;
}

static enum err read_lines(struct indicator_list *list, FILE *file, const char *source,
			   FILE *complaints, size_t *refused)
{
	char line[LINE_LEN];
	unsigned number = 0;
	bool is_cut;

	while (next_line(file, line, &is_cut)) {
		bool is_whole = !is_cut || item_ends_in(line);
		char *text = clean_line(line);

		number++;

		if (!text)
			continue;

		const struct indicator from = { .source = source, .line = number };
		const char *why;
		enum err err = take_line(list, text, is_whole, &from, &why);

		if (err != ERR_OK)
			return err;
		if (!why)
			continue;
		complain(complaints, source, number, why, *refused);
		(*refused)++;
	}
	return ferror(file) ? ERR_IO : ERR_OK;
}

static void sort(struct indicator_list *list)
{
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_items);
	list->names = 0;
	while (list->names < list->count && list->items[list->names].kind == ITEM_NAME)
		list->names++;
}

bool indicator_list_add(struct indicator_list *list, const char *item)
{
	static const struct indicator from = { .source = "" };
	char line[LINE_LEN];
	const char *why;
	char *text;

	if (strlen(item) >= sizeof(line))
		return false;
	memcpy(line, item, strlen(item) + 1);
	text = clean_line(line);
	if (!text || take_line(list, text, true, &from, &why) != ERR_OK)
		return false;
	sort(list);
	return !why;
}

void indicator_list_digest(const struct indicator_list *list, uint8_t out[static SHA256_LEN])
{
	list_digest_sum(&list->digest, out);
}

enum err indicator_list_read(struct indicator_list *list, const char *path, FILE *complaints,
			     size_t *refused)
{
	*refused = 0;
	if (list->source_count == sizeof(list->sources) / sizeof(list->sources[0]))
		return ERR_FULL;

	FILE *file = fopen(path, "re");
	char *source = file ? strdup(path) : NULL;
	enum err err = ERR_IO;

	if (source) {
		list->sources[list->source_count++] = source;
		err = read_lines(list, file, source, complaints, refused);
	}
	if (file) {
		int kept = errno;

		(void)fclose(file);
		errno = kept;
	}
	sort(list);
	return err;
}

static const struct indicator *find_exact_name(const struct indicator_list *list, const char *name)
{
	size_t low = 0;
	size_t high = list->names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list->items[middle].indicator.text, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < list->names && strcmp(list->items[low].indicator.text, name) == 0)
		return &list->items[low].indicator;
	return NULL;
}

const struct indicator *indicator_find_name(const struct indicator_list *list, const char *name)
{
	while (name) {
		const struct indicator *found = find_exact_name(list, name);

		if (found)
			return found;
		name = strchr(name, '.');
		name = name ? name + 1 : NULL;
	}
	return NULL;
}

static const struct indicator *find_network(const struct indicator_list *list,
					    const struct prefix *p, uint16_t port)
{
	size_t low = list->names;
	size_t high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct indicator_item *at = &list->items[middle];

		if (compare_networks(&at->network, at->port, p, port) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < list->count &&
	    compare_networks(&list->items[low].network, list->items[low].port, p, port) == 0)
		return &list->items[low].indicator;
	return NULL;
}

const struct indicator *indicator_find_address(const struct indicator_list *list,
					       const struct address *address, uint16_t port)
{
	struct prefix p = { .address = *address };

	for (int bits = ADDRESS_LEN * 8; bits > 0; bits--) {
		p.bits = (uint8_t)bits;
		if (list->has_length[bits]) {
			const struct indicator *found = find_network(list, &p, port);

			found = found ? found : find_network(list, &p, 0);
			if (found)
				return found;
		}
		p.address.bytes[(bits - 1) / 8] &= (uint8_t) ~(0x80U >> (bits - 1) % 8);
	}
	return NULL;
}

size_t indicator_list_count(const struct indicator_list *list)
{
	return list->count;
}
