#include "sensor/intel/indicator_list.h"

#include "sensor/intel/registered_domain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_LEN = 512,
	COMPLAINTS_MAX = 10,
	WIDEST_V4_BITS = V4_PREFIX_BITS + 8,
	WIDEST_V6_BITS = 19,
};

enum item_kind { ITEM_NAME, ITEM_NETWORK };

/* One item, ready to be found: names sorted as text, networks by address and length. */
struct item {
	char *text; /* the indicator's, owned */
	struct indicator indicator;
	enum item_kind kind;
	struct prefix network;
	uint8_t file;  /* how many were read before its own */
	uint16_t port; /* 0 is any */
};

struct indicator_list {
	struct item *items; /* sorted: names first */
	size_t count;
	size_t room;
	size_t names;
	/* A network of each length in turn is looked for: only lengths that occur. */
	bool has_length[ADDRESS_LEN * 8 + 1];
	char *sources[64];
	size_t source_count;
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
	const struct item *a = left;
	const struct item *b = right;

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

static bool is_host_name(const char *text)
{
	const char *last_dot = strrchr(text, '.');
	size_t len = strlen(text);

	if (len > 253 || !last_dot || text[0] == '.' || strstr(text, ".."))
		return false;
	/* Top-level domains are no numbers (RFC 3696 2): this was meant to be an address. */
	if (last_dot[1 + strspn(last_dot + 1, "0123456789")] == '\0')
		return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

/* "192.0.2.7:4444" into its parts; an IPv6 address with a port is written in brackets. */
static bool split_port(char *text, uint16_t *port)
{
	char *colon = strrchr(text, ':');
	char *end;

	if (!colon || (strchr(text, ':') != colon && colon[-1] != ']'))
		return false;

	unsigned long number = strtoul(colon + 1, &end, 10);

	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || number == 0 || number > UINT16_MAX)
		return false;
	*colon = '\0';
	if (text[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		memmove(text, text + 1, strlen(text));
	}
	*port = (uint16_t)number;
	return true;
}

static const char *refuse_network(const struct prefix *p)
{
	bool is_v4 = address_is_v4(&p->address);

	if (p->bits < (is_v4 ? WIDEST_V4_BITS : WIDEST_V6_BITS))
		return "so wide a network would blame everybody";
	if (address_is_loopback(&p->address) || address_is_unspecified(&p->address) ||
	    address_is_multicast(&p->address) || address_is_broadcast(&p->address))
		return "not an address of a host";
	return NULL;
}

/* Fills `item` from `text`, which becomes the bare name or address; the reason why not, or NULL. */
static const char *parse_item(char *text, struct item *item)
{
	if (strncmp(text, "*.", 2) == 0)
		memmove(text, text + 2, strlen(text + 2) + 1);
	(void)split_port(text, &item->port);
	if (prefix_parse(text, &item->network) == ERR_OK) {
		item->kind = ITEM_NETWORK;
		return refuse_network(&item->network);
	}
	if (item->port != 0 || !is_host_name(text))
		return "neither a name nor an address";
	if (is_public_suffix(text))
		return "a public suffix: many owners share what is below it";
	item->kind = ITEM_NAME;
	if (item->text && strncmp(item->text, "*.", 2) == 0)
		memmove(item->text, item->text + 2, strlen(item->text + 2) + 1);
	return NULL;
}

static enum err add_item(struct indicator_list *list, struct item *item)
{
	if (list->count == INDICATORS_MAX)
		return ERR_FULL;
	if (list->count == list->room) {
		size_t room = list->room > 0 ? list->room * 2 : 256;
		struct item *items = reallocarray(list->items, room, sizeof(*items));

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

		struct item item = { .text = strdup(text),
				     .indicator = { .source = source, .line = number },
				     .file = (uint8_t)(list->source_count - 1) };
		enum err err = item.text ? ERR_OK : ERR_MEMORY;
		const char *why = is_whole ? parse_item(text, &item) : "too long";

		if (err == ERR_OK && !why)
			err = add_item(list, &item);
		free(item.text); /* taken over by the list when it went in */
		if (err != ERR_OK)
			return err;
		if (!why)
			continue;
		complain(complaints, source, number, why, *refused);
		(*refused)++;
	}
	return ferror(file) ? ERR_IO : ERR_OK;
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
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_items);
	list->names = 0;
	while (list->names < list->count && list->items[list->names].kind == ITEM_NAME)
		list->names++;
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
		const struct item *at = &list->items[middle];

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
