#include "sensor/intel/intel_builder_inside.h"

#include <stdlib.h>
#include <string.h>

/* 2000-01-01. */
#define DAYS_BEGIN UINT64_C(10957)

enum err intel_builder_new(struct intel_builder **out, enum intel_purpose purpose)
{
	struct intel_builder *b = calloc(1, sizeof(*b));
	uint32_t none;

	if (!b)
		return ERR_MEMORY;
	b->purpose = purpose;
	if (intel_text_add(b, "", &none) != ERR_OK) {
		intel_builder_free(b);
		return ERR_MEMORY;
	}
	*out = b;
	return ERR_OK;
}

void intel_builder_free(struct intel_builder *b)
{
	if (!b)
		return;
	free(b->entries);
	free(b->networks);
	free(b->texts);
	free(b->families);
	free(b);
}

enum err intel_builder_source(struct intel_builder *b, const char *name, unsigned *bit)
{
	for (*bit = 0; *bit < INTEL_SOURCES_MAX; (*bit)++) {
		if (b->sources[*bit] == 0)
			return intel_text_add(b, name, &b->sources[*bit]);
		if (strcmp(b->texts + b->sources[*bit], name) == 0)
			return ERR_OK;
	}
	return ERR_FULL;
}

static uint16_t day_of(nanotime time)
{
	uint64_t day = time / NANOTIME_DAY;

	if (day <= DAYS_BEGIN)
		return 0;
	return day - DAYS_BEGIN > UINT16_MAX ? UINT16_MAX : (uint16_t)(day - DAYS_BEGIN);
}

/* Out of a hundred, or so many offices. */
static uint8_t confidence_of(const struct intel_builder *b, uint8_t told)
{
	return b->purpose == INTEL_INDICATORS && told > 100 ? 100 : told;
}

static enum err passport_of(struct intel_builder *b, enum intel_kind kind,
			    const struct intel_note *note, struct intel_passport *out)
{
	*out = (struct intel_passport){
		.sources = UINT32_C(1) << note->source,
		.listed = day_of(note->listed),
		.confirmed = day_of(note->confirmed),
		.confidence = confidence_of(b, note->confidence),
		.kind = (uint8_t)kind,
		.class = (uint8_t)note->class,
		.flags = (uint8_t)((note->has_subdomains ? INTEL_WITH_SUBDOMAINS : 0) |
				   (note->is_harmless ? INTEL_HARMLESS : 0)),
	};
	return intel_family_of(b, note->family, &out->family);
}

static struct address last_of(const struct prefix *p)
{
	struct address last = p->address;

	for (unsigned bit = p->bits; bit < ADDRESS_LEN * 8U; bit++)
		last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return last;
}

static enum err add_network(struct intel_builder *b, const struct prefix *network,
			    const struct intel_passport *passport)
{
	struct intel_network *moved = intel_grown(b->networks, b->network_count, &b->network_room,
						  sizeof(b->networks[0]));

	if (!moved)
		return ERR_MEMORY;
	b->networks = moved;
	b->networks[b->network_count++] =
		(struct intel_network){ network->address, last_of(network), *passport };
	return ERR_OK;
}

static enum err add_entry(struct intel_builder *b, uint64_t key,
			  const struct intel_passport *passport)
{
	struct intel_entry *moved;

	if (b->entry_count == FUSE_KEYS_MAX)
		return ERR_FULL;
	moved = intel_grown(b->entries, b->entry_count, &b->entry_room, sizeof(b->entries[0]));
	if (!moved)
		return ERR_MEMORY;
	b->entries = moved;
	b->entries[b->entry_count++] = (struct intel_entry){ key, *passport };
	return ERR_OK;
}

enum err intel_builder_add(struct intel_builder *b, const struct intel_item *item,
			   const struct intel_note *note)
{
	struct intel_passport passport;
	enum err err = passport_of(b, item->kind, note, &passport);

	if (err != ERR_OK)
		return err;
	b->is_sorted = false;
	if (item->kind == INTEL_NETWORK)
		return add_network(b, &item->network, &passport);
	return add_entry(b, intel_item_key(item), &passport);
}

/* Two witnesses are surer than one, unless they are the same; of offices it is a count. */
static uint8_t join_confidence(const struct intel_builder *b, const struct intel_passport *p,
			       const struct intel_passport *other)
{
	bool is_news = (p->sources & other->sources) == 0;

	if (b->purpose == INTEL_INDICATORS && is_news)
		return (uint8_t)(100 - (100U - p->confidence) * (100U - other->confidence) / 100);
	return p->confidence > other->confidence ? p->confidence : other->confidence;
}

void intel_passport_join(const struct intel_builder *b, struct intel_passport *p,
			 const struct intel_passport *other)
{
	bool was_harmless = p->flags & INTEL_HARMLESS;

	/* What is known of the place does not make the item less bad, nor more. */
	if (!(other->flags & INTEL_HARMLESS)) {
		p->confidence = was_harmless ? other->confidence : join_confidence(b, p, other);
		p->flags &= (uint8_t)~INTEL_HARMLESS;
		if (p->family == 0 || was_harmless)
			p->family = other->family;
		if (p->listed == 0 || was_harmless ||
		    (other->listed != 0 && other->listed < p->listed))
			p->listed = other->listed;
		if (other->confirmed > p->confirmed || was_harmless)
			p->confirmed = other->confirmed;
	}
	if (p->class == INTEL_OF_ITS_OWN)
		p->class = other->class;
	p->flags |= other->flags & INTEL_WITH_SUBDOMAINS;
	p->sources |= other->sources;
}

int intel_passport_order(const struct intel_passport *a, const struct intel_passport *b)
{
	const uint32_t left[] = { a->sources,   a->family,     a->listed,
				  a->confirmed, a->confidence, (uint32_t)a->class << 8 | a->flags };
	const uint32_t right[] = {
		b->sources,   b->family,     b->listed,
		b->confirmed, b->confidence, (uint32_t)b->class << 8 | b->flags
	};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

static int by_passport(const void *left, const void *right)
{
	const struct intel_entry *a = left;
	const struct intel_entry *b = right;

	return intel_passport_order(&a->passport, &b->passport);
}

/* By eight bits at a time from the lowest. */
static bool sort_entries(struct intel_builder *b)
{
	struct intel_entry *from = b->entries;
	struct intel_entry *to = calloc(b->entry_room + 1, sizeof(*to));

	if (!to)
		return false;
	for (unsigned shift = 0; shift < 64; shift += 8) {
		size_t starts[257] = { 0 };

		for (size_t i = 0; i < b->entry_count; i++)
			starts[(from[i].key >> shift & 0xff) + 1]++;
		for (size_t i = 0; i < 256; i++)
			starts[i + 1] += starts[i];
		for (size_t i = 0; i < b->entry_count; i++)
			to[starts[from[i].key >> shift & 0xff]++] = from[i];

		struct intel_entry *swap = from;

		from = to;
		to = swap;
	}
	/* Eight rounds: the entries are where they were. */
	free(to);
	b->entries = from;
	return true;
}

/* How many entries from `at` on have the same key. */
static size_t same_keys(const struct intel_builder *b, size_t at)
{
	size_t count = 1;

	while (at + count < b->entry_count && b->entries[at + count].key == b->entries[at].key)
		count++;
	return count;
}

bool intel_builder_sort(struct intel_builder *b)
{
	size_t kept = 0;
	size_t same;

	if (b->is_sorted)
		return true;
	if (!intel_texts_settle(b) || !sort_entries(b))
		return false;
	for (size_t i = 0; i < b->entry_count; i += same) {
		struct intel_entry entry;

		same = same_keys(b, i);
		/* In the order of what is said, not in that of the files. */
		if (same > 1)
			qsort(b->entries + i, same, sizeof(entry), by_passport);
		entry = b->entries[i];
		for (size_t k = 1; k < same; k++)
			intel_passport_join(b, &entry.passport, &b->entries[i + k].passport);
		b->entries[kept++] = entry;
	}
	b->entry_count = kept;
	b->is_sorted = true;
	return true;
}

size_t intel_builder_count(struct intel_builder *b)
{
	(void)intel_builder_sort(b);
	return b->entry_count + b->network_count;
}
