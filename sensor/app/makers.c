#include "sensor/app/makers.h"

#include "sensor/base/address.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LEN = 256, MAKER_LEN = 40, MAKERS_MAX = 1 << 17 };

static const char list[] = "/usr/share/ieee-data/oui.txt";

struct maker {
	uint32_t octets;
	char name[MAKER_LEN];
};

struct makers {
	struct maker *of;
	size_t count;
	size_t room;
};

static int compare(const void *left, const void *right)
{
	const struct maker *a = left;
	const struct maker *b = right;

	return (a->octets > b->octets) - (a->octets < b->octets);
}

/* Of "00-00-5E" or "00:00:5e". */
static bool read_octets(const char *text, uint32_t *out)
{
	uint32_t octets = 0;

	for (int i = 0; i < 3; i++, text += 3) {
		char pair[3] = "";

		(void)snprintf(pair, sizeof(pair), "%.2s", text);

		if (strspn(pair, "0123456789abcdefABCDEF") != 2)
			return false;
		octets = octets << 8 | (uint32_t)strtoul(pair, NULL, 16);
		if (text[2] == '\0')
			return false;
	}
	*out = octets;
	return true;
}

/* "00-00-5E   (hex)		ICANN, IANA Department"; other lines of the list say where it is. */
static bool parse(const char *line, struct maker *out)
{
	const char *name = strstr(line, "(hex)");

	if (!name || !read_octets(line, &out->octets))
		return false;
	name += strlen("(hex)");
	name += strspn(name, " \t");
	(void)snprintf(out->name, sizeof(out->name), "%.*s", (int)strcspn(name, "\r\n"), name);
	return true;
}

static bool add(struct makers *makers, const struct maker *maker)
{
	if (makers->count == MAKERS_MAX)
		return false;
	if (makers->count == makers->room) {
		size_t room = makers->room > 0 ? makers->room * 2 : 4096;
		struct maker *of = reallocarray(makers->of, room, sizeof(*of));

		if (!of)
			return false;
		makers->of = of;
		makers->room = room;
	}
	makers->of[makers->count++] = *maker;
	return true;
}

struct makers *makers_read(void)
{
	FILE *file = fopen(list, "re");
	struct makers *makers = file ? calloc(1, sizeof(*makers)) : NULL;
	char line[LINE_LEN];
	struct maker maker;

	while (makers && fgets(line, sizeof(line), file)) {
		if (parse(line, &maker) && !add(makers, &maker))
			break;
	}
	if (file)
		(void)fclose(file);
	if (makers && makers->count > 0)
		qsort(makers->of, makers->count, sizeof(*makers->of), compare);
	return makers;
}

void makers_free(struct makers *makers)
{
	if (!makers)
		return;
	free(makers->of);
	free(makers);
}

const char *makers_find(const struct makers *makers, const char *mac)
{
	struct maker wanted;
	const struct maker *found;

	if (!makers || makers->count == 0 || !read_octets(mac, &wanted.octets))
		return NULL;
	found = bsearch(&wanted, makers->of, makers->count, sizeof(*makers->of), compare);
	return found ? found->name : NULL;
}
