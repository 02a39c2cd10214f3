#include "sensor/intel/intel_builder_inside.h"

#include "sensor/base/hash.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_MAX = 129 }; /* prefixes of each length in one another */

/* What each different passport becomes in the file: an open table by hash. */
struct passport_table {
	struct intel_passport *rows;
	uint32_t count;
	uint32_t room;
	uint32_t *slots; /* 1 + a row's number; 0 is free */
	uint32_t slot_mask;
};

static int by_place(const void *left, const void *right)
{
	const struct intel_network *a = left;
	const struct intel_network *b = right;
	int order = address_compare(&a->first, &b->first);

	/* The wider first, so that what lies in it follows. */
	return order != 0 ? order : address_compare(&b->last, &a->last);
}

static int by_place_and_passport(const void *left, const void *right)
{
	const struct intel_network *a = left;
	const struct intel_network *b = right;
	int order = by_place(left, right);

	return order != 0 ? order : intel_passport_order(&a->passport, &b->passport);
}

static struct address step(struct address a, int by)
{
	for (size_t i = ADDRESS_LEN; i-- > 0;) {
		a.bytes[i] = (uint8_t)(a.bytes[i] + by);
		if (a.bytes[i] != (by > 0 ? 0 : 0xff))
			break;
	}
	return a;
}

struct flattening {
	const struct intel_builder *builder;
	struct intel_network open[NESTED_MAX]; /* each in the one before */
	size_t depth;
	struct address next; /* the first address not yet given out */
	bool is_over;        /* there is none: the last one of all was */
	struct intel_network *out;
	size_t count;
};

static void give_out(struct flattening *f, struct address last)
{
	if (f->is_over || address_compare(&f->next, &last) > 0)
		return;
	f->out[f->count] = f->open[f->depth - 1];
	f->out[f->count].first = f->next;
	f->out[f->count++].last = last;
	f->next = step(last, 1);
	f->is_over = address_is_unspecified(&f->next);
}

/*
 * The narrower network's passport counts, but a warning list does not clear what lies in a bad
 * network; and what is known of the place holds within.
 */
static void inherit(struct intel_passport *passport, struct intel_passport around,
		    const struct intel_builder *b)
{
	if ((passport->flags & INTEL_HARMLESS) && !(around.flags & INTEL_HARMLESS))
		intel_passport_join(b, passport, &around);
	else if (passport->class == INTEL_OF_ITS_OWN)
		passport->class = around.class;
}

static void open_network(struct flattening *f, const struct intel_network *n)
{
	while (f->depth > 0 && address_compare(&f->open[f->depth - 1].last, &n->first) < 0) {
		give_out(f, f->open[f->depth - 1].last);
		f->depth--;
	}
	if (f->depth > 0) {
		struct intel_network *around = &f->open[f->depth - 1];

		if (by_place(around, n) == 0) {
			intel_passport_join(f->builder, &around->passport, &n->passport);
			return;
		}
		if (address_compare(&f->next, &n->first) < 0)
			give_out(f, step(n->first, -1));
	}
	assert(f->depth < NESTED_MAX); /* prefixes lie in one another, or apart */
	f->open[f->depth] = *n;
	if (f->depth > 0)
		inherit(&f->open[f->depth].passport, f->open[f->depth - 1].passport, f->builder);
	f->depth++;
	f->next = n->first;
}

enum err intel_flatten(const struct intel_builder *b, struct intel_network **out, size_t *out_count)
{
	struct intel_network *networks = b->networks;
	size_t count = b->network_count;
	struct flattening f = { .builder = b, .out = calloc(2 * count + 1, sizeof(f.out[0])) };

	if (!f.out)
		return ERR_MEMORY;
	if (count > 0)
		qsort(networks, count, sizeof(networks[0]), by_place_and_passport);
	for (size_t i = 0; i < count; i++)
		open_network(&f, &networks[i]);
	for (; f.depth > 0; f.depth--)
		give_out(&f, f.open[f.depth - 1].last);
	*out = f.out;
	*out_count = f.count;
	return ERR_OK;
}

static void table_free(struct passport_table *table)
{
	free(table->rows);
	free(table->slots);
}

static uint32_t slot_of(const struct passport_table *table, const struct intel_passport *p)
{
	static const struct hash_key any = { 0 };
	uint32_t slot = (uint32_t)hash_bytes(&any, p, sizeof(*p)) & table->slot_mask;

	while (table->slots[slot] != 0 &&
	       memcmp(&table->rows[table->slots[slot] - 1], p, sizeof(*p)) != 0)
		slot = (slot + 1) & table->slot_mask;
	return slot;
}

static bool table_grow(struct passport_table *table)
{
	uint32_t room = table->room == 0 ? 1024 : table->room * 2;
	struct intel_passport *rows = realloc(table->rows, room * sizeof(rows[0]));
	uint32_t *slots = calloc((size_t)room * 2, sizeof(slots[0]));

	if (rows)
		table->rows = rows;
	if (!rows || !slots) {
		free(slots);
		return false;
	}
	free(table->slots);
	table->slots = slots;
	table->room = room;
	table->slot_mask = room * 2 - 1;
	for (uint32_t i = 0; i < table->count; i++)
		table->slots[slot_of(table, &table->rows[i])] = i + 1;
	return true;
}

static bool table_number(struct passport_table *table, const struct intel_passport *p,
			 uint32_t *out)
{
	if (table->count == table->room && !table_grow(table))
		return false;

	uint32_t slot = slot_of(table, p);

	if (table->slots[slot] == 0) {
		table->rows[table->count++] = *p;
		table->slots[slot] = table->count;
	}
	*out = table->slots[slot] - 1;
	return true;
}

struct layout {
	struct intel_header header;
	struct intel_network *ranges;
	size_t range_count;
	struct passport_table passports;
	uint32_t *owners; /* of the entries, then of the ranges */
	uint8_t *filter;
};

static bool number_all(const struct intel_builder *b, struct layout *l)
{
	l->owners = calloc(b->entry_count + l->range_count + 1, sizeof(l->owners[0]));
	if (!l->owners)
		return false;
	for (size_t i = 0; i < b->entry_count; i++) {
		if (!table_number(&l->passports, &b->entries[i].passport, &l->owners[i]))
			return false;
	}
	for (size_t i = 0; i < l->range_count; i++) {
		if (!table_number(&l->passports, &l->ranges[i].passport,
				  &l->owners[b->entry_count + i]))
			return false;
	}
	return true;
}

static enum err make_filter(const struct intel_builder *b, struct layout *l)
{
	uint64_t *keys = calloc(b->entry_count + 1, sizeof(keys[0]));

	if (!keys)
		return ERR_MEMORY;
	for (size_t i = 0; i < b->entry_count; i++)
		keys[i] = b->entries[i].key;

	enum err err = fuse_filter_build(keys, b->entry_count, &l->header.filter, &l->filter);

	free(keys);
	return err;
}

static size_t place_sections(const struct intel_builder *b, struct layout *l)
{
	struct intel_header *h = &l->header;
	const uint64_t bytes[INTEL_SECTIONS] = {
		[INTEL_SECTION_BUCKETS] = (INTEL_BUCKETS + 1) * sizeof(uint32_t),
		[INTEL_SECTION_KEYS] = b->entry_count * INTEL_KEY_LEN,
		[INTEL_SECTION_OWNERS] = b->entry_count * sizeof(uint32_t),
		[INTEL_SECTION_FILTER] = fuse_filter_bytes(&h->filter),
		[INTEL_SECTION_RANGES] = l->range_count * sizeof(struct intel_range),
		[INTEL_SECTION_PASSPORTS] = l->passports.count * sizeof(struct intel_passport),
		[INTEL_SECTION_TEXTS] = b->text_len,
	};
	uint64_t at = sizeof(*h);

	memcpy(h->magic, INTEL_MAGIC, sizeof(h->magic));
	h->version = INTEL_VERSION;
	h->purpose = b->purpose;
	h->keys = b->entry_count;
	h->ranges = (uint32_t)l->range_count;
	h->passports = l->passports.count;
	memcpy(h->sources, b->sources, sizeof(h->sources));
	for (size_t i = 0; i < INTEL_SECTIONS; i++) {
		h->sections[i].at = at;
		h->sections[i].bytes = bytes[i];
		at += (bytes[i] + 7) & ~UINT64_C(7);
	}
	return at;
}

static void write_keys(const struct intel_builder *b, const struct layout *l, uint8_t *bytes)
{
	uint32_t *buckets = (void *)(bytes + l->header.sections[INTEL_SECTION_BUCKETS].at);
	uint8_t *keys = bytes + l->header.sections[INTEL_SECTION_KEYS].at;

	for (size_t i = 0; i < b->entry_count; i++) {
		uint64_t key = b->entries[i].key;

		buckets[(key >> (8 * INTEL_KEY_LEN)) + 1]++;
		for (size_t k = INTEL_KEY_LEN; k-- > 0; key >>= 8)
			keys[i * INTEL_KEY_LEN + k] = (uint8_t)key;
	}
	for (size_t i = 0; i < INTEL_BUCKETS; i++)
		buckets[i + 1] += buckets[i];
}

static void write_ranges(const struct intel_builder *b, const struct layout *l, uint8_t *bytes)
{
	struct intel_range *ranges = (void *)(bytes + l->header.sections[INTEL_SECTION_RANGES].at);

	for (size_t i = 0; i < l->range_count; i++)
		ranges[i] = (struct intel_range){ l->ranges[i].first, l->ranges[i].last,
						  l->owners[b->entry_count + i], 0 };
}

static enum err write_all(const struct intel_builder *b, struct layout *l, uint8_t **out,
			  size_t *len)
{
	size_t total = place_sections(b, l);
	uint8_t *bytes = calloc(total, 1);
	const struct intel_header *h = &l->header;

	if (!bytes)
		return ERR_MEMORY;
	memcpy(bytes, h, sizeof(*h));
	write_keys(b, l, bytes);
	memcpy(bytes + h->sections[INTEL_SECTION_OWNERS].at, l->owners,
	       b->entry_count * sizeof(l->owners[0]));
	memcpy(bytes + h->sections[INTEL_SECTION_FILTER].at, l->filter,
	       fuse_filter_bytes(&h->filter));
	write_ranges(b, l, bytes);
	if (l->passports.count > 0)
		memcpy(bytes + h->sections[INTEL_SECTION_PASSPORTS].at, l->passports.rows,
		       l->passports.count * sizeof(l->passports.rows[0]));
	memcpy(bytes + h->sections[INTEL_SECTION_TEXTS].at, b->texts, b->text_len);
	*out = bytes;
	*len = total;
	return ERR_OK;
}

enum err intel_builder_make(struct intel_builder *b, uint8_t **bytes, size_t *len)
{
	struct layout l = { 0 };
	enum err err = intel_builder_sort(b) ? ERR_OK : ERR_MEMORY;

	if (err == ERR_OK)
		err = intel_flatten(b, &l.ranges, &l.range_count);
	if (err == ERR_OK && !number_all(b, &l))
		err = ERR_MEMORY;
	if (err == ERR_OK)
		err = make_filter(b, &l);
	if (err == ERR_OK)
		err = write_all(b, &l, bytes, len);
	free(l.ranges);
	free(l.owners);
	free(l.filter);
	table_free(&l.passports);
	return err;
}
