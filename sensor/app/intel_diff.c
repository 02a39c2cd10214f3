/* `hinomi intel diff`. */
#include "sensor/app/intel_command.h"
#include "sensor/app/intel_words.h"
#include "sensor/app/output.h"

#include <stdlib.h>

enum { FAMILIES_SHOWN = 20, FAMILIES_AT_FIRST = 1024 };

static const char diff_help[] =
	"Usage: hinomi intel diff --key PUBLIC OLD NEW\n"
	"Says how many items the new set has that the old one had not, how many are gone, and of\n"
	"which families. Names are not in sets, so none can be listed. An item that was only on a\n"
	"warning list and is bad now is new; the other way round it is gone.\n\n"
	"  --key PUBLIC   the maker's public key: a file of one or several, or the key itself;\n"
	"                 may be given again\n"
	"  --help\n\n"
	"Exit codes: 0 done, 1 not readable, 2 wrong usage.\n";

/* How many items of a family one set has and the other has not. */
struct family {
	const char *name; /* borrowed from its set, which has each only once */
	size_t items;
};

struct change {
	size_t items;
	struct family *families; /* an open table by the name's place */
	size_t room;             /* a power of two */
	size_t count;
};

static struct family *place_of(const struct change *c, const char *name)
{
	size_t at = ((uintptr_t)name * UINT32_C(2654435761)) & (c->room - 1);

	while (c->families[at].name && c->families[at].name != name)
		at = (at + 1) & (c->room - 1);
	return &c->families[at];
}

/* Half full at most; false without memory. */
static bool make_room(struct change *c)
{
	struct change more = { .items = c->items,
			       .room = c->room == 0 ? FAMILIES_AT_FIRST : c->room * 2,
			       .count = c->count };

	if (c->room > 0 && c->count < c->room / 2)
		return true;
	more.families = calloc(more.room, sizeof(more.families[0]));
	if (!more.families)
		return false;
	for (size_t i = 0; i < c->room; i++) {
		if (c->families[i].name)
			*place_of(&more, c->families[i].name) = c->families[i];
	}
	free(c->families);
	*c = more;
	return true;
}

static bool count(struct change *c, const char *name)
{
	struct family *family;

	if (!make_room(c))
		return false;
	family = place_of(c, name);
	c->count += family->name == NULL;
	family->name = name;
	family->items++;
	c->items++;
	return true;
}

/* Whether the other set says the same: bad, or only on a warning list. */
static bool has(const struct intel_set *set, const struct intel_row *row)
{
	struct intel_hit hit;

	if (row->hit.kind == INTEL_NETWORK)
		return intel_holds_network(set, &row->hit.first, &row->hit.last,
					   row->hit.is_harmless);
	return intel_find_key(set, row->key, &hit) && hit.is_harmless == row->hit.is_harmless;
}

static int by_items(const void *left, const void *right)
{
	const struct family *a = left;
	const struct family *b = right;

	if (a->items != b->items)
		return a->items > b->items ? -1 : 1;
	return a->name && b->name ? strcmp(a->name, b->name) : 0;
}

static void print_change(const char *label, struct change *c)
{
	size_t shown = 0;

	(void)printf("%-8s%zu\n", label, c->items);
	if (c->room > 0)
		qsort(c->families, c->room, sizeof(c->families[0]), by_items);
	for (size_t i = 0; i < FAMILIES_SHOWN && i < c->count; i++) {
		const char *name = c->families[i].name;

		shown += c->families[i].items;
		(void)printf("  %8zu  %s\n", c->families[i].items,
			     name[0] != '\0' ? output_text(name).chars : "family not told");
	}
	if (shown < c->items)
		(void)printf("  %8zu  of other families\n", c->items - shown);
}

static bool compare(const char *label, const struct intel_set *of, const struct intel_set *with)
{
	struct change c = { 0 };
	struct intel_row row;
	size_t at = 0;
	bool good = true;

	while (good && intel_set_next(of, &at, &row))
		good = has(with, &row) || count(&c, row.hit.family);
	if (good)
		print_change(label, &c);
	else
		(void)fputs("hinomi: out of memory\n", stderr);
	free(c.families);
	return good;
}

enum exit_code intel_diff(int argc, char **argv)
{
	struct intel_words s = { .most = 2 };
	bool good = false;

	if (sign_start() != ERR_OK || !intel_take_words(&s, argc, argv))
		return EXIT_USAGE;
	if (s.is_help) {
		(void)fputs(diff_help, stdout);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	if (s.count < 2) {
		(void)fputs("hinomi: two sets are compared: OLD NEW\n", stderr);
		return EXIT_USAGE;
	}

	struct intel_set *before = intel_open_set(&s, s.words[0]);
	struct intel_set *now = before ? intel_open_set(&s, s.words[1]) : NULL;

	if (now) {
		(void)printf("items   %zu, before %zu\n", intel_set_count(now),
			     intel_set_count(before));
		good = compare("new", now, before) && compare("gone", before, now);
	}
	intel_set_free(before);
	intel_set_free(now);
	return good && output_is_written() ? EXIT_DONE : EXIT_FAILED;
}
